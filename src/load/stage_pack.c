#include "load/stage_pack.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mailbox.h"
#include "base/vec.h"
#include "data/pack_blocks.h"

enum {
	MAX_THREADS = 8,
	MAX_SLOTS = 2 * MAX_THREADS + 2,
};

enum slot_state { SLOT_EMPTY, SLOT_FULL, SLOT_BUSY, SLOT_PACKED };

/* A block on its way: EMPTY -> FULL (put) -> BUSY (a worker has it) -> PACKED
 * -> EMPTY (written to the piece). */
struct slot {
	enum slot_state state;
	bool ends_piece;
	struct str text;
	struct str packed;
	struct pack_blocks_sum sum;
};

struct stage_pack {
	struct stage_pack_options options;
	pthread_t threads[MAX_THREADS];
	int thread_count;
	int64_t slot_count;	/* each has some MiB */
	struct mailbox *inbox;	/* of the taker: struct stage_piece; an empty
				 * one only wakes it */
	int stop_fd;		/* eventfd */
	bool begun_piece;	/* of the giver */

	/* Under lock. Block n is in slots[n % pack->slot_count]. */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct slot slots[MAX_SLOTS];
	int64_t put, started, written;	/* counts of blocks */
	bool writing;		/* a worker appends to the piece */
	bool ended, stopped;
	int alive;		/* pieces with a file */
	int64_t made, taken;	/* pieces finished; given out */
	int64_t plain_bytes;
	struct err err;

	/* Of the worker that is writing. */
	struct stage_piece piece;
	struct pack_blocks_sum sum;
	bool has_piece;
};

/* --- ends --- */

static void fail(struct stage_pack *pack, const struct err *err)
{
	pthread_mutex_lock(&pack->lock);
	if (pack->err.kind == ERR_NONE && !pack->stopped)
		pack->err = *err;
	pthread_mutex_unlock(&pack->lock);
	stage_pack_stop(pack);
}

static void wake_taker(struct stage_pack *pack)
{
	struct stage_piece *none = mem_alloc(sizeof(*none));

	none->fd = -1;
	mailbox_post(pack->inbox, none);
}

void stage_pack_stop(struct stage_pack *pack)
{
	uint64_t one = 1;
	ssize_t put;

	pthread_mutex_lock(&pack->lock);
	pack->stopped = true;
	pthread_cond_broadcast(&pack->changed);
	pthread_mutex_unlock(&pack->lock);
	put = write(pack->stop_fd, &one, sizeof(one));
	(void)put;
	wake_taker(pack);
}

int stage_pack_stop_fd(const struct stage_pack *pack)
{
	return pack->stop_fd;
}

static void free_piece(void *message)
{
	struct stage_piece *piece = message;

	if (piece->fd >= 0)
		close(piece->fd);
	mem_free(piece);
}

/* --- writing a piece --- */

static bool write_all(int fd, const struct str *bytes, struct err *err)
{
	size_t done = 0;

	while (done < bytes->len) {
		ssize_t put = write(fd, bytes->text + done, bytes->len - done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put > 0) {
			done += (size_t)put;
			continue;
		}
		err_set_errno(err, errno, "keeping a piece until it is sent");
		return err_hint(err, "pieces wait in the folder TMPDIR names; "
				     "it needs some room");
	}
	return true;
}

static bool open_file(struct stage_pack *pack, struct err *err)
{
	const char *folder = getenv("TMPDIR");
	CLEANUP(str_done) struct str name = STR_EMPTY;

	str_addf(&name, "%s/redsh-stage-XXXXXX",
		 folder != NULL && folder[0] != '\0' ? folder : "/tmp");
	pack->piece.fd = mkostemp(name.text, O_CLOEXEC);
	if (pack->piece.fd < 0)
		return err_set_errno(err, errno, "cannot write %s", name.text);
	unlink(name.text);
	return true;
}

/* Waits until there is room for one more on disk. */
static bool begin_piece(struct stage_pack *pack, struct err *err)
{
	CLEANUP(str_done) struct str head = STR_EMPTY;
	bool stopped;

	pthread_mutex_lock(&pack->lock);
	while (pack->alive >= pack->options.pieces && !pack->stopped)
		pthread_cond_wait(&pack->changed, &pack->lock);
	stopped = pack->stopped;
	pack->alive += !stopped;
	pthread_mutex_unlock(&pack->lock);
	if (stopped)
		return err_set(err, ERR_CANCELLED, "stopped");
	pack->piece.number++;
	pack->piece.bytes = 0;
	pack->sum = (struct pack_blocks_sum){ 0 };
	pack->has_piece = true;
	pack_blocks_head(pack->options.kind, &head);
	pack->piece.bytes += (int64_t)head.len;
	return open_file(pack, err) && write_all(pack->piece.fd, &head, err);
}

static bool finish_piece(struct stage_pack *pack, struct err *err)
{
	CLEANUP(str_done) struct str tail = STR_EMPTY;
	struct stage_piece *piece;

	pack_blocks_tail(pack->options.kind, &pack->sum, &tail);
	if (!write_all(pack->piece.fd, &tail, err))
		return false;
	pack->piece.bytes += (int64_t)tail.len;
	piece = mem_alloc(sizeof(*piece));
	*piece = pack->piece;
	pack->piece.fd = -1;
	pack->has_piece = false;
	pthread_mutex_lock(&pack->lock);
	pack->made++;
	pthread_mutex_unlock(&pack->lock);
	mailbox_post(pack->inbox, piece);
	return true;
}

static bool write_block(struct stage_pack *pack, struct slot *slot,
			struct err *err)
{
	if (!pack->has_piece && !begin_piece(pack, err))
		return false;
	if (!write_all(pack->piece.fd, &slot->packed, err))
		return false;
	pack->piece.bytes += (int64_t)slot->packed.len;
	pack_blocks_join(pack->options.kind, &pack->sum, &slot->sum);
	return !slot->ends_piece || finish_piece(pack, err);
}

/* Blocks that are packed go to the piece in their order, by one worker at a
 * time: whoever packs the next one writes all that is ready. */
static void write_ready(struct stage_pack *pack)
{
	struct err err = ERR_EMPTY;

	while (!pack->stopped && pack->written < pack->started) {
		struct slot *slot = &pack->slots[pack->written % pack->slot_count];
		bool good;

		if (slot->state != SLOT_PACKED)
			break;
		pthread_mutex_unlock(&pack->lock);
		good = write_block(pack, slot, &err);
		if (!good)
			fail(pack, &err);
		pthread_mutex_lock(&pack->lock);
		slot->state = SLOT_EMPTY;
		pack->written++;
		pack->plain_bytes += slot->sum.len;
		pthread_cond_broadcast(&pack->changed);
	}
	if (pack->ended && pack->written == pack->put)
		wake_taker(pack);
}

/* --- workers --- */

static bool has_work(const struct stage_pack *pack)
{
	return pack->started < pack->put;
}

static void pack_slot(struct block_packer *packer, struct slot *slot)
{
	str_clear(&slot->packed);
	pack_block(packer, slot->text.text, slot->text.len, slot->ends_piece,
		   &slot->packed, &slot->sum);
}

static void *work(void *context)
{
	struct stage_pack *pack = context;
	CLEANUP(block_packer_freep)
	struct block_packer *packer =
		block_packer_new(pack->options.kind, pack->options.level);

	pthread_mutex_lock(&pack->lock);
	for (;;) {
		struct slot *slot;

		while (!has_work(pack) && !pack->ended && !pack->stopped)
			pthread_cond_wait(&pack->changed, &pack->lock);
		if (pack->stopped || !has_work(pack))
			break;
		slot = &pack->slots[pack->started++ % pack->slot_count];
		slot->state = SLOT_BUSY;
		pthread_mutex_unlock(&pack->lock);
		pack_slot(packer, slot);
		pthread_mutex_lock(&pack->lock);
		slot->state = SLOT_PACKED;
		if (pack->writing)
			continue;
		pack->writing = true;
		write_ready(pack);
		pack->writing = false;
	}
	pthread_mutex_unlock(&pack->lock);
	return NULL;
}

static int count_threads(int wanted)
{
	long here = sysconf(_SC_NPROCESSORS_ONLN);

	if (wanted <= 0)
		wanted = here > 0 ? (int)here : 1;
	return wanted > MAX_THREADS ? MAX_THREADS : wanted;
}

struct stage_pack *stage_pack_new(const struct stage_pack_options *options,
				  struct err *err)
{
	struct stage_pack *pack;
	int wanted = count_threads(options->threads);

	if (!pack_blocks_load(options->kind, err))
		return NULL;
	pack = mem_alloc(sizeof(*pack));
	pack->options = *options;
	pack->slot_count = 2 * wanted + 2;
	pack->piece.fd = -1;
	pthread_mutex_init(&pack->lock, NULL);
	pthread_cond_init(&pack->changed, NULL);
	for (size_t i = 0; i < MAX_SLOTS; i++) {
		pack->slots[i].text = (struct str)STR_EMPTY;
		pack->slots[i].packed = (struct str)STR_EMPTY;
	}
	pack->stop_fd = eventfd(0, EFD_CLOEXEC);
	pack->inbox = mailbox_new(free_piece, err);
	if (pack->stop_fd < 0)
		err_set_errno(err, errno, "cannot make an event");
	for (int i = 0; i < wanted && pack->inbox != NULL &&
			pack->stop_fd >= 0;
	     i++) {
		int failed = pthread_create(&pack->threads[i], NULL, work,
					    pack);

		if (failed == 0)
			pack->thread_count++;
		else if (i == 0)
			err_set_errno(err, failed, "cannot start a thread");
	}
	if (pack->thread_count > 0)
		return pack;
	stage_pack_free(pack);
	return NULL;
}

void stage_pack_free(struct stage_pack *pack)
{
	if (pack == NULL)
		return;
	if (pack->thread_count > 0)
		stage_pack_stop(pack);
	for (int i = 0; i < pack->thread_count; i++)
		pthread_join(pack->threads[i], NULL);
	for (size_t i = 0; i < MAX_SLOTS; i++) {
		str_done(&pack->slots[i].text);
		str_done(&pack->slots[i].packed);
	}
	if (pack->piece.fd >= 0)
		close(pack->piece.fd);
	if (pack->stop_fd >= 0)
		close(pack->stop_fd);
	if (pack->inbox != NULL)
		mailbox_free(pack->inbox);
	pthread_cond_destroy(&pack->changed);
	pthread_mutex_destroy(&pack->lock);
	mem_free(pack);
}

/* --- the giver --- */

static void swap(struct str *one, struct str *two)
{
	struct str other = *one;

	*one = *two;
	*two = other;
}

static bool put_block(struct stage_pack *pack, struct str *text,
		      bool ends_piece)
{
	struct slot *slot;
	bool stopped;

	pthread_mutex_lock(&pack->lock);
	slot = &pack->slots[pack->put % pack->slot_count];
	while (slot->state != SLOT_EMPTY && !pack->stopped)
		pthread_cond_wait(&pack->changed, &pack->lock);
	stopped = pack->stopped;
	if (!stopped) {
		swap(&slot->text, text);
		slot->ends_piece = ends_piece;
		slot->state = SLOT_FULL;
		pack->put++;
		pthread_cond_broadcast(&pack->changed);
	}
	pthread_mutex_unlock(&pack->lock);
	str_clear(text);
	return !stopped;
}

bool stage_pack_put(struct stage_pack *pack, struct str *text)
{
	if (text->len == 0)
		return true;
	pack->begun_piece = true;
	return put_block(pack, text, false);
}

bool stage_pack_end_piece(struct stage_pack *pack)
{
	CLEANUP(str_done) struct str none = STR_EMPTY;

	if (!pack->begun_piece)
		return true;
	pack->begun_piece = false;
	return put_block(pack, &none, true);
}

void stage_pack_end(struct stage_pack *pack, const struct err *err)
{
	if (err != NULL) {
		fail(pack, err);
		return;
	}
	pthread_mutex_lock(&pack->lock);
	pack->ended = true;
	pthread_cond_broadcast(&pack->changed);
	pthread_mutex_unlock(&pack->lock);
	wake_taker(pack);
}

/* --- the taker --- */

int stage_pack_fd(const struct stage_pack *pack)
{
	return mailbox_fd(pack->inbox);
}

/* What there is when no piece waits. */
static enum stage_pack_step state(struct stage_pack *pack, struct err *err)
{
	enum stage_pack_step step = STAGE_PACK_NONE;

	pthread_mutex_lock(&pack->lock);
	if (pack->stopped) {
		step = STAGE_PACK_FAILED;
		if (err != NULL && pack->err.kind != ERR_NONE)
			*err = pack->err;
		else
			err_set(err, ERR_CANCELLED, "stopped");
	} else if (pack->ended && pack->written == pack->put &&
		   pack->taken == pack->made) {
		step = STAGE_PACK_END;
	}
	pthread_mutex_unlock(&pack->lock);
	return step;
}

enum stage_pack_step stage_pack_take(struct stage_pack *pack,
				     struct stage_piece *out, struct err *err)
{
	struct stage_piece *piece;

	while ((piece = mailbox_take(pack->inbox)) != NULL) {
		*out = *piece;
		mem_free(piece);
		if (out->fd < 0)
			continue;
		pthread_mutex_lock(&pack->lock);
		pack->taken++;
		pthread_mutex_unlock(&pack->lock);
		return STAGE_PACK_PIECE;
	}
	return state(pack, err);
}

void stage_pack_sent(struct stage_pack *pack)
{
	pthread_mutex_lock(&pack->lock);
	pack->alive--;
	pthread_cond_broadcast(&pack->changed);
	pthread_mutex_unlock(&pack->lock);
}

int64_t stage_pack_done(struct stage_pack *pack)
{
	int64_t bytes;

	pthread_mutex_lock(&pack->lock);
	bytes = pack->plain_bytes;
	pthread_mutex_unlock(&pack->lock);
	return bytes;
}
