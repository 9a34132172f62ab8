/* shell/completion.h - what bash, zsh and fish complete of the program's
 * options: their scripts, made from option_table.
 */
#ifndef SHELL_COMPLETION_H
#define SHELL_COMPLETION_H

struct str;

void completion_bash(struct str *out);
void completion_zsh(struct str *out);
void completion_fish(struct str *out);

#endif
