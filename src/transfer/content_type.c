#include "transfer/content_type.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* IANA's media types; those without one as the formats' projects name them. */
static const struct {
	const char *end;
	const char *type;
} types[] = {
	{ "avro", "application/avro" },
	{ "bz2", "application/x-bzip2" },
	{ "css", "text/css" },
	{ "csv", "text/csv" },
	{ "gif", "image/gif" },
	{ "gz", "application/gzip" },
	{ "htm", "text/html" },
	{ "html", "text/html" },
	{ "ipynb", "application/x-ipynb+json" },
	{ "jpeg", "image/jpeg" },
	{ "jpg", "image/jpeg" },
	{ "js", "text/javascript" },
	{ "json", "application/json" },
	{ "jsonl", "application/jsonl" },
	{ "log", "text/plain" },
	{ "md", "text/markdown" },
	{ "ndjson", "application/x-ndjson" },
	{ "orc", "application/vnd.apache.orc" },
	{ "parquet", "application/vnd.apache.parquet" },
	{ "pdf", "application/pdf" },
	{ "png", "image/png" },
	{ "py", "text/x-python" },
	{ "sql", "application/sql" },
	{ "svg", "image/svg+xml" },
	{ "tar", "application/x-tar" },
	{ "tgz", "application/gzip" },
	{ "tsv", "text/tab-separated-values" },
	{ "txt", "text/plain" },
	{ "xls", "application/vnd.ms-excel" },
	{ "xlsx",
	  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
	{ "xml", "application/xml" },
	{ "yaml", "application/yaml" },
	{ "yml", "application/yaml" },
	{ "zip", "application/zip" },
	{ "zst", "application/zstd" },
};

const char *content_type_of(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *dot = strrchr(slash != NULL ? slash : name, '.');

	if (dot == NULL)
		return NULL;
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (str_equal_nocase(types[i].end, dot + 1))
			return types[i].type;
	return NULL;
}
