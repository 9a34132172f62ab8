-- information_schema with the columns of a server of the 8.0 family. What
-- PostgreSQL 15 has stands aside in redshift_sandbox_info; domains are sent as
-- what they are made of. Repeatable.

DO $$
BEGIN
	IF to_regnamespace('redshift_sandbox_info') IS NULL THEN
		ALTER SCHEMA information_schema
			RENAME TO redshift_sandbox_info;
		CREATE SCHEMA information_schema;
	END IF;
END $$;
GRANT USAGE ON SCHEMA information_schema TO PUBLIC;

-- A view of PostgreSQL's columns without our schemas. new=old: PostgreSQL has
-- another name for it.
CREATE OR REPLACE FUNCTION redshift_sandbox.info_view(name text, columns text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	list text;
	filter text;
BEGIN
	SELECT string_agg(format('x.%I::%s AS %I', a.attname,
			CASE WHEN a.atttypid::regtype::text ~ 'cardinal_number$'
			AND a.attname <> 'interval_precision'
			THEN 'int4' ELSE 'varchar' END,
			split_part(w.word, '=', 1)), ', ' ORDER BY w.place),
		string_agg(format('x.%I IS DISTINCT FROM %L', a.attname,
			'redshift_sandbox'), ' AND ')
			FILTER (WHERE a.attname ~ 'schema$|^schema_name$')
	INTO list, filter
	FROM regexp_split_to_table(columns, '\s+') WITH ORDINALITY
		w (word, place)
	JOIN pg_catalog.pg_attribute a
		ON a.attrelid = ('redshift_sandbox_info.' || name)::regclass
		AND a.attname = coalesce(nullif(split_part(w.word, '=', 2), ''),
			w.word);
	EXECUTE format('CREATE OR REPLACE VIEW information_schema.%I AS '
		'SELECT %s FROM redshift_sandbox_info.%I x WHERE %s',
		name, list, name, coalesce(filter, 'true'));
END $$;

SELECT redshift_sandbox.info_view(v.name, v.columns) FROM (VALUES
	('applicable_roles', 'grantee role_name is_grantable'),
	('column_privileges', 'grantor grantee table_catalog table_schema table_name column_name
		privilege_type is_grantable'),
	('columns', 'table_catalog table_schema table_name column_name ordinal_position
		column_default is_nullable data_type character_maximum_length
		character_octet_length numeric_precision numeric_precision_radix
		numeric_scale datetime_precision interval_type interval_precision
		character_set_catalog character_set_schema character_set_name
		collation_catalog collation_schema collation_name domain_catalog
		domain_schema domain_name udt_catalog udt_schema udt_name
		scope_catalog scope_schema scope_name maximum_cardinality
		dtd_identifier is_self_referencing'),
	('data_type_privileges', 'object_catalog object_schema object_name object_type
		dtd_identifier'),
	('domains', 'domain_catalog domain_schema domain_name data_type
		character_maximum_length character_octet_length
		character_set_catalog character_set_schema character_set_name
		collation_catalog collation_schema collation_name
		numeric_precision numeric_precision_radix numeric_scale
		datetime_precision interval_type interval_precision domain_default
		udt_catalog udt_schema udt_name scope_catalog scope_schema
		scope_name maximum_cardinality dtd_identifier'),
	('element_types', 'object_catalog object_schema object_name object_type
		array_type_identifier=collection_type_identifier data_type
		character_maximum_length character_octet_length
		character_set_catalog character_set_schema character_set_name
		collation_catalog collation_schema collation_name
		numeric_precision numeric_precision_radix numeric_scale
		datetime_precision interval_type interval_precision domain_default
		udt_catalog udt_schema udt_name scope_catalog scope_schema
		scope_name maximum_cardinality dtd_identifier'),
	('enabled_roles', 'role_name'),
	('information_schema_catalog_name', 'catalog_name'),
	('parameters', 'specific_catalog specific_schema specific_name ordinal_position
		parameter_mode is_result as_locator parameter_name data_type
		character_maximum_length character_octet_length
		character_set_catalog character_set_schema character_set_name
		collation_catalog collation_schema collation_name
		numeric_precision numeric_precision_radix numeric_scale
		datetime_precision interval_type interval_precision udt_catalog
		udt_schema udt_name scope_catalog scope_schema scope_name
		maximum_cardinality dtd_identifier'),
	('role_column_grants', 'grantor grantee table_catalog table_schema table_name column_name
		privilege_type is_grantable'),
	('role_routine_grants', 'grantor grantee specific_catalog specific_schema specific_name
		routine_catalog routine_schema routine_name privilege_type
		is_grantable'),
	('role_table_grants', 'grantor grantee table_catalog table_schema table_name
		privilege_type is_grantable with_hierarchy'),
	('routine_privileges', 'grantor grantee specific_catalog specific_schema specific_name
		routine_catalog routine_schema routine_name privilege_type
		is_grantable'),
	('routines', 'specific_catalog specific_schema specific_name routine_catalog
		routine_schema routine_name routine_type module_catalog
		module_schema module_name udt_catalog udt_schema udt_name
		data_type character_maximum_length character_octet_length
		character_set_catalog character_set_schema character_set_name
		collation_catalog collation_schema collation_name
		numeric_precision numeric_precision_radix numeric_scale
		datetime_precision interval_type interval_precision
		type_udt_catalog type_udt_schema type_udt_name scope_catalog
		scope_schema scope_name maximum_cardinality dtd_identifier
		routine_body routine_definition external_name external_language
		parameter_style is_deterministic sql_data_access is_null_call
		sql_path schema_level_routine max_dynamic_result_sets
		is_user_defined_cast is_implicitly_invocable security_type
		to_sql_specific_catalog to_sql_specific_schema
		to_sql_specific_name as_locator'),
	('schemata', 'catalog_name schema_name schema_owner
		default_character_set_catalog default_character_set_schema
		default_character_set_name sql_path'),
	('sql_features', 'feature_id feature_name sub_feature_id sub_feature_name
		is_supported is_verified_by comments'),
	('table_privileges', 'grantor grantee table_catalog table_schema table_name
		privilege_type is_grantable with_hierarchy'),
	('triggers', 'trigger_catalog trigger_schema trigger_name event_manipulation
		event_object_catalog event_object_schema event_object_table
		action_order action_condition action_statement action_orientation
		condition_timing=action_timing
		condition_reference_old_table=action_reference_old_table
		condition_reference_new_table=action_reference_new_table'),
	('usage_privileges', 'grantor grantee object_catalog object_schema object_name
		object_type privilege_type is_grantable'),
	('view_column_usage', 'view_catalog view_schema view_name table_catalog table_schema
		table_name column_name'),
	('view_table_usage', 'view_catalog view_schema view_name table_catalog table_schema
		table_name'),
	('views', 'table_catalog table_schema table_name view_definition check_option
		is_updatable is_insertable_into')
) v (name, columns);

-- LOCAL TEMPORARY is the word of 8.0 for a temporary table.
CREATE OR REPLACE VIEW information_schema.tables AS
SELECT current_database()::varchar AS table_catalog,
	n.nspname::varchar AS table_schema, c.relname::varchar AS table_name,
	(CASE WHEN c.relpersistence = 't' THEN 'LOCAL TEMPORARY'
		WHEN c.relkind = 'r' THEN 'BASE TABLE'
		ELSE 'VIEW' END)::varchar AS table_type,
	NULL::varchar AS self_referencing_column_name,
	NULL::varchar AS reference_generation,
	NULL::varchar AS user_defined_type_catalog,
	NULL::varchar AS user_defined_type_schema,
	NULL::varchar AS user_defined_name
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm') AND redshift_sandbox.is_shown(n.nspname)
AND has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, REFERENCES');

---------------------------------------------------- keys, from our records

-- 8.0 shows the keys of the tables that one owns.
CREATE OR REPLACE VIEW redshift_sandbox.own_key AS
SELECT current_database()::varchar AS catalog, n.nspname::varchar AS schema,
	k.conname::varchar AS name, c.relname::varchar AS table_name,
	k.relid, k.contype, k.columns, k.refrel,
	redshift_sandbox.referred(k.refrel, k.refcolumns) AS refcolumns
FROM redshift_sandbox.constraint_attribute k
JOIN pg_catalog.pg_class c ON c.oid = k.relid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE pg_has_role(c.relowner, 'USAGE');

CREATE OR REPLACE VIEW information_schema.table_constraints AS
SELECT catalog AS constraint_catalog, schema AS constraint_schema,
	name AS constraint_name, catalog AS table_catalog,
	schema AS table_schema, table_name,
	(CASE contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE'
		ELSE 'FOREIGN KEY' END)::varchar AS constraint_type,
	'NO'::varchar AS is_deferrable, 'NO'::varchar AS initially_deferred
FROM redshift_sandbox.own_key;

CREATE OR REPLACE VIEW information_schema.key_column_usage AS
SELECT k.catalog AS constraint_catalog, k.schema AS constraint_schema,
	k.name AS constraint_name, k.catalog AS table_catalog,
	k.schema AS table_schema, k.table_name, c.name::varchar AS column_name,
	c.place::int4 AS ordinal_position
FROM redshift_sandbox.own_key k,
	unnest(k.columns) WITH ORDINALITY c (name, place);

-- The columns that a key is about: a foreign key's are those it refers to.
CREATE OR REPLACE VIEW information_schema.constraint_column_usage AS
SELECT k.catalog AS table_catalog, n.nspname::varchar AS table_schema,
	t.relname::varchar AS table_name, c.name::varchar AS column_name,
	k.catalog AS constraint_catalog, k.schema AS constraint_schema,
	k.name AS constraint_name
FROM redshift_sandbox.own_key k
JOIN pg_catalog.pg_class t ON t.oid = coalesce(k.refrel, k.relid)
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
JOIN LATERAL unnest(CASE k.contype WHEN 'f' THEN k.refcolumns
	ELSE k.columns END) c (name) ON true;

CREATE OR REPLACE VIEW information_schema.constraint_table_usage AS
SELECT DISTINCT table_catalog, table_schema, table_name, constraint_catalog,
	constraint_schema, constraint_name
FROM information_schema.constraint_column_usage;

CREATE OR REPLACE VIEW information_schema.referential_constraints AS
SELECT k.catalog AS constraint_catalog, k.schema AS constraint_schema,
	k.name AS constraint_name, k.catalog AS unique_constraint_catalog,
	u.schema AS unique_constraint_schema, u.name AS unique_constraint_name,
	'NONE'::varchar AS match_option, 'NO ACTION'::varchar AS update_rule,
	'NO ACTION'::varchar AS delete_rule
FROM redshift_sandbox.own_key k
LEFT JOIN redshift_sandbox.own_key u ON u.relid = k.refrel
	AND u.contype IN ('p', 'u') AND u.columns = k.refcolumns
WHERE k.contype = 'f';

-- Redshift has no CHECK; NOT NULL is none in 8.0.
CREATE OR REPLACE VIEW information_schema.check_constraints AS
SELECT NULL::varchar AS constraint_catalog, NULL::varchar AS constraint_schema,
	NULL::varchar AS constraint_name, NULL::varchar AS check_clause
WHERE false;
