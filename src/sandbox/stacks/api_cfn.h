/* sandbox/stacks/api_cfn.h - what the operations of CloudFormation share.
 *
 * sandbox/stacks/api_cloudformation has the table; api_cfn_sets those of
 * change sets, api_cfn_show those that only tell.
 */
#ifndef SANDBOX_STACKS_API_CFN_H
#define SANDBOX_STACKS_API_CFN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct cfn;
struct cfn_set;
struct cfn_stack;
struct json;
struct s3_call;
struct s3_pairs;

/* Locked; NULL: the caller may not, or there are no stacks. Ends with
 * CLEANUP(api_cfn_end). action: "CreateStack". */
struct cfn *api_cfn_begin(struct s3_call *call, const struct s3_pairs *form,
			  const char *action, struct err *err);
void api_cfn_end(struct cfn **cfn);

/* ValidationError when it is missing or has the wrong form. */
bool api_cfn_need(const struct s3_pairs *form, const char *name,
		  const char **out, struct err *err);
/* A stack's name or ARN. */
bool api_cfn_need_name(const struct s3_pairs *form, const char **out,
		       struct err *err);

/* "X.member.1" and on: an array of texts. */
struct json *api_cfn_list(const struct s3_pairs *form, const char *name);
/* Tags.member.N.Key and Value: an object. */
struct json *api_cfn_tags(const struct s3_pairs *form);
bool api_cfn_flag(const struct s3_pairs *form, const char *name);

/* What a create, an update or a change set asks for; checked. */
struct api_cfn_wanted {
	struct str text; /* the template as it came */
	const char *role_arn; /* RoleARN, borrowed; NULL: as before */
	struct json *template;
	struct json *params;
	struct json *tags;
	struct json *capabilities;
};
#define API_CFN_WANTED_EMPTY                                                   \
	{                                                                      \
		.text = STR_EMPTY                                              \
	}
void api_cfn_wanted_done(struct api_cfn_wanted *wanted);

/* stack NULL: there is none yet. */
bool api_cfn_read(struct s3_call *call, struct cfn *cfn,
		  const struct s3_pairs *form, struct cfn_stack *stack,
		  struct api_cfn_wanted *out, struct err *err);

/* TemplateBody, TemplateURL, or that of the stack. */
bool api_cfn_text(struct s3_call *call, const struct s3_pairs *form,
		  const struct cfn_stack *stack, struct str *out,
		  bool *out_from_url, struct err *err);

/* The stack takes what is wanted; what it had stays for the way back. */
void api_cfn_take(struct s3_call *call, struct cfn_stack *stack,
		  struct api_cfn_wanted *wanted);

/* May it be updated now? */
bool api_cfn_may_update(const struct cfn_stack *stack, struct err *err);

/* ClientRequestToken: *out_same: it was that very request. */
bool api_cfn_token(struct cfn_stack *stack, const struct s3_pairs *form,
		   const char *action, bool *out_same, struct err *err);

/* --- pages --- */

struct api_cfn_page {
	size_t first;
	size_t end;
};
bool api_cfn_page(const struct s3_pairs *form, size_t count,
		  struct api_cfn_page *out, struct err *err);
/* Appends NextToken when more follow. */
void api_cfn_put_next(struct str *out, const struct api_cfn_page *page,
		      size_t count);

/* --- writing --- */

void api_cfn_put(struct str *out, const char *name, const char *text);
void api_cfn_put_time(struct str *out, const char *name, int64_t at_ms);
void api_cfn_put_texts(struct str *out, const char *name,
		       const struct json *list);
void api_cfn_put_tags(struct str *out, const struct json *tags);
/* Parameters of values by the template's declarations. */
void api_cfn_put_params(struct str *out, const struct json *template,
			const struct json *values);

/* --- operations elsewhere --- */

typedef bool api_cfn_op(struct s3_call *call, const struct s3_pairs *form,
			struct str *out, struct err *err);

api_cfn_op api_cfn_create_set;
api_cfn_op api_cfn_describe_set;
api_cfn_op api_cfn_execute_set;
api_cfn_op api_cfn_delete_set;
api_cfn_op api_cfn_list_sets;
api_cfn_op api_cfn_describe_stacks;
api_cfn_op api_cfn_describe_events;
api_cfn_op api_cfn_describe_resource;
api_cfn_op api_cfn_describe_resources;
api_cfn_op api_cfn_list_resources;
api_cfn_op api_cfn_list_stacks;
api_cfn_op api_cfn_get_template;

/* NULL: no such one; err says so. */
struct cfn_set *api_cfn_find_set(struct cfn *cfn, const struct s3_pairs *form,
				 struct cfn_stack **out_stack,
				 struct err *err);

#endif
