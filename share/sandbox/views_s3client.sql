-- Requests of COPY and UNLOAD to S3, one GET or PUT a file, by the records of
-- loads.sql. Times are microseconds since 2000. Repeatable.

SELECT redshift_sandbox.make_view('stl_s3client',
	'userid int, query int, slice int, recordtime timestamp, pid int,
	http_method char(64), bucket char(64), key char(256),
	transfer_size bigint, data_size bigint, start_time bigint,
	end_time bigint, transfer_time bigint, compression_time bigint,
	connect_time bigint, app_connect_time bigint, retries bigint,
	request_id char(32), extended_request_id char(128),
	ip_address char(64), is_partial int, start_offset bigint,
	query_uuid char(36)',
	$$SELECT f.userid, f.query, 0, f.curtime, l.pid,
		CASE f.kind WHEN 'COPY' THEN 'GET' ELSE 'PUT' END,
		substring(f.filename, '^s3://([^/]+)'),
		left(substring(f.filename, '^s3://[^/]+/(.*)'), 256), f.bytes,
		f.bytes,
		redshift_sandbox.us(l.starttime - timestamp '2000-01-01'),
		redshift_sandbox.us(l.endtime - timestamp '2000-01-01'),
		redshift_sandbox.us(l.endtime - l.starttime), 0, 0, 0, 0, NULL,
		NULL, '127.0.0.1', 0, 0, NULL
	FROM redshift_sandbox.load_file f
	JOIN redshift_sandbox.load_log l USING (query)$$);

-- What a COPY or UNLOAD said when S3 refused it.
SELECT redshift_sandbox.make_view('stl_s3client_error',
	'userid int, query int, sliceid int, recordtime timestamp, pid int,
	http_method char(64), bucket char(64), key char(256),
	error char(1024), is_partial int, start_offset bigint',
	$$SELECT userid, query, 0, endtime, pid,
		CASE command WHEN 'COPY' THEN 'GET' ELSE 'PUT' END,
		substring(querytxt, '(?i)s3://([^/'']+)'),
		left(substring(querytxt, '(?i)s3://[^/'']+/([^'']*)'), 256),
		left(error_message, 1024), 0, 0
	FROM redshift_sandbox.statement
	WHERE command IN ('COPY', 'UNLOAD') AND aborted = 1
	AND error_message LIKE '%S3%'$$);
