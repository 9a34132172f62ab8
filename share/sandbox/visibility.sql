-- Runs last: what PostgreSQL has and Redshift lacks goes, what stands in for
-- another is noted, and who may read what is granted. Repeatable.

-- Views that PostgreSQL got after 8.0: asked for, they do not exist.
DO $$
DECLARE v record;
BEGIN
	FOR v IN SELECT c.relname FROM pg_catalog.pg_class c
		WHERE c.relnamespace = 'pg_catalog'::regnamespace
		AND c.relkind = 'v' AND c.relname ~ '^pg_'
		AND c.relname <> ALL ('{pg_tables,pg_views,pg_user,pg_group,pg_indexes,pg_locks,pg_rules,pg_settings,pg_stats,pg_shadow,pg_table_def,pg_class_info,pg_attribute_info,pg_database_info,pg_proc_info,pg_external_schema,pg_user_info,pg_library,pg_statistic_indicator}'::name[])
	LOOP
		EXECUTE format('DROP VIEW IF EXISTS pg_catalog.%I CASCADE',
			v.relname);
	END LOOP;
END $$;

DELETE FROM redshift_sandbox.stand_in;
INSERT INTO redshift_sandbox.stand_in
SELECT theirs.oid, ours.oid FROM pg_catalog.pg_class theirs
JOIN pg_catalog.pg_class ours ON ours.relname = theirs.relname
WHERE theirs.relnamespace = 'pg_catalog'::regnamespace
AND ours.relnamespace = 'redshift_sandbox'::regnamespace
AND theirs.relkind IN ('r', 'v') AND ours.relkind = 'v';

-- Everybody reads them, rows are chosen inside; but these are superusers' only.
DO $$
DECLARE
	v record;
	superusers name[] := '{pg_statistic_indicator,pg_user_info,stl_analyze,stl_connection_log,stl_tr_conflict,stl_vacuum,stv_blocklist,stv_cursor_configuration,stv_locks,stv_node_storage_capacity,stv_partitions,stv_tbl_perm,stv_wlm_classification_config,stv_wlm_qmr_config,stv_wlm_service_class_config,stv_wlm_service_class_state,svl_query_queue_info,svv_alter_table_recommendations,svv_diskusage,svv_interleaved_columns,svv_table_info,svv_vacuum_progress,sys_analyze_history,sys_connection_log,sys_serverless_usage,sys_transaction_history,sys_udf_log,sys_userlog,pg_shadow,pg_statistic,pg_largeobject}';
BEGIN
	FOR v IN SELECT c.oid::regclass AS name,
			c.relname = ANY (superusers) AS closed
		FROM pg_catalog.pg_class c
		WHERE c.relkind = 'v' AND c.relnamespace IN (
			'redshift_sandbox'::regnamespace,
			'information_schema'::regnamespace,
			'pg_catalog'::regnamespace)
	LOOP
		EXECUTE format(CASE WHEN v.closed
			THEN 'REVOKE ALL ON %s FROM PUBLIC'
			ELSE 'GRANT SELECT ON %s TO PUBLIC' END, v.name);
	END LOOP;
END $$;
GRANT ALL ON SCHEMA public TO PUBLIC;
ALTER SCHEMA public OWNER TO rdsdb;
