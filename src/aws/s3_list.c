#include "aws/s3_list.h"

#include <string.h>

#include "aws/call.h"
#include "aws/s3_options.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "base/vec.h"
#include "data/isotime.h"
#include "data/xml.h"

enum {
	PAGES_AHEAD = 2, /* of one lane: read and not given out */
	LANES_MAX = 8,   /* asked at the same time */
};

/* A stretch of the keys, listed page by page: behind after, up to until. */
struct lane {
	char *after; /* NULL: from the start */
	char *until; /* NULL: to the end */
	char *token; /* of the page to come; NULL: the first */
	char *version;
	struct s3_page *pages[PAGES_AHEAD]; /* [count], to be given out */
	size_t count;
	bool asked;
	bool ended; /* no page is to come */
};

struct s3_list {
	struct aws *aws;
	const struct s3_options *request;
	struct worker_queue *queue;
	char *bucket;
	char *prefix;  /* what is asked for */
	char *pattern; /* NULL: all match */
	bool folders;
	bool versions;
	int page_keys;
	struct {
		VEC(struct lane *); /* in key order */
	} lanes;
};

/* --- lanes --- */

static struct lane *lane_new(const char *after, const char *until)
{
	struct lane *lane = mem_alloc(sizeof(*lane));

	lane->after = mem_copy_text(after);
	lane->until = mem_copy_text(until);
	return lane;
}

static void lane_free(struct lane *lane)
{
	for (size_t i = 0; i < lane->count; i++)
		s3_page_free(lane->pages[i]);
	mem_free(lane->after);
	mem_free(lane->until);
	mem_free(lane->token);
	mem_free(lane->version);
	mem_free(lane);
}

static void drop_page(struct lane *lane)
{
	s3_page_free(lane->pages[0]);
	lane->count--;
	memmove(lane->pages, lane->pages + 1,
		lane->count * sizeof(lane->pages[0]));
}

static struct call *page_call(const struct s3_list *list,
			      const struct lane *lane)
{
	const char *from = lane->token != NULL ? lane->token : lane->after;
	const char *name = list->versions        ? "key-marker"
			   : lane->token != NULL ? "continuation-token"
						 : "start-after";
	struct call *call = call_new(list->versions ? OPERATION_LIST_VERSIONS
						    : OPERATION_LIST_OBJECTS);

	call_set_bucket(call, list->bucket);
	s3_options_apply(list->request, call);
	call_add_query(call, "encoding-type", "url");
	call_add_query(call, "prefix", list->prefix);
	if (list->folders)
		call_add_query(call, "delimiter", "/");
	if (list->page_keys > 0)
		call_add_query_number(call, "max-keys", list->page_keys);
	if (from != NULL)
		call_add_query(call, name, from);
	if (lane->version != NULL)
		call_add_query(call, "version-id-marker", lane->version);
	call->reply_limit = S3_PAGE_MAX_BYTES;
	return call;
}

/* Asks for the next page of each of the first lanes that has room. */
static void ask(struct s3_list *list)
{
	size_t most = list->page_keys > 0 ? 1 : PAGES_AHEAD;

	for (size_t i = 0; i < list->lanes.count && i < LANES_MAX; i++) {
		struct lane *lane = list->lanes.items[i];
		struct call *call;

		if (lane->asked || lane->ended || lane->count >= most)
			continue;
		call = page_call(list, lane);
		call->user = lane;
		lane->asked = true;
		worker_send_take(list->queue, call);
	}
}

/* A server that gives the same token again would never come to an end. */
static bool take_token(struct lane *lane, const struct s3_page *page,
		       struct err *err)
{
	const char *token = s3_page_token(page);
	const char *version = s3_page_version(page);

	lane->ended = token == NULL ||
		      (lane->until != NULL &&
		       strcmp(s3_page_last_key(page), lane->until) >= 0);
	if (lane->ended)
		return true;
	if (lane->token != NULL && strcmp(token, lane->token) == 0 &&
	    (lane->version == NULL || strcmp(version, lane->version) == 0))
		return err_set(err, ERR_DATA,
			       "the server gives the same page again");
	mem_free(lane->token);
	mem_free(lane->version);
	lane->token = mem_copy_text(token);
	lane->version = version[0] != '\0' ? mem_copy_text(version) : NULL;
	return true;
}

static bool take_page(struct s3_list *list, const struct call *call,
		      struct err *err)
{
	struct lane *lane = call->user;
	const struct str *body = &call->reply.body;
	struct s3_page *page;

	lane->asked = false;
	if (!call->ok) {
		if (err != NULL)
			*err = call->err;
		return false;
	}
	page = s3_page_parse(body->text, body->len, err);
	if (page == NULL)
		return err_wrap(err, "listing s3://%s", list->bucket);
	lane->pages[lane->count++] = page;
	return take_token(lane, page, err) ||
	       err_wrap(err, "listing s3://%s", list->bucket);
}

static bool wait_page(struct s3_list *list, struct err *err)
{
	CLEANUP(call_freep) struct call *call = NULL;

	if (list->queue == NULL)
		list->queue = worker_queue_new(list->aws, err);
	if (list->queue == NULL)
		return false;
	ask(list);
	call = worker_wait(list->queue, NULL, err);
	if (call == NULL || !take_page(list, call, err))
		return false;
	ask(list);
	return true;
}

/* --- all pages --- */

struct s3_list *s3_list_new(struct aws *aws,
			    const struct s3_list_options *options)
{
	struct s3_list *list = mem_alloc(sizeof(*list));
	const char *prefix = options->prefix != NULL ? options->prefix : "";

	list->aws = aws;
	list->request = options->request;
	list->bucket = mem_copy_text(options->bucket);
	list->folders = options->folders;
	list->versions = options->versions;
	list->page_keys = options->page;
	if (options->glob && s3_uri_has_glob(prefix)) {
		list->pattern = mem_copy_text(prefix);
		list->prefix =
			mem_copy_slice(prefix, s3_uri_glob_prefix(prefix));
	} else {
		list->prefix = mem_copy_text(prefix);
	}
	vec_push(&list->lanes, lane_new(options->start_after, NULL));
	return list;
}

void s3_list_free(struct s3_list *list)
{
	if (list == NULL)
		return;
	worker_queue_free(list->queue);
	for (size_t i = 0; i < list->lanes.count; i++)
		lane_free(list->lanes.items[i]);
	vec_done(&list->lanes);
	mem_free(list->bucket);
	mem_free(list->prefix);
	mem_free(list->pattern);
	mem_free(list);
}

/* A folder matches by its name without the slash at the end too. */
static bool matches(const struct s3_list *list,
		    const struct s3_list_entry *entry)
{
	CLEANUP(mem_freep) char *name = NULL;
	size_t len = strlen(entry->key);

	/* A key that is spelled like the pattern is meant by it. */
	if (list->pattern == NULL || strcmp(list->pattern, entry->key) == 0 ||
	    s3_uri_glob_match(list->pattern, entry->key))
		return true;
	if (!entry->folder || len == 0)
		return false;
	name = mem_copy_slice(entry->key, len - 1);
	return s3_uri_glob_match(list->pattern, name);
}

/* The next entry of the first lane, NULL: it has none now. */
static const struct s3_list_entry *lane_next(struct lane *lane)
{
	while (lane->count > 0) {
		const struct s3_list_entry *entry =
			s3_page_next(lane->pages[0]);

		if (entry == NULL) {
			drop_page(lane);
		} else if (lane->until != NULL &&
			   strcmp(entry->key, lane->until) > 0) {
			while (lane->count > 0)
				drop_page(lane);
		} else {
			return entry;
		}
	}
	return NULL;
}

const struct s3_list_entry *s3_list_next(struct s3_list *list, struct err *err)
{
	err_clear(err);
	while (list->lanes.count > 0) {
		struct lane *lane = list->lanes.items[0];
		const struct s3_list_entry *entry = lane_next(lane);

		if (entry != NULL) {
			if (matches(list, entry))
				return entry;
		} else if (!lane->ended || lane->asked) {
			if (!wait_page(list, err))
				return NULL;
		} else {
			lane_free(lane);
			vec_remove(&list->lanes, 0);
		}
	}
	return NULL;
}

/* --- buckets --- */

void s3_buckets_done(struct s3_buckets *buckets)
{
	for (size_t i = 0; i < buckets->count; i++) {
		mem_free(buckets->items[i].name);
		mem_free(buckets->items[i].region);
	}
	vec_done(buckets);
}

static const struct xml *parse(struct xml_reader *reader, const char *xml,
			       size_t len, const char *name, struct err *err)
{
	const struct xml *root;

	if (!xml_reader_feed(reader, xml, len, err))
		return NULL;
	root = xml_reader_end(reader, err);
	if (root != NULL && strcmp(root->name, name) != 0) {
		err_set(err, ERR_DATA,
			"the reply is a <%s>, not a <%s>: no S3?", root->name,
			name);
		return NULL;
	}
	return root;
}

static bool parse_buckets(const struct str *body, struct s3_buckets *out,
			  char **out_token, struct err *err)
{
	CLEANUP(xml_reader_freep)
	struct xml_reader *reader = xml_reader_new(S3_PAGE_MAX_BYTES);
	const struct xml *root = parse(reader, body->text, body->len,
				       "ListAllMyBucketsResult", err);
	const struct xml *at;

	if (root == NULL)
		return err_wrap(err, "listing buckets");
	for (at = xml_at(root, "Buckets/Bucket"); at != NULL;
	     at = xml_next(at)) {
		struct s3_bucket bucket = {
			.name = mem_copy_text(xml_text(at, "Name", "")),
			.region =
				mem_copy_text(xml_text(at, "BucketRegion", "")),
		};

		if (!isotime_parse(xml_text(at, "CreationDate", ""),
				   &bucket.created_ms, NULL))
			bucket.created_ms = 0;
		vec_push(out, bucket);
	}
	mem_free(*out_token);
	*out_token = mem_copy_text(xml_text(root, "ContinuationToken", NULL));
	return true;
}

bool s3_list_buckets(struct aws *aws, const struct s3_options *request,
		     struct s3_buckets *out_buckets, struct err *err)
{
	CLEANUP(mem_freep) char *token = NULL;

	do {
		CLEANUP(call_freep)
		struct call *call = call_new(OPERATION_LIST_BUCKETS);

		s3_options_apply(request, call);
		if (token != NULL)
			call_add_query(call, "continuation-token", token);
		call->reply_limit = S3_PAGE_MAX_BYTES;
		if (!worker_call(aws, call, err) ||
		    !parse_buckets(&call->reply.body, out_buckets, &token, err))
			return false;
	} while (token != NULL && token[0] != '\0');
	return true;
}
