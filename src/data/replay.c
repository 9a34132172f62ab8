#include "data/replay.h"

#include "data/spool.h"

static enum rows_step next(struct rows *rows,
			   const struct rows_value **out_values,
			   struct err *err)
{
	return spool_next(((struct replay *)rows)->spool, out_values, err);
}

static void stay(struct rows *rows)
{
	(void)rows;
}

static const struct rows_class replay_class = {
	.next = next,
	.free = stay,
};

void replay_init(struct replay *replay, const struct rows *from)
{
	replay->rows = *from;
	replay->rows.class = &replay_class;
	replay->spool = spool_new(from->column_count, SPOOL_MEMORY_BYTES);
}

void replay_done(struct replay *replay)
{
	spool_free(replay->spool);
	replay->spool = NULL;
}

bool replay_fill(struct replay *replay, struct rows *from, struct err *err)
{
	const struct rows_value *values;
	enum rows_step step;

	while ((step = rows_next(from, &values, err)) == ROWS_ROW)
		if (!spool_add(replay->spool, values, err))
			return false;
	return step == ROWS_END && replay_again(replay, err);
}

bool replay_again(void *context, struct err *err)
{
	return spool_rewind(((struct replay *)context)->spool, err);
}
