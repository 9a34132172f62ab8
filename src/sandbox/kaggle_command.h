/* sandbox/kaggle_command.h - "redsh-sandbox kaggle": data sets added, listed.
 *
 * Reads its own arguments and prints to stdout and stderr. Works whether the
 * sandbox runs or not.
 */
#ifndef SANDBOX_KAGGLE_COMMAND_H
#define SANDBOX_KAGGLE_COMMAND_H

/* argv[0] is "kaggle". Returns the exit status. */
int kaggle_command_run(int argc, char **argv);

#endif
