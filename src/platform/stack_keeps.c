#include "platform/stack_keeps.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end != NULL ? end + 1 : line + strlen(line);
}

/* "  NAME:" of the template's second level. */
static bool is_head(const char *line, size_t indent, const char *logical)
{
	size_t len = strlen(logical);

	return indent == 2 && strncmp(line + indent, logical, len) == 0 &&
	       line[indent + len] == ':';
}

static enum stack_keeps keeps_of(const char *text)
{
	static const char policy[] = "DeletionPolicy:";

	if (str_starts(text, "FinalSnapshotName:"))
		return STACK_KEEPS_SNAPSHOT;
	if (!str_starts(text, policy))
		return STACK_KEEPS_NOTHING;
	text += strlen(policy);
	text += strspn(text, " '\"");
	if (str_starts(text, "Retain"))
		return STACK_KEEPS_IT;
	return str_starts(text, "Snapshot") ? STACK_KEEPS_SNAPSHOT
					    : STACK_KEEPS_NOTHING;
}

enum stack_keeps stack_keeps_find(const char *template, const char *logical)
{
	bool resources = false;
	bool inside = false;

	for (const char *line = template; *line != '\0';
	     line = next_line(line)) {
		size_t indent = strspn(line, " ");
		enum stack_keeps keeps;

		if (line[indent] == '\n' || line[indent] == '#' ||
		    line[indent] == '\0')
			continue;
		if (indent == 0)
			resources = str_starts(line, "Resources:");
		if (indent <= 2)
			inside = resources && is_head(line, indent, logical);
		keeps = inside ? keeps_of(line + indent) : STACK_KEEPS_NOTHING;
		if (keeps != STACK_KEEPS_NOTHING)
			return keeps;
	}
	return STACK_KEEPS_NOTHING;
}
