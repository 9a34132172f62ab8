"""Scripts that are none, scripts without end, and outputs that are full:
told with file, line and reason, and never a wrong success."""

import os
import subprocess

import pytest

from private_postgres import Server

REDSH = os.path.abspath(os.environ["REDSH"])
SECONDS = 120


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def shell(server, tmp_path):
    def run(*args, script=None, stdin=b"", libraries=None):
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8", "PGHOST": str(server.dir),
            "PGUSER": "tester", "PGDATABASE": "postgres",
            **{name: os.environ[name]
               for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE")
               if name in os.environ}}
        if libraries is not None:
            environment["LD_LIBRARY_PATH"] = str(libraries)
        if script is not None:
            (tmp_path / "a.sql").write_bytes(script)
            args += ("-f", "a.sql")
        done = subprocess.run([REDSH, "-XAt", *args], input=stdin,
                              cwd=tmp_path, env=environment,
                              capture_output=True, timeout=SECONDS,
                              check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()
    return run


TEXT = "select 1;\nselect 'é';\n"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("order", ["le", "be"])
def test_utf16_is_refused(shell, order, mark):
    code, out, told = shell(script=(mark + TEXT).encode("utf-16-" + order))
    assert (code, out) == (1, "")
    name = "UTF-16" + order.upper()
    assert told.startswith(
        f"redsh:a.sql:1: error: the script is {name}, not UTF-8\n")
    assert f"iconv -f {name} -t UTF-8 OLD > NEW" in told


def test_utf16_on_standard_input_is_refused(shell):
    code, out, told = shell(stdin=("\ufeff" + TEXT).encode("utf-16-le"))
    assert (code, out) == (1, "")
    assert "the script is UTF-16LE, not UTF-8" in told


@pytest.mark.parametrize("before, line", [
    (b"select 1;\n", 2), (b"select 1;\nselect\n2\n;\nselect\n", 6)])
def test_a_byte_of_0_ends_the_script(shell, before, line):
    script = before + b" 'a\0b';\nselect 3\n, 4;\n"
    code, out, told = shell(script=script)
    assert code == 1
    assert out.splitlines() == ["1", "2"][:before.count(b";")]
    assert told.startswith(f"redsh:a.sql:{line}: error: a byte of 0, which "
                           "no statement may hold; nothing is read from here "
                           "on\n")
    assert shell(stdin=script)[:2] == (code, out)


def test_a_mark_and_carriage_returns_are_fine(shell):
    script = b"\xef\xbb\xbfselect 1;\r\nselect\r\n 2;\r\n"
    assert shell(script=script) == (0, "1\n2\n", "")
    assert shell(stdin=script) == (0, "1\n2\n", "")


def test_bad_utf8_fails_its_statement_alone(shell):
    code, out, told = shell(
        script=b"select 1;\nselect\n 'a\xffb';\nselect 3;\n")
    assert (code, out) == (0, "1\n3\n")
    assert told == ('redsh:a.sql:3: ERROR:  invalid byte sequence for '
                    'encoding "UTF8": 0xff\n')


def test_bad_utf8_rolls_its_block_back(shell):
    script = (b"create temp table t (a text);\nbegin;\n"
              b"insert into t values ('x');\ninsert into t values ('\xc3');\n"
              b"commit;\nselect count(*) from t;\n")
    assert shell("-q", script=script)[:2] == (0, "0\n")


def test_a_script_that_includes_itself_ends(shell):
    code, out, told = shell("-v", "ON_ERROR_STOP=1",
                            script=b"select 1;\n\\i a.sql\n")
    assert code == 3
    assert out == "1\n" * 200
    assert told.startswith("redsh:a.sql:2: error: a.sql: 200 scripts are open "
                           "one inside the other\n")
    assert "does a script include itself?" in told


def test_long_lines_and_deep_nesting(shell):
    long = b"x" * (20 << 20)
    assert shell(script=b"select length('" + long + b"');\n") == (
        0, f"{len(long)}\n", "")
    word = b"y" * (1 << 20)
    assert shell(script=b"\\echo " + word + b"\nselect 2;\n") == (
        0, word.decode() + "\n2\n", "")
    deep = 100000
    assert shell(script=b"\\if true\n" * deep + b"\\endif\n" * deep +
                 b"select 3;\n") == (0, "3\n", "")
    # Without the blanks the server itself takes quadratic time.
    assert shell(script=b"/* " * deep + b"*/ " * deep + b"select 4;\n") == (
        0, "4\n", "")


ROWS = b"select repeat('x', 1000) from generate_series(1, 9)"
FULL = "No space left on device; the output is incomplete\n"


@pytest.mark.parametrize("script", [
    b"\\o /dev/full\n" + ROWS + b";\n\\o\n",
    b"\\o /dev/full\n" + ROWS + b";\n\\qecho more\n",
    ROWS + b" \\g /dev/full\n",
    ROWS + b" \\g (format=csv) /dev/full\n"])
def test_a_full_disk_is_never_a_success(shell, script):
    code, out, told = shell(script=script + b"select 'on';\n"
                            if b"\\o\n" in script or b"\\g" in script
                            else script)
    assert code == 1
    assert told.count("could not write to /dev/full: " + FULL) == 1
    assert out in ("on\n", "")


def test_a_full_log_is_told(shell):
    code, out, told = shell("-L", "/dev/full", "-c", "select 1")
    assert (code, out) == (1, "1\n")
    assert told == "could not write to /dev/full: " + FULL


LIBRARIES = {
    "gzip": ("libz.so.1", "x.gz", "zlib1g"),
    "bzip2": ("libbz2.so.1.0", "x.bz2", "libbz2-1.0"),
    "zstd": ("libzstd.so.1", "x.zst", "libzstd1"),
}
FIRST = {"gzip": b"\x1f\x8b\x08\0\0\0", "bzip2": b"BZh91AY&SY",
         "zstd": b"\x28\xb5\x2f\xfd\x04\0"}


def broken(tmp_path, name):
    """A folder in which the loader finds a library that is none."""
    folder = tmp_path / "libraries"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"")
    return folder


@pytest.mark.parametrize("kind", LIBRARIES)
def test_a_library_that_is_missing_is_named(shell, tmp_path, kind):
    library, name, package = LIBRARIES[kind]
    (tmp_path / name).write_bytes(FIRST[kind])
    code, out, told = shell("--offline", "-c", f"\\infer {name}",
                            libraries=broken(tmp_path, library))
    assert (code, out) == (1, "")
    assert f"{library} cannot be loaded: " in told
    assert f"apt-get install {package}" in told


def test_queries_run_without_what_only_other_things_need(shell, tmp_path):
    for name in ("libsqlite3.so.0", "libjansson.so.4", "libexpat.so.1",
                 "libcurl.so.4", "libutf8proc.so.2"):
        folder = broken(tmp_path, name)
    assert shell("-c", "select 'plain'", libraries=folder) == (0, "plain\n", "")
    code, out, told = shell("-c", "\\history", libraries=folder)
    assert (code, out) == (1, "")
    assert "libsqlite3.so.0 cannot be loaded: " in told
    assert "apt-get install libsqlite3-0" in told
