#include "sandbox/stacks/cfn.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/stacks/cfn_make.h"
#include "sandbox/stacks/cfn_mask.h"
#include "sandbox/stacks/cfn_schema.h"
#include "sandbox/stacks/cfn_template.h"
#include "sandbox/stacks/cfn_work.h"

enum { LOOK_MS = 60000 }; /* when nothing is under way */

/* --- the thread --- */

/* Under lock; when to look again. */
static int64_t work_once(struct cfn *cfn, int64_t now_ms)
{
	int64_t next_ms = now_ms + LOOK_MS;

	for (size_t i = 0; i < cfn->stacks.count; i++)
		if (cfn_work_step(cfn, cfn->stacks.items[i], now_ms, &next_ms))
			cfn_save(cfn, cfn->stacks.items[i]);
	return next_ms;
}

static void wait_until(struct cfn *cfn, int64_t at_ms)
{
	int64_t left_ms = at_ms - clock_wall_ms();
	struct timespec end;

	if (left_ms < 1)
		left_ms = 1;
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += left_ms / 1000;
	end.tv_nsec += left_ms % 1000 * 1000000;
	if (end.tv_nsec >= 1000000000) {
		end.tv_sec++;
		end.tv_nsec -= 1000000000;
	}
	pthread_cond_timedwait(&cfn->changed, &cfn->lock, &end);
}

static void *run(void *context)
{
	struct cfn *cfn = context;

	pthread_mutex_lock(&cfn->lock);
	cfn_make_forget_claims(cfn);
	while (!cfn->stopped) {
		int64_t next_ms = work_once(cfn, clock_wall_ms());

		if (!cfn->stopped)
			wait_until(cfn, next_ms);
	}
	pthread_mutex_unlock(&cfn->lock);
	return NULL;
}

void cfn_lock(struct cfn *cfn)
{
	pthread_mutex_lock(&cfn->lock);
}

void cfn_unlock(struct cfn *cfn)
{
	pthread_cond_signal(&cfn->changed);
	pthread_mutex_unlock(&cfn->lock);
}

/* --- opening --- */

static int by_age(const void *one, const void *other)
{
	const struct cfn_stack *a = *(struct cfn_stack *const *)one;
	const struct cfn_stack *b = *(struct cfn_stack *const *)other;

	return (a->created_ms > b->created_ms) -
	       (a->created_ms < b->created_ms);
}

/* A file that cannot be read is left alone, and told of in the log. */
static void load_all(struct cfn *cfn)
{
	DIR *folder = opendir(cfn->folder);
	const struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		CLEANUP(str_done) struct str path = STR_EMPTY;
		struct err err = ERR_EMPTY;
		struct cfn_stack *stack;

		if (!str_ends(entry->d_name, ".json"))
			continue;
		path_join(cfn->folder, entry->d_name, &path);
		stack = cfn_stack_load(path.text, &err);
		if (stack != NULL)
			vec_push(&cfn->stacks, stack);
		else
			log_debug(LOG_SANDBOX, "stack left out: %s",
				  err.message);
	}
	if (folder != NULL)
		closedir(folder);
	if (cfn->stacks.count > 0)
		qsort(cfn->stacks.items, cfn->stacks.count,
		      sizeof(*cfn->stacks.items), by_age);
}

static void free_all(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->stacks.count; i++)
		cfn_stack_free(cfn->stacks.items[i]);
	vec_done(&cfn->stacks);
	cfn_schema_close(cfn->schema);
	pthread_cond_destroy(&cfn->changed);
	pthread_mutex_destroy(&cfn->lock);
	mem_free(cfn->folder);
	mem_free(cfn);
}

struct cfn *cfn_open(const struct s3_http_options *options, struct err *err)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	struct cfn_schema *schema = cfn_schema_open(err);
	struct cfn *cfn;

	if (schema == NULL)
		return NULL;
	path_join(options->dir, "stacks", &folder);
	cfn = mem_alloc(sizeof(*cfn));
	cfn->options = options;
	cfn->schema = schema;
	cfn->folder = str_take(&folder);
	cfn->step_ms = options->stack_step_ms > 0 ? options->stack_step_ms
						  : CFN_STEP_MS;
	pthread_mutex_init(&cfn->lock, NULL);
	pthread_cond_init(&cfn->changed, NULL);
	load_all(cfn);
	if (pthread_create(&cfn->thread, NULL, run, cfn) != 0) {
		free_all(cfn);
		err_set(err, ERR_SYSTEM, "no thread for stacks");
		return NULL;
	}
	return cfn;
}

void cfn_close(struct cfn *cfn)
{
	if (cfn == NULL)
		return;
	pthread_mutex_lock(&cfn->lock);
	cfn->stopped = true;
	cfn_unlock(cfn);
	pthread_join(cfn->thread, NULL);
	free_all(cfn);
}

/* --- stacks --- */

static bool is_deleted(const struct cfn_stack *stack)
{
	return strcmp(stack->status, "DELETE_COMPLETE") == 0;
}

struct cfn_stack *cfn_find(struct cfn *cfn, const char *name)
{
	for (size_t i = cfn->stacks.count; i > 0; i--) {
		struct cfn_stack *stack = cfn->stacks.items[i - 1];

		if (strcmp(stack->id, name) == 0 ||
		    (!is_deleted(stack) && strcmp(stack->name, name) == 0))
			return stack;
	}
	return NULL;
}

struct cfn_resource *cfn_find_physical(struct cfn *cfn, const char *type,
				       const char *physical)
{
	for (size_t i = 0; i < cfn->stacks.count; i++) {
		struct cfn_stack *stack = cfn->stacks.items[i];

		for (size_t j = 0; j < stack->resources.count; j++) {
			struct cfn_resource *one = &stack->resources.items[j];

			if (strcmp(one->type, type) != 0)
				continue;
			if ((one->physical != NULL &&
			     strcmp(one->physical, physical) == 0) ||
			    (one->old_physical != NULL &&
			     strcmp(one->old_physical, physical) == 0))
				return one;
		}
	}
	return NULL;
}

struct cfn_stack *cfn_new_stack(struct cfn *cfn, const char *name,
				const char *status)
{
	struct cfn_stack *stack = mem_alloc(sizeof(*stack));
	CLEANUP(str_done) struct str id = STR_EMPTY;

	str_addf(&id,
		 "arn:aws:cloudformation:" IDENTITY_REGION ":" IDENTITY_ACCOUNT
		 ":stack/%s/",
		 name);
	cfn_add_uuid(&id);
	stack->id = str_take(&id);
	cfn_put(&stack->name, name);
	cfn_put(&stack->status, status);
	stack->created_ms = clock_wall_ms();
	vec_push(&cfn->stacks, stack);
	return stack;
}

/* Nobody waits for the answer: what cannot be written is in the log. */
void cfn_save(struct cfn *cfn, struct cfn_stack *stack)
{
	struct err err = ERR_EMPTY;

	if (!cfn_stack_save(stack, cfn->folder, &err))
		log_debug(LOG_SANDBOX, "stack %s not written: %s", stack->name,
			  err.message);
}

/* --- events --- */

static void add_event(struct cfn_stack *stack, struct cfn_event *event)
{
	event->at_ms = clock_wall_ms();
	/* each is later than the one before, so that their order is told */
	if (stack->events.count > 0 &&
	    event->at_ms <=
		    stack->events.items[stack->events.count - 1].at_ms)
		event->at_ms =
			stack->events.items[stack->events.count - 1].at_ms + 1;
	event->token = mem_copy_text(stack->token);
	vec_push(&stack->events, *event);
}

void cfn_tell_stack(struct cfn_stack *stack, const char *status,
		    const char *reason)
{
	CLEANUP(str_done) struct str id = STR_EMPTY;
	struct cfn_event event = {
		.logical = mem_copy_text(stack->name),
		.physical = mem_copy_text(stack->id),
		.type = mem_copy_text("AWS::CloudFormation::Stack"),
		.status = mem_copy_text(status),
		.reason = mem_copy_text(reason),
	};

	cfn_add_uuid(&id);
	event.id = str_take(&id);
	cfn_put(&stack->status, status);
	cfn_put(&stack->reason, reason);
	add_event(stack, &event);
}

static void collect(const char *template, const struct json *params,
		    struct json *secrets)
{
	CLEANUP(json_freep) struct json *read = NULL;

	if (template == NULL || strstr(template, "NoEcho") == NULL)
		return;
	read = cfn_template_read(template, strlen(template), true, NULL);
	cfn_mask_collect(read, params, secrets);
}

/* What is not to be echoed is not in the events either: nor what was there
 * before the update that runs. */
static void add_masked(const struct cfn_stack *stack,
		       const struct json *properties, struct str *out)
{
	static const char *const names[] = {
		"MasterUserPassword", "AdminUserPassword", "SecretString",
	};
	CLEANUP(json_freep) struct json *secrets = json_new_array();
	CLEANUP(json_freep) struct json *shown = NULL;

	collect(stack->template, stack->params, secrets);
	collect(stack->old_template, stack->old_params, secrets);
	shown = cfn_mask_value(properties, secrets);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (json_key(shown, names[i]) != NULL)
			json_put_text(shown, names[i], "****");
	json_add(out, shown);
}

void cfn_tell(struct cfn_stack *stack, struct cfn_resource *resource,
	      const char *status, const char *reason)
{
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(str_done) struct str properties = STR_EMPTY;
	struct cfn_event event = {
		.logical = mem_copy_text(resource->logical),
		.physical = mem_copy_text(resource->physical != NULL
						  ? resource->physical
						  : ""),
		.type = mem_copy_text(resource->type),
		.status = mem_copy_text(status),
		.reason = mem_copy_text(reason),
	};

	str_addf(&id, "%s-%s-", resource->logical, status);
	cfn_add_uuid(&id);
	event.id = str_take(&id);
	if (resource->properties != NULL)
		add_masked(stack, resource->properties, &properties);
	event.properties = str_take(&properties);
	if (resource->physical != NULL)
		cfn_put(&resource->last_physical, resource->physical);
	cfn_put(&resource->status, status);
	cfn_put(&resource->reason, reason);
	add_event(stack, &event);
	resource->changed_ms =
		stack->events.items[stack->events.count - 1].at_ms;
}

/* --- values --- */

struct json *cfn_value_of(const struct cfn_resource *resource,
			  const char *attribute, struct err *err)
{
	const struct json *value =
		json_key(resource->attributes,
			 attribute != NULL ? attribute : "Ref");

	if (value == NULL && attribute != NULL)
		value = json_key(resource->properties, attribute);
	if (value != NULL)
		return json_clone(value);
	cfn_refuse(err, "Attribute '%s' does not exist",
		   attribute != NULL ? attribute : "Ref");
	return NULL;
}
