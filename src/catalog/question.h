/* catalog/question.h - the SQL that a harvest sends: one row a question.
 *
 * Few and large. None mixes relations of the leader node with others. Those of
 * pg_catalog are fast and answer everybody; the views may call the data
 * catalog, need rights or be missing on an older server: they are optional.
 */
#ifndef CATALOG_QUESTION_H
#define CATALOG_QUESTION_H

#include <stdbool.h>

enum question_part { /* what of the cache a question fills: bits */
		     PART_SCHEMAS = 1 << 0,
		     PART_RELATIONS = 1 << 1,
		     PART_COLUMNS = 1 << 2,
		     PART_KEYS = 1 << 3,
		     PART_FUNCTIONS = 1 << 4,
		     PART_DATABASES = 1 << 5,
		     PART_USERS = 1 << 6,
		     PART_GROUPS = 1 << 7,
		     PART_ROLES = 1 << 8,
		     PART_SETTINGS = 1 << 9,
		     PART_LIBRARIES = 1 << 10,
		     PART_DATASHARES = 1 << 11,
		     PART_EXTERNAL = 1 << 12,
		     PART_PARTITIONS = 1 << 13,
		     PART_OTHERS = 1 << 14, /* other databases */
		     PART_COMMENTS = 1 << 15,
		     PART_STALENESS = 1 << 16,
		     PART_LATE = 1 << 17, /* columns of late-binding views */
		     PART_EXTERNAL_SCHEMAS = 1 << 18,
		     PART_DEFAULTS = 1 << 19,
		     PART_ALL = (1 << 20) - 1,
};

struct question {
	const char *name;     /* "external tables": for messages */
	const char *redshift; /* NULL: not asked there */
	const char *postgres; /* NULL: not asked there */
	/* The column of relation names in both: when only some relations
	 * are wanted " and (COLUMN in (...))" goes where the text has %s. */
	const char *named;
	const char *insert; /* into catalog/stage's tables: ?1 ... */
	unsigned part;
	bool optional;
};

/* In the order in which they are to be asked; name NULL ends it. */
extern const struct question question_table[];

/* Columns of one view, when the question for all of them failed: %s is the
 * literal 'schema.view', quoted. */
extern const char question_late_view[];

#endif
