#include "kaggle/kaggle_name.h"

#include <ctype.h>
#include <string.h>

#include "data/url.h"

enum { PART_MAX = 100, VERSION_MAX = 1000000 };

static const char scheme[] = "kaggle:";

void kaggle_name_done(struct kaggle_name *name)
{
	str_done(&name->owner);
	str_done(&name->slug);
	str_done(&name->file);
}

bool kaggle_name_is(const char *text)
{
	size_t len = strlen(scheme);

	return strlen(text) >= len && str_slice_equal_nocase(text, len, scheme);
}

static bool refuse(const char *text, struct err *err)
{
	err_set(err, ERR_USAGE, "%.200s is no name of a data set", text);
	return err_hint(err, "OWNER/DATASET, OWNER/DATASET/versions/3, or the "
			     "address of its page at www.kaggle.com; \\kaggle "
			     "search WORDS finds some");
}

/* The next piece up to a '/'; false: there is none, or not of such letters. */
static bool take_part(const char **at, struct str *out)
{
	size_t len = strcspn(*at, "/");

	if (len == 0 || len > PART_MAX || (*at)[0] == '.')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)(*at)[i]) &&
		    strchr("-_.", (*at)[i]) == NULL)
			return false;
	str_set_slice(out, *at, len);
	*at += len + ((*at)[len] == '/');
	return true;
}

/* "versions/3" at the beginning, if it is there. */
static bool take_version(const char **at, int64_t *out)
{
	static const char word[] = "versions/";
	const char *digit;

	if (!str_starts(*at, word))
		return true;
	*out = 0;
	for (digit = *at + strlen(word); isdigit((unsigned char)*digit) &&
					 *out < VERSION_MAX;
	     digit++)
		*out = *out * 10 + (*digit - '0');
	if (*out == 0 || (*digit != '\0' && *digit != '/'))
		return false;
	*at = digit + (*digit == '/');
	return true;
}

/* The path of a page: "/datasets/o/s", and "/o/s" of old links. What follows
 * ("/data", "/discussion", "?select=") tells a tab of the page. */
static bool read_page(struct kaggle_name *name, const char *text)
{
	CLEANUP(url_done) struct url url = URL_EMPTY;
	const char *at;

	if (!url_parse(&url, text, NULL) ||
	    !(strcmp(url.host, "kaggle.com") == 0 ||
	      str_ends(url.host, ".kaggle.com")))
		return false;
	at = url.path + (url.path[0] == '/');
	if (str_starts(at, "datasets/"))
		at += strlen("datasets/");
	return take_part(&at, &name->owner) && take_part(&at, &name->slug) &&
	       take_version(&at, &name->version);
}

bool kaggle_name_parse(struct kaggle_name *name, const char *text,
		       struct err *err)
{
	const char *at = text;
	bool bare = !kaggle_name_is(text);

	str_clear(&name->owner);
	str_clear(&name->slug);
	str_clear(&name->file);
	name->version = 0;
	if (str_starts(text, "https://") || str_starts(text, "http://"))
		return read_page(name, text) || refuse(text, err);
	if (!bare)
		at += strlen(scheme);
	if (!take_part(&at, &name->owner) || !take_part(&at, &name->slug) ||
	    !take_version(&at, &name->version))
		return refuse(text, err);
	if (bare && *at != '\0') {
		refuse(text, err);
		return err_hint(err, "files stand apart: %.100s/%.100s %.200s",
				name->owner.text, name->slug.text, at);
	}
	str_set(&name->file, at);
	return true;
}

void kaggle_name_add(const struct kaggle_name *name, struct str *out)
{
	str_addf(out, "%s/%s", name->owner.text, name->slug.text);
	if (name->version > 0)
		str_addf(out, "/versions/%lld", (long long)name->version);
}

void kaggle_name_add_page(const struct kaggle_name *name, struct str *out)
{
	str_addf(out, "https://www.kaggle.com/datasets/%s/%s", name->owner.text,
		 name->slug.text);
}
