/* aws/s3_page.h - one reply of ListObjectsV2 or ListObjectVersions.
 *
 * All texts of a page live in one piece of memory, so a page of 1,000 keys
 * costs a few allocations.
 */
#ifndef AWS_S3_PAGE_H
#define AWS_S3_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

enum { S3_PAGE_MAX_BYTES = 16 * 1024 * 1024 }; /* of a reply */

struct s3_list_entry {
	const char *key;	/* ends in '/' for a folder; may hold any
				 * bytes but NUL */
	bool folder;
	int64_t size;
	int64_t modified_ms;	/* 0: not said */
	const char *etag;	/* with its quotes */
	const char *storage_class;
	const char *version;	/* "" unless versions are listed */
	bool is_latest;		/* of versions */
	bool is_marker;		/* a delete marker: no object */
};

struct s3_page;

/* ERR_DATA: not such a reply. */
struct s3_page *s3_page_parse(const char *xml, size_t len, struct err *err);
void s3_page_free(struct s3_page *page);
CLEANUP_FREE(struct s3_page, s3_page_free, s3_page_freep)

/* In key order, folders among keys. Borrowed until the page is freed, the
 * entry until the next call. NULL: no more. */
const struct s3_list_entry *s3_page_next(struct s3_page *page);

/* The last object's key; "" when there is none. */
const char *s3_page_last_key(const struct s3_page *page);

/* Where the next page begins; NULL: this is the last. Of versions both
 * s3_page_token (the key) and s3_page_version ("" when not said) are sent. */
const char *s3_page_token(const struct s3_page *page);
const char *s3_page_version(const struct s3_page *page);

#endif
