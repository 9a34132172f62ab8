#include "sandbox/kaggle/kaggle_link.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/secret.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/isotime.h"
#include "data/url.h"
#include "sandbox/account/identity.h"
#include "sandbox/kaggle/kaggle_set.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_keep.h"
#include "sandbox/s3/s3_range.h"

#define ROOT   "/kaggle-data-sets/"
#define LIFE_S INT64_C(259200) /* three days */

/* [Cloud Storage: V4 signing, X-Goog-Expires] */
#define SIGNED_LIFE_MAX_S INT64_C(604800)

/* --- links --- */

/* ROOT OWNER/SLUG/VERSION/bundle/archive.zip, .../files/NAME, or
 * .../compressed/NAME.zip */
static void add_path(const struct kaggle_set *set,
		     const struct kaggle_file *file, struct str *out)
{
	str_addf(out, ROOT "%s/%s/%lld/", set->owner, set->slug,
		 (long long)set->version);
	if (file == NULL) {
		str_add(out, "bundle/archive.zip");
		return;
	}
	str_add(out, file->is_zipped ? "compressed/" : "files/");
	url_escape(out, file->name, strlen(file->name), URL_KEEP_SLASH);
	if (file->is_zipped)
		str_add(out, ".zip");
}

static void add_signature(const struct s3_call *call, const char *path,
			  int64_t ends_s, struct str *out)
{
	const struct secret *secret = &call->options->identity->token_key;
	const struct hash_key key = { secret_text(secret),
				      strlen(secret_text(secret)) };
	CLEANUP(str_done) struct str text = STR_EMPTY;
	unsigned char digest[32];

	str_addf(&text, "kaggle link\n%s\n%lld", path, (long long)ends_s);
	hash_hmac_sha256(key, text.text, text.len, digest);
	encode_hex(out, digest, sizeof(digest));
}

/* Another name of the same machine, with the port of the request. */
static void add_host(const struct s3_call *call, struct str *out)
{
	const char *host = s3_request_header(&call->request, "host");
	const char *colon = host != NULL ? strrchr(host, ':') : NULL;

	str_add(out, host != NULL && str_starts(host, "localhost")
			     ? "127.0.0.1"
			     : "localhost");
	if (colon != NULL)
		str_add(out, colon);
}

void kaggle_link_add(const struct s3_call *call, const struct kaggle_set *set,
		     const struct kaggle_file *file, struct str *out)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str date = STR_EMPTY;
	int64_t now_ms = clock_wall_ms() / 1000 * 1000 + call->auth.skew_ms;

	add_path(set, file, &path);
	isotime_add_basic(&date, now_ms);
	str_add(out, "http://");
	add_host(call, out);
	str_addf(out,
		 "%s?X-Goog-Algorithm=GOOG4-HMAC-SHA256&X-Goog-Date=%s"
		 "&X-Goog-Expires=%lld&X-Goog-SignedHeaders=host"
		 "&X-Goog-Signature=",
		 path.text, date.text, (long long)LIFE_S);
	add_signature(call, path.text, now_ms / 1000 + LIFE_S, out);
}

bool kaggle_link_is_for(const struct s3_call *call)
{
	return str_starts(call->request.target, ROOT);
}

/* --- requests --- */

static bool check_method(const struct s3_call *call, struct err *err)
{
	const char *method = call->request.method;

	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
	       s3_call_refuse(err, "MethodNotAllowed",
			      "The specified method is not allowed against"
			      " this resource.");
}

/* Kaggle's key has leaked to another host. */
static bool check_no_key(const struct s3_call *call, struct err *err)
{
	return s3_request_header(&call->request, "authorization") == NULL ||
	       s3_call_refuse(err, "InvalidArgument",
			      "Only one auth mechanism allowed: the link is"
			      " signed, and an Authorization header came with"
			      " it");
}

static bool check_signature(const struct s3_call *call, const char *path,
			    struct err *err)
{
	const struct s3_request *request = &call->request;
	const char *date = s3_request_param(request, "X-Goog-Date");
	const char *life = s3_request_param(request, "X-Goog-Expires");
	const char *sent = s3_request_param(request, "X-Goog-Signature");
	CLEANUP(str_done) struct str right = STR_EMPTY;
	int64_t made_ms;
	int64_t life_s;
	int64_t ends_s;

	if (date == NULL || life == NULL || sent == NULL)
		return s3_call_refuse(err, "AccessDenied", "Access denied.");
	life_s = strtoll(life, NULL, 10);
	if (!isotime_parse(date, &made_ms, NULL) || life_s < 1 ||
	    life_s > SIGNED_LIFE_MAX_S)
		return s3_call_refuse(err, "InvalidArgument",
				      "Invalid argument.");
	ends_s = made_ms / 1000 + life_s;
	add_signature(call, path, ends_s, &right);
	if (strcmp(right.text, sent) != 0)
		return s3_call_refuse(err, "SignatureDoesNotMatch",
				      "Access denied.");
	if ((clock_wall_ms() + call->auth.skew_ms) / 1000 >= ends_s)
		return s3_call_refuse(err, "ExpiredToken",
				      "The provided token has expired.");
	return true;
}

/* The next part of the path; both borrowed from it. */
static char *next_part(char **at)
{
	char *part = *at;
	char *slash = strchr(part, '/');

	if (slash == NULL) {
		*at = part + strlen(part);
		return part;
	}
	*slash = '\0';
	*at = slash + 1;
	return part;
}

static const struct kaggle_kept *find_kept(const struct kaggle_set *set,
					   const char *kind, const char *rest)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	bool zipped = strcmp(kind, "compressed") == 0;

	if (strcmp(kind, "bundle") == 0)
		return &set->archive;
	url_unescape(&name, rest, strlen(rest), URL_PLUS_STAYS);
	if (zipped && str_ends(name.text, ".zip"))
		str_cut(&name, name.len - strlen(".zip"));
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].is_zipped == zipped &&
		    strcmp(set->items[i].name, name.text) == 0)
			return &set->items[i].kept;
	return NULL;
}

/* Sets *out_kept, of set. */
static bool find(const struct s3_call *call, const char *path,
		 struct kaggle_set *set, const struct kaggle_kept **out_kept,
		 struct err *err)
{
	CLEANUP(mem_freep) char *copy = mem_copy_text(path + strlen(ROOT));
	char *at = copy;
	const char *owner = next_part(&at);
	const char *slug = next_part(&at);
	int64_t version = strtoll(next_part(&at), NULL, 10);
	const char *kind = next_part(&at);

	if (version > 0 && kaggle_set_load(set, call->options->dir, owner, slug,
					   version, err)) {
		*out_kept = find_kept(set, kind, at);
		if (*out_kept != NULL)
			return true;
	}
	return s3_call_refuse(err, "NoSuchKey",
			      "The specified key does not exist.");
}

/* RFC 9110, 13.1.5: when it is another file now, all of it is sent. */
static bool range_holds(const struct s3_call *call, const char *etag)
{
	const char *wanted = s3_request_header(&call->request, "if-range");
	size_t len = strlen(etag);

	return wanted == NULL ||
	       (wanted[0] == '"' && strncmp(wanted + 1, etag, len) == 0 &&
		strcmp(wanted + 1 + len, "\"") == 0);
}

static void put_facts(struct s3_call *call,
		      const struct s3_store_object *object)
{
	struct s3_reply *reply = &call->reply;
	CLEANUP(str_done) struct str time = STR_EMPTY;
	CLEANUP(str_done) struct str raw = STR_EMPTY;
	CLEANUP(str_done) struct str md5 = STR_EMPTY;
	const char *path = call->request.path.text;

	isotime_add_http(&time, object->modified_ms);
	encode_unhex(&raw, object->etag, strlen(object->etag));
	encode_base64(&md5, raw.text, raw.len);
	s3_reply_header(reply, "Last-Modified", time.text);
	s3_reply_headerf(reply, "ETag", "\"%s\"", object->etag);
	s3_reply_headerf(reply, "x-goog-hash", "md5=%s", md5.text);
	s3_reply_header(reply, "Accept-Ranges", "bytes");
	s3_reply_header(reply, "Content-Type",
			str_ends(path, ".zip")   ? "application/zip"
			: str_ends(path, ".csv") ? "text/csv"
						 : "application/octet-stream");
}

static bool serve(struct s3_call *call, const struct s3_store_object *object,
		  struct err *err)
{
	struct s3_range range = { 0, object->bytes - 1, false, 0 };
	struct s3_reply *reply = &call->reply;

	if (!s3_keep_check(&call->request, "", object, err))
		return false;
	if (range_holds(call, object->etag) &&
	    !s3_range_read(call, object, &range, err)) {
		CLEANUP(str_done) struct str all = STR_EMPTY;

		str_addf(&all, "bytes */%lld", (long long)object->bytes);
		s3_reply_always(reply, "Content-Range", all.text);
		return false;
	}
	put_facts(call, object);
	reply->offset = range.first;
	reply->length = range.last - range.first + 1;
	reply->status = range.partial ? 206 : 200;
	if (range.partial)
		s3_reply_headerf(reply, "Content-Range", "bytes %lld-%lld/%lld",
				 (long long)range.first, (long long)range.last,
				 (long long)object->bytes);
	return true;
}

bool kaggle_link_run(struct s3_call *call, struct err *err)
{
	CLEANUP(kaggle_set_done) struct kaggle_set set = KAGGLE_SET_EMPTY;
	CLEANUP(str_done) struct str file = STR_EMPTY;
	CLEANUP(mem_freep)
	char *path = mem_copy_slice(call->request.target,
				    strcspn(call->request.target, "?"));
	struct s3_store_object object = { .headers = (char *)"" };
	const struct kaggle_kept *kept;

	if (!check_method(call, err) || !check_no_key(call, err) ||
	    !check_signature(call, path, err) ||
	    !find(call, path, &set, &kept, err))
		return false;
	path_join(set.dir, kept->file, &file);
	call->reply.fd = open(file.text, O_RDONLY | O_CLOEXEC);
	if (call->reply.fd < 0)
		return err_set_errno(err, errno, "cannot read %s", file.text);
	object.bytes = kept->bytes;
	object.modified_ms = set.created_ms;
	str_set(&file, kept->md5);
	memcpy(object.etag, file.text, file.len + 1);
	return serve(call, &object, err);
}
