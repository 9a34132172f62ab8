#include "sandbox/account/warehouse.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/json.h"

enum { FILE_MAX_BYTES = 1 << 20 };

static void add_path(const char *dir, const char *kind, const char *name,
		     struct str *out)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	CLEANUP(str_done) struct str file = STR_EMPTY;

	path_join(dir, "account", &folder);
	str_addf(&file, "%s.%s.json", kind, name);
	path_join(folder.text, file.text, out);
}

/* Names come from requests too: no way out of the folder. */
static bool is_name(const char *name)
{
	return *name != '\0' && *name != '.' && strchr(name, '/') == NULL;
}

struct json *warehouse_read(const char *dir, const char *kind,
			    const char *name)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (dir == NULL || !is_name(name))
		return NULL;
	add_path(dir, kind, name, &path);
	if (!file_exists(path.text) ||
	    !file_read(path.text, FILE_MAX_BYTES, &text, NULL))
		return NULL;
	return json_parse(text.text, text.len, NULL);
}

bool warehouse_write(const char *dir, const char *kind, const char *name,
		     const struct json *facts, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!is_name(name))
		return err_set(err, ERR_USAGE, "no name: %s", name);
	add_path(dir, kind, name, &path);
	path_dir(path.text, &folder);
	json_add(&text, facts);
	return file_make_dirs(folder.text, 0700, err) &&
	       file_write(path.text, text.text, text.len, 0600, err);
}

bool warehouse_drop(const char *dir, const char *kind, const char *name,
		    struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	if (!is_name(name))
		return true;
	add_path(dir, kind, name, &path);
	return file_remove_tree(path.text, err);
}

struct names {
	VEC(char *);
};

static void names_done(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		mem_free(names->items[i]);
	vec_done(names);
}

static int by_name(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

static void list_names(const char *dir, const char *kind, struct names *out)
{
	static const char suffix[] = ".json";
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	const struct dirent *entry;
	DIR *open;

	path_join(dir, "account", &folder);
	open = opendir(folder.text);
	while (open != NULL && (entry = readdir(open)) != NULL) {
		const char *name = entry->d_name;
		size_t head = strlen(kind);

		if (str_starts(name, kind) && name[head] == '.' &&
		    str_ends(name, suffix) &&
		    strlen(name) > head + 1 + strlen(suffix))
			vec_push(out, mem_copy_slice(
					      name + head + 1,
					      strlen(name) - head - 1 -
						      strlen(suffix)));
	}
	if (open != NULL)
		closedir(open);
	if (out->count > 0)
		qsort(out->items, out->count, sizeof(*out->items), by_name);
}

struct json *warehouse_list(const char *dir, const char *kind)
{
	CLEANUP(names_done) struct names names = { 0 };
	struct json *list = json_new_array();

	if (dir != NULL)
		list_names(dir, kind, &names);
	for (size_t i = 0; i < names.count; i++) {
		struct json *one = warehouse_read(dir, kind, names.items[i]);

		if (one == NULL)
			continue;
		json_put_text(one, "name", names.items[i]);
		json_push_take(list, one);
	}
	return list;
}
