/* sandbox/s3/s3_call.h - one request from its headers to its reply.
 *
 * s3_http feeds it bytes; it authenticates, finds the operation in a table,
 * takes the body in, runs the operation and leaves the reply. Knows nothing
 * of sockets.
 */
#ifndef SANDBOX_S3_S3_CALL_H
#define SANDBOX_S3_S3_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/sink.h"
#include "base/str.h"
#include "sandbox/account/fault.h"
#include "sandbox/s3/s3_auth.h"
#include "sandbox/s3/s3_reply.h"
#include "sandbox/s3/s3_request.h"
#include "sandbox/s3/s3_store.h"

struct s3_body;
struct s3_call;
struct s3_http_options;

enum s3_level {
	S3_ON_SERVICE,
	S3_ON_BUCKET,
	S3_ON_OBJECT,
};

enum s3_takes {
	S3_TAKES_NOTHING, /* a body is read and checked all the same */
	S3_TAKES_TEXT,    /* call->text */
	S3_TAKES_OBJECT,  /* call->writer */
};

/* A row of an operation table. The first row that fits is taken: method,
 * level, the query parameter and header it asks for. */
struct s3_op {
	const char *name; /* NULL ends the table */
	const char *method;
	enum s3_level level;
	const char *param;  /* must be there; NULL: any */
	const char *header; /* must be there; NULL: any */
	enum s3_takes takes;
	const char *params; /* others allowed, blank separated */
	bool (*run)(struct s3_call *call, struct err *err);
	/* when the head has come, with call->body; NULL: nothing to do */
	bool (*prepare)(struct s3_call *call, struct err *err);
};

extern const struct s3_op s3_bucket_ops[];
extern const struct s3_op s3_delete_ops[];
extern const struct s3_op s3_list_ops[];
extern const struct s3_op s3_setting_ops[];
extern const struct s3_op s3_object_ops[];
extern const struct s3_op s3_upload_ops[];

struct s3_call {
	const struct s3_http_options *options;
	struct s3_request request;
	struct s3_auth auth;
	struct s3_reply reply;  /* .status 0 until there is one */
	const struct s3_op *op; /* NULL: not for S3 */
	struct s3_store_bucket bucket; /* .name NULL: there is none */
	bool anonymous;         /* nothing is signed */
	bool open;              /* for api_open */
	bool kaggle;            /* for api_kaggle */
	bool bare_form;         /* an unsigned form: its Action decides */
	struct fault fault;     /* FAULT_NONE: all goes well */
	int64_t received;       /* bytes of the body, for the fault */
	struct s3_body *body;
	struct sink sink;
	struct s3_store_writer *writer;
	struct str text;
	struct str kept; /* header lines for the object */
};

/* request.target and the headers are set before begin. */
struct s3_call *s3_call_new(const struct s3_http_options *options,
			    const char *target);
void s3_call_free(struct s3_call *call);

/* false: call->reply already says why; the body need not be read. */
bool s3_call_begin(struct s3_call *call, const char *method);
void s3_call_feed(struct s3_call *call, const char *bytes, size_t len);

/* Leaves call->reply with a status. */
void s3_call_end(struct s3_call *call);

/* Leaves a reply that says so, in the shape of the service. */
void s3_call_fail(struct s3_call *call, const struct err *err);

/* Is there an operation of that name? */
bool s3_call_has_op(const char *name);

/* For handlers: sets err to ERR_AWS with that code, returns false. */
bool s3_call_refuse(struct err *err, const char *code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

#endif
