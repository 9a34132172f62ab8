/* sandbox/s3/s3_http_fault.h - faults of connections: cuts, stalls, resets,
 * lies.
 *
 * Where a function gives false the connection must be hung up on.
 */
#ifndef SANDBOX_S3_S3_HTTP_FAULT_H
#define SANDBOX_S3_S3_HTTP_FAULT_H

#include <stdbool.h>
#include <stddef.h>

struct MHD_Connection;
struct MHD_Response;
struct s3_call;

/* The head has come. */
bool s3_http_fault_begin(struct s3_call *call,
			 struct MHD_Connection *connection);

/* Bytes of the body: gives them to the call. */
bool s3_http_fault_feed(struct s3_call *call,
			struct MHD_Connection *connection, const char *bytes,
			size_t len);

/* The answer is ready. *out: the response to send instead of the usual one
 * (NULL: that one); headers are not in it. */
bool s3_http_fault_reply(struct s3_call *call,
			 struct MHD_Connection *connection,
			 struct MHD_Response **out);

#endif
