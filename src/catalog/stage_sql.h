/* catalog/stage_sql.h - the merge of catalog/stage, step by step.
 */
#ifndef CATALOG_STAGE_SQL_H
#define CATALOG_STAGE_SQL_H

extern const char *const stage_steps[]; /* NULL ends it */

#endif
