/* sandbox/rewrite/rewrite_setting.c - SET, RESET and SHOW, by settings.tsv. */
#include <string.h>

#include "sandbox/rewrite/rewrite_work.h"
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

/* The (dotted) name at, lower case, into out->name; behind it *out_end. A
 * context variable has two plain parts. */
static bool read_name(struct work *work, size_t at, size_t *out_end)
{
	const struct patch *patch = &work->patch;
	struct str *name = &work->out->name;

	work_name(work, at, name);
	if (name->len == 0)
		return work_syntax(work, at);
	*out_end = at + 1;
	if (token_is_char(patch_at(patch, at + 1), '.')) {
		*out_end = work_name_end(work, at);
		if (patch_at(patch, at)->kind != TOKEN_WORD)
			return work_syntax(work, at);
		if (*out_end != at + 3 ||
		    patch_at(patch, at + 2)->kind != TOKEN_WORD)
			return work_syntax(work, at + 1);
		str_add_char(name, '.');
		work_name(work, at + 2, name);
	}
	for (size_t i = 0; i < name->len; i++)
		if (name->text[i] >= 'A' && name->text[i] <= 'Z')
			name->text[i] |= 0x20;
	return true;
}

/* Two parts; what the private PostgreSQL and the gateway keep for themselves
 * is none. */
static bool is_context(const struct str *name)
{
	return strchr(name->text, '.') != NULL &&
	       !str_starts(name->text, "redsh.") &&
	       !str_starts(name->text, "plpgsql.");
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

static bool is_list(const struct str *name)
{
	return strcmp(name->text, "search_path") == 0 ||
	       strcmp(name->text, "datestyle") == 0;
}

/* One value at; *out_end is behind it. In a search_path names keep what they
 * are by quotes. */
static bool read_item(struct work *work, size_t at, size_t *out_end)
{
	const struct patch *patch = &work->patch;
	const struct token *token = patch_at(patch, at);
	bool path = strcmp(work->out->name.text, "search_path") == 0;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	*out_end = at + 1;
	if (token->len == 1 && (*token->text == '-' || *token->text == '+') &&
	    patch_at(patch, at + 1)->kind == TOKEN_NUMBER) {
		if (*token->text == '-')
			str_add_char(&text, '-');
		token = patch_at(patch, at + 1);
		*out_end = at + 2;
	}
	if (token->kind == TOKEN_LITERAL && !token->open)
		quote_literal_read(&text, token->text, token->len,
				   token->escapes);
	else if (token->kind == TOKEN_NAME ||
		 (token->kind == TOKEN_WORD && path))
		work_name(work, at, &text);
	else if (token->kind == TOKEN_WORD || token->kind == TOKEN_NUMBER)
		str_add_slice(&text, token->text, token->len);
	else
		return work_syntax(work, at);
	if (path)
		quote_name(&work->out->value, text.text);
	else
		str_add_slice(&work->out->value, text.text, text.len);
	return true;
}

/* Values of SET from at on, as SHOW would print them. */
static bool read_value(struct work *work, size_t at)
{
	for (;;) {
		if (!read_item(work, at, &at))
			return false;
		if (at == work->patch.count)
			return true;
		if (!is_list(&work->out->name) ||
		    !token_is_char(patch_at(&work->patch, at), ','))
			return work_syntax(work, at);
		str_add(&work->out->value, ", ");
		at++;
	}
}

/* SET SEED TO number: of random(). */
static bool set_seed(struct work *work, size_t at)
{
	struct str *name = &work->out->name;

	str_set(name, "seed");
	if (!read_value(work, at))
		return false;
	work->out->action = REWRITE_SET;
	work->out->tag = "SET";
	return true;
}

/* +-hh[:mm] is an offset east of Greenwich, for PostgreSQL an interval. */
static bool is_offset(const char *text)
{
	size_t digits = strspn(text + 1, "0123456789");

	return (text[0] == '-' || text[0] == '+') && digits >= 1 &&
	       digits <= 2 && text[1 + digits] == ':' &&
	       strspn(text + digits + 2, "0123456789") == 2 &&
	       text[digits + 4] == '\0';
}

/* A zone: name, offset, or INTERVAL 'offset'. */
static bool set_zone(struct work *work, size_t at)
{
	bool interval = patch_match(&work->patch, at, "interval") > 0 &&
			patch_at(&work->patch, at + 1)->kind == TOKEN_LITERAL;
	struct str *value = &work->out->value;
	CLEANUP(str_done) struct str zone = STR_EMPTY;

	str_set(&work->out->name, "timezone");
	if (!read_value(work, interval ? at + 1 : at))
		return false;
	if (interval || is_offset(value->text)) {
		str_add(&zone, "INTERVAL ");
		quote_literal(&zone, value->text, false);
		str_set(value, zone.text);
	}
	return true;
}

/* The parameter may be set here; its value is judged when it is. */
static bool take_set(struct work *work, size_t at)
{
	const struct tsv_row *row;

	work->out->action = REWRITE_SET;
	work->out->tag = "SET";
	if (is_context(&work->out->name))
		return true;
	row = find_setting(work, at);
	if (row == NULL)
		return false;
	if (strcmp(row->cells[1], "denied") == 0)
		return work_refuse(work, at, "42501",
				   "permission denied to set parameter \"%s\"",
				   work->out->name.text);
	return strcmp(row->cells[1], "read") != 0 ||
	       work_refuse(work, at, "55P02",
			   "parameter \"%s\" cannot be changed",
			   work->out->name.text);
}

static bool is_default(const struct work *work, size_t at)
{
	return at + 1 == work->patch.count &&
	       patch_match(&work->patch, at, "default");
}

/* The parameter named at, and its value behind it. */
static bool set_named(struct work *work, size_t at)
{
	const struct patch *patch = &work->patch;
	bool zone = patch_match(patch, at, "time zone") > 0;
	size_t value;

	if (zone)
		str_set(&work->out->name, "timezone");
	else if (!read_name(work, at, &value))
		return false;
	if (zone)
		value = at + 2;
	else if (patch_match(patch, value, "to") ||
		 patch_match(patch, value, "="))
		value++;
	else if (strcmp(work->out->name.text, "timezone") != 0 ||
		 !patch_match(patch, value, "interval"))
		return work_syntax(work, value);
	if (!take_set(work, at))
		return false;
	work->out->reset = is_default(work, value);
	if (work->out->reset)
		return true;
	return strcmp(work->out->name.text, "timezone") == 0
		       ? set_zone(work, value)
		       : read_value(work, value);
}

bool rewrite_set(struct work *work)
{
	const struct patch *patch = &work->patch;
	bool scoped = patch_match(patch, 1, "session") ||
		      patch_match(patch, 1, "local");
	size_t at = scoped ? 2 : 1;

	work->out->local = patch_match(patch, 1, "local") > 0;
	if (patch_match(patch, at, "seed to") ||
	    patch_match(patch, at, "seed ="))
		return set_seed(work, at + 2);
	if (patch_match(patch, at, "transaction") ||
	    patch_match(patch, at, "characteristics"))
		return work_later(work, at, "SET");
	return set_named(work, at);
}

bool rewrite_assignment(struct work *work, size_t at)
{
	const char *tag = work->out->tag;
	size_t end;
	bool fine;

	if (patch_match(&work->patch, at - 1, "reset")) {
		work->out->reset = true;
		fine = read_name(work, at, &end) &&
		       (end == work->patch.count || work_syntax(work, end)) &&
		       take_set(work, at);
	} else {
		fine = set_named(work, at);
	}
	if (fine && strchr(work->out->name.text, '.') != NULL)
		return work_syntax(work, at);
	work->out->action = REWRITE_SEND;
	work->out->tag = tag;
	return fine;
}

bool rewrite_reset(struct work *work)
{
	size_t end;

	work->out->reset = true;
	if (patch_match(&work->patch, 1, "all") && work->patch.count == 2) {
		str_set(&work->out->name, "all");
	} else if (!read_name(work, 1, &end)) {
		return false;
	} else if (end != work->patch.count) {
		return work_syntax(work, end);
	} else if (!take_set(work, 1)) {
		return false;
	}
	work->out->action = REWRITE_SET;
	work->out->tag = "RESET";
	return true;
}

/* Settings that 8.0's grammar names in words; SQLAlchemy's dialect of
 * Redshift asks for the isolation level at each connection. */
static bool is_worded(const struct work *work)
{
	static const char *const forms[] = {
		"time zone",
		"transaction isolation level",
		"session authorization",
	};

	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		size_t words = patch_match(&work->patch, 1, forms[i]);

		if (words > 0 && work->patch.count == 1 + words)
			return true;
	}
	return false;
}

bool rewrite_show(struct work *work)
{
	bool is_catalog;
	size_t end;

	if (!rewrite_show_catalog(work, &is_catalog) || is_catalog)
		return is_catalog && work->err->kind == ERR_NONE;
	if (is_worded(work))
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
		if (strcmp(row->cells[1], "send") == 0 &&
		    !str_starts(row->cells[3], "int "))
			return true;
	}
	work->out->action = REWRITE_SHOW;
	work->out->tag = "SHOW";
	return true;
}
