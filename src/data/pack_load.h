/* data/pack_load.h - zlib, libzstd and libbz2, each loaded with the first
 * stream of its kind.
 */
#ifndef DATA_PACK_LOAD_H
#define DATA_PACK_LOAD_H

#include <stdbool.h>

#include "base/err.h"

/* As lazy_load; to be called before any call into the library. */
bool pack_load_zlib(struct err *err);
bool pack_load_zstd(struct err *err);
bool pack_load_bzip2(struct err *err);

#endif
