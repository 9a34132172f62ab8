-- System views of VACUUM, ANALYZE and materialized views' refreshes, by the
-- records of records.sql. Repeatable.

SELECT redshift_sandbox.make_view('stl_vacuum',
	'userid int, xid bigint, table_id int, status char(30), rows bigint,
	sortedrows int, blocks int, max_merge_partitions int,
	eventtime timestamp, reclaimable_rows bigint,
	reclaimable_space_mb bigint, cutoff_xid bigint, is_recluster int',
	$$SELECT m.userid, m.xid, m.relid::int, e.status, e.rows, e.sorted,
		e.blocks, 1, e.at, e.dead, m.blocks_before - m.blocks_after,
		m.xid, (m.style = 'RECLUSTER')::int
	FROM redshift_sandbox.maintenance_log m,
		LATERAL (VALUES (m.phase, m.rows_before, m.sorted_before,
			m.blocks_before, m.starttime, m.dead_before),
			('Finished', m.rows_after, m.sorted_after,
			m.blocks_after, m.endtime, m.dead_after))
			e (status, rows, sorted, blocks, at, dead)
	WHERE m.kind = 'VACUUM'
	AND NOT (e.status = 'Finished' AND m.phase LIKE 'Skipped%')$$);

SELECT redshift_sandbox.make_view('sys_vacuum_history',
	'user_id int, transaction_id bigint, query_id bigint,
	database_name text, schema_name text, table_name text,
	table_id int, vacuum_type char(1), is_automatic boolean,
	status char(1), start_time timestamp, end_time timestamp,
	record_time timestamp, duration int, rows_before_vacuum bigint,
	size_before_vacuum int, reclaimable_rows bigint,
	reclaimed_rows bigint, reclaimed_blocks bigint,
	sortedrows_before_vacuum int, sortedrows_after_vacuum int',
	$$SELECT m.userid, m.xid, m.query, current_database(), m.schema_name,
		m.table_name, m.relid::int, left(m.style, 1), false,
		CASE WHEN m.phase LIKE 'Skipped%' THEN 'S' ELSE 'C' END, m.starttime, m.endtime, m.endtime,
		redshift_sandbox.us(m.endtime - m.starttime), m.rows_before,
		m.blocks_before, m.dead_before, m.dead_before - m.dead_after,
		m.blocks_before - m.blocks_after, m.sorted_before,
		m.sorted_after
	FROM redshift_sandbox.maintenance_log m WHERE m.kind = 'VACUUM'$$);

SELECT redshift_sandbox.make_view('svv_vacuum_progress',
	'table_name text, status text, time_remaining_estimate text',
	$$SELECT m.table_name, CASE WHEN q.is_running THEN 'Vacuum'
			ELSE 'Complete' END, NULL
	FROM redshift_sandbox.maintenance_log m
	JOIN redshift_sandbox.statement q USING (query)
	WHERE m.kind = 'VACUUM'
	ORDER BY m.query DESC, m.endtime DESC LIMIT 1$$);

-- By statement, and the automatic ones, of which the last of each table is
-- known.
CREATE OR REPLACE VIEW redshift_sandbox.analyze_run AS
SELECT m.userid, m.xid, m.relid, m.schema_name, m.table_name, false AS is_auto,
	m.starttime, m.endtime, m.rows_after AS rows,
	m.modified_before AS modified, m.previous, m.phase, m.predicates,
	m.threshold
FROM redshift_sandbox.maintenance_log m WHERE m.kind = 'ANALYZE'
UNION ALL
SELECT 1, 0, t.oid, t.nspname::text, t.relname::text, true, a.at, a.at,
	greatest(t.reltuples, 0)::bigint, NULL, NULL, 'Full', 0, 10
FROM redshift_sandbox.user_table t, LATERAL (
	SELECT pg_stat_get_last_autoanalyze_time(t.oid) AT TIME ZONE 'UTC') a (at)
WHERE a.at IS NOT NULL;

SELECT redshift_sandbox.make_view('stl_analyze',
	'userid int, xid bigint, database char(30), table_id int,
	status char(15), rows double precision,
	modified_rows double precision, threshold_percent int,
	is_auto char(1), starttime timestamp, endtime timestamp,
	prevtime timestamp, num_predicate_cols int,
	num_new_predicate_cols int, is_background char(1),
	auto_analyze_phase char(100), schema_name char(128),
	table_name char(136)',
	$$SELECT userid, xid, current_database(), relid::int, phase, rows,
		modified, threshold, CASE WHEN is_auto THEN 't' ELSE 'f' END,
		starttime, endtime, previous, predicates, 0,
		CASE WHEN is_auto THEN 't' ELSE 'f' END, '', schema_name,
		table_name
	FROM redshift_sandbox.analyze_run$$);

SELECT redshift_sandbox.make_view('sys_analyze_history',
	'user_id int, transaction_id bigint, database_name char(30),
	table_name char(30), table_id int, is_automatic char(1),
	status char(15), start_time timestamp, end_time timestamp,
	rows double precision, modified_rows double precision,
	analyze_threshold_percent int, last_analyze_time timestamp',
	$$SELECT userid, xid, current_database(), table_name, relid::int,
		CASE WHEN is_auto THEN 't' ELSE 'f' END, phase, starttime,
		endtime, rows, modified, threshold, previous
	FROM redshift_sandbox.analyze_run$$);

-- How far the commonest value outweighs the others; 1.00: not at all.
SELECT redshift_sandbox.make_view('svv_interleaved_columns',
	'tbl int, col int, interleaved_skew numeric(19,2),
	last_reindex timestamp',
	$$SELECT t.oid::int, k.attnum::int - 1, coalesce((
		SELECT greatest(1, s.stanumbers1[1]
			* CASE WHEN s.stadistinct < 0
				THEN -s.stadistinct * greatest(t.reltuples, 1)
				ELSE s.stadistinct END)
		FROM pg_catalog.pg_statistic s WHERE s.starelid = t.oid
		AND s.staattnum = k.attnum AND s.stakind1 = 1
		AND NOT s.stainherit), 1),
		(SELECT max(q.endtime) FROM redshift_sandbox.query_log q
		JOIN redshift_sandbox.maintenance_log m USING (query)
		WHERE m.relid = t.oid AND q.querytxt ~* '^\s*vacuum\s+reindex')
	FROM redshift_sandbox.user_table t
	JOIN redshift_sandbox.column_attribute k ON k.relid = t.oid
	JOIN redshift_sandbox.table_attribute a ON a.relid = t.oid
	WHERE a.sortstyle = 'INTERLEAVED' AND k.sortkey <> 0$$);

-- PostgreSQL makes the whole view again.
SELECT redshift_sandbox.make_view('sys_mv_refresh_history',
	'user_id int, session_id int, transaction_id bigint,
	database_name char(128), schema_name char(128), mv_id bigint,
	mv_name char(128), refresh_type char(32), status text,
	start_time timestamp, end_time timestamp, duration bigint,
	consumer_account char(12), consumer_region char(32),
	consumer_namespace char(36)',
	$$SELECT q.userid, q.pid, q.xid, q.database, n.nspname, c.oid::bigint,
		coalesce(c.relname::text, q.mv), 'Manual',
		CASE q.aborted WHEN 0 THEN 'Refresh successfully recomputed MV '
			'from scratch' ELSE 'Refresh failed: '
			|| q.error_message END,
		q.starttime, q.endtime, q.elapsed, NULL, NULL, NULL
	FROM (SELECT s.*, substring(s.querytxt,
			'(?i)materialized\s+view\s+([^\s;]+)') AS mv
		FROM redshift_sandbox.statement s
		WHERE s.command = 'REFRESH MATERIALIZED VIEW'
		AND NOT s.is_running) q
	LEFT JOIN pg_catalog.pg_class c ON c.oid = to_regclass(q.mv)
	LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace$$);
