#include "../check.h"

#include <stdlib.h>

#include "base/str.h"
#include "db/dsn.h"

static int clear_environment(void **state)
{
	static const char *const names[] = {
		"PGHOST",
		"PGPORT",
		"PGSSLMODE",
		"PGSSLROOTCERT",
		"PGSERVICE",
		"PGGSSENCMODE",
		"PGCONNECT_TIMEOUT",
		"PGUSER",
		"PGDATABASE",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		unsetenv(names[i]);
	setenv("HOME", "/nonexistent", 1);
	return 0;
}

static void a_uri_names_all_its_parts(void **state)
{
	CLEANUP(dsn_freep) struct dsn *dsn = dsn_new();

	(void)state;
	assert_true(dsn_parse(
		dsn, "postgresql://me:p%40ss@h:5440/db?sslmode=require", NULL));
	assert_text(dsn_get(dsn, "host"), "h");
	assert_text(dsn_get(dsn, "port"), "5440");
	assert_text(dsn_get(dsn, "user"), "me");
	assert_text(dsn_get(dsn, "password"), "p@ss");
	assert_text(dsn_get(dsn, "dbname"), "db");
	assert_text(dsn_get(dsn, "sslmode"), "require");
}

static void a_later_string_replaces_what_it_names(void **state)
{
	CLEANUP(dsn_freep) struct dsn *dsn = dsn_new();

	(void)state;
	dsn_set(dsn, "host", "a");
	dsn_set(dsn, "port", "1");
	assert_true(dsn_parse(dsn, "host=b user=u", NULL));
	assert_text(dsn_get(dsn, "host"), "b");
	assert_text(dsn_get(dsn, "port"), "1");
	dsn_set(dsn, "host", NULL);
	assert_null(dsn_get(dsn, "host"));
}

static void nonsense_is_refused_with_a_hint(void **state)
{
	CLEANUP(dsn_freep) struct dsn *dsn = dsn_new();
	struct err err = ERR_EMPTY;

	(void)state;
	assert_false(dsn_parse(dsn, "host=x nosuch=1", &err));
	assert_int_equal(err.kind, ERR_USAGE);
	assert_true(err.hint[0] != '\0');
}

static void a_database_name_is_no_conninfo(void **state)
{
	(void)state;
	assert_false(dsn_is_conninfo("dev"));
	assert_true(dsn_is_conninfo("dbname=dev"));
	assert_true(dsn_is_conninfo("postgres://h/d"));
}

static const struct {
	const char *host;
	bool is;
} hosts[] = {
	{ "c.abc123.eu-west-1.redshift.amazonaws.com", true },
	{ "W.123.us-east-1.Redshift-Serverless.amazonaws.com", true },
	{ "c.abc.cn-north-1.redshift.amazonaws.com.cn", true },
	{ "c.abc123.eu-west-1.redshift.amazonaws.com.", true },
	{ "redshift.amazonaws.com.evil.example", false },
	{ "myredshift.example", false },
	{ "localhost", false },
	{ "", false },
};

static void redshift_hosts_are_known_by_their_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(hosts); i++)
		assert_int_equal(dsn_host_is_redshift(hosts[i].host),
				 hosts[i].is);
}

static void redshift_gets_its_defaults(void **state)
{
	CLEANUP(dsn_freep) struct dsn *dsn = dsn_new();

	(void)state;
	dsn_set(dsn, "host", hosts[0].host);
	dsn_fill_redshift(dsn);
	assert_text(dsn_get(dsn, "port"), "5439");
	assert_text(dsn_get(dsn, "sslmode"), "verify-full");
	assert_text(dsn_get(dsn, "gssencmode"), "disable");
	assert_text(dsn_get(dsn, "keepalives_idle"), "200");
	assert_text(dsn_get(dsn, "keepalives_interval"), "200");
	assert_text(dsn_get(dsn, "keepalives_count"), "5");
	assert_text(dsn_get(dsn, "connect_timeout"), "15");
	assert_text(dsn_get(dsn, "sslrootcert"), dsn_system_roots());
}

static void what_somebody_chose_stays(void **state)
{
	CLEANUP(dsn_freep) struct dsn *dsn = dsn_new();

	(void)state;
	setenv("PGPORT", "5440", 1);
	setenv("PGSSLMODE", "require", 1);
	dsn_set(dsn, "host", hosts[0].host);
	dsn_set(dsn, "connect_timeout", "3");
	dsn_fill_redshift(dsn);
	assert_null(dsn_get(dsn, "port"));
	assert_null(dsn_get(dsn, "sslmode"));
	assert_text(dsn_get(dsn, "connect_timeout"), "3");
	unsetenv("PGPORT");
	unsetenv("PGSSLMODE");
}

static void other_hosts_are_left_alone(void **state)
{
	CLEANUP(dsn_freep) struct dsn *dsn = dsn_new();

	(void)state;
	dsn_set(dsn, "host", "localhost");
	dsn_fill_redshift(dsn);
	assert_null(dsn_get(dsn, "port"));
	assert_null(dsn_get(dsn, "sslmode"));
}

static void the_host_of_the_environment_counts(void **state)
{
	CLEANUP(dsn_freep) struct dsn *dsn = dsn_new();

	(void)state;
	setenv("PGHOST", hosts[0].host, 1);
	dsn_fill_redshift(dsn);
	assert_text(dsn_get(dsn, "port"), "5439");
	unsetenv("PGHOST");
}

static void a_copy_is_its_own(void **state)
{
	CLEANUP(dsn_freep) struct dsn *dsn = dsn_new();
	CLEANUP(dsn_freep) struct dsn *copy = NULL;

	(void)state;
	dsn_set(dsn, "password", "secret");
	copy = dsn_copy(dsn);
	dsn_set(dsn, "password", NULL);
	assert_text(dsn_get(copy, "password"), "secret");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_uri_names_all_its_parts),
		cmocka_unit_test(a_later_string_replaces_what_it_names),
		cmocka_unit_test(nonsense_is_refused_with_a_hint),
		cmocka_unit_test(a_database_name_is_no_conninfo),
		cmocka_unit_test(redshift_hosts_are_known_by_their_end),
		cmocka_unit_test(redshift_gets_its_defaults),
		cmocka_unit_test(what_somebody_chose_stays),
		cmocka_unit_test(other_hosts_are_left_alone),
		cmocka_unit_test(the_host_of_the_environment_counts),
		cmocka_unit_test(a_copy_is_its_own),
	};

	return cmocka_run_group_tests(tests, clear_environment, NULL);
}
