/* kaggle/kaggle_archive.h - the files of a data set, one after the other.
 *
 * With ranges the archive's directory is read first, from its end; then the
 * wanted files come in the order in which they stand, neighbours by one
 * request. Without ranges the archive is read forward, its directory never.
 * Sizes and CRC-32 are proved before unpack says that all is well.
 */
#ifndef KAGGLE_KAGGLE_ARCHIVE_H
#define KAGGLE_KAGGLE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct kaggle_archive;
struct kaggle_name;
struct kaggle_source;
struct pack_zip_member;
struct sink;

/* Which files: names, base names or globs, as the person typed them. */
struct kaggle_choice {
	const char *const *names;	/* [count] */
	size_t count;			/* 0: all */
};

/* source and choice are borrowed. ERR_MISSING: a name is of no file; ERR_DATA:
 * the archive is damaged or has too many files. */
struct kaggle_archive *kaggle_archive_open(struct kaggle_source *source,
					   const struct kaggle_choice *choice,
					   struct err *err);
void kaggle_archive_close(struct kaggle_archive *archive); /* NULL is fine */
CLEANUP_FREE(struct kaggle_archive, kaggle_archive_close,
	     kaggle_archive_closep)

/* Of the files chosen, when the directory was read; -1: not known. */
int64_t kaggle_archive_files(const struct kaggle_archive *archive);
int64_t kaggle_archive_bytes(const struct kaggle_archive *archive);

/* Is it one file at most? ERR_USAGE: several answer to the name. */
bool kaggle_archive_check_single(const struct kaggle_archive *archive,
				 const struct kaggle_name *name,
				 struct err *err);

/* The next chosen file; *out NULL: there is none left. Borrowed until the
 * next call. ERR_MISSING: read forward, and a name was of no file. */
bool kaggle_archive_next(struct kaggle_archive *archive,
			 const struct pack_zip_member **out, struct err *err);

/* Can it be unpacked at all? ERR_DATA: encrypted, packed in an unknown way, or
 * of sizes that cannot be. */
bool kaggle_archive_check(const struct pack_zip_member *member,
			  struct err *err);

/* The bytes of the one that next gave, if they are wanted. *out_bad: this file
 * is damaged, those behind it need not be; the sink's errors and the network's
 * are for all. */
bool kaggle_archive_unpack(struct kaggle_archive *archive, struct sink *sink,
			   bool *out_bad, struct err *err);

#endif
