/* sandbox/s3/s3_fault.h - faults that are answers: refusals, redirects, clocks.
 *
 * Those that are about bytes and connections are in s3_http_fault.
 */
#ifndef SANDBOX_S3_S3_FAULT_H
#define SANDBOX_S3_S3_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct s3_call;

/* Which fault the request gets: call->fault. op: NULL when it is known only
 * from the body. Waits, when it says so. */
void s3_fault_take(struct s3_call *call, const char *op);

/* The same once the body of an AWS API is there. */
void s3_fault_take_action(struct s3_call *call);

/* Leaves a reply when the fault is one; false: it is not. */
bool s3_fault_answer(struct s3_call *call);

/* Bytes of an object come in; false: the disk is full. */
bool s3_fault_room(struct s3_call *call, size_t len, struct err *err);

#endif
