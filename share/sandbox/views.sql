-- Redshift's catalog and information views over PostgreSQL's catalog. Names that only Redshift has stand in pg_catalog; where PostgreSQL
-- has a relation of that name with other columns, ours stands in
-- redshift_sandbox and relations.tsv points there. Columns, types and order
-- are those of the Redshift guide. Repeatable.

-- pg_authid is closed to others, so the look-up runs as its owner by name
CREATE OR REPLACE FUNCTION redshift_sandbox.user_of(name)
RETURNS TABLE (sysid bigint, super bool) LANGUAGE sql STABLE
SECURITY DEFINER AS $$
	SELECT oid::bigint, rolsuper FROM pg_authid WHERE rolname = $1
$$;
-- What one may see: superusers all, others what is theirs.
CREATE OR REPLACE FUNCTION redshift_sandbox.may_see(userid bigint)
RETURNS bool LANGUAGE sql STABLE AS $$
	SELECT u.super OR u.sysid = userid
	FROM redshift_sandbox.user_of(session_user) u
$$;

-- Redshift's name of a type.
CREATE OR REPLACE FUNCTION redshift_sandbox.type_text(typid oid, typmod int)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE typid
		WHEN 'jsonb'::regtype THEN 'super'
		WHEN 'bytea'::regtype THEN 'binary varying(64000)'
		WHEN 'varbyte'::regtype THEN 'binary varying('
			|| CASE WHEN typmod < 4 THEN 64000 ELSE typmod - 4 END
			|| ')'
		ELSE pg_catalog.format_type(typid, typmod) END
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.format_type(typid oid, typmod int)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT redshift_sandbox.type_text(typid, typmod)
$$;

-- Automatic encodings, as the guide lists them for new tables: RAW for sort
-- keys, boolean, real and double; AZ64 for numbers and times; else LZO.
CREATE OR REPLACE FUNCTION redshift_sandbox.encoding_of(rel oid, att int2,
	typid oid)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE
		WHEN c.encoding IS NOT NULL AND c.encoding <> 'auto'
			THEN replace(c.encoding, 'raw', 'none')
		WHEN coalesce(c.sortkey, 0) <> 0 THEN 'none'
		WHEN typid IN (16, 700, 701, 3802, 4000, 2935, 3000, 3001, 17, 18, 19) THEN 'none'
		WHEN typid IN (20, 21, 23, 1700, 1082, 1083, 1266, 1114, 1184,
			1186) THEN 'az64'
		ELSE 'lzo' END
	FROM (SELECT 1) one LEFT JOIN redshift_sandbox.column_attribute c
		ON c.relid = rel AND c.attnum = att
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.encoding_name(code int)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT ('{none,bytedict,delta,delta32k,lzo,mostly8,mostly16,mostly32,runlength,text255,text32k,zstd,az64}'::text[])[code + 1]
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.encoding_code(name text)
RETURNS int2 LANGUAGE sql IMMUTABLE AS $$
	SELECT (coalesce(array_position(
		'{none,bytedict,delta,delta32k,lzo,mostly8,mostly16,mostly32,runlength,text255,text32k,zstd,az64}'::text[],
		name), 1) - 1)::int2
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.format_encoding(code int)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT redshift_sandbox.encoding_name(code)
$$;

-- 0 EVEN, 1 KEY, 8 ALL, 9 AUTO [r_PG_CLASS_INFO]
CREATE OR REPLACE FUNCTION redshift_sandbox.diststyle_code(style text)
RETURNS int2 LANGUAGE sql IMMUTABLE AS $$
	SELECT (CASE upper(coalesce(style, 'AUTO')) WHEN 'EVEN' THEN 0
		WHEN 'KEY' THEN 1 WHEN 'ALL' THEN 8 ELSE 9 END)::int2
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.row_count(rel oid)
RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE n bigint;
BEGIN
	EXECUTE 'SELECT count(*) FROM ONLY ' || rel::regclass INTO n;
	RETURN n;
END $$;

-- Is the schema one of clients'?
CREATE OR REPLACE FUNCTION redshift_sandbox.is_shown(nsp name)
RETURNS bool LANGUAGE sql IMMUTABLE AS $$
	SELECT nsp <> 'redshift_sandbox' AND nsp !~ '^pg_toast'
$$;

---------------------------------------------------------------- functions

CREATE OR REPLACE FUNCTION redshift_sandbox.version()
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.80491'::text
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.current_user_id()
RETURNS int LANGUAGE sql STABLE AS $$
	SELECT sysid::int FROM redshift_sandbox.user_of(current_user)
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.current_aws_account()
RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '123456789012'::text $$;

CREATE OR REPLACE FUNCTION redshift_sandbox.current_namespace()
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT '00000000-0000-4000-8000-000000000001'::text
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.default_iam_role()
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT 'arn:aws:iam::123456789012:role/redsh-sandbox'::text
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.db_collation()
RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'case_sensitive'::text $$;

CREATE OR REPLACE FUNCTION redshift_sandbox.slice_num()
RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 0 $$;

-- The last of this session; -1: none [PG_LAST_COPY_ID]
CREATE OR REPLACE FUNCTION redshift_sandbox.last_query(kinds text[])
RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER AS $$
	SELECT coalesce(max(query), -1) FROM redshift_sandbox.query_log
	WHERE pid = pg_backend_pid() AND (kinds IS NULL
		OR query_type = ANY (kinds) AND status = 'success')
	AND starttime >= (SELECT backend_start AT TIME ZONE 'UTC'
		FROM pg_stat_get_activity(pg_backend_pid()) a)
$$;
CREATE OR REPLACE FUNCTION redshift_sandbox.last_rows(kind text)
RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER AS $$
	SELECT coalesce((SELECT returned_rows FROM redshift_sandbox.query_log
		WHERE query = redshift_sandbox.last_query(ARRAY[kind])), 0)
$$;
CREATE OR REPLACE FUNCTION redshift_sandbox.pg_last_query_id()
RETURNS bigint LANGUAGE sql VOLATILE AS $$
	SELECT redshift_sandbox.last_query(NULL) $$;
CREATE OR REPLACE FUNCTION redshift_sandbox.last_user_query_id()
RETURNS bigint LANGUAGE sql VOLATILE AS $$
	SELECT redshift_sandbox.last_query(NULL) $$;
CREATE OR REPLACE FUNCTION redshift_sandbox.pg_last_copy_id()
RETURNS bigint LANGUAGE sql VOLATILE AS $$
	SELECT redshift_sandbox.last_query('{COPY}') $$;
CREATE OR REPLACE FUNCTION redshift_sandbox.pg_last_unload_id()
RETURNS bigint LANGUAGE sql VOLATILE AS $$
	SELECT redshift_sandbox.last_query('{UNLOAD}') $$;
CREATE OR REPLACE FUNCTION redshift_sandbox.pg_last_copy_count()
RETURNS bigint LANGUAGE sql VOLATILE AS $$
	SELECT redshift_sandbox.last_rows('COPY') $$;
CREATE OR REPLACE FUNCTION redshift_sandbox.pg_last_unload_count()
RETURNS bigint LANGUAGE sql VOLATILE AS $$
	SELECT redshift_sandbox.last_rows('UNLOAD') $$;

CREATE OR REPLACE FUNCTION redshift_sandbox.pg_get_late_binding_view_cols()
RETURNS SETOF record LANGUAGE sql STABLE AS $$
	SELECT NULL::name, NULL::name, NULL::name, NULL::varchar, NULL::int
	WHERE false
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.pg_get_cols(relation text)
RETURNS SETOF record LANGUAGE sql STABLE AS $$
	SELECT n.nspname, c.relname, a.attname,
		redshift_sandbox.type_text(a.atttypid, a.atttypmod)::varchar,
		a.attnum::int
	FROM pg_catalog.pg_attribute a
	JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	WHERE c.oid = relation::regclass AND a.attnum > 0
	AND NOT a.attisdropped ORDER BY a.attnum
$$;

------------------------------------ relations that PostgreSQL has as well

-- PostgreSQL's own go, once; ours are only replaced, as views rest on them.
DO $$
BEGIN
	IF EXISTS (SELECT 1 FROM pg_catalog.pg_attribute
		WHERE attrelid = to_regclass('pg_catalog.pg_user')
		AND attname = 'userepl')
	THEN
		DROP VIEW pg_catalog.pg_tables, pg_catalog.pg_user,
			pg_catalog.pg_group;
	END IF;
END $$;

CREATE OR REPLACE VIEW pg_catalog.pg_tables AS
SELECT n.nspname AS schemaname, c.relname AS tablename,
	pg_get_userbyid(c.relowner) AS tableowner, NULL::name AS tablespace,
	false AS hasindexes, false AS hasrules, false AS hastriggers
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND redshift_sandbox.is_shown(n.nspname);

CREATE OR REPLACE VIEW pg_catalog.pg_views AS
SELECT n.nspname AS schemaname, c.relname AS viewname,
	pg_get_userbyid(c.relowner) AS viewowner,
	pg_get_viewdef(c.oid) AS definition
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND redshift_sandbox.is_shown(n.nspname);

CREATE OR REPLACE VIEW pg_catalog.pg_user AS
SELECT rolname AS usename, oid::int AS usesysid, rolcreatedb AS usecreatedb,
	rolsuper AS usesuper, rolsuper AS usecatupd, '********'::text AS passwd,
	rolvaliduntil AS valuntil,
	(SELECT ARRAY(SELECT replace(c, 'redsh.', '')
		FROM unnest(s.setconfig) c)
	FROM pg_catalog.pg_db_role_setting s
	WHERE s.setrole = pg_authid.oid AND s.setdatabase = 0) AS useconfig
FROM pg_authid WHERE rolcanlogin;

CREATE OR REPLACE VIEW pg_catalog.pg_group AS
SELECT rolname AS groname, oid::int AS grosysid,
	ARRAY(SELECT m.member::int FROM pg_auth_members m
		WHERE m.roleid = a.oid) AS grolist
FROM pg_authid a WHERE NOT rolcanlogin AND rolname !~ '^pg_';

CREATE OR REPLACE VIEW redshift_sandbox.pg_class AS
SELECT c.relname, c.relnamespace, c.reltype, c.relowner::int AS relowner,
	0::oid AS relam, c.relfilenode, c.reltablespace, c.relpages,
	greatest(c.reltuples, 0.001::real) AS reltuples, c.reltoastrelid,
	0::oid AS reltoastidxid, false AS relhasindex, c.relisshared,
	CASE c.relkind WHEN 'm' THEN 'v' ELSE c.relkind END AS relkind,
	c.relnatts, 0::oid AS relexternid, false AS relisreplicated,
	false AS relispinned,
	CASE WHEN c.relkind = 'r'
		THEN redshift_sandbox.diststyle_code(t.diststyle)
		ELSE 0::int2 END AS reldiststyle,
	0::oid AS relprojbaseid, 0::int2 AS relchecks, 0::int2 AS reltriggers,
	0::int2 AS relukeys, 0::int2 AS relfkeys, 0::int2 AS relrefs,
	false AS relhasoids,
	EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k
		WHERE k.conrelid = c.oid AND k.contype = 'p') AS relhaspkey,
	c.relhasrules, c.relhassubclass, c.relacl, c.oid
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN redshift_sandbox.table_attribute t ON t.relid = c.oid
WHERE redshift_sandbox.is_shown(n.nspname) AND c.relkind IN ('r', 'v', 'm', 'i');

CREATE OR REPLACE VIEW redshift_sandbox.pg_attribute AS
SELECT a.attrelid, a.attname, a.atttypid, a.attstattarget, a.attlen, a.attnum,
	a.attndims, a.attcacheoff, a.atttypmod, a.attbyval, a.attstorage,
	a.attalign, a.attnotnull, a.atthasdef OR a.attidentity <> '' AS atthasdef,
	a.attisdropped, a.attislocal, a.attinhcount,
	coalesce(c.distkey, false) AS attisdistkey, false AS attispreloaded,
	coalesce(c.sortkey, 0) AS attsortkeyord,
	redshift_sandbox.encoding_code(redshift_sandbox.encoding_of(a.attrelid,
		a.attnum, a.atttypid)) AS attencodingtype,
	0::int2 AS attencrypttype
FROM pg_catalog.pg_attribute a
LEFT JOIN redshift_sandbox.column_attribute c
	ON c.relid = a.attrelid AND c.attnum = a.attnum;

CREATE OR REPLACE VIEW redshift_sandbox.pg_proc AS
SELECT p.proname, p.pronamespace, p.proowner::int AS proowner, p.prolang,
	p.prokind = 'a' AS proisagg, p.prosecdef, p.proisstrict, p.proretset,
	p.provolatile, p.pronargs, p.prorettype, p.proargtypes, p.proargnames,
	p.prosrc, NULL::bytea AS probin, p.proacl, p.oid
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE redshift_sandbox.is_shown(n.nspname);

CREATE OR REPLACE VIEW redshift_sandbox.pg_namespace AS
SELECT nspname, nspowner::int AS nspowner, nspacl, oid
FROM pg_catalog.pg_namespace WHERE redshift_sandbox.is_shown(nspname);

-- The default of an identity column reads as in Redshift's catalog.
CREATE OR REPLACE VIEW redshift_sandbox.pg_attrdef AS
SELECT d.adrelid, d.adnum, d.adsrc AS adbin, d.adsrc, d.oid
FROM (SELECT adrelid, adnum, oid,
	pg_catalog.pg_get_expr(adbin, adrelid) AS adsrc
	FROM pg_catalog.pg_attrdef) d
UNION ALL
SELECT i.attrelid, i.attnum, i.adsrc, i.adsrc, NULL::oid
FROM (SELECT a.attrelid, a.attnum,
	format('"identity"(%s, %s, ''%s,%s''::text)', a.attrelid,
		a.attnum - 1, s.seqstart, s.seqincrement) AS adsrc
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_depend p ON p.refobjid = a.attrelid
	AND p.refobjsubid = a.attnum AND p.deptype = 'i'
JOIN pg_catalog.pg_sequence s ON s.seqrelid = p.objid
WHERE a.attidentity <> '') i;

-- adbin is text here, and already what it stands for.
CREATE OR REPLACE FUNCTION redshift_sandbox.pg_get_expr(expr text, rel oid)
RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT expr $$;
CREATE OR REPLACE FUNCTION redshift_sandbox.pg_get_expr(expr pg_node_tree,
	rel oid)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT pg_catalog.pg_get_expr(expr, rel)
$$;

CREATE OR REPLACE VIEW redshift_sandbox.pg_constraint AS
SELECT c.conname, c.connamespace, c.contype, c.condeferrable, c.condeferred,
	c.conrelid, c.contypid, c.confrelid, c.confupdtype, c.confdeltype,
	c.confmatchtype, c.conkey, c.confkey, NULL::text AS conbin,
	NULL::text AS consrc, c.oid
FROM pg_catalog.pg_constraint c WHERE c.contype IN ('p', 'u', 'f');

CREATE OR REPLACE VIEW redshift_sandbox.pg_database AS
SELECT d.datname, d.datdba::int AS datdba, d.encoding, d.datistemplate,
	d.datallowconn, 0::oid AS datlastsysoid, 0::text::xid AS datvacuumxid,
	d.datfrozenxid, d.dattablespace,
	(SELECT ARRAY(SELECT replace(c, 'redsh.', '')
		FROM unnest(s.setconfig) c)
	FROM pg_catalog.pg_db_role_setting s
	WHERE s.setrole = 0 AND s.setdatabase = d.oid) AS datconfig, d.datacl,
	d.oid
FROM pg_catalog.pg_database d WHERE d.datname <> 'postgres';

-- Settings of its own are hidden in PostgreSQL: a setting that has its value
-- of settings.tsv is a default here (tests/cli compares the two).
CREATE OR REPLACE VIEW redshift_sandbox.pg_settings AS
SELECT lower(s.name) AS name, s.setting, s.category, s.short_desc,
	s.extra_desc, s.context, s.vartype,
	CASE WHEN s.source IN ('session', 'client', 'user', 'database',
		'database user') THEN s.source ELSE 'default' END AS source,
	s.min_val, s.max_val
FROM pg_catalog.pg_settings s
WHERE lower(s.name) = ANY ('{application_name,client_encoding,client_min_messages,datestyle,extra_float_digits,lc_monetary,search_path,statement_timeout,timezone,transaction_isolation,transaction_read_only}'::text[])
UNION ALL
SELECT o.name, coalesce(pg_catalog.current_setting('redsh.' || o.name, true),
		o.initial), 'Amazon Redshift', NULL, NULL, o.context, o.vartype,
	CASE WHEN pg_catalog.current_setting('redsh.' || o.name, true)
		<> o.initial THEN 'session' ELSE 'default' END,
	NULL, NULL
FROM (VALUES
	('analyze_threshold_percent', '10', 'real', 'user'),
	('auto_analyze', 'true', 'bool', 'internal'),
	('auto_mv', 'true', 'bool', 'internal'),
	('cast_super_null_on_error', 'on', 'bool', 'user'),
	('default_array_search_null_handling', 'TRUE', 'bool', 'user'),
	('default_geometry_encoding', '2', 'integer', 'user'),
	('describe_field_name_in_uppercase', 'off', 'bool', 'user'),
	('downcase_delimited_identifier', 'on', 'bool', 'user'),
	('enable_case_sensitive_identifier', 'false', 'bool', 'user'),
	('enable_case_sensitive_super_attribute', 'false', 'bool', 'user'),
	('enable_numeric_rounding', 'off', 'bool', 'user'),
	('enable_result_cache_for_session', 'on', 'bool', 'user'),
	('enable_spectrum_oid', 'true', 'bool', 'user'),
	('enable_user_activity_logging', 'false', 'bool', 'internal'),
	('enable_vacuum_boost', 'false', 'bool', 'user'),
	('error_on_nondeterministic_update', 'false', 'bool', 'user'),
	('interval_forbid_composite_literals', 'true', 'bool', 'user'),
	('json_serialization_enable', 'false', 'bool', 'user'),
	('json_serialization_parse_nested_strings', 'false', 'bool', 'user'),
	('max_concurrency_scaling_clusters', '1', 'integer', 'internal'),
	('max_cursor_result_set_size', '0', 'integer', 'internal'),
	('mv_enable_aqmv_for_session', 'true', 'bool', 'user'),
	('navigate_super_null_on_error', 'on', 'bool', 'user'),
	('parse_super_null_on_error', 'off', 'bool', 'user'),
	('pg_federation_repeatable_read', 'true', 'bool', 'user'),
	('query_group', 'unset', 'string', 'user'),
	('require_ssl', 'false', 'bool', 'internal'),
	('server_version', '8.0.2', 'string', 'internal'),
	('spectrum_enable_pseudo_columns', 'true', 'bool', 'user'),
	('spectrum_query_maxerror', '-1', 'integer', 'user'),
	('stored_proc_log_min_messages', 'LOG', 'string', 'user'),
	('use_fips_ssl', 'false', 'bool', 'internal'),
	('wlm_json_configuration', 'auto WLM', 'string', 'internal'),
	('wlm_query_slot_count', '1', 'integer', 'user')
) o (name, initial, vartype, context);

CREATE OR REPLACE VIEW redshift_sandbox.pg_default_acl AS
SELECT defaclrole::int AS defacluser, defaclnamespace,
	defaclobjtype::char(1) AS defaclobjtype, defaclacl, oid
FROM pg_catalog.pg_default_acl
WHERE defaclobjtype IN ('r', 'f')
AND redshift_sandbox.may_see(defaclrole::bigint);

------------------------------------------------------- catalog, Redshift's

CREATE OR REPLACE VIEW pg_catalog.pg_table_def AS
SELECT n.nspname AS schemaname, c.relname AS tablename,
	a.attname AS "column",
	redshift_sandbox.type_text(a.atttypid, a.atttypmod) AS type,
	redshift_sandbox.encoding_of(c.oid, a.attnum, a.atttypid)::char(32)
		AS encoding,
	coalesce(k.distkey, false) AS distkey,
	coalesce(k.sortkey, 0) AS sortkey, a.attnotnull AS "notnull"
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
LEFT JOIN redshift_sandbox.column_attribute k
	ON k.relid = c.oid AND k.attnum = a.attnum
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
AND n.nspname = ANY (current_schemas(true))
AND has_table_privilege(c.oid, 'SELECT');

CREATE OR REPLACE VIEW pg_catalog.pg_class_info AS
SELECT c.oid AS reloid, c.relname, c.relnamespace, c.reltype, c.relowner,
	c.relam, c.relfilenode, c.reltablespace, c.relpages, c.reltuples,
	c.reltoastrelid, c.reltoastidxid, c.relhasindex, c.relisshared,
	c.relkind, c.relnatts, c.relexternid, c.relisreplicated, c.relispinned,
	c.reldiststyle, c.relprojbaseid, c.relchecks, c.reltriggers,
	c.relukeys, c.relfkeys, c.relrefs, c.relhasoids, c.relhaspkey,
	c.relhasrules, c.relhassubclass, c.relacl,
	t.created AS relcreationtime,
	CASE c.reldiststyle WHEN 9 THEN 10 ELSE c.reldiststyle END::int
		AS releffectivediststyle
FROM redshift_sandbox.pg_class c
LEFT JOIN redshift_sandbox.table_attribute t ON t.relid = c.oid;

CREATE OR REPLACE VIEW pg_catalog.pg_attribute_info AS
SELECT a.*, p.attacl FROM redshift_sandbox.pg_attribute a
JOIN pg_catalog.pg_attribute p
	ON p.attrelid = a.attrelid AND p.attnum = a.attnum;

CREATE OR REPLACE VIEW pg_catalog.pg_database_info AS
SELECT d.oid AS datid, d.datname, d.datdba, d.encoding, d.datistemplate,
	d.datallowconn, d.datlastsysoid, d.datvacuumxid, d.datfrozenxid,
	d.dattablespace, d.datconfig, d.datacl, 'UNLIMITED'::text AS datconnlimit
FROM redshift_sandbox.pg_database d;

CREATE OR REPLACE VIEW pg_catalog.pg_proc_info AS
SELECT p.oid AS prooid, v.proname, v.pronamespace, v.proowner, v.prolang,
	v.proisagg, v.prosecdef, v.proisstrict, v.proretset, v.provolatile,
	v.pronargs, v.prorettype, v.proargtypes, v.proargnames, v.prosrc,
	v.probin, v.proacl, p.prokind, p.proargmodes, p.proallargtypes
FROM redshift_sandbox.pg_proc v
JOIN pg_catalog.pg_proc p ON p.oid = v.oid;

CREATE OR REPLACE VIEW pg_catalog.pg_external_schema AS
SELECT 0::oid AS esoid, 0::int AS eskind, ''::text AS esdbname,
	''::text AS esoptions WHERE false;

CREATE OR REPLACE VIEW pg_catalog.pg_user_info AS
SELECT u.usename, u.usesysid, u.usecreatedb, u.usesuper, u.usecatupd,
	u.passwd, u.valuntil, u.useconfig, 'UNLIMITED'::text AS useconnlimit
FROM pg_catalog.pg_user u;

CREATE OR REPLACE VIEW pg_catalog.svv_user_info AS
SELECT u.usename::text AS user_name, u.usesysid AS user_id,
	u.usecreatedb AS createdb, u.usesuper AS superuser,
	u.usecatupd AS catalog_update, 'UNLIMITED'::text AS connection_limit,
	CASE WHEN u.usesuper THEN 'UNRESTRICTED' ELSE 'RESTRICTED' END
		AS syslog_access,
	NULL::timestamp AS last_ddl_timestamp, 0 AS session_timeout,
	NULL::text AS external_user_id
FROM pg_catalog.pg_user u WHERE redshift_sandbox.may_see(u.usesysid);

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
JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid
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

-- Leaves out empty tables, as Redshift's does.
CREATE OR REPLACE VIEW pg_catalog.svv_table_info AS
SELECT current_database()::text AS "database", t.nspname::text AS "schema",
	t.oid AS table_id, t.relname::text AS "table",
	CASE WHEN t.any_encoding THEN 'Y' ELSE 'Y, AUTO(ENCODE)' END AS encoded,
	CASE upper(coalesce(t.diststyle, 'AUTO'))
		WHEN 'KEY' THEN 'KEY(' || t.distkey || ')'
		WHEN 'AUTO' THEN 'AUTO(ALL)'
		ELSE upper(t.diststyle) END AS diststyle,
	coalesce(t.sortkey1, 'AUTO(SORTKEY)') AS sortkey1,
	t.max_varchar, t.sortkey1_enc::char(32) AS sortkey1_enc, t.sortkey_num,
	greatest(1, pg_total_relation_size(t.oid) / 1048576) AS size,
	0.0001::numeric(10, 4) AS pct_used, 0::bigint AS "empty",
	0::numeric(5, 2) AS unsorted, 0::numeric(5, 2) AS stats_off,
	t.rows::numeric(38, 0) AS tbl_rows, NULL::numeric(19, 2) AS skew_sortkey1,
	NULL::numeric(19, 2) AS skew_rows,
	t.rows::numeric(38, 0) AS estimated_visible_rows,
	NULL::text AS risk_event, NULL::numeric(12, 2) AS vacuum_sort_benefit,
	t.created AS create_time
FROM (
	SELECT c.oid, n.nspname, c.relname, a.diststyle, a.created,
		redshift_sandbox.row_count(c.oid) AS rows,
		(SELECT p.attname::text FROM redshift_sandbox.column_attribute k
			JOIN pg_catalog.pg_attribute p USING (attnum)
			WHERE k.relid = c.oid AND p.attrelid = c.oid
			AND k.distkey LIMIT 1) AS distkey,
		(SELECT p.attname::text FROM redshift_sandbox.column_attribute k
			JOIN pg_catalog.pg_attribute p USING (attnum)
			WHERE k.relid = c.oid AND p.attrelid = c.oid
			AND abs(k.sortkey) = 1 LIMIT 1) AS sortkey1,
		(SELECT redshift_sandbox.encoding_of(c.oid, p.attnum, p.atttypid)
			FROM redshift_sandbox.column_attribute k
			JOIN pg_catalog.pg_attribute p USING (attnum)
			WHERE k.relid = c.oid AND p.attrelid = c.oid
			AND abs(k.sortkey) = 1 LIMIT 1) AS sortkey1_enc,
		(SELECT count(*)::int FROM redshift_sandbox.column_attribute k
			WHERE k.relid = c.oid AND k.sortkey <> 0) AS sortkey_num,
		EXISTS (SELECT 1 FROM redshift_sandbox.column_attribute k
			WHERE k.relid = c.oid AND k.encoding IS NOT NULL)
			AS any_encoding,
		(SELECT coalesce(max(p.atttypmod - 4), 0)::int
			FROM pg_catalog.pg_attribute p WHERE p.attrelid = c.oid
			AND p.atttypid = 1043) AS max_varchar
	FROM pg_catalog.pg_class c
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	LEFT JOIN redshift_sandbox.table_attribute a ON a.relid = c.oid
	WHERE c.relkind = 'r' AND redshift_sandbox.is_shown(n.nspname)
	AND n.nspname NOT IN ('pg_catalog', 'information_schema')
	AND (SELECT u.super OR u.sysid = c.relowner::bigint
		FROM redshift_sandbox.user_of(session_user) u)
) t WHERE t.rows > 0;

CREATE OR REPLACE VIEW pg_catalog.svv_mv_info AS
SELECT current_database()::char(128) AS database_name,
	n.nspname::char(128) AS schema_name,
	pg_get_userbyid(c.relowner)::char(128) AS user_name,
	c.relname::char(128) AS name, 'u'::char(1) AS is_stale, 1 AS state,
	'f'::char(1) AS autorewrite, 'f'::char(1) AS autorefresh
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'm';

-- There are no external things in a sandbox: true, and empty.
CREATE OR REPLACE VIEW pg_catalog.svv_external_schemas AS
SELECT 0::oid AS esoid, 0::int2 AS eskind, ''::name AS schemaname,
	0 AS esowner, ''::text AS databasename, ''::text AS esoptions
WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_external_databases AS
SELECT 0 AS eskind, ''::text AS esoptions, ''::text AS databasename,
	''::text AS location, ''::text AS parameters WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_external_tables AS
SELECT ''::text AS redshift_database_name, ''::text AS schemaname,
	''::text AS tablename, ''::text AS tabletype, ''::text AS location,
	''::text AS input_format, ''::text AS output_format,
	''::text AS serialization_lib, ''::text AS serde_parameters,
	0 AS compressed, ''::text AS parameters WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_external_columns AS
SELECT ''::text AS redshift_database_name, ''::text AS schemaname,
	''::text AS tablename, ''::text AS columnname,
	''::text AS external_type, 0 AS columnnum, 0 AS part_key,
	''::text AS is_nullable WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_external_partitions AS
SELECT ''::text AS schemaname, ''::text AS tablename, ''::text AS "values",
	''::text AS location, ''::text AS input_format,
	''::text AS output_format, ''::text AS serialization_lib,
	''::text AS serde_parameters, 0 AS compressed, ''::text AS parameters
WHERE false;

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

-- Roles and groups are one thing in the sandbox: pg_group shows them.
CREATE OR REPLACE VIEW pg_catalog.svv_roles AS
SELECT 0 AS role_id, ''::text AS role_name, ''::text AS role_owner,
	''::text AS external_id WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_role_grants AS
SELECT 0 AS role_id, ''::text AS role_name, 0 AS granted_role_id,
	''::text AS granted_role_name WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_user_grants AS
SELECT 0 AS user_id, ''::text AS user_name, 0 AS role_id,
	''::text AS role_name, false AS admin_option WHERE false;

-- An entry of an acl as the privilege views name it.
CREATE OR REPLACE FUNCTION redshift_sandbox.privileges(acl aclitem[])
RETURNS TABLE (privilege_type text, identity_id int, identity_name text,
	identity_type text, admin_option bool) LANGUAGE sql STABLE
SECURITY DEFINER AS $$
	SELECT e.privilege_type, e.grantee::int,
		coalesce(a.rolname::text, 'public'),
		CASE WHEN e.grantee = 0 THEN 'public'
			WHEN a.rolcanlogin THEN 'user' ELSE 'group' END,
		e.is_grantable
	FROM pg_catalog.aclexplode(acl) e
	LEFT JOIN pg_catalog.pg_authid a ON a.oid = e.grantee
$$;

CREATE OR REPLACE VIEW pg_catalog.svv_relation_privileges AS
SELECT r.nspname::text AS namespace_name, r.relname::text AS relation_name,
	p.privilege_type, p.identity_id, p.identity_name, p.identity_type,
	p.admin_option
FROM redshift_sandbox.relation r,
	LATERAL redshift_sandbox.privileges(r.relacl) p;

CREATE OR REPLACE VIEW pg_catalog.svv_schema_privileges AS
SELECT n.nspname::text AS namespace_name, p.privilege_type, p.identity_id,
	p.identity_name, p.identity_type, p.admin_option,
	'SCHEMA'::text AS privilege_scope
FROM pg_catalog.pg_namespace n,
	LATERAL redshift_sandbox.privileges(n.nspacl) p
WHERE redshift_sandbox.is_shown(n.nspname);

CREATE OR REPLACE VIEW pg_catalog.svv_database_privileges AS
SELECT d.datname::text AS database_name, p.privilege_type, p.identity_id,
	p.identity_name, p.identity_type, p.admin_option,
	'DATABASE'::text AS privilege_scope
FROM pg_catalog.pg_database d,
	LATERAL redshift_sandbox.privileges(d.datacl) p
WHERE d.datname NOT IN ('template0', 'template1', 'postgres');
