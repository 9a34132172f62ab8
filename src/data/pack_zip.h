/* data/pack_zip.h - zip archives: what is in one, and the bytes of a member.
 *
 * PKWARE's APPNOTE 6.3: the directory stands at the end; ZIP64 too. Members
 * are stored or deflated, others and encrypted ones are refused by name. The
 * reader brings the bytes, by ranges of the file:
 *
 *	the last PACK_ZIP_TAIL_BYTES	-> pack_zip_find: the directory's place
 *	the directory			-> pack_zip_read: members
 *	PACK_ZIP_HEADER_BYTES at member->at -> pack_zip_skip: its data's place
 *	member->packed bytes from there	-> unzip_feed ... unzip_end
 */
#ifndef DATA_PACK_ZIP_H
#define DATA_PACK_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/vec.h"

struct sink;
struct unzip;

enum {
	PACK_ZIP_TAIL_BYTES = 66 * 1024, /* a comment is 64 KiB at most */
	PACK_ZIP_HEADER_BYTES = 30,
	PACK_ZIP_DESCRIPTOR_MAX = 24,
	PACK_ZIP_DIRECTORY_MAX = 64 * 1024 * 1024,
};

struct pack_zip_member {
	char *name;
	int64_t at;	/* of its header in the file */
	int64_t packed;	/* bytes in the file, */
	int64_t size;	/* unpacked */
	uint32_t crc;
	int method;	/* 0: stored, 8: deflated */
	bool is_encrypted;
	bool has_nul;	/* name had: each is a '?' in it now */
};

struct pack_zip {
	VEC(struct pack_zip_member);	/* in the directory's order */
};

void pack_zip_done(struct pack_zip *zip);

/* Do the first bytes look like an archive that is not empty? */
bool pack_zip_is(const void *bytes, size_t len);

/* tail: the last len bytes of a file of file_size. ERR_DATA: no archive. */
bool pack_zip_find(const char *tail, size_t len, int64_t file_size,
		   int64_t *out_offset, int64_t *out_length,
		   struct err *err);

/* Adds to *zip. ERR_DATA: damaged. */
bool pack_zip_read(struct pack_zip *zip, const char *directory, size_t len,
		   struct err *err);

/* Puts a '?' for each NUL byte of name[len], which C would end it at. Was there
 * one? */
bool pack_zip_mend_name(char *name, size_t len);

/* Bytes from a member's header to its data; header has
 * PACK_ZIP_HEADER_BYTES. 0 and ERR_DATA: that is none. */
int64_t pack_zip_skip(const char *header, struct err *err);

/* --- an archive that comes forward only, its directory last --- */

struct pack_zip_local {
	struct pack_zip_member member;	/* name is the caller's to fill */
	size_t name_len;
	size_t extra_len;
	bool has_descriptor;	/* size, packed (-1) and crc follow the data */
	bool is_end;		/* no member: the directory begins */
};

/* header has PACK_ZIP_HEADER_BYTES, or 4 and is that of the directory; then
 * extra, of extra_len, for ZIP64. ERR_DATA: damaged. */
bool pack_zip_local(struct pack_zip_local *out, const char *header,
		    struct err *err);
bool pack_zip_local_extra(struct pack_zip_local *local, const char *extra,
			  struct err *err);

/* What follows the data: bytes has PACK_ZIP_DESCRIPTOR_MAX of them, or as many
 * as the archive has. packed and size: as counted. Fills *member, returns how
 * long it is; 0 and ERR_DATA: it fits none. */
size_t pack_zip_descriptor(struct pack_zip_member *member, const char *bytes,
			   size_t len, int64_t packed, int64_t size,
			   struct err *err);

/* member and sink are borrowed; a member of size -1 is of any size. NULL and
 * ERR_DATA: packed in a way that is not known. */
struct unzip *unzip_new(const struct pack_zip_member *member,
			struct sink *sink, struct err *err);
void unzip_free(struct unzip *unzip);	/* NULL is fine */
CLEANUP_FREE(struct unzip, unzip_free, unzip_freep)

/* ERR_DATA: damaged, or more than the directory says: then nothing of it goes
 * to the sink. */
bool unzip_feed(struct unzip *unzip, const void *bytes, size_t len,
		struct err *err);

/* Bytes of the last feed behind the end of the member's own; only of deflated
 * ones. Has it ended, and how large is it so far? */
size_t unzip_unused(const struct unzip *unzip);
bool unzip_has_ended(const struct unzip *unzip);
int64_t unzip_size(const struct unzip *unzip);

/* ERR_DATA: cut short, or not of the size and CRC that the directory says. */
bool unzip_end(struct unzip *unzip, struct err *err);

#endif
