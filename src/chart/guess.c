#include "chart/guess.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

struct shape { /* columns by what they can be, in their order */
	const struct column_list *columns;
	struct guess_list {
		VEC(size_t);
	} times, categories, ordinals, measures;
};

static void shape_done(struct shape *shape)
{
	vec_done(&shape->times);
	vec_done(&shape->categories);
	vec_done(&shape->ordinals);
	vec_done(&shape->measures);
}

void guess_done(struct guess *guess)
{
	vec_done(&guess->measures);
	vec_done(&guess->unseen);
}

static void sort_column(struct shape *shape, size_t at)
{
	const struct column *column = &shape->columns->items[at];

	switch (column->use) {
	case COLUMN_NOTHING:
		break;
	case COLUMN_CATEGORY:
		vec_push(&shape->categories, at);
		break;
	case COLUMN_TIME:
		vec_push(&shape->times, at);
		break;
	case COLUMN_NUMBER:
		if (column->is_id)
			vec_push(&shape->categories, at);
		else if (column->ordinal)
			vec_push(&shape->ordinals, at);
		else
			vec_push(&shape->measures, at);
		break;
	}
}

/* ---- refusals ---- */

static bool refuse_measure(const struct column *column, struct err *err)
{
	CLEANUP(mem_freep)
	char *name = chart_safe_text(column->name, strlen(column->name));

	if (column->use == COLUMN_NOTHING)
		return err_set(err, ERR_MISSING,
			       "\\chart: \"%s\" holds nulls only: there is "
			       "nothing to draw",
			       name);
	if (column->kind == ROWS_BOOL) {
		err_set(err, ERR_USAGE,
			"\\chart: \"%s\" is a boolean, not a measure", name);
		return err_hint(err, "count them: \\chart bar \"%s\"", name);
	}
	if (column->use == COLUMN_TIME) {
		err_set(err, ERR_USAGE,
			"\\chart: \"%s\" holds times, not a measure", name);
		return err_hint(err, "name it first: it is what the others "
				     "are drawn by");
	}
	if (column->kind == ROWS_TIME) {
		err_set(err, ERR_USAGE,
			"\\chart: \"%s\" holds intervals, not a measure", name);
		return err_hint(err,
				"select its seconds: extract(epoch from "
				"\"%s\")",
				name);
	}
	err_set(err, ERR_USAGE, "\\chart: \"%s\" is text, not a measure", name);
	if (column->digits)
		return err_hint(err,
				"its values read as numbers: select "
				"\"%s\"::decimal(18,2)",
				name);
	if (column->percents)
		return err_hint(err,
				"its values are percents: select "
				"replace(\"%s\", '%%', '')::decimal(18,2)",
				name);
	return err_hint(err,
			"count its values: \\chart bar \"%s\"; or cast it "
			"in the query",
			name);
}

static bool refuse_kind(const char *kind, const char *needs, const char *hint,
			struct err *err)
{
	err_set(err, ERR_USAGE, "\\chart %s needs %s", kind, needs);
	return err_hint(err, "%s", hint);
}

static bool refuse_nothing(const struct column_list *columns, struct err *err)
{
	if (columns->rows == 0) {
		err_set(err, ERR_MISSING,
			"\\chart: the result has no rows: there is nothing to "
			"draw");
		return err_hint(err, "look at the query's conditions");
	}
	if (columns->count == 0)
		return err_set(err, ERR_USAGE,
			       "\\chart: the result has no columns");
	return err_set(err, ERR_MISSING,
		       "\\chart: every value is null: there is nothing to "
		       "draw");
}

/* ---- measures ---- */

static double size_of(const struct column *column)
{
	return fmax(fabs(column->low), fabs(column->high));
}

/* Those that one axis can show beside the first. */
static void take_measures(struct guess *guess, const struct shape *shape,
			  bool one)
{
	enum { APART = 20, MOST = 6 };
	bool apart = guess->kind != CHART_NUMBER &&
		     guess->kind != CHART_SPARK && guess->kind != CHART_SCATTER;
	/* The first of a line with nothing to go along is its x. */
	size_t x_too =
		(guess->kind == CHART_LINE || guess->kind == CHART_AREA) &&
		guess->x == GUESS_NONE && shape->times.count == 0 &&
		shape->ordinals.count == 0 && shape->categories.count == 0;
	double first = 0;

	for (size_t i = 0; i < shape->measures.count; i++) {
		size_t at = shape->measures.items[i];
		double size = size_of(&shape->columns->items[at]);

		if ((int)at == guess->x)
			continue;
		/* Beside zeros anything is large. */
		if (guess->measures.count <= x_too || first == 0)
			first = size;
		if (guess->measures.count > x_too &&
		    (one || guess->measures.count == MOST ||
		     (apart && (size > first * APART || size < first / APART))))
			vec_push(&guess->unseen, at);
		else
			vec_push(&guess->measures, at);
	}
}

/* ---- the kind ---- */

static int distinct(const struct shape *shape, size_t at)
{
	return shape->columns->items[at].distinct;
}

/* Few enough to be told apart by lines, rows or columns. */
static bool is_few(const struct shape *shape, size_t at)
{
	enum { FEW = 60 };

	return distinct(shape, at) <= FEW;
}

/* Every row has a name of its own: a list, not a grid. */
static bool is_name(const struct shape *shape, size_t at)
{
	return shape->columns->rows > 3 &&
	       distinct(shape, at) >= shape->columns->rows;
}

static bool makes_grid(const struct shape *shape, const struct guess_list *down,
		       const struct guess_list *across)
{
	size_t other = down == across ? 1 : 0;

	return down->count > 0 && across->count > other &&
	       is_few(shape, down->items[0]) &&
	       is_few(shape, across->items[other]) &&
	       !is_name(shape, down->items[0]) &&
	       !is_name(shape, across->items[other]);
}

static enum chart_kind kind_of(const struct shape *shape)
{
	bool measured = shape->measures.count > 0;
	bool named = shape->categories.count > 0;

	if (shape->times.count > 0)
		return measured ? CHART_LINE : CHART_HIST;
	if (shape->columns->rows == 1 && measured && !named &&
	    shape->ordinals.count == 0)
		return CHART_NUMBER;
	if (makes_grid(shape, &shape->categories, &shape->categories) ||
	    makes_grid(shape, &shape->ordinals, &shape->ordinals))
		return CHART_HEAT;
	if (named && shape->ordinals.count > 0 && measured &&
	    makes_grid(shape, &shape->categories, &shape->ordinals))
		return CHART_LINE;
	if (named)
		return CHART_HBAR;
	if (shape->ordinals.count > 0)
		return distinct(shape, shape->ordinals.items[0]) <= 40
			       ? CHART_BAR
			       : CHART_LINE;
	return shape->measures.count > 1 ? CHART_SCATTER : CHART_HIST;
}

/* ---- the columns of a kind ---- */

static int first_of(const struct guess_list *list, int not )
{
	for (size_t i = 0; i < list->count; i++)
		if ((int)list->items[i] != not )
			return (int)list->items[i];
	return GUESS_NONE;
}

static int either(int first, int second)
{
	return first != GUESS_NONE ? first : second;
}

static int ordered(const struct shape *shape, int not )
{
	return either(first_of(&shape->times, not ),
		      first_of(&shape->ordinals, not ));
}

/* A measure to stand for what is missing on the x axis. */
static void take_first_measure(struct guess *guess)
{
	if (guess->x != GUESS_NONE || guess->measures.count < 2)
		return;
	guess->x = (int)guess->measures.items[0];
	vec_remove(&guess->measures, 0);
}

/* Where rows are counted a name for each row says nothing. */
static int best_category(const struct guess *guess, const struct shape *shape)
{
	for (size_t i = 0;
	     guess->measures.count == 0 && i < shape->categories.count; i++) {
		size_t at = shape->categories.items[i];

		if ((int)at != guess->by && !is_name(shape, at) &&
		    is_few(shape, at))
			return (int)at;
	}
	return first_of(&shape->categories, guess->by);
}

static void fill_series(struct guess *guess, const struct shape *shape)
{
	int category = first_of(&shape->categories, guess->by);
	int order = ordered(shape, guess->by);
	bool is_bars = guess->kind == CHART_BAR || guess->kind == CHART_HBAR;

	if (guess->x == GUESS_NONE)
		guess->x = guess->kind == CHART_HBAR ||
					   (is_bars && order == GUESS_NONE)
				   ? either(best_category(guess, shape), order)
				   : either(order, category);
	if (guess->by != GUESS_NONE || guess->measures.count > 1)
		return;
	category = first_of(&shape->categories, guess->x);
	/* Bars side by side: not too many. */
	if (is_bars && category != GUESS_NONE &&
	    (distinct(shape, (size_t)category) > 8 || guess->x == GUESS_NONE ||
	     is_name(shape, (size_t)guess->x) || guess->measures.count == 0))
		return;
	if (category != GUESS_NONE && is_few(shape, (size_t)category) &&
	    distinct(shape, (size_t)category) > 1 &&
	    !is_name(shape, (size_t)category))
		guess->by = category;
}

static bool fill_heat(struct guess *guess, const struct shape *shape,
		      struct err *err)
{
	struct guess_list sides[] = { shape->categories, shape->ordinals,
				      shape->times };

	for (size_t i = 0; i < COUNT_OF(sides); i++) {
		if (guess->by == GUESS_NONE)
			guess->by = first_of(&sides[i], guess->x);
		if (guess->x == GUESS_NONE)
			guess->x = first_of(&sides[i], guess->by);
	}
	if (guess->x == GUESS_NONE || guess->by == GUESS_NONE)
		return refuse_kind("heat", "two columns to draw by",
				   "\\chart heat weekday hour orders", err);
	return true;
}

static bool fill_scatter(struct guess *guess, const struct shape *shape,
			 struct err *err)
{
	if (guess->x == GUESS_NONE && guess->measures.count == 1)
		guess->x = either(ordered(shape, GUESS_NONE),
				  first_of(&shape->measures,
					   (int)guess->measures.items[0]));
	take_first_measure(guess);
	if (guess->x == GUESS_NONE || guess->measures.count == 0 ||
	    shape->columns->items[guess->x].use == COLUMN_CATEGORY)
		return refuse_kind("scatter", "two columns of numbers",
				   "\\chart bar counts or compares "
				   "categories",
				   err);
	return true;
}

static bool fill_hist(struct guess *guess, const struct shape *shape,
		      struct err *err)
{
	if (guess->x == GUESS_NONE)
		guess->x = first_of(&shape->measures, GUESS_NONE);
	if (guess->x == GUESS_NONE)
		guess->x = ordered(shape, GUESS_NONE);
	if (guess->x == GUESS_NONE ||
	    shape->columns->items[guess->x].use == COLUMN_CATEGORY)
		return refuse_kind("hist", "a column of numbers or times",
				   "\\chart bar counts the values of a text "
				   "column",
				   err);
	vec_clear(&guess->measures);
	return true;
}

static bool fill(struct guess *guess, const struct shape *shape,
		 struct err *err)
{
	switch (guess->kind) {
	case CHART_HEAT:
		return fill_heat(guess, shape, err);
	case CHART_SCATTER:
		return fill_scatter(guess, shape, err);
	case CHART_HIST:
		return fill_hist(guess, shape, err);
	case CHART_NUMBER:
		if (guess->measures.count == 0)
			return refuse_kind("number", "a column of numbers",
					   "\\chart bar counts the values of a "
					   "text column",
					   err);
		return true;
	case CHART_BAR:
	case CHART_HBAR:
	case CHART_LINE:
	case CHART_AREA:
	case CHART_SPARK:
		fill_series(guess, shape);
		if (guess->x == GUESS_NONE && guess->measures.count == 0)
			return refuse_nothing(shape->columns, err);
		/* The first of two measures is what lines go along; bars
		 * stand side by side, a row a place. */
		if (guess->kind == CHART_LINE || guess->kind == CHART_AREA)
			take_first_measure(guess);
		return true;
	case CHART_GUESS:
	case CHART_KINDS:
		break;
	}
	return false;
}

/* ---- what is named ---- */

static bool is_measure(const struct column *column)
{
	return column->use == COLUMN_NUMBER;
}

static bool is_shape(const struct column *column)
{
	return is_measure(column) && !column->ordinal;
}

/* Two and more: x, then measures. One: a measure is drawn by a guessed x, all
 * else is x. */
static bool take_named(struct guess *guess, const struct column_list *columns,
		       const struct chart_named *named, struct err *err)
{
	size_t at = 0;
	bool side = guess->kind == CHART_HEAT && guess->by == GUESS_NONE;
	bool no_x = guess->kind == CHART_NUMBER ||
		    (named->columns.count == 1 && guess->kind != CHART_HIST &&
		     is_shape(&columns->items[named->columns.items[0]]));

	if (!no_x && at < named->columns.count)
		guess->x = (int)named->columns.items[at++];
	if (side && at < named->columns.count && named->columns.count > 1)
		guess->by = (int)named->columns.items[at++];
	for (; at < named->columns.count; at++) {
		size_t which = named->columns.items[at];

		if (!is_measure(&columns->items[which]))
			return refuse_measure(&columns->items[which], err);
		vec_push(&guess->measures, which);
	}
	if (guess->x != GUESS_NONE &&
	    columns->items[guess->x].use == COLUMN_NOTHING)
		return refuse_measure(&columns->items[guess->x], err);
	if (guess->by != GUESS_NONE && guess->measures.count > 1) {
		err_set(err, ERR_USAGE,
			"\\chart: by parts one measure, and %zu are named",
			guess->measures.count);
		return err_hint(err, "name one, or leave \"by\" out");
	}
	return true;
}

/* The columns that a guess may look at: those named, where several are. */
static void look(struct shape *shape, const struct chart_named *named,
		 const struct column_list *columns)
{
	const size_t *only = named->columns.items;
	size_t count = named->columns.count;
	bool whole =
		count == 0 ||
		(count == 1 && (is_shape(&columns->items[only[0]]) ||
				named->kind != CHART_GUESS || named->by < 0));

	shape->columns = columns;
	if (!whole) {
		for (size_t i = 0; i < count; i++)
			sort_column(shape, only[i]);
		return;
	}
	for (size_t i = 0; i < columns->count; i++)
		if (count != 1 || only[0] == i ||
		    !is_measure(&columns->items[i]) ||
		    columns->items[i].ordinal ||
		    !is_shape(&columns->items[only[0]]))
			sort_column(shape, i);
}

/* A named x alone decides what it is drawn as. */
static void keep_only_x(struct shape *shape, const struct chart_named *named)
{
	const struct column *column;

	if (named->columns.count != 1 || named->kind != CHART_GUESS)
		return;
	column = &shape->columns->items[named->columns.items[0]];
	if (is_shape(column))
		return;
	vec_clear(&shape->times);
	vec_clear(&shape->categories);
	vec_clear(&shape->ordinals);
	sort_column(shape, named->columns.items[0]);
}

static bool has_values(const struct column_list *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		if (columns->items[i].use != COLUMN_NOTHING)
			return true;
	return false;
}

bool guess_make(struct guess *guess, const struct column_list *columns,
		const struct chart_named *named, struct err *err)
{
	CLEANUP(shape_done) struct shape shape = { .columns = columns };
	bool one;

	*guess = (struct guess){ .kind = named->kind,
				 .x = GUESS_NONE,
				 .by = named->by };
	if (columns->rows == 0 || !has_values(columns))
		return refuse_nothing(columns, err);
	look(&shape, named, columns);
	keep_only_x(&shape, named);
	if (guess->kind == CHART_GUESS)
		guess->kind = kind_of(&shape);
	if (!take_named(guess, columns, named, err))
		return false;
	one = guess->by != GUESS_NONE || guess->kind == CHART_HEAT ||
	      ((guess->kind == CHART_LINE || guess->kind == CHART_AREA) &&
	       shape.categories.count > 0 && named->columns.count == 0);
	if (guess->measures.count == 0 && guess->kind != CHART_HIST)
		take_measures(guess, &shape, one);
	return fill(guess, &shape, err);
}
