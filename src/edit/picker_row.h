/* edit/picker_row.h - an entry of the picker as short texts of one line. Pure.
 */
#ifndef EDIT_PICKER_ROW_H
#define EDIT_PICKER_ROW_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "edit/history_entry.h"

struct picker_query;

/* How long ago: "now", "5 min", "3 h", "2 d", then the date; "": unknown. */
void picker_row_age(int64_t started_ms, int64_t now_ms, struct str *out);

/* "412 ms", "1.2 s", "5 min", "2.5 h"; "": unknown. */
void picker_row_duration(int64_t us, struct str *out);

/* How it ended: "1,234" rows, the SQLSTATE or "failed", "stopped"; "". */
void picker_row_result(const struct history_outcome *outcome, struct str *out);

/* text in one line: blanks and line ends become one blank. marks, as long as
 * out: 'x' where the query fits. Begins somewhat before the first such place
 * when that would not be seen in width_cols. */
void picker_row_text(const char *text, size_t len,
		     const struct picker_query *query, int width_cols,
		     struct str *out, struct str *marks);

#endif
