/* data/ini.h - the AWS dialect of INI files, and service files.
 *
 * Sections "[type name]" or "[name]"; a section that comes twice is merged
 * and later keys win. Key names are in lower case. "s3 =" followed by
 * indented "a = b" lines is a nested group: key "s3.a". An indented line
 * after a value goes on with it (joined by LF). Comments: lines that begin
 * with # or ;, and from a blank before them to the end of the line, but never
 * in aws_secret_access_key and aws_session_token. BOM and CRLF are fine.
 * Source of the rules: AWS SDKs reference guide, file format.
 */
#ifndef DATA_INI_H
#define DATA_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct ini;

struct ini_section {
	const char *type;	/* "profile" of [profile dev]; "" of [dev] */
	const char *name;	/* "dev" */
	int line;		/* where it first stands */
};

/* ERR_DATA names file_name and the line. Later files fed to the same ini by
 * ini_add win on the same key. */
struct ini *ini_new(void);
void ini_free(struct ini *ini);		/* NULL is fine; wipes the values */
CLEANUP_FREE(struct ini, ini_free, ini_freep)
bool ini_add(struct ini *ini, const char *file_name, const char *text,
	     size_t len, struct err *err);

size_t ini_section_count(const struct ini *ini);
const struct ini_section *ini_section(const struct ini *ini, size_t index);
bool ini_has(const struct ini *ini, const char *type, const char *name);

/* Value of key ("region", "s3.endpoint_url") in [type name]; NULL: none.
 * type "" for sections without one. Borrowed until the next ini_add. */
const char *ini_get(const struct ini *ini, const char *type, const char *name,
		    const char *key);

/* Walks the keys of a section: size_t at = 0; while (ini_next(...)) */
bool ini_next(const struct ini *ini, const struct ini_section *section,
	      size_t *at, const char **out_key, const char **out_value);

#endif
