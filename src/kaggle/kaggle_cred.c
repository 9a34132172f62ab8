#include "kaggle/kaggle_cred.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "data/encode.h"
#include "data/isotime.h"
#include "data/json.h"

enum { FILE_MAX = 64 * 1024 };

void kaggle_cred_done(struct kaggle_cred *cred)
{
	str_done(&cred->from);
	str_done(&cred->warning);
	secret_done(&cred->header);
}

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL ? value : "";
}

static void wipe(struct str *text)
{
	mem_wipe(text->text, text->cap > 0 ? text->len : 0);
	str_done(text);
}

/* A line end in it would begin a header of its own. */
static bool is_clean(const char *text)
{
	for (; *text != '\0'; text++)
		if (iscntrl((unsigned char)*text))
			return false;
	return true;
}

static bool refuse_letters(const struct kaggle_cred *cred, struct err *err)
{
	err_set(err, ERR_DATA, "%s: a name, key or token of Kaggle has no "
			       "control characters",
		cred->from.text);
	return err_hint(err, "make a new one at "
			     "https://www.kaggle.com/settings");
}

static bool set_token(struct kaggle_cred *cred, const char *token,
		      struct err *err)
{
	CLEANUP(wipe) struct str text = STR_EMPTY;

	if (!is_clean(token))
		return refuse_letters(cred, err);
	str_addf(&text, "Bearer %s", token);
	secret_set_slice(&cred->header, text.text, text.len);
	return true;
}

/* Kaggle's page gives tokens only; people put them where the key stood. */
static bool set_key(struct kaggle_cred *cred, const char *name,
		    const char *key, struct err *err)
{
	CLEANUP(wipe) struct str pair = STR_EMPTY;
	CLEANUP(wipe) struct str text = STR_EMPTY;

	if (str_starts(key, "KGAT_"))
		return set_token(cred, key, err);
	if (!is_clean(name) || !is_clean(key))
		return refuse_letters(cred, err);
	str_addf(&pair, "%s:%s", name, key);
	str_add(&text, "Basic ");
	encode_base64(&text, pair.text, pair.len);
	secret_set_slice(&cred->header, text.text, text.len);
	return true;
}

/* Kaggle's own client warns likewise. */
static void check_mode(struct kaggle_cred *cred, const char *path)
{
	struct stat status;

	if (stat(path, &status) == 0 && (status.st_mode & 077) != 0)
		str_addf(&cred->warning,
			 "%s can be read by others on this machine: "
			 "chmod 600 %s",
			 path, path);
}

static bool read_token_file(struct kaggle_cred *cred, const char *path,
			    struct err *err)
{
	CLEANUP(wipe) struct str text = STR_EMPTY;

	if (!file_read(path, FILE_MAX, &text, err))
		return false;
	str_trim_end(&text);
	str_set(&cred->from, path);
	check_mode(cred, path);
	if (text.len > 0)
		return set_token(cred, text.text, err);
	err_set(err, ERR_DATA, "%s is empty", path);
	return err_hint(err, "write the token of "
			     "https://www.kaggle.com/settings into it");
}

static void add_home_folder(struct str *out)
{
	path_home(out);
	str_add(out, "/.kaggle");
}

static void add_folder(struct str *out)
{
	const char *xdg = variable("XDG_CONFIG_HOME");

	if (variable("KAGGLE_CONFIG_DIR")[0] != '\0') {
		path_expand(variable("KAGGLE_CONFIG_DIR"), out);
		return;
	}
	add_home_folder(out);
	if (file_is_dir(out->text))
		return;
	str_clear(out);
	if (xdg[0] == '/') {
		str_add(out, xdg);
	} else {
		path_home(out);
		str_add(out, "/.config");
	}
	str_add(out, "/kaggle");
}

/* NULL without err: it is no JSON. What the parser would say may quote the
 * key. */
static struct json *read_file(const char *path, struct err *err)
{
	CLEANUP(wipe) struct str text = STR_EMPTY;

	if (!file_read(path, FILE_MAX, &text, err))
		return NULL;
	return json_parse(text.text, text.len, NULL);
}

/* "kaggle config set" writes a kaggle.json without a key. *out_other: this is
 * one. */
static bool read_json(struct kaggle_cred *cred, const char *path,
		      bool *out_other, struct err *err)
{
	struct err failed = ERR_EMPTY;
	CLEANUP(json_freep) struct json *json = read_file(path, &failed);
	const char *name = json_text(json, "username", "");
	const char *key = json_text(json, "key", "");

	if (failed.kind != ERR_NONE) {
		if (err != NULL)
			*err = failed;
		return false;
	}
	*out_other = json_shape(json) == JSON_SHAPE_OBJECT &&
		     json_key(json, "username") == NULL &&
		     json_key(json, "key") == NULL;
	if (*out_other)
		return true;
	str_set(&cred->from, path);
	check_mode(cred, path);
	if (name[0] != '\0' && key[0] != '\0')
		return set_key(cred, name, key, err);
	err_set(err, ERR_DATA,
		"%s is not of the form {\"username\":\"...\",\"key\":\"...\"}",
		path);
	return err_hint(err, "fetch a new one at "
			     "https://www.kaggle.com/settings");
}

/* --- the log-in --- */

static bool login_over(const char *path, const char *until, struct err *err)
{
	err_set(err, ERR_AUTH, "the log-in of %s has run out%s%s", path,
		until[0] != '\0' ? ": it was good until " : "", until);
	return err_hint(err, "\\setenv KAGGLE_API_TOKEN `kaggle auth "
			     "print-access-token`, then the same again; or "
			     "make a token at "
			     "https://www.kaggle.com/settings");
}

/* As Kaggle's own client, which takes a file without a refresh token for none.
 * *out_other: it is such a one. */
static bool read_login(struct kaggle_cred *cred, const char *path,
		       bool *out_other, struct err *err)
{
	struct err failed = ERR_EMPTY;
	CLEANUP(json_freep) struct json *json = read_file(path, &failed);
	const char *token = json_text(json, "access_token", "");
	const char *until = json_text(json, "access_token_expiration", "");
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	int64_t until_ms;

	if (failed.kind != ERR_NONE) {
		if (err != NULL)
			*err = failed;
		return false;
	}
	*out_other = json_text(json, "refresh_token", "")[0] == '\0';
	if (*out_other)
		return true;
	str_set(&cred->from, path);
	check_mode(cred, path);
	if (token[0] == '\0' || !isotime_parse(until, &until_ms, NULL))
		return login_over(path, "", err);
	if (until_ms > clock_wall_ms())
		return set_token(cred, token, err);
	isotime_add_local(&shown, until_ms);
	return login_over(path, shown.text, err);
}

/* --- the ways --- */

/* The token itself, or a file that holds it. */
static bool take_variable(struct kaggle_cred *cred, const char *value,
			  struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	path_expand(value, &path);
	if (file_size(path.text) >= 0)
		return read_token_file(cred, path.text, err);
	str_set(&cred->from, "KAGGLE_API_TOKEN");
	return set_token(cred, value, err);
}

static bool find_token_file(struct str *out)
{
	static const char *const names[] = { "/access_token",
					     "/access_token.txt" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		str_clear(out);
		add_home_folder(out);
		str_add(out, names[i]);
		if (file_size(out->text) >= 0)
			return true;
	}
	return false;
}

/* Name and key, by variables or a file. */
static bool find_key(struct kaggle_cred *out, bool *out_found, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	bool other;

	*out_found = true;
	if (variable("KAGGLE_USERNAME")[0] != '\0' &&
	    variable("KAGGLE_KEY")[0] != '\0') {
		str_set(&out->from, "KAGGLE_USERNAME and KAGGLE_KEY");
		return set_key(out, variable("KAGGLE_USERNAME"),
			       variable("KAGGLE_KEY"), err);
	}
	add_folder(&path);
	str_add(&path, "/kaggle.json");
	str_set(&out->from, path.text);
	*out_found = file_size(path.text) >= 0;
	if (!*out_found)
		return true;
	if (!read_json(out, path.text, &other, err))
		return false;
	*out_found = !other;
	if (other) {
		str_clear(&out->from);
		str_addf(&out->from, "key in %s", path.text);
	}
	return true;
}

bool kaggle_cred_find(struct kaggle_cred *out, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	bool found, other;

	if (variable("KAGGLE_API_TOKEN")[0] != '\0')
		return take_variable(out, variable("KAGGLE_API_TOKEN"), err);
	if (find_token_file(&path))
		return read_token_file(out, path.text, err);
	if (!find_key(out, &found, err))
		return false;
	if (found)
		return true;
	str_clear(&path);
	add_home_folder(&path);
	str_add(&path, "/credentials.json");
	return file_size(path.text) < 0 ||
	       read_login(out, path.text, &other, err);
}

bool kaggle_cred_refuse_nobody(const struct kaggle_cred *cred,
			       const char *subject, struct err *err)
{
	err_set(err, ERR_AUTH,
		"no key for Kaggle, which %s needs: there is no %s", subject,
		cred->from.text);
	return err_hint(err, "make a token at https://www.kaggle.com/settings "
			     "and put it into ~/.kaggle/access_token (chmod "
			     "600) or into KAGGLE_API_TOKEN");
}
