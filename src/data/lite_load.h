/* data/lite_load.h - SQLite, loaded with the first file of it. */
#ifndef DATA_LITE_LOAD_H
#define DATA_LITE_LOAD_H

#include <stdbool.h>

#include "base/err.h"

/* As lazy_load; to be called before any call into SQLite: lite_open does. */
bool lite_load(struct err *err);

/* As lazy_load_or_end. */
void lite_load_or_end(void);

#endif
