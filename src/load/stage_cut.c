#include "load/stage_cut.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/sink.h"
#include "base/str.h"
#include "data/encode.h"
#include "load/stage_files.h"
#include "load/stage_map.h"
#include "load/stage_pack.h"

enum {
	MIB = 1024 * 1024,
	READ_BYTES = 256 * 1024,
	RECORD_MAX = 64 * MIB,	/* of the limits page of 2026 */
};

struct cutter {
	const struct stage_cut_plan *plan;
	struct stage_files *files;
	struct stage_pack *pack;
	struct stage_map *map;
	struct err err;
	size_t block_bytes;

	/* the file at hand */
	const struct stage_file *file;
	int fd;
	int64_t file_number;	/* in the map */
	bool new_file;		/* nothing of it went to a piece yet */
	bool is_last;
	int64_t line, offset;	/* of text[0] */
	int64_t read_bytes;
	struct str text;	/* read, not yet given on */
	bool at_end;
	struct unpack *unpack;
	struct sink plain;	/* of unpack, to text */
	char *block;

	/* the piece at hand */
	int64_t piece;
	bool in_piece;
	int64_t filled, target;	/* plain bytes */
	int64_t piece_lines;
	int64_t given;		/* plain bytes of all pieces */

	struct str head;	/* of each piece */
	int64_t head_lines;
	int64_t head_file;	/* in the map */
	bool has_head;
};

/* --- bytes --- */

/* Waits for a pipe; false: stopped. */
static bool wait_for_pipe(const struct cutter *cutter)
{
	struct pollfd fds[2] = {
		{ .fd = cutter->fd, .events = POLLIN },
		{ .fd = stage_pack_stop_fd(cutter->pack), .events = POLLIN },
	};

	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	return fds[1].revents == 0;
}

static bool take_bytes(struct cutter *cutter, const char *bytes, size_t len)
{
	cutter->read_bytes += (int64_t)len;
	if (cutter->unpack == NULL) {
		str_add_slice(&cutter->text, bytes, len);
		return true;
	}
	return unpack_feed(cutter->unpack, bytes, len, &cutter->err) ||
	       err_wrap(&cutter->err, "%s", cutter->file->path);
}

static bool take_end(struct cutter *cutter)
{
	cutter->at_end = true;
	if (cutter->unpack != NULL)
		return unpack_end(cutter->unpack, &cutter->err) ||
		       err_wrap(&cutter->err, "%s", cutter->file->path);
	if (cutter->files->pipe >= 0)
		return true;
	if (!stage_files_is_same(cutter->file, cutter->fd, &cutter->err))
		return false;
	return cutter->read_bytes == cutter->file->size ||
	       err_set(&cutter->err, ERR_DATA, "%s changed while it was read",
		       cutter->file->path);
}

static bool read_more(struct cutter *cutter)
{
	struct str *sample = &cutter->files->head;
	ssize_t got;

	/* What was read to see what it is comes first. */
	if (cutter->files->pipe >= 0 && sample->len > 0) {
		bool good = take_bytes(cutter, sample->text, sample->len);

		str_clear(sample);
		return good;
	}
	if (cutter->files->pipe >= 0 && !wait_for_pipe(cutter))
		return err_set(&cutter->err, ERR_CANCELLED, "stopped");
	got = read(cutter->fd, cutter->block, READ_BYTES);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (got < 0)
		return err_set_errno(&cutter->err, errno, "reading %s",
				     cutter->file->path);
	return got == 0 ? take_end(cutter)
			: take_bytes(cutter, cutter->block, (size_t)got);
}

/* Until there are so many bytes, or no more. */
static bool fill(struct cutter *cutter, size_t wanted)
{
	while (!cutter->at_end && cutter->text.len < wanted)
		if (!read_more(cutter))
			return false;
	return true;
}

/* --- pieces --- */

static bool stopped(struct cutter *cutter)
{
	return err_set(&cutter->err, ERR_CANCELLED, "stopped");
}

static void map_stretch(struct cutter *cutter)
{
	struct stage_stretch stretch = {
		.piece = cutter->piece,
		.piece_line = cutter->piece_lines + 1,
		.file = cutter->file_number,
		.line = cutter->line,
		.offset = cutter->offset,
	};

	stage_map_add(cutter->map, &stretch);
	cutter->new_file = false;
}

static void set_target(struct cutter *cutter)
{
	const struct stage_cut_plan *plan = cutter->plan;
	int64_t left = plan->pieces - (cutter->piece - plan->before) + 1;

	if (plan->pieces <= 0)
		cutter->target = plan->piece_bytes;
	else if (left <= 1)
		cutter->target = INT64_MAX;
	else
		cutter->target = (plan->bytes - cutter->given) / left;
}

static bool begin_piece(struct cutter *cutter)
{
	CLEANUP(str_done) struct str head = STR_EMPTY;
	struct stage_stretch top = { .piece_line = 1, .line = 1 };

	cutter->piece++;
	cutter->in_piece = true;
	cutter->filled = 0;
	cutter->piece_lines = cutter->head_lines;
	set_target(cutter);
	top.piece = cutter->piece;
	top.file = cutter->head_file;
	if (cutter->head.len == 0)
		return true;
	if (cutter->head_lines > 0)
		stage_map_add(cutter->map, &top);
	str_add_slice(&head, cutter->head.text, cutter->head.len);
	return stage_pack_put(cutter->pack, &head) || stopped(cutter);
}

static bool end_piece(struct cutter *cutter)
{
	cutter->in_piece = false;
	return stage_pack_end_piece(cutter->pack) || stopped(cutter);
}

/* A backslash that PostgreSQL's text format takes for more than itself. */
static bool check_backslashes(struct cutter *cutter, size_t len)
{
	const char *text = cutter->text.text;
	const char *end = text + len;
	const char *at = text;

	while ((at = memchr(at, '\\', (size_t)(end - at))) != NULL) {
		if (at + 1 == end || at[1] != 'N')
			break;
		at += 2;
	}
	if (at == NULL)
		return true;
	err_set(&cutter->err, ERR_DATA,
		"%s, line %lld: a backslash, which COPY of Redshift reads "
		"otherwise than PostgreSQL",
		cutter->file->path,
		(long long)(cutter->line +
			    stage_scan_lines(&cutter->plan->scan, text,
					     (size_t)(at - text))));
	return err_hint(&cutter->err,
			"write the file as CSV and say csv; or load it by "
			"\\copyfrom, with ESCAPE or without");
}

/* The first len bytes of text go to the piece; extra, a line end that the
 * file does not have, behind them. */
static bool give(struct cutter *cutter, size_t len, const struct str *extra)
{
	CLEANUP(str_done) struct str rest = STR_EMPTY;
	struct str *text = &cutter->text;
	bool new_piece = !cutter->in_piece;
	int64_t lines = stage_scan_lines(&cutter->plan->scan, text->text, len);

	if (cutter->plan->only_nulls && !check_backslashes(cutter, len))
		return false;
	if (new_piece && !begin_piece(cutter))
		return false;
	if (new_piece || cutter->new_file)
		map_stretch(cutter);
	cutter->line += lines;
	cutter->offset += (int64_t)len;
	cutter->piece_lines += lines + (extra->len > 0);
	cutter->filled += (int64_t)len;
	cutter->given += (int64_t)len;
	str_add_slice(&rest, text->text + len, text->len - len);
	str_cut(text, len);
	str_add_slice(text, extra->text, extra->len);
	if (!stage_pack_put(cutter->pack, text))
		return stopped(cutter);
	str_add_slice(text, rest.text, rest.len);
	if (cutter->filled + (int64_t)len / 2 < cutter->target)
		return true;
	return end_piece(cutter);
}

/* --- records --- */

static bool refuse_record(struct cutter *cutter, const char *what)
{
	const struct stage_cut_plan *plan = cutter->plan;
	size_t last = stage_scan_last(&plan->scan, cutter->text.text,
				      cutter->text.len);
	int64_t lines;

	/* An object begins behind the blanks. */
	while (plan->scan.kind == STAGE_SCAN_JSON && last < cutter->text.len &&
	       isspace((unsigned char)cutter->text.text[last]))
		last++;
	lines = stage_scan_lines(&plan->scan, cutter->text.text, last);
	err_set(&cutter->err, ERR_DATA, "%s, line %lld, byte %lld: %s",
		cutter->file->path, (long long)(cutter->line + lines),
		(long long)(cutter->offset + (int64_t)last), what);
	if (plan->scan.kind == STAGE_SCAN_QUOTED)
		return err_hint(&cutter->err,
				"a quote inside a field stands twice where "
				"CSV is meant; where quotes mean nothing say "
				"DELIMITER instead of CSV");
	return err_hint(&cutter->err, "\\infer looks at every record of a "
				      "file");
}

static const char *open_what(const struct cutter *cutter)
{
	return cutter->plan->scan.kind == STAGE_SCAN_JSON
		       ? "the object that begins here is never closed"
		       : "the record that begins here has a quote that nothing "
			 "closes";
}

/* The last records of a file. */
static bool give_rest(struct cutter *cutter)
{
	CLEANUP(str_done) struct str extra = STR_EMPTY;
	const struct stage_scan *scan = &cutter->plan->scan;
	const struct str *text = &cutter->text;
	bool open = stage_scan_is_open(scan, text->text, text->len);
	char end[2];
	size_t end_len = stage_scan_line_end(scan, end);

	if (open && scan->kind != STAGE_SCAN_ESCAPED && !cutter->plan->lenient)
		return refuse_record(cutter, open_what(cutter));
	if (!open && !cutter->is_last &&
	    (text->len < end_len ||
	     memcmp(text->text + text->len - end_len, end, end_len) != 0))
		str_add_slice(&extra, end, end_len);
	if (!give(cutter, text->len, &extra))
		return false;
	/* What follows must not become part of it. */
	return !open || !cutter->in_piece || end_piece(cutter);
}

static bool cut_file(struct cutter *cutter)
{
	CLEANUP(str_done) struct str nothing = STR_EMPTY;
	const struct stage_scan *scan = &cutter->plan->scan;
	size_t wanted = cutter->block_bytes;

	for (;;) {
		size_t len;

		if (!fill(cutter, wanted + 1))
			return false;
		if (cutter->text.len == 0)
			return true;
		if (cutter->at_end && cutter->text.len <= wanted)
			return give_rest(cutter);
		len = stage_scan_last(scan, cutter->text.text, wanted);
		if (len > 0) {
			if (!give(cutter, len, &nothing))
				return false;
			wanted = cutter->block_bytes;
		} else if (wanted >= RECORD_MAX) {
			return refuse_record(cutter,
					     "a record of more than 64 MiB "
					     "begins here");
		} else {
			wanted *= 2;
		}
	}
}

/* --- the top of a file --- */

static void drop(struct cutter *cutter, size_t len)
{
	CLEANUP(str_done) struct str rest = STR_EMPTY;

	str_add_slice(&rest, cutter->text.text + len, cutter->text.len - len);
	str_set_slice(&cutter->text, rest.text, rest.len);
	cutter->offset += (int64_t)len;
}

/* What the pieces begin with: of the first file that has all of it. One with
 * less, an empty one say, has no rows either. */
static void keep_head(struct cutter *cutter, const char *text, size_t len)
{
	char end[2];
	size_t end_len = stage_scan_line_end(&cutter->plan->scan, end);

	str_add_slice(&cutter->head, text, len);
	if (len < end_len || memcmp(text + len - end_len, end, end_len) != 0)
		str_add_slice(&cutter->head, end, end_len);
}

static bool take_head(struct cutter *cutter)
{
	const struct stage_cut_plan *plan = cutter->plan;
	bool first = !cutter->has_head;
	struct str *text = &cutter->text;
	enum encode_charset charset;
	size_t bom = 0;
	size_t len;
	int64_t lines;

	for (size_t wanted = READ_BYTES;; wanted *= 2) {
		if (!fill(cutter, wanted))
			return false;
		len = stage_scan_head(&plan->scan, text->text, text->len,
				      plan->header_lines, &lines);
		if (lines >= plan->header_lines || cutter->at_end ||
		    wanted >= RECORD_MAX)
			break;
	}
	if (lines < plan->header_lines) {
		/* A last one without its end, or none. */
		lines += text->len > len;
		len = text->len;
	}
	encode_find_bom(text->text, text->len, &charset, &bom);
	if (first)
		str_clear(&cutter->head);
	if (first && plan->scan.unit == 2)
		str_add_slice(&cutter->head, text->text, bom);
	bom = bom < text->len ? bom : text->len;
	if (first && len > bom)
		keep_head(cutter, text->text + bom, len - bom);
	if (first) {
		cutter->head_lines = lines;
		cutter->head_file = cutter->file_number;
		cutter->has_head = text->len > bom &&
				   lines >= plan->header_lines;
	}
	drop(cutter, len > bom ? len : bom);
	cutter->line += lines;
	return true;
}

/* --- the files --- */

static bool open_file(struct cutter *cutter)
{
	if (cutter->files->pipe >= 0) {
		cutter->fd = cutter->files->pipe;
		if (cutter->plan->unpack != PACK_NONE)
			cutter->unpack = unpack_new(cutter->plan->unpack,
						    &cutter->plain);
		return true;
	}
	cutter->fd = stage_files_open(cutter->file, &cutter->err);
	return cutter->fd >= 0;
}

static void close_file(struct cutter *cutter)
{
	if (cutter->files->pipe < 0 && cutter->fd >= 0)
		close(cutter->fd);
	cutter->fd = -1;
	unpack_free(cutter->unpack);
	cutter->unpack = NULL;
	str_clear(&cutter->text);
}

static bool run_file(struct cutter *cutter)
{
	bool good;

	cutter->file_number =
		stage_map_add_file(cutter->map, cutter->file->path);
	cutter->new_file = true;
	cutter->line = 1;
	cutter->offset = 0;
	cutter->read_bytes = 0;
	cutter->at_end = false;
	good = open_file(cutter) && take_head(cutter) && cut_file(cutter);
	close_file(cutter);
	return good;
}

static bool is_cut(const struct cutter *cutter, size_t at)
{
	return !cutter->plan->only_plain ||
	       cutter->files->items[at].pack == PACK_NONE;
}

static bool run_files(struct cutter *cutter)
{
	size_t last = 0;

	for (size_t i = 0; i < cutter->files->count; i++)
		if (is_cut(cutter, i))
			last = i;
	for (size_t i = 0; i <= last && i < cutter->files->count; i++) {
		if (!is_cut(cutter, i))
			continue;
		cutter->file = &cutter->files->items[i];
		cutter->is_last = i == last;
		if (!run_file(cutter))
			return false;
	}
	/* A header without rows is a piece, too. */
	if (cutter->piece == cutter->plan->before && !begin_piece(cutter))
		return false;
	return end_piece(cutter);
}

void stage_cut_run(const struct stage_cut_plan *plan,
		   struct stage_files *files, struct stage_pack *pack,
		   struct stage_map *map)
{
	struct cutter cutter = {
		.plan = plan,
		.files = files,
		.pack = pack,
		.map = map,
		.block_bytes = plan->block_bytes > 0
				       ? (size_t)plan->block_bytes
				       : MIB,
		.piece = plan->before,
		.fd = -1,
		.text = STR_EMPTY,
		.block = mem_alloc(READ_BYTES),
		.head = STR_EMPTY,
	};

	cutter.plain = sink_to_str(&cutter.text);
	if (run_files(&cutter))
		stage_pack_end(pack, NULL);
	else
		stage_pack_end(pack, &cutter.err);
	str_done(&cutter.text);
	str_done(&cutter.head);
	mem_free(cutter.block);
}
