#include "base/env.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

static bool is_of(const char *entry, const char *name, size_t len)
{
	return strncmp(entry, name, len) == 0 && entry[len] == '=';
}

static char *make_entry(const char *name, const char *value)
{
	CLEANUP(str_done) struct str entry = STR_EMPTY;

	str_addf(&entry, "%s=%s", name, value);
	return str_take(&entry);
}

void env_set(const char *name, const char *value)
{
	size_t len = strlen(name);
	size_t count = 0, kept = 0;
	char **list;

	while (environ != NULL && environ[count] != NULL)
		count++;
	/* The list before stands in front, and so stays reachable. */
	list = mem_alloc_array(count + 3, sizeof(*list));
	list[0] = (char *)environ;
	list++;
	for (size_t i = 0; i < count; i++)
		if (!is_of(environ[i], name, len))
			list[kept++] = environ[i];
	if (value != NULL)
		list[kept++] = make_entry(name, value);
	list[kept] = NULL;
	environ = list;
}
