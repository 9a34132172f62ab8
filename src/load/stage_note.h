/* load/stage_note.h - the note that says what of ours waits in S3.
 *
 * One file for each staged folder, staged/ID in the XDG state folder, mode
 * 0600: a line of JSON with what it is of, then lines that tell which piece
 * holds what (load/stage_map). It is there, synced to disk, before the first
 * upload and until the last object is gone. A note in use is locked. It holds
 * no keys and no credentials.
 */
#ifndef LOAD_STAGE_NOTE_H
#define LOAD_STAGE_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct json;

struct stage_note {
	struct str file;
	int fd;			/* locked; -1: not open */

	/* To be set before stage_note_start. */
	struct str id;		/* "20261130-041832-1a2b3c4d" */
	struct str folder;	/* "s3://bucket/prefix/redsh-stage/ID/" */
	struct str endpoint;	/* of S3; "" is AWS */
	struct str table;	/* as the person wrote it */
	struct str what;	/* "orders.csv", "4 files", ... */
	int64_t at_ms;		/* when, since 1970 */

	bool in_use;		/* of stage_notes_read: another has it */
};

#define STAGE_NOTE_EMPTY                                                       \
	{                                                                      \
		.file = STR_EMPTY, .fd = -1, .id = STR_EMPTY,                  \
		.folder = STR_EMPTY, .endpoint = STR_EMPTY,                    \
		.table = STR_EMPTY, .what = STR_EMPTY                          \
	}

/* Forgets the note, which stays on disk. */
void stage_note_done(struct stage_note *note);

/* Writes and locks it. ERR_SYSTEM. */
bool stage_note_start(struct stage_note *note, struct err *err);

/* One more line, not synced: it is for people, the first one is for cleaning
 * up. */
bool stage_note_add(struct stage_note *note, const struct json *line,
		    struct err *err);

/* Reads and locks that of id; *note is STAGE_NOTE_EMPTY. ERR_MISSING: there
 * is none; ERR_USAGE: a running redsh has it. */
bool stage_note_open(struct stage_note *note, const char *id,
		     struct err *err);

/* The objects are gone: the note goes. keep: it still tells which piece held
 * what, for the errors of a load that failed; the newest 20 such are kept
 * where stage_notes_read does not look. */
void stage_note_remove(struct stage_note *note, bool keep);

struct stage_notes {
	struct stage_note *items;	/* [count], oldest first */
	size_t count;
	size_t cap;
};

void stage_notes_done(struct stage_notes *notes);

/* All there are, none locked; *out is { 0 }. */
bool stage_notes_read(struct stage_notes *out, struct err *err);

/* Appends the note's lines behind the first, also of one that was removed and
 * kept. False: there is none. */
bool stage_note_lines(const char *id, struct str *out);

#endif
