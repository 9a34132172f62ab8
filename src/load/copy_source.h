/* load/copy_source.h - where \copyfrom's data is, and what COPY is told of it.
 *
 * A kind of source is a row: an object or prefix, a manifest, and what COPY
 * reads by itself (EMR, DynamoDB, hosts by SSH). A kind that has to bring
 * bytes to S3 first does it in put, which runs after the person's yes, and
 * takes them away in clean, which runs at the end whatever happened.
 */
#ifndef LOAD_COPY_SOURCE_H
#define LOAD_COPY_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct aws;
struct copy_args;
struct copyfrom;
struct stage_place;

/* Members that are NULL have nothing to do. */
struct copy_source_kind {
	const char *name; /* for messages: "an object or prefix" */
	/* Is the source of this line of this kind? The first row that says
	 * yes has it. NULL: that is not told by the line. */
	bool (*takes)(const struct copy_args *args);
	/* Fills objects, bytes, packed, sample. ERR_MISSING: nothing there.
	 * NULL: COPY alone can look. */
	bool (*find)(struct copyfrom *copy, struct err *err);
	/* Appends the first bytes, at most SNIFF_SAMPLE_BYTES. NULL: they are
	 * those of the object "sample". */
	bool (*read)(struct copyfrom *copy, struct str *out, struct err *err);
	/* Fills from and added. NULL: from is the URI that was typed. */
	bool (*place)(struct copyfrom *copy, struct err *err);
	/* Makes what from names. On failure clean is called too. */
	bool (*put)(struct copyfrom *copy, struct err *err);
	/* Runs once if place was called, also when that failed or the person
	 * said no: removes what put made, unless copy->answer is COPY_UNKNOWN:
	 * then says where it is and how it is removed. */
	void (*clean)(struct copyfrom *copy);
	/* Frees own. */
	void (*done)(struct copyfrom *copy);
};

struct copy_source {
	const struct copy_source_kind *kind;
	int64_t objects;    /* with bytes */
	int64_t bytes;	    /* -1: not known */
	int64_t packed;	    /* objects compressed by their name's end */
	struct str sample;  /* URI of an object to look into */
	struct str stray;   /* a key of another folder's or name's kind */
	const char *prefix; /* key part of the URI; borrowed */
	struct str bucket;  /* "s3://bucket/" */
	struct str from;    /* what stands behind FROM, not yet a literal */
	struct str added;   /* parameters it needs: "manifest"; "" */
	bool dirty;	    /* place was called, clean was not */
	void *own;	    /* of the kind */
};

#define COPY_SOURCE_EMPTY                                                      \
	{                                                                      \
		.sample = STR_EMPTY, .stray = STR_EMPTY, .bucket = STR_EMPTY,  \
		.from = STR_EMPTY, .added = STR_EMPTY                          \
	}

void copy_source_done(struct copyfrom *copy);

/* Chooses the kind. ERR_USAGE: no kind takes it. */
bool copy_source_choose(struct copyfrom *copy, struct err *err);

/* Can bytes of it be looked at? */
bool copy_source_can_look(const struct copyfrom *copy);

bool copy_source_find(struct copyfrom *copy, struct err *err);
bool copy_source_read(struct copyfrom *copy, struct str *out, struct err *err);
bool copy_source_place(struct copyfrom *copy, struct err *err);
bool copy_source_put(struct copyfrom *copy, struct err *err);
void copy_source_clean(struct copyfrom *copy);

/* For clean: is what was staged at place to be taken away, and by what (NULL:
 * err says why not)? What the server may still be at stays, which is told:
 * doubt is "whether the server loads what was staged". */
bool copy_source_may_clear(const struct copyfrom *copy,
			   const struct stage_place *place, const char *doubt,
			   struct aws **out_aws, struct err *err);

/* A warning: why something of it is left, with the hint. */
void copy_source_tell_left(const struct copyfrom *copy, const struct err *err);

/* Counts one object in; load_visit's shape, copyfrom is the visitor. */
bool copy_source_count(void *visitor, const char *key, int64_t size);

#endif
