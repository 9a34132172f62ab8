/* COPY and UNLOAD as text: read or refused with words; what was read is
 * within its own limits, and read again the same.
 *
 * Byte 0: bit 0 an UNLOAD, bit 1 a tail alone. */
#include "fuzz.h"

#include <string.h>

#include "load/copy_parse.h"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("\0copy t from 's3://b/k' iam_role default csv"),
	FUZZ_TEXT("\0copy s.\"T x\" (a, \"b\") from 's3://b/m.json' "
		  "credentials 'aws_access_key_id=A;aws_secret_access_key=B;"
		  "token=C' manifest delimiter '\\t' null as '\\N' gzip "
		  "region 'us-east-1' maxerror 10 dateformat 'auto'"),
	FUZZ_TEXT("\0copy t from 's3://b/k' iam_role 'arn:aws:iam::1:role/a,"
		  "arn:aws:iam::2:role/b' json 's3://b/paths' timeformat "
		  "'epochsecs' acceptinvchars as '?' compupdate off"),
	FUZZ_TEXT("\0copy t from 's3://b/k' access_key_id 'A' "
		  "secret_access_key 'B' fixedwidth 'a:3,b:12' noload"),
	FUZZ_TEXT("\1unload ('select ''a'' from t') to 's3://b/p_' iam_role "
		  "default parquet partition by (a, b) include maxfilesize "
		  "6.2 mb"),
	FUZZ_TEXT("\1unload ($$select 1$$) to 's3://b/' iam_role default csv "
		  "header parallel off allowoverwrite zstd extension 'x'"),
	FUZZ_TEXT("\2iam_role default format as csv quote as '\"' "
		  "ignoreheader as 1;"),
	FUZZ_TEXT("\3iam_role default delimiter '|' addquotes escape"),
	{ NULL, 0 },
};

static const char *const words[] = {
	" csv", " json", " 'auto'", " avro", " parquet", " orc", " manifest",
	" delimiter", " as", " '|'", " null", " fixedwidth", " 'a:1'",
	" quote", " escape", " gzip", " bzip2", " zstd", " lzop", " encrypted",
	" maxerror", " 100001", " -1", " 1e9", " dateformat", " timeformat",
	" ignoreheader", " fillrecord", " truncatecolumns", " noload",
	" statupdate", " on", " off", " compupdate", " preset", " region",
	" iam_role", " default", " credentials", " 'aws_iam_role=x'",
	" access_key_id", " 'x'", " session_token", " readratio", " ssh",
	" encoding", " utf8", " utf16le", " explicit_ids", " partition by (",
	" rowgroupsize", " maxfilesize", " gb", " mb", " cleanpath", " header",
	"(", ")", ",", ";", "'", "''", "\\", "\\0", "\\777", "\"", "$$", "--",
	"/*", " from ", " to ", " stdin", " job run", NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 20000,
};

static void check_options(const struct copy_options *options, size_t len)
{
	for (size_t i = 0; i < options->given.count; i++) {
		const struct copy_given *given = &options->given.items[i];

		FUZZ_CHECK(given->option != NULL && given->at < len);
		FUZZ_CHECK(given->text == NULL ||
			   given->text[given->len] == '\0');
		FUZZ_CHECK(copy_options_has(options, given->option->id));
	}
	FUZZ_CHECK(options->auth.kind != COPY_AUTH_ROLE ||
		   options->auth.role != NULL);
}

static void check_err(const struct err *err)
{
	FUZZ_CHECK(err->kind != ERR_NONE && err->message[0] != '\0');
}

static void read_copy(const char *text, size_t len)
{
	struct copy_statement copy = COPY_STATEMENT_EMPTY;
	struct err err = ERR_EMPTY;

	if (copy_parse(&copy, text, len, &err)) {
		FUZZ_CHECK(copy.table != NULL && copy.source != NULL);
		check_options(&copy.options, len);
	} else {
		check_err(&err);
	}
	copy_statement_done(&copy);
}

static void read_unload(const char *text, size_t len)
{
	struct unload_statement unload = UNLOAD_STATEMENT_EMPTY;
	struct err err = ERR_EMPTY;

	if (unload_parse(&unload, text, len, &err)) {
		FUZZ_CHECK(unload.query != NULL && unload.target != NULL);
		FUZZ_CHECK(strlen(unload.query) <= len);
		check_options(&unload.options, len);
	} else {
		check_err(&err);
	}
	unload_statement_done(&unload);
}

static void read_tail(const char *text, size_t len, enum copy_verb verb)
{
	struct copy_options options = COPY_OPTIONS_EMPTY;
	struct err err = ERR_EMPTY;

	if (copy_options_parse(&options, verb, text, len, &err))
		check_options(&options, len);
	else
		check_err(&err);
	copy_options_done(&options);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	bool unload;

	if (size == 0)
		return 0;
	size--;
	unload = (data[0] & 1) != 0;
	if (data[0] & 2)
		read_tail(text, size, unload ? COPY_VERB_UNLOAD
					     : COPY_VERB_COPY);
	else if (unload)
		read_unload(text, size);
	else
		read_copy(text, size);
	return 0;
}
