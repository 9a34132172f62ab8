#include "sql/call.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "sql/lexer.h"

static const struct {
	const char *function;
	int argument; /* from 0 */
	enum call_place place;
} rows[] = {
	{ "dateadd", 0, CALL_PART },
	{ "date_add", 0, CALL_PART },
	{ "datediff", 0, CALL_PART },
	{ "date_diff", 0, CALL_PART },
	{ "date_trunc", 0, CALL_PART_TEXT },
	{ "date_part", 0, CALL_FIELD },
	{ "extract", 0, CALL_FIELD },
	{ "convert_timezone", 0, CALL_ZONE },
	{ "convert_timezone", 1, CALL_ZONE },
	{ "timezone", 0, CALL_ZONE },
	{ "current_setting", 0, CALL_SETTING },
	{ "set_config", 0, CALL_SETTING },
	{ "change_query_priority", 1, CALL_PRIORITY },
	{ "change_session_priority", 1, CALL_PRIORITY },
	{ "change_user_priority", 1, CALL_PRIORITY },
	{ "collate", 1, CALL_COLLATION },
	{ "convert", 0, CALL_TYPE },
};

struct call {                  /* one open parenthesis */
	struct token function; /* the word before it, or of another kind */
	int commas;
	bool empty; /* nothing behind the last comma */
};

struct calls {
	VEC(struct call);
	struct token last[3]; /* the last one first */
};

static void read_token(struct calls *calls, const struct token *token)
{
	struct call *inner =
		calls->count > 0 ? &calls->items[calls->count - 1] : NULL;

	if (token_is_char(token, '(')) {
		struct call call = { .function = calls->last[0],
				     .empty = true };

		if (inner != NULL)
			inner->empty = false;
		vec_push(calls, call);
	} else if (token_is_char(token, ')')) {
		if (calls->count > 0)
			calls->count--;
	} else if (token_is_char(token, ';')) {
		calls->count = 0;
	} else if (inner != NULL && token_is_char(token, ',')) {
		inner->commas++;
		inner->empty = true;
	} else if (inner != NULL) {
		inner->empty = false;
	}
	calls->last[2] = calls->last[1];
	calls->last[1] = calls->last[0];
	calls->last[0] = *token;
}

static enum call_place place_in(const struct call *call)
{
	if (call->function.kind != TOKEN_WORD || !call->empty)
		return CALL_NOTHING;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (token_is(&call->function, rows[i].function) &&
		    call->commas == rows[i].argument)
			return rows[i].place;
	return CALL_NOTHING;
}

enum call_place call_at(const char *sql, size_t cursor)
{
	struct calls calls = { 0 };
	struct lexer lexer;
	struct token token;
	enum call_place place = CALL_NOTHING;
	const struct call *inner;

	lexer_init(&lexer, sql, cursor, LEXER_ESCAPES | LEXER_VARIABLES, NULL);
	while ((token = lexer_next_solid(&lexer)).kind != TOKEN_END)
		read_token(&calls, &token);
	inner = calls.count > 0 ? &calls.items[calls.count - 1] : NULL;
	if (token_is(&calls.last[0], "ZONE") &&
	    token_is(&calls.last[1], "TIME") && token_is(&calls.last[2], "AT"))
		place = CALL_ZONE;
	else if (inner != NULL && token_is(&inner->function, "CAST") &&
		 token_is(&calls.last[0], "AS"))
		place = CALL_TYPE;
	else if (inner != NULL)
		place = place_in(inner);
	vec_done(&calls);
	return place;
}
