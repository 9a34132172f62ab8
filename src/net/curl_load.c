#include "net/curl_load.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>

#include "base/vec.h"

/* Its name since 2006: it has kept its calls through all versions 7 and 8. */
static const char library[] = "libcurl.so.4";

/* curl.h has macros of these names that check the types of callers. */
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

/* Result, name, parameters, arguments. */
#define FUNCTIONS(ROW)                                                         \
	ROW(CURLcode, curl_global_init, (long flags), (flags))                 \
	ROW(CURL *, curl_easy_init, (void), ())                                \
	ROW(const char *, curl_easy_strerror, (CURLcode code), (code))         \
	ROW(CURLM *, curl_multi_init, (void), ())                              \
	ROW(CURLMcode, curl_multi_add_handle, (CURLM * multi, CURL * easy),    \
	    (multi, easy))                                                     \
	ROW(CURLMcode, curl_multi_remove_handle, (CURLM * multi, CURL * easy), \
	    (multi, easy))                                                     \
	ROW(CURLMcode, curl_multi_perform, (CURLM * multi, int *running),      \
	    (multi, running))                                                  \
	ROW(CURLMcode, curl_multi_poll,                                        \
	    (CURLM * multi, struct curl_waitfd * fds, unsigned count,          \
	     int timeout_ms, int *ready),                                      \
	    (multi, fds, count, timeout_ms, ready))                            \
	ROW(CURLMsg *, curl_multi_info_read, (CURLM * multi, int *left),       \
	    (multi, left))                                                     \
	ROW(CURLMcode, curl_multi_cleanup, (CURLM * multi), (multi))           \
	ROW(struct curl_slist *, curl_slist_append,                            \
	    (struct curl_slist * list, const char *text), (list, text))

#define PROCEDURES(ROW)                                                        \
	ROW(curl_global_cleanup, (void), ())                                   \
	ROW(curl_easy_cleanup, (CURL * easy), (easy))                          \
	ROW(curl_easy_reset, (CURL * easy), (easy))                            \
	ROW(curl_slist_free_all, (struct curl_slist * list), (list))

static struct {
#define FIELD(result, name, parameters, arguments) result(*name) parameters;
	FUNCTIONS(FIELD)
#undef FIELD
#define FIELD(name, parameters, arguments) void(*name) parameters;
	PROCEDURES(FIELD)
#undef FIELD
	CURLcode (*curl_easy_setopt)(CURL *easy, CURLoption option, ...);
	CURLcode (*curl_easy_getinfo)(CURL *easy, CURLINFO info, ...);
	CURLMcode (*curl_multi_setopt)(CURLM *multi, CURLMoption option, ...);
} curl;

static const struct {
	const char *name;
	void *slot; /* pointer to the function pointer */
} symbols[] = {
#define SYMBOL(result, name, parameters, arguments) { #name, &curl.name },
	FUNCTIONS(SYMBOL)
#undef SYMBOL
#define SYMBOL(name, parameters, arguments) { #name, &curl.name },
		PROCEDURES(SYMBOL)
#undef SYMBOL
	{ "curl_easy_setopt", &curl.curl_easy_setopt },
	{ "curl_easy_getinfo", &curl.curl_easy_getinfo },
	{ "curl_multi_setopt", &curl.curl_multi_setopt },
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct err failed;

static void load(void)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; handle != NULL && i < COUNT_OF(symbols); i++) {
		/* POSIX lets an object pointer hold a function's address. */
		void **slot = symbols[i].slot;

		*slot = dlsym(handle, symbols[i].name);
		if (*slot == NULL)
			handle = NULL;
	}
	if (handle != NULL)
		return;
	err_set(&failed, ERR_SYSTEM, "libcurl cannot be loaded: %s", dlerror());
	err_hint(&failed, "S3 and AWS need it; on Debian: apt-get install "
			  "libcurl4");
}

bool curl_load(struct err *err)
{
	pthread_once(&once, load);
	if (failed.kind == ERR_NONE)
		return true;
	if (err != NULL)
		*err = failed;
	return false;
}

#define FORWARD(result, name, parameters, arguments)                           \
	result name parameters                                                 \
	{                                                                      \
		return curl.name arguments;                                    \
	}
FUNCTIONS(FORWARD)
#undef FORWARD

#define FORWARD(name, parameters, arguments)                                   \
	void name parameters                                                   \
	{                                                                      \
		curl.name arguments;                                           \
	}
PROCEDURES(FORWARD)
#undef FORWARD

/* The number of an option says what type its value has. */
#define PASS_ON(call, handle, option, next)                                    \
	((option) < CURLOPTTYPE_OBJECTPOINT ?                                  \
		 call(handle, option, va_arg(next, long)) :                    \
	 (option) >= CURLOPTTYPE_OFF_T && (option) < CURLOPTTYPE_BLOB ?        \
		 call(handle, option, va_arg(next, curl_off_t)) :              \
		 call(handle, option, va_arg(next, void *)))

CURLcode curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
	va_list next;
	CURLcode code;

	va_start(next, option);
	code = PASS_ON(curl.curl_easy_setopt, easy, option, next);
	va_end(next);
	return code;
}

CURLMcode curl_multi_setopt(CURLM *multi, CURLMoption option, ...)
{
	va_list next;
	CURLMcode code;

	va_start(next, option);
	code = PASS_ON(curl.curl_multi_setopt, multi, option, next);
	va_end(next);
	return code;
}

/* All values are pointers. */
CURLcode curl_easy_getinfo(CURL *easy, CURLINFO info, ...)
{
	va_list next;
	CURLcode code;

	va_start(next, info);
	code = curl.curl_easy_getinfo(easy, info, va_arg(next, void *));
	va_end(next);
	return code;
}
