#include "load/stage_place.h"

#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "aws/s3_delete.h"
#include "aws/s3_list.h"
#include "aws/s3_multipart.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/mem.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/json.h"
#include "transfer/journal.h"

enum {
	FAREWELL_MS = 500,	/* Ctrl-C must return within a second */
	RANDOM_BYTES = 4,
};

void stage_place_done(struct stage_place *place)
{
	stage_note_done(&place->note);
}

/* --- where --- */

static bool no_place(struct err *err)
{
	err_set(err, ERR_USAGE,
		"Redshift reads from S3 only, and no place there is named "
		"for what is on this machine");
	return err_hint(err,
			"for once: --stage s3://BUCKET/FOLDER/; for this "
			"session: \\set STAGING s3://BUCKET/FOLDER/; for good: "
			"staging = s3://BUCKET/FOLDER/ under the connection's "
			"[NAME] in connections.conf");
}

bool stage_place_find(const char *given, const char *staging,
		      struct str *out_base, struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	const char *said = given != NULL && given[0] != '\0' ? given : staging;

	if (said == NULL || said[0] == '\0')
		return no_place(err);
	if (!s3_uri_parse_bucket(&uri, said, err)) {
		err_wrap(err, "the staging place %.200s", said);
		return err_hint(err, "it is a folder: s3://BUCKET/FOLDER/");
	}
	if (uri.key.len > 0 && !str_ends(uri.key.text, "/"))
		str_add_char(&uri.key, '/');
	/* "/redsh-stage/", id, "/" and the name of a piece have to fit. */
	if (uri.key.len > S3_URI_KEY_MAX - 256)
		return err_set(err, ERR_USAGE,
			       "the name of the staging place is too long: "
			       "keys have %d bytes at most",
			       S3_URI_KEY_MAX);
	str_clear(out_base);
	s3_uri_add(&uri, out_base);
	if (uri.key.len == 0 && !str_ends(out_base->text, "/"))
		str_add_char(out_base, '/');
	return true;
}

/* Names begin with the time, so that they list in its order. */
static void make_id(int64_t now_ms, struct str *out)
{
	unsigned char bytes[RANDOM_BYTES];
	time_t now = (time_t)(now_ms / 1000);
	char stamp[32] = "";
	struct tm parts;

	if (gmtime_r(&now, &parts) != NULL)
		strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S-", &parts);
	hash_random(bytes, sizeof(bytes));
	str_set(out, stamp);
	encode_hex(out, bytes, sizeof(bytes));
}

void stage_place_name(struct stage_place *place, const char *base)
{
	struct stage_note *note = &place->note;

	note->at_ms = clock_wall_ms();
	make_id(note->at_ms, &note->id);
	str_clear(&note->folder);
	str_addf(&note->folder, "%sredsh-stage/%s/", base, note->id.text);
}

bool stage_place_open(struct stage_place *place, struct aws *aws,
		      const struct stage_about *about, struct err *err)
{
	struct stage_note *note = &place->note;

	if (note->id.len == 0)
		stage_place_name(place, about->base);
	str_set(&note->endpoint, worker_endpoint(aws));
	str_set(&note->table, about->table);
	str_set(&note->what, about->what);
	return stage_note_start(note, err);
}

void stage_place_add(const struct stage_place *place, const char *name,
		     struct str *out)
{
	str_addf(out, "%s%s", place->note.folder.text, name);
}

void stage_place_tell(const struct stage_place *place, struct str *out)
{
	str_addf(out,
		 "what was staged stays in %s; \\staged --remove %s takes it "
		 "away",
		 place->note.folder.text, place->note.id.text);
}

/* --- a last half second after Ctrl-C --- */

/* The token of the process is raised, so that nothing can be asked of S3. A
 * token of our own can be waited with; a thread raises it when time is up. */
struct farewell {
	struct cancel *token;
	int over;		/* eventfd */
	pthread_t clock;
};

static void *count_down(void *context)
{
	struct farewell *farewell = context;
	struct pollfd fd = { .fd = farewell->over, .events = POLLIN };

	if (poll(&fd, 1, FAREWELL_MS) == 0)
		cancel_stop(farewell->token);
	return NULL;
}

static bool begin_farewell(struct farewell *farewell, struct err *err)
{
	farewell->over = eventfd(0, EFD_CLOEXEC);
	if (farewell->over < 0)
		return cancel_check(err);
	farewell->token = cancel_new(NULL);
	if (farewell->token != NULL &&
	    pthread_create(&farewell->clock, NULL, count_down, farewell) == 0) {
		cancel_use(farewell->token);
		return true;
	}
	cancel_free(farewell->token);
	close(farewell->over);
	return cancel_check(err);
}

static void end_farewell(struct farewell *farewell)
{
	uint64_t one = 1;
	ssize_t put = write(farewell->over, &one, sizeof(one));

	(void)put;	/* the clock ends by itself, too */
	cancel_use(NULL);
	pthread_join(farewell->clock, NULL);
	cancel_free(farewell->token);
	close(farewell->over);
}

/* --- removing --- */

static bool remove_listed(struct aws *aws, const struct s3_uri *folder,
			  struct err *err)
{
	struct s3_list_options wanted = { .bucket = folder->bucket.text,
					  .prefix = folder->key.text };
	struct s3_delete_options options = { .uri = folder };
	CLEANUP(s3_list_freep) struct s3_list *list = s3_list_new(aws, &wanted);
	CLEANUP(s3_delete_freep)
	struct s3_delete *removal = s3_delete_new(aws, &options, err);
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;

	if (removal == NULL)
		return false;
	while ((entry = s3_list_next(list, &failed)) != NULL)
		if (!s3_delete_add(removal, entry->key, NULL, err))
			return false;
	if (failed.kind != ERR_NONE) {
		if (err != NULL)
			*err = failed;
		return false;
	}
	if (!s3_delete_end(removal, err))
		return false;
	return s3_delete_failed(removal) == 0 ||
	       err_set(err, ERR_AWS, "%lld objects could not be removed",
		       (long long)s3_delete_failed(removal));
}

static bool remove_all(const struct stage_place *place, struct aws *aws,
		       struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri folder = S3_URI_EMPTY;

	if (strcmp(place->note.endpoint.text, worker_endpoint(aws)) != 0)
		return err_set(err, ERR_USAGE,
			       "it was staged at the endpoint %s, not at %s",
			       place->note.endpoint.len > 0
				       ? place->note.endpoint.text
				       : "of AWS",
			       worker_endpoint(aws));
	return s3_uri_parse_object(&folder, place->note.folder.text, err) &&
	       s3_multipart_abort_all(aws, &folder, err) &&
	       remove_listed(aws, &folder, err);
}

/* --- files that went as they were --- */

bool stage_place_note_file(struct stage_place *place, const char *path,
			   const char *uri, struct err *err)
{
	CLEANUP(json_freep) struct json *json = json_new_object();

	json_put_text(json, "sent", path);
	json_put_text(json, "uri", uri);
	return stage_note_add(&place->note, json, err);
}

/* The record by which a transfer is gone on with: this one never is. */
static void forget_transfer(const struct stage_place *place,
			    const struct json *line)
{
	struct journal journal = JOURNAL_EMPTY;
	struct journal_name name = {
		.way = JOURNAL_UPLOAD,
		.path = json_text(line, "sent", NULL),
		.uri = json_text(line, "uri", ""),
		.endpoint = place->note.endpoint.text,
	};

	if (name.path != NULL && journal_open(&journal, &name, NULL))
		journal_remove(&journal);
	journal_done(&journal);
}

static void forget_transfers(const struct stage_place *place)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *at;
	const char *end;

	if (!stage_note_lines(place->note.id.text, &text))
		return;
	for (at = text.text; (end = strchr(at, '\n')) != NULL; at = end + 1) {
		CLEANUP(json_freep)
		struct json *line = json_parse(at, (size_t)(end - at), NULL);

		forget_transfer(place, line);
	}
}

bool stage_place_empty(const struct stage_place *place, struct aws *aws,
		       struct err *err)
{
	struct farewell farewell = { .token = NULL };
	bool hurry = cancel_raised();
	struct err failed = ERR_EMPTY;
	bool good;

	if (hurry && !begin_farewell(&farewell, err))
		return false;
	good = remove_all(place, aws, &failed);
	if (hurry)
		end_farewell(&farewell);
	/* Where no bucket is nothing is left. */
	if (good || strcmp(failed.code, "NoSuchBucket") == 0) {
		forget_transfers(place);
		return true;
	}
	if (err != NULL)
		*err = failed;
	err_wrap(err, "%s is not removed", place->note.folder.text);
	return err_hint(err, "%.300s%s\\staged --remove %s", failed.hint,
			failed.hint[0] != '\0' ? "; then " : "",
			place->note.id.text);
}

bool stage_place_clear(struct stage_place *place, struct aws *aws, bool keep,
		       struct err *err)
{
	if (!stage_place_empty(place, aws, err))
		return false;
	stage_note_remove(&place->note, keep);
	return true;
}
