/* Rows are the entries, read page by page while they are first looked at, and
 * kept folded, as they are compared, up to TEXT_BYTES; what is beyond is read
 * again for each comparison. A scan goes over the rows for one query; its
 * hits are row numbers, a list for each way to fit. When more is typed only
 * what has fitted so far is looked at again: what does not fit "sal" does not
 * fit "sale". */
#include "edit/picker.h"

#include <string.h>

#include "base/cancel.h"
#include "base/str.h"
#include "base/vec.h"
#include "edit/history.h"
#include "edit/history_store.h"
#include "edit/picker_match.h"

enum {
	PAGE = 250,
	TEXT_BYTES = 32 << 20, /* of all rows */
	BLOCK_BYTES = 256 << 10,
	FIRST_SLOTS = 1024,
	FIND_ENTRIES = 200, /* between looks at Ctrl-C */
};

struct row {
	int64_t id;
	uint64_t mask;
	uint64_t hash;    /* of the text as it is */
	const char *text; /* folded; NULL: to be read */
	uint32_t len;
	uint32_t place; /* index of a profile and database */
	bool failed;
	bool gone;
};

struct place {
	char *profile;
	char *database;
};

struct seen { /* hashes, 0: empty slot */
	uint64_t *slots;
	size_t size; /* a power of 2 */
	size_t count;
};

struct picker {
	struct history *history;
	struct {
		VEC(struct row);
	} rows; /* newest first */
	struct {
		VEC(struct place);
	} places;
	struct {
		VEC(char *);
	} blocks; /* of texts */
	size_t block_used, block_size;
	size_t text_bytes;
	bool read_all;

	struct str typed;
	struct picker_query query;
	enum picker_scope scope;
	bool hide_failed;

	struct {
		VEC(uint32_t); /* rows, ascending */
	} again;               /* to be looked at before the rest */
	size_t again_at;
	size_t scanned; /* rows, not counting again */
	struct seen seen;
	struct {
		VEC(uint32_t);
	} hits[PICKER_FITS];
	size_t chosen;
	bool moved; /* by the person: the entry is kept, not the place */

	struct str text; /* of the entry handed out */
	struct str profile;
	struct str database;
};

/* ---- hashes ---- */

static uint64_t hash(const char *text, size_t len)
{
	uint64_t value = 14695981039346656037u; /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		value = (value ^ (unsigned char)text[i]) * 1099511628211u;
	return value != 0 ? value : 1;
}

static bool put_slot(struct seen *seen, uint64_t value)
{
	size_t at = value & (seen->size - 1);

	while (seen->slots[at] != 0) {
		if (seen->slots[at] == value)
			return false;
		at = (at + 1) & (seen->size - 1);
	}
	seen->slots[at] = value;
	return true;
}

/* false: it was there. */
static bool add_seen(struct seen *seen, uint64_t value)
{
	if (seen->count * 2 >= seen->size) {
		struct seen larger = { .size = seen->size * 2,
				       .count = seen->count };

		larger.slots =
			mem_alloc_array(larger.size, sizeof(*larger.slots));
		for (size_t i = 0; i < seen->size; i++)
			if (seen->slots[i] != 0)
				put_slot(&larger, seen->slots[i]);
		mem_free(seen->slots);
		*seen = larger;
	}
	if (!put_slot(seen, value))
		return false;
	seen->count++;
	return true;
}

static void clear_seen(struct seen *seen)
{
	mem_free(seen->slots);
	seen->size = FIRST_SLOTS;
	seen->count = 0;
	seen->slots = mem_alloc_array(seen->size, sizeof(*seen->slots));
}

/* ---- a scan ---- */

/* The hits in the order of their rows, then those still to be looked at again:
 * they stand further down. */
static void keep_hits(struct picker *picker)
{
	size_t at[PICKER_FITS] = { 0 };
	size_t count = picker_count(picker);
	size_t left = picker->again.count - picker->again_at;
	uint32_t *rows = mem_alloc_array(count + left + 1, sizeof(*rows));

	for (size_t i = 0; i < count; i++) {
		size_t from = PICKER_FITS;
		uint32_t least = UINT32_MAX;

		for (size_t k = 0; k < PICKER_FITS; k++) {
			if (at[k] == picker->hits[k].count ||
			    picker->hits[k].items[at[k]] >= least)
				continue;
			from = k;
			least = picker->hits[k].items[at[k]];
		}
		rows[i] = least;
		at[from]++;
	}
	for (size_t i = 0; i < left; i++)
		rows[count + i] = picker->again.items[picker->again_at + i];
	vec_done(&picker->again);
	picker->again.items = rows;
	picker->again.count = count + left;
	picker->again.cap = count + left + 1;
}

static void begin_scan(struct picker *picker)
{
	picker_query_set(&picker->query, picker->typed.text, picker->typed.len);
	picker->again_at = 0;
	picker->chosen = 0;
	picker->moved = false;
	clear_seen(&picker->seen);
	for (size_t i = 0; i < COUNT_OF(picker->hits); i++)
		vec_clear(&picker->hits[i]);
}

static void restart(struct picker *picker)
{
	vec_clear(&picker->again);
	picker->scanned = 0;
	begin_scan(picker);
}

struct picker *picker_new(struct history *history, const char *typed)
{
	struct picker *picker = mem_alloc(sizeof(*picker));
	const struct picker_query no_query = PICKER_QUERY_EMPTY;
	const struct str empty = STR_EMPTY;

	picker->history = history;
	picker->typed = picker->text = empty;
	picker->profile = picker->database = empty;
	picker->query = no_query;
	picker->scope = *history_profile(history) ? PICKER_PROFILE : PICKER_ALL;
	str_set(&picker->typed, typed);
	restart(picker);
	return picker;
}

void picker_free(struct picker *picker)
{
	if (picker == NULL)
		return;
	for (size_t i = 0; i < picker->places.count; i++) {
		mem_free(picker->places.items[i].profile);
		mem_free(picker->places.items[i].database);
	}
	for (size_t i = 0; i < picker->blocks.count; i++)
		mem_free(picker->blocks.items[i]);
	for (size_t i = 0; i < COUNT_OF(picker->hits); i++)
		vec_done(&picker->hits[i]);
	vec_done(&picker->again);
	vec_done(&picker->rows);
	vec_done(&picker->places);
	vec_done(&picker->blocks);
	mem_free(picker->seen.slots);
	picker_query_done(&picker->query);
	str_done(&picker->typed);
	str_done(&picker->text);
	str_done(&picker->profile);
	str_done(&picker->database);
	mem_free(picker);
}

static bool in_scope(const struct picker *picker, const struct row *row)
{
	const struct place *place = &picker->places.items[row->place];

	if (row->gone || (picker->hide_failed && row->failed))
		return false;
	switch (picker->scope) {
	case PICKER_DATABASE:
		if (*place->database &&
		    strcmp(place->database,
			   history_database(picker->history)) != 0)
			return false;
		/* fall through */
	case PICKER_PROFILE:
		return !*place->profile ||
		       strcmp(place->profile,
			      history_profile(picker->history)) == 0;
	case PICKER_ALL:
	case PICKER_SCOPES:
		break;
	}
	return true;
}

static enum picker_fit fit_of(struct picker *picker, const struct row *row)
{
	CLEANUP(str_done) struct str folded = STR_EMPTY;

	if ((row->mask & picker->query.mask) != picker->query.mask)
		return PICKER_NONE;
	if (row->text || picker->query.count == 0)
		return picker_match(&picker->query, row->text ? row->text : "",
				    row->len);
	if (!history_store_text(history_store(picker->history), row->id,
				&picker->text))
		return PICKER_NONE;
	picker_fold(picker->text.text, picker->text.len, &folded);
	return picker_match(&picker->query, folded.text, folded.len);
}

static void scan_row(struct picker *picker, uint32_t at)
{
	const struct row *row = &picker->rows.items[at];
	enum picker_fit fit;
	size_t before = 0;

	if (!in_scope(picker, row))
		return;
	fit = fit_of(picker, row);
	if (fit == PICKER_NONE || !add_seen(&picker->seen, row->hash))
		return;
	for (int i = 0; i <= (int)fit; i++)
		before += picker->hits[i].count;
	vec_push(&picker->hits[fit], at);
	if (picker->moved && before <= picker->chosen)
		picker->chosen++;
}

/* ---- reading ---- */

static uint32_t place_of(struct picker *picker,
			 const struct history_entry *entry)
{
	struct place place;

	/* The last one found is the likeliest. */
	for (size_t i = picker->places.count; i-- > 0;)
		if (strcmp(picker->places.items[i].profile, entry->profile) ==
			    0 &&
		    strcmp(picker->places.items[i].database, entry->database) ==
			    0)
			return (uint32_t)i;
	place.profile = mem_copy_text(entry->profile);
	place.database = mem_copy_text(entry->database);
	vec_push(&picker->places, place);
	return (uint32_t)picker->places.count - 1;
}

/* Copied to memory that does not move; NULL: there is enough of it. */
static const char *keep_text(struct picker *picker, const struct str *text)
{
	char *to;

	if (picker->text_bytes + text->len > TEXT_BYTES)
		return NULL;
	if (picker->blocks.count == 0 ||
	    picker->block_used + text->len > picker->block_size) {
		picker->block_size =
			text->len > BLOCK_BYTES ? text->len : BLOCK_BYTES;
		picker->block_used = 0;
		vec_push(&picker->blocks, mem_alloc(picker->block_size));
	}
	to = picker->blocks.items[picker->blocks.count - 1] +
	     picker->block_used;
	memcpy(to, text->text, text->len);
	picker->block_used += text->len;
	picker->text_bytes += text->len;
	return to;
}

static bool add_row(void *context, const struct history_entry *entry)
{
	struct picker *picker = context;
	struct row row = {
		.id = entry->id,
		.hash = hash(entry->text, entry->len),
		.len = (uint32_t)entry->len,
		.failed = entry->outcome.status == HISTORY_ERROR ||
			  entry->outcome.status == HISTORY_CANCELLED,
	};

	str_clear(&picker->text);
	picker_fold(entry->text, entry->len, &picker->text);
	row.mask = picker_mask(picker->text.text, picker->text.len);
	row.text = keep_text(picker, &picker->text);
	row.place = place_of(picker, entry);
	vec_push(&picker->rows, row);
	return true;
}

static void read_page(struct picker *picker)
{
	struct history_store *store = history_store(picker->history);
	struct err err = ERR_EMPTY;
	size_t count = picker->rows.count;
	int64_t before = count > 0 ? picker->rows.items[count - 1].id : 0;

	if (!history_store_page(store, before, PAGE, add_row, picker, &err)) {
		history_failed(picker->history, &err);
		picker->read_all = true;
	}
	if (picker->rows.count < count + PAGE)
		picker->read_all = true;
}

bool picker_is_done(const struct picker *picker)
{
	return picker->read_all && picker->again_at == picker->again.count &&
	       picker->scanned == picker->rows.count;
}

bool picker_work(struct picker *picker, size_t entries)
{
	while (entries-- > 0 && !picker_is_done(picker)) {
		if (picker->again_at < picker->again.count) {
			scan_row(picker,
				 picker->again.items[picker->again_at++]);
			continue;
		}
		if (picker->scanned == picker->rows.count)
			read_page(picker);
		if (picker->scanned < picker->rows.count)
			scan_row(picker, (uint32_t)picker->scanned++);
	}
	return !picker_is_done(picker);
}

/* ---- what is looked for ---- */

const char *picker_typed(const struct picker *picker)
{
	return picker->typed.text;
}

void picker_type(struct picker *picker, const char *text, size_t len)
{
	size_t from = picker->typed.len;

	str_add_slice(&picker->typed, text, len);
	for (size_t i = from; i < picker->typed.len; i++)
		if ((unsigned char)picker->typed.text[i] < ' ')
			picker->typed.text[i] = ' ';
	keep_hits(picker);
	begin_scan(picker);
}

void picker_erase(struct picker *picker)
{
	size_t len = picker->typed.len;

	if (len == 0)
		return;
	do
		len--;
	while (len > 0 && (picker->typed.text[len] & 0xc0) == 0x80);
	str_cut(&picker->typed, len);
	restart(picker);
}

void picker_erase_word(struct picker *picker)
{
	size_t len = picker->typed.len;

	while (len > 0 && picker->typed.text[len - 1] == ' ')
		len--;
	while (len > 0 && picker->typed.text[len - 1] != ' ')
		len--;
	str_cut(&picker->typed, len);
	restart(picker);
}

void picker_erase_all(struct picker *picker)
{
	str_clear(&picker->typed);
	restart(picker);
}

enum picker_scope picker_scope(const struct picker *picker)
{
	return picker->scope;
}

void picker_next_scope(struct picker *picker)
{
	picker->scope = (picker->scope + 1) % PICKER_SCOPES;
	restart(picker);
}

bool picker_hides_failed(const struct picker *picker)
{
	return picker->hide_failed;
}

void picker_toggle_failed(struct picker *picker)
{
	picker->hide_failed = !picker->hide_failed;
	restart(picker);
}

const struct picker_query *picker_query(const struct picker *picker)
{
	return &picker->query;
}

/* ---- the list ---- */

size_t picker_count(const struct picker *picker)
{
	size_t count = 0;

	for (size_t i = 0; i < COUNT_OF(picker->hits); i++)
		count += picker->hits[i].count;
	return count;
}

bool picker_find(struct picker *picker)
{
	if (picker_count(picker) > 0)
		return true;
	while (picker->hits[0].count == 0 && !cancel_raised() &&
	       picker_work(picker, FIND_ENTRIES))
		continue;
	return picker_count(picker) > 0;
}

size_t picker_looked_at(const struct picker *picker)
{
	return picker->scanned;
}

size_t picker_chosen(const struct picker *picker)
{
	return picker->chosen;
}

void picker_move(struct picker *picker, int64_t by)
{
	int64_t count = (int64_t)picker_count(picker);
	int64_t to = (int64_t)picker->chosen + by;

	if (to >= count)
		to = count - 1;
	if (to < 0)
		to = 0;
	picker->chosen = (size_t)to;
	picker->moved = to > 0;
}

static struct row *row_at(struct picker *picker, size_t at)
{
	for (size_t i = 0; i < COUNT_OF(picker->hits); i++) {
		if (at < picker->hits[i].count)
			return &picker->rows.items[picker->hits[i].items[at]];
		at -= picker->hits[i].count;
	}
	return NULL;
}

struct taking {
	struct picker *picker;
	struct history_entry *entry;
	bool found;
};

static bool take_entry(void *context, const struct history_entry *entry)
{
	struct taking *taking = context;
	struct picker *picker = taking->picker;

	str_set_slice(&picker->text, entry->text, entry->len);
	str_set(&picker->profile, entry->profile);
	str_set(&picker->database, entry->database);
	*taking->entry = *entry;
	taking->entry->text = picker->text.text;
	taking->entry->profile = picker->profile.text;
	taking->entry->database = picker->database.text;
	taking->found = true;
	return false;
}

bool picker_entry(struct picker *picker, size_t at,
		  struct history_entry *out_entry)
{
	struct taking taking = { .picker = picker, .entry = out_entry };
	const struct row *row = row_at(picker, at);

	return row &&
	       history_store_page(history_store(picker->history), row->id + 1,
				  1, take_entry, &taking, NULL) &&
	       taking.found && out_entry->id == row->id;
}

bool picker_chosen_text(struct picker *picker, struct str *out)
{
	const struct row *row = row_at(picker, picker->chosen);

	return row &&
	       history_store_text(history_store(picker->history), row->id, out);
}

bool picker_delete(struct picker *picker, struct err *err)
{
	const struct row *row = row_at(picker, picker->chosen);
	size_t chosen = picker->chosen;
	uint64_t value;
	int64_t count;

	if (!row)
		return false;
	value = row->hash;
	if (!history_store_remove(history_store(picker->history), row->id,
				  &count, err))
		return false;
	history_forget(picker->history);
	for (size_t i = 0; i < picker->rows.count; i++)
		if (picker->rows.items[i].hash == value)
			picker->rows.items[i].gone = true;
	restart(picker);
	/* The one behind it is chosen then. */
	while (picker_count(picker) <= chosen && picker_work(picker, PAGE))
		;
	picker_move(picker, (int64_t)chosen);
	return true;
}
