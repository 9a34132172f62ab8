#include "load/stage_map.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "data/json.h"
#include "load/stage_note.h"

void stage_map_done(struct stage_map *map)
{
	for (size_t i = 0; i < map->files.count; i++)
		mem_free(map->files.items[i]);
	vec_done(&map->files);
	vec_done(&map->stretches);
}

void stage_spot_done(struct stage_spot *spot)
{
	str_done(&spot->file);
}

int64_t stage_map_add_file(struct stage_map *map, const char *path)
{
	vec_push(&map->files, mem_copy_text(path));
	return (int64_t)map->files.count;
}

void stage_map_add(struct stage_map *map, const struct stage_stretch *stretch)
{
	vec_push(&map->stretches, *stretch);
}

/* --- in the note --- */

bool stage_map_write(const struct stage_map *map, struct stage_note *note,
		     struct err *err)
{
	for (size_t i = 0; i < map->files.count; i++) {
		CLEANUP(json_freep) struct json *json = json_new_object();

		json_put_text(json, "file", map->files.items[i]);
		if (!stage_note_add(note, json, err))
			return false;
	}
	for (size_t i = 0; i < map->stretches.count; i++) {
		CLEANUP(json_freep) struct json *json = json_new_object();
		const struct stage_stretch *at = &map->stretches.items[i];

		json_put_number(json, "piece", at->piece);
		json_put_number(json, "piece_line", at->piece_line);
		json_put_number(json, "of", at->file);
		json_put_number(json, "line", at->line);
		json_put_number(json, "offset", at->offset);
		if (!stage_note_add(note, json, err))
			return false;
	}
	return true;
}

static void read_line(struct stage_map *map, const struct json *json)
{
	const char *file = json_text(json, "file", NULL);
	struct stage_stretch stretch = {
		.piece = json_number(json, "piece", 0),
		.piece_line = json_number(json, "piece_line", 0),
		.file = json_number(json, "of", 0),
		.line = json_number(json, "line", 0),
		.offset = json_number(json, "offset", 0),
	};

	if (file != NULL)
		stage_map_add_file(map, file);
	else if (stretch.piece > 0)
		stage_map_add(map, &stretch);
}

static void read_map(struct stage_map *map, const char *text)
{
	const char *end;

	for (; (end = strchr(text, '\n')) != NULL; text = end + 1) {
		CLEANUP(json_freep)
		struct json *json =
			json_parse(text, (size_t)(end - text), NULL);

		if (json != NULL)
			read_line(map, json);
	}
}

/* --- from a piece to a file --- */

/* s3://b/p/redsh-stage/ID/0007.csv.gz: ID and 7. */
static bool read_uri(const char *uri, struct str *out_id, int64_t *out_piece)
{
	static const char mark[] = "/redsh-stage/";
	const char *at = strstr(uri, mark);
	const char *slash;

	if (at == NULL)
		return false;
	at += strlen(mark);
	slash = strchr(at, '/');
	if (slash == NULL || !isdigit((unsigned char)slash[1]))
		return false;
	str_add_slice(out_id, at, (size_t)(slash - at));
	*out_piece = strtoll(slash + 1, NULL, 10);
	return true;
}

/* The piece begins with lines repeated of the first file: only behind such
 * does a file go on at another line than its first. */
static bool is_behind_head(const struct stage_stretch *found,
			   const struct stage_stretch *at)
{
	return found->piece_line == 1 && found->line == 1 && at->line > 1;
}

/* The last stretch that begins at or before the line; without one that of the
 * piece's first row. */
static const struct stage_stretch *find(const struct stage_map *map,
					int64_t piece, int64_t line)
{
	const struct stage_stretch *found = NULL;

	for (size_t i = 0; i < map->stretches.count; i++) {
		const struct stage_stretch *at = &map->stretches.items[i];

		if (at->piece != piece)
			continue;
		if (found == NULL || at->piece_line <= line ||
		    (line <= 0 && is_behind_head(found, at)))
			found = at;
	}
	return found;
}

bool stage_map_find(const char *uri, int64_t line, struct stage_spot *out)
{
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(stage_map_done) struct stage_map map = { 0 };
	const struct stage_stretch *found;
	int64_t piece;

	if (!read_uri(uri, &id, &piece) || !stage_note_lines(id.text, &text))
		return false;
	read_map(&map, text.text);
	found = find(&map, piece, line);
	if (found == NULL || found->file < 1 ||
	    (size_t)found->file > map.files.count)
		return false;
	str_set(&out->file, map.files.items[found->file - 1]);
	out->line = line < found->piece_line
			    ? found->line
			    : found->line + line - found->piece_line;
	out->from_line = found->line;
	out->from_offset = found->offset;
	out->cut = false;
	for (size_t i = 0; i < map.stretches.count; i++)
		out->cut |= map.stretches.items[i].file == found->file &&
			    map.stretches.items[i].piece != found->piece;
	return true;
}
