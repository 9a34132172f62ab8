/* Renewal, with a process that gives a new key each time; its keys end in
 * 2030, and skew says how far from there it is now. */
#include "../check.h"

#include <stdio.h>
#include <stdlib.h>

#include "aws/endpoint.h"
#include "aws/wallet.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "net/loop.h"

#define ENDS_MS INT64_C(1893456000000)

static char folder[] = "/tmp/redsh-wallet-XXXXXX";
static struct endpoint_config endpoints;
static struct loop *loop;
static struct wallet *wallet;

struct woken {
	int count;
	struct err err;
};

static void path_of(const char *name, struct str *out)
{
	str_addf(out, "%s/%s", folder, name);
}

static void put(const char *name, const char *text)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	path_of(name, &path);
	assert_true(file_write(path.text, text, strlen(text), 0700, NULL));
}

static int make_files(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	str_addf(&text,
		 "#!/bin/sh\n"
		 "cd %s\n"
		 "[ ! -e hang ] || exec sleep 60\n"
		 "echo x >>count\n"
		 "[ ! -e fail ] || exit 3\n"
		 "printf '{\"Version\":1,\"AccessKeyId\":\"AK%%d\","
		 "\"SecretAccessKey\":\"s\",\"Expiration\":"
		 "\"2030-01-01T00:00:00Z\"}' $(($(wc -l <count)))\n",
		 folder);
	put("give", text.text);
	str_clear(&text);
	str_addf(&text, "[profile p]\ncredential_process = %s/give\n", folder);
	put("config", text.text);
	str_clear(&text);
	path_of("config", &text);
	setenv("AWS_CONFIG_FILE", text.text, 1);
	setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere", 1);
	return 0;
}

static int remove_files(void **state)
{
	(void)state;
	return file_remove_tree(folder, NULL) ? 0 : -1;
}

static int start(void **state)
{
	static const char *const flags[] = { "count", "hang", "fail" };
	struct wallet_setup setup = {
		.profile = "p",
		.endpoints = &endpoints,
		.region = "",
		.pause_ms = 1,
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(flags); i++) {
		CLEANUP(str_done) struct str path = STR_EMPTY;

		path_of(flags[i], &path);
		file_remove_tree(path.text, NULL);
	}
	endpoint_config_init(&endpoints);
	loop = loop_new(NULL);
	wallet = wallet_new(loop, &setup, NULL);
	return wallet != NULL ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	wallet_free(wallet);
	loop_free(loop);
	endpoint_config_done(&endpoints);
	return 0;
}

/* So that it is so long before the keys end. */
static int64_t skew(int64_t left_ms)
{
	return ENDS_MS - left_ms - clock_wall_ms();
}

static void wake(void *context, const struct err *err)
{
	struct woken *woken = context;

	woken->count++;
	if (err != NULL)
		woken->err = *err;
}

static void until_fetched(void)
{
	while (wallet_is_fetching(wallet))
		loop_turn(loop, 50);
}

static void expect(int64_t left_ms, enum wallet_state state, const char *id)
{
	struct woken woken = { .err = ERR_EMPTY };
	struct err err = ERR_EMPTY;

	assert_int_equal(
		wallet_ask(wallet, skew(left_ms), wake, &woken, &err), state);
	if (state == WALLET_READY)
		assert_text(wallet_cred(wallet)->access_key_id.text, id);
	until_fetched();
	assert_int_equal(woken.count, state == WALLET_WAIT);
	assert_text(wallet_cred(wallet)->access_key_id.text, id);
}

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static void who_waits_is_woken_and_one_fetch_serves_all(void **state)
{
	struct woken first = { .err = ERR_EMPTY };
	struct woken second = { .err = ERR_EMPTY };

	(void)state;
	assert_int_equal(wallet_ask(wallet, skew(HOUR), wake, &first, NULL),
			 WALLET_WAIT);
	assert_int_equal(wallet_ask(wallet, skew(HOUR), wake, &second, NULL),
			 WALLET_WAIT);
	until_fetched();
	assert_int_equal(first.count, 1);
	assert_int_equal(second.count, 1);
	expect(HOUR, WALLET_READY, "AK1");
}

static void who_is_forgotten_is_not_woken(void **state)
{
	struct woken woken = { .err = ERR_EMPTY };

	(void)state;
	wallet_ask(wallet, skew(HOUR), wake, &woken, NULL);
	wallet_forget(wallet, &woken);
	until_fetched();
	assert_int_equal(woken.count, 0);
}

static void near_the_end_the_old_keys_serve_while_new_ones_come(void **state)
{
	struct woken woken = { .err = ERR_EMPTY };

	(void)state;
	expect(HOUR, WALLET_WAIT, "AK1");
	assert_int_equal(
		wallet_ask(wallet, skew(14 * MINUTE), wake, &woken, NULL),
		WALLET_READY);
	assert_text(wallet_cred(wallet)->access_key_id.text, "AK1");
	assert_true(wallet_is_fetching(wallet));
	until_fetched();
	assert_int_equal(woken.count, 0);
	assert_text(wallet_cred(wallet)->access_key_id.text, "AK2");
}

static void a_renewal_that_fails_leaves_good_keys(void **state)
{
	struct woken woken = { .err = ERR_EMPTY };

	(void)state;
	expect(HOUR, WALLET_WAIT, "AK1");
	put("fail", "");
	assert_int_equal(
		wallet_ask(wallet, skew(5 * MINUTE), wake, &woken, NULL),
		WALLET_READY);
	until_fetched();
	expect(HOUR, WALLET_READY, "AK1");
}

static void keys_that_have_ended_are_not_used(void **state)
{
	struct woken woken = { .err = ERR_EMPTY };

	(void)state;
	expect(HOUR, WALLET_WAIT, "AK1");
	assert_int_equal(
		wallet_ask(wallet, skew(-MINUTE), wake, &woken, NULL),
		WALLET_WAIT);
	until_fetched();
	assert_int_equal(woken.count, 1);
	assert_int_equal(woken.err.kind, ERR_AUTH);
	assert_non_null(strstr(woken.err.message, "have expired"));
}

static void what_a_service_refuses_is_fetched_anew_once(void **state)
{
	(void)state;
	expect(HOUR, WALLET_WAIT, "AK1");
	wallet_expire(wallet, "AK1");
	expect(HOUR, WALLET_WAIT, "AK2");
	wallet_expire(wallet, "AK1");	/* another call had it too */
	expect(HOUR, WALLET_READY, "AK2");
}

static void a_chain_that_hangs_does_not_hold_the_end(void **state)
{
	struct woken woken = { .err = ERR_EMPTY };
	int64_t began_us = clock_monotonic_us();

	(void)state;
	put("hang", "");
	wallet_ask(wallet, skew(HOUR), wake, &woken, NULL);
	loop_turn(loop, 50);
	wallet_free(wallet);
	wallet = NULL;
	assert_true(clock_monotonic_us() - began_us < 30 * 1000000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_waits_is_woken_and_one_fetch_serves_all),
		TEST(who_is_forgotten_is_not_woken),
		TEST(near_the_end_the_old_keys_serve_while_new_ones_come),
		TEST(a_renewal_that_fails_leaves_good_keys),
		TEST(keys_that_have_ended_are_not_used),
		TEST(what_a_service_refuses_is_fetched_anew_once),
		TEST(a_chain_that_hangs_does_not_hold_the_end),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
