"""\\report: how it ends when something fails, and where pages may go."""

import os
import signal
import stat
import subprocess
import time

import pytest

from private_postgres import Server

REDSH = os.environ["REDSH"]


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


def environment(server, **more):
    return {**os.environ, "PGHOST": str(server.dir), "PGUSER": "tester",
            "PGDATABASE": "postgres", "LC_ALL": "C.UTF-8",
            "HOME": str(server.dir), **more}


def redsh(server, *arguments, **more):
    done = subprocess.run([REDSH, "-X", *arguments],
                          env=environment(server, **more),
                          capture_output=True, check=False, timeout=180)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def wait_until(what, process):
    while not what():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


FAILING = r"""-- # Checks
-- ## Good
select 'good one' as a;
-- ## Bad
select nosuch from pg_class;
-- ## No such column
-- \chart bar
-- \chart bar nosuch
select 'k' as k, 2 as n;
-- ## The last
select 'last one' as b;
"""


def test_it_keeps_going_when_told_to(server, tmp_path):
    (tmp_path / "a.sql").write_text(FAILING)
    code, _, told = redsh(server, "-c", rf"\report {tmp_path}/a.sql")
    assert code == 1 and "nothing was written" in told
    assert not (tmp_path / "a.html").exists()
    code, out, told = redsh(server, "-c",
                            rf"\report {tmp_path}/a.sql --keep-going")
    assert code == 1
    assert "a.html: 4 sections, 0 charts." in out + told
    assert r"\report: 2 of 4 statements failed, as their sections " in told
    page = (tmp_path / "a.html").read_text()
    assert "good one" in page and "last one" in page
    assert ("<strong>Failed:</strong> column &quot;nosuch&quot; does not "
            "exist</p>") in page
    assert ("<strong>Failed:</strong> the result has no column "
            "&quot;nosuch&quot;</p>") in page
    # What the failed one had begun is not in it.
    assert "<svg" not in page


def test_scripts_see_failures(server, tmp_path):
    (tmp_path / "a.sql").write_text(FAILING)
    (tmp_path / "all.sql").write_text(
        f"\\report {tmp_path}/a.sql --keep-going\nselect 'after';\n")
    code, out, told = redsh(server, "-f", str(tmp_path / "all.sql"))
    assert code == 0 and "after" in out
    assert "all.sql:1: error: \\report: 2 of 4" in told
    code, out, _ = redsh(server, "-v", "ON_ERROR_STOP=1",
                         "-f", str(tmp_path / "all.sql"))
    assert code == 3 and "after" not in out
    (tmp_path / "good.sql").write_text("select 1;")
    code, _, told = redsh(server, "-c",
                          rf"\report {tmp_path}/good.sql --keep-going")
    assert code == 0, told


def test_a_lost_connection_ends_it_all_the_same(server, tmp_path):
    (tmp_path / "a.sql").write_text(
        "select pg_terminate_backend(pg_backend_pid());\nselect 1;\n")
    code, _, told = redsh(server, "-c",
                          rf"\report {tmp_path}/a.sql --keep-going")
    assert code != 0 and "nothing was written" in told
    assert not (tmp_path / "a.html").exists()


def test_passwords_are_not_in_the_page(server, tmp_path):
    (tmp_path / "a.sql").write_text(
        "-- ## A user\ncreate user reader password 'geheim';\n"
        "-- ## Failing\nalter user nosuch password 'geheim';\n")
    code, _, _ = redsh(server, "-c",
                       rf"\report {tmp_path}/a.sql --keep-going")
    page = (tmp_path / "a.html").read_text()
    assert code == 1 and "create user reader password" in page
    assert "geheim" not in page


def test_places_are_tried_before_the_queries(server, tmp_path):
    (tmp_path / "a.sql").write_text("select nosuch;")
    (tmp_path / "folder").mkdir()
    for names in ("no/a.html", "folder"):
        code, _, told = redsh(server, "-c", rf"\report {tmp_path}/a.sql "
                              rf"{tmp_path}/{names}")
        assert code == 1 and names in told and "nosuch" not in told
    assert sorted(os.listdir(tmp_path)) == ["a.sql", "folder"]
    (tmp_path / "bin").mkdir()
    fake(tmp_path / "bin", "exit 1")
    for name in ("no/a.pdf", "folder"):
        code, _, told = redsh(
            server, "-c", rf"\report {tmp_path}/a.sql --pdf {tmp_path}/{name}",
            PATH=path_with(tmp_path / "bin"))
        assert code == 1 and name in told and "nosuch" not in told


def test_links_and_pipes_stay_what_they_are(server, tmp_path):
    (tmp_path / "a.sql").write_text("select 'here';")
    (tmp_path / "real.html").write_text("old")
    (tmp_path / "link.html").symlink_to("real.html")
    code, _, told = redsh(server, "-c", rf"\report {tmp_path}/a.sql "
                          rf"{tmp_path}/link.html")
    assert code == 0, told
    assert (tmp_path / "link.html").is_symlink()
    assert "here" in (tmp_path / "real.html").read_text()
    # As /dev/stdout is.
    (tmp_path / "out").symlink_to("/proc/self/fd/1")
    code, out, told = redsh(server, "-c", rf"\report {tmp_path}/a.sql "
                            rf"{tmp_path}/out")
    assert code == 0, told
    assert (tmp_path / "out").is_symlink() and "here" in out
    assert out.startswith("<!DOCTYPE html>")
    os.mkfifo(tmp_path / "pipe")
    code, _, told = redsh(server, "-c", rf"\report {tmp_path}/a.sql "
                          rf"{tmp_path}/pipe")
    assert code == 1 and "pipe: No such device" in told
    assert stat.S_ISFIFO(os.stat(tmp_path / "pipe").st_mode)


# ---- PDF, by a Chromium that is none ----


def fake(folder, script):
    """A chromium: $pdf is where it shall print to."""
    program = folder / "chromium"
    program.write_text(
        "#!/bin/sh\nfor word; do case $word in --print-to-pdf=*) "
        f"pdf=${{word#*=}};; esac; done\n{script}\n")
    program.chmod(0o755)


def path_with(folder):
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.parametrize("script, hint", [
    # As it ends on a full disk.
    ("printf '%%PDF-1.4 half' >$pdf; echo '[1:2:ERROR:a.cc(1)] bus' >&2;"
     "echo '[1:2:ERROR:a.cc(1)] Failed to write file: No space left' >&2",
     "HINT:  Failed to write file: No space left\n"),
    ("exit 7", "it exited with code 7"),
    ("kill -9 $$", "it was ended by signal 9"),
    ("exit 0", "made no whole PDF"),
])
def test_half_a_pdf_is_none(server, tmp_path, script, hint):
    (tmp_path / "a.sql").write_text("select 1;")
    (tmp_path / "a.pdf").write_text("of last week")
    (tmp_path / "tmp").mkdir()
    fake(tmp_path, script)
    code, _, told = redsh(
        server, "-c", rf"\report {tmp_path}/a.sql --pdf {tmp_path}/a.pdf",
        PATH=path_with(tmp_path), TMPDIR=str(tmp_path / "tmp"))
    assert code == 1 and "made no whole PDF" in told and hint in told
    assert "bus" not in told
    assert (tmp_path / "a.pdf").read_text() == "of last week"
    assert (tmp_path / "a.html").exists()
    assert not list(tmp_path.glob("a.pdf.*"))
    assert not list((tmp_path / "tmp").iterdir())


def test_a_pdf_goes_where_a_link_leads(server, tmp_path):
    (tmp_path / "a.sql").write_text("select 1;")
    (tmp_path / "real.pdf").write_text("old")
    (tmp_path / "link.pdf").symlink_to("real.pdf")
    fake(tmp_path, "printf '%%PDF-1.4\n%%%%EOF\n' >$pdf")
    code, _, told = redsh(
        server, "-c", rf"\report {tmp_path}/a.sql --pdf {tmp_path}/link.pdf",
        PATH=path_with(tmp_path))
    assert code == 0, told
    assert (tmp_path / "link.pdf").is_symlink()
    assert (tmp_path / "real.pdf").read_text().startswith("%PDF")
    os.mkfifo(tmp_path / "pipe")
    for names in (f"{tmp_path}/pipe --pdf {tmp_path}/b.pdf",
                  f"{tmp_path}/b.html --pdf {tmp_path}/pipe"):
        code, _, told = redsh(server, "-c",
                              rf"\report {tmp_path}/a.sql {names}",
                              PATH=path_with(tmp_path))
        assert code == 1 and "pipe is no file" in told
    assert not (tmp_path / "b.html").exists()


# ---- Ctrl-C ----


def start(server, line, **more):
    return subprocess.Popen(
        [REDSH, "-X", "-c", line], env=environment(server, **more),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)


def test_control_c_in_a_query_leaves_nothing(server, tmp_path):
    (tmp_path / "a.sql").write_text("select 1;\nselect pg_sleep(9999);\n")

    def sleeps():
        return redsh(server, "-Atc", "select count(*) from pg_stat_activity "
                     "where state = 'active' and query like "
                     "'select pg_sleep%'")[1] == "1\n"

    with start(server,
               rf"\report {tmp_path}/a.sql --keep-going") as process:
        wait_until(sleeps, process)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode != 0
    assert b"nothing was written" in told
    assert os.listdir(tmp_path) == ["a.sql"]
