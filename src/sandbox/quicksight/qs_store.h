/* sandbox/quicksight/qs_store.h - what QuickSight keeps: DIR/quicksight.db.
 *
 * A record is a JSON object under kind, parent and id: a data source
 * ("datasource", region, id), an ingestion ("ingestion", region/data set, id).
 * Work that is still to be done stands beside it, so that a restart takes it
 * up. Any thread may use a store.
 */
#ifndef SANDBOX_QUICKSIGHT_QS_STORE_H
#define SANDBOX_QUICKSIGHT_QS_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct json;
struct qs_store;
struct str;

struct qs_key {
	const char *kind;
	const char *parent;
	const char *id;
};

struct qs_store *qs_store_open(const char *dir, struct err *err);
void qs_store_close(struct qs_store *store); /* NULL is fine */
CLEANUP_FREE(struct qs_store, qs_store_close, qs_store_closep)

/* NULL: ERR_MISSING, or the file failed. */
struct json *qs_store_get(struct qs_store *store, struct qs_key key,
			  struct err *err);
bool qs_store_has(struct qs_store *store, struct qs_key key);

/* Makes it or puts it in the place of the old one. */
bool qs_store_put(struct qs_store *store, struct qs_key key,
		  const struct json *record, struct err *err);
bool qs_store_drop(struct qs_store *store, struct qs_key key, struct err *err);
/* All of the kind below parent. */
bool qs_store_drop_all(struct qs_store *store, const char *kind,
		       const char *parent, struct err *err);

/* Reads, lets change alter the record, writes; nobody comes between. change
 * false: nothing is written. ERR_MISSING. */
typedef bool qs_store_changer(void *context, struct json *record,
			      struct err *err);
bool qs_store_change(struct qs_store *store, struct qs_key key,
		     qs_store_changer *change, void *context, struct err *err);

/* An array of the records, oldest first; key.id is not looked at, parent NULL:
 * of all. */
struct json *qs_store_list(struct qs_store *store, struct qs_key key,
			   struct err *err);

/* --- work --- */

bool qs_store_add_work(struct qs_store *store, struct qs_key key,
		       struct err *err);

/* The oldest; false: there is none. Appends to the three. */
bool qs_store_next_work(struct qs_store *store, int64_t *out_number,
			struct str *out_kind, struct str *out_parent,
			struct str *out_id);
void qs_store_end_work(struct qs_store *store, int64_t number);

#endif
