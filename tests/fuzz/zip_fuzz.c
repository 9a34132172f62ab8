/* Archives of zip read as a client with ranges does: the tail, the directory,
 * then each member in pieces. What was read lies inside of the archive; whether
 * a member is good, and its bytes, are the same however it is cut, and they are
 * never more than the directory says. Then the same forward, from the first byte
 * on, without the directory.
 *
 * Byte 0: the pieces. The archives were made by Python's zipfile: two files
 * (into a file, into a pipe), ZIP64 of a member, a comment that looks like an
 * end, ZIP64 everywhere, flags of encryption and an unknown method.
 */
#include "fuzz.h"

#include <string.h>

#include "base/mem.h"
#include "base/sink.h"
#include "base/str.h"
#include "data/pack_zip.h"
#include "kaggle/kaggle_forward.h"
#include "kaggle/kaggle_source.h"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT(
		  "\001\120\113\003\004\024\000\000\000\000\000\203\030\042"
		  "\130\173\007\227\012\010\000\000\000\010\000\000\000\005"
		  "\000\000\000\141\056\143\163\166\141\054\142\012\061\054"
		  "\062\012\120\113\003\004\024\000\000\000\010\000\203\030"
		  "\042\130\023\055\103\033\007\000\000\000\054\001\000\000"
		  "\007\000\000\000\144\057\142\056\143\163\166\253\250\030"
		  "\005\304\002\000\120\113\001\002\024\003\024\000\000\000"
		  "\000\000\203\030\042\130\173\007\227\012\010\000\000\000"
		  "\010\000\000\000\005\000\000\000\000\000\000\000\000\000"
		  "\000\000\200\001\000\000\000\000\141\056\143\163\166\120"
		  "\113\001\002\024\003\024\000\000\000\010\000\203\030\042"
		  "\130\023\055\103\033\007\000\000\000\054\001\000\000\007"
		  "\000\000\000\000\000\000\000\000\000\000\000\200\001\053"
		  "\000\000\000\144\057\142\056\143\163\166\120\113\005\006"
		  "\000\000\000\000\002\000\002\000\150\000\000\000\127\000"
		  "\000\000\000\000"),
	FUZZ_TEXT(
		  "\003\120\113\003\004\024\000\010\000\000\000\203\030\042"
		  "\130\000\000\000\000\000\000\000\000\000\000\000\000\005"
		  "\000\000\000\141\056\143\163\166\141\054\142\012\061\054"
		  "\062\012\120\113\007\010\173\007\227\012\010\000\000\000"
		  "\010\000\000\000\120\113\003\004\024\000\010\000\010\000"
		  "\203\030\042\130\000\000\000\000\000\000\000\000\000\000"
		  "\000\000\007\000\000\000\144\057\142\056\143\163\166\253"
		  "\250\030\005\304\002\000\120\113\007\010\023\055\103\033"
		  "\007\000\000\000\054\001\000\000\120\113\001\002\024\003"
		  "\024\000\010\000\000\000\203\030\042\130\173\007\227\012"
		  "\010\000\000\000\010\000\000\000\005\000\000\000\000\000"
		  "\000\000\000\000\000\000\200\001\000\000\000\000\141\056"
		  "\143\163\166\120\113\001\002\024\003\024\000\010\000\010"
		  "\000\203\030\042\130\023\055\103\033\007\000\000\000\054"
		  "\001\000\000\007\000\000\000\000\000\000\000\000\000\000"
		  "\000\200\001\073\000\000\000\144\057\142\056\143\163\166"
		  "\120\113\005\006\000\000\000\000\002\000\002\000\150\000"
		  "\000\000\167\000\000\000\000\000"),
	FUZZ_TEXT(
		  "\002\120\113\003\004\024\000\000\000\010\000\203\030\042"
		  "\130\342\120\246\037\010\000\000\000\121\000\000\000\005"
		  "\000\024\000\172\056\143\163\166\001\000\020\000\121\000"
		  "\000\000\000\000\000\000\010\000\000\000\000\000\000\000"
		  "\113\114\112\116\244\052\002\000\120\113\001\002\024\003"
		  "\024\000\000\000\010\000\203\030\042\130\342\120\246\037"
		  "\010\000\000\000\121\000\000\000\005\000\000\000\000\000"
		  "\000\000\000\000\000\000\200\001\000\000\000\000\172\056"
		  "\143\163\166\120\113\005\006\000\000\000\000\001\000\001"
		  "\000\063\000\000\000\077\000\000\000\000\000"),
	FUZZ_TEXT(
		  "\005\120\113\003\004\024\000\000\010\000\000\203\030\042"
		  "\130\123\374\121\147\002\000\000\000\002\000\000\000\006"
		  "\000\000\000\303\274\056\143\163\166\061\012\120\113\001"
		  "\002\024\003\024\000\000\010\000\000\203\030\042\130\123"
		  "\374\121\147\002\000\000\000\002\000\000\000\006\000\000"
		  "\000\000\000\000\000\000\000\000\000\200\001\000\000\000"
		  "\000\303\274\056\143\163\166\120\113\005\006\000\000\000"
		  "\000\001\000\001\000\064\000\000\000\046\000\000\000\007"
		  "\000\120\113\005\006\040\156\157"),
	FUZZ_TEXT(
		  "\004\120\113\003\004\055\000\000\000\000\000\000\000\042"
		  "\130\116\241\073\103\377\377\377\377\377\377\377\377\005"
		  "\000\024\000\167\056\143\163\166\001\000\020\000\004\000"
		  "\000\000\000\000\000\000\004\000\000\000\000\000\000\000"
		  "\161\054\167\012\120\113\001\002\055\000\055\000\000\000"
		  "\000\000\000\000\042\130\116\241\073\103\377\377\377\377"
		  "\377\377\377\377\005\000\034\000\000\000\000\000\000\000"
		  "\000\000\000\000\377\377\377\377\167\056\143\163\166\001"
		  "\000\030\000\004\000\000\000\000\000\000\000\004\000\000"
		  "\000\000\000\000\000\000\000\000\000\000\000\000\000\120"
		  "\113\006\006\054\000\000\000\000\000\000\000\055\000\055"
		  "\000\000\000\000\000\000\000\000\000\001\000\000\000\000"
		  "\000\000\000\001\000\000\000\000\000\000\000\117\000\000"
		  "\000\000\000\000\000\073\000\000\000\000\000\000\000\120"
		  "\113\006\007\000\000\000\000\212\000\000\000\000\000\000"
		  "\000\001\000\000\000\120\113\005\006\000\000\000\000\377"
		  "\377\377\377\377\377\377\377\377\377\377\377\000\000"),
	FUZZ_TEXT(
		  "\007\120\113\003\004\024\000\000\000\000\000\203\030\042"
		  "\130\173\007\227\012\010\000\000\000\010\000\000\000\005"
		  "\000\000\000\141\056\143\163\166\141\054\142\012\061\054"
		  "\062\012\120\113\003\004\024\000\000\000\010\000\203\030"
		  "\042\130\023\055\103\033\007\000\000\000\054\001\000\000"
		  "\007\000\000\000\144\057\142\056\143\163\166\253\250\030"
		  "\005\304\002\000\120\113\001\002\024\003\024\000\001\000"
		  "\000\000\203\030\042\130\173\007\227\012\010\000\000\000"
		  "\010\000\000\000\005\000\000\000\000\000\000\000\000\000"
		  "\000\000\200\001\000\000\000\000\141\056\143\163\166\120"
		  "\113\001\002\024\003\024\000\000\000\143\000\203\030\042"
		  "\130\023\055\103\033\007\000\000\000\054\001\000\000\007"
		  "\000\000\000\000\000\000\000\000\000\000\000\200\001\053"
		  "\000\000\000\144\057\142\056\143\163\166\120\113\005\006"
		  "\000\000\000\000\002\000\002\000\150\000\000\000\127\000"
		  "\000\000\000\000"),
	{ NULL, 0 },
};

static const char *const words[] = {
	"\377\377\377\377",
	"\377\377",
	"\377\377\377\377\377\377\377\177",
	"\000\000\000\200",
	"\001\000\030\000",
	"\001\000\020\000",
	"PK\001\002",
	"PK\003\004",
	"PK\005\006",
	"PK\006\006",
	"PK\006\007",
	"PK\007\010",
	"\001",
	"\010",
	"../",
	"/",
	NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 30000,
};

/* The whole, as a block whose end the sanitizers know. */
struct archive {
	const char *bytes;
	size_t len;
};

static char *block(const struct archive *archive, int64_t at, int64_t len)
{
	char *copy;

	FUZZ_CHECK(at >= 0 && len >= 0 && at <= (int64_t)archive->len &&
		   len <= (int64_t)archive->len - at);
	copy = mem_alloc(len > 0 ? (size_t)len : 1);
	memcpy(copy, archive->bytes + at, (size_t)len);
	return copy;
}

static bool is_inside(const struct archive *archive, int64_t at, int64_t len)
{
	return at >= 0 && len >= 0 && at <= (int64_t)archive->len &&
	       len <= (int64_t)archive->len - at;
}

static void unpack(const struct archive *archive,
		   const struct pack_zip_member *member, int64_t at,
		   size_t piece, struct str *out)
{
	struct sink sink = sink_to_str(out);
	struct err err = ERR_EMPTY;
	CLEANUP(unzip_freep) struct unzip *unzip =
		unzip_new(member, &sink, &err);
	bool good = unzip != NULL;

	for (int64_t done = 0; good && done < member->packed;) {
		int64_t left = member->packed - done;
		int64_t len = left < (int64_t)piece ? left : (int64_t)piece;
		CLEANUP(mem_freep) char *bytes = block(archive, at + done, len);

		good = unzip_feed(unzip, bytes, (size_t)len, &err);
		done += len;
	}
	good = good && unzip_end(unzip, &err);
	if (good)
		FUZZ_CHECK((int64_t)out->len == member->size);
	else
		FUZZ_CHECK(err.kind == ERR_DATA && err.message[0] != '\0');
	FUZZ_CHECK((int64_t)out->len <= member->size);
	/* How much comes before a fault depends on the pieces. */
	if (!good)
		str_set(out, "bad");
}

static void read_member(const struct archive *archive,
			const struct pack_zip_member *member, size_t piece)
{
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	CLEANUP(str_done) struct str cut = STR_EMPTY;
	CLEANUP(mem_freep) char *header = NULL;
	struct err err = ERR_EMPTY;
	int64_t skip;

	FUZZ_CHECK(member->name != NULL && member->at >= 0 &&
		   member->packed >= 0 && member->size >= 0);
	if (!is_inside(archive, member->at, PACK_ZIP_HEADER_BYTES))
		return;
	header = block(archive, member->at, PACK_ZIP_HEADER_BYTES);
	skip = pack_zip_skip(header, &err);
	FUZZ_CHECK((skip == 0) == (err.kind == ERR_DATA));
	if (skip == 0 ||
	    !is_inside(archive, member->at + skip, member->packed))
		return;
	unpack(archive, member, member->at + skip, SIZE_MAX / 2, &whole);
	unpack(archive, member, member->at + skip, piece, &cut);
	FUZZ_CHECK(whole.len == cut.len &&
		   memcmp(whole.text, cut.text, whole.len) == 0);
}

static void read_archive(const struct archive *archive, size_t piece)
{
	CLEANUP(pack_zip_done) struct pack_zip zip = { 0 };
	CLEANUP(mem_freep) char *tail = NULL;
	CLEANUP(mem_freep) char *directory = NULL;
	size_t tail_len = archive->len < PACK_ZIP_TAIL_BYTES
				  ? archive->len
				  : PACK_ZIP_TAIL_BYTES;
	struct err err = ERR_EMPTY;
	int64_t offset, length;

	tail = block(archive, (int64_t)(archive->len - tail_len),
		     (int64_t)tail_len);
	if (!pack_zip_find(tail, tail_len, (int64_t)archive->len, &offset,
			   &length, &err)) {
		FUZZ_CHECK(err.kind == ERR_DATA);
		return;
	}
	directory = block(archive, offset, length);
	if (!pack_zip_read(&zip, directory, (size_t)length, &err))
		FUZZ_CHECK(err.kind == ERR_DATA);
	for (size_t i = 0; i < zip.count; i++)
		read_member(archive, &zip.items[i], piece);
}

/* --- forward, by the functions for servers without ranges --- */

/* Stands for the network: the archive in pieces. */
struct kaggle_source {
	const struct archive *archive;
	size_t at;
	size_t piece;
	char *given;
};

bool kaggle_source_next(struct kaggle_source *source, size_t most,
			const char **out_bytes, size_t *out_len,
			struct err *err)
{
	size_t left = source->archive->len - source->at;
	size_t len = left < most ? left : most;

	(void)err;
	if (len > source->piece)
		len = source->piece;
	mem_free(source->given);
	source->given = block(source->archive, (int64_t)source->at,
			      (int64_t)len);
	source->at += len;
	*out_bytes = source->given;
	*out_len = len;
	return true;
}

bool kaggle_source_read(struct kaggle_source *source, size_t len,
			struct str *out, struct err *err)
{
	while (len > 0) {
		const char *bytes;
		size_t got;

		kaggle_source_next(source, len, &bytes, &got, err);
		if (got == 0)
			return err_set(err, ERR_DATA, "cut short");
		str_add_slice(out, bytes, got);
		len -= got;
	}
	return true;
}

/* One file; false: no other can be found behind it. */
static bool unpack_forward(struct kaggle_forward *forward,
			   const struct pack_zip_member *member,
			   struct str *out, struct err *err)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	struct sink sink = sink_to_str(&bytes);
	bool bad;

	FUZZ_CHECK(strlen(member->name) == 0 || !member->has_nul ||
		   strchr(member->name, '?') != NULL);
	str_addf(out, "%s\n", member->name);
	/* Some are read over. */
	if (member->name[0] == 'd')
		return true;
	if (kaggle_forward_unpack(forward, &sink, &bad, err)) {
		FUZZ_CHECK((int64_t)bytes.len == member->size);
		str_add_slice(out, bytes.text, bytes.len);
		return true;
	}
	FUZZ_CHECK(err->kind == ERR_DATA && err->message[0] != '\0');
	str_add(out, bad ? "bad\n" : "end\n");
	err_clear(err);
	return bad;
}

static void read_forward(const struct archive *archive, size_t piece,
			 struct str *out)
{
	struct kaggle_source source = { .archive = archive, .piece = piece };
	struct kaggle_forward *forward = kaggle_forward_new(&source);
	const struct pack_zip_member *member;
	struct err err = ERR_EMPTY;

	while (kaggle_forward_next(forward, &member, &err) && member != NULL &&
	       unpack_forward(forward, member, out, &err))
		;
	FUZZ_CHECK(err.kind == ERR_NONE || err.kind == ERR_DATA);
	kaggle_forward_free(forward);
	mem_free(source.given);
}

static void read_both_ways(const struct archive *archive, size_t piece)
{
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	CLEANUP(str_done) struct str cut = STR_EMPTY;

	read_forward(archive, SIZE_MAX, &whole);
	read_forward(archive, piece, &cut);
	FUZZ_CHECK(whole.len == cut.len &&
		   memcmp(whole.text, cut.text, whole.len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct archive archive = { (const char *)data + 1, size - 1 };

	if (size < 1)
		return 0;
	read_archive(&archive, 1 + data[0] % 16);
	read_both_ways(&archive, 1 + data[0] % 16);
	return 0;
}
