#include "sandbox/copy/rscopy_lines.h"

#include <string.h>

#include "aws/s3_uri.h"
#include "base/mem.h"
#include "sandbox/copy/rscopy_job.h"
#include "sandbox/copy/rscopy_loading.h"

enum {
	FLUSH_BYTES = 65536,
	REPLACED_MAX = 100, /* lines kept that were mended [per slice] */
};

/* --- lines --- */

/* A delimiter may also end the line of delimited text. */
static size_t field_count(const struct rscopy_loading *load,
			  const struct csv_record *record)
{
	size_t count = record->count;

	if (!load->plan.rules.csv && count == load->table.count + 1 &&
	    record->fields[count - 1].len == 0)
		count--;
	return count;
}

/* Only the first column of a line is kept. */
static void keep_replacement(struct rscopy_loading *load,
			     const struct csv_record *record,
			     const struct rscopy_column *column)
{
	struct rscopy_log_replacement line = { .line = record->line };

	load->replaced_count++;
	if (load->replacements.count >= REPLACED_MAX)
		return;
	line.file = rscopy_loading_uri(load);
	line.column = mem_copy_text(column->name);
	line.raw_line = rscopy_log_raw(record->raw, record->raw_len);
	vec_push(&load->replacements, line);
}

/* Converts the line into load->out; false with blame filled. */
static bool convert(struct rscopy_loading *load,
		    const struct csv_record *record, struct rscopy_blame *blame,
		    struct rscopy_problem *problem)
{
	const struct rscopy_column *replaced = NULL;

	for (size_t i = 0; i < load->table.count; i++) {
		const struct rscopy_column *column = &load->table.items[i];
		bool there = i < record->count;

		if (i > 0)
			str_add_char(&load->out, '\t');
		if (there ? rscopy_field_add(&load->out, column,
					     &load->plan.rules,
					     &record->fields[i], problem)
			  : rscopy_field_add_missing(&load->out, column,
						     &load->plan.rules,
						     problem)) {
			if (problem->replaced && replaced == NULL)
				replaced = column;
			continue;
		}
		blame->column = column;
		blame->field = there ? &record->fields[i] : NULL;
		return false;
	}
	str_add_char(&load->out, '\n');
	if (replaced != NULL)
		keep_replacement(load, record, replaced);
	return true;
}

static bool take_line(struct rscopy_loading *load,
		      const struct csv_record *record)
{
	struct rscopy_problem problem = { 0 };
	struct rscopy_blame blame = { .record = record, .problem = &problem };
	size_t before = load->out.len;

	if (!convert(load, record, &blame, &problem)) {
		str_cut(&load->out, before);
		return rscopy_loading_refuse(load, &blame);
	}
	load->rows++;
	if (load->upkeep.sampling)
		rscopy_upkeep_row(&load->upkeep, &load->plan, record);
	return load->out.len < FLUSH_BYTES || rscopy_loading_flush(load);
}

static bool take_object(struct rscopy_loading *load,
			const struct csv_record *object)
{
	struct csv_record record = *object;
	struct rscopy_problem problem = { 0 };
	struct rscopy_blame blame = { .record = object, .problem = &problem };

	if (!rscopy_members_take(&load->members, object, load->table.items,
				 load->table.count, &problem))
		return rscopy_loading_refuse(load, &blame);
	record.fields = load->members.fields.items;
	record.count = load->table.count;
	return take_line(load, &record);
}

static bool is_blank(const struct rscopy_loading *load,
		     const struct csv_record *line)
{
	return line->raw_len == 0 && load->plan.ignore_blank_lines;
}

/* An empty line is one empty field to a table of one column. */
static bool take_fields(struct rscopy_loading *load,
			const struct csv_record *record)
{
	size_t count = field_count(load, record);

	if (record->raw_len == 0 && load->table.count > 1 &&
	    !load->plan.fill_record)
		return rscopy_loading_refuse_record(
			load, record, 1211, "Input line contained no data");
	if (count > load->table.count)
		return rscopy_loading_refuse_record(load, record, 1202,
						    "Extra column(s) found");
	if (count < load->table.count && !load->plan.fill_record)
		return rscopy_loading_refuse_record(load, record, 1214,
						    "Delimiter not found");
	return take_line(load, record);
}

static bool refuse_byte(struct rscopy_loading *load,
			const struct csv_record *record, size_t at)
{
	return rscopy_loading_refuse_record(
		load, record, 1201,
		"Missing newline: Unexpected character 0x%02x"
		" found at location %zu",
		(unsigned char)record->raw[at], at);
}

static bool take_quoted(struct rscopy_loading *load,
			const struct csv_record *line)
{
	struct csv_record record = *line;
	size_t at;
	enum rscopy_quotes_end end =
		rscopy_quotes_split(&load->quotes, line, load->plan.delimiter,
				    load->plan.escape, &at);

	record.fields = load->quotes.fields.items;
	record.count = load->quotes.count;
	switch (end) {
	case RSCOPY_QUOTES_OPEN:
		return rscopy_loading_refuse_fault(load, &record,
						   RSCOPY_FAULT_OPEN_QUOTE);
	case RSCOPY_QUOTES_AFTER:
		if (record.count >= load->table.count)
			return refuse_byte(load, &record, at);
		return rscopy_loading_refuse_record(load, &record, 1214,
						    "Delimiter not found");
	case RSCOPY_QUOTES_GOOD:
		break;
	}
	return take_fields(load, &record);
}

static bool take_fixed(struct rscopy_loading *load,
		       const struct csv_record *line)
{
	struct csv_record record = *line;
	size_t rest;

	rscopy_fixed_cut(&load->fixed, line, &rest);
	record.fields = load->fixed.fields.items;
	record.count = load->fixed.fields.count;
	if (line->raw_len == 0 && !load->plan.fill_record)
		return rscopy_loading_refuse_record(
			load, &record, 1211, "Input line contained no data");
	if (rest < line->raw_len)
		return refuse_byte(load, &record, rest);
	if (record.count < load->table.count && !load->plan.fill_record)
		return rscopy_loading_refuse_record(load, &record, 1203,
						    "Too few columns found");
	return take_line(load, &record);
}

bool rscopy_lines_take(struct rscopy_loading *load,
		       const struct csv_record *record, enum rscopy_fault fault)
{
	if (fault != RSCOPY_FAULT_NONE)
		return rscopy_loading_refuse_fault(load, record, fault);
	switch (load->plan.shape) {
	case RSCOPY_SHAPE_JSON:
		return take_object(load, record);
	case RSCOPY_SHAPE_LINES:
		return is_blank(load, record) || take_fields(load, record);
	case RSCOPY_SHAPE_QUOTES:
		return is_blank(load, record) || take_quoted(load, record);
	case RSCOPY_SHAPE_FIXED:
		return is_blank(load, record) || take_fixed(load, record);
	}
	return false;
}

/* --- formats that must fit the table --- */

static bool prepare_fixed(struct rscopy_loading *load)
{
	struct err err = ERR_EMPTY;

	if (!rscopy_fixed_read(&load->fixed, load->plan.fixed_spec, &err))
		return rscopy_fail_err(load->job, &err);
	if (load->fixed.count == load->table.count)
		return true;
	return rscopy_fail(load->job, "42601",
			   "FIXEDWIDTH names %zu columns, the table or column"
			   " list has %zu",
			   load->fixed.count, load->table.count);
}

static bool prepare_paths(struct rscopy_loading *load)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str context = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;

	str_addf(&context, "S3 key being read : %s", load->plan.json_how);
	if (!s3_uri_parse_object(&uri, load->plan.json_how, &err))
		return rscopy_fail_err(load->job, &err);
	if (!rscopy_files_read(load->job, &uri, &text))
		return false;
	if (!rscopy_members_read_paths(&load->members, text.text, text.len,
				       &err))
		return rscopy_fail_engine(load->job, RSCOPY_CODE_S3,
					  context.text, "%s", err.message);
	if (load->members.how != RSCOPY_MEMBER_BY_PATH ||
	    load->members.count == load->table.count)
		return true;
	return rscopy_fail_engine(load->job, RSCOPY_CODE_S3, context.text,
				  "Number of jsonpaths and the number of"
				  " columns should match. JSONPath size: %zu,"
				  " Number of columns in table or column"
				  " list: %zu",
				  load->members.count, load->table.count);
}

static bool prepare_whole(struct rscopy_loading *load)
{
	load->members.how = RSCOPY_MEMBER_WHOLE;
	if (load->table.count == 1 && load->table.items[0].type == RSCOPY_SUPER)
		return true;
	return rscopy_fail(load->job, "0A000",
			   "JSON 'noshred' needs a table or column list of one"
			   " SUPER column");
}

static bool prepare_json(struct rscopy_loading *load)
{
	const char *how = load->plan.json_how;

	if (strcmp(how, "auto") == 0)
		return true;
	if (strcmp(how, "auto ignorecase") == 0) {
		load->members.how = RSCOPY_MEMBER_BY_NAME_NOCASE;
		return true;
	}
	if (strcmp(how, "noshred") == 0)
		return prepare_whole(load);
	if (s3_uri_is(how))
		return prepare_paths(load);
	return rscopy_fail(load->job, "42601",
			   "JSON '%s' is none of 'auto', 'auto ignorecase',"
			   " 'noshred' and 's3://...'",
			   how);
}

bool rscopy_lines_prepare(struct rscopy_loading *load)
{
	switch (load->plan.shape) {
	case RSCOPY_SHAPE_FIXED:
		return prepare_fixed(load);
	case RSCOPY_SHAPE_JSON:
		return prepare_json(load);
	case RSCOPY_SHAPE_LINES:
	case RSCOPY_SHAPE_QUOTES:
		break;
	}
	return true;
}
