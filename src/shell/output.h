/* shell/output.h - where rows and text go: stdout, a file, a pipe, the pager.
 *
 * The only writer of stdout. Bytes are held until output_flush, or until
 * OUTPUT_HELD_BYTES are: so a statement that fails early has written nothing,
 * as in psql. A stack of targets: \o replaces the base, \g FILE and the
 * pager lie on top of it for one result.
 */
#ifndef SHELL_OUTPUT_H
#define SHELL_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/sink.h"

enum {
	OUTPUT_HELD_BYTES = 1 << 20,
	OUTPUT_BLOCK_BYTES = 16 << 10, /* need not be gathered with others */
};

struct output;

struct output *output_new(void);         /* standard output */
void output_free(struct output *output); /* flushes; NULL is fine */
CLEANUP_FREE(struct output, output_free, output_freep)

/* Opens a file for writing in place, or "|command". */
struct output *output_open(const char *target, struct err *err);

/* Flushes and closes; false: the data are not complete, or the command
 * failed to start. *out_status (may be NULL): of the command, as wait(2). */
bool output_close(struct output *output, int *out_status, struct err *err);

/* Borrowed; lives as long as the output. */
struct sink *output_sink(struct output *output);

/* Writes what is held. false: err says why, the rest is lost. */
bool output_flush(struct output *output, struct err *err);

/* Where the next byte will lie, and writing of what lies before a place. */
size_t output_place(const struct output *output);
void output_flush_to(struct output *output, size_t place);

/* Marks the place to which output_rollback takes back what has been written
 * since, as far as it is still held. */
size_t output_mark(struct output *output);
void output_rollback(struct output *output, size_t mark);

/* True once writing failed; output_failure says why, once. */
bool output_failed(const struct output *output);
bool output_failure(struct output *output, struct err *err);

/* A person looks on: bytes go out as they come. */
void output_set_eager(struct output *output, bool eager);

bool output_is_stdout(const struct output *output);

/* The pager in $PSQL_PAGER, $PAGER, or less, or more; NULL: none wanted. */
const char *output_pager(void);

/* It is none that the person chose: it shows colours. */
bool output_pager_is_own(void);

/* Holds lines back until there are more than min_lines (and then runs the
 * pager), or the output is closed (and then they go to stdout). */
struct output *output_open_paged(int min_lines, bool always,
				 struct output *below);

#endif
