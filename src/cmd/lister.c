#include "cmd/lister.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/describe_ask.h"
#include "cmd/listed.h"
#include "cmd/type_name.h"
#include "data/rows.h"
#include "db/conn.h"
#include "shell/command.h"
#include "shell/session_state.h"

enum { COLUMNS_MAX = 16 };

struct work {
	const struct lister *lister;
	struct session *session;
	const struct args *args;
	struct pattern_world world;
	const char *asked[2]; /* patterns, NULL: not given */
	size_t columns;
	bool shown[COLUMNS_MAX];
	struct listed *listed;
	const char *unread; /* what of a side that was left out, or NULL */
};

static void add_template(const char *template, size_t number, size_t count,
			 struct str *out)
{
	for (const char *at = template; *at != '\0'; at++)
		if (*at == '#')
			str_addf(out, "%zu", number);
		else if (*at == '@')
			str_addf(out, "%zu", count);
		else
			str_add_char(out, *at);
}

/* ---- conditions ---- */

static bool any_letter(const struct work *work)
{
	const struct lister_letter *letter = work->lister->letters;

	for (; letter != NULL && letter->letter != '\0'; letter++)
		if (args_suffix(work->args, letter->letter))
			return true;
	return false;
}

/* "and (one or another)"; nothing when no letter was typed. false: this
 * server has none of what was asked for. */
static bool add_letters(const struct work *work, struct str *out,
			struct err *err)
{
	const struct lister_letter *letter = work->lister->letters;
	const char *absent = NULL;
	size_t count = 0;

	for (; letter != NULL && letter->letter != '\0'; letter++) {
		if (!args_suffix(work->args, letter->letter))
			continue;
		if (letter->sql == NULL) {
			absent = letter->absent;
			continue;
		}
		str_addf(out, "%s%s", count++ > 0 ? " or " : "\n  and (",
			 letter->sql);
	}
	if (count > 0)
		str_add_char(out, ')');
	if (count > 0 || absent == NULL)
		return true;
	return err_set(err, ERR_USAGE, "\\%s: %s", args_command(work->args),
		       absent);
}

/* Both names by the first pattern: one of them has to match. */
static bool add_either(const struct work *work, struct str *out,
		       struct err *err)
{
	for (size_t i = 0; i < 2; i++) {
		str_add(out, i == 0 ? "\n  and ((true" : ") or (true");
		if (!pattern_where(work->asked[0], &work->lister->name_is[i],
				   &work->world, out, err))
			return false;
	}
	str_add(out, "))");
	return true;
}

static bool add_names(const struct work *work,
		      const struct pattern_columns name[2], struct str *out,
		      struct err *err)
{
	if (work->lister->either)
		return add_either(work, out, err);
	for (size_t i = 0; i < 2; i++)
		if (name[i].name != NULL &&
		    !pattern_where(work->asked[i], &name[i], &work->world, out,
				   err))
			return false;
	return true;
}

/* ---- argument types ---- */

static size_t type_count(const struct work *work)
{
	const struct lister_types *types = work->lister->types;
	size_t count = args_count(work->args, "TYPE");

	if (types == NULL)
		return 0;
	return count < types->limit ? count : types->limit;
}

static void add_type_joins(const struct work *work, struct str *out)
{
	size_t count = type_count(work);

	for (size_t i = 0; i < count; i++)
		add_template(work->lister->types->join, i, count, out);
}

static bool add_type(const struct work *work, size_t number, struct str *out,
		     struct err *err)
{
	const struct lister_types *types = work->lister->types;
	const char *typed = args_item(work->args, "TYPE", number);
	CLEANUP(str_done) struct str schema = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str other = STR_EMPTY;
	CLEANUP(str_done) struct str visible = STR_EMPTY;
	struct pattern_columns columns = { 0 };

	add_template("nt#.nspname", number, 0, &schema);
	add_template("t#.typname", number, 0, &name);
	add_template("format_type(t#.oid, null)", number, 0, &other);
	add_template(types->visible, number, 0, &visible);
	if (strcmp(typed, "-") == 0) {
		str_addf(out, "\n  and %s is null", name.text);
		return true;
	}
	columns.schema = schema.text;
	columns.name = name.text;
	columns.other = other.text;
	columns.visible = visible.text;
	return pattern_where(type_name_canonical(typed), &columns, &work->world,
			     out, err);
}

static bool add_types(const struct work *work, struct str *out, struct err *err)
{
	size_t count = type_count(work);

	if (count > 0 && work->lister->types->check != NULL)
		add_template(work->lister->types->check, 0, count, out);
	for (size_t i = 0; i < count; i++)
		if (!add_type(work, i, out, err))
			return false;
	return true;
}

/* ---- queries ---- */

static struct rows *ask(const struct work *work, const struct str *sql,
			struct err *err)
{
	return session_query(work->session, sql->text, err);
}

static void add_cells(const struct work *work, const char *const *cells,
		      struct str *out)
{
	size_t count = 0;

	for (size_t i = 0; i < work->columns; i++) {
		const char *sql =
			cells != NULL ? cells[i] : work->lister->columns[i].sql;

		if (work->shown[i] && sql != NULL)
			str_addf(out, "%s%s", count++ > 0 ? ",\n  " : "select ",
				 sql);
	}
	str_add_char(out, '\n');
}

/* Cells of the answer go to the shown columns that have SQL. */
static bool take_rows(struct work *work, const char *const *cells,
		      struct rows *rows, struct err *err)
{
	const struct rows_value *values;
	enum rows_step step;

	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		size_t row = listed_add(work->listed);
		size_t at = 0;

		for (size_t i = 0; i < work->columns; i++) {
			const char *sql =
				cells != NULL ? cells[i]
					      : work->lister->columns[i].sql;

			if (!work->shown[i] || sql == NULL)
				continue;
			if (values[at].text != NULL)
				listed_set(work->listed, row, i,
					   values[at].text);
			at++;
		}
	}
	return step == ROWS_END;
}

/* The first source is described by the listing itself. */
static bool read_source(struct work *work, const struct lister_source *source,
			struct err *err)
{
	const struct lister *lister = work->lister;
	const char *const *cells = source != NULL ? source->cells : NULL;
	const char *user_only =
		source != NULL ? source->user_only : lister->user_only;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;

	add_cells(work, cells, &sql);
	str_add(&sql, source != NULL ? source->from : lister->from);
	if (source == NULL)
		add_type_joins(work, &sql);
	str_addf(&sql, "\nwhere %s",
		 source != NULL ? source->where : lister->where);
	if (source == NULL && !add_letters(work, &sql, err))
		return false;
	if (work->asked[0] == NULL && !args_suffix(work->args, 'S') &&
	    user_only != NULL)
		str_addf(&sql, "\n  and %s", user_only);
	if (!add_names(work, source != NULL ? source->name_is : lister->name_is,
		       &sql, err))
		return false;
	if (source == NULL && !add_types(work, &sql, err))
		return false;
	if (lister->no_arrays != NULL &&
	    (work->asked[0] == NULL || strstr(work->asked[0], "[]") == NULL))
		str_addf(&sql, "\n  and %s", lister->no_arrays);
	str_addf(&sql, "\norder by %s", lister->order);
	rows = ask(work, &sql, err);
	return rows != NULL && take_rows(work, cells, rows, err);
}

static bool read_sources(struct work *work, struct err *err)
{
	const struct lister_source *source = work->lister->sources;

	if (!read_source(work, NULL, err))
		return false;
	for (; source != NULL && source->cells != NULL; source++)
		if ((source->letter == '\0' ||
		     args_suffix(work->args, source->letter)) &&
		    !read_source(work, source, err))
			return false;
	return true;
}

/* ---- sides ---- */

static bool side_is_needed(const struct work *work,
			   const struct lister_side *side)
{
	if (!work->shown[side->column] && !side->adds)
		return false;
	if (side->needs == NULL)
		return side->adds || listed_count(work->listed) > 0;
	for (size_t i = 0; i < listed_count(work->listed); i++)
		if (strcmp(listed_cell(work->listed, i, side->column),
			   side->needs) == 0)
			return true;
	return false;
}

static void take_side(struct work *work, const struct lister_side *side,
		      const char *const *cells)
{
	size_t row;

	if (!listed_find(work->listed, cells, side->keys, &row)) {
		if (!side->adds)
			return;
		row = listed_add(work->listed);
		for (size_t i = 0; i < side->keys; i++)
			listed_set(work->listed, row, i, cells[i]);
	}
	for (size_t i = 0; i < side->values; i++) {
		CLEANUP(str_done) struct str value = STR_EMPTY;

		if (*cells[side->keys + i] == '\0')
			continue;
		if (side->prefix != NULL)
			str_add(&value, side->prefix);
		str_add(&value, cells[side->keys + i]);
		if (side->join != NULL)
			listed_append(work->listed, row, side->column + i,
				      value.text, side->join);
		else
			listed_set(work->listed, row, side->column + i,
				   value.text);
	}
}

static bool read_side(struct work *work, const struct lister_side *side,
		      struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;

	str_add(&sql, side->sql);
	if (work->asked[0] == NULL && !args_suffix(work->args, 'S') &&
	    side->user_only != NULL)
		str_addf(&sql, "\n  and %s", side->user_only);
	if (!pattern_where(work->asked[0], &side->name_is, &work->world, &sql,
			   err))
		return false;
	str_addf(&sql, "\norder by %s", side->order);
	rows = ask(work, &sql, err);
	if (rows == NULL)
		return false;
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		const char *cells[COLUMNS_MAX];

		for (size_t i = 0; i < rows->column_count; i++)
			cells[i] = values[i].text != NULL ? values[i].text : "";
		take_side(work, side, cells);
	}
	return step == ROWS_END;
}

static void fill_zeros(struct work *work, const struct lister_side *side)
{
	size_t type = work->lister->type_column;

	for (size_t i = 0; i < listed_count(work->listed); i++)
		if (strcmp(listed_cell(work->listed, i, type),
			   side->zero_for) == 0 &&
		    *listed_cell(work->listed, i, side->column) == '\0')
			listed_set(work->listed, i, side->column, "0");
}

static void leave_unread(struct work *work, const struct lister_side *side)
{
	work->unread = side->unread;
	for (size_t i = 0; i < side->values; i++)
		work->shown[side->column + i] = false;
}

static bool read_sides(struct work *work, struct err *err)
{
	const struct lister_side *side = work->lister->sides;

	for (; side != NULL && side->sql != NULL; side++) {
		if (!side_is_needed(work, side))
			continue;
		if (side->reads != NULL &&
		    !describe_may_read(work->session, side->reads)) {
			leave_unread(work, side);
			continue;
		}
		if (!read_side(work, side, err))
			return false;
		if (side->zero_for != NULL)
			fill_zeros(work, side);
	}
	return true;
}

/* ---- what is shown ---- */

/* What no letter asked for goes, where only a side told the types apart. */
static void drop_types(struct work *work)
{
	const struct lister_letter *letter = work->lister->letters;

	if (!any_letter(work))
		return;
	for (; letter != NULL && letter->letter != '\0'; letter++)
		if (letter->type != NULL &&
		    !args_suffix(work->args, letter->letter))
			listed_drop(work->listed, work->lister->type_column,
				    letter->type);
}

/* %1 and %2 stand for the patterns. */
static bool say_none(struct work *work)
{
	size_t given = (work->asked[0] != NULL) + (work->asked[1] != NULL);
	const char *text = work->lister->found_none[given];
	CLEANUP(str_done) struct str out = STR_EMPTY;

	if (text == NULL)
		return false;
	for (; *text != '\0'; text++)
		if (*text == '%')
			str_add(&out, work->asked[*++text - '1']);
		else
			str_add_char(&out, *text);
	return session_found_none(work->session, "%s", out.text);
}

static bool print(struct work *work, struct rows *rows, const char *footer,
		  struct err *err)
{
	struct session *session = work->session;
	bool ok;

	session->blank_nulls = true;
	if (args_suffix(work->args, 'x'))
		ok = session_print_expanded(session, rows, footer, true, err);
	else
		ok = session_print_rows(session, rows, footer, err);
	session->blank_nulls = false;
	return ok;
}

static bool show(struct work *work, struct err *err)
{
	const struct lister *lister = work->lister;
	struct listed_heading headings[COLUMNS_MAX] = { { .text = NULL } };
	const char *title = work->asked[0] == NULL && lister->title_unasked
				    ? lister->title_unasked
				    : lister->title;
	const char *footer = lister->no_footer ? "" : NULL;
	struct rows *rows;

	if (listed_count(work->listed) == 0 && say_none(work))
		return true;
	if (lister->sort_columns > 0)
		listed_sort(work->listed, lister->sort_columns);
	for (size_t i = 0; i < work->columns; i++)
		if (work->shown[i])
			headings[i] = (struct listed_heading){
				lister->columns[i].heading,
				lister->columns[i].is_number
			};
	rows = listed_rows(work->listed, title, headings);
	return print(work, rows, footer, err);
}

/* What is missing for want of rights. */
static void tell_partial(struct work *work)
{
	const char *partial = work->lister->partial;

	if (work->unread != NULL)
		session_info(work->session, "%s", work->unread);
	if (partial != NULL && !describe_is_superuser(work->session))
		session_info(work->session, "%s", partial);
}

static const char *given(const struct args *args, const char *name)
{
	const char *text = args_text(args, name);

	return text != NULL && *text != '\0' ? text : NULL;
}

static bool is_shown(const struct work *work,
		     const struct lister_column *column)
{
	const char *letter = column->letters;

	if (column->more && !args_suffix(work->args, '+'))
		return false;
	if (letter == NULL || !any_letter(work))
		return true;
	for (; *letter != '\0'; letter++)
		if (args_suffix(work->args, *letter))
			return true;
	return false;
}

bool lister_run(const struct lister *lister, struct session *session,
		const struct args *args, struct err *err)
{
	struct db *db = session_db(session);
	struct work work = {
		.lister = lister,
		.session = session,
		.args = args,
		.world = { .escapes = db_backslash_escapes(db),
			   .folds = db_is_redshift(db),
			   .database = db_name(db) },
		.asked = { given(args, "PATTERN"), given(args, "DATABASE") },
	};
	CLEANUP(listed_freep) struct listed *listed = NULL;

	for (; lister->columns[work.columns].heading != NULL; work.columns++)
		work.shown[work.columns] =
			is_shown(&work, &lister->columns[work.columns]);
	if (lister->canonical && work.asked[0] != NULL)
		work.asked[0] = type_name_canonical(work.asked[0]);
	listed = listed_new(work.columns);
	work.listed = listed;
	if (!read_sources(&work, err) || !read_sides(&work, err))
		return false;
	drop_types(&work);
	if (!show(&work, err))
		return false;
	tell_partial(&work);
	return true;
}

const struct lister *lister_find(const struct lister *table, const char *name)
{
	for (; table->name != NULL; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}
