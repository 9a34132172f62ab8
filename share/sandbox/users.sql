-- What CREATE USER and ALTER USER say of a user beyond PostgreSQL's roles.
-- They run as the owner, so they ask who is there: superusers may do all, who
-- may create users all to plain users.

CREATE OR REPLACE FUNCTION redshift_sandbox.may_alter_user(name text)
RETURNS bool LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM pg_catalog.pg_authid me
		WHERE me.rolname = session_user
		AND (me.rolsuper OR (me.rolcreaterole AND NOT EXISTS (
			SELECT FROM pg_catalog.pg_authid it
			WHERE it.rolname = $1 AND it.rolsuper))))
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.need_user(name text)
RETURNS pg_catalog.pg_authid LANGUAGE plpgsql STABLE AS $$
DECLARE
	it pg_catalog.pg_authid;
BEGIN
	SELECT * INTO it FROM pg_catalog.pg_authid a
	WHERE a.rolname = $1 AND a.rolcanlogin AND a.rolname <> 'rdsdb';
	IF NOT FOUND THEN
		RAISE EXCEPTION 'user "%" does not exist', name
			USING ERRCODE = '42704';
	END IF;
	RETURN it;
END $$;

-- stored: md5 and 32 hex digits, or sha256|digest|salt; NULL: DISABLE. Who may
-- not alter users may change the own password unless it is disabled.
CREATE OR REPLACE FUNCTION redshift_sandbox.note_password(name text,
	stored text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE
	it pg_catalog.pg_authid := redshift_sandbox.need_user(name);
	own bool := name = session_user AND stored IS NOT NULL
		AND it.rolpassword IS NOT NULL;
BEGIN
	IF NOT own AND NOT redshift_sandbox.may_alter_user(name) THEN
		RAISE EXCEPTION 'permission denied'
			USING ERRCODE = '42501';
	ELSIF stored IS NULL AND it.rolsuper THEN
		RAISE EXCEPTION 'cannot disable the password of superuser "%"',
			name USING ERRCODE = '0A000';
	END IF;
	IF stored IS NOT NULL
		AND redshift_sandbox.role_record(it.oid) ? 'external_id' THEN
		RAISE EXCEPTION 'EXTERNALID requires a user whose password is disabled'
			USING ERRCODE = '0A000';
	END IF;
	UPDATE pg_catalog.pg_authid SET rolpassword = stored
	WHERE rolname = name;
END $$;
REVOKE EXECUTE ON FUNCTION redshift_sandbox.need_user(text),
	redshift_sandbox.may_alter_user(text) FROM PUBLIC;
