/* shell/picture.h - a result drawn as a chart, where results go. */
#ifndef SHELL_PICTURE_H
#define SHELL_PICTURE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"
#include "chart/wish.h"

struct rows;
struct session;

struct picture {
	struct chart_wish wish;
	int width, height; /* 0: as the screen is */
	bool plain, ascii;
	char *svg;       /* a file instead of text; NULL: none */
	bool vega;       /* a specification instead of text ... */
	char *vega_file; /* ... in a file; NULL: where results go */
};

void picture_free(struct picture *picture); /* NULL is fine */
CLEANUP_FREE(struct picture, picture_free, picture_freep)

/* Reads rows to their end; at a prompt they are the last result then. */
bool picture_draw(struct session *session, const struct picture *picture,
		  struct rows *rows, struct err *err);

/* The last result. */
bool picture_draw_last(struct session *session, const struct picture *picture,
		       struct err *err);

#endif
