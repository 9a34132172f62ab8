/* load/json_survey.h - the members of JSON objects one after another, as COPY
 * ... JSON reads them: names, kinds and what their values have in common.
 *
 * Fed with UTF-8 in pieces of any size; memory is one object. The outermost
 * members alone are columns; what is nested is of type SUPER. It is not a
 * check of all of JSON: inside nested values only quotes and brackets are
 * followed. Pure.
 */
#ifndef LOAD_JSON_SURVEY_H
#define LOAD_JSON_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct infer;
struct json_survey;

struct json_survey_result {
	int64_t objects;
	int64_t bad;		/* places that are no object */
	int64_t bad_line;	/* the first, from 1 */
};

struct json_survey *json_survey_new(void);
void json_survey_free(struct json_survey *survey);	/* NULL is fine */
CLEANUP_FREE(struct json_survey, json_survey_free, json_survey_freep)

/* The objects stand in one array: brackets and commas between them. Before
 * the first feed. */
void json_survey_in_array(struct json_survey *survey);

void json_survey_feed(struct json_survey *survey, const char *bytes,
		      size_t len);

/* What comes next is from elsewhere in the file: up to the next line it is
 * passed over. */
void json_survey_jump(struct json_survey *survey);
void json_survey_end(struct json_survey *survey);

const struct json_survey_result *
json_survey_result(const struct json_survey *survey);

/* Fills *out, which is INFER_EMPTY. */
void json_survey_columns(const struct json_survey *survey, struct infer *out);

#endif
