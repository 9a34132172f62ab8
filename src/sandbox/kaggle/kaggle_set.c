#include "sandbox/kaggle/kaggle_set.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/json.h"

enum {
	NAME_MAX_BYTES = 50,
	SET_BYTES_MAX = 256 << 20, /* of set.json */
};

static void kept_done(struct kaggle_kept *kept)
{
	mem_free(kept->file);
}

void kaggle_set_done(struct kaggle_set *set)
{
	struct kaggle_set empty = KAGGLE_SET_EMPTY;

	for (size_t i = 0; i < set->count; i++) {
		mem_free(set->items[i].name);
		kept_done(&set->items[i].kept);
	}
	vec_done(set);
	kept_done(&set->archive);
	mem_free(set->owner);
	mem_free(set->slug);
	mem_free(set->title);
	mem_free(set->licence);
	mem_free(set->dir);
	*set = empty;
}

void kaggle_names_done(struct kaggle_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		mem_free(names->items[i]);
	vec_done(names);
}

/* --- names --- */

static bool is_name(const char *text, size_t len)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789_-";

	for (size_t i = 0; i < len; i++)
		if (strchr(letters, text[i]) == NULL)
			return false;
	return len > 0 && len <= NAME_MAX_BYTES;
}

bool kaggle_set_split(const char *name, char **out_owner, char **out_slug,
		      struct err *err)
{
	size_t len = strcspn(name, "/");

	if (name[len] != '/' || !is_name(name, len) ||
	    !is_name(name + len + 1, strlen(name + len + 1))) {
		err_set(err, ERR_USAGE, "not the name of a data set: %s", name);
		return err_hint(err, "OWNER/SLUG, each of letters, digits, - "
				     "and _");
	}
	*out_owner = mem_copy_slice(name, len);
	*out_slug = mem_copy_text(name + len + 1);
	return true;
}

static void add_place(const char *dir, const char *owner, const char *slug,
		      struct str *out)
{
	str_addf(out, "%s/kaggle/%s/%s", dir, owner, slug);
}

/* --- folders --- */

/* 0: no version. */
static int64_t read_version(const char *name)
{
	char *end;
	long long number = strtoll(name, &end, 10);

	return name[0] >= '1' && name[0] <= '9' && *end == '\0' ? number : 0;
}

static int64_t latest_version(const char *place)
{
	DIR *folder = opendir(place);
	struct dirent *entry;
	int64_t latest = 0;

	if (folder == NULL)
		return 0;
	while ((entry = readdir(folder)) != NULL) {
		int64_t version = read_version(entry->d_name);

		if (version > latest)
			latest = version;
	}
	closedir(folder);
	return latest;
}

static void list_owner(const char *dir, const char *owner,
		       struct kaggle_names *out)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	DIR *folder;
	struct dirent *entry;

	str_addf(&path, "%s/kaggle/%s", dir, owner);
	folder = opendir(path.text);
	if (folder == NULL)
		return;
	while ((entry = readdir(folder)) != NULL) {
		CLEANUP(str_done) struct str place = STR_EMPTY;
		CLEANUP(str_done) struct str name = STR_EMPTY;

		if (!is_name(entry->d_name, strlen(entry->d_name)))
			continue;
		add_place(dir, owner, entry->d_name, &place);
		if (latest_version(place.text) == 0)
			continue;
		str_addf(&name, "%s/%s", owner, entry->d_name);
		vec_push(out, str_take(&name));
	}
	closedir(folder);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool kaggle_set_list(const char *dir, struct kaggle_names *out, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	DIR *folder;
	struct dirent *entry;

	str_addf(&path, "%s/kaggle", dir);
	folder = opendir(path.text);
	if (folder == NULL)
		return errno == ENOENT ||
		       err_set_errno(err, errno, "cannot read %s", path.text);
	while ((entry = readdir(folder)) != NULL)
		if (is_name(entry->d_name, strlen(entry->d_name)))
			list_owner(dir, entry->d_name, out);
	closedir(folder);
	if (out->count > 0)
		qsort(out->items, out->count, sizeof(*out->items),
		      compare_names);
	return true;
}

/* --- reading --- */

static void read_kept(const struct json *json, struct kaggle_kept *out)
{
	out->file = mem_copy_text(json_text(json, "file", ""));
	out->bytes = json_number(json, "bytes", 0);
	snprintf(out->md5, sizeof(out->md5), "%s", json_text(json, "md5", ""));
}

static void read_files(const struct json *list, struct kaggle_set *set)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *json = json_item(list, i);
		struct kaggle_file file = {
			.name = mem_copy_text(json_text(json, "name", "")),
			.bytes = json_number(json, "bytes", 0),
			.is_zipped = json_bool(json, "zipped", false),
		};

		read_kept(json_key(json, "kept"), &file.kept);
		set->total_bytes += file.bytes;
		vec_push(set, file);
	}
}

static bool missing(const char *owner, const char *slug, int64_t version,
		    struct err *err)
{
	if (version == 0)
		return err_set(err, ERR_MISSING, "no data set %s/%s", owner,
			       slug);
	return err_set(err, ERR_MISSING, "no version %lld of data set %s/%s",
		       (long long)version, owner, slug);
}

bool kaggle_set_load(struct kaggle_set *set, const char *dir, const char *owner,
		     const char *slug, int64_t version, struct err *err)
{
	CLEANUP(str_done) struct str place = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(json_freep) struct json *json = NULL;
	int64_t latest;

	if (!is_name(owner, strlen(owner)) || !is_name(slug, strlen(slug)))
		return missing(owner, slug, 0, err);
	add_place(dir, owner, slug, &place);
	latest = latest_version(place.text);
	if (latest == 0 || version > latest || version < 0)
		return missing(owner, slug, latest == 0 ? 0 : version, err);
	str_addf(&place, "/%lld", (long long)(version > 0 ? version : latest));
	str_addf(&path, "%s/set.json", place.text);
	if (!file_exists(path.text))
		return missing(owner, slug, version, err);
	if (!file_read(path.text, SET_BYTES_MAX, &text, err))
		return false;
	json = json_parse(text.text, text.len, err);
	if (json == NULL)
		return err_wrap(err, "%s", path.text);
	set->owner = mem_copy_text(owner);
	set->slug = mem_copy_text(slug);
	set->title = mem_copy_text(json_text(json, "title", slug));
	set->licence = mem_copy_text(json_text(json, "licence", ""));
	set->dir = str_take(&place);
	set->refusal = (enum kaggle_refusal)json_number(json, "refusal", 0);
	set->version = version > 0 ? version : latest;
	set->latest = latest;
	set->created_ms = json_number(json, "created", 0);
	read_kept(json_key(json, "archive"), &set->archive);
	read_files(json_key(json, "files"), set);
	return true;
}

bool kaggle_set_remove(const char *dir, const char *owner, const char *slug,
		       struct err *err)
{
	CLEANUP(str_done) struct str place = STR_EMPTY;

	add_place(dir, owner, slug, &place);
	if (latest_version(place.text) == 0)
		return missing(owner, slug, 0, err);
	return file_remove_tree(place.text, err);
}
