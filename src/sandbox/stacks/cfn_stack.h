/* sandbox/stacks/cfn_stack.h - a stack of CloudFormation, and its file.
 *
 * DIR/stacks/UUID.json holds all of one stack: what was asked for, its
 * resources, events and change sets, and how far what is going on has come,
 * so that a sandbox that starts again goes on. All texts may be NULL.
 */
#ifndef SANDBOX_STACKS_CFN_STACK_H
#define SANDBOX_STACKS_CFN_STACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"

struct json;

enum cfn_todo { /* of a resource in the phase that runs */
		CFN_NOTHING,
		CFN_CREATE,
		CFN_UPDATE,  /* in place, or anew when it must */
		CFN_RESTORE, /* to what it was before the update */
		CFN_DELETE,
		CFN_DELETE_OLD, /* what a new one has replaced */
};

enum cfn_state {
	CFN_WAITING,   /* for what it needs */
	CFN_BEGUN,     /* told as in progress */
	CFN_INITIATED, /* done, not told as complete yet */
	CFN_DONE,
	CFN_FAILED,
};

struct cfn_resource {
	char *logical;
	char *type;
	char *physical; /* NULL: nothing is there */
	char *last_physical; /* told of what is gone, or left, too */
	char *status;
	char *reason;
	char *policy;         /* DeletionPolicy */
	char *replace_policy; /* UpdateReplacePolicy */
	char *seed;	      /* of names that are made for it: a second try
			       * after a sandbox was killed makes the same */
	char *old_physical;   /* what it was before the update, where anew */
	struct json *properties;
	struct json *attributes; /* what Fn::GetAtt gives; also Ref */
	struct json *needs;      /* logical names */
	struct json *old_properties; /* before the update; NULL: it was not
				      * changed */
	struct json *old_attributes;
	struct json *claim; /* {physical, attributes} of what is being made: not
			     * NULL after a start, the sandbox was killed in
			     * the middle */
	int64_t changed_ms;
	int64_t due_ms;
	int64_t todo;  /* enum cfn_todo */
	int64_t state; /* enum cfn_state */
	int64_t fresh; /* made by the operation that runs */
	int64_t leaving; /* not in the new template */
};

struct cfn_event {
	char *id;
	char *logical;
	char *physical;
	char *type;
	char *status;
	char *reason;
	char *properties; /* JSON text */
	char *token;
	int64_t at_ms;
};

struct cfn_set {
	char *id;
	char *name;
	char *description;
	char *status;
	char *reason;
	char *execution;
	char *template;
	char *on_failure;
	char *kind; /* CREATE, UPDATE */
	char *token;
	char *role_arn;
	struct json *params;
	struct json *tags;
	struct json *capabilities;
	struct json *changes; /* array of ResourceChange */
	struct json *faults;  /* of its early validation: {LogicalResourceId,
			       * ResourceType, reason, path} */
	int64_t created_ms;
};

enum cfn_phase {
	CFN_IDLE,
	CFN_CREATING,
	CFN_ROLLING_BACK,
	CFN_DELETING,
	CFN_UPDATING,
	CFN_CLEANING,	   /* of an update that went well */
	CFN_UPDATE_BACK,
	CFN_BACK_CLEANING, /* of an update taken back */
};

struct cfn_stack {
	char *id;
	char *name;
	char *status;
	char *reason;
	char *template;
	char *old_template; /* before the update that runs */
	char *role_arn;
	char *caller;
	char *token;	  /* ClientRequestToken of what runs or ran last */
	char *token_op;	  /* which operation it was */
	char *on_failure; /* ROLLBACK, DELETE, DO_NOTHING */
	char *set_id;
	struct json *params; /* of cfn_params_resolve */
	struct json *old_params;
	struct json *tags; /* object */
	struct json *old_tags;
	struct json *capabilities;
	struct json *outputs; /* array of {OutputKey, OutputValue, ...} */
	struct json *retain;  /* logical names that a delete leaves */
	int64_t created_ms;
	int64_t updated_ms;
	int64_t deleted_ms;
	int64_t protected;
	int64_t disable_rollback;
	int64_t retain_except; /* RetainExceptOnCreate */
	int64_t timeout_min;   /* TimeoutInMinutes */
	int64_t begun_ms;      /* the phase: time of its event */
	int64_t phase; /* enum cfn_phase */
	struct {
		VEC(struct cfn_resource);
	} resources;
	struct {
		VEC(struct cfn_event);
	} events; /* oldest first */
	struct {
		VEC(struct cfn_set);
	} sets;
};

void cfn_stack_free(struct cfn_stack *stack);

/* Writes and reads DIR/stacks/UUID.json. */
bool cfn_stack_save(const struct cfn_stack *stack, const char *folder,
		    struct err *err);
struct cfn_stack *cfn_stack_load(const char *path, struct err *err);

/* NULL: none. */
struct cfn_resource *cfn_stack_resource(struct cfn_stack *stack,
					const char *logical);
struct cfn_resource *cfn_stack_add(struct cfn_stack *stack,
				   const char *logical, const char *type);
void cfn_stack_drop(struct cfn_stack *stack, struct cfn_resource *resource);
void cfn_set_done(struct cfn_set *set);

/* Replaces a text of any of these. */
void cfn_put(char **text, const char *value);
void cfn_put_json(struct json **json, struct json *value_take);

/* Appends 4, ... as a UUID that was never there. */
struct str;
void cfn_add_uuid(struct str *out);

#endif
