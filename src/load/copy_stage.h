/* load/copy_stage.h - \copyfrom's sources on this machine: files and pipes,
 * which go by way of S3 (load/staging). */
#ifndef LOAD_COPY_STAGE_H
#define LOAD_COPY_STAGE_H

#include "load/copy_source.h"

extern const struct copy_source_kind copy_stage_files;
extern const struct copy_source_kind copy_stage_pipe;	/* "-" */

#endif
