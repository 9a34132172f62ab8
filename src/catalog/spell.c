#include "catalog/spell.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
	SLIP_MIN = 4, /* shorter texts are a slip away from too much */
};

static bool is_word_byte(unsigned char c)
{
	return isalnum(c) || c >= 0x80;
}

static bool begins_word(unsigned char before, unsigned char c)
{
	if (!is_word_byte(c))
		return false;
	if (!is_word_byte(before))
		return true;
	return (isupper(c) && !isupper(before)) ||
	       (isdigit(c) && !isdigit(before));
}

size_t spell_next_word(const char *name, size_t at)
{
	if (name[at] == '\0')
		return 0;
	for (at++; name[at] != '\0'; at++)
		if (begins_word((unsigned char)name[at - 1],
				(unsigned char)name[at]))
			return at;
	return 0;
}

static int lower(char c)
{
	return tolower((unsigned char)c);
}

static bool is_subsequence(const char *word, const char *typed)
{
	for (; *typed != '\0'; typed++, word++) {
		while (*word != '\0' && lower(*word) != lower(*typed))
			word++;
		if (*word == '\0')
			return false;
	}
	return true;
}

/* rest of typed is a prefix of rest of word. */
static bool is_prefix(const char *word, const char *typed)
{
	return strncasecmp(word, typed, strlen(typed)) == 0;
}

/* One letter too many, missing, wrong, or two changed places. */
static bool is_slip(const char *word, const char *typed)
{
	size_t same = 0;

	if (strlen(typed) < SLIP_MIN)
		return false;
	while (typed[same] != '\0' && lower(word[same]) == lower(typed[same]))
		same++;
	word += same;
	typed += same;
	if (*typed == '\0')
		return true;
	if (is_prefix(word, typed + 1))
		return true;
	if (*word == '\0')
		return false;
	if (is_prefix(word + 1, typed + 1) || is_prefix(word + 1, typed))
		return true;
	return typed[1] != '\0' && lower(word[0]) == lower(typed[1]) &&
	       lower(word[1]) == lower(typed[0]) &&
	       is_prefix(word + 2, typed + 2);
}

bool spell_is_near(const char *word, const char *typed)
{
	if (lower(*word) == lower(*typed) && is_subsequence(word, typed))
		return true;
	if (lower(*word) != lower(*typed) &&
	    (*word == '\0' || lower(word[1]) != lower(typed[0]) ||
	     lower(word[0]) != lower(typed[1])))
		return false;
	return is_slip(word, typed);
}

enum spell_match spell_match(const char *name, const char *typed)
{
	size_t at;

	if (is_prefix(name, typed))
		return SPELL_PREFIX;
	for (at = spell_next_word(name, 0); at > 0;
	     at = spell_next_word(name, at))
		if (is_prefix(name + at, typed))
			return SPELL_WORD;
	at = 0;
	do
		if (spell_is_near(name + at, typed))
			return SPELL_FUZZY;
	while ((at = spell_next_word(name, at)) > 0);
	return SPELL_NONE;
}
