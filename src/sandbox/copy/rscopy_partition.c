#include "sandbox/copy/rscopy_partition.h"

#include <string.h>

#include "base/str.h"
#include "sandbox/copy/rscopy_format.h"
#include "sandbox/copy/rscopy_job.h"
#include "sandbox/copy/rscopy_rows.h"

static bool add_key(struct rscopy_job *job, struct rscopy_partition *partition,
		    const char *name, size_t len,
		    const struct rscopy_result_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++) {
		const struct rscopy_result_column *column = &columns->items[i];

		if (!str_slice_equal(name, len, column->name))
			continue;
		/* r_UNLOAD lists the types that a key may have. */
		if (column->kind == RSCOPY_KIND_VARBYTE ||
		    column->kind == RSCOPY_KIND_SUPER ||
		    column->kind == RSCOPY_KIND_OTHER ||
		    strcmp(column->type, "double precision") == 0)
			return rscopy_fail(job, "0A000",
					   "PARTITION BY does not support"
					   " column \"%s\" of type %s",
					   column->name, column->type);
		vec_push(partition, i);
		return true;
	}
	return rscopy_fail(job, "42703",
			   "PARTITION BY column \"%.*s\" is not in the result"
			   " of the query",
			   (int)len, name);
}

static bool is_key(const struct rscopy_partition *partition, size_t column)
{
	for (size_t i = 0; i < partition->count; i++)
		if (partition->items[i] == column)
			return true;
	return false;
}

static void choose(const struct rscopy_partition *partition, bool include,
		   const struct rscopy_result_columns *columns,
		   struct rscopy_unload_format *format)
{
	for (size_t i = 0; i < columns->count; i++)
		if (include || !is_key(partition, i))
			vec_push(&format->chosen, i);
}

bool rscopy_partition_read(struct rscopy_job *job,
			   struct rscopy_partition *partition, const char *keys,
			   const struct rscopy_result_columns *columns,
			   struct rscopy_unload_format *format)
{
	bool include = keys == NULL || str_ends(keys, " INCLUDE");

	while (keys != NULL && *keys != '\0' && *keys != ' ') {
		size_t len = strcspn(keys, ", ");

		if (!add_key(job, partition, keys, len, columns))
			return false;
		keys += len;
		keys += *keys == ',';
	}
	choose(partition, include, columns, format);
	/* Also with INCLUDE: one column that is no key must be there. */
	return partition->count < columns->count ||
	       rscopy_fail(job, "42601",
			   "PARTITION BY cannot name all columns of the"
			   " result");
}

/* Hive's set: what folders or URLs would misread. */
static bool is_plain(unsigned char c)
{
	return c > 0x20 && c != 0x7f && strchr("\"#%'*/:=?\\{[]^", c) == NULL;
}

static void add_escaped(struct str *out, const struct str *text)
{
	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->text[i];

		if (is_plain(c) || c == ' ')
			str_add_char(out, (char)c);
		else
			str_addf(out, "%%%02X", c);
	}
}

void rscopy_partition_path(const struct rscopy_partition *partition,
			   const struct rscopy_result_columns *columns,
			   const struct rscopy_value *values, struct str *out)
{
	for (size_t i = 0; i < partition->count; i++) {
		size_t at = partition->items[i];

		str_addf(out, "%s=", columns->items[at].name);
		/* Hive has an empty text there as well */
		if (values[at].null || values[at].text.len == 0)
			str_add(out, "__HIVE_DEFAULT_PARTITION__");
		else
			add_escaped(out, &values[at].text);
		str_add_char(out, '/');
	}
}
