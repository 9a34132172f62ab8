/* complete/relations.h - tables, views, names of WITH, schemas, databases and
 * routines, as far as the catalog's cache knows them.
 */
#ifndef COMPLETE_RELATIONS_H
#define COMPLETE_RELATIONS_H

struct source_ask;

/* Those kinds of tables and views that the question expects: on the search
 * path by name, others with their schema; behind a dot those of that schema,
 * or the schemas of that database. */
void relations_offer(struct source_ask *ask);

void relations_offer_ctes(struct source_ask *ask);

/* Columns of any table, for who has typed no FROM yet. */
void relations_offer_columns(struct source_ask *ask);

/* behind: "." where a name of the schema follows, or "". */
void relations_offer_schemas(struct source_ask *ask, const char *behind);

void relations_offer_databases(struct source_ask *ask);
void relations_offer_users(struct source_ask *ask);

/* Functions that somebody made, or procedures. */
void relations_offer_functions(struct source_ask *ask);
void relations_offer_procedures(struct source_ask *ask);

#endif
