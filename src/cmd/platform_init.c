#include "cmd/platform_init.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "aws/quicksight_user.h"
#include "aws/worker.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "cmd/dashboard.h"
#include "platform/stack_conf.h"
#include "shell/command.h"
#include "shell/session.h"

enum { TEMPLATE_MAX = 1024 * 1024 };

struct making {
	struct session *session;
	bool serverless;
	struct str folder;
	struct str template; /* paths */
	struct str conf;
	struct str name;
	struct str cidr;
	struct str quicksight_user; /* ARN */
};

static void making_done(struct making *making)
{
	str_done(&making->folder);
	str_done(&making->template);
	str_done(&making->conf);
	str_done(&making->name);
	str_done(&making->cidr);
	str_done(&making->quicksight_user);
}

/* --- where and what --- */

static bool check_free(const struct str *path, struct err *err)
{
	if (!file_exists(path->text))
		return true;
	err_set(err, ERR_USAGE, "%s is there already, and is not overwritten",
		path->text);
	return err_hint(err, "it is yours to change; \\platform init with "
			     "another folder begins a second platform");
}

/* The last part of the folder's name, as a stack may be called. */
static void name_of_folder(const char *folder, struct str *out)
{
	char whole[PATH_MAX];
	const char *base = path_base(folder);

	if ((strcmp(base, ".") == 0 || strcmp(base, "..") == 0 ||
	     base[0] == '\0') &&
	    realpath(folder, whole) != NULL)
		base = path_base(whole);
	for (; *base != '\0'; base++)
		str_add_char(out, isalnum((unsigned char)*base)
					  ? (char)tolower((unsigned char)*base)
					  : '-');
}

static bool choose_name(struct making *making, const struct args *args,
			struct err *err)
{
	const char *said = args_text(args, "--name");

	if (said != NULL)
		str_add(&making->name, said);
	else
		name_of_folder(making->folder.text, &making->name);
	if (stack_conf_check_name(making->name.text, making->serverless, err))
		return true;
	if (said == NULL)
		err_hint(err, "--name NAME gives it another name than that of "
			      "its folder");
	return false;
}

/* --- the addresses --- */

/* The address by which this machine would speak to the platform's network;
 * nothing is sent. Over a VPN it is what that network sees. */
static void guess_cidr(struct str *out)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(5439) };
	struct sockaddr_in from = { 0 };
	socklen_t size = sizeof(from);
	char text[INET_ADDRSTRLEN];
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	inet_pton(AF_INET, "10.77.0.1", &to.sin_addr);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
	    getsockname(fd, (struct sockaddr *)&from, &size) == 0 &&
	    inet_ntop(AF_INET, &from.sin_addr, text, sizeof(text)) != NULL &&
	    !str_starts(text, "127.") && strcmp(text, "0.0.0.0") != 0)
		str_addf(out, "%s/32", text);
	close(fd);
}

static bool ask_cidr(struct making *making, struct err *err)
{
	CLEANUP(str_done) struct str guess = STR_EMPTY;
	CLEANUP(str_done) struct str question = STR_EMPTY;

	guess_cidr(&guess);
	session_info(making->session,
		     "The warehouse will have no public address. Who may "
		     "connect to it, by VPN or from within?");
	str_addf(&question, "Addresses, like 10.20.0.0/16%s%s%s: ",
		 guess.len > 0 ? " [" : "", guess.text,
		 guess.len > 0 ? "]" : "");
	for (;;) {
		CLEANUP(str_done) struct str answer = STR_EMPTY;
		struct err wrong = ERR_EMPTY;

		if (!session_ask(making->session, question.text, &answer, err))
			return false;
		str_trim_end(&answer);
		if (answer.len == 0)
			str_add(&answer, guess.text);
		if (answer.len == 0 ||
		    stack_conf_check_cidr(answer.text, &making->cidr, &wrong))
			return true;
		session_warn(making->session, "%s; %s", wrong.message,
			     wrong.hint);
	}
}

static bool choose_cidr(struct making *making, const struct args *args,
			struct err *err)
{
	const char *said = args_text(args, "--cidr");

	if (said != NULL)
		return stack_conf_check_cidr(said, &making->cidr, err) ||
		       err_wrap(err, "--cidr");
	return !session_is_interactive(making->session) ||
	       ask_cidr(making, err);
}

/* --- QuickSight --- */

/* An ARN as it is, so that nothing is asked of AWS; else a user's name. */
static bool choose_user(struct making *making, const struct args *args,
			struct err *err)
{
	CLEANUP(quicksight_done)
	struct quicksight quicksight = QUICKSIGHT_EMPTY;
	const char *said = args_text(args, "--quicksight");

	if (said == NULL)
		return true;
	if (str_starts(said, "arn:")) {
		str_add(&making->quicksight_user, said);
		return true;
	}
	return (dashboard_open(making->session, &quicksight, err) &&
		quicksight_find_user(&quicksight, said, false,
				     &making->quicksight_user, err)) ||
	       err_wrap(err, "--quicksight");
}

/* --- writing --- */

/* Without an AWS side the file is written all the same. */
static void find_region(struct making *making, struct str *out)
{
	struct err ignored = ERR_EMPTY;
	struct aws *aws = session_aws(making->session, &ignored);

	if (aws != NULL)
		str_add(out, worker_region(aws));
}

static bool write_files(struct making *making, struct err *err)
{
	CLEANUP(str_done) struct str from = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str conf = STR_EMPTY;
	CLEANUP(str_done) struct str region = STR_EMPTY;
	struct stack_conf_new new = {
		.stack = making->name.text,
		.cidr = making->cidr.text,
		.quicksight_user = making->quicksight_user.text,
		.serverless = making->serverless,
	};

	find_region(making, &region);
	new.region = region.text;
	stack_conf_write(&new, &conf);
	return path_share(making->serverless ? "platform/serverless.yaml"
					     : "platform/cluster.yaml",
			  &from, err) &&
	       file_read(from.text, TEMPLATE_MAX, &text, err) &&
	       file_make_dirs(making->folder.text, 0777, err) &&
	       file_write(making->template.text, text.text, text.len, 0644,
			  err) &&
	       file_write(making->conf.text, conf.text, conf.len, 0644, err);
}

static void say_next(const struct making *making, const char *folder)
{
	const char *blank = strcmp(folder, ".") == 0 ? "" : " ";

	session_info(making->session,
		     "Written: %s (%s) and %s. They are yours to change.",
		     making->template.text,
		     making->serverless ? "a serverless workgroup"
					: "a cluster",
		     making->conf.text);
	if (making->cidr.len == 0)
		session_info(making->session,
			     "Before anything else: AllowedCidr in %s needs "
			     "the addresses that may connect.",
			     making->conf.text);
	session_info(making->session,
		     "Next: \\platform plan%s%s shows what would be made; "
		     "nothing is, and nothing costs, before \\platform "
		     "create%s%s.",
		     blank, blank[0] ? folder : "", blank,
		     blank[0] ? folder : "");
}

bool platform_init_run(struct session *session, const struct args *args,
		       struct err *err)
{
	CLEANUP(making_done)
	struct making making = {
		.session = session,
		.serverless = args_flag(args, "--serverless"),
		.folder = STR_EMPTY,
		.template = STR_EMPTY,
		.conf = STR_EMPTY,
		.name = STR_EMPTY,
		.cidr = STR_EMPTY,
		.quicksight_user = STR_EMPTY,
	};
	const char *folder = args_text(args, "DIR");

	if (folder == NULL) {
		err_set(err, ERR_USAGE, "\\platform init: which folder?");
		return err_hint(err, "\\platform init sales makes the folder "
				     "sales and writes into it");
	}
	path_expand(folder, &making.folder);
	path_join(making.folder.text, STACK_TEMPLATE_FILE, &making.template);
	path_join(making.folder.text, STACK_CONF_FILE, &making.conf);
	if (!check_free(&making.template, err) ||
	    !check_free(&making.conf, err) ||
	    !choose_name(&making, args, err) ||
	    !choose_user(&making, args, err) ||
	    !choose_cidr(&making, args, err) || !write_files(&making, err))
		return false;
	say_next(&making, folder);
	return true;
}
