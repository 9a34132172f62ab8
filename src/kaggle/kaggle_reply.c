#include "kaggle/kaggle_reply.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "kaggle/kaggle_name.h"
#include "net/http.h"
#include "net/retry.h"

enum { SAID_MAX = 300 };

static void add_page(const struct kaggle_name *about, struct str *out)
{
	if (about != NULL)
		kaggle_name_add_page(about, out);
	else
		str_add(out, "https://www.kaggle.com/settings");
}

static void add_subject(const struct kaggle_name *about, struct str *out)
{
	if (about != NULL)
		kaggle_name_add(about, out);
	else
		str_add(out, "Kaggle");
}

bool kaggle_reply_is_login(const char *location)
{
	return location != NULL && (strstr(location, "/account/login") != NULL ||
				    strstr(location, "/login?") != NULL);
}

bool kaggle_reply_login(const struct kaggle_name *about, struct err *err)
{
	CLEANUP(str_done) struct str page = STR_EMPTY;
	CLEANUP(str_done) struct str subject = STR_EMPTY;

	add_page(about, &page);
	add_subject(about, &subject);
	err_set(err, ERR_AUTH, "%s: Kaggle answers with its log-in page, not "
			       "with data",
		subject.text);
	return err_hint(err, "look whether the key is still good at "
			     "https://www.kaggle.com/settings, and open %.250s",
			page.text);
}

/* What people write before <html> is blank, a mark of UTF-8, or a comment. */
static bool is_page(const struct http_reply *reply, struct kaggle_slice begin)
{
	const char *type = http_headers_get(&reply->headers, "Content-Type");
	size_t at = 0;

	if (type != NULL && strlen(type) >= 9 &&
	    str_slice_equal_nocase(type, 9, "text/html"))
		return true;
	if (begin.len >= 3 && memcmp(begin.text, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < begin.len && isspace((unsigned char)begin.text[at]))
		at++;
	return (begin.len - at >= 9 &&
		str_slice_equal_nocase(begin.text + at, 9, "<!doctype")) ||
	       (begin.len - at >= 5 &&
		str_slice_equal_nocase(begin.text + at, 5, "<html"));
}

/* The storage's errors are XML: what stands in the first element of that
 * name. */
static bool add_element(const struct http_reply *reply, const char *name,
			struct str *out)
{
	CLEANUP(str_done) struct str tag = STR_EMPTY;
	const char *at = reply->body.text;

	str_addf(&tag, "<%s>", name);
	if (!str_starts(at, "<?xml") && !str_starts(at, "<Error"))
		return false;
	at = strstr(at, tag.text);
	if (at == NULL)
		return false;
	at += tag.len;
	for (size_t i = 0; i < SAID_MAX && at[i] != '\0' && at[i] != '<'; i++)
		str_add_char(out, iscntrl((unsigned char)at[i]) ? ' ' : at[i]);
	return true;
}

/* The signed link of a download has run out: Kaggle gives a new one. */
static bool is_expired(const struct http_reply *reply)
{
	CLEANUP(str_done) struct str code = STR_EMPTY;

	return add_element(reply, "Code", &code) &&
	       strcmp(code.text, "ExpiredToken") == 0;
}

/* A line of what it says, without control bytes. */
static void add_said(const struct http_reply *reply, struct str *out)
{
	CLEANUP(json_freep)
	struct json *json =
		json_parse(reply->body.text, reply->body.len, NULL);
	const char *text = json_text(json, "message", NULL);
	size_t len;

	if (text == NULL)
		text = json_text(json, "errorMessage", NULL);
	if (text == NULL && json == NULL && add_element(reply, "Message", out))
		return;
	if (text == NULL && json == NULL &&
	    !is_page(reply, (struct kaggle_slice){ reply->body.text,
						   reply->body.len }))
		text = reply->body.text;
	if (text == NULL)
		return;
	text += strspn(text, " \r\n\t");
	len = strcspn(text, "\r\n");
	for (size_t i = 0; i < len && i < SAID_MAX; i++)
		str_add_char(out, iscntrl((unsigned char)text[i]) ? ' '
								  : text[i]);
	str_trim_end(out);
}

/* A word in what is said, in any case. */
static bool says(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (; strlen(text) >= len; text++)
		if (str_slice_equal_nocase(text, len, word))
			return true;
	return false;
}

static bool speaks_of_licence(const char *said)
{
	static const char *const words[] = { "licen", "rules", "accept",
					     "consent", "agree", "terms" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (says(said, words[i]))
			return true;
	return false;
}

static bool expired(int status, const char *said, struct err *err)
{
	err_set(err, ERR_SERVER,
		"the link to Kaggle's storage has expired (HTTP status %d): %s",
		status, said);
	err_hint(err, "is the clock of this machine right? the same command "
		      "asks for a new link");
	if (err != NULL)
		err->retry = true;
	return false;
}

static bool refused_key(const char *said, struct err *err)
{
	err_set(err, ERR_AUTH, "Kaggle refuses the key%s%s",
		said[0] != '\0' ? ": " : "", said);
	err_set_code(err, "401");
	return err_hint(err, "make a new one at "
			     "https://www.kaggle.com/settings");
}

static bool forbidden(const struct kaggle_name *about, const char *said,
		      struct err *err)
{
	CLEANUP(str_done) struct str page = STR_EMPTY;
	CLEANUP(str_done) struct str subject = STR_EMPTY;
	bool licence = speaks_of_licence(said);

	add_page(about, &page);
	add_subject(about, &subject);
	err_set(err, ERR_AUTH, "%s: %s%s%s", subject.text,
		licence ? "its licence is not accepted yet"
			: "Kaggle does not let you read it",
		said[0] != '\0' ? ": " : "", said);
	err_set_code(err, "403");
	if (licence)
		return err_hint(err, "open %.250s, accept it there, then the "
				     "same command again",
				page.text);
	return err_hint(err, "is it private? open %.250s while logged in, or "
			     "ask its owner",
			page.text);
}

static bool missing(const struct kaggle_name *about, const char *said,
		    struct err *err)
{
	CLEANUP(str_done) struct str subject = STR_EMPTY;

	add_subject(about, &subject);
	err_set(err, ERR_MISSING, "%s: Kaggle has no such data set%s%s%s",
		subject.text, said[0] != '\0' ? " (" : "", said,
		said[0] != '\0' ? ")" : "");
	err_set_code(err, "404");
	return err_hint(err, "\\kaggle search WORDS finds names; a private one "
			     "looks like a missing one");
}

bool kaggle_reply_check(const struct http_reply *reply,
			struct kaggle_slice begin,
			const struct kaggle_name *about, struct err *err)
{
	CLEANUP(str_done) struct str said = STR_EMPTY;
	enum retry_class class = retry_classify(reply->status, "");

	if (reply->status == 416)
		return true;
	if (reply->status == 200 || reply->status == 206)
		return !is_page(reply, begin) ||
		       kaggle_reply_login(about, err);
	add_said(reply, &said);
	if (is_expired(reply))
		return expired(reply->status, said.text, err);
	if (reply->status == 401)
		return refused_key(said.text, err);
	if (reply->status == 403)
		return forbidden(about, said.text, err);
	if (reply->status == 404)
		return missing(about, said.text, err);
	err_set(err, ERR_SERVER, "Kaggle %s (HTTP status %d)%s%s",
		reply->status == 429 ? "wants fewer requests"
		: class == RETRY_NEVER ? "refuses"
				       : "is out of order",
		reply->status, said.len > 0 ? ": " : "", said.text);
	if (class == RETRY_THROTTLE || class == RETRY_TRANSIENT) {
		err_hint(err, "wait some minutes, then the same command again");
		if (err != NULL)
			err->retry = true;
	}
	return false;
}
