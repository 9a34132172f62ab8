"""What \\copyfrom and \\copyto look at before the server is asked, and what is
said of the same refusal afterwards: each failure of the sandbox's roles,
rights, regions and keys once before the statement, which is not sent, and once
with --no-check; and what is told to do, done word by word, mends it."""

import http.client
import http.server
import json
import os
import re
import shlex
import subprocess
import threading
import urllib.parse

import boto3
import botocore.session
import psycopg2
import pytest

from redshift_loads import REGION, ROLE, Loads
from sandbox_server import Sandbox

REDSH = os.path.abspath(os.environ["REDSH"])
KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
CSV = b"id,name\n1,Anna\n2,Bert\n"


class Shell:
    """redsh in a sandbox, and the AWS services of that sandbox."""

    def __init__(self, env, home):
        self.env = env
        self.home = home

    def client(self, service, region=REGION):
        return boto3.client(
            service, endpoint_url=self.env["AWS_ENDPOINT_URL"],
            aws_access_key_id=self.env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.env["AWS_SECRET_ACCESS_KEY"],
            region_name=region)

    def run(self, *lines, **more):
        env = {"PATH": os.environ["PATH"], "HOME": str(self.home),
               "LC_ALL": "C.UTF-8", "AWS_EC2_METADATA_DISABLED": "true",
               **{name: os.environ[name]
                  for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE")
                  if name in os.environ},
               **self.env, **more}
        done = subprocess.run([REDSH, "-X"], input="\n".join(lines) + "\n",
                              capture_output=True, text=True, env=env,
                              cwd=self.home, check=False)
        return done.stdout + done.stderr

    # --- doing what is told ---

    def follow(self, said):
        """Carries out the lines of the aws CLI and the policies in said."""
        policy = re.search(r"^\{\n.*?^\}$", said, re.M | re.S)
        said = said.replace("\\\n", " ")
        for line in re.findall(r"aws [a-z-]+ [a-z-]+ [^\n]*", said):
            words = shlex.split(line)
            args = {}
            for word in words[3:]:
                if word.startswith("--"):
                    name = word[2:]
                    args[name] = []
                else:
                    args[name].append(word)
            getattr(self, words[2].replace("-", "_"))(
                policy.group() if policy else None,
                **{name.replace("-", "_"): value
                   for name, value in args.items()})

    def modify_cluster_iam_roles(self, _, cluster_identifier, add_iam_roles):
        self.client("redshift").modify_cluster_iam_roles(
            ClusterIdentifier=cluster_identifier[0],
            AddIamRoles=add_iam_roles)

    def update_namespace(self, _, namespace_name, iam_roles):
        self.client("redshift-serverless").update_namespace(
            namespaceName=namespace_name[0], iamRoles=iam_roles)

    def put_role_policy(self, policy, role_name, policy_name,
                        policy_document):
        assert policy_document == ["file://policy.json"]
        self.client("iam").put_role_policy(
            RoleName=role_name[0], PolicyName=policy_name[0],
            PolicyDocument=policy)

    def update_assume_role_policy(self, policy, role_name, policy_document):
        assert policy_document == ["file://trust.json"]
        trust = self.client("iam").get_role(RoleName=role_name[0])["Role"][
            "AssumeRolePolicyDocument"]
        trust["Statement"] += json.loads(policy)["Statement"]
        self.client("iam").update_assume_role_policy(
            RoleName=role_name[0], PolicyDocument=json.dumps(trust))

    def enable_key(self, _, key_id):
        self.client("kms").enable_key(KeyId=key_id[0].rstrip(","))


class Cluster(Shell):
    def __init__(self, home):
        self.loads = Loads()
        super().__init__(self.loads.env, home)
        self.loads.put("raw/a.csv", CSV)
        (home / "a.csv").write_bytes(CSV)
        self.loads.s3.put_object(
            Bucket="lake", Key="enc/a.csv", Body=CSV,
            ServerSideEncryption="aws:kms", SSEKMSKeyId=KEY)
        self.client("s3", "eu-west-1").put_object(
            Bucket="lake-eu", Key="raw/a.csv", Body=CSV)
        self.loads.run("create table people (id int, name varchar(20))")

    def sent(self):
        """How many COPY and UNLOAD the server has seen."""
        return self.loads.run(
            "select count(*) from sys_query_history where"
            " query_text ilike 'copy%' or query_text ilike 'unload%'")[0][0]

    def forget(self):
        """All roles, trusts, rights and keys as they were."""
        subprocess.run(["rm", "-rf", self.loads.dir / "account"], check=True)
        (self.loads.dir / "denied.tsv").unlink(missing_ok=True)
        self.loads.s3.delete_bucket_encryption(Bucket="lake")
        self.loads.s3.delete_bucket_policy(Bucket="lake")
        self.loads.run("delete from people")
        self.loads.drop("out/")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    running = Cluster(tmp_path_factory.mktemp("home"))
    yield running
    running.loads.stop()


@pytest.fixture(autouse=True)
def as_it_was(request):
    yield
    if "cluster" in request.fixturenames:
        request.getfixturevalue("cluster").forget()


def key(operation):
    return lambda cluster: getattr(cluster.client("kms"), operation)(KeyId=KEY)


def no_default(cluster):
    cluster.client("redshift").modify_cluster_iam_roles(
        ClusterIdentifier="redsh-sandbox", DefaultIamRoleArn="")


def bucket_key(cluster):
    cluster.loads.s3.put_bucket_encryption(
        Bucket="lake", ServerSideEncryptionConfiguration={"Rules": [{
            "ApplyServerSideEncryptionByDefault": {
                "SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}]})


LOAD = r"\copyfrom people s3://lake/raw/ "
LOCKED = r"\copyfrom people s3://lake/enc/ csv ignoreheader 1 "
WRITE = r"\copyto people to s3://lake/out/ "

# What is done before, the command, and words of the diagnosis. What follows
# from it is done by follow().
REFUSALS = {
    "not attached": (
        None, LOAD + f"--role {ROLE}NotAttached",
        "role NotAttached is not attached to cluster redsh-sandbox"),
    "no trust": (
        None, LOAD + f"--role {ROLE}NoTrust",
        "trust policy of role NoTrust does not let Redshift assume it"),
    "broken chain": (
        None, LOAD + f"--role {ROLE}RedshiftCopy,{ROLE}LakeOnly",
        "trust policy of LakeOnly does not let RedshiftCopy assume it"),
    "no right to read": (
        None, LOAD + f"--role {ROLE}ListOnly",
        "role ListOnly may not do s3:GetObject on arn:aws:s3:::lake/raw/*"),
    "no right at all": (
        None, LOAD + f"--role {ROLE}Nothing",
        "role Nothing may not do s3:ListBucket on arn:aws:s3:::lake, nor"
        " s3:GetObject on arn:aws:s3:::lake/raw/*"),
    "no right to read what is staged": (
        None, rf"\copyfrom people a.csv --stage s3://lake/in/ --role {ROLE}"
        "ListOnly",
        "role ListOnly may not do s3:GetObject on"
        " arn:aws:s3:::lake/in/redsh-stage/*"),
    "no right to decrypt": (
        None, LOCKED + f"--role {ROLE}NoKeys",
        "role NoKeys may not do kms:Decrypt on"
        f" arn:aws:kms:us-east-1:123456789012:key/{KEY}"),
    "key disabled": (
        key("disable_key"), LOCKED,
        f"arn:aws:kms:us-east-1:123456789012:key/{KEY}, which is disabled"),
    "no right to write": (
        None, WRITE + f"--role {ROLE}ReadOnly",
        "role ReadOnly may not do s3:PutObject on arn:aws:s3:::lake/out/*"),
    "no right to lock": (
        None, WRITE + f"kms_key_id '{KEY}' encrypted --role {ROLE}NoKeys",
        "role NoKeys may not do kms:Decrypt on"
        f" arn:aws:kms:us-east-1:123456789012:key/{KEY}, nor"
        " kms:GenerateDataKey on"),
    "key to lock with disabled": (
        key("disable_key"), WRITE + f"kms_key_id '{KEY}' encrypted",
        f"the key {KEY} of KMS_KEY_ID is disabled"),
    "bucket's own key": (
        bucket_key, WRITE + f"encrypted auto --role {ROLE}NoKeys",
        "role NoKeys may not do kms:Decrypt on"
        f" arn:aws:kms:us-east-1:123456789012:key/{KEY}, nor"),
    "no right to delete": (
        None, WRITE + f"cleanpath --role {ROLE}NoDelete",
        "role NoDelete may not do s3:DeleteObject on"
        " arn:aws:s3:::lake/out/*"),
}

# Of these it is not certain that they would be refused: a policy may be for some
# names only, a grant may open a key. They are told, and sent.
UNCERTAIN = {
    "no right to read what is staged", "no right to decrypt",
    "no right to write", "no right to lock", "bucket's own key",
    "no right to delete",
}

# The same, where the command itself is to be changed: by the word that the
# pattern finds.
RETYPED = {
    "no such role": (
        None, LOAD + f"--role {ROLE}RedshiftCpy",
        "there is no role RedshiftCpy in account 123456789012",
        LOAD + "--role ", rf"  ({ROLE}RedshiftCopy)\n"),
    "no default role": (
        no_default, LOAD,
        "cluster redsh-sandbox has no default role",
        LOAD + "--role ", rf"  ({ROLE}RedshiftCopy)\n"),
    "another region": (
        None, r"\copyfrom people s3://lake-eu/raw/ region 'us-east-1'",
        "the bucket lake-eu is in eu-west-1, not in us-east-1",
        r"\copyfrom people s3://lake-eu/raw/ ",
        r"Add to the command: (region '\S+')"),
}


def works(cluster, command):
    said = cluster.run(command)
    assert "error" not in said.lower(), said
    if "copyfrom" in command:
        assert cluster.loads.run("select count(*) from people")[0][0] == 2
    else:
        assert cluster.loads.keys("out/")


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_foreseen(cluster, name):
    before, command, words = REFUSALS[name]
    if before:
        before(cluster)
    sent = cluster.sent()
    said = cluster.run(command)
    assert words in said
    if name in UNCERTAIN:
        assert "could still allow it" in said
        assert cluster.sent() == sent + 1
        said = said[:said.index("ERROR:  ")]
    else:
        assert "nothing was sent" in said
        assert cluster.sent() == sent
    sent = cluster.sent()
    cluster.follow(said)
    works(cluster, command)
    assert cluster.sent() == sent + 1


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_explained(cluster, name):
    before, command, words = REFUSALS[name]
    if before:
        before(cluster)
    sent = cluster.sent()
    said = cluster.run(command + " --no-check")
    assert cluster.sent() == sent + 1
    assert "ERROR:  " in said
    explained = said[said.index("ERROR:  "):]
    cluster.follow(explained)
    works(cluster, command)


@pytest.mark.parametrize("name", RETYPED)
def test_a_wrong_command_is_foreseen(cluster, name):
    before, command, words, begin, pattern = RETYPED[name]
    if before:
        before(cluster)
    sent = cluster.sent()
    said = cluster.run(command)
    assert words in said
    assert cluster.sent() == sent
    works(cluster, begin + re.search(pattern, said).group(1))


@pytest.mark.parametrize("name", RETYPED)
def test_a_wrong_command_is_explained(cluster, name):
    before, command, words, begin, pattern = RETYPED[name]
    if before:
        before(cluster)
    said = cluster.run(command + " --no-check")
    explained = said[said.index("ERROR:  "):]
    assert words in explained.replace("There is", "there is") \
        .replace("The bucket", "the bucket") \
        .replace("Cluster redsh", "cluster redsh")
    works(cluster, begin + re.search(pattern, explained).group(1))


def test_a_key_about_to_be_deleted(cluster):
    cluster.client("kms").schedule_key_deletion(KeyId=KEY)
    sent = cluster.sent()
    said = cluster.run(LOCKED)
    assert "going to be deleted" in said
    assert "aws kms cancel-key-deletion" in said
    assert cluster.sent() == sent
    assert "going to be deleted" in cluster.run(LOCKED + "--no-check")
    cluster.client("kms").cancel_key_deletion(KeyId=KEY)
    cluster.client("kms").enable_key(KeyId=KEY)
    works(cluster, LOCKED)


def test_a_key_must_be_of_the_buckets_region(cluster):
    command = (r"\copyto people to s3://lake-eu/out/ region 'eu-west-1'"
               f" kms_key_id '{KEY}' encrypted ")
    sent = cluster.sent()
    said = cluster.run(command)
    assert "of KMS_KEY_ID is in us-east-1, the bucket lake-eu in eu-west-1" \
        in said
    assert cluster.sent() == sent
    said = cluster.run(command + "--no-check")
    assert "ERROR:  S3ServiceException" in said
    assert "is in us-east-1, the bucket lake-eu in eu-west-1" in said
    said = cluster.run(WRITE + "kms_key_id 'no-such-key' encrypted")
    assert "the key no-such-key of KMS_KEY_ID does not exist" in said
    assert "nothing was sent" in said


def test_what_is_locked_says_so(cluster):
    cluster.run(WRITE + f"kms_key_id '{KEY}' encrypted manifest")
    for name in cluster.loads.keys("out/"):
        head = cluster.loads.s3.head_object(Bucket="lake", Key=name)
        assert head["SSEKMSKeyId"].endswith(KEY)
    cluster.loads.run("delete from people")
    said = cluster.run(r"\copyfrom people s3://lake/out/manifest manifest"
                       r" delimiter '|'")
    assert "ERROR" not in said


def test_answers_that_do_not_come_are_not_waited_for(cluster):
    subprocess.run([cluster.loads.program, "fault", "add", "--op", "GetRole",
                    "--count", "all", "--dir", cluster.loads.dir,
                    "stall-reply"], check=True, capture_output=True)
    try:
        said = cluster.run(LOAD)
        assert "not all was checked: AWS did not answer" in said
        assert "2 rows from 1 file" in said
    finally:
        subprocess.run([cluster.loads.program, "fault", "clear", "--dir",
                        cluster.loads.dir], check=True, capture_output=True)


def test_region_is_added_where_it_is_known(cluster):
    said = cluster.run(r"\copyfrom people s3://lake-eu/raw/")
    assert "region 'eu-west-1'" in said
    assert cluster.loads.run("select count(*) from people")[0][0] == 2


def test_columnar_files_must_be_near(cluster):
    cluster.client("s3", "eu-west-1").put_object(
        Bucket="lake-eu", Key="p/a.parquet", Body=b"PAR1")
    sent = cluster.sent()
    said = cluster.run(
        r"\copyfrom people s3://lake-eu/p/ parquet --no-sniff")
    assert "the bucket lake-eu is in eu-west-1, the warehouse in us-east-1" \
        in said
    assert "own region" in said and r"\s3cp -r s3://lake-eu/p/" in said
    assert cluster.sent() == sent


def test_what_one_may_not_ask_blocks_nothing(cluster):
    (cluster.loads.dir / "denied.tsv").write_text(
        "action\tresource\niam:*\t*\nkms:*\t*\nredshift:*\t*\n"
        "s3:GetBucketPolicy\t*\n")
    said = cluster.run(LOAD)
    assert "not checked, for want of your own right to" in said
    assert "redshift:DescribeClusters" in said
    assert cluster.loads.run("select count(*) from people")[0][0] == 2
    # and what is left to say of a refusal is still said
    said = cluster.run(LOAD + f"--role {ROLE}NotAttached")
    assert "could not take the role NotAttached" in said
    said = cluster.run(LOAD + f"--role {ROLE}ListOnly")
    assert "lacks s3:ListBucket or s3:GetObject" in said
    (cluster.loads.dir / "denied.tsv").unlink()
    cluster.follow(said[said.index("ERROR:  "):])
    cluster.loads.run("delete from people")
    works(cluster, LOAD + f"--role {ROLE}ListOnly")


def bucket_policy(cluster, effect, principal, resource="arn:aws:s3:::lake/*"):
    cluster.loads.s3.put_bucket_policy(Bucket="lake", Policy=json.dumps({
        "Version": "2012-10-17", "Statement": [{
            "Effect": effect, "Principal": principal,
            "Action": "s3:GetObject", "Resource": resource}]}))


def test_a_policy_of_the_bucket_may_allow(cluster):
    command = LOAD + f"--role {ROLE}ListOnly"
    bucket_policy(cluster, "Allow", {"AWS": ROLE + "ListOnly"})
    works(cluster, command)
    # where it cannot be seen, nothing is concluded
    (cluster.loads.dir / "denied.tsv").write_text(
        "action\tresource\ns3:GetBucketPolicy\t*\n")
    cluster.loads.run("delete from people")
    said = cluster.run(command)
    assert "could still allow it" in said
    assert "2 rows from 1 file" in said
    # for the whole account it means: what IAM allows
    (cluster.loads.dir / "denied.tsv").unlink()
    bucket_policy(cluster, "Allow",
                  {"AWS": "arn:aws:iam::123456789012:root"})
    assert "nothing was sent" in cluster.run(command)


@pytest.mark.parametrize("principal", [
    "*", {"AWS": [ROLE + "RedshiftCopy"]},
    {"AWS": "arn:aws:iam::123456789012:root"}])
def test_a_policy_of_the_bucket_may_deny(cluster, principal):
    bucket_policy(cluster, "Deny", principal)
    sent = cluster.sent()
    said = cluster.run(LOAD)
    words = "policy of the bucket denies s3:GetObject to the role RedshiftCopy"
    assert words in said
    assert cluster.sent() == sent
    assert words in cluster.run(LOAD + "--no-check").split("ERROR:  ")[1]
    # to who may not see it the cause is named that is left
    (cluster.loads.dir / "denied.tsv").write_text(
        "action\tresource\ns3:GetBucketPolicy\t*\n")
    said = cluster.run(LOAD)
    assert "not checked" not in said
    assert "By its own policies the role RedshiftCopy may do" in said
    (cluster.loads.dir / "denied.tsv").unlink()
    bucket_policy(cluster, "Deny", principal, "arn:aws:s3:::lake/x/*")
    works(cluster, LOAD)


def test_typed_statements_are_explained(cluster):
    said = cluster.run(
        f"copy people from 's3://lake/raw/' iam_role '{ROLE}NoTrust' csv;")
    assert "trust policy of role NoTrust does not let Redshift" in said
    said = cluster.run(
        "unload ('select * from people') to 's3://lake/out/'"
        f" iam_role '{ROLE}ReadOnly';")
    assert "role ReadOnly may not do s3:PutObject" in said
    said = cluster.run("copy people from 's3://lake/none/' iam_role default;")
    assert r"look with \s3ls s3://lake/" in said
    # in a block that the error has aborted nothing is asked of the server
    said = cluster.run("begin;", "copy people from 's3://lake/raw/' iam_role"
                       f" '{ROLE}NoTrust' csv;", "rollback;")
    assert "trust policy of role NoTrust" in said
    assert "25P02" not in said


def test_a_name_for_an_arn(cluster):
    said = cluster.run(
        "copy people from 's3://lake/raw/' iam_role 'RedshiftCopy' csv;")
    assert '"RedshiftCopy" is not the ARN of a role' in said
    assert f"Type its ARN: {ROLE}RedshiftCopy" in said


def test_other_errors_are_left_alone(cluster):
    said = cluster.run("copy nobody from 's3://lake/raw/' iam_role default;",
                       "select 'Access Denied'::int;")
    assert "policy" not in said and "role" not in said


def test_print_asks_nothing(cluster):
    said = cluster.run(LOAD + f"--print --role {ROLE}NotAttached")
    assert "copy people" in said and "attached" not in said


# --- the table ---

def test_a_table_that_is_spelt_otherwise(cluster):
    said = cluster.run(r"\copyfrom poeple s3://lake/raw/")
    assert "there is no table poeple" in said
    assert "there is people" in said and "--create" in said


def test_a_column_that_must_be_filled(cluster):
    cluster.loads.run("create table strict (id int identity(1, 1),"
                      " name varchar(20), day date not null,"
                      " what char(3) not null default 'x')")
    cluster.loads.put("names/a.csv", "name\nAnna\n")
    sent = cluster.sent()
    said = cluster.run(r"\copyfrom strict (name) s3://lake/names/")
    assert "leaves out day, which must not be NULL" in said
    assert "what" not in said.split("leaves out")[1].split("which")[0]
    assert cluster.sent() == sent
    said = cluster.run(r"\copyfrom strict (name) s3://lake/names/ --no-check")
    assert "ERROR" in said
    cluster.loads.run("alter table strict drop column day")
    said = cluster.run(r"\copyfrom strict (name) s3://lake/names/")
    assert "1 row from 1 file" in said
    cluster.loads.run("drop table strict")


def test_texts_are_measured_in_bytes(cluster):
    cluster.loads.run("create table short (id int, name varchar(5))")
    cluster.loads.put("wide/a.csv", "id,name\n1,\u00e4\u00f6\u00fc\n")
    said = cluster.run(r"\copyfrom short s3://lake/wide/")
    assert "longest value of the sample has 6 bytes" in said
    assert "ERROR" in said
    cluster.loads.run("delete from short")
    alter = re.search(r"alter table short alter column name type"
                      r" varchar\(\d+\);", said).group()
    said = cluster.run(alter, r"\copyfrom short s3://lake/wide/")
    assert "longest" not in said and "1 row from 1 file" in said
    cluster.loads.run("drop table short")


def test_nothing_where_a_value_must_be(cluster):
    cluster.loads.run("create table full_ (id int not null, name text)")
    cluster.loads.put("gaps/a.csv", "id,name\n1,A\n,B\n")
    said = cluster.run(r"\copyfrom full_ s3://lake/gaps/")
    assert "column id must not be NULL, and 1 line of the sample has" in said
    cluster.loads.run("drop table full_")


def test_the_right_to_insert(cluster):
    cluster.loads.run("create user bob password 'Abcdefg1'")
    cluster.loads.run("grant all on schema public to bob")
    bob = {"PGUSER": "bob", "PGPASSWORD": "Abcdefg1"}
    sent = cluster.sent()
    said = cluster.run(LOAD, **bob)
    assert "user bob may not insert into people" in said
    assert cluster.sent() == sent
    assert "permission denied" in cluster.run(LOAD + "--no-check", **bob)
    cluster.loads.run(re.search(r"grant insert .*;", said).group())
    assert "2 rows from 1 file" in cluster.run(LOAD, **bob)
    # by a role of the database
    cluster.loads.run("revoke insert on people from bob")
    cluster.loads.run("create role loaders")
    cluster.loads.run("grant insert on people to role loaders")
    cluster.loads.run("grant role loaders to bob")
    assert "may not insert" not in cluster.run(LOAD, **bob)
    # whose roles could be nested: not concluded from
    cluster.loads.run("revoke insert on people from role loaders")
    said = cluster.run(LOAD, **bob)
    assert "may not insert into people, unless by a role" in said
    assert "permission denied" in said


def test_files_that_were_loaded_before(cluster):
    cluster.loads.run("create table twice (id int, name varchar(20))")
    cluster.loads.put("twice/a.csv", CSV)
    command = r"\copyfrom twice s3://lake/twice/"
    assert "before" not in cluster.run(command)
    cluster.loads.put("twice/b.csv", CSV)
    said = cluster.run(command)
    assert "1 of 2 files were loaded into twice before, last on 20" in said
    assert cluster.loads.run("select count(*) from twice")[0][0] == 6
    assert "before, last" not in cluster.run(command + " --replace")
    assert cluster.loads.run("select count(*) from twice")[0][0] == 4
    cluster.loads.run("drop table twice")


def test_nothing_is_asked_in_a_block_but_the_catalog(cluster):
    said = cluster.run("begin;", LOAD, "commit;")
    assert "2 rows from 1 file" in said
    said = cluster.run("begin;", "select 1/0;", LOAD, "rollback;")
    assert "nothing was sent" not in said


# --- serverless ---

@pytest.fixture(scope="module")
def workgroup(tmp_path_factory):
    sandbox = Sandbox("--kind", "serverless")
    shell = Shell(sandbox.env, tmp_path_factory.mktemp("home"))
    shell.client("s3").create_bucket(Bucket="lake")
    shell.client("s3").put_object(Bucket="lake", Key="raw/a.csv", Body=CSV)
    db = sandbox.connect()
    with db.cursor() as cursor:
        cursor.execute("create table people (id int, name varchar(20))")
    db.close()
    yield shell
    sandbox.stop()


def test_a_role_is_attached_to_a_namespace(workgroup):
    command = LOAD + f"--role {ROLE}NotAttached"
    said = workgroup.run(command)
    assert "role NotAttached is not attached to workgroup redsh-sandbox" \
        in said
    assert "nothing was sent" in said
    workgroup.follow(said)
    said = workgroup.run(command, "select count(*) from people;")
    assert "2 rows from 1 file" in said
    # those that were attached still are
    roles = workgroup.client("redshift-serverless").get_namespace(
        namespaceName="redsh-sandbox")["namespace"]["iamRoles"]
    assert ROLE + "RedshiftCopy" in roles


# --- the requests, as boto3 makes them ---

class Recorder(http.server.BaseHTTPRequestHandler):
    """Passes requests on to the sandbox and keeps those of POST /."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.command == "POST" and self.path == "/":
            self.server.seen.append(
                ({name.lower(): value
                  for name, value in self.headers.items()}, body))
        onward = http.client.HTTPConnection("127.0.0.1", self.server.onward)
        onward.putrequest(self.command, self.path, skip_host=True,
                          skip_accept_encoding=True)
        for name, value in self.headers.items():
            onward.putheader(name, value)
        onward.endheaders(body)
        reply = onward.getresponse()
        text = reply.read()
        self.send_response_only(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in ("content-length", "connection",
                                    "transfer-encoding"):
                self.send_header(name, value)
        size = len(text)
        if self.command == "HEAD":
            size = reply.getheader("Content-Length", 0)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_HEAD = do_POST = do_PUT = pass_on


@pytest.fixture
def recorded(cluster):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    server.seen = []
    server.onward = urllib.parse.urlparse(
        cluster.env["AWS_ENDPOINT_URL"]).port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def members(form, name):
    """Name.member.1 and on, of a form."""
    return [value for field, value in form if field.startswith(name + ".")]


def of_boto(service, operation, params):
    """Headers and body that botocore makes for the operation."""
    client = botocore.session.get_session().create_client(
        service, region_name=REGION, aws_access_key_id="a",
        aws_secret_access_key="b")
    model = client.meta.service_model.operation_model(operation)
    request = botocore.serialize.create_serializer(
        client.meta.service_model.metadata["protocol"]) \
        .serialize_to_request(params, model)
    return request["headers"], request["body"]


def test_requests_are_those_of_boto3(cluster, recorded):
    cluster.run(LOCKED + f"--role {ROLE}NoKeys", LOAD + f"--role {ROLE}None",
                AWS_ENDPOINT_URL=
                f"http://127.0.0.1:{recorded.server_address[1]}")
    judged = set()
    for headers, body in recorded.seen:
        service = re.search(r"/([a-z-]+)/aws4_request",
                            headers["authorization"]).group(1)
        target = headers.get("x-amz-target")
        if target:
            operation = target.split(".")[1]
            wanted, text = of_boto(service, operation, json.loads(body))
            assert wanted["X-Amz-Target"] == target
            assert json.loads(text) == json.loads(body)
        else:
            form = urllib.parse.parse_qsl(body.decode())
            operation = dict(form)["Action"]
            params = {name: value for name, value in form
                      if "." not in name and name not in ("Action",
                                                          "Version")}
            for name in ("ActionNames", "ResourceArns"):
                if members(form, name):
                    params[name] = members(form, name)
            assert of_boto(service, operation, params)[1] == dict(form)
        judged.add(service + ":" + operation)
    assert judged >= {"iam:GetRole", "iam:SimulatePrincipalPolicy",
                      "kms:DescribeKey", "kms:GetKeyPolicy",
                      "redshift:DescribeClusters", "sts:GetCallerIdentity",
                      "redshift-serverless:ListWorkgroups"}
