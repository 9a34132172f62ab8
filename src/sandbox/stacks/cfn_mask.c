#include "sandbox/stacks/cfn_mask.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/json.h"
#include "sandbox/stacks/cfn_params.h"

#define MASK "****"

/* --- secrets --- */

static void push(struct json *secrets, const struct json *value)
{
	const char *text = json_text(value, NULL, "");

	if (*text != '\0')
		json_push_take(secrets, json_new_text(text));
}

void cfn_mask_collect(const struct json *template, const struct json *values,
		      struct json *secrets)
{
	const struct json *parameter;
	const char *name;
	size_t at = 0;

	while (json_next(json_key(template, "Parameters"), &at, &name,
			 &parameter)) {
		CLEANUP(json_freep) struct json *value = NULL;

		if (!cfn_params_is_secret(template, name) ||
		    json_key(values, name) == NULL)
			continue;
		push(secrets, json_key(values, name));
		value = cfn_params_value(template, values, name);
		for (size_t i = 0; json_shape(value) == JSON_SHAPE_ARRAY &&
				   i < json_count(value);
		     i++)
			push(secrets, json_item(value, i));
		push(secrets, value);
	}
}

/* --- texts --- */

/* How long the longest secret is that begins at text; 0: none. */
static size_t secret_at(const char *text, const struct json *secrets)
{
	size_t longest = 0;

	for (size_t i = 0; i < json_count(secrets); i++) {
		const char *one = json_text(json_item(secrets, i), NULL, "");

		if (str_starts(text, one) && strlen(one) > longest)
			longest = strlen(one);
	}
	return longest;
}

static bool holds_secret(const char *text, size_t len,
			 const struct json *secrets)
{
	for (size_t i = 0; i < json_count(secrets); i++) {
		const char *one = json_text(json_item(secrets, i), NULL, "");

		if (memmem(text, len, one, strlen(one)) != NULL)
			return true;
	}
	return false;
}

static struct json *mask_text(const char *text, const struct json *secrets)
{
	CLEANUP(str_done) struct str plain = STR_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;
	size_t len;

	if (encode_unbase64(&plain, text, strlen(text)) &&
	    holds_secret(plain.text, plain.len, secrets))
		return json_new_text(MASK);
	while (*text != '\0') {
		len = secret_at(text, secrets);
		if (len > 0)
			str_add(&out, MASK);
		else
			str_add_char(&out, *text);
		text += len > 0 ? len : 1;
	}
	return json_new_text(out.text);
}

/* --- values --- */

struct json *cfn_mask_value(const struct json *value,
			    const struct json *secrets)
{
	const struct json *member;
	struct json *out;
	const char *name;
	size_t at = 0;

	if (json_count(secrets) == 0)
		return json_clone(value);
	switch (json_shape(value)) {
	case JSON_SHAPE_TEXT:
		return mask_text(json_text(value, NULL, ""), secrets);
	case JSON_SHAPE_ARRAY:
		out = json_new_array();
		for (size_t i = 0; i < json_count(value); i++)
			json_push_take(out, cfn_mask_value(json_item(value, i),
							   secrets));
		return out;
	case JSON_SHAPE_OBJECT:
		out = json_new_object();
		while (json_next(value, &at, &name, &member))
			json_put_take(out, name,
				      cfn_mask_value(member, secrets));
		return out;
	default:
		return json_clone(value);
	}
}
