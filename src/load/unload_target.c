#include "load/unload_target.h"

#include <string.h>

#include "base/str.h"
#include "base/units.h"
#include "load/copy_args.h"
#include "load/copyfrom.h"
#include "load/unload_state.h"

enum { PLACES_MAX = 99 };

bool unload_target_count(void *visitor, const char *key, int64_t size)
{
	struct unload_there *there = visitor;

	(void)key;
	there->objects++;
	there->bytes += size;
	return true;
}

static bool stop_at_one(void *visitor, const char *key, int64_t size)
{
	unload_target_count(visitor, key, size);
	return false;
}

static void describe(const struct unload_there *there, const char *uri,
		     struct str *out)
{
	units_add_count(out, there->objects);
	str_addf(out, " object%s (", there->objects == 1 ? "" : "s");
	units_add_bytes(out, there->bytes);
	str_addf(out, ") under %s", uri);
}

void unload_target_next(const char *uri, int number, struct str *out)
{
	size_t len = strlen(uri);
	char last = len > 0 ? uri[len - 1] : '\0';
	bool is_bucket = strchr(uri + strlen("s3://"), '/') == NULL ||
			 strchr(uri + strlen("s3://"), '/') == uri + len - 1;

	if (is_bucket)
		str_addf(out, "%s%sunload-%d/", uri, last == '/' ? "" : "/",
			 number);
	else if (last == '/')
		str_addf(out, "%.*s-%d/", (int)len - 1, uri, number);
	else if (last == '_' || last == '-')
		str_addf(out, "%s%d%c", uri, number, last);
	else
		str_addf(out, "%s-%d-", uri, number);
}

/* The first one beside it that is empty. */
static bool find_new(const struct unload *unload, struct str *out)
{
	const struct load_world *world = unload->world;

	for (int number = 2; number <= PLACES_MAX; number++) {
		struct unload_there there = { 0, 0 };
		struct err ignored = ERR_EMPTY;

		str_clear(out);
		unload_target_next(unload->uri.text, number, out);
		if (!world->list(world->context, out->text, stop_at_one, &there,
				 &ignored))
			return false;
		if (there.objects == 0)
			return true;
	}
	return false;
}

static bool refuse(const struct unload *unload,
		   const struct unload_there *there, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str place = STR_EMPTY;

	describe(there, unload->uri.text, &text);
	err_set(err, ERR_USAGE, "the target is not empty: %s", text.text);
	if (!find_new(unload, &place))
		str_set(&place, "another folder");
	return err_hint(err,
			"cleanpath removes what lies there first, "
			"allowoverwrite writes over files of the same names, "
			"or write to %.300s",
			place.text);
}

static void add_word(struct unload *unload, const char *word)
{
	str_addf(&unload->tail, "%s%s", unload->tail.len > 0 ? " " : "", word);
}

static bool choose(struct unload *unload, const struct unload_there *there,
		   bool *out_go, struct err *err)
{
	const struct load_world *world = unload->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str place = STR_EMPTY;
	CLEANUP(str_done) struct str answer = STR_EMPTY;
	bool has_place = find_new(unload, &place);

	str_add(&text, "The target is not empty: ");
	describe(there, unload->uri.text, &text);
	world->info(world->context, text.text);
	str_set(&text, "[c]lean: remove them first, [o]verwrite files of the "
		       "same names, ");
	if (has_place)
		str_addf(&text, "[n]ew: %s, ", place.text);
	str_add(&text, "[q]uit? ");
	if (!world->answer(world->context, text.text, &answer, err))
		return false;
	switch (answer.text[0]) {
	case 'c':
	case 'C':
		add_word(unload, "cleanpath");
		unload->alone = !copy_options_has(&unload->args->options,
						  COPY_PARTITION);
		return true;
	case 'o':
	case 'O':
		add_word(unload, "allowoverwrite");
		return true;
	case 'n':
	case 'N':
		if (has_place)
			str_set_slice(&unload->uri, place.text, place.len);
		unload->alone = has_place;
		*out_go = has_place;
		return true;
	default:
		*out_go = false;
		return true;
	}
}

bool unload_target_check(struct unload *unload, bool *out_go, struct err *err)
{
	const struct load_world *world = unload->world;
	const struct copy_options *options = &unload->args->options;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct unload_there there = { 0, 0 };
	struct err why = ERR_EMPTY;

	*out_go = true;
	if (!world->list(world->context, unload->uri.text, unload_target_count,
			 &there, &why)) {
		if (why.kind == ERR_MISSING || why.kind == ERR_CANCELLED) {
			*err = why;
			return false;
		}
		return true; /* the server's role may see more than we */
	}
	unload->alone = there.objects == 0;
	if (there.objects == 0)
		return true;
	if (!copy_options_has(options, COPY_ALLOWOVERWRITE) &&
	    !copy_options_has(options, COPY_CLEANPATH)) {
		if (world->answer == NULL || unload->args->yes)
			return refuse(unload, &there, err);
		return choose(unload, &there, out_go, err);
	}
	unload->alone = copy_options_has(options, COPY_CLEANPATH) &&
			!copy_options_has(options, COPY_PARTITION);
	describe(&there, unload->uri.text, &text);
	if (unload->alone)
		str_add(&text, ": they go first, for good");
	world->warn(world->context, text.text);
	return true;
}
