/* data/json_load.h - jansson, loaded with the first JSON.
 *
 * Its values may be keys and tokens: what it frees is wiped.
 */
#ifndef DATA_JSON_LOAD_H
#define DATA_JSON_LOAD_H

#include <stdbool.h>

#include "base/err.h"

/* As lazy_load. Calls into jansson before it end the program when it is not
 * there; after it they are safe. */
bool json_load(struct err *err);

#endif
