/* kaggle/kaggle_place.h - where the files of a data set go: S3 or a folder.
 *
 * For kaggle_get only. One file at a time: begin, its bytes, then end or
 * drop.
 */
#ifndef KAGGLE_KAGGLE_PLACE_H
#define KAGGLE_KAGGLE_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/sink.h"
#include "base/str.h"

struct kaggle_get;
struct kaggle_place;

struct kaggle_place_file {
	const char *name;	/* in the archive */
	int64_t size;		/* -1: not known */
	int64_t id;
	const char *mark;	/* the same mark: the same bytes */
};

struct kaggle_place_kind {
	/* Appends where the file goes, for people. ERR_USAGE, ERR_DATA: it
	 * cannot go there by that name. */
	bool (*name)(struct kaggle_place *place, const char *name,
		     struct str *out, struct err *err);
	/* Is there something already? If tag is not NULL: just what it says,
	 * which done was told. False with err: that could not be learnt. */
	bool (*has)(struct kaggle_place *place, const char *name,
		    const char *tag, bool *out_there, struct err *err);
	bool (*begin)(struct kaggle_place *place,
		      const struct kaggle_place_file *file, struct err *err);
	bool (*write)(struct kaggle_place *place, const char *bytes,
		      size_t len, struct err *err);
	bool (*end)(struct kaggle_place *place, struct err *err);
	void (*drop)(struct kaggle_place *place, struct err *err);
	void (*look)(struct kaggle_place *place); /* while waiting; NULL */
	bool (*wait)(struct kaggle_place *place, struct err *err);
	void (*free)(struct kaggle_place *place);
};

struct kaggle_place {
	const struct kaggle_place_kind *kind;
	struct kaggle_get *get;
	/* A file is there whole; what tells it again later. */
	void (*done)(void *context, int64_t id, const char *tag);
	void (*tick)(void *context);
	void *context;
};

struct kaggle_place *kaggle_place_s3(struct kaggle_get *get, struct err *err);
struct kaggle_place *kaggle_place_folder(struct kaggle_get *get,
					 struct err *err);

static inline void kaggle_place_free(struct kaggle_place *place)
{
	if (place != NULL)
		place->kind->free(place);
}
CLEANUP_FREE(struct kaggle_place, kaggle_place_free, kaggle_place_freep)

/* Absolute names, "..", and what no file system or S3 takes. ERR_DATA. */
bool kaggle_place_check(const char *name, struct err *err);

#endif
