/* sandbox/rscopy_option.h - the parameters of a COPY as the loader uses them.
 *
 * What Redshift knows and this sandbox does not is refused by name.
 */
#ifndef SANDBOX_RSCOPY_OPTION_H
#define SANDBOX_RSCOPY_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "load/copy_option.h"
#include "sandbox/rscopy_field.h"
#include "sandbox/rscopy_reader.h"

struct copy_options;
struct rscopy_job;

struct rscopy_load_plan {
	struct rscopy_rules rules; /* texts borrowed from the options */
	struct rscopy_format format;
	const char *format_name; /* CSV, TEXT */
	bool ignore_case;        /* JSON 'auto ignorecase' */
	bool remove_quotes;      /* lines are split by rscopy_quotes */
	char delimiter;
	bool escape;
	bool manifest;
	bool explicit_ids;
	bool fill_record;
	bool ignore_blank_lines;
	bool no_load;
	bool ignore_all_errors;
	int64_t max_errors; /* the load fails at this many */
};

bool rscopy_option_load(struct rscopy_job *job,
			const struct copy_options *options,
			struct rscopy_load_plan *out);

/* Refuses ids that are not in allowed[0 .. count). */
bool rscopy_option_check(struct rscopy_job *job,
			 const struct copy_options *options,
			 const enum copy_option_id *allowed, size_t count);

/* REGION must be the sandbox's. */
bool rscopy_option_region(struct rscopy_job *job,
			  const struct copy_options *options);

#endif
