/* sandbox/copy/rscopy_load.h - COPY. */
#ifndef SANDBOX_COPY_RSCOPY_LOAD_H
#define SANDBOX_COPY_RSCOPY_LOAD_H

#include <stdbool.h>

struct rscopy_job;

bool rscopy_load_run(struct rscopy_job *job, const char *sql);

#endif
