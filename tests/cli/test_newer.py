"""What psql 16 to 18 have beside psql 15, and what redsh names its own way:
start-up files, history, versions.
"""

import os
import re
import subprocess

import pytest

from private_postgres import Server

REDSH = os.path.abspath(os.environ["REDSH"])


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def shell(server, tmp_path):
    def run(*args, stdin="", **more):
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8", "PGHOST": str(server.dir),
            "PGUSER": "tester", "PGDATABASE": "postgres",
            **{name: os.environ[name]
               for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE")
               if name in os.environ},
            **more,
        }
        done = subprocess.run([REDSH, *args], input=stdin, cwd=tmp_path,
                              env=environment, capture_output=True,
                              text=True, timeout=60, check=False)
        return done.stdout + done.stderr
    return run


RECORD = "select repeat('x', 30) as a, 1 as long_label"


@pytest.mark.parametrize("width, border, line", [
    ("full", 1, "-[ RECORD 1 ]" + "-" * 30),
    ("column", 1, "-[ RECORD 1 ]"),
    ("page", 1, "-[ RECORD 1 ]-------"),
    ("30", 1, "-[ RECORD 1 ]-----------------"),
    ("3", 1, "-[ RECORD 1 ]"),
    ("full", 2, "+-[ RECORD 1 ]" + "-" * 32 + "+"),
    ("column", 2, "+-[ RECORD 1 ]"),
    ("24", 2, "+-[ RECORD 1 ]---------+"),
    ("page", 0, "* Record 1          "),
])
def test_xheader_width_ends_the_record_lines(shell, width, border, line):
    told = shell("-X", "-x", "-P", "columns=20", "-P", f"border={border}",
                 "-P", f"xheader_width={width}", "-c", RECORD)
    assert told.splitlines()[0] == line


def test_xheader_width_is_told_and_refused_as_psql_16_does(shell):
    told = shell("-X", stdin="\\pset xheader_width\n"
                 "\\pset xheader_width column\n\\pset xheader_width 40\n"
                 "\\pset xheader_width wide\n\\pset\n")
    assert told.startswith('Expanded header width is "full".\n'
                           'Expanded header width is "column".\n'
                           'Expanded header width is 40.\n')
    assert "xheader_width            40\n" in told
    assert ('\\pset: allowed xheader_width values are "full" (default), '
            '"column", "page", or a number specifying the exact width') in told
    assert "xheader_width" not in shell("-X", "-c", "\\pset")


def test_the_service_is_a_variable(shell, tmp_path):
    (tmp_path / "services").write_text("[mine]\napplication_name=by_service\n")
    files = {"PGSERVICEFILE": str(tmp_path / "services")}
    ask = ("-X", "-c", "\\echo [:SERVICE]")
    assert shell(*ask) == "[:SERVICE]\n"
    assert shell(*ask, PGSERVICE="mine", **files) == "[mine]\n"
    assert shell("service=mine", *ask, **files) == "[mine]\n"
    assert shell("-X", stdin="\\c service=mine\n\\echo [:SERVICE]\n\\c -\n"
                 "\\c dbname=postgres\n\\echo [:SERVICE]\n",
                 **files).count("[mine]\n") == 1


def test_the_programs_own_version_is_in_its_variables(shell):
    told = shell("-X", "-c", "\\echo :VERSION/:VERSION_NAME/:VERSION_NUM")
    assert re.fullmatch(r"redsh (\d+\.\d+\.\d+)/\1/\d{6}\n", told)
    assert shell("--version").startswith(told.split("/")[0])
    assert shell("-V") == shell("--version")


def test_the_servers_version_is_in_its_variables(shell):
    told = shell("-X", "-c",
                 "\\echo :SERVER_VERSION_NAME / :SERVER_VERSION_NUM")
    assert re.match(r"15\.\d+ .*/ 1500\d\d\n$", told)


def test_copyright_is_our_own(shell):
    told = shell("-X", "--offline", "-c", "\\copyright")
    assert "redsh" in told and "no warranty" in told


def test_databases_are_listed_by_l(shell):
    told = shell("-X", "-l")
    assert "template1" in told and "postgres" in told


@pytest.mark.parametrize("name", ["REDSHRC", "PSQLRC"])
def test_a_named_start_up_file_is_read(shell, tmp_path, name):
    (tmp_path / "mine").write_text("\\set from_file yes\n")
    told = shell(stdin="\\echo [:from_file]\n",
                 **{name: str(tmp_path / "mine")})
    assert told.endswith("[yes]\n")
    told = shell("-X", stdin="\\echo [:from_file]\n",
                 **{name: str(tmp_path / "mine")})
    assert told == "[:from_file]\n"


def test_the_start_up_file_of_the_machine_is_read_first(shell, tmp_path):
    (tmp_path / "redshrc").write_text("\\set who machine\n\\set both :who\n")
    (tmp_path / ".redshrc").write_text("\\set both :both person\n")
    told = shell(stdin="\\echo [:who :both]\n", PGSYSCONFDIR=str(tmp_path))
    assert told == "[machine machineperson]\n"


def test_the_key_of_unrestrict_is_read_as_it_is(shell, tmp_path):
    """Since psql 15.19: who wrote a dump must not get a command run."""
    ran = tmp_path / "ran"
    said = shell("-X", stdin=f"""\\set k word
\\restrict word
\\unrestrict :k
\\unrestrict `touch {ran}; echo word`
\\unrestrict 'word'
\\echo still
\\unrestrict  word  
\\echo free
""")
    assert said.splitlines() == [
        "free", *["\\unrestrict: wrong key"] * 3,
        "backslash commands are restricted; only \\unrestrict is allowed"]
    assert not ran.exists()
