/* Tables against tables: what Redshift has is offered somewhere. */
#include "tests/unit/complete/place.h"

#include <ctype.h>

#include "load/copy_option.h"
#include "sql/syntax.h"

static bool offers(const char *text, const char *label)
{
	CLEANUP(complete_list_done)
	struct complete_list list = COMPLETE_LIST_EMPTY;
	size_t len = strlen(label);

	place_ask(text, strlen(text), &list);
	for (size_t i = 0; i < list.count; i++) {
		const char *offered = list.items[i].label;

		if (strncasecmp(offered, label, len) == 0 &&
		    (offered[len] == '\0' || strchr(" (", offered[len])))
			return true;
	}
	return false;
}

/* The next line's cells; false: no more. */
static bool next_line(char **text, char *cells[2])
{
	char *line = strsep(text, "\n");

	if (line == NULL || *line == '\0')
		return false;
	cells[0] = strsep(&line, "\t");
	cells[1] = strsep(&line, "\t");
	return true;
}

static void read_share(const char *name, struct str *out)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct err err = ERR_EMPTY;

	assert_non_null(getenv("REDSH_SHARE"));
	str_addf(&path, "%s/%s", getenv("REDSH_SHARE"), name);
	if (!file_read(path.text, 1 << 20, out, &err))
		fail_msg("%s", err.message);
}

static size_t word_len(const char *text)
{
	size_t len = 0;

	while (isupper((unsigned char)text[len]) || text[len] == '_')
		len++;
	return isalnum((unsigned char)text[len]) ? 0 : len;
}

/* Each word of the path is offered behind those before. */
static size_t check_path(const char *path)
{
	CLEANUP(str_done) struct str before = STR_EMPTY;
	size_t wrong = 0;
	size_t len;

	while ((len = word_len(path)) > 0) {
		CLEANUP(mem_freep) char *word = mem_copy_slice(path, len);

		if (!offers(before.text, word)) {
			print_error("\"%s\" does not offer %s\n", before.text,
				    word);
			wrong++;
		}
		str_addf(&before, "%s ", word);
		path += len + strspn(path + len, " ");
	}
	return wrong;
}

static void every_statement_is_led_to(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	char *rest;
	char *cells[2];
	size_t wrong = 0;
	size_t count = 0;

	(void)state;
	read_share("sql/statements.tsv", &text);
	rest = text.text;
	next_line(&rest, cells); /* the header */
	while (next_line(&rest, cells)) {
		size_t head = word_len(cells[0]);
		bool plain = strncmp(cells[0], cells[1], head) == 0;

		/* Synopses that begin with brackets: what the row is called,
		 * as far as it is words of the statement. */
		if (!plain)
			cells[0][head] = '\0';
		wrong += check_path(plain ? cells[1] : cells[0]);
		count++;
	}
	assert_true(count > 100);
	assert_int_equal(wrong, 0);
}

static size_t check_setting(const char *name, const char *how)
{
	bool read_only = strcmp(how, "read") == 0;

	if (strcmp(how, "denied") == 0)
		return 0;
	if (offers("show ", name) && offers("set ", name) == !read_only &&
	    offers("reset ", name) == !read_only)
		return 0;
	print_error("%s (%s) is not offered as it is\n", name, how);
	return 1;
}

/* As the sandbox takes them. */
static void every_setting_is_offered_where_it_may_stand(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	char *rest;
	char *cells[2];
	size_t wrong = 0;
	size_t count = 0;

	(void)state;
	read_share("sandbox/settings.tsv", &text);
	rest = text.text;
	next_line(&rest, cells); /* the header */
	while (next_line(&rest, cells)) {
		if (*cells[0] == '#')
			continue;
		wrong += check_setting(cells[0], cells[1]);
		count++;
	}
	assert_true(count > 20);
	assert_int_equal(wrong, 0);
}

/* ---- synopses ---- */

/* Words of synopses that are not in the rows of the first word: of queries,
 * which sql/expect knows, of COPY's parameters, which load/copy_option knows,
 * of another row, or of a setting. */
static bool is_known_elsewhere(const char *head, const char *word, size_t len)
{
	static const char *const rows[] = { "SELECT", "INSERT", "UPDATE",
					    "DELETE" };
	static const char *const words[] = {
		"BEGIN START", "START BEGIN",   "COPY AS",
		"COPY FORMAT", "COPY TEMPLATE", "COPY USING",
		"COPY CREATE", "REVOKE TO",     "SET SEED",
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strcmp(head, rows[i]) == 0)
			return true;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		size_t head_len = strlen(head);

		if (strncmp(words[i], head, head_len) == 0 &&
		    words[i][head_len] == ' ' &&
		    str_slice_equal(word, len, words[i] + head_len + 1))
			return true;
	}
	return false;
}

static bool has_word(const struct syntax *syntax, const char *word, size_t len)
{
	for (size_t i = 0; i < syntax->count; i++) {
		const struct syntax_step *step = &syntax->items[i];

		if (step->op == SYNTAX_WORD && step->len == len &&
		    strncasecmp(step->text, word, len) == 0)
			return true;
	}
	return false;
}

static size_t check_synopsis(const char *head, const char *synopsis)
{
	struct syntax syntax = { 0 };
	size_t wrong = 0;

	syntax_compile(&syntax, head, strlen(head));
	for (const char *at = synopsis; *at != '\0';) {
		size_t len = word_len(at);

		if (*at == '\'')
			len = strcspn(at + 1, "'") + 2;
		else if (len > 1 && !has_word(&syntax, at, len) &&
			 !is_known_elsewhere(head, at, len)) {
			print_error("%s: no %.*s\n", head, (int)len, at);
			wrong++;
		}
		/* Past the rest of a word in other letters. */
		at += len;
		if (len == 0 && (isalnum((unsigned char)*at) || *at == '_'))
			at += strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789"
					 "_ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		else if (len == 0)
			at++;
	}
	syntax_done(&syntax);
	return wrong;
}

static void every_word_of_the_synopses_is_in_the_rows(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	char *rest;
	char *cells[2];
	size_t wrong = 0;

	(void)state;
	read_share("sql/statements.tsv", &text);
	rest = text.text;
	next_line(&rest, cells); /* the header */
	while (next_line(&rest, cells)) {
		cells[0][word_len(cells[0])] = '\0';
		wrong += check_synopsis(cells[0], cells[1]);
	}
	assert_int_equal(wrong, 0);
}

/* ---- COPY and UNLOAD ---- */

static const char *start_of(enum copy_verb verb)
{
	return verb == COPY_VERB_COPY
		       ? "copy sales from 's3://demo/a' iam_role default "
		       : "unload ('x') to 's3://demo/a' iam_role default ";
}

/* The option as a person writes it, with an argument that is right. */
static void add_option(const struct copy_option *option, struct str *out)
{
	size_t len;

	str_addf(out, "%s ", option->name);
	switch (option->argument) {
	case COPY_ARG_STRING:
	case COPY_ARG_SECRET:
	case COPY_ARG_CHAR:
		str_add(out, "'x' ");
		break;
	case COPY_ARG_INTEGER:
	case COPY_ARG_SIZE:
		str_add(out, "100 ");
		break;
	case COPY_ARG_WORD:
		len = strcspn(option->choices, " ");
		str_add_slice(out, option->choices, len);
		str_add_char(out, ' ');
		break;
	case COPY_ARG_PARTITION:
		str_add(out, "BY (city) ");
		break;
	case COPY_ARG_TEMPLATE:
		str_add(out, "TEMPLATE t ");
		break;
	case COPY_ARG_REST:
		str_add(out, "CREATE j ");
		break;
	case COPY_ARG_NONE:
	case COPY_ARG_CHAR_MAYBE:
	case COPY_ARG_STRING_MAYBE:
	case COPY_ARG_WORD_MAYBE:
	case COPY_ARG_SIMPLIFY:
		break;
	}
}

/* NEEDS names in front of the option, so that it may come. */
static void add_needs(const struct copy_option *option, enum copy_verb verb,
		      struct str *out)
{
	const struct copy_option *need;

	if (option->needs == NULL)
		return;
	need = copy_option_find(verb, option->needs,
				strcspn(option->needs, " "));
	assert_non_null(need);
	add_option(need, out);
}

static size_t check_option(const struct copy_option *option,
			   enum copy_verb verb)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, start_of(verb));
	if (option->id == COPY_READRATIO) /* of another source */
		str_set(&text, "copy t from 'dynamodb://x' iam_role default ");
	add_needs(option, verb, &text);
	if (offers(text.text, option->name))
		return 0;
	print_error("\"%s\" does not offer %s\n", text.text, option->name);
	return 1;
}

/* first given: second is not offered if it is excluded or the same. */
static size_t check_pair(const struct copy_option *first,
			 const struct copy_option *second, enum copy_verb verb)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool excluded = copy_option_excludes(first, second) || first == second;

	if (!excluded)
		return 0;
	str_add(&text, start_of(verb));
	add_needs(first, verb, &text);
	add_option(first, &text);
	if (!offers(text.text, second->name))
		return 0;
	print_error("\"%s\" offers %s\n", text.text, second->name);
	return 1;
}

static void every_option_is_offered_once_and_never_with_its_enemies(
	void **state)
{
	static const enum copy_verb verbs[] = { COPY_VERB_COPY,
						COPY_VERB_UNLOAD };
	const struct copy_option *first, *second;
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		for (first = copy_option_table; first->name; first++) {
			if ((first->verbs & verbs[i]) == 0)
				continue;
			wrong += check_option(first, verbs[i]);
			for (second = copy_option_table; second->name; second++)
				if ((second->verbs & verbs[i]) != 0)
					wrong += check_pair(first, second,
							    verbs[i]);
		}
	assert_int_equal(wrong, 0);
}

/* ---- any text ---- */

static void any_cut_of_any_statement_is_safe(void **state)
{
	static const char *const texts[] = {
		"create table if not exists s.t (a int default (1 + 2) not "
		"null, \"b c\" varchar(10) encode zstd, primary key (a)) "
		"diststyle key distkey (a) compound sortkey (a, \"b c\");",
		"grant select (a, b), update (c) on table s.t to group g with "
		"grant option, role r, public; revoke all on schema x from y",
		"unload ('select ''x'', $$y$$ from t') to 's3://a/b' iam_role "
		"'arn' partition by (a, b) include maxfilesize 1 gb",
		"merge into t using (select 1) as s on t.a = case when 1 then "
		"2 end when matched then update set a = (1), b = 2 when not "
		"matched then insert (a) values (1)",
		"copy t (a, b) from 's3://a' access_key_id 'x' "
		"secret_access_key 'y' session_token 'z' format as json "
		"'auto' )) ((",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		for (size_t at = 0; at <= strlen(texts[i]); at++) {
			CLEANUP(complete_list_done)
			struct complete_list list = COMPLETE_LIST_EMPTY;

			place_ask(texts[i], at, &list);
			assert_true(list.from <= at && list.to >= at);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_is_led_to),
		cmocka_unit_test(every_word_of_the_synopses_is_in_the_rows),
		cmocka_unit_test(every_setting_is_offered_where_it_may_stand),
		cmocka_unit_test(
			every_option_is_offered_once_and_never_with_its_enemies),
		cmocka_unit_test(any_cut_of_any_statement_is_safe),
	};

	return cmocka_run_group_tests(tests, place_make, place_remove);
}
