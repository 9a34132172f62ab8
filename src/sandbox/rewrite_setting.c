/* sandbox/rewrite_setting.c - SET, RESET and SHOW, by settings.tsv. */
#include <string.h>

#include "sandbox/rewrite_work.h"
#include "sql/quote.h"

const char *rewrite_setting(const struct rewrite *rewrite, const char *name)
{
	const struct tsv_row *row = tsv_find(rewrite->settings, name);

	return row != NULL ? row->cells[2] : NULL;
}

const char *rewrite_setting_name(const struct rewrite *rewrite, size_t at)
{
	return at < tsv_count(rewrite->settings)
		       ? tsv_row(rewrite->settings, at)->cells[0]
		       : NULL;
}

/* The (dotted) name at, lower case, into out->name; behind it *out_end. */
static bool read_name(struct work *work, size_t at, size_t *out_end)
{
	struct str *name = &work->out->name;

	work_name(work, at, name);
	if (name->len == 0)
		return work_syntax(work, at);
	*out_end = at + 1;
	if (token_is_char(patch_at(&work->patch, at + 1), '.')) {
		str_add_char(name, '.');
		work_name(work, at + 2, name);
		*out_end = at + 3;
	}
	for (size_t i = 0; i < name->len; i++)
		if (name->text[i] >= 'A' && name->text[i] <= 'Z')
			name->text[i] |= 0x20;
	return true;
}

static bool is_context(const struct str *name)
{
	return str_starts(name->text, "app_context.");
}

/* NULL and refused: not in the table. */
static const struct tsv_row *find_setting(struct work *work, size_t at)
{
	const char *name = work->out->name.text;
	const struct tsv_row *row = tsv_find(work->rules->settings, name);

	if (row == NULL)
		work_refuse(work, at, "42704",
			    "unrecognized configuration parameter \"%s\"",
			    name);
	return row;
}

/* Values of SET from at on, as SHOW would print them. */
static bool read_value(struct work *work, size_t at)
{
	const struct patch *patch = &work->patch;
	struct str *value = &work->out->value;

	if (at >= patch->count)
		return work_syntax(work, at);
	for (size_t i = at; i < patch->count; i++) {
		const struct token *token = patch_at(patch, i);

		if (token_is_char(token, ','))
			str_add(value, ", ");
		else if (token->kind == TOKEN_LITERAL)
			quote_literal_read(value, token->text, token->len,
					   token->escapes);
		else
			str_add_slice(value, token->text, token->len);
	}
	return true;
}

/* Redshift's limit; AWS's drivers send 2, others 3. */
static bool check_float_digits(struct work *work, size_t at)
{
	const char *value = work->out->value.text;

	if (strcmp(work->out->name.text, "extra_float_digits") == 0 &&
	    strcmp(value, "3") == 0)
		return work_refuse(work, at, "22023",
				   "3 is outside the valid range for "
				   "parameter \"extra_float_digits\" "
				   "(-15 .. 2)");
	return true;
}

static bool set_seed(struct work *work, size_t at)
{
	CLEANUP(str_done) struct str value = STR_EMPTY;

	patch_render(&work->patch, at, work->patch.count, &value, NULL);
	patch_drop(&work->patch, 1, work->patch.count);
	patch_replace(&work->patch, 0, "SELECT pg_catalog.setseed(%s)",
		      value.text);
	work->out->tag = "SET";
	return true;
}

static bool set_kept(struct work *work, const char *how, size_t at)
{
	if (strcmp(how, "read") == 0)
		return work_refuse(work, at, "55P02",
				   "parameter \"%s\" cannot be changed",
				   work->out->name.text);
	work->out->action = REWRITE_SET;
	work->out->tag = "SET";
	return true;
}

bool rewrite_set(struct work *work)
{
	const struct patch *patch = &work->patch;
	bool scoped = patch_match(patch, 1, "session") ||
		      patch_match(patch, 1, "local");
	size_t at = scoped ? 2 : 1;
	const struct tsv_row *row;
	size_t value;

	if (patch_match(patch, at, "time zone"))
		return true;
	if (patch_match(patch, at, "seed to"))
		return set_seed(work, at + 2);
	if (patch_match(patch, at, "transaction") ||
	    patch_match(patch, at, "characteristics"))
		return work_later(work, at, "SET");
	if (!read_name(work, at, &value))
		return false;
	if (!patch_match(patch, value, "to") && !patch_match(patch, value, "="))
		return work_syntax(work, value);
	if (!read_value(work, value + 1))
		return false;
	if (is_context(&work->out->name))
		return set_kept(work, "keep", at);
	row = find_setting(work, at);
	if (row == NULL || !check_float_digits(work, value + 1))
		return false;
	if (strcmp(row->cells[1], "denied") == 0)
		return work_refuse(work, at, "42501",
				   "permission denied to set parameter \"%s\"",
				   work->out->name.text);
	return strcmp(row->cells[1], "send") == 0 ||
	       set_kept(work, row->cells[1], at);
}

bool rewrite_reset(struct work *work)
{
	const struct tsv_row *row;
	size_t end;

	if (patch_match(&work->patch, 1, "all"))
		return true;
	if (!read_name(work, 1, &end))
		return false;
	if (end != work->patch.count)
		return work_syntax(work, end);
	if (!is_context(&work->out->name)) {
		row = find_setting(work, 1);
		if (row == NULL)
			return false;
		if (strcmp(row->cells[1], "send") == 0)
			return true;
		str_set(&work->out->value, row->cells[2]);
		if (!set_kept(work, row->cells[1], 1))
			return false;
	}
	work->out->action = REWRITE_SET;
	work->out->tag = "RESET";
	return true;
}

/* SHOW TABLES FROM SCHEMA ... and its kin: words that begin a listing. */
static const char *const listings[] = {
	"tables",     "schemas",   "databases",  "columns",    "table",
	"view",       "procedure", "procedures", "functions",  "grants",
	"datashares", "external",  "model",      "parameters", "constraints",
	"column",     "rls",       "masking",    "templates",  "template",
	"use",
};

bool rewrite_show(struct work *work)
{
	size_t end;

	for (size_t i = 0; i < COUNT_OF(listings); i++)
		if (patch_match(&work->patch, 1, listings[i]))
			return work_later(work, 1, "SHOW");
	if (patch_match(&work->patch, 1, "time zone"))
		return true;
	if (!read_name(work, 1, &end))
		return false;
	if (end != work->patch.count)
		return work_syntax(work, end);
	if (strcmp(work->out->name.text, "all") != 0 &&
	    !is_context(&work->out->name)) {
		const struct tsv_row *row = find_setting(work, 1);

		if (row == NULL)
			return false;
		if (strcmp(row->cells[1], "send") == 0)
			return true;
	}
	work->out->action = REWRITE_SHOW;
	work->out->tag = "SHOW";
	return true;
}
