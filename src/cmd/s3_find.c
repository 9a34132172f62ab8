#include "cmd/s3_find.h"

#include <string.h>

#include "aws/s3_uri.h"
#include "base/clock.h"
#include "base/units.h"
#include "cmd/s3_args.h"
#include "cmd/s3_list_rows.h"
#include "cmd/s3_where.h"
#include "data/isotime.h"
#include "shell/command.h"
#include "shell/session.h"

/* What an object must be. */
struct wish {
	const char *name;  /* glob for the bytes behind the last '/'; NULL */
	const char *class; /* NULL: any */
	char size_sign;    /* '+': more than size, '-': less, '=': just so;
			    * 0: any */
	int64_t size;
	int64_t newer_ms; /* modified at this time or later */
	int64_t older_ms; /* before it */
};

static bool is_wished(void *context, const struct s3_list_entry *entry)
{
	const struct wish *wish = context;

	if (wish->name != NULL &&
	    !s3_uri_glob_match(wish->name, s3_uri_base(entry->key)))
		return false;
	if (wish->class != NULL &&
	    !str_equal_nocase(wish->class, entry->storage_class))
		return false;
	if ((wish->size_sign == '+' && entry->size <= wish->size) ||
	    (wish->size_sign == '-' && entry->size >= wish->size) ||
	    (wish->size_sign == '=' && entry->size != wish->size))
		return false;
	return entry->modified_ms >= wish->newer_ms &&
	       entry->modified_ms < wish->older_ms;
}

static bool read_size(const struct args *args, struct wish *wish,
		      struct err *err)
{
	const char *text = args_text(args, "--size");

	if (text == NULL)
		return true;
	wish->size_sign = text[0] == '+' || text[0] == '-' ? text[0] : '=';
	if (wish->size_sign != '=')
		text++;
	if (units_parse_bytes(text, &wish->size, err))
		return true;
	err_wrap(err, "--size");
	return err_hint(err, "--size +10MB is more than that, -10MB less");
}

/* "2d" is that long ago; else a date, or a date and time. */
static bool read_time(const struct args *args, const char *name,
		      int64_t *out_ms, struct err *err)
{
	const char *text = args_text(args, name);
	int64_t ago_ms;

	if (text == NULL)
		return true;
	if (units_parse_duration_ms(text, &ago_ms, NULL)) {
		*out_ms = clock_wall_ms() - ago_ms;
		return true;
	}
	if (isotime_parse(text, out_ms, NULL))
		return true;
	err_set(err, ERR_USAGE, "%s: \"%s\" is no time", name, text);
	return err_hint(err, "an age like 2d or 3h, or a date like "
			     "2026-03-14 or '2026-03-14 15:00' (UTC)");
}

static bool read_wish(const struct args *args, struct wish *wish,
		      struct err *err)
{
	*wish = (struct wish){
		.name = args_text(args, "--name"),
		.class = args_text(args, "--class"),
		.newer_ms = INT64_MIN,
		.older_ms = INT64_MAX,
	};
	return read_size(args, wish, err) &&
	       read_time(args, "--newer", &wish->newer_ms, err) &&
	       read_time(args, "--older", &wish->older_ms, err);
}

bool s3_find_run(struct session *session, const struct args *args,
		 struct err *err)
{
	CLEANUP(s3_options_done) struct s3_options request = S3_OPTIONS_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	struct wish wish;
	struct s3_list_rows_options options = {
		.all_columns = args_flag(args, "-l"),
		.human = args_flag(args, "-h"),
		.recursive = true,
		.by_time = args_flag(args, "-t"),
		.by_size = args_flag(args, "-S"),
		.reverse = args_flag(args, "-r"),
		.limit = args_number(args, "-n", 0),
		.whole_names = true,
		.wanted = is_wished,
		.context = &wish,
	};
	struct err failed = ERR_EMPTY;
	struct aws *aws;
	struct rows *rows;

	if (!s3_args_options(args, &request, err) ||
	    !read_wish(args, &wish, err) ||
	    !s3_where_parse(session, args_text(args, "URI"), &uri, err))
		return false;
	uri.options = &request;
	aws = session_aws(session, err);
	if (aws == NULL)
		return false;
	rows = s3_list_rows_objects(aws, &uri, &options, &failed);
	if (rows != NULL)
		return session_print_rows(session, rows, NULL, err);
	if (err != NULL)
		*err = failed;
	return false;
}
