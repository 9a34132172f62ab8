#include "sandbox/s3/s3_listing.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "data/lite.h"
#include "sandbox/s3/s3_inner.h"

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

/* The columns of both: key, bytes, modified_ms, etag, headers, version,
 * marker. */
static const char scan_objects[] =
	"select key, bytes, modified_ms, etag, headers, version, 0"
	" from objects where bucket = ?1 and key >= ?2 and key < ?3"
	" and ?4 is null and ?5 is null order by key";

/* ?4 is the key that a page goes on in, ?5 the place of its last version. */
static const char scan_versions[] =
	"select key, bytes, modified_ms, etag, headers, version, 0, seq"
	" from objects where bucket = ?1 and key >= ?2 and key < ?3"
	" and (?4 is null or key <> ?4 or seq < ?5)"
	" union all"
	" select key, bytes, modified_ms, etag, headers, version, marker, seq"
	" from versions where bucket = ?1 and key >= ?2 and key < ?3"
	" and (?4 is null or key <> ?4 or seq < ?5)"
	" order by 1, 8 desc";

struct scan {
	struct s3_store *store;
	const struct s3_listing_query *query;
	const char *sql;
	struct range range;
	int64_t after_seq; /* of after_version */
};

static struct lite_query *begin_scan(const struct scan *scan, struct err *err)
{
	struct lite_query *rows = lite_query(scan->store->lite, scan->sql, err);

	if (rows == NULL)
		return NULL;
	lite_bind_text(rows, 1, scan->query->bucket);
	lite_bind_slice(rows, 2, scan->range.from.text, scan->range.from.len);
	lite_bind_slice(rows, 3, scan->range.to.text, scan->range.to.len);
	if (scan->query->after_version != NULL) {
		lite_bind_text(rows, 4, scan->query->after);
		lite_bind_number(rows, 5, scan->after_seq);
	}
	return rows;
}

static void add_key(struct s3_listing *out, const struct scan *scan,
		    struct lite_query *rows)
{
	const char *key = lite_text(rows, 0);
	const char *before = out->count > 0 ? out->items[out->count - 1].key
			     : scan->query->after_version != NULL
				     ? scan->query->after
				     : "";
	struct s3_store_object object = {
		.key = mem_copy_text(key),
		.bytes = lite_number(rows, 1),
		.modified_ms = lite_number(rows, 2),
		.headers = mem_copy_text(lite_text(rows, 4)),
		.is_marker = lite_number(rows, 6) != 0,
		.is_latest = strcmp(before, key) != 0,
	};

	snprintf(object.etag, sizeof(object.etag), "%s", lite_text(rows, 3));
	snprintf(object.version, sizeof(object.version), "%s",
		 lite_text(rows, 5));
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
static bool scan_page(struct scan *scan, struct s3_listing *out,
		      struct err *err)
{
	const struct s3_listing_query *query = scan->query;
	struct lite_query *rows = begin_scan(scan, err);
	enum lite_step step = LITE_FAILED;

	while (rows != NULL && (step = lite_step(rows, err)) == LITE_ROW) {
		const char *key = lite_text(rows, 0);
		size_t folded = folded_len(query, key);

		if (out->count == query->max) {
			out->truncated = true;
			break;
		}
		if (folded == 0) {
			add_key(out, scan, rows);
			continue;
		}
		add_prefix(out, key, folded);
		set_past(&scan->range.from, key, folded);
		lite_reset(rows);
		rows = begin_scan(scan, err);
	}
	if (rows != NULL)
		lite_reset(rows);
	return rows != NULL && step != LITE_FAILED;
}

/* Where the version is that a page goes on after. */
static bool find_seq(struct scan *scan, struct err *err)
{
	struct lite_query *row = lite_query(
		scan->store->lite,
		"select seq from objects where bucket = ?1 and key = ?2"
		" and version = ?3 union all"
		" select seq from versions where bucket = ?1 and key = ?2"
		" and version = ?3",
		err);
	enum lite_step step;

	if (row == NULL)
		return false;
	lite_bind_text(row, 1, scan->query->bucket);
	lite_bind_text(row, 2, scan->query->after);
	lite_bind_text(row, 3, scan->query->after_version);
	step = lite_step(row, err);
	if (step == LITE_ROW)
		scan->after_seq = lite_number(row, 0);
	lite_reset(row);
	/* the page begins at that key, not behind it */
	str_set(&scan->range.from, scan->query->after);
	return step == LITE_ROW ||
	       (step == LITE_DONE &&
		s3_inner_refuse(err, "InvalidArgument",
				"Invalid version id specified"));
}

static bool list(struct scan *scan, struct s3_listing *out, struct err *err)
{
	bool done;

	set_range(&scan->range, scan->query);
	pthread_mutex_lock(&scan->store->lock);
	done = s3_inner_need_bucket(scan->store, scan->query->bucket, err) &&
	       (scan->query->after_version == NULL || find_seq(scan, err));
	if (done && scan->query->max > 0)
		done = scan_page(scan, out, err);
	pthread_mutex_unlock(&scan->store->lock);
	str_done(&scan->range.from);
	str_done(&scan->range.to);
	return done;
}

bool s3_listing_page(struct s3_store *store,
		     const struct s3_listing_query *query,
		     struct s3_listing *out, struct err *err)
{
	struct scan scan = {
		.store = store,
		.query = query,
		.sql = scan_objects,
		.range = { STR_EMPTY, STR_EMPTY },
	};

	return list(&scan, out, err);
}

bool s3_listing_versions(struct s3_store *store,
			 const struct s3_listing_query *query,
			 struct s3_listing *out, struct err *err)
{
	struct scan scan = {
		.store = store,
		.query = query,
		.sql = scan_versions,
		.range = { STR_EMPTY, STR_EMPTY },
	};

	return list(&scan, out, err);
}

void s3_listing_done(struct s3_listing *listing)
{
	for (size_t i = 0; i < listing->count; i++)
		s3_store_object_done(&listing->items[i]);
	vec_done(listing);
}
