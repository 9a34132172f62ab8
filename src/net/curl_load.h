/* net/curl_load.h - libcurl, loaded when the first loop is made.
 *
 * Linked plainly it brings some 14 libraries more: a tenth of the way to the
 * prompt, paid by people who never ask AWS anything (tests/bench/README).
 * curl_load.c defines the functions of libcurl that net/ calls, by their own
 * names and declarations, as calls into the library that was loaded. A
 * function that is not in its list fails when the program is linked.
 */
#ifndef NET_CURL_LOAD_H
#define NET_CURL_LOAD_H

#include <stdbool.h>

#include "base/err.h"

/* Any thread. ERR_SYSTEM: it is not there, or too old; the same each time.
 * To be called before any curl_ function; it is never unloaded. */
bool curl_load(struct err *err);

#endif
