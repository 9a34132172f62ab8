#include "load/unload_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"

void unload_parts_done(struct unload_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		mem_free(parts->items[i].uri);
	vec_done(parts);
}

static bool add_entry(struct unload_parts *out, const struct json *entry,
		      const char *folder, struct err *err)
{
	const char *uri = json_text(entry, "url", NULL);
	struct unload_part part;

	if (uri == NULL)
		return err_set(err, ERR_DATA,
			       "an entry of the manifest names no file");
	if (!str_starts(uri, folder))
		return err_set(err, ERR_DATA,
			       "the manifest names %.200s, which is not in "
			       "%.200s",
			       uri, folder);
	part.uri = mem_copy_text(uri);
	part.bytes = json_number(entry, "meta.content_length", -1);
	vec_push(out, part);
	return true;
}

bool unload_parts_read(struct unload_parts *out, const char *text, size_t len,
		       const char *folder, struct err *err)
{
	CLEANUP(json_freep) struct json *json = json_parse(text, len, err);
	const struct json *entries = json_at(json, "entries");

	if (json == NULL)
		return err_wrap(err, "the manifest of UNLOAD");
	if (json_shape(entries) != JSON_SHAPE_ARRAY)
		return err_set(err, ERR_DATA,
			       "the manifest of UNLOAD has no entries");
	for (size_t i = 0; i < json_count(entries); i++)
		if (!add_entry(out, json_item(entries, i), folder, err))
			return false;
	return true;
}

static size_t digits(const char *text)
{
	size_t count = 0;

	while (isdigit((unsigned char)text[count]))
		count++;
	return count;
}

int unload_parts_compare(const char *a, const char *b)
{
	while (*a != '\0' && *b != '\0') {
		size_t in_a, in_b;

		if (!isdigit((unsigned char)*a) || !isdigit((unsigned char)*b)) {
			if (*a != *b)
				break;
			a++;
			b++;
			continue;
		}
		while (*a == '0' && isdigit((unsigned char)a[1]))
			a++;
		while (*b == '0' && isdigit((unsigned char)b[1]))
			b++;
		in_a = digits(a);
		in_b = digits(b);
		if (in_a != in_b)
			return in_a < in_b ? -1 : 1;
		if (memcmp(a, b, in_a) != 0)
			return memcmp(a, b, in_a);
		a += in_a;
		b += in_b;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

static int compare(const void *a, const void *b)
{
	const struct unload_part *one = a;
	const struct unload_part *other = b;
	int order = unload_parts_compare(one->uri, other->uri);

	return order != 0 ? order : strcmp(one->uri, other->uri);
}

void unload_parts_sort(struct unload_parts *parts)
{
	if (parts->count > 1)
		qsort(parts->items, parts->count, sizeof(parts->items[0]),
		      compare);
}

int64_t unload_parts_bytes(const struct unload_parts *parts)
{
	int64_t bytes = 0;

	for (size_t i = 0; i < parts->count; i++)
		if (parts->items[i].bytes > 0)
			bytes += parts->items[i].bytes;
	return bytes;
}
