/* How: a row is read by recursive descent; each piece of it leaves its steps
 * behind those before, so that the code of a piece is one run of steps. */
#include "sql/syntax.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"

static const char *const kind_names[] = {
	[SYNTAX_NEW] = "new",
	[SYNTAX_NAME] = "name",
	[SYNTAX_VALUE] = "value",
	[SYNTAX_NUMBER] = "number",
	[SYNTAX_TEXT] = "text",
	[SYNTAX_BODY] = "body",
	[SYNTAX_PARENS] = "parens",
	[SYNTAX_PROPERTIES] = "properties",
	[SYNTAX_EXPR] = "expr",
	[SYNTAX_QUERY] = "query",
	[SYNTAX_QUERY_TEXT] = "query_text",
	[SYNTAX_REST] = "rest",
	[SYNTAX_COPY] = "copy",
	[SYNTAX_UNLOAD] = "unload",
	[SYNTAX_TEMPLATE] = "template",
	[SYNTAX_TABLE] = "table",
	[SYNTAX_RELATION] = "relation",
	[SYNTAX_EXTERNAL_TABLE] = "external_table",
	[SYNTAX_VIEW] = "view",
	[SYNTAX_MVIEW] = "mview",
	[SYNTAX_NEW_TABLE] = "new_table",
	[SYNTAX_COLUMN] = "column",
	[SYNTAX_TARGET_COLUMN] = "target_column",
	[SYNTAX_TABLE_COLUMN] = "table_column",
	[SYNTAX_NEW_COLUMN] = "new_column",
	[SYNTAX_OWN_COLUMN] = "own_column",
	[SYNTAX_SCHEMA] = "schema",
	[SYNTAX_DATABASE] = "database",
	[SYNTAX_USER] = "user",
	[SYNTAX_GROUP] = "group",
	[SYNTAX_ROLE] = "role",
	[SYNTAX_FUNCTION] = "function",
	[SYNTAX_PROCEDURE] = "procedure",
	[SYNTAX_LIBRARY] = "library",
	[SYNTAX_DATASHARE] = "datashare",
	[SYNTAX_TYPE] = "type",
	[SYNTAX_ENCODING] = "encoding",
	[SYNTAX_SETTING] = "setting",
	[SYNTAX_PARAMETER] = "parameter",
	[SYNTAX_SETTING_VALUE] = "setting_value",
	[SYNTAX_SOURCE] = "source",
	[SYNTAX_S3] = "s3",
	[SYNTAX_ARN] = "arn",
	[SYNTAX_REGION] = "region",
};

enum {
	CHOICES_MAX = 64, /* of one ~{...}: the bits of a thread */
	DEPTH_MAX = 32,   /* of parts in parts, and of brackets */
};

struct reader {
	struct syntax *out;
	const char *at;
	int depth;
};

static void read_choice(struct reader *reader);

const char *syntax_kind_name(enum syntax_kind kind)
{
	return kind_names[kind];
}

static size_t here(const struct reader *reader)
{
	return reader->out->count;
}

static size_t emit(struct reader *reader, enum syntax_op op)
{
	struct syntax_step step = { .op = op };

	vec_push(reader->out, step);
	return here(reader) - 1;
}

static struct syntax_step *step_at(struct reader *reader, size_t at)
{
	return &reader->out->items[at];
}

static void skip_blanks(struct reader *reader)
{
	while (*reader->at == ' ')
		reader->at++;
}

static bool take(struct reader *reader, char c)
{
	skip_blanks(reader);
	if (*reader->at != c)
		return false;
	reader->at++;
	return true;
}

static size_t word_len(const char *text)
{
	size_t len = 0;

	while (isalnum((unsigned char)text[len]) || text[len] == '_')
		len++;
	return len;
}

/* ---- the pieces ---- */

static void emit_text(struct reader *reader, enum syntax_op op, size_t len)
{
	size_t at = emit(reader, op);

	step_at(reader, at)->text = reader->at;
	step_at(reader, at)->len = len;
	step_at(reader, at)->quiet =
		op == SYNTAX_WORD && islower((unsigned char)*reader->at);
	reader->at += len;
}

/* These are as long as they like. */
static bool kind_goes_on(enum syntax_kind kind)
{
	return kind == SYNTAX_EXPR || kind == SYNTAX_PROPERTIES ||
	       kind == SYNTAX_QUERY || kind == SYNTAX_REST ||
	       kind == SYNTAX_COPY || kind == SYNTAX_UNLOAD ||
	       kind == SYNTAX_TEMPLATE;
}

static void read_kind(struct reader *reader)
{
	size_t len = strcspn(reader->at, ">");
	size_t at = emit(reader, SYNTAX_IS);
	enum syntax_kind kind = 0;

	while (kind < SYNTAX_KIND_COUNT &&
	       !str_slice_equal(reader->at, len, kind_names[kind]))
		kind++;
	assert(kind < SYNTAX_KIND_COUNT);
	step_at(reader, at)->kind = kind;
	reader->at += len + 1;
	if (kind_goes_on(kind)) {
		size_t fork = emit(reader, SYNTAX_FORK);
		size_t jump = emit(reader, SYNTAX_JUMP);

		step_at(reader, jump)->to = at;
		step_at(reader, fork)->to = here(reader);
	}
}

static const char *find_part(const char *name, size_t len)
{
	for (const char *const *row = syntax_rows; *row != NULL; row++)
		if ((*row)[0] == '@' && strncmp(*row + 1, name, len) == 0 &&
		    (*row)[1 + len] == ' ')
			return strchr(*row, '=') + 1;
	return NULL;
}

static void read_part(struct reader *reader)
{
	size_t len = word_len(reader->at);
	struct reader inner = {
		.out = reader->out,
		.at = find_part(reader->at, len),
		.depth = reader->depth + 1,
	};

	assert(inner.at != NULL && inner.depth < DEPTH_MAX);
	read_choice(&inner);
	assert(*inner.at == '\0');
	reader->at += len;
}

static void end_piece(struct reader *reader)
{
	size_t jump = emit(reader, SYNTAX_JUMP);

	step_at(reader, jump)->to = here(reader);
}

static void read_optional(struct reader *reader)
{
	size_t fork = emit(reader, SYNTAX_FORK);

	read_choice(reader);
	end_piece(reader);
	step_at(reader, fork)->to = here(reader);
}

/* ~{a | b}: a list of the choices behind their code, to which each of them
 * comes back. ~{, a | b}: each comes back by a comma, or goes on. */
static void read_once(struct reader *reader)
{
	bool commas = take(reader, ',');
	size_t starts[CHOICES_MAX];
	size_t ends[CHOICES_MAX];
	size_t count = 0;
	size_t first;

	emit(reader, SYNTAX_FORGET);
	first = emit(reader, SYNTAX_JUMP);
	do {
		assert(count < CHOICES_MAX);
		starts[count] = here(reader);
		read_choice(reader);
		ends[count++] = emit(reader, SYNTAX_JUMP);
	} while (take(reader, '|'));
	for (size_t i = 0; i < count; i++)
		step_at(reader, ends[i])->to = here(reader);
	if (commas) {
		size_t fork = emit(reader, SYNTAX_FORK);
		size_t comma = emit(reader, SYNTAX_MARK);

		step_at(reader, comma)->text = ",";
		step_at(reader, comma)->len = 1;
		step_at(reader, fork)->to = here(reader) + 1 + count;
	}
	step_at(reader, first)->to = emit(reader, SYNTAX_ONCE);
	step_at(reader, here(reader) - 1)->count = count;
	step_at(reader, here(reader) - 1)->must = commas;
	for (size_t i = 0; i < count; i++) {
		size_t jump = emit(reader, SYNTAX_JUMP);

		step_at(reader, jump)->to = starts[i];
	}
	emit(reader, SYNTAX_FORGET);
}

static void read_alternatives(struct reader *reader)
{
	size_t ends[CHOICES_MAX];
	size_t count = 0;
	size_t fork;

	for (;;) {
		fork = emit(reader, SYNTAX_FORK);
		read_choice(reader);
		if (!take(reader, '|'))
			break;
		assert(count < CHOICES_MAX);
		ends[count++] = emit(reader, SYNTAX_JUMP);
		step_at(reader, fork)->to = here(reader);
	}
	/* The last has no other way. */
	step_at(reader, fork)->to = fork + 1;
	end_piece(reader);
	for (size_t i = 0; i < count; i++)
		step_at(reader, ends[i])->to = here(reader);
}

static void expect_char(struct reader *reader, char c)
{
	bool there = take(reader, c);

	assert(there);
	(void)there;
}

static void read_piece(struct reader *reader)
{
	char c = *reader->at;

	if (c == '@') {
		reader->at++;
		read_part(reader);
	} else if (c == '<') {
		reader->at++;
		read_kind(reader);
	} else if (c == '[') {
		reader->at++;
		read_optional(reader);
		expect_char(reader, ']');
	} else if (c == '{') {
		reader->at++;
		read_alternatives(reader);
		expect_char(reader, '}');
	} else if (c == '~') {
		reader->at += 2;
		read_once(reader);
		expect_char(reader, '}');
	} else if (c == '\'') {
		reader->at++;
		emit_text(reader, SYNTAX_LITERAL, strcspn(reader->at, "'"));
		reader->at++;
	} else if (word_len(reader->at) > 0) {
		emit_text(reader, SYNTAX_WORD, word_len(reader->at));
	} else {
		emit_text(reader, SYNTAX_MARK, 1);
	}
}

/* "..." or ",..." behind the piece that begins at start. */
static void read_repeat(struct reader *reader, size_t start)
{
	bool commas;
	size_t fork, jump;

	skip_blanks(reader);
	commas = str_starts(reader->at, ",...");
	if (!commas && !str_starts(reader->at, "..."))
		return;
	reader->at += commas ? 4 : 3;
	fork = emit(reader, SYNTAX_FORK);
	if (commas) {
		size_t comma = emit(reader, SYNTAX_MARK);

		step_at(reader, comma)->text = ",";
		step_at(reader, comma)->len = 1;
	}
	jump = emit(reader, SYNTAX_JUMP);
	step_at(reader, jump)->to = start;
	step_at(reader, fork)->to = here(reader);
}

/* A sequence up to | ] } or the end. */
static void read_choice(struct reader *reader)
{
	for (;;) {
		size_t start = here(reader);

		skip_blanks(reader);
		if (*reader->at == '\0' || strchr("|]}", *reader->at) != NULL)
			return;
		read_piece(reader);
		read_repeat(reader, start);
	}
}

void syntax_compile(struct syntax *out, const char *word, size_t len)
{
	for (const char *const *row = syntax_rows; *row != NULL; row++) {
		struct reader reader = { .out = out, .at = *row };

		if (**row == '@' ||
		    (len > 0 && (word_len(*row) != len ||
				 strncasecmp(*row, word, len) != 0)))
			continue;
		vec_push(&out->starts, out->count);
		read_choice(&reader);
		assert(*reader.at == '\0');
		emit(&reader, SYNTAX_END);
	}
}

void syntax_done(struct syntax *syntax)
{
	vec_done(syntax);
	vec_done(&syntax->starts);
}
