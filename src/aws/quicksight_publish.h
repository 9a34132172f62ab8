/* aws/quicksight_publish.h - queries as a dashboard, made or brought up to
 * date.
 *
 * Every id is made of what the thing is, so a second run finds what a first
 * one made, also one that was cut off. The dashboard's id is made of its name;
 * a data set's of the dashboard, the query, its columns and the data source: a
 * changed query is a new data set, which the dashboard moves to before the old
 * one goes. A version tells the digest of its definition in its description;
 * the same digest again: nothing is to do.
 */
#ifndef AWS_QUICKSIGHT_PUBLISH_H
#define AWS_QUICKSIGHT_PUBLISH_H

#include <stdbool.h>

#include "aws/quicksight_definition.h"
#include "aws/quicksight_source.h"
#include "base/err.h"
#include "base/str.h"

struct quicksight;

struct quicksight_publish {
	const char *name;
	struct quicksight_sheets *sheets;
	const struct quicksight_source *source;
	const char *owner;	/* ARN of a user */
	bool spice;		/* rows are copied; else asked for each time */
};

enum quicksight_done {
	QUICKSIGHT_UNCHANGED,
	QUICKSIGHT_CREATED,
	QUICKSIGHT_UPDATED,
};

struct quicksight_result {
	struct str id;		/* of dashboard and analysis */
	enum quicksight_done done;
	int64_t rows;		/* in SPICE */
	int64_t dropped;	/* could not be read */
	int64_t read_ms;	/* when the oldest were read; 0: just now */
};

#define QUICKSIGHT_RESULT_EMPTY                                                \
	{                                                                      \
		.id = STR_EMPTY                                                \
	}

/* The dashboard's id for a name. Appends. */
void quicksight_dashboard_id(const struct quicksight *quicksight,
			     const char *name, struct str *out);

/* *out is QUICKSIGHT_RESULT_EMPTY. What was made when it fails stays: the next
 * run goes on with it. */
bool quicksight_publish(struct quicksight *quicksight,
			const struct quicksight_publish *publish,
			struct quicksight_result *out, struct err *err);

/* The body of CreateDataSet for a sheet; yours. */
struct json *quicksight_data_set(const struct quicksight_publish *publish,
				 size_t at, const char *id);

/* Is it an id as quicksight_dashboard_id makes them? Then what bears it, or is
 * made of it, is ours. */
bool quicksight_is_own_id(const char *id);

/* Calls visit for the id of each data set that publish made for dashboard_id.
 */
bool quicksight_each_data_set(struct quicksight *quicksight,
			      const char *dashboard_id,
			      void (*visit)(void *context, const char *id),
			      void *context, struct err *err);

#endif
