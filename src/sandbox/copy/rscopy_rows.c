#include "sandbox/copy/rscopy_rows.h"

#include <string.h>

#include "base/mem.h"
#include "base/sink.h"
#include "sandbox/copy/rscopy_job.h"

/* --- COPY's text format --- */

struct reader {
	struct rscopy_job *job;
	const struct rscopy_row_taker *taker;
	struct str pending; /* a line not yet whole */
	struct {
		VEC(struct rscopy_value);
	} values; /* of the row; reused */
	size_t count;
};

static char unescaped(char c)
{
	switch (c) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'v':
		return '\v';
	default:
		return c;
	}
}

static struct rscopy_value *next_value(struct reader *reader)
{
	if (reader->count == reader->values.count) {
		struct rscopy_value value = { .text = STR_EMPTY };

		vec_push(&reader->values, value);
	}
	return &reader->values.items[reader->count++];
}

static void read_value(struct reader *reader, const char *text, size_t len)
{
	struct rscopy_value *value = next_value(reader);
	const char *end = text + len;

	str_clear(&value->text);
	value->null = str_slice_equal(text, len, "\\N");
	while (!value->null && text < end) {
		const char *at = memchr(text, '\\', (size_t)(end - text));

		if (at == NULL || at + 1 == end) {
			str_add_slice(&value->text, text, (size_t)(end - text));
			return;
		}
		str_add_slice(&value->text, text, (size_t)(at - text));
		str_add_char(&value->text, unescaped(at[1]));
		text = at + 2;
	}
}

static bool take_line(struct reader *reader, const char *line, size_t len,
		      struct err *err)
{
	reader->count = 0;
	for (;;) {
		const char *tab = memchr(line, '\t', len);
		size_t n = tab == NULL ? len : (size_t)(tab - line);

		read_value(reader, line, n);
		if (tab == NULL)
			break;
		line += n + 1;
		len -= n + 1;
	}
	return reader->taker->take(reader->taker->context, reader->values.items,
				   reader->count, err);
}

static bool rows_write(void *context, const char *bytes, size_t len,
		       struct err *err)
{
	struct reader *reader = context;
	const char *newline;

	if (!rscopy_go_on(reader->job))
		return err_set(err, ERR_CANCELLED, "cancelled");
	while ((newline = memchr(bytes, '\n', len)) != NULL) {
		size_t n = (size_t)(newline - bytes);
		bool whole = reader->pending.len == 0;

		if (!whole)
			str_add_slice(&reader->pending, bytes, n);
		if (!take_line(reader, whole ? bytes : reader->pending.text,
			       whole ? n : reader->pending.len, err))
			return false;
		str_clear(&reader->pending);
		bytes += n + 1;
		len -= n + 1;
	}
	str_add_slice(&reader->pending, bytes, len);
	return true;
}

static bool run(struct rscopy_job *job, const char *query, const char *how,
		const struct rscopy_row_taker *taker, struct err *err)
{
	const struct rscopy_link *link = job->call->link;
	struct reader reader = {
		.job = job,
		.taker = taker,
		.pending = STR_EMPTY,
	};
	struct sink sink = { rows_write, &reader };
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	bool done;

	str_addf(&sql, "COPY (%s\n) TO STDOUT (FORMAT text%s)", query, how);
	done = link->copy_out(link->context, sql.text, &sink, err);
	str_done(&reader.pending);
	for (size_t i = 0; i < reader.values.count; i++)
		str_done(&reader.values.items[i].text);
	vec_done(&reader.values);
	return done;
}

bool rscopy_rows_run(struct rscopy_job *job, const char *query,
		     const struct rscopy_row_taker *taker, struct err *err)
{
	return run(job, query, "", taker, err);
}

/* --- columns --- */

static const struct {
	const char *type; /* of PostgreSQL */
	enum rscopy_kind kind;
	const char *shown; /* NULL: as it is */
} kinds[] = {
	{ "smallint", RSCOPY_KIND_NUMBER, NULL },
	{ "integer", RSCOPY_KIND_NUMBER, NULL },
	{ "bigint", RSCOPY_KIND_NUMBER, NULL },
	{ "numeric", RSCOPY_KIND_NUMBER, NULL },
	{ "real", RSCOPY_KIND_NUMBER, NULL },
	{ "double precision", RSCOPY_KIND_NUMBER, NULL },
	{ "boolean", RSCOPY_KIND_BOOL, NULL },
	{ "character", RSCOPY_KIND_CHARACTER, NULL },
	{ "character varying", RSCOPY_KIND_CHARACTER, NULL },
	{ "text", RSCOPY_KIND_CHARACTER, "character varying" },
	{ "name", RSCOPY_KIND_CHARACTER, "character varying" },
	{ "date", RSCOPY_KIND_TEXT, NULL },
	{ "timestamp without time zone", RSCOPY_KIND_TEXT, NULL },
	{ "super", RSCOPY_KIND_SUPER, NULL },
	{ "varbyte", RSCOPY_KIND_VARBYTE, "binary varying" },
};

static bool take_names(void *context, const struct rscopy_value *values,
		       size_t count, struct err *err)
{
	struct rscopy_result_columns *columns = context;

	(void)err;
	for (size_t i = 0; i < count; i++) {
		struct rscopy_result_column column = {
			.name = mem_copy_slice(values[i].text.text,
					       values[i].text.len),
		};

		vec_push(columns, column);
	}
	return true;
}

static void set_type(struct rscopy_result_column *column, const char *type)
{
	const char *shown = NULL;

	column->kind = RSCOPY_KIND_OTHER;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (strcmp(kinds[i].type, type) != 0)
			continue;
		column->kind = kinds[i].kind;
		shown = kinds[i].shown;
	}
	column->type = mem_copy_text(shown == NULL ? type : shown);
}

static bool take_types(void *context, const struct rscopy_value *values,
		       size_t count, struct err *err)
{
	struct rscopy_result_columns *columns = context;

	(void)err;
	for (size_t i = 0; i < count && i < columns->count; i++)
		set_type(&columns->items[i], values[i].text.text);
	return true;
}

/* Columns get names of ours: those of the query may stand twice. The outer
 * join gives a row where the query gives none. */
static void add_type_query(const struct rscopy_result_columns *columns,
			   const char *query, struct str *out)
{
	for (size_t i = 0; i < columns->count; i++)
		str_addf(out, "%s pg_catalog.pg_typeof(q.c%zu)",
			 i == 0 ? "SELECT" : ",", i);
	str_addf(out,
		 " FROM (SELECT 1) o LEFT JOIN (SELECT * FROM (%s\n) r"
		 " WHERE false) q",
		 query);
	for (size_t i = 0; i < columns->count; i++)
		str_addf(out, "%s c%zu", i == 0 ? "(" : ",", i);
	str_add(out, ") ON true");
}

bool rscopy_rows_describe(struct rscopy_job *job, const char *query,
			  struct rscopy_result_columns *out, struct err *err)
{
	const struct rscopy_row_taker names = { take_names, out };
	const struct rscopy_row_taker types = { take_types, out };
	CLEANUP(str_done) struct str name_query = STR_EMPTY;
	CLEANUP(str_done) struct str type_query = STR_EMPTY;

	str_addf(&name_query, "SELECT * FROM (%s\n) r WHERE false", query);
	if (!run(job, name_query.text, ", HEADER", &names, err))
		return false;
	if (out->count == 0)
		return err_set(err, ERR_USAGE, "the query has no columns");
	add_type_query(out, query, &type_query);
	return run(job, type_query.text, "", &types, err);
}

void rscopy_result_columns_done(struct rscopy_result_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++) {
		mem_free(columns->items[i].name);
		mem_free(columns->items[i].type);
	}
	vec_done(columns);
}
