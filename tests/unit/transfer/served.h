/* The sandbox's S3, which checks signatures and digests, in the test's own
 * process and folder; a bucket s3://one-bucket. */
#ifndef TESTS_UNIT_TRANSFER_SERVED_H
#define TESTS_UNIT_TRANSFER_SERVED_H

#include "../check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "aws/s3_object.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/file.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_store.h"

static char folder[] = "/tmp/redsh-served-XXXXXX";
static struct identity identity = IDENTITY_EMPTY;
static struct s3_store *store;
static struct s3_http *server;
static struct aws *aws;

static bool grant(void *context, const struct s3_http_grant *what,
		  struct err *err)
{
	(void)context;
	(void)err;
	return what->expires_ms > 0;
}

static int start(void **state)
{
	static const char *const unset[] = {
		"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3",
		"AWS_DEFAULT_REGION", "AWS_CA_BUNDLE", "XDG_STATE_HOME",
	};
	struct s3_http_options options = { .grant = grant,
					   .identity = &identity };
	struct worker_options worker = { .region = "us-east-1",
					 .cache_path = "" };
	struct err err = ERR_EMPTY;
	char url[64];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(unset); i++)
		unsetenv(unset[i]);
	if (mkdtemp(folder) == NULL || chdir(folder) != 0 ||
	    !cancel_open(&err) || !identity_load(&identity, folder, &err))
		return -1;
	snprintf(identity.host, sizeof(identity.host), "db.example");
	snprintf(identity.database, sizeof(identity.database), "dev");
	identity.port = 5439;
	store = s3_store_open(folder, &err);
	options.store = store;
	server = store != NULL ? s3_http_start(&options, &err) : NULL;
	if (server == NULL)
		return -1;
	setenv("HOME", folder, 1);
	setenv("AWS_ACCESS_KEY_ID", identity.access_key_id, 1);
	setenv("AWS_SECRET_ACCESS_KEY", secret_text(&identity.secret_key), 1);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d",
		 s3_http_port(server));
	worker.endpoint_url = url;
	aws = worker_new(NULL, &worker, &err);
	return aws != NULL && s3_bucket_create(aws, "one-bucket", NULL, &err) ? 0
									: -1;
}

static int stop(void **state)
{
	(void)state;
	worker_free(aws);
	s3_http_stop(server);
	s3_store_close(store);
	identity_done(&identity);
	cancel_close();
	return chdir("/") == 0 && file_remove_tree(folder, NULL) ? 0 : -1;
}

#endif
