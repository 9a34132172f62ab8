"""The templates of share/platform: what they take and give, that every type,
property and attribute exists, that rights are least, nothing is public, all is
encrypted and kept; and that each of these checks can fail."""

import pathlib
import re

import pytest

import platform_templates as templates

TOP = pathlib.Path(__file__).resolve().parents[2]
BOTH = pytest.mark.parametrize("kind", templates.KINDS)
PARAMETERS = {"AllowedCidr", "DatabaseName", "AdminUser", "WithInstance",
              "WithQuickSight", "QuickSightUserArn", "InstancePackageKey",
              "InstanceImage"}
OWN_PARAMETERS = {"cluster": {"NodeType", "NumberOfNodes"},
                  "serverless": {"BaseCapacity"}}
OUTPUTS = {"ConnectionHost", "ConnectionPort", "Database", "AdminUser",
           "SecretArn", "DataBucket", "CopyRoleArn", "InstanceId",
           "QuickSightDataSourceArn"}
OWN_OUTPUTS = {"cluster": {"ClusterIdentifier"},
               "serverless": {"WorkgroupName"}}


@pytest.fixture(params=templates.KINDS)
def template(request):
    return templates.read(templates.text_of(request.param))


# ---- what they take and give ----

@BOTH
def test_parameters_and_outputs_are_those_of_the_contract(kind):
    template = templates.read(templates.text_of(kind))
    assert set(template["Parameters"]) == PARAMETERS | OWN_PARAMETERS[kind]
    assert set(template["Outputs"]) == OUTPUTS | OWN_OUTPUTS[kind]
    defaults = {name: parameter.get("Default")
                for name, parameter in template["Parameters"].items()}
    assert [name for name, value in defaults.items() if value is None] == \
        ["AllowedCidr"]
    assert defaults["DatabaseName"] == "sales"
    assert defaults["AdminUser"] == "admin"
    for name in ("WithInstance", "WithQuickSight"):
        assert template["Parameters"][name]["AllowedValues"] == ["no", "yes"]
        assert defaults[name] == "no"
    conditions = {name: output.get("Condition")
                  for name, output in template["Outputs"].items()}
    assert conditions.pop("InstanceId") == "HasInstance"
    assert conditions.pop("QuickSightDataSourceArn") == "HasQuickSight"
    assert set(conditions.values()) == {None}


def test_every_parameter_and_output_says_what_it_is(template):
    for part in ("Parameters", "Outputs"):
        for name, body in template[part].items():
            assert body.get("Description"), name
            assert len(body["Description"]) <= 4000 if part == "Parameters" \
                else len(body["Description"].encode()) <= 1024
            if "AllowedPattern" in body:
                assert body["ConstraintDescription"], name


@pytest.mark.parametrize("text,passes", [
    ("10.20.0.0/16", True), ("192.0.2.7/32", True), ("10.0.0.0/8", True),
    ("198.51.100.0/24", True), ("0.0.0.0/0", False), ("0.0.0.0/00", False),
    ("10.0.0.0/0", False), ("0.0.0.0/1", False), ("128.0.0.0/1", False),
    ("10.0.0.0/7", False), ("10.0.0.0/33", False), ("10.0.0.0/08", False),
    ("10.0.0.0", False), ("::/0", False), ("10.0.0.0/8,0.0.0.0/0", False),
    ("", False), ("10.0.0/8", False), ("everybody", False),
])
def test_the_whole_world_is_no_allowed_cidr(template, text, passes):
    pattern = template["Parameters"]["AllowedCidr"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, text)) == passes


@pytest.mark.parametrize("kind,name,good,bad", [
    ("cluster", "AdminUser", ["admin", "a", "master"],
     ["Admin", "1a", "", "a b", "a-b", "a" * 64]),
    # Six characters look like the random end of a secret's ARN.
    ("serverless", "AdminUser", ["admin", "ab", "masters"],
     ["master", "Admin", "1a", "", "a" * 64]),
    ("cluster", "DatabaseName", ["sales", "s"], ["Sales", "", "my_db", "a b"]),
    ("cluster", "QuickSightUserArn",
     ["", "arn:aws:quicksight:us-east-1:123456789012:user/default/anna"],
     ["anna", "arn:aws:iam::123456789012:user/anna"]),
    ("serverless", "InstancePackageKey",
     ["packages/redsh_0.1.0_amd64.deb", "redsh_1.0-1+b2_amd64.deb"],
     ["packages/redsh.rpm", "", "/x_amd64.deb", "$(id)_amd64.deb",
      "a'b_amd64.deb", "a b_amd64.deb", "redsh_0.1.0_arm64.deb"]),
])
def test_patterns_of_parameters(kind, name, good, bad):
    parameter = templates.read(templates.text_of(kind))["Parameters"][name]
    for text in good:
        assert re.fullmatch(parameter["AllowedPattern"], text), text
    for text in bad:
        assert not re.fullmatch(parameter["AllowedPattern"], text), text
    # AWS reads these as Java does, others as POSIX: what both know.
    assert "\\" not in parameter["AllowedPattern"]
    assert "(?" not in parameter["AllowedPattern"]


def test_the_default_package_is_the_one_that_this_tree_builds(template):
    version = re.search(r"AC_INIT\(\[redsh\], \[([^]]+)\]\)",
                        (TOP / "configure.ac").read_text()).group(1)
    assert template["Parameters"]["InstancePackageKey"]["Default"] == \
        f"packages/redsh_{version}_amd64.deb"


# ---- nothing is wrong with them ----

@BOTH
def test_all_exists_rights_are_least_nothing_is_public(kind):
    assert not list(templates.complaints(templates.text_of(kind)))


def test_what_both_have_is_the_same_in_both():
    texts = {}
    for kind in templates.KINDS:
        # Each resource with the comment above it.
        body = templates.text_of(kind).split("\nResources:\n")[1]
        body = body.split("\n# What \"\\platform outputs")[0]
        blocks = re.findall(r"((?:^  #.*\n)*^  (\w+):\n(?:^    .*\n|^\n)*)",
                            body, re.MULTILINE)
        texts[kind] = {name: block.strip() for block, name in blocks}
    shared = set(texts["cluster"]) & set(texts["serverless"])
    assert set(texts["cluster"]) - shared == {
        "Cluster", "ClusterParameters", "ClusterSubnets"}
    assert set(texts["serverless"]) - shared == {"Namespace", "Workgroup"}
    differ = {name for name in shared
              if texts["cluster"][name] != texts["serverless"][name]}
    # These name the warehouse, which is another.
    assert differ == {"CopyRole", "InstanceRole", "Instance",
                      "QuickSightSource"}


# ---- each check can fail ----

MUTATIONS = [
    # kind, text that is there, text instead, part of the complaint
    ("cluster", "EnableDnsSupport", "EnableDns", "no property EnableDns"),
    ("cluster", "Type: AWS::EC2::VPC\n", "Type: AWS::EC2::Net\n",
     "there is no AWS::EC2::Net"),
    ("cluster", "      GroupDescription: Redshift", "      GroupName: Redshift",
     "GroupDescription is required"),
    ("cluster", "      Port: 5439", "      Port: '5439'", "Port is no integer"),
    ("cluster", "Status: Enabled", "Status: Active", "is one of"),
    ("cluster", "IamRoles: [!GetAtt CopyRole.Arn]",
     "DefaultIamRoleArn: !GetAtt CopyRole.Arn",
     "no property DefaultIamRoleArn"),
    ("cluster", "!GetAtt Cluster.MasterPasswordSecretArn",
     "!GetAtt Cluster.SecretArn", "no attribute SecretArn"),
    ("serverless", "DbName: !Ref DatabaseName", "DbName: !Ref DatabaseNam",
     "nothing is called DatabaseNam"),
    ("serverless", "    Condition: HasInstance\n    Description: The machine",
     "    Description: The machine", "is there only if HasInstance"),
    ("serverless", "Condition: HasQuickSight", "Condition: HasQuick",
     "no condition HasQuick"),
    ("serverless", "      BaseCapacity: !Ref BaseCapacity\n", "",
     "BaseCapacity: no resource asks for it"),
    ("cluster", "              - s3:GetObject\n", "              - s3:*\n",
     "s3:* is not one action"),
    ("cluster", "Action: s3:GetObject\n", "Action: s3:Get*\n",
     "s3:Get* is not one action"),
    ("cluster", "Action: redshift:DescribeClusters", "NotAction: redshift:X",
     "NotAction"),
    ("cluster", "                Resource: !GetAtt DataBucket.Arn\n",
     "                Resource: '*'\n", "is not one resource"),
    ("serverless", "Resource: !Sub '${DataBucket.Arn}/*'",
     "Resource: arn:aws:s3:::*", "is not one resource"),
    ("cluster", "Service: ec2.amazonaws.com", "AWS: '*'", "everybody may"),
    ("cluster", "Service: ec2.amazonaws.com", "AWS: '123456789012'",
     "an account is trusted"),
    ("cluster", "CidrIp: !Ref AllowedCidr", "CidrIp: 0.0.0.0/0",
     "lets in 0.0.0.0/0"),
    ("serverless", "          FromPort: 5439\n", "          FromPort: 22\n",
     "more than port 5439"),
    ("cluster", "          FromPort: 443\n", "          FromPort: 0\n",
     "port 0 out to the world"),
    ("cluster", "Debian mirrors", "Debian's mirrors", "refuses the descr"),
    ("cluster", "PubliclyAccessible: false", "PubliclyAccessible: true",
     "has a public address"),
    ("serverless", "PubliclyAccessible: false", "PubliclyAccessible: true",
     "has a public address"),
    ("cluster", "      Encrypted: true", "      Encrypted: false",
     "Encrypted is not True"),
    ("cluster", "            Encrypted: true", "            Encrypted: false",
     "a disk is not encrypted"),
    ("cluster", "ManageMasterPassword: true", "MasterUserPassword: Secret123",
     "MasterUserPassword would be in the template"),
    ("serverless", "ManageAdminPassword: true", "AdminUserPassword: Secret123",
     "AdminUserPassword would be in the template"),
    ("cluster", "require_ssl, ParameterValue: 'true'",
     "require_ssl, ParameterValue: 'false'", "Parameters is not"),
    ("serverless", "require_ssl, ParameterValue: 'true'",
     "require_ssl, ParameterValue: 'false'", "ConfigParameters is not"),
    ("cluster", "HttpTokens: required", "HttpTokens: optional",
     "HttpTokens is not required"),
    ("cluster", "RestrictPublicBuckets: true", "RestrictPublicBuckets: false",
     "PublicAccessBlockConfiguration is not"),
    ("cluster", "SSEAlgorithm: AES256", "SSEAlgorithm: aws:kms",
     "BucketEncryption is not"),
    ("cluster", "UpdateReplacePolicy: Retain", "UpdateReplacePolicy: Delete",
     "does not keep it"),
    ("cluster", "aws:SecureTransport: 'false'", "aws:SecureTransport: 'true'",
     "requests without TLS are served"),
    ("cluster", "DisableSsl: false", "DisableSsl: true",
     "SslProperties.DisableSsl is not False"),
    ("cluster", "                Resource: '*'\n",
     "                Resource: '*'\n              - Sid: New\n"
     "                Effect: Allow\n                Action: ec2:RunInstances\n"
     "                Resource: '*'\n", "QuickSightRole New"),
    ("cluster", "Description: redsh", "Description: >-\n" + "  x" * 12000 +
     "\n  redsh", "more than 51200 bytes"),
]


@pytest.mark.parametrize("kind,old,new,complaint", MUTATIONS)
def test_a_fault_is_found(kind, old, new, complaint):
    text = templates.text_of(kind)
    assert old in text
    found = list(templates.complaints(text.replace(old, new, 1)))
    assert [one for one in found if complaint in one], found


def test_a_key_that_is_there_twice_is_found():
    text = templates.text_of("cluster")
    line = "      EnableDnsSupport: true\n"
    with pytest.raises(Exception, match="is there twice"):
        templates.read(text.replace(line, line * 2))
