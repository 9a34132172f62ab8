/* data/yaml.h - one YAML document as a JSON value.
 *
 * Plain scalars become what YAML 1.1 makes of them: null, booleans (yes and
 * no too), integers, decimals; all else is text, dates too. Aliases, merge
 * keys, keys that are no scalars or come twice, more than 64 levels and more
 * than one document are refused. Local tags ("!Ref") are the caller's.
 */
#ifndef DATA_YAML_H
#define DATA_YAML_H

#include <stddef.h>

#include "base/err.h"

struct json;

/* Where it went wrong; from 1. */
struct yaml_place {
	size_t line;
	size_t column;
};

/* What a node with that tag (with its "!") becomes: value_take is the node,
 * a scalar always as text. NULL and err: there is no such tag. */
typedef struct json *yaml_tag(const char *tag, struct json *value_take,
			      struct err *err);

/* NULL and ERR_DATA when malformed. tag NULL: no tags are known. */
struct json *yaml_parse(const char *text, size_t len, yaml_tag *tag,
			struct yaml_place *out_place, struct err *err);

#endif
