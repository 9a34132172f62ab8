#include "sandbox/services/api_json.h"

#include <inttypes.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "data/encode.h"
#include "data/json.h"
#include "sandbox/s3/s3_call.h"

#define CONTENT_TYPE "application/x-amz-json-1.1"

enum { PAGE_ITEMS = 100 };

/* --- errors --- */

static const struct api_json_code errors[] = {
	{ "AccessDenied", "AccessDeniedException", 403 },
	{ "InternalError", "InternalServerException", 500 },
	{ "InvalidClientTokenId", "UnrecognizedClientException", 403 },
	{ "MissingAuthenticationToken", "MissingAuthenticationTokenException",
	  403 },
	{ "ResourceExistsException", "ResourceExistsException", 400 },
	{ "ResourceNotFoundException", "ResourceNotFoundException", 400 },
	{ "SerializationException", "SerializationException", 400 },
	{ "SignatureDoesNotMatch", "InvalidSignatureException", 403 },
	{ "RequestTimeTooSkewed", "InvalidSignatureException", 403 },
	{ "UnknownOperationException", "UnknownOperationException", 404 },
	{ "ValidationException", "ValidationException", 400 },
	{ 0 },
};

static const struct api_json_words own_words = {
	errors, "InternalServerException", "message", NULL, CONTENT_TYPE,
};

void api_json_error(struct s3_call *call, const struct err *err)
{
	api_json_refuse(call, err, &own_words);
}

void api_json_refuse(struct s3_call *call, const struct err *err,
		     const struct api_json_words *words)
{
	CLEANUP(json_freep) struct json *out = json_new_object();
	const char *type = err->kind == ERR_AWS && err->code[0] != '\0'
				   ? err->code
				   : words->otherwise;
	int status = err->kind == ERR_AWS ? 400 : 500;

	for (const struct api_json_code *at = words->codes; at->code; at++) {
		if (strcmp(at->code, type) != 0)
			continue;
		type = at->as;
		status = at->status;
		break;
	}
	json_put_text(out, "__type", type);
	json_put_text(out, words->message, err->message);
	if (words->request_id != NULL)
		json_put_text(out, words->request_id, call->request.id);
	str_clear(&call->reply.headers);
	str_clear(&call->reply.body);
	s3_reply_header(&call->reply, "Content-Type", words->content_type);
	s3_reply_header(&call->reply, "x-amzn-ErrorType", type);
	if (words->request_id != NULL)
		s3_reply_header(&call->reply, "x-amzn-RequestId",
				call->request.id);
	json_add(&call->reply.body, out);
	call->reply.status = status;
}

/* --- members --- */

static bool refuse_type(const struct api_member *member, struct err *err)
{
	static const char *const names[] = {
		[API_TEXT] = "String",
		[API_NUMBER] = "Integer",
		[API_TEXTS] = "List",
	};

	return s3_call_refuse(err, "SerializationException",
			      "%s is not of type %s", member->name,
			      names[member->kind]);
}

/* The words of AWS; shown: NULL or the value. */
static bool refuse_value(const struct api_member *member, const char *shown,
			 const char *constraint, struct err *err)
{
	return s3_call_refuse(err, "ValidationException",
			      "1 validation error detected: Value %s%s%s at "
			      "'%s' failed to satisfy constraint: Member must "
			      "%s",
			      shown ? "'" : "", shown ? shown : "null",
			      shown ? "'" : "", member->name, constraint);
}

static bool matches(const char *pattern, const char *text)
{
	regex_t regex;
	bool found;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	found = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return found;
}

/* size: what min and max are about. */
static bool check_range(const struct api_member *member, int64_t size,
			const char *shown, struct err *err)
{
	const char *what = member->kind == API_NUMBER ? "value " : "length ";
	CLEANUP(str_done) struct str constraint = STR_EMPTY;

	if (member->max == 0 || (size >= member->min && size <= member->max))
		return true;
	str_addf(&constraint, "have %s%s than or equal to %d", what,
		 size < member->min ? "greater" : "less",
		 size < member->min ? member->min : member->max);
	return refuse_value(member, shown, constraint.text, err);
}

static bool check_text(const struct api_member *member,
		       const struct json *value, struct err *err)
{
	const char *text = json_text(value, NULL, NULL);
	CLEANUP(str_done) struct str constraint = STR_EMPTY;

	if (text == NULL)
		return refuse_type(member, err);
	if (!check_range(member, (int64_t)utf8_count(text, strlen(text)), text,
			 err))
		return false;
	if (member->pattern == NULL || matches(member->pattern, text))
		return true;
	str_addf(&constraint, "satisfy regular expression pattern: %s",
		 member->pattern);
	return refuse_value(member, text, constraint.text, err);
}

static bool check_number(const struct api_member *member,
			 const struct json *value, struct err *err)
{
	int64_t number = json_number(value, NULL, INT64_MIN);
	char shown[24];

	if (number < INT32_MIN || number > INT32_MAX)
		return refuse_type(member, err);
	snprintf(shown, sizeof(shown), "%" PRId64, number);
	return check_range(member, number, shown, err);
}

static bool check_texts(const struct api_member *member,
			const struct json *value, struct err *err)
{
	bool good = json_shape(value) == JSON_SHAPE_ARRAY;

	for (size_t i = 0; good && i < json_count(value); i++)
		good = json_shape(json_item(value, i)) == JSON_SHAPE_TEXT;
	return good ? check_range(member, (int64_t)json_count(value), NULL, err)
		    : refuse_type(member, err);
}

static bool check_value(const struct api_member *member,
			const struct json *value, struct err *err)
{
	switch (member->kind) {
	case API_TEXT:
		return check_text(member, value, err);
	case API_NUMBER:
		return check_number(member, value, err);
	case API_TEXTS:
		return check_texts(member, value, err);
	}
	return false;
}

/* null is as good as left out. */
static bool is_given(const struct json *in, const struct api_member *member)
{
	enum json_shape shape = json_shape(json_key(in, member->name));

	return shape != JSON_SHAPE_NONE && shape != JSON_SHAPE_NULL;
}

static bool is_member(const struct api_member *members, const char *name)
{
	for (; members->name != NULL; members++)
		if (strcmp(members->name, name) == 0)
			return true;
	return false;
}

static bool check_members(const struct api_json_op *op, const struct json *in,
			  struct err *err)
{
	const char *key;
	const struct json *value;
	size_t at = 0;

	while (json_next(in, &at, &key, &value))
		if (!is_member(op->members, key))
			return s3_call_refuse(err, "ValidationException",
					      "%s has no member %s here",
					      op->name, key);
	for (const struct api_member *member = op->members;
	     member->name != NULL; member++) {
		value = json_key(in, member->name);
		if (!is_given(in, member)) {
			if (member->required)
				return refuse_value(member, NULL, "not be null",
						    err);
		} else if (!check_value(member, value, err)) {
			return false;
		}
	}
	return true;
}

/* --- the operation --- */

static const struct api_json_op *find_op(const struct s3_call *call,
					 const struct api_json_service *service)
{
	const char *target = s3_request_header(&call->request, "x-amz-target");
	const char *type = s3_request_header(&call->request, "content-type");
	size_t len = strlen(service->target);

	if (strcmp(call->request.method, "POST") != 0 || target == NULL ||
	    type == NULL || !str_starts(type, CONTENT_TYPE) ||
	    !str_starts(target, service->target) || target[len] != '.')
		return NULL;
	for (const struct api_json_op *op = service->ops; op->name != NULL;
	     op++)
		if (strcmp(op->name, target + len + 1) == 0)
			return op;
	return NULL;
}

bool api_json_run(struct s3_call *call, const struct api_json_service *service,
		  struct err *err)
{
	const struct api_json_op *op = find_op(call, service);
	CLEANUP(json_freep) struct json *in = NULL;
	CLEANUP(json_freep) struct json *out = json_new_object();

	if (op == NULL) {
		const char *target =
			s3_request_header(&call->request, "x-amz-target");

		return s3_call_refuse(err, "UnknownOperationException",
				      "the sandbox has no operation %s",
				      target == NULL ? "" : target);
	}
	in = json_parse(call->text.text, call->text.len, NULL);
	if (json_shape(in) != JSON_SHAPE_OBJECT)
		return s3_call_refuse(err, "SerializationException",
				      "the body is not a JSON object");
	if (!check_members(op, in, err) || !op->run(call, in, out, err))
		return false;
	s3_reply_header(&call->reply, "Content-Type", CONTENT_TYPE);
	json_add(&call->reply.body, out);
	return true;
}

/* --- pages --- */

/* A token is "list:first" in base64. */
static void make_token(const char *list, size_t first, struct str *out)
{
	CLEANUP(str_done) struct str plain = STR_EMPTY;

	str_addf(&plain, "%s:%zu", list, first);
	encode_base64(out, plain.text, plain.len);
}

static bool read_token(const char *token, const char *list, size_t count,
		       size_t *out_first, struct err *err)
{
	*out_first = 0;
	if (token == NULL)
		return true;
	for (size_t first = 1; first < count; first++) {
		CLEANUP(str_done) struct str made = STR_EMPTY;

		make_token(list, first, &made);
		*out_first = first;
		if (strcmp(made.text, token) == 0)
			return true;
	}
	return s3_call_refuse(err, "ValidationException",
			      "The pagination token is not valid.");
}

bool api_json_page(const struct json *in, const char *list, size_t count,
		   struct api_page *out_page, struct json *out, struct err *err)
{
	size_t most = (size_t)json_number(in, "maxResults", PAGE_ITEMS);
	size_t first;

	if (!read_token(json_text(in, "nextToken", NULL), list, count, &first,
			err))
		return false;
	out_page->first = first;
	out_page->end = count - first > most ? first + most : count;
	if (out_page->end < count) {
		CLEANUP(str_done) struct str token = STR_EMPTY;

		make_token(list, out_page->end, &token);
		json_put_text(out, "nextToken", token.text);
	}
	return true;
}
