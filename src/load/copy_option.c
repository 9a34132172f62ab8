#include "load/copy_option.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"

#define BOTH   (COPY_VERB_COPY | COPY_VERB_UNLOAD)
#define COPY   COPY_VERB_COPY
#define UNLOAD COPY_VERB_UNLOAD

/* copy-usage_notes-copy-from-columnar: these and nothing else; a job and a
 * template are no parameters in its sense. */
#define COLUMNAR_TAKES                                                         \
	"ACCEPTINVCHARS FILLRECORD STATUPDATE MANIFEST EXPLICIT_IDS JOB USING"
/* copy-parameters-data-format, AVRO and JSON. */
#define SHREDDED_EXCLUDES                                                      \
	"CSV DELIMITER ESCAPE FILLRECORD FIXEDWIDTH IGNOREBLANKLINES "         \
	"NULL READRATIO REMOVEQUOTES QUOTE"

const struct copy_option copy_option_table[] = {
	/* formats */
	{ COPY_CSV, COPY, "CSV", COPY_GROUP_FORMAT, COPY_ARG_NONE,
	  .otherwise = "text with |",
	  .excludes = "FIXEDWIDTH REMOVEQUOTES ESCAPE JSON AVRO SHAPEFILE "
		      "PARQUET ORC",
	  .brief = "comma separated values, quoted by \"" },
	{ COPY_CSV, UNLOAD, "CSV", COPY_GROUP_FORMAT, COPY_ARG_NONE,
	  .otherwise = "text with |",
	  .excludes = "ESCAPE FIXEDWIDTH ADDQUOTES PARQUET JSON",
	  .brief = "comma separated values, quoted by \"" },
	{ COPY_FIXEDWIDTH, COPY, "FIXEDWIDTH", COPY_GROUP_FORMAT,
	  COPY_ARG_STRING,
	  .excludes = "CSV DELIMITER ESCAPE REMOVEQUOTES JSON AVRO "
		      "SHAPEFILE PARQUET ORC",
	  .brief = "columns of fixed widths: 'name:width,...'" },
	{ COPY_FIXEDWIDTH, UNLOAD, "FIXEDWIDTH", COPY_GROUP_FORMAT,
	  COPY_ARG_STRING, .excludes = "CSV DELIMITER HEADER PARQUET JSON",
	  .brief = "columns of fixed widths: 'name:width,...'" },
	{ COPY_SHAPEFILE, COPY, "SHAPEFILE", COPY_GROUP_FORMAT,
	  COPY_ARG_SIMPLIFY,
	  .excludes = "FIXEDWIDTH REMOVEQUOTES ESCAPE CSV JSON AVRO PARQUET "
		      "ORC",
	  .brief = "ESRI shapes" },
	{ COPY_AVRO, COPY, "AVRO", COPY_GROUP_FORMAT, COPY_ARG_STRING_MAYBE,
	  .literals = "auto|auto ignorecase", .otherwise = "'auto'",
	  .excludes = SHREDDED_EXCLUDES " JSON SHAPEFILE PARQUET ORC",
	  .brief = "Avro: 'auto', 'auto ignorecase' or 's3://jsonpaths'" },
	{ COPY_JSON, COPY, "JSON", COPY_GROUP_FORMAT, COPY_ARG_STRING_MAYBE,
	  .literals = "auto|auto ignorecase|noshred", .otherwise = "'auto'",
	  .excludes = SHREDDED_EXCLUDES " AVRO SHAPEFILE PARQUET ORC",
	  .brief = "JSON: 'auto', 'auto ignorecase', 'noshred' or "
		   "'s3://jsonpaths'" },
	{ COPY_JSON, UNLOAD, "JSON", COPY_GROUP_FORMAT, COPY_ARG_NONE,
	  .excludes = "DELIMITER HEADER FIXEDWIDTH ADDQUOTES ESCAPE NULL CSV "
		      "PARQUET",
	  .brief = "one JSON object per line" },
	{ COPY_PARQUET, COPY, "PARQUET", COPY_GROUP_FORMAT, COPY_ARG_WORD_MAYBE,
	  .choices = "SERIALIZETOJSON", .only_with = COLUMNAR_TAKES,
	  .brief = "Parquet files" },
	{ COPY_PARQUET, UNLOAD, "PARQUET", COPY_GROUP_FORMAT, COPY_ARG_NONE,
	  .excludes = "DELIMITER FIXEDWIDTH ADDQUOTES ESCAPE NULL HEADER GZIP "
		      "BZIP2 ZSTD CSV JSON MASTER_SYMMETRIC_KEY",
	  .brief = "Parquet files, compressed by SNAPPY" },
	{ COPY_ORC, COPY, "ORC", COPY_GROUP_FORMAT, COPY_ARG_WORD_MAYBE,
	  .choices = "SERIALIZETOJSON", .only_with = COLUMNAR_TAKES,
	  .brief = "ORC files" },

	/* compression */
	{ COPY_GZIP, BOTH, "GZIP", COPY_GROUP_COMPRESSION, COPY_ARG_NONE,
	  .excludes = "BZIP2 LZOP ZSTD", .brief = "files are gzip" },
	{ COPY_BZIP2, BOTH, "BZIP2", COPY_GROUP_COMPRESSION, COPY_ARG_NONE,
	  .excludes = "GZIP LZOP ZSTD", .brief = "files are bzip2" },
	{ COPY_LZOP, COPY, "LZOP", COPY_GROUP_COMPRESSION, COPY_ARG_NONE,
	  .excludes = "GZIP BZIP2 ZSTD", .brief = "files are lzop" },
	{ COPY_ZSTD, BOTH, "ZSTD", COPY_GROUP_COMPRESSION, COPY_ARG_NONE,
	  /* from S3 only */
	  .excludes = "GZIP BZIP2 LZOP SSH", .brief = "files are zstd" },

	/* text */
	{ COPY_DELIMITER, BOTH, "DELIMITER", COPY_GROUP_TEXT, COPY_ARG_CHAR,
	  /* between | in .literals a bar cannot stand; it is the default */
	  .literals = ",|;|\t",
	  .otherwise = "| or, with CSV, the comma",
	  .excludes = "FIXEDWIDTH JSON AVRO",
	  .brief = "one ASCII character between fields" },
	{ COPY_QUOTE, COPY, "QUOTE", COPY_GROUP_TEXT, COPY_ARG_CHAR,
	  .otherwise = "\"", .needs = "CSV",
	  .brief = "quote character of CSV" },
	{ COPY_NULL, COPY, "NULL", COPY_GROUP_TEXT, COPY_ARG_STRING,
	  .otherwise = "\\N", .excludes = "JSON AVRO",
	  .brief = "text that stands for NULL" },
	{ COPY_NULL, UNLOAD, "NULL", COPY_GROUP_TEXT, COPY_ARG_STRING,
	  .otherwise = "the empty text", .excludes = "PARQUET JSON",
	  .brief = "text that stands for NULL" },
	{ COPY_ESCAPE, COPY, "ESCAPE", COPY_GROUP_TEXT, COPY_ARG_NONE,
	  .excludes = "CSV FIXEDWIDTH JSON AVRO SHAPEFILE",
	  .brief = "a backslash makes the next character plain" },
	{ COPY_ESCAPE, UNLOAD, "ESCAPE", COPY_GROUP_TEXT, COPY_ARG_NONE,
	  .excludes = "CSV PARQUET JSON",
	  .brief = "a backslash makes the next character plain" },
	{ COPY_REMOVEQUOTES, COPY, "REMOVEQUOTES", COPY_GROUP_TEXT,
	  COPY_ARG_NONE, .excludes = "CSV FIXEDWIDTH JSON AVRO SHAPEFILE",
	  .brief = "strip quotes around fields of delimited text" },
	{ COPY_ADDQUOTES, UNLOAD, "ADDQUOTES", COPY_GROUP_TEXT, COPY_ARG_NONE,
	  .excludes = "CSV PARQUET JSON", .brief = "put quotes around fields" },
	{ COPY_IGNOREHEADER, COPY, "IGNOREHEADER", COPY_GROUP_TEXT,
	  COPY_ARG_INTEGER, .otherwise = "0", .min = 0, .max = 2147483647,
	  .brief = "lines to skip at the start of each file" },
	{ COPY_HEADER, UNLOAD, "HEADER", COPY_GROUP_TEXT, COPY_ARG_NONE,
	  .excludes = "FIXEDWIDTH PARQUET JSON",
	  .brief = "a line of column names in each file" },
	{ COPY_IGNOREBLANKLINES, COPY, "IGNOREBLANKLINES", COPY_GROUP_TEXT,
	  COPY_ARG_NONE, .excludes = "JSON AVRO",
	  .brief = "skip lines that hold nothing" },
	{ COPY_FILLRECORD, COPY, "FILLRECORD", COPY_GROUP_TEXT, COPY_ARG_NONE,
	  .excludes = "JSON AVRO",
	  .brief = "missing columns at the end of a line become NULL" },

	/* conversion */
	{ COPY_ACCEPTANYDATE, COPY, "ACCEPTANYDATE", COPY_GROUP_CONVERSION,
	  COPY_ARG_NONE, .brief = "dates that cannot be read become NULL" },
	{ COPY_ACCEPTINVCHARS, COPY, "ACCEPTINVCHARS", COPY_GROUP_CONVERSION,
	  COPY_ARG_CHAR_MAYBE, .literals = "?", .otherwise = "off; '?' when given",
	  .brief = "replace bytes that are not UTF-8" },
	{ COPY_BLANKSASNULL, COPY, "BLANKSASNULL", COPY_GROUP_CONVERSION,
	  COPY_ARG_NONE, .brief = "fields of blanks become NULL" },
	{ COPY_DATEFORMAT, COPY, "DATEFORMAT", COPY_GROUP_CONVERSION,
	  COPY_ARG_STRING,
	  .literals = "auto|YYYY-MM-DD|YYYYMMDD|MM/DD/YYYY|DD.MM.YYYY|"
		      "DD-MON-YYYY",
	  .otherwise = "YYYY-MM-DD",
	  .brief = "pattern of dates, or 'auto'" },
	{ COPY_EMPTYASNULL, COPY, "EMPTYASNULL", COPY_GROUP_CONVERSION,
	  COPY_ARG_NONE, .brief = "empty fields of text columns become NULL" },
	{ COPY_ENCODING, COPY, "ENCODING", COPY_GROUP_CONVERSION, COPY_ARG_WORD,
	  .choices = "UTF8 UTF16 UTF16LE UTF16BE ISO88591", .otherwise = "UTF8",
	  .brief = "encoding of the files" },
	{ COPY_EXPLICIT_IDS, COPY, "EXPLICIT_IDS", COPY_GROUP_CONVERSION,
	  COPY_ARG_NONE, .brief = "take IDENTITY values from the files" },
	{ COPY_ROUNDEC, COPY, "ROUNDEC", COPY_GROUP_CONVERSION, COPY_ARG_NONE,
	  .brief = "round decimals instead of cutting them" },
	{ COPY_TIMEFORMAT, COPY, "TIMEFORMAT", COPY_GROUP_CONVERSION,
	  COPY_ARG_STRING,
	  .literals = "auto|epochsecs|epochmillisecs|YYYY-MM-DD HH:MI:SS|"
		      "MM/DD/YYYY HH:MI:SS|YYYY-MM-DDTHH:MI:SS",
	  .otherwise = "YYYY-MM-DD HH:MI:SS",
	  .brief = "pattern of timestamps, 'auto', 'epochsecs' or "
		   "'epochmillisecs'" },
	{ COPY_TRIMBLANKS, COPY, "TRIMBLANKS", COPY_GROUP_CONVERSION,
	  COPY_ARG_NONE, .brief = "cut blanks at the end of VARCHAR" },
	{ COPY_TRUNCATECOLUMNS, COPY, "TRUNCATECOLUMNS", COPY_GROUP_CONVERSION,
	  COPY_ARG_NONE, .brief = "cut text that is longer than its column" },

	/* source and target */
	{ COPY_MANIFEST, COPY, "MANIFEST", COPY_GROUP_SOURCE, COPY_ARG_NONE,
	  .excludes = "SSH", .brief = "the source is a list of objects" },
	{ COPY_MANIFEST, UNLOAD, "MANIFEST", COPY_GROUP_OUTPUT,
	  COPY_ARG_WORD_MAYBE, .choices = "VERBOSE",
	  .brief = "write a list of the files made" },
	{ COPY_REGION, BOTH, "REGION", COPY_GROUP_SOURCE, COPY_ARG_STRING,
	  .otherwise = "the region of the warehouse",
	  .brief = "region of the bucket" },
	{ COPY_SSH, COPY, "SSH", COPY_GROUP_SOURCE, COPY_ARG_NONE,
	  .excludes = "ENCRYPTED MANIFEST READRATIO",
	  .brief = "the source lists hosts and commands" },
	{ COPY_READRATIO, COPY, "READRATIO", COPY_GROUP_SOURCE,
	  COPY_ARG_INTEGER, .min = 1, .max = 200,
	  .brief = "share of a DynamoDB table's throughput" },
	{ COPY_ENCRYPTED, COPY, "ENCRYPTED", COPY_GROUP_SOURCE, COPY_ARG_NONE,
	  .excludes = "SSH", .needs = "MASTER_SYMMETRIC_KEY",
	  .brief = "files were encrypted by the client" },
	{ COPY_ENCRYPTED, UNLOAD, "ENCRYPTED", COPY_GROUP_OUTPUT,
	  COPY_ARG_WORD_MAYBE, .choices = "AUTO",
	  .needs = "KMS_KEY_ID MASTER_SYMMETRIC_KEY",
	  .brief = "encrypt by a KMS key; AUTO takes the bucket's" },
	{ COPY_MASTER_SYMMETRIC_KEY, BOTH, "MASTER_SYMMETRIC_KEY",
	  COPY_GROUP_SOURCE, COPY_ARG_SECRET, .needs = "ENCRYPTED",
	  .brief = "key of client-side encryption" },
	{ COPY_KMS_KEY_ID, UNLOAD, "KMS_KEY_ID", COPY_GROUP_OUTPUT,
	  COPY_ARG_STRING, .needs = "ENCRYPTED", .brief = "name of a KMS key" },

	/* the load */
	{ COPY_COMPROWS, COPY, "COMPROWS", COPY_GROUP_LOAD, COPY_ARG_INTEGER,
	  .otherwise = "100000 per slice", .min = 1000, .max = 2147483647,
	  .brief = "rows sampled to choose encodings" },
	{ COPY_COMPUPDATE, COPY, "COMPUPDATE", COPY_GROUP_LOAD,
	  COPY_ARG_WORD_MAYBE, .choices = "PRESET ON TRUE OFF FALSE",
	  .brief = "choose encodings while loading an empty table" },
	{ COPY_IGNOREALLERRORS, COPY, "IGNOREALLERRORS", COPY_GROUP_LOAD,
	  COPY_ARG_NONE, .excludes = "MAXERROR",
	  .brief = "load what can be loaded" },
	{ COPY_MAXERROR, COPY, "MAXERROR", COPY_GROUP_LOAD, COPY_ARG_INTEGER,
	  .otherwise = "0", .excludes = "IGNOREALLERRORS", .min = 0,
	  .max = 100000, .brief = "the load fails at this many errors" },
	{ COPY_NOLOAD, COPY, "NOLOAD", COPY_GROUP_LOAD, COPY_ARG_NONE,
	  .brief = "check the files and load nothing" },
	{ COPY_STATUPDATE, COPY, "STATUPDATE", COPY_GROUP_LOAD,
	  COPY_ARG_WORD_MAYBE, .choices = "ON TRUE OFF FALSE",
	  .brief = "update statistics after the load" },

	/* the files UNLOAD makes */
	{ COPY_ALLOWOVERWRITE, UNLOAD, "ALLOWOVERWRITE", COPY_GROUP_OUTPUT,
	  COPY_ARG_NONE, .excludes = "CLEANPATH",
	  .brief = "write over objects that exist" },
	{ COPY_CLEANPATH, UNLOAD, "CLEANPATH", COPY_GROUP_OUTPUT, COPY_ARG_NONE,
	  .excludes = "ALLOWOVERWRITE",
	  .brief = "delete what lies under the target first" },
	{ COPY_PARALLEL, UNLOAD, "PARALLEL", COPY_GROUP_OUTPUT,
	  COPY_ARG_WORD_MAYBE, .choices = "ON TRUE OFF FALSE",
	  .otherwise = "ON", .brief = "OFF writes one file after the other" },
	{ COPY_MAXFILESIZE, UNLOAD, "MAXFILESIZE", COPY_GROUP_OUTPUT,
	  COPY_ARG_SIZE, .otherwise = "6.2 GB", .min = 5, .max = 6349,
	  .brief = "largest file: 5 MB to 6.2 GB" },
	{ COPY_ROWGROUPSIZE, UNLOAD, "ROWGROUPSIZE", COPY_GROUP_OUTPUT,
	  COPY_ARG_SIZE, .otherwise = "32 MB", .needs = "PARQUET", .min = 32,
	  .max = 128, .brief = "row group of Parquet: 32 MB to 128 MB" },
	{ COPY_EXTENSION, UNLOAD, "EXTENSION", COPY_GROUP_OUTPUT,
	  COPY_ARG_STRING, .brief = "end of the file names" },
	{ COPY_PARTITION, UNLOAD, "PARTITION", COPY_GROUP_OUTPUT,
	  COPY_ARG_PARTITION, .brief = "folders by value: BY (column, ...)" },

	{ COPY_USING, COPY, "USING", COPY_GROUP_JOB, COPY_ARG_TEMPLATE,
	  .brief = "take parameters from a template" },
	{ COPY_JOB, COPY, "JOB", COPY_GROUP_JOB, COPY_ARG_REST,
	  .excludes = "MAXERROR IGNOREALLERRORS MANIFEST SSH",
	  .brief = "JOB CREATE name: load new files by itself" },
	{ COPY_NO_OPTION, 0, NULL, COPY_GROUP_JOB, COPY_ARG_NONE }
};

const struct copy_option *copy_option_find(enum copy_verb verb,
					   const char *name, size_t len)
{
	const struct copy_option *row = copy_option_table;

	for (; row->name != NULL; row++) {
		if ((row->verbs & verb) != 0 &&
		    str_slice_equal_nocase(name, len, row->name))
			return row;
	}
	return NULL;
}

const struct copy_option *copy_option_by_id(enum copy_verb verb,
					    enum copy_option_id id)
{
	const struct copy_option *row = copy_option_table;

	for (; row->name != NULL; row++) {
		if ((row->verbs & verb) != 0 && row->id == id)
			return row;
	}
	return NULL;
}

bool copy_option_in(const char *list, const char *name, size_t len)
{
	while (list != NULL && *list != '\0') {
		size_t n = strcspn(list, " ");

		if (n == len && strncasecmp(list, name, len) == 0)
			return true;
		list += n;
		list += strspn(list, " ");
	}
	return false;
}

static bool tolerates(const struct copy_option *a, const struct copy_option *b)
{
	size_t len = strlen(b->name);

	if (copy_option_in(a->excludes, b->name, len))
		return false;
	return a->only_with == NULL ||
	       copy_option_in(a->only_with, b->name, len);
}

bool copy_option_excludes(const struct copy_option *a,
			  const struct copy_option *b)
{
	return !tolerates(a, b) || !tolerates(b, a);
}

enum { LONGEST = 32 }; /* wrong words longer than this are no slip */

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein distance, case ignored; len is at most LONGEST. */
static size_t distance(const char *word, size_t len, const char *name)
{
	size_t row[LONGEST + 1];
	size_t name_len = strlen(name);

	for (size_t i = 0; i <= len; i++)
		row[i] = i;
	for (size_t j = 1; j <= name_len; j++) {
		size_t before = row[0];

		row[0] = j;
		for (size_t i = 1; i <= len; i++) {
			bool same = toupper((unsigned char)word[i - 1]) ==
				    name[j - 1];
			size_t cost = before + (same ? 0 : 1);

			before = row[i];
			cost = smaller(cost, row[i] + 1);
			row[i] = smaller(cost, row[i - 1] + 1);
		}
	}
	return row[len];
}

const char *copy_option_nearest(enum copy_verb verb, const char *name,
				size_t len)
{
	const char *nearest = NULL;
	size_t best = (len + 2) / 4; /* more wrong letters: another word */

	if (len == 0 || len > LONGEST)
		return NULL;
	for (const struct copy_option *row = copy_option_table;
	     row->name != NULL; row++) {
		size_t far = distance(name, len, row->name);

		if ((row->verbs & verb) != 0 && far <= best) {
			if (far < best || nearest == NULL)
				nearest = row->name;
			best = far;
		}
	}
	return nearest;
}
