"""Saved connections: the file, @NAME, \\connections, odbc.ini, and what
production keeps from being sent."""

import os
import subprocess

import pytest

from private_postgres import Server


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


class Shell:
    def __init__(self, server, home):
        self.server = server
        self.home = home
        self.conf = home / ".config" / "redsh" / "connections.conf"
        self.conf.parent.mkdir(parents=True)
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("PG", "AWS", "XDG", "ODBC"))}
        self.env["HOME"] = str(home)

    def write(self, text):
        self.conf.write_text(text.replace("HERE", str(self.server.dir)))
        self.conf.chmod(0o600)

    def run(self, *arguments, script=None):
        return subprocess.run(
            [os.environ["REDSH"], "-XAtq", *arguments], input=script,
            stdin=subprocess.DEVNULL if script is None else None,
            capture_output=True, text=True, check=False, env=self.env)

    def answer(self, *arguments, **more):
        done = self.run(*arguments, **more)
        assert (done.stderr, done.returncode) == ("", 0)
        return done.stdout.strip()


SALES = """[sales]
host = HERE
user = tester
database = postgres
[other]
host = HERE
user = tester
dbname = template1
"""


@pytest.fixture
def shell(server, tmp_path):
    shell = Shell(server, tmp_path)
    shell.write(SALES)
    return shell


WHERE = "select current_user || '/' || current_database()"


def test_a_name_connects(shell):
    assert shell.answer("@sales", "-c", WHERE) == "tester/postgres"
    assert shell.answer("-d", "@other", "-c", WHERE) == "tester/template1"


def test_options_win_over_the_file(shell):
    done = shell.run("@sales", "-U", "nobody", "-c", WHERE)
    assert 'role "nobody" does not exist' in done.stderr


def test_c_changes_to_a_name_and_a_bare_name_is_a_database(shell):
    script = f"{WHERE};\n\\c @other\n{WHERE};\n\\c postgres\n{WHERE};\n" \
             "\\c sales\n"
    done = shell.run("@sales", script=script)
    assert done.stdout.split() == ["tester/postgres", "tester/template1",
                                   "tester/postgres"]
    assert 'database "sales" does not exist' in done.stderr


def test_a_slip_in_a_name_is_told(shell):
    done = shell.run("@sale", "-c", WHERE)
    assert done.returncode == 2
    assert "there is no connection @sale" in done.stderr
    assert "did you mean @sales?" in done.stderr


def test_the_beginning_of_a_name_tells_the_whole(shell):
    shell.write("[sales-of-the-north]\nhost = localhost\n")
    done = shell.run("@sales", "-c", WHERE)
    assert done.returncode == 2
    assert "did you mean @sales-of-the-north?" in done.stderr


@pytest.mark.parametrize("line, said, hint", [
    ("hots = x", 'unknown key "hots"', 'did you mean "host"?'),
    ("clustre = x", 'unknown key "clustre"', 'did you mean "cluster'),
    ("wholly_else = x", 'unknown key "wholly_else"', "host, port, dbname"),
    ("production = perhaps", "production is true or false", ""),
    ("secret_access_key = x", "does not belong in a connection", ""),
    ("no equals sign", "connections.conf", ""),
])
def test_the_file_is_checked(shell, line, said, hint):
    shell.write(SALES + line + "\n")
    done = shell.run("@sales", "-c", WHERE)
    assert done.returncode == 2
    assert said in done.stderr and hint in done.stderr


def test_a_password_that_others_can_read_is_warned_of(shell):
    shell.write(SALES + "password = hush-hush\n")
    shell.conf.chmod(0o644)
    done = shell.run("@sales", "-c", WHERE)
    assert done.stdout.strip() == "tester/postgres"
    assert "chmod 600" in done.stderr and "hush" not in done.stderr
    shell.conf.chmod(0o600)
    assert shell.run("@sales", "-c", WHERE).stderr == ""


def test_connections_lists_them(shell):
    shell.write(SALES + "[lake]\ncluster = big\nregion = eu-west-1\n"
                "production = true\n")
    rows = shell.answer("-c", "\\connections").splitlines()
    assert rows == [
        f"@sales|{shell.server.dir}|postgres|tester|password|||",
        f"@other|{shell.server.dir}|template1|tester|password|||",
        "@lake|big|||IAM|eu-west-1||yes"]


def test_the_connection_in_use_is_saved_without_its_password(shell):
    shell.conf.unlink()
    shell.answer(f"host={shell.server.dir} user=tester dbname=postgres "
                 "password=hush-hush application_name=me",
                 "-c", "\\connections --save mine")
    text = shell.conf.read_text()
    assert "hush" not in text and "# Connections of redsh" in text
    assert shell.conf.stat().st_mode & 0o777 == 0o600
    assert shell.answer("@mine", "-c", WHERE,
                        "-c", "show application_name") \
        == "tester/postgres\nme"
    done = shell.run("@mine", "-c", "\\connections --save mine")
    assert "there is a connection @mine already" in done.stderr
    done = shell.run("@mine", "-c", "\\connections --save 'a]b'")
    assert "cannot be the name" in done.stderr


def test_odbc_entries_are_imported(shell):
    odbc = shell.home / "odbc.ini"
    odbc.write_text("""[ODBC]
Trace=no
[Sales DW]
Driver=/opt/amazon/redshiftodbcx64/librsodbc64.so
Server=dw.abc.eu-west-1.redshift.amazonaws.com
Port=5439
Database=dev
UID=anna
PWD=hush-hush
SSLMode=verify-ca
[by iam]
Driver = Amazon Redshift ODBC Driver (x64)
IAM=1
ClusterId=big
Region=eu-west-1
DbUser=etl
AutoCreate=1
KeepAlive=1
[maria]
Driver=MariaDB
Server=x
""")
    told = shell.answer("--offline", "-c",
                        f"\\connections --import-odbc {odbc}")
    assert told.splitlines() == [
        "@Sales-DW: imported without password",
        "@by-iam: imported without keepalive"]
    text = shell.conf.read_text()
    assert "hush" not in text and "maria" not in text
    rows = shell.answer("--offline", "-c", "\\connections").splitlines()
    assert rows[2:] == [
        "@Sales-DW|dw.abc.eu-west-1.redshift.amazonaws.com|dev|anna|password"
        "|||", "@by-iam|big||etl|IAM|eu-west-1||"]


# ---- production

@pytest.fixture
def production(shell):
    shell.write(SALES.replace("[other]", "production = true\n[other]"))
    shell.answer("@other", "-c", "\\c postgres", "-c",
                 "set client_min_messages to warning; "
                 "drop table if exists victim; create table victim(a int); "
                 "insert into victim values (1), (2); drop table if exists "
                 "victim2; create table victim2(a int)")
    return shell


SLIPS = [
    "delete from victim", "DELETE FROM public.victim", "update victim set a=1",
    "drop table victim", "truncate victim", "truncate table victim",
    "alter table victim drop column a", "select 1; drop table victim",
    "/* x */ drop table if exists victim cascade", "drop schema public cascade",
]
FINE = [
    "delete from victim where a = 9", "update victim set a = 1 where a = 1",
    "select 'drop table victim'", "alter table victim add column b int",
    "create temp table t(a int)", "select 1 -- drop table victim",
]


@pytest.mark.parametrize("sql", SLIPS)
def test_scripts_do_not_drop_in_production(production, sql):
    done = production.run("@sales", "-c", sql)
    assert done.returncode == 1
    assert "marked production" in done.stderr and "--yes" in done.stderr
    assert production.answer("@sales", "-c",
                             "select count(*), sum(a) from victim") == "2|3"


@pytest.mark.parametrize("sql", FINE)
def test_what_is_harmless_is_sent(production, sql):
    assert production.run("@sales", "-c", sql).returncode == 0


PREPARED = [
    "prepare p as delete from victim;\nexecute p;\n",
    'PREPARE "A ""p" (int) AS\ndelete from victim;\nEXECUTE "A ""p"(1);\n',
    "prepare P as update victim set a = 1; EXECUTE p;\n",
    "delete from victim \\parse q\n\\bind_named q \\g\n",
    "prepare p as delete from victim \\;\nexecute p;\n",
]


@pytest.mark.parametrize("script", PREPARED)
def test_what_was_prepared_is_judged_when_it_runs(production, script):
    done = production.run("@sales", script=script)
    assert "marked production" in done.stderr
    assert production.answer("@sales", "-c",
                             "select count(*), sum(a) from victim") == "2|3"
    done = production.run("@sales", script=script.replace(
        "delete from victim", "delete from victim where a = 9").replace(
            "set a = 1", "set a = 2 where a = 2"))
    assert "marked production" not in done.stderr
    production.answer("--yes", "@sales", script=script)


def test_scripts_that_may_say_so(production):
    production.answer("--yes", "@sales", "-c", "delete from victim")
    production.answer("@sales", script="\\set ALLOW_DESTRUCTIVE on\n"
                      "drop table victim;\n")


def test_other_connections_are_not_kept_from_it(production):
    production.answer("@other", "-c", "\\c postgres",
                      "-c", "drop table victim")
