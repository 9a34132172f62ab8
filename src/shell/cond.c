#include "shell/cond.h"

#include "base/vec.h"

/* States of a block:
 *   TAKEN    this branch runs
 *   WAITING  no branch was true yet, a later one may be
 *   SKIPPED  a branch has run, or all around is skipped: none runs any more
 *   ELSE_TAKEN, ELSE_SKIPPED  as above after \else: only \endif may follow
 */
enum state {
	TAKEN,
	WAITING,
	SKIPPED,
	ELSE_TAKEN,
	ELSE_SKIPPED,
};

struct block {
	enum state state;
	struct split_mark mark;
};

struct cond {
	struct {
		VEC(struct block);
	} blocks;
};

struct cond *cond_new(void)
{
	return mem_alloc(sizeof(struct cond));
}

void cond_free(struct cond *cond)
{
	if (!cond)
		return;
	vec_done(&cond->blocks);
	mem_free(cond);
}

static struct block *top(const struct cond *cond)
{
	if (cond->blocks.count == 0)
		return NULL;
	return &cond->blocks.items[cond->blocks.count - 1];
}

bool cond_active(const struct cond *cond)
{
	const struct block *block = top(cond);

	return !block || block->state == TAKEN || block->state == ELSE_TAKEN;
}

bool cond_takes_elif(const struct cond *cond)
{
	const struct block *block = top(cond);

	return block && block->state != ELSE_TAKEN &&
	       block->state != ELSE_SKIPPED;
}

bool cond_is_empty(const struct cond *cond)
{
	return cond->blocks.count == 0;
}

void cond_if(struct cond *cond, bool true_)
{
	struct block block = { .state = WAITING };

	if (!cond_active(cond))
		block.state = SKIPPED;
	else if (true_)
		block.state = TAKEN;
	vec_push(&cond->blocks, block);
}

bool cond_wants_value(const struct cond *cond)
{
	const struct block *block = top(cond);

	return block && block->state == WAITING;
}

bool cond_elif(struct cond *cond, bool true_, struct err *err)
{
	struct block *block = top(cond);

	if (!block)
		return err_set(err, ERR_USAGE, "\\elif: no matching \\if");
	switch (block->state) {
	case TAKEN:
		block->state = SKIPPED;
		return true;
	case WAITING:
		block->state = true_ ? TAKEN : WAITING;
		return true;
	case SKIPPED:
		return true;
	case ELSE_TAKEN:
	case ELSE_SKIPPED:
		break;
	}
	return err_set(err, ERR_USAGE, "\\elif: cannot occur after \\else");
}

bool cond_else(struct cond *cond, struct err *err)
{
	struct block *block = top(cond);

	if (!block)
		return err_set(err, ERR_USAGE, "\\else: no matching \\if");
	switch (block->state) {
	case WAITING:
		block->state = ELSE_TAKEN;
		return true;
	case TAKEN:
	case SKIPPED:
		block->state = ELSE_SKIPPED;
		return true;
	case ELSE_TAKEN:
	case ELSE_SKIPPED:
		break;
	}
	return err_set(err, ERR_USAGE, "\\else: cannot occur after \\else");
}

bool cond_endif(struct cond *cond, struct err *err)
{
	if (!cond_leave(cond))
		return err_set(err, ERR_USAGE, "\\endif: no matching \\if");
	return true;
}

bool cond_leave(struct cond *cond)
{
	if (cond->blocks.count == 0)
		return false;
	cond->blocks.count--;
	return true;
}

void cond_set_mark(struct cond *cond, struct split_mark mark)
{
	if (top(cond))
		top(cond)->mark = mark;
}

struct split_mark cond_mark(const struct cond *cond)
{
	return top(cond) ? top(cond)->mark : (struct split_mark){ 0 };
}
