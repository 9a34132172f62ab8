#include "complete/offer.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "catalog/lookup.h"
#include "catalog/spell.h"
#include "complete/rank.h"
#include "complete/typed.h"
#include "sql/quote.h"

enum {
	GATHER_MAX = 20000, /* names whose texts wait for offer_end */
	INNER_MIN = 2,      /* bytes typed before other than prefixes count */
};

void offer_begin(struct complete_offer *offer)
{
	offer->first = offer->list->count;
}

/* ---- which names ---- */

static bool contains(const char *name, const char *typed)
{
	size_t len = strlen(typed);

	for (; *name != '\0'; name++)
		if (strncasecmp(name, typed, len) == 0)
			return true;
	return false;
}

static bool find_match(const struct complete_offer *offer, const char *name,
		       enum complete_match *out)
{
	const char *typed = offer->prefix;
	size_t len = strlen(typed);

	*out = COMPLETE_PREFIX;
	if (offer->exact_case)
		return strncmp(name, typed, len) == 0;
	if (strncasecmp(name, typed, len) == 0)
		return true;
	if (!offer->near_names || len < INNER_MIN)
		return false;
	*out = COMPLETE_FUZZY;
	switch (spell_match(name, typed)) {
	case SPELL_PREFIX:
		*out = COMPLETE_PREFIX;
		return true;
	case SPELL_WORD:
		*out = COMPLETE_INNER_WORD;
		return true;
	case SPELL_FUZZY:
		return true;
	case SPELL_NONE:
		break;
	}
	return contains(name, typed);
}

bool offer_fits(const struct complete_offer *offer, const char *name)
{
	enum complete_match match;

	return find_match(offer, name, &match);
}

/* ---- what is known about them ---- */

static char *marks_text(unsigned marks)
{
	static const struct {
		unsigned mark;
		const char *text;
	} rows[] = {
		{ LOOKUP_PRIMARY_KEY, "primary key" },
		{ LOOKUP_FOREIGN_KEY, "foreign key" },
		{ LOOKUP_UNIQUE_KEY, "unique" },
		{ LOOKUP_DIST_KEY, "dist key" },
		{ LOOKUP_SORT_KEY, "sort key" },
		{ LOOKUP_PARTITION_KEY, "partition key" },
		{ LOOKUP_IDENTITY, "identity" },
		{ LOOKUP_NOT_NULL, "not null" },
	};
	CLEANUP(str_done) struct str text = STR_EMPTY;

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if ((marks & rows[i].mark) != 0)
			str_addf(&text, "%s%s", text.len > 0 ? ", " : "",
				 rows[i].text);
	return str_take(&text);
}

static char *first_line(const char *text)
{
	return text != NULL ? mem_copy_slice(text, strcspn(text, "\r\n"))
			    : mem_copy_text("");
}

static char *copy_or_empty(const char *text)
{
	return mem_copy_text(text != NULL ? text : "");
}

static int rank_of(const struct complete_offer *offer,
		   const struct offer_name *name, enum complete_match match)
{
	int rank = (rank_of_kind(offer->kind) + offer->extra_rank) * RANK_STEP;
	int used = name->used < RANK_USED ? name->used : RANK_USED;

	if (match == COMPLETE_INNER_WORD)
		rank += RANK_WORD;
	if (match == COMPLETE_FUZZY)
		rank += RANK_FUZZY;
	return rank - used - name->nearer;
}

/* ---- how they are written ---- */

static bool is_folder(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && name[len - 1] == '/';
}

static void add_word(const struct complete_offer *offer, const char *name,
		     struct str *out)
{
	for (; *name != '\0'; name++)
		str_add_char(out,
			     (char)(offer->upper
					    ? toupper((unsigned char)*name)
					    : tolower((unsigned char)*name)));
}

static void write_text(const struct complete_offer *offer, bool quoted,
		       struct complete_item *item)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *name = item->label;
	bool folder = is_folder(name);

	str_add(&text, offer->before);
	switch (offer->style) {
	case OFFER_AS_IS:
		str_add(&text, name);
		break;
	case OFFER_WORD:
		add_word(offer, name, &text);
		break;
	case OFFER_NAME:
		if (offer->quote == '"')
			quote_name_always(&text, name, strlen(name));
		else
			quote_name(&text, name);
		break;
	case OFFER_ARGUMENT:
		if (quoted)
			typed_add_quoted(name, folder, &text);
		else
			str_add(&text, name);
		if (folder)
			item->after = 0;
		break;
	case OFFER_LITERAL:
		typed_add_quoted(name, folder, &text);
		if (folder)
			item->after = 0;
		break;
	}
	str_add(&text, offer->behind);
	/* What begins a list goes on at once. */
	if (text.len > 0 && text.text[text.len - 1] == '(')
		item->after = 0;
	item->text = str_take(&text);
}

/* The text depends on all of them, or their labels will be changed. */
static bool waits(const struct complete_offer *offer)
{
	return offer->style == OFFER_ARGUMENT || offer->style == OFFER_LITERAL;
}

void offer_add(struct complete_offer *offer, const struct offer_name *name)
{
	struct complete_item item = { .kind = offer->kind,
				      .after = offer->after,
				      .order = name->order };

	if (*name->name == '\0' || !find_match(offer, name->name, &item.match))
		return;
	if (waits(offer) && offer->list->count >= GATHER_MAX) {
		offer->list->cut = true;
		return;
	}
	item.rank = rank_of(offer, name, item.match);
	item.label = mem_copy_text(name->name);
	item.detail = copy_or_empty(name->detail);
	item.of = copy_or_empty(name->of);
	item.marks = marks_text(name->marks);
	item.comment = first_line(name->comment);
	if (waits(offer)) {
		vec_push(offer->list, item);
		return;
	}
	if (name->text != NULL)
		item.text = mem_copy_text(name->text);
	else
		write_text(offer, false, &item);
	rank_push(offer->list, &item);
}

void complete_offer_name(struct complete_offer *offer, const char *name,
			 const char *detail)
{
	struct offer_name one = { .name = name, .detail = detail };

	offer_add(offer, &one);
}

void offer_end(struct complete_offer *offer)
{
	struct complete_list *list = offer->list;
	bool quoted = offer->quote != 0;

	if (!waits(offer))
		return;
	for (size_t i = offer->first; i < list->count && !quoted; i++)
		quoted = !typed_is_plain(list->items[i].label);
	for (size_t i = offer->first; i < list->count; i++)
		write_text(offer, quoted, &list->items[i]);
}
