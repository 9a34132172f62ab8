/* sandbox/quicksight/qs_vpc.h - VPC connections made without a request: by a
 * stack. */
#ifndef SANDBOX_QUICKSIGHT_QS_VPC_H
#define SANDBOX_QUICKSIGHT_QS_VPC_H

#include <stdbool.h>

#include "base/err.h"

struct json;
struct qs;

/* in: as CreateVPCConnection takes it. out gets Arn, VPCConnectionId,
 * CreationStatus and AvailabilityStatus. */
bool qs_vpc_create(struct qs *qs, const char *region, const struct json *in,
		   struct json *out, struct err *err);

/* ResourceNotFoundException. */
bool qs_vpc_delete(struct qs *qs, const char *region, const char *id,
		   struct err *err);

#endif
