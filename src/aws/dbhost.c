#include "aws/dbhost.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* What stands behind the region. */
static const struct {
	const char *text;
	enum dbhost_kind kind;
} services[] = {
	{ ".redshift", DBHOST_CLUSTER },
	{ ".redshift-dev", DBHOST_CLUSTER },
	{ ".redshift-serverless", DBHOST_WORKGROUP },
	{ ".redshift-serverless-dev", DBHOST_WORKGROUP },
};

/* Of the partitions; see aws/endpoint. */
static const char *const suffixes[] = {
	".amazonaws.com",  ".amazonaws.com.cn", ".amazonaws.eu",
	".sc2s.sgov.gov",  ".csp.hci.ic.gov",   ".c2s.ic.gov",
	".cloud.adc-e.uk",
};

static bool cut_end(struct str *text, const char *end)
{
	if (!str_ends(text->text, end))
		return false;
	str_cut(text, text->len - strlen(end));
	return true;
}

/* Cuts the last label off into out. */
static bool cut_label(struct str *text, char *out, size_t size)
{
	const char *dot = strrchr(text->text, '.');
	const char *label = dot != NULL ? dot + 1 : text->text;
	size_t len = strlen(label);

	if (len == 0 || len >= size)
		return false;
	memcpy(out, label, len + 1);
	str_cut(text, dot != NULL ? (size_t)(dot - text->text) : 0);
	return true;
}

static enum dbhost_kind cut_service(struct str *text)
{
	bool found = false;

	for (size_t i = 0; i < COUNT_OF(suffixes) && !found; i++)
		found = cut_end(text, suffixes[i]);
	for (size_t i = 0; found && i < COUNT_OF(services); i++)
		if (cut_end(text, services[i].text))
			return services[i].kind;
	return DBHOST_OTHER;
}

void dbhost_parse(const char *host, struct dbhost *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct dbhost found = { 0 };

	*out = found;
	for (; *host != '\0'; host++)
		str_add_char(&text, (char)tolower((unsigned char)*host));
	cut_end(&text, ".");
	found.kind = cut_service(&text);
	if (found.kind == DBHOST_OTHER ||
	    !cut_label(&text, found.region, sizeof(found.region)) ||
	    !cut_label(&text, found.account, sizeof(found.account)) ||
	    text.len == 0 || text.len >= sizeof(found.name) ||
	    strchr(text.text, '.') != NULL)
		return;
	memcpy(found.name, text.text, text.len + 1);
	found.is_endpoint = strstr(found.name, "-endpoint-") != NULL;
	*out = found;
}
