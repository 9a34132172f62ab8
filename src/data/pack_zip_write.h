/* data/pack_zip_write.h - a zip archive written file by file.
 *
 * Deflated, or stored where the bytes are compressed already. Sizes stand in
 * the headers before the bytes (no data descriptors); zip64 where 32 bits or
 * 65,535 entries do not do. (APPNOTE.TXT 6.3.10, PKWARE.)
 */
#ifndef DATA_PACK_ZIP_WRITE_H
#define DATA_PACK_ZIP_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct zipper;

/* zip64: all records are of that kind, as in an archive over 4 GiB. */
struct zipper *zipper_open(const char *path, bool zip64, struct err *err);

/* Takes what was not ended away again. NULL is fine. */
void zipper_close(struct zipper *zip);
CLEANUP_FREE(struct zipper, zipper_close, zipper_closep)

/* name: UTF-8, '/' between folders, up to 65,535 bytes. */
bool zipper_add(struct zipper *zip, const char *name, const char *file,
		   int64_t modified_ms, struct err *err);

/* The directory; the archive is whole then. */
bool zipper_end(struct zipper *zip, struct err *err);

#endif
