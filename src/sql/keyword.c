#include "sql/keyword.h"

#include <string.h>

/* Length first would be quicker, but the table is sorted by bytes. */
static int compare(const char *text, size_t len, const char *keyword)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		unsigned char k = (unsigned char)keyword[i];

		if (c >= 'a' && c <= 'z')
			c = (unsigned char)(c - 'a' + 'A');
		if (k == '\0' || c != k)
			return k == '\0' ? 1 : (c < k ? -1 : 1);
	}
	return keyword[len] == '\0' ? 0 : -1;
}

const struct keyword *keyword_find(const char *text, size_t len)
{
	size_t low = 0;
	size_t high = keyword_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(text, len, keyword_table[middle].text);

		if (order == 0)
			return &keyword_table[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

bool keyword_is_reserved(const char *text, size_t len)
{
	const struct keyword *keyword = keyword_find(text, len);

	return keyword != NULL && keyword->reserved;
}
