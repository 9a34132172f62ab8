"""The machine of the platform (WithInstance): what it runs at its first start,
and how redsh's package gets there from the data bucket."""

import base64
import os
import re
import shutil
import subprocess

import pytest

import platform_templates as templates
from s3_server import S3Server

BOTH = pytest.mark.parametrize("kind", templates.KINDS)

VALUES = {"AWS::Region": "eu-west-1", "AWS::URLSuffix": "amazonaws.com",
          "DatabaseName": "sales", "DataBucket": "platform-databucket-1x",
          "InstancePackageKey": "packages/redsh_0.1.0_amd64.deb",
          "CopyRole.Arn": "arn:aws:iam::123456789012:role/platform-CopyRole",
          "Cluster.Endpoint.Address":
              "platform.abc.eu-west-1.redshift.amazonaws.com",
          "Workgroup.Workgroup.Endpoint.Address":
              "platform.123456789012.eu-west-1.redshift-serverless."
              "amazonaws.com"}


def first_start(kind):
    """The script of the machine's first start, as CloudFormation fills it."""
    template = templates.read(templates.text_of(kind))
    data = template["Resources"]["Instance"]["Properties"]["UserData"]
    text = data["Fn::Base64"]["Fn::Sub"]
    filled = re.sub(r"\$\{([^!}][^}]*)\}", lambda m: VALUES[m.group(1)], text)
    return filled.replace("${!", "${")


def inner(script, path):
    """What the script writes into the file of that path."""
    return re.search(rf"cat >{re.escape(path)} <<'END'\n(.*?)^END$", script,
                     re.MULTILINE | re.DOTALL).group(1)


@BOTH
def test_scripts_of_the_machine_are_clean(kind, tmp_path):
    script = first_start(kind)
    assert len(base64.b64encode(script.encode())) <= 16384
    for name, text in (("user-data", script), ("redsh-install", inner(
            script, "/usr/local/sbin/redsh-install"))):
        path = tmp_path / name
        path.write_text(text)
        for command in (["bash", "-n"], ["shellcheck", "-s", "bash"]):
            if shutil.which(command[0]):
                done = subprocess.run([*command, path], capture_output=True,
                                      text=True, check=False)
                assert (done.returncode, done.stdout + done.stderr) == (0, "")
    # User data can be read by whoever may look at the machine.
    assert not re.search("password|secret|AKIA|token",
                         script.replace("It holds no secret", ""),
                         re.IGNORECASE)


@BOTH
def test_redsh_reads_the_connection_that_the_machine_offers(kind, tmp_path):
    script = first_start(kind)
    config = tmp_path / "redsh"
    config.mkdir()
    (config / "connections.conf").write_text(inner(
        script, "/etc/skel/.config/redsh/connections.conf"))
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8",
           "XDG_CONFIG_HOME": str(tmp_path),
           "REDSH_SHARE": os.environ["REDSH_SHARE"]}
    done = subprocess.run(
        [os.environ["REDSH"], "--offline", "--no-cache", "--csv", "-t",
         "-c", "\\connections"],
        capture_output=True, text=True, check=False, env=env)
    # A key that it does not know would be an error.
    assert done.stderr == "" and done.returncode == 0
    assert done.stdout.startswith("@sales,")
    assert VALUES["Cluster.Endpoint.Address" if kind == "cluster" else
                  "Workgroup.Workgroup.Endpoint.Address"] in done.stdout
    assert f"copy_role = {VALUES['CopyRole.Arn']}\n" in script


# ---- the package: redsh-install ----

BUCKET = VALUES["DataBucket"]
KEY = VALUES["InstancePackageKey"]
NAME = KEY.rsplit("/", 1)[1]


class Machine:
    """redsh-install with the real aws and sha256sum on the sandbox's S3. Only
    apt-get is not itself: it unpacks the package below a folder."""

    def __init__(self, folder, kind):
        self.server = S3Server()
        self.folder, self.root = folder, folder / "root"
        self.home = folder / "home"
        programs = folder / "bin"
        for made in (self.root, self.home, programs, folder / "packages"):
            made.mkdir()
        self.env = {**self.server.env, "HOME": str(self.home),
                    "PATH": f"{programs}:/usr/bin:/bin",
                    "LC_ALL": "C.UTF-8", "AWS_EC2_METADATA_DISABLED": "true",
                    "REDSH_SHARE": os.environ["REDSH_SHARE"]}
        self.write(programs / "aws", "#!/bin/sh\nexec /usr/bin/aws "
                   f"--endpoint-url {self.env['AWS_ENDPOINT_URL']} \"$@\"\n")
        self.write(programs / "apt-get", "#!/bin/sh\n"
                   f"echo \"$@\" >>{folder}/asked\nfor last; do :; done\n"
                   f"dpkg-deb -x \"$last\" {self.root}\n")
        self.program = folder / "redsh-install"
        self.write(self.program, inner(first_start(kind),
                                       "/usr/local/sbin/redsh-install"))
        self.redsh(f"\\s3mb s3://{BUCKET}")

    @staticmethod
    def write(path, text):
        path.write_text(text)
        path.chmod(0o755)

    def redsh(self, *lines):
        arguments = [word for line in lines for word in ("-c", line)]
        done = subprocess.run(
            [os.environ["REDSH"], "-X", "--offline", "--no-cache", "-v",
             "ON_ERROR_STOP=1", *arguments], env=self.env, check=False,
            capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr

    def package(self, says):
        """A package whose redsh says that, and its sum, as tools/package
        leaves them."""
        tree = self.folder / "tree"
        shutil.rmtree(tree, ignore_errors=True)
        (tree / "DEBIAN").mkdir(parents=True)
        (tree / "usr/bin").mkdir(parents=True)
        (tree / "DEBIAN/control").write_text(
            "Package: redsh\nVersion: 0.1.0\nArchitecture: amd64\n"
            "Maintainer: nobody <nobody@example.com>\nDescription: test\n")
        self.write(tree / "usr/bin/redsh", f"#!/bin/sh\necho {says}\n")
        packages = self.folder / "packages"
        subprocess.run(["dpkg-deb", "-b", tree, packages / NAME], check=True,
                       capture_output=True)
        done = subprocess.run(["sha256sum", NAME], cwd=packages, check=True,
                              capture_output=True, text=True)
        (packages / (NAME + ".sha256")).write_text(done.stdout)

    def put(self, name=NAME + "*"):
        """As README says it, with redsh."""
        for path in sorted((self.folder / "packages").glob(name)):
            self.redsh(f"\\s3put {path} s3://{BUCKET}/packages/")

    def install(self):
        done = subprocess.run([self.program], env=self.env, check=False,
                              capture_output=True, text=True)
        assert not list(self.home.glob("*")), "it left something"
        return done.returncode, done.stderr

    def says(self):
        path = self.root / "usr/bin/redsh"
        return path.exists() and subprocess.run(
            [path], capture_output=True, text=True,
            check=True).stdout.strip()


@pytest.fixture(params=templates.KINDS, name="machine")
def make_machine(request, tmp_path):
    machine = Machine(tmp_path, request.param)
    yield machine
    machine.server.stop()


def test_the_package_is_installed_once_it_is_there_whole(machine):
    code, said = machine.install()
    assert code == 1 and "are not both there (yet)" in said
    machine.package("first")
    machine.put(NAME)
    code, said = machine.install()
    assert code == 1 and "are not both there (yet)" in said
    assert machine.says() is False
    machine.put()
    assert machine.install() == (0, "")
    assert machine.says() == "first"
    # The same version again: an update under the same key.
    machine.package("second")
    machine.put()
    assert machine.install() == (0, "")
    assert machine.says() == "second"
    asked = (machine.folder / "asked").read_text().splitlines()
    assert asked == [
        "-qy -o DPkg::Lock::Timeout=300 install --reinstall "
        f"--allow-downgrades ./{NAME}"] * 2


def test_a_package_that_was_changed_is_not_installed(machine):
    machine.package("good")
    machine.put()
    assert machine.install() == (0, "")
    machine.package("other")
    machine.put(NAME)       # without its own sum
    code, said = machine.install()
    assert code == 1 and "is not the file its .sha256 was made of" in said
    assert machine.says() == "good"
