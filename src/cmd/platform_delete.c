#include "cmd/platform_delete.h"

#include <string.h>

#include "base/cancel.h"
#include "base/file.h"
#include "base/path.h"
#include "base/vec.h"
#include "cmd/platform_data.h"
#include "cmd/platform_follow.h"
#include "cmd/platform_keep.h"
#include "cmd/platform_place.h"
#include "data/rows_mem.h"
#include "platform/stack_keeps.h"
#include "platform/stack_plan.h"
#include "platform/stack_state.h"
#include "platform/stack_watch.h"
#include "shell/command.h"
#include "shell/session.h"

struct deleting {
	struct platform_place place;
	struct cloudformation_stack stack;
	struct cloudformation_events resources;
	struct str template; /* as it is deployed */
	const char *name;    /* said with --yes, or NULL */
	bool with_data;
	bool retain;
};

#define DELETING_EMPTY                                                         \
	{                                                                      \
		.place = PLATFORM_PLACE_EMPTY, .template = STR_EMPTY           \
	}

static void deleting_done(struct deleting *deleting)
{
	cloudformation_events_done(&deleting->resources);
	cloudformation_stack_done(&deleting->stack);
	str_done(&deleting->template);
	platform_place_done(&deleting->place);
}

/* --- arguments: delete [DIR] [--yes NAME] --- */

static bool is_platform(const char *folder)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str file = STR_EMPTY;

	path_expand(folder, &path);
	path_join(path.text, STACK_CONF_FILE, &file);
	return file_exists(file.text);
}

static bool open_place(struct deleting *deleting, struct session *session,
		       const struct args *args, struct err *err)
{
	const char *folder = args_text(args, "DIR");

	deleting->with_data = args_flag(args, "--with-data");
	deleting->retain = args_flag(args, "--retain");
	deleting->name = args_text(args, "NAME");
	/* The only word may be the name. */
	if (folder != NULL && deleting->name == NULL &&
	    args_flag(args, "--yes") && !is_platform(folder)) {
		deleting->name = folder;
		folder = NULL;
	}
	return platform_place_open_at(&deleting->place, session, args, folder,
				      err);
}

static bool check_name(const struct deleting *deleting, struct err *err)
{
	const struct platform_place *place = &deleting->place;
	const char *blank = place->folder.len > 0 ? " " : "";

	if (!place->yes && session_is_interactive(place->session))
		return true;
	if (place->yes && deleting->name != NULL &&
	    strcmp(deleting->name, place->conf.stack.text) == 0)
		return true;
	if (place->yes && deleting->name != NULL)
		err_set(err, ERR_USAGE, "the stack is %s, not %s",
			place->conf.stack.text, deleting->name);
	else
		err_set(err, ERR_USAGE,
			"a platform is deleted by its name only");
	return err_hint(err, "\\platform delete%s%s --yes %s", blank,
			place->folder.text, place->conf.stack.text);
}

/* --- what goes, what stays --- */

static const char *bucket_of(const struct deleting *deleting)
{
	const struct cloudformation_event *data =
		platform_data_find(&deleting->stack, &deleting->resources);

	return data != NULL ? data->physical : NULL;
}

static bool is_data(const struct deleting *deleting,
		    const struct cloudformation_event *resource)
{
	return bucket_of(deleting) != NULL &&
	       str_starts(resource->type, "AWS::S3::Bucket") &&
	       strcmp(resource->physical, bucket_of(deleting)) == 0;
}

static const char goes_with_snapshot[] = "goes; a last snapshot stays";

static const char stays_outside[] = "stays at AWS, outside of the stack";

static const char *fate_of(const struct deleting *deleting,
			   const struct cloudformation_event *resource)
{
	if (strcmp(resource->status, "DELETE_COMPLETE") == 0)
		return "is gone";
	if (deleting->with_data && is_data(deleting, resource))
		return strcmp(resource->type, "AWS::S3::Bucket") == 0
			       ? "goes, with all its objects"
			       : "goes with its bucket";
	if (deleting->retain && strcmp(resource->status, "DELETE_FAILED") == 0)
		return stays_outside;
	switch (stack_keeps_find(deleting->template.text, resource->logical)) {
	case STACK_KEEPS_IT:
		return "stays";
	case STACK_KEEPS_SNAPSHOT:
		return goes_with_snapshot;
	case STACK_KEEPS_UNKNOWN:
		return "not known";
	case STACK_KEEPS_NOTHING:
		break;
	}
	return "goes";
}

static bool show(struct deleting *deleting, struct err *err)
{
	struct rows_mem *mem = rows_mem_new(NULL);
	const struct cloudformation_events *list = &deleting->resources;

	rows_mem_column(mem, "Resource", ROWS_TEXT);
	rows_mem_column(mem, "Type", ROWS_TEXT);
	rows_mem_column(mem, "What becomes of it", ROWS_TEXT);
	if (list->count == 0) {
		rows_free(rows_mem_rows(mem));
		session_info(deleting->place.session,
			     "The stack %s has no resources.",
			     deleting->stack.name);
		return true;
	}
	for (size_t i = 0; i < list->count; i++) {
		const char *fate = fate_of(deleting, &list->items[i]);

		rows_mem_add(mem, list->items[i].logical);
		rows_mem_add(mem, list->items[i].type);
		/* Ids are long and told by \platform status, but not of what
		 * the stack will not know any more. */
		if (fate == stays_outside)
			rows_mem_addf(mem, "%s: %s", fate,
				      list->items[i].physical);
		else
			rows_mem_add(mem, fate);
	}
	return session_print_rows(deleting->place.session, rows_mem_rows(mem),
				  "", err);
}

static void say_data(const struct deleting *deleting)
{
	const struct cloudformation_event *data =
		platform_data_find(&deleting->stack, &deleting->resources);
	struct session *session = deleting->place.session;
	CLEANUP(str_done) struct str named = STR_EMPTY;

	if (data == NULL ||
	    !platform_data_describe(&deleting->place, data->physical, &named))
		return;
	if (deleting->with_data)
		session_info(
			session,
			"%s will be emptied and removed for good, when all "
			"else is gone.",
			named.text);
	else if (stack_keeps_find(deleting->template.text, data->logical) ==
		 STACK_KEEPS_IT)
		session_info(session,
			     "%s stays; S3 bills by the month for what is in "
			     "it. --with-data removes it as well; later \\s3rb "
			     "--force s3://%s does.",
			     named.text, data->physical);
	else
		session_info(session,
			     "%s: unless its DeletionPolicy keeps it, it goes "
			     "when it is empty, and with objects in it the "
			     "deletion fails. --with-data empties and removes "
			     "it.",
			     named.text);
}

/* Better no word than a wrong one. */
static void say_unknown(const struct deleting *deleting, const char *why)
{
	bool any = false;

	for (size_t i = 0; i < deleting->resources.count; i++)
		any |= strcmp(fate_of(deleting, &deleting->resources.items[i]),
			      "not known") == 0;
	if (any)
		session_warn(deleting->place.session,
			     "what stays cannot be read from the template that "
			     "is deployed%s%s: a resource goes unless its "
			     "DeletionPolicy there says Retain or Snapshot",
			     why[0] != '\0' ? ": " : "", why);
}

static void say_snapshots(const struct deleting *deleting)
{
	for (size_t i = 0; i < deleting->resources.count; i++)
		if (fate_of(deleting, &deleting->resources.items[i]) ==
		    goes_with_snapshot) {
			session_info(deleting->place.session,
				     "A last snapshot of the warehouse stays; "
				     "its storage is billed until the snapshot "
				     "is deleted or ends.");
			return;
		}
}

static bool ask(struct deleting *deleting, bool *out_go, struct err *err)
{
	const char *name = deleting->place.conf.stack.text;
	CLEANUP(str_done) struct str question = STR_EMPTY;

	*out_go = true;
	if (deleting->place.yes)
		return true;
	str_addf(&question, "Type the name of the stack (%s) to delete it: ",
		 name);
	if (!platform_place_ask_name(&deleting->place, question.text, out_go,
				     err))
		return false;
	if (!*out_go)
		session_info(deleting->place.session, "Nothing was deleted.");
	return true;
}

/* --- doing it --- */

/* Names of what could not be deleted; NULL terminated, its array yours. */
static const char **failed_ones(const struct deleting *deleting)
{
	struct {
		VEC(const char *);
	} names = { NULL, 0, 0 };

	for (size_t i = 0; i < deleting->resources.count; i++) {
		const struct cloudformation_event *one =
			&deleting->resources.items[i];

		if (strcmp(one->status, "DELETE_FAILED") == 0 &&
		    !(deleting->with_data && is_data(deleting, one)))
			vec_push(&names, one->logical);
	}
	vec_push(&names, NULL);
	return names.items;
}

static bool send(struct deleting *deleting, struct err *err)
{
	const struct platform_place *place = &deleting->place;
	const char *blank = place->folder.len > 0 ? " " : "";
	CLEANUP(str_done) struct str token = STR_EMPTY;
	const char **names = deleting->retain ? failed_ones(deleting) : NULL;
	bool good;

	stack_plan_token(&token);
	good = cloudformation_delete(&deleting->place.to, deleting->stack.id,
				     names, token.text, err);
	mem_free(names);
	/* It may have been heard. */
	if (!good && (err->kind == ERR_CANCELLED || err->kind == ERR_NETWORK))
		return err_hint(err,
				"the deletion may have begun: \\platform "
				"status%s%s tells, \\platform delete%s%s%s "
				"takes it up",
				blank, place->folder.text, blank,
				place->folder.text,
				deleting->with_data ? " --with-data" : "");
	return good;
}

static int name_width(const struct cloudformation_events *list)
{
	size_t width = 0;

	for (size_t i = 0; i < list->count; i++) {
		size_t len = strlen(list->items[i].logical);

		width = len > width ? len : width;
	}
	return (int)width;
}

/* After Ctrl-C. */
static void hint_data(const struct deleting *deleting, struct err *err)
{
	const struct platform_place *place = &deleting->place;

	if (err->kind == ERR_CANCELLED && deleting->with_data &&
	    bucket_of(deleting) != NULL)
		err_hint(err,
			 "\\platform delete%s%s --with-data follows it again "
			 "and then removes s3://%s, which is untouched so far",
			 place->folder.len > 0 ? " " : "", place->folder.text,
			 bucket_of(deleting));
}

/* Is the data bucket, being full, all that could not be deleted? */
static bool is_full_bucket(const struct deleting *deleting,
			   const struct stack_watch_end *end)
{
	bool full = false;

	if (strcmp(end->status.text, "DELETE_FAILED") != 0)
		return false;
	for (size_t i = 0; i < end->events.count; i++) {
		const struct cloudformation_event *one = &end->events.items[i];

		if (one->is_stack || strcmp(one->status, "DELETE_FAILED") != 0)
			continue;
		if (!is_data(deleting, one) ||
		    strstr(one->reason, "not empty") == NULL)
			return false;
		full = true;
	}
	return full;
}

static void say_skipped(const struct deleting *deleting,
			const struct stack_watch_end *end)
{
	for (size_t i = 0; i < end->events.count; i++) {
		const struct cloudformation_event *one = &end->events.items[i];

		if (strcmp(one->status, "DELETE_SKIPPED") == 0 &&
		    !(deleting->with_data && is_data(deleting, one)))
			session_info(deleting->place.session,
				     "%s (%s) stays: %s", one->logical,
				     one->type, one->physical);
	}
}

/* out_full: it failed for the objects in the data bucket alone. */
static bool follow(struct deleting *deleting, const char *since, bool is_fresh,
		   bool *out_full, struct err *err)
{
	struct platform_follow how = {
		.stack = deleting->stack.id,
		.since = since,
		.verb = "delete",
		.total = (int)deleting->resources.count,
		.name_width = name_width(&deleting->resources),
		.is_fresh = is_fresh,
	};
	struct stack_watch_end end = STACK_WATCH_END_EMPTY;
	bool good = platform_follow(&deleting->place, &how, &end, err);

	if (good)
		say_skipped(deleting, &end);
	else
		hint_data(deleting, err);
	*out_full = is_full_bucket(deleting, &end);
	stack_watch_end_done(&end);
	return good;
}

/* What is left; if that cannot be told, the old list stands. */
static void look_again(struct deleting *deleting)
{
	struct cloudformation_events fresh = { 0 };
	struct cloudformation_events old = deleting->resources;
	struct err ignored = ERR_EMPTY;

	if (cloudformation_resources(&deleting->place.to, deleting->stack.id,
				     &fresh, &ignored)) {
		deleting->resources = fresh;
		fresh = old;
	}
	cloudformation_events_done(&fresh);
}

/* CloudFormation deletes no bucket with objects in it: when nothing else is
 * left of the stack, they go, and it is asked once more. */
static bool delete_again(struct deleting *deleting, struct err *err)
{
	struct platform_place *place = &deleting->place;
	CLEANUP(str_done) struct str since = STR_EMPTY;
	struct err ignored = ERR_EMPTY;
	bool full;

	session_info(place->session,
		     "All else is gone: s3://%s is emptied, and the deletion "
		     "asked for once more.",
		     bucket_of(deleting));
	if (!platform_data_remove(place, bucket_of(deleting), true, err))
		return false;
	(void)stack_watch_newest(&place->to, deleting->stack.id, &since,
				 &ignored);
	look_again(deleting);
	return send(deleting, err) &&
	       follow(deleting, since.text, true, &full, err);
}

static bool end(struct deleting *deleting, const char *since, bool is_fresh,
		struct err *err)
{
	struct err failed = ERR_EMPTY;
	bool full = false;

	if (!follow(deleting, since, is_fresh, &full, &failed)) {
		if (!full || !deleting->with_data) {
			*err = failed;
			return false;
		}
		if (!delete_again(deleting, err))
			return false;
	}
	platform_keep_forget(&deleting->place, &deleting->stack);
	session_info(deleting->place.session, "The stack %s is deleted.",
		     deleting->place.conf.stack.text);
	return !deleting->with_data || bucket_of(deleting) == NULL ||
	       platform_data_remove(&deleting->place, bucket_of(deleting),
				    false, err);
}

static bool go(struct deleting *deleting, struct err *err)
{
	struct platform_place *place = &deleting->place;
	CLEANUP(str_done) struct str since = STR_EMPTY;
	struct err failed = ERR_EMPTY;
	struct err ignored = ERR_EMPTY;
	bool yes = false;

	if (!cloudformation_resources(&place->to, deleting->stack.id,
				      &deleting->resources, err))
		return false;
	/* Without it only less can be told. */
	(void)cloudformation_template(&place->to, deleting->stack.id,
				      &deleting->template, &failed);
	if (!show(deleting, err))
		return false;
	say_unknown(deleting, failed.message);
	say_data(deleting);
	say_snapshots(deleting);
	if (!cancel_check(err) || !ask(deleting, &yes, err))
		return false;
	if (!yes)
		return true;
	(void)stack_watch_newest(&place->to, deleting->stack.id, &since,
				 &ignored);
	return cancel_check(err) && send(deleting, err) &&
	       end(deleting, since.text, true, err);
}

/* Begun by somebody else, or by a command that Ctrl-C has left. Then data may
 * have been meant to stay: it is asked for. */
static bool go_on(struct deleting *deleting, struct err *err)
{
	struct err failed = ERR_EMPTY;
	bool yes = true;

	if (!cloudformation_resources(&deleting->place.to, deleting->stack.id,
				      &deleting->resources, &failed) &&
	    deleting->with_data) {
		*err = failed;
		return false;
	}
	if (deleting->with_data && bucket_of(deleting) != NULL) {
		if (!check_name(deleting, err))
			return false;
		say_data(deleting);
		if (!ask(deleting, &yes, err))
			return false;
	}
	return !yes || end(deleting, "", false, err);
}

/* --- which state it is found in --- */

/* What a deletion has left that was not followed to its end. */
static bool remove_left(struct deleting *deleting, struct err *err)
{
	const struct platform_place *place = &deleting->place;
	CLEANUP(str_done) struct str bucket = STR_EMPTY;
	CLEANUP(str_done) struct str named = STR_EMPTY;
	bool yes = false;

	if (!platform_data_left(place, &bucket, err))
		return false;
	if (bucket.len == 0)
		return true;
	(void)platform_data_describe(place, bucket.text, &named);
	session_info(place->session,
		     "The stack has left %s. It will be emptied and removed "
		     "for good.",
		     named.text);
	if (!check_name(deleting, err) || !ask(deleting, &yes, err))
		return false;
	return !yes || platform_data_remove(place, bucket.text, false, err);
}

static bool say_gone(struct deleting *deleting, struct err *err)
{
	session_info(deleting->place.session,
		     "There is no stack %s: nothing to delete.",
		     deleting->place.conf.stack.text);
	platform_keep_forget(&deleting->place, NULL);
	return !deleting->with_data || remove_left(deleting, err);
}

static bool refuse_protected(const struct deleting *deleting, struct err *err)
{
	err_set(err, ERR_USAGE, "the stack %s is protected against deletion",
		deleting->stack.name);
	return err_hint(err,
			"who may takes that away: aws cloudformation "
			"update-termination-protection "
			"--no-enable-termination-protection --stack-name %s",
			deleting->stack.name);
}

bool platform_delete_run(struct session *session, const struct args *args,
			 struct err *err)
{
	CLEANUP(deleting_done) struct deleting deleting = DELETING_EMPTY;
	const char *status;
	bool there = false;

	if (!open_place(&deleting, session, args, err) ||
	    !platform_place_find(&deleting.place, &deleting.stack, &there, err))
		return false;
	if (!there)
		return say_gone(&deleting, err);
	status = deleting.stack.status;
	if (strcmp(status, "DELETE_IN_PROGRESS") == 0)
		return go_on(&deleting, err);
	/* A stack that is being made may be deleted, one that changes not. */
	if (stack_state_find(status)->kind == STACK_BUSY &&
	    strcmp(status, "CREATE_IN_PROGRESS") != 0)
		return platform_place_refuse(&deleting.place, &deleting.stack,
					     err);
	if (deleting.stack.is_protected)
		return refuse_protected(&deleting, err);
	if (deleting.retain && strcmp(status, "DELETE_FAILED") != 0) {
		err_set(err, ERR_USAGE, "--retain is for a stack that could "
					"not be deleted (DELETE_FAILED)");
		return err_hint(err, "the stack is in %s", status);
	}
	return check_name(&deleting, err) && go(&deleting, err);
}
