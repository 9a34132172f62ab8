#include "shell/tunnel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/proc.h"
#include "base/str.h"
#include "db/dsn.h"

enum { TALK_MS = 10000, TALK_BYTES = 4096 };

struct tunnel {
	char *to;	/* "ssh-host\nhost\nport" */
	char *via;
	char *folder;	/* of the control socket, ours alone */
	char *control;
	int port;
	struct proc keeper;
};

/* ssh -S CONTROL -O VERB -- HOST: true when it says yes. */
static bool order(const struct tunnel *tunnel, const char *verb)
{
	const char *const argv[] = { "ssh", "-S", tunnel->control, "-O",
				     verb,  "--", tunnel->via,	   NULL };
	CLEANUP(str_done) struct str out = STR_EMPTY;
	CLEANUP(str_done) struct str said = STR_EMPTY;
	struct proc_talk talk = { .timeout_ms = TALK_MS,
				  .max_bytes = TALK_BYTES,
				  .out = &out,
				  .said = &said };
	int status = -1;

	return proc_talk(argv, &talk, &status, NULL) && status == 0;
}

/* For the shell: 'it'\''s'. */
static void add_quoted(struct str *out, const char *text)
{
	str_add_char(out, '\'');
	for (; *text; text++)
		if (*text == '\'')
			str_add(out, "'\\''");
		else
			str_add_char(out, *text);
	str_add_char(out, '\'');
}

/* ssh -f outlives us, also when we are killed. A child that reads from us sees
 * our end, whatever it is, and closes the tunnel. */
static void start_keeper(struct tunnel *tunnel)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;

	str_add(&line, "exec >/dev/null 2>&1; trap '' INT QUIT HUP TERM TSTP; "
		       "read word && exit; ssh -S ");
	add_quoted(&line, tunnel->control);
	str_add(&line, " -O exit -- ");
	add_quoted(&line, tunnel->via);
	str_add(&line, "; rm -f ");
	add_quoted(&line, tunnel->control);
	str_add(&line, "; rmdir ");
	add_quoted(&line, tunnel->folder);
	/* Without it all is as well until we are killed. */
	proc_open(&tunnel->keeper, line.text, PROC_WRITE, NULL);
}

static void end_keeper(struct tunnel *tunnel)
{
	if (tunnel->keeper.fd < 0)
		return;
	if (write(tunnel->keeper.fd, "done\n", 5) < 0)
		log_debug(LOG_DB, "the tunnel's keeper has gone");
	proc_close(&tunnel->keeper, NULL, NULL);
}

static void forget(struct tunnel *tunnel)
{
	end_keeper(tunnel);
	if (tunnel->folder) {
		unlink(tunnel->control);
		rmdir(tunnel->folder);
	}
	mem_free(tunnel->to);
	mem_free(tunnel->via);
	mem_free(tunnel->folder);
	mem_free(tunnel->control);
	mem_free(tunnel);
}

void tunnel_close(struct tunnel *tunnel)
{
	if (!tunnel)
		return;
	order(tunnel, "exit");
	forget(tunnel);
}

int tunnel_port(const struct tunnel *tunnel)
{
	return tunnel ? tunnel->port : 0;
}

/* A port that is free now; ssh refuses when it is taken meanwhile. */
static int free_port(struct err *err)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ok = fd >= 0 &&
	     bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	     getsockname(fd, (struct sockaddr *)&address, &size) == 0;
	if (!ok)
		err_set_errno(err, errno, "looking for a free port");
	if (fd >= 0)
		close(fd);
	return ok ? ntohs(address.sin_port) : 0;
}

static bool make_folder(struct tunnel *tunnel, struct err *err)
{
	const char *place = getenv("XDG_RUNTIME_DIR");
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	CLEANUP(str_done) struct str control = STR_EMPTY;

	str_addf(&folder, "%s/redsh-XXXXXX", place && *place ? place : "/tmp");
	if (!mkdtemp(folder.text))
		return err_set_errno(err, errno, "cannot make %s", folder.text);
	str_addf(&control, "%s/ssh", folder.text);
	tunnel->folder = str_take(&folder);
	tunnel->control = str_take(&control);
	return true;
}

/* Comes back when the way is open: ssh -f goes into the background then. */
static bool start(const struct tunnel *tunnel, const char *forward,
		  struct err *err)
{
	const char *const argv[] = { "ssh",
				     "-f",
				     "-N",
				     "-M",
				     "-S",
				     tunnel->control,
				     "-o",
				     "ExitOnForwardFailure=yes",
				     "-o",
				     "ControlPersist=no",
				     "-o",
				     "ServerAliveInterval=60",
				     "-L",
				     forward,
				     "--",
				     tunnel->via,
				     NULL };
	CLEANUP(str_done) struct str how = STR_EMPTY;
	int status = -1;

	if (!proc_run(argv, &status, err))
		return err_hint(err, "--ssh needs the ssh program");
	if (status == 0)
		return true;
	proc_describe(status, &how);
	err_set(err, ERR_NETWORK, "no way through %s: ssh %s", tunnel->via,
		how.text);
	return err_hint(err, "try it by hand: ssh -N -L %s %s", forward,
			tunnel->via);
}

static void add_effective(const struct dsn *dsn, const char *keyword,
			  struct str *out)
{
	if (!dsn_effective(dsn, keyword, out))
		str_clear(out);
}

static struct tunnel *make(const char *via, const char *host, const char *port,
			   struct err *err)
{
	struct tunnel *tunnel = mem_alloc(sizeof(*tunnel));
	CLEANUP(str_done) struct str forward = STR_EMPTY;

	tunnel->keeper = (struct proc)PROC_EMPTY;
	tunnel->via = mem_copy_text(via);
	tunnel->port = free_port(err);
	str_addf(&forward,
		 strchr(host, ':') ? "127.0.0.1:%d:[%s]:%s"
				   : "127.0.0.1:%d:%s:%s",
		 tunnel->port, host, port);
	if (tunnel->port > 0 && make_folder(tunnel, err) &&
	    start(tunnel, forward.text, err)) {
		start_keeper(tunnel);
		return tunnel;
	}
	forget(tunnel);
	return NULL;
}

int tunnel_open(struct tunnel **tunnel, const struct dsn *dsn, struct err *err)
{
	CLEANUP(str_done) struct str host = STR_EMPTY;
	CLEANUP(str_done) struct str port = STR_EMPTY;
	CLEANUP(str_done) struct str to = STR_EMPTY;
	const char *via = dsn_get(dsn, "ssh");

	add_effective(dsn, "host", &host);
	add_effective(dsn, "port", &port);
	if (host.len == 0 || host.text[0] == '/' || strchr(host.text, ',')) {
		err_set(err, ERR_USAGE,
			"--ssh needs the name of one host to lead to");
		return err_hint(err, "add -h HOST or --cluster NAME");
	}
	str_addf(&to, "%s\n%s\n%s", via, host.text, port.text);
	if (*tunnel && strcmp((*tunnel)->to, to.text) == 0 &&
	    order(*tunnel, "check"))
		return (*tunnel)->port;
	tunnel_close(*tunnel);
	*tunnel = make(via, host.text, port.text, err);
	if (!*tunnel)
		return 0;
	(*tunnel)->to = str_take(&to);
	return (*tunnel)->port;
}
