/* load/access_inner.h - what the files of load/access share; nobody else's.
 *
 * A question is a call on its way, with what is done with its answer: that may
 * ask further ones.
 */
#ifndef LOAD_ACCESS_INNER_H
#define LOAD_ACCESS_INNER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"
#include "load/access.h"

struct call;
struct worker_queue;

struct access_answer;

struct access_asking {
	struct access_facts *facts;
	struct aws *aws;
	struct worker_queue *queue;
	struct {
		VEC(struct access_answer *); /* of all that were sent */
	} answers;
};

/* Takes over the call. at: of the role or right that it is about. */
void access_send(struct access_asking *asking, struct call *call,
		 void (*take)(struct access_asking *asking,
			      const struct call *call, size_t at),
		 size_t at);

/* Of a key of KMS, not of a bucket and its objects? */
bool access_right_is_of_key(enum access_right right);

/* Whose account is it that has no such role or key? */
void access_ask_identity(struct access_asking *asking);

/* access_warehouse.c */
void access_ask_warehouse(struct access_asking *asking);

/* access_role.c: the roles that are named; the default one, once the warehouse
 * has told it; rights of one resource, first to last. */
void access_begin_roles(struct access_asking *asking);
void access_use_default(struct access_asking *asking);
void access_ask_rights(struct access_asking *asking, enum access_right first,
		       enum access_right last);

/* access_key.c: the key of KMS_KEY_ID, of the bucket, or of an object. */
void access_ask_sample(struct access_asking *asking);

#endif
