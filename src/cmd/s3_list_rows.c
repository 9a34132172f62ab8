#include "cmd/s3_list_rows.h"

#include <stdlib.h>
#include <string.h>

#include "aws/s3_list.h"
#include "aws/s3_uri.h"
#include "base/units.h"
#include "base/vec.h"
#include "data/isotime.h"
#include "data/rows_mem.h"

struct item {
	char *name;
	bool folder;
	int64_t size;
	int64_t modified_ms;
	char *etag;
	char *storage_class;
};

struct items {
	VEC(struct item);
};

static void items_done(struct items *items)
{
	for (size_t i = 0; i < items->count; i++) {
		mem_free(items->items[i].name);
		mem_free(items->items[i].etag);
		mem_free(items->items[i].storage_class);
	}
	vec_done(items);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct item *)a)->name,
		      ((const struct item *)b)->name);
}

static int by_time(const void *a, const void *b)
{
	int64_t one = ((const struct item *)a)->modified_ms;
	int64_t two = ((const struct item *)b)->modified_ms;

	return one != two ? (one < two) - (one > two) : by_name(a, b);
}

static int by_size(const void *a, const void *b)
{
	int64_t one = ((const struct item *)a)->size;
	int64_t two = ((const struct item *)b)->size;

	return one != two ? (one < two) - (one > two) : by_name(a, b);
}

static void sort(struct items *items,
		 const struct s3_list_rows_options *options)
{
	int (*compare)(const void *a, const void *b) =
		options->by_time   ? by_time
		: options->by_size ? by_size
				   : by_name;

	if (items->count < 2)
		return;
	qsort(items->items, items->count, sizeof(*items->items), compare);
	for (size_t i = 0; options->reverse && i < items->count / 2; i++) {
		struct item *other = &items->items[items->count - 1 - i];
		struct item item = items->items[i];

		items->items[i] = *other;
		*other = item;
	}
}

static void add_time(struct rows_mem *mem, int64_t at_ms)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (at_ms == 0) {
		rows_mem_add(mem, NULL);
		return;
	}
	isotime_add_sql(&text, at_ms);
	rows_mem_add(mem, text.text);
}

static void add_size(struct rows_mem *mem, const struct item *item, bool human)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (item->folder) {
		rows_mem_add(mem, NULL);
	} else if (human) {
		units_add_bytes(&text, item->size);
		rows_mem_add(mem, text.text);
	} else {
		rows_mem_add_number(mem, item->size);
	}
}

static struct rows *to_rows(const struct items *items,
			    const struct s3_list_rows_options *options)
{
	struct rows_mem *mem = rows_mem_new(NULL);

	rows_mem_column(mem, "name", ROWS_TEXT);
	/* Human sizes align as numbers do, and are none in JSON. */
	rows_mem_column(mem, "size", options->human ? ROWS_TEXT : ROWS_INTEGER);
	rows_mem_column(mem, "modified", ROWS_TIME);
	if (options->all_columns) {
		rows_mem_column(mem, "class", ROWS_TEXT);
		rows_mem_column(mem, "etag", ROWS_TEXT);
	}
	for (size_t i = 0; i < items->count; i++) {
		const struct item *item = &items->items[i];

		rows_mem_add(mem, item->name);
		add_size(mem, item, options->human);
		add_time(mem, item->modified_ms);
		if (!options->all_columns)
			continue;
		rows_mem_add(mem, item->folder ? NULL : item->storage_class);
		rows_mem_add(mem, item->folder ? NULL : item->etag);
	}
	return rows_mem_rows(mem);
}

/* Folding at '/' would hide what a glob means below a folder. */
static bool folds(const struct s3_uri *uri, bool glob,
		  const struct s3_list_rows_options *options)
{
	const char *pattern = uri->key.text + s3_uri_glob_prefix(uri->key.text);

	if (options->recursive)
		return false;
	return !glob ||
	       (strchr(pattern, '/') == NULL && strstr(pattern, "**") == NULL);
}

/* Etags come in quotes, which only the wire needs. */
static char *bare_etag(const char *etag)
{
	size_t len = strlen(etag);

	if (len >= 2 && etag[0] == '"' && etag[len - 1] == '"')
		return mem_copy_slice(etag + 1, len - 2);
	return mem_copy_text(etag);
}

static bool collect(struct aws *aws, const struct s3_uri *uri,
		    const struct s3_list_rows_options *options,
		    struct items *items, struct err *err)
{
	bool glob = s3_uri_has_glob(uri->key.text);
	struct s3_list_options wanted = {
		.bucket = uri->bucket.text,
		.prefix = uri->key.text,
		.glob = glob,
		.folders = folds(uri, glob, options),
	};
	CLEANUP(s3_list_freep) struct s3_list *list = s3_list_new(aws, &wanted);
	size_t base = glob ? s3_uri_glob_prefix(uri->key.text) : uri->key.len;
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;

	while (base > 0 && uri->key.text[base - 1] != '/')
		base--;
	while ((entry = s3_list_next(list, &failed)) != NULL) {
		struct item item = {
			.folder = entry->folder,
			.size = entry->size,
			.modified_ms = entry->modified_ms,
		};

		/* the marker of the folder that is listed */
		if (entry->key[base] == '\0')
			continue;
		item.name = mem_copy_text(entry->key + base);
		item.etag = bare_etag(entry->etag);
		item.storage_class = mem_copy_text(entry->storage_class);
		vec_push(items, item);
	}
	if (failed.kind != ERR_NONE && err != NULL)
		*err = failed;
	return failed.kind == ERR_NONE;
}

struct rows *s3_list_rows_objects(struct aws *aws, const struct s3_uri *uri,
				  const struct s3_list_rows_options *options,
				  struct err *err)
{
	CLEANUP(items_done) struct items items = { 0 };
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	if (!collect(aws, uri, options, &items, err))
		return NULL;
	if (items.count == 0 && uri->key.len > 0) {
		s3_uri_add_shown(uri, &shown);
		err_set(err, ERR_MISSING, "nothing matches %s", shown.text);
		err_hint(err, "\\s3ls s3://%s/ shows what is there",
			 uri->bucket.text);
		return NULL;
	}
	sort(&items, options);
	return to_rows(&items, options);
}

struct rows *s3_list_rows_buckets(struct aws *aws,
				  const struct s3_list_rows_options *options,
				  struct err *err)
{
	CLEANUP(s3_buckets_done) struct s3_buckets buckets = { 0 };
	CLEANUP(items_done) struct items items = { 0 };
	struct rows_mem *mem;

	if (!s3_list_buckets(aws, NULL, &buckets, err))
		return NULL;
	for (size_t i = 0; i < buckets.count; i++) {
		struct item item = {
			.name = mem_copy_text(buckets.items[i].name),
			.modified_ms = buckets.items[i].created_ms,
			.etag = mem_copy_text(buckets.items[i].region),
		};

		vec_push(&items, item);
	}
	sort(&items, options);
	mem = rows_mem_new(NULL);
	rows_mem_column(mem, "name", ROWS_TEXT);
	rows_mem_column(mem, "created", ROWS_TIME);
	rows_mem_column(mem, "region", ROWS_TEXT);
	for (size_t i = 0; i < items.count; i++) {
		const char *region = items.items[i].etag;

		rows_mem_add(mem, items.items[i].name);
		add_time(mem, items.items[i].modified_ms);
		rows_mem_add(mem, region[0] != '\0' ? region : NULL);
	}
	return rows_mem_rows(mem);
}
