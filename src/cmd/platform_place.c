#include "cmd/platform_place.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "aws/call.h"
#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "base/file.h"
#include "base/path.h"
#include "base/units.h"
#include "cmd/load_world.h"
#include "data/url.h"
#include "platform/stack_plan.h"
#include "platform/stack_state.h"
#include "shell/command.h"
#include "shell/session.h"

enum {
	TEMPLATE_MAX = 1024 * 1024, /* CloudFormation: by way of S3 */
	NAMED_MAX = 3,              /* folders, in a hint */
};

/* --- opening --- */

static bool read_poll(struct platform_place *place, const struct args *args,
		      struct err *err)
{
	const char *text = args_text(args, "--poll");

	if (text == NULL)
		return true;
	if (!units_parse_duration_ms(text, &place->poll_ms, err))
		return err_wrap(err, "--poll");
	if (place->poll_ms > 0)
		return true;
	err_set(err, ERR_USAGE, "--poll %s is no time to wait", text);
	return err_hint(err, "--poll 10s");
}

/* Folders in the current one that have a platform, when there are any. */
static void hint_platforms(const char *verb, struct err *err)
{
	CLEANUP(str_done) struct str found = STR_EMPTY;
	DIR *here = opendir(".");
	const struct dirent *entry;
	int count = 0;

	while (here != NULL && (entry = readdir(here)) != NULL) {
		CLEANUP(str_done) struct str path = STR_EMPTY;

		path_join(entry->d_name, STACK_CONF_FILE, &path);
		if (entry->d_name[0] == '.' || !file_exists(path.text) ||
		    ++count > NAMED_MAX)
			continue;
		str_addf(&found, "%s\\platform %s %s", count > 1 ? " or " : "",
			 verb != NULL ? verb : "status", entry->d_name);
	}
	if (here != NULL)
		closedir(here);
	if (count > 0)
		err_hint(err,
			 "here %s: %s%s; \\platform init DIR makes another",
			 count == 1 ? "is one" : "are some", found.text,
			 count > NAMED_MAX ? " ..." : "");
}

bool platform_place_open_at(struct platform_place *place,
			    struct session *session, const struct args *args,
			    const char *folder, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	place->session = session;
	place->yes = args_flag(args, "--yes");
	if (!read_poll(place, args, err))
		return false;
	if (folder != NULL && strcmp(folder, ".") != 0)
		str_set(&place->folder, folder);
	path_expand(folder != NULL ? folder : ".", &path);
	if (!stack_conf_read(&place->conf, path.text, err)) {
		if (err != NULL && err->kind == ERR_MISSING)
			hint_platforms(args_text(args, "VERB"), err);
		return false;
	}
	place->to.stop_fd = -1;
	place->to.region = place->conf.region.len > 0 ? place->conf.region.text
						      : NULL;
	place->to.aws = session_aws_ready(session, err);
	return place->to.aws != NULL;
}

bool platform_place_open(struct platform_place *place, struct session *session,
			 const struct args *args, struct err *err)
{
	return platform_place_open_at(place, session, args,
				      args_text(args, "DIR"), err);
}

bool platform_place_ask_name(struct platform_place *place, const char *question,
			     bool *out_go, struct err *err)
{
	const char *name = place->conf.stack.text;
	CLEANUP(str_done) struct str answer = STR_EMPTY;

	if (!session_ask(place->session, question, &answer, err))
		return false;
	str_trim_end(&answer);
	*out_go = strcmp(answer.text, name) == 0;
	if (!*out_go && answer.len > 0)
		session_info(place->session, "\"%s\" is not %s.", answer.text,
			     name);
	return true;
}

static void remove_object(struct platform_place *place)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	struct err err = ERR_EMPTY;

	if (place->object.len == 0)
		return;
	if (!s3_uri_parse_object(&uri, place->object.text, &err) ||
	    !s3_object_delete(place->to.aws, &uri, &err))
		session_warn(place->session,
			     "the uploaded template stays in %s: %s",
			     place->object.text, err.message);
}

void platform_place_done(struct platform_place *place)
{
	remove_object(place);
	str_done(&place->folder);
	stack_conf_done(&place->conf);
	str_done(&place->template);
	str_done(&place->object);
}

/* --- the template --- */

struct address {
	const struct s3_uri *uri;
	const char *region;
	struct str *url;
};

/* In the AWS thread: as a request for the object would go. */
static bool find_address(struct call_core *core, void *context, struct err *err)
{
	struct address *address = context;
	CLEANUP(endpoint_done) struct endpoint endpoint = ENDPOINT_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;

	if (!endpoint_find(&core->endpoints, ENDPOINT_S3, address->region,
			   address->uri->bucket.text, &endpoint, err))
		return false;
	call_add_path(&endpoint, address->uri->key.text, &path);
	str_set_slice(address->url, endpoint.base.text, endpoint.base.len);
	url_escape(address->url, path.text, path.len, URL_KEEP_SLASH);
	return true;
}

static bool refuse_large(const struct platform_place *place, struct err *err)
{
	err_set(err, ERR_USAGE,
		"%s has %zu bytes; CloudFormation takes %d in a request, more "
		"only from S3",
		place->conf.template.text, place->template.len,
		CLOUDFORMATION_BODY_MAX);
	return err_hint(err,
			"name a place where it may wait: upload = "
			"s3://BUCKET/FOLDER/ in %s, or \\set STAGING "
			"s3://BUCKET/FOLDER/",
			place->conf.path.text);
}

static bool upload(struct platform_place *place, const char *base,
		   struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str region = STR_EMPTY;
	CLEANUP(str_done) struct str url = STR_EMPTY;
	struct address address = { &uri, NULL, &url };

	str_addf(&name, "%s%s", base, str_ends(base, "/") ? "" : "/");
	stack_plan_token(&name);
	str_add(&name, ".yaml");
	if (!s3_uri_parse_object(&uri, name.text, err) ||
	    !worker_bucket_region(place->to.aws, uri.bucket.text, &region, err))
		return err_wrap(err, "uploading the template");
	address.region = region.text;
	if (!worker_run(place->to.aws, find_address, &address, err) ||
	    !s3_object_put(place->to.aws, &uri, place->template.text,
			   place->template.len, err))
		return err_wrap(err, "uploading the template");
	str_set(&place->object, name.text);
	str_set_slice(&place->template, url.text, url.len);
	place->source.url = place->template.text;
	return true;
}

bool platform_place_template(struct platform_place *place, struct err *err)
{
	const char *base = place->conf.upload.len > 0
				   ? place->conf.upload.text
				   : load_world_staging(place->session);

	if (!file_read(place->conf.template.text, TEMPLATE_MAX,
		       &place->template, err))
		return err_wrap(err, "the template");
	if (place->template.len == 0)
		return err_set(err, ERR_DATA, "%s is empty",
			       place->conf.template.text);
	place->source.body = place->template.text;
	if (place->template.len <= CLOUDFORMATION_BODY_MAX)
		return true;
	if (base == NULL || base[0] == '\0')
		return refuse_large(place, err);
	return upload(place, base, err);
}

/* --- the stack --- */

bool platform_place_find(struct platform_place *place,
			 struct cloudformation_stack *stack, bool *out_there,
			 struct err *err)
{
	struct err failed = ERR_EMPTY;

	*out_there = cloudformation_describe(
		&place->to, place->conf.stack.text, stack, &failed);
	if (*out_there)
		*out_there = stack_state_find(stack->status)->kind !=
			     STACK_GONE;
	else if (failed.kind != ERR_MISSING) {
		if (err != NULL)
			*err = failed;
		return false;
	}
	return true;
}

bool platform_place_refuse(const struct platform_place *place,
			   const struct cloudformation_stack *stack,
			   struct err *err)
{
	const struct stack_state *state = stack_state_find(stack->status);
	CLEANUP(str_done) struct str next = STR_EMPTY;

	err_set(err, ERR_USAGE, "the stack %s %s (%s)", stack->name,
		state->means, stack->status);
	stack_state_next(state, place->folder.text, &next);
	return err_hint(err, "%s", next.text);
}
