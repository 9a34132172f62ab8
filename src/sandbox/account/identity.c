#include "sandbox/account/identity.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "sandbox/ground/tsv.h"

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
	identity->created_ms = file_changed_ms(path.text);
	return done;
}

static bool load_token_key(struct identity *identity, const char *dir,
			   struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool done = true;

	path_join(dir, "token.key", &path);
	if (file_exists(path.text)) {
		done = file_read(path.text, FILE_MAX_BYTES, &text, err);
	} else {
		make_secret(&text);
		done = file_write(path.text, text.text, text.len, 0600, err);
	}
	if (done)
		secret_set(&identity->token_key, text.text);
	mem_wipe(text.text, text.len);
	return done;
}

/* --- roles --- */

enum { NAME, ATTACHED, DEFAULT, TRUSTS, POLICY }; /* columns of roles.tsv */

#define ROLE_ARN "arn:aws:iam::" IDENTITY_ACCOUNT ":role/"

static const struct {
	const char *name;
	unsigned actions;
} actions[] = {
	{ "list", IDENTITY_LIST },
	{ "get", IDENTITY_GET },
	{ "put", IDENTITY_PUT },
	{ "delete", IDENTITY_DELETE },
	{ "all",
	  IDENTITY_LIST | IDENTITY_GET | IDENTITY_PUT | IDENTITY_DELETE },
	{ "decrypt", IDENTITY_DECRYPT },
	{ "generate", IDENTITY_GENERATE },
	{ "kms", IDENTITY_DECRYPT | IDENTITY_GENERATE },
};

/* 0: not a name of an action. */
static unsigned find_action(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT_OF(actions); i++)
		if (str_slice_equal(name, len, actions[i].name))
			return actions[i].actions;
	return 0;
}

/* ACTION[,ACTION...]@BUCKETS */
static bool add_grant(struct identity_role *role, const char *text, size_t len)
{
	const char *at = memchr(text, '@', len);
	struct identity_grant grant = { 0 };

	if (at == NULL || at + 1 == text + len)
		return false;
	for (const char *name = text; name <= at;) {
		size_t n = strcspn(name, ",@");
		unsigned found = find_action(name, n);

		if (found == 0)
			return false;
		grant.actions |= found;
		name += n + 1;
	}
	grant.buckets = mem_copy_slice(at + 1, (size_t)(text + len - at - 1));
	vec_push(role, grant);
	return true;
}

static bool add_policy(struct identity_role *role, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		if (len > 0 && !add_grant(role, text, len))
			return false;
		text += len;
		text += *text == ' ';
	}
	return true;
}

static bool add_role(struct identity *identity, const struct tsv_row *row,
		     const char *path, struct err *err)
{
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	struct identity_role role = { 0 };
	bool good;

	str_addf(&arn, ROLE_ARN "%s", row->cells[NAME]);
	if (identity_role(identity, arn.text) != NULL)
		return true;
	role.arn = str_take(&arn);
	role.attached = strcmp(row->cells[ATTACHED], "yes") == 0;
	role.is_default = strcmp(row->cells[DEFAULT], "yes") == 0;
	role.trusts = mem_copy_text(row->cells[TRUSTS]);
	good = add_policy(&role, row->cells[POLICY]);
	vec_push(&identity->roles, role);
	if (good)
		return true;
	err_set(err, ERR_DATA, "%s: the policy of %s cannot be read: %s", path,
		row->cells[NAME], row->cells[POLICY]);
	return err_hint(err, "write ACTIONS@BUCKETS, such as list,get@lake-*");
}

static bool load_role_file(struct identity *identity, const char *path,
			   struct err *err)
{
	CLEANUP(tsv_freep) struct tsv *tsv = tsv_read(path, err);

	if (tsv == NULL)
		return false;
	for (size_t i = 0; i < tsv_count(tsv); i++)
		if (!add_role(identity, tsv_row(tsv, i), path, err))
			return false;
	return true;
}

static bool load_roles(struct identity *identity, const char *dir,
		       struct err *err)
{
	CLEANUP(str_done) struct str own = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;

	path_join(dir, "roles.tsv", &own);
	if (file_exists(own.text) && !load_role_file(identity, own.text, err))
		return false;
	return path_share("sandbox/roles.tsv", &path, err) &&
	       load_role_file(identity, path.text, err);
}

/* --- roles made while it runs --- */

struct made_role {
	struct identity_role role;
	bool gone;
};

struct identity_made {
	pthread_mutex_t lock;
	VEC(struct made_role *); /* under lock */
};

static void add_made_path(const char *dir, struct str *out)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;

	path_join(dir, "account", &folder);
	path_join(folder.text, "made", out);
}

static void add_made(struct identity_made *made, const char *arn, size_t len)
{
	struct made_role *one = mem_alloc(sizeof(*one));

	one->role.arn = mem_copy_slice(arn, len);
	one->role.trusts = mem_copy_text("");
	vec_push(made, one);
}

/* A line for each. */
static bool save_made(const struct identity *identity, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	for (size_t i = 0; i < identity->made->count; i++)
		if (!identity->made->items[i]->gone)
			str_addf(&text, "%s\n",
				 identity->made->items[i]->role.arn);
	add_made_path(identity->dir, &path);
	path_dir(path.text, &folder);
	return file_make_dirs(folder.text, 0700, err) &&
	       file_write(path.text, text.text, text.len, 0600, err);
}

static bool load_made(struct identity *identity, const char *dir,
		      struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *line;

	identity->made = mem_alloc(sizeof(*identity->made));
	pthread_mutex_init(&identity->made->lock, NULL);
	add_made_path(dir, &path);
	if (!file_exists(path.text))
		return true;
	if (!file_read(path.text, FILE_MAX_BYTES, &text, err))
		return false;
	line = text.text;
	while (*line != '\0') {
		size_t len = strcspn(line, "\n");

		if (len > 0)
			add_made(identity->made, line, len);
		line += len;
		line += *line == '\n';
	}
	return true;
}

static void free_made(struct identity_made *made)
{
	if (made == NULL)
		return;
	for (size_t i = 0; i < made->count; i++) {
		mem_free(made->items[i]->role.arn);
		mem_free(made->items[i]->role.trusts);
		mem_free(made->items[i]);
	}
	vec_done(made);
	pthread_mutex_destroy(&made->lock);
	mem_free(made);
}

/* NULL: none; under lock. */
static struct made_role *find_made(const struct identity_made *made,
				   const char *arn)
{
	for (size_t i = 0; i < made->count; i++)
		if (!made->items[i]->gone &&
		    strcmp(made->items[i]->role.arn, arn) == 0)
			return made->items[i];
	return NULL;
}

bool identity_make_role(const struct identity *identity, const char *arn,
			struct err *err)
{
	bool done = true;

	pthread_mutex_lock(&identity->made->lock);
	if (find_made(identity->made, arn) == NULL) {
		add_made(identity->made, arn, strlen(arn));
		done = save_made(identity, err);
	}
	pthread_mutex_unlock(&identity->made->lock);
	return done;
}

bool identity_drop_role(const struct identity *identity, const char *arn,
			struct err *err)
{
	struct made_role *found;
	bool done = true;

	pthread_mutex_lock(&identity->made->lock);
	found = find_made(identity->made, arn);
	if (found != NULL) {
		found->gone = true;
		done = save_made(identity, err);
	}
	pthread_mutex_unlock(&identity->made->lock);
	return done;
}

const struct identity_role *identity_role_at(const struct identity *identity,
					     size_t at)
{
	const struct identity_role *found = NULL;

	if (at < identity->roles.count)
		return &identity->roles.items[at];
	at -= identity->roles.count;
	if (identity->made == NULL)
		return NULL;
	pthread_mutex_lock(&identity->made->lock);
	for (size_t i = 0; found == NULL && i < identity->made->count; i++)
		if (!identity->made->items[i]->gone && at-- == 0)
			found = &identity->made->items[i]->role;
	pthread_mutex_unlock(&identity->made->lock);
	return found;
}

bool identity_load(struct identity *identity, const char *dir, struct err *err)
{
	identity->dir = mem_copy_text(dir);
	return load_keys(identity, dir, err) &&
	       load_token_key(identity, dir, err) &&
	       load_roles(identity, dir, err) &&
	       load_made(identity, dir, err);
}

void identity_done(struct identity *identity)
{
	secret_done(&identity->secret_key);
	secret_done(&identity->token_key);
	mem_free(identity->dir);
	free_made(identity->made);
	for (size_t i = 0; i < identity->roles.count; i++) {
		struct identity_role *role = &identity->roles.items[i];

		for (size_t j = 0; j < role->count; j++)
			mem_free(role->items[j].buckets);
		vec_done(role);
		mem_free(role->arn);
		mem_free(role->trusts);
	}
	vec_done(&identity->roles);
}

const struct identity_role *identity_role(const struct identity *identity,
					  const char *arn)
{
	for (size_t i = 0; i < identity->roles.count; i++)
		if (strcmp(identity->roles.items[i].arn, arn) == 0)
			return &identity->roles.items[i];
	if (identity->made != NULL) {
		const struct made_role *made;

		pthread_mutex_lock(&identity->made->lock);
		made = find_made(identity->made, arn);
		pthread_mutex_unlock(&identity->made->lock);
		return made != NULL ? &made->role : NULL;
	}
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

bool identity_role_trusts(const struct identity_role *role,
			  const struct identity_role *by)
{
	const char *name = by->arn + strlen(ROLE_ARN);
	const char *list = role->trusts;

	while (*list != '\0') {
		size_t len = strcspn(list, ",");

		if (str_slice_equal(list, len, name))
			return true;
		list += len;
		list += *list == ',';
	}
	return false;
}

bool identity_role_trusts_service(const struct identity_role *role,
				  const char *service)
{
	static const char suffix[] = ".amazonaws.com";
	const char *list = role->trusts;
	bool any = false;

	while (*list != '\0') {
		size_t len = strcspn(list, ",");

		if (str_slice_equal(list, len, service))
			return true;
		any |= len > strlen(suffix) &&
		       strncmp(list + len - strlen(suffix), suffix,
			       strlen(suffix)) == 0;
		list += len;
		list += *list == ',';
	}
	return !any && (strcmp(service, "redshift.amazonaws.com") == 0 ||
			strcmp(service, "redshift-serverless.amazonaws.com") ==
				0);
}

/* A * stands for any bytes; the rest for itself. */
static bool matches(const char *pattern, const char *text)
{
	const char *star = NULL;
	const char *mark = NULL;

	while (*text != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			mark = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star + 1;
			text = ++mark;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

bool identity_role_may(const struct identity_role *role,
		       enum identity_action action, const char *bucket)
{
	for (size_t i = 0; i < role->count; i++)
		if ((role->items[i].actions & action) != 0 &&
		    matches(role->items[i].buckets, bucket))
			return true;
	return false;
}
