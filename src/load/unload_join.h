/* load/unload_join.h - the files of an UNLOAD joined into one local file.
 *
 * One after the other, so the order of rows stays and memory is flat; of
 * several header lines the first one stays. The file appears whole or not at
 * all: it is written under another name in the same folder and renamed. What
 * a killed process left under such a name, the next one for that file removes.
 */
#ifndef LOAD_UNLOAD_JOIN_H
#define LOAD_UNLOAD_JOIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sink.h"
#include "data/pack.h"

struct unload_join_from {
	/* All bytes of a file to sink. */
	bool (*read)(void *context, const char *uri, struct sink *sink,
		     struct err *err);
	/* Bytes read so far of all; may be NULL. */
	void (*progress)(void *context, int64_t bytes);
	void *context;
};

struct unload_parts;

struct unload_join {
	const struct unload_parts *parts; /* in their order */
	const struct unload_join_from *from;
	const char *path;
	enum pack_kind packed;	/* what the files are */
	enum pack_kind pack;	/* what the file is to be */
	bool header;		/* the files begin with one */
	bool quotes;		/* " holds line ends together, in it */
	bool escape;		/* so does a backslash */
};

/* *out_bytes: of the file. ERR_DATA when a file has not the size that the
 * manifest says. */
bool unload_join_run(const struct unload_join *join, int64_t *out_bytes,
		     struct err *err);

#endif
