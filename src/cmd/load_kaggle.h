/* cmd/load_kaggle.h - \copyfrom's data from a data set of Kaggle.
 *
 * Text and JSON go the way of standard input, a piece at a time; Parquet, ORC
 * and Avro go whole to the staging place, as kaggle/kaggle_get brings them.
 */
#ifndef CMD_LOAD_KAGGLE_H
#define CMD_LOAD_KAGGLE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "kaggle/kaggle_name.h"

struct copy_args;
struct kaggle_pipe;
struct load_world;
struct session;

struct load_kaggle {
	struct session *session;
	struct kaggle_name name;
	struct kaggle_pipe *pipe;	/* NULL: it goes whole, or not at all */
	struct str shown;		/* "kaggle:owner/dataset/file" */
	struct str cure;
};

#define LOAD_KAGGLE_EMPTY                                                      \
	{                                                                      \
		.name = KAGGLE_NAME_EMPTY, .shown = STR_EMPTY,                 \
		.cure = STR_EMPTY                                              \
	}

void load_kaggle_done(struct load_kaggle *kaggle);

/* Fills what world says of the data; *kaggle is LOAD_KAGGLE_EMPTY and has to
 * outlive world. What is wrong with name or key of a pipe is said here. */
bool load_kaggle_open(struct load_kaggle *kaggle, struct session *session,
		      const struct copy_args *parsed, struct load_world *world,
		      struct err *err);

/* The load has failed: why the data ended early says more than what that led
 * to. */
void load_kaggle_explain(struct load_kaggle *kaggle, struct err *err);

#endif
