#include "sandbox/quicksight/qs_rule.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "data/isotime.h"
#include "data/json.h"
#include "sandbox/quicksight/qs_shape.h"
#include "sandbox/s3/s3_call.h"

enum {
	FOUND_MAX = 10,	       /* places that a message names */
	SHOWN_MAX_COLS = 100,  /* of a value in it */
	MATCHED_MAX_BYTES = 1 << 16, /* longer texts fit no pattern */
};

static const char nonblank[] = "nonblank";

struct check {
	struct str path;
	struct str found; /* refusals, parted by "; " */
	size_t count;
	struct str serial; /* the first wrong type */
};

void qs_rule_text(struct qs_shape *shape, const char *pattern,
		  const char *values)
{
	shape->pattern = pattern;
	shape->values = values;
	shape->has_regex = *pattern != '\0' && strcmp(pattern, nonblank) != 0 &&
			   regcomp(&shape->regex, pattern,
				   REG_EXTENDED | REG_NOSUB) == 0;
}

void qs_rule_done(struct qs_shape *shape)
{
	if (shape->has_regex)
		regfree(&shape->regex);
	shape->has_regex = false;
}

/* --- refusals --- */

/* "AwsAccountId" is "awsAccountId" there. */
static size_t enter(struct str *path, const char *name)
{
	size_t before = path->len;

	if (before > 0)
		str_add_char(path, '.');
	str_add_char(path, (char)tolower((unsigned char)name[0]));
	if (name[0] != '\0')
		str_add(path, name + 1);
	return before;
}

static size_t enter_item(struct str *path, size_t index)
{
	size_t before = path->len;

	str_addf(path, ".%zu.member", index + 1);
	return before;
}

/* A refusal never shows what is secret. */
static bool is_secret(const char *path)
{
	static const char *const names[] = { "assword", "rivateKey",
					     "Passphrase", "Secret" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_ends(path, names[i]))
			return true;
	return false;
}

/* shown: NULL where AWS would print an object of its own. */
static void refuse(struct check *check, const char *shown,
		   const char *constraint)
{
	check->count++;
	if (check->count > FOUND_MAX)
		return;
	if (check->found.len > 0)
		str_add(&check->found, "; ");
	str_add(&check->found, "Value ");
	if (shown != NULL && !is_secret(check->path.text)) {
		size_t len = strlen(shown);

		str_add_char(&check->found, '\'');
		str_add_slice(&check->found, shown,
			      utf8_fit(shown, len, SHOWN_MAX_COLS));
		str_add(&check->found, "' ");
	}
	str_addf(&check->found, "at '%s' failed to satisfy constraint: %s",
		 check->path.text, constraint);
}

static void refuse_type(struct check *check, const char *wanted)
{
	if (check->serial.len == 0)
		str_addf(&check->serial, "%s is not of type %s",
			 check->path.text, wanted);
}

/* --- one value --- */

static void check_range(struct check *check, const struct qs_shape *shape,
			int64_t size, const char *what, const char *shown)
{
	CLEANUP(str_done) struct str constraint = STR_EMPTY;

	if (size >= shape->min && size <= shape->max)
		return;
	str_addf(&constraint, "Member must have %s %s than or equal to %" PRId64,
		 what, size < shape->min ? "greater" : "less",
		 size < shape->min ? shape->min : shape->max);
	refuse(check, shown, constraint.text);
}

static bool is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n\v\f")] == '\0';
}

static void check_pattern(struct check *check, const struct qs_shape *shape,
			  const char *text)
{
	CLEANUP(str_done) struct str constraint = STR_EMPTY;
	bool fits = true;

	if (shape->has_regex)
		fits = strlen(text) <= MATCHED_MAX_BYTES &&
		       regexec(&shape->regex, text, 0, NULL, 0) == 0;
	else if (strcmp(shape->pattern, nonblank) == 0)
		fits = !is_blank(text);
	if (fits)
		return;
	str_addf(&constraint, "Member must satisfy regular expression pattern: %s",
		 shape->has_regex ? shape->pattern : ".*\\S.*");
	refuse(check, text, constraint.text);
}

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list != '\0') {
		size_t n = strcspn(list, " ");

		if (n == len && strncmp(list, word, n) == 0)
			return true;
		list += n + strspn(list + n, " ");
	}
	return false;
}

static void check_values(struct check *check, const struct qs_shape *shape,
			 const char *text)
{
	CLEANUP(str_done) struct str constraint = STR_EMPTY;

	if (shape->values[0] == '\0' || has_word(shape->values, text))
		return;
	str_add(&constraint, "Member must satisfy enum value set: [");
	for (const char *at = shape->values; *at != '\0'; at++) {
		if (*at == ' ')
			str_add_char(&constraint, ',');
		str_add_char(&constraint, *at);
	}
	str_add_char(&constraint, ']');
	refuse(check, text, constraint.text);
}

static void check_text(struct check *check, const struct qs_shape *shape,
		       const struct json *value)
{
	const char *text = json_text(value, NULL, NULL);

	if (text == NULL) {
		refuse_type(check, "String");
		return;
	}
	check_values(check, shape, text);
	check_range(check, shape, (int64_t)utf8_count(text, strlen(text)),
		    "length", text);
	check_pattern(check, shape, text);
}

static void check_number(struct check *check, const struct qs_shape *shape,
			 const struct json *value)
{
	int64_t number = json_number(value, NULL, INT64_MIN);
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	if (json_shape(value) != JSON_SHAPE_NUMBER || number == INT64_MIN) {
		refuse_type(check, "Integer");
		return;
	}
	str_addf(&shown, "%" PRId64, number);
	check_range(check, shape, number, "value", shown.text);
}

static void check_time(struct check *check, const struct json *value)
{
	const char *text = json_text(value, NULL, NULL);
	int64_t at_ms;

	if (json_shape(value) == JSON_SHAPE_NUMBER ||
	    (text != NULL && isotime_parse(text, &at_ms, NULL)))
		return;
	refuse_type(check, "Timestamp");
}

/* --- what holds others --- */

static void check_value(struct check *check, const struct qs_shape *shape,
			const struct json *value);

static bool is_given(const struct json *value)
{
	enum json_shape shape = json_shape(value);

	return shape != JSON_SHAPE_NONE && shape != JSON_SHAPE_NULL;
}

static const struct qs_member *find_member(const struct qs_shape *shape,
					   const char *name)
{
	for (size_t i = 0; i < shape->members.count; i++)
		if (strcmp(shape->members.items[i].name, name) == 0)
			return &shape->members.items[i];
	return NULL;
}

/* What AWS does not know it passes over; here it is refused by name. */
static void check_known(struct check *check, const struct qs_shape *shape,
			const struct json *value)
{
	const char *key;
	const struct json *inner;
	size_t at = 0;

	while (json_next(value, &at, &key, &inner)) {
		CLEANUP(str_done) struct str constraint = STR_EMPTY;

		if (find_member(shape, key) != NULL)
			continue;
		str_addf(&constraint, "%s has no member %.*s", shape->name,
			 SHOWN_MAX_COLS, key);
		refuse(check, NULL, constraint.text);
	}
}

static void check_one(struct check *check, const struct qs_shape *shape,
		      const struct json *value)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;
	CLEANUP(str_done) struct str constraint = STR_EMPTY;
	size_t given = 0;

	for (size_t i = 0; i < shape->members.count; i++) {
		const char *name = shape->members.items[i].name;

		if (is_given(json_key(value, name)))
			given++;
		str_add(&names, i == 0 ? "" : ", ");
		str_add_char(&names, (char)tolower((unsigned char)name[0]));
		str_add(&names, name + 1);
	}
	if (given == 1)
		return;
	str_addf(&constraint,
		 "Only 1 member of [%s] should be provided for structure %s",
		 names.text, shape->name);
	refuse(check, NULL, constraint.text);
}

static void check_structure(struct check *check, const struct qs_shape *shape,
			    const struct json *value)
{
	if (json_shape(value) != JSON_SHAPE_OBJECT) {
		refuse_type(check, "Structure");
		return;
	}
	check_known(check, shape, value);
	if (shape->one)
		check_one(check, shape, value);
	for (size_t i = 0; i < shape->members.count; i++) {
		const struct qs_member *member = &shape->members.items[i];
		const struct json *inner = json_key(value, member->name);
		size_t before = enter(&check->path, member->name);

		if (is_given(inner))
			check_value(check, member->shape, inner);
		else if (member->required)
			refuse(check, "null", "Member must not be null");
		str_cut(&check->path, before);
	}
}

static void check_list(struct check *check, const struct qs_shape *shape,
		       const struct json *value)
{
	if (json_shape(value) != JSON_SHAPE_ARRAY) {
		refuse_type(check, "List");
		return;
	}
	check_range(check, shape, (int64_t)json_count(value), "length", NULL);
	for (size_t i = 0; i < json_count(value); i++) {
		size_t before = enter_item(&check->path, i);

		if (is_given(json_item(value, i)))
			check_value(check, shape->item, json_item(value, i));
		else
			refuse(check, "null", "Member must not be null");
		str_cut(&check->path, before);
	}
}

static void check_map(struct check *check, const struct qs_shape *shape,
		      const struct json *value)
{
	const char *key;
	const struct json *inner;
	size_t at = 0;

	if (json_shape(value) != JSON_SHAPE_OBJECT) {
		refuse_type(check, "Map");
		return;
	}
	check_range(check, shape, (int64_t)json_count(value), "length", NULL);
	while (json_next(value, &at, &key, &inner)) {
		CLEANUP(json_freep) struct json *name = json_new_text(key);
		size_t before = check->path.len;

		check_value(check, shape->key, name);
		str_addf(&check->path, ".%s.member", key);
		if (is_given(inner))
			check_value(check, shape->item, inner);
		str_cut(&check->path, before);
	}
}

static void check_value(struct check *check, const struct qs_shape *shape,
			const struct json *value)
{
	switch (shape->type) {
	case QS_STRUCTURE:
		check_structure(check, shape, value);
		break;
	case QS_LIST:
		check_list(check, shape, value);
		break;
	case QS_MAP:
		check_map(check, shape, value);
		break;
	case QS_STRING:
		check_text(check, shape, value);
		break;
	case QS_INTEGER:
		check_number(check, shape, value);
		break;
	case QS_DOUBLE:
		if (json_shape(value) != JSON_SHAPE_NUMBER)
			refuse_type(check, "Double");
		break;
	case QS_BOOLEAN:
		if (json_shape(value) != JSON_SHAPE_BOOL)
			refuse_type(check, "Boolean");
		break;
	case QS_TIMESTAMP:
		check_time(check, value);
		break;
	case QS_BLOB:
		if (json_shape(value) != JSON_SHAPE_TEXT)
			refuse_type(check, "Blob");
		break;
	}
}

bool qs_shapes_check(const struct qs_shape *shape, const struct json *value,
		     struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct check check = {
		.path = STR_EMPTY, .found = STR_EMPTY, .serial = STR_EMPTY,
	};
	bool good;

	check_value(&check, shape, value);
	good = check.count == 0 && check.serial.len == 0;
	if (check.serial.len > 0)
		s3_call_refuse(err, "SerializationException", "%s",
			       check.serial.text);
	else if (!good)
		s3_call_refuse(err, "ValidationException",
			       "%zu validation error%s detected: %s",
			       check.count, check.count == 1 ? "" : "s",
			       check.found.text);
	str_done(&check.path);
	str_done(&check.found);
	str_done(&check.serial);
	return good;
}

/* --- walking --- */

struct walk {
	struct str path;
	qs_visit *visit;
	void *context;
};

static void walk_value(struct walk *walk, const struct qs_shape *shape,
		       const struct json *value);

static void walk_structure(struct walk *walk, const struct qs_shape *shape,
			   const struct json *value)
{
	walk->visit(walk->context, shape->name, walk->path.text, value);
	for (size_t i = 0; i < shape->members.count; i++) {
		const struct qs_member *member = &shape->members.items[i];
		const struct json *inner = json_key(value, member->name);
		size_t before;

		if (!is_given(inner))
			continue;
		before = enter(&walk->path, member->name);
		walk_value(walk, member->shape, inner);
		str_cut(&walk->path, before);
	}
}

static void walk_map(struct walk *walk, const struct qs_shape *shape,
		     const struct json *value)
{
	const char *key;
	const struct json *inner;
	size_t at = 0;

	while (json_next(value, &at, &key, &inner)) {
		size_t before = walk->path.len;

		str_addf(&walk->path, ".%s.member", key);
		walk_value(walk, shape->item, inner);
		str_cut(&walk->path, before);
	}
}

static void walk_value(struct walk *walk, const struct qs_shape *shape,
		       const struct json *value)
{
	if (!is_given(value))
		return;
	if (shape->type == QS_STRUCTURE)
		walk_structure(walk, shape, value);
	else if (shape->type == QS_MAP)
		walk_map(walk, shape, value);
	else if (shape->type == QS_LIST)
		for (size_t i = 0; i < json_count(value); i++) {
			size_t before = enter_item(&walk->path, i);

			walk_value(walk, shape->item, json_item(value, i));
			str_cut(&walk->path, before);
		}
}

void qs_shapes_walk(const struct qs_shape *shape, const struct json *value,
		    qs_visit *visit, void *context)
{
	struct walk walk = {
		.path = STR_EMPTY, .visit = visit, .context = context,
	};

	walk_value(&walk, shape, value);
	str_done(&walk.path);
}
