/* What a change set says, as rows and sentences. */
#include "platform/stack_plan.h"

#include <string.h>

#include "base/mem.h"
#include "data/rows_mem.h"

enum {
	VALUE_MAX = 40,    /* bytes of a value that are shown */
	VALUE_BEFORE = 16, /* of what is the same in both, before they differ */
};

static const char *what_of(const struct cloudformation_change *change)
{
	static const struct {
		const char *action;
		const char *replacement;	/* NULL: any */
		const char *word;
	} rows[] = {
		{ "Add", NULL, "added" },
		{ "Remove", NULL, "removed" },
		{ "Import", NULL, "taken in" },
		{ "Dynamic", NULL, "unknown yet" },
		{ "Modify", "True", "replaced" },
		{ "Modify", "Conditional", "replaced, perhaps" },
		{ "Modify", NULL, "changed" },
		{ "SyncWithActual", NULL, "taken as it is" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strcmp(rows[i].action, change->action) == 0 &&
		    (rows[i].replacement == NULL ||
		     strcmp(rows[i].replacement, change->replacement) == 0))
			return rows[i].word;
	return change->action;
}

static bool is_replaced(const struct cloudformation_change *change)
{
	return strcmp(change->action, "Modify") == 0 &&
	       strcmp(change->replacement, "True") == 0;
}

static bool is_removed(const struct cloudformation_change *change)
{
	return strcmp(change->action, "Remove") == 0;
}

struct stack_plan_count stack_plan_count(const struct stack_plan *plan)
{
	struct stack_plan_count count = { 0 };

	for (size_t i = 0; i < plan->changes.count; i++) {
		const struct cloudformation_change *change =
			&plan->changes.items[i];

		if (strcmp(change->action, "Add") == 0 ||
		    strcmp(change->action, "Import") == 0)
			count.added++;
		else if (is_removed(change))
			count.removed++;
		else if (is_replaced(change))
			count.replaced++;
		else
			count.changed++;
	}
	return count;
}

/* --- why --- */

/* The byte at which a character begins, at or before that one. */
static size_t begin_of(const char *value, size_t at)
{
	while (at > 0 && (value[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/* Where two long values are shown from, so that it is seen how they differ:
 * JSON often begins alike. */
static size_t first_shown(const char *before, const char *after)
{
	size_t same = 0;

	if (strlen(before) <= VALUE_MAX && strlen(after) <= VALUE_MAX)
		return 0;
	while (before[same] != '\0' && before[same] == after[same])
		same++;
	if (same + VALUE_BEFORE <= VALUE_MAX)
		return 0;
	return begin_of(before, same - VALUE_BEFORE);
}

static void add_value(const char *value, size_t from, struct str *out)
{
	if (from > 0)
		str_add(out, "...");
	value += from;
	if (strlen(value) <= VALUE_MAX) {
		str_add(out, value);
		return;
	}
	str_add_slice(out, value, begin_of(value, VALUE_MAX));
	str_add(out, "...");
}

static const char *name_of(const struct cloudformation_detail *detail)
{
	return detail->name[0] != '\0' ? detail->name : detail->scope;
}

/* The same property may be told of twice: what it says, and by what. */
static bool is_told(const struct cloudformation_change *change, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(name_of(&change->details.items[i]),
			   name_of(&change->details.items[at])) == 0)
			return true;
	return false;
}

/* Of all that tell of the property, the first that says it; "": none. */
static const char *field(const struct cloudformation_change *change, size_t at,
			 char *const *(*get)(const struct cloudformation_detail *))
{
	const char *name = name_of(&change->details.items[at]);

	for (size_t i = at; i < change->details.count; i++) {
		const struct cloudformation_detail *one =
			&change->details.items[i];

		if (strcmp(name_of(one), name) == 0 && (*get(one))[0] != '\0')
			return *get(one);
	}
	return "";
}

static char *const *get_cause(const struct cloudformation_detail *detail)
{
	return &detail->cause;
}

static char *const *get_before(const struct cloudformation_detail *detail)
{
	return &detail->before;
}

static char *const *get_after(const struct cloudformation_detail *detail)
{
	return &detail->after;
}

static bool is_secret(const struct stack_plan *plan, const char *parameter)
{
	for (size_t i = 0; i < plan->summary.parameters.count; i++)
		if (plan->summary.parameters.items[i].is_secret &&
		    strcmp(plan->summary.parameters.items[i].key, parameter) ==
			    0)
			return true;
	return false;
}

/* A property that is a password, or comes of a parameter that must not be
 * shown (NoEcho). AWS stars most of them out, but this must not hang on it. */
static bool is_hidden(const struct stack_plan *plan,
		      const struct cloudformation_change *change, size_t at)
{
	const char *name = name_of(&change->details.items[at]);

	if (strstr(name, "Password") != NULL)
		return true;
	for (size_t i = 0; i < change->details.count; i++)
		if (strcmp(name_of(&change->details.items[i]), name) == 0 &&
		    is_secret(plan, change->details.items[i].cause))
			return true;
	return false;
}

static void add_detail(const struct stack_plan *plan,
		       const struct cloudformation_change *change, size_t at,
		       struct str *out)
{
	bool hidden = is_hidden(plan, change, at);
	const char *before = field(change, at, get_before);
	const char *after = field(change, at, get_after);
	const char *cause = field(change, at, get_cause);

	str_addf(out, "%s%s", out->len > 0 ? "; " : "",
		 name_of(&change->details.items[at]));
	if (hidden && (before[0] != '\0' || after[0] != '\0')) {
		str_add(out, " (not shown)");
	} else if (before[0] != '\0' || after[0] != '\0') {
		str_add_char(out, ' ');
		size_t from = first_shown(before, after);

		add_value(before[0] != '\0' ? before : "nothing", from, out);
		str_add(out, " -> ");
		add_value(after[0] != '\0' ? after : "nothing", from, out);
	}
	if (cause[0] != '\0')
		str_addf(out, " (%s)", cause);
}

static void add_policy(const struct cloudformation_change *change,
		       struct str *out)
{
	static const struct {
		const char *policy;
		const char *text;
	} rows[] = {
		{ "Retain", "stays at AWS, outside of the stack" },
		{ "Snapshot", "a last snapshot stays" },
		{ "Delete", "is deleted" },
		{ "ReplaceAndDelete", "the old one is deleted" },
		{ "ReplaceAndRetain", "the old one stays at AWS" },
		{ "ReplaceAndSnapshot", "a snapshot of the old one stays" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strcmp(rows[i].policy, change->policy) == 0)
			str_addf(out, "%s%s", out->len > 0 ? "; " : "",
				 rows[i].text);
}

struct rows *stack_plan_rows(const struct stack_plan *plan)
{
	struct rows_mem *mem = rows_mem_new(NULL);

	rows_mem_column(mem, "Change", ROWS_TEXT);
	rows_mem_column(mem, "Resource", ROWS_TEXT);
	rows_mem_column(mem, "Type", ROWS_TEXT);
	rows_mem_column(mem, "Why", ROWS_TEXT);
	for (size_t i = 0; i < plan->changes.count; i++) {
		const struct cloudformation_change *change =
			&plan->changes.items[i];
		CLEANUP(str_done) struct str why = STR_EMPTY;

		for (size_t at = 0; at < change->details.count; at++)
			if (!is_told(change, at))
				add_detail(plan, change, at, &why);
		add_policy(change, &why);
		rows_mem_add(mem, what_of(change));
		rows_mem_add(mem, change->logical);
		rows_mem_add(mem, change->type);
		rows_mem_add(mem, why.text);
	}
	return rows_mem_rows(mem);
}

/* --- what is at stake --- */

static bool holds_data(const char *type)
{
	static const char *const types[] = {
		"AWS::Redshift::Cluster",
		"AWS::RedshiftServerless::Namespace",
		"AWS::S3::Bucket",
	};

	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return false;
}

/* Of what is in the one that goes. */
static const char *fate_of(const struct cloudformation_change *change)
{
	if (strstr(change->policy, "Snapshot") != NULL)
		return "is in its last snapshot only";
	return strstr(change->policy, "Retain") != NULL
		       ? "stays there, outside of the stack"
		       : "is lost";
}

bool stack_plan_loses(const struct stack_plan *plan)
{
	for (size_t i = 0; i < plan->changes.count; i++) {
		const struct cloudformation_change *change =
			&plan->changes.items[i];

		if (holds_data(change->type) &&
		    strstr(change->policy, "Retain") == NULL &&
		    (is_replaced(change) || is_removed(change) ||
		     strcmp(change->replacement, "Conditional") == 0))
			return true;
	}
	return false;
}

void stack_plan_dangers(const struct stack_plan *plan, struct str *out)
{
	for (size_t i = 0; i < plan->changes.count; i++) {
		const struct cloudformation_change *change =
			&plan->changes.items[i];

		if (!holds_data(change->type))
			continue;
		if (is_replaced(change))
			str_addf(out,
				 "%s is replaced: the new one is empty, what "
				 "is in the old one %s\n",
				 change->logical, fate_of(change));
		else if (is_removed(change))
			str_addf(out, "%s is removed%s\n", change->logical,
				 strstr(change->policy, "Retain")
					 ? " from the stack and stays at AWS"
					 : ", and what is in it");
		else if (strcmp(change->replacement, "Conditional") == 0)
			str_addf(out,
				 "%s may be replaced: then the new one is "
				 "empty\n",
				 change->logical);
	}
}
