/* sandbox/ground/tls.h - the sandbox's own CA and the server side of TLS.
 *
 * DIR/ca.pem is what clients name as root certificate (sslmode=verify-full
 * works for localhost, 127.0.0.1 and ::1); DIR/ca.key and DIR/server.pem
 * (key and certificate) are 0600. The server's certificate is made anew when
 * it ends within 30 days, the CA when it ends within a year.
 */
#ifndef SANDBOX_GROUND_TLS_H
#define SANDBOX_GROUND_TLS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/mem.h"

struct tls_server; /* certificates, shared by all threads */
struct tls_link;   /* one connection */

/* now_ms: wall clock, so that tests can let certificates end. */
struct tls_server *tls_server_new(const char *dir, int64_t now_ms,
				  struct err *err);
void tls_server_free(struct tls_server *server); /* NULL is fine */
CLEANUP_FREE(struct tls_server, tls_server_free, tls_server_freep)

/* Does the handshake on fd, which stays the caller's. */
struct tls_link *tls_accept(struct tls_server *server, int fd, struct err *err);
void tls_link_free(struct tls_link *link);

/* Bytes done; 0: the peer closed; -1: err. */
ssize_t tls_read(struct tls_link *link, char *to, size_t len, struct err *err);
ssize_t tls_write(struct tls_link *link, const char *from, size_t len,
		  struct err *err);

#endif
