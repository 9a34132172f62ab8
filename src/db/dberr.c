#include "db/dberr.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "db/position.h"
#include "db/pq.h"

struct dberr {
	PGresult *result; /* NULL: text alone */
	char *text;       /* libpq's own words */
	char *fields;     /* of a message: letter, text, NUL ...; NUL */
	char *query;      /* what a position in the fields counts in, or NULL */
	int encoding;     /* of fields and query, libpq's number */
	bool borrowed;    /* result is a notice's: libpq clears it */
};

struct dberr *dberr_new(void)
{
	return mem_alloc(sizeof(struct dberr));
}

void dberr_free(struct dberr *dberr)
{
	if (!dberr)
		return;
	dberr_clear(dberr);
	mem_free(dberr);
}

void dberr_clear(struct dberr *dberr)
{
	if (!dberr->borrowed)
		PQclear(dberr->result);
	mem_free(dberr->text);
	mem_free(dberr->fields);
	mem_free(dberr->query);
	*dberr = (struct dberr){ 0 };
}

bool dberr_is_set(const struct dberr *dberr)
{
	return dberr->result || dberr->text || dberr->fields;
}

void dberr_move(struct dberr *to, struct dberr *from)
{
	if (to == from)
		return;
	dberr_clear(to);
	*to = *from;
	*from = (struct dberr){ 0 };
}

/* libpq, asked for the result of a connection that broke while we polled,
 * adds a line about its own closed socket. */
static bool cut_socket_line(const char *message, struct str *out)
{
	static const char line[] = "\ninvalid socket\n";

	if (!str_ends(message, line))
		return false;
	str_add_slice(out, message, strlen(message) - strlen(line) + 1);
	return true;
}

void dberr_take_result(struct dberr *dberr, PGresult *result)
{
	CLEANUP(str_done) struct str cut = STR_EMPTY;

	dberr_clear(dberr);
	dberr->result = result;
	if (!PQresultErrorField(result, PG_DIAG_SQLSTATE) &&
	    cut_socket_line(PQresultErrorMessage(result), &cut))
		dberr_set_text(dberr, cut.text);
}

/* libpq's own notices have no code, and their text is the message alone. */
static bool is_libpqs_own(const PGresult *result)
{
	const char *message =
		PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	return message && !PQresultErrorField(result, PG_DIAG_SQLSTATE) &&
	       str_starts(PQresultErrorMessage(result), message);
}

void dberr_borrow_result(struct dberr *dberr, const PGresult *result)
{
	dberr_clear(dberr);
	if (is_libpqs_own(result)) {
		dberr_set_text(dberr, PQresultErrorField(
					      result, PG_DIAG_MESSAGE_PRIMARY));
		return;
	}
	dberr->result = (PGresult *)result;
	dberr->borrowed = true;
}

void dberr_set_text(struct dberr *dberr, const char *text)
{
	dberr_clear(dberr);
	dberr->text = mem_copy_text(text);
}

static const char *own_field(const struct dberr *dberr, char letter)
{
	const char *at = dberr->fields;

	while (at && *at) {
		if (*at == letter)
			return at + 1;
		at += strlen(at) + 1;
	}
	return NULL;
}

void dberr_set_fields(struct dberr *dberr, const char *body, size_t len,
		      const char *query, int encoding)
{
	dberr_clear(dberr);
	dberr->encoding = encoding;
	/* Two NULs more end any list, cut or not. */
	dberr->fields = mem_alloc(len + 2);
	memcpy(dberr->fields, body, len);
	if (query && own_field(dberr, 'P'))
		dberr->query = mem_copy_text(query);
}

const char *dberr_field(const struct dberr *dberr, enum dberr_field field)
{
	if (!dberr->result)
		return own_field(dberr, (char)field);
	return PQresultErrorField(dberr->result, (int)field);
}

const char *dberr_sqlstate(const struct dberr *dberr)
{
	const char *code = dberr_field(dberr, DBERR_CODE);

	return code ? code : "";
}

static PGVerbosity pq_verbosity(enum dberr_verbosity verbosity)
{
	switch (verbosity) {
	case DBERR_TERSE:
		return PQERRORS_TERSE;
	case DBERR_DEFAULT:
		return PQERRORS_DEFAULT;
	case DBERR_VERBOSE:
		return PQERRORS_VERBOSE;
	case DBERR_SQLSTATE:
		return PQERRORS_SQLSTATE;
	}
	return PQERRORS_DEFAULT;
}

static PGContextVisibility pq_context(enum dberr_context context)
{
	switch (context) {
	case DBERR_CONTEXT_NEVER:
		return PQSHOW_CONTEXT_NEVER;
	case DBERR_CONTEXT_ERRORS:
		return PQSHOW_CONTEXT_ERRORS;
	case DBERR_CONTEXT_ALWAYS:
		return PQSHOW_CONTEXT_ALWAYS;
	}
	return PQSHOW_CONTEXT_ERRORS;
}

static void add_own(const struct dberr *dberr, char letter, const char *format,
		    struct str *out)
{
	const char *text = own_field(dberr, letter);

	if (text)
		str_addf(out, format, text);
}

/* The place in the statement, or in the one that a function runs: the line
 * with a caret below, else a number behind the message. */
struct spot {
	const char *number; /* NULL: none */
	const char *query;  /* NULL: the number alone is shown */
};

static struct spot find_spot(const struct dberr *dberr, bool terse)
{
	struct spot spot = { own_field(dberr, 'P'), dberr->query };

	if (!spot.number) {
		spot.number = own_field(dberr, 'p');
		spot.query = own_field(dberr, 'q');
	}
	if (terse)
		spot.query = NULL;
	return spot;
}

/* A notice that stood between rows, as libpq words it. */
static void format_fields(const struct dberr *dberr,
			  enum dberr_verbosity verbosity, bool context,
			  struct str *out)
{
	static const struct {
		char letter;
		bool is_verbose;
		const char *format;
	} lines[] = {
		{ 'D', false, "DETAIL:  %s\n" },
		{ 'H', false, "HINT:  %s\n" },
		{ 'q', false, "QUERY:  %s\n" },
		{ 'W', false, "CONTEXT:  %s\n" },
		{ 's', true, "SCHEMA NAME:  %s\n" },
		{ 't', true, "TABLE NAME:  %s\n" },
		{ 'c', true, "COLUMN NAME:  %s\n" },
		{ 'd', true, "DATATYPE NAME:  %s\n" },
		{ 'n', true, "CONSTRAINT NAME:  %s\n" },
	};

	struct spot spot = find_spot(dberr, verbosity == DBERR_TERSE);

	add_own(dberr, 'S', "%s:  ", out);
	if (verbosity == DBERR_SQLSTATE && own_field(dberr, 'C')) {
		add_own(dberr, 'C', "%s\n", out);
		return;
	}
	if (verbosity == DBERR_VERBOSE)
		add_own(dberr, 'C', "%s: ", out);
	add_own(dberr, 'M', "%s", out);
	if (spot.number && !spot.query)
		str_addf(out, " at character %s", spot.number);
	str_add_char(out, '\n');
	if (verbosity == DBERR_TERSE || verbosity == DBERR_SQLSTATE)
		return;
	if (spot.number && spot.query)
		position_format(spot.query, atoi(spot.number), dberr->encoding,
				out);
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		if (lines[i].is_verbose && verbosity != DBERR_VERBOSE)
			continue;
		if (lines[i].letter != 'W' || context)
			add_own(dberr, lines[i].letter, lines[i].format, out);
	}
	if (verbosity != DBERR_VERBOSE || !own_field(dberr, 'F'))
		return;
	str_add(out, "LOCATION:  ");
	add_own(dberr, 'R', "%s, ", out);
	add_own(dberr, 'F', "%s", out);
	add_own(dberr, 'L', ":%s", out);
	str_add_char(out, '\n');
}

void dberr_format(const struct dberr *dberr, enum dberr_verbosity verbosity,
		  enum dberr_context context, struct str *out)
{
	char *text = NULL;

	if (dberr->fields) {
		format_fields(dberr, verbosity, context == DBERR_CONTEXT_ALWAYS,
			      out);
		return;
	}
	if (dberr->result)
		text = PQresultVerboseErrorMessage(dberr->result,
						   pq_verbosity(verbosity),
						   pq_context(context));
	if (text && *text)
		str_add(out, text);
	else
		str_add(out, dberr->text ? dberr->text : "unknown error");
	PQfreemem(text);
	if (out->len == 0 || out->text[out->len - 1] != '\n')
		str_add_char(out, '\n');
}

bool dberr_to_err(const struct dberr *dberr, struct err *err)
{
	const char *code = dberr_sqlstate(dberr);
	const char *message = dberr_field(dberr, DBERR_MESSAGE);
	const char *hint = dberr_field(dberr, DBERR_HINT);
	enum err_kind kind = ERR_SERVER;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (strcmp(code, "57014") == 0)
		kind = ERR_CANCELLED;
	else if (!*code)
		kind = ERR_NETWORK;
	if (message)
		str_add(&text, message);
	else
		dberr_format(dberr, DBERR_DEFAULT, DBERR_CONTEXT_NEVER, &text);
	str_trim_end(&text);
	err_set(err, kind, "%s", text.text);
	err_set_code(err, code);
	if (hint)
		err_hint(err, "%s", hint);
	return false;
}
