-- What SHOW answers beside settings: a function a form, called by
-- sandbox/rewrite_show. db is NULL or a database's name; only the current one
-- can be shown. Result columns are the guide's. Repeatable.

SET check_function_bodies = off;

CREATE OR REPLACE FUNCTION redshift_sandbox.show_database(db text)
RETURNS varchar LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF db IS NULL OR db = current_database() THEN
		RETURN current_database();
	ELSIF EXISTS (SELECT 1 FROM redshift_sandbox.pg_database
		WHERE datname = db) THEN
		RAISE EXCEPTION USING ERRCODE = 'SB001', MESSAGE =
			'the sandbox has no SHOW of another database',
			HINT = 'Connect to it.';
	END IF;
	RAISE EXCEPTION USING ERRCODE = '3D000', MESSAGE =
		format('database "%s" does not exist', db);
END $$;

CREATE OR REPLACE FUNCTION redshift_sandbox.show_schema(db text, nsp text)
RETURNS oid LANGUAGE plpgsql STABLE AS $$
DECLARE
	found oid;
BEGIN
	PERFORM redshift_sandbox.show_database(db);
	SELECT n.oid INTO found FROM pg_catalog.pg_namespace n
	WHERE n.nspname = nsp AND redshift_sandbox.is_shown(n.nspname);
	IF found IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '3F000', MESSAGE =
			format('schema "%s" does not exist', nsp);
	END IF;
	RETURN found;
END $$;

-- kinds: of pg_class, 'r' or 'vm' ... nsp NULL: by the search path.
CREATE OR REPLACE FUNCTION redshift_sandbox.show_relation(db text, nsp text,
	rel text, kinds text)
RETURNS oid LANGUAGE plpgsql STABLE AS $$
DECLARE
	found oid;
BEGIN
	PERFORM redshift_sandbox.show_database(db);
	IF nsp IS NOT NULL THEN
		PERFORM redshift_sandbox.show_schema(db, nsp);
	END IF;
	SELECT c.oid INTO found FROM pg_catalog.pg_class c
	WHERE c.oid = to_regclass(concat_ws('.', quote_ident(nsp),
		quote_ident(rel))) AND strpos(kinds, c.relkind::text) > 0;
	IF found IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '42P01', MESSAGE =
			format('relation "%s" does not exist', rel);
	END IF;
	RETURN found;
END $$;

-- types NULL: the one of that name.
CREATE OR REPLACE FUNCTION redshift_sandbox.show_routine(db text, nsp text,
	routine text, types regtype[], kind "char")
RETURNS oid LANGUAGE plpgsql STABLE AS $$
DECLARE
	found oid[];
BEGIN
	PERFORM redshift_sandbox.show_database(db);
	SELECT array_agg(p.oid ORDER BY p.oid) INTO found
	FROM pg_catalog.pg_proc p
	JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
	WHERE p.proname = routine AND p.prokind = kind
	AND redshift_sandbox.is_shown(n.nspname)
	AND CASE WHEN nsp IS NULL THEN pg_function_is_visible(p.oid)
		ELSE n.nspname = nsp END
	AND (types IS NULL OR array_to_string(types::oid[], ' ') IN (
		array_to_string(p.proargtypes::oid[], ' '),
		array_to_string(p.proallargtypes, ' ')));
	IF found IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '42883', MESSAGE =
			format('%s %s%s does not exist', CASE kind WHEN 'p'
			THEN 'procedure' ELSE 'function' END, routine,
			coalesce('(' || array_to_string(types, ', ') || ')',
			''));
	ELSIF cardinality(found) > 1 THEN
		RAISE EXCEPTION USING ERRCODE = '42725', MESSAGE =
			format('%s name "%s" is not unique', CASE kind
			WHEN 'p' THEN 'procedure' ELSE 'function' END, routine);
	END IF;
	RETURN found[1];
END $$;

-- A listing without LIMIT ends with an error behind 10,000 rows.
CREATE OR REPLACE FUNCTION redshift_sandbox.show_limit(number bigint)
RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF number > 10000 THEN
		RAISE EXCEPTION USING ERRCODE = '54000', MESSAGE =
			'SHOW returns more than 10000 rows',
			HINT = 'Use LIKE or LIMIT.';
	END IF;
	RETURN true;
END $$;

------------------------------------------------------------------ listings

CREATE OR REPLACE FUNCTION redshift_sandbox.show_databases()
RETURNS TABLE (database_name varchar, database_owner int,
	database_type varchar, database_acl varchar, parameters varchar,
	database_isolation_level varchar) LANGUAGE sql STABLE AS $$
	SELECT database_name, database_owner, database_type, database_acl,
		NULL, database_isolation_level
	FROM pg_catalog.svv_redshift_databases ORDER BY 1
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.show_schemas(db text)
RETURNS TABLE (database_name varchar, schema_name varchar, schema_owner int,
	schema_type varchar, schema_acl varchar, source_database varchar,
	schema_option varchar) LANGUAGE sql STABLE AS $$
	SELECT redshift_sandbox.show_database(db), s.schema_name,
		s.schema_owner, s.schema_type, s.schema_acl,
		s.source_database, s.schema_option
	FROM pg_catalog.svv_all_schemas s
	WHERE redshift_sandbox.show_database(db) IS NOT NULL
	AND s.schema_name !~ '^pg_' ORDER BY 2
$$;

-- No temporary tables; the view's kind is told by its definition.
CREATE OR REPLACE FUNCTION redshift_sandbox.show_tables(db text, nsp text)
RETURNS TABLE (database_name varchar, schema_name varchar, table_name varchar,
	table_type varchar, table_acl varchar, remarks varchar, owner varchar,
	last_altered_time timestamp, last_modified_time timestamp,
	dist_style varchar, table_subtype varchar) LANGUAGE sql STABLE AS $$
	SELECT current_database(), r.nspname, r.relname, r.kind,
		array_to_string(r.relacl, '~'), r.remarks,
		pg_get_userbyid(r.relowner), t.created, NULL::timestamp,
		CASE r.relkind WHEN 'r' THEN CASE upper(t.diststyle)
			WHEN 'KEY' THEN 'KEY' WHEN 'EVEN' THEN 'EVEN'
			WHEN 'ALL' THEN 'ALL' ELSE 'AUTO (ALL)' END END,
		CASE r.relkind WHEN 'r' THEN 'REGULAR TABLE'
			WHEN 'm' THEN 'MATERIALIZED VIEW'
			ELSE CASE WHEN l.relid IS NULL THEN 'REGULAR VIEW'
				ELSE 'LATE BINDING VIEW' END END
	FROM redshift_sandbox.relation r
	LEFT JOIN redshift_sandbox.late_view l ON l.relid = r.oid
	JOIN pg_catalog.pg_class c ON c.oid = r.oid AND c.relpersistence <> 't'
	LEFT JOIN redshift_sandbox.table_attribute t ON t.relid = r.oid
	WHERE c.relnamespace = redshift_sandbox.show_schema(db, nsp)
	ORDER BY 3
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.show_columns(db text, nsp text,
	rel text)
RETURNS TABLE (database_name varchar, schema_name varchar, table_name varchar,
	column_name varchar, ordinal_position int, column_default varchar,
	is_nullable varchar, data_type varchar, character_maximum_length int,
	numeric_precision int, numeric_scale int, remarks varchar,
	sort_key_type varchar, sort_key int, dist_key int, encoding varchar,
	"collation" varchar) LANGUAGE sql STABLE AS $$
	SELECT current_database(), c.nspname, c.relname, c.attname,
		c.attnum::int, c.column_default,
		CASE WHEN c.attnotnull THEN 'NO' ELSE 'YES' END, c.type,
		c.length, c.precision, c.scale, c.remarks,
		CASE WHEN k.sortkey <> 0 THEN t.sortstyle END,
		nullif(abs(k.sortkey), 0), CASE WHEN k.distkey THEN 1 END,
		CASE WHEN r.relkind = 'r' THEN redshift_sandbox.encoding_of(
			c.oid, c.attnum, c.atttypid) END,
		CASE WHEN c.atttypid IN (25, 1042, 1043)
			THEN 'case_sensitive' END
	FROM redshift_sandbox.relation_column c
	JOIN redshift_sandbox.relation r ON r.oid = c.oid
	LEFT JOIN redshift_sandbox.column_attribute k
		ON k.relid = c.oid AND k.attnum = c.attnum
	LEFT JOIN redshift_sandbox.table_attribute t ON t.relid = c.oid
	WHERE c.oid = redshift_sandbox.show_relation(db, nsp, rel, 'rvm')
	ORDER BY 5
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.show_routines(db text, nsp text,
	kind "char")
RETURNS TABLE (database_name varchar, schema_name varchar, name varchar,
	number_of_arguments int, argument_list varchar, return_type varchar,
	remarks varchar) LANGUAGE sql STABLE AS $$
	SELECT current_database(), n.nspname, p.proname,
		p.pronargs::int, oidvectortypes(p.proargtypes),
		CASE p.prokind WHEN 'p' THEN NULL
			ELSE redshift_sandbox.type_text(p.prorettype, NULL) END,
		obj_description(p.oid, 'pg_proc')
	FROM pg_catalog.pg_proc p
	JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
	WHERE p.pronamespace = redshift_sandbox.show_schema(db, nsp)
	AND p.prokind = kind AND n.nspname <> 'pg_catalog'
	ORDER BY 3, 5
$$;
CREATE OR REPLACE FUNCTION redshift_sandbox.show_functions(db text, nsp text)
RETURNS TABLE (database_name varchar, schema_name varchar,
	function_name varchar, number_of_arguments int, argument_list varchar,
	return_type varchar, remarks varchar) LANGUAGE sql STABLE AS $$
	SELECT * FROM redshift_sandbox.show_routines(db, nsp, 'f')
$$;
CREATE OR REPLACE FUNCTION redshift_sandbox.show_procedures(db text, nsp text)
RETURNS TABLE (database_name varchar, schema_name varchar,
	procedure_name varchar, number_of_arguments int, argument_list varchar,
	return_type varchar, remarks varchar) LANGUAGE sql STABLE AS $$
	SELECT * FROM redshift_sandbox.show_routines(db, nsp, 'p')
$$;

-- Parameters in their order; what a function returns stands at 0.
CREATE OR REPLACE FUNCTION redshift_sandbox.show_parameters(db text, nsp text,
	routine text, types regtype[], kind "char")
RETURNS TABLE (database_name varchar, schema_name varchar, name varchar,
	parameter_name varchar, ordinal_position int, parameter_type varchar,
	data_type varchar, character_maximum_length int, numeric_precision int,
	numeric_scale int) LANGUAGE sql STABLE AS $$
	SELECT current_database(), n.nspname, p.proname, a.name, a.place::int,
		a.mode, redshift_sandbox.type_text(a.type, NULL), NULL::int,
		CASE a.type WHEN 21 THEN 16 WHEN 23 THEN 32 WHEN 20 THEN 64
			WHEN 700 THEN 24 WHEN 701 THEN 53 END,
		CASE WHEN a.type IN (20, 21, 23) THEN 0 END
	FROM pg_catalog.pg_proc p
	JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace,
	LATERAL (
		SELECT ''::text AS name, 0::bigint AS place, 'RETURN' AS mode,
			p.prorettype AS type WHERE p.prokind = 'f'
		UNION ALL
		SELECT coalesce(p.proargnames[t.place], ''), t.place,
			CASE p.proargmodes[t.place] WHEN 'o' THEN 'OUT'
				WHEN 'b' THEN 'INOUT' ELSE 'IN' END, t.type
		FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]))
			WITH ORDINALITY t (type, place)) a
	WHERE p.oid = redshift_sandbox.show_routine(db, nsp, routine, types,
		kind)
	ORDER BY 5
$$;
CREATE OR REPLACE FUNCTION redshift_sandbox.show_function_parameters(db text,
	nsp text, routine text, types regtype[])
RETURNS TABLE (database_name varchar, schema_name varchar,
	function_name varchar, parameter_name varchar, ordinal_position int,
	parameter_type varchar, data_type varchar,
	character_maximum_length int, numeric_precision int,
	numeric_scale int) LANGUAGE sql STABLE AS $$
	SELECT * FROM redshift_sandbox.show_parameters(db, nsp, routine, types,
		'f')
$$;
CREATE OR REPLACE FUNCTION redshift_sandbox.show_procedure_parameters(db text,
	nsp text, routine text, types regtype[])
RETURNS TABLE (database_name varchar, schema_name varchar,
	procedure_name varchar, parameter_name varchar, ordinal_position int,
	parameter_type varchar, data_type varchar,
	character_maximum_length int, numeric_precision int,
	numeric_scale int) LANGUAGE sql STABLE AS $$
	SELECT * FROM redshift_sandbox.show_parameters(db, nsp, routine, types,
		'p')
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.show_primary_keys(db text,
	nsp text, rel text)
RETURNS TABLE (database_name varchar, schema_name varchar, table_name varchar,
	pk_name varchar, column_name varchar, key_seq int)
LANGUAGE sql STABLE AS $$
	SELECT current_database(), n.nspname, c.relname, k.conname, u.name,
		u.place::int
	FROM redshift_sandbox.constraint_attribute k
	JOIN pg_catalog.pg_class c ON c.oid = k.relid
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
		unnest(k.columns) WITH ORDINALITY u (name, place)
	WHERE k.contype = 'p'
	AND k.relid = redshift_sandbox.show_relation(db, nsp, rel, 'r')
	ORDER BY u.place
$$;

-- exported: those of other tables that refer to this one.
CREATE OR REPLACE FUNCTION redshift_sandbox.show_foreign_keys(db text,
	nsp text, rel text, exported bool)
RETURNS TABLE (pk_database_name varchar, pk_schema_name varchar,
	pk_table_name varchar, pk_column_name varchar,
	fk_database_name varchar, fk_schema_name varchar,
	fk_table_name varchar, fk_column_name varchar, key_seq int,
	fk_name varchar, pk_name varchar, update_rule int, delete_rule int,
	deferrability int) LANGUAGE sql STABLE AS $$
	SELECT current_database(), pn.nspname, p.relname, pu.name,
		current_database(), fn.nspname, f.relname, fu.name,
		fu.place::int, k.conname, pk.conname, 3, 3, 7
	FROM redshift_sandbox.constraint_attribute k
	JOIN pg_catalog.pg_class f ON f.oid = k.relid
	JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
	JOIN pg_catalog.pg_class p ON p.oid = k.refrel
	JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
	JOIN LATERAL unnest(k.columns) WITH ORDINALITY fu (name, place) ON true
	LEFT JOIN LATERAL unnest(redshift_sandbox.referred(k.refrel,
		k.refcolumns)) WITH ORDINALITY pu (name, place)
		ON pu.place = fu.place
	LEFT JOIN redshift_sandbox.constraint_attribute pk
		ON pk.relid = k.refrel AND pk.contype = 'p'
	WHERE k.contype = 'f' AND redshift_sandbox.show_relation(db, nsp, rel,
		'r') = CASE WHEN exported THEN k.refrel ELSE k.relid END
	ORDER BY k.conname, fu.place
$$;

-------------------------------------------------------------------- grants

-- Entries of acls, with their grantors; who NULL: everybody's.
CREATE OR REPLACE FUNCTION redshift_sandbox.acl_rows(acl aclitem[])
RETURNS TABLE (privilege_type varchar, identity_id int, identity_name varchar,
	identity_type varchar, admin_option bool, grantor_name varchar)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT e.privilege_type, e.grantee::int,
		coalesce(a.rolname::text, 'public'),
		CASE WHEN e.grantee = 0 THEN 'public'
			WHEN a.rolcanlogin THEN 'user'
			WHEN redshift_sandbox.is_role(a.oid) THEN 'role'
			ELSE 'group' END,
		e.is_grantable, g.rolname
	FROM pg_catalog.aclexplode(acl) e
	LEFT JOIN pg_catalog.pg_authid a ON a.oid = e.grantee
	LEFT JOIN pg_catalog.pg_authid g ON g.oid = e.grantor
	WHERE e.privilege_type NOT IN ('CONNECT', 'TRIGGER')
$$;

-- The identity that FOR names; NULL: all. public has no row of its own.
CREATE OR REPLACE FUNCTION redshift_sandbox.show_identity(who text)
RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
	IF who IS NOT NULL AND who <> 'public' AND NOT EXISTS (SELECT 1
		FROM pg_catalog.pg_authid WHERE rolname = who) THEN
		RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE =
			format('user "%s" does not exist', who);
	END IF;
	RETURN who;
END $$;

CREATE OR REPLACE FUNCTION redshift_sandbox.show_grants_on_database(db text,
	who text)
RETURNS TABLE (database_name varchar, privilege_type varchar, identity_id int,
	identity_name varchar, identity_type varchar, admin_option bool,
	privilege_scope varchar, grantor_name varchar)
LANGUAGE sql STABLE AS $$
	SELECT d.datname, a.privilege_type, a.identity_id, a.identity_name,
		a.identity_type, a.admin_option, 'DATABASE', a.grantor_name
	FROM pg_catalog.pg_database d,
		LATERAL redshift_sandbox.acl_rows(coalesce(d.datacl,
			acldefault('d', d.datdba))) a
	WHERE d.datname = redshift_sandbox.show_database(db)
	AND a.identity_name = coalesce(redshift_sandbox.show_identity(who),
		a.identity_name)
	ORDER BY 4, 2
$$;

-- Schemas, relations and routines with their acls.
CREATE OR REPLACE VIEW redshift_sandbox.granted AS
SELECT n.nspname AS schema, n.nspname AS object, 'SCHEMA' AS type, n.oid,
	coalesce(n.nspacl, acldefault('n', n.nspowner)) AS acl,
	'SCHEMA' AS scope
FROM pg_catalog.pg_namespace n WHERE redshift_sandbox.is_shown(n.nspname)
UNION ALL
SELECT n.nspname, c.relname, CASE c.relkind WHEN 'r' THEN 'TABLE'
		ELSE 'VIEW' END, c.oid,
	coalesce(c.relacl, acldefault('r', c.relowner)), 'TABLE'
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm') AND redshift_sandbox.is_shown(n.nspname)
UNION ALL
SELECT n.nspname, format('%s(%s)', p.proname, oidvectortypes(p.proargtypes)),
	CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.oid,
	coalesce(p.proacl, acldefault('f', p.proowner)),
	CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE redshift_sandbox.is_shown(n.nspname) AND n.nspname <> 'pg_catalog';

CREATE OR REPLACE FUNCTION redshift_sandbox.show_grants_on(wanted oid, who text)
RETURNS TABLE (schema_name varchar, object_name varchar, object_type varchar,
	privilege_type varchar, identity_id int, identity_name varchar,
	identity_type varchar, admin_option bool, privilege_scope varchar,
	database_name varchar, grantor_name varchar)
LANGUAGE sql STABLE AS $$
	SELECT g.schema, g.object, g.type, a.privilege_type, a.identity_id,
		a.identity_name, a.identity_type, a.admin_option, g.scope,
		current_database(), a.grantor_name
	FROM redshift_sandbox.granted g,
		LATERAL redshift_sandbox.acl_rows(g.acl) a
	WHERE g.oid = wanted AND a.identity_name = coalesce(
		redshift_sandbox.show_identity(who), a.identity_name)
	ORDER BY 6, 4
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.show_grants_for(who text, db text)
RETURNS TABLE (database_name varchar, schema_name varchar,
	object_name varchar, object_type varchar, privilege_type varchar,
	identity_id int, identity_name varchar, identity_type varchar,
	privilege_scope varchar, grantor_name varchar)
LANGUAGE sql STABLE AS $$
	SELECT redshift_sandbox.show_database(db), g.schema, g.object, g.type,
		a.privilege_type, a.identity_id, a.identity_name,
		a.identity_type, g.scope, a.grantor_name
	FROM (SELECT * FROM redshift_sandbox.granted
		UNION ALL
		SELECT NULL, d.datname, 'DATABASE', d.oid, coalesce(d.datacl,
			acldefault('d', d.datdba)), 'DATABASE'
		FROM pg_catalog.pg_database d
		WHERE d.datname = current_database()) g,
		LATERAL redshift_sandbox.acl_rows(g.acl) a
	WHERE a.identity_name = redshift_sandbox.show_identity(who)
	AND g.schema IS DISTINCT FROM 'pg_catalog'
	AND g.schema IS DISTINCT FROM 'information_schema'
	ORDER BY 4, 2, 3, 5
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.show_column_grants(db text,
	nsp text, rel text, who text)
RETURNS TABLE (database_name varchar, schema_name varchar, table_name varchar,
	column_name varchar, object_type varchar, privilege_type varchar,
	identity_id int, identity_name varchar, identity_type varchar,
	admin_option bool, privilege_scope varchar, grantor_name varchar)
LANGUAGE sql STABLE AS $$
	SELECT current_database(), c.nspname, c.relname, c.attname,
		CASE r.relkind WHEN 'r' THEN 'TABLE' ELSE 'VIEW' END,
		a.privilege_type, a.identity_id, a.identity_name,
		a.identity_type, a.admin_option, 'COLUMN', a.grantor_name
	FROM redshift_sandbox.relation_column c
	JOIN redshift_sandbox.relation r ON r.oid = c.oid,
		LATERAL redshift_sandbox.acl_rows(c.attacl) a
	WHERE c.oid = redshift_sandbox.show_relation(db, nsp, rel, 'rvm')
	AND a.identity_name = coalesce(redshift_sandbox.show_identity(who),
		a.identity_name)
	ORDER BY c.attnum, 8, 6
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.show_datashares()
RETURNS TABLE (share_name varchar, share_owner int, source_database varchar,
	consumer_database varchar, share_type varchar, createdate timestamp,
	is_publicaccessible bool, share_acl varchar, producer_account varchar,
	producer_namespace varchar) LANGUAGE sql STABLE AS $$
	SELECT share_name, share_owner, source_database, consumer_database,
		share_type, createdate, is_publicaccessible, share_acl,
		producer_account, producer_namespace
	FROM pg_catalog.svv_datashares
$$;

--------------------------------------------------------------- definitions

-- One column: name, type, default, identity, NOT NULL, encoding, distkey.
CREATE OR REPLACE FUNCTION redshift_sandbox.column_text(rel oid, att int2)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT concat_ws(' ', quote_ident(a.attname),
		redshift_sandbox.type_text(a.atttypid, a.atttypmod),
		CASE WHEN a.attidentity <> '' THEN
			CASE a.attidentity WHEN 'd' THEN 'GENERATED BY DEFAULT AS '
				ELSE '' END
			|| (SELECT format('IDENTITY(%s,%s)', s.seqstart,
				s.seqincrement)
			FROM pg_catalog.pg_depend p
			JOIN pg_catalog.pg_sequence s ON s.seqrelid = p.objid
			WHERE p.refobjid = rel AND p.refobjsubid = att
			AND p.deptype = 'i' LIMIT 1)
		ELSE 'DEFAULT ' || d.adsrc END,
		CASE WHEN a.attnotnull THEN 'NOT NULL' END,
		'ENCODE ' || nullif(redshift_sandbox.encoding_of(rel, att,
			a.atttypid), 'none'),
		CASE WHEN k.distkey THEN 'distkey' END)
	FROM pg_catalog.pg_attribute a
	LEFT JOIN redshift_sandbox.pg_attrdef d
		ON d.adrelid = rel AND d.adnum = att
	LEFT JOIN redshift_sandbox.column_attribute k
		ON k.relid = rel AND k.attnum = att
	WHERE a.attrelid = rel AND a.attnum = att
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.show_table(db text, nsp text,
	rel text)
RETURNS TABLE ("Show Table DDL statement" text) LANGUAGE sql STABLE AS $$
	SELECT format(E'CREATE TABLE %s.%s (\n    %s\n)\nDISTSTYLE %s%s;',
		quote_ident(n.nspname), quote_ident(c.relname),
		(SELECT string_agg(line, E',\n    ' ORDER BY part, place)
		FROM (SELECT 1 AS part, a.attnum::int AS place,
				redshift_sandbox.column_text(c.oid, a.attnum)
				AS line
			FROM pg_catalog.pg_attribute a
			WHERE a.attrelid = c.oid AND a.attnum > 0
			AND NOT a.attisdropped
			UNION ALL
			SELECT 2, (row_number() OVER (ORDER BY k.contype DESC,
				k.conname))::int,
				redshift_sandbox.pg_get_constraintdef(k.oid)
			FROM redshift_sandbox.pg_constraint k
			WHERE k.conrelid = c.oid) lines),
		upper(coalesce(t.diststyle, 'AUTO')),
		(SELECT E'\n' || CASE t.sortstyle WHEN 'INTERLEAVED'
				THEN 'INTERLEAVED ' ELSE '' END
			|| format('SORTKEY ( %s )', string_agg(
				quote_ident(a.attname), ', '
				ORDER BY abs(k.sortkey)))
		FROM redshift_sandbox.column_attribute k
		JOIN pg_catalog.pg_attribute a ON a.attrelid = k.relid
			AND a.attnum = k.attnum
		WHERE k.relid = c.oid AND k.sortkey <> 0
		HAVING count(*) > 0))
	FROM pg_catalog.pg_class c
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	LEFT JOIN redshift_sandbox.table_attribute t ON t.relid = c.oid
	WHERE c.oid = redshift_sandbox.show_relation(db, nsp, rel, 'r')
$$;

-- As the guide writes the types of external columns.
CREATE OR REPLACE FUNCTION redshift_sandbox.external_type(name text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce((SELECT w.short || substr(name, length(w.long) + 1)
		FROM (VALUES ('character varying', 'varchar'),
			('character', 'char'), ('integer', 'int'),
			('numeric', 'decimal'), ('real', 'float4'),
			('double precision', 'float8'),
			('timestamp without time zone', 'timestamp'))
			w (long, short)
		WHERE starts_with(name, w.long) ORDER BY length(w.long) DESC
		LIMIT 1), name)
$$;

-- full_: the statements that add its partitions, too.
CREATE OR REPLACE FUNCTION redshift_sandbox.show_external_table(db text,
	nsp text, rel text, full_ bool)
RETURNS TABLE ("Show External Table DDL statement" text) LANGUAGE sql STABLE
AS $$
	SELECT format(E'CREATE EXTERNAL TABLE %s.%s (\n    %s\n)%s\n'
		'ROW FORMAT SERDE %L%s\nSTORED AS INPUTFORMAT %L OUTPUTFORMAT '
		'%L\nLOCATION %L%s;', quote_ident(v.schemaname),
		quote_ident(v.tablename),
		(SELECT string_agg(quote_ident(c.columnname) || ' '
			|| redshift_sandbox.external_type(c.external_type), E',\n    ' ORDER BY c.columnnum)
		FROM pg_catalog.svv_external_columns c WHERE c.part_key = 0
		AND c.schemaname = v.schemaname AND c.tablename = v.tablename),
		(SELECT format(E'\nPARTITIONED BY (%s)', string_agg(
			quote_ident(c.columnname) || ' ' ||
			redshift_sandbox.external_type(c.external_type), ', ' ORDER BY c.part_key))
		FROM pg_catalog.svv_external_columns c WHERE c.part_key > 0
		AND c.schemaname = v.schemaname AND c.tablename = v.tablename
		HAVING count(*) > 0), v.serialization_lib,
		(SELECT format(E'\nWITH SERDEPROPERTIES (%s)', string_agg(
			k || '=' || redshift_sandbox.copy_literal(w), ', '
			ORDER BY place))
		FROM (VALUES (1, CASE WHEN t.csv THEN '''separatorChar'''
				ELSE '''field.delim''' END, t.delimiter),
			(2, '''quoteChar''', t.quote),
			(3, '''escape.delim''', t.escape)) p (place, k, w)
		WHERE w <> CASE WHEN t.csv THEN '' ELSE E'\x01' END
		HAVING count(*) > 0), v.input_format, v.output_format,
		v.location, (SELECT format(E'\nTABLE PROPERTIES (%s)',
			string_agg(redshift_sandbox.copy_literal(
				t.properties[i]) || '='
			|| redshift_sandbox.copy_literal(t.properties[i + 1]),
			', ' ORDER BY i))
		FROM generate_series(1, cardinality(t.properties), 2) i
		HAVING count(*) > 0))
	|| CASE WHEN full_ THEN coalesce((SELECT string_agg(format(
		E'\nALTER TABLE %s.%s ADD IF NOT EXISTS PARTITION (%s) '
		'LOCATION %L;', quote_ident(v.schemaname),
		quote_ident(v.tablename), (SELECT string_agg(format('%s=%L',
			quote_ident(t.parts[i]), p."values"[i]), ', '
			ORDER BY i) FROM generate_subscripts(t.parts, 1) i),
		p.location), '' ORDER BY p."values")
		FROM redshift_sandbox.external_partition p
		WHERE p.relid = t.relid), '') ELSE '' END
	FROM redshift_sandbox.require_external_table(
		redshift_sandbox.show_relation(db, nsp, rel, 'v')
		::regclass::text) t
	JOIN pg_catalog.pg_class c ON c.oid = t.relid
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	JOIN pg_catalog.svv_external_tables v ON v.schemaname = n.nspname
		AND v.tablename = c.relname
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.show_view(db text, nsp text,
	rel text)
RETURNS TABLE ("Show View DDL statement" text) LANGUAGE sql STABLE AS $$
	SELECT coalesce(l.source, trim(redshift_sandbox.shown_sql(
		pg_get_viewdef(v.oid))))
	FROM (SELECT redshift_sandbox.show_relation(db, nsp, rel, 'vm')) v (oid)
	LEFT JOIN redshift_sandbox.late_view l ON l.relid = v.oid
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.show_procedure(db text, nsp text,
	routine text, types regtype[])
RETURNS TABLE ("Stored Procedure Definition" text) LANGUAGE sql STABLE AS $$
	SELECT format(E'CREATE OR REPLACE PROCEDURE %s.%s(%s)\n LANGUAGE %s\n%sAS $_$%s$_$\n',
		quote_ident(n.nspname), quote_ident(p.proname),
		regexp_replace(pg_get_function_arguments(p.oid),
			'(^|, )IN ', '\1', 'g'), l.lanname,
		CASE WHEN p.prosecdef THEN E'SECURITY DEFINER\n' ELSE '' END,
		redshift_sandbox.source_of(p.prosrc))
	FROM pg_catalog.pg_proc p
	JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
	JOIN pg_catalog.pg_language l ON l.oid = p.prolang
	WHERE p.oid = redshift_sandbox.show_routine(db, nsp, routine, types,
		'p')
$$;

RESET check_function_bodies;
