#include "data/json_load.h"

#include <jansson.h>

#include "base/lazy.h"
#include "base/mem.h"

#define FUNCTIONS(ROW)                                                         \
	ROW(void, json_set_alloc_funcs,                                        \
	    (json_malloc_t alloc, json_free_t release), (alloc, release))      \
	ROW(json_t *, json_loadb,                                              \
	    (const char *text, size_t len, size_t flags, json_error_t *error), \
	    (text, len, flags, error))                                         \
	ROW(int, json_dump_callback,                                           \
	    (const json_t *value, json_dump_callback_t dump, void *context,    \
	     size_t flags),                                                    \
	    (value, dump, context, flags))                                     \
	ROW(void, json_delete, (json_t * value), (value))                      \
	ROW(int, json_equal, (const json_t *one, const json_t *other),         \
	    (one, other))                                                      \
	ROW(int, json_object_del, (json_t * object, const char *key),          \
	    (object, key))                                                     \
	ROW(json_t *, json_object, (void), ())                                 \
	ROW(json_t *, json_array, (void), ())                                  \
	ROW(json_t *, json_string, (const char *text), (text))                 \
	ROW(json_t *, json_stringn, (const char *text, size_t len),            \
	    (text, len))                                                       \
	ROW(json_t *, json_integer, (json_int_t number), (number))             \
	ROW(json_t *, json_real, (double number), (number))                    \
	ROW(json_t *, json_true, (void), ())                                   \
	ROW(json_t *, json_false, (void), ())                                  \
	ROW(json_t *, json_null, (void), ())                                   \
	ROW(const char *, json_string_value, (const json_t *value), (value))   \
	ROW(json_int_t, json_integer_value, (const json_t *value), (value))    \
	ROW(double, json_number_value, (const json_t *value), (value))         \
	ROW(size_t, json_object_size, (const json_t *object), (object))        \
	ROW(json_t *, json_object_get,                                         \
	    (const json_t *object, const char *key), (object, key))            \
	ROW(int, json_object_set_new,                                          \
	    (json_t * object, const char *key, json_t *value),                 \
	    (object, key, value))                                              \
	ROW(json_t *, json_deep_copy, (const json_t *value), (value))          \
	ROW(void *, json_object_iter, (json_t * object), (object))             \
	ROW(void *, json_object_iter_next, (json_t * object, void *place),     \
	    (object, place))                                                   \
	ROW(const char *, json_object_iter_key, (void *place), (place))        \
	ROW(json_t *, json_object_iter_value, (void *place), (place))          \
	ROW(size_t, json_array_size, (const json_t *array), (array))           \
	ROW(json_t *, json_array_get, (const json_t *array, size_t index),     \
	    (array, index))                                                    \
	ROW(int, json_array_append_new, (json_t * array, json_t * value),      \
	    (array, value))

static void wipe_what_is_freed(void);

#define LAZY_LIBRARY jansson
LAZY_DEFINE_THEN(FUNCTIONS, JANSSON_SONAME, "libjansson4", "JSON needs it",
		 wipe_what_is_freed)

static void wipe_what_is_freed(void)
{
	lazy_json_set_alloc_funcs(mem_alloc, mem_free_wiped);
}

bool json_load(struct err *err)
{
	return lazy_load(&jansson, err);
}
