/* data/xml.h - small XML replies as a tree, and text for writing them.
 *
 * Reading: feed bytes, then xml_reader_end gives the root element. Guards:
 * document size, depth 32, no DTD (so no entities but the five of XML).
 * Attributes and namespaces prefixes are dropped; text of an element is all
 * its own character data. Paths are names joined by "/" below the node given.
 */
#ifndef DATA_XML_H
#define DATA_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct str;
struct xml_reader;

struct xml {			/* one element; all borrowed from the root */
	const char *name;	/* without namespace prefix */
	const char *text;	/* never NULL; not trimmed */
	size_t text_len;
	struct xml *first;	/* child */
	struct xml *next;	/* sibling */
};

struct xml_reader *xml_reader_new(size_t max_bytes);	/* 0: 32 MiB */
void xml_reader_free(struct xml_reader *reader);	/* and its tree */
CLEANUP_FREE(struct xml_reader, xml_reader_free, xml_reader_freep)
bool xml_reader_feed(struct xml_reader *reader, const char *bytes, size_t len,
		     struct err *err);

/* The root, borrowed until xml_reader_free; NULL and ERR_DATA: malformed or
 * cut short. */
const struct xml *xml_reader_end(struct xml_reader *reader, struct err *err);

/* First element by that path, NULL: none. node may be NULL. */
const struct xml *xml_at(const struct xml *node, const char *path);

/* Next sibling of the same name: for (c = xml_at(root, "Contents"); c;
 * c = xml_next(c)) */
const struct xml *xml_next(const struct xml *node);

const char *xml_text(const struct xml *node, const char *path,
		     const char *otherwise);
int64_t xml_number(const struct xml *node, const char *path,
		   int64_t otherwise);
bool xml_bool(const struct xml *node, const char *path, bool otherwise);

/* --- writing: appends to out, everything escaped --- */

void xml_escape(struct str *out, const char *text, size_t len);
void xml_open(struct str *out, const char *name);	/* <name> */
void xml_close(struct str *out, const char *name);	/* </name> */
void xml_put(struct str *out, const char *name, const char *text);
void xml_put_number(struct str *out, const char *name, int64_t number);
void xml_put_bool(struct str *out, const char *name, bool value);

/* <?xml ...?> and the newline S3 puts after it. */
void xml_declare(struct str *out);

#endif
