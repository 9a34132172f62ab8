#include "cmd/s3_args.h"

bool s3_args_options(const struct args *args, struct s3_options *out,
		     struct err *err)
{
	for (int option = 0; option < S3_OPTION_COUNT; option++) {
		const char *name = s3_option_table[option].name;
		size_t count = args_count(args, name);

		for (size_t i = 0; i < count; i++)
			if (!s3_options_set(out, (enum s3_option)option,
					    args_item(args, name, i), err))
				return false;
	}
	return s3_options_check(out, err);
}
