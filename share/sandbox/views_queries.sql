-- System views of statements: text, time, plan, steps. A plan is PostgreSQL's
-- own with the rows that its nodes gave; its nodes run side by side, so each
-- step has the time of the whole. Repeatable.

---------------------------------------------------------------- statements

SELECT redshift_sandbox.make_view('stl_query',
	'userid int, query int, label char(320), xid bigint, pid int,
	database char(32), querytxt char(4000), starttime timestamp,
	endtime timestamp, aborted int, insert_pristine int,
	concurrency_scaling_status int',
	$$SELECT userid, query, label, xid, pid, database,
		left(replace(querytxt, E'\n', '\n'), 4000), starttime, endtime,
		aborted, 0, 0
	FROM redshift_sandbox.statement
	WHERE class = 'QUERY' AND NOT is_running$$);

SELECT redshift_sandbox.make_view('stl_querytext',
	'userid int, xid bigint, pid int, query int, sequence int,
	text char(200), user_query_id bigint, child_query_sequence int,
	query_uuid char(36)',
	$$SELECT q.userid, q.xid, q.pid, q.query, p.sequence, p.piece, q.query,
		1, NULL
	FROM redshift_sandbox.query_log q,
		redshift_sandbox.pieces(q.querytxt, 200) p
	WHERE q.class = 'QUERY'$$);

SELECT redshift_sandbox.make_view('stl_ddltext',
	'userid int, xid bigint, pid int, label char(320),
	starttime timestamp, endtime timestamp, sequence int, text char(200)',
	$$SELECT q.userid, q.xid, q.pid, q.label, q.starttime, q.endtime,
		p.sequence, p.piece
	FROM redshift_sandbox.query_log q,
		redshift_sandbox.pieces(q.querytxt, 200) p
	WHERE q.class = 'DDL'$$);

SELECT redshift_sandbox.make_view('stl_utilitytext',
	'userid int, xid bigint, pid int, label char(320),
	starttime timestamp, endtime timestamp, sequence int, text char(200)',
	$$SELECT q.userid, q.xid, q.pid, q.label, q.starttime, q.endtime,
		p.sequence, p.piece
	FROM redshift_sandbox.query_log q,
		redshift_sandbox.pieces(q.querytxt, 200) p
	WHERE q.class = 'UTILITY'$$);

SELECT redshift_sandbox.make_view('svl_statementtext',
	'userid int, xid bigint, pid int, label char(320),
	starttime timestamp, endtime timestamp, sequence int,
	type varchar(10), text char(200)',
	$$SELECT q.userid, q.xid, q.pid, q.label, q.starttime, q.endtime,
		p.sequence, q.class, p.piece
	FROM redshift_sandbox.query_log q,
		redshift_sandbox.pieces(q.querytxt, 200) p$$);

SELECT redshift_sandbox.make_view('svl_qlog',
	'userid int, query int, xid bigint, pid int, starttime timestamp,
	endtime timestamp, elapsed bigint, aborted int, label char(320),
	substring char(60), source_query int,
	concurrency_scaling_status_txt text, from_sp_call int',
	$$SELECT userid, query, xid, pid, starttime, endtime, elapsed, aborted,
		label, left(replace(querytxt, E'\n', '\n'), 60), NULL,
		'0 - Main cluster', NULL
	FROM redshift_sandbox.statement
	WHERE class = 'QUERY' AND NOT is_running$$);

SELECT redshift_sandbox.make_view('sys_query_history',
	'user_id int, query_id bigint, query_label char(320),
	transaction_id bigint, session_id int, database_name char(128),
	query_type char(32), status char(10), result_cache_hit boolean,
	start_time timestamp, end_time timestamp, elapsed_time bigint,
	queue_time bigint, execution_time bigint, error_message char(512),
	returned_rows bigint, returned_bytes bigint, query_text char(4000),
	redshift_version char(256), usage_limit char(150),
	compute_type varchar(32), compile_time bigint, planning_time bigint,
	lock_wait_time bigint, service_class_id int,
	service_class_name char(64), query_priority char(20),
	short_query_accelerated char(10), user_query_hash char(40),
	generic_query_hash char(40), query_hash_version int,
	result_cache_query_id int, username char(128)',
	$$SELECT userid, query, label, xid, pid, database, query_type, status,
		false, starttime, endtime, elapsed, 0, elapsed, error_message,
		returned_rows,
		returned_rows * coalesce((plan#>>'{Plan,Plan Width}')::bigint, 0),
		left(replace(querytxt, E'\n', '\n'), 4000), '1.0.80491', NULL,
		CASE WHEN redshift_sandbox.is_provisioned() THEN 'primary'
			ELSE '' END, 0, 0, 0,
		CASE WHEN redshift_sandbox.is_provisioned() THEN 100 ELSE -1 END,
		CASE WHEN redshift_sandbox.is_provisioned()
			THEN 'Default queue' ELSE '' END,
		CASE WHEN redshift_sandbox.is_provisioned() THEN 'Normal'
			ELSE '' END,
		CASE WHEN redshift_sandbox.is_provisioned() THEN 'false'
			ELSE '' END,
		md5(querytxt), md5(regexp_replace(lower(querytxt),
			'''[^'']*''|\m[0-9]+(\.[0-9]+)?\M', '?', 'g')),
		2, NULL, username
	FROM redshift_sandbox.statement$$);

SELECT redshift_sandbox.make_view('sys_query_text',
	'user_id int, query_id bigint, transaction_id bigint, session_id int,
	start_time timestamp, sequence int, text char(4000),
	query_uuid char(36)',
	$$SELECT q.userid, q.query, q.xid, q.pid, q.starttime, p.sequence,
		p.piece, NULL
	FROM redshift_sandbox.query_log q,
		redshift_sandbox.pieces(q.querytxt, 4000) p$$);

-- The sandbox never rewrites one statement into several.
SELECT redshift_sandbox.make_view('sys_child_query_text',
	'user_id int, query_id bigint, child_query_sequence int,
	sequence int, text char(200), query_uuid char(36)',
	$$SELECT q.userid, q.query, 1, p.sequence, p.piece, NULL
	FROM redshift_sandbox.query_log q,
		redshift_sandbox.pieces(q.querytxt, 200) p
	WHERE q.class = 'QUERY'$$);

SELECT redshift_sandbox.make_view('sys_procedure_messages',
	'transaction_id bigint, query_id int, record_time timestamp,
	log_level char(10), message char(1024), line_number int,
	query_uuid char(36)',
	$$SELECT xid, query, recordtime, level, left(message, 1024), line, NULL
	FROM redshift_sandbox.message_log
	WHERE redshift_sandbox.may_see(userid)$$);

-------------------------------------------------------------- what runs now

SELECT redshift_sandbox.make_view('stv_recents',
	'userid int, status char(20), starttime timestamp, duration int,
	user_name char(50), db_name char(50), query char(600), pid int',
	$$SELECT userid, CASE WHEN is_running THEN 'Running' ELSE 'Done' END,
		starttime, least(elapsed, 2147483647), username, database,
		left(replace(querytxt, E'\n', '\n'), 600),
		CASE WHEN is_running THEN pid ELSE -1 END
	FROM (SELECT * FROM redshift_sandbox.statement
		WHERE class = 'QUERY' ORDER BY query DESC LIMIT 1000) s$$);

-- On both slices; the leader tells of none of its own.
SELECT redshift_sandbox.make_view('stv_inflight',
	'userid int, slice int, query int, label char(320), xid bigint,
	pid int, starttime timestamp, text char(100), suspended int,
	insert_pristine int, concurrency_scaling_status int',
	$$SELECT userid, slice, query, label, xid, pid, starttime,
		left(replace(querytxt, E'\n', '\n'), 100), 0, 0, 0
	FROM redshift_sandbox.statement, generate_series(0, 1) slice
	WHERE class = 'QUERY' AND is_running$$);

SELECT redshift_sandbox.make_view('svv_query_inflight',
	'userid int, slice int, query int, pid int, starttime timestamp,
	suspended int, text char(200), sequence int',
	$$SELECT s.userid, slice, s.query, s.pid, s.starttime, 0, p.piece,
		p.sequence
	FROM redshift_sandbox.statement s, generate_series(0, 1) slice,
		redshift_sandbox.pieces(s.querytxt, 200) p
	WHERE s.class = 'QUERY' AND s.is_running$$);

-- One step until the plan is known, which is when it has ended.
SELECT redshift_sandbox.make_view('svv_query_state',
	'userid int, query int, seg int, step int, maxtime interval,
	avgtime interval, rows bigint, bytes bigint, cpu bigint,
	memory bigint, rate_row double precision,
	rate_byte double precision, label char(25), is_diskbased char(1),
	workmem bigint, num_parts int, is_rrscan char(1),
	is_delayed_scan char(1)',
	$$SELECT userid, query, 0, 0, elapsed * interval '1 us',
		elapsed * interval '1 us', 0, 0, 0, 0, 0, 0, 'execute', 'f', 0,
		0, 'f', 'f'
	FROM redshift_sandbox.statement WHERE class = 'QUERY' AND is_running$$);

-- A cursor is open from its DECLARE to its CLOSE or the block's end.
CREATE OR REPLACE VIEW redshift_sandbox.open_cursor AS
SELECT d.userid, lower(trim('"' FROM substring(d.querytxt,
		'(?i)declare\s+("[^"]+"|\S+)'))) AS name, d.xid, d.pid,
	d.starttime, coalesce(f.rows, 0) AS fetched,
	coalesce(f.bytes, 0) AS bytes
FROM redshift_sandbox.query_log d
LEFT JOIN LATERAL (SELECT sum(f.returned_rows) AS rows,
		sum(f.returned_rows * coalesce(
			(f.plan#>>'{Plan,Plan Width}')::bigint, 0)) AS bytes
	FROM redshift_sandbox.query_log f WHERE f.xid = d.xid
	AND f.command = 'FETCH' AND f.query > d.query) f ON true
WHERE d.command = 'DECLARE' AND d.status = 'success'
AND redshift_sandbox.open_xid(d.pid) = d.xid
AND NOT EXISTS (SELECT 1 FROM redshift_sandbox.query_log c
	WHERE c.xid = d.xid AND c.command = 'CLOSE' AND c.query > d.query);

SELECT redshift_sandbox.make_view('stv_active_cursors',
	'userid int, name char(256), xid bigint, pid int,
	starttime timestamp, row_count bigint, byte_count bigint,
	fetched_rows bigint',
	$$SELECT userid, name, xid, pid, starttime, fetched, bytes, fetched
	FROM redshift_sandbox.open_cursor$$);

SELECT redshift_sandbox.make_view('stv_cursor_configuration',
	'current_cursor_count int, max_diskspace_usable int,
	current_diskspace_used int',
	$$SELECT count(*), redshift_sandbox.node_capacity(),
		coalesce(sum(bytes), 0) / 1048576
	FROM redshift_sandbox.open_cursor$$);

------------------------------------------------------------ plans and steps

-- The nodes of a plan, numbered from the top.
CREATE OR REPLACE FUNCTION redshift_sandbox.plan_nodes(plan jsonb)
RETURNS TABLE (node int, parent int, depth int, body jsonb) LANGUAGE sql
IMMUTABLE AS $$
	WITH RECURSIVE walked AS (
		SELECT ARRAY[1] AS path, plan->'Plan' AS body
		UNION ALL
		SELECT w.path || p.place::int, p.child FROM walked w,
			jsonb_array_elements(w.body->'Plans')
				WITH ORDINALITY p (child, place)
	), numbered AS (
		SELECT (row_number() OVER (ORDER BY path))::int AS node, path,
			w.body - 'Plans' AS body
		FROM walked w WHERE w.body IS NOT NULL
	)
	SELECT n.node, coalesce(p.node, 0), cardinality(n.path) - 1, n.body
	FROM numbered n LEFT JOIN numbered p
		ON p.path = n.path[1:cardinality(n.path) - 1]
$$;

SELECT redshift_sandbox.make_view('stl_explain',
	'userid int, query int, nodeid int, parentid int,
	plannode char(400), info char(400), user_query_id bigint,
	child_query_sequence int, query_uuid char(36)',
	$$SELECT q.userid, q.query, n.node, n.parent,
		left(repeat('  ', n.depth) || CASE n.depth WHEN 0 THEN ''
			ELSE '->  ' END || (n.body->>'text')
			|| (n.body->>'cost'), 400),
		left(coalesce((SELECT string_agg(e, '; ') FROM
			jsonb_array_elements_text(n.body->'info') e), ''),
			400), q.query, 1, NULL
	FROM redshift_sandbox.query_log q,
		redshift_sandbox.explain_nodes(q.plan) n
	WHERE q.plan IS NOT NULL$$);

SELECT redshift_sandbox.make_view('sys_query_explain',
	'userid int, query_id bigint, child_query_sequence int,
	plan_node_id int, plan_parent_id int, plan_node char(400),
	plan_info char(400), query_uuid char(36)',
	$$SELECT q.userid, q.query, 1, n.node, n.parent,
		left((n.body->>'text') || (n.body->>'cost'), 400),
		left(coalesce((SELECT string_agg(e, '; ') FROM
			jsonb_array_elements_text(n.body->'info') e), ''),
			400), NULL
	FROM redshift_sandbox.query_log q,
		redshift_sandbox.explain_nodes(q.plan) n
	WHERE q.plan IS NOT NULL$$);

-- Steps: the nodes from below, then the return of the rows.
CREATE OR REPLACE VIEW redshift_sandbox.step AS
SELECT q.userid, q.query, q.pid, q.xid, q.starttime, q.endtime, q.elapsed,
	s.step, s.name, s.tbl, s.relation, s.schema, s.rows, s.rows * s.width
	AS bytes, s.removed, s.disk, s.memory, s.node, s.parent, s.type, s.filter
FROM redshift_sandbox.statement q, LATERAL (
	SELECT (row_number() OVER (ORDER BY n.node DESC))::int - 1 AS step,
		coalesce((SELECT word FROM (VALUES ('%Scan', 'scan'),
			('Hash Join', 'hjoin'), ('Merge Join', 'mjoin'),
			('Nested Loop', 'nloop'), ('Hash', 'hash'),
			('Aggregate', 'aggr'), ('Group', 'aggr'),
			('Sort', 'sort'), ('Incremental Sort', 'sort'),
			('Limit', 'limit'), ('Unique', 'unique'),
			('WindowAgg', 'window'), ('Append', 'append'),
			('Materialize', 'save'), ('SetOp', 'unique'))
			w (pattern, word)
			WHERE n.body->>'Node Type' LIKE w.pattern LIMIT 1),
			lower(n.body->>'Operation'), 'project') AS name,
		CASE WHEN n.body ? 'Relation Name'
			THEN to_regclass(quote_ident(n.body->>'Schema') || '.'
			|| quote_ident(n.body->>'Relation Name'))::oid::bigint
			END AS tbl,
		n.body->>'Relation Name' AS relation,
		n.body->>'Schema' AS schema,
		((n.body->>'Actual Rows')::numeric
			* (n.body->>'Actual Loops')::numeric)::bigint AS rows,
		(n.body->>'Plan Width')::bigint AS width,
		coalesce((n.body->>'Rows Removed by Filter')::numeric
			* (n.body->>'Actual Loops')::numeric, 0)::bigint
			AS removed,
		n.body->>'Sort Space Type' = 'Disk'
			OR coalesce((n.body->>'Disk Usage')::bigint, 0) > 0
			AS disk,
		1024 * coalesce((n.body->>'Sort Space Used')::bigint,
			(n.body->>'Peak Memory Usage')::bigint, 0) AS memory,
		n.node, n.parent, n.body->>'Node Type' AS type,
		n.body->>'Filter' AS filter
	FROM redshift_sandbox.plan_nodes(q.plan) n
	UNION ALL
	SELECT (SELECT count(*)::int FROM redshift_sandbox.plan_nodes(q.plan)),
		'return', NULL, NULL, NULL, q.returned_rows,
		(q.plan#>>'{Plan,Plan Width}')::bigint, 0, false, 0, 0, 0,
		'Return', NULL
) s
WHERE q.plan IS NOT NULL;

SELECT redshift_sandbox.make_view('svl_query_summary',
	'userid int, query int, stm int, seg int, step int, maxtime bigint,
	avgtime bigint, rows bigint, bytes bigint,
	rate_row double precision, rate_byte double precision, label text,
	is_diskbased char(1), workmem bigint, is_rrscan char(1),
	is_delayed_scan char(1), rows_pre_filter bigint',
	$$SELECT userid, query, 0, 0, step, elapsed, elapsed, rows, bytes,
		rows / greatest(elapsed / 1000000.0, 1),
		bytes / greatest(elapsed / 1000000.0, 1),
		rpad(name, 6) || coalesce(' tbl=' || tbl || ' name='
			|| relation, ''),
		CASE WHEN disk THEN 't' ELSE 'f' END, memory, 'f', 'f',
		rows + removed
	FROM redshift_sandbox.step$$);

-- What the guide's alerts say of a step.
CREATE OR REPLACE FUNCTION redshift_sandbox.alerts(type text, rows bigint,
	removed bigint, tbl oid)
RETURNS TABLE (event text, solution text) LANGUAGE sql STABLE AS $$
	SELECT 'Nested Loop Join in the query plan',
		'Review the join predicates to avoid Cartesian products'
	WHERE type = 'Nested Loop'
	UNION ALL
	SELECT format('Very selective query filter:ratio=rows(%s)/rows_pre_user_filter(%s)=%s',
		rows, rows + removed,
		round(rows::numeric / (rows + removed), 6)),
		'Review the choice of sort key to enable range restricted scans, or run the VACUUM command to ensure the table is sorted'
	WHERE removed > 0 AND rows::numeric / (rows + removed) < 0.05
	AND type LIKE '%Scan'
	UNION ALL
	SELECT 'Missing query planner statistics', 'Run the ANALYZE command'
	FROM pg_catalog.pg_class c
	WHERE c.oid = tbl AND c.relkind = 'r' AND c.reltuples < 0
$$;

SELECT redshift_sandbox.make_view('sys_query_detail',
	'user_id int, query_id bigint, child_query_sequence int,
	stream_id int, segment_id int, step_id int, step_name text,
	table_id int, table_name char(136), is_rrscan char(1),
	start_time timestamp, end_time timestamp, duration bigint,
	alert text, input_bytes bigint, input_rows bigint,
	output_bytes bigint, output_rows bigint, blocks_read bigint,
	blocks_write bigint, local_read_io bigint, remote_read_io bigint,
	source text, data_skewness int, time_skewness int,
	is_active char(1), spilled_block_local_disk bigint,
	spilled_block_remote_disk bigint, step_attribute char(64),
	metrics_level char(64), plan_parent_id int, plan_node_id int',
	$$SELECT s.userid, s.query, 1, 0, 0, s.step, s.name,
		coalesce(s.tbl, 0),
		coalesce(current_database() || '.' || s.schema || '.'
			|| s.relation, ''), 'f', s.starttime, s.endtime,
		s.elapsed, coalesce((SELECT string_agg(a.event, '; ')
			FROM redshift_sandbox.alerts(s.type, s.rows, s.removed,
				s.tbl::oid) a), ''),
		s.bytes, s.rows + s.removed, s.bytes, s.rows, 0, 0, 0, 0,
		CASE s.name WHEN 'scan' THEN 'Redshift(local)' ELSE '' END,
		0, 0, 'f', CASE WHEN s.disk THEN s.memory / 1048576 ELSE 0 END,
		0, '', 'step', s.parent, s.node
	FROM redshift_sandbox.step s$$);

SELECT redshift_sandbox.make_view('stl_alert_event_log',
	'userid int, query int, slice int, segment int, step int, pid int,
	xid bigint, event char(1024), solution char(1024),
	event_time timestamp',
	$$SELECT s.userid, s.query, 0, 0, s.step, s.pid, s.xid, a.event,
		a.solution, s.endtime
	FROM redshift_sandbox.step s,
		redshift_sandbox.alerts(s.type, s.rows, s.removed, s.tbl::oid) a$$);

-- CPU and block counters are NULL: PostgreSQL counts none by statement here.
SELECT redshift_sandbox.make_view('svl_query_metrics_summary',
	'userid int, query int, service_class int, query_cpu_time bigint,
	query_blocks_read bigint, query_execution_time bigint,
	query_cpu_usage_percent numeric(38,2),
	query_temp_blocks_to_disk bigint, segment_execution_time bigint,
	cpu_skew numeric(38,2), io_skew numeric(38,2),
	scan_row_count bigint, join_row_count bigint,
	nested_loop_join_row_count bigint, return_row_count bigint,
	spectrum_scan_row_count bigint, spectrum_scan_size_mb bigint,
	query_queue_time bigint',
	$$SELECT q.userid, q.query, 100, NULL, NULL, q.elapsed / 1000000, NULL,
		(SELECT sum(s.memory) / 1048576 FROM redshift_sandbox.step s
			WHERE s.query = q.query AND s.disk),
		q.elapsed / 1000000, NULL, NULL,
		(SELECT sum(s.rows + s.removed) FROM redshift_sandbox.step s
			WHERE s.query = q.query AND s.name = 'scan'),
		(SELECT max(s.rows) FROM redshift_sandbox.step s
			WHERE s.query = q.query
			AND s.name IN ('hjoin', 'mjoin', 'nloop')),
		(SELECT max(s.rows) FROM redshift_sandbox.step s
			WHERE s.query = q.query AND s.name = 'nloop'),
		q.returned_rows, NULL, NULL, 0
	FROM redshift_sandbox.statement q
	WHERE q.class = 'QUERY' AND NOT q.is_running$$);
