/* load/staging.h - local files in S3 while a COPY runs.
 *
 * Text is cut where records end into pieces of equal size, compressed and
 * sent while it is still being cut (stage_cut, stage_pack, stage_send); what
 * is compressed already, and Parquet, ORC and Avro, goes as it is. A manifest
 * with mandatory entries names them all. Everything lies in a folder with a
 * note (stage_place). Memory is flat whatever the size.
 *
 * How many pieces: a multiple of the slices, each of 1 to 64 MiB when
 * compressed, or, where slices are not known (serverless, inside a block),
 * pieces of some 96 MiB (c_best-practices-use-multiple-files: 1 MB to 1 GB; a
 * multiple of the slices; 64 to 128 MB on serverless). Of a pipe nobody knows
 * the size: pieces of 64 MiB.
 */
#ifndef LOAD_STAGING_H
#define LOAD_STAGING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "data/pack.h"
#include "load/stage_files.h"
#include "load/stage_map.h"
#include "load/stage_place.h"
#include "load/stage_send.h"

struct aws;
struct copy_options;
struct sniff;

struct staging {
	struct stage_files files;
	struct stage_place place;
	struct stage_map map;
	struct stage_sents sents;	/* what S3 has */
	struct str manifest;		/* its URI */
	enum pack_kind pack;		/* of all objects */
	bool cuts;			/* some files are cut */
	bool has_manifest;		/* S3 has it */
	bool unsure;			/* see stage_send_run */
};

#define STAGING_EMPTY                                                          \
	{                                                                      \
		.files = STAGE_FILES_EMPTY, .place = STAGE_PLACE_EMPTY,        \
		.manifest = STR_EMPTY                                          \
	}

void staging_done(struct staging *staging);

/* Which way the files go; fills pack and cuts. options: what the person gave;
 * sniff: of the first file. ERR_USAGE: the files do not go together, or what
 * was asked for cannot be done here. */
bool staging_choose(struct staging *staging,
		    const struct copy_options *options,
		    const struct sniff *sniff, struct err *err);

/* Do they say that a file goes as it is, for an inner structure of its own? */
bool staging_is_whole(const struct copy_options *options);

/* ERR_USAGE: they do not go with what is staged. */
bool staging_check(const struct copy_options *options, struct err *err);

/* Where everything will lie; fills manifest. print: the folder has no name
 * yet, "ID" stands for it. */
void staging_name(struct staging *staging, const char *base, bool print);

struct staging_how {
	struct aws *aws;
	const char *table;
	const struct copy_options *options;	/* of the whole statement */
	const struct sniff *sniff;
	int64_t slices;		/* 0: not known */
	int threads;		/* 0: see stage_pack */
	bool only_nulls;	/* see stage_cut */
	void (*progress)(void *context, const char *text);
	void *context;
};

/* Sends all and the manifest. On failure what was sent is still there. */
bool staging_send(struct staging *staging, const struct staging_how *how,
		  struct err *err);

/* Takes everything away, if anything was begun. keep_map: a load failed, its
 * errors will be asked for. */
bool staging_remove(struct staging *staging, struct aws *aws, bool keep_map,
		    struct err *err);

/* Bytes of the objects. */
int64_t staging_bytes(const struct staging *staging);

#endif
