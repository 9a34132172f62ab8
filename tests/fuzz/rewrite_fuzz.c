/* Any text as a Query message: it is cut into statements that tile it, each
 * becomes SQL or is refused with a SQLSTATE and words, and positions stay
 * inside.
 *
 * Byte 0: in a block, case sensitive, extended protocol. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/utf8.h"
#include "sandbox/rewrite/rewrite.h"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT(" select 1; begin; insert into t values (1); commit"),
	FUZZ_TEXT("!create table t (a int identity(1,1) encode raw distkey,"
		  " b varchar(max) sortkey) diststyle key"),
	FUZZ_TEXT(" copy t from 's3://b/k' iam_role default csv"),
	FUZZ_TEXT("\"unload ('select ''a''') to 's3://b/' iam_role default"),
	FUZZ_TEXT(" select a.b[0].c::int, listagg(x, ',') within group (order"
		  " by y) over () from t qualify row_number() over () = 1"),
	FUZZ_TEXT(" create procedure p(a int) as $$ begin null; end $$"
		  " language plpgsql"),
	FUZZ_TEXT(" merge into t using s on t.a = s.a when matched then"
		  " delete when not matched then insert values (1)"),
	{ NULL, 0 },
};

static const char *const files[] = {
	"cases/rewrite/*.txt",
	"cases/dialect/*.sql",
	NULL,
};

static const char *const words[] = {
	"select ", " from ", " where ", " top 3 ", " minus ", " interval ",
	"create table ", "alter table ", "#t", " encode ", " distkey",
	" sortkey(", " identity(1,1)", "::", "varchar(max)", "super",
	"varbyte", " over (", " partition by ", " within group (", " distinct ",
	"approximate count(", "getdate()", "dateadd(", "datediff(", "decode(",
	"nvl(", "nvl2(", "convert(", "json_", "$$", "$a$", "/*", "*/", "--",
	"'", "\"", "\\", "e'", "(", ")", "((", "))", "[", "]", ",", ";", ".",
	"$1", "set ", "show ", "reset ", "to ", " as ", " with ", " union all ",
	" pivot(", " unpivot(", " qualify ", " case when ", " end ", "begin;",
	"copy ", "unload (", "drop ", "grant ", "execute ", "prepare ",
	"declare c cursor for ", "fetch ", "lock ", "vacuum ", "analyze ",
	"pg_catalog.", "svv_", "stl_", "information_schema.", "\xc3\xa4",
	"\xff", NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.files = files,
	.words = words,
	.count = 8000,
};

static const struct rewrite *tables(void)
{
	static struct rewrite *rewrite;
	const char *share = getenv("REDSH_SHARE");
	struct err err = ERR_EMPTY;

	if (rewrite == NULL)
		rewrite = rewrite_new(share == NULL ? SOURCE_SHARE : share,
				      &err);
	FUZZ_CHECK(rewrite != NULL);
	return rewrite;
}

static void check_done(const struct rewrite_input *input,
		       const struct rewrite_result *result)
{
	size_t characters = utf8_count(input->sql, input->len);
	size_t rendered = utf8_count(result->sql.text, result->sql.len);

	/* what is sent ends at its first NUL */
	FUZZ_CHECK(strlen(result->sql.text) == result->sql.len);
	FUZZ_CHECK(strlen(result->before.text) == result->before.len);
	FUZZ_CHECK(strlen(result->after.text) == result->after.len);
	for (size_t i = 1; i <= rendered + 1; i += 1 + rendered / 8)
		FUZZ_CHECK(rewrite_position(result, input, i) <=
			   characters + 1);
}

static void check_statement(const struct rewrite_input *input)
{
	struct rewrite_result result = REWRITE_RESULT_EMPTY;
	struct err err = ERR_EMPTY;

	if (rewrite_statement(tables(), input, &result, &err)) {
		check_done(input, &result);
	} else {
		FUZZ_CHECK(strlen(err.code) == 5 && err.message[0] != '\0');
		FUZZ_CHECK(result.refused_at == (size_t)-1 ||
			   result.refused_at <= input->len);
	}
	rewrite_result_done(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rewrite_input input = { 0 };
	CLEANUP(mem_freep) char *sql = NULL;
	size_t len;
	size_t at = 0;

	if (size == 0)
		return 0;
	/* a Query message ends at its first NUL, which is there */
	sql = mem_copy_slice((const char *)data + 1, size - 1);
	len = strlen(sql);
	input.in_block = (data[0] & 1) != 0;
	input.case_sensitive = (data[0] & 2) != 0;
	input.extended = (data[0] & 4) != 0;
	while (at < len) {
		size_t end = rewrite_split(sql, len, at);

		FUZZ_CHECK(end > at && end <= len);
		input.sql = sql + at;
		input.len = end - at;
		check_statement(&input);
		at = end;
	}
	return 0;
}
