/* \quicksight publish */
#include "cmd/dashboard.h"

#include <stdlib.h>
#include <string.h>

#include "aws/dbhost.h"
#include "aws/quicksight_publish.h"
#include "aws/quicksight_source.h"
#include "aws/quicksight_user.h"
#include "aws/secretsmanager.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "cmd/dashboard_sheets.h"
#include "data/isotime.h"
#include "data/json.h"
#include "db/conn.h"
#include "db/dsn.h"
#include "shell/mainloop.h"
#include "shell/session_state.h"
#include "sql/lexer.h"

struct order { /* the words of the line */
	struct str name;
	struct str table;
	struct str query; /* without its parentheses */
	enum quicksight_kind kind;
	bool spice;
};

#define ORDER_EMPTY                                                            \
	{                                                                      \
		.name = STR_EMPTY, .table = STR_EMPTY, .query = STR_EMPTY      \
	}

static void order_done(struct order *order)
{
	str_done(&order->name);
	str_done(&order->table);
	str_done(&order->query);
}

/* ---- the line ---- */

static bool refuse_word(const char *word, struct err *err)
{
	err_set(err, ERR_USAGE, "\\quicksight publish: \"%s\" is not expected "
		"there", word);
	return err_hint(err, DASHBOARD_PUBLISH_LINE
			"; switches stand before the query");
}

static bool take_kind(struct order *order, const char *word, struct err *err)
{
	if (quicksight_kind_find(word, &order->kind))
		return true;
	err_set(err, ERR_USAGE, "there is no kind \"%s\"", word);
	return err_hint(err, "kpi, bar, hbar, line, area, pie, pivot, heat, "
			     "scatter, hist or table");
}

/* What stands behind the query: "as KIND" and --spice. */
static bool take_tail(struct order *order, const char *tail, struct err *err)
{
	static const char between[] = " \t\r\n;";
	bool is_kind = false;

	for (tail += strspn(tail, between); *tail;) {
		size_t len = strcspn(tail, between);
		CLEANUP(mem_freep) char *word = mem_copy_slice(tail, len);

		tail += len;
		tail += strspn(tail, between);
		if (is_kind) {
			if (!take_kind(order, word, err))
				return false;
			is_kind = false;
		} else if (str_equal_nocase(word, "as")) {
			is_kind = true;
		} else if (strcmp(word, "--spice") == 0) {
			order->spice = true;
		} else {
			return refuse_word(word, err);
		}
	}
	return !is_kind || refuse_word("as", err);
}

/* "(select ...) as bar" */
static bool take_query(struct order *order, const char *text, bool escapes,
		       struct err *err)
{
	struct lexer lexer;
	int depth = 0;

	lexer_init(&lexer, text, strlen(text), escapes ? LEXER_ESCAPES : 0,
		   NULL);
	for (;;) {
		struct token token = lexer_next_solid(&lexer);

		if (token.kind == TOKEN_END) {
			err_set(err, ERR_USAGE, "the query's parenthesis is "
						"not closed");
			return err_hint(err, "\\quicksight publish NAME "
					     "(select ...)");
		}
		depth += token_is_char(&token, '(');
		depth -= token_is_char(&token, ')');
		if (depth > 0)
			continue;
		str_set_slice(&order->query, text + 1, token.at - 1);
		return take_tail(order, text + token.at + token.len, err);
	}
}

static bool read_line(struct session *session, const struct args *args,
		      struct order *order, struct err *err)
{
	bool escapes = db_backslash_escapes(session->db);
	const char *word;

	order->spice = args_flag(args, "--spice");
	for (size_t i = 0; (word = args_item(args, "WORDS", i)) != NULL; i++) {
		if (*word == '(')
			return order->name.len > 0
				       ? take_query(order, word, escapes, err)
				       : refuse_word("(", err);
		if (order->name.len == 0) {
			dashboard_word(args, i, &order->name);
		} else if (str_equal_nocase(word, "as")) {
			word = args_item(args, "WORDS", ++i);
			if (!word)
				return refuse_word("as", err);
			if (!take_kind(order, word, err))
				return false;
		} else if (order->table.len == 0) {
			str_set(&order->table, word);
		} else {
			return refuse_word(word, err);
		}
	}
	if (order->name.len > 0)
		return true;
	err_set(err, ERR_USAGE, "\\quicksight publish needs the dashboard's "
				"name");
	return err_hint(err, "\\quicksight publish NAME (select ...)");
}

/* Neither table nor query: what is typed, else what was sent last. */
static const char *typed_text(const struct session *session,
			      const struct order *order)
{
	const char *typed = session->loop ? mainloop_text(session->loop) : "";

	if (order->table.len > 0 || order->query.len > 0)
		return NULL;
	return *typed ? typed : session_last_query(session);
}

/* ---- the warehouse ---- */

static const char *given(const struct args *args, const char *name,
			 const char *otherwise)
{
	const char *value = args_text(args, name);

	return value ? value : otherwise;
}

/* "IAM:alice" is who is logged in; the user is alice. */
static const char *plain_user(const char *user)
{
	const char *colon = str_starts(user, "IAM") ? strchr(user, ':') : NULL;

	return colon ? colon + 1 : user;
}

static void find_place(struct session *session, const struct args *args,
		       const struct dbhost *host,
		       struct quicksight_warehouse *out)
{
	const struct dsn *dsn = db_dsn(session->db);

	*out = (struct quicksight_warehouse){
		.host = db_host(session->db),
		.port = (int)strtol(db_port(session->db), NULL, 10),
		.database = db_name(session->db),
		.cluster = dsn_get(dsn, "cluster_identifier"),
		.workgroup = dsn_get(dsn, "serverless_work_group"),
		.region = dsn_get(dsn, "region"),
		.secret = given(args, "--secret", dsn_get(dsn, "secret")),
		.role = args_text(args, "--role"),
		.user = plain_user(db_user(session->db)),
		.vpc = args_text(args, "--vpc"),
		.source = args_text(args, "--source"),
	};
	if (host->kind == DBHOST_CLUSTER && !host->is_endpoint)
		out->cluster = host->name;
	if (host->kind == DBHOST_WORKGROUP && !host->is_endpoint)
		out->workgroup = host->name;
	if (host->kind != DBHOST_OTHER)
		out->region = host->region;
}

/* QuickSight wants an ARN, people have names. */
static bool name_secret(struct quicksight *quicksight,
			struct quicksight_warehouse *warehouse,
			struct str *arn, struct err *err)
{
	if (!warehouse->secret || warehouse->source || warehouse->role ||
	    str_starts(warehouse->secret, "arn:"))
		return true;
	if (!secretsmanager_find_arn(quicksight->aws, warehouse->region,
				     warehouse->secret, arn, err))
		return false;
	warehouse->secret = arn->text;
	return true;
}

/* ---- what is told ---- */

static void tell_kinds(const struct quicksight_sheet *sheet, struct str *out)
{
	for (size_t i = 0; i < sheet->visuals.count; i++)
		str_addf(out, "%s%s", i > 0 ? ", " : "",
			 quicksight_kind_name(sheet->visuals.items[i].kind));
}

static void tell_sheets(struct session *session,
			const struct quicksight_sheets *sheets)
{
	for (size_t i = 0; i < sheets->count; i++) {
		CLEANUP(str_done) struct str kinds = STR_EMPTY;

		tell_kinds(&sheets->items[i], &kinds);
		session_info(session, "  %s: %s", sheets->items[i].title,
			     kinds.text);
	}
}

static void tell_rows(struct session *session,
		      const struct quicksight_result *result)
{
	CLEANUP(str_done) struct str rows = STR_EMPTY;

	units_add_count(&rows, result->rows);
	str_add(&rows, result->rows == 1 ? " row" : " rows");
	str_add(&rows, " in SPICE");
	if (result->read_ms > 0) {
		str_add(&rows, ", read ");
		isotime_add_local(&rows, result->read_ms);
	}
	session_info(session, "  %s; \\quicksight refresh reads them anew",
		     rows.text);
	if (result->dropped > 0)
		dashboard_warn_dropped(session, result->dropped);
}

/* As it can be typed: a name with blanks in quotes; what the line would change
 * (variables, commands) by its id. */
static void tell_open(struct session *session, const char *name, const char *id)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	static const char more[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
				   " .,-+()/&";

	const char *quote = name[strspn(name, plain)] == '\0' ? "" : "\"";

	if (name[strspn(name, more)] != '\0') {
		name = id;
		quote = "";
	}
	session_info(session, "\\quicksight open %s%s%s shows where it is.",
		     quote, name, quote);
}

static void tell_done(struct session *session,
		      const struct quicksight_publish *publish,
		      const struct quicksight_result *result)
{
	static const char *const done[] = {
		[QUICKSIGHT_UNCHANGED] = "is as it is to be: nothing changed",
		[QUICKSIGHT_CREATED] = "published",
		[QUICKSIGHT_UPDATED] = "updated",
	};
	session_progress(session, "");
	session_note_dashboard(session, publish->name);
	if (publish->source->made)
		session_info(session, "Data source \"%s\" made.",
			     publish->source->name.text);
	session_info(session, "Dashboard \"%s\" %s.", publish->name,
		     done[result->done]);
	if (result->done != QUICKSIGHT_UNCHANGED)
		tell_sheets(session, publish->sheets);
	if (publish->spice)
		tell_rows(session, result);
	tell_open(session, publish->name, result->id.text);
}

/* ---- --print ---- */

static bool print_plan(struct session *session,
		       struct quicksight_publish *publish, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(json_freep) struct json *definition = NULL;
	struct quicksight_source nowhere = QUICKSIGHT_SOURCE_EMPTY;

	(void)err;
	str_set(&nowhere.arn, "DATA-SOURCE");
	publish->source = &nowhere;
	for (size_t i = 0; i < publish->sheets->count; i++) {
		CLEANUP(str_done) struct str id = STR_EMPTY;
		CLEANUP(json_freep) struct json *body = NULL;

		str_addf(&id, "DATA-SET-%zu", i + 1);
		body = quicksight_data_set(publish, i, id.text);
		json_add_pretty(&text, body);
		str_add_char(&text, '\n');
		publish->sheets->items[i].data_set_arn =
			mem_copy_text(id.text);
	}
	definition = quicksight_definition(publish->sheets);
	json_add_pretty(&text, definition);
	str_add_char(&text, '\n');
	session_print(session, text.text);
	quicksight_source_done(&nowhere);
	return true;
}

/* ---- the command ---- */

/* Before anything is made: is there a QuickSight that can do this? */
static bool check_account(struct quicksight *quicksight, struct err *err)
{
	CLEANUP(json_freep) struct json *reply = NULL;
	struct quicksight_ask ask = {
		.operation = OPERATION_QUICKSIGHT_DESCRIBE_SUBSCRIPTION,
		.about_users = true,
	};
	struct err failed = ERR_EMPTY;

	if (!quicksight_call(quicksight, &ask, &reply, &failed)) {
		if (failed.kind != ERR_MISSING &&
		    failed.kind != ERR_CANCELLED &&
		    failed.kind != ERR_AUTH && failed.kind != ERR_NETWORK)
			return true; /* who may not ask finds out */
		*err = failed;
		if (failed.kind == ERR_MISSING) {
			err_set(err, ERR_MISSING,
				"the account %s has no QuickSight subscription",
				quicksight->account);
			err_hint(err, "sign up at "
				      "https://quicksight.aws.amazon.com "
				      "(Enterprise edition), then run the "
				      "command again");
		}
		return false;
	}
	if (strcmp(json_text(reply, "AccountInfo.Edition", ""), "STANDARD") !=
	    0)
		return true;
	err_set(err, ERR_AWS,
		"the account %s has QuickSight's STANDARD edition, which makes "
		"no dashboards by its API",
		quicksight->account);
	return err_hint(err, "an administrator changes it: QuickSight's "
			     "console, Manage, Your subscriptions, Upgrade to "
			     "Enterprise");
}

/* Who says how a new data source logs in thinks that one is made. */
static void tell_unused(struct session *session, const struct args *args,
			const struct quicksight_source *source)
{
	static const char *const names[] = { "--secret", "--role", "--vpc" };

	session_progress(session, "");
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (args_text(args, names[i]))
			session_info(session,
				     "Data source \"%s\" is there "
				     "already and is used as it is: %s is for "
				     "a new one.",
				     source->name.text, names[i]);
}

static bool send(struct session *session, const struct args *args,
		 struct quicksight_publish *publish, struct err *err)
{
	CLEANUP(quicksight_done)
	struct quicksight quicksight = QUICKSIGHT_EMPTY;
	CLEANUP(quicksight_source_done)
	struct quicksight_source source = QUICKSIGHT_SOURCE_EMPTY;
	CLEANUP(str_done) struct str owner = STR_EMPTY;
	CLEANUP(str_done) struct str user = STR_EMPTY;
	CLEANUP(str_done) struct str secret = STR_EMPTY;
	struct quicksight_result result = QUICKSIGHT_RESULT_EMPTY;
	struct quicksight_warehouse warehouse;
	struct dbhost host;
	bool ok;

	dbhost_parse(db_host(session->db), &host);
	find_place(session, args, &host, &warehouse);
	if (!dashboard_open(session, &quicksight, err))
		return false;
	warehouse.is_far = warehouse.region &&
			   strcmp(warehouse.region, quicksight.region) != 0;
	if (!check_account(&quicksight, err) ||
	    !quicksight_find_user(&quicksight,
				  dashboard_option(args, "--user", &user),
				  false, &owner, err) ||
	    !name_secret(&quicksight, &warehouse, &secret, err) ||
	    !quicksight_source_find(&quicksight, &warehouse, owner.text,
				    &source, err))
		return false;
	if (!source.made)
		tell_unused(session, args, &source);
	publish->source = &source;
	publish->owner = owner.text;
	ok = quicksight_publish(&quicksight, publish, &result, err);
	if (ok)
		tell_done(session, publish, &result);
	str_done(&result.id);
	return ok;
}

bool dashboard_publish(struct session *session, const struct args *args,
		       struct err *err)
{
	CLEANUP(order_done) struct order order = ORDER_EMPTY;
	CLEANUP(quicksight_sheets_done)
	struct quicksight_sheets sheets = { 0 };
	struct quicksight_publish publish = { .sheets = &sheets };
	struct dashboard_source source;
	bool ok;

	if (!read_line(session, args, &order, err))
		return false;
	source = (struct dashboard_source){
		.name = order.name.text,
		.table = order.table.len > 0 ? order.table.text : NULL,
		.query = order.query.len > 0 ? order.query.text : NULL,
		.text = typed_text(session, &order),
		.kind = order.kind,
	};
	if (!dashboard_sheets_read(session, &source, &sheets, err))
		return false;
	publish.name = order.name.text;
	publish.spice = order.spice;
	if (args_flag(args, "--print"))
		return print_plan(session, &publish, err);
	ok = send(session, args, &publish, err);
	session_progress(session, "");
	if (!ok && err->kind == ERR_CANCELLED)
		err_hint(err, "what was begun is kept: publish it again, and "
			      "it goes on from there");
	/* As after \g: the next line begins a statement. */
	if (ok && source.text && session->loop)
		mainloop_set_text(session->loop, "");
	return ok;
}
