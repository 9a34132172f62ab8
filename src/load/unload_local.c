#include "load/unload_local.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "load/copy_args.h"

void unload_local_done(struct unload_local *local)
{
	str_done(&local->path);
	str_done(&local->proposed);
}

/* --- what the name says --- */

enum shape { SHAPE_TEXT, SHAPE_JSON, SHAPE_PARQUET };

static const struct {
	const char *end; /* of the file's name */
	enum shape shape;
	const char *parameters;
} formats[] = {
	{ ".csv", SHAPE_TEXT, "csv header" },
	{ ".tsv", SHAPE_TEXT, "csv delimiter '\\t' header" },
	{ ".json", SHAPE_JSON, "json" },
	{ ".jsonl", SHAPE_JSON, "json" },
	{ ".ndjson", SHAPE_JSON, "json" },
	{ ".parquet", SHAPE_PARQUET, "parquet" },
};
enum { OTHERWISE = 0 };

static const struct {
	enum pack_kind pack;
	enum copy_option_id id;
	const char *parameter;
} packs[] = {
	{ PACK_GZIP, COPY_GZIP, "gzip" },
	{ PACK_ZSTD, COPY_ZSTD, "zstd" },
	{ PACK_BZIP2, COPY_BZIP2, "bzip2" },
};

static enum pack_kind named_pack(const char *name, size_t *out_len)
{
	*out_len = strlen(name);
	for (size_t i = 0; i < COUNT_OF(packs); i++) {
		const char *end = pack_suffix(packs[i].pack);

		if (!str_ends(name, end))
			continue;
		*out_len -= strlen(end);
		return packs[i].pack;
	}
	return PACK_NONE;
}

/* len: without the end of what it is packed by. */
static size_t named_format(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		size_t end = strlen(formats[i].end);

		if (len >= end && str_slice_equal_nocase(name + len - end, end,
							 formats[i].end))
			return i;
	}
	return OTHERWISE;
}

/* --- what the parameters say --- */

static bool says_format(const struct copy_options *options)
{
	for (size_t i = 0; i < options->given.count; i++) {
		const struct copy_option *option =
			options->given.items[i].option;

		if (option->group == COPY_GROUP_FORMAT ||
		    option->group == COPY_GROUP_TEXT)
			return true;
	}
	return false;
}

static void propose(struct unload_local *out, const char *words)
{
	str_addf(&out->proposed, "%s%s", out->proposed.len > 0 ? " " : "",
		 words);
}

static enum shape find_shape(struct unload_local *out,
			     const struct copy_options *options,
			     const char *name, size_t name_len)
{
	size_t format = named_format(name, name_len);

	if (!says_format(options)) {
		propose(out, formats[format].parameters);
		out->header = formats[format].shape == SHAPE_TEXT;
		out->quotes = out->header;
		return formats[format].shape;
	}
	out->header = copy_options_has(options, COPY_HEADER);
	out->quotes = copy_options_has(options, COPY_CSV) ||
		      copy_options_has(options, COPY_ADDQUOTES);
	out->escape = copy_options_has(options, COPY_ESCAPE);
	if (copy_options_has(options, COPY_PARQUET))
		return SHAPE_PARQUET;
	return copy_options_has(options, COPY_JSON) ? SHAPE_JSON : SHAPE_TEXT;
}

static void find_pack(struct unload_local *out,
		      const struct copy_options *options)
{
	for (size_t i = 0; i < COUNT_OF(packs); i++) {
		if (copy_options_has(options, packs[i].id)) {
			out->packed = packs[i].pack;
			return;
		}
	}
	out->packed = out->pack;
	for (size_t i = 0; i < COUNT_OF(packs); i++)
		if (packs[i].pack == out->pack)
			propose(out, packs[i].parameter);
}

/* --- what can be written --- */

static bool is_empty_folder(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	bool empty = true;

	if (folder == NULL)
		return errno == ENOENT;
	while (empty && (entry = readdir(folder)) != NULL)
		empty = strcmp(entry->d_name, ".") == 0 ||
			strcmp(entry->d_name, "..") == 0;
	closedir(folder);
	return empty;
}

bool unload_local_check_folder(const struct unload_local *local,
			       struct err *err)
{
	if (is_empty_folder(local->path.text))
		return true;
	err_set(err, ERR_USAGE, "--download: %.300s is there and not empty",
		local->path.text);
	return err_hint(err, "these files stay several, and would mix with "
			     "what is there: name a new folder");
}

static bool check_file(const struct unload_local *out, struct err *err)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	struct stat status;

	if (stat(out->path.text, &status) == 0 && !S_ISREG(status.st_mode))
		return err_set(err, ERR_USAGE,
			       "--download: %.300s is no plain file",
			       out->path.text);
	path_dir(out->path.text, &folder);
	if (access(folder.text, W_OK | X_OK) == 0)
		return true;
	return err_set_errno(err, errno, "--download: %.300s", folder.text);
}

/* In a folder that is there a joined file gets the table's name. */
static void name_file(struct unload_local *out, const struct copy_args *args,
		      enum shape shape)
{
	const char *table = strrchr(args->table.text, '.');
	const char *name = table != NULL ? table + 1 : args->table.text;

	if (!str_ends(out->path.text, "/"))
		str_add_char(&out->path, '/');
	if (*name == '\0')
		name = "query";
	for (; *name != '\0'; name++)
		if (*name != '"' && *name != '/')
			str_add_char(&out->path, *name);
	str_add(&out->path, shape == SHAPE_JSON ? ".json"
			    : out->quotes       ? ".csv"
						: ".txt");
}

static bool check_args(const struct copy_args *args, struct err *err)
{
	const struct copy_options *options = &args->options;

	if (args->print)
		return err_set(err, ERR_USAGE,
			       "\\copyto: --download and --print exclude each "
			       "other: its folder in S3 is made when it runs");
	if (args->links.len > 0)
		return err_set(err, ERR_USAGE,
			       "\\copyto: --download removes the files that "
			       "--links would lead to");
	if (copy_options_has(options, COPY_MASTER_SYMMETRIC_KEY))
		return err_set(err, ERR_USAGE,
			       "\\copyto: --download cannot read what "
			       "MASTER_SYMMETRIC_KEY encrypts");
	return true;
}

bool unload_local_plan(struct unload_local *out, const struct copy_args *args,
		       bool ordered, struct err *err)
{
	const struct copy_options *options = &args->options;
	enum shape shape;
	size_t len = 0;
	bool is_folder;

	if (!check_args(args, err))
		return false;
	path_expand(args->download.text, &out->path);
	is_folder = str_ends(out->path.text, "/") ||
		    file_is_dir(out->path.text);
	out->pack = is_folder ? PACK_NONE : named_pack(out->path.text, &len);
	shape = find_shape(out, options, out->path.text, len);
	out->folder = copy_options_has(options, COPY_PARTITION) ||
		      (shape == SHAPE_PARQUET && is_folder);
	out->lone = shape == SHAPE_PARQUET && !out->folder;
	if (shape != SHAPE_PARQUET && !out->folder)
		find_pack(out, options);
	if ((ordered || out->lone) && !out->folder &&
	    !copy_options_has(options, COPY_PARALLEL))
		propose(out, "parallel off");
	if (!copy_options_has(options, COPY_MANIFEST))
		propose(out, "manifest");
	if (out->folder)
		return unload_local_check_folder(out, err);
	if (is_folder)
		name_file(out, args, shape);
	return check_file(out, err);
}
