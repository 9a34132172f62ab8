/* load/inspect_zip.h - a file inside of a zip archive, as a source of bytes.
 *
 * The archive is itself a source. Of several files the largest is taken;
 * folders and what macOS adds are passed over.
 */
#ifndef LOAD_INSPECT_ZIP_H
#define LOAD_INSPECT_ZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct inspect_source;
struct inspect_zip;
struct str;

/* archive is borrowed until inspect_zip_close. ERR_DATA: damaged, encrypted,
 * empty, or a workbook that only bears the form of an archive. */
struct inspect_zip *inspect_zip_open(const struct inspect_source *archive,
				     struct err *err);
void inspect_zip_close(struct inspect_zip *zip); /* NULL is fine */
CLEANUP_FREE(struct inspect_zip, inspect_zip_close, inspect_zip_closep)

/* Fills all of *out; borrowed from zip. Reading on is cheap, going back begins
 * anew. */
void inspect_zip_source(struct inspect_zip *zip, struct inspect_source *out);

const char *inspect_zip_member(const struct inspect_zip *zip);
size_t inspect_zip_count(const struct inspect_zip *zip); /* of files */

#endif
