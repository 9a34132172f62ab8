/* aws/operation.h - the calls we make, one row each. */
#ifndef AWS_OPERATION_H
#define AWS_OPERATION_H

#include <stdbool.h>

#include "aws/endpoint.h"

enum operation_id {
	OPERATION_LIST_BUCKETS,
	OPERATION_CREATE_BUCKET,
	OPERATION_DELETE_BUCKET,
	OPERATION_HEAD_BUCKET,
	OPERATION_LIST_OBJECTS,
	OPERATION_LIST_VERSIONS,
	OPERATION_GET_VERSIONING,
	OPERATION_GET_ENCRYPTION,
	OPERATION_GET_PUBLIC_ACCESS,
	OPERATION_GET_TAGGING,
	OPERATION_HEAD_OBJECT,
	OPERATION_GET_OBJECT,
	OPERATION_PUT_OBJECT,
	OPERATION_COPY_OBJECT,
	OPERATION_DELETE_OBJECT,
	OPERATION_DELETE_OBJECTS,
	OPERATION_CREATE_UPLOAD,
	OPERATION_UPLOAD_PART,
	OPERATION_COPY_PART,
	OPERATION_LIST_PARTS,
	OPERATION_LIST_UPLOADS,
	OPERATION_COMPLETE_UPLOAD,
	OPERATION_ABORT_UPLOAD,
	OPERATION_GET_CALLER_IDENTITY,
	OPERATION_DESCRIBE_CLUSTERS,
	OPERATION_GET_CLUSTER_CREDENTIALS,
	OPERATION_GET_CLUSTER_CREDENTIALS_IAM,
	OPERATION_DESCRIBE_DOMAINS,
	OPERATION_GET_WORKGROUP,
	OPERATION_LIST_WORKGROUPS,
	OPERATION_GET_NAMESPACE,
	OPERATION_GET_WORKGROUP_CREDENTIALS,
	OPERATION_GET_SECRET,
	OPERATION_GET_POLICY,
	OPERATION_GET_ROLE,
	OPERATION_SIMULATE,
	OPERATION_DESCRIBE_KEY,
	OPERATION_GET_KEY_POLICY,
	OPERATION_COUNT,
};

enum operation_sum {
	OPERATION_NO_SUM,
	OPERATION_SENDS_SUM,	/* x-amz-checksum-* of the body */
	OPERATION_ASKS_SUM,	/* x-amz-checksum-mode, of the reply */
};

struct operation {
	const char *name;		/* also Action of query services */
	enum endpoint_service service;
	const char *method;
	const char *query;		/* name, name=value or NULL: always
					 * part of the query */
	const char *permission;		/* what IAM must allow */
	bool error_in_200;		/* a 200 may carry <Error> */
	bool secret_reply;		/* never to the log */
	enum operation_sum sum;
};

extern const struct operation operation_table[OPERATION_COUNT];

/* Version parameter of a query service, NULL for the others. */
const char *operation_api_version(enum endpoint_service service);

/* What stands before the dot in X-Amz-Target of a service that speaks JSON
 * 1.1, NULL for the others. */
const char *operation_target(enum endpoint_service service);

#endif
