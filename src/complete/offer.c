#include "complete/offer.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "complete/rank.h"
#include "complete/typed.h"
#include "sql/quote.h"

enum { GATHER_MAX = 20000 }; /* before sorting */

void offer_begin(struct complete_offer *offer)
{
	offer->first = offer->list->count;
}

void complete_offer_name(struct complete_offer *offer, const char *name,
			 const char *detail)
{
	size_t len = strlen(offer->prefix);
	struct complete_item item = { .kind = offer->kind,
				      .after = offer->after };
	int differs = offer->exact_case ? strncmp(name, offer->prefix, len)
					: strncasecmp(name, offer->prefix, len);

	if (differs != 0 || *name == '\0')
		return;
	if (offer->list->count >= GATHER_MAX) {
		offer->list->cut = true;
		return;
	}
	item.label = mem_copy_text(name);
	item.detail = mem_copy_text(detail != NULL ? detail : "");
	item.rank = rank_of_kind(offer->kind) + offer->extra_rank;
	vec_push(offer->list, item);
}

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
	item->text = str_take(&text);
}

void offer_end(struct complete_offer *offer)
{
	struct complete_list *list = offer->list;
	bool quoted = offer->quote != 0;

	for (size_t i = offer->first; i < list->count && !quoted; i++)
		quoted = !typed_is_plain(list->items[i].label);
	for (size_t i = offer->first; i < list->count; i++)
		write_text(offer, quoted, &list->items[i]);
}
