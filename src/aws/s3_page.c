#include "aws/s3_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "data/isotime.h"
#include "data/url.h"
#include "data/xml_events.h"

/* Texts are offsets into the page's text, which moves while it grows. */
struct item {
	size_t key;
	size_t etag;
	size_t storage_class;
	size_t version;
	int64_t size;
	int64_t modified_ms;
	bool is_latest;
	bool is_marker;
};

struct items {
	VEC(struct item);
	size_t at; /* next one to be given out */
};

struct s3_page {
	struct str text; /* begins with "" and "STANDARD" */
	struct items objects;
	struct items folders;
	size_t token; /* 0: none */
	size_t version;
	struct s3_list_entry entry;
};

enum { STANDARD = 1 }; /* where it stands in every page's text */

/* --- reading --- */

struct parsing {
	struct s3_page *page;
	struct item item; /* the element open at depth 1 */
	bool is_encoded;  /* encoding-type=url */
	bool is_listing;  /* the root has the right name */
	bool is_truncated;
	struct str root;
};

static void open_element(void *context, const char *name, size_t depth)
{
	struct parsing *parsing = context;

	if (depth == 0) {
		parsing->is_listing = strcmp(name, "ListBucketResult") == 0 ||
				      strcmp(name, "ListVersionsResult") == 0;
		str_set(&parsing->root, name);
	} else if (depth == 1) {
		parsing->item = (struct item){ .storage_class = STANDARD };
	}
}

static size_t keep(struct s3_page *page, const char *text, size_t len)
{
	size_t at = page->text.len;

	str_add_slice(&page->text, text, len);
	str_add_char(&page->text, '\0');
	return at;
}

/* With encoding-type=url a blank may come as '+'. */
static size_t keep_decoded(struct parsing *parsing, const char *text,
			   size_t len)
{
	struct str *out = &parsing->page->text;
	size_t at = out->len;

	if (!parsing->is_encoded ||
	    (memchr(text, '%', len) == NULL && memchr(text, '+', len) == NULL))
		return keep(parsing->page, text, len);
	url_unescape(out, text, len, URL_PLUS_IS_BLANK);
	str_add_char(out, '\0');
	return at;
}

/* Most objects of a page are of the same class. */
static size_t keep_class(struct s3_page *page, const char *text, size_t len)
{
	size_t last = page->objects.count > 0
			      ? page->objects.items[page->objects.count - 1]
					.storage_class
			      : STANDARD;

	if (strcmp(page->text.text + last, text) == 0)
		return last;
	return keep(page, text, len);
}

static void close_in_item(struct parsing *parsing, const char *name,
			  const char *text, size_t len)
{
	struct item *item = &parsing->item;

	if (strcmp(name, "Key") == 0 || strcmp(name, "Prefix") == 0)
		item->key = keep_decoded(parsing, text, len);
	else if (strcmp(name, "Size") == 0)
		item->size = strtoll(text, NULL, 10);
	else if (strcmp(name, "LastModified") == 0)
		item->modified_ms =
			isotime_parse(text, &item->modified_ms, NULL)
				? item->modified_ms
				: 0;
	else if (strcmp(name, "ETag") == 0)
		item->etag = keep(parsing->page, text, len);
	else if (strcmp(name, "StorageClass") == 0)
		item->storage_class = keep_class(parsing->page, text, len);
	else if (strcmp(name, "VersionId") == 0)
		item->version = keep(parsing->page, text, len);
	else if (strcmp(name, "IsLatest") == 0)
		item->is_latest = strcmp(text, "true") == 0;
}

static void close_in_root(struct parsing *parsing, const char *name,
			  const char *text, size_t len)
{
	struct s3_page *page = parsing->page;
	struct item *item = &parsing->item;

	if (strcmp(name, "Contents") == 0 || strcmp(name, "Version") == 0) {
		vec_push(&page->objects, *item);
	} else if (strcmp(name, "DeleteMarker") == 0) {
		item->is_marker = true;
		vec_push(&page->objects, *item);
	} else if (strcmp(name, "CommonPrefixes") == 0) {
		vec_push(&page->folders, *item);
	} else if (strcmp(name, "EncodingType") == 0) {
		parsing->is_encoded = strcmp(text, "url") == 0;
	} else if (strcmp(name, "IsTruncated") == 0) {
		parsing->is_truncated =
			strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
	} else if (strcmp(name, "NextContinuationToken") == 0) {
		page->token = keep(page, text, len);
	} else if (strcmp(name, "NextKeyMarker") == 0) {
		page->token = keep_decoded(parsing, text, len);
	} else if (strcmp(name, "NextVersionIdMarker") == 0) {
		page->version = keep(page, text, len);
	}
}

static void close_element(void *context, const char *name, size_t depth,
			  const char *text, size_t len)
{
	if (depth == 1)
		close_in_root(context, name, text, len);
	else if (depth == 2)
		close_in_item(context, name, text, len);
}

/* EncodingType may stand behind what it is about. */
static bool says_encoded(const char *xml, size_t len)
{
	static const char said[] = "<EncodingType>url<";

	return memmem(xml, len, said, sizeof(said) - 1) != NULL;
}

static bool read_all(struct parsing *parsing, const char *xml, size_t len,
		     struct err *err)
{
	struct xml_events events = { open_element, close_element, parsing };

	if (!xml_events_read(&events, xml, len, err))
		return false;
	if (parsing->is_listing)
		return true;
	return err_set(err, ERR_DATA,
		       "the reply is a <%s>, not a <ListBucketResult>: no S3?",
		       parsing->root.text);
}

struct s3_page *s3_page_parse(const char *xml, size_t len, struct err *err)
{
	CLEANUP(s3_page_freep) struct s3_page *page = mem_alloc(sizeof(*page));
	struct parsing parsing = { .page = page, .root = STR_EMPTY };
	struct s3_page *done = page;
	bool ok;

	page->text = (struct str)STR_EMPTY;
	keep(page, "", 0);
	keep(page, "STANDARD", strlen("STANDARD"));
	parsing.is_encoded = says_encoded(xml, len);
	ok = read_all(&parsing, xml, len, err);
	str_done(&parsing.root);
	if (!ok)
		return NULL;
	if (!parsing.is_truncated)
		page->token = 0;
	page = NULL;
	return done;
}

void s3_page_free(struct s3_page *page)
{
	if (page == NULL)
		return;
	str_done(&page->text);
	vec_done(&page->objects);
	vec_done(&page->folders);
	mem_free(page);
}

/* --- giving out --- */

static const struct item *peek(const struct items *items)
{
	return items->at < items->count ? &items->items[items->at] : NULL;
}

const struct s3_list_entry *s3_page_next(struct s3_page *page)
{
	const struct item *object = peek(&page->objects);
	const struct item *item = peek(&page->folders);
	const char *text = page->text.text;
	bool folder = item != NULL &&
		      (object == NULL ||
		       strcmp(text + item->key, text + object->key) < 0);

	if (!folder)
		item = object;
	if (item == NULL)
		return NULL;
	if (folder)
		page->folders.at++;
	else
		page->objects.at++;
	page->entry = (struct s3_list_entry){
		.key = text + item->key,
		.folder = folder,
		.size = item->size,
		.modified_ms = item->modified_ms,
		.etag = text + item->etag,
		.storage_class = text + item->storage_class,
		.version = text + item->version,
		.is_latest = item->is_latest,
		.is_marker = item->is_marker,
	};
	return &page->entry;
}

const char *s3_page_last_key(const struct s3_page *page)
{
	size_t count = page->objects.count;

	return count > 0 ? page->text.text + page->objects.items[count - 1].key
			 : "";
}

const char *s3_page_token(const struct s3_page *page)
{
	return page->token > 0 ? page->text.text + page->token : NULL;
}

const char *s3_page_version(const struct s3_page *page)
{
	return page->text.text + page->version;
}
