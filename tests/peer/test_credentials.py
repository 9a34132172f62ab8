"""The credential chain against Debian's AWS CLI: files in a HOME of their own,
AWS's hosts on loopback (aws_hosts.py). Every row is a configuration on which
both must find the same keys, or both none."""

import base64
import hashlib
import json
import os
import shutil
import stat
import subprocess
import time

import pytest

from aws_hosts import EXPIRES, AwsHosts, hang

AWS = ["/usr/bin/python3", os.path.join(os.path.dirname(__file__),
                                        "many_aws.py")]
SHOW = os.environ.get("CRED_SHOW", "tests/peer/cred_show")
SOON = "2037-01-02T03:04:05Z"
PAST = "2020-01-02T03:04:05Z"
URL = "https://d-1.awsapps.com/start"

STATIC = """
[base]
aws_access_key_id = AKIABASE
aws_secret_access_key = base/secret+with=signs
"""

SSO = f"""
[profile sso]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Reader
[sso-session corp]
sso_region = eu-west-1
sso_start_url = {URL}
sso_registration_scopes = sso:account:access
[profile old]
sso_start_url = {URL}
sso_region = us-west-2
sso_account_id = 111122223333
sso_role_name = Writer
"""


def cache(key, **changes):
    """A token of IAM Identity Center where the AWS CLI keeps it."""
    name = hashlib.sha1(key.encode()).hexdigest()
    token = {"startUrl": URL, "region": "eu-west-1", "accessToken": "good",
             "expiresAt": SOON}
    token.update(changes)
    return {f".aws/sso/cache/{name}.json": json.dumps(token)}


RENEWABLE = {"clientId": "c", "clientSecret": "s", "refreshToken": "r",
             "registrationExpiresAt": SOON}


def process(**reply):
    return ("sh -c 'printf %s \"$0\"' '" + json.dumps(reply) + "'")


# name: config, credentials, other: env, profile, files, region
SAME = {
    "env": dict(env={"AWS_ACCESS_KEY_ID": "AKE",
                     "AWS_SECRET_ACCESS_KEY": "se"}),
    "env with token": dict(env={"AWS_ACCESS_KEY_ID": "AKE",
                                "AWS_SECRET_ACCESS_KEY": "se",
                                "AWS_SESSION_TOKEN": "tok"}),
    "env with both tokens": dict(
        env={"AWS_ACCESS_KEY_ID": "AKE", "AWS_SECRET_ACCESS_KEY": "se",
             "AWS_SESSION_TOKEN": "new", "AWS_SECURITY_TOKEN": "old"}),
    "env beats AWS_PROFILE": dict(
        credentials=STATIC, env={
            "AWS_ACCESS_KEY_ID": "AKE", "AWS_SECRET_ACCESS_KEY": "se",
            "AWS_PROFILE": "base"}),
    "an explicit profile beats env": dict(
        credentials=STATIC, profile="base",
        env={"AWS_ACCESS_KEY_ID": "AKE", "AWS_SECRET_ACCESS_KEY": "se"}),
    "env with half": dict(env={"AWS_ACCESS_KEY_ID": "AKE"}),
    "AWS_PROFILE": dict(credentials=STATIC, env={"AWS_PROFILE": "base"}),
    "two variables of profiles": dict(
        credentials=STATIC + "[b]\naws_access_key_id=B\n"
        "aws_secret_access_key=b\n",
        env={"AWS_PROFILE": "base", "AWS_DEFAULT_PROFILE": "b"}),
    "default": dict(credentials=STATIC.replace("base]", "default]")),
    "default of config": dict(config="[default]\naws_access_key_id=A\n"
                              "aws_secret_access_key=b\n"),
    "profile default wins": dict(
        config="[default]\naws_access_key_id=A\naws_secret_access_key=b\n"
        "[profile default]\naws_access_key_id=P\naws_secret_access_key=p\n"),
    "credentials beat config": dict(
        config="[profile base]\naws_access_key_id=C\n"
        "aws_secret_access_key=c\n", credentials=STATIC, profile="base"),
    "keys of config": dict(
        config="[profile c]\naws_access_key_id=C\naws_secret_access_key=c\n"
        "aws_session_token=t\n", profile="c"),
    "half in each file": dict(
        config="[profile c]\naws_secret_access_key=c\n",
        credentials="[c]\naws_access_key_id=C\n", profile="c"),
    "quoted name": dict(
        config="[profile \"my name\"]\naws_access_key_id = Q\n"
        "aws_secret_access_key = q\n", profile="my name"),
    "blanks and case": dict(
        config="[profile   c]\n  \n# no\n; no\nAWS_Access_Key_ID=C\n"
        "aws_secret_access_key   =  c=d \n", profile="c"),
    "file variables": dict(
        files={"x/conf": "[profile v]\nregion = eu-west-1\n",
               "x/cred": "[v]\naws_access_key_id=V\n"
               "aws_secret_access_key=v\n"},
        env={"AWS_CONFIG_FILE": "~/x/conf", "WHERE": "x",
             "AWS_SHARED_CREDENTIALS_FILE": "$HOME/${WHERE}/cred"},
        profile="v"),
    "no such profile": dict(credentials=STATIC, profile="nobody"),
    "nothing": dict(),
    "config that does not parse": dict(config="[profile x\n", profile="x"),
    "a line that is nothing": dict(config="[profile x]\nhello\n",
                                   profile="x"),
    # ---- roles
    "role": dict(config="[profile r]\nrole_arn=arn:aws:iam::1:role/r\n"
                 "source_profile=base\nregion=us-west-2\n",
                 credentials=STATIC, profile="r"),
    "role without region": dict(
        config="[profile r]\nrole_arn=arn:aws:iam::1:role/r\n"
        "source_profile=base\n", credentials=STATIC, profile="r",
        env={"AWS_STS_REGIONAL_ENDPOINTS": "regional"}, region="us-east-1"),
    "role by AWS_PROFILE": dict(
        config="[profile r]\nrole_arn=arn:aws:iam::1:role/r\n"
        "source_profile=base\nregion=us-west-2\n", credentials=STATIC,
        env={"AWS_PROFILE": "r"}),
    "role with all parameters": dict(
        config="[profile r]\nrole_arn=arn:aws:iam::1:role/r\n"
        "source_profile=base\nexternal_id=x&y=z\nduration_seconds=1800\n"
        "role_session_name=me@here\nregion=us-west-2\n",
        credentials=STATIC, profile="r"),
    "role of a role": dict(
        config="[profile a]\nrole_arn=arn:aws:iam::1:role/a\n"
        "source_profile=b\nregion=us-west-2\n[profile b]\n"
        "role_arn=arn:aws:iam::1:role/b\nsource_profile=base\n",
        credentials=STATIC, profile="a"),
    "role of itself with keys": dict(
        config="[profile base]\nrole_arn=arn:aws:iam::1:role/r\n"
        "source_profile=base\nregion=us-west-2\n", credentials=STATIC,
        profile="base"),
    "role of itself": dict(
        config="[profile a]\nrole_arn=arn:aws:iam::1:role/r\n"
        "source_profile=a\n", profile="a"),
    "loop": dict(
        config="[profile a]\nrole_arn=arn:aws:iam::1:role/a\n"
        "source_profile=b\n[profile b]\nrole_arn=arn:aws:iam::1:role/b\n"
        "source_profile=a\n", profile="a"),
    "missing source": dict(
        config="[profile a]\nrole_arn=arn:aws:iam::1:role/a\n"
        "source_profile=b\n", profile="a"),
    "source without keys": dict(
        config="[profile a]\nrole_arn=arn:aws:iam::1:role/a\n"
        "source_profile=b\n[profile b]\nregion=us-west-2\n", profile="a"),
    "both sources": dict(
        config="[profile a]\nrole_arn=arn:aws:iam::1:role/a\n"
        "source_profile=base\ncredential_source=Environment\n",
        credentials=STATIC, profile="a"),
    "no source": dict(config="[profile a]\nrole_arn=arn:aws:iam::1:role/a\n",
                      profile="a"),
    "keys of a source beat its role": dict(
        config="[profile a]\nrole_arn=arn:aws:iam::1:role/a\n"
        "source_profile=base\nregion=us-west-2\n[profile base]\n"
        "role_arn=arn:aws:iam::1:role/b\nsource_profile=other\n",
        credentials=STATIC, profile="a"),
    "credential_source environment": dict(
        config="[profile a]\nrole_arn=arn:aws:iam::1:role/a\n"
        "credential_source=Environment\nregion=us-west-2\n", profile="a",
        env={"AWS_ACCESS_KEY_ID": "AKE", "AWS_SECRET_ACCESS_KEY": "se"}),
    "credential_source in another case": dict(
        config="[profile a]\nrole_arn=arn:aws:iam::1:role/a\n"
        "credential_source=environmenT\n", profile="a",
        env={"AWS_ACCESS_KEY_ID": "AKE", "AWS_SECRET_ACCESS_KEY": "se"}),
    "credential_source instance": dict(
        config="[profile a]\nrole_arn=arn:aws:iam::1:role/a\n"
        "credential_source=Ec2InstanceMetadata\nregion=us-west-2\n",
        profile="a", imds=True),
    "credential_source container": dict(
        config="[profile a]\nrole_arn=arn:aws:iam::1:role/a\n"
        "credential_source=EcsContainer\nregion=us-west-2\n", profile="a",
        container=True),
    "refused role": dict(
        config="[profile r]\nrole_arn=arn:aws:iam::1:role/bad\n"
        "source_profile=base\nregion=us-west-2\n", credentials=STATIC,
        profile="r"),
    "role in china": dict(
        config="[profile r]\nrole_arn=arn:aws-cn:iam::1:role/r\n"
        "source_profile=base\nregion=cn-north-1\n", credentials=STATIC,
        profile="r"),
    "role in govcloud": dict(
        config="[profile r]\nrole_arn=arn:aws-us-gov:iam::1:role/r\n"
        "source_profile=base\nregion=us-gov-west-1\nuse_fips_endpoint=true\n",
        credentials=STATIC, profile="r"),
    "role by fips": dict(
        config="[profile r]\nrole_arn=arn:aws:iam::1:role/r\n"
        "source_profile=base\nregion=us-west-2\nuse_fips_endpoint=true\n",
        credentials=STATIC, profile="r"),
    # ---- web identity
    "web identity": dict(
        config="[profile w]\nrole_arn=arn:aws:iam::1:role/w\n"
        "web_identity_token_file=TOKEN\nregion=us-west-2\n"
        "role_session_name=web\n", files={"token": "jwt.body.sig"},
        profile="w"),
    "web identity of env": dict(
        env={"AWS_WEB_IDENTITY_TOKEN_FILE": "TOKEN",
             "AWS_ROLE_ARN": "arn:aws:iam::1:role/e",
             "AWS_ROLE_SESSION_NAME": "pod", "AWS_REGION": "us-west-2"},
        files={"token": "jwt.body.sig"}),
    "web identity of env is not for a named profile": dict(
        credentials=STATIC, profile="base",
        env={"AWS_WEB_IDENTITY_TOKEN_FILE": "TOKEN",
             "AWS_ROLE_ARN": "arn:aws:iam::1:role/e"},
        files={"token": "jwt.body.sig"}),
    "web identity without a role": dict(
        env={"AWS_WEB_IDENTITY_TOKEN_FILE": "TOKEN"},
        files={"token": "jwt"}),
    "web identity without its file": dict(
        env={"AWS_WEB_IDENTITY_TOKEN_FILE": "TOKEN",
             "AWS_ROLE_ARN": "arn:aws:iam::1:role/e"}),
    "role of a web identity": dict(
        config="[profile a]\nrole_arn=arn:aws:iam::1:role/a\n"
        "source_profile=w\nregion=us-west-2\n[profile w]\n"
        "role_arn=arn:aws:iam::1:role/w\nweb_identity_token_file=TOKEN\n"
        "role_session_name=web\n", files={"token": "jwt.body.sig"},
        profile="a"),
    # ---- IAM Identity Center
    "sso session": dict(config=SSO, env={"AWS_PROFILE": "sso"}, files=cache("corp")),
    "sso of the old form": dict(config=SSO, profile="old", files=cache(URL)),
    "sso with an old date": dict(
        config=SSO, profile="old",
        files=cache(URL, expiresAt="2037-01-02T03:04:05UTC")),
    "sso run out": dict(config=SSO, profile="sso",
                        files=cache("corp", expiresAt=PAST)),
    "sso renewed": dict(config=SSO, env={"AWS_PROFILE": "sso"},
                        files=cache("corp", expiresAt=PAST, **RENEWABLE)),
    "sso old form is not renewed": dict(
        config=SSO, profile="old",
        files=cache(URL, accessToken="revoked", expiresAt=PAST,
                    **RENEWABLE)),
    "sso registration run out": dict(
        config=SSO, profile="sso",
        files=cache("corp", expiresAt=PAST,
                    **dict(RENEWABLE, registrationExpiresAt=PAST))),
    "sso refresh revoked": dict(
        config=SSO, profile="sso",
        files=cache("corp", expiresAt=PAST,
                    **dict(RENEWABLE, refreshToken="revoked"))),
    "sso never done": dict(config=SSO, profile="sso"),
    "sso revoked": dict(config=SSO, profile="sso",
                        files=cache("corp", accessToken="revoked")),
    "sso role of nobody": dict(
        config=SSO.replace("Reader", "nobody"), profile="sso",
        files=cache("corp")),
    "sso without its session": dict(
        config=SSO.replace("[sso-session corp]", "[sso-session other]"),
        profile="sso", files=cache("corp")),
    "sso said in two ways": dict(
        config=SSO.replace("sso_session = corp",
                           "sso_session = corp\nsso_region = us-west-2"),
        profile="sso", files=cache("corp")),
    "sso without a role": dict(
        config=SSO.replace("sso_role_name = Reader\n", ""), profile="sso",
        files=cache("corp")),
    "sso without a region": dict(
        config=SSO.replace("sso_region = eu-west-1\n", ""), profile="sso",
        files=cache("corp")),
    "sso beats keys": dict(config=SSO, files=cache("corp"),
                           env={"AWS_PROFILE": "sso"},
                           credentials=STATIC.replace("base", "sso")),
    "role of sso": dict(
        config=SSO + "[profile a]\nrole_arn=arn:aws:iam::1:role/a\n"
        "source_profile=old\nregion=us-west-2\n", profile="a",
        files=cache(URL)),
    # ---- process
    "process": dict(config="[profile p]\ncredential_process=" + process(
        Version=1, AccessKeyId="AKP", SecretAccessKey="s p"), profile="p"),
    "process with an end": dict(
        config="[profile p]\ncredential_process=" + process(
            Version=1, AccessKeyId="AKP", SecretAccessKey="sp",
            SessionToken="t", Expiration=EXPIRES), profile="p"),
    "process in the credentials file": dict(
        credentials="[p]\ncredential_process=" + process(
            Version=1, AccessKeyId="AKP", SecretAccessKey="sp"),
        profile="p"),
    "process of version 2": dict(
        config="[profile p]\ncredential_process=" + process(
            Version=2, AccessKeyId="AKP", SecretAccessKey="sp"),
        profile="p"),
    "process that fails": dict(
        config="[profile p]\ncredential_process=sh -c 'echo no >&2; exit 3'\n",
        profile="p"),
    "process that is not there": dict(
        config="[profile p]\ncredential_process=/nowhere/at/all\n",
        profile="p"),
    "process printing rubbish": dict(
        config="[profile p]\ncredential_process=echo hello\n", profile="p"),
    "process printing nothing": dict(
        config="[profile p]\ncredential_process=true\n", profile="p"),
    "shell words mean nothing": dict(
        config="[profile p]\ncredential_process=printf '%s' "
        "'{\"Version\":1,\"AccessKeyId\":\"$HOME;`id`\","
        "\"SecretAccessKey\":\"a|b>c\"}'\n", profile="p"),
    "role of a process": dict(
        config="[profile a]\nrole_arn=arn:aws:iam::1:role/a\n"
        "source_profile=p\nregion=us-west-2\n[profile p]\n"
        "credential_process=" + process(
            Version=1, AccessKeyId="AKP", SecretAccessKey="sp"),
        profile="a"),
    "keys of the credentials file beat a process": dict(
        credentials=STATIC + "credential_process=false\n", profile="base"),
    "a process beats keys of config": dict(
        config="[profile p]\naws_access_key_id=C\naws_secret_access_key=c\n"
        "credential_process=" + process(
            Version=1, AccessKeyId="AKP", SecretAccessKey="sp"),
        profile="p"),
    # ---- containers and instances
    "container": dict(container=True),
    "container with a token": dict(
        container=True, env={"AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic x"}),
    "container elsewhere": dict(
        env={"AWS_CONTAINER_CREDENTIALS_FULL_URI":
             "http://example.invalid/x"}),
    "instance": dict(imds=True),
    "instance switched off": dict(
        imds=True, env={"AWS_EC2_METADATA_DISABLED": "true"}),
    "keys beat the instance": dict(
        imds=True, credentials=STATIC, profile="base"),
}


@pytest.fixture(scope="module")
def fake(tmp_path_factory):
    fake = AwsHosts(str(tmp_path_factory.mktemp("fake")))
    yield fake
    fake.stop()
    assert fake.strays == [], "somebody asked for a host that is not AWS's"


class Cli:
    """Debian's AWS CLI, which is slow to start: started once."""

    def __init__(self, home):
        self.home = home
        self.process = subprocess.Popen(
            AWS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "HOME": str(home)})

    def run(self, args, env):
        self.process.stdin.write(json.dumps([args, env]) + "\n")
        self.process.stdin.flush()
        status, out, err = json.loads(self.process.stdout.readline())
        return subprocess.CompletedProcess(args, status, out, err)


@pytest.fixture(scope="module")
def cli(tmp_path_factory):
    cli = Cli(tmp_path_factory.mktemp("cli") / "home")
    yield cli
    cli.process.stdin.close()
    assert cli.process.wait(20) == 0


@pytest.fixture(autouse=True)
def forget(fake):
    fake.seen.clear()
    fake.faults.clear()


def environment(fake, home, case):
    """The files of a case in home, and the environment that goes with it."""
    shutil.rmtree(home, ignore_errors=True)
    aws = home / ".aws"
    aws.mkdir(parents=True)
    files = dict(case.get("files", {}))
    token = str(home / "token")
    if "config" in case:
        files[".aws/config"] = case["config"].replace("TOKEN", token)
    if "credentials" in case:
        files[".aws/credentials"] = case["credentials"]
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(0o600)
    env = {name: value for name, value in os.environ.items()
           if not name.upper().startswith(("AWS_", "BOTO")) and
           not name.upper().endswith("_PROXY")}
    env.update(HOME=str(home), HTTPS_PROXY=fake.url, HTTP_PROXY=fake.url,
               NO_PROXY="127.0.0.1", AWS_CA_BUNDLE=fake.certificate,
               AWS_EC2_METADATA_DISABLED="true", TZ="UTC")
    if case.get("imds"):
        env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = fake.url + "/"
        del env["AWS_EC2_METADATA_DISABLED"]
    if case.get("container"):
        env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = fake.url + "/container/1"
    env.update({name: value.replace("TOKEN", token)
                for name, value in case.get("env", {}).items()})
    return env


def show(fake, home, case, *more):
    env = environment(fake, home, case)
    return subprocess.run(
        [SHOW, case.get("profile", "-"), case.get("region", "-"), *more],
        env=env, capture_output=True, text=True, timeout=60)


def keys(done):
    if done.returncode != 0:
        return None
    found = json.loads(done.stdout)
    ends = found.get("Expiration", "").replace("+00:00", "Z")
    return (found["AccessKeyId"], found["SecretAccessKey"],
            found.get("SessionToken"), ends)


@pytest.mark.parametrize("name", SAME)
def test_the_aws_cli_finds_the_same(fake, cli, tmp_path, name):
    case = SAME[name]
    env = environment(fake, cli.home, case)
    if "region" in case:
        env["AWS_REGION"] = case["region"]
    theirs = cli.run(
        ["configure", "export-credentials", "--format", "process"] +
        (["--profile", case["profile"]] if "profile" in case else []), env)
    ours = show(fake, tmp_path / "ours", case)
    wanted, got = keys(theirs), keys(ours)
    assert "Sanitizer" not in ours.stderr
    assert got == wanted, (theirs.stderr[-400:], ours.stderr)
    if got is None:
        assert len(ours.stderr.splitlines()[0]) > 20, ours.stderr


# ---- where there is nobody to compare with

def said(done):
    assert "Sanitizer" not in done.stderr
    assert done.returncode == 1, done.stdout
    return done.stderr


def test_legacy_sts_is_the_global_host(fake, tmp_path):
    done = show(fake, tmp_path / "h", dict(
        config="[profile r]\nrole_arn=arn:aws:iam::1:role/r\n"
        "source_profile=base\nregion=us-west-2\n"
        "sts_regional_endpoints=legacy\n", credentials=STATIC, profile="r"))
    assert keys(done), done.stderr
    (_, host, _, headers, _), = fake.seen
    assert host == "sts.amazonaws.com"
    assert "/us-east-1/sts/" in headers["authorization"]


MFA = ("[profile m]\nrole_arn=arn:aws:iam::1:role/m\nsource_profile=base\n"
       "mfa_serial=arn:aws:iam::1:mfa/me\nregion=us-west-2\n")


def test_an_mfa_role_sends_the_code(fake, tmp_path):
    case = dict(config=MFA, credentials=STATIC, profile="m")
    assert keys(show(fake, tmp_path / "h", case, "123456"))
    body = fake.seen[0][4]
    assert "TokenCode=123456" in body
    assert "SerialNumber=arn%3Aaws%3Aiam%3A%3A1%3Amfa%2Fme" in body


def test_without_a_code_nothing_is_asked(fake, tmp_path):
    case = dict(config=MFA, credentials=STATIC, profile="m")
    assert "MfaCodeRequired" in said(show(fake, tmp_path / "h", case))
    assert fake.seen == []


def test_a_renewed_token_is_written_back_for_others(fake, tmp_path):
    files = cache("corp", expiresAt=PAST, **RENEWABLE)
    assert keys(show(fake, tmp_path / "h", dict(
        config=SSO, profile="sso", files=files)))
    path = tmp_path / "h" / list(files)[0]
    token = json.loads(path.read_text())
    assert token["refreshToken"] == "next"
    assert token["accessToken"] != "good"
    assert token["expiresAt"] > "2026"
    assert token["clientId"] == "c" and token["startUrl"] == URL
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_token_that_ends_soon_stays_good_when_it_cannot_be_renewed(
        fake, tmp_path):
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 500))
    assert keys(show(fake, tmp_path / "h", dict(
        config=SSO, profile="sso",
        files=cache("corp", expiresAt=soon,
                    **dict(RENEWABLE, refreshToken="revoked")))))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "\0", "nonsense",
                                  '{"accessToken":"x"}',
                                  '{"accessToken":"x","expiresAt":"soon"}'])
def test_a_broken_token_file_is_named(fake, tmp_path, text):
    files = {name: text for name in cache("corp")}
    message = said(show(fake, tmp_path / "h", dict(
        config=SSO, profile="sso", files=files)))
    assert list(files)[0] in message
    assert "aws sso login" in message


def test_the_token_file_of_a_container_is_read_each_time(fake, tmp_path):
    done = show(fake, tmp_path / "h", dict(
        container=True, files={"token": "Bearer of-file"},
        env={"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "TOKEN",
             "AWS_CONTAINER_AUTHORIZATION_TOKEN": "other"}))
    assert keys(done)
    assert fake.seen[0][3]["authorization"] == "Bearer of-file"


def test_a_line_end_in_a_containers_token_is_refused(fake, tmp_path):
    assert "line end" in said(show(fake, tmp_path / "h", dict(
        container=True,
        env={"AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\r\nX-Evil: 1"})))
    assert fake.seen == []


@pytest.mark.parametrize("uri", [
    "http://example.com/x", "http://127.evil.example/x", "ftp://127.0.0.1/x",
    "http://169.254.170.3/x", "nonsense", "http://10.0.0.1/"])
def test_a_containers_token_goes_nowhere_else(fake, tmp_path, uri):
    said(show(fake, tmp_path / "h", dict(
        env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": uri,
             "AWS_CONTAINER_AUTHORIZATION_TOKEN": "secret"})))
    assert fake.seen == []


def test_an_instance_without_a_role_has_no_keys(fake, tmp_path):
    fake.faults["/latest/meta-data/iam/security-credentials/"] = (
        lambda handler: handler.answer(404, ""))
    assert "no AWS credentials" in said(show(fake, tmp_path / "h",
                                             dict(imds=True)))


def test_an_instance_without_tokens_is_asked_in_the_old_way(fake, tmp_path):
    fake.faults["/latest/api/token"] = (
        lambda handler: handler.answer(403, ""))
    fake.faults["/latest/meta-data/iam/security-credentials/"] = (
        lambda handler: handler.answer(200, "r"))
    fake.faults["/latest/meta-data/iam/security-credentials/r"] = (
        lambda handler: handler.json(200, {
            "Code": "Success", "AccessKeyId": "A1", "SecretAccessKey": "s",
            "Token": "t", "Expiration": SOON}))
    case = dict(imds=True)
    assert keys(show(fake, tmp_path / "h", case)) == ("A1", "s", "t", SOON)
    case["env"] = {"AWS_EC2_METADATA_V1_DISABLED": "true"}
    assert "no AWS credentials" in said(show(fake, tmp_path / "h", case))


def test_an_instance_that_says_no_with_status_200(fake, tmp_path):
    fake.faults["/latest/meta-data/iam/security-credentials/web-server"] = (
        lambda handler: handler.json(200, {
            "Code": "AssumeRoleUnauthorizedAccess", "Message": "no trust"}))
    assert "no trust" in said(show(fake, tmp_path / "h", dict(imds=True)))


def test_keys_of_an_outage_are_used_on(fake, tmp_path):
    fake.faults["/latest/meta-data/iam/security-credentials/web-server"] = (
        lambda handler: handler.json(200, {
            "Code": "Success", "AccessKeyId": "A1", "SecretAccessKey": "s",
            "Token": "t", "Expiration": PAST}))
    assert keys(show(fake, tmp_path / "h", dict(imds=True)))[3] > "2026"


def test_a_metadata_service_that_hangs_is_left(fake, tmp_path):
    fake.faults["/latest/api/token"] = hang
    fake.faults["/latest/meta-data/iam/security-credentials/"] = hang
    assert "no AWS credentials" in said(show(fake, tmp_path / "h",
                                             dict(imds=True)))


def test_keys_that_have_ended_are_named(fake, tmp_path):
    message = said(show(fake, tmp_path / "h", dict(env={
        "AWS_ACCESS_KEY_ID": "AKE", "AWS_SECRET_ACCESS_KEY": "se",
        "AWS_CREDENTIAL_EXPIRATION": PAST})))
    assert "have expired (AWS_ACCESS_KEY_ID)" in message


ROLE = dict(config="[profile r]\nrole_arn=arn:aws:iam::1:role/r\n"
            "source_profile=base\nregion=us-west-2\n", credentials=STATIC,
            profile="r")


@pytest.mark.parametrize("body", [
    "", "<", "<a/>", "<AssumeRoleResponse/>", "hello",
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A"
    "</AccessKeyId></Credentials></AssumeRoleResult></AssumeRoleResponse>"])
def test_rubbish_of_sts_is_named(fake, tmp_path, body):
    fake.faults["/"] = lambda handler: handler.answer(200, body, "text/xml")
    assert "STS" in said(show(fake, tmp_path / "h", ROLE))


def test_sts_is_asked_again_after_a_fault_of_its_own(fake, tmp_path):
    def once(handler):
        del fake.faults["/"]
        handler.answer(503, "")

    fake.faults["/"] = once
    assert keys(show(fake, tmp_path / "h", ROLE))
    assert len(fake.seen) == 2


def test_a_server_that_closes_is_named(fake, tmp_path):
    def close(handler):
        handler.close_connection = True
        handler.connection.close()

    fake.faults["/"] = close
    assert "sts.us-west-2.amazonaws.com" in said(
        show(fake, tmp_path / "h", ROLE))


def test_a_proxy_that_refuses_is_named(fake, tmp_path):
    case = dict(ROLE, env={"HTTPS_PROXY": "http://127.0.0.1:1"})
    assert "no connection" in said(show(fake, tmp_path / "h", case))


def test_a_certificate_of_somebody_else_is_refused(fake, tmp_path):
    case = dict(ROLE, env={"AWS_CA_BUNDLE": "/etc/ssl/certs/"
                           "ca-certificates.crt"})
    message = said(show(fake, tmp_path / "h", case))
    assert "certificate is not trusted" in message
    assert "AWS_CA_BUNDLE" in message
    assert fake.seen == []


def test_ca_bundle_of_the_profile_counts(fake, tmp_path):
    case = dict(ROLE, env={"AWS_CA_BUNDLE": ""},
                config=ROLE["config"] + f"ca_bundle={fake.certificate}\n")
    assert keys(show(fake, tmp_path / "h", case))


def test_an_override_is_asked_instead(fake, tmp_path):
    for env, config in (
            ({"AWS_ENDPOINT_URL_STS": fake.url + "/here"}, ""),
            ({"AWS_ENDPOINT_URL": fake.url + "/here"}, ""),
            ({}, f"endpoint_url={fake.url}/here\n"),
            ({}, "services=s\n[services s]\nsts=\n"
             f"  endpoint_url={fake.url}/here\n")):
        fake.seen.clear()
        fake.faults["/here"] = lambda handler: handler.answer(403, "")
        said(show(fake, tmp_path / "h", dict(
            ROLE, env=env, config=ROLE["config"] + config)))
        assert [row[2] for row in fake.seen] == ["/here"]
        assert keys(show(fake, tmp_path / "h", dict(
            ROLE, config=ROLE["config"] + config,
            env=dict(env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true"))))


# ---- aws login

SESSION = "arn:aws:iam::123456789012:user/me"


def login_cache(fake, ends, **changes):
    pem = subprocess.run(
        ["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout"],
        check=True, capture_output=True, text=True).stdout
    kept = {"accessToken": {"accessKeyId": "ASIAL", "secretAccessKey": "s",
                            "sessionToken": "t", "accountId": "123456789012",
                            "expiresAt": ends},
            "tokenType": "aws_sigv4", "refreshToken": "r", "idToken": "i",
            "clientId": "arn:aws:signin:::devtools/same-device",
            "dpopKey": pem}
    kept.update(changes)
    name = hashlib.sha256(SESSION.encode()).hexdigest()
    return {f".aws/login/cache/{name}.json": json.dumps(kept)}


LOGIN = dict(config=f"[profile l]\nlogin_session={SESSION}\n"
             "region=us-east-1\n", profile="l")


def test_keys_of_aws_login_are_used(fake, tmp_path):
    done = show(fake, tmp_path / "h", dict(
        LOGIN, files=login_cache(fake, SOON)))
    assert keys(done) == ("ASIAL", "s", "t", SOON)
    assert fake.seen == []


def unpack(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def der(raw):
    """r and s as OpenSSL wants them."""
    parts = b""
    for number in (raw[:32], raw[32:]):
        number = number.lstrip(b"\0")
        if not number or number[0] & 0x80:
            number = b"\0" + number
        parts += b"\x02" + bytes([len(number)]) + number
    return b"\x30" + bytes([len(parts)]) + parts


def test_aws_login_is_renewed_with_a_proof(fake, tmp_path):
    files = login_cache(fake, PAST)
    assert keys(show(fake, tmp_path / "h", dict(LOGIN, files=files)))[0] \
        .startswith("ASIA")
    (method, host, path, headers, body), = fake.seen
    assert (method, host, path) == (
        "POST", "us-east-1.signin.aws.amazon.com", "/v1/token")
    assert "authorization" not in headers
    assert json.loads(body) == {
        "clientId": "arn:aws:signin:::devtools/same-device",
        "grantType": "refresh_token", "refreshToken": "r"}
    head, claims, signature = headers["DPoP"].split(".")
    told = json.loads(unpack(claims))
    assert (told["htm"], told["htu"]) == ("POST", f"https://{host}{path}")
    assert abs(told["iat"] - time.time()) < 3600 and len(told["jti"]) == 36
    head_read = json.loads(unpack(head))
    assert (head_read["typ"], head_read["alg"]) == ("dpop+jwt", "ES256")
    kept = json.loads(list(files.values())[0])
    (tmp_path / "pem").write_text(kept["dpopKey"])
    (tmp_path / "sig").write_bytes(der(unpack(signature)))
    (tmp_path / "text").write_text(f"{head}.{claims}")
    shown = subprocess.run(
        ["openssl", "ec", "-in", tmp_path / "pem", "-pubout", "-out",
         tmp_path / "pub"], capture_output=True, check=True)
    assert shown.returncode == 0
    assert subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", tmp_path / "pub",
         "-signature", tmp_path / "sig", tmp_path / "text"],
        capture_output=True, text=True).stdout == "Verified OK\n"
    point = subprocess.run(
        ["openssl", "ec", "-in", tmp_path / "pem", "-pubout", "-outform",
         "DER"], capture_output=True, check=True).stdout[-64:]
    jwk = head_read["jwk"]
    assert unpack(jwk["x"]) + unpack(jwk["y"]) == point
    path = tmp_path / "h" / list(files)[0]
    now = json.loads(path.read_text())
    assert now["refreshToken"] == "next" and now["dpopKey"] == kept["dpopKey"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("changes", [
    {"refreshToken": "revoked"}, {"dpopKey": "no key"}, {"dpopKey": None}])
def test_aws_login_run_out_says_what_to_run(fake, tmp_path, changes):
    assert "run: aws login --profile l" in said(show(
        fake, tmp_path / "h",
        dict(LOGIN, files=login_cache(fake, PAST, **changes))))
