/* The sandbox's AWS endpoints alone, for tests with independent clients:
 * s3_serve DIR prints the exports that point a client at it, then serves
 * until its standard input ends. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sandbox/account/identity.h"
#include "sandbox/kaggle/api_kaggle.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_store.h"

static int fail(const struct err *err)
{
	fprintf(stderr, "s3_serve: %s\n", err->message);
	return 1;
}

static bool grant(void *context, const struct s3_http_grant *grant_,
		  struct err *err)
{
	(void)context;
	(void)err;
	return grant_->expires_ms > 0;
}

static void tell_kaggle(const struct s3_http *http,
			const struct identity *identity)
{
	CLEANUP(secret_done) struct secret key = SECRET_EMPTY;
	CLEANUP(secret_done) struct secret token = SECRET_EMPTY;

	api_kaggle_key(identity, &key);
	api_kaggle_token(identity, &token);
	printf("export KAGGLE_API_ENDPOINT=http://127.0.0.1:%d\n"
	       "export KAGGLE_USERNAME=" API_KAGGLE_USER "\n"
	       "export KAGGLE_KEY=%s\n"
	       "export KAGGLE_API_TOKEN=%s\n",
	       s3_http_port(http), secret_text(&key), secret_text(&token));
}

static int serve(struct s3_http_options *options,
		 const struct identity *identity, struct err *err)
{
	CLEANUP(s3_http_stopp)
	struct s3_http *http = s3_http_start(options, err);
	char byte;

	if (http == NULL)
		return fail(err);
	printf("export AWS_ENDPOINT_URL=http://127.0.0.1:%d\n"
	       "export AWS_ACCESS_KEY_ID=%s\n"
	       "export AWS_SECRET_ACCESS_KEY=%s\n"
	       "export AWS_DEFAULT_REGION=" IDENTITY_REGION "\n",
	       s3_http_port(http), identity->access_key_id,
	       secret_text(&identity->secret_key));
	tell_kaggle(http, identity);
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}

int main(int argc, char **argv)
{
	CLEANUP(identity_done) struct identity identity = IDENTITY_EMPTY;
	CLEANUP(s3_store_closep) struct s3_store *store = NULL;
	struct s3_http_options options = { .identity = &identity,
					   .grant = grant };
	struct err err = ERR_EMPTY;

	if (argc != 2)
		return 2;
	if (!identity_load(&identity, argv[1], &err))
		return fail(&err);
	store = s3_store_open(argv[1], &err);
	if (store == NULL)
		return fail(&err);
	snprintf(identity.host, sizeof(identity.host), "localhost");
	snprintf(identity.database, sizeof(identity.database), "dev");
	snprintf(identity.master_user, sizeof(identity.master_user), "admin");
	identity.port = 5439;
	options.store = store;
	options.dir = argv[1];
	if (getenv("STACK_STEP_MS") != NULL)
		options.stack_step_ms =
			(int)strtol(getenv("STACK_STEP_MS"), NULL, 10);
	return serve(&options, &identity, &err);
}
