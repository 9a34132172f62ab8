#include "shell/meant.h"

#include <string.h>

#include "base/similar.h"
#include "base/str.h"
#include "catalog/catalog.h"
#include "catalog/lookup.h"
#include "db/dberr.h"
#include "shell/session_state.h"
#include "sql/quote.h"

#define UNKNOWN_TABLE "42P01"

enum { ASKED_MAX = 50 };

struct meant {
	const char *wanted;
	size_t far;      /* the farthest that is near, then nearest so far */
	struct str name; /* as it is to be typed, "": none yet */
};

static void consider(void *context, const struct lookup_name *name)
{
	struct meant *meant = context;
	size_t far = similar_distance(meant->wanted, name->name, meant->far);

	if (far > meant->far || (far == meant->far && meant->name.len > 0))
		return;
	meant->far = far;
	str_clear(&meant->name);
	if (!name->on_path && name->schema[0] != '\0') {
		quote_name(&meant->name, name->schema);
		str_add_char(&meant->name, '.');
	}
	quote_name(&meant->name, name->name);
}

/* Of: relation "s.t" does not exist; without the schema. */
static void unknown_name(const struct dberr *error, struct str *out)
{
	const char *message = dberr_field(error, DBERR_MESSAGE);
	const char *open = message ? strchr(message, '"') : NULL;
	const char *close = open ? strchr(open + 1, '"') : NULL;

	if (!close)
		return;
	for (const char *at = ++open; at < close; at++)
		if (*at == '.')
			open = at + 1;
	str_add_slice(out, open, (size_t)(close - open));
}

void meant_tell(struct session *session, const struct dberr *error)
{
	CLEANUP(str_done) struct str unknown = STR_EMPTY;
	struct meant meant = { .name = STR_EMPTY };
	struct lookup_ask ask = { .what = LOOKUP_RELATIONS,
				  .how = LOOKUP_ANY_MATCH,
				  .limit = ASKED_MAX };
	struct catalog *catalog;

	if (!session->interactive || session->as_psql ||
	    strcmp(dberr_sqlstate(error), UNKNOWN_TABLE) != 0)
		return;
	catalog = session_catalog(session);
	unknown_name(error, &unknown);
	if (!catalog || unknown.len == 0)
		return;
	meant.wanted = ask.typed = unknown.text;
	meant.far = unknown.len / 3;
	lookup_names(catalog_lookup(catalog), &ask, consider, &meant);
	if (meant.name.len > 0)
		say_info(&session->say, "HINT:  did you mean %s?",
			 meant.name.text);
	str_done(&meant.name);
}
