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
