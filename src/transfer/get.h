/* transfer/get.h - one download under way: what the files of get share; nobody
 * else's. */
#ifndef TRANSFER_GET_H
#define TRANSFER_GET_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/integrity.h"
#include "aws/s3_object.h"
#include "base/err.h"
#include "base/str.h"
#include "transfer/journal.h"
#include "transfer/part_plan.h"

struct item;

struct get {
	bool fetching;        /* the head is known */
	struct str path;      /* where links lead */
	struct str temporary; /* "": none, or it has its final name */
	int fd;
	bool keep;            /* the temporary file can be gone on with */
	struct s3_head head;
	struct part_plan plan;
	struct journal journal;
	struct integrity *sums; /* [plan.part_count], of ranges */
	bool *have;             /* [plan.part_count] */
	int64_t next;
	int64_t missing;
	int short_replies;
	bool verified;
	bool is_wrong;          /* by its checksum */
	bool anew;              /* it was, once before */
};

/* One request fetches it. */
static inline bool get_is_whole(const struct get *get)
{
	return get->plan.part_count <= 1;
}

/* --- get_target.c: the file --- */

/* A link stays a link, what it leads to is written anew. */
bool get_find_path(struct get *get, const char *path, struct err *err);
bool get_open_temporary(struct item *item, struct err *err);

/* Is there room on the disk? Better told now than after an hour. */
bool get_check_room(const struct item *item, struct err *err);
void get_reserve(const struct get *get);

/* Gives it its name, with the rights of what it replaces and the time S3 has
 * for it, by which \s3sync sees that they are the same. */
bool get_finish(struct item *item, struct err *err);

/* --- get_resume.c: the record --- */

/* ERR_USAGE: another process fetches the same. */
bool get_open_record(struct item *item, struct err *err);

/* True: the file of the record is open, and of the same object. Another
 * content than before begins anew. */
bool get_resume(struct item *item);
void get_take_recorded(struct item *item);
void get_start_record(struct item *item);
void get_add_range(struct item *item, int64_t at,
		   const struct integrity *sum);

/* --- get_check.c: the bytes --- */

/* False with get->is_wrong: they are not what S3 keeps. */
bool get_verify(struct item *item, struct err *err);

#endif
