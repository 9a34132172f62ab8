/* data/yaml_load.h - libyaml, loaded with the first YAML: by the sandbox. */
#ifndef DATA_YAML_LOAD_H
#define DATA_YAML_LOAD_H

#include <stdbool.h>

#include "base/err.h"

/* As lazy_load. Before it, calls into libyaml end the program when it is not
 * there; after it they are safe. */
bool yaml_load(struct err *err);

#endif
