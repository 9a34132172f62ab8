/* edit/history_entry.h - one entry of the history, and what is asked of it. */
#ifndef EDIT_HISTORY_ENTRY_H
#define EDIT_HISTORY_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum history_status {
	HISTORY_UNKNOWN, /* still running, imported, or the shell died */
	HISTORY_OK,
	HISTORY_ERROR,
	HISTORY_CANCELLED,
};

struct history_outcome {
	enum history_status status;
	char sqlstate[8];    /* "" for none */
	int64_t duration_us; /* -1: unknown */
	int64_t rows;        /* -1: none were counted */
};

/* Texts are borrowed from who hands the entry out. */
struct history_entry {
	int64_t id;
	int64_t started_ms; /* since 1970, 0: unknown */
	struct history_outcome outcome;
	const char *profile;  /* "": unknown */
	const char *database; /* "": unknown */
	const char *text;
	size_t len;
};

/* Which entries. All zero: every one. */
struct history_filter {
	const char *profile;  /* NULL: any; those of an unknown one count too */
	const char *database; /* NULL: any; likewise */
	bool only_failed;
	bool no_failed;
	const char *const *words; /* NULL-terminated, or NULL: all of them
				   * stand in the text, in any case */
	int64_t limit;            /* newest; 0: all */
	bool oldest_first;        /* in what order they are given */
};

#endif
