-- Information about roles. See functions.sql; repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

CREATE OR REPLACE FUNCTION role_number(wanted text, kind text) RETURNS oid
LANGUAGE plpgsql STABLE AS $$
DECLARE
	found oid := to_regrole(quote_ident(wanted));
BEGIN
	IF found IS NULL AND wanted IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE =
			format('%s "%s" does not exist', kind, wanted);
	END IF;
	RETURN found;
END $$;
-- Members by membership alone: a superuser is not in every role.
CREATE OR REPLACE FUNCTION is_member(who oid, what oid) RETURNS bool
LANGUAGE sql STABLE AS $$
	WITH RECURSIVE up(id) AS (
		SELECT roleid FROM pg_catalog.pg_auth_members WHERE member = who
		UNION SELECT m.roleid FROM pg_catalog.pg_auth_members m
		JOIN up ON m.member = up.id)
	SELECT CASE WHEN who IS NOT NULL AND what IS NOT NULL
		THEN EXISTS (SELECT FROM up WHERE id = what) END
$$;
CREATE OR REPLACE FUNCTION role_is_member_of(role_name text, granted text)
RETURNS bool LANGUAGE sql STABLE AS $$ SELECT redshift_sandbox.is_member(
	redshift_sandbox.role_number(role_name, 'role'),
	redshift_sandbox.role_number(granted, 'role')) $$;
CREATE OR REPLACE FUNCTION user_is_member_of(user_name text, granted text)
RETURNS bool LANGUAGE sql STABLE AS $$ SELECT redshift_sandbox.is_member(
	redshift_sandbox.role_number(user_name, 'user'),
	redshift_sandbox.role_number(granted, 'role')) $$;
CREATE OR REPLACE FUNCTION pg_get_session_roles() RETURNS SETOF record
LANGUAGE sql STABLE AS $$
	SELECT pg_get_userbyid(r.id), r.id::int
	FROM (SELECT DISTINCT roleid FROM pg_catalog.pg_auth_members) r(id)
	WHERE redshift_sandbox.is_member(
		redshift_sandbox.role_number(session_user, 'user'), r.id)
$$;

RESET search_path;
RESET check_function_bodies;
