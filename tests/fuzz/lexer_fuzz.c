/* SQL text of any kind: tokens tile it; a text cut at a line end has the
 * tokens of the whole; the splitter gives the same statements whether lines
 * come one by one or together.
 *
 * Byte 0: bit 0 backslashes escape, bit 1 variables. */
#include "fuzz.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sql/classify.h"
#include "sql/lexer.h"
#include "sql/mask.h"
#include "sql/split.h"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("\1select 'it''s', \"a\"\"b\", $$x;y$$, $t$ ; $t$ -- c\n;"),
	FUZZ_TEXT("\0select e'a\\'b' /* a /* b */ ; */ ; select 1\n"),
	FUZZ_TEXT("\3select :a, :'b', :\"c\", :{?d}, 'x:y', a::int\n;\\echo x\n"),
	FUZZ_TEXT("\2create function f() begin atomic select 1; end; \\; x;"),
	FUZZ_TEXT("\0select (1;2);) ;"),
	FUZZ_TEXT("\1u&'\\0041' uescape '!' ; U&\"x\" ; b'01' x'1f' n'q';"),
	FUZZ_TEXT("\0#temp 1.5e10 .5 1..2 $1 $1$ a$b$c <> != ~* := =>;"),
	{ NULL, 0 },
};

static const char *const files[] = {
	"cases/rewrite/*.txt",
	"fuzz/hard.txt",
	NULL,
};

static const char *const words[] = {
	"'", "\"", "$$", "$a$", "/*", "*/", "--", "\n", ";", "\\", "\\;", ":",
	":'a'", ":\"a\"", ":{?a}", "(", ")", "begin", " atomic ", " end",
	"create function ", "e'", "u&'", "b'", "case ", "\\g\n", NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.files = files,
	.words = words,
	.count = 30000,
};

/* The kind of every byte; tokens that a cut may part count as one. */
static void lex(const char *text, size_t len, unsigned options,
		struct lexer_state *state, char *kinds)
{
	struct lexer lexer;
	struct token token;
	size_t at = 0;

	lexer_init(&lexer, text, len, options, state);
	while ((token = lexer_next(&lexer)).kind != TOKEN_END) {
		FUZZ_CHECK(token.at == at && token.len > 0);
		FUZZ_CHECK(token.text == text + at && token.len <= len - at);
		memset(kinds + at, 'A' + (int)token.kind, token.len);
		at += token.len;
	}
	FUZZ_CHECK(at == len);
	*state = lexer.state;
}

static void check_lexer(const char *text, size_t len, unsigned options)
{
	CLEANUP(mem_freep) char *whole = mem_alloc(len + 1);
	CLEANUP(mem_freep) char *cut = mem_alloc(len + 1);
	struct lexer_state all = { 0 };
	struct lexer_state lines = { 0 };
	size_t at = 0;

	lex(text, len, options, &all, whole);
	while (at < len) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t part = end == NULL ? len - at
					  : (size_t)(end - text) + 1 - at;

		lex(text + at, part, options, &lines, cut + at);
		at += part;
	}
	FUZZ_CHECK(memcmp(whole, cut, len) == 0);
	FUZZ_CHECK(all.inside == lines.inside && all.depth == lines.depth);
}

static void take_events(struct split *split, struct str *out)
{
	enum split_event event;

	while ((event = split_next(split)) != SPLIT_MORE) {
		if (event == SPLIT_COMMAND) {
			str_addf(out, "C%zu\n", split_rest_len(split));
			split_skip(split, split_rest_len(split));
			continue;
		}
		str_addf(out, "S%zu:", split_text_len(split));
		str_add_slice(out, split_text(split), split_text_len(split));
		str_add_char(out, '\n');
		split_reset(split);
	}
}

static bool has_event(const char *line, size_t len)
{
	return memchr(line, ';', len) != NULL ||
	       memchr(line, '\\', len) != NULL ||
	       memchr(line, ':', len) != NULL;
}

/* Feeds line by line, or as many lines in one go as split.h allows. */
static void split_all(const char *text, size_t len, bool escapes,
		      bool together, struct str *out)
{
	struct split_options options = { .escapes = escapes };
	CLEANUP(split_freep) struct split *split = split_new(&options);
	CLEANUP(str_done) struct str lines = STR_EMPTY;
	size_t at = 0;

	while (at < len) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t part = (end == NULL ? text + len : end) - (text + at);
		bool last = end == NULL || !together || part == 0 ||
			    has_event(text + at, part);

		if (part == 0 && lines.len > 0) {
			split_feed_take(split, &lines);
			take_events(split, out);
			str_clear(&lines);
		}
		str_add_slice(&lines, text + at, part);
		at += part + (end != NULL);
		if (!last && at < len) {
			str_add_char(&lines, '\n');
			continue;
		}
		split_feed_take(split, &lines);
		take_events(split, out);
		str_clear(&lines);
	}
	str_addf(out, " left %zu %c", split_text_len(split),
		 split_prompt(split));
}

static void check_split(const char *text, size_t len, bool escapes)
{
	CLEANUP(str_done) struct str alone = STR_EMPTY;
	CLEANUP(str_done) struct str together = STR_EMPTY;

	split_all(text, len, escapes, false, &alone);
	split_all(text, len, escapes, true, &together);
	FUZZ_CHECK(alone.len == together.len &&
		   memcmp(alone.text, together.text, alone.len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	CLEANUP(str_done) struct str masked = STR_EMPTY;
	bool escapes;

	if (size == 0)
		return 0;
	size--;
	escapes = (data[0] & 1) != 0;
	check_lexer(text, size,
		    (escapes ? LEXER_ESCAPES : 0) |
			    ((data[0] & 2) != 0 ? LEXER_VARIABLES : 0));
	check_split(text, size, escapes);
	classify(text, size, escapes);
	FUZZ_CHECK(mask_secrets(&masked, text, size) ==
		   mask_needed(text, size));
	return 0;
}
