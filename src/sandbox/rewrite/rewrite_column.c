/* sandbox/rewrite/rewrite_column.c - columns, constraints, attributes of a
 * table.
 *
 * What PostgreSQL lacks is dropped from the text and gathered in struct
 * rewrite_keys, which becomes calls of note_* (functions.sql). Keys and
 * foreign keys are dropped too: Redshift does not enforce them. */
#include <stdlib.h>
#include <string.h>

#include "sandbox/rewrite/rewrite_work.h"
#include "sql/quote.h"

void rewrite_keys_done(struct rewrite_keys *keys)
{
	str_done(&keys->distkey);
	str_done(&keys->sortkey);
	str_done(&keys->encoded);
	str_done(&keys->encodings);
	str_done(&keys->constraints);
	str_done(&keys->table);
}

void rewrite_add_member(struct str *members, const char *name)
{
	if (members->len > 0)
		str_add_char(members, ',');
	quote_literal(members, name, false);
}

bool rewrite_name_list(struct work *work, size_t open, struct str *out)
{
	size_t close = work->patch.items[open].pair;

	if (!token_is_char(patch_at(&work->patch, open), '(') || close < open)
		return work_syntax(work, open);
	for (size_t i = open + 1; i < close; i += 2) {
		CLEANUP(str_done) struct str name = STR_EMPTY;

		work_name(work, i, &name);
		if (name.len == 0)
			return work_syntax(work, i);
		rewrite_add_member(out, name.text);
		if (i + 1 < close &&
		    !token_is_char(patch_at(&work->patch, i + 1), ','))
			return work_syntax(work, i + 1);
	}
	return true;
}

/* REFERENCES t [(col)] at; appends its two arguments of note_constraint. */
static bool read_references(struct work *work, size_t at, size_t *out_end,
			    struct str *out)
{
	size_t end = work_name_end(work, at + 1);
	struct str columns = STR_EMPTY;
	bool fine = end > at + 1;

	if (!fine) {
		work_syntax(work, at + 1);
	} else {
		str_add(out, ", ");
		work_name_literal(work, at + 1, end, out);
		if (token_is_char(patch_at(&work->patch, end), '(')) {
			fine = rewrite_name_list(work, end, &columns);
			end = work->patch.items[end].pair + 1;
		}
		str_addf(out, ", ARRAY[%s]::text[]", columns.text);
		*out_end = end;
	}
	str_done(&columns);
	return fine;
}

/* The end of a call; of a table that may be there already: unless it is. */
static void add_end(const struct rewrite_keys *keys, struct str *out)
{
	if (keys->only_new)
		str_addf(out, " WHERE NOT " REWRITE_SCHEMA ".is_known(%s)",
			 keys->table.text);
	str_add(out, ";\n");
}

static void add_constraint(struct rewrite_keys *keys, const char *name,
			   char kind, const char *columns,
			   const char *references)
{
	struct str *out = &keys->constraints;

	str_addf(out, "SELECT " REWRITE_SCHEMA ".note_constraint(%s, ",
		 keys->table.text);
	if (name[0] != '\0')
		quote_literal(out, name, false);
	else
		str_add(out, "NULL");
	str_addf(out, ", '%c', ARRAY[%s]%s)", kind, columns,
		 references[0] != '\0' ? references : ", NULL, NULL");
	add_end(keys, out);
}

/* ---- options of one column */

struct column {
	struct work *work;
	struct rewrite_keys *keys;
	const char *name;
	size_t end;
};

typedef bool column_rule(struct column *column, size_t at, size_t words,
			 size_t *out_end);

static bool option_keep(struct column *column, size_t at, size_t words,
			size_t *out_end)
{
	(void)column;
	*out_end = at + words;
	return true;
}

static bool option_syntax(struct column *column, size_t at, size_t words,
			  size_t *out_end)
{
	(void)words;
	(void)out_end;
	return work_syntax(column->work, at);
}

/* IDENTITY(seed, step): values of seed and step are signed numbers. */
static bool option_identity(struct column *column, size_t at, size_t words,
			    size_t *out_end)
{
	struct patch *patch = &column->work->patch;
	bool by_default = words > 1;
	size_t open = at + words;
	struct patch_range args[2];
	CLEANUP(str_done) struct str seed = STR_EMPTY;
	CLEANUP(str_done) struct str step = STR_EMPTY;

	if (!token_is_char(patch_at(patch, open), '(') ||
	    patch_arguments(patch, open, args, 2) != 2)
		return work_syntax(column->work, open);
	patch_render(patch, args[0].from, args[0].to, &seed, NULL);
	patch_render(patch, args[1].from, args[1].to, &step, NULL);
	*out_end = patch->items[open].pair + 1;
	patch_drop(patch, at, *out_end);
	patch_replace(patch, at,
		      "GENERATED %s AS IDENTITY (START WITH %s INCREMENT BY "
		      "%s %s %s)",
		      by_default ? "BY DEFAULT" : "ALWAYS", seed.text,
		      step.text, step.text[0] == '-' ? "MAXVALUE" : "MINVALUE",
		      seed.text);
	return true;
}

static bool option_encode(struct column *column, size_t at, size_t words,
			  size_t *out_end)
{
	CLEANUP(str_done) struct str encoding = STR_EMPTY;

	work_name(column->work, at + words, &encoding);
	if (encoding.len == 0)
		return work_syntax(column->work, at + words);
	rewrite_add_member(&column->keys->encoded, column->name);
	rewrite_add_member(&column->keys->encodings, encoding.text);
	*out_end = at + words + 1;
	patch_drop(&column->work->patch, at, *out_end);
	return true;
}

static bool option_distkey(struct column *column, size_t at, size_t words,
			   size_t *out_end)
{
	if (column->keys->distkey.len > 0)
		return work_refuse(column->work, at, "42601",
				   "more than one DISTKEY column specified");
	str_set(&column->keys->distkey, column->name);
	*out_end = at + words;
	patch_drop(&column->work->patch, at, *out_end);
	return true;
}

static bool option_sortkey(struct column *column, size_t at, size_t words,
			   size_t *out_end)
{
	rewrite_add_member(&column->keys->sortkey, column->name);
	column->keys->sortstyle = "COMPOUND";
	*out_end = at + words;
	patch_drop(&column->work->patch, at, *out_end);
	return true;
}

static bool option_collate(struct column *column, size_t at, size_t words,
			   size_t *out_end)
{
	const struct token *token = patch_at(&column->work->patch, at + words);

	if (token_is(token, "case_insensitive") || token_is(token, "ci"))
		return work_later(column->work, at + words, "collation");
	if (!token_is(token, "case_sensitive") && !token_is(token, "cs"))
		return work_syntax(column->work, at + words);
	*out_end = at + words + 1;
	patch_drop(&column->work->patch, at, *out_end);
	return true;
}

static void one_column(struct column *column, char kind, const char *references)
{
	CLEANUP(str_done) struct str columns = STR_EMPTY;

	rewrite_add_member(&columns, column->name);
	add_constraint(column->keys, "", kind, columns.text, references);
}

static bool option_unique(struct column *column, size_t at, size_t words,
			  size_t *out_end)
{
	one_column(column, 'u', "");
	*out_end = at + words;
	patch_drop(&column->work->patch, at, *out_end);
	return true;
}

/* A primary key column is NOT NULL, which is enforced. */
static bool option_primary(struct column *column, size_t at, size_t words,
			   size_t *out_end)
{
	one_column(column, 'p', "");
	*out_end = at + words;
	patch_drop(&column->work->patch, at, *out_end);
	patch_replace(&column->work->patch, at, "NOT NULL");
	return true;
}

static bool option_references(struct column *column, size_t at, size_t words,
			      size_t *out_end)
{
	CLEANUP(str_done) struct str references = STR_EMPTY;

	(void)words;
	if (!read_references(column->work, at, out_end, &references))
		return false;
	one_column(column, 'f', references.text);
	patch_drop(&column->work->patch, at, *out_end);
	return true;
}

/* The expression ends where an option begins, or with the column. */
static bool option_default(struct column *column, size_t at, size_t words,
			   size_t *out_end);

static const struct {
	const char *words;
	column_rule *rule;
} options[] = {
	{ "default", option_default },
	{ "identity", option_identity },
	{ "generated by default as identity", option_identity },
	{ "generated", option_syntax },
	{ "encode", option_encode },
	{ "distkey", option_distkey },
	{ "sortkey", option_sortkey },
	{ "collate", option_collate },
	{ "not null", option_keep },
	{ "null", option_keep },
	{ "unique", option_unique },
	{ "primary key", option_primary },
	{ "references", option_references },
};

static size_t find_option(const struct patch *patch, size_t at, size_t *out_row)
{
	for (size_t i = 0; i < COUNT_OF(options); i++) {
		size_t words = patch_match(patch, at, options[i].words);

		*out_row = i;
		if (words > 0)
			return words;
	}
	return 0;
}

static bool option_default(struct column *column, size_t at, size_t words,
			   size_t *out_end)
{
	const struct patch *patch = &column->work->patch;
	size_t row;
	size_t i = at + words + 1;

	while (i < column->end && find_option(patch, i, &row) == 0) {
		if (token_is_char(patch_at(patch, i), '(') &&
		    patch->items[i].pair > i)
			i = patch->items[i].pair;
		i++;
	}
	*out_end = i;
	return at + words < column->end || work_syntax(column->work, i);
}

/* "table.column", as messages about a column's type have it; the table
 * without its schema. */
static void add_full_name(const struct rewrite_keys *keys, const char *column,
			  struct str *out)
{
	CLEANUP(str_done) struct str table = STR_EMPTY;
	const char *last;

	quote_literal_read(&table, keys->table.text, keys->table.len, false);
	last = strrchr(table.text, '.');
	last = last != NULL ? last + 1 : table.text;
	quote_name_read(out, last, strlen(last), false);
	str_addf(out, ".%s", column);
}

bool rewrite_column(struct work *work, struct rewrite_keys *keys, size_t from,
		    size_t to)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str full = STR_EMPTY;
	CLEANUP(str_done) struct str type = STR_EMPTY;
	struct column column = { .work = work, .keys = keys, .end = to };
	size_t at;

	work_name(work, from, &name);
	if (name.len == 0 || work_is_reserved(work, from))
		return work_syntax(work, from);
	column.name = name.text;
	add_full_name(keys, name.text, &full);
	if (!rewrite_type(work, from + 1, full.text, &at, &type))
		return false;
	patch_drop(&work->patch, from + 1, at);
	patch_replace(&work->patch, from + 1, "%s", type.text);
	while (at < to) {
		size_t row;
		size_t words = find_option(&work->patch, at, &row);

		if (words == 0)
			return work_syntax(work, at);
		if (!options[row].rule(&column, at, words, &at))
			return false;
	}
	return true;
}

/* ---- table constraints */

static const struct {
	const char *words;
	char kind;
} constraints[] = {
	{ "unique (", 'u' },
	{ "primary key (", 'p' },
	{ "foreign key (", 'f' },
};

bool rewrite_constraint(struct work *work, struct rewrite_keys *keys,
			size_t from, size_t to, bool *out_is)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str columns = STR_EMPTY;
	CLEANUP(str_done) struct str references = STR_EMPTY;
	bool named = patch_match(&work->patch, from, "constraint") > 0;
	size_t at = named ? from + 2 : from;

	*out_is = true;
	if (patch_match(&work->patch, at, "check") ||
	    patch_match(&work->patch, at, "exclude using"))
		return work_syntax(work, at);
	if (named)
		work_name(work, from + 1, &name);
	for (size_t i = 0; i < COUNT_OF(constraints); i++) {
		size_t words =
			patch_match(&work->patch, at, constraints[i].words);
		size_t open = at + words - 1;

		if (words == 0)
			continue;
		if (!rewrite_name_list(work, open, &columns))
			return false;
		at = work->patch.items[open].pair + 1;
		if (constraints[i].kind == 'f' &&
		    (!patch_match(&work->patch, at, "references") ||
		     !read_references(work, at, &at, &references)))
			return work->err->kind != ERR_NONE ||
			       work_syntax(work, at);
		if (at != to)
			return work_syntax(work, at);
		add_constraint(keys, name.text, constraints[i].kind,
			       columns.text, references.text);
		return true;
	}
	*out_is = named;
	return !named || work_syntax(work, at);
}

/* ---- attributes of the table */

struct attributes {
	struct work *work;
	struct rewrite_keys *keys;
};

typedef bool attribute_rule(struct attributes *attributes, size_t at,
			    const char *value, size_t *out_end);

static bool set_backup(struct attributes *attributes, size_t at,
		       const char *value, size_t *out_end)
{
	(void)at;
	(void)out_end;
	attributes->keys->backup = value;
	return true;
}

static bool set_diststyle(struct attributes *attributes, size_t at,
			  const char *value, size_t *out_end)
{
	(void)at;
	(void)out_end;
	attributes->keys->diststyle = value;
	return true;
}

static bool set_distkey(struct attributes *attributes, size_t at,
			const char *value, size_t *out_end)
{
	struct work *work = attributes->work;

	(void)value;
	(void)at;
	if (attributes->keys->distkey.len > 0)
		return work_refuse(work, at, "42601",
				   "more than one DISTKEY column specified");
	if (work->patch.items[*out_end - 1].pair != *out_end + 1)
		return work_syntax(work, *out_end);
	work_name(work, *out_end, &attributes->keys->distkey);
	*out_end += 2;
	return true;
}

static bool set_sortkey(struct attributes *attributes, size_t at,
			const char *value, size_t *out_end)
{
	size_t open = *out_end - 1;

	(void)at;
	attributes->keys->sortstyle = value;
	*out_end = attributes->work->patch.items[open].pair + 1;
	str_clear(&attributes->keys->sortkey);
	return rewrite_name_list(attributes->work, open,
				 &attributes->keys->sortkey);
}

static bool set_sortkey_auto(struct attributes *attributes, size_t at,
			     const char *value, size_t *out_end)
{
	(void)at;
	(void)out_end;
	attributes->keys->sortstyle = value;
	return true;
}

static bool set_nothing(struct attributes *attributes, size_t at,
			const char *value, size_t *out_end)
{
	(void)attributes;
	(void)at;
	(void)value;
	(void)out_end;
	return true;
}

static const struct {
	const char *words;
	attribute_rule *rule;
	const char *value;
} attributes_table[] = {
	{ "backup yes", set_backup, "true" },
	{ "backup no", set_backup, "false" },
	{ "diststyle auto", set_diststyle, "AUTO" },
	{ "diststyle even", set_diststyle, "EVEN" },
	{ "diststyle key", set_diststyle, "KEY" },
	{ "diststyle all", set_diststyle, "ALL" },
	{ "distkey (", set_distkey, NULL },
	{ "sortkey (", set_sortkey, "COMPOUND" },
	{ "compound sortkey (", set_sortkey, "COMPOUND" },
	{ "interleaved sortkey (", set_sortkey, "INTERLEAVED" },
	{ "sortkey auto", set_sortkey_auto, "AUTO" },
	{ "sortkey none", set_sortkey_auto, "AUTO" },
	{ "encode auto", set_nothing, NULL },
};

bool rewrite_attributes(struct work *work, struct rewrite_keys *keys, size_t at,
			size_t *out_end)
{
	struct attributes attributes = { .work = work, .keys = keys };
	size_t i = 0;

	while (i < COUNT_OF(attributes_table)) {
		size_t words = patch_match(&work->patch, at,
					   attributes_table[i].words);
		size_t end = at + words;

		if (words == 0) {
			i++;
			continue;
		}
		if (!attributes_table[i].rule(&attributes, at,
					      attributes_table[i].value, &end))
			return false;
		patch_drop(&work->patch, at, end);
		at = end;
		i = 0;
	}
	*out_end = at;
	if (keys->distkey.len > 0 && keys->diststyle == NULL)
		keys->diststyle = "KEY";
	return true;
}

static void add_text(struct str *out, const char *value)
{
	if (value == NULL || value[0] == '\0')
		str_add(out, "NULL");
	else
		quote_literal(out, value, false);
}

static void note_table(const struct rewrite_keys *keys, struct str *out)
{
	str_addf(out, "SELECT " REWRITE_SCHEMA ".note_table(%s, ",
		 keys->table.text);
	add_text(out, keys->diststyle);
	str_add(out, ", ");
	add_text(out, keys->distkey.text);
	str_add(out, ", ");
	add_text(out, keys->sortstyle);
	str_addf(out, ", ARRAY[%s]::text[], %s, %s);\n", keys->sortkey.text,
		 keys->backup != NULL ? keys->backup : "NULL",
		 keys->only_new ? "true" : "false");
}

/* note_table makes a table known, so what asks for that stands before it. */
void rewrite_note_keys(struct work *work, const struct rewrite_keys *keys)
{
	struct str *out = &work->out->after;

	if (!keys->only_new)
		note_table(keys, out);
	if (keys->encoded.len > 0) {
		str_addf(out,
			 "SELECT " REWRITE_SCHEMA
			 ".note_encoding(%s, ARRAY[%s], ARRAY[%s])",
			 keys->table.text, keys->encoded.text,
			 keys->encodings.text);
		add_end(keys, out);
	}
	str_add(out, keys->constraints.text);
	if (keys->only_new)
		note_table(keys, out);
}
