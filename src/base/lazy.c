#include "base/lazy.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

/* Two threads may need the same library at once. */
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static bool fill(const struct lazy *library, void *handle)
{
	for (size_t i = 0; i < library->count; i++) {
		/* POSIX lets an object pointer hold a function's address. */
		void **slot = library->symbols[i].slot;

		*slot = dlsym(handle, library->symbols[i].name);
		if (*slot == NULL)
			return false;
	}
	return true;
}

/* What dlerror says, without the name of the file that it may begin with. */
static const char *reason(const struct lazy *library)
{
	size_t len = strlen(library->file);
	const char *text = dlerror();

	if (text == NULL)
		return "no reason is known";
	return strncmp(text, library->file, len) == 0 && text[len] == ':'
		       ? text + len + 2
		       : text;
}

static bool load(struct lazy *library, struct err *err)
{
	void *handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);

	if (handle != NULL && fill(library, handle)) {
		if (library->loaded != NULL)
			library->loaded();
		atomic_store_explicit(&library->ready, true,
				      memory_order_release);
		return true;
	}
	err_set(err, ERR_SYSTEM, "%s cannot be loaded: %s", library->file,
		reason(library));
	err_hint(err, "%s; on Debian: apt-get install %s", library->purpose,
		 library->package);
	if (handle != NULL)
		dlclose(handle);
	return false;
}

bool lazy_load(struct lazy *library, struct err *err)
{
	bool ok = true;

	if (atomic_load_explicit(&library->ready, memory_order_acquire))
		return true;
	pthread_mutex_lock(&one_at_a_time);
	if (!atomic_load_explicit(&library->ready, memory_order_acquire))
		ok = load(library, err);
	pthread_mutex_unlock(&one_at_a_time);
	return ok;
}

void lazy_load_or_end(struct lazy *library)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (lazy_load(library, &err))
		return;
	if (isatty(STDERR_FILENO)) /* a line may have been begun there */
		str_add_char(&text, '\n');
	str_addf(&text, "redsh: error: %s\nredsh: HINT:  %s\n", err.message, err.hint);
	if (write(STDERR_FILENO, text.text, text.len) < 0)
		abort();
	exit(1); /* the editor puts the terminal in order */
}
