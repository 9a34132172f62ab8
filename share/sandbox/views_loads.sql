-- Redshift's views of loads and unloads over the records of loads.sql.
-- Repeatable.

-- What a gateway that went down left as running has not run to its end.
CREATE OR REPLACE VIEW redshift_sandbox.load AS
SELECT l.*, CASE WHEN l.status = 'running' AND NOT EXISTS (
		SELECT 1 FROM pg_stat_get_activity(l.pid)) THEN 'aborted'
	ELSE l.status END AS state,
	(extract(epoch FROM CASE WHEN l.status = 'running'
		THEN (clock_timestamp() AT TIME ZONE 'UTC')
		ELSE l.endtime END - l.starttime) * 1000000)::bigint
		AS duration
FROM redshift_sandbox.load_log l WHERE redshift_sandbox.may_see(l.userid);

--------------------------------------------------------------------- COPY

CREATE OR REPLACE VIEW pg_catalog.stv_load_state AS
SELECT userid, pid AS session, query::int AS query, 0 AS slice, pid,
	recordtime,
	CASE WHEN compression = '' THEN source_bytes ELSE 0 END
		AS bytes_to_load,
	CASE WHEN compression = '' THEN scanned_bytes ELSE 0 END
		AS bytes_loaded,
	CASE WHEN compression = '' THEN 0 ELSE source_bytes END
		AS bytes_to_load_compressed,
	CASE WHEN compression = '' THEN 0 ELSE scanned_bytes END
		AS bytes_loaded_compressed,
	least(lines, 2147483647)::int AS lines, source_files AS num_files,
	scanned_files AS num_files_complete,
	current_file::char(256) AS current_file,
	CASE WHEN source_bytes = 0 THEN 100
		ELSE least(100, scanned_bytes * 100 / source_bytes) END::int
		AS pct_complete
FROM redshift_sandbox.load WHERE kind = 'COPY' AND state = 'running';

CREATE OR REPLACE VIEW pg_catalog.sys_load_history AS
SELECT userid AS user_id, query AS query_id, 0::bigint AS transaction_id,
	pid AS session_id, database AS database_name, state AS status,
	table_name, starttime AS start_time, endtime AS end_time, duration,
	data_source, file_format, loaded_rows, loaded_bytes,
	source_files AS source_file_count, source_bytes AS source_file_bytes,
	scanned_files AS file_count_scanned,
	scanned_bytes AS file_bytes_scanned,
	error_count::bigint AS error_count, NULL::bigint AS copy_job_id
FROM redshift_sandbox.load WHERE kind = 'COPY';

CREATE OR REPLACE VIEW pg_catalog.sys_load_detail AS
SELECT f.userid AS user_id, f.query::int AS query_id,
	f.filename::char(256) AS file_name,
	least(f.bytes, 2147483647)::int AS bytes_scanned,
	least(f.lines, 2147483647)::int AS lines_scanned,
	f.curtime AS record_time, 1 AS splits_scanned,
	f.starttime AS start_time, f.endtime AS end_time,
	f.etag::char(256) AS file_etag, f.modified AS file_last_modified
FROM redshift_sandbox.load_file f
WHERE f.kind = 'COPY' AND f.starttime IS NOT NULL
AND redshift_sandbox.may_see(f.userid);

-- Only files of loads that were not aborted are committed.
CREATE OR REPLACE VIEW pg_catalog.stl_load_commits AS
SELECT f.userid, f.query::int AS query, 0 AS slice,
	f.filename::char(256) AS name, f.filename::char(256) AS filename,
	0 AS byte_offset, least(f.lines, 2147483647)::int AS lines_scanned,
	f.errors, f.curtime, 1 AS status,
	initcap(l.file_format)::char(16) AS file_format, 0 AS is_partial,
	0::bigint AS start_offset, NULL::bigint AS copy_job_id
FROM redshift_sandbox.load_file f JOIN redshift_sandbox.load l USING (query)
WHERE f.kind = 'COPY' AND l.state = 'completed';

CREATE OR REPLACE VIEW pg_catalog.stl_load_errors AS
SELECT userid, 0 AS slice, tbl::int AS tbl, starttime, pid AS session,
	query::int AS query, filename::char(256) AS filename, line_number,
	colname::char(127) AS colname, type::char(10) AS type,
	col_length::char(10) AS col_length, position,
	raw_line::char(1024) AS raw_line,
	raw_field_value::char(1024) AS raw_field_value, err_code,
	err_reason::char(100) AS err_reason, is_partial::int AS is_partial,
	start_offset, NULL::bigint AS copy_job_id
FROM redshift_sandbox.load_error WHERE redshift_sandbox.may_see(userid);

CREATE OR REPLACE VIEW pg_catalog.stl_loaderror_detail AS
SELECT userid, 0 AS slice, pid AS session, query::int AS query,
	filename::char(256) AS filename, line_number, field,
	colname::char(1024) AS colname, value::char(1024) AS value, is_null,
	type::char(10) AS type, col_length::char(10) AS col_length
FROM redshift_sandbox.load_error_field
WHERE redshift_sandbox.may_see(userid);

CREATE OR REPLACE VIEW pg_catalog.sys_load_error_detail AS
SELECT userid AS user_id, query AS query_id, 0::bigint AS transaction_id,
	pid AS session_id, database::char(64) AS database_name,
	tbl::int AS table_id, starttime AS start_time,
	filename::char(256) AS file_name, line_number,
	colname::char(127) AS column_name, type::char(10) AS column_type,
	col_length::char(10) AS column_length, position,
	err_code AS error_code, err_reason::char(512) AS error_message
FROM redshift_sandbox.load_error WHERE redshift_sandbox.may_see(userid);

CREATE OR REPLACE VIEW pg_catalog.stl_replacements AS
SELECT userid, query::int AS query, 0 AS slice, tbl::int AS tbl, starttime,
	pid AS session, filename::char(256) AS filename, line_number,
	colname::char(127) AS colname, raw_line::char(1024) AS raw_line
FROM redshift_sandbox.load_replacement
WHERE redshift_sandbox.may_see(userid);

CREATE OR REPLACE VIEW pg_catalog.sys_copy_replacements AS
SELECT userid AS user_id, query AS query_id, tbl::int AS table_id,
	filename::char(256) AS file_name, colname::char(127) AS column_name,
	line_number, raw_line::char(1024) AS raw_line
FROM redshift_sandbox.load_replacement
WHERE redshift_sandbox.may_see(userid);

------------------------------------------------------------------- UNLOAD

CREATE OR REPLACE VIEW pg_catalog.sys_unload_history AS
SELECT userid AS user_id, query AS query_id, 0::bigint AS transaction_id,
	pid AS session_id, database AS database_name, state AS status,
	starttime AS start_time, endtime AS end_time, duration, file_format,
	compression AS compression_type, data_source AS unloaded_location,
	loaded_rows AS unloaded_rows,
	CASE WHEN state = 'running' THEN scanned_files ELSE source_files END
		::bigint AS unloaded_files_count,
	CASE WHEN state = 'running' THEN scanned_bytes ELSE source_bytes END
		AS unloaded_files_size, error_message
FROM redshift_sandbox.load WHERE kind = 'UNLOAD';

CREATE OR REPLACE VIEW pg_catalog.stl_unload_log AS
SELECT f.userid, f.query::int AS query, 0 AS slice, l.pid,
	f.filename::char(1280) AS path, l.starttime AS start_time,
	l.endtime AS end_time, f.lines AS line_count, f.bytes AS transfer_size,
	l.file_format::char(10) AS file_format, f.query AS user_query_id,
	0::bigint AS transaction_id
FROM redshift_sandbox.load_file f JOIN redshift_sandbox.load l USING (query)
WHERE f.kind = 'UNLOAD';

CREATE OR REPLACE VIEW pg_catalog.sys_unload_detail AS
SELECT f.userid AS user_id, f.query::int AS query_id, l.pid AS session_id,
	0::bigint AS transaction_id, f.filename::char(1280) AS file_name,
	l.starttime AS start_time, l.endtime AS end_time,
	f.lines AS line_count, f.bytes AS transfer_size,
	l.file_format::char(10) AS file_format
FROM redshift_sandbox.load_file f JOIN redshift_sandbox.load l USING (query)
WHERE f.kind = 'UNLOAD';
