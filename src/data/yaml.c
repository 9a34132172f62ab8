#include "data/yaml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "data/json.h"
#include "data/yaml_load.h"

enum { LEVELS_MAX = 64 };

#define STANDARD_TAG "tag:yaml.org,2002:"

struct reading {
	yaml_parser_t parser;
	yaml_tag *tag;
	struct yaml_place *place;
	struct err *err;
};

/* --- errors --- */

static bool refuse(struct reading *reading, const yaml_mark_t *mark,
		   const char *why)
{
	reading->place->line = mark->line + 1;
	reading->place->column = mark->column + 1;
	return err_set(reading->err, ERR_DATA, "YAML, line %zu, column %zu: %s",
		       mark->line + 1, mark->column + 1, why);
}

static bool next(struct reading *reading, yaml_event_t *out)
{
	if (yaml_parser_parse(&reading->parser, out))
		return true;
	return refuse(reading, &reading->parser.problem_mark,
		      reading->parser.problem != NULL ? reading->parser.problem
						      : "malformed");
}

/* --- scalars --- */

static const struct {
	const char *text;
	bool value;
} booleans[] = {
	{ "true", true }, { "false", false }, { "yes", true },
	{ "no", false },  { "on", true },     { "off", false },
};

/* YAML 1.1: 0x1F, 017, 1_000 and sexagesimals too; templates have only these.
 * What is too large for an integer stays text. */
static struct json *number(const char *text)
{
	const char *digits = text + strspn(text, "+-");
	size_t whole = strspn(digits, "0123456789");
	size_t part = digits[whole] == '.'
			      ? strspn(digits + whole + 1, "0123456789")
			      : 0;
	char *end;
	long long value;

	if (digits - text > 1 || whole == 0)
		return NULL;
	if (part > 0 && digits[whole + 1 + part] == '\0')
		return json_new_double(strtod(text, NULL));
	if (digits[whole] != '\0')
		return NULL;
	errno = 0;
	value = strtoll(text, &end,
			digits[0] == '0' && whole > 1 ? 8 : 10);
	return errno == 0 && *end == '\0' ? json_new_number(value) : NULL;
}

/* utf8_valid was asked before. */
static struct json *plain(const char *text)
{
	struct json *value;

	if (strcmp(text, "") == 0 || strcmp(text, "~") == 0 ||
	    str_equal_nocase(text, "null"))
		return json_new_null();
	for (size_t i = 0; i < COUNT_OF(booleans); i++)
		if (str_equal_nocase(text, booleans[i].text))
			return json_new_bool(booleans[i].value);
	value = number(text);
	return value != NULL ? value : json_new_text(text);
}

static struct json *scalar(struct reading *reading, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	const char *tag = (const char *)event->data.scalar.tag;

	if (strlen(text) != event->data.scalar.length) {
		refuse(reading, &event->start_mark, "a NUL in a text");
		return NULL;
	}
	if (!utf8_valid(text, strlen(text))) {
		refuse(reading, &event->start_mark, "text that is no UTF-8");
		return NULL;
	}
	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && tag == NULL)
		return plain(text);
	return json_new_text(text);
}

/* --- tags --- */

/* Takes value; NULL stays NULL. */
static struct json *tagged(struct reading *reading, const yaml_mark_t *mark,
			   const char *tag, struct json *value)
{
	static const char *const fine[] = { "str", "map", "seq" };
	struct json *made;

	if (value == NULL || tag == NULL || strcmp(tag, "!") == 0)
		return value;
	for (size_t i = 0; i < COUNT_OF(fine); i++)
		if (str_starts(tag, STANDARD_TAG) &&
		    strcmp(tag + strlen(STANDARD_TAG), fine[i]) == 0)
			return value;
	if (reading->tag == NULL || tag[0] != '!') {
		json_free(value);
		refuse(reading, mark, "a tag that is not known here");
		return NULL;
	}
	made = reading->tag(tag, value, reading->err);
	if (made == NULL) {
		reading->place->line = mark->line + 1;
		reading->place->column = mark->column + 1;
	}
	return made;
}

/* --- nodes --- */

static struct json *node(struct reading *reading, yaml_event_t *event,
			 int level);

static struct json *sequence(struct reading *reading, int level)
{
	CLEANUP(json_freep) struct json *list = json_new_array();
	struct json *done;

	for (;;) {
		yaml_event_t event;
		struct json *item;

		if (!next(reading, &event))
			return NULL;
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&event);
			break;
		}
		item = node(reading, &event, level + 1);
		if (item == NULL)
			return NULL;
		json_push_take(list, item);
	}
	done = list;
	list = NULL;
	return done;
}

/* The key as it stands, so that a key may be 2012 or yes. Takes event. */
static bool read_key(struct reading *reading, yaml_event_t *event,
		     const struct json *object, struct str *out)
{
	const char *text = (const char *)event->data.scalar.value;
	bool good = false;

	if (event->type == YAML_ALIAS_EVENT)
		refuse(reading, &event->start_mark, "aliases are not allowed");
	else if (event->type != YAML_SCALAR_EVENT)
		refuse(reading, &event->start_mark, "a key that is no text");
	else if (strcmp(text, "<<") == 0)
		refuse(reading, &event->start_mark,
		       "merge keys are not allowed");
	else if (strlen(text) != event->data.scalar.length ||
		 !utf8_valid(text, strlen(text)))
		refuse(reading, &event->start_mark, "a key that is no text");
	else if (json_key(object, text) != NULL)
		refuse(reading, &event->start_mark, "a key that comes twice");
	else
		good = true;
	if (good)
		str_set(out, text);
	yaml_event_delete(event);
	return good;
}

static struct json *mapping(struct reading *reading, int level)
{
	CLEANUP(json_freep) struct json *object = json_new_object();
	CLEANUP(str_done) struct str key = STR_EMPTY;
	struct json *done;

	for (;;) {
		yaml_event_t event;
		struct json *value;

		if (!next(reading, &event))
			return NULL;
		if (event.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&event);
			break;
		}
		if (!read_key(reading, &event, object, &key) ||
		    !next(reading, &event))
			return NULL;
		value = node(reading, &event, level + 1);
		if (value == NULL)
			return NULL;
		json_put_take(object, key.text, value);
	}
	done = object;
	object = NULL;
	return done;
}

/* Takes event. NULL: reading->err says why. */
static struct json *node(struct reading *reading, yaml_event_t *event,
			 int level)
{
	yaml_mark_t mark = event->start_mark;
	CLEANUP(mem_freep) char *tag = NULL;
	struct json *value = NULL;

	if (level > LEVELS_MAX) {
		refuse(reading, &mark, "nested too deeply");
		yaml_event_delete(event);
		return NULL;
	}
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		tag = mem_copy_text((const char *)event->data.scalar.tag);
		value = scalar(reading, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
		tag = mem_copy_text(
			(const char *)event->data.sequence_start.tag);
		value = sequence(reading, level);
		break;
	case YAML_MAPPING_START_EVENT:
		tag = mem_copy_text((const char *)event->data.mapping_start.tag);
		value = mapping(reading, level);
		break;
	case YAML_ALIAS_EVENT:
		refuse(reading, &mark, "aliases are not allowed");
		break;
	default:
		refuse(reading, &mark, "nothing where a value should be");
		break;
	}
	yaml_event_delete(event);
	return tagged(reading, &mark, tag, value);
}

/* Takes the events up to the first of the document. */
static bool begin(struct reading *reading, yaml_event_t *out)
{
	for (;;) {
		if (!next(reading, out))
			return false;
		if (out->type != YAML_STREAM_START_EVENT &&
		    out->type != YAML_DOCUMENT_START_EVENT)
			return true;
		yaml_event_delete(out);
	}
}

static bool ends(struct reading *reading)
{
	yaml_event_t event;
	yaml_event_type_t type = YAML_NO_EVENT;

	while (type != YAML_STREAM_END_EVENT) {
		yaml_mark_t mark;

		if (!next(reading, &event))
			return false;
		type = event.type;
		mark = event.start_mark;
		yaml_event_delete(&event);
		if (type != YAML_STREAM_END_EVENT &&
		    type != YAML_DOCUMENT_END_EVENT)
			return refuse(reading, &mark,
				      "more than one document");
	}
	return true;
}

struct json *yaml_parse(const char *text, size_t len, yaml_tag *tag,
			struct yaml_place *out_place, struct err *err)
{
	struct err ignored;
	struct reading reading = {
		.tag = tag,
		.place = out_place,
		.err = err != NULL ? err : &ignored,
	};
	yaml_event_t event;
	struct json *value = NULL;

	*out_place = (struct yaml_place){ 1, 1 };
	if (!yaml_load(err))
		return NULL;
	if (!yaml_parser_initialize(&reading.parser)) {
		err_set(err, ERR_SYSTEM, "libyaml does not start");
		return NULL;
	}
	yaml_parser_set_input_string(&reading.parser,
				     (const unsigned char *)text, len);
	if (begin(&reading, &event))
		value = node(&reading, &event, 0);
	if (value != NULL && !ends(&reading)) {
		json_free(value);
		value = NULL;
	}
	yaml_parser_delete(&reading.parser);
	return value;
}
