#include "cmd/s3_zip.h"

#include <string.h>

#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "base/str.h"
#include "data/pack_zip.h"
#include "shell/session.h"

enum {
	STEP_BYTES = 64 * 1024, /* of the first piece, later ones are larger */
	STEP_MAX_BYTES = 4 * 1024 * 1024,
	HINT_NAMES = 5,
};

struct archive {
	struct aws *aws;
	const struct s3_uri *uri;
	struct s3_head head;
	struct pack_zip zip;
};

static void archive_done(struct archive *archive)
{
	s3_head_done(&archive->head);
	pack_zip_done(&archive->zip);
}

/* Just these bytes: less is a cut. */
static bool read_range(const struct archive *archive, int64_t offset,
		       int64_t length, struct str *out, struct err *err)
{
	struct s3_range range = { offset, length, archive->head.etag.text };

	str_clear(out);
	if (!s3_object_get(archive->aws, archive->uri, &range, out, NULL, err))
		return false;
	return (int64_t)out->len == length ||
	       err_set(err, ERR_DATA, "the zip archive is cut short");
}

static bool read_directory(struct archive *archive, struct err *err)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	int64_t size, tail, offset, length;

	if (!s3_object_head(archive->aws, archive->uri, &archive->head, err))
		return false;
	size = archive->head.size;
	tail = size < PACK_ZIP_TAIL_BYTES ? size : PACK_ZIP_TAIL_BYTES;
	return read_range(archive, size - tail, tail, &bytes, err) &&
	       pack_zip_find(bytes.text, bytes.len, size, &offset, &length,
			     err) &&
	       read_range(archive, offset, length, &bytes, err) &&
	       pack_zip_read(&archive->zip, bytes.text, bytes.len, err);
}

static bool refuse(const struct archive *archive, const char *wanted,
		   struct err *err)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;
	size_t count = archive->zip.count;

	if (wanted == NULL)
		return err_set(err, ERR_MISSING,
			       "there is nothing in the zip archive");
	for (size_t i = 0; i < count && i < HINT_NAMES; i++)
		str_addf(&names, "%s%s", i > 0 ? ", " : "",
			 archive->zip.items[i].name);
	err_set(err, ERR_MISSING, "there is no %s in the zip archive", wanted);
	return err_hint(err, "in it: %s%s", names.text,
			count > HINT_NAMES ? ", ..." : "");
}

static const struct pack_zip_member *choose(struct session *session,
					    const struct archive *archive,
					    const char *wanted, struct err *err)
{
	for (size_t i = 0; i < archive->zip.count; i++) {
		const struct pack_zip_member *member = &archive->zip.items[i];

		if (wanted != NULL ? strcmp(member->name, wanted) != 0
				   : str_ends(member->name, "/"))
			continue;
		if (wanted == NULL && archive->zip.count > 1)
			session_info(session,
				     "zip: %s, one of %zu; --member NAME "
				     "shows another",
				     member->name, archive->zip.count);
		return member;
	}
	refuse(archive, wanted, err);
	return NULL;
}

static bool copy_member(const struct archive *archive,
			const struct pack_zip_member *member,
			const struct s3_zip_wish *wish, struct sink *sink,
			struct err *err)
{
	CLEANUP(unzip_freep) struct unzip *unzip = unzip_new(member, sink, err);
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	int64_t at, end, step = STEP_BYTES;

	if (unzip == NULL || !read_range(archive, member->at,
					 PACK_ZIP_HEADER_BYTES, &bytes, err))
		return false;
	at = pack_zip_skip(bytes.text, err);
	if (at == 0)
		return false;
	at += member->at;
	end = at + member->packed;
	while (at < end) {
		int64_t length = end - at < step ? end - at : step;

		if (wish->enough != NULL && wish->enough(wish->context))
			return true;
		if (!read_range(archive, at, length, &bytes, err) ||
		    !unzip_feed(unzip, bytes.text, bytes.len, err))
			return false;
		at += length;
		if (step < STEP_MAX_BYTES)
			step *= 2;
	}
	return unzip_end(unzip, err);
}

bool s3_zip_read(struct session *session, struct aws *aws,
		 const struct s3_uri *uri, const struct s3_zip_wish *wish,
		 struct sink *sink, struct err *err)
{
	CLEANUP(archive_done)
	struct archive archive = { aws, uri, S3_HEAD_EMPTY, { 0 } };
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	const struct pack_zip_member *member;

	if (read_directory(&archive, err)) {
		member = choose(session, &archive, wish->member, err);
		if (member != NULL &&
		    copy_member(&archive, member, wish, sink, err))
			return true;
	}
	s3_uri_add_shown(uri, &shown);
	return err_wrap(err, "%s", shown.text);
}
