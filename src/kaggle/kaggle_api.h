/* kaggle/kaggle_api.h - calls of Kaggle's REST API, typed.
 *
 * Of its shape before December 2024 (names and arrays at the top) and after
 * (kagglesdk): what a reply has not is "" or -1.
 */
#ifndef KAGGLE_KAGGLE_API_H
#define KAGGLE_KAGGLE_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

struct kaggle_client;
struct kaggle_name;

struct kaggle_file {
	char *name;
	int64_t bytes;
	char *created;	/* "2024-05-01 10:11:12" */
};

struct kaggle_files {
	VEC(struct kaggle_file);
};

void kaggle_files_done(struct kaggle_files *files);

/* Appends "/datasets/download/OWNER/SLUG", with its version. */
void kaggle_api_add_path(const struct kaggle_name *name, const char *verb,
			 struct str *out);

/* All pages; *out is { 0 }. */
bool kaggle_api_list(struct kaggle_client *client,
		     const struct kaggle_name *name, struct kaggle_files *out,
		     struct err *err);

struct kaggle_found {
	char *ref;	/* OWNER/DATASET */
	char *title;
	char *licence;
	char *updated;
	int64_t bytes;
	int64_t downloads;
	int64_t votes;
};

struct kaggle_founds {
	VEC(struct kaggle_found);
};

void kaggle_founds_done(struct kaggle_founds *founds);

/* The first so many by Kaggle's own order; *out is { 0 }. */
bool kaggle_api_search(struct kaggle_client *client, const char *words,
		       size_t most, struct kaggle_founds *out,
		       struct err *err);

#endif
