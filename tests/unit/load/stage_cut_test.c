/* Files cut into pieces, compressed and unpacked again: nothing is lost, each
 * piece is a file that COPY can read by itself, and each of its lines is
 * found in the file it came from. */
#include "../check.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sink.h"
#include "data/csv.h"
#include "data/pack.h"
#include "load/copy_parse.h"
#include "load/sniff.h"
#include "load/stage_cut.h"
#include "load/stage_files.h"
#include "load/stage_map.h"
#include "load/stage_note.h"
#include "load/stage_pack.h"

enum { MAX_PIECES = 64 };

static char folder[] = "/tmp/redsh-stage-cut-XXXXXX";

struct cut {
	struct stage_files files;
	struct stage_map map;
	struct str pieces[MAX_PIECES];
	size_t count;
	struct err err;
};

#define CUT_EMPTY { .files = STAGE_FILES_EMPTY }

static void cut_done(struct cut *cut)
{
	stage_files_done(&cut->files);
	stage_map_done(&cut->map);
	for (size_t i = 0; i < cut->count; i++)
		str_done(&cut->pieces[i]);
}

static void add_file(struct cut *cut, const char *text, size_t len)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct err err = ERR_EMPTY;

	str_addf(&path, "%s/%zu", folder, cut->files.count);
	assert_true(file_write(path.text, text, len, 0600, &err));
	assert_true(stage_files_add(&cut->files, path.text, &err));
}

static void unpack_piece(struct cut *cut, const struct stage_piece *piece,
			 enum pack_kind kind)
{
	CLEANUP(str_done) struct str packed = STR_EMPTY;
	struct str *out = &cut->pieces[cut->count++];
	struct sink sink = sink_to_str(out);
	CLEANUP(unpack_freep) struct unpack *unpack = unpack_new(kind, &sink);
	struct err err = ERR_EMPTY;

	*out = (struct str)STR_EMPTY;
	assert_int_equal(piece->number, cut->count);
	str_reserve(&packed, (size_t)piece->bytes);
	assert_int_equal(pread(piece->fd, packed.text, (size_t)piece->bytes + 1,
			       0),
			 piece->bytes);
	close(piece->fd);
	assert_true(unpack_feed(unpack, packed.text, (size_t)piece->bytes,
				&err));
	assert_true(unpack_end(unpack, &err));
}

/* stage_cut_run fits the ring only when somebody takes: the cutter gets a
 * thread of its own, as in load/staging. */
struct run {
	struct cut *cut;
	const struct stage_cut_plan *plan;
	struct stage_pack *pack;
};

static void *run_cutter(void *context)
{
	struct run *run = context;

	stage_cut_run(run->plan, &run->cut->files, run->pack, &run->cut->map);
	return NULL;
}

static bool take_all(struct run *run, enum pack_kind kind)
{
	for (;;) {
		struct stage_piece piece;
		struct pollfd fd = { .fd = stage_pack_fd(run->pack),
				     .events = POLLIN };

		switch (stage_pack_take(run->pack, &piece, &run->cut->err)) {
		case STAGE_PACK_PIECE:
			assert_true(run->cut->count < MAX_PIECES);
			unpack_piece(run->cut, &piece, kind);
			stage_pack_sent(run->pack);
			break;
		case STAGE_PACK_NONE:
			poll(&fd, 1, -1);
			break;
		case STAGE_PACK_END:
			return true;
		case STAGE_PACK_FAILED:
			return false;
		}
	}
}

static bool cut_all(struct cut *cut, const struct stage_cut_plan *plan,
		    enum pack_kind kind, int threads)
{
	struct stage_pack_options options = { .kind = kind,
					      .threads = threads,
					      .pieces = 2 };
	struct run run = { .cut = cut, .plan = plan };
	struct err err = ERR_EMPTY;
	pthread_t thread;
	bool good;

	run.pack = stage_pack_new(&options, &err);
	assert_non_null(run.pack);
	assert_int_equal(pthread_create(&thread, NULL, run_cutter, &run), 0);
	good = take_all(&run, kind);
	pthread_join(thread, NULL);
	stage_pack_free(run.pack);
	return good;
}

/* By the parameters of COPY, and what \infer would see. */
static void make_plan(struct stage_cut_plan *plan, const char *parameters,
		      const char *text, size_t len)
{
	CLEANUP(copy_options_done) struct copy_options options =
		COPY_OPTIONS_EMPTY;
	CLEANUP(sniff_done) struct sniff sniff = SNIFF_START;
	struct err err = ERR_EMPTY;

	assert_true(copy_options_parse(&options, COPY_VERB_COPY, parameters,
				       strlen(parameters), &err));
	assert_true(sniff_run(&sniff, text, len, true, &err));
	memset(plan, 0, sizeof(*plan));
	stage_scan_init(&plan->scan, &options, &sniff);
	if (copy_options_has(&options, COPY_IGNOREHEADER))
		plan->header_lines =
			copy_options_get(&options, COPY_IGNOREHEADER)->number;
	plan->bytes = (int64_t)len;
}

/* --- what comes out --- */

struct text {
	const char *bytes;
	size_t len;
};

#define TEXT(literal) { literal, sizeof(literal) - 1 }

static const struct {
	const char *what;
	const char *parameters;
	struct text file;
	int block, pieces;
	size_t made;		/* pieces; 0: any number */
} cases[] = {
	{ "lines", "", TEXT("1|a\n2|b\n3|c\n4|d\n"), 4, 4, 4 },
	{ "no line end at the end", "", TEXT("1|a\n2|b\n3|c"), 4, 3, 3 },
	{ "CR LF", "csv", TEXT("1,a\r\n2,b\r\n3,c\r\n4,d\r\n"), 5, 2, 2 },
	{ "lone CR", "csv", TEXT("1,a\r2,b\r3,c\r4,d\r"), 4, 2, 2 },
	{ "line ends in quotes", "csv",
	  TEXT("1,\"a\nb\nc\nd\"\n2,\"e\n\"\n3,f\n4,\"g\n\n\"\n"), 3, 4, 0 },
	{ "doubled quotes", "csv",
	  TEXT("1,\"a\"\"\nb\"\n2,\"\"\n3,\"\"\"\n\"\"\"\n4,x\n"), 3, 4, 0 },
	{ "quotes in mid-field mean nothing", "csv",
	  TEXT("1,5\" pipe\n2,6\" pipe\n3,7\" pipe\n4,x\n"), 6, 4, 4 },
	{ "another quote", "csv quote as ''''",
	  TEXT("1,'a\n\"b'\n2,'c\n'\n3,\"\n4,d\n"), 3, 4, 0 },
	{ "another delimiter", "csv delimiter ';'",
	  TEXT("1;\"a\nb\"\n2,\"x;\"c\nd\"\n3;e\n"), 3, 3, 0 },
	{ "quotes mean nothing", "delimiter ','",
	  TEXT("1,\"a\n2,b\n3,c\"\n4,d\n"), 4, 4, 4 },
	{ "escaped line ends", "escape",
	  TEXT("1|a\\\nb\n2|c\\\\\n3|d\\\r\ne\n4|f\n"), 3, 4, 0 },
	{ "a backslash at the very end", "escape", TEXT("1|a\n2|b\\"), 3, 2,
	  2 },
	{ "removequotes: lines end", "removequotes",
	  TEXT("1|\"a\"\n2|\"b\n3|c\"\n"), 4, 3, 3 },
	{ "JSON lines", "json 'auto'",
	  TEXT("{\"a\":1}\n{\"a\":\"}\"}\n{\"a\":[{}]}\n{\"a\":\"\\\"{\"}\n"),
	  4, 4, 4 },
	{ "JSON over several lines", "json 'auto'",
	  TEXT("{\n \"a\": 1\n}\n{\n \"a\": {\n  \"b\": 2 }\n}\n{}\n"), 4, 3,
	  2 },
	{ "JSON without line ends", "json 'auto'",
	  TEXT("{\"a\":1}{\"a\":2} {\"a\":3}"), 4, 3, 3 },
	{ "fixed width", "fixedwidth 'a:1,b:2'", TEXT("1ab\n2cd\n3ef\n"), 3,
	  3, 3 },
	{ "a header", "csv ignoreheader 1",
	  TEXT("id,\"name\n1,a\n2,b\n3,c\n4,d\n"), 4, 4, 0 },
	{ "more headers than lines", "csv ignoreheader 9",
	  TEXT("id,name\n1,a"), 4, 4, 1 },
	{ "a header alone, without its end", "csv ignoreheader 1",
	  TEXT("id,name"), 4, 4, 1 },
	{ "a mark of UTF-8 goes", "csv ignoreheader 1",
	  TEXT("\xef\xbb\xbfid,n\n1,\xc3\xa4\n2,b\n"), 4, 2, 0 },
	{ "blank lines", "csv", TEXT("\n\n1,a\n\n2,b\n\n"), 2, 2, 0 },
	{ "UTF-16 with its mark", "csv encoding utf16 ignoreheader 1",
	  TEXT("\xff\xfei\0d\0\n\0" "1\0,\0\"\0\n\0\"\0\n\0" "\x0a\x0a,\0b\0\n\0"
	       "3\0,\0c\0\n\0"), 6, 3, 0 },
	{ "UTF-16, high byte first", "csv encoding utf16be",
	  TEXT("\0" "1\0,\0a\0\n\0" "2\0,\0b\0\n\0" "3\0,\0c"), 6, 3, 3 },
};

/* What pieces hold beside their own text. */
static size_t head_len(const struct stage_cut_plan *plan,
		       const struct text *file)
{
	int64_t lines;

	return stage_scan_head(&plan->scan, file->bytes, file->len,
			       plan->header_lines, &lines);
}

static void check_case(size_t at, enum pack_kind kind, int threads)
{
	CLEANUP(cut_done) struct cut cut = CUT_EMPTY;
	CLEANUP(str_done) struct str joined = STR_EMPTY;
	const struct text *file = &cases[at].file;
	size_t mark = strncmp(file->bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	struct stage_cut_plan plan;
	size_t head;

	make_plan(&plan, cases[at].parameters, file->bytes, file->len);
	plan.block_bytes = cases[at].block;
	plan.pieces = cases[at].pieces;
	add_file(&cut, file->bytes, file->len);
	if (!cut_all(&cut, &plan, kind, threads))
		fail_msg("%s: %s", cases[at].what, cut.err.message);
	if (cases[at].made > 0 && cut.count != cases[at].made)
		fail_msg("%s: %zu pieces", cases[at].what, cut.count);
	head = head_len(&plan, file) - mark;
	if (head == 0 && plan.scan.unit == 2 &&
	    memcmp(file->bytes, "\xff\xfe", 2) == 0)
		head = 2;
	for (size_t i = 0; i < cut.count; i++) {
		const struct str *piece = &cut.pieces[i];
		size_t skip = head < piece->len ? head : piece->len;

		if (memcmp(piece->text, file->bytes + mark, skip) != 0)
			fail_msg("%s: piece %zu begins otherwise",
				 cases[at].what, i + 1);
		if (cut.count > 1 && piece->len == skip)
			fail_msg("%s: piece %zu is empty", cases[at].what,
				 i + 1);
		str_add_slice(&joined, piece->text + skip, piece->len - skip);
	}
	/* A last header line gets the end it lacks. */
	if (joined.len + mark + head > file->len)
		str_cut(&joined, file->len - mark - head);
	if (joined.len != file->len - mark - head ||
	    memcmp(joined.text, file->bytes + mark + head, joined.len) != 0)
		fail_msg("%s: the pieces together are not the file",
			 cases[at].what);
}

static void the_pieces_together_are_the_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		for (int threads = 1; threads <= 3; threads++)
			check_case(i, PACK_GZIP, threads);
}

static void every_kind_of_compression_does(void **state)
{
	static const enum pack_kind kinds[] = { PACK_NONE, PACK_ZSTD,
						PACK_BZIP2 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		for (size_t kind = 0; kind < COUNT_OF(kinds); kind++)
			check_case(i, kinds[kind], 2);
}

/* --- records --- */

/* Appends all fields, each in brackets. */
static void read_records(const char *bytes, size_t len, struct str *out)
{
	static const struct csv_dialect dialect = CSV_STANDARD;
	CLEANUP(csv_freep) struct csv *csv = csv_new(&dialect);
	const struct csv_record *record;
	struct err err = ERR_EMPTY;

	csv_feed(csv, bytes, len);
	csv_end(csv);
	while (csv_next(csv, &record, &err) == CSV_RECORD) {
		for (size_t i = 0; i < record->count; i++)
			str_addf(out, "[%.*s]", (int)record->fields[i].len,
				 record->fields[i].text);
		str_add_char(out, '/');
	}
}

/* A file with everything in it that could be cut wrongly. */
static void add_records(struct str *out, int count)
{
	static const char *const notes[] = {
		"plain", "\"two\nlines\"", "\"a \"\"quote\"\"\n\"", "\"\"",
		"5\" pipe", "\"ends in a quote\"\"\"", "\"\n\"", "",
	};

	for (int i = 0; i < count; i++) {
		str_addf(out, "%d,%s,", i, notes[i % 8]);
		str_add_repeat(out, 'x', (size_t)(i * 7 % 90));
		str_add(out, i % 3 == 0 ? "\r\n" : "\n");
	}
}

static void records_are_whole_wherever_it_is_cut(void **state)
{
	CLEANUP(str_done) struct str file = STR_EMPTY;
	CLEANUP(str_done) struct str wanted = STR_EMPTY;

	(void)state;
	add_records(&file, 400);
	read_records(file.text, file.len, &wanted);
	for (int block = 1; block < 700; block += 37) {
		CLEANUP(cut_done) struct cut cut = CUT_EMPTY;
		CLEANUP(str_done) struct str found = STR_EMPTY;
		struct stage_cut_plan plan;

		make_plan(&plan, "csv", file.text, file.len);
		plan.block_bytes = block;
		plan.pieces = 1 + block % 13;
		add_file(&cut, file.text, file.len);
		assert_true(cut_all(&cut, &plan, PACK_GZIP, 2));
		for (size_t i = 0; i < cut.count; i++)
			read_records(cut.pieces[i].text, cut.pieces[i].len,
				     &found);
		assert_text(found.text, wanted.text);
	}
}

static void pieces_are_of_like_size(void **state)
{
	CLEANUP(cut_done) struct cut cut = CUT_EMPTY;
	CLEANUP(str_done) struct str file = STR_EMPTY;
	struct stage_cut_plan plan;

	(void)state;
	add_records(&file, 4000);
	make_plan(&plan, "csv", file.text, file.len);
	plan.block_bytes = 1000;
	plan.pieces = 16;
	add_file(&cut, file.text, file.len);
	assert_true(cut_all(&cut, &plan, PACK_GZIP, 2));
	assert_int_equal(cut.count, 16);
	for (size_t i = 0; i < cut.count; i++) {
		assert_true(cut.pieces[i].len > file.len / 16 - 1100);
		assert_true(cut.pieces[i].len < file.len / 16 + 1100);
	}
}

static void a_record_longer_than_a_piece_stays_whole(void **state)
{
	CLEANUP(cut_done) struct cut cut = CUT_EMPTY;
	CLEANUP(str_done) struct str file = STR_EMPTY;
	struct stage_cut_plan plan;

	(void)state;
	str_add(&file, "1,\"");
	str_add_repeat(&file, '\n', 65536);
	str_add(&file, "\"\n2,b\n3,\"");
	str_add_repeat(&file, 'x', 65535);
	str_add(&file, "\"\n");
	make_plan(&plan, "csv", file.text, file.len);
	plan.block_bytes = 100;
	plan.pieces = 20;
	add_file(&cut, file.text, file.len);
	assert_true(cut_all(&cut, &plan, PACK_GZIP, 2));
	assert_int_equal(cut.count, 2);
	assert_int_equal(cut.pieces[0].len, 65541 + 4);
	assert_int_equal(cut.pieces[1].len, 65540);
	assert_memory_equal(cut.pieces[1].text, "3,\"x", 4);
}

/* --- several files --- */

static void files_follow_each_other(void **state)
{
	static const char one[] = "id,n\n1,a\n2,b";
	static const char two[] = "id,n\n3,c\n4,d\n";
	static const char three[] = "id,n\n";
	static const char four[] = "id,n\n5,e";
	CLEANUP(cut_done) struct cut cut = CUT_EMPTY;
	struct stage_cut_plan plan;

	(void)state;
	make_plan(&plan, "csv ignoreheader 1", one, sizeof(one) - 1);
	plan.bytes = 40;
	plan.pieces = 1;
	add_file(&cut, one, sizeof(one) - 1);
	add_file(&cut, two, sizeof(two) - 1);
	add_file(&cut, "", 0);
	add_file(&cut, three, sizeof(three) - 1);
	add_file(&cut, four, sizeof(four) - 1);
	assert_true(cut_all(&cut, &plan, PACK_GZIP, 1));
	assert_int_equal(cut.count, 1);
	assert_text(cut.pieces[0].text, "id,n\n1,a\n2,b\n3,c\n4,d\n5,e");
}

/* COPY passes over a line of each piece: each has one to pass over. */
static void the_header_is_of_a_file_that_has_one(void **state)
{
	static const char rows[] = "id,n\n1,a\n2,b\n";
	static const char *const before[] = { "", "\xef\xbb\xbf", "id,n\n" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(before); i++) {
		CLEANUP(cut_done) struct cut cut = CUT_EMPTY;
		struct stage_cut_plan plan;

		make_plan(&plan, "csv ignoreheader 1", rows, sizeof(rows) - 1);
		plan.pieces = 2;
		plan.block_bytes = 4;
		add_file(&cut, before[i], strlen(before[i]));
		add_file(&cut, rows, sizeof(rows) - 1);
		assert_true(cut_all(&cut, &plan, PACK_GZIP, 1));
		assert_int_equal(cut.count, 2);
		assert_text(cut.pieces[0].text, "id,n\n1,a\n");
		assert_text(cut.pieces[1].text, "id,n\n2,b\n");
	}
}

/* --no-sniff: ENCODING alone says how many bytes a character has. */
static void characters_stay_whole_where_nothing_was_looked_at(void **state)
{
	static const struct {
		const char *parameters;
		int unit;
		bool big_endian;
	} rows[] = {
		{ "csv", 1, false },
		{ "csv encoding utf8", 1, false },
		{ "csv encoding utf16", 2, false },
		{ "csv encoding utf16le", 2, false },
		{ "csv encoding UTF16BE", 2, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP(copy_options_done)
		struct copy_options options = COPY_OPTIONS_EMPTY;
		CLEANUP(sniff_done) struct sniff sniff = SNIFF_START;
		struct stage_scan scan;
		struct err err = ERR_EMPTY;

		assert_true(copy_options_parse(&options, COPY_VERB_COPY,
					       rows[i].parameters,
					       strlen(rows[i].parameters),
					       &err));
		stage_scan_init(&scan, &options, &sniff);
		assert_int_equal(scan.unit, rows[i].unit);
		assert_int_equal(scan.big_endian, rows[i].big_endian);
	}
}

/* --- what cannot be cut --- */

static const struct {
	const char *parameters;
	const char *text;
	const char *message;
	const char *hint;
} refusals[] = {
	{ "csv", "1,a\n2,\"b\n3,c\n4,d\n", "line 2, byte 4: ", "stands twice" },
	{ "csv ignoreheader 2", "h\nh\n1,a\n2,\"b\n", "line 4, byte 8: ",
	  "DELIMITER" },
	{ "json 'auto'", "{\"a\":1}\n\n{\"a\":\n", "line 3, byte 9: ",
	  "\\infer" },
};

static void what_never_ends_is_named_with_line_and_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		CLEANUP(cut_done) struct cut cut = CUT_EMPTY;
		const char *text = refusals[i].text;
		struct stage_cut_plan plan;

		make_plan(&plan, refusals[i].parameters, text, strlen(text));
		plan.block_bytes = 2;
		plan.pieces = 1;
		add_file(&cut, text, strlen(text));
		assert_false(cut_all(&cut, &plan, PACK_GZIP, 2));
		if (strstr(cut.err.message, refusals[i].message) == NULL)
			fail_msg("%s: %s", text, cut.err.message);
		assert_non_null(strstr(cut.err.hint, refusals[i].hint));
	}
}

/* Who lets bad records pass gets them: the server judges. */
static void a_lenient_load_takes_them_along(void **state)
{
	static const char text[] = "1,a\n2,\"b\n3,c\n";
	CLEANUP(cut_done) struct cut cut = CUT_EMPTY;
	struct stage_cut_plan plan;

	(void)state;
	make_plan(&plan, "csv", text, sizeof(text) - 1);
	plan.pieces = 1;
	plan.lenient = true;
	add_file(&cut, text, sizeof(text) - 1);
	add_file(&cut, "4,d\n", 4);
	assert_true(cut_all(&cut, &plan, PACK_GZIP, 2));
	assert_int_equal(cut.count, 2);
	assert_text(cut.pieces[0].text, text);
	assert_text(cut.pieces[1].text, "4,d\n");
}

static void a_file_that_changes_is_noticed(void **state)
{
	CLEANUP(cut_done) struct cut cut = CUT_EMPTY;
	struct stage_cut_plan plan;
	struct err err = ERR_EMPTY;

	(void)state;
	make_plan(&plan, "csv", "1,a\n", 4);
	plan.pieces = 1;
	add_file(&cut, "1,a\n", 4);
	assert_true(file_write(cut.files.items[0].path, "1,b\n2,c\n", 8, 0600,
			       &err));
	assert_false(cut_all(&cut, &plan, PACK_GZIP, 2));
	assert_non_null(strstr(cut.err.message, "changed while it was read"));
}

static void a_pipe_is_cut_by_size(void **state)
{
	CLEANUP(cut_done) struct cut cut = CUT_EMPTY;
	struct stage_cut_plan plan;
	CLEANUP(str_done) struct str sample = STR_EMPTY;
	struct err err = ERR_EMPTY;
	bool whole;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "1,a\n2,b\n3,c\n4,d\n", 16), 16);
	close(ends[1]);
	assert_true(stage_files_add_pipe(&cut.files, ends[0], "standard input",
					 &err));
	assert_true(stage_files_sample(&cut.files, 5, &sample, &whole, &err));
	assert_text(sample.text, "1,a\n2");
	assert_false(whole);
	make_plan(&plan, "csv", sample.text, sample.len);
	plan.bytes = -1;
	plan.piece_bytes = 8;
	plan.block_bytes = 4;
	assert_true(cut_all(&cut, &plan, PACK_GZIP, 2));
	close(ends[0]);
	assert_int_equal(cut.count, 2);
	assert_text(cut.pieces[0].text, "1,a\n2,b\n");
	assert_text(cut.pieces[1].text, "3,c\n4,d\n");
}

/* --- the map --- */

static const char *line_at(const char *text, int64_t line, size_t *out_len)
{
	while (--line > 0 && text != NULL) {
		text = strchr(text, '\n');
		text += text != NULL;
	}
	*out_len = text == NULL ? 0 : strcspn(text, "\n");
	return text;
}

static void write_note(const struct cut *cut, struct stage_note *note)
{
	struct err err = ERR_EMPTY;

	str_set(&note->id, "20260101-000000-00c0ffee");
	str_set(&note->folder,
		"s3://b/p/redsh-stage/20260101-000000-00c0ffee/");
	if (!stage_note_start(note, &err))
		fail_msg("%s", err.message);
	assert_true(stage_map_write(&cut->map, note, &err));
}

static void check_line(const struct cut *cut, const struct str *files,
		       size_t piece, int64_t line)
{
	CLEANUP(str_done) struct str uri = STR_EMPTY;
	CLEANUP(stage_spot_done) struct stage_spot spot = STAGE_SPOT_EMPTY;
	size_t here_len, there_len;
	const char *here = line_at(cut->pieces[piece].text, line, &here_len);
	const char *there;
	size_t file;

	str_addf(&uri,
		 "s3://b/p/redsh-stage/20260101-000000-00c0ffee/%04zu.gz",
		 piece + 1);
	assert_true(stage_map_find(uri.text, line, &spot));
	file = (size_t)(spot.file.text[spot.file.len - 1] - '0');
	assert_text(spot.file.text, cut->files.items[file].path);
	there = line_at(files[file].text, spot.line, &there_len);
	assert_int_equal(here_len, there_len);
	assert_memory_equal(here, there, here_len);
	/* The stretch begins where it says. */
	there = line_at(files[file].text, spot.from_line, &there_len);
	assert_int_equal(there - files[file].text, spot.from_offset);
}

static void each_line_of_a_piece_is_found_in_its_file(void **state)
{
	CLEANUP(cut_done) struct cut cut = CUT_EMPTY;
	CLEANUP(stage_note_done) struct stage_note note = STAGE_NOTE_EMPTY;
	struct str files[3] = { STR_EMPTY, STR_EMPTY, STR_EMPTY };
	CLEANUP(stage_spot_done) struct stage_spot spot = STAGE_SPOT_EMPTY;
	struct stage_cut_plan plan;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		str_add(&files[i], "id,note,x\nunits,,\n");
		add_records(&files[i], 30 + 20 * (int)i);
		add_file(&cut, files[i].text, files[i].len);
	}
	make_plan(&plan, "csv ignoreheader 2", files[0].text, files[0].len);
	plan.bytes = cut.files.bytes;
	plan.block_bytes = 90;
	plan.pieces = 7;
	assert_true(cut_all(&cut, &plan, PACK_GZIP, 2));
	assert_int_equal(cut.count, 7);
	write_note(&cut, &note);
	for (size_t piece = 0; piece < cut.count; piece++) {
		size_t len;

		for (int64_t line = 1; line_at(cut.pieces[piece].text, line + 1,
					       &len) != NULL;
		     line++)
			check_line(&cut, files, piece, line);
	}
	assert_false(stage_map_find("s3://b/p/redsh-stage/20260101-000000-"
				    "00c0ffee/0009.gz", 1, &spot));
	assert_false(stage_map_find("s3://b/p/0001.gz", 1, &spot));
	/* A load that failed is still told of when its pieces are gone. */
	stage_note_remove(&note, true);
	check_line(&cut, files, 3, 5);
	assert_true(stage_map_find("s3://b/p/redsh-stage/20260101-000000-"
				   "00c0ffee/0004.gz", 5, &spot));
	assert_true(spot.cut);
	for (size_t i = 0; i < 3; i++)
		str_done(&files[i]);
}

/* Some errors have no line: the repeated header is no answer then. */
static void a_whole_piece_is_of_its_first_row_s_file(void **state)
{
	static const char one[] = "id,n\n1,a\n";
	static const char two[] = "id,n\n2,b\n";
	CLEANUP(cut_done) struct cut cut = CUT_EMPTY;
	CLEANUP(stage_note_done) struct stage_note note = STAGE_NOTE_EMPTY;
	CLEANUP(stage_spot_done) struct stage_spot spot = STAGE_SPOT_EMPTY;
	struct stage_cut_plan plan;

	(void)state;
	make_plan(&plan, "csv ignoreheader 1", one, sizeof(one) - 1);
	plan.pieces = 2;
	plan.bytes = 8;
	plan.block_bytes = 4;
	add_file(&cut, one, sizeof(one) - 1);
	add_file(&cut, two, sizeof(two) - 1);
	assert_true(cut_all(&cut, &plan, PACK_GZIP, 1));
	assert_int_equal(cut.count, 2);
	write_note(&cut, &note);
	assert_true(stage_map_find("s3://b/p/redsh-stage/20260101-000000-"
				   "00c0ffee/0002.gz", 0, &spot));
	assert_text(spot.file.text, cut.files.items[1].path);
	assert_true(stage_map_find("s3://b/p/redsh-stage/20260101-000000-"
				   "00c0ffee/0001.gz", 0, &spot));
	assert_text(spot.file.text, cut.files.items[0].path);
	stage_note_remove(&note, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pieces_together_are_the_file),
		cmocka_unit_test(every_kind_of_compression_does),
		cmocka_unit_test(records_are_whole_wherever_it_is_cut),
		cmocka_unit_test(pieces_are_of_like_size),
		cmocka_unit_test(a_record_longer_than_a_piece_stays_whole),
		cmocka_unit_test(files_follow_each_other),
		cmocka_unit_test(the_header_is_of_a_file_that_has_one),
		cmocka_unit_test(
			characters_stay_whole_where_nothing_was_looked_at),
		cmocka_unit_test(a_whole_piece_is_of_its_first_row_s_file),
		cmocka_unit_test(what_never_ends_is_named_with_line_and_byte),
		cmocka_unit_test(a_lenient_load_takes_them_along),
		cmocka_unit_test(a_file_that_changes_is_noticed),
		cmocka_unit_test(a_pipe_is_cut_by_size),
		cmocka_unit_test(each_line_of_a_piece_is_found_in_its_file),
	};
	int failed;

	if (mkdtemp(folder) == NULL)
		return 1;
	setenv("XDG_STATE_HOME", folder, 1);
	failed = RUN_TESTS(tests);
	file_remove_tree(folder, NULL);
	return failed;
}
