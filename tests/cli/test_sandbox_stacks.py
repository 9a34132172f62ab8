"""The sandbox's CloudFormation as boto3 and the AWS CLI use it: templates,
change sets, stacks and what they make."""

import json
import shutil

import pytest

from stacks import CIDR, Stacks, boto3, parameters, platform, template

BUCKET = {"Type": "AWS::S3::Bucket"}
VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
TRUST = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"Service": "redshift.amazonaws.com"},
    "Action": "sts:AssumeRole"}]}


@pytest.fixture(scope="module", name="stacks")
def make_stacks():
    made = Stacks()
    yield made
    made.stop()


# ---- templates


def one(properties, **more):
    return template({"V": {"Type": "AWS::EC2::VPC", "Properties": properties,
                           **more}})


@pytest.mark.parametrize("text, message", [
    ("Resources:\n  V:\n    Type: [", "Template format error: YAML not "
     "well-formed. (line 4, column 1)"),
    ("{\"Resources\": }", "Template format error: JSON not well-formed. "
     "(line 1, column 15)"),
    ("Resources: &a\n  V: {Type: AWS::EC2::VPC}\nMetadata: *a\n",
     "Template error: YAML aliases are not allowed in CloudFormation "
     "templates"),
    ("Resources:\n  V: !Foo x\n", "Template format error: YAML not "
     "well-formed. (line 2, column 6)"),
    ("- a\n", "Template format error: unsupported structure."),
    ("{}", "Template format error: At least one Resources member must be "
     "defined."),
    (template({"V": VPC}, Foo={}),
     "Invalid template property or properties [Foo]"),
    (template({"V": VPC}, AWSTemplateFormatVersion="2011-01-01"),
     "Template format error: unsupported value for "
     "AWSTemplateFormatVersion."),
    (template({"V-1": VPC}),
     "Template format error: Resource name V-1 is non alphanumeric."),
    (template({"V": {"Properties": {}}}), "Template format error: "
     "[/Resources/V] Every Resources object must contain a Type member."),
    (template({"V": {"Type": "AWS::Foo::Bar"}, "W": {"Type": "X"}}),
     "Template format error: Unrecognized resource types: [AWS::Foo::Bar, "
     "X] (AWS may know them; the sandbox has those of "
     "share/sandbox/cfn_resources.tsv only: leave the others out here by a "
     "Condition)"),
    (template({"W": {"Type": "X"}}),
     "Template format error: Unrecognized resource types: [X]"),
    (one({"CidrBlock": {"Ref": "Nope"}}), "Template format error: "
     "Unresolved resource dependencies [Nope] in the Resources block of the "
     "template"),
    (one({"CidrBlock": {"Fn::Sub": "${Nope}/${AWS::Region}/${!Not}"}}),
     "Template format error: Unresolved resource dependencies [Nope] in the "
     "Resources block of the template"),
    (one({"CidrBlock": "10.0.0.0/16"}, DependsOn=["Later"]),
     "Template format error: Unresolved resource dependencies [Later] in "
     "the Resources block of the template"),
    (one({"CidrBlock": {"Fn::GetAtt": ["W", "Arn"]}}), "Template error: "
     "instance of Fn::GetAtt references undefined resource W"),
    (one({"CidrBlock": {"Fn::GetAtt": ["V", "Arn"]}}), "Template error: "
     "resource V does not support attribute type Arn in Fn::GetAtt"),
    (template({"A": {**VPC, "DependsOn": "B"}, "B": {**VPC, "DependsOn": "C"},
               "C": {**VPC, "DependsOn": "A"}, "D": {**VPC, "DependsOn": "A"}}),
     "Circular dependency between resources: [A, B, C]"),
    (template({"V": {**VPC, "Condition": "C"}}), "Template format error: "
     "Unresolved condition dependency C in the Resources block of the "
     "template"),
    (template({"V": VPC}, Conditions={"C": {"Ref": "AWS::Region"}}),
     "Template format error: Conditions can only be boolean operations on "
     "parameters and other conditions"),
    (template({"V": VPC}, Conditions={
        "C": {"Condition": "D"}, "D": {"Condition": "C"}}),
     "Template format error: Circular dependency between conditions: [C]"),
    (template({"V": VPC}, Parameters={"P": {"Type": "Text"}}),
     "Template format error: Unrecognized parameter type: Text"),
    (template({"V": VPC}, Parameters={"P": {"Type": "String", "Min": 1}}),
     "Invalid template parameter property 'Min'"),
    (template({"V": VPC}, Outputs={"O": {"Description": "none"}}),
     "Template format error: [/Outputs/O] Every Outputs member must contain "
     "a Value object"),
    (template({"V": VPC}, Outputs={"O": {"Value": {"Ref": "P"}}}),
     "Template format error: Unresolved resource dependencies [P] in the "
     "Outputs block of the template"),
    (one({"CidrBlock": {"Fn::ImportValue": "x"}}), "Fn::ImportValue is not "
     "implemented in the sandbox: declare a parameter for it, and give it the "
     "output of the other stack (aws cloudformation describe-stacks tells "
     "that)"),
    (one({"CidrBlock": {"Fn::Foo": "x"}}),
     "Template format error: Unrecognized function Fn::Foo"),
    (one({"CidrBlock": {"Fn::FindInMap": ["M", "a", "b"]}}),
     "Template error: Mapping named 'M' is not present in the 'Mappings' "
     "section of template."),
    (one({"CidrBlock": None}), "Template format error: "
     "[/Resources/V/Properties/CidrBlock] 'null' values are not allowed in "
     "templates"),
    (template({"V": {**VPC, "DeletionPolicy": "Keep"}}),
     "Template error: resource V: Unrecognized DeletionPolicy Keep"),
    (template({"V": {**VPC, "Type": "AWS::EC2::VPC", "Depends": "x"}}),
     "Invalid template resource property 'Depends'"),
    (template({f"V{i}": VPC for i in range(501)}), "Template format error: "
     "Number of Resources, 501, is greater than maximum allowed, 500"),
    ("#" * 51201, "1 validation error detected: Value at 'templateBody' "
     "failed to satisfy constraint: Member must have length less than or "
     "equal to 51200"),
])
def test_a_wrong_template_is_refused_in_awss_words(stacks, text, message):
    assert stacks.refused("validate_template", TemplateBody=text) == (
        "ValidationError", message)
    assert stacks.refused(
        "create_stack", StackName="wrong", TemplateBody=text) == (
            "ValidationError", message)
    assert stacks.refused("describe_stacks", StackName="wrong") == (
        "ValidationError", "Stack with id wrong does not exist")


@pytest.mark.parametrize("text,word,instead", [
    (template({"V": VPC}, Transform="AWS::Serverless-2016-10-31"),
     "Transform", "--template-stage Processed"),
    (template({"V": VPC}, Hooks={"H": {"Type": "x"}}), "Hooks",
     "leave the section out here"),
    (template({"Fn::ForEach::Each": ["N", ["a"], {"V${N}": VPC}]}),
     "Fn::ForEach", "write its resources out one by one"),
    (one({"CidrBlock": {"Fn::Length": ["a"]}}), "Fn::Length",
     "write the number"),
    (one({"CidrBlock": {"Fn::Transform": {"Name": "x"}}}), "Fn::Transform",
     "write out what it makes"),
    (one({"CidrBlock": "{{resolve:ssm:a}}"}), "{{resolve:...}}",
     "a parameter with NoEcho"),
    (template({"N": {"Type": "AWS::CloudFormation::Stack"}}),
     "AWS::CloudFormation::Stack", "hand its outputs over as parameters")])
def test_what_the_sandbox_lacks_is_refused_with_what_to_do_instead(
        stacks, text, word, instead):
    code, said = stacks.refused("validate_template", TemplateBody=text)
    assert code == "ValidationError" and instead in said
    assert said.startswith(f"{word} is not implemented in the sandbox: ")


def test_resources_are_not_taken_in(stacks):
    code, said = stacks.refused(
        "create_change_set", StackName="in", ChangeSetName="c",
        ChangeSetType="IMPORT", TemplateBody=template({"V": VPC}))
    assert code == "ValidationError" and said.startswith(
        "IMPORT is not implemented in the sandbox: let the stack make it")


PARAMETERS = template(
    {"V": VPC}, Parameters={
        "Kind": {"Type": "String", "AllowedValues": ["a", "b"],
                 "Default": "a"},
        "Count": {"Type": "Number", "MinValue": 2, "MaxValue": "9",
                  "Default": 3},
        "Code": {"Type": "String", "AllowedPattern": "[a-z]+\\d", "Default":
                 "a1", "ConstraintDescription": "must be letters and a digit"},
        "Key": {"Type": "String", "NoEcho": True, "MinLength": 4,
                "MaxLength": 8, "Default": "1234"},
        "List": {"Type": "CommaDelimitedList", "Default": "x, y"},
        "Image": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
                  "Default": "/aws/service/x"},
        "Net": {"Type": "String"}})


@pytest.mark.parametrize("values, message", [
    ({}, "Parameters: [Net] must have values"),
    ({"Net": "x", "More": "y"},
     "Parameters: [More] do not exist in the template"),
    ({"Net": "x", "Kind": "c"}, "Parameter 'Kind' must be one of "
     "AllowedValues"),
    ({"Net": "x", "Count": "many"}, "Parameter 'Count' must be a number"),
    ({"Net": "x", "Count": "1"}, "Parameter 'Count' must be a number not "
     "less than 2"),
    ({"Net": "x", "Count": "10"}, "Parameter 'Count' must be a number not "
     "greater than 9"),
    ({"Net": "x", "Code": "a12"}, "Parameter 'Code' failed to satisfy "
     "constraint: must be letters and a digit"),
    ({"Net": "x", "Key": "123"}, "Parameter 'Key' must contain at least 4 "
     "characters"),
    ({"Net": "x", "Key": "123456789"}, "Parameter 'Key' must contain at most "
     "8 characters"),
    ({"Net": "x", "Image": "/mine"}, "Unable to fetch parameters [/mine] "
     "from parameter store for this account."),
    ({"Net": "x" * 4097}, "1 validation error detected: Value at "
     "'parameters.Net.member.parameterValue' failed to satisfy constraint: "
     "Member must have length less than or equal to 4096"),
])
def test_a_wrong_parameter_is_refused(stacks, values, message):
    assert stacks.refused("create_stack", StackName="wrong",
                          TemplateBody=PARAMETERS,
                          Parameters=parameters(values)) == (
                              "ValidationError", message)


def test_what_a_template_declares_is_told(stacks):
    told = stacks.cf.validate_template(TemplateBody=PARAMETERS)
    assert {one["ParameterKey"]: (one.get("DefaultValue"), one["NoEcho"])
            for one in told["Parameters"]} == {
                "Kind": ("a", False), "Count": ("3", False),
                "Code": ("a1", False), "Key": ("1234", True),
                "List": ("x, y", False), "Image": ("/aws/service/x", False),
                "Net": (None, False)}
    told = stacks.cf.validate_template(TemplateBody=platform("cluster"))
    assert told["Capabilities"] == ["CAPABILITY_IAM"]
    assert "AWS::IAM::Role" in told["CapabilitiesReason"]


def test_parameters_are_told_but_not_secret_ones(stacks):
    stack = stacks.create("told", PARAMETERS, {"Net": "n"})
    told = {one["ParameterKey"]: one for one in stack["Parameters"]}
    assert told["Key"]["ParameterValue"] == "****"
    assert told["Net"]["ParameterValue"] == "n"
    assert told["Image"]["ResolvedValue"].startswith("ami-0")
    stacks.delete("told")


def secret_tags(word):
    """A template that uses a secret parameter in many places."""
    return template({"V": {"Type": "AWS::EC2::VPC", "Properties": {
        "CidrBlock": "10.0.0.0/16", "Tags": [
            {"Key": "plain", "Value": {"Ref": "Key"}},
            {"Key": "within", "Value": {"Fn::Sub": "a-${Key}-b"}},
            {"Key": "coded", "Value": {"Fn::Base64": {
                "Fn::Sub": "export KEY=${Key}"}}},
            {"Key": "part", "Value": {"Fn::Select": ["1", {"Ref": "Keys"}]}},
            {"Key": "open", "Value": word}]}}}, Parameters={
                "Key": {"Type": "String", "NoEcho": "true"},
                "Keys": {"Type": "CommaDelimitedList", "NoEcho": True}})


def test_secret_parameters_are_not_told_by_what_uses_them(stacks):
    words = ["Qx7-first", "one,Pw9two", "Zr8-second", "six,Lm3ten"]
    stacks.create("quiet", secret_tags("seen"),
                  {"Key": words[0], "Keys": words[1]})
    stacks.cf.create_change_set(
        StackName="quiet", ChangeSetName="other",
        TemplateBody=secret_tags("read"),
        Parameters=parameters({"Key": words[2], "Keys": words[3]}))
    stacks.add_always("DescribeChangeSet", IncludePropertyValues="true")
    pages = []    # values are more than Debian's botocore would read
    stacks.cf.meta.events.register(
        "after-call.cloudformation.DescribeChangeSet",
        lambda http_response, **_: pages.append(http_response.text))
    stacks.cf.describe_change_set(StackName="quiet", ChangeSetName="other")
    told = pages[0]
    assert "BeforeValue" in told and "a-****-b" in told
    stacks.cf.update_stack(
        StackName="quiet", TemplateBody=secret_tags("read"),
        Parameters=parameters({"Key": words[2], "Keys": words[3]}))
    stacks.wait("quiet", "UPDATE_COMPLETE")
    made = stacks.cf.describe_stacks(StackName="quiet")["Stacks"][0]["StackId"]
    stacks.delete("quiet")
    events = [one.get("ResourceProperties", "") for one in
              stacks.cf.describe_stack_events(StackName=made)["StackEvents"]]
    told += "".join(events)
    for word in (*words[::2], "Pw9two", "Lm3ten", "ZXhwb3J0"):
        assert word not in told
    tags = {one["Key"]: one["Value"]
            for one in json.loads(events[1])["Tags"]}
    assert tags == {"plain": "****", "within": "a-****-b", "coded": "****",
                    "part": "****", "open": "read"}


@pytest.mark.parametrize("how, message", [
    ({"ExcludeCharacters": "".join(map(chr, range(33, 127)))},
     "You must include at least one valid character"),
    ({"ExcludePunctuation": True, "ExcludeNumbers": True,
      "ExcludeUppercase": True, "ExcludeLowercase": "true"},
     "You must include at least one valid character"),
    ({"PasswordLength": 3}, "room for each included type"),
    ({"PasswordLength": 4097}, "must be between 1 and 4096"),
])
def test_a_password_that_cannot_be_made_is_told(stacks, how, message):
    secret = template({"S": {"Type": "AWS::SecretsManager::Secret",
                             "Properties": {"GenerateSecretString": how}}})
    stacks.create("pass", secret, end="ROLLBACK_COMPLETE")
    assert message in stacks.first_cause("pass")[1]
    stacks.delete("pass")


def test_passwords_are_of_the_letters_asked_for(stacks):
    how = {"PasswordLength": 40, "ExcludePunctuation": True,
           "ExcludeUppercase": "true", "ExcludeCharacters": "abc019"}
    stacks.create("pass", template({"S": {
        "Type": "AWS::SecretsManager::Secret", "Properties": {
            "Name": "made", "GenerateSecretString": how}}}))
    made = stacks.client("secretsmanager").get_secret_value(
        SecretId="made")["SecretString"]
    assert len(made) == 40 and set(made) <= set("defghijklmnopqrstuvwxyz"
                                                "2345678")
    assert any(c.isdigit() for c in made) and any(c.isalpha() for c in made)
    stacks.delete("pass")


def test_a_role_needs_leave_by_its_policy(stacks):
    role = "arn:aws:iam::123456789012:role/RedshiftCopy"
    keys = stacks.client("sts").assume_role(
        RoleArn=role, RoleSessionName="me")["Credentials"]
    mine = boto3.client(
        "cloudformation", endpoint_url=stacks.server.env["AWS_ENDPOINT_URL"],
        region_name="us-east-1", aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"])

    def refusal(name):
        try:
            mine.create_stack(StackName=name,
                              TemplateBody=template({"V": VPC}))
        except mine.exceptions.ClientError as error:
            return error.response["Error"]
        return None

    assert refusal("mine-1")["Code"] == "AccessDenied"
    iam = stacks.client("iam")
    iam.put_role_policy(
        RoleName="RedshiftCopy", PolicyName="stacks", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Action": "cloudformation:*",
                "Resource": "arn:aws:cloudformation:*:*:stack/mine-*"}, {
                    "Effect": "Allow", "Action": "ec2:*",
                    "Resource": "*"}]}))
    assert refusal("mine-1") is None
    assert ("assumed-role/RedshiftCopy/me is not authorized to perform: "
            "cloudformation:CreateStack") in refusal("other")["Message"]
    stacks.wait("mine-1", "CREATE_COMPLETE")
    iam.delete_role_policy(RoleName="RedshiftCopy", PolicyName="stacks")
    stacks.delete("mine-1")


def test_rules_of_a_template(stacks):
    values = {**CIDR, "WithQuickSight": "yes"}
    code, message = stacks.refused(
        "create_stack", StackName="rules", TemplateBody=platform("cluster"),
        Parameters=parameters(values), Capabilities=["CAPABILITY_IAM"])
    assert code == "ValidationError"
    assert "WithQuickSight needs QuickSightUserArn" in message


def test_capabilities_are_demanded(stacks):
    named = template({"R": {"Type": "AWS::IAM::Role", "Properties": {
        "RoleName": "mine", "AssumeRolePolicyDocument": TRUST}}})
    unnamed = template({"R": {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": TRUST}}})
    for text, needed, given in ((named, "CAPABILITY_NAMED_IAM",
                                 ["CAPABILITY_IAM"]),
                                (unnamed, "CAPABILITY_IAM", [])):
        assert stacks.refused(
            "create_stack", StackName="rights", TemplateBody=text,
            Capabilities=given) == ("InsufficientCapabilitiesException",
                                    f"Requires capabilities : [{needed}]")


FUNCTIONS = """
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'a,b'}
Mappings:
  Sizes:
    us-east-1: {small: s, list: [1, 2]}
Conditions:
  Yes: !Equals [!Ref 'AWS::Region', us-east-1]
  No: !Not [!Condition Yes]
  Both: !And [!Condition Yes, !Or [!Condition No, !Equals [a, a]]]
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Net:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Never: {Type: AWS::S3::Bucket, Condition: 'No'}
  Part:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Net
      CidrBlock: !Select [1, !Cidr [!GetAtt Net.CidrBlock, 4, 8]]
      AvailabilityZone: !Select [0, !GetAZs '']
      Tags: !If [Both, [{Key: k, Value: v}], !Ref 'AWS::NoValue']
Outputs:
  Arn: {Value: !GetAtt Bucket.Arn}
  Sub: {Value: !Sub ['${Word} ${!Literal} ${AWS::AccountId} ${Bucket.Arn}', {Word: w}]}
  Join: {Value: !Join ['-', !Ref Names]}
  Split: {Value: !Select [2, !Split ['/', !Ref 'AWS::StackId']]}
  Map: {Value: !FindInMap [Sizes, !Ref 'AWS::Region', small]}
  Base: {Value: {'Fn::Base64': hello}}
  If: {Value: !If ['No', never, !Sub '${AWS::StackName}']}
  Never: {Value: !Ref Never, Condition: 'No'}
  Time: {Value: 2012-10-17}
  Number: {Value: 12}
"""


def test_functions(stacks):
    stack = stacks.create("functions", FUNCTIONS)
    told = stacks.outputs("functions")
    arn = told.pop("Arn")
    assert arn.startswith("arn:aws:s3:::functions-bucket-")
    assert told == {
        "Sub": f"w ${{Literal}} 123456789012 {arn}", "Join": "a-b",
        "Split": stack["StackId"].rsplit("/", 1)[1], "Map": "s",
        "Base": "aGVsbG8=", "If": "functions", "Time": "2012-10-17",
        "Number": "12"}
    made = stacks.cf.describe_stack_resources(StackName="functions")
    assert [one["LogicalResourceId"] for one in made["StackResources"]] == [
        "Bucket", "Net", "Part"]
    begun = [event for event in stacks.events("functions")
             if event["LogicalResourceId"] == "Part"]
    properties = json.loads(begun[0]["ResourceProperties"])
    assert properties["CidrBlock"] == "10.0.1.0/24"
    assert properties["Tags"] == [{"Key": "k", "Value": "v"}]
    stacks.delete("functions")


# ---- stacks


def test_events_follow_what_needs_what(stacks):
    stacks.create("order", platform("cluster"), CIDR)
    events = stacks.events("order")
    begun = {}
    done = {}
    for at, event in enumerate(events):
        status = event["ResourceStatus"]
        logical = event["LogicalResourceId"]
        if status == "CREATE_IN_PROGRESS":
            begun.setdefault(logical, at)
        if status == "CREATE_COMPLETE":
            done[logical] = at
    for first, second in (("Network", "PrivateSubnetA"),
                          ("DataBucket", "CopyRole"), ("CopyRole", "Cluster"),
                          ("ClusterSubnets", "Cluster"),
                          ("PrivateRoutes", "DataEndpoint")):
        assert done[first] < begun[second]
    # what does not need each other is made at the same time
    assert begun["DataBucket"] < done["Network"]
    assert begun["Network"] < done["DataBucket"]
    assert stacks.statuses("order", "Network") == [
        "CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    again = [event for event in events
             if event.get("ResourceStatusReason") ==
             "Resource creation Initiated"]
    assert all(event["PhysicalResourceId"] for event in again)
    assert len(again) == len(done) - 1
    times = [event["Timestamp"] for event in events]
    assert times == sorted(times) and len(set(times)) == len(times)
    stacks.delete("order")
    removed = [event["LogicalResourceId"] for event in stacks.events(
        events[0]["StackId"]) if event["ResourceStatus"] == "DELETE_COMPLETE"]
    assert removed.index("Cluster") < removed.index("CopyRole")
    assert removed.index("PrivateSubnetA") < removed.index("Network")


def test_what_a_stack_makes_is_there(stacks):
    stacks.create("there", platform("cluster"), {**CIDR, "AdminUser": "chief"})
    told = stacks.outputs("there")
    assert told["DataBucket"] in stacks.buckets()
    role = told["CopyRoleArn"].rsplit("/", 1)[1]
    assert stacks.has_role(role)
    clusters = stacks.client("redshift").describe_clusters(
        ClusterIdentifier=told["ClusterIdentifier"])["Clusters"]
    assert [(one["ClusterStatus"], one["DBName"], one["MasterUsername"],
             one["Endpoint"]["Address"],
             [each["IamRoleArn"] for each in one["IamRoles"]])
            for one in clusters] == [
                ("available", "sales", "chief", told["ConnectionHost"],
                 [told["CopyRoleArn"]])]
    secret = json.loads(stacks.client("secretsmanager").get_secret_value(
        SecretId=told["SecretArn"])["SecretString"])
    assert secret["username"] == "chief" and len(secret["password"]) > 20
    iam = stacks.client("iam")
    allowed = iam.simulate_principal_policy(
        PolicySourceArn=told["CopyRoleArn"],
        ActionNames=["s3:GetObject", "s3:DeleteObject"],
        ResourceArns=[f"arn:aws:s3:::{told['DataBucket']}/x"])
    assert [one["EvalDecision"] for one in allowed["EvaluationResults"]] == [
        "allowed", "implicitDeny"]
    stacks.delete("there")
    assert not stacks.has_role(role)
    assert told["DataBucket"] in stacks.buckets()  # DeletionPolicy: Retain
    assert stacks.client("redshift").describe_clusters()["Clusters"][1:] == []


def test_a_serverless_warehouse_is_there(stacks):
    stacks.create("less", platform("serverless"), CIDR)
    told = stacks.outputs("less")
    client = stacks.client("redshift-serverless")
    made = client.get_workgroup(workgroupName=told["WorkgroupName"])
    assert made["workgroup"]["status"] == "AVAILABLE"
    space = client.get_namespace(
        namespaceName=made["workgroup"]["namespaceName"])["namespace"]
    assert (space["dbName"], space["adminUsername"], space["iamRoles"],
            space["defaultIamRoleArn"]) == (
                "sales", "admin", [told["CopyRoleArn"]], told["CopyRoleArn"])
    assert client.get_credentials(
        workgroupName=told["WorkgroupName"])["dbUser"] == "IAM:sandbox"
    stacks.delete("less")
    assert client.list_workgroups()["workgroups"] == []
    assert client.list_namespaces()["namespaces"] == []


def test_names_tokens_and_what_is_missing(stacks):
    text = template({"V": VPC})
    first = stacks.cf.create_stack(StackName="taken", TemplateBody=text,
                                   ClientRequestToken="t1")
    again = stacks.cf.create_stack(StackName="taken", TemplateBody=text,
                                   ClientRequestToken="t1")
    assert first["StackId"] == again["StackId"]
    assert stacks.refused("create_stack", StackName="taken",
                          TemplateBody=text) == (
                              "AlreadyExistsException",
                              "Stack [taken] already exists")
    stacks.wait("taken", "CREATE_COMPLETE")
    assert stacks.refused("delete_stack", StackName="taken",
                          ClientRequestToken="t1")[0] == (
                              "TokenAlreadyExistsException")
    code, message = stacks.refused("create_stack", StackName="a_b",
                                   TemplateBody=text)
    assert code == "ValidationError" and "regular expression" in message
    assert stacks.refused("describe_stacks", StackName="none") == (
        "ValidationError", "Stack with id none does not exist")
    assert stacks.refused("describe_stack_events", StackName="none") == (
        "ValidationError", "Stack [none] does not exist")
    assert stacks.refused("update_stack", StackName="none",
                          TemplateBody=text) == (
                              "ValidationError", "Stack [none] does not exist")
    stacks.cf.delete_stack(StackName="none")
    stacks.delete("taken")
    # its ARN finds it still; its name does not
    assert stacks.cf.describe_stacks(StackName=first["StackId"])["Stacks"][0][
        "StackStatus"] == "DELETE_COMPLETE"
    assert stacks.refused("describe_stacks", StackName="taken")[0] == (
        "ValidationError")


def test_a_protected_stack_stays(stacks):
    stacks.create("kept", template({"V": VPC}),
                  EnableTerminationProtection=True)
    assert stacks.refused("delete_stack", StackName="kept") == (
        "ValidationError", "Stack [kept] cannot be deleted while "
        "TerminationProtection is enabled")
    stacks.cf.update_termination_protection(
        StackName="kept", EnableTerminationProtection=False)
    stacks.delete("kept")


def test_a_bucket_that_is_not_empty_is_not_deleted(stacks):
    stacks.create("full", template({"B": BUCKET, "V": VPC}))
    s3 = stacks.client("s3")
    bucket = stacks.cf.describe_stack_resource(
        StackName="full", LogicalResourceId="B")["StackResourceDetail"][
            "PhysicalResourceId"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert stacks.refused("delete_stack", StackName="full",
                          RetainResources=["B"])[0] == "ValidationError"
    stack = stacks.delete("full", "DELETE_FAILED")
    assert stack["StackStatusReason"] == (
        "The following resource(s) failed to delete: [B]. ")
    logical, reason = stacks.first_cause("full")
    assert logical == "B" and "is not empty" in reason
    assert stacks.statuses("full", "V")[-1] == "DELETE_COMPLETE"
    stacks.delete("full", RetainResources=["B"])
    assert bucket in stacks.buckets()


def test_pages_of_events(stacks):
    resources = {f"B{i}": BUCKET for i in range(40)}
    stacks.create("pages", template(resources))
    pages = list(stacks.cf.get_paginator("describe_stack_events").paginate(
        StackName="pages"))
    assert [len(page["StackEvents"]) for page in pages] == [100, 22]
    assert len({event["EventId"] for event in stacks.events("pages")}) == 122
    stacks.delete("pages")


def test_a_template_in_s3(stacks):
    s3 = stacks.client("s3")
    s3.create_bucket(Bucket="templates")
    s3.put_object(Bucket="templates", Key="a b.json",
                  Body=template({"V": VPC}).encode())
    for host in ("templates.s3.us-east-1.amazonaws.com",
                 "s3.us-east-1.amazonaws.com/templates"):
        stacks.cf.validate_template(TemplateURL=f"https://{host}/a%20b.json")
    assert stacks.refused(
        "validate_template",
        TemplateURL="https://templates.s3.amazonaws.com/none")[1].startswith(
            "S3 error: Access Denied")


# ---- change sets and updates

NET = template(
    {"Net": {"Type": "AWS::EC2::VPC", "Properties": {
        "CidrBlock": {"Ref": "Block"}, "EnableDnsSupport": True}},
     "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {
         "GroupDescription": "g", "VpcId": {"Ref": "Net"}}},
     "Bucket": {"Type": "AWS::S3::Bucket"}},
    Parameters={"Block": {"Type": "String", "Default": "10.0.0.0/16"}},
    Outputs={"Net": {"Value": {"Ref": "Net"}}})


def changes(told):
    return {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"]
            for one in told["Changes"]}


def test_a_change_set_tells_what_it_would_do(stacks):
    made = stacks.change("sets", NET, kind="CREATE")
    assert {name: one["Action"] for name, one in changes(made).items()} == {
        "Net": "Add", "Group": "Add", "Bucket": "Add"}
    assert stacks.cf.describe_stacks(StackName="sets")["Stacks"][0][
        "StackStatus"] == "REVIEW_IN_PROGRESS"
    stacks.execute(made, "CREATE_COMPLETE")
    assert stacks.refused("execute_change_set",
                          ChangeSetName=made["ChangeSetId"])[0] == (
                              "InvalidChangeSetStatus")
    same = stacks.change("sets", NET)
    assert (same["Status"], same["ExecutionStatus"]) == (
        "FAILED", "UNAVAILABLE")
    assert same["StatusReason"].startswith(
        "The submitted information didn't contain changes.")
    stacks.cf.delete_change_set(ChangeSetName=same["ChangeSetId"])
    assert stacks.refused(
        "update_stack", StackName="sets", TemplateBody=NET) == (
            "ValidationError", "No updates are to be performed.")
    before = stacks.outputs("sets")
    text = json.loads(NET)
    text["Resources"]["Net"]["Properties"]["EnableDnsSupport"] = False
    del text["Resources"]["Bucket"]
    text["Resources"]["More"] = BUCKET
    told = stacks.change("sets", json.dumps(text), {"Block": "10.1.0.0/16"})
    found = changes(told)
    assert {name: (one["Action"], one.get("Replacement"))
            for name, one in found.items()} == {
                "Net": ("Modify", "True"), "Group": ("Modify", "Conditional"),
                "More": ("Add", None), "Bucket": ("Remove", None)}
    details = {one["Target"]["Name"]: one for one in found["Net"]["Details"]}
    assert details["CidrBlock"]["Target"] == {
        "Attribute": "Properties", "Name": "CidrBlock",
        "RequiresRecreation": "Always"}
    assert (details["CidrBlock"]["ChangeSource"],
            details["CidrBlock"]["CausingEntity"],
            details["CidrBlock"]["Evaluation"]) == (
                "ParameterReference", "Block", "Static")
    assert details["EnableDnsSupport"]["ChangeSource"] == "DirectModification"
    group = found["Group"]["Details"][0]
    assert (group["ChangeSource"], group["CausingEntity"],
            group["Evaluation"]) == ("ResourceReference", "Net", "Dynamic")
    stacks.execute(told)
    assert stacks.outputs("sets") != before
    assert stacks.statuses("sets", "Bucket")[-1] == "DELETE_COMPLETE"
    assert ("Net", "UPDATE_IN_PROGRESS", "Requested update requires the "
            "creation of a new physical resource; hence creating one."
            ) in stacks.reasons("sets")
    assert "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" in stacks.statuses(
        "sets", "sets")
    stacks.delete("sets")


def test_an_update_in_place(stacks):
    stacks.create("place", platform("cluster"), CIDR)
    before = stacks.outputs("place")
    told = stacks.change("place", platform("cluster"), {
        **CIDR, "NodeType": "ra3.xlplus"})
    assert {name: (one["Action"], one["Replacement"])
            for name, one in changes(told).items()} == {
                "Cluster": ("Modify", "False")}
    stacks.execute(told)
    assert stacks.outputs("place") == before
    assert stacks.client("redshift").describe_clusters(
        ClusterIdentifier=before["ClusterIdentifier"])["Clusters"][0][
            "NodeType"] == "ra3.xlplus"
    stacks.delete("place")


def test_properties_that_are_wrong_fail_the_change_set(stacks):
    text = template({"V": {"Type": "AWS::EC2::Subnet", "Properties": {
        "CidrBlock": ["x"], "Zone": "a"}}})
    told = stacks.change("faulty", text, kind="CREATE")
    assert told["Status"] == "FAILED"
    assert told["StatusReason"].startswith(
        "The following hook(s)/validation failed: "
        "[AWS::EarlyValidation::PropertyValidation].")
    for part in ("V (AWS::EC2::Subnet)", "#/CidrBlock: expected type: String",
                 "#: extraneous key [Zone] is not permitted",
                 "#: required key [VpcId] not found"):
        assert part in told["StatusReason"]
    stacks.cf.delete_stack(StackName="faulty")
    # without a change set it is the resource that fails
    stacks.create("faulty2", text, end="ROLLBACK_COMPLETE")
    logical, reason = stacks.first_cause("faulty2")
    assert logical == "V"
    assert reason.startswith("Properties validation failed for resource V "
                             "with message:")
    stacks.delete("faulty2")


def test_a_resource_of_that_name_is_taken(stacks):
    text = template({"B": {"Type": "AWS::S3::Bucket", "Properties": {
        "BucketName": "somebodys"}}})
    stacks.client("s3").create_bucket(Bucket="somebodys")
    stacks.create("taken2", text, end="ROLLBACK_COMPLETE")
    assert "somebodys already exists" in stacks.first_cause("taken2")[1]
    assert "HandlerErrorCode: AlreadyExists" in stacks.first_cause("taken2")[1]
    # the other one's bucket is not deleted
    assert "somebodys" in stacks.buckets()
    assert stacks.refused("update_stack", StackName="taken2",
                          TemplateBody=text)[1].endswith(
                              "is in ROLLBACK_COMPLETE state and can not be "
                              "updated.")
    stacks.delete("taken2")


def test_custom_named_resources_are_not_replaced(stacks):
    text = {"R": {"Type": "AWS::IAM::Role", "Properties": {
        "RoleName": "fixed", "Path": "/a/",
        "AssumeRolePolicyDocument": TRUST}}}
    stacks.create("fixed", template(text))
    text["R"]["Properties"]["Path"] = "/b/"
    told = stacks.change("fixed", template(text))
    assert changes(told)["R"]["Replacement"] == "True"
    stacks.execute(told, "UPDATE_ROLLBACK_COMPLETE")
    assert "custom-named resource requires replacing" in (
        stacks.first_cause("fixed")[1])
    assert stacks.has_role("fixed")
    stacks.delete("fixed")
    assert not stacks.has_role("fixed")


# ---- another client


@pytest.mark.skipif(shutil.which("aws") is None, reason="no AWS CLI")
def test_the_aws_cli_deploys(stacks, tmp_path):
    path = tmp_path / "cluster.yaml"
    path.write_text(platform("cluster"))
    words = ["cloudformation", "deploy", "--stack-name", "cli",
             "--template-file", str(path), "--capabilities", "CAPABILITY_IAM",
             "--parameter-overrides", "AllowedCidr=10.0.0.0/16"]
    done = stacks.aws(*words)
    assert done.returncode == 0, done.stderr
    assert "Successfully created/updated stack - cli" in done.stdout
    done = stacks.aws(*words, "--no-fail-on-empty-changeset")
    assert done.returncode == 0, done.stderr
    assert "No changes to deploy" in done.stdout
    # Named by the second, it would meet another one that soon.
    for left in stacks.cf.list_change_sets(StackName="cli")["Summaries"]:
        stacks.cf.delete_change_set(ChangeSetName=left["ChangeSetId"])
    done = stacks.aws(*words, "NodeType=ra3.xlplus")
    assert done.returncode == 0, done.stderr
    done = stacks.aws("cloudformation", "wait", "stack-exists",
                      "--stack-name", "cli")
    assert done.returncode == 0, done.stderr
    stacks.delete("cli")


def test_stacks_outlive_the_sandbox(stacks):
    stacks.create("lasts", template({"B": BUCKET}))
    made = stacks.buckets()
    stacks.restart()
    assert stacks.cf.describe_stacks(StackName="lasts")["Stacks"][0][
        "StackStatus"] == "CREATE_COMPLETE"
    assert stacks.buckets() == made
    stacks.delete("lasts")
