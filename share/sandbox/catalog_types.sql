-- Types of Redshift that PostgreSQL lacks, with the numbers by which drivers
-- know them (data-types.tsv of the documentation). Their values have the form
-- of a type of PostgreSQL, whose own code reads and writes them. Run after
-- catalog.sql; repeatable: a type that stands is left alone.

CREATE SCHEMA IF NOT EXISTS redshift_sandbox;

-- like_type: whose values it has; io: how its functions are named (json_in).
CREATE OR REPLACE FUNCTION redshift_sandbox.make_type(type_name text,
	number oid, like_type text, io text, extra text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	full_name text := format('pg_catalog.%I', type_name);
	made oid;
BEGIN
	IF EXISTS (SELECT FROM pg_catalog.pg_type WHERE oid = number) THEN
		RETURN;
	END IF;
	EXECUTE 'CREATE TYPE ' || full_name;
	made := (SELECT oid FROM pg_catalog.pg_type WHERE typname = type_name
		AND typnamespace = 'pg_catalog'::regnamespace);
	UPDATE pg_catalog.pg_depend SET objid = number
	WHERE classid = 'pg_catalog.pg_type'::regclass AND objid = made;
	UPDATE pg_catalog.pg_type SET oid = number WHERE oid = made;
	EXECUTE format('CREATE FUNCTION redshift_sandbox.%I(cstring) RETURNS '
		'%s LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS %L',
		type_name || '_in', full_name, io || 'in');
	EXECUTE format('CREATE FUNCTION redshift_sandbox.%I(%s) RETURNS '
		'cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE '
		'AS %L', type_name || '_out', full_name, io || 'out');
	EXECUTE format('CREATE FUNCTION redshift_sandbox.%I(internal) RETURNS '
		'%s LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS %L',
		type_name || '_recv', full_name, io || 'recv');
	EXECUTE format('CREATE FUNCTION redshift_sandbox.%I(%s) RETURNS '
		'bytea LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS %L',
		type_name || '_send', full_name, io || 'send');
	EXECUTE format('CREATE TYPE %s (INPUT = redshift_sandbox.%I, OUTPUT = '
		'redshift_sandbox.%I, RECEIVE = redshift_sandbox.%I, SEND = '
		'redshift_sandbox.%I, LIKE = %s, CATEGORY = ''U''%s)',
		full_name, type_name || '_in', type_name || '_out',
		type_name || '_recv', type_name || '_send', like_type, extra);
	EXECUTE format('CREATE CAST (%s AS %s) WITHOUT FUNCTION%s', full_name,
		like_type, CASE WHEN like_type = 'bytea'
		THEN ' AS IMPLICIT' ELSE '' END);
	EXECUTE format('CREATE CAST (%s AS %s) WITHOUT FUNCTION%s', like_type,
		full_name, CASE WHEN like_type = 'bytea'
		THEN ' AS IMPLICIT' ELSE '' END);
END $$;

SELECT redshift_sandbox.make_type('super', 4000, 'json', 'json_', ''),
	redshift_sandbox.make_type('varbyte', 6551, 'bytea', 'bytea',
		', TYPMOD_IN = varchartypmodin, TYPMOD_OUT = varchartypmodout'),
	redshift_sandbox.make_type('hllsketch', 2935, 'text', 'text', ''),
	redshift_sandbox.make_type('geometry', 3000, 'text', 'text', ''),
	redshift_sandbox.make_type('geography', 3001, 'text', 'text', '');

-- how: EXPLICIT, ASSIGNMENT, IMPLICIT. Once.
CREATE OR REPLACE FUNCTION redshift_sandbox.make_cast(from_type regtype, to_type regtype,
	by regprocedure, how text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_catalog.pg_cast
		WHERE castsource = from_type AND casttarget = to_type) THEN
		EXECUTE format('CREATE CAST (%s AS %s) WITH FUNCTION %s%s',
			from_type, to_type, by, CASE how WHEN 'EXPLICIT'
			THEN '' ELSE ' AS ' || how END);
	END IF;
END $$;
