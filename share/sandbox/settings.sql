-- current_setting and set_config for Redshift's settings. redsh.rules, which
-- the gateway gives to the server, has a line for each setting: its name, how
-- it is kept (send: PostgreSQL's own), its values and its initial one, as
-- settings.tsv has them.

CREATE OR REPLACE FUNCTION redshift_sandbox.setting_rule(setting text,
	OUT how text, OUT allowed text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT split_part(line, '|', 2), split_part(line, '|', 3)
	INTO how, allowed
	FROM pg_catalog.regexp_split_to_table(
		pg_catalog.current_setting('redsh.rules'), ';') AS line
	WHERE split_part(line, '|', 1) = lower(setting);
	IF how IS NULL THEN
		RAISE EXCEPTION 'unrecognized configuration parameter "%"',
			setting USING ERRCODE = '42704';
	END IF;
END $$;

-- The name under which PostgreSQL keeps it.
CREATE OR REPLACE FUNCTION redshift_sandbox.setting_name(setting text)
RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF setting ~* '^(redsh|plpgsql)\.' THEN
		RAISE EXCEPTION 'unrecognized configuration parameter "%"',
			setting USING ERRCODE = '42704';
	ELSIF setting LIKE '%.%' THEN
		RETURN setting;
	ELSIF (redshift_sandbox.setting_rule(setting)).how = 'send' THEN
		RETURN lower(setting);
	END IF;
	RETURN 'redsh.' || lower(setting);
END $$;

-- A number in its unit, where PostgreSQL would say 1min for 60000.
CREATE OR REPLACE FUNCTION redshift_sandbox.current_setting(setting text)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT s.setting FROM pg_catalog.pg_settings s
			WHERE s.name = redshift_sandbox.setting_name($1)
			AND s.vartype = 'integer'),
		pg_catalog.current_setting(redshift_sandbox.setting_name($1)))
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.current_setting(setting text,
	missing_ok bool)
RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN redshift_sandbox.current_setting(setting);
EXCEPTION WHEN undefined_object THEN
	IF missing_ok THEN
		RETURN NULL;
	END IF;
	RAISE;
END $$;

-- Whether value may be given to a setting of these values.
CREATE OR REPLACE FUNCTION redshift_sandbox.check_setting(setting text,
	value text, allowed text)
RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
	word text[] := pg_catalog.string_to_array(allowed, ' ');
BEGIN
	IF word[1] = 'bool' AND lower(value) <> ALL (ARRAY['on', 'off', 'true',
		'false', 'yes', 'no', '1', '0', 't', 'f']) THEN
		RAISE EXCEPTION 'parameter "%" requires a Boolean value',
			setting USING ERRCODE = '22023';
	ELSIF word[1] = 'word'
		AND lower(value) <> ALL (pg_catalog.string_to_array(
			lower(allowed), ' ')) THEN
		RAISE EXCEPTION 'invalid value for parameter "%": "%"',
			setting, value USING ERRCODE = '22023';
	ELSIF word[1] = 'int' AND value !~ '^[-+]?[0-9]+$' THEN
		RAISE EXCEPTION 'parameter "%" requires an integer value',
			setting USING ERRCODE = '22023';
	ELSIF word[1] = 'number' AND value !~ '^[-+]?[0-9]*[.]?[0-9]+$' THEN
		RAISE EXCEPTION 'parameter "%" requires a numeric value',
			setting USING ERRCODE = '22023';
	ELSIF word[1] IN ('int', 'number')
		AND value::numeric NOT BETWEEN word[2]::numeric
			AND word[3]::numeric THEN
		RAISE EXCEPTION '% is outside the valid range for parameter "%" (% .. %)',
			value, setting, word[2], word[3]
			USING ERRCODE = '22023';
	END IF;
END $$;

CREATE OR REPLACE FUNCTION redshift_sandbox.set_config(setting text,
	value text, is_local bool)
RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	name text := redshift_sandbox.setting_name(setting);
	rule record;
BEGIN
	IF setting NOT LIKE '%.%' THEN
		rule := redshift_sandbox.setting_rule(setting);
		IF rule.how = 'read' THEN
			RAISE EXCEPTION 'parameter "%" cannot be changed',
				setting USING ERRCODE = '55P02';
		ELSIF rule.how = 'denied' THEN
			RAISE EXCEPTION 'permission denied to set parameter "%"',
				setting USING ERRCODE = '42501';
		END IF;
		PERFORM redshift_sandbox.check_setting(setting, value,
			rule.allowed);
	END IF;
	IF lower(setting) = 'seed' THEN
		PERFORM pg_catalog.setseed(value::float8);
	END IF;
	RETURN pg_catalog.set_config(name, value, is_local);
END $$;
