/* sandbox/gateway/translate.h - dynamic SQL of procedures, translated while it
 * runs.
 *
 * A procedure's EXECUTE calls redshift_sandbox.translated(text), which sends
 * the text as a notice with a SQLSTATE of its own and waits for the answer in
 * a table; the gateway writes it there from its second connection, for this
 * session only: a notice of that kind that a client raises itself gains it
 * nothing.
 */
#ifndef SANDBOX_GATEWAY_TRANSLATE_H
#define SANDBOX_GATEWAY_TRANSLATE_H

#include <stdbool.h>

#include "base/err.h"

struct client;
struct frame;

/* Is the notice a text to translate? Then it is answered and must not go on
 * to the client; *out_taken says so. false: the second connection is lost. */
bool translate_notice(struct client *client, const struct frame *frame,
		      bool *out_taken, struct err *err);

#endif
