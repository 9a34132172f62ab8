/* catalog/spell.h - how a name answers to what is typed.
 *
 * Words begin at the start of a name, behind anything that is no letter or
 * digit, at a capital behind a small letter and at a digit behind a letter.
 * Letters compare without case in ASCII; other bytes compare as they are.
 */
#ifndef CATALOG_SPELL_H
#define CATALOG_SPELL_H

#include <stdbool.h>
#include <stddef.h>

enum spell_match { /* the nearest that holds */
		   SPELL_NONE,
		   SPELL_PREFIX,
		   SPELL_WORD,  /* a later word begins with it */
		   SPELL_FUZZY, /* its letters in this order from a word start
				 * on, or one slip away from a prefix */
};

/* The offset of the next word of name behind at; 0: no more. */
size_t spell_next_word(const char *name, size_t at);

/* typed "" is a prefix of all. */
enum spell_match spell_match(const char *name, const char *typed);

/* word (a name from a word start on) answers to typed only by SPELL_FUZZY:
 * the first letters are the same, or the first two have changed places. */
bool spell_is_near(const char *word, const char *typed);

#endif
