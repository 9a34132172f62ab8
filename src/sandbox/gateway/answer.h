/* sandbox/gateway/answer.h - PostgreSQL's messages turned into Redshift's.
 *
 * Fields of errors and notices, tags without counts, type numbers,
 * parameters. What has no counterpart is left out.
 */
#ifndef SANDBOX_GATEWAY_ANSWER_H
#define SANDBOX_GATEWAY_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct frame;
struct plan;
struct rewrite;
struct str;

/* What an answer belongs to. */
struct answer_context {
	const struct rewrite *rewrite;
	const struct plan *plan; /* NULL: nothing to map positions by */
	int64_t query_id;
};

/* ErrorResponse and NoticeResponse; keeps the type of frame. sqlstate (6
 * bytes) and message get what was sent; both may be NULL. */
void answer_report(const struct answer_context *context,
		   const struct frame *frame, struct str *out,
		   struct str *message);

/* An ErrorResponse from our own err (code: SQLSTATE). position: 1-based, 0. */
void answer_err(const struct answer_context *context, const struct err *err,
		int position, struct str *out);

/* CommandComplete; tag NULL: PostgreSQL's own, without SELECT's count. The
 * rows PostgreSQL counted are returned, 0: none. */
int64_t answer_tag(const struct frame *frame, const char *tag, struct str *out);

/* RowDescription; upper: names of columns in upper case. plan (may be NULL)
 * knows the types of computed DECIMAL columns. bytes (may be NULL) gets a
 * byte a column, 1: it is VARBYTE shown as text; "" when there is none. */
void answer_columns(const struct frame *frame, const struct plan *plan,
		    bool upper, struct str *out, struct str *bytes);

/* DataRow: Redshift shows VARBYTE as hexadecimal digits without \x. bytes
 * as answer_columns filled it. */
void answer_row(const struct frame *frame, const struct str *bytes,
		struct str *out);

/* Bind's result formats, from behind its parameters on: takes the columns
 * from bytes that the client wants binary. */
void answer_formats(const struct frame *bind, struct str *bytes);

/* ParameterStatus; only those that Redshift sends go out. */
void answer_parameter(const struct frame *frame, struct str *out);

#endif
