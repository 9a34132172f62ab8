"""What redsh does beyond psql, with pipes instead of a terminal."""

import os
import re
import subprocess
import time

import pytest

from private_postgres import Server

REDSH = os.path.abspath(os.environ["REDSH"])
SECONDS = 60


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
        return subprocess.run([REDSH, *args], input=stdin, cwd=tmp_path,
                              env=environment, capture_output=True,
                              text=True, timeout=SECONDS, check=False)
    return run


def test_a_command_that_needs_no_database_does_not_connect(shell):
    done = shell("-h", "/nonexistent", "-c", r"\pset border")
    assert (done.returncode, done.stdout) == (0, "Border style is 1.\n")


def test_sql_without_a_connection_ends_with_2(shell):
    done = shell("-h", "/nonexistent", "-c", "select 1")
    assert done.returncode == 2
    assert 'redsh: error: connection to server on socket' in done.stderr


def test_an_unreachable_host_is_named_with_a_hint(shell):
    done = shell("-h", "127.0.0.1", "-p", "1", "-c", "select 1")
    assert done.returncode == 2
    assert "127.0.0.1" in done.stderr
    assert "HINT:  check host and port" in done.stderr


def test_offline_says_how_to_connect(shell):
    done = shell("--offline", "-c", "select 1")
    assert done.returncode == 1
    assert done.stderr == ("You are currently not connected to a database.\n"
                           "HINT:  connect with \\c\n")


def test_offline_runs_what_needs_no_server(shell):
    done = shell("--offline", stdin="\\set x 1\n\\echo :x\n\\if :x\n"
                 "\\echo yes\n\\endif\n")
    assert (done.returncode, done.stdout) == (0, "1\nyes\n")


def test_the_start_up_file_is_read_unless_told_not_to(shell, tmp_path):
    folder = tmp_path / ".config" / "redsh"
    folder.mkdir(parents=True)
    (folder / "redshrc").write_text("\\set from_rc one\n")
    (tmp_path / ".redshrc").write_text("\\set and_home two\n")
    (tmp_path / ".psqlrc").write_text("\\echo psqlrc must not be read\n")
    words = r"\echo :from_rc :and_home"
    assert shell("-c", words).stdout == "one two\n"
    assert shell("-X", "-c", words).stdout == ":from_rc :and_home\n"


@pytest.mark.parametrize("args, expected", [
    (["--json"], '[{"a":1,"b":"x"}]'),
    (["--markdown"], "| a | b |"),
])
def test_formats_of_our_own(shell, args, expected):
    done = shell(*args, "-c", "select 1 as a, 'x' as b")
    assert done.returncode == 0
    flat = re.sub(r"[ \n]+", " " if "|" in expected else "", done.stdout)
    assert expected in flat


def test_a_full_disk_at_o_is_told_and_fails(shell):
    done = shell("-o", "/dev/full", "-c", "select generate_series(1, 9)")
    assert done.returncode == 1
    assert done.stderr == ("could not write to /dev/full: No space left on "
                           "device; the output is incomplete\n")


def test_a_full_disk_at_stdout_is_told_and_fails(server, tmp_path):
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(
            [REDSH, "-X", "-h", server.dir, "-U", "tester", "-d", "postgres",
             "-c", "select 1"], stdout=full, stderr=subprocess.PIPE,
            text=True, timeout=SECONDS, check=False)
    assert done.returncode == 1
    assert "No space left on device; the output is incomplete" in done.stderr


def test_a_reader_that_leaves_ends_the_program_quietly(server):
    with subprocess.Popen(
            [REDSH, "-XAt", "-h", server.dir, "-U", "tester", "-d",
             "postgres", "-c", "select generate_series(1, 3000000)"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True) as child:
        assert child.stdout.readline() == "1\n"
        child.stdout.close()
        assert child.stderr.read() == ""
        child.wait(SECONDS)
        assert child.returncode == -13      # SIGPIPE, as any program


@pytest.mark.parametrize("args", [
    ["-e"], ["-a", "-f", "case.sql"], ["-b"], ["-L", "log"], ["-s"],
])
def test_keys_in_statements_are_never_shown(shell, tmp_path, args):
    sql = ("copy t from 's3://b/k' access_key_id 'AKIASHOWN' "
           "secret_access_key 'sekret'")
    (tmp_path / "case.sql").write_text(sql + ";\n")
    more = [] if "-f" in args else ["-c", sql]
    done = shell(*args, *more)
    log = tmp_path / "log"
    said = done.stdout + done.stderr + (log.read_text() if log.exists()
                                        else "")
    assert "AKIASHOWN" not in said and "sekret" not in said
    assert "***" in said


def test_errverbose_hides_keys_too(shell):
    done = shell(stdin="copy t from 'x' access_key_id 'AKIASHOWN';\n"
                 "\\errverbose\n")
    assert "AKIASHOWN" not in done.stdout + done.stderr
    assert "LOCATION:" in done.stderr


def test_a_password_is_in_no_message_and_no_argument_list(shell, tmp_path):
    done = shell("-d", "postgresql://nosuch:sekret@/postgres", "-c",
                 "select 1", "--debug-log", "debug")
    assert done.returncode == 2
    assert "sekret" not in done.stderr
    assert "sekret" not in (tmp_path / "debug").read_text()


def test_copy_by_the_client_is_refused_with_the_way_out(shell):
    done = shell("--offline", "-c", r"\copy t from 'x.csv'")
    assert done.returncode == 1
    assert r"\copyfrom" in done.stderr


@pytest.mark.parametrize("name", [r"\lo_import", r"\lo_export", r"\lo_unlink"])
def test_large_objects_are_refused_with_the_way_out(shell, name):
    done = shell("-c", rf"{name} 42 '/tmp/x y'")
    assert done.returncode == 1
    assert f"{name}: Redshift has no large objects\n" in done.stderr
    assert r"HINT:  keep files in S3 by \s3put" in done.stderr


def test_bind_sends_parameters(shell):
    done = shell("-At", stdin="select $1::text, $2::int + 1 "
                 "\\bind 'it''s' 41 \\g\n")
    assert done.stdout == "it's|42\n"


def test_watch_ends_at_an_error(shell):
    done = shell("-A", stdin="create temporary sequence s;\n"
                 "select 1/(3 - nextval('s')) \\watch 0.01\n")
    assert "division by zero" in done.stderr
    assert done.stdout.count("(every 0.01s)") == 2


def test_prompt_reads_the_next_line(shell):
    done = shell(stdin="\\prompt 'Name: ' who\nAda\n\\echo hello :who\n")
    assert (done.stdout, done.stderr) == ("hello Ada\n", "Name: ")


def test_roles_are_listed(shell):
    assert "tester" in shell("-At", "-c", r"\dg").stdout


def test_a_sandbox_command_knows_its_verbs(shell):
    done = shell("--offline", "-c", r"\sandbox nosuch")
    assert done.returncode == 1
    assert "start, status, env or stop" in done.stderr


def test_hidden_queries_are_shown_when_asked_for(shell):
    done = shell("-E", "-c", r"\dn")
    assert "********* QUERY **********" in done.stdout


def test_help_is_made_from_the_tables(shell):
    commands = shell("--help=commands").stdout
    options = shell("--help").stdout
    assert "\\copyfrom" in commands and "\\gset" in commands
    assert "--sandbox" in options and "--single-transaction" in options
    assert "ON_ERROR_STOP" in shell("--help=variables").stdout
    assert shell("--offline", "-c", r"\?").stdout == commands


def test_sql_help_knows_redshift(shell):
    done = shell("--offline", "-c", r"\h copy;")
    assert "Command:     COPY" in done.stdout
    assert "UNLOAD" in shell("--offline", "-c", r"\h").stdout
    nothing = shell("--offline", "-c", r"\h nosuch").stdout
    assert 'No help available for "nosuch"' in nothing


def test_print_knows_its_tables(shell):
    for what in ("options", "commands", "variables", "settings", "bash",
                 "zsh", "fish", "man"):
        assert shell("--print", what).stdout
    assert shell("--print", "nosuch").returncode == 1


def test_control_c_stops_a_script_with_3(server):
    with subprocess.Popen(
            [REDSH, "-X", "-h", server.dir, "-U", "tester", "-d",
             "postgres", "-f", "-"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True) as child:
        child.stdin.write("\\echo ready\n\\! true\nselect pg_sleep(60);\n"
                          "select 'never';\n")
        child.stdin.flush()
        assert child.stdout.readline() == "ready\n"
        wait_for_query(server, "pg_sleep(60)")
        child.send_signal(2)
        out, err = child.communicate(timeout=SECONDS)
    assert child.returncode == 3
    assert "canceling statement due to user request" in err
    assert "never" not in out


def wait_for_query(server, text):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        done = subprocess.run(
            [REDSH, "-XAt", "-h", server.dir, "-U", "tester", "-d",
             "postgres", "-c", "select count(*) from pg_stat_activity "
             f"where query like '%{text}%' and pid <> pg_backend_pid() "
             "and state = 'active'"],
            capture_output=True, text=True, timeout=SECONDS, check=False)
        if done.stdout == "1\n":
            return
    raise AssertionError("the query never ran")


def test_memory_stays_flat_for_long_results(server):
    """Two sizes differ little; address sanitizer must not keep what is
    freed."""
    peaks = []
    small = {**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=1"}
    for rows in (20000, 200000):
        done = subprocess.run(
            ["/usr/bin/env", "bash", "-c",
             '"$@" >/dev/null & child=$!; peak=0; '
             'while read -r _ now _ < <(grep VmHWM /proc/$child/status '
             '2>/dev/null); do peak=$now; done; wait $child; echo $peak',
             "bash", REDSH, "-XAt", "-h", server.dir, "-U", "tester", "-d",
             "postgres", "-c",
             f"select repeat('x', 200) from generate_series(1, {rows})"],
            capture_output=True, text=True, timeout=SECONDS, check=False,
            env=small)
        peaks.append(int(done.stdout))
    assert peaks[1] < peaks[0] + 20 * 1024
