/* shell/tunnel.h - a way to a private warehouse through another host.
 *
 * The ssh program makes it and goes into the background; it asks for what it
 * needs at our terminal. The connection goes to 127.0.0.1 by hostaddr, while
 * host stays the warehouse's name: so verify-full still holds.
 */
#ifndef SHELL_TUNNEL_H
#define SHELL_TUNNEL_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"

struct dsn;
struct tunnel;

/* Makes *tunnel, or keeps the one that is there when it leads to the same
 * place and is alive. Returns the port on 127.0.0.1, 0: err. dsn says ssh,
 * host and port. UI thread. */
int tunnel_open(struct tunnel **tunnel, const struct dsn *dsn, struct err *err);

/* Of one that is there; 0: NULL. */
int tunnel_port(const struct tunnel *tunnel);

void tunnel_close(struct tunnel *tunnel); /* NULL is fine */

#endif
