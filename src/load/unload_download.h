/* load/unload_download.h - \copyto --download: rows to a file here, by UNLOAD.
 *
 * UNLOAD writes into a folder of its own (load/stage_place), whose note tells
 * of it until it is empty again; its files are joined (load/unload_join), or
 * fetched as they are, and removed, also after a failure or Ctrl-C. When the
 * server's answer never came they stay, since it may still be writing.
 */
#ifndef LOAD_UNLOAD_DOWNLOAD_H
#define LOAD_UNLOAD_DOWNLOAD_H

#include <stdbool.h>

#include "base/err.h"

struct unload;

bool unload_download_run(struct unload *unload, struct err *err);

#endif
