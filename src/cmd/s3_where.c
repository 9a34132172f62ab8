#include "cmd/s3_where.h"

#include <string.h>

#include "aws/s3_list.h"
#include "aws/s3_uri.h"
#include "base/mem.h"
#include "base/sink.h"
#include "base/str.h"
#include "cmd/s3_args.h"
#include "shell/command.h"
#include "shell/session.h"

static const char place[] = "S3_DIR";
static const char place_before[] = "S3_DIR_BEFORE";

const char *s3_where_now(const struct session *session)
{
	const char *where = session_var(session, place);

	return where != NULL ? where : "";
}

/* Variables that are set have been replaced: ":name" is left of one that is
 * not. */
static bool not_whole(const struct session *session, const char *name,
		      const char *hint, struct err *err)
{
	size_t len = strcspn(name, "/");

	err_set(err, ERR_USAGE, "\"%s\" is not an s3:// URI", name);
	if (name[0] != ':' || len < 2 || strpbrk(name, "'\"{") != NULL)
		return err_hint(err, "%s", hint);
	CLEANUP(mem_freep) char *variable = mem_copy_slice(name + 1, len - 1);
	if (session_var(session, variable) != NULL)
		return err_hint(err, "%s", hint);
	return err_hint(err,
			"the variable %s is not set: \\set %s "
			"s3://bucket/folder/",
			variable, variable);
}

static bool find_whole(const struct session *session, const char *name,
		       struct str *out_whole, struct err *err)
{
	const char *where = s3_where_now(session);

	if (name == NULL && where[0] == '\0') {
		err_set(err, ERR_USAGE, "name a place in S3");
		return err_hint(err, "s3://bucket/folder/, or \\s3cd to one "
				     "first");
	}
	if (name != NULL && where[0] == '\0' && !s3_uri_is_whole(name))
		return not_whole(session, name,
				 "s3://bucket/key, or \\s3cd "
				 "s3://bucket/folder/ first: names are "
				 "then relative to it",
				 err);
	s3_uri_join(where, name != NULL ? name : "", out_whole);
	return true;
}

bool s3_where_parse(const struct session *session, const char *name,
		    struct s3_uri *uri, struct err *err)
{
	CLEANUP(str_done) struct str whole = STR_EMPTY;

	return find_whole(session, name, &whole, err) &&
	       s3_uri_parse_bucket(uri, whole.text, err);
}

bool s3_where_parse_any(const struct session *session, const char *name,
			struct s3_uri *uri, struct err *err)
{
	CLEANUP(str_done) struct str whole = STR_EMPTY;

	return find_whole(session, name, &whole, err) &&
	       s3_uri_parse(uri, whole.text, err);
}

/* --- \s3cd --- */

static void set_place(struct session *session, const char *where)
{
	CLEANUP(str_done) struct str before = STR_EMPTY;

	str_add(&before, s3_where_now(session));
	session_set_var(session, place_before,
			before.len > 0 ? before.text : NULL);
	session_set_var(session, place, where);
}

/* A folder is there as long as something is in it: nothing there yet is no
 * reason to refuse. */
static bool look(struct session *session, const struct s3_uri *uri,
		 struct err *err)
{
	struct aws *aws = session_aws(session, err);
	struct s3_list_options options = {
		.bucket = uri->bucket.text,
		.prefix = uri->key.text,
		.request = uri->options,
		.page = 1,
	};
	CLEANUP(s3_list_freep) struct s3_list *list = NULL;
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	struct err failed = ERR_EMPTY;

	if (aws == NULL)
		return false;
	list = s3_list_new(aws, &options);
	s3_uri_add_shown(uri, &shown);
	if (s3_list_next(list, &failed) != NULL)
		return true;
	if (failed.kind == ERR_NONE) {
		if (uri->key.len > 0)
			session_warn(session, "nothing is below %s yet",
				     shown.text);
		return true;
	}
	if (failed.kind == ERR_AWS &&
	    strcmp(failed.code, "AccessDenied") == 0) {
		session_warn(session, "you may not list %s", shown.text);
		return true;
	}
	if (err != NULL)
		*err = failed;
	return false;
}

/* Where a name leads: always with a '/' at its end. */
static bool find(struct session *session, const char *name,
		 struct str *out_where, struct err *err)
{
	const char *before = session_var(session, place_before);

	if (strcmp(name, "-") == 0 && before == NULL)
		return err_set(err, ERR_USAGE,
			       "\\s3cd -: there is no place before this one");
	if (strcmp(name, "-") == 0)
		name = before;
	else if (s3_where_now(session)[0] == '\0' && !s3_uri_is_whole(name))
		return not_whole(session, name,
				 "the first place must be whole: "
				 "s3://bucket/folder/",
				 err);
	s3_uri_join(s3_where_now(session), name, out_where);
	if (!str_ends(out_where->text, "/"))
		str_add_char(out_where, '/');
	return true;
}

bool s3_where_cd(struct session *session, const struct args *args,
		 struct err *err)
{
	CLEANUP(s3_options_done) struct s3_options options = S3_OPTIONS_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str where = STR_EMPTY;
	const char *name = args_text(args, "URI");

	if (!s3_args_options(args, &options, err))
		return false;
	if (name == NULL) {
		set_place(session, NULL);
		return true;
	}
	if (!find(session, name, &where, err) ||
	    !s3_uri_parse(&uri, where.text, err))
		return false;
	uri.options = &options;
	if (uri.bucket.len > 0 && !look(session, &uri, err))
		return false;
	set_place(session, where.text);
	return true;
}

bool s3_where_pwd(struct session *session, const struct args *args,
		  struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *where = s3_where_now(session);

	(void)args;
	if (where[0] == '\0') {
		err_set(err, ERR_USAGE, "no place in S3 was chosen");
		return err_hint(err, "\\s3cd s3://bucket/folder/ chooses one");
	}
	if (session_is_interactive(session) &&
	    s3_uri_parse(&uri, where, NULL) && uri.bucket.len > 0)
		s3_uri_add_shown(&uri, &text);
	else
		str_add(&text, where);
	str_add_char(&text, '\n');
	return sink_write(session_out(session), text.text, text.len, err);
}
