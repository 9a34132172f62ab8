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
};

const char *operation_api_version(enum endpoint_service service)
{
	static const char *const versions[ENDPOINT_SERVICE_COUNT] = {
		[ENDPOINT_STS] = "2011-06-15",
		[ENDPOINT_REDSHIFT] = "2012-12-01",
		[ENDPOINT_IAM] = "2010-05-08",
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
