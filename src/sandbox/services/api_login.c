#include "sandbox/services/api_login.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sql/keyword.h"

bool api_login_is_name(const char *text)
{
	size_t len = strlen(text);

	return len >= 1 && len <= 63 && isalpha((unsigned char)text[0]) &&
	       strspn(text,
		      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		      "abcdefghijklmnopqrstuvwxyz0123456789_+.@-") == len &&
	       !keyword_is_reserved(text, len);
}

void api_login_add_caller(const struct s3_call *call, struct str *out)
{
	const struct identity_role *role = call->auth.role;

	if (role != NULL)
		str_addf(out, "IAMR:%s", strrchr(role->arn, '/') + 1);
	else
		str_add(out, "IAM:" IDENTITY_USER);
}

static void make_password(struct str *out)
{
	unsigned char random[96];

	hash_random(random, sizeof(random));
	encode_base64(out, random, sizeof(random));
	mem_wipe(random, sizeof(random));
}

bool api_login_give(struct s3_call *call, struct s3_http_grant *grant,
		    int64_t duration_s, struct str *out_password,
		    struct err *err)
{
	const struct s3_http_options *options = call->options;
	bool done;

	if (options->grant == NULL)
		return s3_call_refuse(err, "UnsupportedOperation",
				      "this sandbox has no database to log in"
				      " to");
	make_password(out_password);
	grant->password = out_password->text;
	if (options->login_life_s > 0)
		duration_s = options->login_life_s;
	grant->expires_ms = clock_wall_ms() + duration_s * 1000;
	done = options->grant(options->grant_context, grant, err);
	grant->password = NULL;
	if (!done)
		mem_wipe(out_password->text, out_password->len);
	return done;
}
