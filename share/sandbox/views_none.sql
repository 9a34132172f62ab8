-- System views of things that a sandbox has none of, so that they are empty
-- as they would be on a cluster without such things. Repeatable.

-- Spectrum, data sharing and federated queries: external schemas are refused.
SELECT redshift_sandbox.make_empty_view('svl_s3log',
	'pid int, query int, segment int, step int, node int, slice int,
	eventtime timestamp, message text');
SELECT redshift_sandbox.make_empty_view('svl_s3query_summary',
	'userid int, query int, xid bigint, pid int, segment int, step int,
	starttime timestamp, endtime timestamp, elapsed int, aborted int,
	external_table_name char(136), file_format char(16),
	is_partitioned char(1), is_rrscan char(1), is_nested char(1),
	s3_scanned_rows bigint, s3_scanned_bytes bigint,
	s3query_returned_rows bigint, s3query_returned_bytes bigint,
	files int, files_max int, files_avg int, splits int,
	splits_max int, splits_avg int, total_split_size bigint,
	max_split_size bigint, avg_split_size bigint, total_retries int,
	max_retries int, max_request_duration int,
	avg_request_duration double precision,
	max_request_parallelism int,
	avg_request_parallelism double precision,
	total_slowdown_count bigint, max_slowdown_count int');
SELECT redshift_sandbox.make_empty_view('sys_external_query_detail',
	'user_id int, query_id bigint, transaction_id bigint,
	child_query_sequence int, segment_id int, source_type char(32),
	start_time timestamp, end_time timestamp, duration bigint,
	total_partitions int, qualified_partitions int,
	scanned_files bigint, returned_rows bigint, returned_bytes bigint,
	file_format text, file_location text, external_query_text text,
	warning_message char(4000), table_name char(136),
	is_recursive char(1), is_nested char(1), s3list_time bigint,
	get_partition_time bigint, query_uuid char(36)');
SELECT redshift_sandbox.make_empty_view('sys_external_query_error',
	'user_id int, query_id bigint, file_location char(256),
	rowid char(2100), column_name char(127), original_value char(1024),
	modified_value char(1024), trigger char(128), action char(128),
	action_value char(128), error_code int, query_uuid char(36)');

-- COPY JOB and templates are refused.
SELECT redshift_sandbox.make_empty_view('sys_copy_job',
	'job_id bigint, job_name char(128), iam_role char(128),
	job_text char(256), is_auto int, on_error_suspend int');
SELECT redshift_sandbox.make_empty_view('sys_copy_job_detail',
	'user_id int, database_name text, job_id int, job_name text,
	file_location text, file_name text, file_size bigint,
	file_etag text, job_text char(256), modification_time timestamp,
	enqueue_time timestamp, status char(1)');
SELECT redshift_sandbox.make_empty_view('sys_copy_job_info',
	'job_id bigint, job_name char(128), database_name char(128),
	record_time timestamp, message char(512)');
SELECT redshift_sandbox.make_empty_view('sys_redshift_template',
	'database_name char(128), schema_name char(128),
	template_name char(128), template_type int, create_time timestamp,
	last_modified_time timestamp, owner_id int, last_modified_by int,
	template_parameters text');

-- Functions in Python and Lambda are refused.
SELECT redshift_sandbox.make_empty_view('sys_udf_log',
	'query_id bigint, function_name text, record_time timestamp,
	sequence int, message text, query_uuid char(36)');

-- Internal errors of the engine: PostgreSQL's are errors of SQL.
SELECT redshift_sandbox.make_empty_view('stl_error',
	'userid int, process char(12), recordtime timestamp, pid int,
	errcode int, file char(90), linenum int, context char(100),
	error char(512)');

-- No advisor looks at a sandbox.
SELECT redshift_sandbox.make_empty_view('svv_alter_table_recommendations',
	'type char(30), database char(128), table_id int, group_id int,
	ddl char(1024), auto_eligible char(1)');

-- System privileges are granted to roles, of which there are none.
SELECT redshift_sandbox.make_empty_view('svv_system_privileges',
	'system_privilege text, identity_id int, identity_name text,
	identity_type text');
