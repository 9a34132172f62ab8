-- System views of sessions, connections, users, transactions and locks.
-- Repeatable.

SELECT redshift_sandbox.make_view('stv_sessions',
	'starttime timestamp, process int, user_name char(50),
	db_name char(50), timeout_sec int',
	$$SELECT s.starttime, s.pid, s.rolname, s.datname,
		coalesce(l.timeout_sec, 0)
	FROM redshift_sandbox.session s
	LEFT JOIN redshift_sandbox.session_log l
		ON l.pid = s.pid AND l.endtime IS NULL
	WHERE redshift_sandbox.may_see(s.userid)$$);

SELECT redshift_sandbox.make_view('stl_sessions',
	'userid int, starttime timestamp, endtime timestamp, process int,
	user_name char(50), db_name char(50), timeout_sec int,
	timed_out int',
	$$SELECT userid, starttime, endtime, pid, username, database, timeout_sec,
		reason
	FROM redshift_sandbox.session_log
	WHERE endtime IS NOT NULL AND NOT refused$$);

SELECT redshift_sandbox.make_view('sys_session_history',
	'user_id char(50), session_id int, database_name char(50),
	status char(1), session_timeout int, start_time timestamp,
	end_time timestamp',
	$$SELECT userid::text, pid, database,
		CASE WHEN endtime IS NULL THEN 'a' WHEN reason = 1 THEN 't'
			ELSE 'c' END,
		timeout_sec, starttime, endtime
	FROM redshift_sandbox.session_log
	WHERE NOT refused AND redshift_sandbox.may_see(userid)$$);

-- Two events of a session at its begin, one at its end; microseconds.
CREATE OR REPLACE VIEW redshift_sandbox.connection_event AS
SELECT e.event, e.at, s.remotehost, s.remoteport, s.pid, s.database, s.username,
	CASE WHEN e.event = 'disconnecting session'
		THEN redshift_sandbox.us(s.endtime - s.starttime) ELSE 0 END
		AS duration,
	CASE WHEN s.tls THEN 'TLSv1.3' ELSE '' END AS ssl_version,
	s.application_name, s.os_version, s.driver_version, s.plugin_name
FROM redshift_sandbox.session_log s,
	LATERAL (VALUES ('authenticated', s.starttime, NOT s.refused),
		('initiating session', s.starttime, NOT s.refused),
		('authentication failure', s.starttime, s.refused),
		('disconnecting session', s.endtime,
		NOT s.refused AND s.endtime IS NOT NULL)) e (event, at, holds)
WHERE e.holds;

SELECT redshift_sandbox.make_view('stl_connection_log',
	'event char(50), recordtime timestamp, remotehost char(45),
	remoteport char(32), pid int, dbname char(50), username char(50),
	authmethod char(32), duration int, sslversion char(50),
	sslcipher char(128), mtu int, sslcompression char(64),
	sslexpansion char(64), iamauthguid char(36),
	application_name char(250), os_version char(64),
	driver_version char(64), plugin_name char(32), protocol_version int,
	sessionid char(36), compression char(16)',
	$$SELECT event, at, remotehost, remoteport, pid, database, username,
		'password', duration, ssl_version, '', 0, '', '', '',
		application_name, os_version, driver_version, plugin_name, 0,
		NULL, NULL
	FROM redshift_sandbox.connection_event$$);

SELECT redshift_sandbox.make_view('sys_connection_log',
	'event char(50), record_time timestamp, remote_host char(45),
	remote_port char(32), session_id int, database_name char(50),
	user_name char(50), auth_method char(32), duration int,
	ssl_version char(50), ssl_cipher char(128), mtu int,
	ssl_compression char(64), ssl_expansion char(64),
	iam_auth_guid char(36), application_name char(250),
	driver_version char(64), os_version char(64), plugin_name char(32),
	protocol_version int, global_session_id char(36)',
	$$SELECT event, at, remotehost, remoteport, pid, database, username,
		'password', duration, ssl_version, '', 0, '', '', '',
		application_name, driver_version, os_version, plugin_name, 0,
		NULL
	FROM redshift_sandbox.connection_event$$);

SELECT redshift_sandbox.make_view('sys_userlog',
	'user_id int, user_name char(50), original_user_name char(50),
	action char(10), has_create_db_privs int, is_superuser int,
	has_update_catalog_privs int, password_expiration timestamp,
	session_id int, transaction_id bigint, record_time timestamp',
	$$SELECT userid, username, original_name, action, createdb::int,
		super::int, super::int, valid_until, pid, xid, recordtime
	FROM redshift_sandbox.user_log$$);

------------------------------------------------------------- transactions

SELECT redshift_sandbox.make_view('svv_transactions',
	'txn_owner text, txn_db text, xid bigint, pid int,
	txn_start timestamp, lock_mode text, lockable_object_type text,
	relation int, granted boolean',
	$$SELECT s.rolname, s.datname, redshift_sandbox.open_xid(l.pid), l.pid,
		s.xact_start, l.mode, CASE l.locktype WHEN 'relation'
			THEN 'relation' ELSE 'transactionid' END,
		l.relation::int, l.granted
	FROM pg_lock_status() l JOIN redshift_sandbox.session s USING (pid)
	WHERE l.locktype IN ('relation', 'transactionid')
	AND redshift_sandbox.may_see(s.userid)$$);

-- A transaction is over when its last statement left no block open; what
-- failed in it, or ROLLBACK, undid it.
SELECT redshift_sandbox.make_view('sys_transaction_history',
	'user_id int, transaction_id bigint, isolation_level text,
	status text, transaction_start_time timestamp,
	commit_start_time timestamp, commit_end_time timestamp,
	blocks_committed bigint, undo_transaction_id bigint',
	$$SELECT min(userid), xid, 'Snapshot Isolation',
		CASE WHEN bool_or(aborted = 1 OR command IN ('ROLLBACK',
			'ABORT')) THEN 'rolledback' ELSE 'committed' END,
		min(starttime), max(endtime), max(endtime), 0, 0
	FROM redshift_sandbox.statement WHERE xid > 0
	GROUP BY xid
	HAVING (array_agg(block ORDER BY query DESC))[1] = 'I'
	AND NOT bool_or(is_running)$$);

-- PostgreSQL refuses with 40001 or 40P01 what Redshift notes here.
SELECT redshift_sandbox.make_view('stl_tr_conflict',
	'xact_id bigint, process_id bigint, xact_start_ts timestamp,
	abort_time timestamp, table_id bigint',
	$$SELECT xid, pid, starttime, endtime, 0
	FROM redshift_sandbox.statement WHERE error_message ~
		'^(could not serialize|Serializable isolation|deadlock)'$$);

SELECT redshift_sandbox.make_view('stv_locks',
	'table_id bigint, last_commit timestamp, last_update timestamp,
	lock_owner bigint, lock_owner_pid bigint,
	lock_owner_start_ts timestamp, lock_owner_end_ts timestamp,
	lock_status char(22)',
	$$SELECT l.relation::bigint, NULL, NULL,
		redshift_sandbox.open_xid(l.pid), l.pid, s.xact_start, NULL,
		CASE WHEN l.granted THEN 'Holding write lock'
			ELSE 'Waiting for write lock' END
	FROM pg_lock_status() l JOIN redshift_sandbox.session s USING (pid)
	JOIN pg_catalog.pg_class c ON c.oid = l.relation
	WHERE l.locktype = 'relation' AND c.relkind = 'r'
	AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')
	AND l.database = (SELECT oid FROM pg_catalog.pg_database
		WHERE datname = current_database())$$);
