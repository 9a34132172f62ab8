/* kaggle/kaggle_cred.h - who we are for Kaggle.
 *
 * In the order of Kaggle's own client (kaggle-cli 2.2):
 *
 *	KAGGLE_API_TOKEN		a token, or the name of a file with it
 *	~/.kaggle/access_token[.txt]	a token
 *	KAGGLE_USERNAME and KAGGLE_KEY	name and key
 *	kaggle.json			{"username": ..., "key": ...}
 *	~/.kaggle/credentials.json	what "kaggle auth login" wrote
 *	nobody				public data sets can be had without
 *
 * kaggle.json is in KAGGLE_CONFIG_DIR, else in ~/.kaggle if that is there,
 * else in the XDG folder of settings, "kaggle"; with neither name nor key it
 * holds other settings. Tokens go out as Bearer, a key as HTTP Basic; what
 * stands for a key and begins with KGAT_ is a token. The log-in's token is
 * good for some hours; only Kaggle's own program makes a new one.
 */
#ifndef KAGGLE_KAGGLE_CRED_H
#define KAGGLE_KAGGLE_CRED_H

#include <stdbool.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

struct kaggle_cred {
	struct str from;	/* for people: "KAGGLE_API_TOKEN", a file; of
				 * nobody: what is not there */
	struct str warning;	/* a file that others may read; "" */
	struct secret header;	/* value of Authorization; unset: nobody */
};

#define KAGGLE_CRED_EMPTY                                                      \
	{                                                                      \
		.from = STR_EMPTY, .warning = STR_EMPTY,                       \
		.header = SECRET_EMPTY                                         \
	}

void kaggle_cred_done(struct kaggle_cred *cred);

/* *out is KAGGLE_CRED_EMPTY; of nobody that is good, too. ERR_AUTH: the log-in
 * has run out; ERR_DATA: a file is damaged. */
bool kaggle_cred_find(struct kaggle_cred *out, struct err *err);

/* Kaggle wants to know who asks, and it was nobody: what that was for, and how
 * one gets a key. Returns false. */
bool kaggle_cred_refuse_nobody(const struct kaggle_cred *cred,
			       const char *subject, struct err *err);

#endif
