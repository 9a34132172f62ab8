#include "base/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void out_of_memory(void)
{
	static const char text[] = "redsh: out of memory\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		abort();
	_exit(1);
}

static size_t checked_product(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory();
	return bytes;
}

enum { SMALL_BYTES = 512 };

static void *raw_alloc(size_t bytes)
{
	void *block = malloc(bytes ? bytes : 1);

	if (block == NULL)
		out_of_memory();
	return block;
}

void *mem_alloc(size_t bytes)
{
	void *block;

	/* glibc's calloc goes past the thread's cache of small blocks; of
	 * large ones it knows which are zero already. */
	if (bytes <= SMALL_BYTES)
		return memset(raw_alloc(bytes), 0, bytes);
	block = calloc(1, bytes);
	if (block == NULL)
		out_of_memory();
	return block;
}

void *mem_alloc_array(size_t count, size_t size)
{
	return mem_alloc(checked_product(count, size));
}

void *mem_resize(void *old, size_t bytes)
{
	void *block = realloc(old, bytes ? bytes : 1);

	if (block == NULL)
		out_of_memory();
	return block;
}

void *mem_resize_array(void *old, size_t count, size_t size)
{
	return mem_resize(old, checked_product(count, size));
}

char *mem_copy_text(const char *text)
{
	return text ? mem_copy_slice(text, strlen(text)) : NULL;
}

char *mem_copy_slice(const char *text, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		out_of_memory();
	copy = raw_alloc(len + 1);
	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

void mem_free(void *block)
{
	free(block);
}

void mem_freep(void *pointer_to_block)
{
	void *block;

	memcpy(&block, pointer_to_block, sizeof(block));
	free(block);
}

void mem_wipe(void *block, size_t bytes)
{
	explicit_bzero(block, bytes);
}

void mem_free_wiped(void *block)
{
	if (block != NULL)
		mem_wipe(block, malloc_usable_size(block));
	free(block);
}

void *mem_resize_wiped(void *old, size_t bytes)
{
	size_t had = old != NULL ? malloc_usable_size(old) : 0;
	void *block;

	if (old != NULL && bytes <= had && bytes >= had / 2)
		return old;
	block = raw_alloc(bytes);
	if (had > 0)
		memcpy(block, old, had < bytes ? had : bytes);
	mem_free_wiped(old);
	return block;
}
