#include "sandbox/account/token.h"

#include <string.h>

#include "base/secret.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/json.h"

#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define ISSUER "redsh-sandbox"

enum { TOKEN_MAX = 16384 };

static void add_text(struct str *out, const char *text)
{
	str_add_char(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			str_add_char(out, '\\');
		if ((unsigned char)*text < 32)
			str_addf(out, "\\u%04x", (unsigned)*text);
		else
			str_add_char(out, *text);
	}
	str_add_char(out, '"');
}

static void add_groups(struct str *out, const char *groups)
{
	CLEANUP(str_done) struct str one = STR_EMPTY;
	bool first = true;

	str_add_char(out, '[');
	while (*groups != '\0') {
		size_t len = strcspn(groups, ",");

		str_set_slice(&one, groups, len);
		if (!first)
			str_add_char(out, ',');
		add_text(out, one.text);
		first = false;
		groups += len + (groups[len] == ',');
	}
	str_add_char(out, ']');
}

static void sign(const struct secret *key, const char *text, size_t len,
		 unsigned char out[32])
{
	const char *secret = secret_text(key);
	struct hash_key with = { secret, strlen(secret) };

	hash_hmac_sha256(with, text, len, out);
}

void token_make(const struct secret *key, const struct token_claims *claims,
		struct str *out)
{
	CLEANUP(str_done) struct str body = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	unsigned char signature[32];

	str_add(&body, "{\"iss\":\"" ISSUER "\",\"namespace\":");
	add_text(&body, claims->space);
	str_add(&body, ",\"sub\":");
	add_text(&body, claims->user);
	str_add(&body, ",\"groups\":");
	add_groups(&body, claims->groups);
	str_addf(&body, ",\"exp\":%lld}", (long long)claims->expires_s);
	encode_base64url(&text, HEADER, strlen(HEADER));
	str_add_char(&text, '.');
	encode_base64url(&text, body.text, body.len);
	sign(key, text.text, text.len, signature);
	str_add_char(&text, '.');
	encode_base64url(&text, signature, sizeof(signature));
	str_add_slice(out, text.text, text.len);
}

static bool refuse(struct err *err, const char *why)
{
	err_set(err, ERR_AUTH, "the identity provider's token %s", why);
	return err_set_code(err, "28000");
}

/* The part of token up to its dot, as JSON. */
static struct json *read_part(const char *part, size_t len)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!encode_unbase64(&text, part, len))
		return NULL;
	return json_parse(text.text, text.len, NULL);
}

static bool check_signature(const struct secret *key, const char *token,
			    const char *dot)
{
	CLEANUP(str_done) struct str given = STR_EMPTY;
	unsigned char want[32];
	unsigned char differs = 0;

	sign(key, token, (size_t)(dot - token), want);
	if (!encode_unbase64(&given, dot + 1, strlen(dot + 1)) ||
	    given.len != sizeof(want))
		return false;
	for (size_t i = 0; i < sizeof(want); i++)
		differs |= (unsigned char)(want[i] ^ given.text[i]);
	return differs == 0;
}

static bool take_claims(const struct json *claims, int64_t now_s,
			struct str *out_user, struct str *out_groups,
			struct err *err)
{
	const char *space = json_text(claims, "namespace", "");
	const char *user = json_text(claims, "sub", "");
	const struct json *groups = json_key(claims, "groups");

	if (*space == '\0' || *user == '\0' ||
	    strcmp(json_text(claims, "iss", ""), ISSUER) != 0)
		return refuse(err, "does not say who is meant");
	if (json_number(claims, "exp", 0) <= now_s)
		return refuse(err, "has expired");
	str_addf(out_user, "%s:%s", space, user);
	for (size_t i = 0; i < json_count(groups); i++)
		str_addf(out_groups, "%s%s:%s", i == 0 ? "" : ",", space,
			 json_text(json_item(groups, i), "", ""));
	return true;
}

bool token_read(const struct secret *key, const char *token, int64_t now_s,
		struct str *out_user, struct str *out_groups, struct err *err)
{
	const char *first = strchr(token, '.');
	const char *second = first ? strchr(first + 1, '.') : NULL;
	CLEANUP(json_freep) struct json *header = NULL;
	CLEANUP(json_freep) struct json *claims = NULL;

	if (!second || strchr(second + 1, '.') || strlen(token) > TOKEN_MAX)
		return refuse(err, "is malformed");
	header = read_part(token, (size_t)(first - token));
	if (strcmp(json_text(header, "alg", ""), "HS256") != 0)
		return refuse(err, "is not signed by HS256");
	if (!check_signature(key, token, second))
		return refuse(err, "has a wrong signature");
	claims = read_part(first + 1, (size_t)(second - first - 1));
	if (!claims)
		return refuse(err, "is malformed");
	return take_claims(claims, now_s, out_user, out_groups, err);
}
