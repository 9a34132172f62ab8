/* sandbox/copy/rscopy_output.h - the files an UNLOAD writes.
 *
 * Rows go in one by one, in turn to the slices; each slice begins a new file
 * at MAXFILESIZE. A partition (PARTITION BY) has files of its own under its
 * path. Nothing is to be seen under its key before rscopy_output_publish.
 */
#ifndef SANDBOX_COPY_RSCOPY_OUTPUT_H
#define SANDBOX_COPY_RSCOPY_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/pack.h"

struct map;
struct rscopy_output_file;
struct rscopy_output_place;
struct s3_store;

enum {
	RSCOPY_OUTPUT_SLICES = 2, /* as stv_slices shows */
	/* files being written at a time; the oldest is closed for another,
	 * and its partition goes on in a further part */
	RSCOPY_OUTPUT_OPEN_MAX = 64,
};

struct rscopy_output {
	struct s3_store *store;
	const char *prefix;    /* of the keys; borrowed */
	const char *extension; /* with its dot, or "" */
	enum pack_kind pack;
	bool parallel; /* 0000_part_00 ..., else 000 */
	int64_t file_bytes_max;
	struct str header;                /* first line of every file, or "" */
	VEC(struct rscopy_output_file *); /* as they were begun */
	size_t oldest;                    /* all before it are closed */
	size_t open;
	struct map *places; /* path to struct rscopy_output_place */
	size_t next;        /* slice of the next row */
};

#define RSCOPY_OUTPUT_EMPTY                                                    \
	{                                                                      \
		.header = STR_EMPTY                                            \
	}

/* What is known of a file after rscopy_output_end. */
struct rscopy_output_facts {
	const char *key;
	int64_t rows;
	int64_t bytes;
};

/* Opens a file a slice, so that no rows make files too. */
bool rscopy_output_begin(struct rscopy_output *output, struct err *err);

/* line with its line end; path of its partition: "a=1/b=2/", or "". */
bool rscopy_output_row(struct rscopy_output *output, const char *path,
		       const char *line, size_t len, struct err *err);

/* Written so far, packed, but for what is held. */
int64_t rscopy_output_bytes(const struct rscopy_output *output);

bool rscopy_output_end(struct rscopy_output *output, struct err *err);

/* Puts all files under their keys, with those header lines. */
bool rscopy_output_publish(struct rscopy_output *output, const char *bucket,
			   const char *headers, struct err *err);
struct rscopy_output_facts rscopy_output_facts(
	const struct rscopy_output *output, size_t index);

/* Walks the paths: size_t at = 0; while (rscopy_output_path(...)) */
bool rscopy_output_path(const struct rscopy_output *output, size_t *at,
			const char **out_path);
void rscopy_output_done(struct rscopy_output *output);

#endif
