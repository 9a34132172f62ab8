#include "cmd/dashboard.h"

#include <string.h>

#include "aws/quicksight_publish.h"
#include "base/mem.h"
#include "base/units.h"
#include "data/json.h"
#include "shell/command.h"
#include "shell/session.h"

static void show_progress(void *context, const char *text)
{
	session_progress(context, text);
}

static void show_sentence(void *context, const char *text)
{
	session_progress(context, "");
	session_info(context, "%s", text);
}

bool dashboard_open(struct session *session, struct quicksight *quicksight,
		    struct err *err)
{
	struct aws *aws = session_aws_ready(session, err);

	if (aws == NULL || !quicksight_open(quicksight, aws, NULL, err))
		return false;
	quicksight->progress = show_progress;
	quicksight->tell = show_sentence;
	quicksight->context = session;
	return true;
}

void dashboard_done(struct dashboard *dashboard)
{
	str_done(&dashboard->id);
	str_done(&dashboard->name);
}

struct search {
	const char *name;
	const char *own_id;
	struct dashboard *out;
	struct str ids; /* of all that have the name */
	int found;
};

static bool look_at(void *context, const struct json *item)
{
	struct search *search = context;
	const char *id = json_text(item, "DashboardId", "");
	const char *name = json_text(item, "Name", "");
	bool is_id = strcmp(id, search->name) == 0;

	if (!is_id && strcmp(name, search->name) != 0)
		return true;
	str_set(&search->out->id, id);
	str_set(&search->out->name, name);
	str_addf(&search->ids, "%s%s", search->found++ > 0 ? ", " : "", id);
	if (!is_id && strcmp(id, search->own_id) != 0)
		return true;
	search->found = 1;
	return false;
}

bool dashboard_find(struct quicksight *quicksight, const char *name,
		    struct dashboard *out, struct err *err)
{
	CLEANUP(str_done) struct str own_id = STR_EMPTY;
	CLEANUP(str_done) struct str ids = STR_EMPTY;
	struct search search = { .name = name, .out = out, .ids = STR_EMPTY };
	struct quicksight_pages pages = {
		.operation = OPERATION_QUICKSIGHT_LIST_DASHBOARDS,
		.path = "dashboards",
		.member = "DashboardSummaryList",
		.visit = look_at,
		.context = &search,
	};
	bool ok;

	quicksight_dashboard_id(quicksight, name, &own_id);
	search.own_id = own_id.text;
	ok = quicksight_list(quicksight, &pages, err);
	str_set(&ids, search.ids.text);
	str_done(&search.ids);
	if (!ok)
		return false;
	if (search.found == 0) {
		err_set(err, ERR_MISSING, "there is no dashboard \"%s\" in %s",
			name, quicksight->region);
		return err_hint(err, "\\quicksight dashboards lists them");
	}
	if (search.found > 1) {
		err_set(err, ERR_USAGE, "%d dashboards are called \"%s\"",
			search.found, name);
		return err_hint(err, "give the id of one: %s", ids.text);
	}
	return true;
}

static void add_unquoted(const char *word, struct str *out)
{
	size_t len = strlen(word);

	if (len > 2 && word[0] == '"' && word[len - 1] == '"')
		str_add_slice(out, word + 1, len - 2);
	else
		str_add(out, word);
}

bool dashboard_word(const struct args *args, size_t at, struct str *out)
{
	const char *word = args_item(args, "WORDS", at);

	if (word)
		add_unquoted(word, out);
	return word != NULL;
}

const char *dashboard_option(const struct args *args, const char *name,
			     struct str *out)
{
	const char *value = args_text(args, name);

	if (!value)
		return NULL;
	add_unquoted(value, out);
	return out->text;
}

void dashboard_warn_dropped(struct session *session, int64_t count)
{
	CLEANUP(str_done) struct str rows = STR_EMPTY;

	units_add_count(&rows, count);
	session_warn(session,
		     "%s row%s left out: values do not fit the "
		     "columns",
		     rows.text, count == 1 ? " was" : "s were");
}

bool dashboard_named(struct session *session, const struct args *args,
		     struct quicksight *quicksight, struct dashboard *out,
		     struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	dashboard_word(args, 0, &name);
	return dashboard_open(session, quicksight, err) &&
	       dashboard_find(quicksight, name.text, out, err);
}
