/* measure FILE PROGRAM ARGUMENT...
 *
 * Runs a program and writes what it took into FILE: seconds by the clock,
 * seconds of the processor (user and system, its own children included) and
 * the most memory in MiB. The count of memory begins with the process that
 * forks: this one is small, a Python is not. Ends as the program does. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	double start = now();
	struct rusage usage;
	FILE *to;
	pid_t pid;
	int status;

	if (argc < 3 ||
	    posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ) != 0 ||
	    wait4(pid, &status, 0, &usage) != pid)
		return 127;
	start = now() - start;
	to = fopen(argv[1], "w");
	if (to == NULL)
		return 127;
	fprintf(to, "%.4f %.4f %.2f\n", start,
		seconds(usage.ru_utime) + seconds(usage.ru_stime),
		(double)usage.ru_maxrss / 1024);
	if (fclose(to) != 0)
		return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
