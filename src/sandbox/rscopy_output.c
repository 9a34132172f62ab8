#include "sandbox/rscopy_output.h"

#include "base/mem.h"
#include "base/sink.h"
#include "sandbox/s3_store.h"

enum { BLOCK_BYTES = 65536 };

static bool writer_write(void *context, const char *bytes, size_t len,
			 struct err *err)
{
	return s3_store_add(context, bytes, len, err);
}

/* r_UNLOAD: <prefix><slice>_part_<part> or <prefix><nnn>. */
static char *make_key(const struct rscopy_output *output)
{
	struct str key = STR_EMPTY;

	str_addf(&key, output->parallel ? "%s0000_part_%02zu%s" : "%s%03zu%s",
		 output->prefix, output->count, output->extension);
	return str_take(&key);
}

static struct rscopy_output_file *current(struct rscopy_output *output)
{
	return &output->items[output->count - 1];
}

static bool flush(struct rscopy_output *output, struct err *err)
{
	bool done = packer_feed(output->packer, output->block.text,
				output->block.len, err);

	str_clear(&output->block);
	return done;
}

static bool open_file(struct rscopy_output *output, struct err *err)
{
	struct rscopy_output_file file = {
		.key = make_key(output),
		.writer = s3_store_begin(output->store, err),
	};

	if (file.writer == NULL) {
		mem_free(file.key);
		return false;
	}
	vec_push(output, file);
	output->sink->context = file.writer;
	output->packer = packer_new(output->pack, 0, output->sink);
	str_add_slice(&output->block, output->header.text,
		      output->header.len);
	return true;
}

static bool close_file(struct rscopy_output *output, struct err *err)
{
	bool done = flush(output, err) && packer_end(output->packer, err);

	packer_free(output->packer);
	output->packer = NULL;
	current(output)->bytes = s3_store_written(current(output)->writer);
	return done;
}

bool rscopy_output_begin(struct rscopy_output *output, struct err *err)
{
	output->sink = mem_alloc(sizeof(*output->sink));
	output->sink->write = writer_write;
	return open_file(output, err);
}

bool rscopy_output_row(struct rscopy_output *output, const char *line,
		       size_t len, struct err *err)
{
	if (current(output)->rows > 0 &&
	    s3_store_written(current(output)->writer) +
			    (int64_t)(output->block.len + len) >
		    output->file_bytes_max &&
	    (!close_file(output, err) || !open_file(output, err)))
		return false;
	str_add_slice(&output->block, line, len);
	current(output)->rows++;
	return output->block.len < BLOCK_BYTES || flush(output, err);
}

bool rscopy_output_end(struct rscopy_output *output, struct err *err)
{
	return close_file(output, err);
}

bool rscopy_output_publish(struct rscopy_output *output, const char *bucket,
			   struct err *err)
{
	for (size_t i = 0; i < output->count; i++) {
		struct s3_store_put put = {
			.bucket = bucket,
			.key = output->items[i].key,
		};

		if (!s3_store_put(output->items[i].writer, &put, NULL, err))
			return false;
	}
	return true;
}

void rscopy_output_done(struct rscopy_output *output)
{
	packer_free(output->packer);
	for (size_t i = 0; i < output->count; i++) {
		mem_free(output->items[i].key);
		s3_store_writer_free(output->items[i].writer);
	}
	vec_done(output);
	mem_free(output->sink);
	str_done(&output->header);
	str_done(&output->block);
}
