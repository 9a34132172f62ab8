/* A program of the person's own choice prints the credentials. */
#include "aws/cred.h"

#include <string.h>

#include "aws/profile.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/vec.h"
#include "data/isotime.h"
#include "data/json.h"

enum { MAX_REPLY_BYTES = 64 * 1024, TIMEOUT_MS = 60 * 1000 };

struct words {
	VEC(char *); /* ends in NULL once it is whole */
};

static void words_done(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		mem_free(words->items[i]);
	vec_done(words);
}

/* Takes one word off a command line that is split as a shell does (quotes,
 * backslashes) but where nothing else has a meaning; false: no more, or
 * *out_open when a quote is not closed. */
static bool next_word(const char **at, struct str *word, bool *out_open)
{
	char quote = '\0';

	*at += strspn(*at, " \t\r\n");
	if (**at == '\0')
		return false;
	for (; **at != '\0'; (*at)++) {
		char c = **at;

		if (quote == '\0' && strchr(" \t\r\n", c) != NULL)
			break;
		/* Between double quotes it spares only " and itself. */
		if (c == '\\' && quote != '\'' && (*at)[1] != '\0' &&
		    (quote == '\0' || strchr("\"\\", (*at)[1]) != NULL))
			str_add_char(word, *++*at);
		else if (c == quote)
			quote = '\0';
		else if (quote == '\0' && (c == '\'' || c == '"'))
			quote = c;
		else
			str_add_char(word, c);
	}
	*out_open = quote != '\0';
	return true;
}

static bool split(const char *line, struct words *words, struct err *err)
{
	CLEANUP(str_done) struct str word = STR_EMPTY;
	bool open = false;

	while (next_word(&line, &word, &open)) {
		if (open)
			return err_set(err, ERR_USAGE,
				       "credential_process: "
				       "a quote is not closed");
		vec_push(words, mem_copy_text(word.text));
		str_clear(&word);
	}
	if (words->count == 0)
		return err_set(err, ERR_USAGE, "credential_process is empty");
	vec_push(words, NULL);
	return true;
}

bool cred_process_parse(const char *text, size_t len, struct cred *cred,
			struct err *err)
{
	CLEANUP(json_freep) struct json *json = json_parse(text, len, NULL);
	const char *id, *secret, *ends;

	if (json_shape(json) != JSON_SHAPE_OBJECT)
		return err_set(err, ERR_AUTH,
			       "credential_process: its output is not a JSON "
			       "object");
	if (json_number(json, "Version", 0) != 1)
		return err_set(err, ERR_AUTH,
			       "credential_process: Version is not 1");
	id = json_text(json, "AccessKeyId", NULL);
	secret = json_text(json, "SecretAccessKey", NULL);
	ends = json_text(json, "Expiration", NULL);
	if (id == NULL || secret == NULL)
		return err_set(
			err, ERR_AUTH,
			"credential_process: no "
			"AccessKeyId or no SecretAccessKey in its output");
	cred_fill(cred, id, secret, json_text(json, "SessionToken", NULL));
	if (ends != NULL && !isotime_parse(ends, &cred->expires_ms, err))
		return err_wrap(err, "credential_process: Expiration");
	return true;
}

/* The end of what it said on its standard error, which may be long. */
static bool explain(const char *command, int status, const struct str *said,
		    struct err *err)
{
	CLEANUP(str_done) struct str how = STR_EMPTY;
	size_t from = said->len > 300 ? said->len - 300 : 0;

	proc_describe(status, &how);
	err_set(err, ERR_AUTH, "credential_process %s%s%s", how.text,
		said->len > 0 ? ": " : "", said->text + from);
	return err_hint(err, "run it by hand: %s", command);
}

static bool run(const struct cred_ask *ask, const char *command,
		struct cred *cred, struct err *err)
{
	CLEANUP(words_done) struct words words = { 0 };
	CLEANUP(str_done) struct str reply = STR_EMPTY;
	CLEANUP(str_done) struct str said = STR_EMPTY;
	struct proc_talk talk = {
		.timeout_ms = ask->process_timeout_ms > 0
				      ? ask->process_timeout_ms
				      : TIMEOUT_MS,
		.max_bytes = MAX_REPLY_BYTES,
		.stop = ask->stop,
		.out = &reply,
		.said = &said,
	};
	int status = 0;
	bool fine;

	if (!split(command, &words, err))
		return false;
	if (!proc_talk((const char *const *)words.items, &talk, &status, err)) {
		mem_wipe(reply.text, reply.len);
		err_wrap(err, "credential_process");
		return err_hint(err, "run it by hand: %s", command);
	}
	str_trim_end(&said);
	fine = status == 0 ? cred_process_parse(reply.text, reply.len, cred, err)
			   : explain(command, status, &said, err);
	mem_wipe(reply.text, reply.len);
	return fine;
}

enum cred_step cred_process_find(const struct cred_ask *ask, struct cred *cred,
				 struct err *err)
{
	const char *command = profile_get(ask->profile, "credential_process");

	if (command == NULL)
		return CRED_NOT_MINE;
	if (!run(ask, command, cred, err))
		return CRED_FAILED;
	str_addf(&cred->origin, "credential_process of profile \"%s\"",
		 profile_name(ask->profile));
	return CRED_FOUND;
}
