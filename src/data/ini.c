#include "data/ini.h"

#include <string.h>

#include "base/secret.h"
#include "base/str.h"
#include "base/vec.h"

struct entry {
	size_t section;      /* index of its section */
	char *key;           /* in lower case; nested ones "group.key" */
	struct secret value; /* files of credentials come through here */
};

struct ini {
	struct {
		VEC(struct ini_section);
	} sections;
	struct {
		VEC(struct entry);
	} entries;
};

/* Where the reader is in a file. */
struct place {
	const char *file_name;
	int line;
	bool in_section;
	size_t section;
	bool has_entry; /* an indented line may follow */
	size_t entry;
};

struct slice {
	const char *text;
	size_t len;
};

struct ini *ini_new(void)
{
	return mem_alloc(sizeof(struct ini));
}

void ini_free(struct ini *ini)
{
	if (ini == NULL)
		return;
	for (size_t i = 0; i < ini->sections.count; i++) {
		mem_free((char *)ini->sections.items[i].type);
		mem_free((char *)ini->sections.items[i].name);
	}
	for (size_t i = 0; i < ini->entries.count; i++) {
		mem_free(ini->entries.items[i].key);
		secret_done(&ini->entries.items[i].value);
	}
	vec_done(&ini->sections);
	vec_done(&ini->entries);
	mem_free(ini);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct slice trim(struct slice slice)
{
	while (slice.len > 0 && is_blank(slice.text[0])) {
		slice.text++;
		slice.len--;
	}
	while (slice.len > 0 && is_blank(slice.text[slice.len - 1]))
		slice.len--;
	return slice;
}

static struct slice part(struct slice slice, size_t from, size_t to)
{
	return (struct slice){ slice.text + from, to - from };
}

static bool at_place(const struct place *place, struct err *err,
		     const char *what)
{
	return err_set(err, ERR_DATA, "%s, line %d: %s", place->file_name,
		       place->line, what);
}

static bool find_section(const struct ini *ini, const char *type,
			 const char *name, size_t *out_index)
{
	for (size_t i = 0; i < ini->sections.count; i++) {
		const struct ini_section *section = &ini->sections.items[i];

		if (strcmp(section->type, type) == 0 &&
		    strcmp(section->name, name) == 0) {
			*out_index = i;
			return true;
		}
	}
	return false;
}

/* One word of a header: quoted or up to a blank. Moves *rest. */
static char *take_word(struct slice *rest)
{
	char quote = rest->len > 0 ? rest->text[0] : '\0';
	size_t end = 0;
	char *word;

	if (quote == '"' || quote == '\'') {
		const char *close =
			memchr(rest->text + 1, quote, rest->len - 1);

		end = close ? (size_t)(close - rest->text) : rest->len;
		word = mem_copy_slice(rest->text + 1, end - 1);
		end += close ? 1 : 0;
	} else {
		while (end < rest->len && !is_blank(rest->text[end]))
			end++;
		word = mem_copy_slice(rest->text, end);
	}
	*rest = trim(part(*rest, end, rest->len));
	return word;
}

static bool read_header(struct ini *ini, struct place *place, struct slice line,
			struct err *err)
{
	const char *close = memchr(line.text, ']', line.len);
	CLEANUP(mem_freep) char *first = NULL;
	CLEANUP(mem_freep) char *second = NULL;
	struct slice rest;

	if (close == NULL)
		return at_place(place, err, "no ] after [");
	rest = trim(part(line, 1, (size_t)(close - line.text)));
	if (rest.len == 0)
		return at_place(place, err, "a section without a name");
	first = take_word(&rest);
	if (rest.len > 0)
		second = take_word(&rest);
	else
		second = mem_copy_text("");
	place->in_section = true;
	place->has_entry = false;
	if (second[0] == '\0') {
		char *name = first;

		first = second;
		second = name;
	}
	if (find_section(ini, first, second, &place->section))
		return true;
	place->section = ini->sections.count;
	vec_push(&ini->sections, ((struct ini_section){
					 .type = first,
					 .name = second,
					 .line = place->line,
				 }));
	first = second = NULL;
	return true;
}

static char *lower_key(struct slice key, const char *group)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (group) {
		str_add(&name, group);
		str_add_char(&name, '.');
	}
	str_add_slice(&name, key.text, key.len);
	for (size_t i = 0; i < name.len; i++)
		if (name.text[i] >= 'A' && name.text[i] <= 'Z')
			name.text[i] = (char)(name.text[i] - 'A' + 'a');
	return str_take(&name);
}

/* Blank and # or ; begin a comment, except in a secret: it holds no blanks,
 * so nothing of it may be cut either. */
static struct slice cut_comment(struct slice value, const char *key)
{
	if (strcmp(key, "aws_secret_access_key") == 0 ||
	    strcmp(key, "aws_session_token") == 0)
		return value;
	for (size_t i = 0; i + 1 < value.len; i++)
		if (is_blank(value.text[i]) &&
		    (value.text[i + 1] == '#' || value.text[i + 1] == ';'))
			return trim(part(value, 0, i));
	return value;
}

static size_t put_entry(struct ini *ini, size_t section, char *key_take,
			struct slice value)
{
	struct entry entry = { .section = section, .key = key_take };

	value = cut_comment(value, key_take);
	for (size_t i = 0; i < ini->entries.count; i++) {
		struct entry *old = &ini->entries.items[i];

		if (old->section != section || strcmp(old->key, key_take) != 0)
			continue;
		secret_set_slice(&old->value, value.text, value.len);
		mem_free(key_take);
		return i;
	}
	secret_set_slice(&entry.value, value.text, value.len);
	vec_push(&ini->entries, entry);
	return ini->entries.count - 1;
}

/* "key = value"; place->entry becomes it unless it is nested. */
static bool read_property(struct ini *ini, struct place *place,
			  struct slice line, const char *group, struct err *err)
{
	const char *equals = memchr(line.text, '=', line.len);
	struct slice key;
	struct slice value;
	size_t entry;

	if (equals == NULL)
		return at_place(place, err,
				"neither [section] nor key = value");
	key = trim(part(line, 0, (size_t)(equals - line.text)));
	value = trim(part(line, (size_t)(equals - line.text) + 1, line.len));
	if (key.len == 0)
		return at_place(place, err, "no name before the =");
	if (!place->in_section)
		return at_place(place, err, "a key before the first [section]");
	entry = put_entry(ini, place->section, lower_key(key, group), value);
	if (group == NULL) {
		place->entry = entry;
		place->has_entry = true;
	}
	return true;
}

static bool read_indented(struct ini *ini, struct place *place,
			  struct slice line, struct err *err)
{
	CLEANUP(str_done) struct str joined = STR_EMPTY;
	CLEANUP(mem_freep) char *group = NULL;
	struct entry *entry = &ini->entries.items[place->entry];

	if (entry->value.len == 0) {
		group = mem_copy_text(entry->key);
		return read_property(ini, place, line, group, err);
	}
	str_add(&joined, secret_text(&entry->value));
	str_add_char(&joined, '\n');
	str_add_slice(&joined, line.text, line.len);
	secret_set_slice(&entry->value, joined.text, joined.len);
	mem_wipe(joined.text, joined.len);
	return true;
}

static bool read_line(struct ini *ini, struct place *place, struct slice raw,
		      struct err *err)
{
	struct slice line = trim(raw);

	if (line.len == 0 || line.text[0] == '#' || line.text[0] == ';')
		return true;
	if (is_blank(raw.text[0]) && place->has_entry)
		return read_indented(ini, place, line, err);
	if (line.text[0] == '[')
		return read_header(ini, place, line, err);
	return read_property(ini, place, line, NULL, err);
}

bool ini_add(struct ini *ini, const char *file_name, const char *text,
	     size_t len, struct err *err)
{
	struct place place = { .file_name = file_name };
	size_t at = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

	while (at < len) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t line_len = end ? (size_t)(end - text) - at : len - at;

		place.line++;
		if (!read_line(ini, &place,
			       (struct slice){ text + at, line_len }, err))
			return false;
		at += line_len + 1;
	}
	return true;
}

size_t ini_section_count(const struct ini *ini)
{
	return ini->sections.count;
}

const struct ini_section *ini_section(const struct ini *ini, size_t index)
{
	return &ini->sections.items[index];
}

bool ini_has(const struct ini *ini, const char *type, const char *name)
{
	size_t index;

	return find_section(ini, type, name, &index);
}

const char *ini_get(const struct ini *ini, const char *type, const char *name,
		    const char *key)
{
	size_t index;

	if (!find_section(ini, type, name, &index))
		return NULL;
	for (size_t i = 0; i < ini->entries.count; i++) {
		const struct entry *entry = &ini->entries.items[i];

		if (entry->section == index && strcmp(entry->key, key) == 0)
			return secret_text(&entry->value);
	}
	return NULL;
}

bool ini_next(const struct ini *ini, const struct ini_section *section,
	      size_t *at, const char **out_key, const char **out_value)
{
	size_t index = (size_t)(section - ini->sections.items);

	for (; *at < ini->entries.count; (*at)++) {
		const struct entry *entry = &ini->entries.items[*at];

		if (entry->section != index)
			continue;
		*out_key = entry->key;
		*out_value = secret_text(&entry->value);
		(*at)++;
		return true;
	}
	return false;
}
