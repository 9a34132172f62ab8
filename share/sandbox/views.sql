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
-- SYSLOG ACCESS UNRESTRICTED; superusers have it.
CREATE OR REPLACE FUNCTION redshift_sandbox.is_unrestricted(role oid)
RETURNS bool LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT rolsuper OR upper(coalesce(redshift_sandbox.role_record(oid)
		->>'syslog', '')) = 'UNRESTRICTED'
	FROM pg_catalog.pg_authid WHERE oid = role
$$;
-- What one may see: superusers all, others what is theirs.
CREATE OR REPLACE FUNCTION redshift_sandbox.may_see(userid bigint)
RETURNS bool LANGUAGE sql STABLE AS $$
	SELECT u.sysid = userid
		OR redshift_sandbox.is_unrestricted(u.sysid::oid)
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

-- 10 AUTO(ALL), the style that a small table of AUTO has [r_PG_CLASS_INFO]
CREATE OR REPLACE FUNCTION redshift_sandbox.effective_diststyle(style text)
RETURNS int2 LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE redshift_sandbox.diststyle_code(style) WHEN 9 THEN 10
		ELSE redshift_sandbox.diststyle_code(style) END::int2
$$;

-- ALTER USER ... SET, by Redshift's names
CREATE OR REPLACE FUNCTION redshift_sandbox.role_settings(role oid)
RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT (SELECT ARRAY(SELECT replace(c, 'redsh.', '')
		FROM unnest(s.setconfig) c)
	FROM pg_catalog.pg_db_role_setting s
	WHERE s.setrole = role AND s.setdatabase = 0)
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.name_list(names text[])
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT string_agg(quote_ident(n), ', ' ORDER BY place)
	FROM unnest(names) WITH ORDINALITY u (n, place)
$$;

-- Roles are PostgreSQL's with a record (objects.sql); groups have none.
CREATE OR REPLACE FUNCTION redshift_sandbox.is_role(role oid)
RETURNS bool LANGUAGE sql STABLE AS $$
	SELECT redshift_sandbox.role_record(role)->>'kind'
		IS NOT DISTINCT FROM 'role'
$$;

-- A routine's text without what the gateway put before it.
CREATE OR REPLACE FUNCTION redshift_sandbox.source_of(source text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(convert_from(decode(substring(source FROM
		'\n--source:([A-Za-z0-9+/=]*)\n$'), 'base64'), 'UTF8'), source)
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.limit_text(connections int)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN connections < 0 THEN 'UNLIMITED'
		ELSE connections::text END
$$;

-- Is the schema one of clients'?
CREATE OR REPLACE FUNCTION redshift_sandbox.is_shown(nsp name)
RETURNS bool LANGUAGE sql IMMUTABLE AS $$
	SELECT nsp !~ '^(redshift_sandbox|pg_toast)'
$$;

-- Attributes as clients see them: of a relation that another stands in for,
-- those of the other; its hidden oid has 8.0's number. In two branches, so
-- that the number of a relation is looked up by index in each.
CREATE OR REPLACE VIEW redshift_sandbox.attribute AS
SELECT a.attrelid, a.attname, a.atttypid, a.attstattarget, a.attlen, a.attnum,
	a.attndims, a.attcacheoff, a.atttypmod, a.attbyval, a.attstorage,
	a.attalign, a.attnotnull, a.atthasdef, a.attidentity, a.attisdropped,
	a.attislocal, a.attinhcount, a.attacl
FROM pg_catalog.pg_attribute a
WHERE NOT EXISTS (SELECT 1 FROM redshift_sandbox.stand_in s
	WHERE s.relid = a.attrelid OR s.view = a.attrelid)
UNION ALL
SELECT s.relid, a.attname, a.atttypid, a.attstattarget, a.attlen,
	CASE a.attname WHEN 'oid' THEN -2 ELSE a.attnum END::int2,
	a.attndims, a.attcacheoff, a.atttypmod, a.attbyval, a.attstorage,
	a.attalign, a.attnotnull, a.atthasdef, a.attidentity, a.attisdropped,
	a.attislocal, a.attinhcount, a.attacl
FROM redshift_sandbox.stand_in s
JOIN pg_catalog.pg_attribute a ON a.attrelid = s.view;

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
	WHERE pid = pg_backend_pid() AND class = 'QUERY'
	AND status <> 'running' AND (kinds IS NULL
		OR query_type = ANY (kinds) AND status = 'success')
	AND starttime >= (SELECT backend_start AT TIME ZONE 'UTC'
		FROM pg_stat_get_activity(pg_backend_pid()) a)
$$;
CREATE OR REPLACE FUNCTION redshift_sandbox.last_rows(kind text)
RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER AS $$
	SELECT coalesce((SELECT loaded_rows FROM redshift_sandbox.load_log
		WHERE query = redshift_sandbox.last_query(
			ARRAY[last_rows.kind])), 0)
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
	SELECT n.nspname, c.relname, a.attname,
		redshift_sandbox.type_text(a.atttypid, a.atttypmod)::varchar,
		a.attnum::int
	FROM redshift_sandbox.late_view l
	JOIN pg_catalog.pg_class c ON c.oid = l.relid
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
	WHERE a.attnum > 0 AND NOT a.attisdropped
	ORDER BY 1, 2, 5
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.pg_get_cols(relation text)
RETURNS SETOF record LANGUAGE sql STABLE AS $$
	SELECT n.nspname, c.relname, a.attname,
		redshift_sandbox.type_text(a.atttypid, a.atttypmod)::varchar,
		a.attnum::int
	FROM redshift_sandbox.attribute a
	JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	WHERE c.oid = relation::regclass AND a.attnum > 0
	AND NOT a.attisdropped ORDER BY a.attnum
$$;

-- Of a late-binding view the whole statement, as the client wrote it.
CREATE OR REPLACE FUNCTION redshift_sandbox.pg_get_viewdef(view oid,
	pretty bool)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT format(
		E'create view %s as %s\nwith no schema binding;',
		l.relid::regclass, l.source)
		FROM redshift_sandbox.late_view l WHERE l.relid = view),
		redshift_sandbox.shown_sql(
			pg_catalog.pg_get_viewdef(view, pretty)))
$$;
CREATE OR REPLACE FUNCTION redshift_sandbox.pg_get_viewdef(view oid)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT redshift_sandbox.pg_get_viewdef(view, false)
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
	redshift_sandbox.pg_get_viewdef(c.oid) AS definition
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND redshift_sandbox.is_shown(n.nspname);

CREATE OR REPLACE VIEW pg_catalog.pg_user AS
SELECT rolname AS usename, oid::int AS usesysid, rolcreatedb AS usecreatedb,
	rolsuper AS usesuper, rolsuper AS usecatupd, '********'::text AS passwd,
	rolvaliduntil::abstime AS valuntil,
	redshift_sandbox.role_settings(oid) AS useconfig
FROM pg_catalog.pg_authid WHERE rolcanlogin;

CREATE OR REPLACE VIEW pg_catalog.pg_group AS
SELECT rolname AS groname, oid::int AS grosysid,
	ARRAY(SELECT m.member::int FROM pg_auth_members m
		WHERE m.roleid = a.oid) AS grolist
FROM pg_authid a WHERE NOT rolcanlogin AND rolname !~ '^pg_'
AND NOT redshift_sandbox.is_role(oid);

-- External tables, which are views here, are in no catalog of the leader.
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
	(SELECT count(*) FROM redshift_sandbox.constraint_attribute k
		WHERE k.relid = c.oid AND k.contype = 'u')::int2 AS relukeys,
	(SELECT count(*) FROM redshift_sandbox.constraint_attribute k
		WHERE k.relid = c.oid AND k.contype = 'f')::int2 AS relfkeys,
	(SELECT count(*) FROM redshift_sandbox.constraint_attribute k
		WHERE k.refrel = c.oid)::int2 AS relrefs,
	false AS relhasoids,
	EXISTS (SELECT 1 FROM redshift_sandbox.constraint_attribute k
		WHERE k.relid = c.oid AND k.contype = 'p') AS relhaspkey,
	c.relhasrules, c.relhassubclass, c.relacl, c.oid
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN redshift_sandbox.table_attribute t ON t.relid = c.oid
WHERE redshift_sandbox.is_shown(n.nspname) AND c.relkind IN ('r', 'v', 'm', 'i')
AND NOT EXISTS (SELECT 1 FROM redshift_sandbox.external_table x
	WHERE x.relid = c.oid);

-- Columns of late-binding views are those of pg_get_late_binding_view_cols
-- alone; those of views have no encoding.
CREATE OR REPLACE VIEW redshift_sandbox.pg_attribute AS
SELECT a.attrelid, a.attname, a.atttypid, a.attstattarget, a.attlen, a.attnum,
	a.attndims, a.attcacheoff, a.atttypmod, a.attbyval, a.attstorage,
	a.attalign, a.attnotnull, a.atthasdef OR a.attidentity <> '' AS atthasdef,
	a.attisdropped, a.attislocal, a.attinhcount,
	coalesce(c.distkey, false) AS attisdistkey, false AS attispreloaded,
	coalesce(c.sortkey, 0) AS attsortkeyord,
	CASE WHEN v.oid IS NULL THEN redshift_sandbox.encoding_code(
		redshift_sandbox.encoding_of(a.attrelid, a.attnum, a.atttypid))
		ELSE redshift_sandbox.encoding_code('none') END
		AS attencodingtype,
	0::int2 AS attencrypttype
FROM redshift_sandbox.attribute a
LEFT JOIN redshift_sandbox.column_attribute c
	ON c.relid = a.attrelid AND c.attnum = a.attnum
LEFT JOIN pg_catalog.pg_class v ON v.oid = a.attrelid AND v.relkind = 'v'
WHERE NOT EXISTS (SELECT 1 FROM redshift_sandbox.late_view l
	WHERE l.relid = a.attrelid);

CREATE OR REPLACE VIEW redshift_sandbox.pg_proc AS
SELECT p.proname, p.pronamespace, p.proowner::int AS proowner, p.prolang,
	p.prokind = 'a' AS proisagg, p.prosecdef, p.proisstrict, p.proretset,
	p.provolatile, p.pronargs, p.prorettype, p.proargtypes, p.proargnames,
	redshift_sandbox.source_of(p.prosrc) AS prosrc, convert_to(p.probin, 'UTF8')::catalog_bytea AS probin, p.proacl, p.oid
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE redshift_sandbox.is_shown(n.nspname);

CREATE OR REPLACE VIEW redshift_sandbox.pg_namespace AS
SELECT nspname, nspowner::int AS nspowner, nspacl, oid
FROM pg_catalog.pg_namespace WHERE redshift_sandbox.is_shown(nspname);

-- The default of an identity column reads as in Redshift's catalog; where our
-- own functions live is nobody's business, and SYSDATE is written bare.
CREATE OR REPLACE VIEW redshift_sandbox.pg_attrdef AS
SELECT d.adrelid, d.adnum, d.adsrc AS adbin, d.adsrc, d.oid
FROM (SELECT adrelid, adnum, oid,
	replace(replace(pg_catalog.pg_get_expr(adbin, adrelid),
		'redshift_sandbox.sysdate()', 'sysdate'),
		'redshift_sandbox.', '') AS adsrc
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

-- Keys are known, not enforced: functions.sql records them. Their numbers come
-- from their names, as PostgreSQL has none for them.
CREATE OR REPLACE FUNCTION redshift_sandbox.attnums(rel oid, names text[])
RETURNS int2[] LANGUAGE sql STABLE AS $$
	SELECT array_agg(a.attnum ORDER BY n.place)
	FROM unnest(names) WITH ORDINALITY n (name, place)
	JOIN pg_catalog.pg_attribute a ON a.attrelid = rel
		AND a.attname = n.name AND NOT a.attisdropped
$$;

-- The columns that a foreign key means: those named, else the primary key's.
CREATE OR REPLACE FUNCTION redshift_sandbox.referred(rel oid, names text[])
RETURNS text[] LANGUAGE sql STABLE AS $$
	SELECT coalesce(names, (SELECT c.columns
		FROM redshift_sandbox.constraint_attribute c
		WHERE c.relid = rel AND c.contype = 'p'))
$$;

CREATE OR REPLACE VIEW redshift_sandbox.pg_constraint AS
SELECT k.conname::name AS conname, c.relnamespace AS connamespace, k.contype,
	false AS condeferrable, false AS condeferred, k.relid AS conrelid,
	0::oid AS contypid, coalesce(k.refrel, 0::oid) AS confrelid,
	(CASE k.contype WHEN 'f' THEN 'a' ELSE ' ' END)::"char" AS confupdtype,
	(CASE k.contype WHEN 'f' THEN 'a' ELSE ' ' END)::"char" AS confdeltype,
	(CASE k.contype WHEN 'f' THEN 'u' ELSE ' ' END)::"char"
		AS confmatchtype,
	redshift_sandbox.attnums(k.relid, k.columns) AS conkey,
	CASE k.contype WHEN 'f' THEN redshift_sandbox.attnums(k.refrel,
		redshift_sandbox.referred(k.refrel, k.refcolumns)) END AS confkey,
	NULL::text AS conbin, NULL::text AS consrc,
	(1000000000 + abs(hashtext(k.relid::text || '.' || k.conname)::bigint)
		/ 4)::oid AS oid
FROM redshift_sandbox.constraint_attribute k
JOIN pg_catalog.pg_class c ON c.oid = k.relid;

CREATE OR REPLACE FUNCTION redshift_sandbox.pg_get_constraintdef(con oid)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE k.contype WHEN 'p' THEN 'PRIMARY KEY ('
		WHEN 'u' THEN 'UNIQUE (' ELSE 'FOREIGN KEY (' END
		|| redshift_sandbox.name_list(k.columns) || ')'
		|| CASE k.contype WHEN 'f' THEN ' REFERENCES '
			|| k.refrel::regclass || '('
			|| redshift_sandbox.name_list(redshift_sandbox.referred(
				k.refrel, k.refcolumns)) || ')' ELSE '' END
	FROM redshift_sandbox.pg_constraint c
	JOIN redshift_sandbox.constraint_attribute k
		ON k.relid = c.conrelid AND k.conname = c.conname
	WHERE c.oid = con
$$;

-- As the owner, who may write to PostgreSQL's catalog.
CREATE OR REPLACE FUNCTION redshift_sandbox.note_constraint_comment(con oid,
	words text) RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
	DELETE FROM pg_catalog.pg_description d WHERE d.objoid = con
	AND d.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass;
	INSERT INTO pg_catalog.pg_description
	SELECT con, 'pg_catalog.pg_constraint'::pg_catalog.regclass, 0, words
	WHERE words <> ''
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.comment_on_constraint(con text,
	rel text, words text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	id oid := redshift_sandbox.require_table(rel);
	found oid := (SELECT c.oid FROM redshift_sandbox.pg_constraint c
		WHERE c.conrelid = id AND c.conname = con);
BEGIN
	IF found IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE = format(
			'constraint "%s" for table "%s" does not exist', con,
			id::regclass);
	END IF;
	IF NOT (SELECT pg_catalog.pg_has_role(c.relowner, 'USAGE')
		FROM pg_catalog.pg_class c WHERE c.oid = id) THEN
		RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format(
			'must be owner of relation %s', id::regclass);
	END IF;
	PERFORM redshift_sandbox.note_constraint_comment(found, words);
END $$;

-- Keys have no expressions: nothing to make pretty.
CREATE OR REPLACE FUNCTION redshift_sandbox.pg_get_constraintdef(con oid,
	pretty bool)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT redshift_sandbox.pg_get_constraintdef(con)
$$;

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

-- The settings of settings.tsv, as the gateway hands them over (redsh.rules:
-- name|how|values|initial). PostgreSQL hides settings of its own kind: one
-- that has its initial value is a default here.
CREATE OR REPLACE VIEW redshift_sandbox.pg_settings AS
SELECT r.name, CASE r.name WHEN 'client_encoding' THEN 'UNICODE'
		ELSE coalesce(s.setting, v.value, r.initial) END AS setting,
	coalesce(s.category, 'Amazon Redshift') AS category, s.short_desc,
	s.extra_desc, CASE r.how WHEN 'read' THEN 'internal'
		WHEN 'denied' THEN 'superuser' ELSE 'user' END AS context,
	CASE split_part(r.allowed, ' ', 1) WHEN 'bool' THEN 'bool'
		WHEN 'int' THEN 'integer' WHEN 'number' THEN 'real'
		ELSE 'string' END AS vartype,
	CASE WHEN s.source IN ('session', 'client', 'user', 'database',
			'database user') THEN s.source
		WHEN v.value <> r.initial THEN 'session'
		ELSE 'default' END AS source,
	s.min_val, s.max_val
FROM (SELECT split_part(line, '|', 1) AS name,
		split_part(line, '|', 2) AS how,
		split_part(line, '|', 3) AS allowed,
		split_part(line, '|', 4) AS initial
	FROM regexp_split_to_table(
		pg_catalog.current_setting('redsh.rules'), ';') AS line
	WHERE line <> '') r
LEFT JOIN LATERAL (SELECT p.* FROM pg_catalog.pg_settings p
	WHERE r.how = 'send' AND lower(p.name) = r.name) s ON true
LEFT JOIN LATERAL (SELECT pg_catalog.current_setting('redsh.' || r.name, true)
	WHERE r.how <> 'send') v (value) ON true;

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
JOIN redshift_sandbox.attribute a ON a.attrelid = c.oid
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
	CASE c.relkind WHEN 'r' THEN redshift_sandbox.effective_diststyle(
		t.diststyle) ELSE 0::int2 END AS releffectivediststyle,
	t.created AS relcreationtime
FROM redshift_sandbox.pg_class c
LEFT JOIN redshift_sandbox.table_attribute t ON t.relid = c.oid
WHERE redshift_sandbox.may_see(c.relowner::bigint);

CREATE OR REPLACE VIEW pg_catalog.pg_attribute_info AS
SELECT a.*, p.attacl FROM redshift_sandbox.pg_attribute a
JOIN redshift_sandbox.attribute p
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
SELECT s.esoid, 1::int AS eskind, s.databasename AS esdbname,
	json_build_object('IAM_ROLE', s.role)::text AS esoptions
FROM redshift_sandbox.external_schema s
JOIN pg_catalog.pg_namespace n ON n.oid = s.esoid;

CREATE OR REPLACE VIEW pg_catalog.pg_user_info AS
SELECT u.usename, u.usesysid, u.usecreatedb, u.usesuper, u.usecatupd,
	u.passwd, u.valuntil, u.useconfig,
	redshift_sandbox.limit_text(a.rolconnlimit) AS useconnlimit
FROM pg_catalog.pg_user u
JOIN pg_catalog.pg_authid a ON a.rolname = u.usename;

CREATE OR REPLACE VIEW pg_catalog.svv_user_info AS
SELECT u.usename::text AS user_name, u.usesysid AS user_id,
	u.usecreatedb AS createdb, u.usesuper AS superuser,
	u.usecatupd AS catalog_update,
	redshift_sandbox.limit_text(a.rolconnlimit) AS connection_limit,
	CASE WHEN redshift_sandbox.is_unrestricted(a.oid) THEN 'UNRESTRICTED'
		ELSE 'RESTRICTED' END AS syslog_access,
	(SELECT max(q.endtime) FROM redshift_sandbox.query_log q
		WHERE q.userid = u.usesysid AND q.query_type = 'DDL')
		AS last_ddl_timestamp,
	coalesce((SELECT (regexp_match(c, '^idle_session_timeout=(\d+)'))[1]::int
			/ CASE WHEN c ~ 's$' AND c !~ 'ms$' THEN 1
				ELSE 1000 END
		FROM unnest(redshift_sandbox.role_settings(a.oid)) c
		WHERE c LIKE 'idle_session_timeout=%'), 0) AS session_timeout,
	redshift_sandbox.role_record(a.oid)->>'external_id' AS external_user_id
FROM pg_catalog.pg_user u
JOIN pg_catalog.pg_authid a ON a.rolname = u.usename
WHERE redshift_sandbox.may_see(u.usesysid);
