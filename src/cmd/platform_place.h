/* cmd/platform_place.h - the platform that a \platform command is about. */
#ifndef CMD_PLATFORM_PLACE_H
#define CMD_PLATFORM_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/cloudformation.h"
#include "base/err.h"
#include "base/str.h"
#include "platform/stack_conf.h"

struct args;
struct session;

struct platform_place {
	struct session *session;
	struct str folder;	/* as it was named, "": the current one */
	struct stack_conf conf;
	struct cloudformation to;
	int64_t poll_ms;	/* --poll; 0: as each step has it */
	bool yes;		/* --yes */
	struct str template;	/* its text, see platform_place_template */
	struct str object;	/* s3://... where it waits, "" */
	struct cloudformation_source source;
};

#define PLATFORM_PLACE_EMPTY                                                   \
	{                                                                      \
		.folder = STR_EMPTY, .conf = STACK_CONF_EMPTY,                 \
		.template = STR_EMPTY, .object = STR_EMPTY                     \
	}

/* Reads platform.conf of the folder DIR and starts the AWS side. */
bool platform_place_open(struct platform_place *place, struct session *session,
			 const struct args *args, struct err *err);

/* The same for the folder named. */
bool platform_place_open_at(struct platform_place *place,
			    struct session *session, const struct args *args,
			    const char *folder, struct err *err);

/* And takes a template that was uploaded away again. */
/* Asks; *out_go: the answer is the stack's name. Of another one that is told. */
bool platform_place_ask_name(struct platform_place *place,
			     const char *question, bool *out_go,
			     struct err *err);

void platform_place_done(struct platform_place *place);

/* Reads the template; one too large for a request is uploaded, which needs a
 * place in S3. Fills .source. */
bool platform_place_template(struct platform_place *place, struct err *err);

/* Its stack. *out_there false: there is none, or it is deleted. */
bool platform_place_find(struct platform_place *place,
			 struct cloudformation_stack *stack, bool *out_there,
			 struct err *err);

/* A refusal: what the state of the stack means, and what to do next. */
bool platform_place_refuse(const struct platform_place *place,
			   const struct cloudformation_stack *stack,
			   struct err *err);

#endif
