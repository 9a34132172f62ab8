#include "shell/setting.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "shell/var.h"

void settings_init(struct settings *settings)
{
	*settings = (struct settings){ .pager = SETTING_PAGER_ON };
	print_options_init(&settings->print);
	settings->print.format = printer_find("aligned", NULL);
	settings->null_text = mem_copy_text("");
	settings->field_sep = mem_copy_text("|");
	settings->record_sep = mem_copy_text("\n");
	settings->print.null_text = settings->null_text;
	settings->print.field_sep = settings->field_sep;
	settings->print.record_sep = settings->record_sep;
}

void settings_done(struct settings *settings)
{
	mem_free(settings->null_text);
	mem_free(settings->field_sep);
	mem_free(settings->record_sep);
	mem_free(settings->title);
	mem_free(settings->table_attr);
	*settings = (struct settings){ 0 };
}

void settings_copy(struct settings *to, const struct settings *from)
{
	*to = *from;
	to->null_text = mem_copy_text(from->null_text);
	to->field_sep = mem_copy_text(from->field_sep);
	to->record_sep = mem_copy_text(from->record_sep);
	to->title = mem_copy_text(from->title);
	to->table_attr = mem_copy_text(from->table_attr);
	to->print.null_text = to->null_text;
	to->print.field_sep = to->field_sep;
	to->print.record_sep = to->record_sep;
	to->print.title = to->title;
	to->print.table_attr = to->table_attr;
}

/* ---- helpers of the rows ---- */

static void replace(char **text, const char *value)
{
	char *copy = mem_copy_text(value);

	mem_free(*text);
	*text = copy;
}

static void add_on_off(struct str *out, bool on)
{
	str_add(out, on ? "on" : "off");
}

/* 'text' with its quotes and newlines escaped. */
static void add_quoted(struct str *out, const char *text)
{
	str_add_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\n')
			str_add(out, "\\n");
		else if (*text == '\'')
			str_add(out, "\\'");
		else
			str_add_char(out, *text);
	}
	str_add_char(out, '\'');
}

static bool set_switch(bool *at, const char *name, const char *value,
		       struct err *err)
{
	if (value)
		return var_parse_bool(value, name, at, err);
	*at = !*at;
	return true;
}

/* A switch with a third word, or a refusal that lists all. */
static bool set_three_way(int *at, const char *name, const char *value,
			  const char *third, struct err *err)
{
	bool on = false;

	if (!value) {
		*at = *at == 1 ? 0 : 1;
		return true;
	}
	if (strcasecmp(value, third) == 0) {
		*at = 2;
		return true;
	}
	if (!var_parse_bool(value, name, &on, NULL))
		return err_set(err, ERR_USAGE,
			       "unrecognized value \"%s\" for \"%s\"\n"
			       "Available values are: on, off, %s.",
			       value, name, third);
	*at = on;
	return true;
}

/* ---- border ---- */

static bool border_set(struct settings *s, const char *name, const char *value,
		       struct err *err)
{
	(void)name;
	(void)err;
	if (value)
		/* psql keeps it in 16 bits: -1 is a thick one. */
		s->print.border = (uint16_t)strtol(value, NULL, 10);
	return true;
}

static void border_show(const struct settings *s, struct str *out)
{
	str_addf(out, "%d", s->print.border);
}

static void border_tell(const struct settings *s, struct str *out)
{
	str_addf(out, "Border style is %d.\n", s->print.border);
}

/* ---- columns ---- */

static bool columns_set(struct settings *s, const char *name, const char *value,
			struct err *err)
{
	(void)name;
	(void)err;
	if (value)
		s->print.columns = (int)strtol(value, NULL, 10);
	return true;
}

static void columns_show(const struct settings *s, struct str *out)
{
	str_addf(out, "%d", s->print.columns);
}

static void columns_tell(const struct settings *s, struct str *out)
{
	if (s->print.columns == 0)
		str_add(out, "Target width is unset.\n");
	else
		str_addf(out, "Target width is %d.\n", s->print.columns);
}

/* ---- csv_fieldsep ---- */

static bool csv_set(struct settings *s, const char *name, const char *value,
		    struct err *err)
{
	(void)name;
	if (!value)
		return true;
	if (strlen(value) != 1)
		return err_set(err, ERR_USAGE,
			       "\\pset: csv_fieldsep must be a single one-byte "
			       "character");
	if (*value == '"' || *value == '\n' || *value == '\r')
		return err_set(err, ERR_USAGE,
			       "\\pset: csv_fieldsep cannot be a double quote, "
			       "a newline, or a carriage return");
	s->print.csv_field_sep = *value;
	return true;
}

static void csv_show(const struct settings *s, struct str *out)
{
	char text[2] = { s->print.csv_field_sep };

	add_quoted(out, text);
}

static void csv_tell(const struct settings *s, struct str *out)
{
	str_addf(out, "Field separator for CSV is \"%c\".\n",
		 s->print.csv_field_sep);
}

/* ---- expanded ---- */

static bool expanded_set(struct settings *s, const char *name,
			 const char *value, struct err *err)
{
	int now = (int)s->print.expanded;

	/* Without a value: off becomes on, on and auto become off. */
	if (!value)
		now = now ? 0 : 1;
	else if (!set_three_way(&now, name, value, "auto", err))
		return false;
	s->print.expanded = (enum print_expanded)now;
	s->by_style.expanded = false;
	return true;
}

static void expanded_show(const struct settings *s, struct str *out)
{
	static const char *const words[] = { "off", "on", "auto" };

	str_add(out, words[s->print.expanded]);
}

static void expanded_tell(const struct settings *s, struct str *out)
{
	static const char *const sentences[] = {
		"Expanded display is off.\n",
		"Expanded display is on.\n",
		"Expanded display is used automatically.\n",
	};

	str_add(out, sentences[s->print.expanded]);
}

/* ---- fieldsep, recordsep ---- */

static bool fieldsep_set(struct settings *s, const char *name,
			 const char *value, struct err *err)
{
	(void)name;
	(void)err;
	if (!value)
		return true;
	replace(&s->field_sep, value);
	s->print.field_sep = s->field_sep;
	s->print.field_sep_zero = false;
	return true;
}

static void fieldsep_show(const struct settings *s, struct str *out)
{
	add_quoted(out, s->print.field_sep_zero ? "" : s->field_sep);
}

static void fieldsep_tell(const struct settings *s, struct str *out)
{
	if (s->print.field_sep_zero)
		str_add(out, "Field separator is zero byte.\n");
	else
		str_addf(out, "Field separator is \"%s\".\n", s->field_sep);
}

static bool fieldsep_zero_set(struct settings *s, const char *name,
			      const char *value, struct err *err)
{
	(void)name;
	(void)value;
	(void)err;
	s->print.field_sep_zero = true;
	return true;
}

static void fieldsep_zero_show(const struct settings *s, struct str *out)
{
	add_on_off(out, s->print.field_sep_zero);
}

static bool recordsep_set(struct settings *s, const char *name,
			  const char *value, struct err *err)
{
	(void)name;
	(void)err;
	if (!value)
		return true;
	replace(&s->record_sep, value);
	s->print.record_sep = s->record_sep;
	s->print.record_sep_zero = false;
	return true;
}

static void recordsep_show(const struct settings *s, struct str *out)
{
	add_quoted(out, s->print.record_sep_zero ? "" : s->record_sep);
}

static void recordsep_tell(const struct settings *s, struct str *out)
{
	if (s->print.record_sep_zero)
		str_add(out, "Record separator is zero byte.\n");
	else if (strcmp(s->record_sep, "\n") == 0)
		str_add(out, "Record separator is <newline>.\n");
	else
		str_addf(out, "Record separator is \"%s\".\n", s->record_sep);
}

static bool recordsep_zero_set(struct settings *s, const char *name,
			       const char *value, struct err *err)
{
	(void)name;
	(void)value;
	(void)err;
	s->print.record_sep_zero = true;
	return true;
}

static void recordsep_zero_show(const struct settings *s, struct str *out)
{
	add_on_off(out, s->print.record_sep_zero);
}

/* ---- footer, numericlocale, tuples_only ---- */

static bool footer_set(struct settings *s, const char *name, const char *value,
		       struct err *err)
{
	return set_switch(&s->print.show_footer, name, value, err);
}

static void footer_show(const struct settings *s, struct str *out)
{
	add_on_off(out, s->print.show_footer);
}

static void footer_tell(const struct settings *s, struct str *out)
{
	str_addf(out, "Default footer is %s.\n",
		 s->print.show_footer ? "on" : "off");
}

static bool locale_set(struct settings *s, const char *name, const char *value,
		       struct err *err)
{
	return set_switch(&s->print.numeric_locale, name, value, err);
}

static void locale_show(const struct settings *s, struct str *out)
{
	add_on_off(out, s->print.numeric_locale);
}

static void locale_tell(const struct settings *s, struct str *out)
{
	str_addf(out, "Locale-adjusted numeric output is %s.\n",
		 s->print.numeric_locale ? "on" : "off");
}

static bool tuples_set(struct settings *s, const char *name, const char *value,
		       struct err *err)
{
	return set_switch(&s->print.tuples_only, name, value, err);
}

static void tuples_show(const struct settings *s, struct str *out)
{
	add_on_off(out, s->print.tuples_only);
}

static void tuples_tell(const struct settings *s, struct str *out)
{
	str_addf(out, "Tuples only is %s.\n",
		 s->print.tuples_only ? "on" : "off");
}

/* ---- format ---- */

static bool format_set(struct settings *s, const char *name, const char *value,
		       struct err *err)
{
	const struct printer *printer;

	(void)name;
	if (!value)
		return true;
	printer = printer_find(value, err);
	if (!printer)
		return err_wrap(err, "\\pset");
	s->print.format = printer;
	return true;
}

static void format_show(const struct settings *s, struct str *out)
{
	str_add(out, printer_name(s->print.format));
}

static void format_tell(const struct settings *s, struct str *out)
{
	str_addf(out, "Output format is %s.\n", printer_name(s->print.format));
}

/* ---- line styles ---- */

static const char *const linestyles[] = { "ascii", "old-ascii", "unicode" };
static const char *const unicode_styles[] = { "single", "double" };

static bool linestyle_set(struct settings *s, const char *name,
			  const char *value, struct err *err)
{
	(void)name;
	if (!value)
		return true;
	s->by_style.linestyle = false;
	for (size_t i = 0; i < COUNT_OF(linestyles); i++)
		if (strncasecmp(linestyles[i], value, strlen(value)) == 0) {
			s->print.linestyle = (enum print_linestyle)i;
			return true;
		}
	return err_set(err, ERR_USAGE,
		       "\\pset: allowed line styles are "
		       "ascii, old-ascii, unicode");
}

static void linestyle_show(const struct settings *s, struct str *out)
{
	str_add(out, linestyles[s->print.linestyle]);
}

static void linestyle_tell(const struct settings *s, struct str *out)
{
	str_addf(out, "Line style is %s.\n", linestyles[s->print.linestyle]);
}

static bool unicode_set(enum print_unicode *at, const char *what,
			const char *value, struct err *err)
{
	if (!value)
		return true;
	for (size_t i = 0; i < COUNT_OF(unicode_styles); i++)
		if (strncasecmp(unicode_styles[i], value, strlen(value)) == 0) {
			*at = (enum print_unicode)i;
			return true;
		}
	return err_set(err, ERR_USAGE,
		       "\\pset: allowed Unicode %s line styles are single, "
		       "double",
		       what);
}

static bool unicode_border_set(struct settings *s, const char *name,
			       const char *value, struct err *err)
{
	(void)name;
	return unicode_set(&s->print.unicode_border, "border", value, err);
}

static void unicode_border_show(const struct settings *s, struct str *out)
{
	str_add(out, unicode_styles[s->print.unicode_border]);
}

static void unicode_border_tell(const struct settings *s, struct str *out)
{
	str_addf(out, "Unicode border line style is \"%s\".\n",
		 unicode_styles[s->print.unicode_border]);
}

static bool unicode_column_set(struct settings *s, const char *name,
			       const char *value, struct err *err)
{
	(void)name;
	return unicode_set(&s->print.unicode_column, "column", value, err);
}

static void unicode_column_show(const struct settings *s, struct str *out)
{
	str_add(out, unicode_styles[s->print.unicode_column]);
}

static void unicode_column_tell(const struct settings *s, struct str *out)
{
	str_addf(out, "Unicode column line style is \"%s\".\n",
		 unicode_styles[s->print.unicode_column]);
}

static bool unicode_header_set(struct settings *s, const char *name,
			       const char *value, struct err *err)
{
	(void)name;
	return unicode_set(&s->print.unicode_header, "header", value, err);
}

static void unicode_header_show(const struct settings *s, struct str *out)
{
	str_add(out, unicode_styles[s->print.unicode_header]);
}

static void unicode_header_tell(const struct settings *s, struct str *out)
{
	str_addf(out, "Unicode header line style is \"%s\".\n",
		 unicode_styles[s->print.unicode_header]);
}

/* ---- null, tableattr, title ---- */

static bool null_set(struct settings *s, const char *name, const char *value,
		     struct err *err)
{
	(void)name;
	(void)err;
	if (!value)
		return true;
	replace(&s->null_text, value);
	s->print.null_text = s->null_text;
	return true;
}

static void null_show(const struct settings *s, struct str *out)
{
	add_quoted(out, s->null_text);
}

static void null_tell(const struct settings *s, struct str *out)
{
	str_addf(out, "Null display is \"%s\".\n", s->null_text);
}

static bool tableattr_set(struct settings *s, const char *name,
			  const char *value, struct err *err)
{
	(void)name;
	(void)err;
	replace(&s->table_attr, value);
	s->print.table_attr = s->table_attr;
	return true;
}

static void tableattr_show(const struct settings *s, struct str *out)
{
	if (s->table_attr)
		add_quoted(out, s->table_attr);
}

static void tableattr_tell(const struct settings *s, struct str *out)
{
	if (s->table_attr)
		str_addf(out, "Table attributes are \"%s\".\n", s->table_attr);
	else
		str_add(out, "Table attributes unset.\n");
}

static bool title_set(struct settings *s, const char *name, const char *value,
		      struct err *err)
{
	(void)name;
	(void)err;
	replace(&s->title, value);
	s->print.title = s->title;
	return true;
}

static void title_show(const struct settings *s, struct str *out)
{
	if (s->title)
		add_quoted(out, s->title);
}

static void title_tell(const struct settings *s, struct str *out)
{
	if (s->title)
		str_addf(out, "Title is \"%s\".\n", s->title);
	else
		str_add(out, "Title is unset.\n");
}

/* ---- pager ---- */

static bool pager_set(struct settings *s, const char *name, const char *value,
		      struct err *err)
{
	int now = (int)s->pager;

	if (!set_three_way(&now, name, value, "always", err))
		return false;
	s->pager = (enum setting_pager)now;
	return true;
}

static void pager_show(const struct settings *s, struct str *out)
{
	str_addf(out, "%d", (int)s->pager);
}

static void pager_tell(const struct settings *s, struct str *out)
{
	static const char *const sentences[] = {
		"Pager usage is off.\n",
		"Pager is used for long output.\n",
		"Pager is always used.\n",
	};

	str_add(out, sentences[s->pager]);
}

static bool min_lines_set(struct settings *s, const char *name,
			  const char *value, struct err *err)
{
	(void)name;
	(void)err;
	if (value)
		s->pager_min_lines = (int)strtol(value, NULL, 10);
	return true;
}

static void min_lines_show(const struct settings *s, struct str *out)
{
	str_addf(out, "%d", s->pager_min_lines);
}

static void min_lines_tell(const struct settings *s, struct str *out)
{
	str_addf(out, "Pager won't be used for less than %d line%s.\n",
		 s->pager_min_lines, s->pager_min_lines == 1 ? "" : "s");
}

/* ---- xheader_width ---- */

static const char *const xheader_words[] = { "full", "column", "page" };

static bool xheader_set(struct settings *s, const char *name, const char *value,
			struct err *err)
{
	int columns;

	(void)name;
	if (!value)
		return true;
	s->by_style.xheader = false;
	for (size_t i = 0; i < COUNT_OF(xheader_words); i++)
		if (strcasecmp(value, xheader_words[i]) == 0) {
			s->print.xheader = (enum print_xheader)i;
			return true;
		}
	columns = (int)strtol(value, NULL, 10);
	if (columns == 0)
		return err_set(err, ERR_USAGE,
			       "\\pset: allowed xheader_width values are "
			       "\"full\" (default), \"column\", \"page\", or a "
			       "number specifying the exact width");
	s->print.xheader = PRINT_XHEADER_EXACT;
	s->print.xheader_columns = columns;
	return true;
}

static void xheader_show(const struct settings *s, struct str *out)
{
	if (s->print.xheader == PRINT_XHEADER_EXACT)
		str_addf(out, "%d", s->print.xheader_columns);
	else
		str_add(out, xheader_words[s->print.xheader]);
}

static void xheader_tell(const struct settings *s, struct str *out)
{
	const char *quote = s->print.xheader == PRINT_XHEADER_EXACT ? "" : "\"";

	str_addf(out, "Expanded header width is %s", quote);
	xheader_show(s, out);
	str_addf(out, "%s.\n", quote);
}

/* ---- the table, in the order in which \pset lists it ---- */

#define ROW(prefix) prefix##_set, prefix##_show, prefix##_tell

const struct setting setting_table[] = {
	{ "border", NULL, "0, 1, 2", "lines around and between cells",
	  ROW(border) },
	{ "columns", NULL, "number", "width of wrapped output, 0: the screen",
	  ROW(columns) },
	{ "csv_fieldsep", NULL, "character", "field separator of csv output",
	  ROW(csv) },
	{ "expanded", "x vertical", "on, off, auto", "one line for each field",
	  ROW(expanded) },
	{ "fieldsep", NULL, "text", "field separator of unaligned output",
	  ROW(fieldsep) },
	{ "fieldsep_zero", NULL, NULL, "separate fields with a zero byte",
	  fieldsep_zero_set, fieldsep_zero_show, fieldsep_tell },
	{ "footer", NULL, "on, off", "the line that counts the rows",
	  ROW(footer), .silent = true },
	{ "format", NULL,
	  "aligned, asciidoc, csv, html, json, latex, latex-longtable, "
	  "markdown, troff-ms, unaligned, wrapped",
	  "output format", ROW(format) },
	{ "linestyle", NULL, "ascii, old-ascii, unicode",
	  "characters that draw the lines", ROW(linestyle) },
	{ "null", NULL, "text", "what stands for a null value", ROW(null) },
	{ "numericlocale", NULL, "on, off", "group digits as the locale does",
	  ROW(locale), .silent = true },
	{ "pager", NULL, "on, off, always", "show long output page by page",
	  ROW(pager) },
	{ "pager_min_lines", NULL, "number", "no pager for fewer lines",
	  ROW(min_lines) },
	{ "recordsep", NULL, "text", "line separator of unaligned output",
	  ROW(recordsep) },
	{ "recordsep_zero", NULL, NULL, "separate lines with a zero byte",
	  recordsep_zero_set, recordsep_zero_show, recordsep_tell },
	{ "tableattr", "T", "text", "attributes of HTML's table tag",
	  ROW(tableattr) },
	{ "title", "C", "text", "title of the tables that follow", ROW(title) },
	{ "tuples_only", "t", "on, off", "rows only", ROW(tuples),
	  .silent = true },
	{ "unicode_border_linestyle", NULL, "single, double",
	  "border of unicode line style", ROW(unicode_border) },
	{ "unicode_column_linestyle", NULL, "single, double",
	  "column lines of unicode line style", ROW(unicode_column) },
	{ "unicode_header_linestyle", NULL, "single, double",
	  "header line of unicode line style", ROW(unicode_header) },
	{ "xheader_width", NULL, "full, column, page",
	  "width of the lines between expanded records, or a number",
	  ROW(xheader) },
	{ .name = NULL },
};

static bool has_word(const char *words, const char *word)
{
	while (words && *words) {
		size_t len = strcspn(words, " ");

		if (str_slice_equal(words, len, word))
			return true;
		words += len + strspn(words + len, " ");
	}
	return false;
}

const struct setting *setting_find(const char *name, struct err *err)
{
	for (const struct setting *row = setting_table; row->name; row++)
		if (strcmp(row->name, name) == 0 ||
		    has_word(row->aliases, name))
			return row;
	err_set(err, ERR_USAGE, "\\pset: unknown option: %s", name);
	return NULL;
}

bool settings_set(struct settings *settings, const char *name,
		  const char *value, struct str *out_told, struct err *err)
{
	const struct setting *row = setting_find(name, err);

	if (!row || !row->set(settings, name, value, err))
		return false;
	if (out_told && !(row->silent && value))
		row->tell(settings, out_told);
	return true;
}

void settings_list(const struct settings *settings, struct str *out)
{
	for (const struct setting *row = setting_table; row->name; row++) {
		/* psql 15 does not list it, so nobody sees it who has not
		 * set it. */
		if (row->set == xheader_set &&
		    settings->print.xheader == PRINT_XHEADER_FULL)
			continue;
		str_addf(out, "%-24s ", row->name);
		row->show(settings, out);
		str_add_char(out, '\n');
	}
}
