"""The templates of share/platform before other people's judges: cfn-lint, which
knows the schemas of AWS's resource types, and moto, which makes the stacks as
far as it can; and the table of resource types against cfn-lint's schemas."""

import itertools
import json
import pathlib
import subprocess
import sys

import pytest
from judging import loud_skip
from moto_stacks import (KNOWN_IMAGE, PYTHON, clear_routes, for_moto, has,
                         serve)

import platform_templates as templates

HERE = pathlib.Path(__file__).resolve().parent
OWNER = "arn:aws:quicksight:us-east-1:123456789012:user/default/anna"

if not has("cfnlint") or not has("moto.server"):
    loud_skip("cfn-lint or moto is not installed: the platform's templates "
              "are NOT judged")


def choices(kind):
    """Every combination of what the conditions depend on."""
    nodes = ["1", "2"] if kind == "cluster" else [None]
    for instance, quicksight, count in itertools.product(
            ("no", "yes"), ("no", "yes"), nodes):
        chosen = {"AllowedCidr": "10.0.0.0/8", "WithInstance": instance,
                  "WithQuickSight": quicksight,
                  "QuickSightUserArn": OWNER if quicksight == "yes" else ""}
        if count:
            chosen["NumberOfNodes"] = count
        yield chosen


ALL = [(kind, chosen) for kind in templates.KINDS for chosen in choices(kind)]
NAMES = ["-".join([kind, *(value for key, value in chosen.items()
                           if key.startswith(("With", "Number")))])
         for kind, chosen in ALL]
EACH = pytest.mark.parametrize("kind,chosen", ALL, ids=NAMES)


# ---- cfn-lint ----

def lint(path):
    done = subprocess.run(
        [PYTHON, "-c", "import sys, cfnlint.runner; cfnlint.runner.main()",
         "--non-zero-exit-code", "informational", "--include-checks", "I",
         "--regions", "us-east-1", "eu-west-1", "--", str(path)],
        capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("kind", templates.KINDS)
def test_cfn_lint_has_nothing_to_say(kind):
    assert lint(templates.SHARE / "platform" / f"{kind}.yaml") == (0, "")


@EACH
def test_cfn_lint_passes_each_choice(kind, chosen, tmp_path):
    template = templates.read(templates.text_of(kind))
    for name, value in chosen.items():
        template["Parameters"][name]["Default"] = value
    path = tmp_path / "template.json"
    path.write_text(json.dumps(template))
    assert lint(path) == (0, "")


def test_cfn_lint_does_look(tmp_path):
    text = templates.text_of("cluster")
    path = tmp_path / "template.yaml"
    path.write_text(text.replace("Encrypted: true", "Encryptet: true", 1))
    code, said = lint(path)
    assert code != 0 and "Encryptet" in said


def test_the_table_of_types_is_what_the_schemas_say():
    rows = [line for line in (templates.SHARE / "sandbox" /
                              "cfn_resources.tsv").read_text().splitlines()[1:]
            if not line.startswith("#")]
    types = list(dict.fromkeys(row.split("\t")[0] for row in rows))
    said = subprocess.run([PYTHON, str(HERE / "cfn_facts.py"), *types],
                          capture_output=True, text=True, check=True).stdout
    version = subprocess.run(
        [PYTHON, "-c", "import cfnlint.version as v; print(v.__version__)"],
        capture_output=True, text=True, check=True).stdout.strip()
    head = (templates.SHARE / "sandbox" / "cfn_resources.tsv").read_text()
    if f"cfn-lint {version};" in head:
        assert said.splitlines() == rows
        return
    # Another version's schemas may have more, never less.
    there = {tuple(row.split("\t")[:4]) for row in said.splitlines()}
    assert [row for row in rows
            if tuple(row.split("\t")[:4]) not in there] == []


# ---- moto ----

@pytest.fixture(scope="module", name="moto")
def make_moto():
    with serve() as running:
        yield running


def is_there(template, chosen, body):
    """Whether the condition of a resource or output holds."""
    wanted = {None: True, "HasInstance": chosen["WithInstance"] == "yes",
              "HasQuickSight": chosen["WithQuickSight"] == "yes"}
    return wanted[body.get("Condition")]


def parameters(chosen):
    return [{"ParameterKey": name, "ParameterValue": value}
            for name, value in {"InstanceImage": KNOWN_IMAGE,
                                **chosen}.items()]


@EACH
def test_moto_makes_the_stack_and_deletes_it(moto, kind, chosen):
    moto.reset()
    stacks = moto.client("cloudformation")
    template = for_moto(templates.read(templates.text_of(kind)))
    stacks.create_stack(StackName="platform", Parameters=parameters(chosen),
                        TemplateBody=json.dumps(template),
                        Capabilities=["CAPABILITY_IAM"])
    stack, = stacks.describe_stacks(StackName="platform")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    outputs = {output["OutputKey"]: output["OutputValue"]
               for output in stack["Outputs"]}
    assert set(outputs) == {
        name for name, output in template["Outputs"].items()
        if is_there(template, chosen, output)}
    made = {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in
            stacks.list_stack_resources(
                StackName="platform")["StackResourceSummaries"]
            if item.get("LogicalResourceId")}
    assert set(made) == {
        name for name, resource in template["Resources"].items()
        if is_there(template, chosen, resource)}

    ec2 = moto.client("ec2")
    group, = ec2.describe_security_groups(
        GroupIds=[made["WarehouseGroup"]])["SecurityGroups"]
    sources = sorted(
        [one["CidrIp"] for rule in group["IpPermissions"]
         for one in rule["IpRanges"]] +
        [pair["GroupId"] for rule in group["IpPermissions"]
         for pair in rule["UserIdGroupPairs"]])
    assert sources == sorted(["10.0.0.0/8"] + [
        made[name] for name in ("InstanceGroup", "QuickSightGroup")
        if name in made])
    # moto keeps no PublicAccessBlockConfiguration that a template asks for.
    assert moto.client("s3").get_bucket_encryption(Bucket=outputs["DataBucket"])
    if kind == "cluster":
        cluster, = moto.client("redshift").describe_clusters()["Clusters"]
        assert cluster["PubliclyAccessible"] is False
        assert cluster["Encrypted"] is True
        assert cluster["NumberOfNodes"] == int(chosen["NumberOfNodes"])
        assert cluster["DBName"] == "sales"
        assert cluster["MasterUsername"] == "admin"
        assert [one["VpcSecurityGroupId"]
                for one in cluster["VpcSecurityGroups"]] == [
                    made["WarehouseGroup"]]
    clear_routes(ec2, made)
    stacks.delete_stack(StackName="platform")
    assert [one["Name"] for one in moto.client("s3").list_buckets()["Buckets"]] == [
        outputs["DataBucket"]]
    assert made["Network"] not in [
        vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]]
    with pytest.raises(Exception, match="does not exist"):
        stacks.describe_stacks(StackName="platform")


@pytest.mark.parametrize("kind,said", [
    ("cluster", "Endpoint"), ("serverless", "Internal Server Error")])
def test_moto_still_refuses_the_template_as_it_is(moto, kind, said):
    """Else the list at the top is longer than it need be."""
    text = templates.text_of(kind).replace(
        "/aws/service/debian/release/12/latest/amd64", KNOWN_IMAGE)
    with pytest.raises(Exception, match=said):
        moto.client("cloudformation").create_stack(
            StackName="whole", TemplateBody=text,
            Parameters=parameters({"AllowedCidr": "10.0.0.0/8"}),
            Capabilities=["CAPABILITY_IAM"])


if __name__ == "__main__":
    sys.exit(pytest.main([__file__]))
