#include "sandbox/quicksight/qs.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "sandbox/ground/tsv.h"
#include "sandbox/quicksight/qs_shape.h"
#include "sandbox/quicksight/qs_user.h"
#include "sandbox/quicksight/qs_work.h"
#include "sandbox/s3/s3_http.h"

static bool open_parts(struct qs *qs, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	if (!path_share("sandbox/quicksight.tsv", &path, err))
		return false;
	qs->shapes = qs_shapes_read(path.text, err);
	if (qs->shapes == NULL)
		return false;
	qs->store = qs_store_open(qs->options->dir, err);
	if (qs->store == NULL || !qs_user_begin(qs, err))
		return false;
	qs->work = qs_work_start(qs, err);
	return qs->work != NULL;
}

struct qs *qs_start(const struct s3_http_options *options, struct err *err)
{
	struct qs *qs = mem_alloc(sizeof(*qs));

	qs->options = options;
	qs->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (open_parts(qs, err))
		return qs;
	qs_stop(qs);
	return NULL;
}

void qs_stop(struct qs *qs)
{
	if (qs == NULL)
		return;
	eventfd_write(qs->stop_fd, 1);
	qs_work_stop(qs->work);
	qs_store_close(qs->store);
	qs_shapes_free(qs->shapes);
	close(qs->stop_fd);
	mem_free(qs);
}

bool qs_is_stopping(const struct qs *qs)
{
	struct pollfd polled = { .fd = qs->stop_fd, .events = POLLIN };

	return poll(&polled, 1, 0) > 0;
}

/* --- settings --- */

bool qs_setting(const struct qs *qs, const char *name, struct str *out)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(tsv_freep) struct tsv *tsv = NULL;
	const struct tsv_row *row;

	path_join(qs->options->dir, "quicksight.tsv", &path);
	if (!file_exists(path.text))
		return false;
	tsv = tsv_read(path.text, NULL);
	row = tsv == NULL ? NULL : tsv_find(tsv, name);
	if (row == NULL)
		return false;
	str_add(out, row->cells[1]);
	return true;
}

bool qs_setting_is(const struct qs *qs, const char *name, const char *value)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	return qs_setting(qs, name, &text) && strcmp(text.text, value) == 0;
}

int64_t qs_setting_number(const struct qs *qs, const char *name,
			  int64_t otherwise)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	return qs_setting(qs, name, &text) ? strtoll(text.text, NULL, 10)
					   : otherwise;
}
