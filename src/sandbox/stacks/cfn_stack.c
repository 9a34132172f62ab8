#include "sandbox/stacks/cfn_stack.h"

#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/json.h"

enum { FILE_MAX_BYTES = 64 << 20 };

enum kind {
	TEXT,
	JSON,
	NUMBER,
};

struct field {
	const char *name;
	enum kind kind;
	size_t offset;
};

#define FIELD(type, kind, name)                                                \
	{                                                                      \
		#name, kind, offsetof(struct type, name)                       \
	}

static const struct field of_resource[] = {
	FIELD(cfn_resource, TEXT, logical),
	FIELD(cfn_resource, TEXT, type),
	FIELD(cfn_resource, TEXT, physical),
	FIELD(cfn_resource, TEXT, last_physical),
	FIELD(cfn_resource, TEXT, status),
	FIELD(cfn_resource, TEXT, reason),
	FIELD(cfn_resource, TEXT, policy),
	FIELD(cfn_resource, TEXT, replace_policy),
	FIELD(cfn_resource, TEXT, seed),
	FIELD(cfn_resource, TEXT, old_physical),
	FIELD(cfn_resource, JSON, properties),
	FIELD(cfn_resource, JSON, attributes),
	FIELD(cfn_resource, JSON, needs),
	FIELD(cfn_resource, JSON, old_properties),
	FIELD(cfn_resource, JSON, old_attributes),
	FIELD(cfn_resource, JSON, claim),
	FIELD(cfn_resource, NUMBER, changed_ms),
	FIELD(cfn_resource, NUMBER, due_ms),
	FIELD(cfn_resource, NUMBER, todo),
	FIELD(cfn_resource, NUMBER, state),
	FIELD(cfn_resource, NUMBER, fresh),
	FIELD(cfn_resource, NUMBER, leaving),
	{ NULL, TEXT, 0 },
};

static const struct field of_event[] = {
	FIELD(cfn_event, TEXT, id),
	FIELD(cfn_event, TEXT, logical),
	FIELD(cfn_event, TEXT, physical),
	FIELD(cfn_event, TEXT, type),
	FIELD(cfn_event, TEXT, status),
	FIELD(cfn_event, TEXT, reason),
	FIELD(cfn_event, TEXT, properties),
	FIELD(cfn_event, TEXT, token),
	FIELD(cfn_event, NUMBER, at_ms),
	{ NULL, TEXT, 0 },
};

static const struct field of_set[] = {
	FIELD(cfn_set, TEXT, id),           FIELD(cfn_set, TEXT, name),
	FIELD(cfn_set, TEXT, description),  FIELD(cfn_set, TEXT, status),
	FIELD(cfn_set, TEXT, reason),       FIELD(cfn_set, TEXT, execution),
	FIELD(cfn_set, TEXT, template),     FIELD(cfn_set, TEXT, on_failure),
	FIELD(cfn_set, TEXT, kind),         FIELD(cfn_set, TEXT, token),
	FIELD(cfn_set, TEXT, role_arn),     FIELD(cfn_set, JSON, params),
	FIELD(cfn_set, JSON, tags),         FIELD(cfn_set, JSON, capabilities),
	FIELD(cfn_set, JSON, changes),      FIELD(cfn_set, JSON, faults),
	FIELD(cfn_set, NUMBER, created_ms), { NULL, TEXT, 0 },
};

static const struct field of_stack[] = {
	FIELD(cfn_stack, TEXT, id),
	FIELD(cfn_stack, TEXT, name),
	FIELD(cfn_stack, TEXT, status),
	FIELD(cfn_stack, TEXT, reason),
	FIELD(cfn_stack, TEXT, template),
	FIELD(cfn_stack, TEXT, old_template),
	FIELD(cfn_stack, TEXT, role_arn),
	FIELD(cfn_stack, TEXT, caller),
	FIELD(cfn_stack, TEXT, token),
	FIELD(cfn_stack, TEXT, token_op),
	FIELD(cfn_stack, TEXT, on_failure),
	FIELD(cfn_stack, TEXT, set_id),
	FIELD(cfn_stack, JSON, params),
	FIELD(cfn_stack, JSON, old_params),
	FIELD(cfn_stack, JSON, tags),
	FIELD(cfn_stack, JSON, old_tags),
	FIELD(cfn_stack, JSON, capabilities),
	FIELD(cfn_stack, JSON, outputs),
	FIELD(cfn_stack, JSON, retain),
	FIELD(cfn_stack, NUMBER, created_ms),
	FIELD(cfn_stack, NUMBER, updated_ms),
	FIELD(cfn_stack, NUMBER, deleted_ms),
	FIELD(cfn_stack, NUMBER, protected),
	FIELD(cfn_stack, NUMBER, disable_rollback),
	FIELD(cfn_stack, NUMBER, retain_except),
	FIELD(cfn_stack, NUMBER, timeout_min),
	FIELD(cfn_stack, NUMBER, begun_ms),
	FIELD(cfn_stack, NUMBER, phase),
	{ NULL, TEXT, 0 },
};

/* --- all that has fields --- */

static void *place(void *object, const struct field *field)
{
	return (char *)object + field->offset;
}

static void object_done(void *object, const struct field *fields)
{
	for (; fields->name != NULL; fields++) {
		if (fields->kind == TEXT)
			mem_free(*(char **)place(object, fields));
		if (fields->kind == JSON)
			json_free(*(struct json **)place(object, fields));
	}
}

static struct json *to_json(const void *object, const struct field *fields)
{
	struct json *out = json_new_object();

	for (; fields->name != NULL; fields++) {
		const void *at = (const char *)object + fields->offset;

		switch (fields->kind) {
		case TEXT:
			if (*(char *const *)at != NULL)
				json_put_text(out, fields->name,
					      *(char *const *)at);
			break;
		case JSON:
			if (*(struct json *const *)at != NULL)
				json_put_take(
					out, fields->name,
					json_clone(*(struct json *const *)at));
			break;
		case NUMBER:
			json_put_number(out, fields->name,
					*(const int64_t *)at);
			break;
		}
	}
	return out;
}

static void from_json(void *object, const struct field *fields,
		      const struct json *in)
{
	for (; fields->name != NULL; fields++) {
		const struct json *value = json_key(in, fields->name);
		void *at = place(object, fields);

		switch (fields->kind) {
		case TEXT:
			*(char **)at =
				mem_copy_text(json_text(value, NULL, NULL));
			break;
		case JSON:
			*(struct json **)at = json_clone(value);
			break;
		case NUMBER:
			*(int64_t *)at = json_number(value, NULL, 0);
			break;
		}
	}
}

void cfn_put(char **text, const char *value)
{
	char *copy = mem_copy_text(value);

	mem_free(*text);
	*text = copy;
}

void cfn_put_json(struct json **json, struct json *value_take)
{
	json_free(*json);
	*json = value_take;
}

void cfn_set_done(struct cfn_set *set)
{
	object_done(set, of_set);
}

void cfn_stack_free(struct cfn_stack *stack)
{
	if (stack == NULL)
		return;
	for (size_t i = 0; i < stack->resources.count; i++)
		object_done(&stack->resources.items[i], of_resource);
	for (size_t i = 0; i < stack->events.count; i++)
		object_done(&stack->events.items[i], of_event);
	for (size_t i = 0; i < stack->sets.count; i++)
		cfn_set_done(&stack->sets.items[i]);
	vec_done(&stack->resources);
	vec_done(&stack->events);
	vec_done(&stack->sets);
	object_done(stack, of_stack);
	mem_free(stack);
}

/* --- the file --- */

#define PUT_ALL(out, name, list, fields)                                       \
	do {                                                                   \
		struct json *array = json_new_array();                         \
                                                                               \
		for (size_t i = 0; i < (list)->count; i++)                     \
			json_push_take(array,                                  \
				       to_json(&(list)->items[i], fields));    \
		json_put_take(out, name, array);                               \
	} while (0)

#define GET_ALL(in, name, list, type, fields)                                  \
	do {                                                                   \
		const struct json *array = json_key(in, name);                 \
                                                                               \
		for (size_t i = 0; i < json_count(array); i++) {               \
			struct type item = { 0 };                              \
                                                                               \
			from_json(&item, fields, json_item(array, i));         \
			vec_push(list, item);                                  \
		}                                                              \
	} while (0)

bool cfn_stack_save(const struct cfn_stack *stack, const char *folder,
		    struct err *err)
{
	CLEANUP(json_freep) struct json *out = to_json(stack, of_stack);
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	PUT_ALL(out, "resources", &stack->resources, of_resource);
	PUT_ALL(out, "events", &stack->events, of_event);
	PUT_ALL(out, "sets", &stack->sets, of_set);
	json_add(&text, out);
	str_addf(&name, "%s.json", strrchr(stack->id, '/') + 1);
	path_join(folder, name.text, &path);
	return file_make_dirs(folder, 0700, err) &&
	       file_write(path.text, text.text, text.len, 0600, err);
}

struct cfn_stack *cfn_stack_load(const char *path, struct err *err)
{
	CLEANUP(json_freep) struct json *in = NULL;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct cfn_stack *stack;

	if (!file_read(path, FILE_MAX_BYTES, &text, err))
		return NULL;
	in = json_parse(text.text, text.len, err);
	if (in == NULL)
		return NULL;
	stack = mem_alloc(sizeof(*stack));
	from_json(stack, of_stack, in);
	GET_ALL(in, "resources", &stack->resources, cfn_resource, of_resource);
	GET_ALL(in, "events", &stack->events, cfn_event, of_event);
	GET_ALL(in, "sets", &stack->sets, cfn_set, of_set);
	if (stack->id != NULL && strchr(stack->id, '/') != NULL &&
	    stack->name != NULL && stack->status != NULL)
		return stack;
	cfn_stack_free(stack);
	err_set(err, ERR_DATA, "%s does not hold a stack", path);
	return NULL;
}

/* --- resources --- */

struct cfn_resource *cfn_stack_resource(struct cfn_stack *stack,
					const char *logical)
{
	for (size_t i = 0; i < stack->resources.count; i++)
		if (strcmp(stack->resources.items[i].logical, logical) == 0)
			return &stack->resources.items[i];
	return NULL;
}

struct cfn_resource *cfn_stack_add(struct cfn_stack *stack,
				   const char *logical, const char *type)
{
	struct cfn_resource resource = {
		.logical = mem_copy_text(logical),
		.type = mem_copy_text(type),
	};

	vec_push(&stack->resources, resource);
	return &stack->resources.items[stack->resources.count - 1];
}

void cfn_stack_drop(struct cfn_stack *stack, struct cfn_resource *resource)
{
	size_t at = (size_t)(resource - stack->resources.items);

	object_done(resource, of_resource);
	vec_remove(&stack->resources, at);
}

void cfn_add_uuid(struct str *out)
{
	unsigned char random[16];
	static const char digits[] = "0123456789abcdef";

	hash_random(random, sizeof(random));
	random[6] = (unsigned char)((random[6] & 15) | 64);
	random[8] = (unsigned char)((random[8] & 63) | 128);
	for (size_t i = 0; i < sizeof(random); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			str_add_char(out, '-');
		str_add_char(out, digits[random[i] >> 4]);
		str_add_char(out, digits[random[i] & 15]);
	}
}
