/* sandbox/rewrite/rewrite_type.c - types of columns and casts, by types.tsv. */
#include <stdlib.h>
#include <string.h>

#include "sandbox/rewrite/rewrite_work.h"

enum {
	MAX_TYPE_WORDS = 4,  /* timestamp without time zone */
	MAX_VARCHAR = 65535, /* Redshift: bytes */
	MAX_CHAR = 4096,
	MAX_VARBYTE = 16777216,
	MAX_TYPMOD = 10485760, /* the longest that PostgreSQL can describe */
	MAX_PRECISION = 38,
};

struct type_text {        /* a type as typed */
	struct str words; /* lower case, one blank between */
	size_t length;    /* index of '(' or PATCH_NONE */
	size_t end;
};

static void add_lower(struct str *out, const struct token *token)
{
	for (size_t i = 0; i < token->len; i++) {
		char c = token->text[i];

		str_add_char(out, c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
	}
}

/* The longest run of words that types.tsv names; a length may stand between
 * them: time (3) without time zone. */
static const struct tsv_row *read_words(const struct work *work, size_t at,
					struct type_text *type)
{
	const struct tsv_row *best = NULL;
	CLEANUP(str_done) struct str words = STR_EMPTY;
	size_t length = PATCH_NONE;
	size_t i = at;

	type->length = PATCH_NONE;
	for (size_t n = 0; n < MAX_TYPE_WORDS; n++) {
		const struct token *token = patch_at(&work->patch, i);
		const struct tsv_row *row;

		if (token->kind != TOKEN_WORD && token->kind != TOKEN_NAME)
			break;
		if (n > 0)
			str_add_char(&words, ' ');
		add_lower(&words, token);
		i++;
		if (token_is_char(patch_at(&work->patch, i), '(') &&
		    length == PATCH_NONE && work->patch.items[i].pair > i) {
			length = i;
			i = work->patch.items[i].pair + 1;
		}
		row = tsv_find(work->rules->types, words.text);
		if (row == NULL)
			continue;
		best = row;
		str_set(&type->words, words.text);
		type->length = length;
		type->end = i;
	}
	return best;
}

/* Redshift's parser knows the type and its tables do not have it. */
static bool refuse_type(struct work *work, size_t at, const char *column,
			const char *words)
{
	const struct token *token = patch_at(&work->patch, at);

	if (token->kind != TOKEN_WORD && token->kind != TOKEN_NAME)
		return work_syntax(work, at);
	if (column != NULL)
		return work_refuse(work, at, "0A000",
				   "Column \"%s\" has unsupported type \"%s\".",
				   column, words);
	return work_refuse(work, at, "42704", "type \"%s\" does not exist",
			   words);
}

static bool refuse_unknown(struct work *work, size_t at)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	work_name(work, at, &name);
	return refuse_type(work, at, NULL, name.text);
}

static const struct {
	const char *target; /* column of types.tsv begins so */
	long max;
	const char *message;
} limits[] = {
	{ "varchar", MAX_VARCHAR, "length for type varchar cannot exceed %ld" },
	{ "char", MAX_CHAR, "length for type char cannot exceed %ld" },
	{ "varbyte", MAX_VARBYTE, "length for type varbyte cannot exceed %ld" },
	{ "numeric", MAX_PRECISION,
	  "DECIMAL precision must be between 1 and %ld" },
};

/* (n), (n, m) or (max). */
static bool read_length(struct work *work, const struct tsv_row *row,
			size_t open, struct str *out)
{
	const char *base = row->cells[1];
	size_t base_len = strcspn(base, "(");
	const struct token *first = patch_at(&work->patch, open + 1);
	long value = strtol(first->kind == TOKEN_NUMBER ? first->text : "0",
			    NULL, 10);

	str_add_slice(out, base, base_len);
	if (token_is(first, "max")) {
		str_addf(out, "(%d)", MAX_VARCHAR);
		return true;
	}
	if (first->kind != TOKEN_NUMBER)
		return work_syntax(work, open + 1);
	for (size_t i = 0; i < COUNT_OF(limits); i++)
		if (strlen(limits[i].target) == base_len &&
		    strncmp(base, limits[i].target, base_len) == 0 &&
		    value > limits[i].max)
			return work_refuse(work, open + 1, "22023",
					   limits[i].message, limits[i].max);
	if (value <= MAX_TYPMOD)
		patch_render(&work->patch, open,
			     work->patch.items[open].pair + 1, out, NULL);
	return true;
}

/* int[], and the type names that stand in quotes. */
static bool refuse_listed(struct work *work, size_t at, const char *column,
			  const char *words, const char *suffix)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	for (; *words != '\0'; words++)
		if (*words != '"')
			str_add_char(&text, *words);
	str_add(&text, suffix);
	return refuse_type(work, at, column, text.text);
}

bool rewrite_type(struct work *work, size_t at, const char *column,
		  size_t *out_end, struct str *out)
{
	CLEANUP(str_done) struct str words = STR_EMPTY;
	struct type_text type = { .words = STR_EMPTY };
	const struct tsv_row *row;
	const char *target;

	if (patch_match(&work->patch, at, "pg_catalog ."))
		at += 2;
	row = read_words(work, at, &type);
	str_add(&words, type.words.text);
	str_done(&type.words);
	if (row == NULL)
		return refuse_unknown(work, at);
	if (token_is_char(patch_at(&work->patch, type.end), '['))
		return refuse_listed(work, at, column, words.text, "[]");
	target = row->cells[column != NULL ? 1 : 2];
	if (strcmp(target, "!later") == 0)
		return work_later(work, at, "type");
	if (strcmp(target, "!") == 0)
		return refuse_listed(work, at, column, words.text, "");
	*out_end = type.end;
	if (type.length != PATCH_NONE)
		return read_length(work, row, type.length, out);
	str_add(out, target);
	return true;
}
