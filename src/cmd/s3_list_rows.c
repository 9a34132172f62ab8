#include "cmd/s3_list_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/s3_list.h"
#include "aws/s3_uri.h"
#include "base/units.h"
#include "base/vec.h"
#include "cmd/s3_walk.h"
#include "data/isotime.h"
#include "data/rows.h"

enum {
	COLUMNS_MAX = 7,
	PAGE_KEYS = 1000, /* S3: at most in one reply */
};

/* One entry kept for sorting: its texts in one piece. */
struct kept {
	struct s3_list_entry entry;
	char *text; /* key, etag, class and version, each with its NUL */
};

struct all {
	VEC(struct kept);
	size_t at;
};

struct listing {
	struct rows rows; /* first */
	struct s3_uri uri;
	struct s3_list_rows_options options;
	struct s3_list *list;
	size_t base; /* bytes of keys before the names */
	int64_t given;
	bool has_first; /* the first entry was looked at already */
	struct s3_list_entry first;
	struct all all; /* sorted: all of them */
	bool sorted;
	struct rows_column columns[COLUMNS_MAX];
	struct rows_value values[COLUMNS_MAX];
	struct str name;
	struct str etag;
	char size[32];
	char modified[32];
};

static void free_all(struct all *all)
{
	for (size_t i = 0; i < all->count; i++)
		mem_free(all->items[i].text);
	vec_done(all);
}

/* --- entries in the order of the listing --- */

static bool is_wanted(const struct listing *listing,
		      const struct s3_list_entry *entry)
{
	const struct s3_list_rows_options *options = &listing->options;

	/* the marker of the folder that is listed */
	if (!options->whole_names && !options->versions &&
	    entry->key[listing->base] == '\0')
		return false;
	return options->wanted == NULL ||
	       options->wanted(options->context, entry);
}

static const struct s3_list_entry *next_listed(struct listing *listing,
					       struct err *err)
{
	const struct s3_list_entry *entry;

	if (listing->has_first) {
		listing->has_first = false;
		err_clear(err);
		return &listing->first;
	}
	while ((entry = s3_list_next(listing->list, err)) != NULL)
		if (is_wanted(listing, entry))
			return entry;
	return NULL;
}

/* --- sorting --- */

static int compare_names(const struct s3_list_entry *a,
			 const struct s3_list_entry *b)
{
	return strcmp(a->key, b->key);
}

static int by_name(const void *a, const void *b)
{
	return compare_names(a, b);
}

static int by_time(const void *a, const void *b)
{
	int64_t one = ((const struct s3_list_entry *)a)->modified_ms;
	int64_t two = ((const struct s3_list_entry *)b)->modified_ms;

	return one != two ? (one < two) - (one > two) : by_name(a, b);
}

static int by_size(const void *a, const void *b)
{
	int64_t one = ((const struct s3_list_entry *)a)->size;
	int64_t two = ((const struct s3_list_entry *)b)->size;

	return one != two ? (one < two) - (one > two) : by_name(a, b);
}

static void sort(struct all *all, const struct s3_list_rows_options *options)
{
	int (*compare)(const void *a, const void *b) =
		options->by_time   ? by_time
		: options->by_size ? by_size
				   : by_name;

	if (all->count < 2)
		return;
	qsort(all->items, all->count, sizeof(*all->items), compare);
	for (size_t i = 0; options->reverse && i < all->count / 2; i++) {
		struct kept *other = &all->items[all->count - 1 - i];
		struct kept kept = all->items[i];

		all->items[i] = *other;
		*other = kept;
	}
}

static const char *put_text(char **at, const char *text)
{
	size_t size = strlen(text) + 1;
	char *to = *at;

	memcpy(to, text, size);
	*at += size;
	return to;
}

static void keep(struct all *all, const struct s3_list_entry *entry)
{
	size_t size = strlen(entry->key) + strlen(entry->etag) +
		      strlen(entry->storage_class) + strlen(entry->version) + 4;
	struct kept kept = { *entry, mem_alloc(size) };
	char *at = kept.text;

	kept.entry.key = put_text(&at, entry->key);
	kept.entry.etag = put_text(&at, entry->etag);
	kept.entry.storage_class = put_text(&at, entry->storage_class);
	kept.entry.version = put_text(&at, entry->version);
	vec_push(all, kept);
}

/* With a limit no more is kept than can still be among the first. */
static void prune(struct listing *listing, bool at_end)
{
	struct all *all = &listing->all;
	size_t limit = (size_t)listing->options.limit;

	if (limit == 0 || all->count <= limit ||
	    (!at_end && all->count < 2 * limit + PAGE_KEYS))
		return;
	sort(all, &listing->options);
	while (all->count > limit)
		mem_free(all->items[--all->count].text);
}

static bool read_all(struct listing *listing, struct err *err)
{
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;

	while ((entry = next_listed(listing, &failed)) != NULL) {
		keep(&listing->all, entry);
		prune(listing, false);
	}
	if (failed.kind != ERR_NONE) {
		if (err != NULL)
			*err = failed;
		return false;
	}
	sort(&listing->all, &listing->options);
	prune(listing, true);
	return true;
}

/* --- entries as values --- */

static void set_value(struct rows_value *value, const char *text, size_t len)
{
	value->text = text;
	value->len = len;
}

static void set_text(struct rows_value *value, const char *text)
{
	set_value(value, text, text != NULL ? strlen(text) : 0);
}

static void set_name(struct listing *listing, const struct s3_list_entry *entry)
{
	struct str *name = &listing->name;

	if (!listing->options.whole_names) {
		set_text(&listing->values[0], entry->key + listing->base);
		return;
	}
	str_cut(name, 0);
	str_addf(name, "s3://%s/", listing->uri.bucket.text);
	str_add(name, entry->key);
	set_value(&listing->values[0], name->text, name->len);
}

static void set_size(struct listing *listing, const struct s3_list_entry *entry)
{
	struct rows_value *value = &listing->values[1];

	if (entry->folder || entry->is_marker) {
		set_text(value, NULL);
		return;
	}
	if (listing->options.human) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		units_add_bytes(&text, entry->size);
		snprintf(listing->size, sizeof(listing->size), "%s", text.text);
		set_text(value, listing->size);
		return;
	}
	set_value(value, listing->size,
		  units_write_number(entry->size, listing->size));
}

static void set_modified(struct listing *listing,
			 const struct s3_list_entry *entry)
{
	struct rows_value *value = &listing->values[2];

	if (entry->modified_ms == 0)
		set_text(value, NULL);
	else
		set_value(value, listing->modified,
			  isotime_write_sql(entry->modified_ms,
					    listing->modified));
}

/* Etags come in quotes, which only the wire needs. */
static void set_etag(struct listing *listing, struct rows_value *value,
		     const char *etag)
{
	size_t len = strlen(etag);

	if (len < 2 || etag[0] != '"' || etag[len - 1] != '"') {
		set_value(value, etag, len);
		return;
	}
	str_set_slice(&listing->etag, etag + 1, len - 2);
	set_value(value, listing->etag.text, listing->etag.len);
}

static const char *state_of(const struct s3_list_entry *entry)
{
	if (entry->is_marker)
		return entry->is_latest ? "deleted" : "deleted then";
	return entry->is_latest ? "latest" : "older";
}

static void set_values(struct listing *listing,
		       const struct s3_list_entry *entry)
{
	struct rows_value *value = &listing->values[3];
	bool object = !entry->folder && !entry->is_marker;

	set_name(listing, entry);
	set_size(listing, entry);
	set_modified(listing, entry);
	set_text(value++, object ? entry->storage_class : NULL);
	if (listing->options.all_columns) {
		set_text(value, NULL);
		if (object)
			set_etag(listing, value, entry->etag);
		value++;
	}
	if (!listing->options.versions)
		return;
	set_text(value++, entry->folder ? NULL : entry->version);
	set_text(value++, entry->folder ? NULL : state_of(entry));
}

/* --- rows --- */

static enum rows_step next(struct rows *rows,
			   const struct rows_value **out_values,
			   struct err *err)
{
	struct listing *listing = (struct listing *)rows;
	const struct s3_list_entry *entry = NULL;
	struct err failed = ERR_EMPTY;

	if (listing->options.limit > 0 &&
	    listing->given == listing->options.limit)
		return ROWS_END;
	if (!listing->sorted)
		entry = next_listed(listing, &failed);
	else if (listing->all.at < listing->all.count)
		entry = &listing->all.items[listing->all.at++].entry;
	if (entry == NULL && failed.kind != ERR_NONE) {
		if (err != NULL)
			*err = failed;
		return ROWS_FAILED;
	}
	if (entry == NULL)
		return ROWS_END;
	set_values(listing, entry);
	listing->given++;
	*out_values = listing->values;
	return ROWS_ROW;
}

static void free_rows(struct rows *rows)
{
	struct listing *listing = (struct listing *)rows;

	s3_list_free(listing->list);
	free_all(&listing->all);
	s3_uri_done(&listing->uri);
	str_done(&listing->name);
	str_done(&listing->etag);
	mem_free(listing);
}

static const struct rows_class listing_class = { next, free_rows };

static void add_column(struct listing *listing, const char *name,
		       enum rows_kind kind)
{
	listing->columns[listing->rows.column_count++] =
		(struct rows_column){ name, kind, 0, -1 };
}

static struct listing *listing_new(const struct s3_list_rows_options *options)
{
	struct listing *listing = mem_alloc(sizeof(*listing));

	listing->rows.class = &listing_class;
	listing->rows.columns = listing->columns;
	listing->options = *options;
	listing->uri = (struct s3_uri)S3_URI_EMPTY;
	listing->name = (struct str)STR_EMPTY;
	listing->etag = (struct str)STR_EMPTY;
	listing->sorted =
		options->by_time || options->by_size || options->reverse;
	return listing;
}

/* Folding at '/' would hide what a glob means below a folder. */
static bool folds(const struct s3_uri *uri,
		  const struct s3_list_rows_options *options)
{
	const char *pattern = uri->key.text + s3_uri_glob_prefix(uri->key.text);

	if (options->recursive)
		return false;
	return !s3_uri_has_glob(uri->key.text) ||
	       (strchr(pattern, '/') == NULL && strstr(pattern, "**") == NULL);
}

static void start(struct listing *listing, struct aws *aws,
		  const struct s3_uri *uri)
{
	const struct s3_list_rows_options *options = &listing->options;
	bool glob = s3_uri_has_glob(uri->key.text);
	struct s3_list_options wanted = {
		.bucket = uri->bucket.text,
		.prefix = uri->key.text,
		.glob = glob,
		.folders = folds(uri, options),
		.versions = options->versions,
		.request = uri->options,
	};
	size_t base = glob ? s3_uri_glob_prefix(uri->key.text) : uri->key.len;

	while (base > 0 && uri->key.text[base - 1] != '/')
		base--;
	/* One more for the marker of the folder. */
	if (options->limit > 0 && options->limit < PAGE_KEYS && !glob &&
	    options->wanted == NULL && !listing->sorted)
		wanted.page = (int)options->limit + 1;
	listing->base = base;
	s3_uri_copy(&listing->uri, uri);
	listing->list = s3_list_new(aws, &wanted);
}

struct rows *s3_list_rows_objects(struct aws *aws, const struct s3_uri *uri,
				  const struct s3_list_rows_options *options,
				  struct err *err)
{
	struct listing *listing = listing_new(options);
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;

	add_column(listing, "name", ROWS_TEXT);
	/* Human sizes align as numbers do, and are none in JSON. */
	add_column(listing, "size", options->human ? ROWS_TEXT : ROWS_INTEGER);
	add_column(listing, "modified", ROWS_TIME);
	add_column(listing, "class", ROWS_TEXT);
	if (options->all_columns)
		add_column(listing, "etag", ROWS_TEXT);
	if (options->versions) {
		add_column(listing, "version", ROWS_TEXT);
		add_column(listing, "state", ROWS_TEXT);
	}
	start(listing, aws, uri);
	entry = next_listed(listing, &failed);
	if (entry != NULL) {
		listing->first = *entry;
		listing->has_first = true;
	} else if (failed.kind == ERR_NONE && uri->key.len > 0) {
		s3_walk_found_none(uri, &failed);
	}
	if (failed.kind == ERR_NONE && listing->sorted)
		read_all(listing, &failed);
	if (failed.kind == ERR_NONE)
		return &listing->rows;
	if (err != NULL)
		*err = failed;
	free_rows(&listing->rows);
	return NULL;
}

/* --- buckets: the region stands where objects have their class --- */

static enum rows_step next_bucket(struct rows *rows,
				  const struct rows_value **out_values,
				  struct err *err)
{
	struct listing *listing = (struct listing *)rows;
	const struct s3_list_entry *entry;

	(void)err;
	if (listing->all.at == listing->all.count ||
	    (listing->options.limit > 0 &&
	     listing->given == listing->options.limit))
		return ROWS_END;
	entry = &listing->all.items[listing->all.at++].entry;
	listing->given++;
	set_text(&listing->values[0], entry->key);
	set_modified(listing, entry);
	listing->values[1] = listing->values[2];
	set_text(&listing->values[2],
		 entry->storage_class[0] != '\0' ? entry->storage_class : NULL);
	*out_values = listing->values;
	return ROWS_ROW;
}

static const struct rows_class buckets_class = { next_bucket, free_rows };

struct rows *s3_list_rows_buckets(struct aws *aws,
				  const struct s3_options *request,
				  const struct s3_list_rows_options *options,
				  struct err *err)
{
	CLEANUP(s3_buckets_done) struct s3_buckets buckets = { 0 };
	struct listing *listing;

	if (!s3_list_buckets(aws, request, &buckets, err))
		return NULL;
	listing = listing_new(options);
	listing->rows.class = &buckets_class;
	add_column(listing, "name", ROWS_TEXT);
	add_column(listing, "created", ROWS_TIME);
	add_column(listing, "region", ROWS_TEXT);
	for (size_t i = 0; i < buckets.count; i++) {
		struct s3_list_entry entry = {
			.key = buckets.items[i].name,
			.modified_ms = buckets.items[i].created_ms,
			.storage_class = buckets.items[i].region,
			.etag = "",
			.version = "",
		};

		if (options->wanted == NULL ||
		    options->wanted(options->context, &entry))
			keep(&listing->all, &entry);
	}
	sort(&listing->all, &listing->options);
	return &listing->rows;
}
