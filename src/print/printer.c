#include "print/printer.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "print/aligned.h"
#include "print/asciidoc.h"
#include "print/csv_out.h"
#include "print/html.h"
#include "print/insert.h"
#include "print/json_out.h"
#include "print/latex.h"
#include "print/markdown.h"
#include "print/outbuf.h"
#include "print/sheet.h"
#include "print/troff.h"
#include "print/tsv.h"
#include "print/unaligned.h"
#include "print/vertical.h"

struct printer {
	const char *name;
	bool (*print)(struct sheet *sheet);
	bool is_ours; /* psql does not have it: its abbreviations win */
};

static const struct printer printers[] = {
	{ "aligned", aligned_print },
	{ "asciidoc", asciidoc_print },
	{ "csv", csv_out_print },
	{ "html", html_print },
	{ "insert", insert_print, true },
	{ "json", json_out_print, true },
	{ "jsonl", json_out_print_lines, true },
	{ "latex", latex_print },
	{ "latex-longtable", latex_print_longtable },
	{ "markdown", markdown_print, true },
	{ "troff-ms", troff_print },
	{ "tsv", tsv_print, true },
	{ "unaligned", unaligned_print },
	{ "vertical", vertical_print, true },
	{ "wrapped", aligned_print_wrapped },
};

void print_options_init(struct print_options *options)
{
	*options = (struct print_options){
		.format = &printers[0],
		.border = 1,
		.show_footer = true,
		.field_sep = "|",
		.record_sep = "\n",
		.csv_field_sep = ',',
	};
}

const struct printer *printer_at(size_t index)
{
	return index < COUNT_OF(printers) ? &printers[index] : NULL;
}

const char *printer_name(const struct printer *printer)
{
	return printer->name;
}

bool printer_has_widths(const struct printer *printer)
{
	return printer->print == aligned_print ||
	       printer->print == aligned_print_wrapped;
}

static bool refuse_unknown(struct err *err)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;

	for (size_t i = 0; i < COUNT_OF(printers); i++) {
		str_add(&names, i > 0 ? ", " : "");
		str_add(&names, printers[i].name);
	}
	return err_set(err, ERR_USAGE, "allowed formats are %s", names.text);
}

/* Among psql's formats, or among ours. NULL without an error: none. */
static const struct printer *find_among(const char *name, bool of_psql,
					struct err *err)
{
	size_t len = strlen(name);
	const struct printer *found = NULL;

	for (size_t i = 0; i < COUNT_OF(printers); i++) {
		const struct printer *printer = &printers[i];

		if (printer->is_ours == of_psql ||
		    strncasecmp(printer->name, name, len) != 0)
			continue;
		if (strlen(printer->name) == len)
			return printer;
		/* "latex" is meant by all beginnings it shares with
		 * "latex-longtable". */
		if (found && str_starts(printer->name, found->name))
			continue;
		if (found) {
			err_set(err, ERR_USAGE,
				"ambiguous abbreviation \"%s\" matches both "
				"\"%s\" and \"%s\"",
				name, found->name, printer->name);
			return NULL;
		}
		found = printer;
	}
	return found;
}

const struct printer *printer_find(const char *name, struct err *err)
{
	struct err ambiguous = ERR_EMPTY;
	const struct printer *found = find_among(name, true, &ambiguous);

	if (!found && ambiguous.kind == ERR_NONE)
		found = find_among(name, false, &ambiguous);
	if (!found && ambiguous.kind != ERR_NONE && err)
		*err = ambiguous;
	else if (!found)
		refuse_unknown(err);
	return found;
}

bool print_rows(struct rows *rows, const struct print_options *options,
		struct sink *out, int64_t *out_count, struct err *err)
{
	struct outbuf buffer;
	struct sheet sheet;
	bool good;

	outbuf_init(&buffer, out, err);
	sheet_init(&sheet, rows, options, &buffer, err);
	good = options->format->print(&sheet);
	/* What streamed before a failure of the rows is still shown. */
	if (!outbuf_flush(&buffer))
		good = false;
	if (out_count)
		*out_count = sheet.count;
	sheet_done(&sheet);
	return good;
}
