/* sandbox/quicksight/qs_board.h - what dashboards and analyses of QuickSight
 * share.
 *
 * Both are made of a Definition, checked within at once and against the data
 * sets later; with ValidationStrategy LENIENT errors of that do not fail them.
 */
#ifndef SANDBOX_QUICKSIGHT_QS_BOARD_H
#define SANDBOX_QUICKSIGHT_QS_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct json;
struct qs;
struct qs_call;
struct str;

/* Definition, not SourceEntity; the theme; the definition's inside. */
bool qs_board_check(const struct qs_call *call, struct err *err);

/* Puts what a version has of the request: Status, CreatedTime, Definition,
 * Parameters, Lenient, DataSetArns, Sheets, ThemeArn, Description, ... */
void qs_board_put(const struct qs_call *call, const char *status,
		  struct json *record);

/* Checks the record against the data sets: puts Errors and the Status that
 * follows from CREATION_IN_PROGRESS or UPDATE_IN_PROGRESS. */
void qs_board_judge(const struct qs *qs, struct json *record);

/* A version of a dashboard as it is kept, with its Definition. number 0: the
 * published one, else the newest. ResourceNotFoundException. */
struct json *qs_board_version(const struct qs *qs, const struct json *dashboard,
			      const char *region, int64_t number,
			      struct err *err);

#endif
