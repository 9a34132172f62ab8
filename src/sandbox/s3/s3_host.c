#include "sandbox/s3/s3_host.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"

enum { ACCOUNT_DIGITS = 12 };

static const struct suffix {
	const char *text;
	bool alone; /* BUCKET stands right before it */
} suffixes[] = {
	{ ".amazonaws.com.cn", false },
	{ ".amazonaws.com", false },
	{ ".127.0.0.1.nip.io", true },
	{ ".127.0.0.1.sslip.io", true },
	{ ".localhost", true },
};

void s3_host_done(struct s3_host *host)
{
	str_done(&host->bucket);
	str_done(&host->region);
	str_done(&host->account);
}

bool s3_host_is_region(const char *text)
{
	size_t parts = 0;
	const char *at = text;

	for (; islower((unsigned char)*at); parts++) {
		at += strspn(at, "abcdefghijklmnopqrstuvwxyz");
		if (*at++ != '-')
			return false;
	}
	return parts >= 2 && isdigit((unsigned char)at[0]) && at[1] == '\0';
}

/* The last label of name, cut off it; NULL: there is none. */
static char *take_label(struct str *name)
{
	const char *dot = strrchr(name->text, '.');
	char *label;

	if (name->len == 0)
		return NULL;
	label = mem_copy_text(dot != NULL ? dot + 1 : name->text);
	str_cut(name, dot != NULL ? (size_t)(dot - name->text) : 0);
	return label;
}

/* "NAME-123456789012" */
static void split_account(struct s3_host *host)
{
	size_t len = host->bucket.len;
	const char *digits = host->bucket.text + len - ACCOUNT_DIGITS;

	if (len < ACCOUNT_DIGITS + 2 ||
	    strspn(digits, "0123456789") != ACCOUNT_DIGITS || digits[-1] != '-')
		return;
	str_set(&host->account, digits);
	str_cut(&host->bucket, len - ACCOUNT_DIGITS - 1);
}

/* name: what stands before the suffix. */
static bool parse_name(struct s3_host *host, struct str *name)
{
	CLEANUP(mem_freep) char *last = take_label(name);

	if (last != NULL && s3_host_is_region(last)) {
		str_set(&host->region, last);
		mem_free(last);
		last = take_label(name);
		if (last != NULL && strcmp(last, "dualstack") == 0) {
			mem_free(last);
			last = take_label(name);
		}
	}
	if (last == NULL)
		return false;
	if (strcmp(last, "s3") == 0 || strcmp(last, "s3-fips") == 0) {
		str_set(&host->bucket, name->text);
		return true;
	}
	if (strcmp(last, "s3-accesspoint") == 0) {
		str_set(&host->bucket, name->text);
		split_account(host);
		return true;
	}
	if (!str_starts(last, "s3-") || !s3_host_is_region(last + 3))
		return false;
	str_set(&host->region, last + 3);
	str_set(&host->bucket, name->text);
	return true;
}

void s3_host_parse(struct s3_host *host, const char *text)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	size_t len = strcspn(text, ":");

	for (size_t i = 0; i < len; i++)
		str_add_char(&name, (char)tolower((unsigned char)text[i]));
	for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
		if (!str_ends(name.text, suffixes[i].text))
			continue;
		str_cut(&name, name.len - strlen(suffixes[i].text));
		str_set(&whole, name.text);
		if (parse_name(host, &name))
			return;
		str_clear(&host->region);
		if (suffixes[i].alone && strcmp(whole.text, "s3") != 0)
			str_set(&host->bucket, whole.text);
		return;
	}
}
