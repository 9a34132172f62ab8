"""redsh's Debian package before Debian's own tools: built by tools/package,
looked at by lintian, installed by dpkg and apt into a copy of this machine that
is thrown away; and there the platform's machine goes through its first start."""

import http.server
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading

import pytest
from judging import HERE, loud_skip, scratch

TOP = HERE.parent.parent
sys.path.insert(0, str(TOP / "tests" / "cli"))
# pylint: disable=wrong-import-position
import test_platform_machine as machine  # noqa: E402
from s3_server import S3Server  # noqa: E402

SECONDS = 900
ENV = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8",
       "HOME": os.environ.get("HOME", "/")}

if not shutil.which("dpkg-deb") or not shutil.which("dpkg-shlibdeps") or \
        "12" not in pathlib.Path("/etc/os-release").read_text():
    loud_skip("this is no Debian 12: the package is NOT built")


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          timeout=SECONDS, stdin=subprocess.DEVNULL,
                          **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module", name="package")
def make_package():
    """The path of the package."""
    folder = TOP / "build" / "package"
    said = run("nice", str(TOP / "tools" / "package"), str(folder), env=ENV)
    path = pathlib.Path(said.splitlines()[-1])
    assert path.parent == folder
    return path


def field(package, name):
    return run("dpkg-deb", "-f", str(package), name).strip()


def test_its_control_file(package):
    version = field(package, "Version")
    assert package.name == f"redsh_{version}_{field(package, 'Architecture')}"\
        ".deb"
    needs = {one.split()[0] for one in
             field(package, "Depends").split(", ")}
    # Linked; loaded when they are needed; files.
    assert {"libc6", "libpq5", "libreadline8", "libssl3"} <= needs
    assert {"libcurl4", "libsqlite3-0", "libexpat1", "libjansson4", "zlib1g",
            "libzstd1", "libbz2-1.0", "libutf8proc2"} <= needs
    assert "ca-certificates" in needs


def test_every_library_that_is_loaded_late_is_in_a_package_that_it_needs(
        package):
    needs = {one.split()[0] for one in field(package, "Depends").split(", ")}
    tree = package.parent / "tree"
    names = re.findall(r"^[A-Z0-9]+_SONAME = (\S+)$",
                       (tree / "Makefile").read_text(), re.MULTILINE)
    assert len(names) >= 8
    caches = run("/sbin/ldconfig", "-p")
    for name in names:
        found = re.search(rf"\b{re.escape(name)} .* => (\S+)", caches)
        # /lib is /usr/lib, and dpkg knows one of them.
        owner = run("dpkg", "-S", "*/" + os.path.basename(found.group(1)))
        assert owner.split(":")[0] in needs, name


def test_its_files(package):
    listed = run("dpkg-deb", "-c", str(package)).splitlines()
    names = {line.split()[5][1:] for line in listed}
    assert {"/usr/bin/redsh", "/usr/bin/redsh-sandbox",
            "/usr/share/man/man1/redsh.1.gz",
            "/usr/share/bash-completion/completions/redsh.bash",
            "/usr/share/zsh/vendor-completions/_redsh",
            "/usr/share/fish/vendor_completions.d/redsh.fish",
            "/usr/share/doc/redsh/copyright",
            "/usr/share/redsh/platform/cluster.yaml",
            "/usr/share/redsh/platform/serverless.yaml"} <= names
    assert {line.split()[1] for line in listed} == {"root/root"}
    modes = {line.split()[0] for line in listed}
    assert modes == {"drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x"}
    # All that is in share/ and is not compiled in.
    inside = {name[len("/usr/share/redsh/"):] for name in names
              if name.startswith("/usr/share/redsh/")}
    for path in (TOP / "share").rglob("*"):
        name = str(path.relative_to(TOP / "share"))
        if path.is_file() and not name.startswith("sql/") and \
                name != "sandbox/README":       # for who works on redsh
            assert name in inside, f"{name} is not installed"


def test_it_does_not_know_where_it_was_built(package):
    for name in ("redsh", "redsh-sandbox"):
        assert str(TOP).encode() not in (
            package.parent / "root/usr/bin" / name).read_bytes()


def test_its_sum(package):
    run("sha256sum", "--check", "--strict", package.name + ".sha256",
        cwd=package.parent)
    assert sorted(path.name for path in package.parent.glob("redsh_*")) == [
        package.name, package.name + ".sha256"]


def test_the_same_tree_gives_the_same_bytes(package):
    before = package.read_bytes()
    run(str(TOP / "tools" / "package"), str(package.parent), env=ENV)
    assert package.read_bytes() == before


def test_lintian_finds_no_error(package):
    if not shutil.which("lintian"):
        loud_skip_one("lintian is not installed: it does NOT judge the package")
    done = subprocess.run(["lintian", "--fail-on", "none", str(package)],
                          capture_output=True, text=True, check=False,
                          timeout=SECONDS)
    assert [line for line in done.stdout.splitlines()
            if line.startswith(("E:", "W:"))] == []


def loud_skip_one(why):
    print(f"# SKIPPED LOUDLY: {why}", flush=True)
    pytest.skip(why)


# ---- installed ----

class Copy:
    """This machine once more, by an overlay in a mount namespace of its own:
    what is written there is gone with it."""

    def __init__(self, folder):
        self.root = folder / "all" / "root"
        (folder / "all").mkdir()
        script = (
            "mount -t tmpfs none all && cd all && mkdir up work root && "
            "mount -t overlay overlay -o lowerdir=/,upperdir=up,workdir=work "
            "root && mount --rbind /proc root/proc && "
            "mount --rbind /dev root/dev && mkdir -p root/run && "
            "echo made && exec cat")
        self.keeper = subprocess.Popen(
            ["unshare", "-m", "sh", "-c", script], cwd=folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        self.said = self.keeper.stdout.readline().strip()

    def run(self, line, data=None, code=0, **env):
        """A line of shell inside; what it wrote."""
        done = subprocess.run(
            ["nsenter", "-m", "-t", str(self.keeper.pid), "chroot",
             str(self.root), "sh", "-c", line], input=data or b"",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            timeout=SECONDS, env={
                "PATH": "/usr/local/bin:" + ENV["PATH"], "HOME": "/root",
                "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive",
                **env})
        out = done.stdout.decode()
        assert done.returncode == code, out
        return out

    def put(self, path, data, mode=644):
        self.run(f"mkdir -p $(dirname {path}) && cat >{path} && "
                 f"chmod {mode} {path}",
                 data.encode() if isinstance(data, str) else data)

    def close(self):
        self.keeper.communicate("")


@pytest.fixture(name="copy")
def make_copy():
    if os.geteuid() != 0:
        loud_skip_one("not root: the package is NOT installed")
    copy = Copy(scratch())
    if copy.said != "made":
        copy.close()
        loud_skip_one(f"no overlay ({copy.said}): the package is NOT installed")
    copy.run("! dpkg -s redsh 2>/dev/null && ! command -v redsh")
    yield copy
    copy.close()


def test_installed_by_dpkg_it_runs_and_leaves_nothing(package, copy):
    copy.put("/root/" + package.name, package.read_bytes())
    copy.run(f"dpkg -i /root/{package.name}")
    version = field(package, "Version")
    assert version in copy.run("redsh --version")
    assert "\\s3put [-r]" in copy.run("redsh -X --offline -c '\\? s3put'")
    # A library that is loaded late, the share folder's SQL, a login refused.
    copy.put("/root/a.csv", "a,b\n1,x\n")
    assert "create table" in copy.run(
        "redsh -X --offline -c '\\infer /root/a.csv'").lower()
    assert "COPY" in copy.run("redsh -X --offline -c '\\h copy'")
    assert copy.run("man -w redsh").strip() == "/usr/share/man/man1/redsh.1.gz"
    assert "redsh" in copy.run("man redsh | head -n 9")
    offered = copy.run(
        "bash -c '. /usr/share/bash-completion/completions/redsh.bash; "
        "complete -p redsh'")
    assert "redsh" in offered
    copy.run("dpkg -P redsh")
    left = copy.run("find /usr /etc -name redsh -o -name 'redsh[-.]*' -o "
                    "-name _redsh")
    assert left == ""


AGENT = """Package: amazon-ssm-agent
Version: 3.3
Architecture: amd64
Maintainer: nobody <nobody@example.com>
Description: stands for the agent
"""


def serve(folder):
    """A web server for S3's public bucket with the agent."""
    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@machine.BOTH
def test_the_machine_goes_through_its_first_start(package, copy, kind):
    """All of it is real but the addresses (AWS's are here), the agent and
    systemd, which is not running in the copy."""
    folder, s3 = scratch(), S3Server()
    agent = folder / "agent" / "DEBIAN"
    agent.mkdir(parents=True)
    (agent / "control").write_text(AGENT)
    place = (folder / "web/amazon-ssm-eu-west-1/latest/debian_amd64")
    place.mkdir(parents=True)
    run("dpkg-deb", "-b", str(agent.parent),
        str(place / "amazon-ssm-agent.deb"))
    web = serve(folder / "web")
    url = f"http://127.0.0.1:{web.server_address[1]}"
    copy.put("/usr/local/bin/curl", "#!/bin/sh\nfor one; do shift\nset -- \"$@\" "
             "\"$(echo \"$one\" | sed "
             f"'s|^https://s3.eu-west-1.amazonaws.com|{url}|')\"\ndone\n"
             "exec /usr/bin/curl \"$@\"\n", 755)
    keys = " ".join(f"{name}={s3.env[name]}" for name in (
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
    copy.put("/usr/local/bin/aws", f"#!/bin/sh\nexec env {keys} /usr/bin/aws "
             f"--endpoint-url {s3.env['AWS_ENDPOINT_URL']} \"$@\"\n", 755)
    copy.put("/usr/local/bin/systemctl",
             "#!/bin/sh\necho \"$@\" >>/root/systemctl\n", 755)
    # No network is asked: what the machine fetches of Debian is here.
    copy.run("echo >/etc/apt/sources.list; rm -f /etc/apt/sources.list.d/*")
    copy.put("/root/user-data", machine.first_start(kind), 755)
    copy.run("/root/user-data")
    assert "install ok installed" in copy.run("dpkg -s amazon-ssm-agent")
    assert copy.run("cat /root/systemctl").splitlines() == [
        "enable --now amazon-ssm-agent", "daemon-reload",
        "enable --now redsh-install.timer"]
    units = "/etc/systemd/system/redsh-install.*"
    assert copy.run(f"systemd-analyze verify {units}") == ""
    # What the timer runs, before and after the package is there.
    start = copy.run(f"sed -n 's/^ExecStart=//p' {units}").strip()
    assert "not both there (yet)" in copy.run(start, code=1)
    redsh = [os.environ["REDSH"], "-X", "--offline", "--no-cache", "-v",
             "ON_ERROR_STOP=1"]
    run(*redsh, "-c", f"\\s3mb s3://{machine.BUCKET}", "-c",
        f"\\s3put {package}* s3://{machine.BUCKET}/packages/",
        env={**ENV, **s3.env, "REDSH_SHARE": os.environ["REDSH_SHARE"]})
    if not package.name == machine.NAME:
        pytest.fail(f"the template's default is {machine.NAME}")
    copy.run(start)
    copy.run("test -x /usr/bin/redsh && ! ls -d /tmp/tmp.*/redsh_*")
    # Whoever gets an account has the connection.
    copy.run("useradd -m ssm-user")
    said = copy.run("su ssm-user -c 'redsh --offline -c \\\\connections'")
    assert "@sales" in said
    web.shutdown()
    s3.stop()
