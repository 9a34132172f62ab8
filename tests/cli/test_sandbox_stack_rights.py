"""What a stack makes is asked of who asked for the stack, or of the stack's own
role: refused in AWS's words, and told by \\platform with what to ask for."""

import json
import re

import boto3
import pytest

from platform_person import POLL, STEP_MS, Person, begin
from sandbox_server import Sandbox
from stacks import CIDR, Stacks, parameters, platform, template

ROLE = "arn:aws:iam::123456789012:role/RedshiftCopy"
OTHER = "arn:aws:iam::123456789012:role/NotAttached"
ALMOST = ["cloudformation:*", "ec2:*", "s3:*", "redshift:*",
          "secretsmanager:*", "iam:Get*", "sts:*"]
TRUST = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"Service": "redshift.amazonaws.com"},
    "Action": "sts:AssumeRole"}]}


def statements(*allowed, denied=()):
    rows = [{"Effect": "Allow", "Action": list(allowed), "Resource": "*"}]
    if denied:
        rows.append({"Effect": "Deny", "Action": list(denied),
                     "Resource": "*"})
    return json.dumps({"Version": "2012-10-17", "Statement": rows})


@pytest.fixture(scope="module", name="stacks")
def make_stacks():
    made = Stacks()
    yield made
    made.stop()


class Analyst:
    """Whoever acts as the role, with these rights."""

    def __init__(self, stacks):
        self.stacks = stacks
        self.iam = stacks.client("iam")
        keys = stacks.client("sts").assume_role(
            RoleArn=ROLE, RoleSessionName="ann")["Credentials"]
        self.cf = boto3.client(
            "cloudformation",
            endpoint_url=stacks.server.env["AWS_ENDPOINT_URL"],
            region_name="us-east-1", aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"])

    def may(self, *allowed, denied=(), role="RedshiftCopy"):
        self.iam.put_role_policy(
            RoleName=role, PolicyName="analyst",
            PolicyDocument=statements(*allowed, denied=denied))

    def create(self, name, text, end, **more):
        made = self.cf.create_stack(
            StackName=name, TemplateBody=text,
            Capabilities=["CAPABILITY_NAMED_IAM"], **more)
        self.stacks.wait(made["StackId"], end)

    def delete(self, name, end="DELETE_COMPLETE", **more):
        stack = self.stacks.cf.describe_stacks(StackName=name)["Stacks"][0]
        self.cf.delete_stack(StackName=name, **more)
        self.stacks.wait(stack["StackId"], end)


@pytest.fixture(name="ann")
def make_ann(stacks):
    made = Analyst(stacks)
    yield made
    for name in ("RedshiftCopy", "NotAttached"):
        try:
            made.iam.delete_role_policy(RoleName=name, PolicyName="analyst")
        except made.iam.exceptions.NoSuchEntityException:
            pass


ROLE_PART = template({"R": {"Type": "AWS::IAM::Role", "Properties": {
    "RoleName": "made-role", "AssumeRolePolicyDocument": TRUST,
    "Policies": [{"PolicyName": "p", "PolicyDocument": json.loads(
        statements("s3:GetObject"))}]}}})
BUCKET_PART = template({"B": {"Type": "AWS::S3::Bucket", "Properties": {
    "BucketName": "made-bucket",
    "VersioningConfiguration": {"Status": "Enabled"}}}})
PASS_PART = template({"C": {"Type": "AWS::Redshift::Cluster", "Properties": {
    "ClusterIdentifier": "made-cluster", "NodeType": "ra3.large",
    "ClusterType": "single-node", "DBName": "d", "MasterUsername": "chief",
    "ManageMasterPassword": True, "IamRoles": [OTHER]}}})
REFUSED = [     # template, allowed, denied, action, resource
    (ROLE_PART, ALMOST, (), "iam:CreateRole",
     "arn:aws:iam::123456789012:role/made-role"),
    (ROLE_PART, [*ALMOST, "iam:CreateRole"], (), "iam:PutRolePolicy",
     "arn:aws:iam::123456789012:role/made-role"),
    (BUCKET_PART, ["*"], ["s3:CreateBucket"], "s3:CreateBucket",
     "arn:aws:s3:::made-bucket"),
    (BUCKET_PART, ["*"], ["s3:PutBucketVersioning"], "s3:PutBucketVersioning",
     "arn:aws:s3:::made-bucket"),
    (PASS_PART, [*ALMOST], (), "iam:PassRole", OTHER),
    (PASS_PART, ["*"], ["redshift:CreateCluster"], "redshift:CreateCluster",
     "arn:aws:redshift:us-east-1:123456789012:cluster:made-cluster"),
]


@pytest.mark.parametrize("text,allowed,denied,action,resource", REFUSED,
                         ids=[row[3] for row in REFUSED])
def test_a_right_that_the_caller_lacks(stacks, ann, text, allowed, denied,
                                       action, resource):
    ann.may(*allowed, denied=denied)
    ann.create("mine", text, "ROLLBACK_COMPLETE")
    why = ("with an explicit deny in an identity-based policy" if denied else
           f"because no identity-based policy allows the {action} action")
    assert stacks.first_cause("mine")[1].startswith(
        'Resource handler returned message: "User: '
        "arn:aws:sts::123456789012:assumed-role/RedshiftCopy/ann is not "
        f"authorized to perform: {action} on resource: {resource} {why} "
        "(Service: ")
    assert "made-bucket" not in stacks.buckets()
    assert not stacks.has_role("made-role")
    ann.delete("mine")
    # The sandbox's own user may.
    stacks.create("mine", text)
    # And who may make it may lack what deletes it.
    ann.may("*", denied=["iam:DeleteRole", "s3:DeleteBucket",
                         "redshift:DeleteCluster"])
    ann.delete("mine", "DELETE_FAILED")
    stacks.delete("mine")


def test_a_resource_is_asked_for_by_its_arn(stacks, ann):
    ann.iam.put_role_policy(
        RoleName="RedshiftCopy", PolicyName="analyst",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "cloudformation:*",
             "Resource": "*"},
            {"Effect": "Allow", "Action": "s3:*",
             "Resource": "arn:aws:s3:::made-*"}]}))
    ann.create("fits", BUCKET_PART, "CREATE_COMPLETE")
    ann.delete("fits")
    ann.create("other", BUCKET_PART.replace("made-", "else-"),
               "ROLLBACK_COMPLETE")
    ann.delete("other")


def test_the_role_of_a_stack_acts_instead_of_the_caller(stacks, ann):
    def refused(**more):
        with pytest.raises(ann.cf.exceptions.ClientError) as raised:
            ann.cf.create_stack(StackName="own", TemplateBody=BUCKET_PART,
                                RoleARN=OTHER, **more)
        error = raised.value.response["Error"]
        return error["Code"], error["Message"]

    ann.may("cloudformation:*")
    code, said = refused()
    assert code == "AccessDenied"
    assert f"to perform: iam:PassRole on resource: {OTHER} " in said
    ann.may("cloudformation:*", "iam:PassRole")
    assert refused() == ("ValidationError",
                         f"Role {OTHER} is invalid or cannot be assumed")
    trust = json.loads(json.dumps(TRUST).replace(
        "redshift.amazonaws", "cloudformation.amazonaws"))
    before = ann.iam.get_role(RoleName="NotAttached")["Role"][
        "AssumeRolePolicyDocument"]
    ann.iam.update_assume_role_policy(RoleName="NotAttached",
                                      PolicyDocument=json.dumps(trust))
    # The role lacks it, whatever the caller may.
    ann.may("*")
    ann.may("ec2:*", role="NotAttached")
    ann.create("own", BUCKET_PART, "ROLLBACK_COMPLETE", RoleARN=OTHER)
    assert ("assumed-role/NotAttached/AWSCloudFormation is not authorized to "
            "perform: s3:CreateBucket") in stacks.first_cause("own")[1]
    ann.delete("own")
    # The role has it, and acts for the changes and the deletion as well.
    ann.may("cloudformation:*", "iam:PassRole")
    ann.may("s3:*", role="NotAttached")
    ann.create("own", BUCKET_PART, "CREATE_COMPLETE", RoleARN=OTHER)
    stack = ann.cf.describe_stacks(StackName="own")["Stacks"][0]
    assert stack["RoleARN"] == OTHER
    ann.may("ec2:*", role="NotAttached")
    ann.delete("own", "DELETE_FAILED")
    ann.may("s3:*", role="NotAttached")
    ann.delete("own")
    ann.iam.update_assume_role_policy(RoleName="NotAttached",
                                      PolicyDocument=json.dumps(before))


def test_a_platform_needs_what_its_template_needs(stacks, ann):
    ann.may("cloudformation:*", "ec2:*", "s3:*", "redshift:*", "iam:*")
    ann.create("whole", platform("cluster"), "CREATE_COMPLETE",
               Parameters=parameters(CIDR))
    ann.delete("whole")
    stacks.client("s3").delete_bucket(Bucket=next(
        name for name in stacks.buckets() if name.startswith("whole-")))


# --- \platform ---

@pytest.fixture(scope="module", name="sandbox")
def make_sandbox():
    running = Sandbox("--stack-step", str(STEP_MS))
    yield running
    running.stop()


@pytest.mark.parametrize("denied,name,resource", [
    ("iam:CreateRole", "CopyRole",
     r"arn:aws:iam::123456789012:role/sales-CopyRole-\w+"),
    ("iam:PassRole", "Cluster",
     r"arn:aws:iam::123456789012:role/sales-CopyRole-\w+"),
    ("redshift:CreateCluster", "Cluster",
     r"arn:aws:redshift:us-east-1:123456789012:cluster:sales-cluster-\w+"),
    ("s3:PutBucketPolicy", "DataBucketPolicy", r"arn:aws:s3:::sales-data\S+"),
    ("ec2:CreateVpcEndpoint", "DataEndpoint",
     r"arn:aws:ec2:us-east-1:123456789012:vpc-endpoint/\*")])
def test_platform_tells_which_right_is_missing_for_what(
        sandbox, tmp_path, denied, name, resource):
    me = Person(sandbox, tmp_path)
    iam = boto3.client("iam", endpoint_url=me.env["AWS_ENDPOINT_URL"],
                       region_name="us-east-1",
                       aws_access_key_id=me.env["AWS_ACCESS_KEY_ID"],
                       aws_secret_access_key=me.env["AWS_SECRET_ACCESS_KEY"])
    iam.put_role_policy(RoleName="RedshiftCopy", PolicyName="analyst",
                        PolicyDocument=statements("*", denied=[denied]))
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text(
        f"[base]\naws_access_key_id = {me.env.pop('AWS_ACCESS_KEY_ID')}\n"
        f"aws_secret_access_key = {me.env.pop('AWS_SECRET_ACCESS_KEY')}\n")
    (tmp_path / ".aws/config").write_text(
        f"[profile ann]\nrole_arn = {ROLE}\nsource_profile = base\n"
        "region = us-east-1\n[profile base]\nregion = us-east-1\n")
    begin(me)
    me.env["AWS_PROFILE"] = "ann"
    _, told = me.run(rf"\platform create sales --yes {POLL}", fails=True)
    error = told[told.index("the stack sales could not be made"):]
    assert re.search(rf": {name} \(AWS::[\w:]+\): the AWS identity in use may "
                     rf"not {denied}\. AWS says: User: arn:aws:sts::\d+:"
                     r"assumed-role/RedshiftCopy/", error), error
    assert re.search(rf'"Action": "{denied}", "Resource": "{resource}"', error)
    out, told = me.run(r"\platform events sales")
    assert f"|{name}|" in out.splitlines()[0]
    assert f"may not {denied}" in told
    me.run(rf"\platform delete sales --yes sales --with-data {POLL}")
    iam.delete_role_policy(RoleName="RedshiftCopy", PolicyName="analyst")
