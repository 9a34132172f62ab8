/* sandbox/copy/rscopy_files.h - the objects that FROM names: prefix or
 * manifest. */
#ifndef SANDBOX_COPY_RSCOPY_FILES_H
#define SANDBOX_COPY_RSCOPY_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

struct rscopy_job;
struct s3_uri;
struct str;

struct rscopy_file {
	char *bucket;
	char *key;
	int64_t bytes;
	char etag[48];
	int64_t modified_ms;
	/* by who reads or writes: */
	int64_t lines;
	int64_t errors;
	int64_t started_ms; /* 0: not yet */
	int64_t ended_ms;
};

struct rscopy_files {
	VEC(struct rscopy_file);
};

/* Fills out in order of the keys, or of the manifest. Empty objects count;
 * keys that end in '/' and hold nothing do not. */
bool rscopy_files_find(struct rscopy_job *job, const char *source,
		       bool is_manifest, struct rscopy_files *out);
void rscopy_files_done(struct rscopy_files *files);

/* A small object as a whole: a manifest, JSONPaths. Appends. */
bool rscopy_files_read(struct rscopy_job *job, const struct s3_uri *uri,
		       struct str *out);

#endif
