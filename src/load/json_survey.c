#include "load/json_survey.h"

#include <ctype.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/json.h"
#include "load/facts.h"
#include "load/infer.h"

enum {
	OBJECT_MAX = 16 * 1024 * 1024, /* longer is taken for broken */
	MEMBERS_MAX = 4000,
};

struct member {
	char *name;
	struct facts facts;
	bool text, number, truth, nested;
	size_t nulls;
	size_t seen;
	char *sample;
};

struct json_survey {
	struct json_survey_result result;
	struct {
		VEC(struct member *);
	} members;
	struct map *by_name; /* to struct member, borrowed */
	struct str rest;
	struct str name;
	int64_t line;
	bool in_array;
	bool pass_line;
	bool jumped;
	bool ended;
};

struct json_survey *json_survey_new(void)
{
	struct json_survey *survey = mem_alloc(sizeof(*survey));

	survey->by_name = map_new(NULL);
	survey->rest = (struct str)STR_EMPTY;
	survey->name = (struct str)STR_EMPTY;
	survey->line = 1;
	return survey;
}

void json_survey_free(struct json_survey *survey)
{
	if (survey == NULL)
		return;
	for (size_t i = 0; i < survey->members.count; i++) {
		mem_free(survey->members.items[i]->name);
		mem_free(survey->members.items[i]->sample);
		mem_free(survey->members.items[i]);
	}
	vec_done(&survey->members);
	map_free(survey->by_name);
	str_done(&survey->rest);
	str_done(&survey->name);
	mem_free(survey);
}

void json_survey_in_array(struct json_survey *survey)
{
	survey->in_array = true;
}

/* --- where a value ends --- */

/* Behind the string that begins at at; NULL: end comes first. */
static const char *pass_string(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		if (*at == '\\')
			at++;
		else if (*at == '"')
			return at + 1;
	}
	return NULL;
}

/* Behind the object or array at at. */
static const char *pass_nested(const char *at, const char *end)
{
	size_t depth = 0;

	while (at != NULL && at < end) {
		if (*at == '"') {
			at = pass_string(at, end);
			continue;
		}
		if (*at == '{' || *at == '[')
			depth++;
		if ((*at == '}' || *at == ']') && --depth == 0)
			return at + 1;
		at++;
	}
	return NULL;
}

static const char *pass_blanks(const char *at, const char *end)
{
	while (at < end && isspace((unsigned char)*at))
		at++;
	return at;
}

static const char *pass_value(const char *at, const char *end)
{
	if (at >= end)
		return NULL;
	if (*at == '"')
		return pass_string(at, end);
	if (*at == '{' || *at == '[')
		return pass_nested(at, end);
	while (at < end && *at != ',' && *at != '}' &&
	       !isspace((unsigned char)*at))
		at++;
	return at;
}

/* --- members --- */

static struct member *find_member(struct json_survey *survey)
{
	struct member *member = map_get(survey->by_name, survey->name.text);

	if (member != NULL || survey->members.count >= MEMBERS_MAX)
		return member;
	member = mem_alloc(sizeof(*member));
	member->name = mem_copy_text(survey->name.text);
	map_put(survey->by_name, member->name, member);
	vec_push(&survey->members, member);
	return member;
}

static unsigned hex_value(const char *text, size_t len)
{
	unsigned value = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		value = value * 16 +
			(unsigned)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
	}
	return value;
}

/* Bytes of an escape that begins at text, less those of what it stands for:
 * a half of a surrogate pair has two. */
static size_t escape_spare(const char *text, size_t len, size_t *out_len)
{
	unsigned code;

	*out_len = 2;
	if (len < 6 || text[1] != 'u')
		return 1;
	*out_len = 6;
	code = hex_value(text + 2, 4);
	if (code < 0x80)
		return 5;
	if (code < 0x800 || (code >= 0xd800 && code < 0xe000))
		return 4;
	return 3;
}

static size_t count_spare(const char *text, size_t len)
{
	const char *end = text + len;
	size_t spare = 0;

	while ((text = memchr(text, '\\', (size_t)(end - text))) != NULL &&
	       text + 1 < end) {
		size_t n;

		spare += escape_spare(text, (size_t)(end - text), &n);
		text += n;
	}
	return spare;
}

/* Of a text what it stands for. */
static char *make_sample(const char *text, size_t len)
{
	if (*text == '"' && memchr(text, '\\', len) != NULL) {
		CLEANUP(json_freep)
		struct json *json = json_parse(text, len, NULL);
		const char *plain = json_text(json, NULL, NULL);

		if (plain != NULL)
			return infer_copy_sample(plain, strlen(plain));
	}
	if (*text == '"') {
		text++;
		len -= 2;
	}
	return infer_copy_sample(text, len);
}

static void add_value(struct member *member, const char *text, size_t len)
{
	member->seen++;
	if (*text == '"') {
		member->text = true;
		facts_add(&member->facts, text + 1, len - 2,
			  count_spare(text + 1, len - 2));
	} else if (*text == '{' || *text == '[') {
		member->nested = true;
		if (len > member->facts.longest)
			member->facts.longest = len;
		member->facts.values++;
	} else if (str_slice_equal(text, len, "null")) {
		member->nulls++;
		return;
	} else if (str_slice_equal(text, len, "true") ||
		   str_slice_equal(text, len, "false")) {
		member->truth = true;
		facts_add(&member->facts, text, len, 0);
	} else {
		member->number = true;
		facts_add(&member->facts, text, len, 0);
	}
	if (member->sample == NULL && !(*text == '"' && len == 2))
		member->sample = make_sample(text, len);
}

/* The text of a name; with escapes by way of a whole parser. */
static bool read_name(struct str *out, const char *text, const char *end)
{
	size_t len = (size_t)(end - text);

	if (memchr(text, '\\', len) == NULL) {
		str_set_slice(out, text + 1, len - 2);
		return true;
	}
	CLEANUP(json_freep) struct json *json = json_parse(text, len, NULL);

	if (json_text(json, NULL, NULL) == NULL)
		return false;
	str_set(out, json_text(json, NULL, ""));
	return true;
}

/* Of one whole object; false: it is malformed. */
static bool read_members(struct json_survey *survey, const char *at,
			 const char *end)
{
	at = pass_blanks(at + 1, end);
	if (*at == '}')
		return true;
	for (;;) {
		const char *value, *name = at;
		struct member *member;

		if (*at != '"' || (at = pass_string(at, end)) == NULL ||
		    !read_name(&survey->name, name, at))
			return false;
		at = pass_blanks(at, end);
		if (at == end || *at != ':')
			return false;
		value = pass_blanks(at + 1, end);
		at = pass_value(value, end);
		if (at == NULL || at == value)
			return false;
		member = find_member(survey);
		if (member != NULL)
			add_value(member, value, (size_t)(at - value));
		at = pass_blanks(at, end);
		if (at == end || *at == '}')
			return at < end;
		if (*at != ',')
			return false;
		at = pass_blanks(at + 1, end);
		if (at == end)
			return false;
	}
}

/* --- objects --- */

static void note_bad(struct json_survey *survey)
{
	if (!survey->jumped && survey->result.bad++ == 0)
		survey->result.bad_line = survey->line;
}

static void count_lines(struct json_survey *survey, const char *from,
			const char *to)
{
	while ((from = memchr(from, '\n', (size_t)(to - from))) != NULL) {
		survey->line++;
		from++;
	}
}

/* Behind the next line end; NULL: it is not there yet. */
static const char *pass_line(const struct json_survey *survey, const char *at,
			     const char *end)
{
	const char *next = memchr(at, '\n', (size_t)(end - at));

	if (next != NULL)
		return next + 1;
	return survey->ended ? end : NULL;
}

/* Behind what begins at at, NULL: more is needed. */
static const char *read_one(struct json_survey *survey, const char *at,
			    const char *end)
{
	const char *behind;

	if (survey->in_array && (*at == '[' || *at == ',' || *at == ']'))
		return at + 1;
	if (*at == '{' && (behind = pass_nested(at, end)) != NULL) {
		if (read_members(survey, at, behind))
			survey->result.objects++;
		else
			note_bad(survey);
		return behind;
	}
	if (*at == '{' && !survey->ended && end - at < OBJECT_MAX)
		return NULL;
	behind = pass_line(survey, at, end);
	if (behind != NULL)
		note_bad(survey);
	return behind;
}

static size_t read_block(struct json_survey *survey, const char *bytes,
			 size_t len)
{
	const char *at = bytes;
	const char *end = bytes + len;

	while (at < end) {
		const char *begin = pass_blanks(at, end);
		const char *behind = begin;

		if (survey->pass_line) {
			behind = pass_line(survey, at, end);
			survey->pass_line = behind == NULL;
		} else if (begin < end) {
			count_lines(survey, at, begin);
			at = begin;
			behind = read_one(survey, begin, end);
		}
		if (behind == NULL)
			break;
		count_lines(survey, at, behind);
		at = behind;
	}
	return (size_t)(at - bytes);
}

void json_survey_feed(struct json_survey *survey, const char *bytes, size_t len)
{
	size_t done;

	str_add_slice(&survey->rest, bytes, len);
	done = read_block(survey, survey->rest.text, survey->rest.len);
	memmove(survey->rest.text, survey->rest.text + done,
		survey->rest.len - done);
	str_cut(&survey->rest, survey->rest.len - done);
}

void json_survey_jump(struct json_survey *survey)
{
	str_clear(&survey->rest);
	survey->pass_line = true;
	survey->jumped = true;
}

void json_survey_end(struct json_survey *survey)
{
	survey->ended = true;
	read_block(survey, survey->rest.text, survey->rest.len);
	str_clear(&survey->rest);
}

/* --- columns --- */

const struct json_survey_result *
json_survey_result(const struct json_survey *survey)
{
	return &survey->result;
}

static bool is_time(enum infer_type type)
{
	return type == INFER_DATE || type == INFER_TIME ||
	       type == INFER_TIMESTAMP || type == INFER_TIMESTAMPTZ;
}

/* Who wrote "12" in quotes meant a text, but there are no dates in JSON; and
 * NULL AS does not go with it. */
static void set_type(struct infer_column *column, const struct member *member,
		     bool exact)
{
	const struct facts *facts = &member->facts;
	size_t words = 0;

	infer_set_type(column, facts, exact);
	for (size_t i = 0; i < FACTS_NULL_WORDS; i++)
		words += facts->words[i];
	if (member->nested)
		column->type = INFER_SUPER;
	else if (member->text + member->number + member->truth > 1 ||
		 (member->text && (words > 0 || facts->empty > 0 ||
				   !is_time(column->type))))
		infer_set_text(column);
}

void json_survey_columns(const struct json_survey *survey, struct infer *out)
{
	size_t objects = (size_t)survey->result.objects;

	for (size_t i = 0; i < survey->members.count; i++) {
		const struct member *member = survey->members.items[i];
		struct infer_column column = { .name = NULL };

		column.name = mem_copy_text(member->name);
		set_type(&column, member, out->exact);
		column.nulls = member->nulls;
		if (member->seen < objects)
			column.nulls += objects - member->seen;
		if (member->sample != NULL)
			column.sample = mem_copy_text(member->sample);
		vec_push(&out->columns, column);
	}
	out->members = true;
	infer_agree(out);
}
