/* sandbox/rewrite/rewrite_body.c - the statements of a procedure.
 *
 * What PL/pgSQL knows goes through the token rules. A statement that needs a
 * rule of its own (CREATE TABLE with its keys, MERGE, TRUNCATE that commits)
 * is rewritten by itself and put in its place, its notes around it. Dynamic
 * SQL is translated when it runs (objects.sql: translated). */
#include <string.h>

#include "sandbox/rewrite/rewrite_routine.h"
#include "sandbox/rewrite/rewrite_shape.h"
#include "sql/quote.h"

/* Statements whose rule is run; for the rest the tokens are enough. */
static const char *const ruled[] = {
	"create", "drop",   "alter",   "grant",   "revoke",  "truncate",
	"merge",  "delete", "refresh", "analyze", "comment",
};

/* Statements that change something: NONATOMIC commits behind them. */
static const char *const changing[] = {
	"insert", "update", "delete", "merge",   "create",  "drop",
	"alter",  "grant",  "revoke", "refresh", "execute", "analyze",
};

/* What cannot be done from inside of PostgreSQL. */
static const struct {
	const char *words;
	const char *what;
} absent[] = {
	{ "copy", "COPY inside of procedures" },
	{ "unload", "UNLOAD inside of procedures" },
};

static bool is_one_of(const struct patch *patch, size_t at,
		      const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (patch_match(patch, at, words[i]))
			return true;
	return false;
}

/* Does a statement begin at? Behind a semicolon or a word that opens a list
 * of statements. */
static bool begins_statement(const struct patch *patch, size_t at)
{
	static const char *const openers[] = { "begin", "then", "else",
					       "loop" };

	return at > 0 && (token_is_char(patch_at(patch, at - 1), ';') ||
			  is_one_of(patch, at - 1, openers, COUNT_OF(openers)));
}

static size_t statement_end(const struct patch *patch, size_t at)
{
	size_t end = patch_find(patch, at, patch->count, ";");

	return end == PATCH_NONE ? patch->count : end;
}

/* SELECT f(..) of the notes throws its result away: PERFORM. */
static void add_notes(const struct str *notes, struct str *out)
{
	const char *at = notes->text;

	while (*at != '\0') {
		const char *end = strstr(at, ";\n");
		size_t len = end != NULL ? (size_t)(end - at) : strlen(at);

		if (strncmp(at, "SELECT ", 7) == 0) {
			str_add(out, "PERFORM ");
			str_add_slice(out, at + 7, len - 7);
		} else {
			str_add_slice(out, at, len);
		}
		str_add(out, "; ");
		at += len + (end != NULL ? 2 : 0);
	}
}

static void add_commit(const struct routine *is, const char *what,
		       struct str *out)
{
	if (is->definer)
		return;
	str_addf(out,
		 "PERFORM redshift_sandbox.require_top('%s', %s); COMMIT; ",
		 what, is->configured ? "true" : "false");
}

/* The statement [at, end) by its own rule, in its place. */
static bool run_rule_of(struct work *body, const struct routine *is, size_t at,
			size_t end)
{
	struct patch *patch = &body->patch;
	struct rewrite_input input = *body->input;
	struct rewrite_result result = REWRITE_RESULT_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct token *last = patch_at(patch, end - 1);
	bool truncates = patch_match(patch, at, "truncate") > 0;
	bool fine;

	input.sql = patch->sql + patch_at(patch, at)->at;
	input.len = last->at + last->len - patch_at(patch, at)->at;
	input.in_block = true;
	fine = rewrite_statement(body->rules, &input, &result, body->err);
	if (!fine) {
		body->out->refused_at =
			result.refused_at == PATCH_NONE
				? PATCH_NONE
				: patch_at(patch, at)->at + result.refused_at;
	} else if (result.action != REWRITE_SEND) {
		fine = work_lacks(body, at, "%s inside of procedures",
				  result.statement.name);
	} else {
		if (truncates)
			add_commit(is, "TRUNCATE", &text);
		add_notes(&result.before, &text);
		if (result.sql.len > 0)
			str_addf(&text, "%s; ", result.sql.text);
		add_notes(&result.after, &text);
		if (truncates)
			add_commit(is, "TRUNCATE", &text);
		/* its last semicolon stands in the body */
		while (text.len > 0 && (text.text[text.len - 1] == ' ' ||
					text.text[text.len - 1] == ';'))
			text.text[--text.len] = '\0';
		patch_drop(patch, at, end);
		patch_replace(patch, at, "%s", text.text);
	}
	rewrite_result_done(&result);
	return fine;
}

/* EXECUTE expr [INTO v] [USING ..]: the text is Redshift SQL when it runs. */
static void take_execute(struct work *body, size_t at, size_t end)
{
	struct patch *patch = &body->patch;
	size_t to = at + 1;

	while (to < end && !patch_match(patch, to, "into") &&
	       !patch_match(patch, to, "using") &&
	       !patch_match(patch, to, "loop")) {
		if (token_is_char(patch_at(patch, to), '(') &&
		    patch->items[to].pair > to)
			to = patch->items[to].pair;
		to++;
	}
	if (to == at + 1)
		return;
	patch_before(patch, at + 1, "redshift_sandbox.translated(");
	patch_after(patch, to - 1, ")");
}

/* COMMIT and ROLLBACK where they may not stand. */
static void take_end(struct work *body, const struct routine *is, size_t at)
{
	CLEANUP(str_done) struct str check = STR_EMPTY;

	str_addf(&check, "PERFORM redshift_sandbox.require_top('%s', %s); ",
		 patch_match(&body->patch, at, "commit") ? "COMMIT"
							 : "ROLLBACK",
		 is->configured ? "true" : "false");
	patch_before(&body->patch, at, check.text);
}

static bool take_statement(struct work *body, const struct routine *is,
			   size_t at)
{
	struct patch *patch = &body->patch;
	size_t end = statement_end(patch, at);

	for (size_t i = 0; i < COUNT_OF(absent); i++)
		if (patch_match(patch, at, absent[i].words))
			return work_lacks(body, at, "%s", absent[i].what);
	if (patch_match(patch, at, "execute"))
		take_execute(body, at, end);
	if (patch_match(patch, at, "commit") ||
	    patch_match(patch, at, "rollback"))
		take_end(body, is, at);
	if (is_one_of(patch, at, ruled, COUNT_OF(ruled)) &&
	    !run_rule_of(body, is, at, end))
		return false;
	if (is->nonatomic && is_one_of(patch, at, changing, COUNT_OF(changing)))
		patch_after(patch, end - 1,
			    "; IF redshift_sandbox.may_commit() THEN COMMIT; "
			    "END IF");
	return true;
}

/* FOR x IN EXECUTE expr LOOP, OPEN c FOR EXECUTE expr */
static void take_inner_execute(struct work *body, size_t at)
{
	const struct patch *patch = &body->patch;

	if (patch_match(patch, at, "execute") && at > 0 &&
	    (patch_match(patch, at - 1, "in") ||
	     patch_match(patch, at - 1, "for")))
		take_execute(body, at, statement_end(patch, at));
}

/* ---- EXCEPTION: the transaction is rolled back, the handler runs in a new
 * one that is committed, and the error goes on [stored-procedure-trapping-
 * errors]. NONATOMIC procedures end the error there. */
static bool take_exception(struct work *body, const struct routine *is,
			   size_t at)
{
	struct patch *patch = &body->patch;
	size_t then = at + 3;
	size_t end;

	if (!patch_match(patch, at + 1, "when others"))
		return patch_match(patch, at + 1, "when")
			       ? work_refuse(body, at + 2, "0A000",
					     "The only supported exception "
					     "condition is OTHERS")
			       : work_syntax(body, at + 1);
	if (!patch_match(patch, then, "then"))
		return work_syntax(body, then);
	if (is->nonatomic)
		return work_lacks(body, at,
				  "EXCEPTION blocks in NONATOMIC procedures");
	/* the END of the block that the handler closes */
	end = then + 1;
	for (int depth = 0; end < patch->count; end++) {
		if (begins_statement(patch, end) &&
		    (patch_match(patch, end, "begin") ||
		     patch_match(patch, end, "if") ||
		     patch_match(patch, end, "loop") ||
		     patch_match(patch, end, "for") ||
		     patch_match(patch, end, "while")))
			depth++;
		if (!begins_statement(patch, end) ||
		    !patch_match(patch, end, "end"))
			continue;
		if (depth == 0)
			break;
		depth--;
	}
	if (end >= patch->count)
		return work_syntax(body, patch->count);
	if (is->definer || is->configured) {
		patch_before(patch, end, "RAISE; ");
		return true;
	}
	patch_after(patch, then,
		    " IF redshift_sandbox.may_commit() THEN ROLLBACK; END IF;");
	patch_before(patch, end,
		     "IF redshift_sandbox.may_commit() THEN COMMIT; END IF; "
		     "RAISE; ");
	return true;
}

/* The variables' types up to the first BEGIN. */
static void take_declarations(struct work *body)
{
	size_t begin = 0;

	while (begin < body->patch.count &&
	       !patch_match(&body->patch, begin, "begin"))
		begin++;
	rewrite_signature(body, 0, begin);
}

bool rewrite_procedure_body(struct work *body, const struct routine *is)
{
	const struct patch *patch = &body->patch;

	if (!rewrite_words(body) || !rewrite_super(body) ||
	    !rewrite_relations(body) || !rewrite_calls(body))
		return false;
	take_declarations(body);
	for (size_t i = 0; i < patch->count; i++) {
		if (patch_match(patch, i, "exception when")) {
			if (!take_exception(body, is, i))
				return false;
		} else if (begins_statement(patch, i)) {
			if (!take_statement(body, is, i))
				return false;
		} else {
			take_inner_execute(body, i);
		}
	}
	return true;
}
