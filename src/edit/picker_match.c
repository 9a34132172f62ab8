#include "edit/picker_match.h"

#include <stdbool.h>
#include <string.h>

enum {
	NEAR_BETWEEN = 2,
	FAR_BETWEEN = 8,
	FUZZY_MIN = 2,          /* letters of a word */
	FUZZY_MAX_BYTES = 4096, /* of a text: letters far down mean little */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

void picker_fold(const char *text, size_t len, struct str *out)
{
	size_t from = out->len;

	str_add_slice(out, text, len);
	for (size_t i = from; i < out->len; i++)
		if (out->text[i] >= 'A' && out->text[i] <= 'Z')
			out->text[i] |= 0x20;
}

uint64_t picker_mask(const char *folded, size_t len)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < len; i++)
		mask |= (uint64_t)1 << (folded[i] & 63);
	return mask;
}

void picker_query_set(struct picker_query *query, const char *typed, size_t len)
{
	size_t at = 0;

	while (len > 0 && is_blank(typed[len - 1]))
		len--;
	for (; len > 0 && is_blank(*typed); len--)
		typed++;
	str_clear(&query->text);
	picker_fold(typed, len, &query->text);
	query->count = 0;
	query->mask = 0;
	while (at < len) {
		size_t end = at;

		while (end < len && !is_blank(query->text.text[end]))
			end++;
		if (query->count == PICKER_WORDS_MAX - 1)
			end = len;
		query->words[query->count].at = at;
		query->words[query->count++].len = end - at;
		query->mask |= picker_mask(query->text.text + at, end - at);
		for (at = end; at < len && is_blank(query->text.text[at]);)
			at++;
	}
}

void picker_query_done(struct picker_query *query)
{
	str_done(&query->text);
}

/* Where the letters of word stand in text, in order: from *out_from up to
 * *out_to; the shortest that begins where the first does. */
static bool find_letters(const char *text, size_t len, const char *word,
			 size_t word_len, size_t *out_from, size_t *out_to)
{
	size_t at = 0;
	size_t matched = word_len;

	for (size_t i = 0; i < word_len; i++, at++) {
		const char *next = memchr(text + at, word[i], len - at);

		if (!next)
			return false;
		at = (size_t)(next - text);
	}
	*out_to = at;
	while (matched > 0)
		if (text[--at] == word[matched - 1])
			matched--;
	*out_from = at;
	return true;
}

/* How many other letters stand between them at the best; FAR_BETWEEN + 1: too
 * many. *out_at, *out_end: where. */
static size_t fuzzy(const char *text, size_t len, const char *word,
		    size_t word_len, size_t *out_at, size_t *out_end)
{
	size_t best = FAR_BETWEEN + 1;
	size_t base = 0;
	size_t from, to;

	if (word_len < FUZZY_MIN)
		return best;
	if (len > FUZZY_MAX_BYTES)
		len = FUZZY_MAX_BYTES;
	while (best > NEAR_BETWEEN &&
	       find_letters(text + base, len - base, word, word_len, &from,
			    &to)) {
		if (to - from - word_len < best) {
			best = to - from - word_len;
			*out_at = base + from;
			*out_end = base + to;
		}
		base += from + 1;
	}
	return best;
}

static enum picker_fit match_word(const char *word, size_t word_len,
				  const char *folded, size_t len)
{
	size_t at, end, between;

	if (memmem(folded, len, word, word_len))
		return PICKER_WORDS;
	between = fuzzy(folded, len, word, word_len, &at, &end);
	if (between > FAR_BETWEEN)
		return PICKER_NONE;
	return between > NEAR_BETWEEN ? PICKER_FAR : PICKER_NEAR;
}

enum picker_fit picker_match(const struct picker_query *query,
			     const char *folded, size_t len)
{
	enum picker_fit worst = PICKER_WHOLE;

	if (query->count == 0 ||
	    memmem(folded, len, query->text.text, query->text.len))
		return PICKER_WHOLE;
	for (size_t i = 0; i < query->count; i++) {
		enum picker_fit fit =
			match_word(query->text.text + query->words[i].at,
				   query->words[i].len, folded, len);

		if (fit > worst)
			worst = fit;
		if (fit == PICKER_NONE)
			break;
	}
	return worst;
}

static void mark_word(const char *word, size_t word_len, const char *folded,
		      size_t len, unsigned char *marks)
{
	const char *found = memmem(folded, len, word, word_len);
	size_t at = 0;
	size_t end = 0;

	if (found) {
		memset(marks + (found - folded), 1, word_len);
		return;
	}
	if (fuzzy(folded, len, word, word_len, &at, &end) > FAR_BETWEEN)
		return;
	for (size_t i = 0; at < end && i < word_len; at++)
		if (folded[at] == word[i]) {
			marks[at] = 1;
			i++;
		}
}

void picker_mark(const struct picker_query *query, const char *folded,
		 size_t len, unsigned char *marks)
{
	const char *whole;

	memset(marks, 0, len);
	if (query->count == 0)
		return;
	whole = memmem(folded, len, query->text.text, query->text.len);
	if (whole) {
		memset(marks + (whole - folded), 1, query->text.len);
		return;
	}
	for (size_t i = 0; i < query->count; i++)
		mark_word(query->text.text + query->words[i].at,
			  query->words[i].len, folded, len, marks);
}
