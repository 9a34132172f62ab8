-- System views of queues. Automatic WLM with one queue: nothing ever waits in
-- a sandbox, so queues are empty and queue times 0. Repeatable.

CREATE OR REPLACE FUNCTION redshift_sandbox.service_class(label text, super bool)
RETURNS int LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN label = 'superuser' AND super THEN 5 ELSE 100 END
$$;
CREATE OR REPLACE FUNCTION redshift_sandbox.service_class_name(class int)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE class WHEN 5 THEN 'Service class #5' ELSE 'Default queue' END
$$;

CREATE OR REPLACE VIEW redshift_sandbox.queued AS
SELECT s.*, redshift_sandbox.service_class(s.label, a.rolsuper) AS service_class
FROM redshift_sandbox.statement s
LEFT JOIN pg_catalog.pg_authid a ON a.oid = s.userid
WHERE s.class = 'QUERY';

SELECT redshift_sandbox.make_view('stl_wlm_query',
	'userid int, xid int, task int, query int, service_class int,
	slot_count int, service_class_start_time timestamp,
	queue_start_time timestamp, queue_end_time timestamp,
	total_queue_time bigint, exec_start_time timestamp,
	exec_end_time timestamp, total_exec_time bigint,
	service_class_end_time timestamp, final_state char(16),
	est_peak_mem bigint, query_priority char(20),
	service_class_name char(64)',
	$$SELECT userid, xid, query, query, service_class, 1, starttime,
		starttime, starttime, 0, starttime, endtime, elapsed, endtime,
		'Completed', 0, 'Normal',
		redshift_sandbox.service_class_name(service_class)
	FROM redshift_sandbox.queued WHERE NOT is_running$$);

SELECT redshift_sandbox.make_view('stv_wlm_query_state',
	'xid int, task int, query int, service_class int, slot_count int,
	wlm_start_time timestamp, state char(16), queue_time bigint,
	exec_time bigint, query_priority char(20)',
	$$SELECT xid, query, query, service_class, 1, starttime, 'Running', 0,
		elapsed, 'Normal'
	FROM redshift_sandbox.queued
	WHERE is_running AND redshift_sandbox.may_see(userid)$$);

SELECT redshift_sandbox.make_view('stv_wlm_query_task_state',
	'service_class int, task int, query int, slot_count int,
	start_time timestamp, exec_time bigint',
	$$SELECT service_class, query, query, 1, starttime, elapsed
	FROM redshift_sandbox.queued
	WHERE is_running AND redshift_sandbox.may_see(userid)$$);

SELECT redshift_sandbox.make_empty_view('stv_wlm_query_queue_state',
	'service_class int, position int, task int, query int,
	slot_count int, start_time timestamp, queue_time bigint');

SELECT redshift_sandbox.make_view('stv_wlm_service_class_config',
	'service_class int, queueing_strategy char(32), num_query_tasks int,
	target_num_query_tasks int, evictable char(8),
	eviction_threshold bigint, query_working_mem int,
	target_query_working_mem int, min_step_mem int, name char(64),
	max_execution_time bigint, user_group_wild_card boolean,
	query_group_wild_card boolean, concurrency_scaling char(20),
	query_priority char(20), user_role_wild_card boolean',
	$$SELECT class, 'Auto WLM', -1, -1, 'false', 0, -1, -1, 0,
		redshift_sandbox.service_class_name(class), 0, false, false,
		'off', 'Normal', false
	FROM (VALUES (5), (100)) c (class)$$);

SELECT redshift_sandbox.make_view('stv_wlm_service_class_state',
	'service_class int, num_queued_queries int,
	num_executing_queries int, num_serviced_queries int,
	num_executed_queries int, num_evicted_queries int,
	num_concurrency_scaling_queries int',
	$$SELECT c.class, 0, count(*) FILTER (WHERE q.is_running), count(q.query),
		count(*) FILTER (WHERE NOT q.is_running), 0, 0
	FROM (VALUES (5), (100)) c (class)
	LEFT JOIN redshift_sandbox.queued q ON q.service_class = c.class
	GROUP BY c.class$$);

SELECT redshift_sandbox.make_view('stv_wlm_classification_config',
	'id int, condition char(128), action_seq int, action char(64),
	action_service_class int',
	$$VALUES (1, 'super user and query group: superuser', 0, 'assign', 5),
		(2, 'query group: *', 0, 'assign', 100)$$);

SELECT redshift_sandbox.make_view('svl_query_queue_info',
	'database text, query int, xid bigint, userid int, querytxt text,
	queue_start_time timestamp, exec_start_time timestamp,
	service_class int, slots int, queue_elapsed bigint,
	exec_elapsed bigint, wlm_total_elapsed bigint,
	commit_queue_elapsed bigint, commit_exec_time bigint,
	service_class_name char(64)',
	$$SELECT database, query, xid, userid, left(querytxt, 100), starttime,
		starttime, service_class, 1, 0, elapsed / 1000000,
		elapsed / 1000000, 0, 0,
		redshift_sandbox.service_class_name(service_class)
	FROM redshift_sandbox.queued WHERE NOT is_running$$);

-- No monitoring rules can be set.
SELECT redshift_sandbox.make_empty_view('stv_wlm_qmr_config',
	'service_class int, rule_name char(256), action char(256),
	metric_name char(256), metric_operator char(256),
	metric_value double precision, action_value char(256)');
SELECT redshift_sandbox.make_empty_view('stl_wlm_rule_action',
	'userid int, query int, service_class int, rule char(256),
	action char(256), recordtime timestamp, action_value char(256),
	service_class_name char(64)');

-- A serverless sandbox works with its base capacity and never scales: for the
-- seconds in which any query ran it uses that many RPU seconds, and is charged
-- for 60 seconds at least from the start of one. Both are cut into minutes.
-- [SYS_SERVERLESS_USAGE; serverless-billing]
CREATE OR REPLACE FUNCTION redshift_sandbox.base_capacity()
RETURNS int LANGUAGE sql STABLE AS $$
	SELECT coalesce(nullif(pg_catalog.current_setting('redsh.base_capacity',
		true), '')::int, 128)
$$;

CREATE OR REPLACE VIEW redshift_sandbox.worked AS
WITH span AS (
	SELECT starttime AS a,
		starttime + elapsed * interval '1 microsecond' AS z
	FROM redshift_sandbox.statement WHERE class = 'QUERY'
), piece AS (
	SELECT false AS is_charge, unnest(range_agg(tsrange(a, z))) AS r
	FROM span
	UNION ALL
	SELECT true, unnest(range_agg(tsrange(a,
		greatest(z, a + interval '60 seconds'))))
	FROM span
), part AS (
	SELECT m AS minute, is_charge, extract(epoch FROM
		least(upper(r), m + interval '1 minute')
		- greatest(lower(r), m)) AS seconds
	FROM piece, generate_series(date_trunc('minute', lower(r)), upper(r),
		interval '1 minute') m
)
SELECT minute, coalesce(sum(seconds) FILTER (WHERE NOT is_charge), 0) AS busy,
	coalesce(sum(seconds) FILTER (WHERE is_charge), 0) AS charged
FROM part GROUP BY minute;

SELECT redshift_sandbox.make_view('sys_serverless_usage',
	'start_time timestamp, end_time timestamp,
	compute_seconds double precision,
	compute_capacity double precision, data_storage bigint,
	cross_region_transferred_data bigint, charged_seconds bigint,
	charged_extra_compute_for_automatic_optimization_seconds bigint',
	$$SELECT minute, minute + interval '1 min',
		busy * redshift_sandbox.base_capacity(),
		redshift_sandbox.base_capacity(),
		(SELECT redshift_sandbox.used_blocks()), 0,
		round(charged * redshift_sandbox.base_capacity()), 0
	FROM redshift_sandbox.worked
	WHERE NOT redshift_sandbox.is_provisioned()$$);
