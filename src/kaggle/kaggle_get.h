/* kaggle/kaggle_get.h - files of a data set to S3, or into a folder.
 *
 * The archive streams: what comes from Kaggle is unpacked and sent on at once,
 * memory stays flat, and nothing lies on a disk but what a folder is to get.
 * A file is finished when its size and CRC-32 are proved. What is wrong with
 * one file is counted and told, the others go on; the network, S3 or Ctrl-C
 * end it. Then a record says which files are done: the same again goes on.
 */
#ifndef KAGGLE_KAGGLE_GET_H
#define KAGGLE_KAGGLE_GET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/s3_uri.h"
#include "base/err.h"
#include "kaggle/kaggle_archive.h"

struct aws;
struct kaggle_client;
struct kaggle_name;
struct progress;

struct kaggle_get {
	/* To be set before: */
	const struct kaggle_name *name;
	struct kaggle_choice choice;
	struct aws *aws;		/* NULL: to a folder */
	struct s3_uri to;		/* a folder of S3, or one object's */
	const char *folder;		/* here; NULL: to S3 */
	/* The one file chosen, to an object; nothing is kept to go on with. */
	bool single;
	bool keep_existing;
	bool dry_run;
	struct {
		void (*progress)(void *context, const struct progress *progress,
				 const char *subject);
		void (*note)(void *context, const char *text);
		void (*failed)(void *context, const struct err *err);
		/* A file of the archive that is at its place at the end, was it
		 * brought or there before. bytes -1: not known. NULL: none. */
		void (*there)(void *context, const char *name, int64_t bytes);
		void *context;
	} watch;

	/* Filled: */
	int64_t files;			/* brought now, or would be */
	int64_t bytes;
	int64_t before;			/* there from an earlier try */
	int64_t left;			/* not overwritten, as wanted */
	int64_t failed;
	struct err first;		/* the first failure */
};

/* The client's watch may be the same as that of get. False: nothing more could
 * be brought, err says why and what the same command would do; or some files
 * failed. */
bool kaggle_get_run(struct kaggle_get *get, struct kaggle_client *client,
		    struct err *err);

#endif
