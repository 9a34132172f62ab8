#include "cmd/platform_deploy.h"

#include <string.h>

#include "base/cancel.h"
#include "base/vec.h"
#include "cmd/platform_follow.h"
#include "cmd/platform_keep.h"
#include "cmd/platform_place.h"
#include "data/rows.h"
#include "platform/stack_plan.h"
#include "platform/stack_state.h"
#include "platform/stack_watch.h"
#include "shell/command.h"
#include "shell/session.h"

/* --- one of the three at work --- */

struct deploying {
	struct platform_place place;
	const char *verb;
	struct cloudformation_stack stack;
	bool there; /* stack is filled */
	struct stack_plan plan;
};

#define DEPLOYING_EMPTY                                                        \
	{                                                                      \
		.place = PLATFORM_PLACE_EMPTY, .plan = STACK_PLAN_EMPTY        \
	}

static void deploying_done(struct deploying *deploying)
{
	cloudformation_stack_done(&deploying->stack);
	stack_plan_done(&deploying->plan);
	platform_place_done(&deploying->place);
}

static bool open_place(struct deploying *deploying, struct session *session,
		       const struct args *args, struct err *err)
{
	return platform_place_open(&deploying->place, session, args, err) &&
	       platform_place_find(&deploying->place, &deploying->stack,
				   &deploying->there, err);
}

static enum stack_kind kind_of(const struct deploying *deploying)
{
	return deploying->there
		       ? stack_state_find(deploying->stack.status)->kind
		       : STACK_EMPTY;
}

/* Before anything is asked of AWS. */
static bool may_go(const struct deploying *deploying, struct session *session,
		   struct err *err)
{
	if (deploying->place.yes || session_is_interactive(session))
		return true;
	err_set(err, ERR_USAGE, "\\platform %s: nobody is there to be asked",
		deploying->verb);
	return err_hint(err, "look with \\platform plan, then say yes in "
			     "advance with --yes");
}

/* --- the plan --- */

static void plan_waits(void *context)
{
	const struct deploying *deploying = context;

	session_progress(deploying->place.session,
			 "CloudFormation works out what would change ...");
}

/* What a failed plan leaves is told with its own failure. */
static bool drop(struct deploying *deploying, struct err *err)
{
	struct err left = ERR_EMPTY;

	if (stack_plan_drop(&deploying->plan, &deploying->place.to, &left))
		return true;
	if (err == NULL || err->kind == ERR_NONE) {
		if (err != NULL)
			*err = left;
		return err_wrap(err, "the change set %s may be left",
				deploying->plan.name.text);
	}
	session_warn(deploying->place.session,
		     deploying->plan.is_new
			     ? "an empty stack may be left (%s); \\platform "
			       "status tells, \\platform delete takes it away"
			     : "a change set may be left (%s); it changes "
			       "nothing by itself",
		     left.message);
	return false;
}

/* ERR_CANCELLED says so, and that nothing is left. */
static bool give_up(struct deploying *deploying, struct err *err)
{
	bool clean = drop(deploying, err);

	if (err != NULL && err->kind == ERR_CANCELLED && clean)
		return err_set(err, ERR_CANCELLED,
			       "cancelled; nothing was changed and nothing of "
			       "the plan is left");
	return false;
}

static bool make_plan(struct deploying *deploying, struct err *err)
{
	struct platform_place *place = &deploying->place;
	struct stack_plan_ask ask = {
		.to = &place->to,
		.conf = &place->conf,
		.there = deploying->there ? &deploying->stack : NULL,
		.folder = place->folder.text,
		.poll_ms = place->poll_ms,
		.waits = plan_waits,
		.context = deploying,
	};
	bool good = platform_place_template(place, err);

	ask.source = place->source;
	good = good && stack_plan_make(&deploying->plan, &ask, err);
	session_progress(place->session, "");
	return good || give_up(deploying, err);
}

/* CloudFormation's own reason lists types of resources. */
static const char *why_capable(const struct cloudformation_summary *summary)
{
	for (size_t i = 0; i < summary->capabilities.count; i++)
		if (strstr(summary->capabilities.items[i], "IAM") == NULL)
			return summary->why;
	return "roles of IAM are made or changed, which give rights; a yes "
	       "allows that";
}

static void say_capabilities(const struct deploying *deploying)
{
	const struct cloudformation_summary *summary = &deploying->plan.summary;
	const char *why = why_capable(summary);
	CLEANUP(str_done) struct str names = STR_EMPTY;

	for (size_t i = 0; i < summary->capabilities.count; i++)
		str_addf(&names, "%s%s", i > 0 ? ", " : "",
			 summary->capabilities.items[i]);
	if (names.len > 0)
		session_info(deploying->place.session, "Needs %s%s%s",
			     names.text, why[0] != '\0' ? ": " : "", why);
}

static bool show_plan(struct deploying *deploying, struct err *err)
{
	struct session *session = deploying->place.session;
	struct stack_plan_count count = stack_plan_count(&deploying->plan);
	CLEANUP(str_done) struct str footer = STR_EMPTY;
	CLEANUP(str_done) struct str dangers = STR_EMPTY;

	str_addf(&footer,
		 "(%d added, %d changed, %d replaced, %d removed)",
		 count.added, count.changed, count.replaced, count.removed);
	if (!session_print_rows(session, stack_plan_rows(&deploying->plan),
				footer.text, err))
		return false;
	say_capabilities(deploying);
	stack_plan_dangers(&deploying->plan, &dangers);
	for (char *at = dangers.text; *at != '\0'; at += strlen(at) + 1) {
		char *end = strchr(at, '\n');

		*end = '\0';
		session_warn(session, "%s", at);
	}
	return true;
}

static void say_nothing_to_do(const struct deploying *deploying)
{
	session_info(deploying->place.session,
		     "Nothing to change: the stack %s is as %s and the "
		     "template say.",
		     deploying->place.conf.stack.text,
		     deploying->place.conf.path.text);
}

bool platform_deploy_plan(struct session *session, const struct args *args,
			  struct err *err)
{
	CLEANUP(deploying_done) struct deploying deploying = DEPLOYING_EMPTY;
	bool good;

	deploying.verb = "plan";
	if (!open_place(&deploying, session, args, err))
		return false;
	if (kind_of(&deploying) != STACK_EMPTY &&
	    kind_of(&deploying) != STACK_GOOD)
		return platform_place_refuse(&deploying.place, &deploying.stack,
					     err);
	if (!make_plan(&deploying, err))
		return false;
	good = drop(&deploying, err);
	if (!deploying.plan.is_nothing)
		return show_plan(&deploying, err) && good;
	say_nothing_to_do(&deploying);
	return good;
}

/* --- the end of the work --- */

static bool keep(struct deploying *deploying, const char *stack,
		 struct err *err)
{
	struct platform_place *place = &deploying->place;

	if (!cloudformation_describe(&place->to, stack, &deploying->stack,
				     err))
		return err_wrap(err, "reading the outputs");
	return platform_keep(place, &deploying->stack, err);
}

static int name_width(const struct stack_plan *plan)
{
	size_t width = 0;

	for (size_t i = 0; i < plan->changes.count; i++) {
		size_t len = strlen(plan->changes.items[i].logical);

		width = len > width ? len : width;
	}
	return (int)width;
}

static bool follow(struct deploying *deploying, const char *stack,
		   const char *since, bool is_fresh, struct err *err)
{
	struct platform_follow how = {
		.stack = stack,
		.since = since,
		.is_fresh = is_fresh,
		.verb = deploying->verb,
		.total = (int)deploying->plan.changes.count,
		.name_width = name_width(&deploying->plan),
	};
	struct stack_watch_end end = STACK_WATCH_END_EMPTY;
	bool good = platform_follow(&deploying->place, &how, &end, err);

	if (good)
		session_info(deploying->place.session, "The stack %s %s (%s).",
			     deploying->place.conf.stack.text,
			     stack_state_find(end.status.text)->means,
			     end.status.text);
	stack_watch_end_done(&end);
	return good && keep(deploying, stack, err);
}

/* By somebody else, or by a command that Ctrl-C has left. */
static bool follow_there(struct deploying *deploying, struct err *err)
{
	session_info(deploying->place.session,
		     "The stack %s %s (%s); following that.",
		     deploying->stack.name,
		     stack_state_find(deploying->stack.status)->means,
		     deploying->stack.status);
	return follow(deploying, deploying->stack.id, "", false, err);
}

/* --- doing it --- */

/* A yes is soon said; where data goes, the name is asked for as \platform
 * delete does. */
static bool ask_by_name(struct deploying *deploying, bool *out_go,
			struct err *err)
{
	const char *name = deploying->place.conf.stack.text;
	CLEANUP(str_done) struct str question = STR_EMPTY;

	str_addf(&question,
		 "Data goes with this. Type the name of the stack (%s) to "
		 "change it so: ",
		 name);
	return platform_place_ask_name(&deploying->place, question.text, out_go,
				       err);
}

static bool ask_to_go(struct deploying *deploying, bool *out_go,
		      struct err *err)
{
	CLEANUP(str_done) struct str question = STR_EMPTY;
	struct stack_plan_count count = stack_plan_count(&deploying->plan);

	*out_go = true;
	if (deploying->place.yes)
		return true;
	if (!deploying->plan.is_new && stack_plan_loses(&deploying->plan))
		return ask_by_name(deploying, out_go, err);
	if (deploying->plan.is_new)
		str_addf(&question, "Make these %d resources in %s? What runs "
				    "costs until it is deleted.",
			 count.added,
			 deploying->place.to.region
				 ? deploying->place.to.region
				 : "the region in force");
	else
		str_addf(&question, "Change the stack %s so?",
			 deploying->place.conf.stack.text);
	return session_confirm(deploying->place.session, question.text, "--yes",
			       out_go, err);
}

/* AWS refuses a plan of a stack that is not what it was any more. */
static void hint_change(const struct deploying *deploying, struct err *err)
{
	static const char *const codes[] = {
		"InvalidChangeSetStatus",
		"ChangeSetNotFound",
	};

	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (str_starts(err->code, codes[i]))
			err_hint(err,
				 "somebody has changed the stack, or taken the "
				 "plan away, since it was shown: \\platform %s "
				 "makes a new plan",
				 deploying->verb);
}

/* Before the work: what happened last. Who may not read events is told so when
 * it is followed; anything else must not make old events look new. */
static bool find_newest(const struct platform_place *place, const char *stack,
			struct str *since, struct err *err)
{
	struct err failed = ERR_EMPTY;

	if (stack_watch_newest(&place->to, stack, since, &failed) ||
	    str_starts(failed.code, "AccessDenied"))
		return true;
	*err = failed;
	return false;
}

static bool start(struct deploying *deploying, struct str *since,
		  struct err *err)
{
	struct platform_place *place = &deploying->place;
	CLEANUP(str_done) struct str token = STR_EMPTY;

	stack_plan_token(&token);
	if (!find_newest(place, deploying->plan.stack_id.text, since, err))
		return give_up(deploying, err);
	if (stack_plan_run(&deploying->plan, &place->to, token.text, err))
		return true;
	/* Cancelled in the middle: it may have been heard. */
	if (err->kind == ERR_CANCELLED || err->kind == ERR_NETWORK) {
		deploying->plan.asked = false;
		return err_hint(err,
				"the work may have begun: \\platform status "
				"tells, \\platform %s takes it up",
				deploying->verb);
	}
	hint_change(deploying, err);
	return give_up(deploying, err);
}

static bool go(struct deploying *deploying, struct err *err)
{
	CLEANUP(str_done) struct str since = STR_EMPTY;
	bool yes = false;

	if (!make_plan(deploying, err))
		return false;
	if (deploying->plan.is_nothing) {
		say_nothing_to_do(deploying);
		return drop(deploying, err) &&
		       keep(deploying, deploying->stack.id, err);
	}
	if (!show_plan(deploying, err) || !ask_to_go(deploying, &yes, err))
		return give_up(deploying, err);
	if (!yes) {
		session_info(deploying->place.session, "Nothing was changed.");
		return drop(deploying, err);
	}
	return start(deploying, &since, err) &&
	       follow(deploying, deploying->plan.stack_id.text,
		      since.text, true, err);
}

bool platform_deploy_create(struct session *session, const struct args *args,
			    struct err *err)
{
	CLEANUP(deploying_done) struct deploying deploying = DEPLOYING_EMPTY;

	deploying.verb = "create";
	if (!open_place(&deploying, session, args, err))
		return false;
	switch (kind_of(&deploying)) {
	case STACK_EMPTY:
		return may_go(&deploying, session, err) && go(&deploying, err);
	case STACK_BUSY:
		if (!str_starts(deploying.stack.status, "DELETE_"))
			return follow_there(&deploying, err);
		break;
	case STACK_GOOD:
		session_info(session,
			     "The stack %s is there already (%s); \\platform "
			     "update changes it.",
			     deploying.stack.name, deploying.stack.status);
		return platform_keep(&deploying.place, &deploying.stack, err);
	case STACK_DEAD:
	case STACK_STUCK:
	case STACK_GONE:
	case STACK_STRANGE:
		break;
	}
	return platform_place_refuse(&deploying.place, &deploying.stack, err);
}

/* --- the way back of an update that failed --- */

static void split_names(const char *text, struct str *store,
			const char ***out_names)
{
	struct {
		VEC(const char *);
	} names = { NULL, 0, 0 };

	str_set(store, text != NULL ? text : "");
	for (char *at = store->text; *at != '\0';) {
		size_t len = strcspn(at, ", ");
		bool last = at[len] == '\0';

		at[len] = '\0';
		if (len > 0)
			vec_push(&names, at);
		if (last)
			break;
		at += len + 1;
	}
	vec_push(&names, NULL);
	*out_names = names.items;
}

static bool go_back(struct deploying *deploying, const struct args *args,
		    struct err *err)
{
	struct platform_place *place = &deploying->place;
	CLEANUP(str_done) struct str store = STR_EMPTY;
	CLEANUP(str_done) struct str since = STR_EMPTY;
	CLEANUP(str_done) struct str token = STR_EMPTY;
	const char **skipped = NULL;
	bool yes = place->yes;
	bool good;

	session_info(place->session, "The stack %s %s (%s).",
		     deploying->stack.name,
		     stack_state_find(deploying->stack.status)->means,
		     deploying->stack.status);
	if (!yes && !session_confirm(place->session,
				     "Go on with the way back?", "--yes", &yes,
				     err))
		return false;
	if (!yes)
		return true;
	stack_plan_token(&token);
	if (!find_newest(place, deploying->stack.id, &since, err))
		return false;
	split_names(args_text(args, "--skip"), &store, &skipped);
	good = cloudformation_continue(&place->to, deploying->stack.id, skipped,
				       token.text, err);
	mem_free(skipped);
	if (!good)
		return false;
	if (follow(deploying, deploying->stack.id, since.text, true, err))
		return true;
	/* That is where this way leads. */
	if (strstr(err->message, "(UPDATE_ROLLBACK_COMPLETE)") == NULL)
		return false;
	session_info(place->session,
		     "The stack %s is what it was before the update that "
		     "failed.",
		     deploying->stack.name);
	return true;
}

bool platform_deploy_update(struct session *session, const struct args *args,
			    struct err *err)
{
	CLEANUP(deploying_done) struct deploying deploying = DEPLOYING_EMPTY;

	deploying.verb = "update";
	if (!open_place(&deploying, session, args, err))
		return false;
	switch (kind_of(&deploying)) {
	case STACK_EMPTY:
		err_set(err, ERR_MISSING, "there is no stack %s to change",
			deploying.place.conf.stack.text);
		return err_hint(err, "\\platform create makes it");
	case STACK_BUSY:
		if (!str_starts(deploying.stack.status, "DELETE_"))
			return follow_there(&deploying, err);
		break;
	case STACK_GOOD:
		return may_go(&deploying, session, err) && go(&deploying, err);
	case STACK_STUCK:
		return go_back(&deploying, args, err);
	case STACK_DEAD:
	case STACK_GONE:
	case STACK_STRANGE:
		break;
	}
	return platform_place_refuse(&deploying.place, &deploying.stack, err);
}
