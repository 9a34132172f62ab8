/* catalog/stage.h - a reading of the server, kept apart until it is whole.
 *
 * Rows go into temporary tables (question.h names them), which lock nobody
 * out and cost no memory that counts. stage_merge then brings the cache to
 * the same state in one transaction, writing only what differs, and notes the
 * differences in the table changes.
 */
#ifndef CATALOG_STAGE_H
#define CATALOG_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct lite;

struct stage {
	const char *database;
	int64_t now_ms;
	unsigned parts; /* bits of enum question_part that were read whole */
	bool whole;     /* else only some names: see stage_add_name */
	bool imported;  /* a listing: all schemas in it are told whole */
};

/* Makes the tables, empty. The names that a partial reading asks for are then
 * added one by one. */
bool stage_begin(struct lite *lite, const struct stage *stage, struct err *err);
bool stage_add_name(struct lite *lite, const char *name, struct err *err);

/* Why a question has no answer; "": it has one again. */
bool stage_note_missing(struct lite *lite, const char *what, const char *why,
			struct err *err);

/* stage->parts as they became. out_changes may be NULL. */
bool stage_merge(struct lite *lite, const struct stage *stage,
		 int64_t *out_changes, struct err *err);

/* Drops the temporary tables. */
void stage_end(struct lite *lite);

#endif
