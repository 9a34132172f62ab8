#include "print/printer.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "print/aligned.h"
#include "print/asciidoc.h"
#include "print/csv_out.h"
#include "print/html.h"
#include "print/json_out.h"
#include "print/latex.h"
#include "print/markdown.h"
#include "print/outbuf.h"
#include "print/sheet.h"
#include "print/troff.h"
#include "print/unaligned.h"

struct printer {
	const char *name;
	bool (*print)(struct sheet *sheet);
};

static const struct printer printers[] = {
	{ "aligned", aligned_print },
	{ "asciidoc", asciidoc_print },
	{ "csv", csv_out_print },
	{ "html", html_print },
	{ "json", json_out_print },
	{ "jsonl", json_out_print_lines },
	{ "latex", latex_print },
	{ "latex-longtable", latex_print_longtable },
	{ "markdown", markdown_print },
	{ "troff-ms", troff_print },
	{ "unaligned", unaligned_print },
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

static void hint_all(struct err *err)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;

	for (size_t i = 0; i < COUNT_OF(printers); i++) {
		str_add(&names, i > 0 ? ", " : "");
		str_add(&names, printers[i].name);
	}
	err_hint(err, "allowed formats are %s", names.text);
}

const struct printer *printer_find(const char *name, struct err *err)
{
	size_t len = strlen(name);
	const struct printer *found = NULL;

	for (size_t i = 0; i < COUNT_OF(printers) && len > 0; i++) {
		const struct printer *printer = &printers[i];

		if (strncasecmp(printer->name, name, len) != 0)
			continue;
		/* "latex" is meant by all beginnings it shares with
		 * "latex-longtable". */
		if (found && str_starts(printer->name, found->name))
			continue;
		if (found) {
			err_set(err, ERR_USAGE,
				"ambiguous abbreviation \"%s\" matches both "
				"\"%s\" and \"%s\"",
				name, found->name, printer->name);
			hint_all(err);
			return NULL;
		}
		found = printer;
	}
	if (found == NULL) {
		err_set(err, ERR_USAGE, "there is no output format \"%s\"",
			name);
		hint_all(err);
	}
	return found;
}

bool print_rows(struct rows *rows, const struct print_options *options,
		struct sink *out, int64_t *out_count, struct err *err)
{
	struct outbuf *buffer = mem_alloc(sizeof(*buffer));
	struct sheet sheet;
	bool good;

	outbuf_init(buffer, out, err);
	sheet_init(&sheet, rows, options, buffer, err);
	good = options->format->print(&sheet);
	/* What streamed before a failure of the rows is still shown. */
	if (!outbuf_flush(buffer))
		good = false;
	if (out_count)
		*out_count = sheet.count;
	sheet_done(&sheet);
	mem_free(buffer);
	return good;
}
