#include "complete/words.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"

size_t words_each(enum words_kind kind, const char *prefix,
		  void (*each)(void *context, const struct word *word),
		  void *context)
{
	size_t len = strlen(prefix);
	size_t count = 0;

	for (size_t i = 0; i < word_count; i++) {
		if (word_table[i].kind != kind ||
		    strncasecmp(word_table[i].text, prefix, len) != 0)
			continue;
		each(context, &word_table[i]);
		count++;
	}
	return count;
}

const struct word *words_find(enum words_kind kind, const char *text)
{
	for (size_t i = 0; i < word_count; i++)
		if (word_table[i].kind == kind &&
		    str_equal_nocase(word_table[i].text, text))
			return &word_table[i];
	return NULL;
}
