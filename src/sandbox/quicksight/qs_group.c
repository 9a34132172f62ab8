#include "sandbox/quicksight/qs_group.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/json.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/quicksight/qs_user.h"
#include "sandbox/s3/s3_call.h"

static const char kind[] = "group";
static const char member_kind[] = "member"; /* its parent is the group */
static const char id_member[] = "GroupName";
static const char shown[] = "Arn GroupName Description PrincipalId";
static const char member_shown[] = "Arn MemberName";

static struct qs_key key_of(const char *name)
{
	return (struct qs_key){ kind, QS_NAMESPACE, name };
}

/* The name in an ARN "...:KIND/default/NAME" of the home region; NULL: it is
 * none. Borrowed from id. */
static const char *name_in(const struct qs *qs, const char *arn,
			   const char *of_kind, struct str *id)
{
	CLEANUP(str_done) struct str region = STR_EMPTY;
	CLEANUP(str_done) struct str home = STR_EMPTY;

	qs_add_home(qs, &home);
	return qs_read_arn(arn, of_kind, &region, id) &&
			       strcmp(region.text, home.text) == 0 &&
			       str_starts(id->text, QS_NAMESPACE "/")
		       ? id->text + strlen(QS_NAMESPACE "/")
		       : NULL;
}

bool qs_group_has(const struct qs *qs, const char *arn)
{
	CLEANUP(str_done) struct str id = STR_EMPTY;
	const char *name = name_in(qs, arn, kind, &id);

	return name != NULL && qs_store_has(qs->store, key_of(name));
}

bool qs_group_may(const struct qs *qs, const struct json *record,
		  const char *user, const char *action)
{
	const struct json *list = json_key(record, "Permissions");
	CLEANUP(str_done) struct str user_id = STR_EMPTY;
	const char *member = name_in(qs, user, "user", &user_id);

	for (size_t i = 0; member != NULL && i < json_count(list); i++) {
		CLEANUP(str_done) struct str id = STR_EMPTY;
		const char *arn =
			json_text(json_item(list, i), "Principal", "");
		struct qs_key key = { member_kind, name_in(qs, arn, kind, &id),
				      member };

		if (key.parent != NULL && qs_store_has(qs->store, key) &&
		    qs_may(record, arn, action))
			return true;
	}
	return false;
}

/* --- operations --- */

static bool create(struct qs_call *call, struct err *err)
{
	struct qs_key key = key_of(json_text(call->in, id_member, ""));
	CLEANUP(json_freep) struct json *group = json_new_object();
	CLEANUP(str_done) struct str hex = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;

	if (!qs_user_check_namespace(call, err) || !qs_need_new(call, key, err))
		return false;
	qs_user_add_arn(call->qs, kind, key.id, &arn);
	hash_add_hex(HASH_SHA256, arn.text, arn.len, &hex);
	str_addf(&id, "group/d-%.10s/%.32s", hex.text, hex.text + 10);
	json_put_text(group, "Arn", arn.text);
	json_put_text(group, "PrincipalId", id.text);
	qs_pick(group, call->in, "GroupName Description");
	if (!qs_store_put(call->qs->store, key, group, err))
		return false;
	call->status = 201;
	qs_put_picked(call, "Group", group, shown);
	return true;
}

static struct json *need(const struct qs_call *call, struct err *err)
{
	struct qs_key key = key_of(json_text(call->in, id_member, ""));
	struct json *group;

	if (!qs_user_check_namespace(call, err))
		return NULL;
	group = qs_store_get(call->qs->store, key, NULL);
	if (group == NULL)
		s3_call_refuse(err, "ResourceNotFoundException",
			       "Group %s not found", key.id);
	return group;
}

static bool describe(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *group = need(call, err);

	if (group != NULL)
		qs_put_picked(call, "Group", group, shown);
	return group != NULL;
}

static bool update(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *group = need(call, err);
	struct qs_key key = key_of(json_text(call->in, id_member, ""));

	if (group == NULL)
		return false;
	json_drop(group, "Description");
	qs_pick(group, call->in, "Description");
	if (!qs_store_put(call->qs->store, key, group, err))
		return false;
	qs_put_picked(call, "Group", group, shown);
	return true;
}

static bool delete (struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *group = need(call, err);
	struct qs_key key = key_of(json_text(call->in, id_member, ""));

	return group != NULL && qs_store_drop(call->qs->store, key, err) &&
	       qs_store_drop_all(call->qs->store, member_kind, key.id, err);
}

static bool list(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *list = NULL;

	if (!qs_user_check_namespace(call, err))
		return false;
	list = qs_store_list(call->qs->store, key_of(""), err);
	return list != NULL && qs_put_page(call, list, "GroupList", shown, err);
}

/* --- members --- */

static struct qs_key member_key(const struct qs_call *call)
{
	return (struct qs_key){ member_kind, json_text(call->in, id_member, ""),
				json_text(call->in, "MemberName", "") };
}

static bool add_member(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *group = need(call, err);
	struct qs_key key = member_key(call);
	struct qs_key user = { "user", QS_NAMESPACE, key.id };
	CLEANUP(json_freep) struct json *member = json_new_object();
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	if (group == NULL)
		return false;
	if (!qs_store_has(call->qs->store, user))
		return s3_call_refuse(err, "ResourceNotFoundException",
				      "User %s not found", key.id);
	qs_user_add_arn(call->qs, "user", key.id, &arn);
	json_put_text(member, "Arn", arn.text);
	json_put_text(member, "MemberName", key.id);
	if (!qs_store_put(call->qs->store, key, member, err))
		return false;
	qs_put_picked(call, "GroupMember", member, member_shown);
	return true;
}

static struct json *need_member(const struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *group = need(call, err);
	struct json *member;

	if (group == NULL)
		return NULL;
	member = qs_store_get(call->qs->store, member_key(call), NULL);
	if (member == NULL)
		s3_call_refuse(err, "ResourceNotFoundException",
			       "User %s is no member of group %s",
			       member_key(call).id, member_key(call).parent);
	return member;
}

static bool describe_member(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *member = need_member(call, err);

	if (member != NULL)
		qs_put_picked(call, "GroupMember", member, member_shown);
	return member != NULL;
}

static bool drop_member(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *member = need_member(call, err);

	return member != NULL &&
	       qs_store_drop(call->qs->store, member_key(call), err);
}

static bool list_members(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *group = need(call, err);
	CLEANUP(json_freep) struct json *list = NULL;

	if (group == NULL)
		return false;
	list = qs_store_list(call->qs->store, member_key(call), err);
	return list != NULL &&
	       qs_put_page(call, list, "GroupMemberList", member_shown, err);
}

/* Of a user. */
static bool list_of_user(struct qs_call *call, struct err *err)
{
	const char *name = json_text(call->in, "UserName", "");
	CLEANUP(json_freep) struct json *user = qs_user_need(call, err);
	CLEANUP(json_freep) struct json *all = NULL;
	CLEANUP(json_freep) struct json *found = json_new_array();

	if (user == NULL)
		return false;
	all = qs_store_list(call->qs->store, key_of(""), err);
	for (size_t i = 0; i < json_count(all); i++) {
		struct qs_key key = {
			member_kind,
			json_text(json_item(all, i), id_member, ""), name
		};

		if (qs_store_has(call->qs->store, key))
			json_push_take(found, json_clone(json_item(all, i)));
	}
	return all != NULL && qs_put_page(call, found, "GroupList", shown, err);
}

const struct qs_op qs_group_ops[] = {
	{ "CreateGroup", create, kind, id_member },
	{ "DescribeGroup", describe, kind, id_member },
	{ "UpdateGroup", update, kind, id_member },
	{ "DeleteGroup", delete, kind, id_member },
	{ "ListGroups", list, kind, NULL },
	{ "CreateGroupMembership", add_member, kind, id_member },
	{ "DescribeGroupMembership", describe_member, kind, id_member },
	{ "DeleteGroupMembership", drop_member, kind, id_member },
	{ "ListGroupMemberships", list_members, kind, id_member },
	{ "ListUserGroups", list_of_user, "user", "UserName" },
	{ 0 },
};
