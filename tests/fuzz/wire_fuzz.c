/* What a server answers to a query: rows as large as they say and inside of
 * what was sent, or an end; never more bytes taken than are the rows' own.
 *
 * One connection of libpq to a server of this process, which greets and is
 * silent; every input is an answer on it, in pieces that byte 0 sets. */
#include "fuzz.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "db/dsn.h"
#include "db/pq.h"
#include "db/wire.h"

#define COLUMN(name) name "\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\xff\xff\xff\xff\0\0"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("\0T\0\0\0\x1a\0\1" COLUMN("a") "D\0\0\0\x0b\0\1\0\0\0\1x"
		  "D\0\0\0\x0a\0\1\xff\xff\xff\xff"
		  "C\0\0\0\x0dSELECT 2\0Z\0\0\0\5I"),
	FUZZ_TEXT("\3T\0\0\0\x2e\0\2" COLUMN("a") COLUMN("b")
		  "D\0\0\0\x13\0\2\0\0\0\1x\0\0\0\4abcd"
		  "N\0\0\0\x16SNOTICE\0C00000\0Mm\0\0"
		  "S\0\0\0\x12TimeZone\0UTC\0"
		  "D\0\0\0\x0e\0\2\0\0\0\0\xff\xff\xff\xff"),
	FUZZ_TEXT("\1T\0\0\0\6\0\0D\0\0\0\6\0\0D\0\0\0\6\0\0"),
	FUZZ_TEXT("\2T\0\0\0\x1a\0\1" COLUMN("a") "D\x7f\xff\xff\xff\0\1"),
	FUZZ_TEXT("\2T\0\0\0\x1a\0\1" COLUMN("a") "D\0\0\0\3"),
	FUZZ_TEXT("\2E\0\0\0\x16SERROR\0C22012\0Mm\0\0Z\0\0\0\5I"),
	FUZZ_TEXT("\0T\0\0\0\x1a\0\1" COLUMN("a") "A\0\0\0\x0c\0\0\0\1a\0b\0"
		  "D\0\0\0\x0b\0\1\0\0\0\1x"),
	{ NULL, 0 },
};

static const char *const words[] = { "T", "D", "N", "S", "C",	  "Z",	     "E",
				     "A", "H", "G", "a", "SNOTICE", "TimeZone",
				     NULL };

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 30000,
};

static const char greeting[] = "R\0\0\0\x08\0\0\0\0"
			       "S\0\0\0\x19"
			       "client_encoding\0UTF8\0"
			       "K\0\0\0\x0c\0\0\0\1\0\0\0\2Z\0\0\0\5I";

static struct {
	struct db db;
	int peer; /* the server's end */
} link_;

static void *greet(void *listener)
{
	char bytes[1024];

	link_.peer = accept(*(int *)listener, NULL, NULL);
	if (read(link_.peer, bytes, sizeof(bytes)) <= 0 ||
	    write(link_.peer, greeting, sizeof(greeting) - 1) < 0)
		abort();
	return NULL;
}

static void open_link(void)
{
	char dir[] = "/tmp/rsw.XXXXXX";
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	CLEANUP(str_done) struct str text = STR_EMPTY;
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	pthread_t thread;

	FUZZ_CHECK(mkdtemp(dir) != NULL);
	str_addf(&text, "%s/.s.PGSQL.5432", dir);
	memcpy(address.sun_path, text.text, text.len + 1);
	FUZZ_CHECK(bind(listener, (struct sockaddr *)&address,
			sizeof(address)) == 0 &&
		   listen(listener, 1) == 0);
	pthread_create(&thread, NULL, greet, &listener);
	str_clear(&text);
	str_addf(&text,
		 "host=%s port=5432 user=u dbname=d password=p "
		 "client_encoding='' sslmode=disable gssencmode=disable",
		 dir);
	link_.db.conn = PQconnectdb(text.text);
	pthread_join(thread, NULL);
	close(listener);
	unlink(address.sun_path);
	rmdir(dir);
	FUZZ_CHECK(PQstatus(link_.db.conn) == CONNECTION_OK);
}

static void take_notice(void *context, const struct dberr *notice)
{
	(void)context;
	FUZZ_CHECK(notice != NULL);
}

static size_t send_piece(const uint8_t *data, size_t size)
{
	ssize_t done = size == 0 ? 0
				 : send(link_.peer, data, size,
					MSG_DONTWAIT | MSG_NOSIGNAL);

	return done < 0 ? 0 : (size_t)done;
}

/* What the rows left is libpq's. */
static size_t drain(void)
{
	char bytes[65536];
	size_t left = 0;
	ssize_t got;

	while ((got = recv(PQsocket(link_.db.conn), bytes, sizeof(bytes),
			   MSG_DONTWAIT)) > 0)
		left += (size_t)got;
	return left;
}

struct answer {
	const uint8_t *data;
	size_t size;
	size_t piece;
	size_t sent;
};

/* Another piece; false: none is left. */
static bool more(struct answer *answer)
{
	size_t left = answer->size - answer->sent;
	size_t done = send_piece(answer->data + answer->sent,
				 left < answer->piece ? left : answer->piece);

	answer->sent += done;
	return done > 0;
}

static void read_rows(struct wire *wire, struct answer *answer,
		      size_t count)
{
	struct rows_value *values = mem_alloc_array(count + 1, sizeof(*values));
	enum wire_step step;

	do {
		step = wire_row(wire, &link_.db, values, count);
		for (size_t i = 0; step == WIRE_GOT && i < count; i++) {
			FUZZ_CHECK(values[i].len <= answer->sent);
			FUZZ_CHECK(values[i].text == NULL ||
				   values[i].text[values[i].len] == '\0');
		}
	} while (step == WIRE_GOT || (step == WIRE_WAIT && more(answer)));
	mem_free(values);
}

static void read_answer(struct wire *wire, struct answer *answer)
{
	CLEANUP(mem_freep) char *names = NULL;
	struct rows_column *columns = NULL;
	size_t count = 0;
	enum wire_step step;

	while (wire_look(wire) == WIRE_NOTHING)
		if (!more(answer))
			return;
	if (wire_look(wire) != WIRE_ROWS)
		return;
	wire_begin(wire);
	do
		step = wire_columns(wire, &columns, &count, &names);
	while (step == WIRE_WAIT && more(answer));
	if (step != WIRE_GOT)
		return;
	for (size_t i = 0; i < count; i++)
		FUZZ_CHECK(strlen(columns[i].name) <= answer->sent);
	read_rows(wire, answer, count);
	mem_free(columns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct answer answer = { data + 1, size - 1, 0, 0 };
	struct wire *wire;

	if (size == 0)
		return 0;
	if (link_.db.conn == NULL)
		open_link();
	link_.db.notice = take_notice;
	answer.piece = (size - 1) / (1 + data[0] % 16) + 1;
	wire = wire_new(link_.db.conn);
	read_answer(wire, &answer);
	wire_free(wire);
	FUZZ_CHECK(drain() <= answer.sent);
	return 0;
}
