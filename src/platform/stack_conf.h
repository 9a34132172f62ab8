/* platform/stack_conf.h - platform.conf: which stack, where, with which
 * parameters.
 *
 *	[platform]
 *	stack = sales
 *	region = eu-west-1
 *	template = platform.yaml	beside it; so when not said
 *	upload = s3://BUCKET/FOLDER/	for a template too large for a request
 *	[parameters]
 *	AllowedCidr = 10.20.0.0/16
 *
 * "\platform init" writes it, the person owns it. Names of parameters are read
 * in any case (data/ini), the template has their spelling.
 */
#ifndef PLATFORM_STACK_CONF_H
#define PLATFORM_STACK_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

struct stack_parameter {
	char *name;	/* lower case */
	char *value;
};

struct stack_conf {
	struct str path;	/* of platform.conf */
	struct str stack;
	struct str region;	/* "": the one in force */
	struct str template;	/* path */
	struct str upload;	/* "" */
	struct {
		VEC(struct stack_parameter);
	} parameters;
};

#define STACK_CONF_EMPTY                                                       \
	{                                                                      \
		STR_EMPTY, STR_EMPTY, STR_EMPTY, STR_EMPTY, STR_EMPTY, {       \
			NULL, 0, 0                                             \
		}                                                              \
	}

void stack_conf_done(struct stack_conf *conf);

#define STACK_CONF_FILE "platform.conf"
#define STACK_TEMPLATE_FILE "platform.yaml"

/* Reads folder/platform.conf. ERR_MISSING: there is none, the hint says how to
 * make one; ERR_DATA names the line or key that is wrong. */
bool stack_conf_read(struct stack_conf *conf, const char *folder,
		     struct err *err);

const char *stack_conf_parameter(const struct stack_conf *conf,
				 const char *name);	/* NULL: not said */

/* What CloudFormation takes: a letter, then letters, digits and hyphens, 128 in
 * all. Of a serverless platform the name is that of its workgroup too: lower
 * case, 3 to 64. */
bool stack_conf_check_name(const char *name, bool serverless, struct err *err);

/* Addresses that may connect: "10.20.3.4/16" becomes "10.20.0.0/16", an address
 * alone "/32". Refused: what is not IPv4, and less than 8 bits, which is the
 * world or half of it. Appends. */
bool stack_conf_check_cidr(const char *text, struct str *out, struct err *err);

struct stack_conf_new {
	const char *stack;
	const char *region;	/* "": none is known */
	const char *cidr;	/* "": not known */
	const char *quicksight_user; /* ARN, "": without QuickSight */
	bool serverless;
};

/* The text of a new platform.conf. Appends. */
void stack_conf_write(const struct stack_conf_new *new, struct str *out);

#endif
