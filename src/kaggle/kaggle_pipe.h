/* kaggle/kaggle_pipe.h - one file of a data set as a pipe to read from.
 *
 * A thread of its own downloads and unpacks while somebody reads; when nobody
 * reads it waits, and a connection that is given up meanwhile is made anew.
 */
#ifndef KAGGLE_KAGGLE_PIPE_H
#define KAGGLE_KAGGLE_PIPE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"

struct kaggle_pipe;

/* "kaggle:OWNER/DATASET/FILE". Asks Kaggle before it returns, so that what is
 * wrong with the name or the key is said here. ERR_USAGE: no file is named, or
 * several answer to the name. */
struct kaggle_pipe *kaggle_pipe_open(const char *text, struct err *err);

/* Stops and waits for the thread. NULL is fine. */
void kaggle_pipe_close(struct kaggle_pipe *pipe);
CLEANUP_FREE(struct kaggle_pipe, kaggle_pipe_close, kaggle_pipe_closep)

int kaggle_pipe_fd(const struct kaggle_pipe *pipe); /* borrowed */

/* For people: "kaggle:owner/dataset/file.csv", and what is wrong with the file
 * of the key, "" when nothing. Borrowed. */
const char *kaggle_pipe_name(const struct kaggle_pipe *pipe);
const char *kaggle_pipe_warning(const struct kaggle_pipe *pipe);

/* At the end of what was read: was that all, and good? Waits for the thread.
 * True as well when it was stopped before its end. */
bool kaggle_pipe_end(struct kaggle_pipe *pipe, struct err *err);

#endif
