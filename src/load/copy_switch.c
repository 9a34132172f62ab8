#include "load/copy_switch.h"

#include <string.h>

#include "base/str.h"
#include "load/copy_args.h"

#define BOTH	 (COPY_VERB_COPY | COPY_VERB_UNLOAD)
#define AT(name) offsetof(struct copy_args, name)

const struct copy_switch copy_switch_table[] = {
	{ "--print", BOTH, AT(print), NULL },
	{ "--yes", BOTH, AT(yes), NULL },
	{ "--keys", BOTH, AT(keys), NULL },
	{ "--role", BOTH, AT(role), "an ARN or default" },
	{ "--stage", COPY_VERB_COPY, AT(stage), "a folder of S3" },
	{ "--download", COPY_VERB_UNLOAD, AT(download), "a file or a folder" },
	{ "--links", COPY_VERB_UNLOAD, AT(links), "hours", .number = true,
	  .otherwise = "1" },
	{ "--create", COPY_VERB_COPY, AT(create), NULL },
	{ "--no-check", BOTH, AT(no_check), NULL },
	{ "--no-sniff", COPY_VERB_COPY, AT(no_sniff), NULL },
	{ "--replace", COPY_VERB_COPY, AT(replace), NULL },
	{ "--truncate", COPY_VERB_COPY, AT(truncate), NULL },
	{ "--swap", COPY_VERB_COPY, AT(swap), NULL },
	{ "--dry-run", COPY_VERB_COPY, AT(dry_run), NULL },
	{ "--max-errors", COPY_VERB_COPY, AT(max_errors), "a number",
	  .number = true },
	{ "--by-name", COPY_VERB_COPY, AT(by_name), NULL },
	{ "--map", COPY_VERB_COPY, AT(map), "'Header A=column_a,...'" },
	{ "--each", COPY_VERB_COPY, AT(each), NULL },
	{ "--job", COPY_VERB_COPY, AT(job), "a name" },
	{ "--auto", COPY_VERB_COPY, AT(job_auto), "on or off" },
	{ NULL, 0, 0, NULL },
};

const struct copy_switch *copy_switch_find(const struct copy_args *args,
					   const char *word, size_t len)
{
	const struct copy_switch *row = copy_switch_table;

	for (; row->name != NULL; row++) {
		if ((row->verbs & args->verb) != 0 &&
		    str_slice_equal(word, len, row->name))
			return row;
	}
	return NULL;
}

void copy_switch_set(struct copy_args *args, const struct copy_switch *row)
{
	*(bool *)((char *)args + row->offset) = true;
}

struct str *copy_switch_value(struct copy_args *args,
			      const struct copy_switch *row)
{
	return (struct str *)((char *)args + row->offset);
}

/* --- what does not go together --- */

struct pair {
	const char *a, *b; /* switches */
	const char *hint;
};

#define JOB_HINT                                                               \
	"a job loads what comes later; make the table and load what is there " \
	"without --job first"

static const struct pair pairs[] = {
	{ "--replace", "--truncate",
	  "--replace deletes and loads in one transaction; --truncate is "
	  "quicker, and what was there is gone even when the load fails" },
	{ "--swap", "--truncate",
	  "--swap loads a new table and changes names in one transaction" },
	{ "--keys", "--role", "leave one of them out" },
	{ "--job", "--keys", "a job needs the ARN of a role" },
	{ "--job", "--create", JOB_HINT },
	{ "--job", "--replace", JOB_HINT },
	{ "--job", "--truncate", JOB_HINT },
	{ "--job", "--swap", JOB_HINT },
	{ "--job", "--dry-run", JOB_HINT },
	{ "--job", "--each", "make one job for each table" },
	{ "--each", "--map", "--by-name matches each file with its table" },
};

static bool is_given(const struct copy_args *args, const char *name)
{
	const struct copy_switch *row =
		copy_switch_find(args, name, strlen(name));
	const char *field = (const char *)args + (row ? row->offset : 0);

	if (row == NULL)
		return false;
	return row->value != NULL ? ((const struct str *)field)->len > 0
				  : *(const bool *)field;
}

static bool refuse(const char *a, const char *b, const char *hint,
		   struct err *err)
{
	err_set(err, ERR_USAGE, "%s and %s exclude each other", a, b);
	return err_hint(err, "%s", hint);
}

static bool check_columns(const struct copy_args *args, struct err *err)
{
	static const char *const names[] = { "--by-name", "--map", "--each" };

	for (size_t i = 0; args->columns.len > 0 && i < COUNT_OF(names); i++) {
		if (is_given(args, names[i]))
			return refuse(names[i], "a list of columns",
				      "the list is made from the header", err);
	}
	return true;
}

bool copy_switch_check(const struct copy_args *args, struct err *err)
{
	bool typed = args->options.auth.kind != COPY_AUTH_NONE;

	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		if (is_given(args, pairs[i].a) && is_given(args, pairs[i].b))
			return refuse(pairs[i].a, pairs[i].b, pairs[i].hint,
				      err);
	}
	if (typed && (args->keys || args->role.len > 0))
		return refuse(args->keys ? "--keys" : "--role",
			      "the authorization in the parameters",
			      "leave one of them out", err);
	if (args->job_auto.len > 0 && args->job.len == 0)
		return err_set(err, ERR_USAGE, "--auto needs --job NAME");
	return check_columns(args, err);
}
