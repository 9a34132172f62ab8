/* base/vec.h - typed growable arrays.
 *
 *	struct names { VEC(char *); } names = { 0 };
 *	vec_push(&names, mem_copy_text("a"));
 *	for (size_t i = 0; i < names.count; i++) use(names.items[i]);
 *	vec_done(&names);	frees the array, not what the items own
 *
 * Items move when the array grows: keep indexes, not pointers.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>
#include <string.h>

#include "base/mem.h"

#define VEC(type)                                                              \
	type *items;                                                           \
	size_t count;                                                          \
	size_t cap

#define vec_reserve(vec, extra)                                                \
	do {                                                                   \
		size_t vec_need = (vec)->count + (extra);                      \
		if (vec_need > (vec)->cap) {                                   \
			(vec)->cap = vec_need + vec_need / 2 + 4;              \
			(vec)->items = mem_resize_array((vec)->items,          \
							(vec)->cap,            \
							sizeof(*(vec)->items));\
		}                                                              \
	} while (0)

#define vec_push(vec, item)                                                    \
	do {                                                                   \
		vec_reserve((vec), 1);                                         \
		(vec)->items[(vec)->count++] = (item);                         \
	} while (0)

/* Removes one item and keeps the order. */
#define vec_remove(vec, index)                                                 \
	do {                                                                   \
		size_t vec_at = (index);                                       \
		(vec)->count--;                                                \
		memmove((vec)->items + vec_at, (vec)->items + vec_at + 1,      \
			((vec)->count - vec_at) * sizeof(*(vec)->items));      \
	} while (0)

#define vec_clear(vec) ((void)((vec)->count = 0))

#define vec_done(vec)                                                          \
	do {                                                                   \
		mem_free((vec)->items);                                        \
		(vec)->items = NULL;                                           \
		(vec)->count = (vec)->cap = 0;                                 \
	} while (0)

#endif
