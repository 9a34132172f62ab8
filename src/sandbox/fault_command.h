/* sandbox/fault_command.h - "redsh-sandbox fault": rules added, listed, cleared.
 *
 * Reads its own arguments and prints to stdout and stderr.
 */
#ifndef SANDBOX_FAULT_COMMAND_H
#define SANDBOX_FAULT_COMMAND_H

/* argv[0] is "fault". Returns the exit status. */
int fault_command_run(int argc, char **argv);

#endif
