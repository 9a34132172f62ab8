#include "db/result.h"

#include <string.h>

#include "base/str.h"
#include "data/rows.h"
#include "db/dberr.h"
#include "db/result_make.h"
#include "db/types.h"
#include "db/wire.h"

struct result {
	struct rows rows; /* first: result_rows hands out its address */
	enum result_kind kind;
	struct exec *exec;
	struct db *db;  /* its wire gives the rows; NULL: libpq does */
	PGresult *now;  /* holds the current rows, or the tag */
	int at;         /* next row of now */
	bool streaming; /* more PGresults belong to this statement */
	int64_t count;
	struct rows_column *columns;
	struct rows_value *values;
	char *names; /* the column names, one after another */
	struct dberr *error;
};

static void drop_stream(struct result *result)
{
	while (result->streaming) {
		const struct rows_value *values;

		if (rows_next(&result->rows, &values, NULL) != ROWS_ROW)
			result->streaming = false;
	}
}

void result_free(struct result *result)
{
	if (!result)
		return;
	drop_stream(result);
	PQclear(result->now);
	dberr_free(result->error);
	mem_free(result->columns);
	mem_free(result->values);
	mem_free(result->names);
	mem_free(result);
}

static const char no_protocol[] =
	"the server sent a reply that is no PostgreSQL protocol; the "
	"connection is closed";

static bool is_error(ExecStatusType status)
{
	return status == PGRES_FATAL_ERROR || status == PGRES_NONFATAL_ERROR ||
	       status == PGRES_BAD_RESPONSE;
}

static enum rows_step fail(struct result *result, struct err *err)
{
	result->error = dberr_new();
	result->streaming = false;
	if (result->now && is_error(PQresultStatus(result->now))) {
		dberr_take_result(result->error, result->now);
		result->now = NULL;
	} else if (result->now) {
		/* COPY where rows were: libpq would give it again for ever. */
		exec_abandon(result->exec);
		dberr_set_text(result->error, no_protocol);
	} else {
		dberr_set_text(result->error, "the answer ended early");
	}
	dberr_to_err(result->error, err);
	return ROWS_FAILED;
}

/* The stream's next PGresult: another row, or the end with its tag. */
static enum rows_step pull(struct result *result, struct err *err)
{
	ExecStatusType status;

	if (!result->streaming)
		return ROWS_END;
	PQclear(result->now);
	result->now = exec_next_raw(result->exec);
	result->at = 0;
	status = PQresultStatus(result->now);
	if (status == PGRES_SINGLE_TUPLE)
		return ROWS_ROW;
	if (status != PGRES_TUPLES_OK)
		return fail(result, err);
	result->streaming = false;
	return PQntuples(result->now) > 0 ? ROWS_ROW : ROWS_END;
}

static enum rows_step fail_with(struct result *result, const char *text,
				struct err *err)
{
	result->error = dberr_new();
	result->streaming = false;
	dberr_set_text(result->error, text);
	dberr_to_err(result->error, err);
	return ROWS_FAILED;
}

/* Behind the rows libpq reads again: the tag, or why they ended early. */
static enum rows_step end_wire(struct result *result, struct err *err)
{
	result->now = exec_next_raw(result->exec);
	if (PQresultStatus(result->now) != PGRES_COMMAND_OK)
		return fail(result, err);
	result->streaming = false;
	return ROWS_END;
}

static enum rows_step next_wire_row(struct result *result, struct err *err)
{
	while (result->streaming) {
		switch (wire_row(result->db->wire, result->db, result->values,
				 result->rows.column_count)) {
		case WIRE_GOT:
			result->count++;
			return ROWS_ROW;
		case WIRE_WAIT:
			if (!exec_wait_input(result->exec))
				return fail(result, err);
			break;
		case WIRE_END:
			return end_wire(result, err);
		case WIRE_BROKEN:
			exec_abandon(result->exec);
			return fail_with(result, no_protocol, err);
		}
	}
	return ROWS_END;
}

static enum rows_step next_row(struct rows *rows,
			       const struct rows_value **out_values,
			       struct err *err)
{
	struct result *result = (struct result *)rows;
	enum rows_step step = ROWS_ROW;

	if (result->error)
		return ROWS_FAILED;
	if (result->db) {
		*out_values = result->values;
		return next_wire_row(result, err);
	}
	if (result->at >= PQntuples(result->now))
		step = pull(result, err);
	if (step != ROWS_ROW)
		return step;
	for (size_t i = 0; i < rows->column_count; i++) {
		struct rows_value *value = &result->values[i];
		int at = (int)i;

		if (PQgetisnull(result->now, result->at, at)) {
			*value = (struct rows_value){ NULL, 0 };
			continue;
		}
		value->text = PQgetvalue(result->now, result->at, at);
		value->len = (size_t)PQgetlength(result->now, result->at, at);
	}
	result->at++;
	result->count++;
	*out_values = result->values;
	return ROWS_ROW;
}

/* The result owns its rows; see result_free. */
static void rows_stay(struct rows *rows)
{
	(void)rows;
}

static const struct rows_class result_class = {
	.next = next_row,
	.free = rows_stay,
};

static void fill_columns(struct result *result)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;
	size_t count = (size_t)PQnfields(result->now);
	const char *name;

	result->columns = mem_alloc_array(count + 1, sizeof(*result->columns));
	result->values = mem_alloc_array(count + 1, sizeof(*result->values));
	for (size_t i = 0; i < count; i++) {
		str_add(&names, PQfname(result->now, (int)i));
		str_add_char(&names, '\0');
	}
	name = result->names = str_take(&names);
	for (size_t i = 0; i < count; i++) {
		struct rows_column *column = &result->columns[i];

		column->name = name;
		column->oid = PQftype(result->now, (int)i);
		column->kind = types_kind(column->oid);
		column->type_modifier = PQfmod(result->now, (int)i);
		name += strlen(name) + 1;
	}
	result->rows.class = &result_class;
	result->rows.column_count = count;
	result->rows.columns = result->columns;
}

static enum result_kind kind_of(ExecStatusType status)
{
	switch (status) {
	case PGRES_SINGLE_TUPLE:
	case PGRES_TUPLES_OK:
		return RESULT_ROWS;
	case PGRES_COMMAND_OK:
		return RESULT_DONE;
	case PGRES_EMPTY_QUERY:
		return RESULT_EMPTY;
	case PGRES_COPY_IN:
		return RESULT_COPY_IN;
	case PGRES_COPY_OUT:
		return RESULT_COPY_OUT;
	case PGRES_PIPELINE_SYNC:
		return RESULT_SYNC;
	case PGRES_PIPELINE_ABORTED:
		return RESULT_ABORTED;
	case PGRES_COPY_BOTH:
	case PGRES_BAD_RESPONSE:
	case PGRES_NONFATAL_ERROR:
	case PGRES_FATAL_ERROR:
		break;
	}
	return RESULT_ERROR;
}

struct result *result_new(struct exec *exec, PGresult *first)
{
	struct result *result = mem_alloc(sizeof(*result));

	result->exec = exec;
	result->now = first;
	result->kind = kind_of(PQresultStatus(first));
	result->streaming = PQresultStatus(first) == PGRES_SINGLE_TUPLE;
	if (result->kind == RESULT_ROWS || result->kind == RESULT_DONE)
		fill_columns(result);
	if (result->kind == RESULT_ERROR)
		fail(result, NULL);
	return result;
}

/* false: there are none, and why is in the result. */
static bool read_wire_columns(struct result *result)
{
	for (;;) {
		switch (wire_columns(result->db->wire, &result->columns,
				     &result->rows.column_count,
				     &result->names)) {
		case WIRE_GOT:
			return true;
		case WIRE_WAIT:
			if (exec_wait_input(result->exec))
				break;
			fail(result, NULL);
			return false;
		case WIRE_END:
			/* The connection is closed, which libpq sees too. */
			result->now = exec_next_raw(result->exec);
			fail(result, NULL);
			return false;
		case WIRE_BROKEN:
			exec_abandon(result->exec);
			fail_with(result, no_protocol, NULL);
			return false;
		}
	}
}

struct result *result_new_wire(struct exec *exec, struct db *db)
{
	struct result *result = mem_alloc(sizeof(*result));

	result->exec = exec;
	result->db = db;
	result->kind = RESULT_ROWS;
	result->rows.class = &result_class;
	wire_begin(db->wire);
	if (!read_wire_columns(result)) {
		result->kind = RESULT_ERROR;
		return result;
	}
	result->rows.columns = result->columns;
	result->streaming = true;
	result->values = mem_alloc_array(result->rows.column_count + 1,
					 sizeof(*result->values));
	return result;
}

struct result *result_new_failure(struct exec *exec, const char *text)
{
	struct result *result = mem_alloc(sizeof(*result));

	result->exec = exec;
	result->kind = RESULT_ERROR;
	result->error = dberr_new();
	dberr_set_text(result->error, text);
	return result;
}

enum result_kind result_kind(const struct result *result)
{
	return result->kind;
}

struct rows *result_rows(struct result *result)
{
	return &result->rows;
}

int64_t result_row_count(const struct result *result)
{
	return result->count;
}

const char *result_tag(const struct result *result)
{
	return result->now && !result->streaming ? PQcmdStatus(result->now)
						 : "";
}

const char *result_affected(const struct result *result)
{
	return result->now && !result->streaming ? PQcmdTuples(result->now)
						 : "";
}

const struct dberr *result_error(const struct result *result)
{
	return result->error;
}
