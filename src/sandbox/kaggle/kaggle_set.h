/* sandbox/kaggle/kaggle_set.h - the data sets that the sandbox's Kaggle has.
 *
 *	DIR/kaggle/OWNER/SLUG/N/set.json	version N: what it is, its files
 *	DIR/kaggle/OWNER/SLUG/N/archive.zip	all of them
 *	DIR/kaggle/OWNER/SLUG/N/I, N/I.zip	file number I, as it is or zipped
 *
 * A version appears whole (by a rename) and is never changed. redsh/sales is
 * there without being added: the files of share/demo.
 */
#ifndef SANDBOX_KAGGLE_KAGGLE_SET_H
#define SANDBOX_KAGGLE_KAGGLE_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"

struct str;

/* Files that are not compressed and longer come zipped when one is asked
 * for, unless said otherwise. Kaggle's own limit is not documented. */
#define KAGGLE_SET_ZIP_OVER (INT64_C(1) << 20)

enum kaggle_refusal {
	KAGGLE_OPEN,    /* none */
	KAGGLE_TERMS,   /* downloads: the terms were not accepted */
	KAGGLE_LOGIN,   /* downloads: led to the page to log in */
	KAGGLE_PRIVATE, /* everything: no right to it */
};

/* A file that is downloaded: an archive or one of a version. */
struct kaggle_kept {
	char *file;   /* its name in the version's folder */
	int64_t bytes;
	char md5[33]; /* hex */
};

struct kaggle_file {
	char *name;    /* UTF-8, may hold '/' */
	int64_t bytes;
	bool is_zipped; /* as kept */
	struct kaggle_kept kept;
};

struct kaggle_set {
	char *owner;
	char *slug;
	char *title;
	char *licence;
	char *dir; /* of the version */
	enum kaggle_refusal refusal;
	int64_t version;
	int64_t latest;
	int64_t created_ms;
	int64_t total_bytes;
	struct kaggle_kept archive;
	VEC(struct kaggle_file); /* by name */
};

#define KAGGLE_SET_EMPTY                                                       \
	{                                                                      \
		.owner = NULL                                                  \
	}

void kaggle_set_done(struct kaggle_set *set);

/* dir: the sandbox's folder. version 0: the latest. ERR_MISSING. */
bool kaggle_set_load(struct kaggle_set *set, const char *dir,
		     const char *owner, const char *slug, int64_t version,
		     struct err *err);

/* "OWNER/SLUG", in the order of names. */
struct kaggle_names {
	VEC(char *);
};
bool kaggle_set_list(const char *dir, struct kaggle_names *out,
		     struct err *err);
void kaggle_names_done(struct kaggle_names *names);

struct kaggle_add {
	const char *owner;
	const char *slug;
	const char *title;   /* NULL: the slug */
	const char *licence; /* NULL: CC0-1.0 */
	const char *archive; /* a file to be taken as the archive as it is;
			      * NULL: made of the files */
	enum kaggle_refusal refusal;
	bool zip64;
	bool only_first; /* when there is a version, none is made */
	int64_t zip_over;
	/* files, or folders, of which all below is taken under its name
	 * there */
	const char *const *paths;
	size_t count;
};

/* Makes the next version. ERR_USAGE: a name that Kaggle would not have, a
 * name twice, nothing to add. */
bool kaggle_set_add(const char *dir, const struct kaggle_add *add,
		    int64_t *out_version, struct err *err);

bool kaggle_set_remove(const char *dir, const char *owner, const char *slug,
		       struct err *err);

/* Puts redsh/sales there if it is not. */
bool kaggle_set_make_demo(const char *dir, struct err *err);

/* "OWNER/SLUG" taken apart; both are to be freed. ERR_USAGE. */
bool kaggle_set_split(const char *name, char **out_owner, char **out_slug,
		      struct err *err);

#endif
