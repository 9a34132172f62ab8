"""\aws and \sso, and what the credential chain is worth, against the sandbox's
STS, IAM Identity Center, metadata service and S3."""

import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", name)
                for name in ("screen", "peer")]

from aws_hosts import AwsHosts          # noqa: E402
from terminal import Terminal, environment      # noqa: E402

REDSH = os.environ["REDSH"]
SERVE = os.path.join(os.path.dirname(REDSH), "tests/peer/s3_serve")
ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/"


# The sanitizer would switch cores off by itself.
os.environ["ASAN_OPTIONS"] = (os.environ.get("ASAN_OPTIONS", "") +
                              ":disable_coredump=0")


class Served:
    """The sandbox's AWS endpoints, and a HOME whose profiles use them."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "store").mkdir()
        self.process = subprocess.Popen(
            [SERVE, str(folder / "store")], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        said = {}
        for _ in range(4):
            name, value = (self.process.stdout.readline()
                           .split(" ", 1)[1].split("=", 1))
            said[name] = value.strip()
        self.url = said["AWS_ENDPOINT_URL"]
        self.key = said["AWS_ACCESS_KEY_ID"]
        self.secret = said["AWS_SECRET_ACCESS_KEY"]
        self.home = folder / "home"
        (self.home / ".aws").mkdir(parents=True)
        self.config("")
        self.write("credentials", f"""
[base]
aws_access_key_id = {self.key}
aws_secret_access_key = {self.secret}
""")

    def write(self, name, text):
        path = self.home / ".aws" / name
        path.write_text(text)
        path.chmod(0o600)

    def config(self, text):
        self.write("config", "[default]\nregion = us-east-1\n[profile base]\n"
                   f"region = us-east-1\nendpoint_url = {self.url}\n" +
                   text.replace("URL", self.url))

    def env(self, **more):
        return environment(self.home, **more)

    def run(self, *commands, profile=None, env=None, options=()):
        words = [REDSH, "-X", "--offline", "--csv", "-t", *options]
        if profile:
            words += ["--profile", profile]
        for command in commands:
            words += ["-c", command]
        return subprocess.run(words, env=self.env(**(env or {})),
                              capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL)

    def good(self, *commands, **more):
        done = self.run(*commands, **more)
        assert done.returncode == 0 and done.stderr == "", done.stderr
        return done.stdout

    def bad(self, *commands, **more):
        done = self.run(*commands, **more)
        assert done.returncode != 0 or done.stderr, done.stdout
        assert "Sanitizer" not in done.stderr
        return done.stderr

    def stop(self):
        self.process.stdin.close()
        assert self.process.wait(20) == 0


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    served = Served(tmp_path_factory.mktemp("served"))
    yield served
    served.stop()


def role(name, source="base", more=""):
    return (f"[profile {name}]\nrole_arn = {ROLE}{name}\n"
            f"source_profile = {source}\nregion = us-east-1\n"
            f"endpoint_url = URL\n{more}")


def test_whoami_tells_identity_and_where_the_keys_are_from(served):
    out = served.good(r"\aws whoami", profile="base")
    assert f"identity,arn:aws:iam::{ACCOUNT}:user/sandbox" in out
    assert 'credentials,"profile ""base"" in ' in out
    assert served.secret not in out
    assert served.good(r"\aws", profile="base") == out


def test_a_role_is_assumed_and_its_policy_counts(served):
    served.config(role("ReadOnly") + role("RedshiftCopy"))
    out = served.good(r"\aws whoami", profile="ReadOnly")
    assert re.search(rf"identity,arn:aws:sts::{ACCOUNT}:assumed-role/"
                     r"ReadOnly/redsh", out)
    assert "valid until" in out
    assert "made" in served.bad(r"\s3mb s3://roles", profile="RedshiftCopy")
    assert "roles," in served.good(r"\s3ls", profile="ReadOnly")
    assert "access denied" in served.bad(r"\s3rb --yes s3://roles",
                                         profile="ReadOnly")
    assert "removed" in served.bad(r"\s3rb --yes s3://roles",
                                   profile="RedshiftCopy")


def test_a_role_that_does_not_trust_is_refused(served):
    served.config(role("ReadOnly") + role("LakeOwner", "ReadOnly"))
    said = served.bad(r"\aws whoami", profile="LakeOwner")
    assert "is not authorized to perform: sts:AssumeRole" in said
    assert "the role must trust this identity" in said
    served.config(role("RedshiftCopy") + role("LakeOwner", "RedshiftCopy"))
    assert "assumed-role/LakeOwner" in served.good(r"\aws whoami",
                                                   profile="LakeOwner")


def test_a_chained_role_lasts_an_hour_at_most(served):
    served.config(role("RedshiftCopy") + role(
        "LakeOwner", "RedshiftCopy", "duration_seconds = 7200\n"))
    assert "1 hour session limit" in served.bad(r"\aws whoami",
                                                profile="LakeOwner")


def token(served, *options):
    sandbox = os.path.join(os.path.dirname(REDSH), "redsh-sandbox")
    return subprocess.run(
        [sandbox, "token", "--dir", str(served.folder / "store"), *options],
        capture_output=True, text=True, check=True).stdout.strip()


def test_a_web_identity_token_gives_keys(served, tmp_path):
    path = tmp_path / "token"
    path.write_text(token(served, "--user", "ann"))
    served.config(f"[profile web]\nrole_arn = {ROLE}ReadOnly\n"
                  f"web_identity_token_file = {path}\nregion = us-east-1\n"
                  "role_session_name = ann\nendpoint_url = URL\n")
    assert "assumed-role/ReadOnly/ann" in served.good(r"\aws whoami",
                                                      profile="web")
    path.write_text("no.real.token")
    assert "InvalidIdentityToken" in served.bad(r"\aws whoami", profile="web")


def test_an_instance_and_a_container_have_roles(served):
    out = served.good(r"\aws whoami", env={
        "AWS_EC2_METADATA_DISABLED": "false", "AWS_ENDPOINT_URL": served.url,
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": served.url})
    assert "assumed-role/RedshiftCopy/i-0123456789abcdef0" in out
    out = served.good(r"\aws whoami", env={
        "AWS_EC2_METADATA_DISABLED": "false", "AWS_ENDPOINT_URL": served.url,
        "AWS_REGION": "", "AWS_DEFAULT_REGION": "",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": served.url})
    # The region of the instance, where none is set up.
    assert "region,us-east-1" in out
    env = {"AWS_CONTAINER_CREDENTIALS_FULL_URI":
           served.url + "/container/ReadOnly",
           "AWS_CONTAINER_AUTHORIZATION_TOKEN":
           token(served, "--user", "pod"), "AWS_ENDPOINT_URL": served.url}
    assert "assumed-role/ReadOnly/container" in served.good(r"\aws whoami",
                                                            env=env)
    env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "other"
    assert "401" in served.bad(r"\aws whoami", env=env)


# ---- profiles and regions

def test_profiles_are_listed_and_changed(served):
    served.config(role("ReadOnly") + "[profile p]\n"
                  "credential_process = true\n")
    out = served.good(r"\aws profile", profile="base")
    assert out.splitlines() == ["default,us-east-1,,", "base,us-east-1,keys,*",
                                "ReadOnly,us-east-1,role,",
                                "p,,process,"]
    done = served.run(r"\aws profile ReadOnly", r"\aws whoami",
                      profile="base")
    assert "assumed-role/ReadOnly" in done.stdout


def test_a_profile_that_is_not_there_leaves_the_old_one(served):
    done = served.run(r"\aws profile nobody", r"\aws whoami", profile="base")
    assert 'there is no AWS profile "nobody"' in done.stderr
    assert "user/sandbox" in done.stdout
    assert 'there is a profile "base"' in served.bad(r"\aws profile BASE",
                                                     profile="base")


def test_the_region_is_told_and_changed(served):
    assert "region us-east-1" in served.bad(r"\aws region", profile="base")
    done = served.run(r"\aws region eu-west-1", r"\aws region",
                      profile="base")
    assert done.stderr.count("region eu-west-1") == 2
    assert "is not a region" in served.bad(r"\aws region a/b",
                                           profile="base")
    assert "no AWS region is set" in served.bad(
        r"\aws region", env={"AWS_CONFIG_FILE": "/dev/null"})


@pytest.mark.parametrize("line, message", [
    (r"\aws nonsense", "does not know"), (r"\aws whoami me", "takes no name"),
    (r"\sso nonsense", "does not know"), (r"\sso", "missing required argument"),
    (r"\sso login base", "does not use IAM Identity Center"),
    (r"\sso login nobody", "no AWS profile")])
def test_what_is_mistyped_is_named(served, line, message):
    assert message in served.bad(line)


# ---- doctor

def test_the_doctor_shows_where_each_value_is_from_and_no_secret(served):
    out = served.good(r"\aws doctor", profile="base")
    for row in ("profile,base,--profile or \\aws profile",
                "region,us-east-1,the AWS profile", "secret key,***,",
                f"identity,arn:aws:iam::{ACCOUNT}:user/sandbox,STS",
                "clock,right,Date of STS", f"S3,{served.url},"):
        assert row in out, out
    assert served.secret not in out and served.key not in out
    assert f"access key id,{served.key[:4]}...{served.key[-4:]}," in out
    assert "PROBLEM" not in out


def test_the_doctor_names_what_is_wrong(served):
    credentials = served.home / ".aws" / "credentials"
    credentials.chmod(0o644)
    done = served.run(r"\aws doctor", profile="base", env={
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1",
        "AWS_CA_BUNDLE": "/nowhere.pem",
        "https_proxy": "http://me:hidden@127.0.0.1:1"})
    credentials.chmod(0o600)
    assert "S3,PROBLEM: " in done.stdout
    assert "no connection" in done.stdout
    assert "TLS authorities,PROBLEM: there is no file /nowhere.pem" \
        in done.stdout
    assert "permissions,PROBLEM: " in done.stdout
    assert "mode 0644" in done.stderr
    assert "hidden" not in done.stdout + done.stderr
    assert "proxy,***@127.0.0.1:1,https_proxy" in done.stdout


def test_the_doctor_lives_without_credentials(served):
    out = served.run(r"\aws doctor",
                     env={"AWS_ENDPOINT_URL": served.url}).stdout
    assert 'credentials,"PROBLEM: no AWS credentials' in out
    assert f"Redshift,{served.url}," in out


# ---- IAM Identity Center

SSO = f"""
[profile corp]
sso_session = corp
sso_account_id = {ACCOUNT}
sso_role_name = ReadOnly
region = us-east-1
endpoint_url = URL
[sso-session corp]
sso_region = us-east-1
sso_start_url = https://d-1.awsapps.com/start
"""


def cache_file(served):
    name = hashlib.sha1(b"corp").hexdigest()
    return served.home / ".aws/sso/cache" / f"{name}.json"


def log_in(served):
    """\\sso login, with a browser of our own."""
    child = subprocess.Popen(
        [REDSH, "-X", "--offline", "--csv", "-t", "--profile", "corp", "-c",
         r"\sso login", "-c", r"\aws whoami"], env=served.env(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said = ""
    while "http" not in said:
        line = child.stderr.readline()
        assert line, said
        said += line
    url = re.search(r"http://\S+", said).group()
    assert "user_code=" in url
    with urllib.request.urlopen(url) as page:
        assert b"Confirmed" in page.read()
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0, err
    return out


def test_sso_login_does_the_device_flow(served):
    served.config(SSO)
    said = served.bad(r"\aws whoami", profile="corp")
    assert r"type \sso login" in said and "aws sso login" in said
    out = log_in(served)
    assert "assumed-role/ReadOnly/sandbox" in out
    kept = json.loads(cache_file(served).read_text())
    assert kept["startUrl"] == "https://d-1.awsapps.com/start"
    assert set(kept) == {"startUrl", "region", "accessToken", "expiresAt",
                         "clientId", "clientSecret", "refreshToken",
                         "registrationExpiresAt"}
    assert cache_file(served).stat().st_mode & 0o777 == 0o600


def test_a_token_near_its_end_is_renewed(served):
    served.config(SSO)
    log_in(served)
    kept = json.loads(cache_file(served).read_text())
    kept["expiresAt"] = "2020-01-01T00:00:00Z"
    cache_file(served).write_text(json.dumps(kept))
    served.good(r"\aws whoami", profile="corp")
    now = json.loads(cache_file(served).read_text())
    assert now["accessToken"] != kept["accessToken"]
    assert now["refreshToken"] != kept["refreshToken"]


def test_ctrl_c_ends_the_wait_for_a_browser(served):
    served.config(SSO)
    child = subprocess.Popen(
        [REDSH, "-X", "--offline", "--profile", "corp", "-c", r"\sso login"],
        env=served.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True)
    while "user_code" not in child.stderr.readline():
        pass
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=30)
    assert child.returncode != 0


# ---- codes of devices

def test_an_mfa_code_is_asked_for_on_the_terminal(served, tmp_path):
    fake = AwsHosts(str(tmp_path))
    served.config("[profile m]\nrole_arn=arn:aws:iam::1:role/m\n"
                  "source_profile=base\nregion=us-east-1\n"
                  f"mfa_serial=arn:aws:iam::1:mfa/me\n"
                  f"endpoint_url={fake.url}\n")
    with Terminal([REDSH, "-X", "--offline", "--profile", "m"],
                  served.env()) as term:
        term.wait_for_pattern(r"[=#>] ?$")
        term.line(r"\aws whoami")
        term.wait_for("MFA code of arn:aws:iam::1:mfa/me:")
        term.line("860419")
        term.wait_for("assumed-role/m/me")
        assert "860419" not in term.text()
        term.line(r"\q")
    assert "TokenCode=860419" in fake.seen[0][4]
    said = served.bad(r"\aws whoami", profile="m")
    assert "wants a code of the MFA device" in said
    fake.stop()


# ---- secrets

def plants(served):
    """Everything that must never be seen, and a HOME full of it."""
    served.config(role("RedshiftCopy") + SSO +
                  "[profile proc]\nregion = us-east-1\nendpoint_url = URL\n"
                  "credential_process = printf '%s' '{\"Version\":1,"
                  f"\"AccessKeyId\":\"{served.key}\","
                  f"\"SecretAccessKey\":\"{served.secret}\"}}'\n")
    log_in(served)
    kept = json.loads(cache_file(served).read_text())
    return [served.secret, kept["accessToken"], kept["refreshToken"],
            kept["clientSecret"], "hidden-in-proxy"]


def test_planted_secrets_are_found_nowhere(served, tmp_path):
    secrets = plants(served)
    log = tmp_path / "debug.log"
    (tmp_path / "x.csv").write_text("a\n1\n")
    shown = ""
    for profile in ("base", "RedshiftCopy", "corp", "proc"):
        with Terminal([REDSH, "-X", "--offline", "--profile", profile,
                       "--debug-log", str(log)],
                      served.env(HTTPS_PROXY="http://u:hidden-in-proxy@"
                                 "127.0.0.1:1")) as term:
            term.wait_for_pattern(r"[=#>] ?$")
            for line, then in ((r"\aws whoami", "credentials"),
                               (r"\aws doctor", "identity"),
                               (r"\s3ls", "row"),
                               (r"\s3ls s3://nobody-has-this", "no such")):
                term.line(line)
                term.wait_for(then)
            pid = term.child.pid
            cmdline = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
            limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
            shown += term.text() + cmdline.decode()
            assert re.search(r"Max core file size\s+0\s", limits), limits
            term.line(r"\q")
            term.wait_for_end()
    known = {served.home / ".aws" / name for name in ("config", "credentials")}
    known.add(cache_file(served))
    files = [path for path in [*served.home.rglob("*"), log]
             if path.is_file() and path not in known]
    assert any("history" in path.name for path in files), files
    text = shown.encode() + b"".join(path.read_bytes() for path in files)
    for secret in secrets:
        assert secret.encode() not in text
    assert b"ASIA" in log.read_bytes()     # the log was on, and about this


def sandbox_fault(served, *words):
    subprocess.run([os.path.abspath(os.environ["REDSH_SANDBOX"]), "fault",
                    *words, "--dir", str(served.folder / "store")],
                   check=True, capture_output=True, stdin=subprocess.DEVNULL)


def test_transfers_and_jobs_write_no_secret_down(served, tmp_path):
    """An upload behind the prompt that is killed and leaves its journal, a
    download behind the prompt, an import of odbc.ini, a link."""
    log, odbc = tmp_path / "debug.log", tmp_path / "odbc.ini"
    (tmp_path / "large").write_bytes(os.urandom(12 << 20))
    odbc.write_text("[planted]\nDriver=Amazon Redshift\nServer=h\n"
                    "UID=u\nPWD=hidden-in-odbc\n")
    shown, links = "", []
    state = served.home / ".local/state/redsh"

    def shell(profile):
        return Terminal([REDSH, "-X", "--offline", "--profile", profile,
                         "--debug-log", str(log)],
                        served.env(HTTPS_PROXY="http://u:hidden-in-proxy@"
                                   "127.0.0.1:1"), columns=1000, cwd=tmp_path)

    secrets = [*plants(served), "hidden-in-odbc"]
    with shell("base") as term:
        term.wait_for_pattern(r"[=#>] ?$")
        term.line(r"\s3mb s3://planted")
        term.wait_for("made")
        term.line(r"\s3put large s3://planted/first")
        term.wait_for("put: ")
        shown += term.text()
    sandbox_fault(served, "add", "--op", "UploadPart", "--skip", "1",
                  "--count", "all", "stall-read")
    with shell("proc") as term:
        term.wait_for_pattern(r"[=#>] ?$")
        term.line(r"\s3put --part-size 5MiB large s3://planted/killed &")
        wait_for_record(state)
        term.line(r"\jobs")
        term.wait_for("killed")
        shown += term.text() + pathlib.Path(
            f"/proc/{term.child.pid}/cmdline").read_bytes().decode()
        os.kill(term.child.pid, signal.SIGKILL)
        term.wait_for_end()
    sandbox_fault(served, "clear")
    with shell("RedshiftCopy") as term:
        term.wait_for_pattern(r"[=#>] ?$")
        for line, then in ((r"\s3get s3://planted/first back &", "[1]"),
                           (r"\wait", "12.0 MiB"),
                           (f"\\connections --import-odbc {odbc}",
                            "@planted"),
                           (r"\s3presign s3://planted/first",
                            "X-Amz-Signature=")):
            term.line(line)
            term.wait_for(then)
        term.wait_for_pattern(r"Signature=[0-9a-f]{64}")
        links = re.findall(r"X-Amz-(?:Signature|Security-Token)=([^&\s]+)",
                           term.text())
        shown += term.text()
        term.line(r"\q")
        term.wait_for_end()
    assert (tmp_path / "back").stat().st_size == 12 << 20
    known = {served.home / ".aws" / name for name in ("config", "credentials")}
    known.add(cache_file(served))
    files = [path for path in [*served.home.rglob("*"), log]
             if path.is_file() and path not in known]
    assert any(path.suffix == ".json" and state in path.parents
               for path in files), files
    kept = b"".join(path.read_bytes() for path in files)
    for secret in secrets:
        assert secret.encode() not in kept + shown.encode()
    assert len(links) == 2
    for link in links:      # was shown, and is written down nowhere
        assert link.encode() not in kept


def wait_for_record(state):
    for _ in range(1200):
        for record in state.glob("*/*.json"):
            if len(record.read_text().splitlines()) > 1:
                return
        time.sleep(0.05)
    raise AssertionError("no part has been recorded")


def core_limits(served, **env):
    """Before and after a secret is loaded."""
    look = r"\! grep 'Max core' /proc/$PPID/limits"
    done = subprocess.run(
        ["/bin/bash", "-c", 'ulimit -S -c 1024; exec "$@"', "-", REDSH, "-X",
         "--offline", "--profile", "base", "-c", look, "-c", r"\aws whoami",
         "-c", look], env=served.env(**env), capture_output=True, text=True,
        timeout=60, stdin=subprocess.DEVNULL)
    return re.findall(r"Max core file size\s+(\S+)", done.stdout)


def test_no_core_once_a_secret_is_loaded(served):
    served.config("")
    hard = subprocess.run(["/bin/bash", "-c", "ulimit -H -c"],
                          capture_output=True, text=True).stdout.strip()
    if hard == "0":
        pytest.skip("cores are off here for all")
    before, after = core_limits(served)
    assert before != "0" and after == "0"
    before, after = core_limits(served, REDSH_CORE="1")
    assert before == after != "0"


# --- libcurl is loaded when it is needed ---

def test_without_libcurl_only_aws_is_missing(served, tmp_path):
    """A file that is no library stands before the real one."""
    (tmp_path / "libcurl.so.4").write_text("")
    done = subprocess.run(
        [REDSH, "-X", "-c", "\\s3ls"], text=True, capture_output=True,
        check=False,
        env=served.env(LD_LIBRARY_PATH=str(tmp_path)))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "libcurl.so.4 cannot be loaded: " in done.stderr
    assert "apt-get install libcurl4" in done.stderr
