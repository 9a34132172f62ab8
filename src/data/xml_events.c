#include "data/xml_events.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "base/str.h"
#include "data/xml_load.h"

enum { MAX_DEPTH = 32 };

struct reading {
	const struct xml_events *events;
	XML_Parser parser;
	size_t depth;
	struct str text;     /* of the element open last */
	const char *refused; /* why a handler stopped the parser */
};

static void refuse(struct reading *reading, const char *why)
{
	reading->refused = why;
	XML_StopParser(reading->parser, XML_FALSE);
}

static const char *bare_name(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

static void XMLCALL on_start(void *context, const char *name,
			     const char **attributes)
{
	struct reading *reading = context;

	(void)attributes;
	if (reading->depth == MAX_DEPTH) {
		refuse(reading, "elements nested too deep");
		return;
	}
	str_clear(&reading->text);
	if (reading->events->open != NULL)
		reading->events->open(reading->events->context, bare_name(name),
				      reading->depth);
	reading->depth++;
}

static void XMLCALL on_end(void *context, const char *name)
{
	struct reading *reading = context;

	reading->depth--;
	reading->events->close(reading->events->context, bare_name(name),
			       reading->depth, reading->text.text,
			       reading->text.len);
	str_clear(&reading->text);
}

static void XMLCALL on_text(void *context, const char *text, int len)
{
	struct reading *reading = context;

	str_add_slice(&reading->text, text, (size_t)len);
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

static bool parse(struct reading *reading, const char *xml, size_t len,
		  struct err *err)
{
	enum XML_Error code;

	if (len <= INT_MAX &&
	    XML_Parse(reading->parser, xml, (int)len, 1) == XML_STATUS_OK)
		return true;
	code = XML_GetErrorCode(reading->parser);
	return err_set(err, ERR_DATA, "XML, line %lu, column %lu: %s",
		       XML_GetCurrentLineNumber(reading->parser),
		       XML_GetCurrentColumnNumber(reading->parser) + 1,
		       reading->refused != NULL ? reading->refused
		       : code == XML_ERROR_NO_ELEMENTS
			       ? "it is empty or cut short"
			       : XML_ErrorString(code));
}

bool xml_events_read(const struct xml_events *events, const char *xml,
		     size_t len, struct err *err)
{
	struct reading reading = {
		.events = events,
		.text = STR_EMPTY,
	};
	bool ok;

	if (!xml_load(err))
		return false;
	reading.parser = XML_ParserCreate(NULL);
	if (reading.parser == NULL)
		abort();
	XML_SetUserData(reading.parser, &reading);
	XML_SetElementHandler(reading.parser, on_start, on_end);
	XML_SetCharacterDataHandler(reading.parser, on_text);
	XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);
	ok = parse(&reading, xml, len, err);
	XML_ParserFree(reading.parser);
	str_done(&reading.text);
	return ok;
}
