#include "shell/saved.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/similar.h"
#include "base/str.h"
#include "data/ini.h"
#include "db/dsn.h"
#include "db/dsn_option.h"

enum { MAX_FILE_BYTES = 1024 * 1024, NAME_BYTES = 64 };

static const char head[] =
	"# Connections of redsh: \"redsh @NAME\" and \"\\c @NAME\".\n"
	"#\n"
	"# [sales]\n"
	"# cluster = sales-prod          or workgroup = NAME, or host = NAME\n"
	"# region = eu-west-1\n"
	"# profile = analyst             an AWS profile\n"
	"# dbname = dev\n"
	"# production = true             marks the prompt, asks before it drops\n"
	"# staging = s3://BUCKET/FOLDER/ local files go by way of it (\\copyfrom)\n"
	"# copy_role = arn:aws:iam::...   the role of \\copyfrom and \\copyto\n"
	"#\n"
	"# Any other word of a connection string may stand here. Passwords are\n"
	"# better kept in ~/.pgpass, or not at all: iam = true.\n";

struct saved {
	struct ini *ini;
	struct str path;
	struct str warning;
};

bool saved_is_name(const char *text)
{
	return text && text[0] == '@' && text[1] != '\0' &&
	       !dsn_is_conninfo(text);
}

void saved_path(struct str *out)
{
	path_xdg(PATH_CONFIG, "connections.conf", out);
}

void saved_free(struct saved *saved)
{
	if (!saved)
		return;
	ini_free(saved->ini);
	str_done(&saved->path);
	str_done(&saved->warning);
	mem_free(saved);
}

const char *saved_warning(const struct saved *saved)
{
	return saved->warning.text;
}

/* ---- the file ---- */

/* One key of a section into dsn. */
static bool take_key(struct dsn *dsn, const char *key, const char *value,
		     bool *out_known, struct err *err)
{
	*out_known = true;
	switch (dsn_option_put(dsn, key, value, err)) {
	case DSN_OPTION_TAKEN:
		return true;
	case DSN_OPTION_REFUSED:
		return false;
	case DSN_OPTION_NOT_OURS:
		break;
	}
	*out_known = dsn_is_keyword(key);
	if (*out_known)
		dsn_set(dsn, key, value);
	return true;
}

static bool refuse_key(const struct saved *saved, const char *section,
		       const char *key, struct err *err)
{
	struct similar nearest = { .wanted = key };
	const char *name;

	for (size_t i = 0; (name = dsn_option_name(i)); i++)
		similar_consider(&nearest, name);
	for (size_t i = 0; (name = dsn_keyword(i)); i++)
		similar_consider(&nearest, name);
	similar_consider(&nearest, "cluster");
	similar_consider(&nearest, "workgroup");
	err_set(err, ERR_DATA, "%s: [%s] has an unknown key \"%s\"",
		saved->path.text, section, key);
	if (nearest.name)
		return err_hint(err, "did you mean \"%s\"?", nearest.name);
	return err_hint(err, "keys are the words of connection strings: host, "
			     "port, dbname, user, cluster, workgroup, region, "
			     "profile ...");
}

static bool fill_section(const struct saved *saved,
			 const struct ini_section *section, struct dsn *dsn,
			 struct err *err)
{
	const char *key, *value;
	size_t at = 0;

	while (ini_next(saved->ini, section, &at, &key, &value)) {
		bool known;

		if (!take_key(dsn, key, value, &known, err))
			return err_wrap(err, "%s: [%s]", saved->path.text,
					section->name);
		if (!known)
			return refuse_key(saved, section->name, key, err);
	}
	return true;
}

/* Every section, so that a slip is told before it matters. */
static bool check(struct saved *saved, struct err *err)
{
	bool has_password = false;
	struct stat status;

	for (size_t i = 0; i < ini_section_count(saved->ini); i++) {
		CLEANUP(dsn_freep) struct dsn *dsn = dsn_new();

		if (!fill_section(saved, ini_section(saved->ini, i), dsn, err))
			return false;
		has_password = has_password || dsn_get(dsn, "password");
	}
	if (has_password && stat(saved->path.text, &status) == 0 &&
	    (status.st_mode & 077) != 0)
		str_addf(&saved->warning,
			 "%s holds a password and is open to others: chmod 600 "
			 "%s",
			 saved->path.text, saved->path.text);
	return true;
}

static bool read_ini(struct ini *ini, const char *path, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err failed = ERR_EMPTY;
	bool ok;

	if (!file_read(path, MAX_FILE_BYTES, &text, &failed)) {
		if (failed.kind == ERR_MISSING)
			return true;
		*err = failed;
		return false;
	}
	ok = ini_add(ini, path, text.text, text.len, err);
	mem_wipe(text.text, text.len);
	return ok;
}

struct saved *saved_open(struct err *err)
{
	struct saved *saved = mem_alloc(sizeof(*saved));

	saved->path = (struct str)STR_EMPTY;
	saved->warning = (struct str)STR_EMPTY;
	saved->ini = ini_new();
	saved_path(&saved->path);
	if (read_ini(saved->ini, saved->path.text, err) && check(saved, err))
		return saved;
	saved_free(saved);
	return NULL;
}

const char *saved_name(const struct saved *saved, size_t at)
{
	return at < ini_section_count(saved->ini)
		       ? ini_section(saved->ini, at)->name
		       : NULL;
}

static const struct ini_section *find(const struct saved *saved,
				      const char *name)
{
	for (size_t i = 0; i < ini_section_count(saved->ini); i++)
		if (strcmp(ini_section(saved->ini, i)->name, name) == 0)
			return ini_section(saved->ini, i);
	return NULL;
}

bool saved_fill(const struct saved *saved, const char *name, struct dsn *dsn,
		struct err *err)
{
	const struct ini_section *section;
	struct similar nearest = { 0 };
	const char *other;

	name += *name == '@';
	section = find(saved, name);
	if (section) {
		dsn_set(dsn, "connection", name);
		return fill_section(saved, section, dsn, err);
	}
	nearest.wanted = name;
	for (size_t i = 0; (other = saved_name(saved, i)); i++)
		similar_consider(&nearest, other);
	/* "sales" for "sales-story", which \platform create has saved. */
	for (size_t i = 0; *name && (other = saved_name(saved, i)); i++)
		if (!nearest.name && str_starts(other, name))
			nearest.name = other;
	err_set(err, ERR_MISSING, "there is no connection @%s", name);
	if (nearest.name)
		return err_hint(err, "did you mean @%s?", nearest.name);
	return err_hint(err, "connections are the sections of %s; "
			     "\\connections --save NAME adds this one",
			saved->path.text);
}

/* ---- adding ---- */

static bool check_name(const struct saved *saved, const char *name,
		       struct err *err)
{
	if (!*name || strlen(name) > NAME_BYTES ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789_.-") != strlen(name))
		return err_set(err, ERR_USAGE,
			       "\"%.80s\" cannot be the name of a connection: "
			       "letters, digits, _ . and - may stand in it",
			       name);
	if (!find(saved, name))
		return true;
	err_set(err, ERR_USAGE, "there is a connection @%s already", name);
	return err_hint(err, "choose another name, or edit %s",
			saved->path.text);
}

static void add_section(const char *name, const struct dsn *dsn,
			struct str *out)
{
	const char *keyword, *value;

	str_addf(out, "\n[%s]\n", name);
	for (size_t i = 0; dsn_item(dsn, i, &keyword, &value); i++)
		if (strcmp(keyword, "password") != 0 &&
		    strcmp(keyword, "connection") != 0 &&
		    !strpbrk(value, "\r\n"))
			str_addf(out, "%s = %s\n", keyword, value);
}

static bool append(const char *path, const struct str *text, struct err *err)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	CLEANUP(str_done) struct str all = STR_EMPTY;
	struct err failed = ERR_EMPTY;
	bool ok;

	path_dir(path, &folder);
	if (!file_make_dirs(folder.text, 0700, err))
		return false;
	if (!file_read(path, MAX_FILE_BYTES, &all, &failed)) {
		if (failed.kind != ERR_MISSING) {
			*err = failed;
			return false;
		}
		str_add(&all, head);
	}
	str_add_slice(&all, text->text, text->len);
	/* Else it could not be read any more, with all that is in it. */
	ok = all.len <= MAX_FILE_BYTES
		     ? file_write(path, all.text, all.len, 0600, err)
		     : err_set(err, ERR_DATA,
			       "%s would be longer than %d bytes", path,
			       MAX_FILE_BYTES);
	mem_wipe(all.text, all.len);
	return ok;
}

bool saved_add(const char *name, const struct dsn *dsn, struct err *err)
{
	CLEANUP(saved_freep) struct saved *saved = saved_open(err);
	CLEANUP(str_done) struct str text = STR_EMPTY;

	name += *name == '@';
	if (!saved || !check_name(saved, name, err))
		return false;
	add_section(name, dsn, &text);
	return append(saved->path.text, &text, err);
}

/* ---- taking away ---- */

/* Lines of other sections stay as they are, and all comments. */
static void copy_others(const char *text, const char *name, struct str *out)
{
	CLEANUP(str_done) struct str title = STR_EMPTY;
	bool inside = false;

	str_addf(&title, "[%s]", name);
	while (*text) {
		size_t len = strcspn(text, "\n");
		size_t blanks = strspn(text, " \t");

		if (text[blanks] == '[')
			inside = strncmp(text + blanks, title.text, title.len) ==
				 0;
		if (!inside || text[blanks] == '#')
			str_add_slice(out, text, len + (text[len] == '\n'));
		text += len + (text[len] == '\n');
	}
}

bool saved_remove(const char *name, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str all = STR_EMPTY;
	CLEANUP(str_done) struct str rest = STR_EMPTY;
	bool good;

	saved_path(&path);
	if (!file_read(path.text, MAX_FILE_BYTES, &all, err))
		return false;
	copy_others(all.text, name + (*name == '@'), &rest);
	/* The empty line before the section goes with it. */
	if (rest.len > 1 && str_ends(rest.text, "\n\n"))
		str_cut(&rest, rest.len - 1);
	good = file_write(path.text, rest.text, rest.len, 0600, err);
	mem_wipe(all.text, all.len);
	mem_wipe(rest.text, rest.len);
	return good;
}

/* ---- odbc.ini ---- */

static bool is_redshift(const struct ini *ini,
			const struct ini_section *section)
{
	const char *driver = ini_get(ini, section->type, section->name,
				     "driver");
	CLEANUP(str_done) struct str lower = STR_EMPTY;

	for (; driver && *driver; driver++)
		str_add_char(&lower, (char)tolower((unsigned char)*driver));
	return strstr(lower.text, "redshift") != NULL;
}

static void add_name(const char *text, struct str *out)
{
	for (; *text; text++)
		str_add_char(out, isalnum((unsigned char)*text) ||
						  strchr("_.-", *text)
					  ? *text
					  : '-');
}

/* What a driver manager or the driver wants for itself is left behind, and
 * told. */
static void import_section(const struct ini *ini,
			   const struct ini_section *section,
			   struct str *out_told)
{
	CLEANUP(dsn_freep) struct dsn *dsn = dsn_new();
	CLEANUP(str_done) struct str left = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const char *key, *value;
	struct err err = ERR_EMPTY;
	size_t at = 0;

	add_name(section->type, &name);
	if (name.len > 0)
		str_add_char(&name, '-');
	add_name(section->name, &name);
	while (ini_next(ini, section, &at, &key, &value)) {
		bool known;

		if (strcmp(key, "driver") == 0 || !*value ||
		    strcmp(key, "description") == 0)
			continue;
		if (!take_key(dsn, key, value, &known, &err) || !known)
			str_addf(&left, "%s%s", left.len ? ", " : "", key);
	}
	if (dsn_get(dsn, "password"))
		str_addf(&left, "%spassword", left.len ? ", " : "");
	if (!saved_add(name.text, dsn, &err))
		str_addf(out_told, "@%s: not imported: %s\n", name.text,
			 err.message);
	else if (left.len > 0)
		str_addf(out_told, "@%s: imported without %s\n", name.text,
			 left.text);
	else
		str_addf(out_told, "@%s: imported\n", name.text);
}

bool saved_import_odbc(const char *path, struct str *out_told, struct err *err)
{
	CLEANUP(ini_freep) struct ini *ini = ini_new();
	CLEANUP(str_done) struct str file = STR_EMPTY;
	const char *named = getenv("ODBCINI");
	size_t found = 0;

	path_expand(path ? path : named && *named ? named : "~/.odbc.ini",
		    &file);
	if (!file_exists(file.text))
		return err_set(err, ERR_MISSING, "%s: no such file", file.text);
	if (!read_ini(ini, file.text, err))
		return false;
	for (size_t i = 0; i < ini_section_count(ini); i++)
		if (is_redshift(ini, ini_section(ini, i))) {
			import_section(ini, ini_section(ini, i), out_told);
			found++;
		}
	return found > 0 ||
	       err_set(err, ERR_MISSING,
		       "%s has no entry with a Driver of Redshift", file.text);
}
