#include "load/inspect_zip.h"

#include <string.h>

#include "base/sink.h"
#include "base/str.h"
#include "data/pack_zip.h"
#include "load/inspect.h"

enum { PIECE_BYTES = 4096 }; /* packed: 4 MiB at most when unpacked */

struct inspect_zip {
	const struct inspect_source *archive;
	struct pack_zip zip;
	const struct pack_zip_member *member;
	struct str name; /* "a.zip: orders.csv" */
	size_t count;
	struct unzip *unzip; /* NULL: not begun */
	struct sink sink;    /* to plain */
	struct str plain;
	int64_t begin; /* of plain in the member */
	int64_t data;  /* of its packed bytes in the archive, */
	int64_t fed;   /* ... and how many were fed */
};

void inspect_zip_close(struct inspect_zip *zip)
{
	if (zip == NULL)
		return;
	unzip_free(zip->unzip);
	pack_zip_done(&zip->zip);
	str_done(&zip->name);
	str_done(&zip->plain);
	mem_free(zip);
}

/* --- which member --- */

static bool read_directory(struct inspect_zip *zip, struct err *err)
{
	const struct inspect_source *archive = zip->archive;
	int64_t tail = archive->size < PACK_ZIP_TAIL_BYTES
			       ? archive->size
			       : PACK_ZIP_TAIL_BYTES;
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	int64_t offset, length;

	if (!archive->read(archive->context, archive->size - tail, tail, &bytes,
			   err) ||
	    !pack_zip_find(bytes.text, bytes.len, archive->size, &offset,
			   &length, err))
		return false;
	str_clear(&bytes);
	return archive->read(archive->context, offset, length, &bytes, err) &&
	       pack_zip_read(&zip->zip, bytes.text, bytes.len, err);
}

/* Archives that are documents: a member that they all have. */
static const struct {
	const char *member;
	const char *what;
} documents[] = {
	{ "xl/workbook.xml", "an Excel workbook" },
	{ "xl/workbook.bin", "an Excel workbook" },
	{ "word/document.xml", "a Word document" },
	{ "ppt/presentation.xml", "a PowerPoint presentation" },
	{ "META-INF/manifest.xml", "an OpenDocument file" },
};

static bool refuse_document(const struct inspect_zip *zip, struct err *err)
{
	for (size_t i = 0; i < zip->zip.count; i++) {
		for (size_t d = 0; d < COUNT_OF(documents); d++) {
			if (strcmp(zip->zip.items[i].name,
				   documents[d].member) != 0)
				continue;
			err_set(err, ERR_DATA,
				"%s is %s, which COPY cannot load",
				zip->archive->name, documents[d].what);
			err_hint(err, "save the sheet as CSV in UTF-8");
			return true;
		}
	}
	return false;
}

static bool is_data(const struct pack_zip_member *member)
{
	return member->size > 0 && !str_ends(member->name, "/") &&
	       !str_starts(member->name, "__MACOSX/") &&
	       !str_ends(member->name, ".DS_Store");
}

static bool choose(struct inspect_zip *zip, struct err *err)
{
	for (size_t i = 0; i < zip->zip.count; i++) {
		const struct pack_zip_member *member = &zip->zip.items[i];

		if (!is_data(member))
			continue;
		zip->count++;
		if (zip->member == NULL || member->size > zip->member->size)
			zip->member = member;
	}
	if (zip->member != NULL)
		return true;
	err_set(err, ERR_DATA, "%s has no files in it", zip->archive->name);
	return err_hint(err, "there is nothing to load");
}

struct inspect_zip *inspect_zip_open(const struct inspect_source *archive,
				     struct err *err)
{
	struct inspect_zip *zip = mem_alloc(sizeof(*zip));

	zip->archive = archive;
	zip->name = (struct str)STR_EMPTY;
	zip->plain = (struct str)STR_EMPTY;
	zip->sink = sink_to_str(&zip->plain);
	if (!read_directory(zip, err)) {
		err_wrap(err, "%s", archive->name);
	} else if (!refuse_document(zip, err) && choose(zip, err)) {
		str_addf(&zip->name, "%s: %s", archive->name,
			 zip->member->name);
		return zip;
	}
	inspect_zip_close(zip);
	return NULL;
}

/* --- its bytes --- */

static bool begin(struct inspect_zip *zip, struct err *err)
{
	const struct inspect_source *archive = zip->archive;
	CLEANUP(str_done) struct str header = STR_EMPTY;
	int64_t skip;

	unzip_free(zip->unzip);
	zip->unzip = NULL;
	str_clear(&zip->plain);
	zip->begin = 0;
	if (!archive->read(archive->context, zip->member->at,
			   PACK_ZIP_HEADER_BYTES, &header, err))
		return false;
	if (header.len < PACK_ZIP_HEADER_BYTES)
		return err_set(err, ERR_DATA, "the archive is cut short");
	skip = pack_zip_skip(header.text, err);
	if (skip == 0)
		return false;
	zip->data = zip->member->at + skip;
	zip->fed = 0;
	zip->unzip = unzip_new(zip->member, &zip->sink, err);
	return zip->unzip != NULL;
}

/* The next piece; behind the last one the checksum is compared. */
static bool unpack_more(struct inspect_zip *zip, struct err *err)
{
	const struct inspect_source *archive = zip->archive;
	int64_t left = zip->member->packed - zip->fed;
	CLEANUP(str_done) struct str bytes = STR_EMPTY;

	if (left == 0)
		return err_set(err, ERR_DATA, "the file in it is cut short");
	if (!archive->read(archive->context, zip->data + zip->fed,
			   left < PIECE_BYTES ? left : PIECE_BYTES, &bytes,
			   err))
		return false;
	if (bytes.len == 0)
		return err_set(err, ERR_DATA, "the archive is cut short");
	zip->fed += (int64_t)bytes.len;
	if (!unzip_feed(zip->unzip, bytes.text, bytes.len, err))
		return false;
	return zip->fed < zip->member->packed || unzip_end(zip->unzip, err);
}

static bool read_member(void *context, int64_t offset, int64_t length,
			struct str *out, struct err *err)
{
	struct inspect_zip *zip = context;
	int64_t end = offset + length < zip->member->size ? offset + length
							  : zip->member->size;
	int64_t passed;

	if (offset >= zip->member->size)
		return true;
	if ((zip->unzip == NULL || offset < zip->begin) && !begin(zip, err))
		return err_wrap(err, "%s", zip->name.text);
	while (zip->begin + (int64_t)zip->plain.len < end) {
		passed = offset - zip->begin;
		if (passed > (int64_t)zip->plain.len)
			passed = (int64_t)zip->plain.len;
		memmove(zip->plain.text, zip->plain.text + passed,
			zip->plain.len - (size_t)passed);
		str_cut(&zip->plain, zip->plain.len - (size_t)passed);
		zip->begin += passed;
		if (!unpack_more(zip, err))
			return err_wrap(err, "%s", zip->name.text);
	}
	str_add_slice(out, zip->plain.text + (offset - zip->begin),
		      (size_t)(end - offset));
	return true;
}

void inspect_zip_source(struct inspect_zip *zip, struct inspect_source *out)
{
	*out = *zip->archive;
	out->context = zip;
	out->name = zip->name.text;
	out->size = zip->member->size;
	out->forward = true;
	out->read = read_member;
}

const char *inspect_zip_member(const struct inspect_zip *zip)
{
	return zip->member->name;
}

size_t inspect_zip_count(const struct inspect_zip *zip)
{
	return zip->count;
}
