-- External schemas and tables: records, and the view that an external table
-- is here. Runs after objects.sql; repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

CREATE TABLE IF NOT EXISTS redshift_sandbox.external_schema (
	esoid oid PRIMARY KEY,
	databasename text NOT NULL,
	role text NOT NULL			-- an ARN, or default
);
CREATE TABLE IF NOT EXISTS redshift_sandbox.external_table (
	relid oid PRIMARY KEY,
	location text NOT NULL,
	csv bool NOT NULL,
	delimiter text NOT NULL,
	quote text,
	escape text,
	header int NOT NULL,
	null_text text NOT NULL
);
-- properties: TABLE PROPERTIES, key and value in turn
ALTER TABLE redshift_sandbox.external_table
	ADD COLUMN IF NOT EXISTS properties text[] NOT NULL DEFAULT '{}';
-- Columns that are no fields of the files: their values stand here.
ALTER TABLE redshift_sandbox.external_table
	ADD COLUMN IF NOT EXISTS parts text[] NOT NULL DEFAULT '{}';
CREATE TABLE IF NOT EXISTS redshift_sandbox.external_partition (
	relid oid,
	"values" text[],			-- as parts, in their types' text
	location text NOT NULL,
	PRIMARY KEY (relid, "values")
);
GRANT SELECT, INSERT, UPDATE, DELETE ON redshift_sandbox.external_schema,
	redshift_sandbox.external_table, redshift_sandbox.external_partition
	TO PUBLIC;

CREATE OR REPLACE FUNCTION note_external_schema(name text, db text, role text,
	missing bool) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF missing AND to_regnamespace(quote_ident(name)) IS NOT NULL THEN
		RETURN;
	END IF;
	EXECUTE format('CREATE SCHEMA %I', name);
	INSERT INTO redshift_sandbox.external_schema
	VALUES (to_regnamespace(quote_ident(name)), db, role);
END $$;

CREATE OR REPLACE FUNCTION require_external_schema(name text) RETURNS oid
LANGUAGE plpgsql STABLE AS $$
DECLARE
	id oid := to_regnamespace(quote_ident(name));
BEGIN
	IF id IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '3F000', MESSAGE =
			format('schema "%s" does not exist', name);
	END IF;
	IF NOT EXISTS (SELECT FROM redshift_sandbox.external_schema
		WHERE esoid = id) THEN
		RAISE EXCEPTION USING ERRCODE = '42809', MESSAGE =
			format('schema "%s" is not an external schema', name);
	END IF;
	RETURN id;
END $$;

CREATE OR REPLACE FUNCTION alter_external_schema(name text, changed text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	UPDATE redshift_sandbox.external_schema SET role = changed
	WHERE esoid = redshift_sandbox.require_external_schema(name);
END $$;

CREATE OR REPLACE FUNCTION is_external(rel text) RETURNS bool
LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM redshift_sandbox.external_table
		WHERE relid = to_regclass(rel))
$$;

-- The call that reads an external table of about so many rows: the planner
-- takes the estimate from the function, of which there is one for each number.
CREATE OR REPLACE FUNCTION columns_of(rel oid) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT string_agg(format('%I %s', attname,
		format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
	FROM pg_catalog.pg_attribute
	WHERE attrelid = rel AND attnum > 0 AND NOT attisdropped
$$;
CREATE OR REPLACE FUNCTION estimated_rows(rel oid, rows text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	name text := 'external_rows_' || rows::bigint;
BEGIN
	IF to_regproc('redshift_sandbox.' || name) IS NULL THEN
		EXECUTE format('CREATE FUNCTION redshift_sandbox.%I(rel oid) '
			'RETURNS SETOF record LANGUAGE plpgsql VOLATILE '
			'SECURITY DEFINER ROWS %s AS %L', name, rows::bigint,
			'BEGIN RETURN QUERY EXECUTE pg_catalog.format('
			'''SELECT * FROM redshift_sandbox.external_rows(%s) '
			'AS q (%s)'', rel, redshift_sandbox.columns_of(rel)); END');
	END IF;
	RETURN format('redshift_sandbox.%I(%s)', name, rel);
END $$;

CREATE OR REPLACE FUNCTION refuse_external_write() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'SB001', MESSAGE =
		'the sandbox has no writing of external tables';
END $$;

DROP FUNCTION IF EXISTS new_external_table(text, text, text, bool, text, text,
	text, text, text, text);
DROP FUNCTION IF EXISTS external_begin(oid, int, bigint);
CREATE OR REPLACE FUNCTION new_external_table(schema text, name text,
	columns text, parts text[], csv bool, delimiter text, quote text,
	escape text, header text, null_text text, location text, rows text,
	properties text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	id oid;
	source text;
BEGIN
	IF rows !~ '^[0-9]{1,15}$' THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
			format('invalid numRows "%s"', rows);
	END IF;
	PERFORM redshift_sandbox.require_external_schema(schema);
	IF location !~ '^s3://[^/]+/' THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
			format('invalid location "%s"', location);
	END IF;
	-- the view's number stands in its own text
	EXECUTE format('CREATE VIEW %I.%I AS SELECT', schema, name);
	id := format('%I.%I', schema, name)::regclass;
	INSERT INTO redshift_sandbox.external_table VALUES (id, location, csv,
		coalesce(delimiter, CASE WHEN csv THEN ',' ELSE E'\x01' END),
		quote, escape, coalesce(header, '0')::int,
		coalesce(null_text, '\N'), properties, parts);
	source := format('redshift_sandbox.external_rows(%s)', id);
	IF rows::bigint > 0 THEN
		source := redshift_sandbox.estimated_rows(id, rows);
	END IF;
	EXECUTE format('CREATE OR REPLACE VIEW %I.%I AS SELECT * FROM '
		'%s AS q (%s)', schema, name, source, columns);
	-- who may use the schema may read what is in it
	EXECUTE format('GRANT SELECT ON %I.%I TO PUBLIC', schema, name);
	EXECUTE format('CREATE TRIGGER redsh_external INSTEAD OF INSERT OR '
		'UPDATE OR DELETE ON %I.%I FOR EACH ROW EXECUTE FUNCTION '
		'redshift_sandbox.refuse_external_write()', schema, name);
END $$;

-- ---- partitions

CREATE OR REPLACE FUNCTION require_external_table(rel text)
RETURNS redshift_sandbox.external_table LANGUAGE plpgsql STABLE AS $$
DECLARE
	found redshift_sandbox.external_table;
BEGIN
	SELECT * INTO found FROM redshift_sandbox.external_table
	WHERE relid = rel::regclass;
	IF found.relid IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '42809', MESSAGE =
			format('"%s" is not an external table', rel);
	END IF;
	RETURN found;
END $$;

-- The values in the order and the form of the table's partition columns.
CREATE OR REPLACE FUNCTION partition_values(t redshift_sandbox.external_table,
	names text[], given text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	name text;
	one text;
	made text[] := '{}';
BEGIN
	IF cardinality(t.parts) = 0 THEN
		RAISE EXCEPTION USING ERRCODE = '42809', MESSAGE = format(
			'table "%s" is not partitioned', t.relid::regclass);
	END IF;
	FOREACH name IN ARRAY names LOOP
		IF name <> ALL (t.parts) THEN
			RAISE EXCEPTION USING ERRCODE = '42703', MESSAGE =
				format('column "%s" is not a partition column',
				name);
		END IF;
	END LOOP;
	FOREACH name IN ARRAY t.parts LOOP
		IF cardinality(array_positions(names, name)) <> 1 THEN
			RAISE EXCEPTION USING ERRCODE = '42601', MESSAGE =
				format('partition column "%s" needs one value',
				name);
		END IF;
		EXECUTE format('SELECT %L::%s::text',
			given[array_position(names, name)], (SELECT
			format_type(a.atttypid, a.atttypmod)
			FROM pg_catalog.pg_attribute a
			WHERE a.attrelid = t.relid AND a.attname = name))
			INTO one;
		made := made || one;
	END LOOP;
	RETURN made;
END $$;

CREATE OR REPLACE FUNCTION add_partition(rel text, names text[], given text[],
	location_of text, missing bool) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	t redshift_sandbox.external_table
		:= redshift_sandbox.require_external_table(rel);
	vals text[] := redshift_sandbox.partition_values(t, names, given);
BEGIN
	IF location_of !~ '^s3://[^/]+/' THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
			format('invalid location "%s"', location_of);
	END IF;
	IF EXISTS (SELECT FROM redshift_sandbox.external_partition p
		WHERE p.relid = t.relid AND p."values" = vals) THEN
		IF missing THEN
			RETURN;
		END IF;
		RAISE EXCEPTION USING ERRCODE = '42710', MESSAGE =
			'Partition already exists.';
	END IF;
	INSERT INTO redshift_sandbox.external_partition
	VALUES (t.relid, vals, location_of);
END $$;

-- location_of NULL: the partition goes.
CREATE OR REPLACE FUNCTION change_partition(rel text, names text[],
	given text[], location_of text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	t redshift_sandbox.external_table
		:= redshift_sandbox.require_external_table(rel);
	vals text[] := redshift_sandbox.partition_values(t, names, given);
BEGIN
	IF location_of IS NULL THEN
		DELETE FROM redshift_sandbox.external_partition p
		WHERE p.relid = t.relid AND p."values" = vals;
	ELSE
		UPDATE redshift_sandbox.external_partition p
		SET location = location_of
		WHERE p.relid = t.relid AND p."values" = vals;
	END IF;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE =
			'Partition does not exist.';
	END IF;
END $$;

CREATE OR REPLACE FUNCTION change_external_location(rel text, location_of text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	t redshift_sandbox.external_table
		:= redshift_sandbox.require_external_table(rel);
BEGIN
	IF location_of !~ '^s3://[^/]+/' THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
			format('invalid location "%s"', location_of);
	END IF;
	UPDATE redshift_sandbox.external_table SET location = location_of
	WHERE relid = t.relid;
END $$;

-- ---- reading

-- The COPY of the files at a location into the columns of the files.
CREATE OR REPLACE FUNCTION external_copy(t redshift_sandbox.external_table,
	target text, location text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT format('COPY redshift_sandbox.%s (%s) FROM %s IAM_ROLE %s '
		'%s %s IGNOREHEADER %s NULL AS %s FILLRECORD COMPUPDATE OFF '
		'STATUPDATE OFF', target,
		(SELECT string_agg(quote_ident(a.attname), ', '
			ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
			WHERE a.attrelid = t.relid AND a.attnum > 0
			AND a.attname <> ALL (t.parts)),
		redshift_sandbox.copy_literal(location),
		CASE WHEN lower(s.role) = 'default' THEN 'default'
			ELSE redshift_sandbox.copy_literal(s.role) END,
		CASE WHEN t.csv THEN 'CSV DELIMITER AS '
			|| redshift_sandbox.copy_literal(t.delimiter)
			|| ' QUOTE AS ' || redshift_sandbox.copy_literal(
				coalesce(t.quote, '"'))
			ELSE 'DELIMITER AS '
			|| redshift_sandbox.copy_literal(t.delimiter) END,
		CASE WHEN t.escape IS NOT NULL AND NOT t.csv THEN 'ESCAPE'
			ELSE '' END,
		t.header, redshift_sandbox.copy_literal(t.null_text))
	FROM redshift_sandbox.external_schema s
	JOIN pg_catalog.pg_class c ON c.relnamespace = s.esoid
	WHERE c.oid = t.relid
$$;

-- The gateway's: the COPY of one step of a reading, from 0; NULL: that was
-- all. The first makes the table that is filled. What a partition says of its
-- rows are defaults while its files are loaded.
CREATE OR REPLACE FUNCTION external_step(rel oid, session int, number bigint,
	step int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	t redshift_sandbox.external_table;
	target text := format('external_%s_%s', session, number);
	part redshift_sandbox.external_partition;
BEGIN
	SELECT * INTO STRICT t FROM redshift_sandbox.external_table
	WHERE relid = rel;
	IF step = 0 THEN
		EXECUTE format('CREATE UNLOGGED TABLE redshift_sandbox.%s (%s)',
			target, (SELECT string_agg(format('%I %s', a.attname,
			format_type(a.atttypid, a.atttypmod)), ', '
			ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
			WHERE a.attrelid = rel AND a.attnum > 0));
	END IF;
	IF cardinality(t.parts) = 0 THEN
		RETURN CASE step WHEN 0 THEN redshift_sandbox.external_copy(t,
			target, t.location) END;
	END IF;
	SELECT * INTO part FROM redshift_sandbox.external_partition p
	WHERE p.relid = rel ORDER BY p."values" OFFSET step LIMIT 1;
	IF part.relid IS NULL THEN
		RETURN NULL;
	END IF;
	FOR i IN 1 .. cardinality(t.parts) LOOP
		EXECUTE format('ALTER TABLE redshift_sandbox.%s ALTER %I '
			'SET DEFAULT %L', target, t.parts[i],
			part."values"[i]);
	END LOOP;
	RETURN redshift_sandbox.external_copy(t, target, part.location);
END $$;

-- A literal of Redshift, where backslashes escape.
CREATE OR REPLACE FUNCTION copy_literal(value text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT '''' || replace(replace(value, '\', '\\'), '''', '''''') || ''''
$$;

CREATE OR REPLACE FUNCTION external_rows(rel oid) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
	number bigint := nextval('redshift_sandbox.translation_id');
	answer redshift_sandbox.translation;
BEGIN
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION USING ERRCODE = 'SB001', MESSAGE =
			'the sandbox has no external tables in transactions '
			'of a higher isolation level';
	END IF;
	RAISE INFO USING ERRCODE = 'SB101', MESSAGE = rel::text,
		DETAIL = number::text;
	LOOP
		SELECT * INTO answer FROM redshift_sandbox.translation
		WHERE pid = pg_backend_pid() AND id = number;
		EXIT WHEN FOUND;
		PERFORM pg_sleep(0.001);
	END LOOP;
	IF answer.sqlstate <> '' THEN
		EXECUTE format('DROP TABLE IF EXISTS '
			'redshift_sandbox.external_%s_%s', pg_backend_pid(),
			number);
		RAISE EXCEPTION USING ERRCODE = answer.sqlstate,
			MESSAGE = answer.text;
	END IF;
	RETURN QUERY EXECUTE format(
		'SELECT * FROM redshift_sandbox.external_%s_%s',
		pg_backend_pid(), number);
	EXECUTE format('DROP TABLE redshift_sandbox.external_%s_%s',
		pg_backend_pid(), number);
END $$;
