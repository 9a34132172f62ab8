/* data/xml_events.h - XML told element by element, without a tree: for long
 * lists.
 *
 * The guards of data/xml hold: depth 32, no DTD. Prefixes of namespaces and
 * attributes are dropped.
 */
#ifndef DATA_XML_EVENTS_H
#define DATA_XML_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct xml_events {
	/* depth 0 is the root. NULL: nothing to do. */
	void (*open)(void *context, const char *name, size_t depth);
	/* text: what stood in it behind its last child, NUL after len bytes;
	 * borrowed until this returns. */
	void (*close)(void *context, const char *name, size_t depth,
		      const char *text, size_t len);
	void *context;
};

/* ERR_DATA: malformed or cut short; events before that have been told. */
bool xml_events_read(const struct xml_events *events, const char *xml,
		     size_t len, struct err *err);

#endif
