/* sandbox/copy/rscopy_unload.h - UNLOAD. */
#ifndef SANDBOX_COPY_RSCOPY_UNLOAD_H
#define SANDBOX_COPY_RSCOPY_UNLOAD_H

#include <stdbool.h>

struct rscopy_job;

bool rscopy_unload_run(struct rscopy_job *job, const char *sql);

#endif
