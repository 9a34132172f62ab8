#include "sandbox/gateway/private_pg.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/str.h"
#include "base/vec.h"
#include "sandbox/gateway/backend.h"

#define SOCKET_NAME ".s.PGSQL.5432"
#define START_MS    60000
#define STOP_MS     30000
#define DATA_FD     9 /* the data folder's descriptor in the children */

struct private_pg {
	pid_t pid;
	int dir_fd; /* DIR/pg, for our own way to the socket */
	char *socket_path;
};

struct account {
	bool change; /* false: stay who we are */
	uid_t uid;
	gid_t gid;
};

struct program {
	const char *const *argv;
	int data_fd; /* becomes DATA_FD; -1: not handed over */
	int log_fd;
	struct account account;
};

static void nap(void)
{
	struct timespec time = { 0, 20 * 1000 * 1000 };

	nanosleep(&time, NULL);
}

static bool choose_account(struct account *out, struct err *err)
{
	static const char *const names[] = { "redsh-sandbox", "postgres",
					     "nobody" };

	out->change = geteuid() == 0;
	if (!out->change)
		return true;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const struct passwd *entry = getpwnam(names[i]);

		if (!entry || entry->pw_uid == 0)
			continue;
		out->uid = entry->pw_uid;
		out->gid = entry->pw_gid;
		return true;
	}
	err_set(err, ERR_SYSTEM,
		"PostgreSQL refuses to run as root and there is no account "
		"postgres or nobody");
	return err_hint(err, "adduser --system redsh-sandbox, or start the "
			     "sandbox as an ordinary user");
}

/* Where Debian, then pg_config, then $PATH have the server's programs. */
static bool find_program(const char *name, struct str *out, struct err *err)
{
	static const char *const folders[] = { "/usr/lib/postgresql/15/bin",
					       "/usr/lib/postgresql/16/bin",
					       "/usr/lib/postgresql/17/bin" };
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	int status;

	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		str_clear(out);
		path_join(folders[i], name, out);
		if (access(out->text, X_OK) == 0)
			return true;
	}
	if (proc_capture("pg_config --bindir 2>/dev/null", 4096, &folder,
			 &status, NULL) &&
	    status == 0) {
		str_trim_end(&folder);
		str_clear(out);
		path_join(folder.text, name, out);
		if (access(out->text, X_OK) == 0)
			return true;
	}
	str_clear(out);
	if (path_program(name, out, NULL))
		return true;
	err_set(err, ERR_MISSING, "cannot find PostgreSQL's program %s", name);
	return err_hint(err, "apt-get install postgresql-15");
}

/* In the child, after fork. */
static void become(const struct program *program, pid_t parent)
{
	sigset_t none;
	int null = open("/dev/null", O_RDONLY);

	if (null >= 0)
		dup2(null, STDIN_FILENO);
	dup2(program->log_fd, STDOUT_FILENO);
	dup2(program->log_fd, STDERR_FILENO);
	if (program->data_fd >= 0 && program->data_fd != DATA_FD)
		dup2(program->data_fd, DATA_FD);
	else if (program->data_fd == DATA_FD)
		fcntl(DATA_FD, F_SETFD, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	if (chdir("/") != 0 || setsid() < 0)
		_exit(126);
	if (program->account.change &&
	    (setgroups(0, NULL) != 0 || setgid(program->account.gid) != 0 ||
	     setuid(program->account.uid) != 0))
		_exit(126);
	unsetenv("PGDATA");
	unsetenv("PGPORT");
	unsetenv("PGHOST");
	/* After setuid, which clears it: our end, even by kill -9, is a fast
	 * shutdown of the server. */
	prctl(PR_SET_PDEATHSIG, SIGINT);
	if (getppid() != parent)
		_exit(126);
	execv(program->argv[0], (char *const *)(uintptr_t)program->argv);
	_exit(127);
}

static bool launch(const struct program *program, pid_t *out_pid,
		   struct err *err)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		return err_set_errno(err, errno, "fork");
	if (pid == 0)
		become(program, parent);
	*out_pid = pid;
	return true;
}

/* How the child names its data folder. */
static void data_name(const char *path, struct str *out)
{
	if (access("/proc/self/fd", X_OK) == 0)
		str_addf(out, "/proc/self/fd/%d", DATA_FD);
	else
		str_add(out, path);
}

static bool run_initdb(struct program *program, const char *path,
		       const char *ctype, struct err *err)
{
	CLEANUP(str_done) struct str initdb = STR_EMPTY;
	CLEANUP(str_done) struct str data = STR_EMPTY;
	CLEANUP(str_done) struct str lc_ctype = STR_EMPTY;
	pid_t pid;
	int status;

	if (!find_program("initdb", &initdb, err))
		return false;
	data_name(path, &data);
	str_addf(&lc_ctype, "--lc-ctype=%s", ctype);
	const char *argv[] = {
		initdb.text, "-D",         data.text,        "-A",
		"trust",     "-U",         PRIVATE_PG_OWNER, "-E",
		"UTF8",      "--locale=C", lc_ctype.text,    "-N",
		NULL
	};

	program->argv = argv;
	if (!launch(program, &pid, err))
		return false;
	if (waitpid(pid, &status, 0) != pid)
		return err_set_errno(err, errno, "waiting for initdb");
	if (status == 0)
		return true;
	err_set(err, ERR_SYSTEM, "initdb failed (status %d)", status);
	return err_hint(err, "see sandbox.log in the sandbox's folder");
}

static bool make_folder(const char *path, const struct account *account,
			struct err *err)
{
	if (mkdir(path, 0700) != 0)
		return err_set_errno(err, errno, "%s", path);
	if (account->change && chown(path, account->uid, account->gid) != 0)
		return err_set_errno(err, errno, "%s", path);
	return true;
}

static int open_folder(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		err_set_errno(err, errno, "%s", path);
	return fd;
}

/* Under a name of its own until it is whole, so that a start which is killed
 * on the way leaves nothing that looks like a server. */
static bool init_data(const char *path, struct program *program,
		      struct err *err)
{
	static const char *const ctypes[] = { "C.UTF-8", "C" };
	CLEANUP(str_done) struct str fresh = STR_EMPTY;
	bool ok = false;

	str_addf(&fresh, "%s.new", path);
	for (size_t i = 0; i < COUNT_OF(ctypes) && !ok; i++) {
		if (!file_remove_tree(fresh.text, err) ||
		    !make_folder(fresh.text, &program->account, err))
			return false;
		program->data_fd = open_folder(fresh.text, err);
		if (program->data_fd < 0)
			return false;
		ok = run_initdb(program, fresh.text, ctypes[i], err);
		close(program->data_fd);
	}
	if (ok && rename(fresh.text, path) != 0)
		return err_set_errno(err, errno, "%s", path);
	return ok;
}

/* Does the process work in that folder? That is what PostgreSQL does in its
 * data folder, and what no process that got the number later does. */
static bool works_in(pid_t pid, const struct stat *folder)
{
	CLEANUP(str_done) struct str link = STR_EMPTY;
	struct stat cwd;

	str_addf(&link, "/proc/%d/cwd", (int)pid);
	return stat(link.text, &cwd) == 0 && cwd.st_dev == folder->st_dev &&
	       cwd.st_ino == folder->st_ino;
}

/* Is there any process at work in that folder? Sessions outlive a server that
 * was killed, for a moment. */
static bool is_worked_in(const struct stat *folder)
{
	DIR *processes = opendir("/proc");
	const struct dirent *entry;
	bool found = false;

	if (processes == NULL)
		return false;
	while (!found && (entry = readdir(processes)) != NULL) {
		long pid = strtol(entry->d_name, NULL, 10);

		found = pid > 1 && works_in((pid_t)pid, folder);
	}
	closedir(processes);
	return found;
}

/* The server of the last time, if the sandbox was killed and it was not. */
static void stop_server(const char *pid_file, const struct stat *folder)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	long pid;

	if (!file_read(pid_file, 4096, &text, NULL))
		return;
	pid = strtol(text.text, NULL, 10);
	if (pid > 1 && works_in((pid_t)pid, folder))
		kill((pid_t)pid, SIGQUIT);
}

/* Lock files of a killed server go when nobody works in the folder, which is
 * ours alone: PostgreSQL itself would take the number in them for a server as
 * long as nobody has reaped that process. */
static void clear_leftover(const char *path)
{
	static const char *const names[] = { "postmaster.pid",
					     ".s.PGSQL.5432.lock" };
	CLEANUP(str_done) struct str file = STR_EMPTY;
	int64_t end_us = clock_monotonic_us() + (int64_t)STOP_MS * 1000;
	struct stat folder;

	if (stat(path, &folder) != 0)
		return;
	path_join(path, names[0], &file);
	stop_server(file.text, &folder);
	while (is_worked_in(&folder)) {
		if (clock_monotonic_us() > end_us)
			return;
		nap();
	}
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		str_clear(&file);
		path_join(path, names[i], &file);
		unlink(file.text);
	}
}

/* What the private server has to be, whatever its postgresql.conf says. */
static const char *const own_settings[] = {
	"listen_addresses=",
	"unix_socket_permissions=0700",
	"port=5432",
	"max_connections=1100", /* 500 sessions, each with one aside; logins */
	"shared_buffers=64MB",
	"fsync=off",
	"full_page_writes=off",
	"synchronous_commit=off",
	"wal_level=minimal",
	"max_wal_senders=0",
	"max_wal_size=256MB",
	"jit=off",
	"logging_collector=off",
	"log_min_messages=fatal",
	"log_min_error_statement=panic",
	"password_encryption=md5",
	"timezone=UTC",
	"log_timezone=UTC",
	"datestyle=ISO, MDY",
	"extra_float_digits=0",
	/* plans with their rows, for sandbox/gateway/querylog */
	"shared_preload_libraries=auto_explain",
	"auto_explain.log_min_duration=0",
	"auto_explain.log_analyze=on",
	"auto_explain.log_verbose=on", /* it names schemas */
	"auto_explain.log_timing=off",
	"auto_explain.log_format=json",
	"auto_explain.log_level=info",
	NULL,
};

struct arguments {
	VEC(const char *);
};

static void add_settings(struct arguments *arguments,
			 const char *const *settings)
{
	for (; *settings; settings++) {
		vec_push(arguments, "-c");
		vec_push(arguments, *settings);
	}
}

static bool run_server(struct private_pg *pg, const char *path,
		       const char *const *settings, struct program *program,
		       struct err *err)
{
	CLEANUP(str_done) struct str postgres = STR_EMPTY;
	CLEANUP(str_done) struct str data = STR_EMPTY;
	CLEANUP(str_done) struct str sockets = STR_EMPTY;
	struct arguments arguments = { 0 };
	bool ok;

	if (!find_program("postgres", &postgres, err))
		return false;
	data_name(path, &data);
	str_addf(&sockets, "unix_socket_directories=%s", data.text);
	vec_push(&arguments, postgres.text);
	vec_push(&arguments, "-D");
	vec_push(&arguments, data.text);
	vec_push(&arguments, "-c");
	vec_push(&arguments, sockets.text);
	add_settings(&arguments, own_settings);
	add_settings(&arguments, settings);
	vec_push(&arguments, NULL);
	program->argv = arguments.items;
	program->data_fd = pg->dir_fd;
	ok = launch(program, &pg->pid, err);
	vec_done(&arguments);
	return ok;
}

static bool wait_ready(struct private_pg *pg, struct err *err)
{
	struct backend_login login = { .socket_path = pg->socket_path,
				       .user = PRIVATE_PG_OWNER,
				       .database = "postgres" };
	int64_t end_us = clock_monotonic_us() + (int64_t)START_MS * 1000;

	for (;;) {
		struct err why = ERR_EMPTY;
		struct backend *backend = backend_open(&login, &why);

		backend_close(backend);
		if (backend)
			return true;
		if (private_pg_ended(pg)) {
			err_set(err, ERR_SYSTEM,
				"the private PostgreSQL did not start");
			return err_hint(err, "see sandbox.log in the "
					     "sandbox's folder");
		}
		if (clock_monotonic_us() > end_us) {
			if (err)
				*err = why;
			return err_wrap(err, "the private PostgreSQL is not "
					     "ready after a minute");
		}
		nap();
	}
}

/* Our own short name of the socket, through the descriptor. */
static void name_socket(struct private_pg *pg, const char *path)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (access("/proc/self/fd", X_OK) == 0)
		str_addf(&name, "/proc/self/fd/%d/%s", pg->dir_fd, SOCKET_NAME);
	else
		str_addf(&name, "%s/%s", path, SOCKET_NAME);
	pg->socket_path = str_take(&name);
}

struct private_pg *private_pg_start(const char *dir,
				    const char *const *settings, int log_fd,
				    struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(private_pg_stopp) struct private_pg *pg = NULL;
	struct private_pg *started;
	struct program program = { .log_fd = log_fd, .data_fd = -1 };

	path_join(dir, "pg", &path);
	if (!choose_account(&program.account, err))
		return NULL;
	if (!file_is_dir(path.text) && !init_data(path.text, &program, err))
		return NULL;
	clear_leftover(path.text);
	pg = mem_alloc(sizeof(*pg));
	pg->pid = -1;
	pg->dir_fd = open_folder(path.text, err);
	if (pg->dir_fd < 0)
		return NULL;
	name_socket(pg, path.text);
	if (!run_server(pg, path.text, settings, &program, err) ||
	    !wait_ready(pg, err))
		return NULL;
	started = pg;
	pg = NULL;
	return started;
}

bool private_pg_ended(struct private_pg *pg)
{
	int status;

	if (pg->pid <= 0)
		return true;
	if (waitpid(pg->pid, &status, WNOHANG) != pg->pid)
		return false;
	pg->pid = -1;
	return true;
}

void private_pg_stop(struct private_pg *pg)
{
	int64_t end_us = clock_monotonic_us() + (int64_t)STOP_MS * 1000;

	if (!pg)
		return;
	if (pg->pid > 0)
		kill(pg->pid, SIGINT);
	while (!private_pg_ended(pg)) {
		if (clock_monotonic_us() > end_us)
			kill(pg->pid, SIGQUIT);
		nap();
	}
	if (pg->dir_fd >= 0)
		close(pg->dir_fd);
	mem_free(pg->socket_path);
	mem_free(pg);
}

const char *private_pg_socket(const struct private_pg *pg)
{
	return pg->socket_path;
}
