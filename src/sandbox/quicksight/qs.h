/* sandbox/quicksight/qs.h - QuickSight in the sandbox: what its parts share.
 *
 * A request comes by api_quicksight, which checks it against qs_shape and runs
 * the operation (qs_source, qs_set, ...). What takes time is left as work in
 * qs_store and done by one thread (qs_work), so that answers come first as
 * CREATION_IN_PROGRESS, QUEUED and so on.
 *
 * DIR/quicksight.tsv, when there is one, has rows of a setting and a value,
 * read with every request; share/sandbox/README lists them.
 */
#ifndef SANDBOX_QUICKSIGHT_QS_H
#define SANDBOX_QUICKSIGHT_QS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sandbox/quicksight/qs_store.h"

struct json;
struct qs_shapes;
struct qs_work;
struct s3_call;
struct s3_http_options;
struct str;

struct qs {
	const struct s3_http_options *options; /* borrowed */
	struct qs_shapes *shapes;
	struct qs_store *store;
	struct qs_work *work;
	int stop_fd; /* readable: give up what waits for the warehouse */
};

/* options has dir and identity. */
struct qs *qs_start(const struct s3_http_options *options, struct err *err);
void qs_stop(struct qs *qs); /* NULL is fine */

/* What was cut short by the end is done anew by the next start. */
bool qs_is_stopping(const struct qs *qs);

/* Appends the setting's value; false: it is not set. */
bool qs_setting(const struct qs *qs, const char *name, struct str *out);
bool qs_setting_is(const struct qs *qs, const char *name, const char *value);
int64_t qs_setting_number(const struct qs *qs, const char *name,
			  int64_t otherwise);

/* --- one request --- */

struct qs_op;

struct qs_call {
	struct s3_call *call;
	struct qs *qs;
	const struct qs_op *op;
	const char *region;	 /* it is signed for */
	const struct json *in;	 /* checked; path and query are in it */
	struct json *out;
	int status;
};

/* A row of an operation table; the shapes have the rest of it. */
struct qs_op {
	const char *name; /* NULL ends the table */
	bool (*run)(struct qs_call *call, struct err *err);
	const char *kind; /* of the asset that it is about, for leave: "" all */
	const char *id;	  /* the member that names it */
	const char *answer;  /* of qs_describe and qs_list: what their answer */
	const char *members; /* is called, and what of a record it shows */
};

extern const struct qs_op qs_account_ops[];
extern const struct qs_op qs_source_ops[];
extern const struct qs_op qs_set_ops[];
extern const struct qs_op qs_ingestion_ops[];
extern const struct qs_op qs_analysis_ops[];
extern const struct qs_op qs_dashboard_ops[];
extern const struct qs_op qs_user_ops[];
extern const struct qs_op qs_group_ops[];
extern const struct qs_op qs_vpc_ops[];
extern const struct qs_op qs_embed_ops[];
extern const struct qs_op qs_job_ops[];

#endif
