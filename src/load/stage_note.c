#include "load/stage_note.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/vec.h"
#include "data/json.h"

enum {
	MAX_BYTES = 64 * 1024 * 1024,
	MAX_FIRST = 64 * 1024,	/* bytes of the first line */
	ID_MAX = 64,
	KEPT = 20,
};

static const char waiting[] = "staged/";
static const char kept[] = "staged-before/";
static const char no_note[] = "nothing is sent to S3 without a note of it; "
			      "XDG_STATE_HOME names another place for notes";

void stage_note_done(struct stage_note *note)
{
	if (note->fd >= 0)
		close(note->fd);
	note->fd = -1;
	str_done(&note->file);
	str_done(&note->id);
	str_done(&note->folder);
	str_done(&note->endpoint);
	str_done(&note->table);
	str_done(&note->what);
}

void stage_notes_done(struct stage_notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		stage_note_done(&notes->items[i]);
	vec_done(notes);
}

/* An id comes from an object's name or a person: it may be anything. */
static bool is_id(const char *id)
{
	size_t len = strlen(id);

	return len > 0 && len <= ID_MAX &&
	       strspn(id, "0123456789abcdef-") == len;
}

static void set_file(const char *folder, const char *id, struct str *out)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	str_addf(&name, "%s%s", folder, id);
	str_clear(out);
	path_xdg(PATH_STATE, name.text, out);
}

/* --- writing --- */

static struct json *first_line(const struct stage_note *note)
{
	struct json *json = json_new_object();

	json_put_text(json, "id", note->id.text);
	json_put_text(json, "folder", note->folder.text);
	json_put_text(json, "endpoint", note->endpoint.text);
	json_put_text(json, "table", note->table.text);
	json_put_text(json, "what", note->what.text);
	json_put_number(json, "at_ms", note->at_ms);
	return json;
}

static bool write_line(const struct stage_note *note, const struct json *json)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	ssize_t put;

	json_add(&line, json);
	str_add_char(&line, '\n');
	put = write(note->fd, line.text, line.len);
	if (put >= 0 && put < (ssize_t)line.len)
		errno = ENOSPC;	/* it says so at the next write only */
	return put == (ssize_t)line.len;
}

/* Where locks are not to be had, as on some network folders, we go without. */
static bool lock(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) == 0 || errno == ENOLCK ||
	       errno == EOPNOTSUPP;
}

static bool cannot_write(const struct stage_note *note, struct err *err)
{
	err_set_errno(err, errno, "cannot write %s", note->file.text);
	return err_hint(err, "%s", no_note);
}

bool stage_note_start(struct stage_note *note, struct err *err)
{
	CLEANUP(json_freep) struct json *json = first_line(note);
	CLEANUP(str_done) struct str folder = STR_EMPTY;

	set_file(waiting, note->id.text, &note->file);
	path_dir(note->file.text, &folder);
	if (!file_make_dirs(folder.text, 0700, err))
		return err_hint(err, "%s", no_note);
	note->fd = open(note->file.text,
			O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC |
				O_NOFOLLOW,
			0600);
	if (note->fd < 0)
		return cannot_write(note, err);
	if (lock(note->fd) && write_line(note, json) && fsync(note->fd) == 0)
		return true;
	cannot_write(note, err);
	stage_note_remove(note, false);
	return false;
}

bool stage_note_add(struct stage_note *note, const struct json *line,
		    struct err *err)
{
	return write_line(note, line) || cannot_write(note, err);
}

/* --- reading --- */

static bool read_first(struct stage_note *note, const char *text, size_t len)
{
	const char *end = memchr(text, '\n', len);
	CLEANUP(json_freep) struct json *json = NULL;

	if (end == NULL || end - text > MAX_FIRST)
		return false;
	json = json_parse(text, (size_t)(end - text), NULL);
	str_set(&note->id, json_text(json, "id", ""));
	str_set(&note->folder, json_text(json, "folder", ""));
	str_set(&note->endpoint, json_text(json, "endpoint", ""));
	str_set(&note->table, json_text(json, "table", ""));
	str_set(&note->what, json_text(json, "what", ""));
	note->at_ms = json_number(json, "at_ms", 0);
	return note->folder.len > 0 && note->id.len > 0;
}

/* Opens the file and reads its first line; no lock. */
static bool open_note(struct stage_note *note, const char *id, struct err *err)
{
	CLEANUP(mem_freep) char *text = mem_alloc(MAX_FIRST);
	ssize_t got;

	set_file(waiting, id, &note->file);
	note->fd = open(note->file.text,
			O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	if (note->fd < 0 && errno == ENOENT)
		return err_set(err, ERR_MISSING, "there is no note %s", id) ||
		       err_hint(err, "\\staged lists them");
	if (note->fd < 0)
		return err_set_errno(err, errno, "%s", note->file.text);
	got = pread(note->fd, text, MAX_FIRST, 0);
	if (got >= 0 && read_first(note, text, (size_t)got))
		return true;
	return err_set(err, ERR_DATA, "the note %s cannot be read",
		       note->file.text);
}

bool stage_note_open(struct stage_note *note, const char *id, struct err *err)
{
	if (!is_id(id)) {
		err_set(err, ERR_USAGE, "\"%.80s\" is no id of a note", id);
		return err_hint(err, "\\staged lists them");
	}
	if (!open_note(note, id, err))
		return false;
	if (lock(note->fd))
		return true;
	err_set(err, ERR_USAGE, "%s is in use by a redsh that runs", id);
	return err_hint(err, "it removes what it staged when its load is "
			     "over");
}

static int by_id(const void *one, const void *two)
{
	const struct stage_note *a = one;
	const struct stage_note *b = two;

	return strcmp(a->id.text, b->id.text);
}

/* A note that was only begun is of a folder into which nothing was sent. */
static void take_note(struct stage_notes *out, const char *id)
{
	struct stage_note note = STAGE_NOTE_EMPTY;

	if (!is_id(id) || !open_note(&note, id, NULL)) {
		stage_note_done(&note);
		return;
	}
	note.in_use = !lock(note.fd);
	close(note.fd);
	note.fd = -1;
	vec_push(out, note);
}

bool stage_notes_read(struct stage_notes *out, struct err *err)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	const struct dirent *entry;
	DIR *dir;

	path_xdg(PATH_STATE, "staged", &folder);
	dir = opendir(folder.text);
	if (dir == NULL && errno == ENOENT)
		return true;
	if (dir == NULL)
		return err_set_errno(err, errno, "%s", folder.text);
	while ((entry = readdir(dir)) != NULL)
		take_note(out, entry->d_name);
	closedir(dir);
	if (out->count > 1)
		qsort(out->items, out->count, sizeof(*out->items), by_id);
	return true;
}

bool stage_note_lines(const char *id, struct str *out)
{
	static const char *const folders[] = { waiting, kept };
	CLEANUP(str_done) struct str file = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	for (size_t i = 0; is_id(id) && i < COUNT_OF(folders); i++) {
		const char *end;

		set_file(folders[i], id, &file);
		str_clear(&text);
		if (!file_read(file.text, MAX_BYTES, &text, NULL))
			continue;
		end = strchr(text.text, '\n');
		if (end != NULL)
			str_add(out, end + 1);
		return end != NULL;
	}
	return false;
}

/* --- removing --- */

static int by_name(const struct dirent **one, const struct dirent **two)
{
	return strcmp((*one)->d_name, (*two)->d_name);
}

static int has_id(const struct dirent *entry)
{
	return is_id(entry->d_name);
}

/* Names begin with the time: the first are the oldest. */
static void drop_oldest(const char *folder)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, has_id, by_name);

	for (int i = 0; i < count; i++) {
		CLEANUP(str_done) struct str file = STR_EMPTY;

		path_join(folder, entries[i]->d_name, &file);
		if (i < count - KEPT)
			unlink(file.text);
		free(entries[i]);
	}
	free(entries);
}

static bool keep_note(const struct stage_note *note)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	CLEANUP(str_done) struct str file = STR_EMPTY;

	set_file(kept, note->id.text, &file);
	path_dir(file.text, &folder);
	if (!file_make_dirs(folder.text, 0700, NULL) ||
	    rename(note->file.text, file.text) != 0)
		return false;
	drop_oldest(folder.text);
	return true;
}

void stage_note_remove(struct stage_note *note, bool keep)
{
	if (note->fd < 0)
		return;
	if (!keep || !keep_note(note))
		unlink(note->file.text);
	close(note->fd);
	note->fd = -1;
}
