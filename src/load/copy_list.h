/* load/copy_list.h - \copyfrom's source of globs and of several URIs.
 *
 * COPY knows prefixes and manifests only: what a pattern or several URIs name
 * is listed and written to a manifest in the staging folder (load/stage_place)
 * with mandatory entries, which goes when the answer is there. Where a prefix
 * says exactly the same, no manifest is needed.
 */
#ifndef LOAD_COPY_LIST_H
#define LOAD_COPY_LIST_H

#include "load/copy_source.h"

extern const struct copy_source_kind copy_list_objects;

#endif
