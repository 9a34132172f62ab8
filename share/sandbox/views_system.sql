-- Redshift's system views over the sandbox's records and PostgreSQL's state:
-- sessions, queries. Runs after views.sql; takes away what PostgreSQL
-- has and Redshift lacks, and lets everybody read the rest. Repeatable.

----------------------------------------------------------------- sessions

CREATE OR REPLACE VIEW redshift_sandbox.session AS
SELECT a.pid, a.usesysid::bigint AS userid, d.datname, r.rolname,
	a.backend_start AT TIME ZONE 'UTC' AS starttime, a.state, a.query,
	a.query_start AT TIME ZONE 'UTC' AS query_start,
	a.xact_start AT TIME ZONE 'UTC' AS xact_start
FROM pg_stat_get_activity(NULL) a
JOIN pg_catalog.pg_database d ON d.oid = a.datid
JOIN pg_catalog.pg_authid r ON r.oid = a.usesysid
WHERE r.rolname <> 'rdsdb';

CREATE OR REPLACE VIEW pg_catalog.stv_sessions AS
SELECT starttime, pid AS process, rolname::char(50) AS user_name,
	datname::char(50) AS db_name, 0 AS timeout_sec
FROM redshift_sandbox.session WHERE redshift_sandbox.may_see(userid);

CREATE OR REPLACE VIEW pg_catalog.stv_recents AS
SELECT userid::int AS userid, CASE WHEN state = 'active' THEN 'Running'
		ELSE 'Done' END::char(20) AS status,
	query_start AS starttime,
	(extract(epoch FROM (now() AT TIME ZONE 'UTC') - query_start)
		* 1000000)::bigint::int AS duration,
	rolname::char(50) AS user_name, datname::char(50) AS db_name,
	query::char(600) AS query, pid
FROM redshift_sandbox.session WHERE redshift_sandbox.may_see(userid)
AND query_start > (now() AT TIME ZONE 'UTC') - interval '30 min';

CREATE OR REPLACE VIEW pg_catalog.stv_inflight AS
SELECT userid::int AS userid, 0 AS slice, 0 AS query,
	'default'::char(320) AS label, 0::bigint AS xid, pid,
	query_start AS starttime, query::char(100) AS text, 0 AS suspended,
	0 AS insert_pristine, 0 AS concurrency_scaling_status
FROM redshift_sandbox.session
WHERE state = 'active' AND redshift_sandbox.may_see(userid);

CREATE OR REPLACE VIEW pg_catalog.svv_transactions AS
SELECT s.rolname::text AS txn_owner, s.datname::text AS txn_db,
	coalesce(l.transactionid::text::bigint, 0) AS xid, l.pid,
	s.xact_start AS txn_start, l.mode AS lock_mode,
	CASE l.locktype WHEN 'relation' THEN 'relation'
		ELSE 'transactionid' END AS lockable_object_type,
	l.relation::int AS relation, l.granted
FROM pg_lock_status() l JOIN redshift_sandbox.session s USING (pid)
WHERE l.locktype IN ('relation', 'transactionid')
AND redshift_sandbox.may_see(s.userid);

CREATE OR REPLACE VIEW pg_catalog.stv_slices AS
SELECT 0 AS node, s AS slice, s AS localslice, 'D'::char(1) AS type
FROM generate_series(0, 1) s;

------------------------------------------------------------------ queries

CREATE OR REPLACE VIEW pg_catalog.stl_query AS
SELECT userid, query::int AS query, label::char(320) AS label, xid, pid,
	database::char(32) AS database, querytxt::char(4000) AS querytxt,
	starttime, endtime, (status <> 'success')::int AS aborted,
	0 AS insert_pristine, 0 AS concurrency_scaling_status
FROM redshift_sandbox.query_log WHERE redshift_sandbox.may_see(userid);

CREATE OR REPLACE VIEW pg_catalog.stl_querytext AS
SELECT userid, xid, pid, query::int AS query, s AS sequence,
	substr(querytxt, s * 200 + 1, 200)::char(200) AS text,
	query AS user_query_id, 1 AS child_query_sequence,
	NULL::char(36) AS query_uuid
FROM redshift_sandbox.query_log,
	generate_series(0, greatest(0, (length(querytxt) - 1) / 200)) s
WHERE redshift_sandbox.may_see(userid);

CREATE OR REPLACE VIEW pg_catalog.sys_query_history AS
SELECT userid AS user_id, query AS query_id, label::char(320) AS query_label,
	xid AS transaction_id, pid AS session_id,
	database::char(128) AS database_name, query_type::char(32) AS query_type,
	status::char(10) AS status, false AS result_cache_hit,
	starttime AS start_time, endtime AS end_time,
	(extract(epoch FROM endtime - starttime) * 1000000)::bigint
		AS elapsed_time,
	0::bigint AS queue_time,
	(extract(epoch FROM endtime - starttime) * 1000000)::bigint
		AS execution_time,
	error_message::char(512) AS error_message, returned_rows,
	0::bigint AS returned_bytes, querytxt::char(4000) AS query_text,
	'1.0.80491'::char(256) AS redshift_version,
	NULL::char(150) AS usage_limit, 'primary'::varchar(32) AS compute_type,
	0::bigint AS compile_time, 0::bigint AS planning_time,
	0::bigint AS lock_wait_time, 100 AS service_class_id,
	'Default queue'::char(64) AS service_class_name,
	'Normal'::char(20) AS query_priority,
	'false'::char(10) AS short_query_accelerated,
	NULL::char(40) AS user_query_hash, NULL::char(40) AS generic_query_hash,
	2 AS query_hash_version, NULL::int AS result_cache_query_id,
	username::char(128) AS username
FROM redshift_sandbox.query_log WHERE redshift_sandbox.may_see(userid);

CREATE OR REPLACE VIEW pg_catalog.sys_query_text AS
SELECT userid AS user_id, query AS query_id, xid AS transaction_id,
	pid AS session_id, starttime AS start_time, 0 AS sequence,
	querytxt::char(4000) AS text, NULL::char(36) AS query_uuid
FROM redshift_sandbox.query_log WHERE redshift_sandbox.may_see(userid);

---------------------------------------------------------- what has no place

-- Views that PostgreSQL got after 8.0: asked for, they do not exist.
DO $$
DECLARE v record;
BEGIN
	FOR v IN SELECT c.relname FROM pg_catalog.pg_class c
		WHERE c.relnamespace = 'pg_catalog'::regnamespace
		AND c.relkind = 'v' AND c.relname ~ '^pg_'
		AND c.relname <> ALL ('{pg_tables,pg_views,pg_user,pg_group,pg_indexes,pg_locks,pg_rules,pg_settings,pg_stats,pg_shadow,pg_table_def,pg_class_info,pg_attribute_info,pg_database_info,pg_proc_info,pg_external_schema,pg_user_info}'::name[])
	LOOP
		EXECUTE format('DROP VIEW IF EXISTS pg_catalog.%I CASCADE',
			v.relname);
	END LOOP;
END $$;

-- Everybody reads them; rows are chosen inside.
DO $$
DECLARE v record;
BEGIN
	FOR v IN SELECT c.oid::regclass AS name FROM pg_catalog.pg_class c
		WHERE c.relkind = 'v'
		AND (c.relnamespace = 'redshift_sandbox'::regnamespace
		OR c.relnamespace = 'pg_catalog'::regnamespace
		AND c.relname ~ '^(svv|stl|stv|sys|pg_(tables|views|user|group|table_def|.*_info|external_schema))')
	LOOP
		EXECUTE format('GRANT SELECT ON %s TO PUBLIC', v.name);
	END LOOP;
END $$;
GRANT ALL ON SCHEMA public TO PUBLIC;
ALTER SCHEMA public OWNER TO rdsdb;
