/* load/sniff_text.h - delimiter, quotes, comment lines and records of a sample:
 * the inside of load/sniff, and nobody else's.
 *
 * Each byte that could part fields is tried on all lines; the one by which
 * they fall into records of one width wins. Pure.
 */
#ifndef LOAD_SNIFF_TEXT_H
#define LOAD_SNIFF_TEXT_H

struct sniff;

/* sniff->text is the sample, .kind SNIFF_DELIMITED, line ends are known; fills
 * all from delimiter to records, and may turn kind into SNIFF_FIXED. */
void sniff_text(struct sniff *sniff);

#endif
