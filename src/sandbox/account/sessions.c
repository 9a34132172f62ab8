#include "sandbox/account/sessions.h"

#include <pthread.h>
#include <string.h>

#include "base/vec.h"
#include "data/encode.h"
#include "data/hash.h"

enum { MOST = 10000 };

struct sessions {
	pthread_mutex_t lock;
	struct {
		VEC(struct sessions_entry);
	} entries; /* under lock; oldest first */
};

void sessions_entry_done(struct sessions_entry *entry)
{
	str_done(&entry->id);
	secret_done(&entry->secret);
	secret_done(&entry->token);
	str_done(&entry->owner);
	str_done(&entry->name);
}

struct sessions *sessions_new(void)
{
	struct sessions *sessions = mem_alloc(sizeof(*sessions));

	pthread_mutex_init(&sessions->lock, NULL);
	return sessions;
}

void sessions_free(struct sessions *sessions)
{
	if (sessions == NULL)
		return;
	for (size_t i = 0; i < sessions->entries.count; i++)
		sessions_entry_done(&sessions->entries.items[i]);
	vec_done(&sessions->entries);
	pthread_mutex_destroy(&sessions->lock);
	mem_free(sessions);
}

static void copy(struct sessions_entry *to, const struct sessions_entry *from)
{
	to->kind = from->kind;
	str_set(&to->id, from->id.text);
	secret_copy(&to->secret, &from->secret);
	secret_copy(&to->token, &from->token);
	str_set(&to->owner, from->owner.text);
	str_set(&to->name, from->name.text);
	to->expires_ms = from->expires_ms;
	to->confirmed = from->confirmed;
}

static void random_text(struct str *out, size_t bytes)
{
	unsigned char random[128];

	hash_random(random, bytes);
	encode_base64url(out, random, bytes);
	mem_wipe(random, sizeof(random));
}

/* Letters of a key id; user codes have eight, with a hyphen. */
static void random_letters(struct str *out, size_t count)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned char random[16];

	hash_random(random, count);
	for (size_t i = 0; i < count; i++)
		str_add_char(out, alphabet[random[i] % 32]);
}

static void fill(struct sessions_entry *entry)
{
	CLEANUP(str_done) struct str secret = STR_EMPTY;
	CLEANUP(str_done) struct str token = STR_EMPTY;

	if (entry->kind == SESSIONS_KEYS) {
		str_add(&entry->id, "ASIA");
		random_letters(&entry->id, 16);
	} else {
		random_text(&entry->id, 48);
	}
	random_text(&secret, 30);
	if (entry->kind == SESSIONS_DEVICE) {
		random_letters(&token, 4);
		str_add_char(&token, '-');
		random_letters(&token, 4);
	} else {
		random_text(&token, 120);
	}
	secret_set(&entry->secret, secret.text);
	secret_set(&entry->token, token.text);
	mem_wipe(secret.text, secret.len);
	mem_wipe(token.text, token.len);
}

void sessions_give(struct sessions *sessions, enum sessions_kind kind,
		   const char *owner, const char *name, int64_t expires_ms,
		   struct sessions_entry *out)
{
	struct sessions_entry entry = SESSIONS_ENTRY_EMPTY;

	entry.kind = kind;
	str_set(&entry.owner, owner);
	str_set(&entry.name, name);
	entry.expires_ms = expires_ms;
	fill(&entry);
	copy(out, &entry);
	pthread_mutex_lock(&sessions->lock);
	if (sessions->entries.count >= MOST) {
		sessions_entry_done(&sessions->entries.items[0]);
		vec_remove(&sessions->entries, 0);
	}
	vec_push(&sessions->entries, entry);
	pthread_mutex_unlock(&sessions->lock);
}

/* Under the lock; NULL: none. */
static struct sessions_entry *look_up(struct sessions *sessions,
				      enum sessions_kind kind, const char *id)
{
	for (size_t i = 0; i < sessions->entries.count; i++)
		if (sessions->entries.items[i].kind == kind &&
		    strcmp(sessions->entries.items[i].id.text, id) == 0)
			return &sessions->entries.items[i];
	return NULL;
}

bool sessions_find(struct sessions *sessions, enum sessions_kind kind,
		   const char *id, struct sessions_entry *out)
{
	struct sessions_entry *entry;

	pthread_mutex_lock(&sessions->lock);
	entry = look_up(sessions, kind, id);
	if (entry != NULL)
		copy(out, entry);
	pthread_mutex_unlock(&sessions->lock);
	return entry != NULL;
}

void sessions_expire(struct sessions *sessions, enum sessions_kind kind,
		     const char *id)
{
	struct sessions_entry *entry;

	pthread_mutex_lock(&sessions->lock);
	entry = look_up(sessions, kind, id);
	if (entry != NULL)
		entry->expires_ms = 0;
	pthread_mutex_unlock(&sessions->lock);
}

bool sessions_confirm(struct sessions *sessions, const char *user_code,
		      int64_t now_ms)
{
	bool found = false;

	pthread_mutex_lock(&sessions->lock);
	for (size_t i = 0; i < sessions->entries.count; i++) {
		struct sessions_entry *entry = &sessions->entries.items[i];

		if (entry->kind != SESSIONS_DEVICE ||
		    entry->expires_ms <= now_ms ||
		    strcmp(secret_text(&entry->token), user_code) != 0)
			continue;
		entry->confirmed = found = true;
	}
	pthread_mutex_unlock(&sessions->lock);
	return found;
}

bool sessions_drop(struct sessions *sessions, enum sessions_kind kind,
		   const char *id)
{
	struct sessions_entry *entry;

	pthread_mutex_lock(&sessions->lock);
	entry = look_up(sessions, kind, id);
	if (entry != NULL) {
		sessions_entry_done(entry);
		vec_remove(&sessions->entries,
			   (size_t)(entry - sessions->entries.items));
	}
	pthread_mutex_unlock(&sessions->lock);
	return entry != NULL;
}
