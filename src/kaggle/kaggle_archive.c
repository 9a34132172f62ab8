#include "kaggle/kaggle_archive.h"

#include <stdlib.h>
#include <string.h>

#include "aws/s3_uri.h"
#include "base/path.h"
#include "base/similar.h"
#include "base/sink.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/pack_zip.h"
#include "kaggle/kaggle_forward.h"
#include "kaggle/kaggle_name.h"
#include "kaggle/kaggle_source.h"

enum {
	PIECE = 64 * 1024,
	DIRECTORY_MAX = 12 * 1024 * 1024, /* some 100,000 files */
	DEFLATE_MOST = 1032, /* bytes from one, zlib's technical details */
	DEFLATED = 8,
	HINT_NAMES = 6,
};

/* Of a file, more than S3 and Kaggle take; sums of it fit into 64 bits. */
static const int64_t size_most = INT64_C(1) << 44;

struct kaggle_archive {
	struct kaggle_source *source;
	const struct kaggle_choice *choice;
	struct kaggle_forward *forward; /* NULL: by ranges */
	struct pack_zip zip;	/* all, by their place */
	bool *wanted;		/* [zip.count] */
	bool *met;		/* [choice->count] */
	int64_t directory;	/* where it begins */
	int64_t files, bytes;	/* wanted */
	size_t next;
	const struct pack_zip_member *now;
};

/* --- names --- */

static bool is_folder(const char *name)
{
	return name[0] == '\0' || str_ends(name, "/");
}

static bool matches(const char *wish, const char *name)
{
	return strcmp(wish, name) == 0 ||
	       (s3_uri_has_glob(wish) && s3_uri_glob_match(wish, name)) ||
	       (strchr(wish, '/') == NULL &&
		strcmp(wish, path_base(name)) == 0);
}

/* Notes which wishes it meets. */
static bool is_wanted(struct kaggle_archive *archive,
		      const struct pack_zip_member *member)
{
	const char *name = member->name;
	const struct kaggle_choice *choice = archive->choice;
	bool wanted = choice->count == 0;

	if (is_folder(name))
		return false;
	for (size_t i = 0; i < choice->count; i++) {
		if (!matches(choice->names[i], name))
			continue;
		archive->met[i] = true;
		wanted = true;
	}
	return wanted;
}

static bool check_met(const struct kaggle_archive *archive, struct err *err)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;
	size_t shown = 0;

	for (size_t i = 0; i < archive->choice->count; i++) {
		struct similar meant = { .wanted = archive->choice->names[i] };

		if (archive->met[i])
			continue;
		for (size_t m = 0; m < archive->zip.count; m++) {
			const char *name = archive->zip.items[m].name;

			if (is_folder(name))
				continue;
			similar_consider(&meant, name);
			similar_consider(&meant, path_base(name));
			if (shown++ >= HINT_NAMES)
				continue;
			str_addf(&names, "%s%s", names.len > 0 ? ", " : "",
				 name);
		}
		err_set(err, ERR_MISSING, "no file %.300s in the data set",
			archive->choice->names[i]);
		if (archive->choice->names[i][0] == '"')
			return err_hint(err, "quotes are single ones here: "
					     "'a b.csv'");
		if (meant.name != NULL)
			return err_hint(err, "did you mean %.300s?",
					meant.name);
		return err_hint(err, "there is: %.400s%s", names.text,
				shown > HINT_NAMES ? ", ..." : "");
	}
	return true;
}

/* --- the directory --- */

static int by_place(const void *a, const void *b)
{
	const struct pack_zip_member *first = a, *second = b;

	return (first->at > second->at) - (first->at < second->at);
}

/* What is behind a member's data: the next header, or the directory. */
static int64_t limit_of(const struct kaggle_archive *archive, size_t at)
{
	return at + 1 < archive->zip.count ? archive->zip.items[at + 1].at
					   : archive->directory;
}

/* Members that share bytes are how a small archive is made to unpack to
 * terabytes. */
static bool check_places(const struct kaggle_archive *archive,
			 struct err *err)
{
	for (size_t i = 0; i < archive->zip.count; i++) {
		const struct pack_zip_member *member = &archive->zip.items[i];
		int64_t limit = limit_of(archive, i);

		if (member->at < 0 || member->packed < 0 || member->size < 0 ||
		    member->at > limit ||
		    member->packed > limit - member->at)
			return err_set(err, ERR_DATA,
				       "the zip archive is damaged: its files "
				       "lie one over the other");
	}
	return true;
}

static bool read_place(struct kaggle_archive *archive, struct str *tail,
		       int64_t *out_length, struct err *err)
{
	int64_t size = kaggle_source_size(archive->source);
	int64_t len = size < PACK_ZIP_TAIL_BYTES ? size : PACK_ZIP_TAIL_BYTES;

	return kaggle_source_seek(archive->source, size - len, size, err) &&
	       kaggle_source_read(archive->source, (size_t)len, tail, err) &&
	       pack_zip_find(tail->text, tail->len, size, &archive->directory,
			     out_length, err);
}

static bool read_directory(struct kaggle_archive *archive, struct err *err)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	int64_t size = kaggle_source_size(archive->source);
	int64_t length, tail;

	if (!read_place(archive, &bytes, &length, err))
		return false;
	if (length > DIRECTORY_MAX) {
		err_set(err, ERR_DATA, "the archive has too many files: its "
				       "directory has %lld MiB, 12 MiB are "
				       "read at most",
			(long long)(length / (1024 * 1024)));
		return err_hint(err, "Kaggle's own program brings one file: "
				     "kaggle datasets download OWNER/DATASET "
				     "-f FILE; or all to your disk: --unzip, "
				     "then \\s3put -r");
	}
	tail = size - (int64_t)bytes.len;
	if (archive->directory >= tail)
		return pack_zip_read(&archive->zip,
				     bytes.text + (archive->directory - tail),
				     (size_t)length, err);
	str_clear(&bytes);
	return kaggle_source_seek(archive->source, archive->directory,
				  archive->directory + length, err) &&
	       kaggle_source_read(archive->source, (size_t)length, &bytes,
				  err) &&
	       pack_zip_read(&archive->zip, bytes.text, bytes.len, err);
}

static bool choose(struct kaggle_archive *archive, struct err *err)
{
	struct pack_zip *zip = &archive->zip;

	if (zip->count > 0)
		qsort(zip->items, zip->count, sizeof(zip->items[0]), by_place);
	if (!check_places(archive, err))
		return false;
	archive->wanted = mem_alloc(zip->count + 1);
	for (size_t i = 0; i < zip->count; i++) {
		archive->wanted[i] = is_wanted(archive, &zip->items[i]);
		if (!archive->wanted[i])
			continue;
		archive->files++;
		/* Others are refused when it is their turn. */
		if (zip->items[i].size <= size_most)
			archive->bytes += zip->items[i].size;
	}
	return check_met(archive, err);
}

struct kaggle_archive *kaggle_archive_open(struct kaggle_source *source,
					   const struct kaggle_choice *choice,
					   struct err *err)
{
	struct kaggle_archive *archive = mem_alloc(sizeof(*archive));

	archive->source = source;
	archive->choice = choice;
	archive->met = mem_alloc(choice->count + 1);
	if (!kaggle_source_has_ranges(source)) {
		archive->forward = kaggle_forward_new(source);
		archive->files = archive->bytes = -1;
		return archive;
	}
	if (read_directory(archive, err) && choose(archive, err))
		return archive;
	kaggle_archive_close(archive);
	return NULL;
}

void kaggle_archive_close(struct kaggle_archive *archive)
{
	if (archive == NULL)
		return;
	kaggle_forward_free(archive->forward);
	pack_zip_done(&archive->zip);
	mem_free(archive->wanted);
	mem_free(archive->met);
	mem_free(archive);
}

int64_t kaggle_archive_files(const struct kaggle_archive *archive)
{
	return archive->files;
}

int64_t kaggle_archive_bytes(const struct kaggle_archive *archive)
{
	return archive->bytes;
}

bool kaggle_archive_check_single(const struct kaggle_archive *archive,
				 const struct kaggle_name *name,
				 struct err *err)
{
	CLEANUP(str_done) struct str set = STR_EMPTY;

	if (archive->files <= 1)
		return true;
	kaggle_name_add(name, &set);
	err_set(err, ERR_USAGE, "kaggle:%s/%.300s: %lld files have that name",
		set.text, archive->choice->names[0], (long long)archive->files);
	return err_hint(err,
			"\\kaggle ls %.200s shows them with their "
			"folders; \\kaggle get brings several to S3",
			set.text);
}

/* --- one after the other --- */

static bool next_forward(struct kaggle_archive *archive,
			 const struct pack_zip_member **out, struct err *err)
{
	do {
		if (!kaggle_forward_next(archive->forward, out, err))
			return false;
		if (*out == NULL)
			return check_met(archive, err);
	} while (!is_wanted(archive, *out));
	return true;
}

bool kaggle_archive_next(struct kaggle_archive *archive,
			 const struct pack_zip_member **out, struct err *err)
{
	*out = NULL;
	if (archive->forward != NULL)
		return next_forward(archive, out, err);
	while (archive->next < archive->zip.count &&
	       !archive->wanted[archive->next])
		archive->next++;
	archive->now = NULL;
	if (archive->next < archive->zip.count)
		archive->now = &archive->zip.items[archive->next++];
	*out = archive->now;
	return true;
}

bool kaggle_archive_check(const struct pack_zip_member *member,
			  struct err *err)
{
	if (member->has_nul)
		return err_set(err, ERR_DATA, "its name has a NUL byte");
	if (member->is_encrypted) {
		err_set(err, ERR_DATA, "it is encrypted in the archive");
		return err_hint(err, "ask the owner of the data set for one "
				     "without a password");
	}
	if (member->method != 0 && member->method != DEFLATED)
		return err_set(err, ERR_DATA,
			       "it is packed by method %d of zip, and only "
			       "deflate is known",
			       member->method);
	if (member->size > size_most)
		return err_set(err, ERR_DATA,
			       "no file has %lld bytes: the archive is "
			       "damaged, or a bomb",
			       (long long)member->size);
	if (member->size >= 0 && member->method == DEFLATED &&
	    member->size / DEFLATE_MOST - 1 > member->packed)
		return err_set(err, ERR_DATA,
			       "%lld bytes cannot become %lld: the archive is "
			       "damaged, or a bomb",
			       (long long)member->packed,
			       (long long)member->size);
	return true;
}

/* Where the last of the wanted neighbours ends: so far one request goes. */
static int64_t run_end(const struct kaggle_archive *archive)
{
	size_t at = archive->next - 1;

	while (at + 1 < archive->zip.count && archive->wanted[at + 1])
		at++;
	return limit_of(archive, at);
}

static bool read_header(struct kaggle_archive *archive, bool *out_bad,
			struct err *err)
{
	const struct pack_zip_member *member = archive->now;
	CLEANUP(str_done) struct str header = STR_EMPTY;
	int64_t skip, limit = limit_of(archive, archive->next - 1);

	*out_bad = false;
	if (!kaggle_source_seek(archive->source, member->at, run_end(archive),
				err) ||
	    !kaggle_source_read(archive->source, PACK_ZIP_HEADER_BYTES,
				&header, err))
		return false;
	*out_bad = true;
	skip = pack_zip_skip(header.text, err);
	if (skip == 0)
		return false;
	if (skip > limit - member->at - member->packed)
		return err_set(err, ERR_DATA,
			       "the zip archive is damaged: a file reaches "
			       "into the next one");
	*out_bad = false;
	str_clear(&header);
	return kaggle_source_read(archive->source,
				  (size_t)skip - PACK_ZIP_HEADER_BYTES, &header,
				  err);
}

bool kaggle_archive_unpack(struct kaggle_archive *archive, struct sink *sink,
			   bool *out_bad, struct err *err)
{
	const struct pack_zip_member *member = archive->now;
	struct kaggle_feed feed = { .sink = sink };
	CLEANUP(unzip_freep) struct unzip *unzip = NULL;
	int64_t left;

	if (archive->forward != NULL)
		return kaggle_forward_unpack(archive->forward, sink, out_bad,
					     err);
	if (!read_header(archive, out_bad, err))
		return false;
	unzip = kaggle_feed_begin(&feed, member, err);
	if (unzip == NULL)
		return false;
	for (left = member->packed; left > 0;) {
		const char *bytes;
		size_t len;

		if (!kaggle_source_next(archive->source,
					left < PIECE ? (size_t)left : PIECE,
					&bytes, &len, err))
			return false;
		if (len == 0)
			return err_set(err, ERR_DATA,
				       "the zip archive is cut short");
		left -= (int64_t)len;
		if (!unzip_feed(unzip, bytes, len, err)) {
			*out_bad = !feed.failed;
			return false;
		}
	}
	*out_bad = !unzip_end(unzip, err);
	return !*out_bad;
}
