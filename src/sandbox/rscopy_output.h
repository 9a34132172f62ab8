/* sandbox/rscopy_output.h - the files an UNLOAD writes.
 *
 * Rows go in one by one; files begin a new one at MAXFILESIZE. Nothing is to
 * be seen under its key before rscopy_output_publish.
 */
#ifndef SANDBOX_RSCOPY_OUTPUT_H
#define SANDBOX_RSCOPY_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/pack.h"

struct s3_store;
struct s3_store_writer;
struct sink;

struct rscopy_output_file {
	char *key;
	struct s3_store_writer *writer;
	int64_t rows;
	int64_t bytes;
};

struct rscopy_output {
	struct s3_store *store;
	const char *prefix;		/* of the keys; borrowed */
	const char *extension;		/* with its dot, or "" */
	enum pack_kind pack;
	bool parallel;			/* 0000_part_00, else 000 */
	int64_t file_bytes_max;
	struct str header;		/* first line of every file, or "" */
	VEC(struct rscopy_output_file);	/* finished ones, and the current */
	struct packer *packer;		/* of the current; NULL: none open */
	struct sink *sink;
	struct str block;		/* rows not yet packed */
};

#define RSCOPY_OUTPUT_EMPTY                                                    \
	{                                                                      \
		.header = STR_EMPTY, .block = STR_EMPTY                        \
	}

/* Opens the first file, so that no rows make one file too. */
bool rscopy_output_begin(struct rscopy_output *output, struct err *err);

/* line with its line end. */
bool rscopy_output_row(struct rscopy_output *output, const char *line,
		       size_t len, struct err *err);

/* Closes the last file; sizes are right afterwards. */
bool rscopy_output_end(struct rscopy_output *output, struct err *err);

/* Puts all files under their keys. */
bool rscopy_output_publish(struct rscopy_output *output, const char *bucket,
			   struct err *err);
void rscopy_output_done(struct rscopy_output *output);

#endif
