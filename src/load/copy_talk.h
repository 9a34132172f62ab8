/* load/copy_talk.h - what \copyfrom tells before it loads: objects, format,
 * and what looks wrong. Above it is load/copyfrom; nothing else includes it.
 */
#ifndef LOAD_COPY_TALK_H
#define LOAD_COPY_TALK_H

struct copyfrom;
struct infer;
struct rows;

/* Objects and format as information; strays, mixed compression, ragged lines,
 * swapped dates and columns that do not fit as warnings. */
void copy_talk_describe(const struct copyfrom *copy);

/* Columns, types and samples as rows; yours to rows_free. */
struct rows *copy_talk_columns(const struct infer *infer);

#endif
