-- The sandbox's records of COPY and UNLOAD, written by rscopy over its second
-- connection: they outlive a rollback. Repeatable; after catalog.sql.

-- One row a COPY or UNLOAD; while it runs its counts are of the moment.
ALTER TABLE redshift_sandbox.load_log
	ADD COLUMN IF NOT EXISTS compression text NOT NULL DEFAULT '',
	ADD COLUMN IF NOT EXISTS error_message text NOT NULL DEFAULT '',
	ADD COLUMN IF NOT EXISTS scanned_files int NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS scanned_bytes bigint NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS lines bigint NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS current_file text NOT NULL DEFAULT '',
	ADD COLUMN IF NOT EXISTS recordtime timestamp NOT NULL
		DEFAULT (now() AT TIME ZONE 'UTC');
CREATE INDEX IF NOT EXISTS load_log_query
	ON redshift_sandbox.load_log (query);

ALTER TABLE redshift_sandbox.load_file
	ADD COLUMN IF NOT EXISTS starttime timestamp,
	ADD COLUMN IF NOT EXISTS endtime timestamp,
	ADD COLUMN IF NOT EXISTS etag text NOT NULL DEFAULT '',
	ADD COLUMN IF NOT EXISTS modified timestamp;

-- One row a line in which ACCEPTINVCHARS replaced something.
CREATE TABLE IF NOT EXISTS redshift_sandbox.load_replacement (
	query bigint NOT NULL,
	userid int NOT NULL,
	pid int NOT NULL,
	tbl oid NOT NULL,
	starttime timestamp NOT NULL,
	filename text NOT NULL,
	line_number bigint NOT NULL,
	colname text NOT NULL,
	raw_line text NOT NULL
);

-- The fields of a refused line up to the one to blame, a row each.
CREATE TABLE IF NOT EXISTS redshift_sandbox.load_error_field (
	query bigint NOT NULL,
	userid int NOT NULL,
	pid int NOT NULL,
	filename text NOT NULL,
	line_number bigint NOT NULL,
	field int NOT NULL,
	colname text NOT NULL,
	value text NOT NULL,
	is_null int NOT NULL,
	type text NOT NULL,
	col_length text NOT NULL
);
GRANT SELECT ON redshift_sandbox.load_replacement,
	redshift_sandbox.load_error_field TO PUBLIC;

-- COMPUPDATE on a table that was empty: encodings by type, as PRESET has them
-- [copy-parameters-data-load]; RUNLENGTH where the sample was made of runs.
-- Not always: only where some encoding is RAW and none is anything else.
CREATE OR REPLACE FUNCTION redshift_sandbox.choose_encodings(rel oid,
	runs text[], always bool)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF NOT always AND NOT coalesce((
		SELECT bool_or(encoding = 'raw') AND bool_and(encoding = 'raw')
		FROM redshift_sandbox.column_attribute c
		WHERE c.relid = rel AND c.encoding IS NOT NULL), false) THEN
		RETURN;
	END IF;
	INSERT INTO redshift_sandbox.column_attribute (relid, attnum, encoding)
	SELECT rel, a.attnum, CASE
		WHEN coalesce(c.sortkey, 0) <> 0 THEN 'raw'
		WHEN a.attname = ANY (runs) THEN 'runlength'
		WHEN a.atttypid IN ('bool'::regtype, 'float4'::regtype,
			'float8'::regtype) THEN 'raw'
		WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype,
			'int8'::regtype, 'numeric'::regtype, 'date'::regtype,
			'timestamp'::regtype, 'timestamptz'::regtype)
			THEN 'az64'
		ELSE 'lzo' END
	FROM pg_catalog.pg_attribute a
	LEFT JOIN redshift_sandbox.column_attribute c
		ON c.relid = a.attrelid AND c.attnum = a.attnum
	WHERE a.attrelid = rel AND a.attnum > 0 AND NOT a.attisdropped
	ON CONFLICT (relid, attnum) DO UPDATE SET encoding = EXCLUDED.encoding;
END $$;
