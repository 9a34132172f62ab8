#include "platform/stack_plan.h"

#include <errno.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/cancel.h"
#include "data/encode.h"
#include "data/hash.h"
#include "platform/stack_cause.h"
#include "platform/stack_watch.h"

enum {
	SOON_MS = 2000,
	FAREWELL_MS = 800, /* after Ctrl-C, for all that is to be undone */
	RETRY_MS = 150,
	RETRIES = 4,
	GONE_LOOKS = 20,
	GONE_MS = 500,
	TOKEN_BYTES = 12,
};

void stack_plan_done(struct stack_plan *plan)
{
	str_done(&plan->name);
	str_done(&plan->id);
	str_done(&plan->stack);
	str_done(&plan->stack_id);
	cloudformation_summary_done(&plan->summary);
	cloudformation_changes_done(&plan->changes);
}

void stack_plan_token(struct str *out)
{
	unsigned char bytes[TOKEN_BYTES];

	hash_random(bytes, sizeof(bytes));
	str_add(out, "redsh-");
	encode_hex(out, bytes, sizeof(bytes));
}

/* --- parameters --- */

struct values {
	VEC(struct cloudformation_value);
	struct str cidr; /* as it is sent */
};

static void values_done(struct values *values)
{
	vec_done(values);
	str_done(&values->cidr);
}

static bool is_of_template(const struct cloudformation_summary *summary,
			   const char *name)
{
	for (size_t i = 0; i < summary->parameters.count; i++)
		if (str_equal_nocase(summary->parameters.items[i].key, name))
			return true;
	return false;
}

static bool check_known(const struct stack_plan_ask *ask,
			const struct cloudformation_summary *summary,
			struct err *err)
{
	const struct stack_conf *conf = ask->conf;
	CLEANUP(str_done) struct str names = STR_EMPTY;

	for (size_t i = 0; i < summary->parameters.count; i++)
		str_addf(&names, "%s%s", i > 0 ? ", " : "",
			 summary->parameters.items[i].key);
	for (size_t i = 0; i < conf->parameters.count; i++) {
		const char *name = conf->parameters.items[i].name;

		if (is_of_template(summary, name))
			continue;
		err_set(err, ERR_DATA,
			"%s: the template has no parameter \"%s\"",
			conf->path.text, name);
		return err_hint(err, "it has %s",
				names.len > 0 ? names.text : "none");
	}
	return true;
}

static bool add_value(struct values *values, const char *key, const char *value,
		      const struct stack_plan_ask *ask, struct err *err)
{
	struct cloudformation_value one = { key, value };

	if (strcmp(key, "AllowedCidr") == 0) {
		if (!stack_conf_check_cidr(value, &values->cidr, err))
			return err_wrap(err, "%s: AllowedCidr",
					ask->conf->path.text);
		one.value = values->cidr.text;
	}
	vec_push(values, one);
	return true;
}

/* What the file does not say is the template's default; what has none stays as
 * it is, where there is a stack, and so does a secret (NoEcho), which may have
 * been given elsewhere. */
static bool collect(const struct stack_plan_ask *ask,
		    const struct cloudformation_summary *summary,
		    struct values *values, struct err *err)
{
	CLEANUP(str_done) struct str missing = STR_EMPTY;
	int count = 0;

	for (size_t i = 0; i < summary->parameters.count; i++) {
		const struct cloudformation_parameter *one =
			&summary->parameters.items[i];
		const char *said = stack_conf_parameter(ask->conf, one->key);
		bool is_there =
			ask->there != NULL &&
			cloudformation_pair(&ask->there->parameters, one->key);

		if (said != NULL && (said[0] != '\0' || one->otherwise)) {
			if (!add_value(values, one->key, said, ask, err))
				return false;
		} else if ((one->otherwise == NULL || one->is_secret) &&
			   is_there) {
			struct cloudformation_value kept = { one->key, NULL };

			vec_push(values, kept);
		} else if (one->otherwise == NULL) {
			str_addf(&missing, "%s%s (%s)", count++ > 0 ? "; " : "",
				 one->key, one->about);
		}
	}
	if (count == 0)
		return true;
	err_set(err, ERR_USAGE, "%s says nothing of %s", ask->conf->path.text,
		missing.text);
	return err_hint(err, "write %s = VALUE below [parameters] in %s",
			count == 1 && missing.len > 0 ? "it as NAME"
						      : "them as NAME",
			ask->conf->path.text);
}

/* --- making it --- */

static bool refuse(const struct stack_plan_ask *ask, const char *reason,
		   struct err *err)
{
	CLEANUP(stack_cause_done) struct stack_cause cause = STACK_CAUSE_EMPTY;

	stack_cause_explain("", reason, ask->folder, &cause);
	err_set(err, ERR_AWS, "no plan can be made for the stack %s: %s%s%s",
		ask->conf->stack.text, cause.words.text,
		cause.words.len > 0 ? ": " : "", cause.reason.text);
	if (cause.cure.len > 0)
		err_hint(err, "%s", cause.cure.text);
	return false;
}

/* What CreateChangeSet and ValidateTemplate refuse is the person's template,
 * most often. */
static bool explain(const struct stack_plan_ask *ask, struct err *err)
{
	CLEANUP(stack_cause_done) struct stack_cause cause = STACK_CAUSE_EMPTY;

	if (err == NULL || err->kind != ERR_AWS ||
	    strcmp(err->code, "ValidationError") != 0)
		return false;
	stack_cause_explain("", err->message, ask->folder, &cause);
	if (cause.cure.len > 0 && err->hint[0] == '\0')
		err_hint(err, "%s", cause.cure.text);
	return err_wrap(err, "%s", ask->conf->template.text);
}

static bool says_nothing(const char *reason)
{
	return strstr(reason, "didn't contain changes") != NULL ||
	       strstr(reason, "No updates are to be performed") != NULL;
}

static bool wait_for(struct stack_plan *plan, const struct stack_plan_ask *ask,
		     struct err *err)
{
	struct cloudformation_changes *changes = &plan->changes;
	int64_t poll_ms = ask->poll_ms > 0 ? ask->poll_ms : SOON_MS;

	for (;;) {
		if (!cloudformation_change_describe(ask->to, plan->id.text,
						    changes, err))
			return false;
		if (strcmp(changes->status, "CREATE_COMPLETE") == 0)
			return true;
		if (strcmp(changes->status, "FAILED") == 0) {
			plan->is_nothing = says_nothing(changes->reason);
			return plan->is_nothing ||
			       refuse(ask, changes->reason, err);
		}
		if (!str_starts(changes->status, "CREATE_"))
			return err_set(err, ERR_AWS,
				       "the change set %s was taken away by "
				       "somebody else (%s)",
				       plan->name.text, changes->status);
		if (!stack_watch_pause(poll_ms, ask->waits, ask->context, err))
			return false;
	}
}

static bool send(struct stack_plan *plan, const struct stack_plan_ask *ask,
		 const struct values *values, struct err *err)
{
	struct cloudformation_wish wish = {
		.stack = plan->stack.text,
		.name = plan->name.text,
		.is_new = plan->is_new,
		.source = ask->source,
		.values = values->items,
		.value_count = values->count,
		.capabilities =
			(const char *const *)plan->summary.capabilities.items,
		.capability_count = plan->summary.capabilities.count,
		.about = "redsh: \\platform",
	};
	struct err failed = ERR_EMPTY;

	plan->asked = true;
	if (cloudformation_change_make(ask->to, &wish, &plan->id,
				       &plan->stack_id, &failed))
		return true;
	/* Refused: there is none. Else nobody knows. */
	plan->asked = failed.kind == ERR_CANCELLED ||
		      failed.kind == ERR_NETWORK || failed.retry;
	if (err != NULL)
		*err = failed;
	return explain(ask, err);
}

bool stack_plan_make(struct stack_plan *plan, const struct stack_plan_ask *ask,
		     struct err *err)
{
	CLEANUP(values_done) struct values values = { .cidr = STR_EMPTY };

	str_set(&plan->stack, ask->conf->stack.text);
	stack_plan_token(&plan->name);
	plan->was_empty = ask->there != NULL &&
			  strcmp(ask->there->status, "REVIEW_IN_PROGRESS") == 0;
	plan->is_new = ask->there == NULL || plan->was_empty;
	if (!cloudformation_validate(ask->to, &ask->source, &plan->summary,
				     err))
		return explain(ask, err);
	return check_known(ask, &plan->summary, err) &&
	       collect(ask, &plan->summary, &values, err) &&
	       send(plan, ask, &values, err) && wait_for(plan, ask, err);
}

bool stack_plan_run(struct stack_plan *plan, const struct cloudformation *to,
		    const char *token, struct err *err)
{
	if (!cloudformation_change_execute(to, plan->id.text, token, err))
		return false;
	plan->asked = false;
	return true;
}

/* --- taking it away --- */

/* A change set that is still being made cannot be deleted yet. */
static bool drop_change_set(const struct stack_plan *plan,
			    const struct cloudformation *to, struct err *err)
{
	struct err failed = ERR_EMPTY;

	for (int i = 0; i < RETRIES; i++) {
		err_clear(&failed);
		if (plan->id.len > 0
			    ? cloudformation_change_delete(to, plan->id.text,
							   NULL, &failed)
			    : cloudformation_change_delete(to, plan->name.text,
							   plan->stack.text,
							   &failed))
			return true;
		if (str_starts(failed.code, "ChangeSetNotFound"))
			return true;
		if (!str_starts(failed.code, "InvalidChangeSetStatus"))
			break;
		usleep(RETRY_MS * 1000);
	}
	if (err != NULL)
		*err = failed;
	return false;
}

/* Is the stack still as the change set made it? */
static bool is_empty(const struct cloudformation_stack *stack)
{
	return strcmp(stack->status, "REVIEW_IN_PROGRESS") == 0;
}

enum look {
	LOOK_FAILED,
	LOOK_ABSENT,
	LOOK_LEAVES, /* its deletion is under way */
	LOOK_LIVES,  /* somebody made it in earnest: it is not ours any more */
};

/* A stack that is empty is deleted. */
static enum look look(const struct stack_plan *plan,
		      const struct cloudformation *to, struct err *err)
{
	struct cloudformation_stack stack = { 0 };
	const char *name = plan->stack_id.len > 0 ? plan->stack_id.text
						  : plan->stack.text;
	struct err failed = ERR_EMPTY;
	enum look found = LOOK_LIVES;

	if (!cloudformation_describe(to, name, &stack, &failed))
		found = failed.kind == ERR_MISSING ? LOOK_ABSENT : LOOK_FAILED;
	else if (strcmp(stack.status, "DELETE_COMPLETE") == 0)
		found = LOOK_ABSENT;
	else if (strcmp(stack.status, "DELETE_IN_PROGRESS") == 0)
		found = LOOK_LEAVES;
	else if (is_empty(&stack))
		found = cloudformation_delete(to, name, NULL, plan->name.text,
					      &failed)
				? LOOK_LEAVES
				: LOOK_FAILED;
	cloudformation_stack_done(&stack);
	if (found == LOOK_FAILED && err != NULL)
		*err = failed;
	return found;
}

/* In a hurry it is enough that its deletion has begun. A request to make it
 * that was broken off may still be worked on, so that it comes later. */
static bool drop_stack(const struct stack_plan *plan,
		       const struct cloudformation *to, bool hurry,
		       struct err *err)
{
	bool seen = plan->stack_id.len > 0;

	for (int i = 0; i < GONE_LOOKS; i++) {
		switch (look(plan, to, err)) {
		case LOOK_FAILED:
			return false;
		case LOOK_LIVES:
			return true;
		case LOOK_ABSENT:
			if (seen)
				return true;
			break;
		case LOOK_LEAVES:
			if (hurry)
				return true;
			seen = true;
			break;
		}
		if (hurry)
			usleep(RETRY_MS * 1000);
		else if (!stack_watch_pause(i == 0 ? RETRY_MS : GONE_MS, NULL,
					    NULL, err))
			return false;
	}
	return true;
}

static bool drop(const struct stack_plan *plan,
		 const struct cloudformation *to, bool hurry, struct err *err)
{
	bool with_stack = plan->is_new && !plan->was_empty;
	struct err first = ERR_EMPTY;
	bool good;

	/* With the stack its change sets go. */
	if (hurry && with_stack)
		return drop_stack(plan, to, hurry, err);
	good = drop_change_set(plan, to, &first);
	if (with_stack)
		return drop_stack(plan, to, hurry, err);
	if (!good && err != NULL)
		*err = first;
	return good;
}

bool stack_plan_drop(struct stack_plan *plan, const struct cloudformation *to,
		     struct err *err)
{
	struct itimerspec when = { .it_value = { .tv_nsec = FAREWELL_MS *
							    1000000L } };
	struct cloudformation last = *to;
	bool hurry = cancel_raised();
	bool good;

	if (!plan->asked)
		return true;
	if (hurry) {
		/* Calls do not listen to Ctrl-C then, but to the clock. */
		last.stop_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
		if (last.stop_fd < 0)
			return err_set_errno(err, errno, "timer");
		timerfd_settime(last.stop_fd, 0, &when, NULL);
	}
	good = drop(plan, &last, hurry, err);
	if (hurry)
		close(last.stop_fd);
	plan->asked = !good;
	return good;
}
