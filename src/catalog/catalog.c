#include "catalog/catalog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "catalog/lookup.h"
#include "catalog/seen.h"
#include "catalog/store.h"
#include "catalog/touched.h"
#include "data/lite.h"
#include "sql/classify.h"
#include "sql/lexer.h"

enum { SAME_COMMAND_US = 500000 };

static const int64_t day_ms = 24LL * 3600 * 1000;

struct catalog {
	struct str path;
	char *database;
	struct str trouble;   /* "": none */
	struct str temporary; /* the folder of a temporary file, or "" */
	struct lookup *lookup;
	struct refresh *refresh; /* NULL: there is no server */
	struct db *(*connect)(void *context, int stop_fd, struct err *err);
	void *connect_context;
	struct seen *seen;
	struct touched touched; /* by the open transaction */
	bool failed;            /* the open transaction */
	struct str search_path; /* as SET; "": as harvested */
	struct str path_before; /* as the open transaction began */
	bool path_changed;      /* in it */
	int64_t aged_us;        /* when opening set a harvest going; 0: not */
};

/* ---- opening ---- */

static bool use_file(struct catalog *catalog, struct err *err)
{
	catalog->lookup = lookup_open(catalog->path.text, err);
	return catalog->lookup != NULL;
}

/* The names of this session alone; removed at its end. */
static bool use_temporary(struct catalog *catalog, struct err *err)
{
	const char *folder = getenv("TMPDIR");

	str_addf(&catalog->temporary, "%s/redsh-XXXXXX",
		 folder != NULL && *folder != '\0' ? folder : "/tmp");
	if (mkdtemp(catalog->temporary.text) == NULL) {
		str_clear(&catalog->temporary);
		return err_set_errno(err, errno,
				     "cannot make a temporary folder");
	}
	str_clear(&catalog->path);
	str_addf(&catalog->path, "%s/names.db", catalog->temporary.text);
	return use_file(catalog, err);
}

static bool open_store(struct catalog *catalog,
		       const struct catalog_options *options, struct err *err)
{
	struct store_key key = {
		.host = options->host,
		.port = options->port,
		.user = options->user,
	};
	struct err first = ERR_EMPTY;

	if (options->file != NULL)
		str_set(&catalog->path, options->file);
	else
		store_path(options->folder, &key, &catalog->path);
	if (use_file(catalog, &first))
		return true;
	str_addf(&catalog->trouble, "%s", first.message);
	if (use_temporary(catalog, err))
		return true;
	if (err != NULL)
		*err = first;
	return false;
}

static bool start_refresh(struct catalog *catalog,
			  const struct catalog_options *options,
			  struct err *err)
{
	int64_t max_age_ms =
		options->max_age_ms > 0 ? options->max_age_ms : day_ms;
	int64_t age_ms;

	if (options->connect == NULL)
		return true;
	catalog->refresh = refresh_new(catalog->path.text, options->connect,
				       options->context, err);
	if (catalog->refresh == NULL)
		return false;
	age_ms = clock_wall_ms() - lookup_harvested_ms(catalog->lookup);
	/* A clock set back makes the age negative: then it says nothing. */
	if (age_ms > max_age_ms || age_ms < 0) {
		refresh_note(catalog->refresh, REFRESH_AGED, NULL);
		catalog->aged_us = clock_monotonic_us();
	}
	return true;
}

struct catalog *catalog_open(const struct catalog_options *options,
			     struct err *err)
{
	CLEANUP(catalog_closep)
	struct catalog *catalog = mem_alloc(sizeof(*catalog));
	const struct str empty = STR_EMPTY;
	struct catalog *opened;

	catalog->path = catalog->trouble = catalog->temporary = empty;
	catalog->search_path = catalog->path_before = empty;
	catalog->connect = options->connect;
	catalog->connect_context = options->context;
	catalog->database = mem_copy_text(
		options->database != NULL ? options->database : "");
	catalog->seen = seen_new();
	if (!open_store(catalog, options, err))
		return NULL;
	lookup_set_database(catalog->lookup, catalog->database);
	lookup_set_seen(catalog->lookup, catalog->seen);
	if (!start_refresh(catalog, options, err))
		return NULL;
	opened = catalog;
	catalog = NULL;
	return opened;
}

void catalog_close(struct catalog *catalog)
{
	if (catalog == NULL)
		return;
	refresh_free(catalog->refresh);
	lookup_close(catalog->lookup);
	seen_free(catalog->seen);
	touched_done(&catalog->touched);
	if (catalog->temporary.len > 0)
		file_remove_tree(catalog->temporary.text, NULL);
	str_done(&catalog->path);
	str_done(&catalog->trouble);
	str_done(&catalog->temporary);
	str_done(&catalog->search_path);
	str_done(&catalog->path_before);
	mem_free(catalog->database);
	mem_free(catalog);
}

/* ---- the view of the file ---- */

static void tell_path(struct catalog *catalog)
{
	lookup_set_path(catalog->lookup, catalog->search_path.len > 0
						 ? catalog->search_path.text
						 : NULL);
}

static void use_view(struct catalog *catalog)
{
	lookup_set_database(catalog->lookup, catalog->database);
	lookup_set_seen(catalog->lookup, catalog->seen);
	tell_path(catalog);
}

/* A damaged file is removed and read anew; when that fails the old view
 * goes on, which finds nothing. */
static void replace_damaged(struct catalog *catalog)
{
	struct lookup *lookup;

	lite_remove(catalog->path.text);
	lookup = lookup_open(catalog->path.text, NULL);
	if (lookup == NULL)
		return;
	lookup_close(catalog->lookup);
	catalog->lookup = lookup;
	use_view(catalog);
	catalog_note_refresh(catalog);
}

/* A harvest could not be written: the names of this session go to a temporary
 * file, read anew. False: there is no such need, or no way. */
static bool leave_file(struct catalog *catalog)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct lookup *before = catalog->lookup;
	struct err why = ERR_EMPTY;

	if (catalog->refresh == NULL || catalog->temporary.len > 0 ||
	    !refresh_take_unwritten(catalog->refresh, &why))
		return false;
	str_add(&path, catalog->path.text);
	if (!use_temporary(catalog, NULL)) {
		str_set(&catalog->path, path.text);
		catalog->lookup = before;
		return false;
	}
	lookup_close(before);
	use_view(catalog);
	str_addf(&catalog->trouble, "%s: %s", path.text, why.message);
	refresh_free(catalog->refresh);
	catalog->refresh = refresh_new(catalog->path.text, catalog->connect,
				       catalog->connect_context, NULL);
	if (catalog->refresh != NULL)
		refresh_note(catalog->refresh, REFRESH_ASKED, NULL);
	return catalog->refresh != NULL;
}

struct lookup *catalog_lookup(struct catalog *catalog)
{
	leave_file(catalog);
	if (lookup_is_damaged(catalog->lookup) ||
	    (catalog->refresh != NULL &&
	     refresh_take_rebuilt(catalog->refresh)))
		replace_damaged(catalog);
	if (catalog->refresh != NULL && refresh_is_settled(catalog->refresh))
		seen_settle(catalog->seen);
	/* A listing or another shell may have brought the path. */
	tell_path(catalog);
	return catalog->lookup;
}

const char *catalog_path(const struct catalog *catalog)
{
	return catalog->path.text;
}

const char *catalog_database(const struct catalog *catalog)
{
	return catalog->database;
}

const char *catalog_trouble(struct catalog *catalog)
{
	leave_file(catalog);
	return catalog->trouble.len > 0 ? catalog->trouble.text : NULL;
}

/* ---- statements ---- */

/* SET search_path TO a, b; or = 'a, b'; or RESET. */
static void note_setting(struct catalog *catalog, const char *sql, size_t len,
			 bool in_block)
{
	struct lexer lexer;
	struct token token;
	bool reset;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	token = lexer_next_solid(&lexer);
	reset = token_is(&token, "reset");
	token = lexer_next_solid(&lexer);
	if (token_is(&token, "session") || token_is(&token, "local"))
		token = lexer_next_solid(&lexer);
	if (!token_is(&token, "search_path") &&
	    !(reset && token_is(&token, "all")))
		return;
	if (in_block && !catalog->path_changed)
		str_set(&catalog->path_before, catalog->search_path.text);
	catalog->path_changed = in_block;
	str_clear(&catalog->search_path);
	lexer_next_solid(&lexer); /* TO or = */
	while (!reset && (token = lexer_next_solid(&lexer)).kind != TOKEN_END &&
	       !token_is_char(&token, ';') && !token_is(&token, "default")) {
		/* 'a' is the name a, quotes and all else as they are. */
		bool literal = token.kind == TOKEN_LITERAL && token.len >= 2;

		str_add_slice(&catalog->search_path,
			      token.text + (literal ? 1 : 0),
			      token.len - (literal ? 2 : 0));
	}
	tell_path(catalog);
}

static void end_transaction(struct catalog *catalog, bool committed)
{
	if (committed) {
		seen_commit(catalog->seen);
		if (catalog->refresh != NULL &&
		    !touched_is_empty(&catalog->touched))
			refresh_note(catalog->refresh, REFRESH_CHANGED,
				     &catalog->touched);
	} else {
		seen_rollback(catalog->seen);
		if (catalog->path_changed)
			str_set(&catalog->search_path,
				catalog->path_before.text);
		tell_path(catalog);
	}
	touched_clear(&catalog->touched);
	catalog->path_changed = false;
	catalog->failed = false;
}

void catalog_note_statement(struct catalog *catalog, const char *sql,
			    size_t len, bool ok, enum catalog_block block)
{
	struct statement what = classify(sql, len, true);
	bool in_block = block == CATALOG_IN_BLOCK;

	if (block == CATALOG_IN_FAILED_BLOCK) {
		catalog->failed = true;
		return;
	}
	if (ok && what.kind == STATEMENT_DDL) {
		/* The relations that it finds are those of the cache now. */
		seen_statement(catalog->seen, catalog_lookup(catalog), sql, len,
			       in_block);
		touched_add(&catalog->touched, sql, len);
	}
	if (ok && what.kind == STATEMENT_SETTING)
		note_setting(catalog, sql, len, in_block);
	if (block == CATALOG_IDLE)
		end_transaction(catalog, what.kind != STATEMENT_ROLLBACK &&
						 !catalog->failed);
}

void catalog_note_changed(struct catalog *catalog)
{
	if (catalog->refresh != NULL)
		refresh_note(catalog->refresh, REFRESH_CHANGED, NULL);
}

void catalog_note_refresh(struct catalog *catalog)
{
	/* The command that opened the cache has set one going. */
	if (catalog->aged_us > 0 && catalog_is_reading(catalog) &&
	    clock_monotonic_us() - catalog->aged_us < SAME_COMMAND_US)
		return;
	if (catalog->refresh != NULL)
		refresh_note(catalog->refresh, REFRESH_ASKED, NULL);
}

bool catalog_is_reading(struct catalog *catalog)
{
	return catalog->refresh != NULL && refresh_is_open(catalog->refresh);
}

bool catalog_wait(struct catalog *catalog, int timeout_ms, struct err *err)
{
	struct err first = ERR_EMPTY;

	if (catalog->refresh == NULL ||
	    refresh_wait(catalog->refresh, timeout_ms, &first))
		return true;
	if (leave_file(catalog))
		return refresh_wait(catalog->refresh, timeout_ms, err);
	if (err != NULL)
		*err = first;
	return false;
}

struct refresh_last catalog_last(struct catalog *catalog)
{
	struct refresh_last none = { 0 };

	return catalog->refresh != NULL ? refresh_last(catalog->refresh) : none;
}

/* ---- by hand ---- */

static bool import_once(struct catalog *catalog, const char *listing,
			struct import_result *out_result, struct err *err)
{
	CLEANUP(lite_closep)
	struct lite *lite = store_open(catalog->path.text, err);

	return lite != NULL &&
	       import_listing(lite, listing, clock_wall_ms(), out_result, err);
}

bool catalog_import(struct catalog *catalog, const char *listing,
		    struct import_result *out_result, struct err *err)
{
	struct err first = ERR_EMPTY;

	if (import_once(catalog, listing, out_result, &first))
		return true;
	if (lite_is_corrupt(&first)) {
		replace_damaged(catalog);
		return import_once(catalog, listing, out_result, err);
	}
	if (err != NULL)
		*err = first;
	return false;
}

static bool clear_once(struct catalog *catalog, struct err *err)
{
	CLEANUP(lite_closep)
	struct lite *lite = store_open(catalog->path.text, err);

	return lite != NULL && store_clear(lite, err);
}

bool catalog_clear(struct catalog *catalog, struct err *err)
{
	struct err first = ERR_EMPTY;

	if (clear_once(catalog, &first))
		return true;
	if (lite_is_corrupt(&first)) {
		replace_damaged(catalog);
		return true;
	}
	if (err != NULL)
		*err = first;
	return false;
}
