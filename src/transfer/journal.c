#include "transfer/journal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aws/s3_uri.h"
#include "base/file.h"
#include "base/path.h"
#include "data/hash.h"
#include "data/json.h"

enum { MAX_BYTES = 64 * 1024 };

void journal_done(struct journal *journal)
{
	str_done(&journal->file);
	str_done(&journal->path);
	str_done(&journal->uri);
	str_done(&journal->endpoint);
	str_done(&journal->upload_id);
}

static bool says(const struct json *json, const char *key,
		 const struct str *wanted)
{
	return strcmp(json_text(json, key, ""), wanted->text) == 0;
}

/* Another file of that name, or another content of it, starts anew. */
static bool is_same(const struct journal *journal, const struct json *json)
{
	return says(json, "path", &journal->path) &&
	       says(json, "uri", &journal->uri) &&
	       says(json, "endpoint", &journal->endpoint) &&
	       json_number(json, "size", -1) == journal->size &&
	       json_number(json, "mtime_ns", -1) == journal->mtime_ns;
}

void journal_find(struct journal *journal, const char *path,
		  const struct s3_uri *to, const char *endpoint)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(json_freep) struct json *json = NULL;
	char *real = realpath(path, NULL);
	struct stat status;

	str_set(&journal->path, real != NULL ? real : path);
	free(real);
	str_clear(&journal->uri);
	s3_uri_add(to, &journal->uri);
	str_set(&journal->endpoint, endpoint);
	if (stat(path, &status) == 0) {
		journal->size = status.st_size;
		journal->mtime_ns =
			(int64_t)status.st_mtim.tv_sec * 1000000000 +
			status.st_mtim.tv_nsec;
	}
	str_addf(&name, "%s\n%s\n%s", journal->path.text, journal->uri.text,
		 endpoint);
	str_clear(&text);
	hash_add_hex(HASH_SHA1, name.text, name.len, &text);
	str_set(&name, "uploads/");
	str_addf(&name, "%s.json", text.text);
	str_clear(&journal->file);
	path_xdg(PATH_STATE, name.text, &journal->file);
	str_clear(&text);
	if (!file_read(journal->file.text, MAX_BYTES, &text, NULL))
		return;
	json = json_parse(text.text, text.len, NULL);
	if (json == NULL || !is_same(journal, json))
		return;
	str_set(&journal->upload_id, json_text(json, "upload_id", ""));
	journal->part_bytes = json_number(json, "part_bytes", 0);
}

bool journal_save(const struct journal *journal, struct err *err)
{
	CLEANUP(json_freep) struct json *json = json_new_object();
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	json_put_text(json, "path", journal->path.text);
	json_put_text(json, "uri", journal->uri.text);
	json_put_text(json, "endpoint", journal->endpoint.text);
	json_put_number(json, "size", journal->size);
	json_put_number(json, "mtime_ns", journal->mtime_ns);
	json_put_number(json, "part_bytes", journal->part_bytes);
	json_put_text(json, "upload_id", journal->upload_id.text);
	json_add_pretty(&text, json);
	str_add_char(&text, '\n');
	path_dir(journal->file.text, &folder);
	if (!file_make_dirs(folder.text, 0700, err))
		return false;
	return file_write(journal->file.text, text.text, text.len, 0600, err);
}

void journal_remove(const struct journal *journal)
{
	if (journal->file.len > 0)
		unlink(journal->file.text);
}
