"""\\platform against a CloudFormation that goes by a script: plan, create,
update, status, events, outputs and delete; stacks found in every state; causes
of failure; what AWS refuses on the way."""

import os
import re
import signal
import subprocess
import threading

import pytest

import scripted_cfn
from scripted_cfn import CLUSTER, RESOURCES, Failure, ScriptedCfn, failed, made

POLL = "--poll 20ms"
DENIED = ("User: arn:aws:iam::123456789012:user/ann is not authorized to "
          "perform: {0} on resource: {1} because no identity-based policy "
          "allows it")


def handler(text, code="GeneralServiceException"):
    """As CloudFormation wraps what a service said."""
    return (f'Resource handler returned message: "{text} (Service: Ec2, Status '
            f'Code: 400, Request ID: 1-2-3)" (RequestToken: 4-5-6, '
            f'HandlerErrorCode: {code})')


@pytest.fixture(name="cfn")
def make_cfn():
    running = ScriptedCfn()
    yield running
    running.close()


class Shell:
    def __init__(self, cfn, folder):
        self.folder = folder
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("PG", "AWS", "XDG"))}
        self.env.update(HOME=str(folder), AWS_ENDPOINT_URL=cfn.url,
                        AWS_ACCESS_KEY_ID="AKIAX", AWS_SECRET_ACCESS_KEY="x",
                        AWS_REGION="eu-west-1", TZ="UTC",
                        AWS_EC2_METADATA_DISABLED="true")

    def start(self, *commands):
        arguments = [part for one in commands for part in ("-c", one)]
        return subprocess.Popen([os.environ["REDSH"], "-XAt", *arguments],
                                stdout=subprocess.PIPE, text=True,
                                stderr=subprocess.PIPE, env=self.env,
                                stdin=subprocess.DEVNULL, cwd=self.folder)

    def run(self, *commands):
        process = self.start(*commands)
        process.stdout_text, process.stderr_text = process.communicate()
        return process

    def good(self, *commands):
        done = self.run(*commands)
        assert done.returncode == 0, done.stderr_text
        return done.stdout_text, done.stderr_text

    def bad(self, *commands):
        done = self.run(*commands)
        assert done.returncode != 0
        return done.stderr_text

    def conf(self, *lines):
        (self.folder / "sales" / "platform.conf").write_text(
            "[platform]\nstack = sales\nregion = eu-west-1\n[parameters]\n" +
            "\n".join(lines) + "\n")

    def connections(self):
        path = self.folder / ".config/redsh/connections.conf"
        return path.read_text() if path.exists() else ""


@pytest.fixture(name="me")
def make_me(cfn, tmp_path):
    shell = Shell(cfn, tmp_path)
    shell.good(r"\platform init sales --cidr 10.0.0.0/16")
    return shell


def asked(cfn, operation):
    """Parameters of the calls of an operation."""
    return [parameters for name, parameters in cfn.asked if name == operation]


# --- init ---

def test_init_writes_files_to_own_and_overwrites_nothing(cfn, me):
    text = (me.folder / "sales/platform.yaml").read_text()
    assert text.startswith("# The sales platform with a Redshift cluster")
    conf = (me.folder / "sales/platform.conf").read_text()
    assert "stack = sales\nregion = eu-west-1\n" in conf
    assert "\nAllowedCidr = 10.0.0.0/16\n" in conf
    assert "is there already, and is not overwritten" in me.bad(
        r"\platform init sales")
    os.remove(me.folder / "sales/platform.yaml")
    assert "platform.conf is there already" in me.bad(r"\platform init sales")
    assert not (me.folder / "sales/platform.yaml").exists()
    assert not cfn.asked


def test_init_serverless_is_the_other_template(me):
    me.good(r"\platform init w/deep/up --serverless --name up-1 --cidr 10.1.2.3")
    text = (me.folder / "w/deep/up/platform.yaml").read_text()
    assert "AWS::RedshiftServerless::Workgroup" in text
    conf = (me.folder / "w/deep/up/platform.conf").read_text()
    assert "stack = up-1\n" in conf and "AllowedCidr = 10.1.2.3/32\n" in conf
    assert "BaseCapacity" in conf and "NodeType" not in conf


@pytest.mark.parametrize("cidr,why", [
    ("0.0.0.0/0", "the whole world"), ("1.2.3.4/0", "the whole world"),
    ("128.0.0.0/1", "a great part of the world"),
    ("10.0.0.0/7", "a great part of the world"),
    ("10.0.0/8", "not a range of IPv4"), ("::/0", "not a range of IPv4"),
    ("10.0.0.0/33", "not a range of IPv4"), ("10.0.0.0/", "not a range"),
    ("10.0.0.0/8x", "not a range"), ("office", "not a range")])
def test_addresses_that_would_open_it_to_the_world_are_refused(me, cidr, why):
    assert why in me.bad(rf"\platform init other --cidr '{cidr}'")
    assert not (me.folder / "other").exists()
    me.conf(f"AllowedCidr = {cidr}")
    assert why in me.bad(r"\platform plan sales")


def test_names_that_no_stack_can_have_are_refused(me):
    for name in ("1st", "a b", "a_b", "x" * 129, "-a"):
        assert "cannot be the name of a stack" in me.bad(
            rf"\platform init other --name '{name}'")
    assert "cannot be the name of a workgroup" in me.bad(
        r"\platform init other --serverless --name Sales")
    assert "--name NAME gives it another" in me.bad(r"\platform init 2026")


def test_a_folder_without_a_platform_says_how_to_begin(me):
    told = me.bad(r"\platform plan")
    assert "there is no ./platform.conf" in told
    assert r"here is one: \platform plan sales; \platform init DIR" in told
    assert "there is no nowhere/platform.conf" in me.bad(
        r"\platform status nowhere")
    (me.folder / "empty").mkdir()
    me.folder = me.folder / "empty"
    assert r"\platform init DIR makes one" in me.bad(r"\platform plan")


def test_slips_in_the_words_are_told(me):
    assert "say init, plan, create" in me.bad(r"\platform make sales")
    assert r"\platform plan takes no --yes" in me.bad(
        r"\platform plan sales --yes")
    assert r"\platform create takes no --with-data" in me.bad(
        r"\platform create sales --with-data --yes")
    assert "which folder?" in me.bad(r"\platform init")
    me.conf("AllowedCidr = 10.0.0.0/16", "NodeTyp = x")
    told = me.bad(r"\platform plan sales")
    assert 'the template has no parameter "nodetyp"' in told
    assert "it has AllowedCidr, NodeType, DatabaseName" in told


def test_a_conf_with_faults_names_them(me):
    path = me.folder / "sales/platform.conf"
    path.write_text("[platform]\nregion = x\n")
    assert "names no stack" in me.bad(r"\platform plan sales")
    path.write_text("[platform]\nstack = sales\ncolour = red\n")
    assert 'unknown key "colour"' in me.bad(r"\platform plan sales")
    path.write_text("[platform]\nstack = sales\n[other]\na = b\n")
    assert "[other] is not known" in me.bad(r"\platform plan sales")
    path.write_text("[platform]\nstack = 1st\n")
    assert "cannot be the name of a stack" in me.bad(r"\platform plan sales")


# --- plan ---

def test_plan_shows_rows_and_leaves_nothing(cfn, me):
    out, told = me.good(rf"\platform plan sales {POLL}")
    assert out.splitlines() == [f"added|{name}|{type_}|"
                                for name, type_ in RESOURCES]
    assert "Needs CAPABILITY_IAM: roles of IAM are made or changed" in told
    assert not cfn.change_sets and cfn.names() == []
    made_ = asked(cfn, "CreateChangeSet")[0]
    assert made_["ChangeSetType"] == "CREATE"
    assert made_["Capabilities.member.1"] == "CAPABILITY_IAM"
    assert made_["Parameters.member.1.ParameterKey"] == "AllowedCidr"
    assert made_["Parameters.member.1.ParameterValue"] == "10.0.0.0/16"
    assert "Parameters.member.2.ParameterKey" not in made_


def test_plan_says_what_changes_and_why(cfn, me):
    stack = cfn.add()
    cfn.page = 2
    detail = scripted_cfn.xml_list("Details", [
        "<Target><Attribute>Properties</Attribute><Name>NodeType</Name>"
        "<RequiresRecreation>Never</RequiresRecreation>"
        "<BeforeValue>ra3.large</BeforeValue><AfterValue>ra3.xlplus"
        "</AfterValue></Target><ChangeSource>DirectModification"
        "</ChangeSource>",
        "<Target><Attribute>Properties</Attribute><Name>NodeType</Name>"
        "</Target><ChangeSource>ParameterReference</ChangeSource>"
        "<CausingEntity>NodeType</CausingEntity>",
        "<Target><Attribute>Tags</Attribute></Target>"])

    def change(action, name, type_, more=""):
        return (f"<Action>{action}</Action><LogicalResourceId>{name}"
                f"</LogicalResourceId><ResourceType>{type_}</ResourceType>"
                + more)

    cfn.changes = [
        change("Modify", "Cluster", CLUSTER,
               "<Replacement>False</Replacement>" + detail),
        change("Add", "Gateway", "AWS::EC2::InternetGateway"),
        change("Modify", "Second", CLUSTER, "<Replacement>True</Replacement>"
               "<PolicyAction>ReplaceAndSnapshot</PolicyAction>"),
        change("Modify", "Third", CLUSTER,
               "<Replacement>Conditional</Replacement>"),
        change("Remove", "DataBucket", "AWS::S3::Bucket",
               "<PolicyAction>Retain</PolicyAction>")]
    out, told = me.good(rf"\platform plan sales {POLL}")
    assert out.splitlines() == [
        f"changed|Cluster|{CLUSTER}|NodeType ra3.large -> ra3.xlplus "
        "(NodeType); Tags",
        "added|Gateway|AWS::EC2::InternetGateway|",
        f"replaced|Second|{CLUSTER}|a snapshot of the old one stays",
        f"replaced, perhaps|Third|{CLUSTER}|",
        "removed|DataBucket|AWS::S3::Bucket|stays at AWS, outside of the "
        "stack"]
    assert "Second is replaced: the new one is empty" in told
    assert "Third may be replaced" in told
    assert "DataBucket is removed from the stack and stays at AWS" in told
    assert asked(cfn, "CreateChangeSet")[0]["ChangeSetType"] == "UPDATE"
    assert cfn.names() == [("sales", "CREATE_COMPLETE")]
    assert not cfn.change_sets and stack.status == "CREATE_COMPLETE"


def test_a_long_value_is_cut_at_a_character(cfn, me):
    cfn.add()
    detail = scripted_cfn.xml_list("Details", [
        "<Target><Name>Description</Name><AfterValue>x" + "é" * 30 +
        "</AfterValue></Target>"])
    cfn.changes = ["<Action>Modify</Action><LogicalResourceId>Cluster"
                   "</LogicalResourceId>" + detail]
    out, _ = me.good(rf"\platform plan sales {POLL}")
    assert "nothing -> x" + "é" * 19 + "...\n" in out


@pytest.mark.parametrize("operation,command", [
    ("DescribeStackEvents", "events"), ("ListStackResources", "status"),
    ("DescribeChangeSet", "plan")])
def test_a_list_that_leads_in_a_circle_is_no_list(cfn, me, operation, command):
    cfn.add()
    answer = getattr(cfn, operation)
    setattr(cfn, operation, lambda asked: answer(
        {**asked, "NextToken": 0}) + "<NextToken>again</NextToken>")
    told = me.bad(rf"\platform {command} sales {POLL}")
    assert f"{operation}: the list does not end" in told
    assert len(asked(cfn, operation)) < 5
    assert not cfn.change_sets


def test_long_values_are_shown_where_they_differ(cfn, me):
    cfn.add()
    old = '[{"Description":"who may connect to the warehouse","CidrIp":"10.0'
    detail = scripted_cfn.xml_list("Details", [
        "<Target><Attribute>Properties</Attribute><Name>Ingress</Name>"
        f"<BeforeValue>{old}.0.0/16\"}}]</BeforeValue>"
        f"<AfterValue>{old.replace('10.0', '10.9')}.0.0/16\"}}]</AfterValue>"
        "</Target>",
        "<Target><Attribute>Properties</Attribute><Name>Long</Name>"
        f"<BeforeValue>a{'x' * 50}</BeforeValue>"
        f"<AfterValue>b{'x' * 50}</AfterValue></Target>"])
    cfn.changes = ["<Action>Modify</Action><LogicalResourceId>Group"
                   "</LogicalResourceId><ResourceType>x</ResourceType>" +
                   detail]
    out, _ = me.good(rf"\platform plan sales {POLL}")
    assert out == ('changed|Group|x|Ingress ...e","CidrIp":"10.0.0.0/16"}] -> '
                   '...e","CidrIp":"10.9.0.0/16"}]; Long a' + "x" * 39 +
                   "... -> b" + "x" * 39 + "...\n")


@pytest.mark.parametrize("reason", [
    "The submitted information didn't contain changes. Submit different "
    "information to create a change set.",
    "No updates are to be performed."])
def test_a_plan_without_change_says_so(cfn, me, reason):
    cfn.add()
    cfn.change_status = ["CREATE_IN_PROGRESS", "FAILED"]
    cfn.change_reason = reason
    for command in (rf"\platform plan sales {POLL}",
                    rf"\platform update sales --yes {POLL}"):
        out, told = me.good(command)
        assert out == "" and "Nothing to change" in told
        assert not cfn.change_sets
    assert "ExecuteChangeSet" not in cfn.operations()


def test_parameters_that_are_missing_are_named(cfn, me):
    me.conf("NodeType = ra3.xlplus")
    told = me.bad(rf"\platform plan sales {POLL}")
    assert "says nothing of AllowedCidr (who may connect)" in told
    assert "CreateChangeSet" not in cfn.operations()


def test_what_has_no_default_stays_as_it_is(cfn, me):
    cfn.add()
    me.conf("nodetype = ra3.xlplus")
    me.good(rf"\platform plan sales {POLL}")
    made_ = asked(cfn, "CreateChangeSet")[0]
    assert made_["Parameters.member.1.ParameterKey"] == "AllowedCidr"
    assert made_["Parameters.member.1.UsePreviousValue"] == "true"
    assert made_["Parameters.member.2.ParameterKey"] == "NodeType"
    assert made_["Parameters.member.2.ParameterValue"] == "ra3.xlplus"


def test_a_change_set_that_fails_is_explained_and_removed(cfn, me):
    cfn.change_status = ["FAILED"]
    cfn.change_reason = ("Template error: Fn::Select cannot select nonexistent "
                         "value at index 2")
    told = me.bad(rf"\platform create sales --yes {POLL}")
    assert "fewer than three zones" in told and "index 2" in told
    assert cfn.names() == [] and not cfn.change_sets


def test_a_template_that_is_refused_names_the_file(cfn, me):
    cfn.failures["ValidateTemplate"] = [Failure(
        "ValidationError", "Template format error: YAML not well-formed. "
        "(line 3, column 7)")]
    told = me.bad(rf"\platform plan sales {POLL}")
    assert "sales/platform.yaml: " in told and "line 3, column 7" in told
    assert "the template" in told or "plan" in told


# --- create ---

def test_create_needs_a_yes_in_scripts(cfn, me):
    told = me.bad(r"\platform create sales")
    assert "nobody is there to be asked" in told and "--yes" in told
    assert cfn.names() == [] and "CreateChangeSet" not in cfn.operations()


def test_create_follows_each_resource_and_saves_the_connection(cfn, me):
    out, told = me.good(rf"\platform create sales --yes {POLL}")
    assert len(out.splitlines()) == 4
    lines = [line for line in told.splitlines()
             if line.startswith("15:09:26")]
    # Ends only, in columns as wide as the longest name.
    assert lines == [f"15:09:26  CREATE_COMPLETE     {name:10}  {type_}"
                     for name, type_ in RESOURCES]
    assert "The stack sales is there (CREATE_COMPLETE)." in told
    assert r"Saved as @sales: \c @sales connects" in told
    saved = me.connections().split("[sales]\n", 2)[-1]
    assert saved.split("\n") == [
        "cluster_identifier = sales-cluster-1",
        "host = sales.abc.eu-west-1.redshift.amazonaws.com", "port = 5439",
        "dbname = sales",
        "copy_role = arn:aws:iam::123456789012:role/sales-CopyRole",
        "iam = true", "db_user = admin", "staging = s3://sales-databucket-1/",
        "region = eu-west-1", "stack = sales", ""]
    assert asked(cfn, "ExecuteChangeSet")[0]["ClientRequestToken"]
    # Nothing else was asked: no password was read.
    assert set(cfn.operations()) <= set(dir(ScriptedCfn))


def test_the_default_role_is_set_once(cfn, me):
    me.good(rf"\platform create sales --yes {POLL}")
    role = "arn:aws:iam::123456789012:role/sales-CopyRole"
    assert cfn.default_role == role
    assert asked(cfn, "ModifyClusterIamRoles") == [
        {"ClusterIdentifier": "sales-cluster-1", "DefaultIamRoleArn": role}]
    # What somebody has chosen stays.
    cfn.default_role = "arn:aws:iam::123456789012:role/other"
    me.good(rf"\platform create sales --yes {POLL}")
    assert len(asked(cfn, "ModifyClusterIamRoles")) == 1


def test_who_may_not_set_the_default_role_is_told_how(cfn, me):
    cfn.failures["ModifyClusterIamRoles"] = [
        Failure("AccessDenied", "not you", 403)]
    _, told = me.good(rf"\platform create sales --yes {POLL}")
    assert "not as IAM_ROLE default" in told
    assert "not you" in told, told
    assert ("aws redshift modify-cluster-iam-roles --cluster-identifier "
            "sales-cluster-1 --default-iam-role-arn "
            "arn:aws:iam::123456789012:role/sales-CopyRole") in told
    assert "[sales]" in me.connections()


def test_clusters_without_end_do_not_hold_it_up(cfn, me):
    answer = cfn.DescribeClusters
    cfn.DescribeClusters = lambda asked: answer(asked) + "<Marker>x</Marker>"
    _, told = me.good(rf"\platform create sales --yes {POLL}")
    assert "DescribeClusters: the list does not end" in told
    assert "[sales]" in me.connections()


def test_outputs_that_are_no_connection_spoil_no_file(cfn, me):
    cfn.add().outputs = {"ConnectionHost": "h" * (1 << 20)}
    assert "would be longer than" in me.bad(r"\platform create sales --yes")
    assert me.connections() == ""
    cfn.stacks[0].outputs = {"ConnectionHost": "h", "DataBucket": ""}
    me.good(r"\platform create sales --yes", r"\connections")
    assert "staging" not in me.connections().split("\n[sales]\n")[1]


def test_a_long_name_pushes_no_other_away(cfn, me):
    cfn.script.insert(1, ("x" * 3000, RESOURCES[0][1], "CREATE_COMPLETE", ""))
    cfn.changes = ["<Action>Add</Action><LogicalResourceId>" + "x" * 3000 +
                   "</LogicalResourceId>"]
    _, told = me.good(rf"\platform create sales --yes {POLL}")
    assert max(len(line) for line in told.splitlines()
               if "x" * 3000 not in line) < 200


def test_every_event_is_told_once_over_pages(cfn, me):
    cfn.page, cfn.step = 1, 5
    _, told = me.good(rf"\platform create sales --yes {POLL}")
    lines = [line for line in told.splitlines() if line.startswith("15:09:26")]
    assert [line.split()[1:3] for line in lines] == [
        ["CREATE_COMPLETE", name] for name, _ in RESOURCES]


def test_what_takes_long_is_told_once_while_it_does(cfn, me):
    steps = made()
    slow = steps.index(("Cluster", CLUSTER, "CREATE_COMPLETE", ""))
    cfn.script = steps[:slow] + [
        ("Cluster", CLUSTER, "CREATE_IN_PROGRESS", "Resource creation "
         "Initiated")] * 12 + steps[slow:]
    _, told = me.good(rf"\platform create sales --yes {POLL}")
    lines = [line.split()[1:] for line in told.splitlines()
             if line.startswith("15:09:26")]
    assert lines == [["CREATE_COMPLETE", name, type_]
                     for name, type_ in RESOURCES[:-1]] + [
        ["CREATE_IN_PROGRESS", "Cluster", CLUSTER],
        ["CREATE_COMPLETE", "Cluster", CLUSTER]]


def test_create_again_is_no_error_and_saves_the_connection(cfn, me):
    cfn.add()
    _, told = me.good(rf"\platform create sales --yes {POLL}")
    assert "is there already (CREATE_COMPLETE)" in told
    assert "[sales]" in me.connections()
    assert "CreateChangeSet" not in cfn.operations()


def test_a_connection_of_another_origin_is_left_alone(cfn, me):
    path = me.folder / ".config/redsh"
    path.mkdir(parents=True)
    (path / "connections.conf").write_text("[sales]\nhost = elsewhere\n")
    cfn.add()
    _, told = me.good(rf"\platform create sales {POLL}")
    assert "there is a connection @sales already that is not of this" in told
    assert me.connections() == "[sales]\nhost = elsewhere\n"


def test_a_connection_of_the_same_stack_is_renewed(cfn, me):
    path = me.folder / ".config/redsh"
    path.mkdir(parents=True)
    (path / "connections.conf").write_text(
        "# mine\n[a]\nhost = a\n\n[sales]\nhost = old\nstack = sales\n\n"
        "# of b\n[b]\nhost = b\n")
    cfn.add()
    me.good(rf"\platform create sales {POLL}")
    text = me.connections()
    assert text.startswith("# mine\n[a]\nhost = a\n\n# of b\n[b]\nhost = b\n")
    assert "host = old" not in text and text.count("[sales]") == 1


def write_connection(me, *lines):
    path = me.folder / ".config/redsh"
    path.mkdir(parents=True)
    text = "\n".join(["[sales]", *lines]) + "\n"
    (path / "connections.conf").write_text(text)
    return text


@pytest.mark.parametrize("lines", [
    ["host = mine", "stack = sales", "region = us-east-1"],
    ["host = mine", "stack = sales", "region = eu-west-1",
     "copy_role = arn:aws:iam::999999999999:role/x"],
    ["host = mine", "stack = sales", "profile = other",
     "copy_role = arn:aws:iam::999999999999:role/x"]])
def test_the_stack_of_another_region_or_account_keeps_its_connection(
        cfn, me, lines):
    text = write_connection(me, *lines)
    cfn.add()
    cfn.script = gone()
    _, told = me.good(rf"\platform create sales {POLL}")
    assert "that is not of this" in told and me.connections() == text
    me.good(rf"\platform delete sales --yes sales {POLL}")
    assert me.connections() == text


def test_a_stack_that_is_not_there_forgets_none_of_another_profile(cfn, me):
    text = write_connection(me, "host = mine", "stack = sales",
                            "profile = prod")
    me.good(rf"\platform delete sales --yes sales {POLL}")
    assert me.connections() == text


def test_what_the_person_wrote_beside_it_stays(cfn, me):
    write_connection(me, "host = old", "stack = sales", "production = true",
                     "application_name = mine")
    cfn.add()
    me.good(rf"\platform create sales {POLL}")
    text = me.connections()
    assert "host = sales.abc" in text and "application_name = mine" in text
    assert "production = true" in text and "host = old" not in text


def test_a_password_in_the_file_is_neither_lost_nor_told(cfn, me):
    text = write_connection(me, "host = old", "stack = sales",
                            "password = Hidden4711")
    cfn.add()
    out, told = me.good(rf"\platform create sales {POLL}")
    assert "holds a password and stays as it is" in told
    assert me.connections() == text and "Hidden4711" not in out + told


def test_a_secret_parameter_stays_and_is_never_shown(cfn, me):
    cfn.add()
    cfn.parameters = scripted_cfn.PARAMETERS + [("Pin", "none", "a secret")]
    cfn.secrets = ["Pin"]
    cfn.stacks[0].parameters["Pin"] = "****"
    me.good(rf"\platform plan sales {POLL}")
    made_ = asked(cfn, "CreateChangeSet")[0]
    assert made_["Parameters.member.2.ParameterKey"] == "Pin"
    assert made_["Parameters.member.2.UsePreviousValue"] == "true"
    me.conf("AllowedCidr = 10.0.0.0/16", "Pin = Hidden4711")
    detail = scripted_cfn.xml_list("Details", [
        "<Target><Attribute>Properties</Attribute><Name>Code</Name>"
        "<BeforeValue>Hid</BeforeValue><AfterValue>Hidden4711</AfterValue>"
        "</Target>",
        "<Target><Attribute>Properties</Attribute><Name>Code</Name>"
        "</Target><ChangeSource>ParameterReference</ChangeSource>"
        "<CausingEntity>Pin</CausingEntity>",
        "<Target><Attribute>Properties</Attribute>"
        "<Name>MasterUserPassword</Name><AfterValue>Hidden4711</AfterValue>"
        "</Target>"])
    cfn.changes = ["<Action>Modify</Action><LogicalResourceId>Cluster"
                   "</LogicalResourceId><ResourceType>x</ResourceType>" +
                   detail]
    out, told = me.good(rf"\platform plan sales {POLL}")
    assert asked(cfn, "CreateChangeSet")[1][
        "Parameters.member.2.ParameterValue"] == "Hidden4711"
    assert "Hid" not in out + told
    assert "Code (not shown) (Pin); MasterUserPassword (not shown)" in out


def test_a_stack_changed_by_somebody_else_is_planned_anew(cfn, me):
    cfn.add()
    cfn.failures["ExecuteChangeSet"] = [Failure(
        "InvalidChangeSetStatus", "ChangeSet [x] cannot be executed in its "
        "current status of [OBSOLETE]")]
    told = me.bad(rf"\platform update sales --yes {POLL}")
    assert "somebody has changed the stack" in told
    assert r"\platform update makes a new plan" in told
    assert not cfn.change_sets


def test_work_that_does_not_show_yet_is_not_taken_for_done(cfn, me):
    """Without events, and the state of before for two looks more."""
    stack = cfn.add()
    cfn.failures["DescribeStackEvents"] = [Failure(
        "AccessDenied", "not you", 403)] * 9
    cfn.script = [(None, None, "CREATE_COMPLETE", "")] * 2 + failed(
        "Cluster", "no capacity", "UPDATE")
    told = me.bad(rf"\platform update sales --yes {POLL}")
    assert "(UPDATE_ROLLBACK_COMPLETE)" in told
    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"


def test_update_changes_and_ends_well(cfn, me):
    cfn.add()
    cfn.script = made("UPDATE")
    out, told = me.good(rf"\platform update sales --yes {POLL}")
    assert "The stack sales is there, changed (UPDATE_COMPLETE)." in told
    assert "nobody is there" in me.bad(r"\platform update sales")


def test_update_of_none_names_create(cfn, me):
    told = me.bad(r"\platform update sales --yes")
    assert "there is no stack sales to change" in told
    assert r"\platform create" in told


# --- what is shown ---

def test_status_events_and_outputs_are_rows(cfn, me):
    me.good(rf"\platform create sales --yes {POLL}")
    cfn.page = 3
    out, told = me.good(r"\platform status sales")
    assert out.splitlines()[3] == (f"Cluster|{CLUSTER}|CREATE_COMPLETE|"
                                   "sales-cluster-1")
    assert "sales is there (CREATE_COMPLETE), since 2026-03-14" in told
    assert "differs" not in told
    # Each piece of work once; every event with --all.
    out, _ = me.good(r"\platform events sales")
    assert out.splitlines() == [
        f"2026-03-14 15:09:26|{name}|{type_}|CREATE_COMPLETE|0 s|"
        for name, type_ in RESOURCES + [
            ("sales", "AWS::CloudFormation::Stack")]]
    out, _ = me.good(r"\platform events sales --all")
    assert len(out.splitlines()) == 11
    assert "|sales|AWS::CloudFormation::Stack|REVIEW_IN_PROGRESS|User" in \
        out.splitlines()[0]
    assert out.splitlines()[1] == (
        "2026-03-14 15:09:26|sales|AWS::CloudFormation::Stack|"
        "CREATE_IN_PROGRESS|User Initiated")
    out, _ = me.good(r"\platform outputs sales --set p_",
                     r"\echo :p_ClusterIdentifier")
    assert out == "sales-cluster-1\n"
    assert "no beginning of a variable" in me.bad(
        r"\platform outputs sales --set 'a b'")
    out, _ = me.good(r"\platform outputs sales")
    assert "ClusterIdentifier|sales-cluster-1\n" in out and "what" not in out
    out, _ = me.good(r"\platform outputs sales --describe")
    assert "ClusterIdentifier|sales-cluster-1|what ClusterIdentifier" in out
    out, _ = me.good(r"\x on", r"\platform outputs sales")
    assert "Description|what ClusterIdentifier" in out
    assert r"\platform status takes no --set" in me.bad(
        r"\platform status sales --set a")
    with open(me.folder / "sales/platform.yaml", "a", encoding="utf-8") as file:
        file.write("# changed\n")
    _, told = me.good(r"\platform status sales")
    assert "The template differs from what is deployed" in told
    for command in ("status", "events", "outputs"):
        cfn.stacks.clear()
        assert "there is no stack sales in eu-west-1" in me.bad(
            rf"\platform {command} sales")


def test_outputs_do_not_become_what_the_shell_obeys(cfn, me):
    cfn.add().outputs = {"ROMPT1": "%`touch owned`", "LACE": "here"}
    out, told = me.good(r"\platform outputs sales --set P",
                        r"\echo :PROMPT1 :PLACE")
    assert "touch" not in out and out.endswith(" here\n")
    assert "the output ROMPT1 is left out" in told


# --- failures: the first true cause ---

CAUSES = [
    ("DataBucket", handler("sales already exists", "AlreadyExists"),
     "the bucket's name is taken", "take BucketName out"),
    ("Network", handler("The maximum number of VPCs has been reached.",
                        "ServiceLimitExceeded"),
     "as many networks (VPCs) in this region as it may", "L-F678F1CE"),
    ("Cluster", handler(DENIED.format(
        "redshift:CreateCluster",
        "arn:aws:redshift:eu-west-1:123456789012:cluster:x"), "AccessDenied"),
     "may not redshift:CreateCluster",
     '"Action": "redshift:CreateCluster", "Resource": '
     '"arn:aws:redshift:eu-west-1:123456789012:cluster:x"'),
    ("CopyRole", DENIED.format("iam:CreateRole", "arn:aws:iam::1:role/x"),
     "may not iam:CreateRole", '"Resource": "arn:aws:iam::1:role/x"'),
    ("Cluster", handler("InsufficientClusterCapacity: no nodes"),
     "the node type is not to be had", "choose another NodeType"),
    ("Cluster", handler("NumberOfNodesQuotaExceeded"),
     "as many nodes or clusters", "NumberOfNodes in platform.conf"),
    ("Cluster", handler("The secret redshift!sales-admin is already scheduled "
                        "for deletion"),
     "waiting to be deleted and keeps its name", "restore-secret"),
    ("Cluster", handler("Invalid parameter: DBName must be lowercase",
                        "InvalidRequest"),
     "a value is not taken", "change it in platform.conf"),
    ("Network", "something that nobody has ever said",
     "something that nobody has ever said", "platform delete sales"),
]


@pytest.mark.parametrize("name,reason,words,cure", CAUSES)
def test_a_failure_tells_its_first_true_cause(cfn, me, name, reason, words,
                                              cure):
    cfn.script = failed(name, reason)
    told = me.bad(rf"\platform create sales --yes {POLL}")
    error = told[told.rindex("the stack sales could not be made"):]
    assert f"{name} ({dict(RESOURCES)[name]}): " in error and words in error
    assert cure in error and "cancelled" not in error
    assert "RequestToken" not in error and "Request ID" not in error
    assert r"\platform delete sales, then \platform create sales" in error
    # events says it once more, after the rows
    out, told = me.good(r"\platform events sales")
    assert f"The cause is {name}: " in told and words in told
    first = out.splitlines()[0]
    assert f"|{name}|{dict(RESOURCES)[name]}|CREATE_FAILED|" in first
    assert "RequestToken" not in out and "cancelled" not in first
    assert not me.connections()


@pytest.mark.parametrize("name", [name for name, _ in RESOURCES])
def test_an_update_that_fails_at_any_resource_is_told(cfn, me, name):
    cfn.add()
    cfn.script = failed(name, handler("Rate exceeded"), "UPDATE")
    told = me.bad(rf"\platform update sales --yes {POLL}")
    assert "could not be changed and is what it was" in told
    assert f"{name} ({dict(RESOURCES)[name]}): AWS was asked for" in told


def test_causes_of_older_operations_are_not_blamed(cfn, me):
    cfn.add()
    cfn.script = failed("Network", "the old cause", "UPDATE")
    me.bad(rf"\platform update sales --yes {POLL}")
    cfn.script = failed("Cluster", "the new cause", "UPDATE")
    told = me.bad(rf"\platform update sales --yes {POLL}")
    assert "the new cause" in told and "the old cause" not in told
    out, told = me.good(r"\platform events sales")
    assert "the new cause" in told and "the old cause" not in out + told


def test_a_way_back_that_fails_is_told_as_well(cfn, me):
    cfn.add()
    steps = failed("Cluster", "no capacity at all", "UPDATE")
    steps = steps[:-1] + [
        ("Network", "AWS::EC2::VPC", "UPDATE_FAILED",
         "The vpc 'vpc-1' has dependencies and cannot be deleted"),
        (None, None, "UPDATE_ROLLBACK_FAILED", "The following resource(s) "
         "failed to update: [Network].")]
    cfn.script = steps
    told = me.bad(rf"\platform update sales --yes {POLL}")
    assert "the way back failed too: Network (AWS::EC2::VPC): something" in told
    assert "(UPDATE_ROLLBACK_FAILED): Cluster" in told
    assert "goes on with the way back, with --skip RESOURCE" in told


# --- stacks found in every state ---

FOUND = [   # state, command, what is told, the next step
    ("CREATE_FAILED", "create", "left half made", r"\platform delete sales"),
    ("ROLLBACK_COMPLETE", "create", "the empty stack is left",
     r"\platform delete sales, then \platform create sales"),
    ("ROLLBACK_FAILED", "create", "not all that was made could be removed",
     r"\platform delete sales"),
    ("DELETE_FAILED", "create", "could not be deleted as a whole", "--retain"),
    ("DELETE_IN_PROGRESS", "create", "is being deleted",
     r"\platform delete sales follows it"),
    ("UPDATE_ROLLBACK_FAILED", "create", "the way back failed too",
     r"\platform update sales goes on"),
    ("IMPORT_ROLLBACK_FAILED", "update", "could not take resources in",
     "put right what the events name"),
    ("CREATE_FAILED", "update", "left half made", r"\platform delete sales"),
    ("ROLLBACK_COMPLETE", "update", "the empty stack is left",
     r"\platform delete sales"),
    ("UPDATE_IN_PROGRESS", "plan", "is being changed",
     r"\platform update sales follows it"),
    ("CREATE_IN_PROGRESS", "plan", "is being made",
     r"\platform create sales follows it"),
    ("UPDATE_ROLLBACK_FAILED", "plan", "the way back failed too",
     r"\platform update sales goes on"),
    ("UPDATE_IN_PROGRESS", "delete --yes sales", "is being changed",
     r"\platform update sales follows it"),
    ("ROLLBACK_IN_PROGRESS", "delete --yes sales", "is being removed",
     r"\platform create sales follows it"),
    ("SOMETHING_NEW", "update", "a state that is not known here",
     "look at it in the console"),
]


@pytest.mark.parametrize("state,command,told,following", FOUND)
def test_a_stack_in_that_state_is_told_what_to_do(cfn, me, state, command,
                                                  told, following):
    cfn.add(status=state)
    verb, _, rest = command.partition(" ")
    yes = "--yes" if verb in ("create", "update") else ""
    text = me.bad(rf"\platform {verb} sales {rest} {yes} {POLL}")
    assert told in text and f"({state})" in text and following in text
    assert not {"CreateChangeSet", "DeleteStack"} & set(cfn.operations())
    _, text = me.good(r"\platform status sales")
    assert told in text and following in text


@pytest.mark.parametrize("state", [
    "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE", "UPDATE_FAILED", "CREATE_COMPLETE"])
def test_a_stack_that_rests_can_be_updated(cfn, me, state):
    cfn.add(status=state)
    cfn.script = made("UPDATE")
    me.good(rf"\platform update sales --yes {POLL}")
    assert cfn.names() == [("sales", "UPDATE_COMPLETE")]


def test_an_empty_stack_under_review_is_as_good_as_none(cfn, me):
    cfn.add(status="REVIEW_IN_PROGRESS")
    me.good(rf"\platform plan sales {POLL}")
    # it was there before: it stays
    assert cfn.names() == [("sales", "REVIEW_IN_PROGRESS")]
    me.good(rf"\platform create sales --yes {POLL}")
    assert cfn.names() == [("sales", "CREATE_COMPLETE")]


@pytest.mark.parametrize("verb,state,script", [
    ("create", "CREATE_IN_PROGRESS", made()),
    ("update", "UPDATE_IN_PROGRESS", made("UPDATE")),
    ("create", "UPDATE_IN_PROGRESS", made("UPDATE")),
    ("update", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", made("UPDATE")[-2:]),
    ("update", "IMPORT_IN_PROGRESS", [
        (None, None, "IMPORT_IN_PROGRESS", "User Initiated"),
        (None, None, "IMPORT_COMPLETE", "")])])
def test_what_somebody_else_began_is_followed(cfn, me, verb, state, script):
    cfn.add(status=state, steps=script)
    _, told = me.good(rf"\platform {verb} sales {POLL}")
    assert f"({state}); following that." in told
    assert "[sales]" in me.connections()
    assert "CreateChangeSet" not in cfn.operations()


def test_what_is_followed_may_fail(cfn, me):
    cfn.add(status="CREATE_IN_PROGRESS",
            steps=failed("Cluster", "no capacity", end="ROLLBACK_FAILED"))
    told = me.bad(rf"\platform create sales {POLL}")
    assert "(ROLLBACK_FAILED): Cluster" in told and "no capacity" in told


def test_update_goes_on_with_a_way_back_that_failed(cfn, me):
    cfn.add(status="UPDATE_ROLLBACK_FAILED")
    cfn.script = [
        (None, None, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated"),
        ("Cluster", CLUSTER, "UPDATE_COMPLETE", ""),
        (None, None, "UPDATE_ROLLBACK_COMPLETE", "")]
    _, told = me.good(rf"\platform update sales --yes --skip A,B {POLL}")
    assert "is what it was before the update that failed" in told
    said = asked(cfn, "ContinueUpdateRollback")[0]
    assert said["ResourcesToSkip.member.1"] == "A"
    assert said["ResourcesToSkip.member.2"] == "B"
    assert said["ClientRequestToken"]


# --- delete ---

def gone(*skipped):
    steps = [(None, None, "DELETE_IN_PROGRESS", "User Initiated")]
    for name, type_ in reversed(RESOURCES):
        steps.append((name, type_, "DELETE_SKIPPED" if name in skipped
                      else "DELETE_COMPLETE", ""))
    return steps + [(None, None, "DELETE_COMPLETE", "")]


KEEPS = ("Resources:\n  Network:\n    Type: x\n  DataBucket:\n"
         "    Type: AWS::S3::Bucket\n    # it stays\n"
         "    DeletionPolicy: Retain\n  CopyRole:\n    Type: y\n  Cluster:\n"
         "    DeletionPolicy: Snapshot\n")


def test_delete_by_name_tells_what_goes_and_what_stays(cfn, me):
    me.good(rf"\platform create sales --yes {POLL}")
    cfn.stacks[0].template = KEEPS
    cfn.script = gone("DataBucket")
    out, told = me.good(rf"\platform delete sales --yes sales {POLL}")
    assert [line.split("|")[::2] for line in out.splitlines()] == [
        ["Network", "goes"], ["DataBucket", "stays"], ["CopyRole", "goes"],
        ["Cluster", "goes; a last snapshot stays"]]
    assert "s3://sales-databucket-1 stays; S3 bills by the month" in told
    assert "A last snapshot of the warehouse stays" in told
    assert "DataBucket (AWS::S3::Bucket) stays: sales-databucket" in told
    assert "The connection @sales is forgotten." in told
    assert "[sales]" not in me.connections().replace("# [sales]", "")
    assert cfn.names() == []
    assert asked(cfn, "DeleteStack")[0]["ClientRequestToken"]


def test_a_snapshot_of_what_is_gone_already_is_not_told_of(cfn, me):
    stack = cfn.add(status="ROLLBACK_COMPLETE")
    stack.template = KEEPS
    stack.resources["Cluster"] = (CLUSTER, "DELETE_COMPLETE")
    cfn.script = gone()
    out, told = me.good(rf"\platform delete sales --yes sales {POLL}")
    assert "Cluster|" in out and "is gone" in out
    assert "snapshot" not in out + told


def test_delete_of_an_empty_stack_under_review(cfn, me):
    cfn.add(status="REVIEW_IN_PROGRESS").resources = {}
    cfn.stacks[0].outputs = {}
    out, told = me.good(rf"\platform delete sales --yes sales {POLL}")
    assert out == "" and "The stack sales has no resources." in told
    assert "The stack sales is deleted." in told and cfn.names() == []
    assert "not known" not in told


FLOW = "Resources:\n  DataBucket: {Type: x, DeletionPolicy: Retain}\n"
JSON = ('{"Resources": {"DataBucket": {"Type": "x", "DeletionPolicy": '
        '"Retain"}, "Cluster": {"DeletionPolicy": {"Ref": "P"}}, '
        '"Network": {}}}')


def test_what_stays_is_not_told_by_a_guess(cfn, me):
    cfn.add().template = FLOW
    cfn.script = gone("DataBucket")
    out, told = me.good(rf"\platform delete sales --yes sales {POLL}")
    assert {line.split("|")[2] for line in out.splitlines()} == {"not known"}
    assert "what stays cannot be read from the template" in told
    assert "s3://sales-databucket-1: unless its DeletionPolicy keeps" in told
    assert "DataBucket (AWS::S3::Bucket) stays" in told


def test_what_stays_is_read_from_json(cfn, me):
    cfn.add().template = JSON
    cfn.script = gone("DataBucket")
    out, told = me.good(rf"\platform delete sales --yes sales {POLL}")
    assert [line.split("|")[::2] for line in out.splitlines()] == [
        ["Network", "goes"], ["DataBucket", "stays"],
        ["CopyRole", "not known"], ["Cluster", "not known"]]
    assert "s3://sales-databucket-1 stays; S3 bills" in told


def test_a_template_that_may_not_be_read_is_told(cfn, me):
    cfn.add()
    cfn.script = gone()
    cfn.failures["GetTemplate"] = [Failure("AccessDenied", "not you", 403)]
    out, told = me.good(rf"\platform delete sales --yes sales {POLL}")
    assert {line.split("|")[2] for line in out.splitlines()} == {"not known"}
    assert "template that is deployed: " in told and "not you" in told


def test_a_bucket_that_is_not_the_stacks_is_never_emptied(cfn, me):
    stack = cfn.add()
    stack.template = KEEPS
    stack.outputs["DataBucket"] = "shared-lake"
    stack.resources = {"Network": ("AWS::EC2::VPC", "CREATE_COMPLETE")}
    cfn.script = [(None, None, "DELETE_IN_PROGRESS", "User Initiated"),
                  (None, None, "DELETE_COMPLETE", "")]
    _, told = me.good(
        rf"\platform delete sales --yes sales --with-data {POLL}")
    assert "shared-lake" not in told and cfn.names() == []


@pytest.mark.parametrize("words,told", [
    ("sales", "a platform is deleted by its name only"),
    ("sales --yes", "a platform is deleted by its name only"),
    ("sales --yes other", "the stack is sales, not other")])
def test_delete_without_the_name_is_refused(cfn, me, words, told):
    cfn.add()
    text = me.bad(rf"\platform delete {words}")
    assert told in text and r"\platform delete sales --yes sales" in text
    assert "DeleteStack" not in cfn.operations()


def test_delete_in_its_own_folder_takes_the_name_alone(cfn, me):
    cfn.add()
    cfn.script = gone()
    me.folder = me.folder / "sales"
    me.good(rf"\platform delete --yes sales {POLL}")
    assert cfn.names() == []


def test_delete_of_what_is_not_there_is_no_error(cfn, me):
    _, told = me.good(r"\platform delete sales --yes sales")
    assert "There is no stack sales: nothing to delete." in told


def test_a_protected_stack_is_not_deleted(cfn, me):
    cfn.add().protected = True
    told = me.bad(r"\platform delete sales --yes sales")
    assert "protected against deletion" in told
    assert "update-termination-protection" in told
    assert "DeleteStack" not in cfn.operations()


def test_a_deletion_that_fails_is_told_and_retained(cfn, me):
    cfn.add()
    cfn.script = [
        (None, None, "DELETE_IN_PROGRESS", "User Initiated"),
        ("Network", "AWS::EC2::VPC", "DELETE_FAILED", handler(
            "The vpc 'vpc-1' has dependencies and cannot be deleted.")),
        (None, None, "DELETE_FAILED", "The following resource(s) failed to "
         "delete: [Network].")]
    told = me.bad(rf"\platform delete sales --yes sales {POLL}")
    assert "Network (AWS::EC2::VPC): something that the stack did not" in told
    assert "with --retain it leaves alone" in told
    cfn.script = gone("Network")
    out, _ = me.good(rf"\platform delete sales --yes sales --retain {POLL}")
    assert ("Network|AWS::EC2::VPC|stays at AWS, outside of the stack: "
            "sales-network-1") in out
    assert asked(cfn, "DeleteStack")[1]["RetainResources.member.1"] == \
        "Network"


def test_retain_is_for_deletions_that_failed(cfn, me):
    cfn.add()
    assert "--retain is for a stack" in me.bad(
        r"\platform delete sales --yes sales --retain")


def test_a_deletion_under_way_is_followed(cfn, me):
    cfn.add(status="DELETE_IN_PROGRESS", steps=gone())
    _, told = me.good(rf"\platform delete sales {POLL}")
    assert "The stack sales is deleted." in told


def test_a_stack_that_is_being_made_may_be_deleted(cfn, me):
    cfn.add(status="CREATE_IN_PROGRESS")
    cfn.script = gone()
    me.good(rf"\platform delete sales --yes sales {POLL}")
    assert cfn.names() == []


# --- what AWS refuses on the way ---

def test_throttling_is_waited_for(cfn, me):
    slow = [Failure("Throttling", "Rate exceeded")] * 4 + [None]
    cfn.failures = {"DescribeStackEvents": [None] + slow}
    me.env["AWS_MAX_ATTEMPTS"] = "1"
    me.good(rf"\platform create sales --yes {POLL}")
    assert not cfn.failures["DescribeStackEvents"]
    assert cfn.names() == [("sales", "CREATE_COMPLETE")]


def test_credentials_that_end_say_that_the_work_goes_on(cfn, me):
    cfn.failures = {"DescribeStacks": [None, None] + [Failure(
        "ExpiredToken", "The security token included in the request is "
        "expired", 403)] * 9}
    told = me.bad(rf"\platform create sales --yes {POLL}")
    assert "goes on at AWS, but it cannot be followed" in told
    assert "credentials have expired" in told
    cfn.failures.clear()
    me.good(rf"\platform create sales {POLL}")
    assert "[sales]" in me.connections()


def test_events_that_may_not_be_read_do_not_end_the_watching(cfn, me):
    cfn.failures = {"DescribeStackEvents": [Failure(
        "AccessDenied", DENIED.format("cloudformation:DescribeStackEvents",
                                      "*"), 403)] * 9}
    _, told = me.good(rf"\platform create sales --yes {POLL}")
    assert told.count("not authorized to perform: "
                      "cloudformation:DescribeStackEvents") == 1
    assert "The stack sales is there" in told


@pytest.mark.parametrize("operation", ["DescribeStacks", "ValidateTemplate",
                                       "CreateChangeSet", "ExecuteChangeSet"])
def test_a_right_that_is_missing_is_named(cfn, me, operation):
    cfn.failures = {operation: [Failure("AccessDenied", DENIED.format(
        "cloudformation:" + operation, "*"), 403)] * 9}
    told = me.bad(rf"\platform create sales --yes {POLL}")
    assert f'"Action": "cloudformation:{operation}"' in told
    assert cfn.names() == [] and not cfn.change_sets


def test_a_template_that_is_too_large_needs_a_place(cfn, me):
    with open(me.folder / "sales/platform.yaml", "a", encoding="utf-8") as file:
        file.write("# " + "x" * 30000 + "\n")
    told = me.bad(rf"\platform plan sales {POLL}")
    assert "CloudFormation takes 51200 in a request" in told
    assert "upload = s3://BUCKET/FOLDER/" in told
    assert not asked(cfn, "ValidateTemplate")


# --- Ctrl-C ---

PHASES = ["DescribeStacks", "ValidateTemplate", "CreateChangeSet",
          "DescribeChangeSet", "ExecuteChangeSet", "DescribeStackEvents",
          "watching"]


def interrupt(me, cfn, command, operation):
    """Ctrl-C while the operation waits; what was said."""
    hold = cfn.holds[operation] = threading.Event()
    cfn.reached.clear()
    process = me.start(command)
    assert cfn.reached.wait(60)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=60)[1]
    del cfn.holds[operation]
    hold.set()
    assert process.returncode != 0
    return told


@pytest.mark.parametrize("operation", PHASES[:4])
def test_ctrl_c_before_the_work_leaves_nothing(cfn, me, operation):
    told = interrupt(me, cfn, rf"\platform create sales --yes {POLL}",
                     operation)
    assert "goes on at AWS" not in told
    if operation in ("DescribeStacks", "ValidateTemplate"):
        assert cfn.names() == []
    # The next command takes it up, whatever was left.
    me.good(rf"\platform create sales --yes {POLL}")
    assert cfn.names() == [("sales", "CREATE_COMPLETE")]


def test_ctrl_c_while_it_is_planned_takes_the_stack_away(cfn, me):
    told = interrupt(me, cfn, rf"\platform plan sales {POLL}",
                     "DescribeChangeSet")
    assert "nothing of the plan is left" in told
    assert cfn.names() == [] and not cfn.change_sets


def test_ctrl_c_while_it_is_followed_ends_the_watching_only(cfn, me):
    told = interrupt(me, cfn, rf"\platform create sales --yes {POLL}",
                     "DescribeStackEvents")
    if "goes on at AWS" not in told:    # before the change set was executed
        assert "nothing of the plan is left" in told
    assert "DeleteStack" not in cfn.operations() or cfn.names() == []
    me.good(rf"\platform create sales --yes {POLL}")
    assert cfn.names() == [("sales", "CREATE_COMPLETE")]


def test_ctrl_c_when_the_work_has_begun_names_the_next_command(cfn, me):
    cfn.add(status="CREATE_IN_PROGRESS", steps=made())
    told = interrupt(me, cfn, rf"\platform create sales {POLL}",
                     "DescribeStackEvents")
    assert "the work on the stack sales goes on at AWS" in told
    assert r"\platform create sales follows it again" in told
    assert r"\platform status sales tells how it stands" in told
    me.good(rf"\platform create sales {POLL}")
    assert "[sales]" in me.connections()


def test_ctrl_c_when_it_is_executed_says_that_it_may_have_begun(cfn, me):
    told = interrupt(me, cfn, rf"\platform create sales --yes {POLL}",
                     "ExecuteChangeSet")
    assert "the work may have begun" in told
    assert "DeleteStack" not in cfn.operations()


def test_ctrl_c_while_it_is_deleted_is_taken_up(cfn, me):
    cfn.add()
    cfn.script = gone()
    told = interrupt(me, cfn, rf"\platform delete sales --yes sales {POLL}",
                     "DeleteStack")
    assert "cancelled" in told and "the deletion may have begun" in told
    me.good(rf"\platform delete sales --yes sales {POLL}")
    assert cfn.names() == []


# --- Tab ---

def test_tab_offers_verbs_and_folders(me):
    def offered(text):
        done = subprocess.run([os.environ["REDSH"], "-X", "--complete", text],
                              capture_output=True, text=True, check=True,
                              env=me.env, cwd=me.folder,
                              stdin=subprocess.DEVNULL)
        return re.findall(r"^\S+", done.stdout, re.M)

    assert set(offered(r"\platform ")) == {
        "init", "plan", "create", "update", "status", "events", "outputs",
        "delete"}
    assert any("sales" in one for one in offered(r"\platform plan s"))
    assert "--with-data" in offered(r"\platform delete --w")
