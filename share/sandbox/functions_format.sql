-- Text to values and back. See functions.sql; repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

-- The value, or NULL where the type refuses it. as_type gives the result its
-- type; its length or precision comes with the name.
CREATE OR REPLACE FUNCTION try_cast(value text, type_name text,
	as_type anyelement) RETURNS anyelement LANGUAGE plpgsql STABLE AS $$
DECLARE
	result ALIAS FOR $0;
BEGIN
	EXECUTE 'SELECT $1::' || type_name INTO result USING value;
	RETURN result;
EXCEPTION WHEN data_exception OR cannot_coerce THEN
	RETURN NULL;
END $$;

-- ---- Teradata's numbers: a sign behind, exponents

CREATE OR REPLACE FUNCTION alt_number(t text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	digits text := upper(trim(t));
BEGIN
	IF digits ~ '^[0-9.]+[-+]$' THEN
		digits := right(digits, 1) || left(digits, -1);
	END IF;
	IF digits !~ '^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(E[-+]?[0-9]+)?$' THEN
		RAISE EXCEPTION USING ERRCODE = '22P02', MESSAGE =
			format('invalid input syntax for numeric: "%s"', t);
	END IF;
	RETURN digits::numeric;
END $$;
CREATE OR REPLACE FUNCTION alt_format() RETURNS numeric
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'SB001', MESSAGE =
		'the sandbox has no format phrases of Teradata';
END $$;
-- The fraction is cut off.
CREATE OR REPLACE FUNCTION text_to_int_alt(t text) RETURNS int
LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.trunc(redshift_sandbox.alt_number(t))::int $$;
CREATE OR REPLACE FUNCTION text_to_int_alt(t text, format text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.alt_format()::int $$;
-- The fraction is rounded; DECIMAL(38, 0) unless told.
CREATE OR REPLACE FUNCTION text_to_numeric_alt(t text) RETURNS numeric
LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.alt_number(t)::numeric(38, 0) $$;
CREATE OR REPLACE FUNCTION text_to_numeric_alt(t text, format text)
RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.alt_format() $$;
CREATE OR REPLACE FUNCTION text_to_numeric_alt(t text, format text,
	digits int, fraction int) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.alt_format() $$;

-- ---- dates

-- What stands for a day or an hour too many is moved on: June 31 is July 1.
-- PostgreSQL refuses it, so both are read as small numbers and added.
CREATE OR REPLACE FUNCTION lenient_timestamp(t text, format text)
RETURNS timestamp LANGUAGE plpgsql STABLE AS $$
DECLARE
	at int;
	shifted text := t;
	days int := 0;
	hours int := 0;
BEGIN
	RETURN pg_catalog.to_timestamp(t, format) AT TIME ZONE
		current_setting('TimeZone');
EXCEPTION WHEN datetime_field_overflow THEN
	at := strpos(upper(format), 'DD');
	IF at > 0 AND substr(t, at, 2) ~ '^(29|3[01])$' THEN
		days := substr(t, at, 2)::int - 1;
		shifted := overlay(shifted PLACING '01' FROM at FOR 2);
	END IF;
	at := strpos(upper(format), 'HH24');
	IF at > 0 AND substr(t, at, 2) = '24' THEN
		hours := 24;
		shifted := overlay(shifted PLACING '00' FROM at FOR 2);
	END IF;
	IF days = 0 AND hours = 0 THEN
		RAISE;
	END IF;
	RETURN (pg_catalog.to_timestamp(shifted, format) AT TIME ZONE
		current_setting('TimeZone')) + make_interval(days => days,
		hours => hours);
END $$;
CREATE OR REPLACE FUNCTION to_date(t text, format text) RETURNS date
LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.lenient_timestamp(t, format)::date $$;
CREATE OR REPLACE FUNCTION to_date(t text, format text, is_strict bool)
RETURNS date LANGUAGE sql STABLE AS $$ SELECT CASE WHEN is_strict
	THEN pg_catalog.to_date(t, format)
	ELSE redshift_sandbox.to_date(t, format) END $$;
CREATE OR REPLACE FUNCTION to_timestamp(t text, format text)
RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT
	redshift_sandbox.lenient_timestamp(t, format)::timestamptz $$;
CREATE OR REPLACE FUNCTION to_timestamp(t text, format text, is_strict bool)
RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT CASE WHEN is_strict
	THEN pg_catalog.to_timestamp(t, format)
	ELSE redshift_sandbox.to_timestamp(t, format) END $$;
CREATE OR REPLACE FUNCTION to_number(t text, format text) RETURNS numeric
LANGUAGE sql STABLE AS $$ SELECT pg_catalog.to_number(t, format) $$;

RESET search_path;
RESET check_function_bodies;
