/* aws/cloudformation_change.h - change sets of CloudFormation: what would
 * become of a stack, before it does.
 *
 * A change set of a stack that does not exist makes one in REVIEW_IN_PROGRESS,
 * without resources, that stays until it is deleted.
 */
#ifndef AWS_CLOUDFORMATION_CHANGE_H
#define AWS_CLOUDFORMATION_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/cloudformation.h"
#include "base/err.h"
#include "base/vec.h"

struct str;

struct cloudformation_value {
	const char *key;
	const char *value;	/* NULL: as it is (UsePreviousValue) */
};

struct cloudformation_wish {
	const char *stack;
	const char *name;	/* of the change set: letters, digits and
				 * hyphens, a letter first; up to 128 */
	bool is_new;		/* the stack is made by it */
	struct cloudformation_source source;
	const struct cloudformation_value *values;	/* [value_count] */
	size_t value_count;
	const char *const *capabilities;		/* [capability_count] */
	size_t capability_count;
	const char *about;
};

/* CreateChangeSet. Appends the ARNs of the change set and of its stack. */
bool cloudformation_change_make(const struct cloudformation *to,
				const struct cloudformation_wish *wish,
				struct str *out_id, struct str *out_stack,
				struct err *err);

/* Why a resource changes: one property of it. No field is NULL. */
struct cloudformation_detail {
	char *scope;		/* "Properties", "Tags" ... */
	char *name;		/* of the property, "" */
	char *recreation;	/* "Never", "Conditionally", "Always" */
	char *source;		/* "ParameterReference" ... */
	char *cause;		/* "NodeType", "CopyRole.Arn" or "" */
	char *before;		/* "": not said */
	char *after;
};

struct cloudformation_change {
	char *action;		/* Add, Modify, Remove, Import, Dynamic */
	char *logical;
	char *physical;
	char *type;
	char *replacement;	/* True, False, Conditional or "" */
	char *policy;		/* what becomes of the old one: "Retain",
				 * "Snapshot", "ReplaceAndRetain" ... or "" */
	struct {
		VEC(struct cloudformation_detail);
	} details;
};

struct cloudformation_changes {
	char *status;		/* CREATE_COMPLETE, FAILED ... */
	char *execution;	/* AVAILABLE ... */
	char *reason;
	VEC(struct cloudformation_change);
};

void cloudformation_changes_done(struct cloudformation_changes *changes);

/* DescribeChangeSet, all pages. Replaces *out. */
bool cloudformation_change_describe(const struct cloudformation *to,
				    const char *id,
				    struct cloudformation_changes *out,
				    struct err *err);

/* What it makes goes again when it fails, whatever its DeletionPolicy says. */
bool cloudformation_change_execute(const struct cloudformation *to,
				   const char *id, const char *token,
				   struct err *err);

/* id: its ARN, or its name with that of its stack. True as well when there is
 * none. */
bool cloudformation_change_delete(const struct cloudformation *to,
				  const char *id, const char *stack,
				  struct err *err);

#endif
