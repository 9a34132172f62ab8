#include "data/yaml_load.h"

#include <yaml.h>

#include "base/lazy.h"

#define FUNCTIONS(ROW)                                                         \
	ROW(int, yaml_parser_initialize, (yaml_parser_t * parser), (parser))   \
	ROW(void, yaml_parser_delete, (yaml_parser_t * parser), (parser))      \
	ROW(void, yaml_parser_set_input_string,                                \
	    (yaml_parser_t * parser, const unsigned char *input, size_t size), \
	    (parser, input, size))                                             \
	ROW(int, yaml_parser_parse,                                            \
	    (yaml_parser_t * parser, yaml_event_t * event), (parser, event))   \
	ROW(void, yaml_event_delete, (yaml_event_t * event), (event))

#define LAZY_LIBRARY libyaml
LAZY_DEFINE(FUNCTIONS, YAML_SONAME, "libyaml-0-2", "YAML needs it")

bool yaml_load(struct err *err)
{
	return lazy_load(&libyaml, err);
}
