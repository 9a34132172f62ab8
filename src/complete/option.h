/* complete/option.h - the parameters of COPY and UNLOAD that may come next.
 *
 * A loop over load/copy_option: what is given already, and what does not go
 * with it, is not offered again; the format decides what else fits.
 */
#ifndef COMPLETE_OPTION_H
#define COMPLETE_OPTION_H

#include "load/copy_option.h"

struct source_ask;

/* The cursor is behind the place FROM or TO names. */
void option_offer(const struct source_ask *ask, enum copy_verb verb);

/* Behind CREATE TEMPLATE name FOR COPY: without authorization. */
void option_offer_template(const struct source_ask *ask);

#endif
