#include "cmd/load_kaggle.h"

#include <string.h>

#include "aws/s3_uri.h"
#include "kaggle/kaggle_client.h"
#include "kaggle/kaggle_get.h"
#include "kaggle/kaggle_pipe.h"
#include "load/copy_args.h"
#include "load/copy_fetch.h"
#include "load/copyfrom.h"
#include "shell/session.h"
#include "shell/session_state.h"

void load_kaggle_done(struct load_kaggle *kaggle)
{
	kaggle_pipe_close(kaggle->pipe);
	kaggle_name_done(&kaggle->name);
	str_done(&kaggle->shown);
	str_done(&kaggle->cure);
}

/* --- a piece at a time --- */

static bool end_pipe(void *context, struct err *err)
{
	return kaggle_pipe_end(((struct load_kaggle *)context)->pipe, err);
}

static bool open_pipe(struct load_kaggle *kaggle, struct load_world *world,
		      struct err *err)
{
	kaggle->pipe = kaggle_pipe_open(kaggle->shown.text, err);
	if (kaggle->pipe == NULL)
		return false;
	if (kaggle_pipe_warning(kaggle->pipe)[0] != '\0')
		session_warn(kaggle->session, "%s",
			     kaggle_pipe_warning(kaggle->pipe));
	world->data = kaggle_pipe_fd(kaggle->pipe);
	world->data_end = end_pipe;
	return true;
}

/* --- whole --- */

static void note(void *context, const char *text)
{
	const struct load_kaggle *kaggle = context;
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	session_add_shown(kaggle->session, text, &shown);
	session_progress(kaggle->session, "");
	session_info(kaggle->session, "kaggle: %s", shown.text);
}

static void show(void *context, const struct progress *progress,
		 const char *subject)
{
	const struct load_kaggle *kaggle = context;

	(void)subject;
	session_show_transfer(kaggle->session, "staging", kaggle->shown.text,
			      progress);
}

static void ignore(void *context, const struct err *err)
{
	(void)context; /* it is the error of the whole */
	(void)err;
}

static bool fetch(void *context, const char *uri, int64_t *out_bytes,
		  struct err *err)
{
	struct load_kaggle *kaggle = context;
	const char *file = kaggle->name.file.text;
	struct kaggle_watch watch = { note, kaggle };
	struct kaggle_get get = {
		.name = &kaggle->name,
		.choice = { &file, 1 },
		.aws = session_aws_ready(kaggle->session, err),
		.to = S3_URI_EMPTY,
		.single = true,
		.watch = { .progress = show,
			   .note = note,
			   .failed = ignore,
			   .context = kaggle },
	};
	CLEANUP(kaggle_client_freep) struct kaggle_client *client = NULL;
	bool good = get.aws != NULL && s3_uri_parse_object(&get.to, uri, err);

	if (good)
		client = kaggle_client_new(&watch, err);
	if (client != NULL && kaggle_client_warning(client)[0] != '\0')
		session_warn(kaggle->session, "%s",
			     kaggle_client_warning(client));
	good = client != NULL && kaggle_get_run(&get, client, err);
	s3_uri_done(&get.to);
	*out_bytes = get.bytes;
	return good;
}

/* --- either --- */

static bool no_file(const struct load_kaggle *kaggle, struct err *err)
{
	err_set(err, ERR_USAGE, "%s: which file of it?", kaggle->shown.text);
	return err_hint(err, "\\kaggle ls %s/%s shows them",
			kaggle->name.owner.text, kaggle->name.slug.text);
}

bool load_kaggle_open(struct load_kaggle *kaggle, struct session *session,
		      const struct copy_args *parsed, struct load_world *world,
		      struct err *err)
{
	kaggle->session = session;
	str_set(&kaggle->shown, parsed->uri.text);
	if (!kaggle_name_parse(&kaggle->name, parsed->uri.text, err))
		return false;
	if (kaggle->name.file.len == 0)
		return no_file(kaggle, err);
	str_addf(&kaggle->cure,
		 "if it is one file of Parquet, ORC or Avro, add FORMAT "
		 "PARQUET, ORC or AVRO; else \\kaggle get %.100s/%.100s "
		 "'%.100s' ./ and look into it",
		 kaggle->name.owner.text, kaggle->name.slug.text,
		 kaggle->name.file.text);
	world->data = -1;
	world->data_name = kaggle->shown.text;
	world->data_context = kaggle;
	world->data_cure = kaggle->cure.text;
	if (!copy_fetch_is_whole(parsed->uri.text, &parsed->options))
		return open_pipe(kaggle, world, err);
	world->fetch = fetch;
	return true;
}

void load_kaggle_explain(struct load_kaggle *kaggle, struct err *err)
{
	if (kaggle->pipe != NULL && err->kind == ERR_DATA)
		kaggle_pipe_end(kaggle->pipe, err);
}
