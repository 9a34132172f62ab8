#include "shell/batch.h"

#include <string.h>

#include "data/spool.h"
#include "sql/lexer.h"

bool batch_wanted(const char *sql)
{
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, strlen(sql), 0, NULL);
	do
		token = lexer_next_solid(&lexer);
	while (token_is_char(&token, '('));
	return token_is(&token, "select") || token_is(&token, "values");
}

static enum rows_step next(struct rows *rows,
			   const struct rows_value **out_values,
			   struct err *err)
{
	struct batch *batch = (struct batch *)rows;
	enum rows_step step;

	while ((step = spool_next(batch->spool, out_values, err)) == ROWS_END &&
	       batch->unbroken && !batch->is_last)
		if (!batch_fill(batch, err))
			return ROWS_FAILED;
	return step;
}

static void stay(struct rows *rows)
{
	(void)rows;
}

static const struct rows_class batch_class = {
	.next = next,
	.free = stay,
};

void batch_init(struct batch *batch, struct rows *source, int64_t most)
{
	*batch = (struct batch){ .rows = *source,
				 .source = source,
				 .most = most };
	batch->rows.class = &batch_class;
}

void batch_done(struct batch *batch)
{
	spool_free(batch->spool);
}

/* Whoever is told may read this batch, and no further. */
static bool tell(struct batch *batch, struct err *err)
{
	bool unbroken = batch->unbroken;
	bool ok;

	if (!batch->taken)
		return true;
	batch->unbroken = false;
	ok = batch->taken(batch, err) && batch_rewind(batch, err);
	batch->unbroken = unbroken;
	return ok;
}

bool batch_fill(struct batch *batch, struct err *err)
{
	const struct rows_value *values;
	enum rows_step step = ROWS_ROW;
	int64_t count = 0;

	batch->is_first = batch->spool == NULL;
	if (batch->spool)
		batch->before += spool_count(batch->spool);
	spool_free(batch->spool);
	batch->spool =
		spool_new(batch->source->column_count, SPOOL_MEMORY_BYTES);
	while (count < batch->most &&
	       (step = rows_next(batch->source, &values, err)) == ROWS_ROW) {
		if (!spool_add(batch->spool, values, err))
			return false;
		count++;
	}
	if (step == ROWS_FAILED)
		return false;
	batch->is_last = count < batch->most;
	return batch_rewind(batch, err) && tell(batch, err);
}

bool batch_rewind(struct batch *batch, struct err *err)
{
	return spool_rewind(batch->spool, err);
}
