#include "cmd/s3_tree.h"

#include <string.h>

#include "aws/s3_list.h"
#include "aws/s3_uri.h"
#include "base/units.h"
#include "base/vec.h"
#include "cmd/s3_args.h"
#include "cmd/s3_walk.h"
#include "cmd/s3_where.h"
#include "data/isotime.h"
#include "data/rows_mem.h"
#include "shell/command.h"
#include "shell/session.h"

enum { DEPTH_MAX = 64 };

struct node {
	char *name; /* folders end in '/' */
	size_t depth;
	bool folder;
	bool is_last; /* of its siblings */
	int64_t size; /* of folders with all below */
	int64_t modified_ms;
};

struct tree {
	struct aws *aws;
	const struct s3_uri *uri;
	size_t depth_max; /* levels shown */
	bool human;
	struct {
		VEC(struct node);
	} nodes;                /* as they are shown */
	size_t open[DEPTH_MAX]; /* nodes: the folders above the key at hand */
	size_t open_count;
};

static void tree_done(struct tree *tree)
{
	for (size_t i = 0; i < tree->nodes.count; i++)
		mem_free(tree->nodes.items[i].name);
	vec_done(&tree->nodes);
}

/* --- reading --- */

static void add_node(struct tree *tree, const char *name, size_t len,
		     const struct node *like)
{
	struct node node = *like;

	node.name = mem_copy_slice(name, len);
	vec_push(&tree->nodes, node);
}

/* Folders of the key that are open stay; it opens what else it stands in.
 * Gives the bytes of the key before its own name, or those of the folder at
 * the last level that is shown. */
static const char *open_folders(struct tree *tree, const char *name,
				bool *out_shown)
{
	size_t level = 0;
	const char *slash;

	for (; level < tree->depth_max && (slash = strchr(name, '/')) != NULL;
	     level++) {
		size_t len = (size_t)(slash + 1 - name);

		if (level < tree->open_count &&
		    !str_slice_equal(name, len,
				     tree->nodes.items[tree->open[level]].name))
			tree->open_count = level;
		if (level == tree->open_count) {
			struct node node = { .depth = level, .folder = true };

			tree->open[tree->open_count++] = tree->nodes.count;
			add_node(tree, name, len, &node);
		}
		name += len;
	}
	tree->open_count = level;
	*out_shown = level < tree->depth_max;
	return name;
}

static void add_key(struct tree *tree, const char *name,
		    const struct s3_list_entry *entry)
{
	bool shown;

	name = open_folders(tree, name, &shown);
	for (size_t i = 0; i < tree->open_count; i++)
		tree->nodes.items[tree->open[i]].size += entry->size;
	/* The marker of a folder is the folder. */
	if (shown && name[0] != '\0') {
		struct node node = {
			.depth = tree->open_count,
			.size = entry->size,
			.modified_ms = entry->modified_ms,
		};

		add_node(tree, name, strlen(name), &node);
	}
}

static bool read_keys(struct tree *tree, struct err *err)
{
	const struct s3_uri *uri = tree->uri;
	struct s3_list_options options = {
		.bucket = uri->bucket.text,
		.prefix = uri->key.text,
		.glob = true,
		.request = uri->options,
	};
	CLEANUP(s3_list_freep)
	struct s3_list *list = s3_list_new(tree->aws, &options);
	size_t base = s3_uri_glob_prefix(uri->key.text);
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;

	while (base > 0 && uri->key.text[base - 1] != '/')
		base--;
	while ((entry = s3_list_next(list, &failed)) != NULL)
		add_key(tree, entry->key + base, entry);
	if (failed.kind == ERR_NONE)
		return true;
	if (err != NULL)
		*err = failed;
	return false;
}

/* --- drawing --- */

/* From the end: the first node of a level that is met is its last, until one
 * of a level above comes. */
static void mark_last(struct tree *tree)
{
	bool seen[DEPTH_MAX + 1] = { false };

	for (size_t i = tree->nodes.count; i-- > 0;) {
		struct node *node = &tree->nodes.items[i];

		node->is_last = !seen[node->depth];
		seen[node->depth] = true;
		for (size_t k = node->depth + 1; k <= DEPTH_MAX; k++)
			seen[k] = false;
	}
}

static void add_bytes(struct rows_mem *mem, int64_t bytes, bool human)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!human) {
		rows_mem_add_number(mem, bytes);
		return;
	}
	units_add_bytes(&text, bytes);
	rows_mem_add(mem, text.text);
}

static void add_row(struct rows_mem *mem, const struct node *node,
		    const bool *ended, bool human)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	char modified[20];

	for (size_t i = 0; i < node->depth; i++)
		str_add(&name, ended[i] ? "    " : "│   ");
	str_add(&name, node->is_last ? "└── " : "├── ");
	str_add(&name, node->name);
	rows_mem_add(mem, name.text);
	add_bytes(mem, node->size, human);
	if (node->modified_ms == 0) {
		rows_mem_add(mem, "");
		return;
	}
	isotime_write_sql(node->modified_ms, modified);
	rows_mem_add(mem, modified);
}

static struct rows *draw(struct tree *tree)
{
	struct rows_mem *mem = rows_mem_new(NULL);
	bool ended[DEPTH_MAX + 1] = { false };

	rows_mem_column(mem, "name", ROWS_TEXT);
	rows_mem_column(mem, "size", tree->human ? ROWS_TEXT : ROWS_INTEGER);
	rows_mem_column(mem, "modified", ROWS_TIME);
	mark_last(tree);
	for (size_t i = 0; i < tree->nodes.count; i++) {
		const struct node *node = &tree->nodes.items[i];

		ended[node->depth] = node->is_last;
		add_row(mem, node, ended, tree->human);
	}
	return rows_mem_rows(mem);
}

static void add_footer(const struct tree *tree, struct str *out)
{
	int64_t folders = 0, objects = 0, bytes = 0;

	for (size_t i = 0; i < tree->nodes.count; i++) {
		const struct node *node = &tree->nodes.items[i];

		folders += node->folder;
		objects += !node->folder;
		if (node->depth == 0)
			bytes += node->size;
	}
	str_add(out, "(");
	units_add_count(out, folders);
	str_add(out, folders == 1 ? " folder, " : " folders, ");
	units_add_count(out, objects);
	str_add(out, objects == 1 ? " object, " : " objects, ");
	units_add_bytes(out, bytes);
	str_add(out, ")");
}

bool s3_tree_run(struct session *session, const struct args *args,
		 struct err *err)
{
	CLEANUP(s3_options_done) struct s3_options request = S3_OPTIONS_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str footer = STR_EMPTY;
	CLEANUP(tree_done)
	struct tree tree = { .uri = &uri, .human = args_flag(args, "-h") };
	int64_t depth = args_number(args, "-L", DEPTH_MAX);

	if (depth < 1 || depth > DEPTH_MAX)
		return err_set(err, ERR_USAGE, "-L: 1 to %d levels", DEPTH_MAX);
	tree.depth_max = (size_t)depth;
	if (!s3_args_options(args, &request, err) ||
	    !s3_where_parse(session, args_text(args, "URI"), &uri, err))
		return false;
	uri.options = &request;
	tree.aws = session_aws(session, err);
	if (tree.aws == NULL || !read_keys(&tree, err))
		return false;
	if (tree.nodes.count == 0 && uri.key.len > 0)
		return s3_walk_found_none(&uri, err);
	add_footer(&tree, &footer);
	return session_print_rows(session, draw(&tree), footer.text, err);
}
