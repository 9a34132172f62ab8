#include "shell/kaggle_seen.h"

#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "base/str.h"
#include "complete/complete.h"
#include "shell/cmdline.h"
#include "shell/session.h"
#include "shell/session_state.h"

enum {
	SEEN_MOST = 10000,
	LOADED_MOST = 5000,
	KEPT_FILES = 500, /* of a set */
	KEPT_BYTES = 512 * 1024,
};

/* "" when none is kept. */
static void find_file(const struct session *session, struct str *out)
{
	if (!cmdline_has(session->cmdline, OPTION_NO_CACHE))
		path_xdg(PATH_CACHE, "kaggle.names", out);
}

static void add(struct session *session, const char *name)
{
	if (map_count(session->kaggle) < SEEN_MOST)
		map_put(session->kaggle, name, session);
}

static void read_names(const struct session *session, struct str *out)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	find_file(session, &path);
	if (path.len > 0 && !file_read(path.text, KEPT_BYTES, out, NULL))
		str_clear(out);
}

/* The next line without its end; NULL: there is none. */
static char *next_line(char **at)
{
	char *line = *at;
	char *end = strchr(line, '\n');

	if (end == NULL)
		return NULL;
	*end = '\0';
	*at = end + 1;
	return line;
}

static void load(struct session *session)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	char *at, *line;

	if (session->kaggle != NULL)
		return;
	session->kaggle = map_new(NULL);
	read_names(session, &text);
	at = text.text;
	while ((line = next_line(&at)) != NULL &&
	       map_count(session->kaggle) < LOADED_MOST)
		add(session, line);
}

void session_saw_kaggle(struct session *session, const char *set,
			const char *file)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	load(session);
	/* Neither is part of a name that Kaggle gives. */
	if (strpbrk(set, "\t\n") != NULL ||
	    (file != NULL && strpbrk(file, "\t\n") != NULL))
		return;
	str_add(&name, set);
	add(session, name.text);
	if (file == NULL)
		return;
	str_addf(&name, "\t%s", file);
	add(session, name.text);
}

/* Is the name that set, or a file of it? */
static bool is_of(const char *name, const char *set)
{
	size_t len = strlen(set);

	return strncmp(name, set, len) == 0 &&
	       (name[len] == '\0' || name[len] == '\t');
}

/* Another session may have written meanwhile. */
static void add_others(const struct session *session, const char *set,
		       struct str *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	char *at, *line;

	read_names(session, &text);
	at = text.text;
	while ((line = next_line(&at)) != NULL &&
	       out->len + strlen(line) < KEPT_BYTES)
		if (!is_of(line, set))
			str_addf(out, "%s\n", line);
}

void session_keep_kaggle(struct session *session, const char *set)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *name;
	size_t at = 0, count = 0;

	load(session);
	find_file(session, &path);
	if (path.len == 0)
		return;
	while (map_next(session->kaggle, &at, &name, NULL))
		if (is_of(name, set) && count++ <= KEPT_FILES)
			str_addf(&text, "%s\n", name);
	add_others(session, set, &text);
	path_dir(path.text, &folder);
	if (file_make_dirs(folder.text, 0700, NULL))
		file_write(path.text, text.text, text.len, 0600, NULL);
}

void kaggle_seen_offer(struct session *session, const char *set,
		       struct complete_offer *offer)
{
	size_t at = 0;
	const char *name;

	load(session);
	while (map_next(session->kaggle, &at, &name, NULL)) {
		const char *tab = strchr(name, '\t');

		if (set == NULL && tab == NULL)
			complete_offer_name(offer, name, "data set");
		if (set != NULL && tab != NULL && is_of(name, set))
			complete_offer_name(offer, tab + 1, "file");
	}
}
