#include "cmd/table.h"

#include <stddef.h>

#include "cmd/cmd_aws.h"
#include "cmd/cmd_catalog.h"
#include "cmd/cmd_chart.h"
#include "cmd/cmd_cluster.h"
#include "cmd/cmd_connect.h"
#include "cmd/cmd_copy.h"
#include "cmd/cmd_describe.h"
#include "cmd/cmd_extended.h"
#include "cmd/cmd_file.h"
#include "cmd/cmd_flow.h"
#include "cmd/cmd_format.h"
#include "cmd/cmd_help.h"
#include "cmd/cmd_history.h"
#include "cmd/cmd_infer.h"
#include "cmd/cmd_job.h"
#include "cmd/cmd_kaggle.h"
#include "cmd/cmd_last.h"
#include "cmd/cmd_load.h"
#include "cmd/cmd_loaderrors.h"
#include "cmd/cmd_loads.h"
#include "cmd/cmd_platform.h"
#include "cmd/cmd_query.h"
#include "cmd/cmd_quicksight.h"
#include "cmd/cmd_report.h"
#include "cmd/cmd_s3.h"
#include "cmd/cmd_s3_change.h"
#include "cmd/cmd_sandbox.h"
#include "cmd/cmd_saved.h"
#include "cmd/cmd_source.h"
#include "cmd/cmd_staged.h"
#include "cmd/cmd_transfer.h"
#include "cmd/cmd_unload.h"
#include "cmd/cmd_var.h"

const struct command *const cmd_tables[] = {
	cmd_help_table,   cmd_query_table,   cmd_extended_table,
	cmd_file_table,
	cmd_copy_table,   cmd_flow_table,    cmd_describe_table,
	cmd_source_table, cmd_format_table,  cmd_connect_table,
	cmd_var_table,    cmd_sandbox_table, cmd_load_table,    cmd_infer_table,
	cmd_loaderrors_table, cmd_unload_table, cmd_loads_table,
	cmd_staged_table,
	cmd_s3_table,     cmd_s3_change_table, cmd_transfer_table, cmd_job_table,
	cmd_catalog_table, cmd_last_table, cmd_chart_table, cmd_report_table,
	cmd_history_table, cmd_aws_table,
	cmd_saved_table,  cmd_cluster_table, cmd_quicksight_table,
	cmd_platform_table, cmd_kaggle_table,
	NULL,
};
