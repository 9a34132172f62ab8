#include "sandbox/quicksight/qs_link.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "base/secret.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "sandbox/account/identity.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_embed.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"

enum { RESULT_S = 300 };

#define RESULTS "/-quicksight/snapshots/"
#define PAGES	"/-quicksight/embed/"

void qs_link_path(const struct qs *qs, const char *folder, const char *name,
		  struct str *out)
{
	CLEANUP(str_done) struct str all = STR_EMPTY;
	CLEANUP(str_done) struct str own = STR_EMPTY;

	path_join(qs->options->dir, "quicksight", &all);
	path_join(all.text, folder, &own);
	if (name == NULL)
		str_add(out, own.text);
	else
		path_join(own.text, name, out);
}

/* Of path and end, under a key that never leaves the sandbox's folder. */
static void add_signature(const struct s3_http_options *options,
			  const char *path, int64_t expires_s, struct str *out)
{
	const struct secret *secret = &options->identity->token_key;
	struct hash_key key = { secret_text(secret),
				strlen(secret_text(secret)) };
	unsigned char digest[32];
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_addf(&text, "quicksight\n%s\n%" PRId64, path, expires_s);
	hash_hmac_sha256(key, text.text, text.len, digest);
	encode_hex(out, digest, sizeof(digest));
}

void qs_link_add(const struct qs_call *call, const char *folder,
		 const char *name, struct str *out)
{
	const char *host = s3_request_header(&call->call->request, "host");
	int64_t expires_s = clock_wall_ms() / 1000 + RESULT_S;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str signature = STR_EMPTY;

	str_addf(&path, RESULTS "%s/%s", folder, name);
	add_signature(call->qs->options, path.text, expires_s, &signature);
	str_addf(out, "http://%s%s?expires=%" PRId64 "&signature=%s",
		 host == NULL ? "localhost" : host, path.text, expires_s,
		 signature.text);
}

/* --- answers --- */

static void refuse(struct s3_call *call, int status, const char *text)
{
	s3_reply_header(&call->reply, "Content-Type", "text/plain");
	str_add(&call->reply.body, text);
	call->reply.status = status;
}

static bool is_signed(const struct s3_call *call)
{
	const char *path = call->request.path.text;
	const char *expires = s3_request_param(&call->request, "expires");
	const char *sent = s3_request_param(&call->request, "signature");
	CLEANUP(str_done) struct str right = STR_EMPTY;
	int64_t at_s;

	if (expires == NULL || sent == NULL)
		return false;
	at_s = strtoll(expires, NULL, 10);
	add_signature(call->options, path, at_s, &right);
	return sigv4_signature_equal(right.text, sent) &&
	       at_s > (clock_wall_ms() + call->auth.skew_ms) / 1000;
}

/* "FOLDER/NAME" of a signed path is one that was made here. */
static void give_result(struct s3_call *call)
{
	const char *rest = call->request.path.text + strlen(RESULTS);
	const char *slash = strchr(rest, '/');
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct stat found;

	if (!is_signed(call) || slash == NULL) {
		refuse(call, 403, "This link is not valid, or has expired.\n");
		return;
	}
	str_add_slice(&folder, rest, (size_t)(slash - rest));
	qs_link_path(call->options->quicksight, folder.text, slash + 1, &path);
	call->reply.fd = open(path.text, O_RDONLY | O_CLOEXEC);
	if (call->reply.fd < 0 || fstat(call->reply.fd, &found) != 0) {
		refuse(call, 404, "There is no such result.\n");
		return;
	}
	call->reply.length = found.st_size;
	s3_reply_header(&call->reply, "Content-Type",
			str_ends(path.text, ".pdf") ? "application/pdf"
						    : "text/csv");
	call->reply.status = 200;
}

void qs_link_run(struct s3_call *call)
{
	const char *path = call->request.path.text;

	if (call->options->quicksight == NULL)
		refuse(call, 404, "There is no QuickSight here.\n");
	else if (str_starts(path, RESULTS))
		give_result(call);
	else if (str_starts(path, PAGES))
		qs_embed_run(call, path + strlen(PAGES));
	else
		refuse(call, 404, "There is no such page.\n");
}
