/* The AWS thread and the typed calls against the sandbox's endpoints, which
 * check every signature; both run in this process. */
#include "../check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "aws/call.h"
#include "aws/cred.h"
#include "aws/listing.h"
#include "aws/redshift.h"
#include "aws/s3_delete.h"
#include "aws/s3_list.h"
#include "aws/s3_multipart.h"
#include "aws/s3_object.h"
#include "aws/sts.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/file.h"
#include "base/mailbox.h"
#include "base/sink.h"
#include "net/http.h"
#include "net/loop.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_store.h"

static char folder[] = "/tmp/redsh-worker-XXXXXX";
static struct identity identity = IDENTITY_EMPTY;
static struct s3_store *store;
static struct s3_http *server;
static struct aws *aws;
static char server_url[64];

static bool grant(void *context, const struct s3_http_grant *what,
		  struct err *err)
{
	(void)context;
	(void)err;
	return what->expires_ms > 0;
}

static int start(void **state)
{
	static const char *const unset[] = {
		"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3",
		"AWS_DEFAULT_REGION", "AWS_CA_BUNDLE",
	};
	struct s3_http_options options = { .grant = grant,
					   .identity = &identity };
	struct worker_options worker = { .region = "us-east-1" };
	struct err err = ERR_EMPTY;
	char cache[64];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(unset); i++)
		unsetenv(unset[i]);
	if (mkdtemp(folder) == NULL || !cancel_open(&err) ||
	    !identity_load(&identity, folder, &err))
		return -1;
	snprintf(identity.host, sizeof(identity.host), "db.example");
	snprintf(identity.database, sizeof(identity.database), "dev");
	identity.port = 5439;
	store = s3_store_open(folder, &err);
	options.store = store;
	server = store != NULL ? s3_http_start(&options, &err) : NULL;
	if (server == NULL)
		return -1;
	setenv("HOME", folder, 1);
	setenv("AWS_ACCESS_KEY_ID", identity.access_key_id, 1);
	setenv("AWS_SECRET_ACCESS_KEY", secret_text(&identity.secret_key), 1);
	snprintf(server_url, sizeof(server_url), "http://127.0.0.1:%d",
		 s3_http_port(server));
	snprintf(cache, sizeof(cache), "%s/names.db", folder);
	worker.endpoint_url = server_url;
	worker.cache_path = cache;
	aws = worker_new(NULL, &worker, &err);
	return aws != NULL && s3_bucket_create(aws, "one-bucket", NULL, &err) ? 0
									: -1;
}

static int stop(void **state)
{
	(void)state;
	worker_free(aws);
	s3_http_stop(server);
	s3_store_close(store);
	identity_done(&identity);
	cancel_close();
	return file_remove_tree(folder, NULL) ? 0 : -1;
}

static void put(const char *key, const char *bytes)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	struct err err = ERR_EMPTY;

	str_set(&uri.bucket, "one-bucket");
	str_set(&uri.key, key);
	if (!s3_object_put(aws, &uri, bytes, strlen(bytes), &err))
		fail_msg("%s", err.message);
}

static void objects_come_back_as_they_went(void **state)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	CLEANUP(str_done) struct str body = STR_EMPTY;
	struct s3_range range = { 2, 3, NULL };
	struct s3_range beyond = { 100, 5, NULL };
	struct sink sink = sink_to_str(&body);
	struct err err = ERR_EMPTY;
	int64_t size = 0;

	(void)state;
	put("a/b c.txt", "0123456789");
	assert_true(s3_uri_parse(&uri, "s3://one-bucket/a/b c.txt", &err));
	assert_true(s3_object_head(aws, &uri, &head, &err));
	assert_int_equal(head.size, 10);
	assert_true(head.modified_ms > 0);
	assert_true(s3_object_get(aws, &uri, &range, &body, &size, &err));
	assert_text(body.text, "234");
	assert_int_equal(size, 10);
	str_clear(&body);
	assert_true(s3_object_get(aws, &uri, &beyond, &body, &size, &err));
	assert_int_equal(body.len, 0);
	assert_true(s3_object_read(aws, &uri, &sink, &err));
	assert_text(body.text, "0123456789");
	range.etag = "\"another\"";
	assert_false(s3_object_get(aws, &uri, &range, &body, NULL, &err));
	assert_text(err.code, "PreconditionFailed");
}

static void missing_things_are_told_apart(void **state)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str body = STR_EMPTY;
	struct s3_range range = { 0, 1, NULL };
	struct err err = ERR_EMPTY;

	(void)state;
	s3_uri_parse(&uri, "s3://one-bucket/none", NULL);
	assert_false(s3_object_get(aws, &uri, &range, &body, NULL, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_text(err.code, "NoSuchKey");
	s3_uri_parse(&uri, "s3://no-bucket/none", NULL);
	assert_false(s3_object_get(aws, &uri, &range, &body, NULL, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_text(err.code, "NoSuchBucket");
}

static void pages_join_to_one_list(void **state)
{
	struct s3_list_options options = {
		.bucket = "one-bucket",
		.prefix = "pages/",
		.page = 2,
	};
	CLEANUP(s3_list_freep) struct s3_list *list = NULL;
	const struct s3_list_entry *entry;
	struct err err = ERR_EMPTY;
	char key[32];
	int count = 0;

	(void)state;
	for (int i = 0; i < 5; i++) {
		snprintf(key, sizeof(key), "pages/%d +%%41", i);
		put(key, "x");
	}
	list = s3_list_new(aws, &options);
	while ((entry = s3_list_next(list, &err)) != NULL) {
		snprintf(key, sizeof(key), "pages/%d +%%41", count++);
		assert_text(entry->key, key);
		assert_int_equal(entry->size, 1);
	}
	assert_int_equal(err.kind, ERR_NONE);
	assert_int_equal(count, 5);
}

static void keys_that_xml_cannot_hold_are_removed_too(void **state)
{
	const char *const keys[] = { "del/\x01", "del/a&<b>\r\n", "del/c",
				     "del/\xef\xbf\xbf", "del/none" };
	struct s3_list_options options = { .bucket = "one-bucket",
					   .prefix = "del/" };
	CLEANUP(s3_list_freep) struct s3_list *list = NULL;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(keys) - 1; i++)
		put(keys[i], "x");
	s3_uri_parse(&uri, "s3://one-bucket", NULL);
	if (!s3_delete_many(aws, &uri, keys, COUNT_OF(keys), &err))
		fail_msg("%s", err.message);
	list = s3_list_new(aws, &options);
	assert_null(s3_list_next(list, &err));
	assert_int_equal(err.kind, ERR_NONE);
}

static void sts_and_redshift_answer(void **state)
{
	CLEANUP(sts_identity_done) struct sts_identity me =
		STS_IDENTITY_EMPTY;
	CLEANUP(redshift_clusters_done) struct redshift_clusters found = {
		0
	};
	CLEANUP(redshift_login_done) struct redshift_login login =
		REDSHIFT_LOGIN_EMPTY;
	struct redshift_login_options options = {
		.cluster = IDENTITY_CLUSTER,
		.user = "alice",
		.auto_create = true,
		.stop_fd = -1,
	};
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(sts_get_identity(aws, &me, &err));
	assert_text(me.account.text, IDENTITY_ACCOUNT);
	assert_true(redshift_describe(aws, NULL, NULL, &found, &err));
	assert_int_equal(found.count, 1);
	assert_text(found.items[0].identifier, IDENTITY_CLUSTER);
	assert_text(found.items[0].address, "db.example");
	assert_int_equal(found.items[0].port, 5439);
	assert_false(redshift_describe(aws, NULL, "nobody", &found, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_true(redshift_get_login(aws, &options, &login, &err));
	assert_text(login.user.text, "IAMA:alice");
	assert_true(secret_is_set(&login.password));
	assert_true(login.expires_ms > 0);
}

/* --- presigned URLs --- */

static void got(struct http *http, const struct err *err)
{
	*(int *)http->context = err->kind == ERR_NONE ? http->reply.status
						      : -1;
}

static int get_plainly(const char *url, struct str *body)
{
	CLEANUP(loop_freep) struct loop *loop = loop_new(NULL);
	CLEANUP(http_freep) struct http *http = http_new("GET", url);
	int status = 0;

	http->done = got;
	http->context = &status;
	http_start(http, loop);
	while (status == 0)
		loop_turn(loop, 1000);
	str_set_slice(body, http->reply.body.text, http->reply.body.len);
	return status;
}

static void a_presigned_url_needs_no_keys(void **state)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str url = STR_EMPTY;
	CLEANUP(str_done) struct str body = STR_EMPTY;
	struct s3_presign how = { .expires_s = 60 };
	struct err err = ERR_EMPTY;

	(void)state;
	put("link me+1", "hello");
	s3_uri_parse(&uri, "s3://one-bucket/link me+1", NULL);
	assert_true(s3_object_presign(aws, &uri, &how, &url, NULL, &err));
	assert_int_equal(get_plainly(url.text, &body), 200);
	assert_text(body.text, "hello");
	url.text[url.len - 1] = url.text[url.len - 1] == 'a' ? 'b' : 'a';
	assert_int_equal(get_plainly(url.text, &body), 403);
	how.expires_s = 604801;
	assert_false(s3_object_presign(aws, &uri, &how, &url, NULL, &err));
}

/* --- multipart --- */

static void an_upload_can_be_listed_completed_and_aborted(void **state)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(s3_parts_done) struct s3_parts parts = { 0 };
	CLEANUP(str_done) struct str id = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	s3_uri_parse(&uri, "s3://one-bucket/multi", NULL);
	assert_true(s3_multipart_create(aws, &uri, "text/csv", &id, &err));
	assert_true(s3_multipart_list(aws, &uri, id.text, &parts, &err));
	assert_int_equal(parts.count, 0);
	assert_true(s3_multipart_abort(aws, &uri, id.text, &err));
	assert_false(s3_multipart_list(aws, &uri, id.text, &parts, &err));
	assert_int_equal(err.kind, ERR_MISSING);
}

/* --- names for Tab --- */

static void wake(void *context)
{
	mailbox_post(context, context);
}

static void note(void *context, const char *name, int64_t size)
{
	str_addf(context, "%s=%d ", name, (int)size);
}

/* Asks until the names are known; each wait ends by the listing's word. */
static void wait_for(struct mailbox *box, const char *typed, struct str *out)
{
	struct listing *listing = worker_listing(aws);

	for (;;) {
		enum listing_state is;

		str_clear(out);
		is = listing_match(listing, typed, 10, note, out);
		if (is == LISTING_KNOWN || is == LISTING_FAILED)
			return;
		assert_non_null(mailbox_wait(box, 20000));
	}
}

static void names_for_tab_come_behind_and_stay(void **state)
{
	struct mailbox *box = mailbox_new(NULL, NULL);
	struct listing *listing = worker_listing(aws);
	CLEANUP(str_done) struct str names = STR_EMPTY;

	(void)state;
	put("tab/a`x`", "1");
	put("tab/ab", "22");
	put("tab/a dir/k", "1");
	put("tab/b", "1");
	assert_non_null(listing);
	listing_on_change(listing, wake, box);
	wait_for(box, "one", &names);
	assert_text(names.text, "one-bucket/=0 ");
	wait_for(box, "one-bucket/tab/a", &names);
	assert_text(names.text, "one-bucket/tab/a dir/=0 "
				"one-bucket/tab/a`x`=1 one-bucket/tab/ab=2 ");
	put("tab/ac", "1");
	listing_forget(listing, "one-bucket/tab/");
	str_clear(&names);
	assert_int_equal(listing_match(listing, "one-bucket/tab/ac", 10, note,
				       &names),
			 LISTING_OLD);
	wait_for(box, "one-bucket/tab/ac", &names);
	assert_text(names.text, "one-bucket/tab/ac=1 ");
	wait_for(box, "no-bucket/x", &names);
	assert_text(names.text, "");
	listing_on_change(listing, NULL, NULL);
	mailbox_free(box);
}

/* --- Ctrl-C --- */

static void a_raised_cancel_ends_a_call(void **state)
{
	struct s3_buckets buckets = { 0 };
	struct err err = ERR_EMPTY;

	(void)state;
	cancel_raise();
	assert_false(s3_list_buckets(aws, NULL, &buckets, &err));
	assert_int_equal(err.kind, ERR_CANCELLED);
	cancel_clear();
	assert_true(s3_list_buckets(aws, NULL, &buckets, &err));
	assert_int_equal(buckets.count, 1);
	s3_buckets_done(&buckets);
}

static bool tell_thread(struct call_core *core, void *context, struct err *err)
{
	(void)core;
	(void)err;
	*(pthread_t *)context = pthread_self();
	return true;
}

static bool share_a_thread(struct aws *one, struct aws *other)
{
	pthread_t mine, theirs;

	worker_run(one, tell_thread, &mine, NULL);
	worker_run(other, tell_thread, &theirs, NULL);
	return pthread_equal(mine, theirs) != 0;
}

/* A caller that goes on while others come and go. */
struct caller {
	struct aws *aws;
	atomic_bool stop;
	int answers;
	bool failed;
};

static void *call_again_and_again(void *context)
{
	struct caller *caller = context;

	while (!atomic_load(&caller->stop) && !caller->failed) {
		struct s3_buckets buckets = { 0 };

		caller->failed =
			!s3_list_buckets(caller->aws, NULL, &buckets, NULL);
		s3_buckets_done(&buckets);
		caller->answers++;
	}
	return NULL;
}

static void other_profiles_and_regions_share_the_thread(void **state)
{
	struct worker_options other = {
		.region = "eu-west-1", .endpoint_url = server_url, .cache_path = ""
	};
	struct caller caller = { .aws = worker_hold(aws) };
	pthread_t thread;

	(void)state;
	atomic_init(&caller.stop, false);
	assert_int_equal(pthread_create(&thread, NULL, call_again_and_again,
					&caller),
			 0);
	for (int i = 0; i < 20; i++) {
		struct aws *second = worker_new(aws, &other, NULL);
		struct cred cred = CRED_EMPTY;

		assert_non_null(second);
		assert_text(worker_region(second), "eu-west-1");
		assert_text(worker_region(aws), "us-east-1");
		assert_true(worker_copy_cred(second, &cred, NULL));
		assert_true(share_a_thread(aws, second));
		cred_done(&cred);
		worker_free(second);
	}
	atomic_store(&caller.stop, true);
	pthread_join(thread, NULL);
	worker_free(caller.aws);
	assert_false(caller.failed);
	assert_true(caller.answers > 0);
}

static void the_thread_lives_as_long_as_one_who_uses_it(void **state)
{
	struct worker_options options = { .region = "us-east-1",
					  .endpoint_url = server_url,
					  .cache_path = "" };
	struct aws *first = worker_new(NULL, &options, NULL);
	struct aws *second = worker_new(first, &options, NULL);
	struct s3_buckets buckets = { 0 };

	(void)state;
	assert_true(share_a_thread(first, second));
	assert_false(share_a_thread(first, aws));
	worker_free(first);
	assert_true(s3_list_buckets(second, NULL, &buckets, NULL));
	assert_int_equal(buckets.count, 1);
	s3_buckets_done(&buckets);
	worker_free(second);
}

static void bad_options_are_refused_before_anything_starts(void **state)
{
	struct worker_options options = { .region = "not a region" };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_null(worker_new(NULL, &options, &err));
	assert_int_equal(err.kind, ERR_USAGE);
	options.region = NULL;
	options.profile = "nobody";
	assert_null(worker_new(NULL, &options, &err));
	assert_int_equal(err.kind, ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_come_back_as_they_went),
		cmocka_unit_test(missing_things_are_told_apart),
		cmocka_unit_test(pages_join_to_one_list),
		cmocka_unit_test(keys_that_xml_cannot_hold_are_removed_too),
		cmocka_unit_test(sts_and_redshift_answer),
		cmocka_unit_test(a_presigned_url_needs_no_keys),
		cmocka_unit_test(
			an_upload_can_be_listed_completed_and_aborted),
		cmocka_unit_test(names_for_tab_come_behind_and_stay),
		cmocka_unit_test(a_raised_cancel_ends_a_call),
		cmocka_unit_test(other_profiles_and_regions_share_the_thread),
		cmocka_unit_test(the_thread_lives_as_long_as_one_who_uses_it),
		cmocka_unit_test(
			bad_options_are_refused_before_anything_starts),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
