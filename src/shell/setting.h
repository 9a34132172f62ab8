/* shell/setting.h - \pset: how tables are drawn, one row a setting. */
#ifndef SHELL_SETTING_H
#define SHELL_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "print/printer.h"

struct str;

enum setting_pager {
	SETTING_PAGER_OFF,
	SETTING_PAGER_ON,
	SETTING_PAGER_ALWAYS,
};

struct settings {
	struct print_options print; /* its texts point to those below */
	char *null_text;
	char *field_sep;
	char *record_sep;
	char *title;
	char *table_attr;
	enum setting_pager pager;
	int pager_min_lines;
	/* Values that STYLE put there, for a terminal only (shell/style); a
	 * value that a person sets is his own. */
	struct {
		bool linestyle, expanded, xheader;
	} by_style;
};

struct setting {             /* a row of the table */
	const char *name;    /* NULL ends */
	const char *aliases; /* blank separated, or NULL */
	const char *values;  /* for Tab and help: "on, off, auto" */
	const char *brief;
	/* value NULL: not given; a switch then turns round. */
	bool (*set)(struct settings *settings, const char *name,
		    const char *value, struct err *err);
	/* Appends what \pset without arguments shows. */
	void (*show)(const struct settings *settings, struct str *out);
	/* Appends the sentence that tells the value. */
	void (*tell)(const struct settings *settings, struct str *out);
	bool silent; /* as psql: told only when turned round */
};

extern const struct setting setting_table[];

void settings_init(struct settings *settings);
void settings_done(struct settings *settings);
void settings_copy(struct settings *to, const struct settings *from);

/* NULL and ERR_USAGE: no such setting. */
const struct setting *setting_find(const char *name, struct err *err);

/* Sets one; appends to out_told the sentence about it (NULL: not wanted). */
bool settings_set(struct settings *settings, const char *name,
		  const char *value, struct str *out_told, struct err *err);

/* All of them, as \pset alone lists. */
void settings_list(const struct settings *settings, struct str *out);

#endif
