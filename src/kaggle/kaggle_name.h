/* kaggle/kaggle_name.h - what a data set of Kaggle is called.
 *
 *	OWNER/DATASET[/versions/N]
 *	kaggle:OWNER/DATASET[/versions/N][/FILE]
 *	https://www.kaggle.com/datasets/OWNER/DATASET[/versions/N]
 *
 * as the Kaggle CLI and the pages of the site write them. Pure.
 */
#ifndef KAGGLE_KAGGLE_NAME_H
#define KAGGLE_KAGGLE_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct kaggle_name {
	struct str owner;
	struct str slug;
	int64_t version;	/* 0: the newest */
	struct str file;	/* behind "kaggle:" only; "" */
};

#define KAGGLE_NAME_EMPTY                                                      \
	{                                                                      \
		.owner = STR_EMPTY, .slug = STR_EMPTY, .file = STR_EMPTY       \
	}

void kaggle_name_done(struct kaggle_name *name);

/* Does the text begin with "kaggle:" (any case)? */
bool kaggle_name_is(const char *text);

/* Replaces *name. ERR_USAGE says what is wrong and how one looks. */
bool kaggle_name_parse(struct kaggle_name *name, const char *text,
		       struct err *err);

/* Appends "owner/slug" or "owner/slug/versions/3". */
void kaggle_name_add(const struct kaggle_name *name, struct str *out);

/* Appends the address of its page, which a person opens. */
void kaggle_name_add_page(const struct kaggle_name *name, struct str *out);

#endif
