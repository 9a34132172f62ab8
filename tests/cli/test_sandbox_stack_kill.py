"""kill -9 of a sandbox in the middle of a stack: started again it goes on, and
nothing is there that the stack does not know, whatever the moment was."""

import json

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from stacks import Stacks, template

TRUST = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"Service": "redshift.amazonaws.com"},
    "Action": "sts:AssumeRole"}]}
READS = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
POLICY = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Deny", "Principal": "*", "Action": "s3:*",
    "Resource": "arn:aws:s3:::named-bucket/*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}
CONNECTION = {"ClusterIdentifier": "named-cluster"}
PARTS = {
    "Bucket": ("AWS::S3::Bucket", {}),
    "Named": ("AWS::S3::Bucket", {"BucketName": "named-bucket"}),
    "BucketPolicy": ("AWS::S3::BucketPolicy", {
        "Bucket": {"Ref": "Named"}, "PolicyDocument": POLICY}),
    "Role": ("AWS::IAM::Role", {
        "RoleName": "named-role", "AssumeRolePolicyDocument": TRUST}),
    "Inline": ("AWS::IAM::Policy", {
        "PolicyName": "reads", "PolicyDocument": READS,
        "Roles": [{"Ref": "Role"}]}),
    "Secret": ("AWS::SecretsManager::Secret", {
        "Name": "named-secret", "GenerateSecretString": {}}),
    "Cluster": ("AWS::Redshift::Cluster", {
        "ClusterIdentifier": "named-cluster", "NodeType": "ra3.large",
        "ClusterType": "single-node", "DBName": "d", "MasterUsername": "chief",
        "ManageMasterPassword": True,
        "IamRoles": [{"Fn::GetAtt": ["Role", "Arn"]}]}),
    "Namespace": ("AWS::RedshiftServerless::Namespace", {
        "NamespaceName": "named-space", "AdminUsername": "chief",
        "ManageAdminPassword": True,
        "DefaultIamRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "IamRoles": [{"Fn::GetAtt": ["Role", "Arn"]}]}),
    "Workgroup": ("AWS::RedshiftServerless::Workgroup", {
        "WorkgroupName": "named-group",
        "NamespaceName": {"Ref": "Namespace"}}),
    "Source": ("AWS::QuickSight::DataSource", {
        "AwsAccountId": "123456789012", "Name": "s", "Type": "REDSHIFT",
        "DataSourceParameters": {"RedshiftParameters": {
            "Database": "d", "Host": "127.0.0.1", "Port": 5439}},
        "Credentials": {"CredentialPair": {
            "Username": "chief", "Password": "Aa345678"}}}),
}
ALL = template({name: {"Type": type_, "Properties": properties}
                for name, (type_, properties) in PARTS.items()})


@pytest.fixture(scope="module", name="stacks")
def make_stacks():
    made = Stacks()
    yield made
    made.stop()


def start_again(stacks):
    """When it has died of kill -9."""
    server = stacks.server
    server.process.wait()
    assert server.process.returncode == -9
    server.process.stdin.close()
    server.process.stdout.close()
    server.start()
    stacks.fresh_client()


def there(stacks):
    """What outlives a sandbox, by the services themselves."""
    found = {("bucket", name) for name in stacks.buckets()}
    found |= {("role", name) for name in ["named-role"]
              if stacks.has_role(name)}
    found |= {("attached", role["IamRoleArn"]) for one in
              stacks.client("redshift").describe_clusters()["Clusters"]
              for role in one["IamRoles"]}
    found |= {("secret", path.name) for path in
              (stacks.server.dir / "secrets").glob("*")}
    found |= {("cluster", one["ClusterIdentifier"]) for one in
              stacks.client("redshift").describe_clusters()["Clusters"]}
    serverless = stacks.client("redshift-serverless")
    found |= {("namespace", one["namespaceName"]) for one in
              serverless.list_namespaces()["namespaces"]}
    found |= {("workgroup", one["workgroupName"]) for one in
              serverless.list_workgroups()["workgroups"]}
    found |= {("source", one["DataSourceId"]) for one in
              stacks.client("quicksight").list_data_sources(
                  AwsAccountId="123456789012")["DataSources"]}
    return found


def of_stack(stacks, name):
    """What the stack knows of that."""
    kinds = {"AWS::S3::Bucket": "bucket", "AWS::IAM::Role": "role",
             "AWS::Redshift::Cluster": "cluster",
             "AWS::RedshiftServerless::Namespace": "namespace",
             "AWS::RedshiftServerless::Workgroup": "workgroup",
             "AWS::QuickSight::DataSource": "source"}
    return {(kinds[one["ResourceType"]],
             one["PhysicalResourceId"].split("|")[-1]) for one in
            stacks.cf.describe_stack_resources(
                StackName=name)["StackResources"]
            if one["ResourceType"] in kinds}


def begin(stacks, name, text=ALL):
    try:
        stacks.cf.create_stack(StackName=name, TemplateBody=text,
                               Capabilities=["CAPABILITY_NAMED_IAM"])
    except (BotoCoreError, ClientError):
        pass                        # it died before it had answered


@pytest.fixture(name="before")
def note_before(stacks):
    found = there(stacks)
    yield found
    assert there(stacks) == found


def kill_at(stacks, operation, name, when):
    stacks.server.fault("add", "--op", operation, "--resource", name,
                        f"kill={when}")


def check_made(stacks, before, name):
    stacks.wait(name, "CREATE_COMPLETE")
    made = {one for one in there(stacks) - before
            if one[0] not in ("secret", "attached")}
    assert made == of_stack(stacks, name)


@pytest.mark.parametrize("when", [0, 1])
@pytest.mark.parametrize("name", PARTS)
def test_while_a_resource_is_made(stacks, before, name, when):
    kill_at(stacks, "CreateResource", name, when)
    begin(stacks, "killed")
    start_again(stacks)
    check_made(stacks, before, "killed")
    stacks.delete("killed")


@pytest.mark.parametrize("when", [0, 1])
@pytest.mark.parametrize("name", ["Cluster", "Namespace", "Workgroup"])
def test_while_a_resource_becomes_complete(stacks, before, name, when):
    kill_at(stacks, "CompleteResource", name, when)
    begin(stacks, "killed")
    start_again(stacks)
    check_made(stacks, before, "killed")
    stacks.delete("killed")


@pytest.mark.parametrize("when", [0, 1])
@pytest.mark.parametrize("name", PARTS)
def test_while_a_resource_is_removed(stacks, before, name, when):
    stacks.create("killed", ALL)
    kill_at(stacks, "DeleteResource", name, when)
    stack = stacks.cf.describe_stacks(StackName="killed")["Stacks"][0]
    try:
        stacks.cf.delete_stack(StackName="killed")
    except (BotoCoreError, ClientError):
        pass
    start_again(stacks)
    stacks.wait(stack["StackId"], "DELETE_COMPLETE")
    assert there(stacks) == before


def test_while_it_goes_back(stacks, before):
    """What was being made when another part failed goes as well."""
    stacks.server.fault("add", "--op", "CreateResource", "--resource",
                        "Source", "fail")
    kill_at(stacks, "DeleteResource", "Role", 1)
    begin(stacks, "back")
    start_again(stacks)
    stacks.wait("back", "ROLLBACK_COMPLETE")
    assert there(stacks) == before
    stacks.delete("back")


def test_while_it_is_replaced(stacks, before):
    one = template({"B": {"Type": "AWS::S3::Bucket",
                          "Properties": {"BucketName": "first-name"}}})
    two = one.replace("first-name", "second-name")
    stacks.create("replaced", one)
    kill_at(stacks, "CreateResource", "B", 1)
    told = stacks.change("replaced", two)
    try:
        stacks.cf.execute_change_set(ChangeSetName=told["ChangeSetId"])
    except (BotoCoreError, ClientError):
        pass
    start_again(stacks)
    stacks.wait("replaced", "UPDATE_COMPLETE")
    assert there(stacks) - before == {("bucket", "second-name")}
    stacks.delete("replaced")


def test_what_is_somebody_elses_is_not_taken_for_its_own(stacks, before):
    stacks.client("s3").create_bucket(Bucket="theirs")
    kill_at(stacks, "CreateResource", "B", 0)
    text = template({"B": {"Type": "AWS::S3::Bucket",
                           "Properties": {"BucketName": "theirs"}}})
    stacks.create("taken", text, end="ROLLBACK_COMPLETE")
    assert "theirs already exists" in stacks.first_cause("taken")[1]
    stacks.delete("taken")
    assert ("bucket", "theirs") in there(stacks) - before
    stacks.client("s3").delete_bucket(Bucket="theirs")
    stacks.server.fault("clear")


def test_again_and_again_at_any_moment(stacks, before):
    begin(stacks, "often")
    seen = 0
    for _ in range(8):
        while True:                 # until something more has happened
            count = len(stacks.events("often"))
            state = stacks.cf.describe_stacks(
                StackName="often")["Stacks"][0]["StackStatus"]
            if count > seen or state == "CREATE_COMPLETE":
                break
        seen = count
        stacks.server.process.kill()
        start_again(stacks)
    check_made(stacks, before, "often")
    stacks.delete("often")


def test_the_rule_is_told_by_the_help(stacks):
    assert "kill[=WHEN]" in stacks.server.fault("--help")
    assert json.loads(ALL)["Resources"]
