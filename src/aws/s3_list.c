#include "aws/s3_list.h"

#include <stdlib.h>
#include <string.h>

#include "aws/call.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "base/vec.h"
#include "data/isotime.h"
#include "data/url.h"
#include "data/xml.h"

enum {
	PAGE_MAX_BYTES = 16 * 1024 * 1024,
};

/* --- one page --- */

struct item {
	char *key;
	bool folder;
	int64_t size;
	int64_t modified_ms;
	char *etag;
	char *storage_class;
};

struct s3_page {
	struct {
		VEC(struct item);
	} items;
	size_t at;
	char *token;
	struct s3_list_entry entry;
};

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

/* With encoding-type=url a blank may come as '+'. */
static char *decoded(const struct xml *node, const char *path, bool encoded)
{
	const char *text = xml_text(node, path, "");
	struct str out = STR_EMPTY;

	if (encoded)
		url_unescape(&out, text, strlen(text), URL_PLUS_IS_BLANK);
	else
		str_add(&out, text);
	return str_take(&out);
}

static void add_item(struct s3_page *page, const struct xml *node, bool encoded,
		     bool folder)
{
	struct item item = { .folder = folder };

	item.key = decoded(node, folder ? "Prefix" : "Key", encoded);
	item.size = xml_number(node, "Size", 0);
	item.etag = mem_copy_text(xml_text(node, "ETag", ""));
	item.storage_class =
		mem_copy_text(xml_text(node, "StorageClass", "STANDARD"));
	if (folder || !isotime_parse(xml_text(node, "LastModified", ""),
				     &item.modified_ms, NULL))
		item.modified_ms = 0;
	vec_push(&page->items, item);
}

static int compare_items(const void *a, const void *b)
{
	return strcmp(((const struct item *)a)->key,
		      ((const struct item *)b)->key);
}

struct s3_page *s3_page_parse(const char *xml, size_t len, struct err *err)
{
	CLEANUP(xml_reader_freep)
	struct xml_reader *reader = xml_reader_new(PAGE_MAX_BYTES);
	const struct xml *root =
		parse(reader, xml, len, "ListBucketResult", err);
	struct s3_page *page;
	bool encoded;

	if (root == NULL)
		return NULL;
	page = mem_alloc(sizeof(*page));
	encoded = strcmp(xml_text(root, "EncodingType", ""), "url") == 0;
	for (const struct xml *at = xml_at(root, "CommonPrefixes"); at != NULL;
	     at = xml_next(at))
		add_item(page, at, encoded, true);
	for (const struct xml *at = xml_at(root, "Contents"); at != NULL;
	     at = xml_next(at))
		add_item(page, at, encoded, false);
	if (page->items.count > 1)
		qsort(page->items.items, page->items.count,
		      sizeof(*page->items.items), compare_items);
	if (xml_bool(root, "IsTruncated", false))
		page->token = mem_copy_text(
			xml_text(root, "NextContinuationToken", NULL));
	return page;
}

void s3_page_free(struct s3_page *page)
{
	if (page == NULL)
		return;
	for (size_t i = 0; i < page->items.count; i++) {
		mem_free(page->items.items[i].key);
		mem_free(page->items.items[i].etag);
		mem_free(page->items.items[i].storage_class);
	}
	vec_done(&page->items);
	mem_free(page->token);
	mem_free(page);
}

const struct s3_list_entry *s3_page_next(struct s3_page *page)
{
	const struct item *item;

	if (page->at == page->items.count)
		return NULL;
	item = &page->items.items[page->at++];
	page->entry = (struct s3_list_entry){
		.key = item->key,
		.folder = item->folder,
		.size = item->size,
		.modified_ms = item->modified_ms,
		.etag = item->etag,
		.storage_class = item->storage_class,
	};
	return &page->entry;
}

const char *s3_page_token(const struct s3_page *page)
{
	return page->token;
}

/* --- all pages --- */

struct s3_list {
	struct aws *aws;
	char *bucket;
	char *prefix;  /* what is asked for */
	char *pattern; /* NULL: all match */
	bool folders;
	int page_keys;
	char *token; /* of the page to come; NULL: the first */
	bool ended;
	struct s3_page *page;
};

struct s3_list *s3_list_new(struct aws *aws,
			    const struct s3_list_options *options)
{
	struct s3_list *list = mem_alloc(sizeof(*list));
	const char *prefix = options->prefix != NULL ? options->prefix : "";

	list->aws = aws;
	list->bucket = mem_copy_text(options->bucket);
	list->folders = options->folders;
	list->page_keys = options->page;
	if (options->glob && s3_uri_has_glob(prefix)) {
		list->pattern = mem_copy_text(prefix);
		list->prefix =
			mem_copy_slice(prefix, s3_uri_glob_prefix(prefix));
	} else {
		list->prefix = mem_copy_text(prefix);
	}
	return list;
}

void s3_list_free(struct s3_list *list)
{
	if (list == NULL)
		return;
	mem_free(list->bucket);
	mem_free(list->prefix);
	mem_free(list->pattern);
	mem_free(list->token);
	s3_page_free(list->page);
	mem_free(list);
}

static bool next_page(struct s3_list *list, struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_LIST_OBJECTS);

	call_set_bucket(call, list->bucket);
	call_add_query(call, "encoding-type", "url");
	call_add_query(call, "prefix", list->prefix);
	if (list->folders)
		call_add_query(call, "delimiter", "/");
	if (list->page_keys > 0)
		call_add_query_number(call, "max-keys", list->page_keys);
	if (list->token != NULL)
		call_add_query(call, "continuation-token", list->token);
	call->reply_limit = PAGE_MAX_BYTES;
	if (!worker_call(list->aws, call, err))
		return false;
	s3_page_free(list->page);
	list->page =
		s3_page_parse(call->reply.body.text, call->reply.body.len, err);
	if (list->page == NULL)
		return err_wrap(err, "listing s3://%s", list->bucket);
	mem_free(list->token);
	list->token = mem_copy_text(s3_page_token(list->page));
	list->ended = list->token == NULL;
	return true;
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

const struct s3_list_entry *s3_list_next(struct s3_list *list, struct err *err)
{
	err_clear(err);
	for (;;) {
		const struct s3_list_entry *entry =
			list->page != NULL ? s3_page_next(list->page) : NULL;

		if (entry != NULL && matches(list, entry))
			return entry;
		if (entry == NULL && (list->ended || !next_page(list, err)))
			return NULL;
	}
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

static bool parse_buckets(const struct str *body, struct s3_buckets *out,
			  char **out_token, struct err *err)
{
	CLEANUP(xml_reader_freep)
	struct xml_reader *reader = xml_reader_new(PAGE_MAX_BYTES);
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

bool s3_list_buckets(struct aws *aws, struct s3_buckets *out_buckets,
		     struct err *err)
{
	CLEANUP(mem_freep) char *token = NULL;

	do {
		CLEANUP(call_freep)
		struct call *call = call_new(OPERATION_LIST_BUCKETS);

		if (token != NULL)
			call_add_query(call, "continuation-token", token);
		call->reply_limit = PAGE_MAX_BYTES;
		if (!worker_call(aws, call, err) ||
		    !parse_buckets(&call->reply.body, out_buckets, &token, err))
			return false;
	} while (token != NULL && token[0] != '\0');
	return true;
}
