#include "shell/var.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/vec.h"

struct item {
	char *name;
	char *value; /* NULL: a hooked name that is unset */
	const struct var_hook *hook;
};

struct vars {
	struct {
		VEC(struct item);
	} items; /* ascending name */
	void *context;
	unsigned changes; /* made so far */
};

/* The place of name, or where it would stand. */
static size_t place(const struct vars *vars, const char *name, bool *out_found)
{
	size_t from = 0;
	size_t to = vars->items.count;

	*out_found = false;
	while (from < to) {
		size_t middle = (from + to) / 2;
		int order = strcmp(vars->items.items[middle].name, name);

		if (order == 0) {
			*out_found = true;
			return middle;
		}
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static struct item *insert(struct vars *vars, size_t at, const char *name)
{
	struct item item = { .name = mem_copy_text(name) };

	vec_push(&vars->items, item);
	memmove(vars->items.items + at + 1, vars->items.items + at,
		(vars->items.count - 1 - at) * sizeof(item));
	vars->items.items[at] = item;
	return &vars->items.items[at];
}

static const char *substitute(const struct var_hook *hook, const char *value)
{
	int number;

	if (hook->kind == VAR_BOOL && !value)
		return "off";
	if (hook->kind == VAR_BOOL && !*value)
		return "on";
	if ((hook->kind == VAR_WITH_DEFAULT || hook->kind == VAR_COUNT) &&
	    !value)
		return hook->otherwise;
	/* psql, for IGNOREEOF: what is no number is 10. */
	if (hook->kind == VAR_COUNT &&
	    !var_parse_int(value, hook->name, &number, NULL))
		return "10";
	return value;
}

struct vars *vars_new(const struct var_hook *hooks, void *context)
{
	struct vars *vars = mem_alloc(sizeof(*vars));

	vars->context = context;
	for (; hooks && hooks->name; hooks++) {
		bool found;
		size_t at = place(vars, hooks->name, &found);
		struct item *item = insert(vars, at, hooks->name);

		item->hook = hooks;
		vars_set(vars, hooks->name, hooks->otherwise, NULL);
	}
	return vars;
}

void vars_free(struct vars *vars)
{
	if (!vars)
		return;
	for (size_t i = 0; i < vars->items.count; i++) {
		mem_free(vars->items.items[i].name);
		mem_free(vars->items.items[i].value);
	}
	vec_done(&vars->items);
	mem_free(vars);
}

const char *vars_get(const struct vars *vars, const char *name)
{
	bool found;
	size_t at = place(vars, name, &found);

	return found ? vars->items.items[at].value : NULL;
}

unsigned vars_changes(const struct vars *vars)
{
	return vars->changes;
}

bool vars_name_ok(const char *name)
{
	if (!*name)
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '_' &&
		    ((unsigned char)*name & 0x80) == 0)
			return false;
	return true;
}

bool vars_is_special(const struct vars *vars, const char *name)
{
	bool found;
	size_t at = place(vars, name, &found);

	return found && vars->items.items[at].hook &&
	       vars->items.items[at].hook->assign;
}

static bool change(struct vars *vars, size_t at, const char *value,
		   struct err *err)
{
	struct item *item = &vars->items.items[at];
	const struct var_hook *hook = item->hook;
	char *copy;

	if (hook)
		value = substitute(hook, value);
	if (hook && hook->assign &&
	    !hook->assign(vars->context, hook, value, err))
		return false;
	vars->changes++;
	/* The hook may have set other variables: items can have moved. */
	item = &vars->items.items[at];
	copy = mem_copy_text(value);
	mem_free(item->value);
	item->value = copy;
	if (!value && !hook) {
		mem_free(item->name);
		vec_remove(&vars->items, at);
	}
	return true;
}

/* Nothing would change, and nobody wants to hear of it. */
static bool is_same(const struct item *item, const char *value)
{
	return !item->hook && value && item->value &&
	       strcmp(value, item->value) == 0;
}

bool vars_set(struct vars *vars, const char *name, const char *value,
	      struct err *err)
{
	bool found;
	size_t at = place(vars, name, &found);

	if (found && is_same(&vars->items.items[at], value))
		return true;
	if (!found && !vars_name_ok(name))
		return !value || err_set(err, ERR_USAGE,
					 "invalid variable name: \"%s\"", name);
	if (!found && !value)
		return true;
	if (!found)
		insert(vars, at, name);
	return change(vars, at, value, err);
}

bool vars_item(const struct vars *vars, size_t at, const char **out_name,
	       const char **out_value)
{
	for (size_t i = 0; i < vars->items.count; i++) {
		if (!vars->items.items[i].value)
			continue;
		if (at-- > 0)
			continue;
		*out_name = vars->items.items[i].name;
		*out_value = vars->items.items[i].value;
		return true;
	}
	return false;
}

bool var_parse_bool(const char *value, const char *name, bool *out,
		    struct err *err)
{
	static const struct {
		const char *word;
		size_t least; /* letters that must be given */
		bool means;
	} words[] = {
		{ "true", 1, true }, { "false", 1, false }, { "yes", 1, true },
		{ "no", 1, false },  { "on", 2, true },     { "off", 2, false },
		{ "1", 1, true },    { "0", 1, false },
	};
	size_t len = strlen(value);

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (len >= words[i].least && len <= strlen(words[i].word) &&
		    strncasecmp(value, words[i].word, len) == 0) {
			*out = words[i].means;
			return true;
		}
	return err_set(err, ERR_USAGE,
		       "unrecognized value \"%s\" for \"%s\": Boolean expected",
		       value, name);
}

bool var_parse_int(const char *value, const char *name, int *out,
		   struct err *err)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(value, &end, 0);
	if (!*value || *end || errno || number > INT_MAX || number < INT_MIN)
		return err_set(err, ERR_USAGE,
			       "invalid value \"%s\" for \"%s\": integer "
			       "expected",
			       value, name);
	*out = (int)number;
	return true;
}

bool var_parse_choice(const char *value, const char *name,
		      const char *const choices[], int *out, struct err *err)
{
	CLEANUP(str_done) struct str list = STR_EMPTY;

	for (int i = 0; choices[i]; i++) {
		if (strcasecmp(value, choices[i]) == 0) {
			*out = i;
			return true;
		}
		str_addf(&list, "%s%s", i > 0 ? ", " : "", choices[i]);
	}
	return err_set(err, ERR_USAGE,
		       "unrecognized value \"%s\" for \"%s\"\n"
		       "Available values are: %s.",
		       value, name, list.text);
}
