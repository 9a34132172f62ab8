#include "aws/quicksight_shape.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

enum {
	NAME_CHARACTERS = 128,	/* model: InputColumn.Name */
	MOST_COLUMNS = 200,	/* model: TableUnaggregatedFieldWells */
	MOST_KPIS = 6,
	MOST_CHARTS = 3,	/* one a measure, when guessed */
};

void quicksight_columns_done(struct quicksight_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		mem_free(columns->items[i].name);
	vec_done(columns);
}

void quicksight_columns_add(struct quicksight_columns *columns,
			    const char *name, enum quicksight_type type)
{
	struct quicksight_column column = { mem_copy_text(name), type };

	vec_push(columns, column);
}

void quicksight_cut(struct str *text, size_t most)
{
	size_t at = 0;

	for (size_t count = 0; at < text->len; at++)
		if ((text->text[at] & 0xc0) != 0x80 && ++count > most)
			break;
	str_cut(text, at);
}

static bool check_name(const struct quicksight_columns *columns, size_t at,
		       struct err *err)
{
	const char *name = columns->items[at].name;

	if (name[0] == '\0' || strcmp(name, "?column?") == 0) {
		err_set(err, ERR_USAGE, "column %zu of the query has no name",
			at + 1);
		return err_hint(err, "give it one: ... AS name");
	}
	if (utf8_count(name, strlen(name)) > NAME_CHARACTERS) {
		err_set(err, ERR_USAGE, "column %zu of the query has a name of "
			"more than %d characters", at + 1, NAME_CHARACTERS);
		return err_hint(err, "give it a shorter one: ... AS name");
	}
	/* QuickSight's names do not differ by case alone. */
	for (size_t i = 0; i < at; i++)
		if (str_equal_nocase(columns->items[i].name, name)) {
			err_set(err, ERR_USAGE,
				"two columns of the query are called \"%s\"",
				name);
			return err_hint(err, "give one of them another name: "
					     "... AS name");
		}
	return true;
}

bool quicksight_columns_check(const struct quicksight_columns *columns,
			      struct err *err)
{
	if (columns->count == 0)
		return err_set(err, ERR_USAGE,
			       "the statement has no columns to show");
	if (columns->count > MOST_COLUMNS) {
		err_set(err, ERR_USAGE, "the query has %zu columns; a sheet "
			"shows %d", columns->count, MOST_COLUMNS);
		return err_hint(err, "name those that are to be seen");
	}
	for (size_t i = 0; i < columns->count; i++)
		if (!check_name(columns, i, err))
			return false;
	return true;
}

/* --- what names say --- */

/* word is one of the parts of name, which are parted by what is neither letter
 * nor digit. */
static bool has_word(const char *name, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = name; *at != '\0';) {
		size_t part = 0;

		while (isalnum((unsigned char)at[part]))
			part++;
		if (part == len && str_slice_equal_nocase(at, part, word))
			return true;
		at += part;
		at += at[0] != '\0';
	}
	return false;
}

static bool has_any(const char *name, const char *const *words)
{
	for (; *words != NULL; words++)
		if (has_word(name, *words))
			return true;
	return false;
}

bool quicksight_is_ordinal(const struct quicksight_column *column)
{
	static const char *const words[] = {
		"id",   "key",  "year", "month", "week",    "day",
		"hour", "code", "zip",  "zipcode", "quarter", "weekday",
		"no",   "nr",   "dow",  "yr",    "isbn",    "phone", NULL
	};
	/* TICKIT: eventid, caldate ...; day_count is a number of days. */
	static const char *const sums[] = { "count", "sum",   "total", "avg",
					    "n",     "hours", "days",  NULL };
	size_t len = strlen(column->name);

	return column->type == QUICKSIGHT_INTEGER &&
	       !has_any(column->name, sums) &&
	       (has_any(column->name, words) ||
		(len > 2 && str_equal_nocase(column->name + len - 2, "id")));
}

bool quicksight_is_measure(const struct quicksight_column *column)
{
	return (column->type == QUICKSIGHT_INTEGER ||
		column->type == QUICKSIGHT_FIXED ||
		column->type == QUICKSIGHT_FLOAT) &&
	       !quicksight_is_ordinal(column);
}

const char *quicksight_aggregation(const struct quicksight_column *column)
{
	static const char *const average[] = {
		"avg", "average", "mean",  "pct",   "percent", "percentage",
		"rate", "ratio",  "share", "price", "median",  NULL
	};
	static const char *const least[] = { "min", "minimum", "lowest", NULL };
	static const char *const most[] = { "max", "maximum", "highest", NULL };

	if (has_any(column->name, average))
		return "AVERAGE";
	if (has_any(column->name, least))
		return "MIN";
	return has_any(column->name, most) ? "MAX" : "SUM";
}

const char *quicksight_granularity(const struct quicksight_column *column)
{
	static const struct {
		const char *word;
		const char *granularity;
	} words[] = {
		{ "year", "YEAR" },   { "quarter", "QUARTER" },
		{ "month", "MONTH" }, { "week", "WEEK" },
		{ "hour", "HOUR" },   { "minute", "MINUTE" },
	};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (has_word(column->name, words[i].word))
			return words[i].granularity;
	return "DAY";
}

void quicksight_add_label(const char *name, struct str *out)
{
	size_t begin = out->len;

	for (; *name != '\0'; name++)
		str_add_char(out, *name == '_' ? ' ' : *name);
	if (out->len > begin)
		out->text[begin] =
			(char)toupper((unsigned char)out->text[begin]);
}

/* In the middle of a title: total_revenue: "total revenue". */
static void add_words(const char *name, struct str *out)
{
	for (; *name != '\0'; name++)
		str_add_char(out, *name == '_' ? ' ' : *name);
}

void quicksight_add_title(const struct quicksight_visual *visual,
			  const struct quicksight_columns *columns,
			  struct str *out)
{
	size_t begin = out->len;
	const char *between = visual->kind == QUICKSIGHT_SCATTER ? " against "
								 : ", ";

	if (visual->title != NULL) {
		str_add(out, visual->title);
		return;
	}
	if (visual->kind == QUICKSIGHT_TABLE) {
		str_add(out, "All columns");
		return;
	}
	for (size_t i = 0; i < visual->measures.count; i++) {
		size_t at = visual->measures.items[i];

		str_add(out, i > 0 ? between : "");
		add_words(columns->items[at].name, out);
	}
	if (visual->measures.count == 0)
		str_add(out, "rows");
	if (visual->x >= 0) {
		str_add(out, " by ");
		add_words(columns->items[visual->x].name, out);
	}
	if (visual->by >= 0) {
		str_add(out, visual->x >= 0 ? " and " : " by ");
		add_words(columns->items[visual->by].name, out);
	}
	out->text[begin] = (char)toupper((unsigned char)out->text[begin]);
}

/* --- kinds --- */

static const char *const kind_names[QUICKSIGHT_KIND_COUNT] = {
	[QUICKSIGHT_GUESS] = "",      [QUICKSIGHT_KPI] = "kpi",
	[QUICKSIGHT_BAR] = "bar",     [QUICKSIGHT_HBAR] = "hbar",
	[QUICKSIGHT_LINE] = "line",   [QUICKSIGHT_AREA] = "area",
	[QUICKSIGHT_PIE] = "pie",     [QUICKSIGHT_PIVOT] = "pivot",
	[QUICKSIGHT_HEAT] = "heat",   [QUICKSIGHT_SCATTER] = "scatter",
	[QUICKSIGHT_HIST] = "hist",   [QUICKSIGHT_TABLE] = "table",
};

const char *quicksight_kind_name(enum quicksight_kind kind)
{
	return kind_names[kind];
}

bool quicksight_kind_find(const char *name, enum quicksight_kind *out)
{
	if (str_equal_nocase(name, "number"))
		name = "kpi";
	if (str_equal_nocase(name, "spark"))
		name = "line";
	for (int i = QUICKSIGHT_GUESS + 1; i < QUICKSIGHT_KIND_COUNT; i++)
		if (str_equal_nocase(kind_names[i], name)) {
			*out = (enum quicksight_kind)i;
			return true;
		}
	return false;
}

/* --- visuals --- */

void quicksight_visuals_done(struct quicksight_visuals *visuals)
{
	for (size_t i = 0; i < visuals->count; i++) {
		vec_done(&visuals->items[i].measures);
		mem_free(visuals->items[i].title);
	}
	vec_done(visuals);
}

struct shape {	/* columns by what they can be, in their order */
	const struct quicksight_columns *columns;
	struct { VEC(size_t); } dates;
	struct { VEC(size_t); } categories;
	struct { VEC(size_t); } measures;
};

static void shape_done(struct shape *shape)
{
	vec_done(&shape->dates);
	vec_done(&shape->categories);
	vec_done(&shape->measures);
}

static bool is_named(const struct quicksight_say *say, size_t at)
{
	if (say->named_count == 0 || (int)at == say->by)
		return true;
	for (size_t i = 0; i < say->named_count; i++)
		if (say->named[i] == at)
			return true;
	return false;
}

static void sort_column(struct shape *shape, size_t at)
{
	const struct quicksight_column *column = &shape->columns->items[at];

	if (column->type == QUICKSIGHT_DATETIME)
		vec_push(&shape->dates, at);
	else if (quicksight_is_measure(column))
		vec_push(&shape->measures, at);
	else
		vec_push(&shape->categories, at);
}

static void read_shape(struct shape *shape, const struct quicksight_say *say)
{
	for (size_t i = 0; i < say->named_count; i++)
		if ((int)say->named[i] != say->by)
			sort_column(shape, say->named[i]);
	for (size_t i = 0; i < shape->columns->count && say->named_count == 0;
	     i++)
		if (is_named(say, i) && (int)i != say->by)
			sort_column(shape, i);
}

static int first_category(const struct shape *shape, size_t at)
{
	return at < shape->categories.count ? (int)shape->categories.items[at]
					    : QUICKSIGHT_NO_COLUMN;
}

static int first_date(const struct shape *shape)
{
	return shape->dates.count > 0 ? (int)shape->dates.items[0]
				      : QUICKSIGHT_NO_COLUMN;
}

static struct quicksight_visual *push(struct quicksight_visuals *visuals,
				      enum quicksight_kind kind, int x, int by)
{
	struct quicksight_visual visual = { .kind = kind, .x = x, .by = by };

	vec_push(visuals, visual);
	return &visuals->items[visuals->count - 1];
}

static void push_measures(struct quicksight_visual *visual,
			  const struct shape *shape, size_t from, size_t most)
{
	for (size_t i = from; i < shape->measures.count && i < from + most; i++)
		vec_push(&visual->measures, shape->measures.items[i]);
}

/* One visual for each of the first measures; none: rows are counted. */
static void push_each(struct quicksight_visuals *visuals,
		      const struct shape *shape,
		      const struct quicksight_visual *like, size_t most)
{
	size_t count = shape->measures.count < most ? shape->measures.count
						    : most;

	for (size_t i = 0; i < count || i == 0; i++)
		push_measures(push(visuals, like->kind, like->x, like->by),
			      shape, i, 1);
}

/* --- a kind that was asked for --- */

static bool refuse(enum quicksight_kind kind, const char *needs,
		   struct err *err)
{
	err_set(err, ERR_USAGE, "%s needs %s, which the query does not have",
		kind_names[kind], needs);
	return err_hint(err, "cast in the query (amount::decimal(18,2), "
			     "day::date), or leave the kind out: it is chosen "
			     "then");
}

static bool add_asked(struct quicksight_visuals *visuals,
		      const struct shape *shape,
		      const struct quicksight_say *say, struct err *err)
{
	int date = first_date(shape);
	int one = first_category(shape, 0);
	int two = first_category(shape, 1);
	int by = say->by;
	struct quicksight_visual like = { .kind = say->kind, .x = one,
					  .by = by };

	switch (say->kind) {
	case QUICKSIGHT_KPI:
		like.x = like.by = QUICKSIGHT_NO_COLUMN;
		push_each(visuals, shape, &like, MOST_KPIS);
		return true;
	case QUICKSIGHT_LINE:
	case QUICKSIGHT_AREA:
		like.x = date >= 0 ? date : one;
		like.by = by >= 0 || date < 0 ? by : one;
		break;
	case QUICKSIGHT_BAR:
	case QUICKSIGHT_HBAR:
	case QUICKSIGHT_PIE:
		like.x = one >= 0 ? one : date;
		if (like.kind == QUICKSIGHT_PIE)
			like.by = QUICKSIGHT_NO_COLUMN;
		break;
	case QUICKSIGHT_PIVOT:
		like.by = by >= 0 ? by : two >= 0 ? two : date;
		if (like.x < 0) {
			like.x = like.by;
			like.by = QUICKSIGHT_NO_COLUMN;
		}
		if (like.x < 0)
			return refuse(say->kind, "a category or a date", err);
		push_measures(push(visuals, like.kind, like.x, like.by), shape,
			      0, MOST_KPIS);
		return true;
	case QUICKSIGHT_HEAT:
		like.by = by >= 0 ? by : two >= 0 ? two : date;
		if (like.x < 0 || like.by < 0)
			return refuse(say->kind, "two categories or dates", err);
		push_measures(push(visuals, like.kind, like.x, like.by), shape,
			      0, 1);
		return true;
	case QUICKSIGHT_SCATTER:
		if (shape->measures.count < 2)
			return refuse(say->kind, "two numbers", err);
		push_measures(push(visuals, like.kind, QUICKSIGHT_NO_COLUMN,
				   by >= 0 ? by : one),
			      shape, 0, 2);
		return true;
	case QUICKSIGHT_HIST:
		if (shape->measures.count == 0)
			return refuse(say->kind, "a number", err);
		push_measures(push(visuals, like.kind, QUICKSIGHT_NO_COLUMN,
				   QUICKSIGHT_NO_COLUMN),
			      shape, 0, 1);
		return true;
	case QUICKSIGHT_GUESS:
	case QUICKSIGHT_TABLE:
	case QUICKSIGHT_KIND_COUNT:
		return true;
	}
	if (like.x < 0)
		return refuse(say->kind, "a category or a date", err);
	push_each(visuals, shape, &like, MOST_CHARTS);
	return true;
}

/* --- a kind that is guessed --- */

/* First match wins; a lower bound each, and an upper one where it counts. */
static const struct {
	int dates, categories, measures;	/* at least */
	int most_measures;			/* at most; -1: any */
	enum quicksight_kind kinds[2];		/* GUESS: none */
} guesses[] = {
	{ 1, 1, 1, -1, { QUICKSIGHT_LINE, QUICKSIGHT_BAR } },
	{ 1, 0, 1, -1, { QUICKSIGHT_LINE, QUICKSIGHT_GUESS } },
	{ 1, 0, 0, -1, { QUICKSIGHT_LINE, QUICKSIGHT_GUESS } },
	{ 0, 2, 1, -1, { QUICKSIGHT_PIVOT, QUICKSIGHT_BAR } },
	{ 0, 1, 0, -1, { QUICKSIGHT_BAR, QUICKSIGHT_GUESS } },
	{ 0, 0, 1, 1, { QUICKSIGHT_KPI, QUICKSIGHT_GUESS } },
	{ 0, 0, 2, -1, { QUICKSIGHT_SCATTER, QUICKSIGHT_GUESS } },
};

static bool add_guessed(struct quicksight_visuals *visuals,
			const struct shape *shape,
			const struct quicksight_say *say, struct err *err)
{
	size_t at = 0;

	while (at < COUNT_OF(guesses) &&
	       ((int)shape->dates.count < guesses[at].dates ||
		(int)shape->categories.count < guesses[at].categories ||
		(int)shape->measures.count < guesses[at].measures ||
		(guesses[at].most_measures >= 0 &&
		 (int)shape->measures.count > guesses[at].most_measures)))
		at++;
	if (at == COUNT_OF(guesses))
		return true;
	for (size_t i = 0; i < COUNT_OF(guesses[at].kinds); i++) {
		struct quicksight_say asked = *say;

		asked.kind = guesses[at].kinds[i];
		if (asked.kind != QUICKSIGHT_GUESS &&
		    !add_asked(visuals, shape, &asked, err))
			return false;
	}
	return true;
}

bool quicksight_shape_add(struct quicksight_visuals *visuals,
			  const struct quicksight_columns *columns,
			  const struct quicksight_say *say, struct err *err)
{
	CLEANUP(shape_done) struct shape shape = { .columns = columns };
	size_t begin = visuals->count;

	read_shape(&shape, say);
	if (say->kind == QUICKSIGHT_GUESS
		    ? !add_guessed(visuals, &shape, say, err)
		    : !add_asked(visuals, &shape, say, err))
		return false;
	if (say->title != NULL && visuals->count > begin)
		visuals->items[begin].title = mem_copy_text(say->title);
	return true;
}

void quicksight_shape_table(struct quicksight_visuals *visuals)
{
	push(visuals, QUICKSIGHT_TABLE, QUICKSIGHT_NO_COLUMN,
	     QUICKSIGHT_NO_COLUMN);
}
