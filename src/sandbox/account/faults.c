#include "sandbox/account/faults.h"

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/lite.h"

static const char *const migrations[] = {
	"create table rules (number integer primary key autoincrement,"
	" op text, bucket text, key text, skip integer, left integer,"
	" acted integer default 0, words text, spent integer default 0)",
	NULL
};

struct faults {
	pthread_mutex_t lock;
	struct lite *lite; /* under lock */
	int stop_fd;
	char *path;
};

static void set_path(const char *dir, struct str *out)
{
	path_join(dir, "faults.db", out);
}

/* --- the command's side --- */

static struct lite *open_running(const char *dir, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	set_path(dir, &path);
	if (file_exists(path.text))
		return lite_open(path.text, migrations, err);
	err_set(err, ERR_MISSING, "no sandbox runs in %s", dir);
	err_hint(err, "redsh-sandbox start");
	return NULL;
}

bool faults_add(const char *dir, const struct faults_rule *rule,
		int64_t *out_number, struct err *err)
{
	CLEANUP(lite_closep) struct lite *lite = open_running(dir, err);
	struct lite_query *query;
	struct fault fault;

	if (lite == NULL || !fault_parse(rule->words, &fault, err))
		return false;
	query = lite_query(lite,
			   "insert into rules (op, bucket, key, skip, left,"
			   " words) values (?1, ?2, ?3, ?4, ?5, ?6)",
			   err);
	if (query == NULL)
		return false;
	lite_bind_text(query, 1, rule->op);
	lite_bind_text(query, 2, rule->bucket);
	lite_bind_text(query, 3, rule->key);
	lite_bind_number(query, 4, rule->skip);
	lite_bind_number(query, 5, rule->count);
	lite_bind_text(query, 6, rule->words);
	if (!lite_do(query, err))
		return false;
	*out_number = lite_last_id(lite);
	return true;
}

static const char *or_any(const char *text)
{
	return text != NULL ? text : "*";
}

static void add_line(struct str *out, struct lite_query *query)
{
	CLEANUP(str_done) struct str left = STR_EMPTY;

	if (lite_number(query, 5) == FAULTS_FOR_EVER)
		str_add(&left, "all");
	else
		str_addf(&left, "%lld", (long long)lite_number(query, 5));
	str_addf(out, "%lld\t%s\t%s\t%s\t%lld\t%s\t%lld\t%s\n",
		 (long long)lite_number(query, 0),
		 or_any(lite_text(query, 1)), or_any(lite_text(query, 2)),
		 or_any(lite_text(query, 3)), (long long)lite_number(query, 4),
		 left.text, (long long)lite_number(query, 6),
		 lite_text(query, 7));
}

bool faults_list(const char *dir, struct str *out, struct err *err)
{
	CLEANUP(lite_closep) struct lite *lite = open_running(dir, err);
	struct lite_query *query;
	enum lite_step step;

	if (lite == NULL)
		return false;
	query = lite_query(lite,
			   "select number, op, bucket, key, skip, left, acted,"
			   " words from rules order by number",
			   err);
	if (query == NULL)
		return false;
	str_add(out, "rule\top\tbucket\tkey\tskip\tleft\tacted\tfault\n");
	while ((step = lite_step(query, err)) == LITE_ROW)
		add_line(out, query);
	return step == LITE_DONE;
}

bool faults_clear(const char *dir, int64_t number, struct err *err)
{
	CLEANUP(lite_closep) struct lite *lite = open_running(dir, err);
	struct lite_query *query;

	if (lite == NULL)
		return false;
	query = lite_query(lite,
			   "delete from rules where number = ?1 or ?1 = 0",
			   err);
	if (query == NULL)
		return false;
	lite_bind_number(query, 1, number);
	if (!lite_do(query, err))
		return false;
	return number == 0 || lite_changes(lite) > 0 ||
	       err_set(err, ERR_MISSING, "there is no rule %lld",
		       (long long)number);
}

/* --- the endpoints' side --- */

struct faults *faults_open(const char *dir, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct faults *faults;
	struct lite *lite;

	set_path(dir, &path);
	lite_remove(path.text);
	lite = lite_open(path.text, migrations, err);
	if (lite == NULL)
		return NULL;
	faults = mem_alloc(sizeof(*faults));
	pthread_mutex_init(&faults->lock, NULL);
	faults->lite = lite;
	faults->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	faults->path = str_take(&path);
	return faults;
}

void faults_close(struct faults *faults)
{
	if (faults == NULL)
		return;
	lite_close(faults->lite);
	lite_remove(faults->path);
	pthread_mutex_destroy(&faults->lock);
	if (faults->stop_fd >= 0)
		close(faults->stop_fd);
	mem_free(faults->path);
	mem_free(faults);
}

static bool is_method(const char *op)
{
	return op[strspn(op, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
}

static bool text_fits(const char *pattern, const char *text)
{
	return pattern == NULL ||
	       fnmatch(pattern, text != NULL ? text : "", 0) == 0;
}

static bool op_fits(const char *op, const struct faults_subject *subject,
		    bool named_only)
{
	bool all = op == NULL || strcmp(op, "*") == 0;

	if (all || is_method(op))
		return !named_only &&
		       (all || strcmp(op, subject->method) == 0);
	return subject->op != NULL && fnmatch(op, subject->op, 0) == 0;
}

/* A row of the table that is not used up. */
struct candidate {
	int64_t number;
	int64_t skip;
	char *words;
};

struct candidates {
	VEC(struct candidate);
};

static void candidates_done(struct candidates *candidates)
{
	for (size_t i = 0; i < candidates->count; i++)
		mem_free(candidates->items[i].words);
	vec_done(candidates);
}

static bool find_fitting(struct faults *faults,
			 const struct faults_subject *subject, bool named_only,
			 struct candidates *out)
{
	struct lite_query *query =
		lite_query(faults->lite,
			   "select number, op, bucket, key, skip, words"
			   " from rules where left <> 0 order by number",
			   NULL);

	while (query != NULL && lite_step(query, NULL) == LITE_ROW) {
		struct candidate one = {
			.number = lite_number(query, 0),
			.skip = lite_number(query, 4),
		};

		if (!op_fits(lite_text(query, 1), subject, named_only) ||
		    !text_fits(lite_text(query, 2), subject->bucket) ||
		    (!text_fits(lite_text(query, 3), subject->key) &&
		     (subject->other_key == NULL ||
		      !text_fits(lite_text(query, 3), subject->other_key))))
			continue;
		one.words = mem_copy_text(lite_text(query, 5));
		vec_push(out, one);
	}
	return out->count > 0;
}

/* ?1 is the rule, ?2 how much. */
static bool change(struct faults *faults, const char *sql, int64_t number,
		   int64_t much)
{
	struct lite_query *query = lite_query(faults->lite, sql, NULL);

	if (query == NULL)
		return false;
	lite_bind_number(query, 1, number);
	lite_bind_number(query, 2, much);
	return lite_do(query, NULL) && lite_changes(faults->lite) > 0;
}

/* The first whose requests to let pass are over. */
static bool take_first(struct faults *faults,
		       const struct candidates *candidates, struct fault *out)
{
	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *one = &candidates->items[i];

		if (one->skip > 0) {
			change(faults,
			       "update rules set skip = skip - ?2"
			       " where number = ?1",
			       one->number, 1);
			continue;
		}
		if (!change(faults,
			    "update rules set acted = acted + ?2, left = case"
			    " when left > 0 then left - ?2 else left end"
			    " where number = ?1 and left <> 0",
			    one->number, 1) ||
		    !fault_parse(one->words, out, NULL))
			continue;
		out->rule = one->number;
		return true;
	}
	return false;
}

void faults_take(struct faults *faults, const struct faults_subject *subject,
		 bool named_only, struct fault *out)
{
	static const struct fault none = { .retry_after_s = -1 };
	CLEANUP(candidates_done) struct candidates candidates = { 0 };

	*out = none;
	if (faults == NULL)
		return;
	pthread_mutex_lock(&faults->lock);
	if (find_fitting(faults, subject, named_only, &candidates) &&
	    lite_begin(faults->lite, NULL)) {
		if (!take_first(faults, &candidates, out))
			*out = none;
		lite_commit(faults->lite, NULL);
	}
	pthread_mutex_unlock(&faults->lock);
	if (out->rule != 0)
		log_debug(LOG_SANDBOX, "fault of rule %lld: %s %s",
			  (long long)out->rule, subject->method,
			  subject->op != NULL ? subject->op : "");
}

/* The quota is in the words; what was taken stays with the rule. */
bool faults_spend(struct faults *faults, int64_t rule, int64_t bytes)
{
	struct lite_query *query;
	struct fault fault = { 0 };
	bool enough = false;

	pthread_mutex_lock(&faults->lock);
	query = lite_query(faults->lite,
			   "select words, spent from rules where number = ?1",
			   NULL);
	if (query != NULL) {
		lite_bind_number(query, 1, rule);
		enough = lite_step(query, NULL) != LITE_ROW ||
			 !fault_parse(lite_text(query, 0), &fault, NULL) ||
			 lite_number(query, 1) + bytes <= fault.number;
		lite_reset(query);
		if (enough)
			change(faults,
			       "update rules set spent = spent + ?2"
			       " where number = ?1",
			       rule, bytes);
	}
	pthread_mutex_unlock(&faults->lock);
	return enough;
}

bool faults_wait(struct faults *faults, int64_t wait_ms, int fd)
{
	int64_t end_us = clock_monotonic_us() + wait_ms * 1000;
	struct pollfd polled[] = {
		{ .fd = faults->stop_fd, .events = POLLIN },
		{ .fd = fd, .events = POLLRDHUP },
	};

	for (;;) {
		int64_t left_ms =
			wait_ms < 0 ? INT_MAX
				    : (end_us - clock_monotonic_us()) / 1000;
		int got;

		if (left_ms <= 0)
			return true;
		got = poll(polled, 2, left_ms > INT_MAX ? INT_MAX
							: (int)left_ms);
		if (got > 0 || (got < 0 && errno != EINTR))
			return false;
	}
}

void faults_stop(struct faults *faults)
{
	if (faults != NULL)
		eventfd_write(faults->stop_fd, 1);
}
