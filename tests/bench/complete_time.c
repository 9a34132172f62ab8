/* How long Tab takes of the processor: asks each question of a file again and again.
 *
 *	complete_time CACHE DATABASE FILE [COUNT]
 *
 * FILE holds texts with | at the cursor, parted by blank lines; COUNT is how
 * often each is asked (100). Writes a line for each, slowest first: median,
 * 99th percentile and most in microseconds, candidates, text; then one for
 * all. DATABASE "": the only one of the cache. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "catalog/lookup.h"
#include "complete/complete.h"

enum { FILE_MAX = 64 << 20, SHOWN = 60 };

struct times {
	VEC(double);
};

struct question {
	char *text;
	size_t cursor;
	size_t candidates;
	struct times times;
};

struct questions {
	VEC(struct question);
};

static double now_us(void)
{
	struct timespec at;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static double part(const struct times *times, double of)
{
	return times->items[(size_t)((double)(times->count - 1) * of)];
}

static int slowest(const void *a, const void *b)
{
	const struct question *left = a, *right = b;
	double one = part(&left->times, 0.5), two = part(&right->times, 0.5);

	return one > two ? -1 : one < two;
}

static void add_question(struct questions *questions, const char *text,
			 size_t len)
{
	struct question question = { .text = mem_copy_slice(text, len) };
	char *bar = strchr(question.text, '|');

	if (bar == NULL) {
		mem_free(question.text);
		return;
	}
	question.cursor = (size_t)(bar - question.text);
	memmove(bar, bar + 1, strlen(bar));
	vec_push(questions, question);
}

static void read_questions(struct questions *questions, const char *text)
{
	while (*text != '\0') {
		const char *end = strstr(text, "\n\n");
		size_t len = end != NULL ? (size_t)(end - text) : strlen(text);

		while (len > 0 && text[len - 1] == '\n')
			len--;
		add_question(questions, text, len);
		text = end != NULL ? end + 2 : text + strlen(text);
	}
}

static void ask(struct question *question, struct lookup *lookup)
{
	struct complete_source source = { .lookup = lookup };
	struct complete_list list = COMPLETE_LIST_EMPTY;
	double start = now_us();

	complete_at(&source, question->text, question->cursor, &list);
	vec_push(&question->times, now_us() - start);
	question->candidates = list.count;
	complete_list_done(&list);
}

static void tell(const struct times *times, size_t candidates, const char *text)
{
	printf("%9.1f %9.1f %9.1f %6zu  %.*s\n", part(times, 0.5),
	       part(times, 0.99), part(times, 1), candidates,
	       (int)strcspn(text, "\n") < SHOWN ? (int)strcspn(text, "\n")
						: SHOWN,
	       text);
}

static void report(struct questions *questions)
{
	struct times all = { 0 };

	for (size_t i = 0; i < questions->count; i++) {
		struct times *times = &questions->items[i].times;

		for (size_t j = 0; j < times->count; j++)
			vec_push(&all, times->items[j]);
		qsort(times->items, times->count, sizeof(double), compare);
	}
	qsort(questions->items, questions->count, sizeof(*questions->items),
	      slowest);
	qsort(all.items, all.count, sizeof(double), compare);
	printf("%9s %9s %9s %6s\n", "median", "p99", "most", "found");
	for (size_t i = 0; i < questions->count; i++)
		tell(&questions->items[i].times, questions->items[i].candidates,
		     questions->items[i].text);
	tell(&all, questions->count, "all questions");
	vec_done(&all);
}

int main(int argc, char **argv)
{
	CLEANUP(lookup_closep) struct lookup *lookup = NULL;
	CLEANUP(str_done) struct str file = STR_EMPTY;
	struct questions questions = { 0 };
	struct err err = ERR_EMPTY;
	long count = argc > 4 ? strtol(argv[4], NULL, 10) : 100;

	if (argc < 4 || count < 1) {
		fprintf(stderr,
			"usage: complete_time CACHE DATABASE FILE [COUNT]\n");
		return 2;
	}
	lookup = lookup_open(argv[1], &err);
	if (lookup == NULL || !file_read(argv[3], FILE_MAX, &file, &err)) {
		fprintf(stderr, "complete_time: %s\n", err.message);
		return 1;
	}
	lookup_set_database(lookup, argv[2]);
	read_questions(&questions, file.text);
	if (questions.count == 0) {
		fprintf(stderr, "complete_time: %s: no text has a |\n",
			argv[3]);
		return 1;
	}
	for (long i = 0; i < count; i++)
		for (size_t j = 0; j < questions.count; j++)
			ask(&questions.items[j], lookup);
	report(&questions);
	for (size_t i = 0; i < questions.count; i++) {
		mem_free(questions.items[i].text);
		vec_done(&questions.items[i].times);
	}
	vec_done(&questions);
	return 0;
}
