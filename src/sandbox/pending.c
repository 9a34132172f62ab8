/* Stands in, weakly, for modules that are still being written; shrinks with
 * each that lands and then goes. */
#include "base/str.h"
#include "sandbox/rewrite.h"
#include "sandbox/rscopy.h"

#define WEAK __attribute__((weak))

struct rewrite {
	int none;
};

WEAK struct rewrite *rewrite_new(const char *share_dir, struct err *err)
{
	(void)share_dir;
	(void)err;
	return mem_alloc(sizeof(struct rewrite));
}

WEAK void rewrite_free(struct rewrite *rewrite)
{
	mem_free(rewrite);
}

WEAK void rewrite_result_done(struct rewrite_result *result)
{
	str_done(&result->sql);
}

WEAK size_t rewrite_split(const char *sql, size_t len, size_t start)
{
	(void)sql;
	(void)start;
	return len;
}

WEAK bool rewrite_statement(const struct rewrite *rewrite,
			    const struct rewrite_input *input,
			    struct rewrite_result *out, struct err *err)
{
	(void)rewrite;
	(void)err;
	out->action = REWRITE_SEND;
	out->statement.kind = STATEMENT_QUERY;
	out->statement.name = "SELECT";
	str_add_slice(&out->sql, input->sql, input->len);
	return true;
}

WEAK size_t rewrite_position(const struct rewrite_result *result,
			     const struct rewrite_input *input,
			     size_t position)
{
	(void)result;
	(void)input;
	return position;
}

WEAK bool rewrite_message(const struct rewrite *rewrite, char *sqlstate,
			  struct str *message)
{
	(void)rewrite;
	(void)sqlstate;
	(void)message;
	return false;
}

WEAK bool rscopy_run(const struct rscopy_call *call, const char *sql,
		     struct rscopy_result *result)
{
	(void)call;
	(void)sql;
	str_set(&result->message, "COPY is not there yet");
	return false;
}

WEAK void rscopy_result_done(struct rscopy_result *result)
{
	str_done(&result->message);
}

