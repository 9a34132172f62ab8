-- What statements of Redshift do that PostgreSQL has none for: called by
-- sandbox/rewrite*.c. Run after functions.sql, in every database, as
-- superuser; repeatable. Functions without SECURITY DEFINER do what their
-- caller may do.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

-- ---- roles: a record of what PostgreSQL has no column for, as JSON in the
-- comment of the role, which all databases share. kind: role, none for users
-- and groups; owner, external_id, syslog

CREATE OR REPLACE FUNCTION role_record(role oid) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce(shobj_description(role, 'pg_authid'), '{}')::jsonb;
EXCEPTION WHEN invalid_text_representation THEN
	RETURN '{}';
END $$;

CREATE OR REPLACE FUNCTION note_role(role text, key text, value text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	id oid := to_regrole(quote_ident(role));
BEGIN
	IF id IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE =
			format('role "%s" does not exist', role);
	END IF;
	EXECUTE format('COMMENT ON ROLE %I IS %L', role,
		redshift_sandbox.role_record(id)
		|| jsonb_build_object(key, value));
END $$;

CREATE OR REPLACE FUNCTION new_role(role text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM redshift_sandbox.note_role(role, 'kind', 'role');
	PERFORM redshift_sandbox.note_role(role, 'owner', current_user);
END $$;

-- RESTRICT is the default: nobody may hold the role [r_DROP_ROLE].
CREATE OR REPLACE FUNCTION drop_role(role text, force bool) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	id oid := to_regrole(quote_ident(role));
BEGIN
	IF id IS NULL OR redshift_sandbox.role_record(id) ->> 'kind'
		IS DISTINCT FROM 'role' THEN
		RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE =
			format('role "%s" does not exist', role);
	END IF;
	IF NOT force AND EXISTS (SELECT FROM pg_catalog.pg_auth_members
		WHERE roleid = id) THEN
		RAISE EXCEPTION USING ERRCODE = '2BP01', MESSAGE =
			format('role "%s" cannot be dropped because some '
			'users or roles have been granted it', role);
	END IF;
	IF force THEN
		EXECUTE format('DROP OWNED BY %I', role);
	END IF;
	EXECUTE format('DROP ROLE %I', role);
END $$;

-- ---- ALTER TABLE APPEND

CREATE OR REPLACE FUNCTION append_columns(rel oid)
RETURNS TABLE (name text, kind text, identity bool) LANGUAGE sql STABLE AS $$
	SELECT a.attname::text, concat_ws(' ',
		format_type(a.atttypid, a.atttypmod),
		CASE WHEN a.attnotnull THEN 'not null' END, c.encoding,
		CASE WHEN c.distkey THEN 'distkey' END, nullif(c.sortkey, 0)),
		a.attidentity = 'a'
	FROM pg_catalog.pg_attribute a
	LEFT JOIN redshift_sandbox.column_attribute c
		ON c.relid = a.attrelid AND c.attnum = a.attnum
	WHERE a.attrelid = rel AND a.attnum > 0 AND NOT a.attisdropped
$$;

CREATE OR REPLACE FUNCTION append_table(target text, source text,
	ignore_extra bool, fill_target bool) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	t oid := redshift_sandbox.require_table(target);
	s oid := redshift_sandbox.require_table(source);
	style text[];
	wrong text;
	names text;
BEGIN
	IF EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid IN (t, s)
		AND (relkind <> 'r' OR relpersistence = 't')) OR t = s THEN
		RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE =
			'ALTER TABLE APPEND takes two permanent tables';
	END IF;
	SELECT array_agg(DISTINCT x.diststyle || ' ' || x.sortstyle) INTO style
	FROM (SELECT coalesce(a.diststyle, 'AUTO') AS diststyle,
		coalesce(a.sortstyle, 'AUTO') AS sortstyle
		FROM (VALUES (t), (s)) r (id)
		LEFT JOIN redshift_sandbox.table_attribute a
			ON a.relid = r.id) x;
	IF array_length(style, 1) > 1 THEN
		RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE =
			'Source and target tables have different distribution '
			'or sort styles';
	END IF;
	SELECT a.name INTO wrong
	FROM redshift_sandbox.append_columns(t) a
	JOIN redshift_sandbox.append_columns(s) b USING (name)
	WHERE a.kind <> b.kind OR a.identity OR b.identity LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE =
			format('Column "%s" has different attributes in source '
			'and target tables, or is an identity column', wrong);
	END IF;
	SELECT b.name INTO wrong FROM redshift_sandbox.append_columns(s) b
	WHERE b.name NOT IN (SELECT name
		FROM redshift_sandbox.append_columns(t)) LIMIT 1;
	IF FOUND AND NOT ignore_extra THEN
		RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE =
			format('Source table has column "%s" that the target '
			'table lacks', wrong), HINT = 'Use IGNOREEXTRA.';
	END IF;
	SELECT b.name INTO wrong FROM redshift_sandbox.append_columns(t) b
	WHERE b.name NOT IN (SELECT name
		FROM redshift_sandbox.append_columns(s)) LIMIT 1;
	IF FOUND AND NOT fill_target THEN
		RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE =
			format('Target table has column "%s" that the source '
			'table lacks', wrong), HINT = 'Use FILLTARGET.';
	END IF;
	SELECT string_agg(quote_ident(name), ', ') INTO names
	FROM redshift_sandbox.append_columns(t) a
	JOIN redshift_sandbox.append_columns(s) b USING (name);
	EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM %s', t::regclass,
		names, names, s::regclass);
	EXECUTE format('TRUNCATE %s', s::regclass);
END $$;

-- ---- MERGE

CREATE OR REPLACE FUNCTION check_merge(target text, source text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	t oid := redshift_sandbox.require_table(target);
	s oid := redshift_sandbox.require_table(source);
BEGIN
	IF t = s THEN
		RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE =
			'Source and target of MERGE cannot be the same table';
	END IF;
	IF EXISTS (SELECT FROM pg_catalog.pg_class
		WHERE oid IN (t, s) AND relkind <> 'r') THEN
		RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE =
			'MERGE takes tables, not views';
	END IF;
END $$;

CREATE OR REPLACE FUNCTION check_matches(most bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF most > 1 THEN
		RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE =
			'Found multiple matches to update the same tuple.';
	END IF;
END $$;

-- ---- procedures

-- Modes of the procedures of that name, as letters: "iio,ib".
CREATE OR REPLACE FUNCTION procedure_modes(name text) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT string_agg(coalesce(array_to_string(p.proargmodes, ''),
		repeat('i', p.pronargs)), ',' ORDER BY p.oid)
	FROM pg_catalog.pg_proc p
	JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
	WHERE p.prokind = 'p'
	AND p.proname = (parse_ident(name))[cardinality(parse_ident(name))]
	AND CASE WHEN cardinality(parse_ident(name)) > 1
		THEN n.nspname
			= (parse_ident(name))[cardinality(parse_ident(name)) - 1]
		ELSE pg_catalog.pg_function_is_visible(p.oid) END
$$;

-- Was the procedure called outside of a block, so that it may end its
-- transaction? The gateway says so with CALL.
CREATE OR REPLACE FUNCTION may_commit() RETURNS bool LANGUAGE sql STABLE AS $$
	SELECT coalesce(pg_catalog.current_setting('redsh.atomic', true), '')
		<> 'on'
$$;

CREATE OR REPLACE FUNCTION require_top(statement text, configured bool)
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF configured OR NOT redshift_sandbox.may_commit() THEN
		RAISE EXCEPTION USING ERRCODE = '2D000', MESSAGE =
			statement || ' cannot be invoked from a procedure that '
			'is executing in an atomic context.', HINT =
			'Try calling the procedure as a top-level call i.e. '
			'not from within an explicit transaction block. Or, if '
			'this procedure (or one of its ancestors in the call '
			'chain) was created with SET config options, recreate '
			'the procedure without them.';
	END IF;
END $$;

-- Dynamic SQL: the gateway, which sees the notice, puts PostgreSQL's text in
-- the table; it knows Redshift's, PostgreSQL does not.
DROP TABLE IF EXISTS redshift_sandbox.translation CASCADE;
CREATE TABLE redshift_sandbox.translation (
	pid int NOT NULL,			-- of the session that asked
	id bigint NOT NULL,
	sqlstate text NOT NULL,			-- '': text is the translation
	text text NOT NULL,
	PRIMARY KEY (pid, id)
);
CREATE SEQUENCE IF NOT EXISTS redshift_sandbox.translation_id;
GRANT USAGE ON SEQUENCE redshift_sandbox.translation_id TO PUBLIC;

CREATE OR REPLACE FUNCTION translated(source text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
	number bigint := nextval('redshift_sandbox.translation_id');
	answer redshift_sandbox.translation;
BEGIN
	IF source IS NULL THEN
		RETURN NULL;
	END IF;
	RAISE INFO USING ERRCODE = 'SB100', MESSAGE = source,
		DETAIL = number::text;
	FOR i IN 1 .. 20000 LOOP
		SELECT * INTO answer FROM redshift_sandbox.translation
		WHERE pid = pg_backend_pid() AND id = number;
		EXIT WHEN FOUND;
		PERFORM pg_sleep(0.0005);
	END LOOP;
	IF answer IS NULL THEN
		RAISE EXCEPTION 'the gateway did not translate dynamic SQL';
	END IF;
	IF answer.sqlstate <> '' THEN
		RAISE EXCEPTION USING ERRCODE = answer.sqlstate,
			MESSAGE = answer.text;
	END IF;
	RETURN answer.text;
END $$;

-- ---- late-binding views: PostgreSQL's view stands over late_rows, which
-- runs the text. Columns are those of the text when it was last looked at.

CREATE TABLE IF NOT EXISTS redshift_sandbox.late_view (
	relid oid PRIMARY KEY,
	columns text[],				-- names given; NULL: the query's
	query text NOT NULL,			-- PostgreSQL's
	source text NOT NULL			-- as the client wrote it
);
GRANT SELECT, INSERT, UPDATE, DELETE ON redshift_sandbox.late_view TO PUBLIC;

CREATE OR REPLACE FUNCTION late_rows(view oid) RETURNS SETOF record
LANGUAGE plpgsql AS $$
DECLARE
	late redshift_sandbox.late_view;
	list text;
BEGIN
	SELECT * INTO STRICT late FROM redshift_sandbox.late_view
	WHERE relid = view;
	SELECT string_agg(format('q.c%s::%s', a.attnum,
		format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
		INTO list
	FROM pg_catalog.pg_attribute a
	WHERE a.attrelid = view AND a.attnum > 0 AND NOT a.attisdropped;
	RETURN QUERY EXECUTE format('SELECT %s FROM (%s) AS q (%s)', list,
		late.query, (SELECT string_agg('c' || a.attnum, ', '
			ORDER BY a.attnum)
		FROM pg_catalog.pg_attribute a WHERE a.attrelid = view
		AND a.attnum > 0 AND NOT a.attisdropped));
END $$;

-- The columns that the text has now: "a" int4, ... ; NULL: a table of it is
-- not there.
CREATE OR REPLACE FUNCTION late_columns(query text, names text[])
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	list text;
BEGIN
	EXECUTE 'CREATE TEMP VIEW redsh_late AS ' || query;
	SELECT string_agg(format('%I %s', coalesce(names[a.attnum], a.attname),
		format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
		INTO list
	FROM pg_catalog.pg_attribute a
	WHERE a.attrelid = 'pg_temp.redsh_late'::regclass AND a.attnum > 0;
	DROP VIEW pg_temp.redsh_late;
	RETURN list;
EXCEPTION WHEN undefined_table OR invalid_schema_name OR undefined_column
	OR undefined_function THEN
	RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION note_late_view(rel text, replace bool,
	names text[], query text, source text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	list text := redshift_sandbox.late_columns(query, names);
	id oid := to_regclass(rel);
BEGIN
	IF id IS NOT NULL AND NOT (replace AND EXISTS (SELECT
		FROM pg_catalog.pg_class WHERE oid = id AND relkind = 'v')) THEN
		RAISE EXCEPTION USING ERRCODE = '42P07', MESSAGE =
			format('relation "%s" already exists', rel);
	END IF;
	IF id IS NOT NULL THEN
		EXECUTE format('DROP VIEW %s', rel);
		DELETE FROM redshift_sandbox.late_view WHERE relid = id;
	END IF;
	-- the number of the view stands in its own text
	EXECUTE format('CREATE VIEW %s AS SELECT', rel);
	id := rel::regclass;
	INSERT INTO redshift_sandbox.late_view VALUES (id, names, query, source);
	IF list IS NOT NULL THEN
		EXECUTE format('CREATE OR REPLACE VIEW %s AS SELECT * FROM '
			'redshift_sandbox.late_rows(%s) AS q (%s)', rel, id, list);
	END IF;
END $$;

-- After a change of tables: views whose text has other columns now take them.
CREATE OR REPLACE FUNCTION bind_late_views() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	late record;
	list text;
	now_is text;
BEGIN
	FOR late IN SELECT v.*, c.oid::regclass::text AS name
		FROM redshift_sandbox.late_view v
		JOIN pg_catalog.pg_class c ON c.oid = v.relid
		WHERE pg_has_role(c.relowner, 'USAGE')
	LOOP
		list := redshift_sandbox.late_columns(late.query, late.columns);
		SELECT string_agg(format('%I %s', a.attname,
			format_type(a.atttypid, a.atttypmod)), ', '
			ORDER BY a.attnum) INTO now_is
		FROM pg_catalog.pg_attribute a
		WHERE a.attrelid = late.relid AND a.attnum > 0;
		CONTINUE WHEN list IS NULL OR list IS NOT DISTINCT FROM now_is;
		BEGIN
			EXECUTE format('CREATE OR REPLACE VIEW %s AS SELECT * '
				'FROM redshift_sandbox.late_rows(%s) AS q (%s)',
				late.name, late.relid, list);
		EXCEPTION WHEN invalid_table_definition THEN
			-- fewer or other columns: anew, unless views rest on it
			BEGIN
				PERFORM redshift_sandbox.note_late_view(
					late.name, true, late.columns,
					late.query, late.source);
			EXCEPTION WHEN dependent_objects_still_exist THEN
				NULL;
			END;
		END;
	END LOOP;
END $$;

-- ---- materialized views: AUTO REFRESH YES is a trigger on each table that
-- the view reads.

CREATE OR REPLACE FUNCTION require_matview(rel text) RETURNS oid
LANGUAGE plpgsql AS $$
DECLARE
	id oid := redshift_sandbox.require_table(rel);
BEGIN
	IF NOT EXISTS (SELECT FROM pg_catalog.pg_class
		WHERE oid = id AND relkind = 'm') THEN
		RAISE EXCEPTION USING ERRCODE = '42809', MESSAGE =
			format('"%s" is not a materialized view', rel);
	END IF;
	RETURN id;
END $$;

-- Relations that a view's query reads, views followed.
CREATE OR REPLACE FUNCTION view_sources(view oid) RETURNS SETOF oid
LANGUAGE sql STABLE AS $$
	WITH RECURSIVE source AS (
		SELECT view AS id
		UNION
		SELECT d.refobjid FROM source s
		JOIN pg_catalog.pg_rewrite r ON r.ev_class = s.id
		JOIN pg_catalog.pg_depend d ON d.objid = r.oid
			AND d.classid = 'pg_rewrite'::regclass
			AND d.refclassid = 'pg_class'::regclass
			AND d.refobjid <> s.id)
	SELECT id FROM source WHERE id <> view
$$;

CREATE OR REPLACE FUNCTION refresh_by_trigger() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	EXECUTE format('REFRESH MATERIALIZED VIEW %s',
		tg_argv[0]::oid::regclass);
	RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION note_refresh(rel text, automatic bool)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	id oid := redshift_sandbox.require_matview(rel);
	base oid;
BEGIN
	FOR base IN SELECT c.oid FROM redshift_sandbox.view_sources(id) v
		JOIN pg_catalog.pg_class c ON c.oid = v AND c.relkind = 'r'
	LOOP
		EXECUTE format('DROP TRIGGER IF EXISTS redsh_refresh_%s ON %s',
			id, base::regclass);
		IF automatic THEN
			EXECUTE format('CREATE TRIGGER redsh_refresh_%s AFTER '
				'INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s '
				'FOR EACH STATEMENT EXECUTE FUNCTION '
				'redshift_sandbox.refresh_by_trigger(%L)',
				id, base::regclass, id);
		END IF;
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION refresh_matview(rel text, dependent bool)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	id oid := redshift_sandbox.require_matview(rel);
	base record;
BEGIN
	IF dependent THEN
		FOR base IN SELECT c.oid FROM redshift_sandbox.view_sources(id) v
			JOIN pg_catalog.pg_class c ON c.oid = v
			WHERE c.relkind = 'm' ORDER BY c.oid
		LOOP
			EXECUTE format('REFRESH MATERIALIZED VIEW %s',
				base.oid::regclass);
		END LOOP;
	END IF;
	EXECUTE format('REFRESH MATERIALIZED VIEW %s', id::regclass);
END $$;

-- ---- row-level security: a policy by name, one of PostgreSQL's for each
-- table and name it is attached to. All must hold (AND) unless the table says
-- OR; without a policy a user sees no row.

CREATE TABLE IF NOT EXISTS redshift_sandbox.rls_policy (
	name text PRIMARY KEY,
	expression text NOT NULL,
	names text[] NOT NULL,
	types text[] NOT NULL,
	alias text				-- of the row in the expression
);
CREATE TABLE IF NOT EXISTS redshift_sandbox.rls_attachment (
	policy text NOT NULL,
	relid oid NOT NULL,
	grantee text NOT NULL,
	PRIMARY KEY (policy, relid, grantee)
);
CREATE TABLE IF NOT EXISTS redshift_sandbox.rls_table (
	relid oid PRIMARY KEY,
	conjunction text NOT NULL		-- AND OR
);
GRANT SELECT ON redshift_sandbox.rls_policy, redshift_sandbox.rls_attachment,
	redshift_sandbox.rls_table TO PUBLIC;

CREATE OR REPLACE FUNCTION require_policy(policy text)
RETURNS redshift_sandbox.rls_policy LANGUAGE plpgsql AS $$
DECLARE
	found redshift_sandbox.rls_policy;
BEGIN
	SELECT * INTO found FROM redshift_sandbox.rls_policy
	WHERE name = policy;
	IF found IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE =
			format('RLS policy "%s" does not exist', policy);
	END IF;
	RETURN found;
END $$;

-- Does the expression stand on its own columns? As a query over their types.
CREATE OR REPLACE FUNCTION check_policy(expression text, names text[],
	types text[], alias text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	list text;
BEGIN
	SELECT string_agg(format('NULL::%s AS %I', t, n), ', ') INTO list
	FROM unnest(names, types) x (n, t);
	EXECUTE format('SELECT FROM (SELECT %s) AS %I WHERE %s', list,
		coalesce(alias, 'redsh_row'), expression);
END $$;

CREATE OR REPLACE FUNCTION new_rls_policy(policy text, expression text,
	names text[], types text[], alias text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM redshift_sandbox.rls_policy WHERE name = policy)
	THEN
		RAISE EXCEPTION USING ERRCODE = '42710', MESSAGE =
			format('RLS policy "%s" already exists', policy);
	END IF;
	PERFORM redshift_sandbox.check_policy(expression, names, types, alias);
	INSERT INTO redshift_sandbox.rls_policy
	VALUES (policy, expression, names, types, alias);
END $$;

-- PostgreSQL's policies of a table, from the records. A row alias becomes the
-- table's name.
CREATE OR REPLACE FUNCTION apply_rls(rel oid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	old record;
	item record;
	restrict bool := coalesce((SELECT t.conjunction = 'AND'
		FROM redshift_sandbox.rls_table t WHERE t.relid = rel), true);
	expression text;
	grantee text;
BEGIN
	FOR old IN SELECT polname FROM pg_catalog.pg_policy WHERE polrelid = rel
	LOOP
		EXECUTE format('DROP POLICY %I ON %s', old.polname,
			rel::regclass);
	END LOOP;
	FOR item IN SELECT p.*, a.grantee, row_number() OVER () AS n
		FROM redshift_sandbox.rls_attachment a
		JOIN redshift_sandbox.rls_policy p ON p.name = a.policy
		WHERE a.relid = rel
	LOOP
		expression := CASE WHEN item.alias IS NULL
			THEN item.expression
			ELSE format('EXISTS (SELECT FROM (SELECT %s) AS %I '
				'WHERE %s)', (SELECT string_agg(format(
				'%s.%I', rel::regclass, n), ', ')
				FROM unnest(item.names) n), item.alias,
				item.expression) END;
		grantee := CASE WHEN item.grantee = 'public' THEN 'PUBLIC'
			ELSE quote_ident(item.grantee) END;
		EXECUTE format('CREATE POLICY %I ON %s AS %s TO %s USING (%s)',
			'redsh_' || item.n, rel::regclass, CASE WHEN restrict
			THEN 'RESTRICTIVE' ELSE 'PERMISSIVE' END, grantee,
			expression);
		-- restrictive ones take from what a permissive one gives
		IF restrict THEN
			EXECUTE format('CREATE POLICY %I ON %s TO %s '
				'USING (true)', 'redsh_all_' || item.n,
				rel::regclass, grantee);
		END IF;
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION alter_rls_policy(policy text, changed text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	old redshift_sandbox.rls_policy
		:= redshift_sandbox.require_policy(policy);
	item record;
BEGIN
	PERFORM redshift_sandbox.check_policy(changed, old.names, old.types,
		old.alias);
	UPDATE redshift_sandbox.rls_policy SET expression = changed
	WHERE name = policy;
	FOR item IN SELECT DISTINCT relid FROM redshift_sandbox.rls_attachment a
		WHERE a.policy = old.name
	LOOP
		PERFORM redshift_sandbox.apply_rls(item.relid);
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION drop_rls_policy(name_of text, missing_ok bool,
	dependent bool) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	tables oid[];
	item oid;
BEGIN
	IF missing_ok AND NOT EXISTS (SELECT FROM redshift_sandbox.rls_policy
		WHERE name = name_of) THEN
		RETURN;
	END IF;
	PERFORM redshift_sandbox.require_policy(name_of);
	SELECT array_agg(DISTINCT a.relid) INTO tables
	FROM redshift_sandbox.rls_attachment a WHERE a.policy = name_of;
	IF tables IS NOT NULL AND NOT dependent THEN
		RAISE EXCEPTION USING ERRCODE = '2BP01', MESSAGE =
			format('cannot drop RLS policy "%s" because it is '
			'attached to tables', name_of),
			HINT = 'Use DROP ... CASCADE to detach it too.';
	END IF;
	DELETE FROM redshift_sandbox.rls_attachment WHERE policy = name_of;
	DELETE FROM redshift_sandbox.rls_policy WHERE name = name_of;
	FOREACH item IN ARRAY coalesce(tables, '{}') LOOP
		PERFORM redshift_sandbox.apply_rls(item);
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION attach_rls(policy text, rel text, to_name text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	id oid := redshift_sandbox.require_table(rel);
	p redshift_sandbox.rls_policy := redshift_sandbox.require_policy(policy);
	col text;
BEGIN
	FOREACH col IN ARRAY p.names LOOP
		PERFORM redshift_sandbox.require_column(id, col);
	END LOOP;
	INSERT INTO redshift_sandbox.rls_attachment VALUES (p.name, id, to_name);
	PERFORM redshift_sandbox.apply_rls(id);
END $$;

CREATE OR REPLACE FUNCTION detach_rls(policy text, rel text, from_name text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	id oid := redshift_sandbox.require_table(rel);
	p redshift_sandbox.rls_policy := redshift_sandbox.require_policy(policy);
BEGIN
	DELETE FROM redshift_sandbox.rls_attachment a
	WHERE a.policy = p.name AND a.relid = id AND a.grantee = from_name;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE =
			format('RLS policy "%s" is not attached to "%s" for '
			'"%s"', policy, rel, from_name);
	END IF;
	PERFORM redshift_sandbox.apply_rls(id);
END $$;

CREATE OR REPLACE FUNCTION row_security(rel text, on_off bool, kind text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	id oid := redshift_sandbox.require_table(rel);
BEGIN
	DELETE FROM redshift_sandbox.rls_table WHERE relid = id;
	IF on_off THEN
		INSERT INTO redshift_sandbox.rls_table
		VALUES (id, coalesce(kind, 'AND'));
		EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY',
			id::regclass);
		EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY',
			id::regclass);
	ELSE
		EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY',
			id::regclass);
		EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY',
			id::regclass);
	END IF;
	PERFORM redshift_sandbox.apply_rls(id);
END $$;

-- ---- ANALYZE COMPRESSION: a dictionary of the distinct values of a sample
-- against the values themselves.

CREATE OR REPLACE FUNCTION analyze_compression(rel text, names text[],
	sample bigint)
RETURNS TABLE ("Table" name, "Column" name, "Encoding" text,
	"Est_reduction_pct" numeric) LANGUAGE plpgsql AS $$
DECLARE
	item record;
	plain numeric;
	packed numeric;
BEGIN
	IF rel IS NOT NULL THEN
		PERFORM redshift_sandbox.require_table(rel);
		FOR i IN 1 .. coalesce(array_length(names, 1), 0) LOOP
			PERFORM redshift_sandbox.require_column(
				rel::regclass, names[i]);
		END LOOP;
	END IF;
	FOR item IN SELECT c.oid, c.relname, a.attname, a.atttypid,
		coalesce(k.sortkey, 0) <> 0 AS sorted
		FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
			AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN redshift_sandbox.column_attribute k
			ON k.relid = c.oid AND k.attnum = a.attnum
		WHERE c.relkind = 'r' AND CASE WHEN rel IS NULL
			THEN pg_catalog.pg_table_is_visible(c.oid)
				AND n.nspname NOT IN ('pg_catalog',
					'redshift_sandbox')
			ELSE c.oid = rel::regclass END
		AND (coalesce(array_length(names, 1), 0) = 0
			OR a.attname = ANY (names))
		ORDER BY c.relname, a.attnum
	LOOP
		EXECUTE format('WITH s AS (SELECT %I::text AS v FROM %s '
			'LIMIT $1) SELECT coalesce(sum(octet_length(v)), 0), '
			'coalesce((SELECT sum(octet_length(d.v)) FROM (SELECT '
			'DISTINCT v FROM s) d), 0) + count(v) * ceil(ln('
			'greatest(count(DISTINCT v), 2)) / ln(2)) / 8 FROM s',
			item.attname, item.oid::regclass) INTO plain, packed
		USING sample;
		"Table" := item.relname;
		"Column" := item.attname;
		"Encoding" := 'raw';
		"Est_reduction_pct" := 0;
		IF NOT item.sorted AND plain > 0 AND packed < plain THEN
			"Encoding" := CASE WHEN item.atttypid IN (20, 21, 23,
				1700, 1082, 1083, 1266, 1114, 1184)
				THEN 'az64' ELSE 'zstd' END;
			"Est_reduction_pct" := round(100
				* (plain - packed) / plain, 2);
		END IF;
		RETURN NEXT;
	END LOOP;
END $$;
