/* aws/call.h - one call of an AWS operation: sign, send, retry, map errors.
 *
 * Built and read by any thread; between call_start and done it belongs to
 * the AWS thread. Typed functions (s3_object ...) build calls and hand them
 * to aws/worker.
 */
#ifndef AWS_CALL_H
#define AWS_CALL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/cred.h"
#include "aws/endpoint.h"
#include "aws/integrity.h"
#include "aws/operation.h"
#include "aws/policy.h"
#include "aws/sigv4.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "net/http.h"

struct call_lane;
struct loop;
struct map;
struct profile;
struct s3_uri;
struct call_state;
struct wallet;

/* What all calls share; used in the AWS thread only. */
struct call_core {
	struct loop *loop;
	struct profile *profile;
	struct endpoint_config endpoints;
	char region[64];		/* "": none is configured */
	const char *ca_file;		/* borrowed from profile */
	struct policy policy;		/* read by any thread */
	struct wallet *wallet;		/* the credentials */
	int64_t skew_ms;		/* server's clock minus ours */
	struct map *bucket_regions;	/* name -> char * region */
	struct sigv4_cache signing;
	struct call_lane *lanes;	/* [ENDPOINT_SERVICE_COUNT] */
};

struct call {
	const struct operation *operation;
	char region[64];		/* "": the one in force */
	struct str bucket;		/* "": none */
	struct str key;
	struct http_headers query;	/* decoded names and values */
	struct http_headers headers;
	struct str body;
	int body_fd;			/* our own; -1: body */
	int64_t body_offset;
	int64_t body_length;
	bool anonymous;			/* not signed: public buckets */
	int reply_fd;			/* our own; -1: reply.body */
	int64_t reply_offset;
	int64_t reply_max;
	size_t reply_limit;		/* of reply.body; 0: 4 MiB */

	/* Which checksum to count over the reply of a GetObject, for ranges
	 * that the caller joins; NONE: the one the reply names. */
	enum integrity_kind reply_kind;

	/* Filled by call_prepare: the checksum that goes out with the body of
	 * PutObject and UploadPart, of kind NONE where settings say so. */
	struct integrity body_sum;
	char payload_hash[SIGV4_HEX_SIZE];
	bool prepared;

	/* filled when done: */
	bool ok;
	struct err err;			/* when not ok */
	struct http_reply reply;
	struct integrity reply_sum;	/* of a GetObject's 2xx reply */
	bool reply_checked;		/* ... it was the whole object, and S3
					 * names that same checksum */

	void (*done)(struct call *call);	/* in the AWS thread */
	void (*moved)(struct call *call, int64_t bytes); /* likewise */
	void *context;			/* of done and moved */
	atomic_llong *gone;		/* of whoever waits for it: what moves
					 * is added here; NULL; it must outlive
					 * the call */
	void *user;			/* of whoever built the call */

	struct call_state *state;
};

struct call *call_new(enum operation_id id);
void call_free(struct call *call);	/* NULL is fine; not under way */
CLEANUP_FREE(struct call, call_free, call_freep)

void call_set_bucket(struct call *call, const char *bucket);
void call_set_region(struct call *call, const char *region); /* NULL: none */
/* Adds what the URI's options say for this operation, too. */
void call_set_uri(struct call *call, const struct s3_uri *uri);
void call_add_query(struct call *call, const char *name, const char *value);
void call_add_query_number(struct call *call, const char *name,
			   int64_t number);
void call_add_header(struct call *call, const char *name, const char *value);
/* x-amz-copy-source. */
void call_add_copy_source(struct call *call, const struct s3_uri *from);
void call_set_body(struct call *call, const char *bytes, size_t len);

/* Adds a parameter to the form of a query service. */
void call_add_param(struct call *call, const char *name, const char *value);

/* fd is duplicated. */
bool call_set_body_file(struct call *call, int fd, int64_t offset,
			int64_t length, struct err *err);
bool call_set_reply_file(struct call *call, int fd, int64_t offset,
			 int64_t max_bytes, struct err *err);

/* Counts what is signed and sent with the body, in the thread that calls it:
 * aws/worker does before it hands the call over. ERR_SYSTEM, ERR_DATA: the
 * file cannot be read. */
bool call_prepare(struct call *call, const struct policy *policy,
		  struct err *err);

const char *call_reply_header(const struct call *call, const char *name);

/* "s3://b/k" for messages: control bytes as \xNN, cut at 300 bytes; or the
 * service's name. Appends. */
void call_add_subject(const struct call *call, struct str *out);

/* --- in the AWS thread --- */

void call_core_init(struct call_core *core);
void call_core_done(struct call_core *core);

/* Wall time as the server sees it. */
int64_t call_core_now_ms(const struct call_core *core);

/* The credentials in force, borrowed until the loop turns; NULL: none yet,
 * see worker_need_cred. */
const struct cred *call_core_cred(const struct call_core *core,
				  struct err *err);

/* Region calls for that bucket are signed for. */
const char *call_core_region(const struct call_core *core,
			     enum endpoint_service service,
			     const char *bucket);

/* Decoded path of a URL: prefix of the endpoint, then the key. Appends. */
void call_add_path(const struct endpoint *endpoint, const char *key,
		   struct str *out);

/* done runs from a later turn of the loop. */
void call_start(struct call_core *core, struct call *call);
void call_stop(struct call *call);	/* without calling done */

/* --- call_error.c --- */

/* Reads code and message of an error reply into call->err. *out_region gets
 * the right region when the reply names one (x-amz-bucket-region, <Region>),
 * else is cleared. */
void call_map_error(struct call *call, struct str *out_region);

/* True when a 200 reply is an <Error> document. */
bool call_reply_is_error(const struct call *call);

#endif
