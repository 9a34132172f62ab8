#include "cmd/platform_show.h"

#include <ctype.h>
#include <string.h>

#include "aws/cloudformation.h"
#include "base/file.h"
#include "cmd/platform_place.h"
#include "data/isotime.h"
#include "data/rows_mem.h"
#include "platform/stack_cause.h"
#include "platform/stack_state.h"
#include "platform/stack_story.h"
#include "platform/stack_watch.h"
#include "shell/command.h"
#include "shell/session_state.h"
#include "shell/var.h"

enum { TEMPLATE_MAX = 1024 * 1024 };

static bool refuse_missing(const struct platform_place *place, struct err *err)
{
	CLEANUP(str_done) struct str next = STR_EMPTY;

	err_set(err, ERR_MISSING, "there is no stack %s%s%s",
		place->conf.stack.text, place->to.region ? " in " : "",
		place->to.region ? place->to.region : "");
	stack_state_fill("\\platform plan%D shows what would be made, "
			 "\\platform create%D makes it",
			 place->folder.text, &next);
	return err_hint(err, "%s", next.text);
}

/* --- status --- */

/* What is deployed is another text than the file beside platform.conf. */
static bool differs(struct platform_place *place, const char *stack)
{
	CLEANUP(str_done) struct str deployed = STR_EMPTY;
	CLEANUP(str_done) struct str mine = STR_EMPTY;
	struct err ignored = ERR_EMPTY;

	if (!file_read(place->conf.template.text, TEMPLATE_MAX, &mine,
		       &ignored) ||
	    !cloudformation_template(&place->to, stack, &deployed, &ignored))
		return false;
	str_trim_end(&deployed);
	str_trim_end(&mine);
	return strcmp(deployed.text, mine.text) != 0;
}

static void add_footer(struct platform_place *place,
		       const struct cloudformation_stack *stack,
		       struct str *out)
{
	const struct stack_state *state = stack_state_find(stack->status);

	str_addf(out, "%s %s (%s)", stack->name, state->means, stack->status);
	if (stack->updated_ms > 0 || stack->created_ms > 0) {
		str_add(out, ", since ");
		isotime_add_local(out, stack->updated_ms > 0
					       ? stack->updated_ms
					       : stack->created_ms);
	}
	str_add_char(out, '.');
	if (stack->reason[0] != '\0' && stack_state_is_failure(state))
		str_addf(out, "\nAWS says: %s", stack->reason);
	str_add(out, "\nNext: ");
	stack_state_next(state, place->folder.text, out);
	str_add_char(out, '.');
	if (stack->is_protected)
		str_add(out, "\nIt is protected against deletion.");
	if (state->kind == STACK_GOOD && differs(place, stack->id)) {
		str_add(out, "\nThe template differs from what is deployed: ");
		stack_state_fill("\\platform plan%D shows the difference.",
				 place->folder.text, out);
	}
}

static struct rows_mem *resource_rows(const struct cloudformation_events *list)
{
	struct rows_mem *mem = rows_mem_new(NULL);

	rows_mem_column(mem, "Resource", ROWS_TEXT);
	rows_mem_column(mem, "Type", ROWS_TEXT);
	rows_mem_column(mem, "Status", ROWS_TEXT);
	rows_mem_column(mem, "Id", ROWS_TEXT);
	for (size_t i = 0; i < list->count; i++) {
		rows_mem_add(mem, list->items[i].logical);
		rows_mem_add(mem, list->items[i].type);
		rows_mem_add(mem, list->items[i].status);
		rows_mem_add(mem, list->items[i].physical);
	}
	return mem;
}

static bool show_status(struct platform_place *place, struct err *err)
{
	struct cloudformation_stack stack = { 0 };
	struct cloudformation_events list = { 0 };
	CLEANUP(str_done) struct str footer = STR_EMPTY;
	bool there = false;
	bool good = platform_place_find(place, &stack, &there, err);

	if (good && !there)
		good = refuse_missing(place, err);
	else if (good)
		good = cloudformation_resources(&place->to, stack.id, &list,
						err);
	if (good) {
		add_footer(place, &stack, &footer);
		good = session_print_rows(place->session,
					  rows_mem_rows(resource_rows(&list)),
					  "", err);
		session_info(place->session, "%s", footer.text);
	}
	cloudformation_events_done(&list);
	cloudformation_stack_done(&stack);
	return good;
}

bool platform_show_status(struct session *session, const struct args *args,
			  struct err *err)
{
	CLEANUP(platform_place_done)
	struct platform_place place = PLATFORM_PLACE_EMPTY;

	return platform_place_open(&place, session, args, err) &&
	       show_status(&place, err);
}

/* --- events --- */

static void add_event(struct rows_mem *mem,
		      const struct cloudformation_event *event)
{
	CLEANUP(str_done) struct str when = STR_EMPTY;

	isotime_add_local(&when, event->at_ms);
	rows_mem_add(mem, when.text);
	rows_mem_add(mem, event->logical);
	rows_mem_add(mem, event->type);
	rows_mem_add(mem, event->status);
}

static struct rows_mem *new_rows(bool takes)
{
	struct rows_mem *mem = rows_mem_new(NULL);

	rows_mem_column(mem, "Time", ROWS_TIME);
	rows_mem_column(mem, "Resource", ROWS_TEXT);
	rows_mem_column(mem, "Type", ROWS_TEXT);
	rows_mem_column(mem, "Status", ROWS_TEXT);
	if (takes)
		rows_mem_column(mem, "Took", ROWS_TEXT);
	rows_mem_column(mem, "Reason", ROWS_TEXT);
	return mem;
}

/* As AWS tells them. */
static struct rows_mem *event_rows(const struct cloudformation_events *events)
{
	struct rows_mem *mem = new_rows(false);

	for (size_t i = 0; i < events->count; i++) {
		add_event(mem, &events->items[i]);
		rows_mem_add(mem, events->items[i].reason);
	}
	return mem;
}

/* Seconds: AWS's clock has no more of use. Nothing below zero. */
static void add_took(int64_t ms, struct str *out)
{
	int64_t seconds = (ms + 500) / 1000;

	if (ms < 0)
		return;
	if (seconds >= 60)
		str_addf(out, "%d min ", (int)(seconds / 60));
	str_addf(out, "%d s", (int)(seconds % 60));
}

/* As a person does: each piece of work once. */
static struct rows_mem *story_rows(const struct cloudformation_events *events)
{
	struct rows_mem *mem = new_rows(true);
	struct stack_story story = { 0 };

	stack_story_make(&story, events);
	for (size_t i = 0; i < story.count; i++) {
		const struct stack_piece *piece = &story.items[i];
		CLEANUP(stack_cause_done)
		struct stack_cause cause = STACK_CAUSE_EMPTY;
		CLEANUP(str_done) struct str took = STR_EMPTY;

		stack_cause_explain(piece->event->type, piece->reason, "",
				    &cause);
		add_took(piece->took_ms, &took);
		add_event(mem, piece->event);
		rows_mem_add(mem, took.text);
		rows_mem_add(mem, cause.reason.text);
	}
	stack_story_done(&story);
	return mem;
}

/* The first true cause, where the last operation failed. */
static void say_cause(struct platform_place *place,
		      const struct cloudformation_stack *stack,
		      const struct cloudformation_events *events)
{
	const struct stack_state *state = stack_state_find(stack->status);
	const struct cloudformation_event *event = stack_cause_find(events, 0);
	CLEANUP(stack_cause_done) struct stack_cause cause = STACK_CAUSE_EMPTY;
	CLEANUP(str_done) struct str next = STR_EMPTY;

	if (event == NULL ||
	    (state->kind != STACK_BUSY && !stack_state_is_failure(state)))
		return;
	stack_cause_explain(event->type, event->reason, place->folder.text,
			    &cause);
	session_info(place->session, "The cause is %s: %s%s%s.", event->logical,
		     cause.words.text, cause.words.len > 0 ? ". AWS says: " : "",
		     cause.reason.text);
	if (cause.cure.len > 0)
		session_info(place->session, "What to do: %s.",
			     cause.cure.text);
	stack_state_fill(state->next, place->folder.text, &next);
	session_info(place->session, "Next: %s.", next.text);
}

static bool show_events(struct platform_place *place, bool all,
			struct err *err)
{
	struct cloudformation_stack stack = { 0 };
	struct cloudformation_events events = { 0 };
	bool there = false;
	bool good = platform_place_find(place, &stack, &there, err);

	if (good && !there)
		good = refuse_missing(place, err);
	else if (good)
		good = stack_watch_events(&place->to, stack.id, all, &events,
					  err);
	if (good)
		good = session_print_rows(
			place->session,
			rows_mem_rows(all ? event_rows(&events)
					  : story_rows(&events)),
			NULL, err);
	if (good && !all)
		say_cause(place, &stack, &events);
	cloudformation_events_done(&events);
	cloudformation_stack_done(&stack);
	return good;
}

bool platform_show_events(struct session *session, const struct args *args,
			  struct err *err)
{
	CLEANUP(platform_place_done)
	struct platform_place place = PLATFORM_PLACE_EMPTY;

	return platform_place_open(&place, session, args, err) &&
	       show_events(&place, args_flag(args, "--all"), err);
}

/* --- outputs --- */

/* Descriptions are sentences, too wide to stand beside the values unless they
 * are asked for. */
static bool print_outputs(struct session *session,
			  const struct cloudformation_stack *stack,
			  bool describes, struct err *err)
{
	struct rows_mem *mem = rows_mem_new(NULL);
	bool wanted = describes || session->settings.print.expanded ==
					   PRINT_EXPANDED_ON;

	rows_mem_column(mem, "Output", ROWS_TEXT);
	rows_mem_column(mem, "Value", ROWS_TEXT);
	if (wanted)
		rows_mem_column(mem, "Description", ROWS_TEXT);
	for (size_t i = 0; i < stack->outputs.count; i++) {
		rows_mem_add(mem, stack->outputs.items[i].key);
		rows_mem_add(mem, stack->outputs.items[i].value);
		if (wanted)
			rows_mem_add(mem, stack->outputs.items[i].about);
	}
	return session_print_rows(session, rows_mem_rows(mem), NULL, err);
}

/* As \gset: keys of outputs are letters and digits, and who wrote the template
 * chose them. A variable that the shell obeys (PROMPT1 runs commands) is not to
 * be had by that. */
static void set_outputs(struct session *session,
			const struct cloudformation_stack *stack,
			const char *prefix)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	for (size_t i = 0; i < stack->outputs.count; i++) {
		str_set(&name, prefix);
		str_add(&name, stack->outputs.items[i].key);
		if (vars_is_special(session->vars, name.text))
			session_warn(session,
				     "the output %s is left out: the variable "
				     "%s is the shell's own; --set PREFIX "
				     "takes it under another name",
				     stack->outputs.items[i].key, name.text);
		else
			session_set_var(session, name.text,
					stack->outputs.items[i].value);
	}
}

/* prefix NULL: as rows, else into variables. */
static bool show_outputs(struct platform_place *place, const char *prefix,
			 bool describes, struct err *err)
{
	struct cloudformation_stack stack = { 0 };
	bool there = false;
	bool good = platform_place_find(place, &stack, &there, err);

	if (good && !there)
		good = refuse_missing(place, err);
	else if (good && stack.outputs.count == 0 &&
		 stack_state_find(stack.status)->kind != STACK_GOOD)
		good = platform_place_refuse(place, &stack, err);
	if (good && prefix)
		set_outputs(place->session, &stack, prefix);
	else if (good)
		good = print_outputs(place->session, &stack, describes, err);
	cloudformation_stack_done(&stack);
	return good;
}

static bool check_prefix(const char *prefix, struct err *err)
{
	for (const char *at = prefix ? prefix : ""; *at; at++)
		if (!isalnum((unsigned char)*at) && *at != '_')
			return err_set(err, ERR_USAGE,
				       "\\platform: \"%s\" is no beginning of "
				       "a variable's name",
				       prefix);
	return true;
}

bool platform_show_outputs(struct session *session, const struct args *args,
			   struct err *err)
{
	CLEANUP(platform_place_done)
	struct platform_place place = PLATFORM_PLACE_EMPTY;

	const char *prefix = args_text(args, "--set");

	return check_prefix(prefix, err) &&
	       platform_place_open(&place, session, args, err) &&
	       show_outputs(&place, prefix, args_flag(args, "--describe"), err);
}
