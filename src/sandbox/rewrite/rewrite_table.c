/* sandbox/rewrite/rewrite_table.c - CREATE TABLE and ALTER TABLE. */
#include <string.h>

#include "sandbox/rewrite/rewrite_work.h"
#include "sql/quote.h"

/* Drops the definition [from, to) with one of the commas around it: the one
 * before when a definition is left there. */
static void drop_definition(struct patch *patch, size_t from, size_t to,
			    bool kept)
{
	if (kept)
		from--;
	else if (token_is_char(patch_at(patch, to), ','))
		to++;
	patch_drop(patch, from, to);
}

static bool note_like(struct work *work, const struct rewrite_keys *keys,
		      size_t from, size_t to)
{
	struct str *out = &work->out->after;
	size_t end = work_name_end(work, from + 1);

	if (end == from + 1)
		return work_syntax(work, end);
	if (end != to &&
	    !patch_match(&work->patch, end, "including defaults") &&
	    !patch_match(&work->patch, end, "excluding defaults"))
		return work_syntax(work, end);
	if (end != to && end + 2 != to)
		return work_syntax(work, end + 2);
	str_addf(out, "SELECT " REWRITE_SCHEMA ".note_like(%s, ",
		 keys->table.text);
	work_name_literal(work, from + 1, end, out);
	str_add(out, ");\n");
	return true;
}

static bool take_definition(struct work *work, struct rewrite_keys *keys,
			    struct patch_range range, bool *kept)
{
	size_t from = range.from;
	size_t to = range.to;
	bool is_constraint;

	if (from >= to)
		return work_syntax(work, from);
	if (patch_match(&work->patch, from, "like")) {
		*kept = true;
		return note_like(work, keys, from, to);
	}
	if (!rewrite_constraint(work, keys, from, to, &is_constraint))
		return false;
	if (is_constraint) {
		drop_definition(&work->patch, from, to, *kept);
		return true;
	}
	*kept = true;
	return rewrite_column(work, keys, from, to);
}

static bool take_definitions(struct work *work, struct rewrite_keys *keys,
			     size_t open)
{
	size_t close = work->patch.items[open].pair;
	size_t from = open + 1;
	bool kept = false;

	for (;;) {
		size_t comma = patch_find(&work->patch, from, close, ",");
		struct patch_range range = { from, comma == PATCH_NONE
							   ? close
							   : comma };

		if (!take_definition(work, keys, range, &kept))
			return false;
		if (comma == PATCH_NONE)
			return true;
		from = comma + 1;
	}
}

/* Behind the closing bracket of a list: whether a query follows. */
static bool is_query_behind(const struct work *work, size_t at)
{
	return patch_find(&work->patch, at, work->patch.count, "as") !=
	       PATCH_NONE;
}

struct head { /* CREATE ... TABLE name */
	size_t name;
	size_t end;
	bool if_not_exists;
};

static bool read_head(struct work *work, struct head *head)
{
	struct patch *patch = &work->patch;
	size_t table = patch_find(patch, 0, patch->count, "table");
	bool temp = patch_match(patch, table - 1, "temp") ||
		    patch_match(patch, table - 1, "temporary");

	head->name = table + 1;
	if (patch_match(patch, head->name, "if not exists")) {
		head->if_not_exists = true;
		head->name += 3;
	}
	head->end = work_name_end(work, head->name);
	if (head->end == head->name || work_is_reserved(work, head->end - 1))
		return work_syntax(work, head->name);
	if (patch_at(patch, head->name)->kind == TOKEN_TEMP && !temp)
		patch_replace(patch, table, "TEMP TABLE");
	return true;
}

static bool create_table(struct work *work, struct rewrite_keys *keys)
{
	struct patch *patch = &work->patch;
	struct head head = { .if_not_exists = false };
	size_t at;

	if (!read_head(work, &head))
		return false;
	work_name_literal(work, head.name, head.end, &keys->table);
	keys->only_new = head.if_not_exists;
	at = head.end;
	if (token_is_char(patch_at(patch, at), '(')) {
		size_t behind = patch->items[at].pair + 1;

		if (!is_query_behind(work, behind) &&
		    !take_definitions(work, keys, at))
			return false;
		at = behind;
	}
	if (!rewrite_attributes(work, keys, at, &at))
		return false;
	if (at < patch->count && !patch_match(patch, at, "as"))
		return work_syntax(work, at);
	if (at < patch->count && patch_match(patch, patch->count - 1, "data") &&
	    (patch_match(patch, patch->count - 2, "with") ||
	     patch_match(patch, patch->count - 3, "with no")))
		return work_syntax(work, patch->count - 1);
	rewrite_note_keys(work, keys);
	return true;
}

bool rewrite_explained_table(struct work *work, size_t at)
{
	CLEANUP(rewrite_keys_done)
	struct rewrite_keys keys = REWRITE_KEYS_EMPTY;
	bool fine = create_table(work, &keys);

	(void)at;
	str_clear(&work->out->after);
	return fine;
}

bool rewrite_create_table(struct work *work)
{
	CLEANUP(rewrite_keys_done)
	struct rewrite_keys keys = REWRITE_KEYS_EMPTY;

	return create_table(work, &keys);
}

/* ---- ALTER TABLE */

struct alter {
	struct work *work;
	struct rewrite_keys keys;
	size_t at; /* behind ALTER TABLE name */
};

typedef bool alter_rule(struct alter *alter, size_t words);

/* Nothing for PostgreSQL but the notes. */
static bool alter_note(struct alter *alter)
{
	work_silent(alter->work, "ALTER TABLE");
	return true;
}

static bool alter_add_column(struct alter *alter, size_t words)
{
	struct work *work = alter->work;
	size_t from = alter->at + words;
	size_t comma = patch_find(&work->patch, from, work->patch.count, ",");
	struct str *after = &work->out->after;

	if (comma != PATCH_NONE)
		return work_syntax(work, comma);
	if (!rewrite_column(work, &alter->keys, from, work->patch.count))
		return false;
	if (alter->keys.encoded.len > 0)
		str_addf(after,
			 "SELECT " REWRITE_SCHEMA
			 ".note_encoding(%s, ARRAY[%s], ARRAY[%s]);\n",
			 alter->keys.table.text, alter->keys.encoded.text,
			 alter->keys.encodings.text);
	str_add(after, alter->keys.constraints.text);
	return true;
}

static bool alter_add_constraint(struct alter *alter, size_t words)
{
	struct work *work = alter->work;
	bool is;

	(void)words;
	if (!rewrite_constraint(work, &alter->keys, alter->at + 1,
				work->patch.count, &is))
		return false;
	str_add(&work->out->after, alter->keys.constraints.text);
	return alter_note(alter);
}

static bool alter_drop_constraint(struct alter *alter, size_t words)
{
	struct work *work = alter->work;
	struct str *after = &work->out->after;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	work_name(work, alter->at + words, &name);
	if (name.len == 0)
		return work_syntax(work, alter->at + words);
	str_addf(after, "SELECT " REWRITE_SCHEMA ".drop_constraint(%s, ",
		 alter->keys.table.text);
	quote_literal(after, name.text, false);
	str_add(after, ");\n");
	return alter_note(alter);
}

static bool alter_type(struct alter *alter, size_t words)
{
	struct work *work = alter->work;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str type = STR_EMPTY;
	size_t at = alter->at + words;
	size_t end;

	work_name(work, at, &name);
	if (!patch_match(&work->patch, at + 1, "type"))
		return work_syntax(work, at + 1);
	if (work->input->in_block)
		return work_refuse(work, at, "25001",
				   "ALTER TABLE ALTER COLUMN cannot run inside "
				   "a transaction block");
	if (!rewrite_type(work, at + 2, name.text, &end, &type))
		return false;
	if (!str_starts(type.text, "varchar"))
		return work_refuse(work, at + 2, "0A000",
				   "cannot alter type of column \"%s\": only "
				   "the size of VARCHAR columns may change",
				   name.text);
	patch_drop(&work->patch, at + 2, end);
	patch_replace(&work->patch, at + 2, "%s", type.text);
	return end == work->patch.count || work_syntax(work, end);
}

/* ALTER COLUMN a ENCODE x [, ALTER COLUMN b ENCODE y ...] */
static bool alter_encode(struct alter *alter, size_t words)
{
	struct work *work = alter->work;
	const struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str columns = STR_EMPTY;
	CLEANUP(str_done) struct str encodings = STR_EMPTY;
	size_t at = alter->at;

	for (;;) {
		CLEANUP(str_done) struct str column = STR_EMPTY;
		CLEANUP(str_done) struct str encoding = STR_EMPTY;

		if (!patch_match(patch, at, "alter column") ||
		    !patch_match(patch, at + words + 1, "encode"))
			return work_syntax(work, at);
		work_name(work, at + words, &column);
		work_name(work, at + words + 2, &encoding);
		rewrite_add_member(&columns, column.text);
		rewrite_add_member(&encodings, encoding.text);
		at += words + 3;
		if (at >= patch->count)
			break;
		if (!token_is_char(patch_at(patch, at), ','))
			return work_syntax(work, at);
		at++;
	}
	str_addf(&work->out->after,
		 "SELECT " REWRITE_SCHEMA
		 ".note_encoding(%s, ARRAY[%s], ARRAY[%s]);\n",
		 alter->keys.table.text, columns.text, encodings.text);
	return alter_note(alter);
}

static bool alter_column(struct alter *alter, size_t words)
{
	if (patch_match(&alter->work->patch, alter->at + words + 1, "encode"))
		return alter_encode(alter, words);
	return alter_type(alter, words);
}

/* ALTER DISTKEY c | DISTSTYLE x [DISTKEY c] | [COMPOUND] SORTKEY (...) |
 * SORTKEY AUTO | ENCODE AUTO, several parted by commas. DISTKEY stands here
 * without brackets. */
bool rewrite_alter_keys(struct work *work, struct rewrite_keys *keys, size_t at)
{
	struct patch *patch = &work->patch;

	while (patch_match(patch, at, "alter")) {
		size_t begin = ++at;

		if (patch_match(patch, at, "interleaved"))
			return work_syntax(work, at);
		if (!rewrite_attributes(work, keys, at, &at))
			return false;
		if (patch_match(patch, at, "distkey")) {
			str_clear(&keys->distkey);
			work_name(work, at + 1, &keys->distkey);
			if (keys->distkey.len == 0)
				return work_syntax(work, at + 1);
			keys->diststyle = "KEY";
			at += 2;
		}
		if (at == begin)
			return work_syntax(work, at);
		if (token_is_char(patch_at(patch, at), ','))
			at++;
	}
	if (at < patch->count)
		return work_syntax(work, at);
	str_addf(&work->out->after,
		 "SELECT " REWRITE_SCHEMA ".require_table(%s);\n",
		 keys->table.text);
	rewrite_note_keys(work, keys);
	work_silent(work, "ALTER TABLE");
	return true;
}

static bool alter_keys(struct alter *alter, size_t words)
{
	(void)words;
	return rewrite_alter_keys(alter->work, &alter->keys, alter->at);
}

static bool alter_security(struct alter *alter, size_t words)
{
	(void)words;
	return rewrite_row_security(alter->work, alter->keys.table.text,
				    alter->at);
}

/* One action a statement: what PostgreSQL would take behind a comma, or in
 * other words, is none of Redshift's. */
static bool alter_simple(struct alter *alter, size_t words)
{
	struct work *work = alter->work;
	const struct patch *patch = &work->patch;
	size_t end = alter->at + words + 1;

	if (patch_match(patch, alter->at, "rename column")) {
		if (!patch_match(patch, end, "to"))
			return work_syntax(work, end);
		end += 2;
	} else if (patch_match(patch, alter->at, "drop") &&
		   (patch_match(patch, end, "cascade") ||
		    patch_match(patch, end, "restrict"))) {
		end++;
	}
	if (end > patch->count)
		return work_syntax(work, patch->count);
	return end == patch->count || work_syntax(work, end);
}

static bool alter_partition(struct alter *alter, size_t words)
{
	(void)words;
	return rewrite_partition(alter->work, alter->keys.table.text,
				 alter->at);
}

static bool alter_location(struct alter *alter, size_t words)
{
	(void)words;
	return rewrite_external_location(alter->work, alter->keys.table.text,
					 alter->at);
}

static bool alter_later(struct alter *alter, size_t words)
{
	(void)words;
	return work_later(alter->work, alter->at, "ALTER TABLE");
}

static const struct {
	const char *words;
	alter_rule *rule;
} alters[] = {
	{ "add constraint", alter_add_constraint },
	{ "add unique (", alter_add_constraint },
	{ "add primary key", alter_add_constraint },
	{ "add foreign key", alter_add_constraint },
	{ "add partition", alter_partition },
	{ "add if not exists partition", alter_partition },
	{ "add column", alter_add_column },
	{ "add", alter_add_column },
	{ "drop constraint", alter_drop_constraint },
	{ "drop partition", alter_partition },
	{ "drop column", alter_simple },
	{ "drop", alter_simple },
	{ "owner to", alter_simple },
	{ "rename to", alter_simple },
	{ "rename column", alter_simple },
	{ "alter column", alter_column },
	{ "alter distkey", alter_keys },
	{ "alter diststyle", alter_keys },
	{ "alter sortkey", alter_keys },
	{ "alter compound sortkey", alter_keys },
	{ "alter interleaved sortkey", alter_keys },
	{ "alter encode auto", alter_keys },
	{ "row level security", alter_security },
	{ "masking", alter_later },
	{ "set location", alter_location },
	{ "set file format", alter_later },
	{ "set table properties", alter_later },
	{ "partition", alter_partition },
};

bool rewrite_alter_table(struct work *work)
{
	struct alter alter = { .work = work, .keys = REWRITE_KEYS_EMPTY };
	bool fine = false;
	bool known = false;

	alter.at = work_name_end(work, 2);
	if (alter.at == 2)
		return work_syntax(work, 2);
	work_name_literal(work, 2, alter.at, &alter.keys.table);
	for (size_t i = 0; !known && i < COUNT_OF(alters); i++) {
		size_t words =
			patch_match(&work->patch, alter.at, alters[i].words);

		known = words > 0;
		if (known)
			fine = alters[i].rule(&alter, words);
	}
	if (!known)
		work_syntax(work, alter.at);
	rewrite_keys_done(&alter.keys);
	return fine;
}
