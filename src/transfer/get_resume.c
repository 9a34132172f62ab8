#include "transfer/get.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/path.h"
#include "transfer/item.h"

enum { BLOCK = 256 * 1024 };

void get_add_range(struct item *item, int64_t at, const struct integrity *sum)
{
	struct get *get = item->state;

	get->sums[at] = *sum;
	get->have[at] = true;
	get->missing--;
}

/* What the file has there now. */
static bool count_range(const struct get *get, int64_t at,
			struct integrity *sum)
{
	CLEANUP(mem_freep) char *block = mem_alloc(BLOCK);
	int64_t offset = part_plan_offset(&get->plan, at);
	int64_t left = part_plan_length(&get->plan, at);

	integrity_start(sum, get->head.sum.kind);
	while (left > 0) {
		size_t want = left < BLOCK ? (size_t)left : BLOCK;
		ssize_t got = pread(get->fd, block, want, offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || cancel_raised())
			return false;
		integrity_feed(sum, block, (size_t)got);
		offset += got;
		left -= got;
	}
	return true;
}

/* A checksum tells whether it is on disk as it came; without one it is as
 * long as the machine runs on. */
static bool is_kept(const struct get *get, const struct journal_part *line,
		    struct integrity *sum)
{
	int64_t at = line->number;
	enum integrity_kind kind = get->head.sum.kind;
	struct integrity was = { 0 };

	if (at < 0 || at >= get->plan.part_count || get->have[at])
		return false;
	if (kind == INTEGRITY_NONE)
		return get->journal.this_boot;
	return integrity_parse(&was, kind, line->sum,
			       part_plan_length(&get->plan, at)) &&
	       count_range(get, at, sum) && sum->crc == was.crc;
}

void get_take_recorded(struct item *item)
{
	struct get *get = item->state;
	const struct journal *journal = &get->journal;
	int64_t resumed = 0;

	for (size_t i = 0; i < journal->count; i++) {
		struct integrity sum = { 0 };

		if (!is_kept(get, &journal->items[i], &sum))
			continue;
		get_add_range(item, journal->items[i].number, &sum);
		item->had_bytes +=
			part_plan_length(&get->plan, journal->items[i].number);
		resumed++;
	}
	if (resumed > 0)
		item_note(item, "%s: going on after %lld of %lld parts",
			  item->subject.text, (long long)resumed,
			  (long long)get->plan.part_count);
}

/* The file a record tells of, when it is that file still. */
static bool open_recorded(struct get *get)
{
	const struct journal *journal = &get->journal;
	struct stat status;
	int fd = open(journal->temporary.text, O_RDWR | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	    status.st_uid == geteuid() &&
	    (int64_t)status.st_dev == journal->device &&
	    (int64_t)status.st_ino == journal->inode) {
		get->fd = fd;
		str_set(&get->temporary, journal->temporary.text);
		return true;
	}
	close(fd);
	return false;
}

void get_start_record(struct item *item)
{
	struct get *get = item->state;
	struct journal *journal = &get->journal;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	struct err unkept = ERR_EMPTY;
	struct stat status;

	if (fstat(get->fd, &status) != 0)
		return;
	journal->size = get->head.size;
	journal->part_bytes = get->plan.part_bytes;
	str_set(&journal->etag, get->head.etag.text);
	str_set(&journal->sum_name, integrity_name(get->head.sum.kind));
	path_dir(journal->path.text, &folder);
	str_clear(&journal->temporary);
	path_join(folder.text, path_base(get->temporary.text),
		  &journal->temporary);
	journal->device = (int64_t)status.st_dev;
	journal->inode = (int64_t)status.st_ino;
	if (!journal_start(journal, &unkept))
		item_note(item, "%s: cannot be resumed: %s", item->subject.text,
			  unkept.message);
}

bool get_resume(struct item *item)
{
	struct get *get = item->state;
	struct journal *journal = &get->journal;

	if (journal->temporary.len == 0)
		return false;
	if (!open_recorded(get))
		return false;
	get->keep = true;
	if (journal->size == get->head.size &&
	    strcmp(journal->etag.text, get->head.etag.text) == 0 &&
	    strcmp(journal->sum_name.text,
		   integrity_name(get->head.sum.kind)) == 0 &&
	    part_plan_make(&get->plan, get->head.size, journal->part_bytes,
			   NULL))
		return true;
	item_note(item, "%s: the object has changed, starting anew",
		  item->subject.text);
	close(get->fd);
	unlink(get->temporary.text);
	str_clear(&get->temporary);
	get->fd = -1;
	return false;
}

bool get_open_record(struct item *item, struct err *err)
{
	struct get *get = item->state;
	CLEANUP(str_done) struct str uri = STR_EMPTY;
	struct journal_name name = {
		.way = JOURNAL_DOWNLOAD,
		.path = get->path.text,
		.endpoint = worker_endpoint(item->aws),
	};

	s3_uri_add(&item->what.uri, &uri);
	name.uri = uri.text;
	return journal_open(&get->journal, &name, err);
}
