-- SVV views: tables, columns, schemas, functions, privileges as the guide lists
-- them. Repeatable.

-- Every relation that information views tell of.
CREATE OR REPLACE VIEW redshift_sandbox.relation AS
SELECT c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.relacl,
	CASE WHEN c.relkind = 'r' THEN 'TABLE' ELSE 'VIEW' END AS kind,
	obj_description(c.oid, 'pg_class') AS remarks
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm') AND redshift_sandbox.is_shown(n.nspname)
AND has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, REFERENCES');

CREATE OR REPLACE VIEW redshift_sandbox.relation_column AS
SELECT r.oid, r.nspname, r.relname, a.attname, a.attnum, a.attnotnull,
	a.atttypid, a.attacl,
	redshift_sandbox.type_text(a.atttypid, a.atttypmod) AS full_type,
	redshift_sandbox.type_text(a.atttypid, NULL) AS type,
	d.adsrc AS column_default,
	CASE WHEN a.atttypid IN (1042, 1043) AND a.atttypmod > 4
		THEN a.atttypmod - 4 END AS length,
	CASE a.atttypid WHEN 21 THEN 16 WHEN 23 THEN 32 WHEN 20 THEN 64
		WHEN 700 THEN 24 WHEN 701 THEN 53
		WHEN 1700 THEN ((a.atttypmod - 4) >> 16) & 65535 END AS precision,
	CASE WHEN a.atttypid IN (20, 21, 23) THEN 0
		WHEN a.atttypid = 1700 THEN (a.atttypmod - 4) & 65535 END AS scale,
	col_description(r.oid, a.attnum) AS remarks
FROM redshift_sandbox.relation r
JOIN redshift_sandbox.attribute a ON a.attrelid = r.oid
LEFT JOIN redshift_sandbox.pg_attrdef d
	ON d.adrelid = r.oid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped;

CREATE OR REPLACE VIEW pg_catalog.svv_tables AS
SELECT current_database()::text AS table_catalog,
	nspname::text AS table_schema, relname::text AS table_name,
	CASE kind WHEN 'TABLE' THEN 'BASE TABLE' ELSE kind END AS table_type,
	remarks
FROM redshift_sandbox.relation;

CREATE OR REPLACE VIEW pg_catalog.svv_columns AS
SELECT current_database()::text AS table_catalog,
	nspname::text AS table_schema, relname::text AS table_name,
	attname::text AS column_name, attnum::int AS ordinal_position,
	column_default, CASE WHEN attnotnull THEN 'NO' ELSE 'YES' END
		AS is_nullable,
	type AS data_type, length AS character_maximum_length,
	precision AS numeric_precision,
	CASE WHEN atttypid IN (20, 21, 23, 700, 701) THEN 2
		WHEN atttypid = 1700 THEN 10 END AS numeric_precision_radix,
	scale AS numeric_scale,
	CASE WHEN atttypid IN (1083, 1114, 1184, 1266) THEN 6
		WHEN atttypid = 1082 THEN 0 END AS datetime_precision,
	NULL::text AS interval_type, NULL::text AS interval_precision,
	NULL::text AS character_set_catalog, NULL::text AS character_set_schema,
	NULL::text AS character_set_name, NULL::text AS collation_catalog,
	NULL::text AS collation_schema, NULL::text AS collation_name,
	NULL::text AS domain_name, remarks
FROM redshift_sandbox.relation_column;

CREATE OR REPLACE VIEW pg_catalog.svv_redshift_tables AS
SELECT current_database()::varchar(128) AS database_name,
	nspname::varchar(128) AS schema_name,
	relname::varchar(128) AS table_name, kind::varchar(128) AS table_type,
	array_to_string(relacl, '~')::varchar(128) AS table_acl,
	remarks::varchar(128) AS remarks,
	pg_get_userbyid(relowner)::varchar(128) AS table_owner
FROM redshift_sandbox.relation;

CREATE OR REPLACE VIEW pg_catalog.svv_all_tables AS
SELECT current_database()::varchar(128) AS database_name,
	nspname::varchar(128) AS schema_name,
	relname::varchar(128) AS table_name,
	array_to_string(relacl, '~')::varchar(128) AS table_acl,
	kind::varchar(128) AS table_type, remarks::varchar(256) AS remarks
FROM redshift_sandbox.relation;

CREATE OR REPLACE VIEW pg_catalog.svv_redshift_columns AS
SELECT current_database()::varchar(128) AS database_name,
	c.nspname::varchar(128) AS schema_name,
	c.relname::varchar(128) AS table_name,
	c.attname::varchar(128) AS column_name,
	c.attnum::int AS ordinal_position, c.full_type::varchar(32) AS data_type,
	c.column_default::varchar(4000) AS column_default,
	CASE WHEN c.attnotnull THEN 'NO' ELSE 'YES' END::varchar(3)
		AS is_nullable,
	redshift_sandbox.encoding_of(c.oid, c.attnum, c.atttypid)::varchar(128)
		AS encoding,
	coalesce(k.distkey, false) AS distkey,
	coalesce(k.sortkey, 0) AS sortkey,
	array_to_string(c.attacl, '~')::varchar(128) AS column_acl,
	c.remarks::varchar(256) AS remarks
FROM redshift_sandbox.relation_column c
LEFT JOIN redshift_sandbox.column_attribute k
	ON k.relid = c.oid AND k.attnum = c.attnum;

CREATE OR REPLACE VIEW pg_catalog.svv_all_columns AS
SELECT current_database()::varchar(128) AS database_name,
	nspname::varchar(128) AS schema_name,
	relname::varchar(128) AS table_name,
	attname::varchar(128) AS column_name, attnum::int AS ordinal_position,
	column_default::varchar(4000) AS column_default,
	CASE WHEN attnotnull THEN 'NO' ELSE 'YES' END::varchar(3)
		AS is_nullable,
	type::varchar(128) AS data_type, length AS character_maximum_length,
	precision AS numeric_precision, scale AS numeric_scale,
	remarks::varchar(256) AS remarks
FROM redshift_sandbox.relation_column;

CREATE OR REPLACE VIEW pg_catalog.svv_all_schemas AS
SELECT current_database()::varchar(128) AS database_name,
	nspname::varchar(128) AS schema_name, nspowner::int AS schema_owner,
	'local'::varchar(128) AS schema_type,
	array_to_string(nspacl, '~')::varchar(128) AS schema_acl,
	NULL::varchar(128) AS source_database,
	NULL::varchar(256) AS schema_option
FROM pg_catalog.pg_namespace WHERE redshift_sandbox.is_shown(nspname);

CREATE OR REPLACE VIEW pg_catalog.svv_redshift_schemas AS
SELECT current_database()::varchar(128) AS database_name,
	nspname::varchar(128) AS schema_name, nspowner::int AS schema_owner,
	'local'::varchar(16) AS schema_type,
	array_to_string(nspacl, '~')::varchar(128) AS schema_acl,
	NULL::varchar(128) AS schema_option
FROM pg_catalog.pg_namespace WHERE redshift_sandbox.is_shown(nspname);

CREATE OR REPLACE VIEW pg_catalog.svv_redshift_databases AS
SELECT datname::varchar(128) AS database_name, datdba::int AS database_owner,
	'local'::varchar(32) AS database_type,
	array_to_string(datacl, '~')::varchar(128) AS database_acl,
	NULL::varchar(128) AS database_options,
	'Snapshot Isolation'::varchar(128) AS database_isolation_level
FROM pg_catalog.pg_database
WHERE datname NOT IN ('template0', 'template1', 'postgres');

CREATE OR REPLACE VIEW pg_catalog.svv_redshift_functions AS
SELECT current_database()::varchar(128) AS database_name,
	n.nspname::varchar(128) AS schema_name,
	p.proname::varchar(128) AS function_name,
	CASE p.prokind WHEN 'p' THEN 'STORED PROCEDURE'
		WHEN 'a' THEN 'AGGREGATED FUNCTION'
		ELSE 'REGULAR FUNCTION' END::varchar(128) AS function_type,
	oidvectortypes(p.proargtypes)::varchar(512) AS argument_type,
	format_type(p.prorettype, NULL)::varchar(128) AS result_type
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n
	ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema',
	'redshift_sandbox');

-- Views that follow at once (objects.sql) are never stale; of others nobody
-- keeps account.
CREATE OR REPLACE VIEW pg_catalog.svv_mv_info AS
SELECT current_database()::char(128) AS database_name,
	n.nspname::char(128) AS schema_name,
	pg_get_userbyid(c.relowner)::char(128) AS user_name,
	c.relname::char(128) AS name,
	(CASE WHEN a.automatic THEN 'f' ELSE 'u' END)::char(1) AS is_stale,
	1 AS state, 'f'::char(1) AS autorewrite,
	(CASE WHEN a.automatic THEN 't' ELSE 'f' END)::char(1) AS autorefresh
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger t
	WHERE t.tgname = 'redsh_refresh_' || c.oid) AS automatic) a
WHERE c.relkind = 'm';

-- External schemas and tables: objects_external.sql. 1: of the data catalog.
CREATE OR REPLACE VIEW pg_catalog.svv_external_schemas AS
SELECT n.oid AS esoid, 1::int2 AS eskind, n.nspname AS schemaname,
	n.nspowner::int AS esowner, s.databasename,
	json_build_object('IAM_ROLE', s.role)::text AS esoptions
FROM redshift_sandbox.external_schema s
JOIN pg_catalog.pg_namespace n ON n.oid = s.esoid;
CREATE OR REPLACE VIEW pg_catalog.svv_external_databases AS
SELECT DISTINCT 1 AS eskind, '{}'::text AS esoptions, s.databasename,
	''::text AS location, ''::text AS parameters
FROM redshift_sandbox.external_schema s
JOIN pg_catalog.pg_namespace n ON n.oid = s.esoid;
CREATE OR REPLACE VIEW pg_catalog.svv_external_tables AS
SELECT current_database()::text AS redshift_database_name,
	n.nspname::text AS schemaname, c.relname::text AS tablename,
	'EXTERNAL_TABLE'::text AS tabletype, t.location,
	'org.apache.hadoop.mapred.TextInputFormat'::text AS input_format,
	'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'::text
		AS output_format,
	'org.apache.hadoop.hive.serde2.' || CASE WHEN t.csv
		THEN 'OpenCSVSerde' ELSE 'lazy.LazySimpleSerDe' END
		AS serialization_lib,
	json_build_object(CASE WHEN t.csv THEN 'separatorChar'
		ELSE 'field.delim' END, t.delimiter)::text AS serde_parameters,
	0 AS compressed, json_object(t.properties)::text AS parameters
FROM redshift_sandbox.external_table t
JOIN pg_catalog.pg_class c ON c.oid = t.relid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace;
CREATE OR REPLACE VIEW pg_catalog.svv_external_columns AS
SELECT current_database()::text AS redshift_database_name,
	n.nspname::text AS schemaname, c.relname::text AS tablename,
	a.attname::text AS columnname,
	redshift_sandbox.type_text(a.atttypid, a.atttypmod) AS external_type,
	a.attnum::int AS columnnum,
	coalesce(array_position(t.parts, a.attname::text), 0) AS part_key, 'true'::text AS is_nullable
FROM redshift_sandbox.external_table t
JOIN pg_catalog.pg_class c ON c.oid = t.relid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
	AND NOT a.attisdropped;
CREATE OR REPLACE VIEW pg_catalog.svv_external_partitions AS
SELECT t.schemaname, t.tablename, to_json(p."values")::text AS "values",
	p.location, t.input_format, t.output_format, t.serialization_lib,
	t.serde_parameters, t.compressed, t.parameters
FROM redshift_sandbox.external_partition p
JOIN pg_catalog.pg_class c ON c.oid = p.relid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.svv_external_tables t ON t.schemaname = n.nspname
	AND t.tablename = c.relname;

CREATE OR REPLACE VIEW pg_catalog.svv_datashares AS
SELECT ''::varchar(128) AS share_name, 0 AS share_id, 0 AS share_owner,
	''::varchar(128) AS source_database,
	''::varchar(128) AS consumer_database, ''::varchar(8) AS share_type,
	NULL::timestamp AS createdate, false AS is_publicaccessible,
	''::varchar(256) AS share_acl, ''::varchar(16) AS producer_account,
	''::varchar(64) AS producer_namespace, ''::varchar(64) AS managed_by
WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_datashare_objects AS
SELECT ''::varchar(8) AS share_type, ''::varchar(128) AS share_name,
	''::varchar(64) AS object_type, ''::varchar(512) AS object_name,
	''::varchar(16) AS producer_account,
	''::varchar(64) AS producer_namespace, false AS include_new
WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_datashare_consumers AS
SELECT ''::varchar(128) AS share_name, ''::varchar(16) AS consumer_account,
	''::varchar(64) AS consumer_namespace, NULL::timestamp AS share_date
WHERE false;

-------------------------------------------------------- roles, privileges

-- Grants between roles, users and groups; a session user's own only.
CREATE OR REPLACE VIEW redshift_sandbox.membership AS
SELECT m.member, u.rolname AS member_name, u.rolcanlogin AS is_user, m.roleid,
	r.rolname AS role_name, m.admin_option
FROM pg_catalog.pg_auth_members m
JOIN pg_catalog.pg_authid u ON u.oid = m.member
JOIN pg_catalog.pg_authid r ON r.oid = m.roleid
WHERE redshift_sandbox.is_role(m.roleid);

CREATE OR REPLACE VIEW pg_catalog.svv_roles AS
SELECT oid::int AS role_id, rolname::text AS role_name,
	redshift_sandbox.role_record(oid)->>'owner' AS role_owner,
	redshift_sandbox.role_record(oid)->>'external_id' AS external_id
FROM pg_catalog.pg_authid WHERE redshift_sandbox.is_role(oid);
CREATE OR REPLACE VIEW pg_catalog.svv_role_grants AS
SELECT member::int AS role_id, member_name::text AS role_name,
	roleid::int AS granted_role_id, role_name::text AS granted_role_name
FROM redshift_sandbox.membership
WHERE redshift_sandbox.is_role(member)
AND ((SELECT redshift_sandbox.may_see(0)) OR pg_has_role(session_user, member,
	'MEMBER'));
CREATE OR REPLACE VIEW pg_catalog.svv_user_grants AS
SELECT member::int AS user_id, member_name::text AS user_name,
	roleid::int AS role_id, role_name::text AS role_name, admin_option
FROM redshift_sandbox.membership
WHERE is_user AND redshift_sandbox.may_see(member::bigint);

-- An entry of an acl as the privilege views name it.
CREATE OR REPLACE FUNCTION redshift_sandbox.privileges(acl aclitem[])
RETURNS TABLE (privilege_type text, identity_id int, identity_name text,
	identity_type text, admin_option bool) LANGUAGE sql STABLE
SECURITY DEFINER AS $$
	SELECT e.privilege_type, e.grantee::int,
		coalesce(a.rolname::text, 'public'),
		CASE WHEN e.grantee = 0 THEN 'public'
			WHEN a.rolcanlogin THEN 'user'
			WHEN redshift_sandbox.is_role(a.oid) THEN 'role'
			ELSE 'group' END,
		e.is_grantable
	FROM pg_catalog.aclexplode(acl) e
	LEFT JOIN pg_catalog.pg_authid a ON a.oid = e.grantee
	WHERE e.privilege_type NOT IN ('CONNECT', 'TRIGGER')
$$;

-- Others see what is granted to them, their groups and roles, and to all.
CREATE OR REPLACE FUNCTION redshift_sandbox.knows(id int, type text)
RETURNS bool LANGUAGE sql STABLE AS $$
	SELECT type = 'public' OR redshift_sandbox.may_see(id)
		OR pg_has_role(session_user, id::oid, 'MEMBER')
$$;

CREATE OR REPLACE VIEW pg_catalog.svv_relation_privileges AS
SELECT r.nspname::text AS namespace_name, r.relname::text AS relation_name,
	p.privilege_type, p.identity_id, p.identity_name, p.identity_type,
	p.admin_option
FROM redshift_sandbox.relation r,
	LATERAL redshift_sandbox.privileges(r.relacl) p
WHERE redshift_sandbox.knows(p.identity_id, p.identity_type);

CREATE OR REPLACE VIEW pg_catalog.svv_schema_privileges AS
SELECT n.nspname::text AS namespace_name, p.privilege_type, p.identity_id,
	p.identity_name, p.identity_type, p.admin_option,
	'SCHEMA'::text AS privilege_scope
FROM pg_catalog.pg_namespace n,
	LATERAL redshift_sandbox.privileges(n.nspacl) p
WHERE redshift_sandbox.is_shown(n.nspname)
AND redshift_sandbox.knows(p.identity_id, p.identity_type);

CREATE OR REPLACE VIEW pg_catalog.svv_database_privileges AS
SELECT d.datname::text AS database_name, p.privilege_type, p.identity_id,
	p.identity_name, p.identity_type, p.admin_option,
	'DATABASE'::text AS privilege_scope
FROM pg_catalog.pg_database d,
	LATERAL redshift_sandbox.privileges(d.datacl) p
WHERE d.datname NOT IN ('template0', 'template1', 'postgres')
AND redshift_sandbox.knows(p.identity_id, p.identity_type);

CREATE OR REPLACE VIEW pg_catalog.svv_column_privileges AS
SELECT c.nspname::text AS namespace_name, c.relname::text AS relation_name,
	c.attname::text AS column_name, p.privilege_type, p.identity_id,
	p.identity_name, p.identity_type
FROM redshift_sandbox.relation_column c,
	LATERAL redshift_sandbox.privileges(c.attacl) p
WHERE redshift_sandbox.knows(p.identity_id, p.identity_type);

CREATE OR REPLACE VIEW pg_catalog.svv_function_privileges AS
SELECT n.nspname::text AS namespace_name, p.proname::text AS function_name,
	oidvectortypes(p.proargtypes) AS argument_types, g.privilege_type,
	g.identity_id, g.identity_name, g.identity_type, g.admin_option
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace,
	LATERAL redshift_sandbox.privileges(coalesce(p.proacl,
		acldefault('f', p.proowner))) g
WHERE redshift_sandbox.is_shown(n.nspname) AND n.nspname <> 'pg_catalog'
AND n.nspname <> 'information_schema'
AND redshift_sandbox.knows(g.identity_id, g.identity_type);

CREATE OR REPLACE VIEW pg_catalog.svv_default_privileges AS
SELECT n.nspname::text AS schema_name,
	CASE d.defaclobjtype WHEN 'r' THEN 'RELATION' WHEN 'f' THEN 'FUNCTION'
		ELSE d.defaclobjtype::text END AS object_type,
	d.defaclrole::int AS owner_id,
	pg_get_userbyid(d.defaclrole)::text AS owner_name,
	'user'::text AS owner_type, p.privilege_type,
	p.identity_id AS grantee_id, p.identity_type AS grantee_type,
	p.admin_option
FROM pg_catalog.pg_default_acl d
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace,
	LATERAL redshift_sandbox.privileges(d.defaclacl) p
WHERE redshift_sandbox.may_see(d.defaclrole::bigint);

-- Materialized views that read others.
CREATE OR REPLACE VIEW pg_catalog.svv_mv_dependency AS
SELECT DISTINCT current_database()::char(128) AS database_name,
	n.nspname::char(128) AS schema_name, c.relname::char(128) AS name,
	current_database()::char(128) AS dependent_database_name,
	m.nspname::char(128) AS dependent_schema_name,
	d.relname::char(128) AS dependent_name
FROM pg_catalog.pg_rewrite r
JOIN pg_catalog.pg_depend p ON p.objid = r.oid
	AND p.classid = 'pg_catalog.pg_rewrite'::regclass
	AND p.refclassid = 'pg_catalog.pg_class'::regclass
JOIN pg_catalog.pg_class c ON c.oid = p.refobjid AND c.relkind = 'm'
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class d ON d.oid = r.ev_class AND d.relkind = 'm'
	AND d.oid <> c.oid
JOIN pg_catalog.pg_namespace m ON m.oid = d.relnamespace;
