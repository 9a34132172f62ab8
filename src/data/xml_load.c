#include "data/xml_load.h"

#include <expat.h>

#include "base/lazy.h"

#define FUNCTIONS(ROW)                                                         \
	ROW(XML_Parser, XML_ParserCreate, (const XML_Char *encoding),          \
	    (encoding))                                                        \
	ROW(void, XML_ParserFree, (XML_Parser parser), (parser))               \
	ROW(void, XML_SetUserData, (XML_Parser parser, void *context),         \
	    (parser, context))                                                 \
	ROW(void, XML_SetElementHandler,                                       \
	    (XML_Parser parser, XML_StartElementHandler start,                 \
	     XML_EndElementHandler end),                                       \
	    (parser, start, end))                                              \
	ROW(void, XML_SetCharacterDataHandler,                                 \
	    (XML_Parser parser, XML_CharacterDataHandler text),                \
	    (parser, text))                                                    \
	ROW(void, XML_SetStartDoctypeDeclHandler,                              \
	    (XML_Parser parser, XML_StartDoctypeDeclHandler start),            \
	    (parser, start))                                                   \
	ROW(enum XML_Status, XML_Parse,                                        \
	    (XML_Parser parser, const char *bytes, int len, int is_last),      \
	    (parser, bytes, len, is_last))                                     \
	ROW(enum XML_Status, XML_StopParser,                                   \
	    (XML_Parser parser, XML_Bool resumable), (parser, resumable))      \
	ROW(enum XML_Error, XML_GetErrorCode, (XML_Parser parser), (parser))   \
	ROW(const XML_LChar *, XML_ErrorString, (enum XML_Error code), (code)) \
	ROW(XML_Size, XML_GetCurrentLineNumber, (XML_Parser parser), (parser)) \
	ROW(XML_Size, XML_GetCurrentColumnNumber, (XML_Parser parser), (parser))

#define LAZY_LIBRARY expat
LAZY_DEFINE(FUNCTIONS, EXPAT_SONAME, "libexpat1", "replies of S3 need it")

bool xml_load(struct err *err)
{
	return lazy_load(&expat, err);
}
