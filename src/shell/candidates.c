#include "shell/candidates.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "catalog/lookup.h"
#include "catalog/store.h"
#include "complete/complete.h"
#include "data/json.h"
#include "db/dsn.h"
#include "shell/cmdline.h"
#include "shell/connect.h"
#include "shell/say.h"
#include "shell/session_state.h"
#include "shell/suggest.h"

/* ---- which cache ---- */

static void add_effective(const struct dsn *dsn, const char *keyword,
			  struct str *out)
{
	if (!dsn_effective(dsn, keyword, out))
		str_clear(out);
}

/* The file that a session with these settings keeps. */
static bool find_cache(struct session *session, struct str *path,
		       struct str *database, struct err *err)
{
	CLEANUP(dsn_freep) struct dsn *dsn = dsn_new();
	CLEANUP(str_done) struct str host = STR_EMPTY;
	CLEANUP(str_done) struct str port = STR_EMPTY;
	CLEANUP(str_done) struct str user = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	struct store_key key;

	if (!connect_named(session, dsn, err))
		return false;
	dsn_fill_redshift(dsn);
	add_effective(dsn, "host", &host);
	add_effective(dsn, "port", &port);
	add_effective(dsn, "user", &user);
	add_effective(dsn, "dbname", database);
	if (database->len == 0)
		str_add(database, user.text);
	key = (struct store_key){ host.text, port.text, user.text };
	path_xdg(PATH_CACHE, NULL, &folder);
	store_path(folder.text, &key, path);
	return true;
}

/* NULL without err: there is none yet, which is no fault. */
static struct lookup *open_cache(struct session *session, struct err *err)
{
	const struct cmdline *cmdline = session->cmdline;
	const char *file = cmdline_value(cmdline, OPTION_CACHE);
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str database = STR_EMPTY;
	struct lookup *lookup;

	if (cmdline_has(cmdline, OPTION_NO_CACHE))
		return NULL;
	if (file != NULL) {
		str_set(&path, file);
		if (cmdline->dbname != NULL &&
		    !dsn_is_conninfo(cmdline->dbname))
			str_set(&database, cmdline->dbname);
	} else if (!find_cache(session, &path, &database, err)) {
		return NULL;
	}
	if (!file_exists(path.text)) {
		if (file == NULL)
			return NULL;
		err_set(err, ERR_MISSING, "%s: no such file", file);
		err_hint(err, "--cache takes a file that redsh keeps of a"
			      " server's names");
		return NULL;
	}
	lookup = lookup_open(path.text, err);
	if (lookup != NULL)
		lookup_set_database(lookup, database.text);
	return lookup;
}

/* ---- what is written ---- */

/* A name may hold line ends; a line is a candidate. */
static void add_line(const char *text, struct str *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			str_add(out, "\\n");
		else if (*text == '\r')
			str_add(out, "\\r");
		else
			str_add_char(out, *text);
	}
	str_add_char(out, '\n');
}

static void add_text(struct str *out, const char *key, const char *text)
{
	str_addf(out, "\"%s\": ", key);
	json_add_string(out, text, strlen(text));
}

static void add_object(const struct complete_list *list, size_t at,
		       struct str *out)
{
	const struct complete_item *item = &list->items[at];
	CLEANUP(str_done) struct str detail = STR_EMPTY;

	complete_add_detail(item, &detail);
	str_add(out, at > 0 ? ",\n {" : "\n {");
	add_text(out, "text", item->text);
	str_add(out, ", ");
	add_text(out, "kind", complete_kind_name(item->kind));
	str_addf(out, ", \"start\": %zu, \"end\": %zu, ", list->from, list->to);
	add_text(out, "detail", detail.text);
	str_add_char(out, '}');
}

static void add_all(const struct complete_list *list, bool json,
		    struct str *out)
{
	if (json)
		str_add_char(out, '[');
	for (size_t i = 0; i < list->count; i++) {
		if (json)
			add_object(list, i, out);
		else
			add_line(list->items[i].text, out);
	}
	if (json)
		str_add(out, list->count > 0 ? "\n]\n" : "]\n");
}

static bool read_cursor(const struct cmdline *cmdline, size_t len,
			size_t *out_cursor, struct err *err)
{
	const char *text = cmdline_value(cmdline, OPTION_CURSOR);
	char *end;
	unsigned long cursor;

	*out_cursor = len;
	if (text == NULL)
		return true;
	errno = 0;
	cursor = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || *text < '0' || *text > '9' ||
	    cursor > len)
		return err_set(err, ERR_USAGE,
			       "--cursor: \"%s\" is no byte of the text, which"
			       " has %zu",
			       text, len);
	*out_cursor = cursor;
	return true;
}

int candidates_run(struct session *session)
{
	const struct cmdline *cmdline = session->cmdline;
	const char *text = cmdline_value(cmdline, OPTION_COMPLETE);
	CLEANUP(lookup_closep) struct lookup *lookup = NULL;
	CLEANUP(complete_list_done)
	struct complete_list list = COMPLETE_LIST_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct err err = ERR_EMPTY;
	size_t cursor;

	if (!read_cursor(cmdline, strlen(text), &cursor, &err)) {
		say_err(&session->say, &err);
		return 1;
	}
	lookup = open_cache(session, &err);
	if (err.kind != ERR_NONE) {
		say_err(&session->say, &err);
		return 1;
	}
	suggest_cached(session, lookup, text, cursor, &list);
	add_all(&list, cmdline_has(cmdline, OPTION_JSON), &out);
	session_put(session, out.text);
	return 0;
}
