/* kaggle/kaggle_cred.h - who we are for Kaggle.
 *
 * In the order of Kaggle's own client (kagglesdk, kaggle-api 1.8):
 *
 *	KAGGLE_API_TOKEN		a token, or the name of a file with it
 *	~/.kaggle/access_token[.txt]	a token
 *	KAGGLE_USERNAME and KAGGLE_KEY	name and key
 *	kaggle.json			{"username": ..., "key": ...}
 *
 * kaggle.json is in KAGGLE_CONFIG_DIR, else in ~/.kaggle if that is there,
 * else in the XDG folder of settings, "kaggle". Tokens go out as Bearer, a key
 * as HTTP Basic.
 */
#ifndef KAGGLE_KAGGLE_CRED_H
#define KAGGLE_KAGGLE_CRED_H

#include <stdbool.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

struct kaggle_cred {
	struct str from;	/* for people: "KAGGLE_API_TOKEN", a file */
	struct str warning;	/* a file that others may read; "" */
	struct secret header;	/* value of Authorization */
};

#define KAGGLE_CRED_EMPTY                                                      \
	{                                                                      \
		.from = STR_EMPTY, .warning = STR_EMPTY,                       \
		.header = SECRET_EMPTY                                         \
	}

void kaggle_cred_done(struct kaggle_cred *cred);

/* *out is KAGGLE_CRED_EMPTY. ERR_AUTH: there are none; ERR_DATA: a file is
 * damaged. */
bool kaggle_cred_find(struct kaggle_cred *out, struct err *err);

#endif
