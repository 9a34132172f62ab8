/* How: the words behind the place are read one by one; what each of them is,
 * an option, its argument, a part of the authorization, depends on the one
 * before. What the last one waits for is offered. */
#include "complete/option.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "complete/clause.h"
#include "complete/offer.h"
#include "complete/source.h"
#include "complete/words.h"
#include "sql/lexer.h"

enum { FIRST = -100, LAST = 100 }; /* ranks: before and behind all else */

enum due {               /* what the words so far wait for */
	   DUE_OPTION,   /* an option, or what may end the one before */
	   DUE_FORMAT,   /* one of the formats: FORMAT [AS] */
	   DUE_ARGUMENT, /* of the last option; it must come */
	   DUE_MAYBE,    /* of the last option; or the next option */
	   DUE_UNIT,     /* MB or GB behind a number; or the next option */
	   DUE_WORDS,    /* one of .words */
	   DUE_ROLE,     /* behind IAM_ROLE */
	   DUE_TEXT,     /* a literal nobody can guess */
	   DUE_NAME,     /* a name nobody knows */
	   DUE_COLUMNS,  /* ( ... ) of PARTITION BY */
};

struct tail {
	const struct source_ask *ask;
	enum copy_verb verb;
	const char *place; /* of FROM, as typed; NULL: none */
	size_t place_len;
	VEC(const struct copy_option *); /* given so far */
	bool authorized;
	bool any; /* something stands there */
	enum due due;
	const char *words;      /* of DUE_WORDS, '|' between */
	const char *after_text; /* the word that follows a DUE_TEXT, or NULL */
};

/* Sources other than S3 exclude what their pages name. */
static const struct {
	const char *scheme;
	const char *excludes;
} sources[] = {
	{ "s3://", "READRATIO" },
	{ "emr://", "ENCRYPTED MANIFEST REGION READRATIO SSH ZSTD "
		    "MASTER_SYMMETRIC_KEY" },
	{ "dynamodb://",
	  "CSV FIXEDWIDTH SHAPEFILE AVRO JSON PARQUET ORC DELIMITER QUOTE "
	  "ESCAPE FILLRECORD IGNOREBLANKLINES IGNOREHEADER NULL REMOVEQUOTES "
	  "ACCEPTINVCHARS MANIFEST ENCRYPTED MASTER_SYMMETRIC_KEY SSH GZIP "
	  "BZIP2 LZOP ZSTD ENCODING" },
};

/* ---- reading ---- */

static const struct copy_option *last_option(const struct tail *tail)
{
	return tail->count > 0 ? tail->items[tail->count - 1] : NULL;
}

static bool is_one_of(const char *choices, const struct token *token)
{
	return token->kind == TOKEN_WORD &&
	       copy_option_in(choices, token->text, token->len);
}

static enum due due_after(const struct copy_option *option)
{
	switch (option->argument) {
	case COPY_ARG_NONE:
		return DUE_OPTION;
	case COPY_ARG_STRING:
	case COPY_ARG_SECRET:
	case COPY_ARG_CHAR:
	case COPY_ARG_INTEGER:
	case COPY_ARG_WORD:
	case COPY_ARG_SIZE:
		return DUE_ARGUMENT;
	case COPY_ARG_CHAR_MAYBE:
	case COPY_ARG_STRING_MAYBE:
	case COPY_ARG_WORD_MAYBE:
	case COPY_ARG_SIMPLIFY:
		return DUE_MAYBE;
	case COPY_ARG_PARTITION:
	case COPY_ARG_TEMPLATE:
	case COPY_ARG_REST:
		break;
	}
	return DUE_WORDS;
}

static void wait_for_words(struct tail *tail, const char *words)
{
	tail->due = DUE_WORDS;
	tail->words = words;
}

static void take_option(struct tail *tail, const struct copy_option *option)
{
	vec_push(tail, option);
	tail->due = due_after(option);
	if (option->argument == COPY_ARG_PARTITION)
		tail->words = "BY";
	else if (option->argument == COPY_ARG_TEMPLATE)
		tail->words = "TEMPLATE";
	else if (option->argument == COPY_ARG_REST)
		tail->words = "CREATE";
}

static void wait_for_text(struct tail *tail, const char *after)
{
	tail->authorized = true;
	tail->due = DUE_TEXT;
	tail->after_text = after;
}

/* Words that the table has not: FORMAT and the authorization. */
static bool take_other(struct tail *tail, const struct token *token)
{
	if (token_is(token, "FORMAT")) {
		tail->due = DUE_FORMAT;
	} else if (token_is(token, "IAM_ROLE")) {
		tail->authorized = true;
		tail->due = DUE_ROLE;
	} else if (token_is(token, "WITH")) {
		wait_for_words(tail, "CREDENTIALS AS");
	} else if (token_is(token, "CREDENTIALS")) {
		wait_for_text(tail, NULL);
	} else if (token_is(token, "ACCESS_KEY_ID")) {
		wait_for_text(tail, "SECRET_ACCESS_KEY");
	} else if (token_is(token, "SECRET_ACCESS_KEY")) {
		wait_for_text(tail, "SESSION_TOKEN");
	} else if (token_is(token, "SESSION_TOKEN")) {
		wait_for_text(tail, NULL);
	} else {
		return false;
	}
	return true;
}

static void take_word(struct tail *tail, const struct token *token)
{
	const struct copy_option *option =
		copy_option_find(tail->verb, token->text, token->len);

	if (take_other(tail, token))
		return;
	if (option != NULL)
		take_option(tail, option);
	else
		tail->due = DUE_OPTION;
}

/* Words that belong to the option before them. */
static void take_part(struct tail *tail, const struct token *token)
{
	if (token_is(token, "BY"))
		tail->due = DUE_COLUMNS;
	else if (token_is(token, "TEMPLATE"))
		tail->due = DUE_NAME;
	else if (token_is(token, "CREATE"))
		tail->due = DUE_NAME;
	else if (token_is(token, "AUTO"))
		wait_for_words(tail, "ON|OFF");
	else if (tail->words != NULL && strncmp(tail->words, "ON", 2) == 0)
		tail->due = DUE_NAME; /* JOB ends the statement */
	else
		take_word(tail, token);
}

static bool is_argument_of(const struct copy_option *option,
			   const struct token *token)
{
	if (option == NULL)
		return false;
	switch (option->argument) {
	case COPY_ARG_WORD_MAYBE:
		return is_one_of(option->choices, token);
	case COPY_ARG_CHAR_MAYBE:
	case COPY_ARG_STRING_MAYBE:
		return token->kind == TOKEN_LITERAL ||
		       token->kind == TOKEN_VARIABLE;
	case COPY_ARG_SIMPLIFY:
		return is_one_of("SIMPLIFY AUTO", token) ||
		       token->kind == TOKEN_NUMBER;
	case COPY_ARG_NONE:
	case COPY_ARG_STRING:
	case COPY_ARG_SECRET:
	case COPY_ARG_CHAR:
	case COPY_ARG_INTEGER:
	case COPY_ARG_WORD:
	case COPY_ARG_SIZE:
	case COPY_ARG_PARTITION:
	case COPY_ARG_TEMPLATE:
	case COPY_ARG_REST:
		break;
	}
	return false;
}

static void take_name(struct tail *tail)
{
	const struct copy_option *option = last_option(tail);

	if (option != NULL && option->id == COPY_JOB)
		wait_for_words(tail, "AUTO");
	else
		tail->due = DUE_OPTION;
}

static void read_word(struct tail *tail, const struct token *token)
{
	const struct copy_option *option = last_option(tail);

	tail->any = true;
	if (token_is(token, "AS") && tail->due != DUE_OPTION)
		return;
	switch (tail->due) {
	case DUE_ARGUMENT:
		tail->due = option->argument == COPY_ARG_SIZE ? DUE_UNIT
							      : DUE_OPTION;
		return;
	case DUE_MAYBE:
		if (!is_argument_of(option, token))
			break;
		if (option->argument != COPY_ARG_SIMPLIFY)
			tail->due = DUE_OPTION;
		return;
	case DUE_UNIT:
		tail->due = DUE_OPTION;
		if (is_one_of("MB GB", token))
			return;
		break;
	case DUE_WORDS:
		take_part(tail, token);
		return;
	case DUE_TEXT:
		if (tail->after_text != NULL)
			wait_for_words(tail, tail->after_text);
		else
			tail->due = DUE_OPTION;
		return;
	case DUE_ROLE:
		tail->due = DUE_OPTION;
		return;
	case DUE_NAME:
		take_name(tail);
		return;
	case DUE_COLUMNS:
		tail->due = DUE_COLUMNS;
		return;
	case DUE_OPTION:
	case DUE_FORMAT:
		break;
	}
	if (token->kind == TOKEN_WORD)
		take_word(tail, token);
}

/* A pair of parentheses: the columns of PARTITION BY. */
static void read_group(struct tail *tail)
{
	if (tail->due == DUE_COLUMNS)
		wait_for_words(tail, "INCLUDE");
}

/* ---- what is offered ---- */

static struct complete_offer offer_of(const struct tail *tail,
				      enum complete_kind kind, int rank)
{
	const struct source_ask *ask = tail->ask;
	struct complete_offer offer = OFFER_EMPTY;

	offer.list = ask->list;
	offer.prefix = ask->prefix.text;
	offer.kind = kind;
	offer.style = OFFER_WORD;
	offer.upper = source_is_upper(ask);
	offer.after = ' ';
	offer.extra_rank = rank;
	return offer;
}

static void offer_word(const struct tail *tail, const char *word, size_t len,
		       const char *detail, int rank)
{
	struct complete_offer offer = offer_of(tail, COMPLETE_KEYWORD, rank);
	CLEANUP(mem_freep) char *name = mem_copy_slice(word, len);

	if (tail->ask->expect.quote != 0)
		return;
	offer_begin(&offer);
	complete_offer_name(&offer, name, detail);
	offer_end(&offer);
}

static void offer_list(const struct tail *tail, const char *list, char between,
		       int rank)
{
	const char stops[] = { between, '\0' };

	while (list != NULL && *list != '\0') {
		size_t len = strcspn(list, stops);

		offer_word(tail, list, len, NULL, rank);
		list += len + (list[len] != '\0');
	}
}

static bool is_given(const struct tail *tail, const char *name, size_t len)
{
	for (size_t i = 0; i < tail->count; i++)
		if (str_slice_equal(name, len, tail->items[i]->name))
			return true;
	return false;
}

/* One of what the option needs is there, or is a row further down, and so
 * may come behind it. */
static bool has_needs(const struct tail *tail, const struct copy_option *option)
{
	const char *need = option->needs;

	if (need == NULL)
		return true;
	for (; *need != '\0'; need += strspn(need, " ")) {
		size_t len = strcspn(need, " ");
		const struct copy_option *row =
			copy_option_find(tail->verb, need, len);

		if (is_given(tail, need, len) || (row != NULL && row > option))
			return true;
		need += len;
	}
	return false;
}

static bool source_takes(const struct tail *tail,
			 const struct copy_option *option)
{
	if (tail->verb != COPY_VERB_COPY || tail->place == NULL)
		return true;
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		size_t len = strlen(sources[i].scheme);

		if (tail->place_len > len &&
		    strncmp(tail->place + 1, sources[i].scheme, len) == 0)
			return !copy_option_in(sources[i].excludes,
					       option->name,
					       strlen(option->name));
	}
	return true;
}

static bool may_come(const struct tail *tail, const struct copy_option *option)
{
	if (!has_needs(tail, option) || !source_takes(tail, option))
		return false;
	for (size_t i = 0; i < tail->count; i++) {
		const struct copy_option *given = tail->items[i];

		if (given->id == option->id ||
		    copy_option_excludes(given, option) ||
		    (given->group == COPY_GROUP_FORMAT &&
		     option->group == COPY_GROUP_FORMAT))
			return false;
		/* JOB CREATE name takes the rest of the statement. */
		if (given->argument == COPY_ARG_REST)
			return false;
	}
	return true;
}

/* With the words that belong to it. */
static const char *written(const struct copy_option *option)
{
	switch (option->id) {
	case COPY_NULL:
		return "NULL AS";
	case COPY_QUOTE:
		return "QUOTE AS";
	case COPY_PARTITION:
		return "PARTITION BY";
	case COPY_USING:
		return "USING TEMPLATE";
	case COPY_JOB:
		return "JOB CREATE";
	default:
		return option->name;
	}
}

static void offer_options(const struct tail *tail, bool formats_only)
{
	const struct copy_option *option = copy_option_table;
	bool format = false;

	for (; option->name != NULL; option++) {
		const char *name = written(option);

		if ((option->verbs & tail->verb) == 0 ||
		    (formats_only && option->group != COPY_GROUP_FORMAT) ||
		    !may_come(tail, option))
			continue;
		format = format || option->group == COPY_GROUP_FORMAT;
		offer_word(tail, name, strlen(name), option->brief,
			   (int)option->group);
	}
	if (format && !formats_only)
		offer_word(tail, "FORMAT AS", strlen("FORMAT AS"),
			   "CSV, PARQUET, JSON ...", COPY_GROUP_FORMAT);
}

static void offer_authorization(const struct tail *tail)
{
	offer_word(tail, "IAM_ROLE", strlen("IAM_ROLE"),
		   "DEFAULT, 'SESSION' or the ARN of a role", FIRST);
	offer_word(tail, "CREDENTIALS", strlen("CREDENTIALS"),
		   "'aws_iam_role=...'", FIRST + 1);
	offer_word(tail, "ACCESS_KEY_ID", strlen("ACCESS_KEY_ID"),
		   "keys in the statement; better a role", FIRST + 2);
}

static void offer_text(const struct tail *tail, const char *text, int rank)
{
	struct complete_offer offer = offer_of(tail, COMPLETE_VALUE, rank);

	offer.style = OFFER_LITERAL;
	offer_begin(&offer);
	complete_offer_name(&offer, text, NULL);
	offer_end(&offer);
}

/* 'auto|auto ignorecase': the literals an option is known to take. */
static void offer_texts(const struct tail *tail,
			const struct copy_option *option)
{
	const char *text = option->literals;

	while (text != NULL && *text != '\0') {
		size_t len = strcspn(text, "|");
		CLEANUP(mem_freep) char *one = mem_copy_slice(text, len);

		offer_text(tail, one, 0);
		text += len + (text[len] != '\0');
	}
}

static void offer_uri(const struct tail *tail)
{
	const struct source_ask *ask = tail->ask;
	struct complete_offer offer = offer_of(tail, COMPLETE_KEY, 0);

	if (ask->expect.quote == 0)
		return;
	offer.style = OFFER_LITERAL;
	offer_begin(&offer);
	source_offer_s3(ask->from, ask->prefix.text, &offer);
	offer_end(&offer);
}

static void offer_argument(const struct tail *tail)
{
	const struct copy_option *option = last_option(tail);

	offer_list(tail, option->choices, ' ', -1);
	offer_texts(tail, option);
	if (option->id == COPY_REGION)
		clause_offer_regions(tail->ask);
	if (option->id == COPY_SHAPEFILE)
		offer_list(tail, "SIMPLIFY|AUTO", '|', -1);
	if (option->argument == COPY_ARG_STRING_MAYBE)
		offer_uri(tail); /* JSONPaths */
}

static void offer_role(const struct tail *tail)
{
	offer_list(tail, "DEFAULT", '|', FIRST);
	clause_offer_roles(tail->ask);
	offer_text(tail, "SESSION", LAST);
}

static void offer_next(const struct tail *tail)
{
	if (!tail->authorized && !tail->any) {
		offer_authorization(tail);
		return;
	}
	if (!tail->authorized)
		offer_authorization(tail);
	offer_options(tail, false);
}

static void offer_due(const struct tail *tail)
{
	switch (tail->due) {
	case DUE_OPTION:
		offer_next(tail);
		break;
	case DUE_FORMAT:
		offer_options(tail, true);
		break;
	case DUE_ARGUMENT:
		offer_argument(tail);
		break;
	case DUE_MAYBE:
		offer_argument(tail);
		offer_next(tail);
		break;
	case DUE_UNIT:
		offer_list(tail, "MB|GB", '|', -1);
		offer_next(tail);
		break;
	case DUE_WORDS:
		offer_list(tail, tail->words, '|', -1);
		/* INCLUDE, SESSION_TOKEN and AUTO need not come. */
		if (str_equal_nocase(tail->words, "INCLUDE") ||
		    str_equal_nocase(tail->words, "SESSION_TOKEN"))
			offer_next(tail);
		break;
	case DUE_ROLE:
		offer_role(tail);
		break;
	case DUE_TEXT:
	case DUE_NAME:
	case DUE_COLUMNS:
		break;
	}
}

/* ---- the tail of the statement ---- */

static size_t text_len(const struct source_ask *ask)
{
	size_t start = ask->expect.start;

	return ask->expect.quote != 0 && start > 0 ? start - 1 : start;
}

static void start_anew(struct tail *tail)
{
	vec_clear(tail);
	tail->place = NULL;
	tail->any = tail->authorized = false;
	tail->due = DUE_OPTION;
}

/* Words up to the place are passed over: the literal behind FROM or TO, or
 * COPY itself in a template. */
static void read_tail(struct tail *tail, bool in_template)
{
	struct lexer lexer;
	struct token token;
	bool place_due = false;
	bool in_tail = false;
	int depth = 0;

	lexer_init(&lexer, tail->ask->sql, text_len(tail->ask),
		   LEXER_ESCAPES | LEXER_VARIABLES, NULL);
	while ((token = lexer_next_solid(&lexer)).kind != TOKEN_END) {
		if (token_is_char(&token, ';')) {
			in_tail = place_due = false;
			start_anew(tail);
		} else if (token_is_char(&token, '(')) {
			depth++;
		} else if (token_is_char(&token, ')')) {
			depth -= depth > 0;
			if (in_tail && depth == 0)
				read_group(tail);
		} else if (depth > 0 || token.kind == TOKEN_PUNCT) {
			continue;
		} else if (in_tail) {
			read_word(tail, &token);
		} else if (place_due) {
			tail->place = token.text;
			tail->place_len = token.len;
			in_tail = true;
		} else if (in_template) {
			in_tail = token_is(&token, "COPY");
		} else {
			place_due = token_is(&token, "FROM") ||
				    token_is(&token, "TO");
		}
	}
	if (depth > 0)
		tail->due = DUE_COLUMNS;
}

void option_offer(const struct source_ask *ask, enum copy_verb verb)
{
	struct tail tail = { .ask = ask, .verb = verb };

	read_tail(&tail, false);
	offer_due(&tail);
	vec_done(&tail);
}

void option_offer_template(const struct source_ask *ask)
{
	struct tail tail = { .ask = ask,
			     .verb = COPY_VERB_COPY,
			     .authorized = true };

	read_tail(&tail, true);
	offer_due(&tail);
	vec_done(&tail);
}
