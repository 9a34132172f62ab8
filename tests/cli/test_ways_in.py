"""Logins by what Secrets Manager keeps, and ways through another host."""

import json
import os
import pathlib
import socket
import subprocess
import time

import pytest

from fake_aws import FakeAws
from sandbox_server import Sandbox

NAME = "redsh-sandbox"
WHO = "select current_user"


@pytest.fixture(scope="module")
def sandbox():
    running = Sandbox()
    yield running
    running.stop()


class Shell:
    def __init__(self, sandbox, home):
        self.sandbox = sandbox
        self.home = home
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("PG", "AWS", "XDG"))}
        self.env.update(
            (name, value) for name, value in sandbox.env.items()
            if name.startswith("AWS") or name == "PGSSLROOTCERT")
        self.env.update(HOME=str(home), AWS_EC2_METADATA_DISABLED="true")

    def aws(self, *arguments):
        done = subprocess.run(
            ["/usr/bin/aws", "--endpoint-url",
             self.env["AWS_ENDPOINT_URL"], "secretsmanager", *arguments],
            capture_output=True, text=True, env={**os.environ, **self.env},
            check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def run(self, *arguments, script=None, **more):
        return subprocess.run(
            [os.environ["REDSH"], "-XAtq", *arguments], input=script,
            stdin=subprocess.DEVNULL if script is None else None,
            capture_output=True, text=True, check=False,
            env={**self.env, **more})

    def answer(self, *arguments, **more):
        done = self.run(*arguments, **more)
        assert (done.stderr, done.returncode) == ("", 0)
        return done.stdout.strip()

    def user(self, name, password):
        with self.sandbox.connect().cursor() as cursor:
            cursor.execute(f"drop user if exists {name}")
            cursor.execute(f"create user {name} password '{password}'")

    def login(self, **more):
        env = self.sandbox.env
        return json.dumps({"engine": "redshift", "host": "localhost",
                           "port": env["PGPORT"], "dbname": "dev",
                           "username": "keeper", "password": "Keeps1234",
                           **more})


@pytest.fixture
def shell(sandbox, tmp_path):
    shell = Shell(sandbox, tmp_path)
    yield shell
    (sandbox.dir / "denied.tsv").unlink(missing_ok=True)


# ---- Secrets Manager

def test_a_secret_says_all_that_a_login_needs(shell):
    shell.user("keeper", "Keeps1234")
    made = shell.aws("create-secret", "--name", "prod/dw",
                     "--secret-string", shell.login())
    for name in ("prod/dw", made["ARN"], made["ARN"][:-7]):
        assert shell.answer("--secret", name, "-c", WHO) == "keeper"
    assert shell.answer("secret=prod/dw dbname=dev", "-c", WHO) == "keeper"


def test_a_secret_of_the_warehouse_s_own_needs_its_name(shell):
    secret = f"redshift!{NAME}-awsuser"
    assert shell.answer("--secret", secret, "--cluster", NAME,
                        "-c", WHO) == "awsuser"
    done = shell.run("--secret", secret, "-c", WHO)
    assert "does not say where the warehouse is" in done.stderr
    assert "--cluster NAME" in done.stderr


def test_the_cluster_of_a_secret_is_looked_up(shell):
    shell.user("keeper", "Keeps1234")
    shell.aws("create-secret", "--name", "by-cluster", "--secret-string",
              json.dumps({"username": "keeper", "password": "Keeps1234",
                          "dbClusterIdentifier": NAME}))
    assert shell.answer("--secret", "by-cluster", "-c", WHO) == "keeper"


def test_a_secret_that_was_rotated_is_read_again(shell):
    """The password changes between two logins of one session."""
    shell.user("keeper", "Keeps1234")
    shell.aws("create-secret", "--name", "turning", "--secret-string",
              shell.login())
    env = shell.sandbox.env
    admin = (f"psql -qXh localhost -p {env['PGPORT']} -U {env['PGUSER']} dev "
             "-c \"alter user keeper password 'Turned1234'\"")
    turn = ("aws --endpoint-url $AWS_ENDPOINT_URL secretsmanager "
            "put-secret-value --secret-id turning --secret-string "
            f"'{shell.login(password='Turned1234')}' > /dev/null")
    path = shell.home / "turn"
    path.write_text(f"PGPASSWORD={env['PGPASSWORD']} {admin}\n{turn}\n")
    assert shell.answer("--secret", "turning", script=f"{WHO};\n"
                        f"\\! sh {path}\n\\c dev\n{WHO};\n").split() \
        == ["keeper", "keeper"]


@pytest.mark.parametrize("value, said", [
    ("plain words", "has no username or password"),
    ('{"username": "x"}', "has no username or password"),
    ('["username"]', "has no username or password"),
])
def test_what_is_no_login_is_told(shell, value, said):
    fake = FakeAws({"GetSecretValue": lambda *_: {"SecretString": value}})
    try:
        done = shell.run("--secret", "odd", "-c", WHO,
                         AWS_ENDPOINT_URL=fake.url)
    finally:
        fake.close()
    assert done.returncode == 2
    assert said in done.stderr and "plain words" not in done.stderr


def test_a_secret_may_be_bytes_in_another_region(shell):
    import base64
    shell.user("keeper", "Keeps1234")
    text = base64.b64encode(shell.login().encode()).decode()
    fake = FakeAws({"GetSecretValue": lambda *_: {"SecretBinary": text}})
    try:
        assert shell.answer(
            "--secret", "arn:aws:secretsmanager:ap-south-1:1:secret:x-abcdef",
            "-c", WHO, AWS_ENDPOINT_URL=fake.url) == "keeper"
    finally:
        fake.close()
    assert {ask[1] for ask in fake.asked} == {"ap-south-1"}


def test_refusals_of_secrets(shell):
    done = shell.run("--secret", "nowhere", "-c", WHO)
    assert "secret nowhere" in done.stderr
    assert "can't find the specified secret" in done.stderr
    (shell.sandbox.dir / "denied.tsv").write_text(
        "action\tresource\nsecretsmanager:*\t*\n")
    done = shell.run("--secret", "nowhere", "-c", WHO)
    assert "not authorized to perform: secretsmanager:GetSecretValue" \
        in done.stderr
    assert "kms:Decrypt" in done.stderr


# ---- ssh

@pytest.fixture
def ssh(shell, tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    source = pathlib.Path(__file__).with_name("fake_ssh.py")
    (folder / "ssh").write_text(source.read_text())
    (folder / "ssh").chmod(0o755)
    log = tmp_path / "ssh.log"
    log.write_text("")
    shell.env.update(PATH=f"{folder}:{os.environ['PATH']}",
                     FAKE_SSH_LOG=str(log), XDG_RUNTIME_DIR=str(tmp_path),
                     FAKE_SSH_PORT=shell.sandbox.env["PGPORT"])
    shell.calls = lambda: [json.loads(line)
                           for line in log.read_text().splitlines()]
    return shell


def test_a_tunnel_keeps_the_name_that_the_certificate_is_for(ssh):
    env = ssh.sandbox.env
    assert ssh.answer(
        "--ssh", "bastion", "-h", "localhost", "-p", "5999",
        "-U", env["PGUSER"], "-d", "dev", "-c", WHO,
        PGPASSWORD=env["PGPASSWORD"], PGSSLMODE="verify-full") == "awsuser"
    made, ended = ssh.calls()
    forward = made[made.index("-L") + 1]
    assert forward.startswith("127.0.0.1:")
    assert forward.endswith(":localhost:5999")
    assert made[-2:] == ["--", "bastion"]
    assert ended[-4:] == ["-O", "exit", "--", "bastion"]
    done = ssh.run(
        "--ssh", "bastion", "-h", "other.example.test", "-p", "5999",
        "-U", env["PGUSER"], "-d", "dev", "-c", WHO,
        PGPASSWORD=env["PGPASSWORD"], PGSSLMODE="verify-full")
    assert 'does not match host name "other.example.test"' in done.stderr


def test_a_tunnel_ends_with_a_shell_that_is_killed(ssh, tmp_path):
    env = ssh.sandbox.env
    shell = subprocess.Popen(
        [os.environ["REDSH"], "-X", "--ssh", "bas'tion", "-h", "localhost", "-p", "5999",
         "-U", env["PGUSER"], "-d", "dev"], text=True,
        env={**ssh.env, "PGPASSWORD": env["PGPASSWORD"],
             "PGSSLMODE": "verify-full"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    shell.stdin.write("\\g\nselect 'in';\n\\! echo there\n")
    shell.stdin.flush()
    while shell.stdout.readline() != "there\n":
        assert shell.poll() is None
    port = int(ssh.calls()[0][ssh.calls()[0].index("-L") + 1].split(":")[1])
    socket.create_connection(("127.0.0.1", port)).close()
    shell.kill()
    # Nobody holds the output any longer, and the way is closed.
    shell.communicate(timeout=60)
    end = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            break
        assert time.monotonic() < end, "the tunnel is still there"
        time.sleep(0.05)
    assert ssh.calls()[-1][-4:] == ["-O", "exit", "--", "bas'tion"]
    while list(tmp_path.glob("redsh-*")):
        assert time.monotonic() < end, "its folder is still there"
        time.sleep(0.05)


def test_a_login_by_iam_goes_through_it_too_and_again(ssh):
    script = f"{WHO};\n\\refresh\n\\c dev\n{WHO};\n"
    assert ssh.answer("--ssh", "bastion", "--cluster", NAME,
                      script=script).split() == ["sandbox", "sandbox"]
    verbs = [call[call.index("-O") + 1] if "-O" in call else "start"
             for call in ssh.calls()]
    assert verbs == ["start", "check", "exit"]
    assert not list(ssh.home.glob("redsh-*"))


def test_a_way_that_is_refused_is_told(ssh):
    done = ssh.run("--ssh", "refuses", "--cluster", NAME, "-c", WHO)
    assert done.returncode == 2
    assert "Permission denied (publickey)" in done.stderr
    assert "no way through refuses: ssh exited with code 255" in done.stderr


def test_a_host_is_no_option_of_ssh(ssh):
    ssh.run("--ssh", "-oProxyCommand=touch pwned", "--cluster", NAME,
            "-c", WHO)
    assert all(call[-2] == "--" for call in ssh.calls())


def test_a_socket_has_no_way_through_a_host(ssh):
    done = ssh.run("--ssh", "bastion", "-h", "/tmp", "-c", WHO)
    assert "needs the name of one host" in done.stderr
