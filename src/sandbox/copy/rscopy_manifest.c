#include "sandbox/copy/rscopy_manifest.h"

#include "base/err.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/copy/rscopy_output.h"
#include "sandbox/copy/rscopy_rows.h"
#include "sandbox/s3/s3_store.h"

static struct json *entry_of(const struct rscopy_manifest *manifest,
			     const struct rscopy_output_facts *file)
{
	CLEANUP(str_done) struct str url = STR_EMPTY;
	struct json *entry = json_new_object();
	struct json *meta = json_new_object();

	str_addf(&url, "s3://%s/%s", manifest->bucket, file->key);
	json_put_text(entry, "url", url.text);
	json_put_number(meta, "content_length", file->bytes);
	if (manifest->verbose)
		json_put_number(meta, "record_count", file->rows);
	json_put_take(entry, "meta", meta);
	return entry;
}

static void add_entries(const struct rscopy_manifest *manifest,
			struct json *out)
{
	struct json *entries = json_new_array();

	for (size_t i = 0; i < manifest->output->count; i++) {
		const struct rscopy_output_facts file =
			rscopy_output_facts(manifest->output, i);

		json_push_take(entries, entry_of(manifest, &file));
	}
	json_put_take(out, "entries", entries);
}

static void add_schema(const struct rscopy_manifest *manifest, struct json *out)
{
	struct json *schema = json_new_object();
	struct json *elements = json_new_array();

	for (size_t i = 0; i < manifest->columns->count; i++) {
		struct json *element = json_new_object();
		struct json *type = json_new_object();

		json_put_text(type, "base", manifest->columns->items[i].type);
		json_put_text(element, "name",
			      manifest->columns->items[i].name);
		json_put_take(element, "type", type);
		json_push_take(elements, element);
	}
	json_put_take(schema, "elements", elements);
	json_put_take(out, "schema", schema);
}

static void add_totals(const struct rscopy_manifest *manifest, struct json *out)
{
	struct json *meta = json_new_object();
	struct json *author = json_new_object();
	int64_t bytes = 0;

	for (size_t i = 0; i < manifest->output->count; i++)
		bytes += rscopy_output_facts(manifest->output, i).bytes;
	json_put_number(meta, "content_length", bytes);
	json_put_number(meta, "record_count", manifest->rows);
	json_put_take(out, "meta", meta);
	json_put_text(author, "name", "Amazon Redshift");
	json_put_text(author, "version", "1.0.0");
	json_put_take(out, "author", author);
}

bool rscopy_manifest_write(const struct rscopy_manifest *manifest,
			   struct err *err)
{
	CLEANUP(s3_store_writer_freep)
	struct s3_store_writer *writer =
		s3_store_begin(manifest->output->store, err);
	CLEANUP(json_freep) struct json *json = json_new_object();
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct s3_store_put put = {
		.bucket = manifest->bucket,
		.key = manifest->key,
		.headers = manifest->headers,
	};

	add_entries(manifest, json);
	if (manifest->verbose) {
		add_schema(manifest, json);
		add_totals(manifest, json);
	}
	json_add_pretty(&text, json);
	return writer != NULL &&
	       s3_store_add(writer, text.text, text.len, err) &&
	       s3_store_put(writer, &put, NULL, err);
}
