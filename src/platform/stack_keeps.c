#include "platform/stack_keeps.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"
#include "data/json.h"

static const char policy_key[] = "DeletionPolicy";
static const char snapshot_key[] = "FinalSnapshotName";

/* What is said more plainly wins. */
static enum stack_keeps both(enum stack_keeps policy, enum stack_keeps snapshot)
{
	if (policy == STACK_KEEPS_NOTHING ||
	    (policy == STACK_KEEPS_UNKNOWN && snapshot == STACK_KEEPS_SNAPSHOT))
		return snapshot;
	return policy;
}

static enum stack_keeps keeps_of_word(const char *word, size_t len)
{
	static const struct {
		const char *word;
		enum stack_keeps keeps;
	} rows[] = {
		{ "Retain", STACK_KEEPS_IT },
		{ "RetainExceptOnCreate", STACK_KEEPS_IT },
		{ "Snapshot", STACK_KEEPS_SNAPSHOT },
		{ "Delete", STACK_KEEPS_NOTHING },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strlen(rows[i].word) == len &&
		    memcmp(rows[i].word, word, len) == 0)
			return rows[i].keeps;
	return STACK_KEEPS_UNKNOWN;
}

/* --- JSON --- */

static enum stack_keeps find_in_json(const char *template, const char *logical)
{
	CLEANUP(json_freep)
	struct json *json = json_parse(template, strlen(template), NULL);
	const struct json *resource, *policy, *name;
	enum stack_keeps keeps = STACK_KEEPS_NOTHING;
	const char *word;

	resource = json ? json_key(json, "Resources") : NULL;
	resource = resource ? json_key(resource, logical) : NULL;
	if (resource == NULL)
		return STACK_KEEPS_UNKNOWN;
	policy = json_key(resource, policy_key);
	if (policy != NULL) {
		word = json_text(policy, "", NULL);
		keeps = word != NULL ? keeps_of_word(word, strlen(word))
				     : STACK_KEEPS_UNKNOWN;
	}
	name = json_key(resource, "Properties");
	name = name ? json_key(name, snapshot_key) : NULL;
	if (name == NULL)
		return keeps;
	return both(keeps, json_key(name, "Fn::If") ? STACK_KEEPS_UNKNOWN
						    : STACK_KEEPS_SNAPSHOT);
}

/* --- YAML --- */

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end != NULL ? end + 1 : line + strlen(line);
}

/* Nothing, or a comment, up to the end of the line? */
static bool is_rest_empty(const char *at)
{
	at += strspn(at, " \r");
	return *at == '\0' || *at == '\n' || *at == '#';
}

/* "KEY:" with a value or without; NULL: another line. */
static const char *value_of(const char *text, const char *key)
{
	size_t len = strlen(key);

	return strncmp(text, key, len) == 0 && text[len] == ':'
		       ? text + len + 1
		       : NULL;
}

static enum stack_keeps keeps_of_policy(const char *value)
{
	size_t len;

	value += strspn(value, " '\"");
	len = strcspn(value, " '\"\r\n#");
	return is_rest_empty(value + len + strspn(value + len, "'\""))
		       ? keeps_of_word(value, len)
		       : STACK_KEEPS_UNKNOWN;
}

static enum stack_keeps keeps_of_name(const char *value)
{
	value += strspn(value, " ");
	return str_starts(value, "!If") || is_rest_empty(value)
		       ? STACK_KEEPS_UNKNOWN
		       : STACK_KEEPS_SNAPSHOT;
}

static bool holds(const char *line, const char *word)
{
	const char *at = strstr(line, word);

	return at != NULL && at < next_line(line);
}

/* What of a line of the resource, whose own keys are indented by fields. */
static void take_line(const char *text, bool is_field, enum stack_keeps *policy,
		      enum stack_keeps *snapshot)
{
	const char *value = value_of(text, snapshot_key);

	if (value != NULL)
		*snapshot = keeps_of_name(value);
	else if (holds(text, snapshot_key))
		*snapshot = STACK_KEEPS_UNKNOWN;
	if (!is_field)
		return;
	value = value_of(text, policy_key);
	if (value != NULL)
		*policy = keeps_of_policy(value);
	else if (strchr("\"'<{*?!", *text) != NULL)
		*policy = STACK_KEEPS_UNKNOWN;
}

/* The lines behind "  NAME:", which is indented by head. */
static enum stack_keeps read_resource(const char *line, size_t head)
{
	enum stack_keeps policy = STACK_KEEPS_NOTHING;
	enum stack_keeps snapshot = STACK_KEEPS_NOTHING;
	size_t fields = 0;

	for (; *line != '\0'; line = next_line(line)) {
		size_t indent = strspn(line, " ");

		if (is_rest_empty(line))
			continue;
		if (indent <= head)
			break;
		if (fields == 0)
			fields = indent;
		take_line(line + indent, indent == fields, &policy, &snapshot);
	}
	return fields == 0 ? STACK_KEEPS_UNKNOWN : both(policy, snapshot);
}

static enum stack_keeps find_in_yaml(const char *template, const char *logical)
{
	bool resources = false;
	size_t head = 0; /* indentation of the resources' names */

	for (const char *line = template; *line != '\0';
	     line = next_line(line)) {
		size_t indent = strspn(line, " ");
		const char *value;

		if (is_rest_empty(line))
			continue;
		if (indent == 0) {
			value = value_of(line, "Resources");
			resources = value != NULL && is_rest_empty(value);
			continue;
		}
		if (!resources)
			continue;
		if (head == 0)
			head = indent;
		value = indent == head ? value_of(line + indent, logical)
				       : NULL;
		if (value != NULL)
			return is_rest_empty(value)
				       ? read_resource(next_line(line), head)
				       : STACK_KEEPS_UNKNOWN;
	}
	return STACK_KEEPS_UNKNOWN;
}

enum stack_keeps stack_keeps_find(const char *template, const char *logical)
{
	return template[strspn(template, " \t\r\n")] == '{'
		       ? find_in_json(template, logical)
		       : find_in_yaml(template, logical);
}
