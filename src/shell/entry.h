/* shell/entry.h - what the editor asks while a person types a statement. */
#ifndef SHELL_ENTRY_H
#define SHELL_ENTRY_H

struct editor_options;
struct session;

/* The editor's questions to the session, answered; colours and Tab too. */
void entry_options(struct session *session, struct editor_options *options);

#endif
