/* load/copy_fetch.h - \copyfrom's source that goes whole to the staging place:
 * a Parquet file of a data set of Kaggle.
 *
 * It goes there before anybody looks, since what is to be looked at stands at
 * its end: the person is asked when it is in S3, and a no takes it away. With
 * --print and --no-sniff its format is what the end of its name says.
 */
#ifndef LOAD_COPY_FETCH_H
#define LOAD_COPY_FETCH_H

#include <stdbool.h>

#include "load/copy_source.h"

struct copy_options;

/* For this line, of which struct load_world says fetch. */
const struct copy_source_kind *copy_fetch_kind(const struct copy_args *args);

/* Does a file of that name, loaded so, have to go whole? */
bool copy_fetch_is_whole(const char *name, const struct copy_options *options);

#endif
