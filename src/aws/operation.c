#include "aws/operation.h"

#include <stddef.h>

const struct operation operation_table[OPERATION_COUNT] = {
	[OPERATION_LIST_BUCKETS] = {
		"ListBuckets", ENDPOINT_S3, "GET", NULL,
		"s3:ListAllMyBuckets", false, false,
	},
	[OPERATION_CREATE_BUCKET] = {
		"CreateBucket", ENDPOINT_S3, "PUT", NULL,
		"s3:CreateBucket", false, false,
	},
	[OPERATION_DELETE_BUCKET] = {
		"DeleteBucket", ENDPOINT_S3, "DELETE", NULL,
		"s3:DeleteBucket", false, false,
	},
	[OPERATION_HEAD_BUCKET] = {
		"HeadBucket", ENDPOINT_S3, "HEAD", NULL,
		"s3:ListBucket", false, false,
	},
	[OPERATION_LIST_OBJECTS] = {
		"ListObjectsV2", ENDPOINT_S3, "GET", "list-type=2",
		"s3:ListBucket", false, false,
	},
	[OPERATION_LIST_VERSIONS] = {
		"ListObjectVersions", ENDPOINT_S3, "GET", "versions",
		"s3:ListBucketVersions", false, false,
	},
	[OPERATION_GET_VERSIONING] = {
		"GetBucketVersioning", ENDPOINT_S3, "GET", "versioning",
		"s3:GetBucketVersioning", false, false,
	},
	[OPERATION_GET_ENCRYPTION] = {
		"GetBucketEncryption", ENDPOINT_S3, "GET", "encryption",
		"s3:GetEncryptionConfiguration", false, false,
	},
	[OPERATION_GET_PUBLIC_ACCESS] = {
		"GetPublicAccessBlock", ENDPOINT_S3, "GET",
		"publicAccessBlock", "s3:GetBucketPublicAccessBlock", false,
		false,
	},
	[OPERATION_GET_TAGGING] = {
		"GetObjectTagging", ENDPOINT_S3, "GET", "tagging",
		"s3:GetObjectTagging", false, false,
	},
	[OPERATION_HEAD_OBJECT] = {
		"HeadObject", ENDPOINT_S3, "HEAD", NULL,
		"s3:GetObject", false, false,
	},
	[OPERATION_GET_OBJECT] = {
		"GetObject", ENDPOINT_S3, "GET", NULL,
		"s3:GetObject", false, false, OPERATION_ASKS_SUM,
	},
	[OPERATION_PUT_OBJECT] = {
		"PutObject", ENDPOINT_S3, "PUT", NULL,
		"s3:PutObject", false, false, OPERATION_SENDS_SUM,
	},
	[OPERATION_COPY_OBJECT] = {
		"CopyObject", ENDPOINT_S3, "PUT", NULL,
		"s3:GetObject and s3:PutObject", true, false,
	},
	[OPERATION_DELETE_OBJECT] = {
		"DeleteObject", ENDPOINT_S3, "DELETE", NULL,
		"s3:DeleteObject", false, false,
	},
	[OPERATION_DELETE_OBJECTS] = {
		"DeleteObjects", ENDPOINT_S3, "POST", "delete",
		"s3:DeleteObject", true, false,
	},
	[OPERATION_CREATE_UPLOAD] = {
		"CreateMultipartUpload", ENDPOINT_S3, "POST", "uploads",
		"s3:PutObject", false, false,
	},
	[OPERATION_UPLOAD_PART] = {
		"UploadPart", ENDPOINT_S3, "PUT", NULL,
		"s3:PutObject", false, false, OPERATION_SENDS_SUM,
	},
	[OPERATION_COPY_PART] = {
		"UploadPartCopy", ENDPOINT_S3, "PUT", NULL,
		"s3:GetObject and s3:PutObject", true, false,
	},
	[OPERATION_LIST_PARTS] = {
		"ListParts", ENDPOINT_S3, "GET", NULL,
		"s3:ListMultipartUploadParts", false, false,
	},
	[OPERATION_LIST_UPLOADS] = {
		"ListMultipartUploads", ENDPOINT_S3, "GET", "uploads",
		"s3:ListBucketMultipartUploads", false, false,
	},
	[OPERATION_COMPLETE_UPLOAD] = {
		"CompleteMultipartUpload", ENDPOINT_S3, "POST", NULL,
		"s3:PutObject", true, false,
	},
	[OPERATION_ABORT_UPLOAD] = {
		"AbortMultipartUpload", ENDPOINT_S3, "DELETE", NULL,
		"s3:AbortMultipartUpload", false, false,
	},
	[OPERATION_GET_CALLER_IDENTITY] = {
		"GetCallerIdentity", ENDPOINT_STS, "POST", NULL,
		"sts:GetCallerIdentity", false, false,
	},
	[OPERATION_DESCRIBE_CLUSTERS] = {
		"DescribeClusters", ENDPOINT_REDSHIFT, "POST", NULL,
		"redshift:DescribeClusters", false, false,
	},
	[OPERATION_MODIFY_CLUSTER_ROLES] = {
		"ModifyClusterIamRoles", ENDPOINT_REDSHIFT, "POST", NULL,
		"redshift:ModifyClusterIamRoles", false, false,
	},
	[OPERATION_GET_CLUSTER_CREDENTIALS] = {
		"GetClusterCredentials", ENDPOINT_REDSHIFT, "POST", NULL,
		"redshift:GetClusterCredentials", false, true,
	},
	[OPERATION_GET_CLUSTER_CREDENTIALS_IAM] = {
		"GetClusterCredentialsWithIAM", ENDPOINT_REDSHIFT, "POST", NULL,
		"redshift:GetClusterCredentialsWithIAM", false, true,
	},
	[OPERATION_DESCRIBE_DOMAINS] = {
		"DescribeCustomDomainAssociations", ENDPOINT_REDSHIFT, "POST",
		NULL, "redshift:DescribeCustomDomainAssociations", false,
		false,
	},
	[OPERATION_GET_WORKGROUP] = {
		"GetWorkgroup", ENDPOINT_REDSHIFT_SERVERLESS, "POST", NULL,
		"redshift-serverless:GetWorkgroup", false, false,
	},
	[OPERATION_LIST_WORKGROUPS] = {
		"ListWorkgroups", ENDPOINT_REDSHIFT_SERVERLESS, "POST", NULL,
		"redshift-serverless:ListWorkgroups", false, false,
	},
	[OPERATION_GET_NAMESPACE] = {
		"GetNamespace", ENDPOINT_REDSHIFT_SERVERLESS, "POST", NULL,
		"redshift-serverless:GetNamespace", false, false,
	},
	[OPERATION_GET_WORKGROUP_CREDENTIALS] = {
		"GetCredentials", ENDPOINT_REDSHIFT_SERVERLESS, "POST", NULL,
		"redshift-serverless:GetCredentials", false, true,
	},
	[OPERATION_GET_SECRET] = {
		"GetSecretValue", ENDPOINT_SECRETS, "POST", NULL,
		"secretsmanager:GetSecretValue", false, true,
	},
	[OPERATION_GET_POLICY] = {
		"GetBucketPolicy", ENDPOINT_S3, "GET", "policy",
		"s3:GetBucketPolicy", false, false,
	},
	[OPERATION_GET_ROLE] = {
		"GetRole", ENDPOINT_IAM, "POST", NULL, "iam:GetRole", false,
		false,
	},
	[OPERATION_SIMULATE] = {
		"SimulatePrincipalPolicy", ENDPOINT_IAM, "POST", NULL,
		"iam:SimulatePrincipalPolicy", false, false,
	},
	[OPERATION_DESCRIBE_KEY] = {
		"DescribeKey", ENDPOINT_KMS, "POST", NULL, "kms:DescribeKey",
		false, false,
	},
	[OPERATION_GET_KEY_POLICY] = {
		"GetKeyPolicy", ENDPOINT_KMS, "POST", NULL, "kms:GetKeyPolicy",
		false, false,
	},
	[OPERATION_QUICKSIGHT_DESCRIBE_SUBSCRIPTION] = {
		"DescribeAccountSubscription", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:DescribeAccountSubscription", false, false,
	},
	[OPERATION_QUICKSIGHT_LIST_USERS] = {
		"ListUsers", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:ListUsers", false, false,
	},
	[OPERATION_QUICKSIGHT_LIST_GROUPS] = {
		"ListGroups", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:ListGroups", false, false,
	},
	[OPERATION_QUICKSIGHT_LIST_VPC_CONNECTIONS] = {
		"ListVPCConnections", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:ListVPCConnections", false, false,
	},
	[OPERATION_QUICKSIGHT_LIST_DATA_SOURCES] = {
		"ListDataSources", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:ListDataSources", false, false,
	},
	[OPERATION_QUICKSIGHT_DESCRIBE_DATA_SOURCE] = {
		"DescribeDataSource", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:DescribeDataSource", false, false,
	},
	[OPERATION_QUICKSIGHT_CREATE_DATA_SOURCE] = {
		"CreateDataSource", ENDPOINT_QUICKSIGHT, "POST",
		NULL, "quicksight:CreateDataSource", false, false,
	},
	[OPERATION_QUICKSIGHT_DELETE_DATA_SOURCE] = {
		"DeleteDataSource", ENDPOINT_QUICKSIGHT, "DELETE",
		NULL, "quicksight:DeleteDataSource", false, false,
	},
	[OPERATION_QUICKSIGHT_LIST_DATA_SETS] = {
		"ListDataSets", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:ListDataSets", false, false,
	},
	[OPERATION_QUICKSIGHT_DESCRIBE_DATA_SET] = {
		"DescribeDataSet", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:DescribeDataSet", false, false,
	},
	[OPERATION_QUICKSIGHT_CREATE_DATA_SET] = {
		"CreateDataSet", ENDPOINT_QUICKSIGHT, "POST",
		NULL, "quicksight:CreateDataSet", false, false,
	},
	[OPERATION_QUICKSIGHT_DELETE_DATA_SET] = {
		"DeleteDataSet", ENDPOINT_QUICKSIGHT, "DELETE",
		NULL, "quicksight:DeleteDataSet", false, false,
	},
	[OPERATION_QUICKSIGHT_CREATE_INGESTION] = {
		"CreateIngestion", ENDPOINT_QUICKSIGHT, "PUT",
		NULL, "quicksight:CreateIngestion", false, false,
	},
	[OPERATION_QUICKSIGHT_DESCRIBE_INGESTION] = {
		"DescribeIngestion", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:DescribeIngestion", false, false,
	},
	[OPERATION_QUICKSIGHT_LIST_INGESTIONS] = {
		"ListIngestions", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:ListIngestions", false, false,
	},
	[OPERATION_QUICKSIGHT_DESCRIBE_ANALYSIS] = {
		"DescribeAnalysis", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:DescribeAnalysis", false, false,
	},
	[OPERATION_QUICKSIGHT_CREATE_ANALYSIS] = {
		"CreateAnalysis", ENDPOINT_QUICKSIGHT, "POST",
		NULL, "quicksight:CreateAnalysis", false, false,
	},
	[OPERATION_QUICKSIGHT_UPDATE_ANALYSIS] = {
		"UpdateAnalysis", ENDPOINT_QUICKSIGHT, "PUT",
		NULL, "quicksight:UpdateAnalysis", false, false,
	},
	[OPERATION_QUICKSIGHT_DELETE_ANALYSIS] = {
		"DeleteAnalysis", ENDPOINT_QUICKSIGHT, "DELETE",
		NULL, "quicksight:DeleteAnalysis", false, false,
	},
	[OPERATION_QUICKSIGHT_LIST_DASHBOARDS] = {
		"ListDashboards", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:ListDashboards", false, false,
	},
	[OPERATION_QUICKSIGHT_DESCRIBE_DASHBOARD] = {
		"DescribeDashboard", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:DescribeDashboard", false, false,
	},
	[OPERATION_QUICKSIGHT_DESCRIBE_DASHBOARD_DEFINITION] = {
		"DescribeDashboardDefinition", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:DescribeDashboardDefinition", false, false,
	},
	[OPERATION_QUICKSIGHT_CREATE_DASHBOARD] = {
		"CreateDashboard", ENDPOINT_QUICKSIGHT, "POST",
		NULL, "quicksight:CreateDashboard", false, false,
	},
	[OPERATION_QUICKSIGHT_UPDATE_DASHBOARD] = {
		"UpdateDashboard", ENDPOINT_QUICKSIGHT, "PUT",
		NULL, "quicksight:UpdateDashboard", false, false,
	},
	[OPERATION_QUICKSIGHT_PUBLISH_DASHBOARD] = {
		"UpdateDashboardPublishedVersion", ENDPOINT_QUICKSIGHT, "PUT",
		NULL, "quicksight:UpdateDashboardPublishedVersion", false, false,
	},
	[OPERATION_QUICKSIGHT_DELETE_DASHBOARD] = {
		"DeleteDashboard", ENDPOINT_QUICKSIGHT, "DELETE",
		NULL, "quicksight:DeleteDashboard", false, false,
	},
	[OPERATION_QUICKSIGHT_DESCRIBE_DASHBOARD_PERMISSIONS] = {
		"DescribeDashboardPermissions", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:DescribeDashboardPermissions", false, false,
	},
	[OPERATION_QUICKSIGHT_UPDATE_DASHBOARD_PERMISSIONS] = {
		"UpdateDashboardPermissions", ENDPOINT_QUICKSIGHT, "PUT",
		NULL, "quicksight:UpdateDashboardPermissions", false, false,
	},
	[OPERATION_QUICKSIGHT_EMBED_URL] = {
		"GenerateEmbedUrlForRegisteredUser", ENDPOINT_QUICKSIGHT, "POST",
		NULL, "quicksight:GenerateEmbedUrlForRegisteredUser", false, true,
	},
	[OPERATION_QUICKSIGHT_START_SNAPSHOT] = {
		"StartDashboardSnapshotJob", ENDPOINT_QUICKSIGHT, "POST",
		NULL, "quicksight:StartDashboardSnapshotJob", false, false,
	},
	[OPERATION_QUICKSIGHT_DESCRIBE_SNAPSHOT] = {
		"DescribeDashboardSnapshotJob", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:DescribeDashboardSnapshotJob", false, false,
	},
	[OPERATION_QUICKSIGHT_SNAPSHOT_RESULT] = {
		"DescribeDashboardSnapshotJobResult", ENDPOINT_QUICKSIGHT, "GET",
		NULL, "quicksight:DescribeDashboardSnapshotJobResult", false, true,
	},
	[OPERATION_VALIDATE_TEMPLATE] = {
		"ValidateTemplate", ENDPOINT_CLOUDFORMATION, "POST", NULL,
		"cloudformation:ValidateTemplate", false, false,
	},
	[OPERATION_GET_TEMPLATE] = {
		"GetTemplate", ENDPOINT_CLOUDFORMATION, "POST", NULL,
		"cloudformation:GetTemplate", false, false,
	},
	[OPERATION_CREATE_CHANGE_SET] = {
		"CreateChangeSet", ENDPOINT_CLOUDFORMATION, "POST", NULL,
		"cloudformation:CreateChangeSet", false, false,
	},
	[OPERATION_DESCRIBE_CHANGE_SET] = {
		"DescribeChangeSet", ENDPOINT_CLOUDFORMATION, "POST", NULL,
		"cloudformation:DescribeChangeSet", false, false,
	},
	[OPERATION_EXECUTE_CHANGE_SET] = {
		"ExecuteChangeSet", ENDPOINT_CLOUDFORMATION, "POST", NULL,
		"cloudformation:ExecuteChangeSet", false, false,
	},
	[OPERATION_DELETE_CHANGE_SET] = {
		"DeleteChangeSet", ENDPOINT_CLOUDFORMATION, "POST", NULL,
		"cloudformation:DeleteChangeSet", false, false,
	},
	[OPERATION_DESCRIBE_STACKS] = {
		"DescribeStacks", ENDPOINT_CLOUDFORMATION, "POST", NULL,
		"cloudformation:DescribeStacks", false, false,
	},
	[OPERATION_DESCRIBE_STACK_EVENTS] = {
		"DescribeStackEvents", ENDPOINT_CLOUDFORMATION, "POST", NULL,
		"cloudformation:DescribeStackEvents", false, false,
	},
	[OPERATION_LIST_STACK_RESOURCES] = {
		"ListStackResources", ENDPOINT_CLOUDFORMATION, "POST", NULL,
		"cloudformation:ListStackResources", false, false,
	},
	[OPERATION_LIST_STACKS] = {
		"ListStacks", ENDPOINT_CLOUDFORMATION, "POST", NULL,
		"cloudformation:ListStacks", false, false,
	},
	[OPERATION_DELETE_STACK] = {
		"DeleteStack", ENDPOINT_CLOUDFORMATION, "POST", NULL,
		"cloudformation:DeleteStack", false, false,
	},
	[OPERATION_CONTINUE_ROLLBACK] = {
		"ContinueUpdateRollback", ENDPOINT_CLOUDFORMATION, "POST", NULL,
		"cloudformation:ContinueUpdateRollback", false, false,
	},
};

const char *operation_api_version(enum endpoint_service service)
{
	static const char *const versions[ENDPOINT_SERVICE_COUNT] = {
		[ENDPOINT_STS] = "2011-06-15",
		[ENDPOINT_REDSHIFT] = "2012-12-01",
		[ENDPOINT_IAM] = "2010-05-08",
		[ENDPOINT_CLOUDFORMATION] = "2010-05-15",
	};

	return versions[service];
}

const char *operation_target(enum endpoint_service service)
{
	static const char *const targets[ENDPOINT_SERVICE_COUNT] = {
		[ENDPOINT_REDSHIFT_SERVERLESS] = "RedshiftServerless",
		[ENDPOINT_SECRETS] = "secretsmanager",
		[ENDPOINT_KMS] = "TrentService",
	};

	return targets[service];
}

bool operation_is_json(enum endpoint_service service)
{
	return service == ENDPOINT_QUICKSIGHT ||
	       operation_target(service) != NULL;
}
