#include "cmd/s3_du.h"

#include <string.h>

#include "aws/s3_list.h"
#include "aws/s3_uri.h"
#include "base/units.h"
#include "cmd/s3_args.h"
#include "cmd/s3_where.h"
#include "data/rows_mem.h"
#include "shell/command.h"
#include "shell/session.h"

enum {
	DEPTH_MAX = 64,
	TICK_OBJECTS = 10000, /* between two lines of progress */
};

struct sums {
	struct str name; /* of a folder: its key */
	int64_t count;
	int64_t bytes;
	int64_t largest;
	struct str largest_key;
};

/* The folders above the key at hand, from the top: keys come in order, so a
 * folder is complete when a key outside of it comes. */
struct usage {
	struct session *session;
	struct rows_mem *mem;
	bool human;
	size_t base;  /* bytes of keys before the names below the start */
	size_t depth; /* folders shown below the start; 0: the total only */
	struct sums total;
	struct sums open[DEPTH_MAX];
	size_t open_count;
};

static void sums_done(struct sums *sums)
{
	str_done(&sums->name);
	str_done(&sums->largest_key);
}

static void usage_init(struct usage *usage, struct session *session, bool human)
{
	static const struct sums none = { .name = STR_EMPTY,
					  .largest_key = STR_EMPTY };

	*usage = (struct usage){
		.session = session,
		.mem = rows_mem_new(NULL),
		.human = human,
		.total = none,
	};
	for (size_t i = 0; i < DEPTH_MAX; i++)
		usage->open[i] = none;
}

static void usage_done(struct usage *usage)
{
	sums_done(&usage->total);
	for (size_t i = 0; i < DEPTH_MAX; i++)
		sums_done(&usage->open[i]);
	rows_mem_freep(&usage->mem);
}

static void sums_clear(struct sums *sums)
{
	str_clear(&sums->name);
	str_clear(&sums->largest_key);
	sums->count = sums->bytes = sums->largest = 0;
}

static void sums_add(struct sums *sums, const struct s3_list_entry *entry)
{
	bool first = sums->count == 0;

	sums->count++;
	sums->bytes += entry->size;
	if (!first && entry->size <= sums->largest)
		return;
	sums->largest = entry->size;
	str_set(&sums->largest_key, entry->key);
}

static void add_bytes(struct usage *usage, int64_t bytes)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!usage->human) {
		rows_mem_add_number(usage->mem, bytes);
		return;
	}
	units_add_bytes(&text, bytes);
	rows_mem_add(usage->mem, text.text);
}

static void add_row(struct usage *usage, const struct sums *sums)
{
	rows_mem_add(usage->mem, sums->name.text);
	rows_mem_add_number(usage->mem, sums->count);
	add_bytes(usage, sums->bytes);
	add_bytes(usage, sums->largest);
	rows_mem_add(usage->mem,
		     sums->count > 0 ? sums->largest_key.text : NULL);
}

/* Inner folders stand before those around them, as du has them. */
static void close_folders(struct usage *usage, size_t keep)
{
	while (usage->open_count > keep)
		add_row(usage, &usage->open[--usage->open_count]);
}

static void count_in_folders(struct usage *usage,
			     const struct s3_list_entry *entry)
{
	const char *at = entry->key + usage->base;
	size_t level = 0;

	for (; level < usage->depth; level++) {
		const char *slash = strchr(at, '/');
		size_t len;
		struct sums *sums = &usage->open[level];

		if (slash == NULL)
			break;
		at = slash + 1;
		len = (size_t)(at - entry->key);
		if (level < usage->open_count &&
		    !str_slice_equal(entry->key, len, sums->name.text))
			close_folders(usage, level);
		if (level == usage->open_count) {
			sums_clear(sums);
			str_set_slice(&sums->name, entry->key, len);
			usage->open_count++;
		}
		sums_add(sums, entry);
	}
	close_folders(usage, level);
}

static void show_count(const struct usage *usage)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, "counting: ");
	units_add_count(&text, usage->total.count);
	str_add(&text, " objects, ");
	units_add_bytes(&text, usage->total.bytes);
	session_progress(usage->session, text.text);
}

static bool count_all(struct usage *usage, struct aws *aws,
		      const struct s3_uri *uri, struct err *err)
{
	struct s3_list_options options = {
		.bucket = uri->bucket.text,
		.prefix = uri->key.text,
		.glob = true,
		.request = uri->options,
	};
	CLEANUP(s3_list_freep)
	struct s3_list *list = s3_list_new(aws, &options);
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;

	while ((entry = s3_list_next(list, &failed)) != NULL) {
		sums_add(&usage->total, entry);
		if (usage->depth > 0)
			count_in_folders(usage, entry);
		if (usage->total.count % TICK_OBJECTS == 0)
			show_count(usage);
	}
	session_progress(usage->session, "");
	if (failed.kind == ERR_NONE)
		return true;
	if (err != NULL)
		*err = failed;
	return false;
}

static bool add_argument(struct usage *usage, struct aws *aws,
			 const char *argument, const struct s3_options *request,
			 struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	size_t base;

	if (!s3_where_parse(usage->session, argument, &uri, err))
		return false;
	uri.options = request;
	base = s3_uri_glob_prefix(uri.key.text);
	while (base > 0 && uri.key.text[base - 1] != '/')
		base--;
	usage->base = base;
	usage->open_count = 0;
	sums_clear(&usage->total);
	if (argument != NULL)
		str_set(&usage->total.name, argument);
	else
		s3_uri_add(&uri, &usage->total.name);
	if (!count_all(usage, aws, &uri, err))
		return false;
	close_folders(usage, 0);
	add_row(usage, &usage->total);
	return true;
}

static bool read_depth(const struct args *args, struct usage *usage,
		       struct err *err)
{
	int64_t depth = args_number(args, "-d", 0);

	if (depth < 0 || depth > DEPTH_MAX)
		return err_set(err, ERR_USAGE, "-d: 0 to %d levels of folders",
			       DEPTH_MAX);
	usage->depth = (size_t)depth;
	return true;
}

bool s3_du_run(struct session *session, const struct args *args,
	       struct err *err)
{
	CLEANUP(s3_options_done) struct s3_options request = S3_OPTIONS_EMPTY;
	CLEANUP(usage_done) struct usage usage;
	enum rows_kind kind = args_flag(args, "-h") ? ROWS_TEXT : ROWS_INTEGER;
	size_t count = args_count(args, "URI");
	struct aws *aws;
	struct rows *rows;

	usage_init(&usage, session, kind == ROWS_TEXT);
	if (!read_depth(args, &usage, err) ||
	    !s3_args_options(args, &request, err))
		return false;
	aws = session_aws(session, err);
	if (aws == NULL)
		return false;
	rows_mem_column(usage.mem, "name", ROWS_TEXT);
	rows_mem_column(usage.mem, "objects", ROWS_INTEGER);
	rows_mem_column(usage.mem, "bytes", kind);
	rows_mem_column(usage.mem, "largest", kind);
	rows_mem_column(usage.mem, "largest key", ROWS_TEXT);
	for (size_t i = 0; i < (count > 0 ? count : 1); i++)
		if (!add_argument(&usage, aws, args_item(args, "URI", i),
				  &request, err))
			return false;
	rows = rows_mem_rows(usage.mem);
	usage.mem = NULL;
	return session_print_rows(session, rows, "", err);
}
