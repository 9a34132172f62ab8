#include "data/xml.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "base/str.h"
#include "base/units.h"
#include "data/xml_load.h"

#define DEFAULT_MAX_BYTES ((size_t)32 << 20)
#define MAX_DEPTH         32

/* Elements and their texts live in blocks that go all at once: a listing has
 * thousands of them. */
#define BLOCK_BYTES ((size_t)64 << 10)

struct block {
	struct block *next;
	size_t used;
	size_t size;
	char bytes[];
};

struct xml_reader {
	XML_Parser parser;
	struct block *blocks;
	size_t fed;
	size_t max_bytes;
	struct xml *root;
	struct open {
		struct xml *node;
		struct xml *last; /* child */
		struct str text;
	} open[MAX_DEPTH];
	size_t depth;
	const char *refused; /* why a handler stopped the parser */
};

static void *block_take(struct xml_reader *reader, size_t bytes)
{
	struct block *block = reader->blocks;
	size_t need = (bytes + 7) & ~(size_t)7;

	if (block == NULL || block->size - block->used < need) {
		size_t size = need > BLOCK_BYTES ? need : BLOCK_BYTES;

		block = mem_alloc(sizeof(*block) + size);
		block->size = size;
		block->next = reader->blocks;
		reader->blocks = block;
	}
	block->used += need;
	return block->bytes + block->used - need;
}

static const char *block_copy(struct xml_reader *reader, const char *text,
			      size_t len)
{
	char *copy = block_take(reader, len + 1);

	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

static void refuse(struct xml_reader *reader, const char *why)
{
	reader->refused = why;
	XML_StopParser(reader->parser, XML_FALSE);
}

static void XMLCALL on_start(void *context, const char *name,
			     const char **attributes)
{
	struct xml_reader *reader = context;
	const char *colon = strrchr(name, ':');
	struct xml *node;

	(void)attributes;
	if (reader->depth == MAX_DEPTH) {
		refuse(reader, "elements nested too deep");
		return;
	}
	name = colon ? colon + 1 : name;
	node = block_take(reader, sizeof(*node));
	*node = (struct xml){ .name = block_copy(reader, name, strlen(name)),
			      .text = "" };
	if (reader->depth > 0) {
		struct open *parent = &reader->open[reader->depth - 1];

		if (parent->last)
			parent->last->next = node;
		else
			parent->node->first = node;
		parent->last = node;
	} else {
		reader->root = node;
	}
	reader->open[reader->depth].node = node;
	reader->open[reader->depth].last = NULL;
	str_clear(&reader->open[reader->depth].text);
	reader->depth++;
}

static void XMLCALL on_end(void *context, const char *name)
{
	struct xml_reader *reader = context;
	struct open *open = &reader->open[--reader->depth];

	(void)name;
	if (open->text.len == 0)
		return;
	open->node->text = block_copy(reader, open->text.text, open->text.len);
	open->node->text_len = open->text.len;
}

static void XMLCALL on_text(void *context, const char *text, int len)
{
	struct xml_reader *reader = context;

	if (reader->depth > 0)
		str_add_slice(&reader->open[reader->depth - 1].text, text,
			      (size_t)len);
}

static void XMLCALL on_doctype(void *context, const char *name,
			       const char *system_id, const char *public_id,
			       int has_internal)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal;
	refuse(context, "a DOCTYPE is not allowed");
}

struct xml_reader *xml_reader_new(size_t max_bytes)
{
	struct xml_reader *reader = mem_alloc(sizeof(*reader));

	reader->max_bytes = max_bytes ? max_bytes : DEFAULT_MAX_BYTES;
	for (size_t i = 0; i < MAX_DEPTH; i++)
		reader->open[i].text = (struct str)STR_EMPTY;
	return reader;
}

void xml_reader_free(struct xml_reader *reader)
{
	if (reader == NULL)
		return;
	if (reader->parser != NULL)
		XML_ParserFree(reader->parser);
	for (size_t i = 0; i < MAX_DEPTH; i++)
		str_done(&reader->open[i].text);
	while (reader->blocks) {
		struct block *block = reader->blocks;

		reader->blocks = block->next;
		mem_free(block);
	}
	mem_free(reader);
}

static bool start(struct xml_reader *reader, struct err *err)
{
	if (reader->parser != NULL)
		return true;
	if (!xml_load(err))
		return false;
	reader->parser = XML_ParserCreate(NULL);
	if (reader->parser == NULL)
		abort();
	XML_SetUserData(reader->parser, reader);
	XML_SetElementHandler(reader->parser, on_start, on_end);
	XML_SetCharacterDataHandler(reader->parser, on_text);
	XML_SetStartDoctypeDeclHandler(reader->parser, on_doctype);
	return true;
}

static bool parse(struct xml_reader *reader, const char *bytes, size_t len,
		  bool is_last, struct err *err)
{
	enum XML_Error code;

	if (!start(reader, err))
		return false;
	if (XML_Parse(reader->parser, bytes, (int)len, is_last) ==
	    XML_STATUS_OK)
		return true;
	code = XML_GetErrorCode(reader->parser);
	return err_set(err, ERR_DATA, "XML, line %lu, column %lu: %s",
		       XML_GetCurrentLineNumber(reader->parser),
		       XML_GetCurrentColumnNumber(reader->parser) + 1,
		       reader->refused ? reader->refused
		       : code == XML_ERROR_NO_ELEMENTS && is_last
			       ? "it is empty or cut short"
			       : XML_ErrorString(code));
}

bool xml_reader_feed(struct xml_reader *reader, const char *bytes, size_t len,
		     struct err *err)
{
	if (len > reader->max_bytes - reader->fed) {
		CLEANUP(str_done) struct str limit = STR_EMPTY;

		units_add_bytes(&limit, (int64_t)reader->max_bytes);
		return err_set(err, ERR_DATA, "XML longer than %s", limit.text);
	}
	reader->fed += len;
	return parse(reader, bytes, len, false, err);
}

const struct xml *xml_reader_end(struct xml_reader *reader, struct err *err)
{
	return parse(reader, "", 0, true, err) ? reader->root : NULL;
}

static const struct xml *find(const struct xml *node, const char *name,
			      size_t len)
{
	for (; node; node = node->next)
		if (str_slice_equal(name, len, node->name))
			return node;
	return NULL;
}

const struct xml *xml_at(const struct xml *node, const char *path)
{
	while (node && path && *path) {
		size_t len = strcspn(path, "/");

		node = find(node->first, path, len);
		path += len;
		if (*path == '/')
			path++;
	}
	return node;
}

const struct xml *xml_next(const struct xml *node)
{
	return find(node->next, node->name, strlen(node->name));
}

const char *xml_text(const struct xml *node, const char *path,
		     const char *otherwise)
{
	const struct xml *found = xml_at(node, path);

	return found ? found->text : otherwise;
}

int64_t xml_number(const struct xml *node, const char *path, int64_t otherwise)
{
	const char *text = xml_text(node, path, "");
	char *end = NULL;
	intmax_t number;

	errno = 0;
	number = strtoimax(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0)
		return otherwise;
	return (int64_t)number;
}

bool xml_bool(const struct xml *node, const char *path, bool otherwise)
{
	const char *text = xml_text(node, path, "");

	if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
		return true;
	if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
		return false;
	return otherwise;
}

void xml_escape(struct str *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		switch (text[i]) {
		case '&':
			str_add(out, "&amp;");
			break;
		case '<':
			str_add(out, "&lt;");
			break;
		case '>':
			str_add(out, "&gt;");
			break;
		case '"':
			str_add(out, "&quot;");
			break;
		case '\r': /* a bare CR would be read back as LF */
			str_add(out, "&#13;");
			break;
		default:
			str_add_char(out, text[i]);
		}
	}
}

void xml_open(struct str *out, const char *name)
{
	str_add_char(out, '<');
	str_add(out, name);
	str_add_char(out, '>');
}

void xml_close(struct str *out, const char *name)
{
	str_add(out, "</");
	/* "Error xmlns=..." was opened: the name ends at the blank. */
	str_add_slice(out, name, strcspn(name, " "));
	str_add_char(out, '>');
}

void xml_put(struct str *out, const char *name, const char *text)
{
	xml_open(out, name);
	xml_escape(out, text, strlen(text));
	xml_close(out, name);
}

void xml_put_number(struct str *out, const char *name, int64_t number)
{
	xml_open(out, name);
	str_addf(out, "%" PRId64, number);
	xml_close(out, name);
}

void xml_put_bool(struct str *out, const char *name, bool value)
{
	xml_put(out, name, value ? "true" : "false");
}

void xml_declare(struct str *out)
{
	str_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}
