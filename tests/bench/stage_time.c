/* How fast a file is cut where records end and compressed: what \copyfrom does
 * with a local file, without the sending.
 *
 * usage: stage_time FILE THREADS [gzip|zstd [LEVEL]]
 *
 * Prints wall and CPU seconds, megabytes a second of wall time, pieces and
 * their bytes, peak memory in MiB. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "load/stage_cut.h"
#include "load/stage_files.h"
#include "load/stage_map.h"
#include "load/stage_pack.h"

struct run {
	struct stage_files files;
	struct stage_cut_plan plan;
	struct stage_map map;
	struct stage_pack *pack;
};

static void *cut(void *context)
{
	struct run *run = context;

	stage_cut_run(&run->plan, &run->files, run->pack, &run->map);
	return NULL;
}

/* All pieces, thrown away. */
static bool take_all(struct run *run, int *out_pieces, int64_t *out_bytes,
		     struct err *err)
{
	for (;;) {
		struct stage_piece piece;
		struct pollfd fd = { .fd = stage_pack_fd(run->pack),
				     .events = POLLIN };

		switch (stage_pack_take(run->pack, &piece, err)) {
		case STAGE_PACK_PIECE:
			*out_pieces += 1;
			*out_bytes += piece.bytes;
			close(piece.fd);
			stage_pack_sent(run->pack);
			break;
		case STAGE_PACK_NONE:
			poll(&fd, 1, -1);
			break;
		case STAGE_PACK_END:
			return true;
		case STAGE_PACK_FAILED:
			return false;
		}
	}
}

static double cpu_s(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) /
		       1e6;
}

int main(int argc, char **argv)
{
	struct run run = { .files = STAGE_FILES_EMPTY };
	struct stage_pack_options options = { .kind = PACK_GZIP, .pieces = 6 };
	struct err err = ERR_EMPTY;
	struct rusage usage;
	int64_t start = clock_monotonic_us();
	int64_t bytes = 0;
	int pieces = 0;
	pthread_t thread;
	double wall;

	if (argc < 3)
		return 2;
	options.threads = atoi(argv[2]);
	if (argc > 3 && strcmp(argv[3], "zstd") == 0)
		options.kind = PACK_ZSTD;
	if (argc > 4)
		options.level = atoi(argv[4]);
	run.plan = (struct stage_cut_plan){
		.scan = { .kind = STAGE_SCAN_QUOTED, .delimiter = ',',
			  .quote = '"', .end = '\n', .unit = 1 },
		.header_lines = 1,
		.pieces = 8,
	};
	if (!stage_files_add(&run.files, argv[1], &err)) {
		fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	run.plan.bytes = run.files.bytes;
	run.pack = stage_pack_new(&options, &err);
	if (run.pack == NULL ||
	    pthread_create(&thread, NULL, cut, &run) != 0 ||
	    !take_all(&run, &pieces, &bytes, &err)) {
		fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	pthread_join(thread, NULL);
	stage_pack_free(run.pack);
	wall = (double)(clock_monotonic_us() - start) / 1e6;
	getrusage(RUSAGE_SELF, &usage);
	printf("%.2f %.2f %.0f %d %lld %.1f\n", wall, cpu_s(&usage),
	       (double)run.files.bytes / wall / 1e6, pieces, (long long)bytes,
	       (double)usage.ru_maxrss / 1024);
	stage_files_done(&run.files);
	stage_map_done(&run.map);
	return 0;
}
