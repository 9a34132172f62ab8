#include "sandbox/gateway/pgparam.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"

#define FILE_MAX (256 * 1024)

struct pgparams {
	struct str text; /* the file; names and values point into it */
	struct {
		VEC(struct pgparam);
	} rows;
	struct {
		VEC(char *);
	} overrides; /* defaults that the file does not have */
};

static bool read_kind(const char *text, enum pgparam_kind *out)
{
	static const struct {
		const char *how;
		enum pgparam_kind kind;
	} kinds[] = {
		{ "send", PGPARAM_SERVER },   { "keep", PGPARAM_OWN },
		{ "seed", PGPARAM_OWN },      { "read", PGPARAM_READONLY },
		{ "denied", PGPARAM_DENIED },
	};

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(text, kinds[i].how) == 0) {
			*out = kinds[i].kind;
			return true;
		}
	return false;
}

/* name TAB how TAB default TAB values TAB group TAB note; cuts line in
 * place. */
static bool read_row(char *line, struct pgparam *out)
{
	char *fields[6] = { 0 };

	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if ((fields[i] = strsep(&line, "\t")) == NULL)
			return false;
	out->name = fields[0];
	out->initial = fields[2];
	out->values = fields[3];
	out->in_group = strcmp(fields[4], "yes") == 0;
	out->note = fields[5];
	return !line && read_kind(fields[1], &out->kind);
}

struct pgparams *pgparams_load(const char *path, struct err *err)
{
	CLEANUP(pgparams_freep) struct pgparams *params = NULL;
	struct pgparams *loaded;
	char *rest;
	char *line;
	int number = 0;

	params = mem_alloc(sizeof(*params));
	params->text = (struct str)STR_EMPTY;
	if (!file_read(path, FILE_MAX, &params->text, err))
		return NULL;
	rest = params->text.text;
	while ((line = strsep(&rest, "\n")) != NULL) {
		struct pgparam row = { 0 };

		if (++number == 1 || *line == '\0' || *line == '#')
			continue;
		if (!read_row(line, &row)) {
			err_set(err, ERR_DATA, "%s:%d: malformed row", path,
				number);
			return NULL;
		}
		vec_push(&params->rows, row);
	}
	loaded = params;
	params = NULL;
	return loaded;
}

void pgparams_free(struct pgparams *params)
{
	if (!params)
		return;
	for (size_t i = 0; i < params->overrides.count; i++)
		mem_free(params->overrides.items[i]);
	vec_done(&params->overrides);
	vec_done(&params->rows);
	str_done(&params->text);
	mem_free(params);
}

size_t pgparams_count(const struct pgparams *params)
{
	return params->rows.count;
}

const struct pgparam *pgparams_at(const struct pgparams *params, size_t at)
{
	return &params->rows.items[at];
}

static struct pgparam *find(const struct pgparams *params, const char *name)
{
	for (size_t i = 0; i < params->rows.count; i++)
		if (str_equal_nocase(params->rows.items[i].name, name))
			return &params->rows.items[i];
	return NULL;
}

const struct pgparam *pgparams_find(const struct pgparams *params,
				    const char *name, struct err *err)
{
	const struct pgparam *param = find(params, name);

	if (param)
		return param;
	err_set(err, ERR_SERVER, "unrecognized configuration parameter \"%s\"",
		name);
	err_set_code(err, "42704");
	return NULL;
}

static bool refuse(struct err *err, const char *sqlstate)
{
	return err_set_code(err, sqlstate);
}

static bool check_bool(const struct pgparam *param, const char *value,
		       struct err *err)
{
	static const char *const words[] = { "on",  "off", "true", "false",
					     "yes", "no",  "1",    "0",
					     "t",   "f" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_equal_nocase(value, words[i]))
			return true;
	err_set(err, ERR_SERVER, "parameter \"%s\" requires a Boolean value",
		param->name);
	return refuse(err, "22023");
}

static bool check_number(const struct pgparam *param, const char *value,
			 struct err *err)
{
	bool whole = str_starts(param->values, "int ");
	const char *range = strchr(param->values, ' ');
	char *end = NULL;
	double low = strtod(range, &end);
	double high = strtod(end, NULL);
	double given;

	errno = 0;
	given = whole ? (double)strtoll(value, &end, 10) : strtod(value, &end);
	if (end == value || *end != '\0' || errno != 0) {
		err_set(err, ERR_SERVER, "parameter \"%s\" requires %s value",
			param->name, whole ? "an integer" : "a numeric");
		return refuse(err, "22023");
	}
	if (given >= low && given <= high)
		return true;
	err_set(err, ERR_SERVER,
		"%s is outside the valid range for parameter \"%s\" "
		"(%.0f .. %.0f)",
		value, param->name, low, high);
	return refuse(err, "22023");
}

static bool check_word(const struct pgparam *param, const char *value,
		       struct err *err)
{
	const char *at = param->values + strlen("word ");

	while (*at) {
		size_t len = strcspn(at, " ");

		if (str_slice_equal_nocase(at, len, value))
			return true;
		at += len;
		at += strspn(at, " ");
	}
	err_set(err, ERR_SERVER, "invalid value for parameter \"%s\": \"%s\"",
		param->name, value);
	return refuse(err, "22023");
}

static bool check_value(const struct pgparam *param, const char *value,
			struct err *err)
{
	if (strcmp(param->values, "bool") == 0)
		return check_bool(param, value, err);
	if (str_starts(param->values, "int ") ||
	    str_starts(param->values, "number "))
		return check_number(param, value, err);
	if (str_starts(param->values, "word "))
		return check_word(param, value, err);
	return true;
}

bool pgparam_check(const struct pgparam *param, const char *value,
		   struct err *err)
{
	switch (param->kind) {
	case PGPARAM_SERVER:
	case PGPARAM_OWN:
		return check_value(param, value, err);
	case PGPARAM_READONLY:
		err_set(err, ERR_SERVER, "parameter \"%s\" cannot be changed",
			param->name);
		return refuse(err, "55P02");
	case PGPARAM_DENIED:
		err_set(err, ERR_SERVER,
			"permission denied to set parameter \"%s\"",
			param->name);
		return refuse(err, "42501");
	}
	return false;
}

static bool is_true(const char *value)
{
	static const char *const words[] = { "on", "true", "yes", "1", "t" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_equal_nocase(value, words[i]))
			return true;
	return false;
}

static void canonical_bool(const struct pgparam *param, const char *value,
			   struct str *out)
{
	static const char *const words[][2] = {
		{ "off", "on" },
		{ "false", "true" },
		{ "FALSE", "TRUE" },
	};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(param->initial, words[i][0]) == 0 ||
		    strcmp(param->initial, words[i][1]) == 0)
			str_add(out, words[i][is_true(value)]);
}

void pgparam_canonical(const struct pgparam *param, const char *value,
		       struct str *out)
{
	const char *at = strchr(param->values, ' ');

	if (strcmp(param->values, "bool") == 0) {
		canonical_bool(param, value, out);
		return;
	}
	while (str_starts(param->values, "word ") && at && *at) {
		size_t len;

		at += strspn(at, " ");
		len = strcspn(at, " ");
		if (str_slice_equal_nocase(at, len, value)) {
			str_add_slice(out, at, len);
			return;
		}
		at += len;
	}
	str_add(out, value);
}

bool pgparams_override(struct pgparams *params, const char *assignment,
		       struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	size_t len = strcspn(assignment, "=");
	struct pgparam *param;

	if (assignment[len] != '=')
		return err_set(err, ERR_USAGE, "no value in \"%s\"",
			       assignment);
	str_add_slice(&name, assignment, len);
	if (!pgparams_find(params, name.text, err))
		return false;
	param = find(params, name.text);
	if (!param->in_group)
		return err_set(err, ERR_USAGE,
			       "the sandbox has no use for parameter \"%s\" in "
			       "a parameter group",
			       param->name);
	if (!check_value(param, assignment + len + 1, err))
		return false;
	pgparam_canonical(param, assignment + len + 1, &value);
	vec_push(&params->overrides, str_take(&value));
	param->initial = params->overrides.items[params->overrides.count - 1];
	param->overridden = true;
	return true;
}

void pgparam_server_name(const struct pgparam *param, struct str *out)
{
	if (param->kind != PGPARAM_SERVER)
		str_add(out, "redsh.");
	str_add(out, param->name);
}

bool pgparam_is_context(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot && dot != name && dot[1] != '\0' && !strchr(dot + 1, '.');
}
