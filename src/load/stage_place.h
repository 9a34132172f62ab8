/* load/stage_place.h - where things from here wait in S3 for COPY.
 *
 * COPY reads from S3 only: pieces of local files and manifests of our making
 * go to a folder of their own, s3://BUCKET/PREFIX/redsh-stage/ID/, and a note
 * (load/stage_note) names that folder from before the first upload until the
 * last object is gone. Who is killed in between leaves the note, and
 * \staged --remove cleans up.
 *
 *	stage_place_find(given, staging, &base, err)	where
 *	stage_place_open(&place, aws, &about, err)	the note is written
 *	stage_place_add(&place, "files.manifest", &uri)	upload, COPY, ...
 *	stage_place_clear(&place, aws, false, err)	all is gone
 */
#ifndef LOAD_STAGE_PLACE_H
#define LOAD_STAGE_PLACE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "load/stage_note.h"

struct aws;

/* Replaces *out_base by "s3://bucket/prefix/", what --stage says (given; NULL
 * or "": nothing), else staging, of the saved connection or the variable
 * STAGING. ERR_USAGE names the three ways when none says it. */
bool stage_place_find(const char *given, const char *staging,
		      struct str *out_base, struct err *err);

struct stage_about {
	const char *base;	/* of stage_place_find */
	const char *table;	/* as the person wrote it */
	const char *what;	/* is staged: "orders.csv", "4 files" */
};

struct stage_place {
	struct stage_note note;	/* note.folder ends in '/' */
};

#define STAGE_PLACE_EMPTY                                                      \
	{                                                                      \
		.note = STAGE_NOTE_EMPTY                                       \
	}

/* Forgets the place; its note stays unless it was cleared. */
void stage_place_done(struct stage_place *place);

/* Gives it a folder below base; nothing is written yet. */
void stage_place_name(struct stage_place *place, const char *base);

/* Writes the note of a new folder, or of the one it was given; nothing is
 * sent. */
bool stage_place_open(struct stage_place *place, struct aws *aws,
		      const struct stage_about *about, struct err *err);

/* Appends the URI of an object in the folder. */
void stage_place_add(const struct stage_place *place, const char *name,
		     struct str *out);

/* A file is going to be sent as it is, perhaps in parts: notes it, so that what
 * transfer/journal keeps of it goes when the folder is emptied. */
bool stage_place_note_file(struct stage_place *place, const char *path,
			   const char *uri, struct err *err);

/* Removes all objects below the folder and all unfinished uploads to it. After
 * a Ctrl-C it takes half a second at most. False: something may be left; the
 * hint names the command that cleans up. */
bool stage_place_empty(const struct stage_place *place, struct aws *aws,
		       struct err *err);

/* The same, and when all is gone the note goes, too (keep: see
 * stage_note_remove). */
bool stage_place_clear(struct stage_place *place, struct aws *aws, bool keep,
		       struct err *err);

/* Appends "what was staged stays in s3://...; \staged --remove ID takes it
 * away". */
void stage_place_tell(const struct stage_place *place, struct str *out);

#endif
