#include "load/inspect_create.h"

#include "base/str.h"
#include "load/ddl.h"
#include "load/inspect.h"
#include "sql/quote.h"

/* Times of a thing, not of what happens: nobody asks for the rows of last
 * week by them. */
static const char *const passive_words[] = {
	"birth",   "birthday", "born",	 "dob",	    "expires", "expiry",
	"expired", "valid",    "until",	 "due",	    "end",     "ends",
	"updated", "modified", "closed", "deleted", "to",      "birthdate",
};

static const char *const key_words[] = { "id", "key" };

static bool is_named(const struct infer_column *column,
		     const char *const *words, size_t count)
{
	return infer_has_word(column->column, words, count);
}

/* The first time that every record has. */
static const struct infer_column *sort_column(const struct infer *infer)
{
	for (size_t i = 0; i < infer->columns.count; i++) {
		const struct infer_column *column = &infer->columns.items[i];

		if (column->empty == 0 && column->nulls == 0 &&
		    (column->type == INFER_DATE ||
		     column->type == INFER_TIMESTAMP ||
		     column->type == INFER_TIMESTAMPTZ) &&
		    !is_named(column, passive_words, COUNT_OF(passive_words)))
			return column;
	}
	return NULL;
}

/* One that refers to another table: the first column is the row's own. */
static const struct infer_column *join_column(const struct infer *infer)
{
	for (size_t i = 1; i < infer->columns.count; i++) {
		const struct infer_column *column = &infer->columns.items[i];

		if (is_named(column, key_words, COUNT_OF(key_words)))
			return column;
	}
	return NULL;
}

static void add_reason(struct str *out, const struct infer_column *sorted,
		       const struct infer_column *joined)
{
	if (sorted == NULL)
		str_add(out, "no date that is always filled tells when "
			     "something happened: Redshift chooses the sort "
			     "key");
	else
		str_addf(out,
			 "sorted by %s, since questions about a time then "
			 "read only its blocks",
			 sorted->column);
	if (joined == NULL)
		str_add(out, "; Redshift spreads the rows as the table grows");
	else
		str_addf(out,
			 "; distkey (%s) in the place of diststyle auto keeps "
			 "rows together that large tables are joined on",
			 joined->column);
}

void inspect_create_add(const struct inspection *inspection, const char *table,
			struct str *out, struct str *out_reason)
{
	const struct infer *infer = &inspection->infer;
	const struct infer_column *sorted = sort_column(infer);

	if (infer->columns.count == 0 ||
	    infer->columns.count > INSPECT_MAX_COLUMNS)
		return;
	ddl_add_create(out, table, infer);
	str_add(out, "\ndiststyle auto");
	if (sorted == NULL) {
		str_add(out, "\nsortkey auto");
	} else {
		str_add(out, "\nsortkey (");
		quote_name(out, sorted->column);
		str_add_char(out, ')');
	}
	str_add(out, "\nencode auto");
	add_reason(out_reason, sorted, join_column(infer));
}
