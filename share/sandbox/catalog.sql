-- The sandbox's own records in each database: what PostgreSQL has no place
-- for. Run before every other script of this folder, again after an update of
-- redsh: keep it repeatable. The schema is invisible to clients (no USAGE
-- for others is needed: everybody reads it through the views of views.sql).

CREATE SCHEMA IF NOT EXISTS redshift_sandbox;
GRANT USAGE ON SCHEMA redshift_sandbox TO PUBLIC;

-- abstime, gone since PostgreSQL 12, is the type of pg_user.valuntil: here a
-- timestamptz under its name and number.
DO $$
BEGIN
	IF to_regtype('pg_catalog.abstime') IS NOT NULL THEN
		RETURN;
	END IF;
	CREATE TYPE pg_catalog.abstime;
	UPDATE pg_catalog.pg_type SET oid = 702
	WHERE typname = 'abstime' AND typnamespace = 11;
	CREATE FUNCTION pg_catalog.abstimein(cstring, oid, int4)
	RETURNS pg_catalog.abstime LANGUAGE internal STABLE STRICT
	AS 'timestamptz_in';
	CREATE FUNCTION pg_catalog.abstimeout(pg_catalog.abstime)
	RETURNS cstring LANGUAGE internal STABLE STRICT AS 'timestamptz_out';
	CREATE TYPE pg_catalog.abstime (INPUT = pg_catalog.abstimein,
		OUTPUT = pg_catalog.abstimeout, LIKE = timestamptz);
	CREATE CAST (timestamptz AS pg_catalog.abstime) WITHOUT FUNCTION
		AS ASSIGNMENT;
	CREATE CAST (pg_catalog.abstime AS timestamptz) WITHOUT FUNCTION
		AS IMPLICIT;
END $$;

-- bytea is VARBYTE to clients; in the catalog of 8.0 it is bytea indeed. The
-- gateway knows this type by its number.
DO $$
BEGIN
	IF to_regtype('pg_catalog.catalog_bytea') IS NOT NULL THEN
		RETURN;
	END IF;
	CREATE TYPE pg_catalog.catalog_bytea;
	UPDATE pg_catalog.pg_type SET oid = 9017
	WHERE typname = 'catalog_bytea';
	CREATE FUNCTION pg_catalog.catalog_bytea_in(cstring)
	RETURNS pg_catalog.catalog_bytea LANGUAGE internal IMMUTABLE
	STRICT AS 'byteain';
	CREATE FUNCTION pg_catalog.catalog_bytea_out(
		pg_catalog.catalog_bytea)
	RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'byteaout';
	CREATE TYPE pg_catalog.catalog_bytea (
		INPUT = pg_catalog.catalog_bytea_in,
		OUTPUT = pg_catalog.catalog_bytea_out, LIKE = bytea);
	CREATE CAST (bytea AS pg_catalog.catalog_bytea)
		WITHOUT FUNCTION AS ASSIGNMENT;
END $$;

-- One row a table that was created with attributes; none: AUTO.
CREATE TABLE IF NOT EXISTS redshift_sandbox.table_attribute (
	relid oid PRIMARY KEY,
	diststyle text NOT NULL DEFAULT 'AUTO',	-- EVEN KEY ALL AUTO
	sortstyle text NOT NULL DEFAULT 'AUTO',	-- COMPOUND INTERLEAVED AUTO
	backup bool NOT NULL DEFAULT true,
	created timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);

-- One row a column with an encoding or a part in a key.
CREATE TABLE IF NOT EXISTS redshift_sandbox.column_attribute (
	relid oid NOT NULL,
	attnum int2 NOT NULL,
	encoding text,				-- lower case; NULL: automatic
	distkey bool NOT NULL DEFAULT false,
	sortkey int NOT NULL DEFAULT 0,		-- 1, 2 ..; interleaved: 1, -2 ..
	PRIMARY KEY (relid, attnum)
);
GRANT SELECT, INSERT, UPDATE, DELETE
	ON redshift_sandbox.table_attribute, redshift_sandbox.column_attribute
	TO PUBLIC;

-- Catalog relations of PostgreSQL's and the view of ours that clients see in
-- their place; written by visibility.sql.
CREATE TABLE IF NOT EXISTS redshift_sandbox.stand_in (
	relid oid PRIMARY KEY,
	view oid NOT NULL UNIQUE
);
GRANT SELECT ON redshift_sandbox.stand_in TO PUBLIC;

-- Numbers of statements, as pg_last_query_id() tells them.
CREATE SEQUENCE IF NOT EXISTS redshift_sandbox.query_number START 1000;
GRANT USAGE ON SEQUENCE redshift_sandbox.query_number TO PUBLIC;

-- One row a finished statement, written by the gateway.
CREATE TABLE IF NOT EXISTS redshift_sandbox.query_log (
	query bigint PRIMARY KEY,
	userid int NOT NULL,
	username text NOT NULL,
	database text NOT NULL,
	pid int NOT NULL,
	xid bigint NOT NULL DEFAULT 0,
	label text NOT NULL DEFAULT 'default',
	query_type text NOT NULL,		-- SELECT, COPY, DDL ...
	status text NOT NULL,			-- success, failed, canceled
	starttime timestamp NOT NULL,
	endtime timestamp NOT NULL,
	returned_rows bigint NOT NULL DEFAULT 0,
	error_message text NOT NULL DEFAULT '',
	querytxt text NOT NULL
);

-- One row a COPY or UNLOAD, written by rscopy.
CREATE TABLE IF NOT EXISTS redshift_sandbox.load_log (
	query bigint NOT NULL,
	userid int NOT NULL,
	pid int NOT NULL,
	database text NOT NULL,
	kind text NOT NULL,			-- COPY, UNLOAD
	status text NOT NULL,			-- completed, aborted
	starttime timestamp NOT NULL,
	endtime timestamp NOT NULL,
	table_name text NOT NULL DEFAULT '',
	data_source text NOT NULL DEFAULT '',
	file_format text NOT NULL DEFAULT '',
	loaded_rows bigint NOT NULL DEFAULT 0,
	loaded_bytes bigint NOT NULL DEFAULT 0,
	source_files int NOT NULL DEFAULT 0,
	source_bytes bigint NOT NULL DEFAULT 0,
	error_count int NOT NULL DEFAULT 0
);

-- One row a file that COPY read or UNLOAD wrote, written by rscopy.
CREATE TABLE IF NOT EXISTS redshift_sandbox.load_file (
	query bigint NOT NULL,
	userid int NOT NULL,
	kind text NOT NULL,
	filename text NOT NULL,
	lines bigint NOT NULL DEFAULT 0,
	bytes bigint NOT NULL DEFAULT 0,
	errors int NOT NULL DEFAULT 0,
	curtime timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);

-- One row a line that COPY refused, written by rscopy.
CREATE TABLE IF NOT EXISTS redshift_sandbox.load_error (
	query bigint NOT NULL,
	userid int NOT NULL,
	pid int NOT NULL,
	database text NOT NULL,
	tbl oid NOT NULL,
	table_name text NOT NULL,
	starttime timestamp NOT NULL,
	filename text NOT NULL,
	line_number bigint NOT NULL,
	colname text NOT NULL,
	type text NOT NULL,
	col_length text NOT NULL,
	position int NOT NULL,
	raw_line text NOT NULL,
	raw_field_value text NOT NULL,
	err_code int NOT NULL,
	err_reason text NOT NULL,
	is_partial bool NOT NULL DEFAULT false,
	start_offset bigint NOT NULL DEFAULT 0
);
GRANT SELECT ON redshift_sandbox.query_log, redshift_sandbox.load_log,
	redshift_sandbox.load_file, redshift_sandbox.load_error TO PUBLIC;

-- For an update whose views have other columns than the ones that stand:
-- removes ours (numbers from 16384 on), and what rests on them.
CREATE OR REPLACE FUNCTION redshift_sandbox.drop_views()
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v record;
BEGIN
	FOR v IN SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind = 'v' AND c.oid >= 16384
		AND n.nspname IN ('pg_catalog', 'redshift_sandbox',
			'information_schema')
	LOOP
		EXECUTE format('DROP VIEW IF EXISTS %I.%I CASCADE',
			v.nspname, v.relname);
	END LOOP;
END $$;
