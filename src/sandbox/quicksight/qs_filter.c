#include "sandbox/quicksight/qs_filter.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"
#include "data/json.h"
#include "sql/quote.h"

/* --- which --- */

static bool has_text(const struct json *list, const char *text)
{
	for (size_t i = 0; i < json_count(list); i++)
		if (strcmp(json_text(json_item(list, i), NULL, ""), text) == 0)
			return true;
	return false;
}

static bool is_for(const struct json *group, const struct qs_filter_on *on)
{
	const struct json *scope = json_key(group, "ScopeConfiguration");
	const struct json *sheets =
		json_at(scope,
			"SelectedSheets.SheetVisualScopingConfigurations");

	if (strcmp(json_text(group, "Status", "ENABLED"), "ENABLED") != 0)
		return false;
	if (json_key(scope, "AllSheets") != NULL)
		return true;
	for (size_t i = 0; i < json_count(sheets); i++) {
		const struct json *one = json_item(sheets, i);

		if (strcmp(json_text(one, "SheetId", ""), on->sheet_id) != 0)
			continue;
		if (strcmp(json_text(one, "Scope", ""), "ALL_VISUALS") == 0 ||
		    has_text(json_key(one, "VisualIds"), on->visual_id))
			return true;
	}
	return false;
}

/* --- conditions --- */

static bool refuse(struct err *err, const char *what)
{
	return err_set(err, ERR_USAGE,
		       "the sandbox does not compute %s: put the condition "
		       "into the data set's query",
		       what);
}

static void add_column(const struct json *filter, struct str *out)
{
	const char *name = json_text(filter, "Column.ColumnName", "");

	quote_name_always(out, name, strlen(name));
}

/* What the null option adds to a condition about values. */
static void close_nulls(const struct json *filter, const char *option,
			struct str *out)
{
	str_add_char(out, ')');
	if (strcmp(option, "ALL_VALUES") == 0) {
		str_add(out, " or ");
		add_column(filter, out);
		str_add(out, " is null");
	} else if (strcmp(option, "NULLS_ONLY") == 0) {
		str_add(out, " and ");
		add_column(filter, out);
		str_add(out, " is null");
	}
}

static void add_pattern(const char *match, const char *value, struct str *out)
{
	CLEANUP(str_done) struct str pattern = STR_EMPTY;

	if (strcmp(match, "STARTS_WITH") != 0)
		str_add_char(&pattern, '%');
	for (; *value != '\0'; value++) {
		if (strchr("%_\\", *value) != NULL)
			str_add_char(&pattern, '\\');
		str_add_char(&pattern, *value);
	}
	if (strcmp(match, "ENDS_WITH") != 0)
		str_add_char(&pattern, '%');
	quote_literal(out, pattern.text, true);
}

static void add_match(const struct json *filter, const char *match,
		      const char *value, struct str *out)
{
	bool whole = strstr(match, "EQUAL") != NULL;

	add_column(filter, out);
	str_add(out, whole ? " = " : " like ");
	if (whole)
		quote_literal(out, value, true);
	else
		add_pattern(match, value, out);
}

/* In a list CONTAINS means to be one of it, as in the console's list. */
static bool add_category(const struct json *filter, struct str *out,
			 struct err *err)
{
	const struct json *list = json_at(
		filter, "Configuration.FilterListConfiguration");
	const struct json *custom = json_at(
		filter, "Configuration.CustomFilterListConfiguration");
	const struct json *one =
		json_at(filter, "Configuration.CustomFilterConfiguration");
	const struct json *config = list != NULL   ? list
				    : custom != NULL ? custom
						     : one;
	const struct json *values = json_key(config, "CategoryValues");
	const char *match = json_text(config, "MatchOperator", "");
	bool negated = str_starts(match, "DOES_NOT");

	if (json_key(config, "ParameterName") != NULL)
		return refuse(err, "filters by parameters");
	if (json_key(config, "SelectAllOptions") != NULL ||
	    (one == NULL && json_count(values) == 0)) {
		str_add(out, "true");
		return true;
	}
	str_add(out, negated ? "(not (" : "((");
	if (one != NULL)
		add_match(filter, match, json_text(one, "CategoryValue", ""),
			  out);
	for (size_t i = 0; i < json_count(values); i++) {
		str_add(out, i == 0 ? "" : " or ");
		add_match(filter,
			  strstr(match, "CONTAIN") != NULL ? "EQUALS" : match,
			  json_text(json_item(values, i), NULL, ""), out);
	}
	str_add_char(out, ')');
	close_nulls(filter, json_text(config, "NullOption", "NON_NULLS_ONLY"),
		    out);
	return true;
}

static bool add_range(const struct json *filter, struct str *out,
		      struct err *err)
{
	static const struct {
		const char *value;
		const char *include;
		const char *open;
		const char *closed;
	} ends[] = {
		{ "RangeMinimum", "IncludeMinimum", " > ", " >= " },
		{ "RangeMaximum", "IncludeMaximum", " < ", " <= " },
	};

	if (json_key(filter, "AggregationFunction") != NULL)
		return refuse(err, "filters of aggregated values");
	str_add(out, "(true");
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		const struct json *end = json_key(filter, ends[i].value);

		if (json_key(end, "Parameter") != NULL)
			return refuse(err, "filters by parameters");
		if (end == NULL)
			continue;
		str_add(out, " and ");
		add_column(filter, out);
		str_addf(out, "%s%.17g",
			 json_bool(filter, ends[i].include, false)
				 ? ends[i].closed
				 : ends[i].open,
			 json_double(end, "StaticValue", 0));
	}
	close_nulls(filter, json_text(filter, "NullOption", ""), out);
	return true;
}

static bool add_number(const struct json *filter, struct str *out,
		       struct err *err)
{
	bool negated = str_starts(json_text(filter, "MatchOperator", ""),
				  "DOES_NOT");

	if (json_key(filter, "AggregationFunction") != NULL)
		return refuse(err, "filters of aggregated values");
	if (json_key(filter, "ParameterName") != NULL)
		return refuse(err, "filters by parameters");
	str_add_char(out, '(');
	add_column(filter, out);
	str_addf(out, " %s %.17g", negated ? "<>" : "=",
		 json_double(filter, "Value", 0));
	close_nulls(filter, json_text(filter, "NullOption", ""), out);
	return true;
}

/* Seconds since 1970, or text. */
static void add_time(const struct json *value, struct str *out)
{
	const char *text = json_text(value, NULL, NULL);
	int64_t at_ms = json_time_ms(value, NULL);
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (text != NULL)
		isotime_parse(text, &at_ms, NULL);
	isotime_add_sql(&sql, at_ms);
	str_add(out, "timestamp ");
	quote_literal(out, sql.text, true);
}

static bool add_times(const struct json *filter, struct str *out,
		      struct err *err)
{
	static const struct {
		const char *value;
		const char *include;
		const char *open;
		const char *closed;
	} ends[] = {
		{ "RangeMinimumValue", "IncludeMinimum", " > ", " >= " },
		{ "RangeMaximumValue", "IncludeMaximum", " < ", " <= " },
	};

	str_add(out, "(true");
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		const struct json *end = json_key(filter, ends[i].value);

		if (end == NULL)
			continue;
		if (json_key(end, "StaticValue") == NULL)
			return refuse(err, "filters by parameters and rolling "
					   "dates");
		str_add(out, " and ");
		add_column(filter, out);
		str_add(out, json_bool(filter, ends[i].include, false)
				     ? ends[i].closed
				     : ends[i].open);
		add_time(json_key(end, "StaticValue"), out);
	}
	close_nulls(filter, json_text(filter, "NullOption", ""), out);
	return true;
}

static bool add_equal_time(const struct json *filter, struct str *out,
			   struct err *err)
{
	if (json_key(filter, "Value") == NULL)
		return refuse(err, "filters by parameters and rolling dates");
	add_column(filter, out);
	str_add(out, " = ");
	add_time(json_key(filter, "Value"), out);
	return true;
}

static const struct {
	const char *kind;
	bool (*add)(const struct json *filter, struct str *out,
		    struct err *err);
} kinds[] = {
	{ "CategoryFilter", add_category },
	{ "NumericRangeFilter", add_range },
	{ "NumericEqualityFilter", add_number },
	{ "TimeRangeFilter", add_times },
	{ "TimeEqualityFilter", add_equal_time },
};

static bool add_filter(const struct json *one, const struct qs_filter_on *on,
		       struct str *out, struct err *err)
{
	const char *kind = "";
	const struct json *filter = NULL;
	size_t at = 0;

	if (!json_next(one, &at, &kind, &filter) ||
	    strcmp(json_text(filter, "Column.DataSetIdentifier", ""),
		   on->set) != 0)
		return true;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (strcmp(kinds[i].kind, kind) != 0)
			continue;
		str_add(out, out->len == 0 ? " where (" : " and (");
		if (!kinds[i].add(filter, out, err))
			return false;
		str_add_char(out, ')');
		return true;
	}
	return refuse(err, kind);
}

bool qs_filter_add(const struct qs_filter_on *on, struct str *out,
		   struct err *err)
{
	const struct json *groups = json_key(on->definition, "FilterGroups");
	CLEANUP(str_done) struct str where = STR_EMPTY;

	for (size_t i = 0; i < json_count(groups); i++) {
		const struct json *group = json_item(groups, i);
		const struct json *filters = json_key(group, "Filters");

		if (!is_for(group, on))
			continue;
		for (size_t j = 0; j < json_count(filters); j++)
			if (!add_filter(json_item(filters, j), on, &where, err))
				return false;
	}
	str_add_slice(out, where.text, where.len);
	return true;
}
