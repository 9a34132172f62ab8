/* load/stage_cut.h - files to text for pieces: cut where records end.
 *
 * Lines that IGNOREHEADER passes over stand at the top of each file, and so
 * they do in each piece (those of the first file that has as many, an empty
 * one has not): the parameter counts lines
 * of every object, hence the statement stays as it was written, and a piece
 * can be looked at by itself. The mark of UTF-16 is repeated likewise, that
 * of UTF-8 is left out. A last line without an end gets one where another
 * file follows. All else goes through byte by byte.
 *
 * Runs in a thread of its own; memory is some blocks, or the longest record
 * where that is longer, 64 MiB at most.
 */
#ifndef LOAD_STAGE_CUT_H
#define LOAD_STAGE_CUT_H

#include <stdbool.h>
#include <stdint.h>

#include "data/pack.h"
#include "load/stage_scan.h"

struct stage_files;
struct stage_map;
struct stage_pack;

struct stage_cut_plan {
	struct stage_scan scan;
	int64_t header_lines;	/* IGNOREHEADER */
	bool lenient;		/* bad records may pass: MAXERROR */
	bool only_nulls;	/* of backslashes only \N may come: all others
				 * of PostgreSQL's text format COPY reads
				 * otherwise */
	int64_t bytes;		/* of the files to cut; -1: not known */
	int64_t before;		/* pieces that are there already: the first
				 * one is before + 1 */
	int64_t pieces;		/* so many of equal size; 0: see next */
	int64_t piece_bytes;	/* plain, of each but the last */
	int64_t block_bytes;	/* given to the packers at once; 0: 1 MiB */
	bool only_plain;	/* compressed files are left out */
	enum pack_kind unpack;	/* of a pipe: its text is what is cut */
};

/* Cuts all files; ends with stage_pack_end, with the reason when it failed:
 * ERR_DATA names file, line and byte of a record that never ends. map is
 * whole when the pack has come to its end. */
void stage_cut_run(const struct stage_cut_plan *plan,
		   struct stage_files *files, struct stage_pack *pack,
		   struct stage_map *map);

#endif
