/* aws/cloudformation.h - stacks of CloudFormation: what they are made of, what
 * becomes of them, their end.
 *
 * All block (see aws/worker.h). A stack may be named by its name or its ARN;
 * one that is deleted has only the ARN. Shapes: CloudFormation API reference,
 * version 2010-05-15. Change sets are in aws/cloudformation_change.
 */
#ifndef AWS_CLOUDFORMATION_H
#define AWS_CLOUDFORMATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"

struct aws;
struct call;
struct str;
struct xml;

/* Whom the calls go to. */
struct cloudformation {
	struct aws *aws;
	const char *region;	/* NULL: the one in force */
	int stop_fd;		/* readable: give up. -1: Ctrl-C does */
};

struct cloudformation_pair {
	char *key;
	char *value;	/* "": none */
	char *about;	/* of outputs: their description, else "" */
};

struct cloudformation_pairs {
	VEC(struct cloudformation_pair);
};

struct cloudformation_stack {
	char *id;	/* the ARN */
	char *name;
	char *status;	/* "CREATE_COMPLETE" ... */
	char *reason;	/* of the status, "" */
	int64_t created_ms;
	int64_t updated_ms;	/* 0: never */
	bool is_protected;	/* against deletion */
	struct cloudformation_pairs parameters;
	struct cloudformation_pairs outputs;
};

void cloudformation_pairs_done(struct cloudformation_pairs *pairs);
const char *cloudformation_pair(const struct cloudformation_pairs *pairs,
				const char *key);	/* NULL: none */

/* DescribeStacks of one, whose fields replace *out. ERR_MISSING: there is no
 * such stack. */
bool cloudformation_describe(const struct cloudformation *to, const char *stack,
			     struct cloudformation_stack *out,
			     struct err *err);
void cloudformation_stack_done(struct cloudformation_stack *stack);

/* ListStacks: appends the ARN of the stack of that name that was deleted last,
 * nothing when there was none. AWS knows of them for 90 days, and of their
 * resources. */
bool cloudformation_find_deleted(const struct cloudformation *to,
				 const char *name, struct str *out_id,
				 struct err *err);

/* Something that happened to a resource or to the stack itself; or, of
 * cloudformation_resources, how a resource is now. No field is NULL. */
struct cloudformation_event {
	char *id;		/* "" of a resource */
	char *logical;		/* "Cluster"; of the stack: its name */
	char *physical;		/* of the stack: its ARN */
	char *type;		/* "AWS::Redshift::Cluster" */
	char *status;		/* "CREATE_FAILED" */
	char *reason;
	char *token;		/* ClientRequestToken of the operation */
	int64_t at_ms;
	bool is_stack;		/* of the stack itself */
};

struct cloudformation_events {
	VEC(struct cloudformation_event);
};

void cloudformation_events_done(struct cloudformation_events *events);

/* DescribeStackEvents: appends them, newest first as they come, up to that for
 * which is_last is true (which is left out), else all. */
bool cloudformation_events(const struct cloudformation *to, const char *stack,
			   bool (*is_last)(void *context,
					   const struct cloudformation_event *),
			   void *context, struct cloudformation_events *out,
			   struct err *err);

/* ListStackResources, all of them: appends. */
bool cloudformation_resources(const struct cloudformation *to,
			      const char *stack,
			      struct cloudformation_events *out,
			      struct err *err);

/* GetTemplate: what the stack was last made or changed with. Appends. */
bool cloudformation_template(const struct cloudformation *to,
			     const char *stack, struct str *out,
			     struct err *err);

/* A template's text, or where it lies in S3: one of them. */
struct cloudformation_source {
	const char *body;
	const char *url;
};

enum { CLOUDFORMATION_BODY_MAX = 51200 };	/* bytes of a body */

struct cloudformation_parameter {
	char *key;
	char *otherwise;	/* its default; NULL: it has none */
	char *about;
	bool is_secret;		/* NoEcho */
};

struct cloudformation_summary {
	char *about;			/* the template's description */
	char *why;			/* of the capabilities */
	struct {
		VEC(struct cloudformation_parameter);
	} parameters;
	struct {
		VEC(char *);
	} capabilities;			/* "CAPABILITY_IAM" ... */
};

/* ValidateTemplate. Replaces *out. */
bool cloudformation_validate(const struct cloudformation *to,
			     const struct cloudformation_source *source,
			     struct cloudformation_summary *out,
			     struct err *err);
void cloudformation_summary_done(struct cloudformation_summary *summary);

/* DeleteStack: true as well when there is none. retained: NULL terminated names
 * of resources to leave alone, only of a stack in DELETE_FAILED; NULL: none.
 * token makes a repetition harmless. */
bool cloudformation_delete(const struct cloudformation *to, const char *stack,
			   const char *const *retained, const char *token,
			   struct err *err);

/* ContinueUpdateRollback, without those of skipped. */
bool cloudformation_continue(const struct cloudformation *to, const char *stack,
			     const char *const *skipped, const char *token,
			     struct err *err);

/* --- shared with aws/cloudformation_change --- */

/* Sends the call. What the caller may not do is told with the statement to ask
 * for. */
bool cloudformation_send(const struct cloudformation *to, struct call *call,
			 struct err *err);

/* "NAME.member.NUMBER.FIELD", number from 1; field "": without it. */
void cloudformation_add(struct call *call, const char *name, size_t number,
			const char *field, const char *value);
void cloudformation_add_source(struct call *call,
			       const struct cloudformation_source *source);

#endif
