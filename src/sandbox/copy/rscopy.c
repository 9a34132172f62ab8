#include "sandbox/copy/rscopy.h"

#include <string.h>

#include "base/mem.h"
#include "sandbox/copy/rscopy_job.h"
#include "sandbox/copy/rscopy_load.h"
#include "sandbox/copy/rscopy_unload.h"
#include "sql/lexer.h"

static const struct {
	const char *word;
	bool (*run)(struct rscopy_job *job, const char *sql);
} verbs[] = {
	{ "COPY", rscopy_load_run },
	{ "UNLOAD", rscopy_unload_run },
};

/* Index into verbs, -1: neither. */
static int find_verb(const char *sql, size_t len)
{
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	token = lexer_next_solid(&lexer);
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (token_is(&token, verbs[i].word))
			return (int)i;
	return -1;
}

bool rscopy_wants(const char *sql, size_t len)
{
	return find_verb(sql, len) >= 0;
}

bool rscopy_run(const struct rscopy_call *call, const char *sql,
		struct rscopy_result *result)
{
	struct rscopy_job job = { .call = call, .result = result };
	int verb = find_verb(sql, strlen(sql));

	if (verb < 0)
		return rscopy_fail(&job, "42601", "syntax error");
	result->tag = verbs[verb].word;
	return verbs[verb].run(&job, sql);
}

void rscopy_result_done(struct rscopy_result *result)
{
	str_done(&result->message);
	str_done(&result->detail);
	str_done(&result->hint);
}
