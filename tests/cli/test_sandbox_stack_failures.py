"""The sandbox's CloudFormation where things go wrong: each resource in turn,
what is not allowed, updates that are taken back, calls that fail."""

import json

import pytest

from stacks import ALL_PARTS, Stacks, platform, template

TRUST = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"Service": "redshift.amazonaws.com"},
    "Action": "sts:AssumeRole"}]}


@pytest.fixture(scope="module", name="stacks")
def make_stacks():
    made = Stacks()
    yield made
    made.stop()


def logical_names(name):
    made = Stacks()
    try:
        told = made.change("names", platform(name), ALL_PARTS, kind="CREATE")
        return [one["ResourceChange"]["LogicalResourceId"]
                for one in told["Changes"]]
    finally:
        made.stop()


@pytest.mark.parametrize("name", ["cluster", "serverless"])
def test_each_resource_that_fails_is_the_cause(stacks, name):
    body = platform(name)
    names = logical_names(name)
    assert len(names) > 30
    for at, logical in enumerate(names):
        stack = f"{name}-{at}"
        stacks.server.fault("add", "--op", "CreateResource", "--stack", stack,
                            "--resource", logical, "fail",
                            "code=ServiceLimitExceeded",
                            "reason=no more of these are allowed")
        stacks.create(stack, body, ALL_PARTS, end="ROLLBACK_COMPLETE")
        found, reason = stacks.first_cause(stack)
        assert found == logical
        assert "no more of these are allowed" in reason
        assert "HandlerErrorCode: ServiceLimitExceeded" in reason
        told = [one for one in stacks.reasons(stack)
                if one[1] == "ROLLBACK_IN_PROGRESS"]
        assert logical in told[0][2]
        assert told[0][2].endswith("Rollback requested by user.")
        # nothing is left but what is to be retained
        left = stacks.cf.describe_stack_resources(StackName=stack)
        assert {one["ResourceStatus"] for one in left["StackResources"]} <= {
            "DELETE_COMPLETE", "DELETE_SKIPPED"}
        stacks.delete(stack)
    iam = stacks.client("redshift").describe_clusters()["Clusters"]
    assert [one["ClusterIdentifier"] for one in iam] == ["redsh-sandbox"]


def test_others_on_their_way_are_cancelled(stacks):
    names = [f"B{i}" for i in range(5)]
    text = template({one: {"Type": "AWS::S3::Bucket"} for one in names})
    stacks.server.fault("add", "--op", "CreateResource", "--resource", "B2",
                        "--stack", "many", "fail")
    stacks.create("many", text, end="ROLLBACK_COMPLETE")
    failed = [(name, reason) for name, status, reason
              in stacks.reasons("many") if status == "CREATE_FAILED"]
    assert failed[0][0] == "B2"
    assert {reason for name, reason in failed[1:]} == {
        "Resource creation cancelled"}
    stacks.delete("many")


def test_what_is_not_allowed_is_told_by_its_right(stacks):
    stacks.deny(("redshift:CreateCluster", "*"))
    stacks.create("denied", platform("cluster"), ALL_PARTS,
                  end="ROLLBACK_COMPLETE")
    stacks.deny()
    logical, reason = stacks.first_cause("denied")
    assert logical == "Cluster"
    assert reason.startswith(
        'Resource handler returned message: "User: '
        "arn:aws:iam::123456789012:user/sandbox is not authorized to perform: "
        "redshift:CreateCluster on resource: ")
    assert "HandlerErrorCode: AccessDenied" in reason
    stacks.delete("denied")
    stacks.server.fault("add", "--op", "CreateResource", "--resource",
                        "AWS::EC2::Subnet", "fail", "code=AccessDenied")
    stacks.create("denied", platform("cluster"), ALL_PARTS,
                  end="ROLLBACK_COMPLETE")
    assert "ec2:CreateSubnet" in stacks.first_cause("denied")[1]
    stacks.delete("denied")


def test_the_call_itself_may_be_denied_or_throttled(stacks):
    stacks.deny(("cloudformation:CreateStack", "*"))
    text = template({"B": {"Type": "AWS::S3::Bucket"}})
    assert stacks.refused("create_stack", StackName="no",
                          TemplateBody=text)[0] == "AccessDenied"
    stacks.deny()
    stacks.server.fault("add", "--op", "DescribeStackEvents", "--count", "2",
                        "status=400", "code=Throttling")
    assert stacks.refused("describe_stack_events",
                          StackName="x")[0] == "Throttling"


@pytest.mark.parametrize("how, end", [("DO_NOTHING", "CREATE_FAILED"),
                                      ("DELETE", "DELETE_COMPLETE"),
                                      ("ROLLBACK", "ROLLBACK_COMPLETE")])
def test_what_is_done_on_failure(stacks, how, end):
    text = template({"B": {"Type": "AWS::S3::Bucket"}, "V": {
        "Type": "AWS::EC2::VPC", "DependsOn": "B",
        "Properties": {"CidrBlock": "10.0.0.0/8"}}})
    before = stacks.buckets()
    stacks.add_always("CreateChangeSet", OnStackFailure=how)
    told = stacks.change("failing", text, kind="CREATE")
    stacks.fresh_client()
    stack = stacks.execute(told, end)
    assert stacks.first_cause(stack["StackId"])[0] == "V"
    assert "The CIDR '10.0.0.0/8' is invalid." in (
        stacks.first_cause(stack["StackId"])[1])
    assert (stacks.buckets() == before) == (how != "DO_NOTHING")
    if how != "DELETE":
        stacks.delete("failing")
    assert stacks.buckets() == before


def test_an_update_that_fails_is_taken_back(stacks):
    body = platform("cluster")
    stacks.create("back", body, {**ALL_PARTS, "WithInstance": "no"})
    before = stacks.outputs("back")
    stacks.server.fault("add", "--op", "UpdateResource", "--stack", "back",
                        "--resource", "Cluster", "fail", "reason=too busy")
    told = stacks.change("back", body, {
        **ALL_PARTS, "NodeType": "ra3.xlplus",
        "AllowedCidr": "10.9.0.0/16"})
    stacks.execute(told, "UPDATE_ROLLBACK_COMPLETE")
    assert stacks.first_cause("back")[0] == "Cluster"
    assert "too busy" in stacks.first_cause("back")[1]
    assert stacks.outputs("back") == before
    stack = stacks.cf.describe_stacks(StackName="back")["Stacks"][0]
    values = {one["ParameterKey"]: one["ParameterValue"]
              for one in stack["Parameters"]}
    assert (values["NodeType"], values["AllowedCidr"],
            values["WithInstance"]) == ("ra3.large", "10.0.0.0/16", "no")
    names = [one["LogicalResourceId"] for one in
             stacks.cf.describe_stack_resources(
                 StackName="back")["StackResources"]]
    assert "Instance" not in names and "Gateway" not in names
    # and the next one goes well
    told = stacks.change("back", body, {
        **ALL_PARTS, "WithInstance": "no", "NodeType": "ra3.xlplus"})
    stacks.execute(told)
    stacks.delete("back")


def group(description):
    return template({
        "A": {"Type": "AWS::EC2::SecurityGroup", "Properties": {
            "GroupDescription": "a", "SecurityGroupIngress": [{
                "IpProtocol": "tcp", "FromPort": 1, "ToPort": 1,
                "Description": description, "CidrIp": "10.0.0.0/16"}]}},
        "B": {"Type": "AWS::EC2::SecurityGroup", "DependsOn": "A",
              "Properties": {"GroupDescription": "b",
                             "SecurityGroupIngress": [{
                                 "IpProtocol": "tcp", "FromPort": 2,
                                 "ToPort": 2, "Description": description,
                                 "CidrIp": "10.0.0.0/16"}]}}})


@pytest.mark.parametrize("skip", [[], ["A"]])
def test_taking_back_that_fails_is_continued(stacks, skip):
    stacks.create("stuck", group("one"))
    assert stacks.refused("continue_update_rollback", StackName="stuck")[
        0] == "ValidationError"
    add = ["add", "--op", "UpdateResource", "--stack", "stuck"]
    stacks.server.fault(*add, "--resource", "B", "fail", "reason=first")
    # the second change of A: the way back
    stacks.server.fault(*add, "--resource", "A", "--skip", "1", "fail",
                        "reason=way back")
    told = stacks.change("stuck", group("two"))
    stack = stacks.execute(told, "UPDATE_ROLLBACK_FAILED")
    assert "failed to update: [A]" in stack["StackStatusReason"]
    assert stacks.refused("update_stack", StackName="stuck",
                          TemplateBody=group("three"))[0] == "ValidationError"
    stacks.cf.continue_update_rollback(StackName="stuck",
                                       ResourcesToSkip=skip)
    stacks.wait("stuck", "UPDATE_ROLLBACK_COMPLETE")
    same = stacks.change("stuck", group("one"))
    assert same["Status"] == ("CREATE_COMPLETE" if skip else "FAILED")
    stacks.delete("stuck")


def test_a_delete_that_fails_can_be_tried_again(stacks):
    stacks.create("stays", template({
        "A": {"Type": "AWS::EC2::VPC",
              "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "B": {"Type": "AWS::EC2::Subnet", "Properties": {
            "VpcId": {"Ref": "A"}, "CidrBlock": "10.0.0.0/24"}}}))
    stacks.server.fault("add", "--op", "DeleteResource", "--stack", "stays",
                        "--resource", "B", "fail", "reason=in use")
    stack = stacks.delete("stays", "DELETE_FAILED")
    assert stack["StackStatusReason"] == (
        "The following resource(s) failed to delete: [B]. ")
    # what it needs was not touched
    assert stacks.statuses("stays", "A")[-1] == "CREATE_COMPLETE"
    stacks.delete("stays")


@pytest.mark.parametrize("kind, properties, part", [
    ("AWS::Redshift::Cluster", {"NodeType": "dc9.big"}, "Invalid node type"),
    ("AWS::Redshift::Cluster", {"ClusterType": "multi-node"},
     "Number of nodes for cluster type multi-node"),
    ("AWS::Redshift::Cluster", {"NodeType": "ra3.4xlarge"},
     "Number of nodes of ra3.4xlarge"),
    ("AWS::Redshift::Cluster", {"MasterUserPassword": "Aa345678"},
     "managed by AWS Secrets Manager"),
    ("AWS::Redshift::Cluster", {"ManageMasterPassword": False},
     "A password must be given"),
    ("AWS::Redshift::Cluster", {"IamRoles": [
        "arn:aws:iam::123456789012:role/nobody"]},
     "The IAM role arn:aws:iam::123456789012:role/nobody is not valid."),
    ("AWS::Redshift::Cluster", {"ClusterIdentifier": "redsh-sandbox"},
     "Cluster already exists"),
    ("AWS::Redshift::Cluster", {"ClusterSubnetGroupName": "none"},
     "ClusterSubnetGroupName none not found."),
    ("AWS::RedshiftServerless::Workgroup", {"NamespaceName": "none"},
     "Namespace none not found."),
    ("AWS::IAM::Role", {"ManagedPolicyArns": [
        "arn:aws:iam::aws:policy/Nothing"]},
     "arn:aws:iam::aws:policy/Nothing does not exist"),
    ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Statement": "x"}},
     "Syntax errors in policy."),
    ("AWS::EC2::Subnet", {"VpcId": "vpc-0123"},
     "The vpc ID 'vpc-0123' does not exist"),
    ("AWS::EC2::SecurityGroup", {"SecurityGroupIngress": [
        {"IpProtocol": "tcp", "CidrIp": "10.0.0.300/16"}]},
     "CIDR block 10.0.0.300/16 is malformed"),
    ("AWS::S3::Bucket", {"BucketName": "Upper"}, "Bucket name should not"),
    ("AWS::S3::BucketPolicy", {"Bucket": "nobodys"}, "bucket does not exist"),
])
def test_what_a_service_refuses(stacks, kind, properties, part):
    usual = {
        "AWS::Redshift::Cluster": {
            "NodeType": "ra3.large", "ClusterType": "single-node",
            "DBName": "d", "MasterUsername": "chief",
            "ManageMasterPassword": True},
        "AWS::RedshiftServerless::Workgroup": {"WorkgroupName": "work"},
        "AWS::IAM::Role": {"AssumeRolePolicyDocument": TRUST},
        "AWS::EC2::Subnet": {"CidrBlock": "10.0.0.0/24"},
        "AWS::EC2::SecurityGroup": {"GroupDescription": "g"},
        "AWS::S3::BucketPolicy": {"PolicyDocument": TRUST},
    }.get(kind, {})
    text = json.dumps({"Resources": {"R": {
        "Type": kind, "Properties": {**usual, **properties}}}})
    stacks.create("refused", text, end="ROLLBACK_COMPLETE")
    assert part in stacks.first_cause("refused")[1]
    stacks.delete("refused")
