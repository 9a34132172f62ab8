/* load/stage_map.h - which lines of a piece are which lines of a file.
 *
 * Load errors name a piece in S3 and a line in it; people know their own
 * files. The map is a few numbers for each piece, made while the files are
 * cut and written to the note of the staged folder, where it is found again
 * by the piece's URI: also after the folder is gone (stage_note_remove).
 */
#ifndef LOAD_STAGE_MAP_H
#define LOAD_STAGE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

struct stage_note;

/* Lines of a piece, up to the next stretch, and where they were. Lines count
 * from 1, files and pieces too; offset is of the first one's first byte. */
struct stage_stretch {
	int64_t piece;
	int64_t piece_line;
	int64_t file;
	int64_t line;
	int64_t offset;
};

struct stage_map {
	struct {
		VEC(char *);
	} files;	/* absolute names; "standard input" */
	struct {
		VEC(struct stage_stretch);
	} stretches;	/* by piece and line */
};

void stage_map_done(struct stage_map *map);	/* starts as { 0 } */

/* The number of the file from here on. */
int64_t stage_map_add_file(struct stage_map *map, const char *path);
void stage_map_add(struct stage_map *map, const struct stage_stretch *stretch);

/* Adds it to the note's lines. */
bool stage_map_write(const struct stage_map *map, struct stage_note *note,
		     struct err *err);

/* A place in a file of the person's. */
struct stage_spot {
	struct str file;	/* absolute, or "standard input" */
	int64_t line;
	int64_t from_line;	/* a line at or before it ... */
	int64_t from_offset;	/* ... begins at this byte (unpacked) */
	bool cut;		/* other pieces hold other lines of the file */
};

#define STAGE_SPOT_EMPTY                                                       \
	{                                                                      \
		.file = STR_EMPTY                                              \
	}

void stage_spot_done(struct stage_spot *spot);

/* uri and line of a load error, in one of the pieces that this machine has
 * staged. line <= 0: only the file is looked for. False: it is no such piece,
 * or its note is gone. */
bool stage_map_find(const char *uri, int64_t line, struct stage_spot *out);

#endif
