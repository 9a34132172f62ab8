#include "catalog/words.h"

#include <string.h>

#include "base/mem.h"
#include "catalog/lookup.h"
#include "catalog/spell.h"
#include "data/lite.h"

enum {
	WORDS_OF_NAME = 8,  /* later words of one name that are kept */
	NAMES_MAX = 500000, /* of one kind; further ones have no words */
};

static const struct {
	enum lookup_what what;
	const char *prune;  /* names that are gone */
	const char *all;    /* names without words */
	const char *staged; /* of those, what was just read */
} steps[] = {
#define FRESH(number, table)                                                   \
	"create temp table fresh_names as select distinct name from " table    \
	" t where not exists (select 1 from main.words w where w.what = "      \
	"" number " and w.word = t.name and w.name = t.name) limit ?1"
#define STEP(what, number, table)                                              \
	{                                                                      \
		what,                                                          \
			"delete from words where what = " number               \
			" and not exists (select 1 from " table                \
			" t where t.name collate nocase = words.name"          \
			" and t.name = words.name)",                           \
			FRESH(number, "main." table),                          \
			FRESH(number, "temp.s_" table),                        \
	}
	STEP(LOOKUP_RELATIONS, "0", "relations"),
	STEP(LOOKUP_COLUMNS, "1", "columns"),
	STEP(LOOKUP_FUNCTIONS, "2", "functions"),
};

static bool add_word(struct lite *lite, enum lookup_what what, const char *word,
		     const char *name, struct err *err)
{
	struct lite_query *query = lite_query(
		lite, "insert or ignore into words values (?1, ?2, ?3)", err);

	if (query == NULL)
		return false;
	lite_bind_number(query, 1, what);
	lite_bind_text(query, 2, word);
	lite_bind_text(query, 3, name);
	return lite_do(query, err);
}

static bool add_words(struct lite *lite, enum lookup_what what,
		      const char *name, struct err *err)
{
	size_t at = 0;

	for (int i = 0; i <= WORDS_OF_NAME; i++) {
		if (!add_word(lite, what, name + at, name, err))
			return false;
		at = spell_next_word(name, at);
		if (at == 0)
			break;
	}
	return true;
}

static bool add_fresh(struct lite *lite, enum lookup_what what, struct err *err)
{
	struct lite_query *query =
		lite_query(lite, "select name from temp.fresh_names", err);
	enum lite_step at = LITE_FAILED;

	while (query != NULL && (at = lite_step(query, err)) == LITE_ROW)
		if (!add_words(lite, what, lite_text(query, 0), err)) {
			lite_reset(query);
			return false;
		}
	return at == LITE_DONE;
}

static bool fill(struct lite *lite, bool staged, struct err *err)
{
	static const char drop[] = "drop table if exists temp.fresh_names";

	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		struct lite_query *query;

		if (!lite_run(lite, drop, err))
			return false;
		query = lite_query(
			lite, staged ? steps[i].staged : steps[i].all, err);
		if (query == NULL)
			return false;
		lite_bind_number(query, 1, NAMES_MAX);
		if (!lite_do(query, err) ||
		    !add_fresh(lite, steps[i].what, err))
			return false;
	}
	return lite_run(lite, drop, err);
}

bool words_fill(struct lite *lite, struct err *err)
{
	return fill(lite, false, err);
}

bool words_fill_staged(struct lite *lite, struct err *err)
{
	return fill(lite, true, err);
}

bool words_prune(struct lite *lite, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(steps); i++)
		if (!lite_run(lite, steps[i].prune, err))
			return false;
	return true;
}
