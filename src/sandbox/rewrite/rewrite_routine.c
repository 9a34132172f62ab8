/* sandbox/rewrite/rewrite_routine.c - functions in SQL, procedures, CALL. */
#include <string.h>

#include "data/encode.h"
#include "sandbox/rewrite/rewrite_routine.h"
#include "sandbox/rewrite/rewrite_shape.h"
#include "sql/quote.h"

/* Types that have another name in PostgreSQL; a length means nothing in a
 * signature. */
static const struct {
	const char *words;
	const char *type;
} signature_types[] = {
	{ "super", "jsonb" },      { "varbyte", "bytea" },
	{ "varbinary", "bytea" },  { "binary varying", "bytea" },
	{ "nvarchar", "varchar" }, { "nchar", "char" },
};

bool rewrite_signature(struct work *work, size_t from, size_t to)
{
	struct patch *patch = &work->patch;

	for (size_t i = from; i < to; i++) {
		if (patch_match(patch, i, "( max )")) {
			patch_drop(patch, i, i + 3);
			continue;
		}
		for (size_t t = 0; t < COUNT_OF(signature_types); t++) {
			size_t words =
				patch_match(patch, i, signature_types[t].words);

			if (words == 0)
				continue;
			patch_drop(patch, i, i + words);
			patch_replace(patch, i, "%s", signature_types[t].type);
		}
	}
	return true;
}

static size_t find_body(const struct patch *patch)
{
	for (size_t i = 0; i < patch->count; i++)
		if (patch_at(patch, i)->kind == TOKEN_DOLLAR)
			return i;
	return PATCH_NONE;
}

/* Where the text between the dollars begins in a dollar quote. */
static size_t tag_len(const struct token *token)
{
	return (size_t)((const char *)memchr(token->text + 1, '$',
					     token->len - 1) -
			token->text) +
	       1;
}

/* What the client wrote, as a remark behind what runs: pg_proc shows it
 * (redshift_sandbox.source_of). */
static void add_source(struct str *out, const char *body, size_t len)
{
	str_add(out, "--source:");
	encode_base64(out, body, len);
	str_add_char(out, '\n');
}

/* Runs rule over the text between the dollars; what it makes replaces it. */
static bool with_body(struct work *work, size_t at, const struct routine *is,
		      bool (*rule)(struct work *body, const struct routine *is))
{
	const struct token *token = patch_at(&work->patch, at);
	size_t tag = tag_len(token);
	struct rewrite_input input = *work->input;
	struct work body = *work;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct draft draft = DRAFT_EMPTY;
	bool expanded = false;
	bool fine;

	/* variables stand in the body: PostgreSQL cannot tell its columns */
	input.ask = (struct rewrite_ask){ .context = NULL };
	body.input = &input;
	patch_init(&body.patch, token->text + tag, token->len - 2 * tag);
	if (!body.patch.balanced) {
		patch_done(&body.patch);
		return work_syntax(work, at);
	}
	fine = rewrite_query(&body, &draft, &expanded);
	if (fine && expanded) {
		patch_done(&body.patch);
		patch_init(&body.patch, draft.sql.text, draft.sql.len);
	}
	fine = fine && rule(&body, is);
	if (fine) {
		const struct token *first = patch_at(&body.patch, 0);

		str_add_slice(&text, token->text, tag);
		str_add(&text, is->prologue);
		str_add_slice(&text, body.patch.sql, first->at);
		patch_render(&body.patch, 0, body.patch.count, &text, NULL);
		if (memchr(text.text, ';', text.len) != NULL)
			str_add_char(&text, ';');
		str_add_char(&text, '\n');
		add_source(&text, token->text + tag, token->len - 2 * tag);
		str_add_slice(&text, token->text, tag);
		patch_replace(&work->patch, at, "%s", text.text);
	} else {
		size_t inner = work->out->refused_at;

		if (expanded && inner != PATCH_NONE)
			inner = draft_origin(&draft.spans, inner);
		work->out->refused_at =
			token->at + (inner != PATCH_NONE ? tag + inner : 0);
	}
	patch_done(&body.patch);
	draft_done(&draft);
	return fine;
}

/* ---- functions */

/* One SELECT of an expression [udf-creating-a-scalar-sql-udf]. */
static bool function_body(struct work *body, const struct routine *is)
{
	static const enum shape_clause never[] = { SHAPE_FROM,  SHAPE_INTO,
						   SHAPE_WHERE, SHAPE_GROUP,
						   SHAPE_ORDER, SHAPE_LIMIT };
	struct shape shape;

	(void)is;
	if (!patch_match(&body->patch, 0, "select"))
		return work_syntax(body, 0);
	shape_read(&body->patch, 0, &shape);
	for (size_t i = 0; i < COUNT_OF(never); i++)
		if (shape_has(&shape, never[i]))
			return work_refuse(
				body, shape.parts[never[i]].from, "0A000",
				"The SELECT clause of a SQL function "
				"cannot include FROM, INTO, WHERE, "
				"GROUP BY, ORDER BY or LIMIT");
	if (shape.end < body->patch.count)
		return work_syntax(body, shape.end);
	return rewrite_words(body) && rewrite_super(body) &&
	       rewrite_relations(body) &&
	       rewrite_calls(body);
}

bool rewrite_function(struct work *work)
{
	struct patch *patch = &work->patch;
	const struct routine is = { .prologue = "" };
	size_t body = find_body(patch);
	size_t language = patch_find(patch, 0, patch->count, "language");

	if (patch_match(patch, language + 1, "plpythonu"))
		return work_lacks(work, language + 1, "functions in Python");
	if (!patch_match(patch, language + 1, "sql"))
		return work_syntax(work, language + 1);
	if (body == PATCH_NONE)
		return work_refuse(work, patch->count, "42601",
				   "the body of a function stands between $$ "
				   "and $$");
	return with_body(work, body, &is, function_body) &&
	       rewrite_signature(work, 3, body);
}

/* ---- procedures */

bool rewrite_procedure(struct work *work)
{
	struct patch *patch = &work->patch;
	struct routine is = {
		.procedure = true,
		.prologue = "#variable_conflict use_variable ",
	};
	size_t body = find_body(patch);
	size_t language = patch_find(patch, 0, patch->count, "language");
	size_t nonatomic = patch_find(patch, 0, patch->count, "nonatomic");

	if (language == PATCH_NONE)
		return work_syntax(work, patch->count);
	if (!patch_match(patch, language + 1, "plpgsql"))
		return work_syntax(work, language + 1);
	if (body == PATCH_NONE)
		return work_syntax(work, patch->count);
	for (size_t i = 0; i < patch->count; i++) {
		if (patch_match(patch, i, "security definer"))
			is.definer = true;
		if (patch_match(patch, i, "set") && i > 3)
			is.configured = true;
	}
	if (nonatomic != PATCH_NONE) {
		is.nonatomic = true;
		patch_drop(patch, nonatomic, nonatomic + 1);
	}
	return with_body(work, body, &is, rewrite_procedure_body) &&
	       rewrite_signature(work, 3, patch->count);
}

/* ---- CALL */

/* Letters of one procedure's modes (i o b) against the arguments given: an
 * OUT argument is left out in Redshift, in PostgreSQL it has a place. */
static bool fits(const char *modes, size_t len, size_t given)
{
	size_t in = 0;

	for (size_t i = 0; i < len; i++)
		in += modes[i] != 'o';
	return in == given;
}

static void add_out_arguments(struct work *work, size_t open, const char *modes,
			      size_t len)
{
	struct patch_range args[64];
	size_t given =
		patch_arguments(&work->patch, open, args, COUNT_OF(args));
	size_t at = 0;
	CLEANUP(str_done) struct str pending = STR_EMPTY;

	for (size_t i = 0; i < len && at <= given && given < COUNT_OF(args);
	     i++) {
		if (modes[i] == 'o') {
			str_add(&pending, at < given ? "NULL, " : ", NULL");
			continue;
		}
		if (pending.len > 0)
			patch_before(&work->patch, args[at].from, pending.text);
		str_clear(&pending);
		at++;
	}
	if (pending.len > 0)
		patch_after(&work->patch, work->patch.items[open].pair - 1,
			    given == 0 ? pending.text + 2 : pending.text);
}

static bool ask_modes(struct work *work, size_t end, struct str *out)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	str_add(&sql, "SELECT " REWRITE_SCHEMA ".procedure_modes(");
	work_name_literal(work, 1, end, &sql);
	str_add(&sql, ")");
	return work_ask(work, sql.text, out);
}

bool rewrite_call_procedure(struct work *work)
{
	const struct patch *patch = &work->patch;
	size_t open = work_name_end(work, 1);
	CLEANUP(str_done) struct str modes = STR_EMPTY;
	size_t given = patch_arguments(patch, open, NULL, 0);

	if (work->input->in_block)
		str_add(&work->out->before,
			"SELECT pg_catalog.set_config('redsh.atomic', 'on', "
			"true);\n");
	if (work->input->ask.context == NULL)
		return true;
	if (!ask_modes(work, open, &modes))
		return false;
	for (const char *at = modes.text; *at != '\0';) {
		size_t len = strcspn(at, ",");

		if (memchr(at, 'o', len) != NULL && fits(at, len, given)) {
			add_out_arguments(work, open, at, len);
			return true;
		}
		at += len + (at[len] == ',');
	}
	return true;
}
