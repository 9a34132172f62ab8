#include "sandbox/copy/rscopy_output.h"

#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/sink.h"
#include "sandbox/s3/s3_store.h"

enum { BLOCK_BYTES = 65536 };

struct rscopy_output_file {
	char *key;
	struct s3_store_writer *writer;
	struct sink sink;                 /* into writer */
	struct packer *packer;            /* NULL: closed */
	struct str block;                 /* rows not yet packed */
	struct rscopy_output_file **slot; /* that has it while it is open */
	int64_t rows;
	int64_t bytes;
};

/* A partition, or the only place there is: the file each slice is writing
 * (NULL: none), and how many it has begun. */
struct rscopy_output_place {
	struct rscopy_output_file *open[RSCOPY_OUTPUT_SLICES];
	size_t begun[RSCOPY_OUTPUT_SLICES];
};

static void file_free(struct rscopy_output_file *file)
{
	packer_free(file->packer);
	s3_store_writer_free(file->writer);
	str_done(&file->block);
	mem_free(file->key);
	mem_free(file);
}

static bool writer_write(void *context, const char *bytes, size_t len,
			 struct err *err)
{
	return s3_store_add(context, bytes, len, err);
}

/* r_UNLOAD: <prefix><slice>_part_<part> or <prefix><nnn>. */
static char *make_key(const struct rscopy_output *output, const char *path,
		      size_t slice, size_t part)
{
	struct str key = STR_EMPTY;

	str_add(&key, output->prefix);
	str_add(&key, path);
	if (output->parallel)
		str_addf(&key, "%04zu_part_%02zu", slice, part);
	else
		str_addf(&key, "%03zu", part);
	str_add(&key, output->extension);
	return str_take(&key);
}

static bool flush(struct rscopy_output_file *file, struct err *err)
{
	bool done = packer_feed(file->packer, file->block.text, file->block.len,
				err);

	str_clear(&file->block);
	return done;
}

static bool close_file(struct rscopy_output *output,
		       struct rscopy_output_file *file, struct err *err)
{
	bool done = flush(file, err) && packer_end(file->packer, err);

	packer_free(file->packer);
	file->packer = NULL;
	str_done(&file->block);
	file->bytes = s3_store_written(file->writer);
	s3_store_settle(file->writer);
	*file->slot = NULL;
	output->open--;
	return done;
}

static bool close_oldest(struct rscopy_output *output, struct err *err)
{
	while (output->items[output->oldest]->packer == NULL)
		output->oldest++;
	return close_file(output, output->items[output->oldest], err);
}

/* Found now, not when half of the files are published. */
static bool check_key(const char *prefix, const char *path, struct err *err)
{
	enum { NAME_BYTES = 64 }; /* what make_key adds, and an extension */

	if (strlen(prefix) + strlen(path) + NAME_BYTES <=
	    S3_STORE_KEY_BYTES_MAX)
		return true;
	err_set(err, ERR_SERVER, "the key of a file would be too long: %.100s",
		path);
	return err_set_code(err, "XX000");
}

static bool open_file(struct rscopy_output *output,
		      struct rscopy_output_place *place, const char *path,
		      size_t slice, struct err *err)
{
	struct str empty = STR_EMPTY;
	struct s3_store_writer *writer;
	struct rscopy_output_file *file;

	if (!check_key(output->prefix, path, err) ||
	    (output->open == RSCOPY_OUTPUT_OPEN_MAX &&
	     !close_oldest(output, err)))
		return false;
	writer = s3_store_begin(output->store, err);
	if (writer == NULL)
		return false;
	file = mem_alloc(sizeof(*file));
	file->key = make_key(output, path, slice, place->begun[slice]++);
	file->writer = writer;
	file->sink.write = writer_write;
	file->sink.context = writer;
	file->packer = packer_new(output->pack, 0, &file->sink);
	file->block = empty;
	str_add_slice(&file->block, output->header.text, output->header.len);
	vec_push(output, file);
	file->slot = &place->open[slice];
	*file->slot = file;
	output->open++;
	return true;
}

static size_t slice_count(const struct rscopy_output *output)
{
	return output->parallel ? RSCOPY_OUTPUT_SLICES : 1;
}

static struct rscopy_output_place *find_place(struct rscopy_output *output,
					      const char *path)
{
	struct rscopy_output_place *place;

	if (output->places == NULL)
		output->places = map_new(mem_free);
	place = map_get(output->places, path);
	if (place == NULL) {
		place = mem_alloc(sizeof(*place));
		map_put(output->places, path, place);
	}
	return place;
}

bool rscopy_output_begin(struct rscopy_output *output, struct err *err)
{
	struct rscopy_output_place *place = find_place(output, "");

	for (size_t i = 0; i < slice_count(output); i++)
		if (!open_file(output, place, "", i, err))
			return false;
	return true;
}

static bool is_full(const struct rscopy_output *output,
		    const struct rscopy_output_file *file, size_t len)
{
	return file->rows > 0 &&
	       s3_store_written(file->writer) +
			       (int64_t)(file->block.len + len) >
		       output->file_bytes_max;
}

bool rscopy_output_row(struct rscopy_output *output, const char *path,
		       const char *line, size_t len, struct err *err)
{
	struct rscopy_output_place *place = find_place(output, path);
	size_t slice = output->next;
	struct rscopy_output_file *file = place->open[slice];

	output->next = (slice + 1) % slice_count(output);
	if (file != NULL && is_full(output, file, len)) {
		if (!close_file(output, file, err))
			return false;
		file = NULL;
	}
	if (file == NULL) {
		if (!open_file(output, place, path, slice, err))
			return false;
		file = place->open[slice];
	}
	str_add_slice(&file->block, line, len);
	file->rows++;
	return file->block.len < BLOCK_BYTES || flush(file, err);
}

int64_t rscopy_output_bytes(const struct rscopy_output *output)
{
	int64_t bytes = 0;

	for (size_t i = 0; i < output->count; i++)
		bytes += output->items[i]->packer == NULL
				 ? output->items[i]->bytes
				 : s3_store_written(output->items[i]->writer);
	return bytes;
}

bool rscopy_output_end(struct rscopy_output *output, struct err *err)
{
	for (size_t i = 0; i < output->count; i++)
		if (output->items[i]->packer != NULL &&
		    !close_file(output, output->items[i], err))
			return false;
	return true;
}

bool rscopy_output_publish(struct rscopy_output *output, const char *bucket,
			   const char *headers, struct err *err)
{
	for (size_t i = 0; i < output->count; i++) {
		struct s3_store_put put = {
			.bucket = bucket,
			.key = output->items[i]->key,
			.headers = headers,
		};

		if (!s3_store_put(output->items[i]->writer, &put, NULL, err))
			return false;
	}
	return true;
}

struct rscopy_output_facts rscopy_output_facts(
	const struct rscopy_output *output, size_t index)
{
	const struct rscopy_output_file *file = output->items[index];
	struct rscopy_output_facts facts = { file->key, file->rows,
					     file->bytes };

	return facts;
}

bool rscopy_output_path(const struct rscopy_output *output, size_t *at,
			const char **out_path)
{
	return output->places != NULL &&
	       map_next(output->places, at, out_path, NULL);
}

void rscopy_output_done(struct rscopy_output *output)
{
	map_free(output->places);
	for (size_t i = 0; i < output->count; i++)
		file_free(output->items[i]);
	vec_done(output);
	str_done(&output->header);
}
