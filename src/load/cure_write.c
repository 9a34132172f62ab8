#include "load/cure_write.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "load/copy_args.h"
#include "load/copy_edit.h"
#include "sql/mask.h"
#include "sql/mask.h"
#include "sql/quote.h"

/* --- \copyfrom --- */

/* As copy_args reads it: verbatim up to a blank, else a literal. */
static void add_source(struct str *out, const char *uri)
{
	bool plain = uri[0] != '"' && uri[0] != '\'' && uri[0] != ':';

	for (const char *at = uri; *at != '\0'; at++)
		plain &= !isspace((unsigned char)*at) && *at != ';';
	if (plain)
		str_add(out, uri);
	else
		quote_literal(out, uri, true);
}

/* NOLOAD and MAXERROR stand in the tail for --dry-run and --max-errors. */
static void add_tail(struct str *out, const struct copy_args *args,
		     const struct cure_way *way)
{
	CLEANUP(str_done) struct str tail = STR_EMPTY;
	CLEANUP(copy_changes_done) struct copy_changes changes = { 0 };

	if (args->dry_run)
		copy_changes_set(&changes, COPY_NOLOAD, NULL);
	for (size_t i = 0; i < way->changes.count; i++)
		copy_changes_set(&changes, way->changes.items[i].id,
				 way->changes.items[i].text);
	if (args->auth.len > 0) {
		str_add_char(out, ' ');
		mask_secrets(out, args->auth.text, args->auth.len);
	}
	copy_edit_tail(&tail, args->tail.text, args->tail.len, &changes);
	if (tail.len > 0)
		str_addf(out, " %s", tail.text);
}

static void add_copyfrom(struct str *out, const struct copy_args *args,
			 const struct cure_way *way)
{
	/* what goes into a table in between is put into the other later */
	bool own = way->table == NULL;

	str_add(out, "\\copyfrom");
	str_add(out, own && args->create && way->before.count == 0
			     ? " --create"
			     : "");
	str_add(out, own && args->replace ? " --replace" : "");
	str_add(out, own && args->swap ? " --swap" : "");
	str_add(out, own && args->truncate ? " --truncate" : "");
	str_add(out, args->dry_run ? " --dry-run" : "");
	str_add(out, args->no_sniff ? " --no-sniff" : "");
	str_add(out, args->no_check ? " --no-check" : "");
	str_add(out, args->keys ? " --keys" : "");
	str_add(out, args->yes ? " --yes" : "");
	if (args->role.len > 0)
		str_addf(out, " --role %s", args->role.text);
	if (args->stage.len > 0)
		str_addf(out, " --stage %s", args->stage.text);
	str_addf(out, " %s", own ? args->table.text : way->table);
	if (way->columns != NULL) {
		if (way->columns[0] != '\0')
			str_addf(out, " %s", way->columns);
	} else if (args->columns.len > 0) {
		str_addf(out, " %s", args->columns.text);
	}
	if (own && way->columns == NULL && args->by_name)
		str_add(out, " --by-name");
	if (own && way->columns == NULL && args->map.len > 0) {
		str_add(out, " --map ");
		quote_literal(out, args->map.text, true);
	}
	str_add_char(out, ' ');
	add_source(out, args->uri.text);
	for (size_t i = 0; i < args->more.count; i++) {
		str_add_char(out, ' ');
		add_source(out, args->more.items[i]);
	}
	add_tail(out, args, way);
}

/* --- lines --- */

static void add_copy(struct str *out, const struct cure_way *way,
		     const struct cure_origin *origin)
{
	if (origin->copyfrom != NULL)
		add_copyfrom(out, origin->copyfrom, way);
	else
		copy_edit_statement(out, origin->sql, way->table, way->columns,
				    &way->changes);
}

static void push_all(struct cure_texts *out, const struct cure_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		vec_push(out, mem_copy_text(texts->items[i]));
}

/* --replace, --swap and --truncate empty the table that is filled at the end. */
static void push_emptying(struct cure_texts *out, const struct cure_way *way,
			  const struct cure_origin *origin)
{
	const struct copy_args *args = origin->copyfrom;
	struct str text = STR_EMPTY;

	if (way->table == NULL || args == NULL ||
	    !(args->replace || args->swap || args->truncate) ||
	    args->dry_run)
		return;
	str_addf(&text, "delete from %s", args->table.text);
	vec_push(out, str_take(&text));
}

void cure_write_lines(struct cure_texts *out, const struct cure_way *way,
		      const struct cure_origin *origin)
{
	struct str copy = STR_EMPTY;

	push_all(out, &way->before);
	add_copy(&copy, way, origin);
	if (copy.len > 0)
		vec_push(out, str_take(&copy));
	else
		str_done(&copy);
	push_emptying(out, way, origin);
	push_all(out, &way->after);
}

/* --- showing --- */

static void add_line(struct str *out, const char *text)
{
	bool command = text[0] == '\\';

	/* a line of \copyfrom may hold keys as well */
	if (command)
		mask_secrets(out, text, strlen(text));
	else
		str_add(out, text);
	str_add(out, command ? "\n" : ";\n");
}

/* The statement holds keys, or names pieces that are gone: what changes in it is said instead. */
static void add_secretly(struct str *out, const struct cure_way *way,
			 const struct cure_origin *origin)
{
	if (origin->staged != NULL)
		str_addf(out, "-- then \\copyfrom again, of %s, with: ",
			 origin->staged);
	else
		str_add(out, "-- then the COPY again (it holds keys and is not "
			     "shown) with: ");
	if (way->table != NULL)
		str_addf(out, "the table %s, ", way->table);
	cure_write_change(out, way);
	str_add_char(out, '\n');
}

void cure_write_shown(struct str *out, const struct cure_way *way,
		      const struct cure_origin *origin)
{
	struct cure_texts lines = { 0 };

	cure_write_lines(&lines, way, origin);
	for (size_t i = 0; i < lines.count; i++) {
		bool copy = i >= way->before.count &&
			    i + way->after.count < lines.count &&
			    !str_starts(lines.items[i], "delete ");

		if (copy && (origin->secret || origin->staged != NULL) &&
		    origin->copyfrom == NULL)
			add_secretly(out, way, origin);
		else
			add_line(out, lines.items[i]);
		mem_wipe(lines.items[i], strlen(lines.items[i]));
		mem_free(lines.items[i]);
	}
	vec_done(&lines);
}

void cure_write_change(struct str *out, const struct cure_way *way)
{
	size_t before = out->len;

	for (size_t i = 0; i < way->changes.count; i++) {
		const struct copy_change *change = &way->changes.items[i];

		if (change->text != NULL)
			str_addf(out, "%s%s", out->len > before ? " " : "",
				 change->text);
	}
	if (way->columns != NULL && way->columns[0] != '\0')
		str_addf(out, "%scolumns %s", out->len > before ? ", " : "",
			 way->columns);
	for (size_t i = 0; out->len == before && i < way->changes.count; i++) {
		const struct copy_change *change = &way->changes.items[i];

		str_addf(out, "no %s",
			 copy_option_by_id(COPY_VERB_COPY, change->id)->name);
	}
	if (out->len == before)
		str_add(out, "the same parameters");
}

void cure_write_question(struct str *out, const struct cure_way *way)
{
	size_t more = way->before.count + way->after.count;

	if (more > 0) {
		str_addf(out, "Run these %zu lines?", more + 1);
		return;
	}
	str_add(out, "Run again with ");
	cure_write_change(out, way);
	str_add_char(out, '?');
}
