/* sandbox/stacks/cfn.h - the stacks of the sandbox, and the thread that works
 * on them.
 *
 * api_cloudformation asks for things, the thread does them, resource by
 * resource, in the order of what needs what, each taking some time; all under
 * one lock. State is in DIR/stacks (see sandbox/stacks/cfn_stack).
 */
#ifndef SANDBOX_STACKS_CFN_H
#define SANDBOX_STACKS_CFN_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/vec.h"
#include "sandbox/stacks/cfn_stack.h"

struct cfn_schema;
struct s3_http_options;

enum { CFN_STEP_MS = 120 }; /* what a simple resource takes, by itself */

struct cfn {
	const struct s3_http_options *options; /* borrowed */
	struct cfn_schema *schema;
	char *folder; /* DIR/stacks */
	int64_t step_ms;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stopped; /* under lock, as all below */
	struct {
		VEC(struct cfn_stack *);
	} stacks; /* in the order they were made */
};

/* Loads what there is and goes on with it. options->dir is not NULL. */
struct cfn *cfn_open(const struct s3_http_options *options, struct err *err);
void cfn_close(struct cfn *cfn); /* NULL is fine */
CLEANUP_FREE(struct cfn, cfn_close, cfn_closep)

void cfn_lock(struct cfn *cfn);
/* Lets the thread look, too. */
void cfn_unlock(struct cfn *cfn);

/* --- under lock --- */

/* By name (of one that is not deleted) or ARN; NULL: none. */
struct cfn_stack *cfn_find(struct cfn *cfn, const char *name);

/* The resource that is there, of any stack, with that physical id; NULL. */
struct cfn_resource *cfn_find_physical(struct cfn *cfn, const char *type,
				       const char *physical);

/* A new stack of that name, not saved yet; status as given. */
struct cfn_stack *cfn_new_stack(struct cfn *cfn, const char *name,
				const char *status);

void cfn_save(struct cfn *cfn, struct cfn_stack *stack);

/* Sets status and reason of the stack, and tells so in an event. */
void cfn_tell_stack(struct cfn_stack *stack, const char *status,
		    const char *reason);
void cfn_tell(struct cfn_stack *stack, struct cfn_resource *resource,
	      const char *status, const char *reason);

/* Ref (attribute NULL) and Fn::GetAtt of what is there; the caller's. */
struct json *cfn_value_of(const struct cfn_resource *resource,
			  const char *attribute, struct err *err);

#endif
