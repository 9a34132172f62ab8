#include "net/curl_load.h"

#include <curl/curl.h>
#include <stdarg.h>

#include "base/lazy.h"
#include "base/mem.h"

/* curl.h has macros of these names that check the types of callers. */
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

/* Result, name, parameters, arguments. */
#define FUNCTIONS(ROW)                                                         \
	ROW(CURLcode, curl_global_init_mem,                                    \
	    (long flags, curl_malloc_callback alloc,                           \
	     curl_free_callback release, curl_realloc_callback resize,         \
	     curl_strdup_callback copy, curl_calloc_callback clear),           \
	    (flags, alloc, release, resize, copy, clear))                      \
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
	    (struct curl_slist * list, const char *text), (list, text))        \
	ROW(void, curl_slist_free_all, (struct curl_slist * list), (list))     \
	ROW(void, curl_global_cleanup, (void), ())                             \
	ROW(void, curl_easy_cleanup, (CURL * easy), (easy))                    \
	ROW(void, curl_easy_reset, (CURL * easy), (easy))

static CURLcode (*lazy_curl_easy_setopt)(CURL *easy, CURLoption option, ...);
static CURLcode (*lazy_curl_easy_getinfo)(CURL *easy, CURLINFO info, ...);
static CURLMcode (*lazy_curl_multi_setopt)(CURLM *multi, CURLMoption option,
					   ...);

FUNCTIONS(LAZY_SLOT)

static const struct lazy_symbol symbols[] = {
	FUNCTIONS(LAZY_SYMBOL)
	{ "curl_easy_setopt", &lazy_curl_easy_setopt },
	{ "curl_easy_getinfo", &lazy_curl_easy_getinfo },
	{ "curl_multi_setopt", &lazy_curl_multi_setopt },
};

static struct lazy curl = {
	.file = CURL_SONAME,
	.package = "libcurl4",
	.purpose = "S3 and AWS need it",
	.symbols = symbols,
	.count = COUNT_OF(symbols),
};

#define LAZY_LIBRARY curl
FUNCTIONS(LAZY_CALL)

bool curl_load(struct err *err)
{
	return lazy_load(&curl, err);
}

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

	lazy_need(&curl);
	va_start(next, option);
	code = PASS_ON(lazy_curl_easy_setopt, easy, option, next);
	va_end(next);
	return code;
}

CURLMcode curl_multi_setopt(CURLM *multi, CURLMoption option, ...)
{
	va_list next;
	CURLMcode code;

	lazy_need(&curl);
	va_start(next, option);
	code = PASS_ON(lazy_curl_multi_setopt, multi, option, next);
	va_end(next);
	return code;
}

/* All values are pointers. */
CURLcode curl_easy_getinfo(CURL *easy, CURLINFO info, ...)
{
	va_list next;
	CURLcode code;

	lazy_need(&curl);
	va_start(next, info);
	code = lazy_curl_easy_getinfo(easy, info, va_arg(next, void *));
	va_end(next);
	return code;
}
