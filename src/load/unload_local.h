/* load/unload_local.h - what \copyto --download makes here, and what UNLOAD is
 * told for it.
 *
 * A name that ends in .csv, .tsv, .json or .parquet, and in .gz, .zst or .bz2
 * behind that, says the format, unless the parameters do. Text and JSON are
 * joined into one file; Parquet and partitions stay files of a folder. Looks
 * at names of files only.
 */
#ifndef LOAD_UNLOAD_LOCAL_H
#define LOAD_UNLOAD_LOCAL_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "data/pack.h"

struct copy_args;

struct unload_local {
	struct str path;	/* of the file or the folder */
	struct str proposed;	/* parameters of ours, "" none */
	bool folder;		/* the files stay as they are, in path */
	bool lone;		/* Parquet for a file: one, or else a folder */
	enum pack_kind packed;	/* what UNLOAD makes */
	enum pack_kind pack;	/* what the file is to be */
	bool header, quotes, escape; /* see unload_join */
};

#define UNLOAD_LOCAL_EMPTY                                                     \
	{                                                                      \
		.path = STR_EMPTY, .proposed = STR_EMPTY                       \
	}

void unload_local_done(struct unload_local *local);

/* ERR_USAGE: there is something in path, as a folder. */
bool unload_local_check_folder(const struct unload_local *local,
			       struct err *err);

/* ordered: the rows have an order, which one file after the other keeps.
 * *out is UNLOAD_LOCAL_EMPTY. ERR_USAGE when it cannot be; ERR_SYSTEM when
 * nothing can be written there. */
bool unload_local_plan(struct unload_local *out, const struct copy_args *args,
		       bool ordered, struct err *err);

#endif
