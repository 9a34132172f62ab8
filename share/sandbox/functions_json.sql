-- JSON in text. See functions.sql; repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

CREATE OR REPLACE FUNCTION can_json_parse(t text) RETURNS bool
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	PERFORM t::json;
	RETURN t IS NOT NULL;
EXCEPTION WHEN OTHERS THEN
	RETURN false;
END $$;
CREATE OR REPLACE FUNCTION is_valid_json(t text) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.can_json_parse(t)
	AND left(ltrim(t, E' \t\r\n'), 1) = '{' $$;
CREATE OR REPLACE FUNCTION is_valid_json_array(t text) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.can_json_parse(t)
	AND left(ltrim(t, E' \t\r\n'), 1) = '[' $$;
-- Invalid text is an error of PostgreSQL, whose words messages.tsv replaces.
CREATE OR REPLACE FUNCTION json_of(t text, quiet bool) RETURNS json
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE
	WHEN quiet THEN redshift_sandbox.json_quiet(t)
	ELSE redshift_sandbox.json_plain(t) END $$;
-- STABLE: PostgreSQL would read a constant while it plans, quiet or not.
CREATE OR REPLACE FUNCTION json_plain(t text) RETURNS json
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN nullif(t, '')::json;
END $$;
CREATE OR REPLACE FUNCTION json_quiet(t text) RETURNS json
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN nullif(t, '')::json;
EXCEPTION WHEN data_exception THEN
	RETURN NULL;
END $$;

-- Up to five steps, each with or without null_if_invalid.
CREATE OR REPLACE FUNCTION json_path(t text, path text[], quiet bool)
RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN
	octet_length(t) > 65535 AND NOT quiet THEN redshift_sandbox.json_large(t)
	ELSE redshift_sandbox.json_of(t, quiet) #>> path END $$;
CREATE OR REPLACE FUNCTION json_large(t text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
		format('JSON string of %s bytes is longer than 65535',
		octet_length(t));
END $$;
CREATE OR REPLACE FUNCTION json_extract_path_text(t text, a text,
	quiet bool DEFAULT false) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.json_path(t, ARRAY[a], quiet) $$;
CREATE OR REPLACE FUNCTION json_extract_path_text(t text, a text, b text,
	quiet bool DEFAULT false) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.json_path(t, ARRAY[a, b], quiet) $$;
CREATE OR REPLACE FUNCTION json_extract_path_text(t text, a text, b text, c text,
	quiet bool DEFAULT false) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.json_path(t, ARRAY[a, b, c], quiet) $$;
CREATE OR REPLACE FUNCTION json_extract_path_text(t text, a text, b text, c text, d text,
	quiet bool DEFAULT false) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.json_path(t, ARRAY[a, b, c, d], quiet) $$;
CREATE OR REPLACE FUNCTION json_extract_path_text(t text, a text, b text, c text, d text, e text,
	quiet bool DEFAULT false) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.json_path(t, ARRAY[a, b, c, d, e], quiet) $$;
CREATE OR REPLACE FUNCTION json_extract_array_element_text(t text, pos int,
	quiet bool DEFAULT false) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN pos >= 0 THEN redshift_sandbox.json_of(t, quiet) ->> pos
	ELSE left(redshift_sandbox.json_of(t, quiet)::text, 0) || NULL END $$;
CREATE OR REPLACE FUNCTION json_array_length(t text,
	quiet bool DEFAULT false) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.json_array_length(redshift_sandbox.json_of(t, quiet)) $$;

RESET search_path;
RESET check_function_bodies;
