/* sandbox/copy/rscopy_option.h - the parameters of a COPY as the loader uses
 * them.
 *
 * What Redshift knows and this sandbox does not is refused by name (SB001),
 * after what Redshift itself would refuse.
 */
#ifndef SANDBOX_COPY_RSCOPY_OPTION_H
#define SANDBOX_COPY_RSCOPY_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "load/copy_option.h"
#include "sandbox/copy/rscopy_field.h"
#include "sandbox/copy/rscopy_reader.h"

struct copy_options;
struct copy_statement;
struct rscopy_job;

/* How a record becomes fields. */
enum rscopy_shape {
	RSCOPY_SHAPE_LINES,  /* split by the delimiter, CSV or not */
	RSCOPY_SHAPE_QUOTES, /* REMOVEQUOTES */
	RSCOPY_SHAPE_FIXED,  /* FIXEDWIDTH */
	RSCOPY_SHAPE_JSON,
};

enum rscopy_switch {
	RSCOPY_SWITCH_AUTO, /* not given */
	RSCOPY_SWITCH_ON,
	RSCOPY_SWITCH_OFF,
};

struct rscopy_load_plan {
	enum rscopy_shape shape;
	struct rscopy_rules rules; /* texts borrowed from the options */
	struct rscopy_format format;
	const char *format_name; /* CSV, TEXT, FIXEDWIDTH, JSON */
	const char *fixed_spec;  /* of FIXEDWIDTH */
	const char *json_how;    /* auto, s3://..., noshred */
	char delimiter;
	bool escape;
	bool manifest;
	bool explicit_ids;
	bool fill_record;
	bool ignore_blank_lines;
	bool no_load;
	bool ignore_all_errors;
	int64_t max_errors; /* the load fails at this many */
	enum rscopy_switch stat_update;
	enum rscopy_switch comp_update;
	bool comp_preset;
	int64_t comp_rows; /* sampled to choose encodings */
};

bool rscopy_option_load(struct rscopy_job *job,
			const struct copy_statement *statement,
			struct rscopy_load_plan *out);

/* ON, TRUE, the bare word or PRESET; OFF and FALSE. */
enum rscopy_switch rscopy_option_switch(const struct copy_options *options,
					enum copy_option_id id);

/* GZIP, BZIP2 and ZSTD as the files have it. */
enum pack_kind rscopy_option_pack(const struct copy_options *options);

#endif
