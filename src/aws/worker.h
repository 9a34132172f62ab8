/* aws/worker.h - the AWS thread: every request to AWS is made there.
 *
 * One thread and one net/loop. A struct aws is one way to ask: profile,
 * region and endpoint, with credentials of its own (aws/wallet); a connection
 * with a profile of its own has a second one, on the same thread. Other
 * threads hand it calls (aws/call.h); the typed functions of s3_object,
 * s3_list, s3_multipart, sts, redshift and transfer/ do that and wait, so they
 * may be used from any thread but this one. Waiting ends within a moment with
 * ERR_CANCELLED when base/cancel is raised.
 */
#ifndef AWS_WORKER_H
#define AWS_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/integrity.h"
#include "base/err.h"
#include "base/mem.h"

struct aws;
struct call;
struct listing;
struct str;
struct worker_queue;

struct worker_options {
	const char *profile;		/* --profile; NULL: AWS_PROFILE ... */
	const char *region;		/* --region; NULL: as configured */
	const char *fallback_region;	/* of the database host; may be NULL */
	const char *endpoint_url;	/* --endpoint-url; NULL: none */
	const char *cache_path;		/* SQLite file of S3 names for Tab;
					 * NULL: path_xdg(PATH_CACHE, "s3.db"),
					 * "": keep none (--no-cache) */
};

/* Reads the configuration files; no network, and credentials are looked for
 * with the first call. On the thread of beside, which must not be freed
 * meanwhile; NULL: starts one. ERR_USAGE, ERR_DATA: the files or options are
 * wrong. */
struct aws *worker_new(struct aws *beside, const struct worker_options *options,
		       struct err *err);

/* One more owner, each of which calls worker_free. */
struct aws *worker_hold(struct aws *aws);

/* By the last owner: aborts what is under way; the last on a thread joins it.
 * NULL is fine. */
void worker_free(struct aws *aws);
CLEANUP_FREE(struct aws, worker_free, worker_freep)

/* Sends the call, waits, moves its results back into *call: reply or err.
 * True when AWS answered as the operation expects. */
bool worker_call(struct aws *aws, struct call *call, struct err *err);

/* The same for threads that Ctrl-C does not concern: given up when stop_fd is
 * readable. -1: as worker_call. */
bool worker_call_until(struct aws *aws, struct call *call, int stop_fd,
		       struct err *err);

/* Runs in the waiting thread about ten times a second. NULL: none. */
struct worker_tick {
	void (*run)(void *context);
	void *context;
};

/* Several calls at once: each queue belongs to one waiting thread. */
struct worker_queue *worker_queue_new(struct aws *aws, struct err *err);
void worker_queue_free(struct worker_queue *queue);	/* aborts the rest */
CLEANUP_FREE(struct worker_queue, worker_queue_free, worker_queue_freep)

/* Takes over the call; its body is read and counted here, in this thread
 * (call_prepare). What fails then is the error of the call that comes back. */
void worker_send_take(struct worker_queue *queue, struct call *call);
size_t worker_pending(const struct worker_queue *queue);

/* The next finished call, yours to free; look at call->ok. NULL: cancelled
 * (err is set) or nothing pending (err is clear). */
struct call *worker_wait(struct worker_queue *queue,
			 const struct worker_tick *tick, struct err *err);

/* The same, but also NULL with err clear when clock_monotonic_us has reached
 * deadline_us. */
struct call *worker_wait_until(struct worker_queue *queue, int64_t deadline_us,
			       struct err *err);

/* The next finished call, without waiting, after Ctrl-C too. NULL: none. */
struct call *worker_take(struct worker_queue *queue);

/* Bytes sent and received by calls under way and done on this queue. */
int64_t worker_bytes(const struct worker_queue *queue);

/* Waits until there are credentials, for what is done with them by
 * worker_run. */
bool worker_need_cred(struct aws *aws, struct err *err);

/* The same, and copies them into *out, which is CRED_EMPTY. */
struct cred;
bool worker_copy_cred(struct aws *aws, struct cred *out, struct err *err);

/* The MFA device whose code the next fetch of credentials needs, "" when
 * none: ask the person for it before a command, then worker_set_code. Never
 * asked for in the background. */
void worker_wanted_code(struct aws *aws, struct str *out_serial);
void worker_set_code(struct aws *aws, const char *code);

/* What a person should know about the AWS files, "" when nothing. */
const char *worker_warning(const struct aws *aws);

/* Region and profile in force; "" when none is known. Borrowed. */
const char *worker_region(const struct aws *aws);
const char *worker_profile(const struct aws *aws);

/* Appends the region in force, which may be that of the EC2 instance whose role
 * gave the credentials; nothing when none is known. */
void worker_add_region(struct aws *aws, struct str *out);

/* The S3 endpoint that was given, "" for AWS itself. Borrowed. */
const char *worker_endpoint(const struct aws *aws);

/* True when S3 requests go to an override (emulator, sandbox). */
bool worker_is_overridden(const struct aws *aws);

/* The checksum sent with uploads, INTEGRITY_NONE: none; and whether S3 is
 * asked for those of downloads (response_checksum_validation). */
enum integrity_kind worker_body_kind(const struct aws *aws);
bool worker_checks_replies(const struct aws *aws);

/* An endpoint without TLS on another machine, "" when none is configured:
 * requests that carry keys are refused (ENDPOINT_PLAIN of aws/endpoint) until
 * it is allowed, for good. */
const char *worker_plain_endpoint(const struct aws *aws);
void worker_allow_plain(struct aws *aws);

/* Region of a bucket: remembered, else asked by HeadBucket. Appends. */
bool worker_bucket_region(struct aws *aws, const char *bucket,
			  struct str *out_region, struct err *err);

/* Runs run in the AWS thread and waits for it: for what needs its state
 * (credentials, presigned URLs). Not cancellable. */
struct call_core;
bool worker_run(struct aws *aws,
		bool (*run)(struct call_core *core, void *context,
			    struct err *err),
		void *context, struct err *err);

/* Takes over the call; its own done runs in the AWS thread and frees it (or
 * hands it on). May be used from that thread too. */
void worker_start_take(struct aws *aws, struct call *call);

/* S3 names for Tab; NULL when the cache is off. See aws/listing.h. */
struct listing *worker_listing(struct aws *aws);

#endif
