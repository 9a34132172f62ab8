#include "transfer/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/vec.h"
#include "data/hash.h"
#include "data/json.h"

enum {
	MAX_BYTES = 4 * 1024 * 1024, /* 10,000 parts have some 1.5 MB */
	MAX_LINE = 64 * 1024,
};

static const char boot_file[] = "/proc/sys/kernel/random/boot_id";

static const char *const folders[] = { "uploads", "downloads" };

static void forget_parts(struct journal *journal)
{
	for (size_t i = 0; i < journal->count; i++) {
		mem_free(journal->items[i].etag);
		mem_free(journal->items[i].sum);
	}
	vec_done(journal);
}

void journal_done(struct journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = -1;
	forget_parts(journal);
	str_done(&journal->file);
	str_done(&journal->path);
	str_done(&journal->uri);
	str_done(&journal->endpoint);
	str_done(&journal->etag);
	str_done(&journal->made);
	str_done(&journal->sum_name);
	str_done(&journal->upload_id);
	str_done(&journal->temporary);
}

/* --- the name of the record --- */

/* The folder's real name and the file's own: the file need not be there. */
static void set_path(struct journal *journal, const char *path)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	char *real;

	path_dir(path, &folder);
	real = realpath(folder.text, NULL);
	str_clear(&journal->path);
	path_join(real != NULL ? real : folder.text, path_base(path),
		  &journal->path);
	free(real);
}

static void set_name(struct journal *journal, const struct journal_name *name)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str base = STR_EMPTY;

	set_path(journal, name->path);
	str_set(&journal->uri, name->uri);
	str_set(&journal->endpoint, name->endpoint);
	str_addf(&text, "%s\n%s\n%s", journal->path.text, journal->uri.text,
		 journal->endpoint.text);
	str_addf(&base, "%s/", folders[name->way]);
	hash_add_hex(HASH_SHA1, text.text, text.len, &base);
	str_add(&base, ".json");
	str_clear(&journal->file);
	path_xdg(PATH_STATE, base.text, &journal->file);
}

/* --- reading --- */

static void add_part(struct journal *journal, const struct json *json)
{
	struct journal_part part = {
		.number = json_number(json, "part", -1),
		.etag = mem_copy_text(json_text(json, "etag", "")),
		.sum = mem_copy_text(json_text(json, "sum", "")),
	};

	vec_push(journal, part);
}

static bool says(const struct json *json, const char *key,
		 const struct str *wanted)
{
	return strcmp(json_text(json, key, ""), wanted->text) == 0;
}

static void add_boot(struct str *out)
{
	if (!file_read(boot_file, 128, out, NULL))
		str_clear(out);
	str_trim_end(out);
}

static bool is_of_this_boot(const struct json *json)
{
	CLEANUP(str_done) struct str boot = STR_EMPTY;

	add_boot(&boot);
	return boot.len > 0 && says(json, "boot", &boot);
}

static bool read_first(struct journal *journal, const struct json *json)
{
	if (!says(json, "path", &journal->path) ||
	    !says(json, "uri", &journal->uri) ||
	    !says(json, "endpoint", &journal->endpoint))
		return false;
	journal->size = json_number(json, "size", -1);
	journal->mtime_ns = json_number(json, "mtime_ns", -1);
	journal->part_bytes = json_number(json, "part_bytes", 0);
	journal->device = json_number(json, "device", 0);
	journal->inode = json_number(json, "inode", 0);
	journal->this_boot = is_of_this_boot(json);
	str_set(&journal->etag, json_text(json, "etag", ""));
	str_set(&journal->made, json_text(json, "made", ""));
	str_set(&journal->sum_name, json_text(json, "sum_name", ""));
	str_set(&journal->upload_id, json_text(json, "upload_id", ""));
	str_set(&journal->temporary, json_text(json, "temporary", ""));
	return true;
}

/* A line that a crash cut short is the last one, and no part. */
static void read_lines(struct journal *journal, const struct str *text)
{
	const char *at = text->text;
	const char *end;
	bool first = true;

	while ((end = strchr(at, '\n')) != NULL) {
		CLEANUP(json_freep)
		struct json *json = json_parse(at, (size_t)(end - at), NULL);

		if (json == NULL || (size_t)(end - at) > MAX_LINE)
			return;
		if (!first)
			add_part(journal, json);
		else if (!read_first(journal, json))
			return;
		first = false;
		at = end + 1;
	}
	/* Or the next line would be glued to it. */
	if (*at != '\0' && ftruncate(journal->fd, at - text->text) != 0)
		forget_parts(journal);
}

static bool lock(struct journal *journal, struct err *err)
{
	if (flock(journal->fd, LOCK_EX | LOCK_NB) == 0 || errno == ENOLCK ||
	    errno == EOPNOTSUPP)
		return true;
	close(journal->fd);
	journal->fd = -1;
	err_set(err, ERR_USAGE, "%s is being transferred already",
		journal->path.text);
	return err_hint(err, "wait until the other redsh or job is done");
}

bool journal_open(struct journal *journal, const struct journal_name *name,
		  struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	set_name(journal, name);
	journal->fd = open(journal->file.text,
			   O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	if (journal->fd < 0)
		return true;
	if (!lock(journal, err))
		return false;
	if (file_read(journal->file.text, MAX_BYTES, &text, NULL))
		read_lines(journal, &text);
	return true;
}

/* --- writing --- */

static bool write_line(struct journal *journal, const struct json *json)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;

	json_add(&line, json);
	str_add_char(&line, '\n');
	return write(journal->fd, line.text, line.len) == (ssize_t)line.len;
}

static struct json *first_line(const struct journal *journal)
{
	struct json *json = json_new_object();
	CLEANUP(str_done) struct str boot = STR_EMPTY;

	add_boot(&boot);
	json_put_text(json, "path", journal->path.text);
	json_put_text(json, "uri", journal->uri.text);
	json_put_text(json, "endpoint", journal->endpoint.text);
	json_put_number(json, "size", journal->size);
	json_put_number(json, "mtime_ns", journal->mtime_ns);
	json_put_number(json, "part_bytes", journal->part_bytes);
	json_put_text(json, "etag", journal->etag.text);
	json_put_text(json, "made", journal->made.text);
	json_put_text(json, "sum_name", journal->sum_name.text);
	json_put_text(json, "upload_id", journal->upload_id.text);
	json_put_text(json, "temporary", journal->temporary.text);
	json_put_number(json, "device", journal->device);
	json_put_number(json, "inode", journal->inode);
	json_put_text(json, "boot", boot.text);
	return json;
}

static bool create(struct journal *journal, struct err *err)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;

	path_dir(journal->file.text, &folder);
	if (!file_make_dirs(folder.text, 0700, err))
		return false;
	journal->fd = open(journal->file.text,
			   O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			   0600);
	if (journal->fd < 0)
		return err_set_errno(err, errno, "cannot write %s",
				     journal->file.text);
	return lock(journal, err);
}

bool journal_start(struct journal *journal, struct err *err)
{
	CLEANUP(json_freep) struct json *json = first_line(journal);

	forget_parts(journal);
	if (journal->fd < 0 && !create(journal, err))
		return false;
	if (ftruncate(journal->fd, 0) == 0 && write_line(journal, json) &&
	    fsync(journal->fd) == 0)
		return true;
	err_set_errno(err, errno, "cannot write %s", journal->file.text);
	journal_remove(journal);
	return false;
}

void journal_add(struct journal *journal, int64_t number, const char *etag,
		 const char *sum)
{
	CLEANUP(json_freep) struct json *json = NULL;

	if (journal->fd < 0)
		return;
	json = json_new_object();
	json_put_number(json, "part", number);
	if (etag[0] != '\0')
		json_put_text(json, "etag", etag);
	if (sum[0] != '\0')
		json_put_text(json, "sum", sum);
	/* Half a line would hide those behind it. */
	if (!write_line(journal, json)) {
		close(journal->fd);
		journal->fd = -1;
	}
}

void journal_remove(struct journal *journal)
{
	if (journal->fd < 0)
		return;
	unlink(journal->file.text);
	close(journal->fd);
	journal->fd = -1;
}
