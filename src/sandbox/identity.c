#include "sandbox/identity.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"

enum { FILE_MAX_BYTES = 64 * 1024 };

/* --- keys --- */

/* 16 characters of A-Z 2-7 after AKIA, as AWS has them. */
static void make_key_id(struct str *out)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned char random[16];

	hash_random(random, sizeof(random));
	str_add(out, "AKIA");
	for (size_t i = 0; i < sizeof(random); i++)
		str_add_char(out, alphabet[random[i] % 32]);
}

static void make_secret(struct str *out)
{
	unsigned char random[30];

	hash_random(random, sizeof(random));
	encode_base64(out, random, sizeof(random));
	mem_wipe(random, sizeof(random));
}

static bool make_file(const char *path, struct str *text, struct err *err)
{
	str_add(text, "# The key of this sandbox for AWS clients.\n"
		      "aws_access_key_id = ");
	make_key_id(text);
	str_add(text, "\naws_secret_access_key = ");
	make_secret(text);
	str_add(text, "\n");
	return file_write(path, text->text, text->len, 0600, err);
}

/* The value of "name = value"; its length in *out_len, NULL: none. */
static const char *find_value(const char *text, const char *name,
			      size_t *out_len)
{
	const char *line = text;

	for (; *line != '\0'; line += strcspn(line, "\n")) {
		line += strspn(line, "\n");
		if (!str_starts(line, name))
			continue;
		line += strlen(name);
		line += strspn(line, " =");
		*out_len = strcspn(line, " \n");
		return line;
	}
	return NULL;
}

static bool read_keys(struct identity *identity, const char *path,
		      const char *text, struct err *err)
{
	size_t id_len = 0;
	size_t secret_len = 0;
	const char *id = find_value(text, "aws_access_key_id", &id_len);
	const char *secret =
		find_value(text, "aws_secret_access_key", &secret_len);

	if (id == NULL || secret == NULL || id_len < 16 ||
	    id_len >= sizeof(identity->access_key_id) || secret_len == 0) {
		err_set(err, ERR_DATA, "%s does not hold a key pair", path);
		return err_hint(err, "remove it: the next start makes one");
	}
	snprintf(identity->access_key_id, sizeof(identity->access_key_id),
		 "%.*s", (int)id_len, id);
	secret_set_slice(&identity->secret_key, secret, secret_len);
	return true;
}

static bool load_keys(struct identity *identity, const char *dir,
		      struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool done;

	path_join(dir, "identity.ini", &path);
	done = file_exists(path.text)
		       ? file_read(path.text, FILE_MAX_BYTES, &text, err)
		       : make_file(path.text, &text, err);
	done = done && read_keys(identity, path.text, text.text, err);
	mem_wipe(text.text, text.len);
	return done;
}

/* --- roles --- */

static bool is_yes(const char *field, size_t len)
{
	return str_slice_equal(field, len, "yes");
}

/* name TAB attached TAB default */
static void add_role(struct identity *identity, const char *line, size_t len)
{
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	const char *end = line + len;
	const char *attached = memchr(line, '\t', len);
	const char *otherwise;
	struct identity_role role = { 0 };

	if (attached == NULL)
		return;
	otherwise = memchr(attached + 1, '\t', (size_t)(end - attached - 1));
	if (otherwise == NULL)
		return;
	str_addf(&arn, "arn:aws:iam::" IDENTITY_ACCOUNT ":role/%.*s",
		 (int)(attached - line), line);
	role.arn = str_take(&arn);
	role.attached =
		is_yes(attached + 1, (size_t)(otherwise - attached - 1));
	role.is_default = is_yes(otherwise + 1, (size_t)(end - otherwise - 1));
	vec_push(&identity->roles, role);
}

static bool load_roles(struct identity *identity, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *line;

	if (!path_share("sandbox/roles.tsv", &path, err) ||
	    !file_read(path.text, FILE_MAX_BYTES, &text, err))
		return false;
	line = text.text + strcspn(text.text, "\n"); /* the header */
	while (*line != '\0') {
		size_t len;

		line += strspn(line, "\n");
		len = strcspn(line, "\n");
		add_role(identity, line, len);
		line += len;
	}
	return true;
}

bool identity_load(struct identity *identity, const char *dir, struct err *err)
{
	return load_keys(identity, dir, err) && load_roles(identity, err);
}

void identity_done(struct identity *identity)
{
	secret_done(&identity->secret_key);
	for (size_t i = 0; i < identity->roles.count; i++)
		mem_free(identity->roles.items[i].arn);
	vec_done(&identity->roles);
}

const struct identity_role *identity_role(const struct identity *identity,
					  const char *arn)
{
	for (size_t i = 0; i < identity->roles.count; i++)
		if (strcmp(identity->roles.items[i].arn, arn) == 0)
			return &identity->roles.items[i];
	return NULL;
}

const struct identity_role *identity_default_role(
	const struct identity *identity)
{
	for (size_t i = 0; i < identity->roles.count; i++)
		if (identity->roles.items[i].is_default)
			return &identity->roles.items[i];
	return NULL;
}
