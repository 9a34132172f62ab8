#include "sandbox/account/policy_condition.h"

#include <fnmatch.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/account/identity.h"

enum match {
	MATCH_EXACT,
	MATCH_NOCASE,
	MATCH_PATTERN,
};

static const struct operator {
	const char *name;
	enum match match;
	bool negated;
} operators[] = {
	{ "ArnEquals", MATCH_PATTERN, false },
	{ "ArnLike", MATCH_PATTERN, false },
	{ "ArnNotLike", MATCH_PATTERN, true },
	{ "Bool", MATCH_NOCASE, false },
	{ "StringEquals", MATCH_EXACT, false },
	{ "StringEqualsIgnoreCase", MATCH_NOCASE, false },
	{ "StringLike", MATCH_PATTERN, false },
	{ "StringNotEquals", MATCH_EXACT, true },
	{ "StringNotLike", MATCH_PATTERN, true },
};

static const char *const keys[] = {
	"aws:PrincipalAccount", "aws:SecureTransport", "aws:SourceAccount",
	"sts:ExternalId",
};

static const struct operator *find_operator(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(operators); i++)
		if (strcmp(operators[i].name, name) == 0)
			return &operators[i];
	return NULL;
}

/* NULL: the request has no such key. */
static const char *value_of(const char *key, const char *external_id)
{
	if (str_equal_nocase(key, "aws:SecureTransport"))
		return "true";
	if (str_equal_nocase(key, "sts:ExternalId"))
		return external_id;
	return IDENTITY_ACCOUNT;
}

static bool is_key(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (str_equal_nocase(keys[i], name))
			return true;
	return false;
}

static bool refuse(struct err *err, const char *what, const char *name)
{
	err_set(err, ERR_AWS, "policies here have no Condition with the %s %s",
		what, name);
	return err_set_code(err, "NotImplemented");
}

bool policy_condition_check(const struct json *condition, struct err *err)
{
	const struct json *tests;
	const char *name;
	size_t at = 0;

	if (condition != NULL && json_count(condition) == 0)
		return refuse(err, "operator", "(none)");
	while (json_next(condition, &at, &name, &tests)) {
		const struct json *value;
		const char *key;
		size_t below = 0;

		if (find_operator(name) == NULL)
			return refuse(err, "operator", name);
		while (json_next(tests, &below, &key, &value))
			if (!is_key(key))
				return refuse(err, "key", key);
	}
	return true;
}

static bool fits(const struct operator *operator, const struct json *wanted,
		 const char *text)
{
	CLEANUP(str_done) struct str pattern = STR_EMPTY;

	if (json_text(wanted, NULL, NULL) != NULL)
		str_add(&pattern, json_text(wanted, NULL, ""));
	else if (wanted != NULL)
		json_add(&pattern, wanted);
	switch (operator->match) {
	case MATCH_EXACT:
		return strcmp(pattern.text, text) == 0;
	case MATCH_NOCASE:
		return str_equal_nocase(pattern.text, text);
	case MATCH_PATTERN:
		return fnmatch(pattern.text, text, FNM_NOESCAPE) == 0;
	}
	return false;
}

/* One key: any of its values will do; a key that is not there fits only what
 * is negated. */
static bool test_holds(const struct operator *operator,
		       const struct json *values, const char *text)
{
	bool found = false;

	if (text == NULL)
		return operator->negated;
	if (json_shape(values) != JSON_SHAPE_ARRAY)
		found = fits(operator, values, text);
	else
		for (size_t i = 0; i < json_count(values); i++)
			found |= fits(operator, json_item(values, i), text);
	return found != operator->negated;
}

bool policy_condition_holds(const struct json *condition,
			    const char *external_id)
{
	const struct json *tests;
	const char *name;
	size_t at = 0;

	while (json_next(condition, &at, &name, &tests)) {
		const struct operator *operator = find_operator(name);
		const struct json *values;
		const char *key;
		size_t below = 0;

		while (json_next(tests, &below, &key, &values))
			if (operator == NULL ||
			    !test_holds(operator, values,
					value_of(key, external_id)))
				return false;
	}
	return true;
}
