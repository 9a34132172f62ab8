/* net/curl_load.h - libcurl, loaded when the first loop is made.
 *
 * Linked plainly it brings some 14 libraries more: a tenth of the way to the
 * prompt, paid by people who never ask AWS anything (tests/bench/README).
 */
#ifndef NET_CURL_LOAD_H
#define NET_CURL_LOAD_H

#include <stdbool.h>

#include "base/err.h"

/* As lazy_load; to be called before any curl_ function. */
bool curl_load(struct err *err);

#endif
