/* Runs a driver on mutated texts. Speaks TAP: one test, which fails by the
 * process's end; the number of the input at fault is printed first.
 *
 * usage: NAME_fuzz [--seed N] [--count N] [--from N] [--print] [--save DIR]
 *
 * --save writes the corpus to files, for other fuzzers, and ends.
 */
#include "fuzz.h"

#include <getopt.h>
#include <glob.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"

enum {
	FILE_MAX_BYTES = 4 << 20,
	INPUT_MAX_BYTES = 1 << 17,
	CHANGES_MAX = 8,
};

struct pool {
	VEC(struct fuzz_text);
	struct {
		VEC(char *);
	} files; /* what some of the texts are in */
};

/* Borrowed by the handler of a crash. */
static struct {
	unsigned long seed;
	unsigned long at;
} run;

/* --- numbers --- */

struct dice {
	uint64_t state;
};

/* splitmix64 */
static uint64_t roll(struct dice *dice)
{
	uint64_t z = dice->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static size_t below(struct dice *dice, size_t limit)
{
	return limit == 0 ? 0 : (size_t)(roll(dice) % limit);
}

/* --- changes --- */

/* Puts bytes in place of input[at, at + gone). */
static void splice(struct str *input, size_t at, size_t gone, const char *bytes,
		   size_t len)
{
	struct str out = STR_EMPTY;

	if (input->len - gone + len > INPUT_MAX_BYTES)
		return;
	str_add_slice(&out, input->text, at);
	str_add_slice(&out, bytes, len);
	str_add_slice(&out, input->text + at + gone, input->len - at - gone);
	str_done(input);
	*input = out;
}

/* A range of text: *out_at and its length. */
static size_t range(struct dice *dice, size_t len, size_t *out_at)
{
	size_t most;

	*out_at = below(dice, len + 1);
	most = len - *out_at;
	if (below(dice, 4) > 0 && most > 16)
		most = 16;
	return below(dice, most + 1);
}

static void change_byte(struct dice *dice, struct str *input)
{
	static const char bytes[] = "\0\1\n\r\t \"'\\$(),-./0:;<>[]{}"
				    "\x7f\x80\xbf\xc3\xe2\xf0\xff";
	size_t at = below(dice, input->len + 1);
	char byte = below(dice, 2) ? bytes[below(dice, sizeof(bytes) - 1)]
				   : (char)roll(dice);

	splice(input, at, at < input->len && below(dice, 2), &byte, 1);
}

static void flip_bit(struct dice *dice, struct str *input)
{
	size_t at = below(dice, input->len);

	if (input->len > 0)
		input->text[at] ^= (char)(1 << below(dice, 8));
}

static void remove_range(struct dice *dice, struct str *input)
{
	size_t at;
	size_t len = range(dice, input->len, &at);

	splice(input, at, len, "", 0);
}

static void cut_end(struct dice *dice, struct str *input)
{
	str_cut(input, below(dice, input->len + 1));
}

/* A range of the input again, elsewhere; or many times, where it is. */
static void repeat_range(struct dice *dice, struct str *input)
{
	struct str copy = STR_EMPTY;
	size_t at;
	size_t len = range(dice, input->len, &at);
	size_t times = below(dice, 8) ? 1 : 1 + below(dice, 3000);

	for (size_t i = 0; i < times && copy.len < INPUT_MAX_BYTES; i++)
		str_add_slice(&copy, input->text + at, len);
	if (times == 1)
		at = below(dice, input->len + 1);
	splice(input, at, 0, copy.text, copy.len);
	str_done(&copy);
}

/* Numbers that lengths and counts go wrong at, as the protocol has them. */
static void change_number(struct dice *dice, struct str *input)
{
	static const uint32_t numbers[] = {
		0, 1, 2, 3, 4, 5, 8, 0x7f, 0xff, 0x7fff, 0xffff, 0x10000,
		0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
	};
	uint32_t number = numbers[below(dice, COUNT_OF(numbers))];
	size_t bytes = below(dice, 3) ? 4 : 2;
	size_t at = below(dice, input->len + 1);
	char text[4];

	if (input->len < bytes)
		return;
	if (at > input->len - bytes)
		at = input->len - bytes;
	for (size_t i = 0; i < bytes; i++)
		text[i] = (char)(number >> 8 * (bytes - 1 - i));
	splice(input, at, bytes, text, bytes);
}

static void insert_word(struct dice *dice, struct str *input)
{
	size_t count = 0;
	const char *word;

	while (fuzz_driver.words[count] != NULL)
		count++;
	if (count == 0)
		return;
	word = fuzz_driver.words[below(dice, count)];
	splice(input, below(dice, input->len + 1), 0, word, strlen(word));
}

/* A piece of another text, or its second half behind our first. */
static void cross(struct dice *dice, struct str *input, const struct pool *pool)
{
	const struct fuzz_text *other = &pool->items[below(dice, pool->count)];
	size_t cut = below(dice, input->len + 1);
	size_t at;
	size_t len = range(dice, other->len, &at);

	if (below(dice, 2)) {
		splice(input, cut, 0, other->text + at, len);
		return;
	}
	str_cut(input, cut);
	splice(input, cut, 0, other->text + at, other->len - at);
}

static void change(struct dice *dice, struct str *input,
		   const struct pool *pool)
{
	switch (below(dice, 10)) {
	case 0:
	case 1:
		change_byte(dice, input);
		break;
	case 2:
		flip_bit(dice, input);
		break;
	case 3:
		remove_range(dice, input);
		break;
	case 4:
		cut_end(dice, input);
		break;
	case 5:
		repeat_range(dice, input);
		break;
	case 6:
		change_number(dice, input);
		break;
	case 7:
	case 8:
		insert_word(dice, input);
		break;
	default:
		cross(dice, input, pool);
		break;
	}
}

/* Input number at of this seed; the first ones are the corpus itself. */
static void make_input(unsigned long at, const struct pool *pool,
		       struct str *out)
{
	struct dice dice = { run.seed * 0x9e3779b97f4a7c15u + at };
	const struct fuzz_text *from;
	size_t changes;

	if (at < pool->count) {
		str_set_slice(out, pool->items[at].text, pool->items[at].len);
		return;
	}
	from = &pool->items[below(&dice, pool->count)];
	str_set_slice(out, from->text, from->len);
	changes = 1 + below(&dice, CHANGES_MAX);
	while (changes-- > 0)
		change(&dice, out, pool);
}

/* --- corpus --- */

static void add_paragraphs(struct pool *pool, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *stop = memmem(text, (size_t)(end - text), "\n\n", 2);
		struct fuzz_text piece = { text, 0 };

		if (stop == NULL)
			stop = end;
		piece.len = (size_t)(stop - text);
		if (piece.len > 0)
			vec_push(pool, piece);
		text = stop == end ? end : stop + 2;
	}
}

static bool add_files(struct pool *pool, const char *pattern)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct err err = ERR_EMPTY;
	glob_t found;

	str_addf(&path, "%s/%s", getenv("TESTS_DIR"), pattern);
	if (glob(path.text, 0, NULL, &found) != 0)
		return false;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		if (!file_read(found.gl_pathv[i], FILE_MAX_BYTES, &text, &err))
			continue;
		add_paragraphs(pool, text.text, text.len);
		vec_push(&pool->files, str_take(&text));
	}
	globfree(&found);
	return true;
}

static bool fill_pool(struct pool *pool)
{
	const struct fuzz_text *text = fuzz_driver.corpus;
	const char *const *pattern = fuzz_driver.files;

	for (; text->text != NULL; text++)
		vec_push(pool, *text);
	if (pattern == NULL)
		return true;
	if (getenv("TESTS_DIR") == NULL) {
		fprintf(stderr, "TESTS_DIR is not set\n");
		return false;
	}
	for (; *pattern != NULL; pattern++)
		if (!add_files(pool, *pattern)) {
			fprintf(stderr, "nothing is like %s\n", *pattern);
			return false;
		}
	return true;
}

static void pool_done(struct pool *pool)
{
	for (size_t i = 0; i < pool->files.count; i++)
		mem_free(pool->files.items[i]);
	vec_done(&pool->files);
	vec_done(pool);
}

/* --- running --- */

static void say_where(void)
{
	char text[160];
	int len = snprintf(text, sizeof(text),
			   "not ok 1 - made again by: --seed %lu --from %lu"
			   " --count 1 --print\n",
			   run.seed, run.at);

	if (write(STDOUT_FILENO, text, (size_t)len) < 0)
		return;
}

static void on_abort(int number)
{
	say_where();
	signal(number, SIG_DFL);
	raise(number);
}

/* There when a sanitizer is. */
__attribute__((weak)) void __sanitizer_set_death_callback(void (*told)(void));

static void watch_death(void)
{
	signal(SIGABRT, on_abort);
	signal(SIGTERM, on_abort); /* of one that does not end */
	if (__sanitizer_set_death_callback != NULL) {
		__sanitizer_set_death_callback(say_where);
		return;
	}
	signal(SIGSEGV, on_abort);
	signal(SIGBUS, on_abort);
	signal(SIGFPE, on_abort);
}

struct options {
	unsigned long from;
	unsigned long count;
	bool print;
	const char *save;
};

static bool read_options(int argc, char **argv, struct options *out)
{
	static const struct option known[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "count", required_argument, NULL, 'c' },
		{ "from", required_argument, NULL, 'f' },
		{ "print", no_argument, NULL, 'p' },
		{ "save", required_argument, NULL, 'w' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			run.seed = strtoul(optarg, NULL, 10);
		else if (c == 'c')
			out->count = strtoul(optarg, NULL, 10);
		else if (c == 'f')
			out->from = strtoul(optarg, NULL, 10);
		else if (c == 'p')
			out->print = true;
		else if (c == 'w')
			out->save = optarg;
		else
			return false;
	}
	return optind == argc;
}

static void run_all(const struct options *options, const struct pool *pool)
{
	CLEANUP(str_done) struct str input = STR_EMPTY;
	unsigned long slowest = 0;
	int64_t slowest_us = -1;

	for (unsigned long i = 0; i < options->count; i++) {
		int64_t start_us = clock_monotonic_us();
		CLEANUP(mem_freep) char *exact = NULL;

		run.at = options->from + i;
		make_input(run.at, pool, &input);
		if (options->print)
			fwrite(input.text, 1, input.len, stderr);
		/* no byte behind the end: a sanitizer sees who reads on */
		exact = mem_alloc(input.len + (input.len == 0));
		memcpy(exact, input.text, input.len);
		LLVMFuzzerTestOneInput((const uint8_t *)exact, input.len);
		if (clock_monotonic_us() - start_us > slowest_us) {
			slowest_us = clock_monotonic_us() - start_us;
			slowest = run.at;
		}
	}
	printf("# slowest: number %lu with %lld us\n", slowest,
	       (long long)slowest_us);
}

static int save_all(const struct pool *pool, const char *dir)
{
	for (size_t i = 0; i < pool->count; i++) {
		const struct fuzz_text *text = &pool->items[i];
		CLEANUP(str_done) struct str path = STR_EMPTY;
		struct err err = ERR_EMPTY;

		str_addf(&path, "%s/%zu", dir, i);
		if (file_write(path.text, text->text, text->len, 0600, &err))
			continue;
		fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct options options = { .count = fuzz_driver.count };
	CLEANUP(pool_done) struct pool pool = { 0 };

	run.seed = 1;
	if (!read_options(argc, argv, &options)) {
		fprintf(stderr, "usage: %s [--seed N] [--count N] [--from N]"
				" [--print] [--save DIR]\n",
			argv[0]);
		return 2;
	}
	if (!fill_pool(&pool))
		return 1;
	if (options.save != NULL)
		return save_all(&pool, options.save);
	printf("1..1\n");
	fflush(stdout);
	watch_death();
	run_all(&options, &pool);
	printf("ok 1 - %lu inputs of seed %lu\n", options.count, run.seed);
	return 0;
}
