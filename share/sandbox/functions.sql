-- What stands under the functions of Redshift: the schema, extensions, and the
-- records of table attributes that sandbox/rewrite writes. The functions
-- themselves are in functions_FAMILY.sql; the gateway writes calls with their
-- schema (functions.tsv says which). Run after catalog*.sql, in every
-- database, as superuser; repeatable.

CREATE SCHEMA IF NOT EXISTS redshift_sandbox;
GRANT USAGE ON SCHEMA redshift_sandbox TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA redshift_sandbox;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch SCHEMA redshift_sandbox;
SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

-- ---- records of table attributes, called by sandbox/rewrite

CREATE TABLE IF NOT EXISTS redshift_sandbox.constraint_attribute (
	relid oid NOT NULL,
	conname text NOT NULL,
	contype "char" NOT NULL,		-- p u f: known, not enforced
	columns text[] NOT NULL,
	refrel oid,
	refcolumns text[],
	PRIMARY KEY (relid, conname)
);
GRANT SELECT, INSERT, UPDATE, DELETE
	ON redshift_sandbox.constraint_attribute TO PUBLIC;

-- With the caller's search_path, so no SET.
CREATE OR REPLACE FUNCTION require_table(rel text) RETURNS oid
LANGUAGE plpgsql AS $$
DECLARE
	found oid := to_regclass(rel);
BEGIN
	IF found IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '42P01', MESSAGE =
			format('relation "%s" does not exist', rel);
	END IF;
	RETURN found;
END $$;

CREATE OR REPLACE FUNCTION require_column(rel oid, col text) RETURNS int2
LANGUAGE plpgsql AS $$
DECLARE
	found int2 := (SELECT a.attnum FROM pg_catalog.pg_attribute a
		WHERE a.attrelid = rel AND a.attname = col
		AND a.attnum > 0 AND NOT a.attisdropped);
BEGIN
	IF found IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '42703', MESSAGE =
			format('column "%s" named in key does not exist', col);
	END IF;
	RETURN found;
END $$;

CREATE OR REPLACE FUNCTION mark_column(rel oid, col text) RETURNS int2
LANGUAGE sql AS $$
	INSERT INTO redshift_sandbox.column_attribute (relid, attnum)
	VALUES (rel, redshift_sandbox.require_column(rel, col))
	ON CONFLICT (relid, attnum) DO UPDATE SET attnum = excluded.attnum
	RETURNING attnum
$$;

-- NULL leaves an attribute as it is. fresh_only: CREATE TABLE IF NOT EXISTS.
CREATE OR REPLACE FUNCTION note_table(rel text, style text, dist text,
	sort_style text, sort_columns text[], keep_backup bool, fresh_only bool)
RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	id oid := redshift_sandbox.require_table(rel);
	known bool := EXISTS (SELECT FROM redshift_sandbox.table_attribute
		WHERE relid = id);
	col int2;
	i int := 0;
BEGIN
	IF fresh_only AND known THEN
		RETURN;
	END IF;
	IF NOT known THEN
		INSERT INTO redshift_sandbox.table_attribute (relid)
		VALUES (id);
	END IF;
	IF style IS NOT NULL THEN
		UPDATE redshift_sandbox.column_attribute SET distkey = false
		WHERE relid = id;
	END IF;
	IF dist IS NOT NULL THEN
		col := redshift_sandbox.mark_column(id, dist);
		UPDATE redshift_sandbox.column_attribute SET distkey = true
		WHERE relid = id AND attnum = col;
	END IF;
	IF sort_style IS NOT NULL THEN
		UPDATE redshift_sandbox.column_attribute SET sortkey = 0
		WHERE relid = id;
		WHILE i < coalesce(array_length(sort_columns, 1), 0) LOOP
			i := i + 1;
			col := redshift_sandbox.mark_column(id, sort_columns[i]);
			UPDATE redshift_sandbox.column_attribute
			SET sortkey = CASE WHEN sort_style = 'INTERLEAVED'
				AND i % 2 = 0 THEN -i ELSE i END
			WHERE relid = id AND attnum = col;
		END LOOP;
	END IF;
	UPDATE redshift_sandbox.table_attribute
	SET diststyle = coalesce(style, diststyle),
		sortstyle = coalesce(sort_style, sortstyle),
		backup = coalesce(keep_backup, backup)
	WHERE relid = id;
	PERFORM redshift_sandbox.bind_late_views();
END $$;

CREATE OR REPLACE FUNCTION note_encoding(rel text, names text[],
	encodings text[]) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	id oid := redshift_sandbox.require_table(rel);
	col int2;
BEGIN
	FOR i IN 1 .. array_length(names, 1) LOOP
		IF encodings[i] <> ALL (ARRAY['az64', 'bytedict', 'delta',
			'delta32k', 'lzo', 'mostly8', 'mostly16', 'mostly32',
			'raw', 'runlength', 'text255', 'text32k', 'zstd',
			'auto']) THEN
			RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
				format('invalid encoding type specified for '
				'column "%s"', names[i]);
		END IF;
		col := redshift_sandbox.mark_column(id, names[i]);
		UPDATE redshift_sandbox.column_attribute
		SET encoding = nullif(encodings[i], 'auto')
		WHERE relid = id AND attnum = col;
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION note_constraint(rel text, con text, kind "char",
	names text[], ref text, ref_names text[]) RETURNS void
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	id oid := redshift_sandbox.require_table(rel);
	ref_id oid;
	col text;
BEGIN
	FOREACH col IN ARRAY names LOOP
		PERFORM redshift_sandbox.require_column(id, col);
		IF kind = 'p' THEN
			EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET '
				'NOT NULL', id::regclass, col);
		END IF;
	END LOOP;
	IF kind = 'p' AND EXISTS (SELECT FROM
		redshift_sandbox.constraint_attribute
		WHERE relid = id AND contype = 'p') THEN
		RAISE EXCEPTION USING ERRCODE = '42P16', MESSAGE =
			format('multiple primary keys for table "%s" are not '
			'allowed', rel);
	END IF;
	IF ref IS NOT NULL THEN
		ref_id := redshift_sandbox.require_table(ref);
		FOREACH col IN ARRAY coalesce(ref_names, '{}') LOOP
			PERFORM redshift_sandbox.require_column(ref_id, col);
		END LOOP;
	END IF;
	INSERT INTO redshift_sandbox.constraint_attribute
	VALUES (id, coalesce(con, (SELECT relname FROM pg_catalog.pg_class
		WHERE oid = id) || CASE kind WHEN 'p' THEN '_pkey'
		WHEN 'u' THEN '_' || array_to_string(names, '_') || '_key'
		ELSE '_' || array_to_string(names, '_') || '_fkey' END),
		kind, names, ref_id, nullif(ref_names, '{}'));
END $$;

CREATE OR REPLACE FUNCTION drop_constraint(rel text, con text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM redshift_sandbox.note_constraint_comment(c.oid, NULL)
	FROM redshift_sandbox.pg_constraint c
	WHERE c.conrelid = redshift_sandbox.require_table(rel)
		AND c.conname = con;
	DELETE FROM redshift_sandbox.constraint_attribute c
	WHERE c.relid = redshift_sandbox.require_table(rel)
		AND c.conname = con;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE =
			format('constraint "%s" does not exist', con);
	END IF;
END $$;

-- LIKE takes over distribution, sort keys and encodings.
CREATE OR REPLACE FUNCTION note_like(rel text, parent text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	id oid := redshift_sandbox.require_table(rel);
	parent_id oid := redshift_sandbox.require_table(parent);
BEGIN
	INSERT INTO redshift_sandbox.table_attribute
		(relid, diststyle, sortstyle, backup)
	SELECT id, t.diststyle, t.sortstyle, t.backup
	FROM redshift_sandbox.table_attribute t WHERE t.relid = parent_id
	ON CONFLICT DO NOTHING;
	INSERT INTO redshift_sandbox.column_attribute
	SELECT id, mine.attnum, c.encoding, c.distkey, c.sortkey
	FROM redshift_sandbox.column_attribute c
	JOIN pg_catalog.pg_attribute theirs ON theirs.attrelid = parent_id
		AND theirs.attnum = c.attnum
	JOIN pg_catalog.pg_attribute mine ON mine.attrelid = id
		AND mine.attname = theirs.attname
	WHERE c.relid = parent_id
	ON CONFLICT DO NOTHING;
END $$;

RESET search_path;
RESET check_function_bodies;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA redshift_sandbox TO PUBLIC;
