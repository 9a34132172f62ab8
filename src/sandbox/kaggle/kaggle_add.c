/* Versions of data sets made of files: kaggle_set_add, kaggle_set_make_demo. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/json.h"
#include "data/pack.h"
#include "data/pack_zip_write.h"
#include "sandbox/kaggle/kaggle_set.h"

enum {
	BLOCK_BYTES = 1 << 16,
	DEPTH_MAX = 32,
	GENERATE_MS = 60000,
	SAID_BYTES = 1 << 16,
};

struct source {
	char *name; /* in the data set */
	char *path; /* on disk */
	int64_t modified_ms;
	int64_t bytes;
};

struct sources {
	VEC(struct source);
};

static void sources_done(struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		mem_free(sources->items[i].name);
		mem_free(sources->items[i].path);
	}
	vec_done(sources);
}

/* --- what to add --- */

static bool push_file(struct sources *sources, const char *name,
		      const char *path, struct err *err)
{
	struct source source = {
		.modified_ms = file_changed_ms(path),
		.bytes = file_size(path),
	};

	if (!utf8_valid(name, strlen(name)))
		return err_set(err, ERR_USAGE,
			       "names of files are UTF-8 at Kaggle: %s", path);
	if (source.bytes < 0)
		return err_set(err, ERR_USAGE, "no file: %s", path);
	source.name = mem_copy_text(name);
	source.path = mem_copy_text(path);
	vec_push(sources, source);
	return true;
}

static bool walk(struct sources *sources, const char *path, const char *prefix,
		 int depth, struct err *err)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool good = true;

	if (folder == NULL || depth > DEPTH_MAX) {
		int failed = folder == NULL ? errno : ELOOP;

		if (folder != NULL)
			closedir(folder);
		return err_set_errno(err, failed, "cannot read %s", path);
	}
	while (good && (entry = readdir(folder)) != NULL) {
		CLEANUP(str_done) struct str inner = STR_EMPTY;
		CLEANUP(str_done) struct str name = STR_EMPTY;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		path_join(path, entry->d_name, &inner);
		str_addf(&name, "%s%s", prefix, entry->d_name);
		if (!file_is_dir(inner.text)) {
			good = push_file(sources, name.text, inner.text, err);
			continue;
		}
		str_add_char(&name, '/');
		good = walk(sources, inner.text, name.text, depth + 1, err);
	}
	closedir(folder);
	return good;
}

static int compare_sources(const void *a, const void *b)
{
	return strcmp(((const struct source *)a)->name,
		      ((const struct source *)b)->name);
}

static bool collect(const struct kaggle_add *add, struct sources *out,
		    struct err *err)
{
	for (size_t i = 0; i < add->count; i++) {
		const char *path = add->paths[i];
		const char *slash = strrchr(path, '/');

		if (file_is_dir(path)
			    ? !walk(out, path, "", 0, err)
			    : !push_file(out, slash ? slash + 1 : path, path,
					 err))
			return false;
	}
	if (out->count == 0 && add->archive == NULL)
		return err_set(err, ERR_USAGE, "no files to add");
	if (out->count == 0)
		return true;
	qsort(out->items, out->count, sizeof(*out->items), compare_sources);
	for (size_t i = 1; i < out->count; i++)
		if (strcmp(out->items[i - 1].name, out->items[i].name) == 0)
			return err_set(err, ERR_USAGE, "twice of one name: %s",
				       out->items[i].name);
	return true;
}

/* --- what is kept --- */

static bool pour(int from, int to, struct err *err)
{
	char block[BLOCK_BYTES];
	ssize_t n;

	while ((n = read(from, block, sizeof(block))) > 0)
		if (write(to, block, (size_t)n) != n)
			return err_set_errno(err, errno, "cannot copy");
	return n == 0 || err_set_errno(err, errno, "cannot copy");
}

static bool copy_file(const char *from, const char *to, struct err *err)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool good;

	good = in >= 0 && out >= 0 ? pour(in, out, err)
				   : err_set_errno(err, errno, "cannot copy");
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return good || err_wrap(err, "%s", from);
}

static bool sum_file(const char *path, struct str *out_hex, struct err *err)
{
	CLEANUP(hash_freep) struct hash *hash = hash_new(HASH_MD5);
	unsigned char digest[HASH_MAX];
	char block[BLOCK_BYTES];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return err_set_errno(err, errno, "cannot read %s", path);
	while ((n = read(fd, block, sizeof(block))) > 0)
		hash_feed(hash, block, (size_t)n);
	close(fd);
	hash_finish(hash, digest);
	encode_hex(out_hex, digest, hash_size(HASH_MD5));
	return n == 0 || err_set(err, ERR_SYSTEM, "cannot read %s", path);
}

static bool put_kept(struct json *json, const char *key, const char *place,
		     const char *file, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str md5 = STR_EMPTY;
	struct json *kept;

	path_join(place, file, &path);
	if (!sum_file(path.text, &md5, err))
		return false;
	kept = json_new_object();
	json_put_text(kept, "file", file);
	json_put_number(kept, "bytes", file_size(path.text));
	json_put_text(kept, "md5", md5.text);
	json_put_take(json, key, kept);
	return true;
}

static bool zip_all(const struct sources *sources, const char *path, bool zip64,
		    struct err *err)
{
	CLEANUP(zipper_closep)
	struct zipper *zip = zipper_open(path, zip64, err);

	if (zip == NULL)
		return false;
	for (size_t i = 0; i < sources->count; i++) {
		const struct source *source = &sources->items[i];

		if (!zipper_add(zip, source->name, source->path,
				source->modified_ms, err))
			return false;
	}
	return zipper_end(zip, err);
}

/* Kaggle zips what gets shorter by it. */
static bool comes_zipped(const struct source *source, int64_t over)
{
	unsigned char magic[6];
	FILE *file;
	size_t n;

	if (source->bytes <= over)
		return false;
	file = fopen(source->path, "re");
	if (file == NULL)
		return false;
	n = fread(magic, 1, sizeof(magic), file);
	fclose(file);
	return pack_detect(magic, n) == PACK_NONE && magic[0] != 'P';
}

static bool keep_one(const struct kaggle_add *add, const struct source *source,
		     const char *place, size_t number, struct json *list,
		     struct err *err)
{
	CLEANUP(str_done) struct str file = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(json_freep) struct json *json = json_new_object();
	const char *slash = strrchr(source->name, '/');
	struct source alone = *source;
	struct sources only = { .items = &alone, .count = 1, .cap = 1 };
	bool zipped = comes_zipped(source, add->zip_over);

	alone.name = slash ? (char *)slash + 1 : source->name;
	str_addf(&file, "%zu%s", number, zipped ? ".zip" : "");
	path_join(place, file.text, &path);
	if (zipped ? !zip_all(&only, path.text, add->zip64, err)
		   : !copy_file(source->path, path.text, err))
		return false;
	json_put_text(json, "name", source->name);
	json_put_number(json, "bytes", source->bytes);
	json_put_bool(json, "zipped", zipped);
	if (!put_kept(json, "kept", place, file.text, err))
		return false;
	json_push_take(list, json);
	json = NULL;
	return true;
}

static bool keep_files(const struct kaggle_add *add,
		       const struct sources *sources, const char *place,
		       struct json *set, struct err *err)
{
	struct json *list = json_new_array();

	json_put_take(set, "files", list);
	for (size_t i = 0; i < sources->count; i++)
		if (!keep_one(add, &sources->items[i], place, i, list, err))
			return false;
	return true;
}

static bool fill(const struct kaggle_add *add, const struct sources *sources,
		 const char *place, struct err *err)
{
	CLEANUP(json_freep) struct json *json = json_new_object();
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	path_join(place, "archive.zip", &path);
	if (add->archive != NULL
		    ? !copy_file(add->archive, path.text, err)
		    : !zip_all(sources, path.text, add->zip64, err))
		return false;
	json_put_text(json, "title", add->title ? add->title : add->slug);
	json_put_text(json, "licence", add->licence ? add->licence : "CC0-1.0");
	json_put_number(json, "refusal", add->refusal);
	json_put_number(json, "created", clock_wall_ms());
	if (!put_kept(json, "archive", place, "archive.zip", err) ||
	    !keep_files(add, sources, place, json, err))
		return false;
	json_add_pretty(&text, json);
	str_clear(&path);
	path_join(place, "set.json", &path);
	return file_write(path.text, text.text, text.len, 0600, err);
}

/* Another may have made the same version meanwhile: then it is the next, or,
 * where only the first is wanted, as good. */
static bool publish(const char *made, const char *home, bool only_first,
		    int64_t *out_version, struct err *err)
{
	for (int64_t version = 1;; version++) {
		CLEANUP(str_done) struct str place = STR_EMPTY;

		*out_version = version;
		str_addf(&place, "%s/%lld", home, (long long)version);
		if (file_is_dir(place.text)) {
			if (only_first)
				return file_remove_tree(made, err);
			continue;
		}
		if (rename(made, place.text) == 0)
			return true;
		if (errno != EEXIST && errno != ENOTEMPTY)
			return err_set_errno(err, errno, "cannot make %s",
					     place.text);
		version--; /* look again */
	}
}

bool kaggle_set_add(const char *dir, const struct kaggle_add *add,
		    int64_t *out_version, struct err *err)
{
	CLEANUP(sources_done) struct sources sources = { 0 };
	CLEANUP(str_done) struct str home = STR_EMPTY;
	CLEANUP(str_done) struct str made = STR_EMPTY;

	if (!collect(add, &sources, err))
		return false;
	str_addf(&home, "%s/kaggle/%s/%s", dir, add->owner, add->slug);
	str_addf(&made, "%s/new.XXXXXX", home.text);
	if (!file_make_dirs(home.text, 0700, err))
		return false;
	if (mkdtemp(made.text) == NULL)
		return err_set_errno(err, errno, "cannot make %s", made.text);
	if (fill(add, &sources, made.text, err) &&
	    publish(made.text, home.text, add->only_first, out_version, err))
		return true;
	file_remove_tree(made.text, NULL);
	return false;
}

/* --- the demo's --- */

static bool generate(const char *folder, struct err *err)
{
	CLEANUP(str_done) struct str script = STR_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;
	CLEANUP(str_done) struct str said = STR_EMPTY;
	struct proc_talk talk = {
		.timeout_ms = GENERATE_MS,
		.max_bytes = SAID_BYTES,
		.out = &out,
		.said = &said,
	};
	int status;

	if (!path_share("demo/generate", &script, err))
		return false;
	const char *const argv[] = { "/bin/sh", script.text, folder, NULL };

	if (!proc_talk(argv, &talk, &status, err))
		return false;
	return status == 0 ||
	       err_set(err, ERR_SYSTEM, "%s: %s", script.text, said.text);
}

bool kaggle_set_make_demo(const char *dir, struct err *err)
{
	CLEANUP(kaggle_set_done) struct kaggle_set there = KAGGLE_SET_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	const char *path;
	struct kaggle_add add = {
		.owner = "redsh",
		.slug = "sales",
		.title = "Sales of the redsh demo",
		.zip_over = KAGGLE_SET_ZIP_OVER,
		.only_first = true,
		.paths = &path,
		.count = 1,
	};
	int64_t version;
	bool good;

	if (kaggle_set_load(&there, dir, add.owner, add.slug, 0, NULL))
		return true;
	str_addf(&folder, "%s/kaggle-demo.XXXXXX", dir);
	if (mkdtemp(folder.text) == NULL)
		return err_set_errno(err, errno, "cannot make %s", folder.text);
	path = folder.text;
	good = generate(folder.text, err) &&
	       kaggle_set_add(dir, &add, &version, err);
	file_remove_tree(folder.text, NULL);
	return good;
}
