#include "shell/signals.h"

#include <signal.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/mem.h"

static void on_interrupt(int signal_number)
{
	(void)signal_number;
	cancel_raise();
}

static void on_posted(int signal_number)
{
	cancel_post(signal_number);
}

/* At the prompt the editor leaves in good order; a query, a pager or a
 * password would not hear of it: then it ends the program as it does psql. */
static void on_end(int signal_number)
{
	if (cancel_is_heard()) {
		cancel_post(signal_number);
		return;
	}
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static void install(int signal_number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler,
				    .sa_flags = SA_RESTART };

	sigaction(signal_number, &action, NULL);
}

/* The editor puts the terminal in order first. */
static void on_stop(int signal_number)
{
	if (cancel_is_heard())
		cancel_post(signal_number);
	else
		signals_stop();
}

/* Also from a handler. The default leaves a process alone that no shell looks
 * after. */
void signals_stop(void)
{
	sigset_t stop, before;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	install(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	install(SIGTSTP, on_stop);
}

static bool is_ignored(int signal_number)
{
	struct sigaction now;

	return sigaction(signal_number, NULL, &now) == 0 &&
	       now.sa_handler == SIG_IGN;
}

bool signals_install(bool leave_at_once, struct err *err)
{
	static const int ends[] = { SIGTERM, SIGHUP };

	if (!cancel_open(err))
		return false;
	install(SIGINT, on_interrupt);
	install(SIGPIPE, SIG_IGN);
	install(SIGWINCH, on_posted);
	install(SIGCONT, on_posted);
	if (!leave_at_once && !is_ignored(SIGTSTP))
		install(SIGTSTP, on_stop);
	for (size_t i = 0; !leave_at_once && i < COUNT_OF(ends); i++)
		install(ends[i], on_end);
	return true;
}

void signals_die_of_pipe(void)
{
	install(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
	_exit(141);
}
