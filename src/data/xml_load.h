/* data/xml_load.h - expat, loaded with the first reply in XML. */
#ifndef DATA_XML_LOAD_H
#define DATA_XML_LOAD_H

#include <stdbool.h>

#include "base/err.h"

/* As lazy_load; to be called before any call into expat. */
bool xml_load(struct err *err);

#endif
