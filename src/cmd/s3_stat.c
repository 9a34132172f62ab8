#include "cmd/s3_stat.h"

#include "aws/s3_about.h"
#include "aws/s3_uri.h"
#include "cmd/s3_args.h"
#include "cmd/s3_where.h"
#include "data/rows_mem.h"
#include "shell/command.h"
#include "shell/session.h"

static void add_property(void *context, const char *property, const char *value)
{
	rows_mem_add(context, property);
	rows_mem_add(context, value);
}

static bool describe(struct session *session, const struct s3_uri *uri,
		     const char *version, struct rows_mem *mem, struct err *err)
{
	struct s3_about_visit visit = { add_property, mem };
	struct aws *aws = session_aws(session, err);

	if (aws == NULL)
		return false;
	if (uri->key.len == 0)
		return s3_about_bucket(aws, uri, &visit, err);
	return s3_about_object(aws, uri, version, &visit, err);
}

bool s3_stat_run(struct session *session, const struct args *args,
		 struct err *err)
{
	CLEANUP(s3_options_done) struct s3_options request = S3_OPTIONS_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(rows_mem_freep) struct rows_mem *mem = rows_mem_new(NULL);
	struct rows *rows;

	rows_mem_column(mem, "property", ROWS_TEXT);
	rows_mem_column(mem, "value", ROWS_TEXT);
	if (!s3_args_options(args, &request, err) ||
	    !s3_where_parse(session, args_text(args, "URI"), &uri, err))
		return false;
	uri.options = &request;
	if (!describe(session, &uri, args_text(args, "--version-id"), mem, err))
		return false;
	rows = rows_mem_rows(mem);
	mem = NULL;
	return session_print_rows(session, rows, "", err);
}
