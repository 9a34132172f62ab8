#include "catalog/stage_sql.h"

#include <stddef.h>

/* clang-format off */
#define FACT(name) "(select " name " from temp.s_facts)"
#define HAS(part)  "(" FACT("parts") " & " part ") <> 0"
#define OURS       "database in ('', " FACT("database") ")"

/* The numbers of enum question_part, as SQL writes them. */
#define P_SCHEMAS    "1"
#define P_RELATIONS  "2"
#define P_COLUMNS    "4"
#define P_KEYS       "8"
#define P_FUNCTIONS  "16"
#define P_DATABASES  "32"
#define P_EXTERNAL   "4096"
#define P_PARTITIONS "8192"
#define P_OTHERS     "16384"
#define P_COMMENTS   "32768"
#define P_STALENESS  "65536"

#define CHANGE                                                                 \
	"insert into changes (database, seen_ms, change, what, schema,"        \
	" relation, name, before, after) select " FACT("database") ", " FACT(  \
		"now_ms") ", "
#define WHAT(kind)                                                             \
	"case " kind " when 1 then 'view' when 2 then 'external table'"        \
	" when 3 then 'view' when 4 then 'materialized view'"                  \
	" else 'table' end"
/* A relation of the cache that this reading would have told of. */
#define ASKED "(" FACT("whole") " or r.name in (select name from temp.s_asked))"

const char *const stage_steps[] = {
	/* -- what was read in pieces is put together -- */
	"update temp.s_columns set marks = marks | 4 where (oid, position) in"
	" (select k.oid, j.value from temp.s_keys k, json_each('[' || k.parts"
	" || ']') j where k.kind = 'p')",
	"update temp.s_columns set marks = marks | 8 where (oid, position) in"
	" (select k.oid, j.value from temp.s_keys k, json_each('[' || k.parts"
	" || ']') j where k.kind = 'f')",
	"update temp.s_columns set marks = marks | 128 where (oid, position)"
	" in (select k.oid, j.value from temp.s_keys k, json_each('[' ||"
	" k.parts || ']') j where k.kind = 'u')",
	"update temp.s_relations set comment = (select comment from"
	" temp.s_comments c where c.oid = s_relations.oid and c.position = 0)"
	" where oid in (select oid from temp.s_comments)",
	"update temp.s_columns set comment = (select comment from"
	" temp.s_comments c where c.oid = s_columns.oid and c.position ="
	" s_columns.position) where (oid, position) in (select oid, position"
	" from temp.s_comments)",
	/* What could not be read stays as it was: as far as it is known. */
	"delete from temp.s_columns where oid in (select oid from"
	" temp.s_relations where kind = 2) and not " HAS(P_EXTERNAL),

	/* -- schemas -- */
	"insert or ignore into schemas (database, name, kind, owner, comment,"
	" acl) select database, name, kind, owner, comment, acl from"
	" temp.s_schemas",
	"update temp.s_schemas set id = (select id from schemas m where"
	" m.database = s_schemas.database and m.name = s_schemas.name)",
	"insert or replace into schemas select s.id, s.database, s.name,"
	" s.kind, s.owner, s.comment, s.acl from temp.s_schemas s join"
	" schemas m on m.id = s.id where m.kind is not s.kind or m.owner is"
	" not s.owner or m.comment is not s.comment or m.acl is not s.acl",

	/* -- relations that are gone -- */
	"update temp.s_relations set id = (select r.id from relations r join"
	" temp.s_schemas y on y.id = r.schema_id where y.oid ="
	" s_relations.schema_oid and r.name = s_relations.name)",
	"update temp.s_relations set fresh = 1 where id is null",
	"insert into temp.gone select r.id, s.name, r.name, r.kind from"
	" relations r join schemas s on s.id = r.schema_id where s." OURS
	" and " HAS(P_RELATIONS) " and " ASKED " and (r.kind <> 2 or "
	HAS(P_EXTERNAL) " or " FACT("imported") ") and r.id not in"
	" (select id from temp.s_relations where id is not null) and (not "
	FACT("imported") " or exists (select 1 from temp.s_schemas y where"
	" y.id = s.id))",
	"insert or ignore into temp.gone select r.id, s.name, r.name, r.kind"
	" from schemas s join relations r on r.schema_id = s.id where"
	" s.database not in ('', " FACT("database") ") and " HAS(P_OTHERS)
	" and not exists (select 1 from databases d where d.name = s.database"
	" and d.harvested_ms > 0) and r.id not in (select id from"
	" temp.s_relations where id is not null)",
	CHANGE "'removed', " WHAT("kind") ", schema, name, '', null, null"
	" from temp.gone where not " FACT("first"),
	"delete from columns where relation_id in (select id from temp.gone)",
	"delete from keys where relation_id in (select id from temp.gone)",
	"delete from partitions where relation_id in (select id from"
	" temp.gone)",
	"delete from relations where id in (select id from temp.gone)",
	CHANGE "'removed', 'schema', s.name, '', '', null, null from schemas"
	" s where s.database = " FACT("database") " and " HAS(P_SCHEMAS)
	" and not " FACT("first") " and not " FACT("imported") " and not"
	" exists (select 1 from temp.s_schemas y where y.id = s.id)",
	"delete from schemas where " HAS(P_SCHEMAS) " and not "
	FACT("imported") " and " OURS " and id not in (select id from"
	" temp.s_schemas)",
	"delete from schemas where " HAS(P_OTHERS) " and not " OURS " and id"
	" not in (select id from temp.s_schemas) and database not in (select"
	" name from databases where harvested_ms > 0)",
	"delete from functions where schema_id not in (select id from"
	" schemas)",

	/* -- relations that are there -- */
	"insert or ignore into relations (schema_id, name, kind) select y.id,"
	" x.name, x.kind from temp.s_relations x join temp.s_schemas y on"
	" y.oid = x.schema_oid where x.id is null order by x.oid",
	"update temp.s_relations set id = (select r.id from relations r join"
	" temp.s_schemas y on y.id = r.schema_id where y.oid ="
	" s_relations.schema_oid and r.name = s_relations.name) where id is"
	" null",
	/* Those of other databases that these have read themselves. */
	"delete from temp.s_relations where oid < 0 and kind <> 2 and fresh ="
	" 0 and id is not null and schema_oid in (select y.oid from"
	" temp.s_schemas y join databases d on d.name = y.database and"
	" d.harvested_ms > 0 where d.name <> " FACT("database") ")",
	"insert or replace into relations select x.id, r.schema_id, x.name,"
	" case when x.kind in (1, 3) and not " HAS(P_STALENESS) " and r.kind"
	" = 4 then 4 when x.kind = 1 and r.kind = 3 and not " HAS(P_COLUMNS)
	" then 3 else x.kind end, x.owner, case when " HAS(P_STALENESS) " or"
	" x.kind = 2 then x.detail else r.detail end, x.dist, case when "
	HAS(P_COMMENTS) " then x.comment else r.comment end, x.acl from"
	" temp.s_relations x join relations r on r.id = x.id where r.kind is"
	" not x.kind or r.owner is not x.owner or r.detail is not x.detail or"
	" r.dist is not x.dist or r.comment is not x.comment or r.acl is not"
	" x.acl",
	CHANGE "'added', " WHAT("x.kind") ", y.name, x.name, '', null, null"
	" from temp.s_relations x join temp.s_schemas y on y.oid ="
	" x.schema_oid where x.fresh and not " FACT("first") " and y.database"
	" = " FACT("database"),

	/* -- columns -- */
	"delete from temp.s_columns where oid not in (select oid from"
	" temp.s_relations where id is not null)",
	"insert into temp.was select o.relation_id, o.position, o.name,"
	" o.type from temp.s_relations x cross join columns o on"
	" o.relation_id = x.id left join temp.s_columns c on c.oid = x.oid"
	" and c.position = o.position where (c.name is not o.name or c.type"
	" is not o.type) and (" HAS(P_COLUMNS) ") and (c.oid is not null or"
	" exists (select 1 from temp.s_columns e where e.oid = x.oid))",
	"insert into temp.is_now select x.id, c.position, c.name, c.type from"
	" temp.s_relations x cross join temp.s_columns c on c.oid = x.oid"
	" left join columns o on o.relation_id = x.id and o.position ="
	" c.position where not " FACT("first") " and not x.fresh and (c.name"
	" is not o.name or c.type is not o.type) and exists (select 1 from"
	" columns e where e.relation_id = x.id)",
	CHANGE "'removed', 'column', s.name, r.name, w.name, w.type, null"
	" from temp.was w join relations r on r.id = w.relation_id join"
	" schemas s on s.id = r.schema_id where not exists (select 1 from"
	" temp.is_now n where n.relation_id = w.relation_id and n.name ="
	" w.name) and not " FACT("first"),
	CHANGE "'added', 'column', s.name, r.name, n.name, null, n.type from"
	" temp.is_now n join relations r on r.id = n.relation_id join schemas"
	" s on s.id = r.schema_id where not exists (select 1 from temp.was w"
	" where n.relation_id = w.relation_id and n.name = w.name)",
	CHANGE "'changed', 'column', s.name, r.name, n.name, w.type, n.type"
	" from temp.is_now n join temp.was w on n.relation_id = w.relation_id"
	" and n.name = w.name join relations r on r.id = n.relation_id join"
	" schemas s on s.id = r.schema_id where n.type <> w.type",
	"delete from columns where (relation_id, position) in (select"
	" relation_id, position from temp.was)",
	"insert or replace into columns select x.id, c.position, c.name,"
	" c.type, c.marks, c.sort, c.encoding, c.value, c.comment from"
	" temp.s_relations x cross join temp.s_columns c on c.oid = x.oid"
	" left join columns o on o.relation_id = x.id and o.position ="
	" c.position where o.name is not c.name or o.type is not c.type or"
	" o.marks is not c.marks or o.sort is not c.sort or o.encoding is not"
	" c.encoding or o.value is not c.value or o.comment is not c.comment",

	/* -- keys -- */
	"delete from keys where " HAS(P_KEYS) " and relation_id in (select id"
	" from temp.s_relations)",
	"insert or ignore into keys select x.id, k.kind, k.name, a.key + 1,"
	" c.name, k.to_schema, k.to_relation, (select tc.name from schemas ty"
	" join relations t on t.schema_id = ty.id join columns tc on"
	" tc.relation_id = t.id where ty.database = " FACT("database") " and"
	" ty.name = k.to_schema and t.name = k.to_relation and tc.position ="
	" json_extract('[' || k.to_parts || ']', '$[' || a.key || ']')) from"
	" temp.s_keys k join temp.s_relations x on x.oid = k.oid join"
	" json_each('[' || k.parts || ']') a join temp.s_columns c on c.oid ="
	" k.oid and c.position = a.value",

	/* -- functions -- */
	"delete from functions where " HAS(P_FUNCTIONS) " and schema_id in"
	" (select id from temp.s_schemas where " OURS ")",
	"insert or ignore into functions (schema_id, name, arguments, kind,"
	" returns, language, comment) select y.id, f.name, f.arguments,"
	" f.kind, f.returns, f.language, f.comment from temp.s_functions f"
	" join temp.s_schemas y on y.oid = f.schema_oid",

	/* -- the rest -- */
	"delete from partitions where " HAS(P_PARTITIONS) " and relation_id"
	" in (select id from temp.s_relations)",
	"insert or ignore into partitions select x.id, p.keys, p.location"
	" from temp.s_partitions p join temp.s_relations x on x.oid = p.oid",
	"delete from databases where " HAS(P_DATABASES) " and harvested_ms ="
	" 0 and name not in (select name from temp.s_databases)",
	"insert into databases (name, kind, owner) select name, kind, owner"
	" from temp.s_databases where true on conflict (name) do update set"
	" kind = excluded.kind, owner = excluded.owner",
	"delete from names where ((" FACT("parts") " >> (what + 1)) & 1) <> 0"
	" and " OURS,
	"insert or ignore into names (what, database, name, detail) select"
	" what, database, name, detail from temp.s_names",
	"delete from missing where database = " FACT("database") " and ("
	FACT("whole") " and " HAS(P_DATABASES) " or what in (select what from"
	" temp.s_missing))",
	"insert or replace into missing select " FACT("database") ", what,"
	" why from temp.s_missing where why <> ''",
	"delete from changes where id <= (select max(id) from changes) -"
	" 20000",
	NULL,
};
