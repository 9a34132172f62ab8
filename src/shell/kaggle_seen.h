/* shell/kaggle_seen.h - names of Kaggle for Tab: what this session has met,
 * and the data sets that were listed or fetched before.
 *
 * The latter are kept in kaggle.names of the cache folder, newest first, none
 * with --no-cache: lines of "owner/set" and "owner/set<TAB>file". Names only.
 * A file that cannot be read or written is no file: Tab knows less then.
 */
#ifndef SHELL_KAGGLE_SEEN_H
#define SHELL_KAGGLE_SEEN_H

struct complete_offer;
struct session;

/* The data sets, or with set the files of that one. */
void kaggle_seen_offer(struct session *session, const char *set,
		       struct complete_offer *offer);

#endif
