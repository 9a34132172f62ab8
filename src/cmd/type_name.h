/* cmd/type_name.h - names of types as people type them to the catalog's. */
#ifndef CMD_TYPE_NAME_H
#define CMD_TYPE_NAME_H

/* "int" is "integer" to format_type(), "varchar[]" is "character varying[]".
 * The name itself when it is one of the catalog's, or a pattern. */
const char *type_name_canonical(const char *typed);

#endif
