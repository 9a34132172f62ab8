/* base/lazy.h - shared libraries, loaded when they are first needed.
 *
 * Each library that is linked costs a start of the program some 0.4 million
 * instructions and a tenth of a millisecond, needed or not. So what psql does
 * not load either is loaded by name (configure asks the linker for it). One
 * file for each library lists the functions that are called, and defines them
 * under their own names and with the declarations of the library's header, as
 * calls into what was loaded:
 *
 *	#define FUNCTIONS(ROW)                                          \
 *		ROW(json_t *, json_object, (void), ())                  \
 *		ROW(int, json_array_append_new,                         \
 *		    (json_t * array, json_t * value), (array, value))
 *	#define LAZY_LIBRARY jansson
 *	LAZY_DEFINE(FUNCTIONS, JANSSON_SONAME, "libjansson4", "JSON")
 *
 * A row is result, name, parameters, arguments. A function that is not listed
 * fails when the program is linked. Functions with "..." are written out, over
 * LAZY_SLOT and LAZY_SYMBOL.
 */
#ifndef BASE_LAZY_H
#define BASE_LAZY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct lazy_symbol {
	const char *name;
	void *slot; /* pointer to the function pointer */
};

struct lazy {
	const char *file;    /* as the loader finds it */
	const char *package; /* of Debian */
	const char *purpose; /* what needs it: begins a sentence */
	const struct lazy_symbol *symbols;
	size_t count;
	void (*loaded)(void); /* once, by slots, before anybody calls; NULL */
	atomic_bool ready; /* all slots are filled */
};

/* Any thread; cheap when it is loaded. It is never unloaded. ERR_SYSTEM: it
 * is not there or too old; asked again, it is looked for again. */
bool lazy_load(struct lazy *library, struct err *err);

/* For calls that cannot fail: without the library the program ends, as it
 * would when it runs out of memory, with the message that lazy_load gives. */
void lazy_load_or_end(struct lazy *library);

static inline void lazy_need(struct lazy *library)
{
	if (!atomic_load_explicit(&library->ready, memory_order_acquire))
		lazy_load_or_end(library);
}

#define LAZY_SLOT(result, name, parameters, arguments)                         \
	static result(*lazy_##name) parameters;

#define LAZY_SYMBOL(result, name, parameters, arguments)                       \
	{ #name, &lazy_##name },

#define LAZY_CALL(result, name, parameters, arguments)                         \
	result name parameters                                                 \
	{                                                                      \
		lazy_need(&LAZY_LIBRARY);                                      \
		return lazy_##name arguments;                                  \
	}

#define LAZY_DEFINE(functions, file_name, package_name, needed_by)             \
	LAZY_DEFINE_THEN(functions, file_name, package_name, needed_by, NULL)

#define LAZY_DEFINE_THEN(functions, file_name, package_name, needed_by, then)  \
	functions(LAZY_SLOT)                                                   \
	static struct lazy LAZY_LIBRARY = {                                    \
		.file = file_name,                                             \
		.package = package_name,                                       \
		.purpose = needed_by,                                          \
		.symbols =                                                     \
			(const struct lazy_symbol[]){ functions(LAZY_SYMBOL) },\
		.count = sizeof((const struct lazy_symbol[]){                  \
				 functions(LAZY_SYMBOL) }) /                   \
			 sizeof(struct lazy_symbol),                           \
		.loaded = then,                                                \
	};                                                                     \
	functions(LAZY_CALL)

#endif
