#include "transfer/get.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cancel.h"
#include "data/encode.h"
#include "data/hash.h"
#include "transfer/item.h"

enum { BLOCK = 256 * 1024 };

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
	return strcspn(etag, "\"") == 32 &&
	       encode_unhex(out_digest, etag, 32) &&
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

bool get_verify(struct item *item, struct err *err)
{
	struct get *get = item->state;
	struct integrity whole = { .kind = get->head.sum.kind };

	if (get->verified)
		return true;
	if (whole.kind == INTEGRITY_NONE || get_is_whole(get))
		return verify_md5(item, err);
	for (int64_t i = 0; i < get->plan.part_count; i++)
		if (!integrity_join(&whole, &get->sums[i]))
			return wrong_bytes(item, err);
	return whole.crc == get->head.sum.crc || wrong_bytes(item, err);
}
