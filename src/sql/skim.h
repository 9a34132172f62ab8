/* sql/skim.h - passes over SQL text that tells nothing about where it ends.
 *
 * The splitter looks for semicolons, backslashes, variables and parentheses
 * outside of quotes. This moves a lexer from token start to token start over
 * words, numbers, operators, closed literals and line comments without making
 * tokens of them, several times as fast. Agrees with sql/lexer; a unit test
 * of the splitter compares.
 */
#ifndef SQL_SKIM_H
#define SQL_SKIM_H

#include "sql/lexer.h"

/* Moves lexer->at, which is outside of quotes at a token's start, to the next
 * token that must be looked at, or to the end. *depth counts the parentheses
 * passed, never below 0. */
void skim(struct lexer *lexer, int *depth);

#endif
