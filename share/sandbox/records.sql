-- What happened: sessions, statements, maintenance, users; written by the
-- gateway (sandbox/querylog), read by the system views. Runs after
-- catalog.sql; repeatable, also over the tables of an older redsh.

ALTER TABLE redshift_sandbox.query_log
	ADD COLUMN IF NOT EXISTS class text NOT NULL DEFAULT 'QUERY',
	ADD COLUMN IF NOT EXISTS command text NOT NULL DEFAULT '',
	ADD COLUMN IF NOT EXISTS block "char" NOT NULL DEFAULT 'I',
	ADD COLUMN IF NOT EXISTS plan jsonb,
	ALTER COLUMN endtime DROP NOT NULL;
-- class: as SVL_STATEMENTTEXT.type, QUERY DDL UTILITY
-- command: the statement's name, CREATE TABLE ...
-- block: of the session behind the statement, I T E
-- status: also running; endtime is NULL then
CREATE INDEX IF NOT EXISTS query_log_pid
	ON redshift_sandbox.query_log (pid, query);
CREATE INDEX IF NOT EXISTS query_log_running
	ON redshift_sandbox.query_log (query) WHERE status = 'running';

CREATE SEQUENCE IF NOT EXISTS redshift_sandbox.transaction_number START 5000;

-- One row a session; event and its like are of SYS_CONNECTION_LOG.
CREATE TABLE IF NOT EXISTS redshift_sandbox.session_log (
	id bigserial PRIMARY KEY,
	pid int NOT NULL,
	userid int NOT NULL,			-- 0: the login was refused
	username text NOT NULL,
	database text NOT NULL,
	starttime timestamp NOT NULL,
	endtime timestamp,
	refused bool NOT NULL DEFAULT false,
	remotehost text NOT NULL DEFAULT '',
	remoteport text NOT NULL DEFAULT '',
	tls bool NOT NULL DEFAULT false,
	application_name text NOT NULL DEFAULT '',
	driver_version text NOT NULL DEFAULT '',
	os_version text NOT NULL DEFAULT '',
	plugin_name text NOT NULL DEFAULT ''
);

-- timeout_sec: SESSION TIMEOUT, 0 none; reason: as STL_SESSIONS.timed_out
ALTER TABLE redshift_sandbox.session_log
	ADD COLUMN IF NOT EXISTS timeout_sec int NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS reason int NOT NULL DEFAULT 0;

-- One row a table that VACUUM or ANALYZE worked on.
CREATE TABLE IF NOT EXISTS redshift_sandbox.maintenance_log (
	query bigint NOT NULL,
	xid bigint NOT NULL,
	userid int NOT NULL,
	kind text NOT NULL,			-- VACUUM, ANALYZE
	relid oid NOT NULL,
	schema_name text NOT NULL,
	table_name text NOT NULL,
	starttime timestamp NOT NULL,
	endtime timestamp NOT NULL,
	rows_before bigint NOT NULL,
	dead_before bigint NOT NULL,
	modified_before bigint NOT NULL,	-- since the last ANALYZE
	blocks_before bigint NOT NULL,		-- of 1 MB
	rows_after bigint NOT NULL,
	blocks_after bigint NOT NULL,
	sorts bool NOT NULL,
	previous timestamp			-- ANALYZE of that table before
);

-- One row a CREATE, ALTER or DROP USER.
CREATE TABLE IF NOT EXISTS redshift_sandbox.user_log (
	query bigint NOT NULL,
	xid bigint NOT NULL,
	pid int NOT NULL,
	userid int NOT NULL,
	username text NOT NULL,
	original_name text NOT NULL,
	action text NOT NULL,			-- create alter drop rename
	createdb bool NOT NULL,
	super bool NOT NULL,
	valid_until timestamp,
	recordtime timestamp NOT NULL
);

-- One row a message that a procedure raised.
CREATE TABLE IF NOT EXISTS redshift_sandbox.message_log (
	query bigint NOT NULL,
	xid bigint NOT NULL,
	userid int NOT NULL,
	recordtime timestamp NOT NULL,
	level text NOT NULL,
	message text NOT NULL,
	line int NOT NULL
);

-- Does CREATE TABLE IF NOT EXISTS find the table there? Until note_table has
-- noted it, it is a new one.
CREATE OR REPLACE FUNCTION redshift_sandbox.is_known(rel text)
RETURNS bool LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT 1 FROM redshift_sandbox.table_attribute
		WHERE relid = to_regclass(rel))
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.utc_now()
RETURNS timestamp LANGUAGE sql VOLATILE AS $$
	SELECT clock_timestamp() AT TIME ZONE 'UTC'
$$;
CREATE OR REPLACE FUNCTION redshift_sandbox.utc_ms(ms bigint)
RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
	SELECT timestamp '1970-01-01' + ms * interval '1 ms'
$$;

-- Each session calls it once; its own user need not be one who may write.
CREATE OR REPLACE FUNCTION redshift_sandbox.session_begin(host text,
	port text, is_tls bool)
RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$
	INSERT INTO redshift_sandbox.session_log (pid, userid, username,
		database, starttime, remotehost, remoteport, tls,
		application_name, driver_version, os_version, plugin_name,
		timeout_sec)
	SELECT pg_backend_pid(), a.oid::int, a.rolname, current_database(),
		redshift_sandbox.utc_now(), host, port, is_tls,
		current_setting('application_name'),
		coalesce(current_setting('redsh.driver_version', true), ''),
		coalesce(current_setting('redsh.os_version', true), ''),
		coalesce(current_setting('redsh.plugin_name', true), ''),
		(SELECT setting::int / 1000 FROM pg_catalog.pg_settings
			WHERE name = 'idle_session_timeout')
	FROM pg_catalog.pg_authid a WHERE a.rolname = session_user
	RETURNING id
$$;
DROP FUNCTION IF EXISTS redshift_sandbox.session_end(bigint);
CREATE OR REPLACE FUNCTION redshift_sandbox.session_end(session bigint,
	why int)
RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
	UPDATE redshift_sandbox.session_log
	SET endtime = redshift_sandbox.utc_now(), reason = why
	WHERE id = session AND endtime IS NULL
$$;

-- transaction 0: the statement begins one. Returns both numbers.
CREATE OR REPLACE FUNCTION redshift_sandbox.statement_begin(session_pid int,
	username text, transaction bigint, query_label text, class_name text,
	command_name text, type_name text, sql text,
	OUT number bigint, OUT in_transaction bigint)
LANGUAGE plpgsql AS $$
BEGIN
	number := nextval('redshift_sandbox.query_number');
	in_transaction := transaction;
	IF transaction = 0 THEN
		in_transaction :=
			nextval('redshift_sandbox.transaction_number');
	END IF;
	INSERT INTO redshift_sandbox.query_log (query, userid, username,
		database, pid, xid, label, class, command, query_type, status,
		starttime, block, querytxt)
	SELECT number, a.oid::int, a.rolname, current_database(), session_pid,
		in_transaction, query_label, class_name, command_name,
		type_name, 'running', redshift_sandbox.utc_now(), 'T', sql
	FROM pg_catalog.pg_authid a
	WHERE a.rolname = statement_begin.username;
END $$;

CREATE OR REPLACE FUNCTION redshift_sandbox.statement_end(number bigint,
	end_status text, rows bigint, message text, started_ms bigint,
	block_status "char", query_plan text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	done redshift_sandbox.query_log;
BEGIN
	UPDATE redshift_sandbox.query_log SET status = end_status,
		returned_rows = rows, error_message = message,
		starttime = redshift_sandbox.utc_ms(started_ms),
		endtime = greatest(redshift_sandbox.utc_now(),
			redshift_sandbox.utc_ms(started_ms)),
		block = block_status, plan = query_plan::jsonb
	WHERE query = number RETURNING * INTO done;
	IF done.command IN ('VACUUM', 'ANALYZE') THEN
		PERFORM redshift_sandbox.maintenance_end(done);
	ELSIF done.command LIKE '% USER' AND end_status = 'success' THEN
		PERFORM redshift_sandbox.note_user(done);
	END IF;
END $$;

CREATE OR REPLACE FUNCTION redshift_sandbox.blocks_of(rel oid)
RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT (pg_total_relation_size(rel) + 1048575) / 1048576
$$;

DROP FUNCTION IF EXISTS redshift_sandbox.maintenance_begin(bigint);

-- The user that the statement names, as it is now.
CREATE OR REPLACE FUNCTION redshift_sandbox.note_user(
	done redshift_sandbox.query_log)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	words text[] := regexp_match(done.querytxt,
		'^\s*(create|alter|drop)\s+user\s+(?:if\s+exists\s+)?("[^"]+"|[^\s;,]+)(?:\s+rename\s+to\s+("[^"]+"|[^\s;]+))?',
		'i');
	old_name text := lower(trim('"' FROM words[2]));
	new_name text := lower(trim('"' FROM coalesce(words[3], words[2])));
BEGIN
	INSERT INTO redshift_sandbox.user_log
	SELECT done.query, done.xid, done.pid, coalesce(a.oid::int, 0),
		new_name, CASE WHEN words[3] IS NULL THEN '' ELSE old_name END,
		CASE WHEN words[3] IS NULL THEN lower(words[1])
			ELSE 'rename' END,
		coalesce(a.rolcreatedb, false), coalesce(a.rolsuper, false),
		a.rolvaliduntil AT TIME ZONE 'UTC', done.endtime
	FROM (SELECT 1) one
	LEFT JOIN pg_catalog.pg_authid a ON a.rolname = new_name
	WHERE words IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION redshift_sandbox.note_message(number bigint,
	level_name text, text_ text, line_number int)
RETURNS void LANGUAGE sql AS $$
	INSERT INTO redshift_sandbox.message_log
	SELECT query, xid, userid, redshift_sandbox.utc_now(), level_name,
		text_, line_number
	FROM redshift_sandbox.query_log WHERE query = number
$$;

-- The sandbox starts: what seemed to run does not, and records are kept for
-- seven days, as on Redshift.
CREATE OR REPLACE FUNCTION redshift_sandbox.begin_life()
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	oldest timestamp := redshift_sandbox.utc_now() - interval '7 days';
BEGIN
	UPDATE redshift_sandbox.query_log SET status = 'failed', block = 'I',
		endtime = starttime,
		error_message = 'the server was shut down'
	WHERE status = 'running';
	UPDATE redshift_sandbox.query_log SET block = 'I' WHERE block <> 'I';
	UPDATE redshift_sandbox.session_log SET endtime = starttime
	WHERE endtime IS NULL;
	DELETE FROM redshift_sandbox.query_log WHERE starttime < oldest;
	DELETE FROM redshift_sandbox.session_log WHERE starttime < oldest;
	DELETE FROM redshift_sandbox.maintenance_log WHERE starttime < oldest;
	DELETE FROM redshift_sandbox.user_log WHERE recordtime < oldest;
	DELETE FROM redshift_sandbox.message_log WHERE recordtime < oldest;
	DELETE FROM redshift_sandbox.load_log WHERE starttime < oldest;
	DELETE FROM redshift_sandbox.load_file WHERE curtime < oldest;
	DELETE FROM redshift_sandbox.load_error WHERE starttime < oldest;
END $$;

-- Plans come from auto_explain; our own sessions have no use for them.
ALTER ROLE rdsdb SET auto_explain.log_min_duration = -1;
