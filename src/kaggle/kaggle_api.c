#include "kaggle/kaggle_api.h"

#include <stdio.h>
#include <string.h>

#include "aws/paging.h"
#include "base/mem.h"
#include "data/json.h"
#include "data/url.h"
#include "kaggle/kaggle_client.h"
#include "kaggle/kaggle_name.h"

enum {
	PAGE_FILES = 200,
	FILES_MAX = 200000,
	PAGES_MAX = 2000, /* of a search */
};

/* --- paths --- */

static void add_version(const struct kaggle_name *name, struct str *out)
{
	if (name->version > 0)
		str_addf(out, "?datasetVersionNumber=%lld",
			 (long long)name->version);
}

static void add_name(const struct kaggle_name *name, struct str *out)
{
	url_escape(out, name->owner.text, name->owner.len, URL_ESCAPE_ALL);
	str_add_char(out, '/');
	url_escape(out, name->slug.text, name->slug.len, URL_ESCAPE_ALL);
}

void kaggle_api_add_path(const struct kaggle_name *name, const char *verb,
			 struct str *out)
{
	str_addf(out, "/datasets/%s/", verb);
	add_name(name, out);
	add_version(name, out);
}

/* --- values --- */

/* The first member that is there: replies differ in names. */
static const char *text_of(const struct json *json, const char *name,
			   const char *other)
{
	const char *text = json_text(json, name, NULL);

	return text != NULL ? text : json_text(json, other, "");
}

static int64_t number_of(const struct json *json, const char *name,
			 const char *other)
{
	int64_t number = json_number(json, name, -1);

	return number >= 0 ? number : json_number(json, other, -1);
}

/* "2024-05-01T10:11:12.345Z" as tables show times. */
static char *time_of(const struct json *json, const char *name)
{
	char *text = mem_copy_text(json_text(json, name, ""));

	if (strlen(text) > 19 && text[10] == 'T')
		text[19] = '\0';
	if (strlen(text) > 10 && text[10] == 'T')
		text[10] = ' ';
	return text;
}

/* Kaggle says some failures in a reply of 200. */
static bool check_message(const struct json *json, struct err *err)
{
	const char *said = text_of(json, "errorMessage",
				   "errorMessageNullable");

	return said[0] == '\0' ||
	       err_set(err, ERR_SERVER, "Kaggle says: %.300s", said);
}

/* --- files --- */

void kaggle_files_done(struct kaggle_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		mem_free(files->items[i].name);
		mem_free(files->items[i].created);
	}
	vec_done(files);
}

static void take_files(const struct json *list, struct kaggle_files *out)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *item = json_item(list, i);
		struct kaggle_file file = {
			.name = mem_copy_text(
				text_of(item, "name", "nameNullable")),
			.bytes = number_of(item, "totalBytes",
					   "totalBytesNullable"),
			.created = time_of(item, "creationDate"),
		};

		vec_push(out, file);
	}
}

bool kaggle_api_list(struct kaggle_client *client,
		     const struct kaggle_name *name, struct kaggle_files *out,
		     struct err *err)
{
	CLEANUP(paging_done) struct paging paging = PAGING_EMPTY;

	while (out->count < FILES_MAX) {
		CLEANUP(str_done) struct str path = STR_EMPTY;
		struct kaggle_ask ask = { .from = -1, .to = -1, .about = name };

		kaggle_api_add_path(name, "list", &path);
		str_addf(&path, "%cpageSize=%d",
			 name->version > 0 ? '&' : '?', PAGE_FILES);
		if (paging.token.len > 0)
			url_add_param(&path, "pageToken", paging.token.text);
		ask.path = path.text;
		CLEANUP(json_freep)
		struct json *json = kaggle_fetch(client, &ask, err);

		if (json == NULL || !check_message(json, err) ||
		    !paging_next(&paging,
				 text_of(json, "nextPageToken",
					 "nextPageTokenNullable"),
				 "Kaggle", err))
			return false;
		take_files(json_at(json, "datasetFiles"), out);
		if (paging.token.len == 0)
			return true;
	}
	return err_set(err, ERR_DATA, "the data set has more than %d files",
		       FILES_MAX);
}

/* --- search --- */

void kaggle_founds_done(struct kaggle_founds *founds)
{
	for (size_t i = 0; i < founds->count; i++) {
		mem_free(founds->items[i].ref);
		mem_free(founds->items[i].title);
		mem_free(founds->items[i].licence);
		mem_free(founds->items[i].updated);
	}
	vec_done(founds);
}

static void take_founds(const struct json *list, size_t most,
			struct kaggle_founds *out)
{
	for (size_t i = 0; i < json_count(list) && out->count < most; i++) {
		const struct json *item = json_item(list, i);
		struct kaggle_found found = {
			.ref = mem_copy_text(
				text_of(item, "ref", "refNullable")),
			.title = mem_copy_text(
				text_of(item, "title", "titleNullable")),
			.licence = mem_copy_text(text_of(
				item, "licenseName", "licenseNameNullable")),
			.updated = time_of(item, "lastUpdated"),
			.bytes = number_of(item, "totalBytes",
					   "totalBytesNullable"),
			.downloads = number_of(item, "downloadCount",
					       "totalDownloads"),
			.votes = number_of(item, "voteCount", "totalVotes"),
		};

		vec_push(out, found);
	}
}

bool kaggle_api_search(struct kaggle_client *client, const char *words,
		       size_t most, struct kaggle_founds *out, struct err *err)
{
	for (int page = 1; page <= PAGES_MAX && out->count < most; page++) {
		CLEANUP(str_done) struct str path = STR_EMPTY;
		CLEANUP(str_done) struct str number = STR_EMPTY;
		struct kaggle_ask ask = { .from = -1, .to = -1 };
		size_t before = out->count;
		const struct json *list;

		str_add(&path, "/datasets/list?search=");
		url_escape(&path, words, strlen(words), URL_ESCAPE_ALL);
		str_add_number(&number, page);
		url_add_param(&path, "page", number.text);
		ask.path = path.text;
		CLEANUP(json_freep)
		struct json *json = kaggle_fetch(client, &ask, err);

		if (json == NULL || !check_message(json, err))
			return false;
		list = json_shape(json) == JSON_SHAPE_ARRAY
			       ? json
			       : json_at(json, "datasets");
		take_founds(list, most, out);
		if (out->count == before)
			break;
	}
	return true;
}
