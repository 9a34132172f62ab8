/* base/mem.h - allocation that does not return NULL, and scope cleanup.
 *
 * Running out of memory ends the program with a message, so callers carry no
 * branches that no test can reach. Sizes that come from files or peers are
 * checked against a stated limit before they get here.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* CLEANUP(str_done) struct str s = STR_EMPTY; runs str_done(&s) at scope end.
 * CLEANUP(split_freep) struct split *s; for pointers: see CLEANUP_FREE. */
#define CLEANUP(function) __attribute__((cleanup(function)))

/* Defines TYPE_freep for CLEANUP from TYPE_free; goes in the header. */
#define CLEANUP_FREE(type, free_function, name)                                \
	static inline void name(type **object)                                 \
	{                                                                      \
		free_function(*object);                                        \
	}

void *mem_alloc(size_t bytes);			/* zeroed */
void *mem_alloc_array(size_t count, size_t size); /* zeroed, checked */
void *mem_resize(void *old, size_t bytes);
void *mem_resize_array(void *old, size_t count, size_t size);
char *mem_copy_text(const char *text);		/* NULL stays NULL */
char *mem_copy_slice(const char *text, size_t len); /* adds the NUL */
void mem_free(void *block);			/* NULL is fine */

/* For CLEANUP(mem_freep) char *text; */
void mem_freep(void *pointer_to_block);

/* Overwrites with zeros in a way the compiler keeps. */
void mem_wipe(void *block, size_t bytes);

/* For libraries that take free(3) and realloc(3) from us and are given keys:
 * what is let go is wiped, whatever it was used for. */
void mem_free_wiped(void *block);
void *mem_resize_wiped(void *old, size_t bytes);

#endif
