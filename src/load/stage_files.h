/* load/stage_files.h - what the person named of this machine: files, globs,
 * folders, or standard input.
 *
 * Folders are taken with all that is in them, hidden names aside; names
 * come sorted. Each file is remembered as it was when it was looked at: one
 * that changes before all of it is sent is an error.
 */
#ifndef LOAD_STAGE_FILES_H
#define LOAD_STAGE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/err.h"
#include "base/str.h"
#include "data/pack.h"

struct stage_file {
	char *path;		/* absolute; "standard input", "the output of
				 * the program" for a pipe */
	int64_t size;		/* -1: a pipe */
	struct timespec changed;
	uint64_t inode;
	enum pack_kind pack;	/* by its first bytes */
};

struct stage_files {
	struct stage_file *items;	/* [count] */
	size_t count;
	size_t cap;
	int64_t bytes;		/* of all; -1: not known */
	int pipe;		/* borrowed; -1: there are files */
	struct str head;	/* what was read of the pipe so far */
};

#define STAGE_FILES_EMPTY                                                      \
	{                                                                      \
		.pipe = -1, .head = STR_EMPTY                                  \
	}

void stage_files_done(struct stage_files *files);

/* "~/x.csv", a folder, else a glob. ERR_MISSING: there is no such file;
 * ERR_USAGE: a pipe, a socket or a device. */
bool stage_files_add(struct stage_files *files, const char *name,
		     struct err *err);

/* A pipe, borrowed, alone; name is for messages. */
bool stage_files_add_pipe(struct stage_files *files, int fd, const char *name,
			  struct err *err);

/* Appends up to count bytes of the beginning of the first file that has some
 * (of a pipe they are kept for later). *out_whole: it has no more. */
bool stage_files_sample(struct stage_files *files, size_t count,
			struct str *out, bool *out_whole, struct err *err);

/* Opens one for reading; fails when it is no longer what it was. */
int stage_files_open(const struct stage_file *file, struct err *err);
bool stage_files_is_same(const struct stage_file *file, int fd,
			 struct err *err);

/* Appends "orders.csv", "orders.csv and 3 more". */
void stage_files_describe(const struct stage_files *files, struct str *out);

#endif
