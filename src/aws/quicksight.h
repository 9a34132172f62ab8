/* aws/quicksight.h - calls of Amazon QuickSight, which is also named Quick
 * Sight: REST with JSON, below the account's id.
 *
 * Source: API_*.html of the QuickSight API reference, apiVersion 2018-04-01.
 * Users live in one region of the account, its identity region; calls about
 * them are sent again there when the first region says so.
 */
#ifndef AWS_QUICKSIGHT_H
#define AWS_QUICKSIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/operation.h"
#include "base/err.h"
#include "base/str.h"

struct aws;
struct json;

struct quicksight {
	struct aws *aws;		/* borrowed */
	char account[16];		/* 123456789012 */
	char region[64];		/* of data sets and dashboards */
	char identity_region[64];	/* of users; "": not learned yet */
	char partition[16];		/* "aws" */
	struct str caller;		/* ARN of the AWS identity */
	bool is_local;			/* the endpoint is an override: it may
					 * reach addresses of this machine */
	/* What is waited for, in words: "dashboard Sales: creating". In the
	 * waiting thread; NULL: none. */
	void (*progress)(void *context, const char *text);
	/* A sentence that is to stay on the screen. Likewise; NULL: none. */
	void (*tell)(void *context, const char *text);
	void *context;
};

#define QUICKSIGHT_EMPTY                                                       \
	{                                                                      \
		.aws = NULL, .caller = STR_EMPTY                               \
	}

/* Asks STS for the account. region NULL: the one in force. */
bool quicksight_open(struct quicksight *quicksight, struct aws *aws,
		     const char *region, struct err *err);
void quicksight_done(struct quicksight *quicksight);

/* One call: path is what stands behind /accounts/ID/ (decoded), body and
 * query may be NULL. *out_reply is yours; out_reply NULL: it is not looked
 * at. What fails is told with its cause and the next step (see
 * aws/quicksight_cause); ERR_MISSING: there is no such thing. */
struct quicksight_ask {
	enum operation_id operation;
	const char *path;
	const char *query_name, *query_value;
	const struct json *body;
	bool about_users;	/* to the identity region */
};

bool quicksight_call(struct quicksight *quicksight,
		     const struct quicksight_ask *ask, struct json **out_reply,
		     struct err *err);

/* For a reading call without body: path and name are joined by '/'. */
bool quicksight_get(struct quicksight *quicksight, enum operation_id operation,
		    const char *path, const char *name,
		    struct json **out_reply, struct err *err);

/* All pages of a list: each item of the member list ("DashboardSummaryList")
 * is shown to visit until that says false. */
struct quicksight_pages {
	enum operation_id operation;
	const char *path;
	const char *member;
	bool about_users;
	bool (*visit)(void *context, const struct json *item);
	void *context;
};

bool quicksight_list(struct quicksight *quicksight,
		     const struct quicksight_pages *pages, struct err *err);

/* arn:PARTITION:quicksight:REGION:ACCOUNT:KIND/ID, appended. */
void quicksight_add_arn(const struct quicksight *quicksight, const char *kind,
			const char *id, struct str *out);

/* What stands behind the last '/' of an ARN. Borrowed. */
const char *quicksight_arn_id(const char *arn);

/* "NOUN-xxxxxxxx": letters, digits, '-' of words, cut at 40 bytes, and eight
 * hex digits of a digest of key, which also holds the account and region.
 * Appends. */
void quicksight_add_id(const struct quicksight *quicksight, const char *words,
		       const char *key, struct str *out);

/* quicksight->tell, if there is one. */
void quicksight_tell(const struct quicksight *quicksight, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* Waits: false on Ctrl-C. *ms grows from a fifth of a second to five. */
bool quicksight_wait(struct quicksight *quicksight, int *ms, const char *told,
		     struct err *err);

enum { QUICKSIGHT_FIRST_WAIT_MS = 200 };

#endif
