/* An object to a file: beside its target under a temporary name, verified,
 * then renamed. Small ones whose size and ETag a listing told go by one GET;
 * for others HEAD comes first (LOOKING), then ranges several at a time, each
 * only if the object still has that ETag. What is verified: the CRC that S3
 * keeps of the whole, joined from the ranges'; else, where the ETag is an MD5
 * of the bytes, that one.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "aws/call.h"
#include "aws/s3_object.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/file.h"
#include "base/path.h"
#include "base/units.h"
#include "data/encode.h"
#include "data/hash.h"
#include "transfer/item.h"
#include "transfer/journal.h"
#include "transfer/part_plan.h"

enum {
	NAME_MAX_BYTES = 255, /* of a file, on all file systems we know */
	BLOCK = 256 * 1024,
	SHORT_REPLIES = 10,   /* of one object, then it fails */
};

enum stage { STAGE_LOOKING, STAGE_FETCHING };

struct get {
	enum stage stage;
	struct str path;      /* where links lead */
	struct str temporary; /* "": none, or it has its final name */
	int fd;
	bool keep;            /* the temporary file can be gone on with */
	struct s3_head head;
	struct part_plan plan;
	struct journal journal;
	struct integrity *sums; /* [plan.part_count], of ranges */
	bool *have;             /* [plan.part_count] */
	int64_t next;
	int64_t missing;
	int short_replies;
	bool verified;
	bool is_wrong;          /* by its checksum */
	bool anew;              /* it was, once before */
};

static bool is_whole(const struct get *get)
{
	return get->plan.part_count <= 1;
}

/* --- where it goes --- */

/* A link stays a link, what it leads to is written anew. */
static bool find_path(struct get *get, const char *path, struct err *err)
{
	struct stat status;
	char *real;

	str_set(&get->path, path);
	if (lstat(path, &status) != 0)
		return true;
	if (S_ISLNK(status.st_mode)) {
		real = realpath(path, NULL);
		if (real != NULL)
			str_set(&get->path, real);
		free(real);
		if (stat(path, &status) != 0)
			return true;
	}
	if (S_ISREG(status.st_mode))
		return true;
	err_set(err, ERR_USAGE, "%s is %s", path,
		S_ISDIR(status.st_mode) ? "a folder" : "no regular file");
	return err_hint(err, "name a file to write");
}

/* "name.part-1a2b3c4d"; a long name gives way. */
static void name_temporary(struct get *get)
{
	const char *base = path_base(get->path.text);
	size_t folder = (size_t)(base - get->path.text);
	size_t len = strlen(base);
	uint32_t random;

	hash_random(&random, sizeof(random));
	if (len > NAME_MAX_BYTES - 14)
		len = NAME_MAX_BYTES - 14;
	str_set_slice(&get->temporary, get->path.text, folder + len);
	str_addf(&get->temporary, ".part-%08x", random);
}

static int create(const char *path)
{
	return open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0666);
}

static bool open_temporary(struct item *item, struct err *err)
{
	struct get *get = item->state;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	int failed;

	name_temporary(get);
	get->fd = create(get->temporary.text);
	if (get->fd < 0 && errno == ENOENT && item->what.makes_folders) {
		path_dir(get->path.text, &folder);
		if (!file_make_dirs(folder.text, 0777, err))
			return false;
		get->fd = create(get->temporary.text);
	}
	if (get->fd >= 0)
		return true;
	failed = errno;
	str_clear(&get->temporary);
	return err_set_errno(err, failed, "cannot write %s",
			     item->what.path.text);
}

/* Better now than after an hour. */
static bool check_room(const struct item *item, struct err *err)
{
	const struct get *get = item->state;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	int64_t wanted = get->head.size - item->had_bytes;
	struct statvfs disk;

	if (fstatvfs(get->fd, &disk) != 0 ||
	    wanted <= (int64_t)disk.f_bavail * (int64_t)disk.f_frsize)
		return true;
	str_add(&text, "needs ");
	units_add_bytes(&text, wanted);
	str_add(&text, ", ");
	units_add_bytes(&text, (int64_t)disk.f_bavail * (int64_t)disk.f_frsize);
	str_add(&text, " are free");
	err_set_errno(err, ENOSPC, "cannot write %s", item->what.path.text);
	return err_hint(err, "%s", text.text);
}

/* Only to be faster: ranges come in any order, and a file that has its blocks
 * takes them at a fifth less of the processor. Not all file systems can. */
static void take_room(const struct get *get)
{
	if (get->plan.part_count > 1)
		(void)!fallocate(get->fd, 0, 0, get->head.size);
}

/* Blocks that are there before the bytes spare the kernel a third of its work.
 * Not in memory, where it would be all the work at once. What cannot be done
 * is not needed. */
static void reserve(const struct get *get)
{
	struct statfs disk;

	if (fstatfs(get->fd, &disk) == 0 && disk.f_type != TMPFS_MAGIC)
		(void)!fallocate(get->fd, 0, 0, get->head.size);
}

/* --- what was fetched before --- */

static void add_range(struct item *item, int64_t at,
		      const struct integrity *sum)
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

static void take_recorded(struct item *item)
{
	struct get *get = item->state;
	const struct journal *journal = &get->journal;
	int64_t resumed = 0;

	for (size_t i = 0; i < journal->count; i++) {
		struct integrity sum = { 0 };

		if (!is_kept(get, &journal->items[i], &sum))
			continue;
		add_range(item, journal->items[i].number, &sum);
		item->had_bytes += part_plan_length(
			&get->plan, journal->items[i].number);
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
	int fd = open(journal->temporary.text,
		      O_RDWR | O_NOFOLLOW | O_CLOEXEC);

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

static void start_record(struct item *item)
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
		item_note(item, "%s: cannot be resumed: %s",
			  item->subject.text, unkept.message);
}

/* Another content than before begins anew. */
static bool resume(struct item *item)
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

static bool open_record(struct item *item, struct err *err)
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

static bool begin_ranges(struct item *item, struct err *err)
{
	struct get *get = item->state;
	bool resumes;

	if (!open_record(item, err))
		return false;
	resumes = resume(item);
	if (!resumes && !open_temporary(item, err))
		return false;
	get->missing = get->plan.part_count;
	get->sums = mem_alloc_array((size_t)get->plan.part_count,
				    sizeof(*get->sums));
	get->have = mem_alloc_array((size_t)get->plan.part_count,
				    sizeof(*get->have));
	if (resumes)
		take_recorded(item);
	if (!check_room(item, err))
		return false;
	take_room(get);
	if (!resumes) {
		reserve(get);
		start_record(item);
	}
	get->keep = get->journal.fd >= 0;
	return true;
}

/* --- requests --- */

static bool ask_range(struct item *item, int64_t at, struct err *err)
{
	struct get *get = item->state;
	int64_t offset = part_plan_offset(&get->plan, at);
	int64_t length = part_plan_length(&get->plan, at);
	struct call *call = call_new(OPERATION_GET_OBJECT);
	char range[64];

	call_set_uri(call, &item->what.uri);
	snprintf(range, sizeof(range), "bytes=%" PRId64 "-%" PRId64, offset,
		 offset + length - 1);
	call_add_header(call, "range", range);
	if (get->head.etag.len > 0)
		call_add_header(call, "if-match", get->head.etag.text);
	call->reply_kind = get->head.sum.kind;
	if (!call_set_reply_file(call, get->fd, offset, length, err)) {
		call_free(call);
		return false;
	}
	item_send_take(item, call);
	return true;
}

static bool ask_whole(struct item *item, struct err *err)
{
	struct get *get = item->state;
	struct call *call;

	if (get->fd < 0 && !open_temporary(item, err))
		return false;
	if (!check_room(item, err))
		return false;
	call = call_new(OPERATION_GET_OBJECT);
	call_set_uri(call, &item->what.uri);
	if (get->head.etag.len > 0)
		call_add_header(call, "if-match", get->head.etag.text);
	if (!call_set_reply_file(call, get->fd, 0, get->head.size, err)) {
		call_free(call);
		return false;
	}
	get->stage = STAGE_FETCHING;
	get->missing = 1;
	item_send_take(item, call);
	return true;
}

static bool failed(struct item *item, const struct call *call, struct err *err)
{
	struct get *get = item->state;

	if (call->reply.status == 412) {
		get->keep = false;
		err_set(err, ERR_DATA, "%s changed while it was fetched",
			item->subject.text);
		return err_hint(err, "the same command fetches it anew");
	}
	if (err != NULL)
		*err = call->err;
	return false;
}

/* What of the head a reply of GetObject tells as well. */
static void read_reply(struct get *get, const struct call *call)
{
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;

	if (!s3_object_read_head(call, &head, NULL))
		return;
	if (get->head.modified_ms == 0)
		get->head.modified_ms = head.modified_ms;
	if (get->head.etag.len == 0)
		str_set(&get->head.etag, head.etag.text);
	str_set(&get->head.encryption, head.encryption.text);
}

/* --- what came --- */

static bool wrong_bytes(struct item *item, struct err *err)
{
	struct get *get = item->state;

	get->keep = false;
	get->is_wrong = true;
	err_set(err, ERR_DATA,
		"%s: what came is not what S3 keeps: the checksums differ",
		item->subject.text);
	return err_hint(err, "the same command fetches it anew");
}

/* S3: the ETag is an MD5 unless KMS or a client's key encrypts it, and has a
 * "-" when the object was sent in parts. */
static bool etag_is_md5(const struct get *get, struct str *out_digest)
{
	const char *etag = get->head.etag.text;

	etag += strspn(etag, "\"");
	return strcspn(etag, "\"") == 32 && encode_unhex(out_digest, etag, 32) &&
	       (get->head.encryption.len == 0 ||
		strcmp(get->head.encryption.text, "AES256") == 0);
}

static bool count_md5(struct get *get, unsigned char digest[HASH_MAX],
		      struct err *err)
{
	CLEANUP(hash_freep) struct hash *hash = hash_new(HASH_MD5);
	CLEANUP(mem_freep) char *block = mem_alloc(BLOCK);
	int64_t at = 0;
	ssize_t got;

	while ((got = pread(get->fd, block, BLOCK, at)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set_errno(err, errno, "reading %s",
					     get->temporary.text);
		if (!cancel_check(err))
			return false;
		hash_feed(hash, block, (size_t)got);
		at += got;
	}
	hash_finish(hash, digest);
	return true;
}

static bool verify_md5(struct item *item, struct err *err)
{
	struct get *get = item->state;
	CLEANUP(str_done) struct str wanted = STR_EMPTY;
	unsigned char digest[HASH_MAX];

	if (!etag_is_md5(get, &wanted))
		return true;
	if (!count_md5(get, digest, err))
		return false;
	return memcmp(digest, wanted.text, hash_size(HASH_MD5)) == 0 ||
	       wrong_bytes(item, err);
}

static bool verify(struct item *item, struct err *err)
{
	struct get *get = item->state;
	struct integrity whole = { .kind = get->head.sum.kind };

	if (get->verified)
		return true;
	if (whole.kind == INTEGRITY_NONE || is_whole(get))
		return verify_md5(item, err);
	for (int64_t i = 0; i < get->plan.part_count; i++)
		if (!integrity_join(&whole, &get->sums[i]))
			return wrong_bytes(item, err);
	return whole.crc == get->head.sum.crc || wrong_bytes(item, err);
}

/* Something on the way turned them: once more, from the start. */
static bool fetch_anew(struct item *item, struct err *err)
{
	struct get *get = item->state;

	get->anew = true;
	get->is_wrong = false;
	item_note(item, "%s: the checksums differ, fetching it anew",
		  item->subject.text);
	if (is_whole(get))
		return ask_whole(item, err);
	for (int64_t i = 0; i < get->plan.part_count; i++)
		get->have[i] = false;
	get->next = 0;
	get->missing = get->plan.part_count;
	start_record(item);
	get->keep = get->journal.fd >= 0;
	return true;
}

/* All is there. */
static bool take_all(struct item *item, struct err *err)
{
	struct get *get = item->state;

	if (verify(item, err)) {
		item->over = true;
		return true;
	}
	return get->is_wrong && !get->anew && fetch_anew(item, err);
}

/* A reply that is whole by its own length, which is wrong. */
static bool ask_again(struct item *item, const struct call *call,
		      struct err *err)
{
	struct get *get = item->state;

	if (++get->short_replies < SHORT_REPLIES)
		return is_whole(get)
			       ? ask_whole(item, err)
			       : ask_range(item,
					   call->reply_offset /
						   get->plan.part_bytes,
					   err);
	err_set(err, ERR_DATA,
		"%s: the reply was cut short (%" PRId64 " of %" PRId64
		" bytes)",
		item->subject.text, call->reply.file_bytes, call->reply_max);
	return false;
}

static bool take_fetched(struct item *item, struct call *call, struct err *err)
{
	struct get *get = item->state;
	int64_t at = call->reply_offset / get->plan.part_bytes;
	CLEANUP(str_done) struct str sum = STR_EMPTY;

	if (!call->ok)
		return failed(item, call, err);
	if (call->reply.file_bytes != call->reply_max ||
	    (call->reply.status != 206 && !is_whole(get)))
		return ask_again(item, call, err);
	if (is_whole(get)) {
		read_reply(get, call);
		get->verified = call->reply_checked;
		return take_all(item, err);
	}
	add_range(item, at, &call->reply_sum);
	if (call->reply_sum.kind != INTEGRITY_NONE)
		integrity_add(&call->reply_sum, &sum);
	journal_add(&get->journal, at, "", sum.text);
	return get->missing > 0 || take_all(item, err);
}

static bool take_looked(struct item *item, struct call *call, struct err *err)
{
	struct get *get = item->state;

	if (!call->ok)
		return failed(item, call, err);
	if (!s3_object_read_head(call, &get->head, err) ||
	    !part_plan_make(&get->plan, get->head.size,
			    item->options->part_bytes, err))
		return false;
	item->bytes = get->head.size;
	if (is_whole(get))
		return ask_whole(item, err);
	get->stage = STAGE_FETCHING;
	return begin_ranges(item, err);
}

/* --- the end --- */

/* The rights of what it replaces, the time S3 has for it: so that \s3sync
 * sees that they are the same. */
static bool finish(struct item *item, struct err *err)
{
	struct get *get = item->state;
	const struct timespec times[2] = {
		{ .tv_nsec = UTIME_NOW },
		{ .tv_sec = get->head.modified_ms / 1000 },
	};
	struct stat old;

	if (get->head.modified_ms > 0 && futimens(get->fd, times) != 0)
		return err_set_errno(err, errno, "cannot write %s",
				     item->what.path.text);
	if (stat(get->path.text, &old) == 0 && S_ISREG(old.st_mode) &&
	    fchmod(get->fd, old.st_mode & 0777) != 0)
		return err_set_errno(err, errno, "cannot write %s",
				     item->what.path.text);
	if (rename(get->temporary.text, get->path.text) != 0)
		return err_set_errno(err, errno, "cannot write %s",
				     item->what.path.text);
	str_clear(&get->temporary);
	journal_remove(&get->journal);
	return true;
}

/* --- the begin --- */

static bool make_folder(struct item *item, struct err *err)
{
	item->over = true;
	return file_make_dirs(item->what.path.text, 0777, err);
}

static bool begin(struct item *item, struct err *err)
{
	struct get *get = mem_alloc(sizeof(*get));
	const struct batch_item *what = &item->what;

	item->state = get;
	get->fd = -1;
	get->path = (struct str)STR_EMPTY;
	get->temporary = (struct str)STR_EMPTY;
	get->head = (struct s3_head)S3_HEAD_EMPTY;
	get->journal = (struct journal)JOURNAL_EMPTY;
	if (str_ends(what->path.text, "/"))
		return make_folder(item, err);
	if (item->options->keep_existing && file_exists(what->path.text)) {
		item->outcome = ITEM_LEFT;
		item->over = true;
		return true;
	}
	if (!find_path(get, what->path.text, err))
		return false;
	if (what->size >= 0 && what->size <= PART_PLAN_DEFAULT_PART &&
	    what->etag.len > 0 &&
	    part_plan_make(&get->plan, what->size, 0, NULL)) {
		get->head.size = what->size;
		str_set(&get->head.etag, what->etag.text);
		item->bytes = what->size;
		return ask_whole(item, err);
	}
	item_send_take(item,
		       s3_object_head_call(item->aws, &what->uri, true));
	return true;
}

static bool send_more(struct item *item, struct err *err)
{
	struct get *get = item->state;

	if (get->stage != STAGE_FETCHING || is_whole(get))
		return true;
	while (get->next < get->plan.part_count && get->have[get->next])
		get->next++;
	if (get->next == get->plan.part_count)
		return true;
	return ask_range(item, get->next++, err);
}

static bool take(struct item *item, struct call *call, struct err *err)
{
	const struct get *get = item->state;

	return get->stage == STAGE_LOOKING ? take_looked(item, call, err)
					   : take_fetched(item, call, err);
}

static bool can_resume(const struct get *get, const struct err *failed)
{
	return get->keep && get->missing < get->plan.part_count &&
	       (item_err_passes(failed) || failed->kind == ERR_CANCELLED ||
		failed->kind == ERR_AUTH ||
		failed->kind == ERR_SYSTEM);
}

static void tell_kept(const struct get *get, struct err *err)
{
	const char *first = "";

	if (strcmp(err->code, "ENOSPC") == 0 ||
	    strcmp(err->code, "EDQUOT") == 0)
		first = "make room; ";
	else if (err->hint[0] != '\0' && err->kind != ERR_CANCELLED)
		return;
	err_hint(err,
		 "%sthe same command goes on from what is in %.300s", first,
		 get->temporary.text);
}

static bool end(struct item *item, const struct err *failed, struct err *err)
{
	struct get *get = item->state;
	bool ok = failed == NULL;

	if (ok && item->outcome == ITEM_MOVED && get->temporary.len > 0) {
		ok = finish(item, err);
		failed = err;
	}
	if (!ok && get->temporary.len > 0 && can_resume(get, failed)) {
		tell_kept(get, err);
	} else if (!ok && get->temporary.len > 0) {
		unlink(get->temporary.text);
		journal_remove(&get->journal);
	}
	if (!ok && strstr(err->message, item->what.path.text) == NULL)
		err_wrap(err, "getting %s", item->what.path.text);
	journal_done(&get->journal);
	if (get->fd >= 0)
		close(get->fd);
	mem_free(get->sums);
	mem_free(get->have);
	s3_head_done(&get->head);
	str_done(&get->temporary);
	str_done(&get->path);
	mem_free(get);
	return ok;
}

const struct item_kind item_get = { begin, send_more, take, end };
