#include "platform/stack_state.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* %D: the folder with a blank before it, or nothing. */
static const struct stack_state rows[] = {
	{ "REVIEW_IN_PROGRESS", STACK_EMPTY, false,
	  "has a change set and nothing else yet",
	  "\\platform create%D makes it, \\platform delete%D takes it away" },
	{ "CREATE_IN_PROGRESS", STACK_BUSY, false, "is being made",
	  "\\platform create%D follows it" },
	{ "CREATE_COMPLETE", STACK_GOOD, true, "is there",
	  "\\platform outputs%D tells how to reach it, \\platform plan%D what "
	  "a change would do" },
	{ "CREATE_FAILED", STACK_DEAD, false,
	  "could not be made and was left half made",
	  "\\platform delete%D, then \\platform create%D" },
	{ "ROLLBACK_IN_PROGRESS", STACK_BUSY, false,
	  "could not be made; what was made is being removed",
	  "\\platform create%D follows it" },
	{ "ROLLBACK_COMPLETE", STACK_DEAD, false,
	  "could not be made; what was made has been removed, the empty stack "
	  "is left",
	  "\\platform delete%D, then \\platform create%D" },
	{ "ROLLBACK_FAILED", STACK_DEAD, false,
	  "could not be made, and not all that was made could be removed",
	  "\\platform delete%D, then \\platform create%D" },
	{ "DELETE_IN_PROGRESS", STACK_BUSY, false, "is being deleted",
	  "\\platform delete%D follows it" },
	{ "DELETE_FAILED", STACK_DEAD, false,
	  "could not be deleted as a whole",
	  "\\platform delete%D tries again; with --retain it leaves alone what "
	  "could not be deleted" },
	{ "DELETE_COMPLETE", STACK_GONE, true, "is deleted",
	  "\\platform create%D makes it anew" },
	{ "UPDATE_IN_PROGRESS", STACK_BUSY, false, "is being changed",
	  "\\platform update%D follows it" },
	{ "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", STACK_BUSY, false,
	  "is changed; what was replaced is being removed",
	  "\\platform update%D follows it" },
	{ "UPDATE_COMPLETE", STACK_GOOD, true, "is there, changed",
	  "\\platform outputs%D tells how to reach it, \\platform plan%D what "
	  "a change would do" },
	{ "UPDATE_FAILED", STACK_GOOD, false,
	  "could not be changed and was left half changed",
	  "\\platform update%D tries again" },
	{ "UPDATE_ROLLBACK_IN_PROGRESS", STACK_BUSY, false,
	  "could not be changed and goes back to what it was",
	  "\\platform update%D follows it" },
	{ "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", STACK_BUSY, false,
	  "could not be changed and is what it was; what was made meanwhile is "
	  "being removed",
	  "\\platform update%D follows it" },
	{ "UPDATE_ROLLBACK_COMPLETE", STACK_GOOD, false,
	  "could not be changed and is what it was",
	  "\\platform update%D tries again" },
	{ "UPDATE_ROLLBACK_FAILED", STACK_STUCK, false,
	  "could not be changed, and the way back failed too",
	  "\\platform update%D goes on with the way back, with --skip RESOURCE "
	  "without that one" },
	{ "IMPORT_IN_PROGRESS", STACK_BUSY, false, "is taking resources in",
	  "\\platform update%D follows it" },
	{ "IMPORT_COMPLETE", STACK_GOOD, true,
	  "is there, with resources that were taken in",
	  "\\platform plan%D tells what a change would do" },
	{ "IMPORT_ROLLBACK_IN_PROGRESS", STACK_BUSY, false,
	  "could not take resources in and goes back to what it was",
	  "\\platform update%D follows it" },
	{ "IMPORT_ROLLBACK_FAILED", STACK_DEAD, false,
	  "could not take resources in, and the way back failed too",
	  "put right what the events name, then \\platform delete%D, or ask AWS "
	  "to repair the stack" },
	{ "IMPORT_ROLLBACK_COMPLETE", STACK_GOOD, false,
	  "could not take resources in and is what it was",
	  "\\platform plan%D tells what a change would do" },
};

static const struct stack_state strange_busy = {
	"", STACK_BUSY, false, "has something under way",
	"\\platform status%D tells how it stands",
};

static const struct stack_state strange = {
	"", STACK_STRANGE, false, "is in a state that is not known here",
	"look at it in the console of CloudFormation",
};

const struct stack_state *stack_state_row(size_t at)
{
	return at < COUNT_OF(rows) ? &rows[at] : NULL;
}

const struct stack_state *stack_state_find(const char *status)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strcmp(rows[i].status, status) == 0)
			return &rows[i];
	return str_ends(status, "_IN_PROGRESS") ? &strange_busy : &strange;
}

bool stack_state_is_failure(const struct stack_state *state)
{
	return !state->is_success && state->kind != STACK_BUSY &&
	       state->kind != STACK_EMPTY;
}

void stack_state_fill(const char *text, const char *folder, struct str *out)
{
	for (const char *at = text; *at != '\0'; at++) {
		if (at[0] != '%' || at[1] != 'D') {
			str_add_char(out, *at);
			continue;
		}
		if (folder[0] != '\0')
			str_addf(out, " %s", folder);
		at++;
	}
}

void stack_state_next(const struct stack_state *state, const char *folder,
		      struct str *out)
{
	if (stack_state_is_failure(state))
		stack_state_fill("\\platform events%D tells why; ", folder,
				 out);
	stack_state_fill(state->next, folder, out);
}
