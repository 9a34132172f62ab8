#include "aws/cred.h"

#include <string.h>

#include "aws/profile.h"
#include "base/proc.h"
#include "data/isotime.h"
#include "data/json.h"

enum { MAX_REPLY_BYTES = 64 * 1024 };

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
		if (c == '\\' && quote != '\'' && (*at)[1] != '\0')
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

/* The words again, each in single quotes: base/proc runs lines by /bin/sh,
 * which then has nothing to interpret. */
static bool requote(const char *line, struct str *out, struct err *err)
{
	CLEANUP(str_done) struct str word = STR_EMPTY;
	bool open = false;

	while (next_word(&line, &word, &open)) {
		if (open)
			return err_set(err, ERR_USAGE,
				       "credential_process: "
				       "a quote is not closed");
		str_add(out, out->len > 0 ? " '" : "'");
		for (size_t i = 0; i < word.len; i++)
			if (word.text[i] == '\'')
				str_add(out, "'\\''");
			else
				str_add_char(out, word.text[i]);
		str_add_char(out, '\'');
		str_clear(&word);
	}
	return true;
}

bool cred_process_parse(const char *text, size_t len, struct cred *cred,
			struct err *err)
{
	CLEANUP(json_freep) struct json *json = json_parse(text, len, err);
	const char *id, *secret, *ends;

	if (json == NULL)
		return err_wrap(err, "credential_process");
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
	cred->expires_ms = 0;
	if (ends != NULL && !isotime_parse(ends, &cred->expires_ms, err))
		return err_wrap(err, "credential_process: Expiration");
	str_set(&cred->access_key_id, id);
	secret_set(&cred->secret_key, secret);
	secret_set(&cred->token, json_text(json, "SessionToken", NULL));
	return true;
}

enum cred_step cred_process_find(const struct profile *profile,
				 struct cred *cred, struct err *err)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	CLEANUP(str_done) struct str reply = STR_EMPTY;
	const char *command = profile_get(profile, "credential_process");
	int status = 0;
	bool fine;

	if (command == NULL)
		return CRED_NOT_MINE;
	if (!requote(command, &line, err))
		return CRED_FAILED;
	str_add(&line, " </dev/null");
	if (!proc_capture(line.text, MAX_REPLY_BYTES, &reply, &status, err)) {
		err_wrap(err, "credential_process");
		return CRED_FAILED;
	}
	if (status != 0) {
		CLEANUP(str_done) struct str how = STR_EMPTY;

		proc_describe(status, &how);
		err_set(err, ERR_AUTH, "credential_process %s", how.text);
		err_hint(err, "run it by hand: %s", command);
		return CRED_FAILED;
	}
	fine = cred_process_parse(reply.text, reply.len, cred, err);
	mem_wipe(reply.text, reply.len);
	return fine ? CRED_FOUND : CRED_FAILED;
}
