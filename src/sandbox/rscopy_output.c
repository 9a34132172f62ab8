#include "sandbox/rscopy_output.h"

#include "base/mem.h"
#include "base/sink.h"
#include "sandbox/s3_store.h"

enum { BLOCK_BYTES = 65536 };

struct rscopy_output_file {
	char *key;
	struct s3_store_writer *writer;
	struct sink sink;      /* into writer */
	struct packer *packer; /* NULL: closed */
	struct str block;      /* rows not yet packed */
	int64_t rows;
	int64_t bytes;
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
static char *make_key(const struct rscopy_output *output, size_t slice)
{
	struct str key = STR_EMPTY;

	str_add(&key, output->prefix);
	if (output->parallel)
		str_addf(&key, "%04zu_part_%02zu", slice, output->begun[slice]);
	else
		str_addf(&key, "%03zu", output->begun[slice]);
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

static bool open_file(struct rscopy_output *output, size_t slice,
		      struct err *err)
{
	struct s3_store_writer *writer = s3_store_begin(output->store, err);
	struct str empty = STR_EMPTY;
	struct rscopy_output_file *file;

	if (writer == NULL)
		return false;
	file = mem_alloc(sizeof(*file));
	file->key = make_key(output, slice);
	file->writer = writer;
	file->sink.write = writer_write;
	file->sink.context = writer;
	file->packer = packer_new(output->pack, 0, &file->sink);
	file->block = empty;
	str_add_slice(&file->block, output->header.text, output->header.len);
	vec_push(output, file);
	output->open[slice] = file;
	output->begun[slice]++;
	return true;
}

static bool close_file(struct rscopy_output_file *file, struct err *err)
{
	bool done = flush(file, err) && packer_end(file->packer, err);

	packer_free(file->packer);
	file->packer = NULL;
	file->bytes = s3_store_written(file->writer);
	return done;
}

static size_t slice_count(const struct rscopy_output *output)
{
	return output->parallel ? RSCOPY_OUTPUT_SLICES : 1;
}

bool rscopy_output_begin(struct rscopy_output *output, struct err *err)
{
	for (size_t i = 0; i < slice_count(output); i++)
		if (!open_file(output, i, err))
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

bool rscopy_output_row(struct rscopy_output *output, const char *line,
		       size_t len, struct err *err)
{
	size_t slice = output->next;
	struct rscopy_output_file *file = output->open[slice];

	output->next = (slice + 1) % slice_count(output);
	if (is_full(output, file, len)) {
		if (!close_file(file, err) || !open_file(output, slice, err))
			return false;
		file = output->open[slice];
	}
	str_add_slice(&file->block, line, len);
	file->rows++;
	return file->block.len < BLOCK_BYTES || flush(file, err);
}

bool rscopy_output_end(struct rscopy_output *output, struct err *err)
{
	for (size_t i = 0; i < slice_count(output); i++)
		if (!close_file(output->open[i], err))
			return false;
	return true;
}

bool rscopy_output_publish(struct rscopy_output *output, const char *bucket,
			   struct err *err)
{
	for (size_t i = 0; i < output->count; i++) {
		struct s3_store_put put = {
			.bucket = bucket,
			.key = output->items[i]->key,
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

void rscopy_output_done(struct rscopy_output *output)
{
	for (size_t i = 0; i < output->count; i++)
		file_free(output->items[i]);
	vec_done(output);
	str_done(&output->header);
}
