#include "sandbox/s3_listing.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "data/lite.h"
#include "sandbox/s3_inner.h"

/* Where a scan of keys begins and ends: from <= key < to, by byte. */
struct range {
	struct str from;
	struct str to;
};

/* The first text after all that begin with prefix. UTF-8 has no byte above
 * 0xF4, so the last byte can always be raised by one. */
static void set_past(struct str *out, const char *prefix, size_t len)
{
	str_set_slice(out, prefix, len);
	if (len == 0)
		str_add_char(out, '\xff');
	else
		out->text[len - 1]++;
}

static void set_range(struct range *range, const struct s3_listing_query *query)
{
	const char *prefix = query->prefix == NULL ? "" : query->prefix;

	str_set(&range->from, prefix);
	set_past(&range->to, prefix, strlen(prefix));
	if (query->after == NULL || query->after[0] == '\0' ||
	    strcmp(query->after, prefix) < 0)
		return;
	if (query->after_prefix) {
		set_past(&range->from, query->after, strlen(query->after));
		return;
	}
	str_set(&range->from, query->after);
	str_add_char(&range->from, '\0'); /* the next possible key */
}

/* Length of the common prefix that key folds into, 0: none. */
static size_t folded_len(const struct s3_listing_query *query, const char *key)
{
	size_t prefix_len = query->prefix == NULL ? 0 : strlen(query->prefix);
	const char *at;

	if (query->delimiter == NULL || query->delimiter[0] == '\0')
		return 0;
	at = strstr(key + prefix_len, query->delimiter);
	return at == NULL ? 0 : (size_t)(at - key) + strlen(query->delimiter);
}

static struct lite_query *begin_scan(struct s3_store *store,
				     const struct s3_listing_query *query,
				     const struct range *range, struct err *err)
{
	struct lite_query *scan = lite_query(
		store->lite,
		"select key, bytes, modified_ms, etag, headers from objects"
		" where bucket = ?1 and key >= ?2 and key < ?3 order by key",
		err);

	if (scan == NULL)
		return NULL;
	lite_bind_text(scan, 1, query->bucket);
	lite_bind_slice(scan, 2, range->from.text, range->from.len);
	lite_bind_slice(scan, 3, range->to.text, range->to.len);
	return scan;
}

static void add_key(struct s3_listing *out, struct lite_query *scan)
{
	struct s3_store_object object = {
		.key = mem_copy_text(lite_text(scan, 0)),
		.bytes = lite_number(scan, 1),
		.modified_ms = lite_number(scan, 2),
		.headers = mem_copy_text(lite_text(scan, 4)),
	};

	snprintf(object.etag, sizeof(object.etag), "%s", lite_text(scan, 3));
	vec_push(out, object);
}

static void add_prefix(struct s3_listing *out, const char *key, size_t len)
{
	struct s3_store_object object = {
		.key = mem_copy_slice(key, len),
		.is_prefix = true,
		.headers = mem_copy_text(""),
	};

	vec_push(out, object);
}

/* A common prefix costs one look-up, however many keys fold into it. */
static bool scan_page(struct s3_store *store,
		      const struct s3_listing_query *query, struct range *range,
		      struct s3_listing *out, struct err *err)
{
	struct lite_query *scan = begin_scan(store, query, range, err);
	enum lite_step step = LITE_FAILED;

	while (scan != NULL && (step = lite_step(scan, err)) == LITE_ROW) {
		const char *key = lite_text(scan, 0);
		size_t folded = folded_len(query, key);

		if (out->count == query->max) {
			out->truncated = true;
			break;
		}
		if (folded == 0) {
			add_key(out, scan);
			continue;
		}
		add_prefix(out, key, folded);
		set_past(&range->from, key, folded);
		lite_reset(scan);
		scan = begin_scan(store, query, range, err);
	}
	if (scan != NULL)
		lite_reset(scan);
	return scan != NULL && step != LITE_FAILED;
}

bool s3_listing_page(struct s3_store *store,
		     const struct s3_listing_query *query,
		     struct s3_listing *out, struct err *err)
{
	struct range range = { STR_EMPTY, STR_EMPTY };
	bool done;

	set_range(&range, query);
	pthread_mutex_lock(&store->lock);
	done = s3_inner_need_bucket(store, query->bucket, err);
	if (done && query->max > 0)
		done = scan_page(store, query, &range, out, err);
	pthread_mutex_unlock(&store->lock);
	str_done(&range.from);
	str_done(&range.to);
	return done;
}

void s3_listing_done(struct s3_listing *listing)
{
	for (size_t i = 0; i < listing->count; i++)
		s3_store_object_done(&listing->items[i]);
	vec_done(listing);
}
