r"""\kaggle against the sandbox's Kaggle and S3: what is made of files arrives
byte for byte, whatever is made to go wrong; Ctrl-C in each phase leaves what
the same command finishes; hostile archives harm nothing."""

import io
import os
import pty
import random
import re
import shutil
import signal
import struct
import subprocess
import time
import urllib.parse
import zipfile
import zlib

import pytest

from raw_aws import Endpoint
from sandbox_kaggle import KaggleServer

MIB = 1 << 20
NOISE = random.Random(11)
AWKWARD = ["with blank.csv", "a+b&c=d%41#?.csv", "\u00fcber\u6f22.csv",
           "deep/er/file.csv", "tab\there.csv", "quote\"'.csv",
           "\x1b[31mred\x07.csv", "-dash.csv", "back\\slash.csv", "*.csv"]


@pytest.fixture(scope="module", name="server")
def make_server(tmp_path_factory):
    server = KaggleServer()
    server.root = tmp_path_factory.mktemp("sets")
    assert Endpoint(server).call("PUT", "/bucket").status == 200
    yield server
    server.stop()


def add(server, name, files, *options):
    """A data set of these files; what it holds."""
    root = server.root / name.replace("/", "-")
    shutil.rmtree(root, ignore_errors=True)
    for file, data in files.items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    server.kaggle("add", name, *([str(root)] if files else []), *options)
    return files


def add_archive(server, name, data):
    path = server.root / "given.zip"
    path.write_bytes(data)
    server.kaggle("add", name, "--archive", str(path))


class Person:
    """redsh in a folder of its own, with the sandbox's keys."""

    def __init__(self, server, home):
        self.server, self.home = server, home
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("AWS_", "XDG_", "KAGGLE_"))}
        self.env |= server.env | {"HOME": str(home)}

    def start(self, *commands, **more):
        words = [os.path.abspath(os.environ["REDSH"]), "-X", "--offline",
                 "-v", "ON_ERROR_STOP=1"]
        for command in commands:
            words += ["-c", command]
        env = {name: value for name, value in (self.env | more).items()
               if value is not None}
        return subprocess.Popen(words, cwd=self.home, env=env,
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    def end(self, process, fails):
        out, said = process.communicate(timeout=120)
        assert b"Sanitizer" not in said, said
        assert (process.returncode != 0) == fails, (out, said)
        assert process.returncode >= 0, said
        for name in "KAGGLE_KEY", "KAGGLE_API_TOKEN":
            assert self.server.env[name].encode() not in out + said
        return " ".join((out + said).decode(errors="replace").split())

    def run(self, *commands, fails=False, **more):
        with self.start(*commands, **more) as process:
            return self.end(process, fails)

    def at_terminal(self, command):
        """What a terminal gets."""
        master, slave = pty.openpty()
        words = [os.path.abspath(os.environ["REDSH"]), "-X", "--offline",
                 "-c", command]
        with subprocess.Popen(words, cwd=self.home,
                              env=self.env | {"TERM": "xterm-256color"},
                              stdin=slave, stdout=slave, stderr=slave):
            os.close(slave)
            said = b""
            try:
                while more := os.read(master, 65536):
                    said += more
            except OSError:         # the other end is closed
                pass
        os.close(master)
        return said

    def wrong(self, *commands, **more):
        return self.run(*commands, fails=True, **more)

    def files(self, folder):
        """Names and bytes of all below a folder."""
        top = self.home / folder
        return {str(path.relative_to(top)): path.read_bytes()
                for path in top.rglob("*") if path.is_file()}


@pytest.fixture(name="me")
def make_me(server, tmp_path):
    server.fault("clear")
    yield Person(server, tmp_path)
    server.fault("clear")
    clear(server)


def clear(server):
    s3 = Endpoint(server)
    for key in stored(server):
        s3.call("DELETE", "/bucket/" + urllib.parse.quote(key))
    for key, upload in uploads(server):
        s3.call("DELETE", f"/bucket/{key}?uploadId={upload}")


def stored(server, prefix=""):
    """Names behind the prefix and bytes of all objects below it."""
    s3, found, more = Endpoint(server), {}, ""
    while more is not None:
        answer = s3.call("GET", f"/bucket?{more}encoding-type=url&list-type=2"
                         "&prefix=" + urllib.parse.quote(prefix, safe=""))
        assert answer.status == 200, answer.body
        text = answer.body.decode()
        for name in re.findall("<Key>([^<]*)</Key>", text):
            key = urllib.parse.unquote_plus(name)
            body = s3.call("GET", "/bucket/" + urllib.parse.quote(key)).body
            found[key[len(prefix):]] = body
        last = re.search("<NextContinuationToken>([^<]*)<", text)
        more = last and ("continuation-token=" + urllib.parse.quote(
            last.group(1), safe="") + "&")
    return found


def same(found, wanted):
    """Names first: bytes would drown them."""
    assert sorted(found) == sorted(wanted)
    assert [name for name in wanted if found[name] != wanted[name]] == []


def uploads(server):
    text = Endpoint(server).call("GET", "/bucket?uploads").body.decode()
    return re.findall("<Upload><Key>([^<]*)</Key><UploadId>([^<]*)", text)


# --- what is there arrives ---

def test_the_demo_comes_into_a_folder_and_to_s3(me, server):
    made = zipfile.ZipFile(io.BytesIO(server.download("redsh/sales").body))
    files = {name: made.read(name) for name in made.namelist()}
    assert len(files) == 11
    assert "redsh/sales" in me.run(r"\kaggle search sales")
    said = me.run(r"\kaggle ls redsh/sales")
    assert all(name in said for name in files) and "(11 rows)" in said
    assert "11 files" in me.run(r"\kaggle get redsh/sales ./out/")
    same(me.files("out"), files)
    assert "11 files" in me.run(r"\kaggle get redsh/sales s3://bucket/in/")
    same(stored(server, "in/"), files)


@pytest.mark.parametrize("token", [False, True])
def test_either_key_will_do(me, server, token):
    keys = {"KAGGLE_USERNAME": None, "KAGGLE_KEY": None} if token else \
        {"KAGGLE_API_TOKEN": None}
    assert "(11 rows)" in me.run(r"\kaggle ls redsh/sales", **keys)
    me.run(r"\kaggle get redsh/sales products.csv ./out/", **keys)
    assert list(me.files("out")) == ["products.csv"]


def test_awkward_names_arrive_and_are_shown_harmless(me, server):
    files = add(server, "ann/awkward",
                {name: name.encode() * 9 for name in AWKWARD})
    said = me.run(r"\kaggle ls ann/awkward")
    assert f"({len(files)} rows)" in said
    me.run(r"\kaggle get ann/awkward ./out/")
    same(me.files("out"), files)
    me.run(r"\kaggle get ann/awkward s3://bucket/in/")
    same(stored(server, "in/"), files)
    said = me.at_terminal(r"\kaggle get --dry-run ann/awkward ./none/")
    assert b"would get" in said and b"red" in said
    assert b"\x1b[31m" not in said and b"\x07" not in said
    assert not (me.home / "none").exists()


def test_many_files_in_pages(me, server):
    files = add(server, "ann/many", {f"d{i % 7}/{i:04}.csv": b"%d\n" % i
                                     for i in range(2000)})
    assert "(2000 rows)" in me.run(r"\kaggle ls ann/many")
    assert "2000 files" in me.run(
        r"\kaggle get ann/many ./out/").replace(",", "")
    same(me.files("out"), files)
    me.run(r"\kaggle get ann/many 'd3/*' s3://bucket/in/")
    same(stored(server, "in/"), {name: data for name, data in files.items()
                                 if name.startswith("d3/")})


@pytest.mark.parametrize("options", [[], ["--zip64"]])
def test_parts_and_zip64(me, server, options):
    files = add(server, "ann/large", {
        "noise.bin": NOISE.randbytes(9 * MIB),
        "text.csv": b"".join(b"%d,%d\n" % (i, i * 7)
                             for i in range(300000)),
        "packed.csv.gz": b"\x1f\x8b\x08\0" + NOISE.randbytes(MIB),
        "empty.csv": b""}, *options)
    me.run(r"\kaggle get ann/large s3://bucket/in/")
    same(stored(server, "in/"), files)
    assert not uploads(server)
    me.run(r"\kaggle get ann/large text.csv packed.csv.gz ./out/")
    assert me.files("out") == {name: files[name]
                               for name in ("text.csv", "packed.csv.gz")}


def test_versions(me, server):
    for version in b"1", b"2":
        add(server, "ann/versions", {"v.csv": version})
    me.run(r"\kaggle get ann/versions ./new/",
           r"\kaggle get ann/versions/versions/1 ./old/")
    assert me.files("new") == {"v.csv": b"2"}
    assert me.files("old") == {"v.csv": b"1"}
    assert "no" in me.wrong(r"\kaggle ls ann/versions/versions/9")


# --- refusals ---

def test_what_kaggle_refuses_is_said_with_the_next_step(me, server):
    for why in "terms", "login", "private":
        add(server, "ann/" + why, {"a.csv": b"a\n"}, "--refuse", why)
    said = me.wrong(r"\kaggle get ann/terms ./out/")
    assert "licence" in said and "kaggle.com/datasets/ann/terms" in said
    said = me.wrong(r"\kaggle get ann/login ./out/")
    assert "log" in said and "<" not in said
    assert "private" in me.wrong(r"\kaggle ls ann/private")
    assert "no such data set" in me.wrong(r"\kaggle ls ann/none")
    assert not (me.home / "out").exists() or not me.files("out")


def test_a_wrong_key_is_refused_in_each_verb(me):
    for verb in "search sales", "ls redsh/sales", "get redsh/sales ./out/":
        said = me.wrong("\\kaggle " + verb, KAGGLE_API_TOKEN=None,
                        KAGGLE_KEY="f" * 32)
        assert "refuses the key" in said and "kaggle.com/settings" in said
        assert "f" * 32 not in said
        me.wrong("\\kaggle " + verb, KAGGLE_API_TOKEN="KGAT_" + "0" * 32)


# --- faults ---

BROKEN = {"one.bin": NOISE.randbytes(9 * MIB), "two.csv": b"a,b\n" * 70000,
          "three.bin": NOISE.randbytes(2 * MIB)}


@pytest.fixture(scope="module", name="broken")
def make_broken(server):
    return add(server, "ann/broken", BROKEN)


# Of the storage three requests come: of the first bytes, of the tail with the
# directory, of the files.
@pytest.mark.parametrize("op, words, skip, count", [
    ("KaggleStorage", "cut-reply=0", 0, 1),
    ("KaggleStorage", "cut-reply=10", 0, 2),
    ("KaggleStorage", "cut-reply=10", 1, 2),
    ("KaggleStorage", "short-body=1", 1, 1),
    ("KaggleStorage", "cut-reply=5", 2, 1),       # in a header
    ("KaggleStorage", "cut-reply=33", 2, 3),      # in a name
    ("KaggleStorage", "cut-reply=1000000", 2, 4),
    ("KaggleStorage", "cut-reply=9437200", 2, 1),
    ("KaggleStorage", "short-body=1000", 2, 1),
    ("KaggleStorage", "reset", 1, 2),
    ("KaggleStorage", "no-reply", 2, 1),
    ("KaggleStorage", "status=503", 1, 2),
    ("KaggleStorage", "status=500", 0, 1),
    ("KaggleStorage", "status=429 retry-after=0", 2, 1),
    ("KaggleDownload", "status=429 retry-after=1", 0, 1),
    ("KaggleDownload", "status=503", 2, 1),
    ("KaggleDownload", "no-reply", 0, 1),
    ("KaggleDownload", "reset", 1, 1),
    ("KaggleStorage", "expire-credentials", 0, 1),
    ("KaggleStorage", "expire-credentials", 2, 1),
    ("UploadPart", "status=503", 0, 2),
    ("UploadPart", "reset", 0, 1),
    ("CompleteMultipartUpload", "no-reply", 0, 1),
    ("PutObject", "status=500", 0, 1),
])
def test_what_breaks_goes_on(me, server, broken, op, words, skip, count):
    server.fault("add", "--op", op, "--skip", str(skip), "--count",
                 str(count), *words.split())
    me.run(r"\kaggle get ann/broken s3://bucket/in/")
    same(stored(server, "in/"), broken)
    assert not uploads(server)
    assert used_up(server)


@pytest.mark.parametrize("op, words", [
    ("KaggleSearch", "status=503"), ("KaggleSearch", "cut-reply=9"),
    ("KaggleListFiles", "status=429 retry-after=0"),
    ("KaggleListFiles", "reset"), ("KaggleListFiles", "cut-reply=100"),
])
def test_a_listing_is_asked_for_again(me, server, op, words):
    server.fault("add", "--op", op, *words.split())
    me.run(r"\kaggle ls redsh/sales", r"\kaggle search sales")
    assert used_up(server)


def test_a_turned_bit_is_found_and_nothing_of_it_stays(me, server, broken):
    server.fault("add", "--op", "KaggleStorage", "--skip", "2",
                 "corrupt-byte=2000000")
    said = me.wrong(r"\kaggle get ann/broken ./out/")
    assert "one.bin" in said
    assert me.files("out") == {name: broken[name]
                               for name in ("two.csv", "three.bin")}
    me.run(r"\kaggle get ann/broken ./out/")
    same(me.files("out"), broken)


def test_a_new_version_meanwhile_is_no_mixture(me, server):
    add(server, "ann/moving", {"a.bin": NOISE.randbytes(3 * MIB)})
    server.fault("add", "--op", "KaggleStorage", "--skip", "2",
                 "stall-reply=1000000")
    with me.start(r"\kaggle get ann/moving ./out/") as process:
        wait_for(lambda: used_up(server))
        files = add(server, "ann/moving", {"a.bin": NOISE.randbytes(3 * MIB)})
        process.send_signal(signal.SIGINT)
        me.end(process, True)
    me.run(r"\kaggle get ann/moving ./out/")
    same(me.files("out"), files)


# --- Ctrl-C ---

def wait_for(ready):
    for _ in range(1200):
        if ready():
            return
        time.sleep(0.05)
    raise AssertionError("it does not happen")


def used_up(server):
    """All rules have acted as often as they may."""
    rules = server.fault("list").splitlines()[1:]
    return all(rule.split("\t")[5] == "0" for rule in rules)


# When Ctrl-C comes: of which request, how many pass before it.
PHASES = [
    ("the link", "KaggleDownload", 0, "delay=600000"),
    ("first bytes", "KaggleStorage", 0, "stall-reply=2"),
    ("the tail", "KaggleStorage", 1, "stall-reply=0"),
    ("the directory", "KaggleStorage", 1, "stall-reply=100"),
    ("a header", "KaggleStorage", 2, "stall-reply=20"),
    ("inflating", "KaggleStorage", 2, "stall-reply=7000000"),
    ("the link again", "KaggleDownload", 2, "delay=600000"),
    ("starting", "CreateMultipartUpload", 0, "delay=600000"),
    ("uploading", "UploadPart", 0, "stall-read=1000"),
    ("uploading the second", "UploadPart", 1, "delay=600000"),
    ("completing", "CompleteMultipartUpload", 0, "delay=600000"),
    ("completed", "CompleteMultipartUpload", 0, "stall-reply=0"),
    ("putting", "PutObject", 0, "stall-read=10"),
]


@pytest.fixture(scope="module", name="phased")
def make_phased(server):
    return add(server, "ann/phased", {
        "a.csv": b"a,b\n" * 9000, "b.bin": NOISE.randbytes(17 * MIB),
        "c.csv": b"c\n"})


@pytest.mark.parametrize("what, op, skip, words", PHASES)
def test_after_ctrl_c_the_same_command_finishes(me, server, phased, what, op,
                                                skip, words):
    assert what
    server.fault("add", "--op", op, "--skip", str(skip), words)
    with me.start(r"\kaggle get ann/phased s3://bucket/in/") as process:
        wait_for(lambda: used_up(server))
        process.send_signal(signal.SIGINT)
        me.end(process, True)
    for name, data in stored(server, "in/").items():
        assert data == phased[name]
    server.fault("clear")
    me.run(r"\kaggle get ann/phased s3://bucket/in/")
    same(stored(server, "in/"), phased)
    assert not uploads(server)
    assert not list(me.home.rglob("*.json"))


def test_ctrl_c_in_a_large_directory_and_in_a_listing(me, server):
    files = add(server, "ann/many2", {f"{'n' * 90}{i:04}.csv": b"%d\n" % i
                                      for i in range(1200)})
    for command, op, skip, words in (
            ("get ann/many2 ./out/", "KaggleStorage", 2, "stall-reply=70000"),
            ("ls ann/many2", "KaggleListFiles", 3, "delay=600000"),
            ("search many2", "KaggleSearch", 0, "stall-reply=5")):
        server.fault("clear")
        server.fault("add", "--op", op, "--skip", str(skip), words)
        with me.start("\\kaggle " + command) as process:
            wait_for(lambda: used_up(server))
            process.send_signal(signal.SIGINT)
            me.end(process, True)
    server.fault("clear")
    me.run(r"\kaggle get ann/many2 ./out/")
    same(me.files("out"), files)


# --- hostile archives ---

def member(name, data, **lies):
    """A local header with its data, and the directory's entry but its place.
    lies: fields of either, that are told otherwise than they are."""
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = raw.compress(data) + raw.flush()
    name = name.encode() if isinstance(name, str) else name
    fields = {"flags": 1 << 11, "method": 8, "crc": zlib.crc32(data),
              "packed": len(packed), "size": len(data), "extra": b"",
              "bytes": packed} | lies
    rest = (fields["flags"], fields["method"], 0, 33, fields["crc"],
            fields["packed"], fields["size"], len(name), len(fields["extra"]))
    local = b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, *rest) + name + \
        fields["extra"] + fields["bytes"]
    entry = b"PK\1\2" + struct.pack("<HHHHHHIIIHH", 20, 20, *rest) + \
        struct.pack("<HHHI", 0, 0, 0, fields.get("mode", 0o100644) << 16)
    return local, entry, name + fields["extra"]


def archive(*members, places=None, count=None, tail=b""):
    """An archive of them; places: where the directory says they are."""
    body, directory = b"", b""
    for i, (local, entry, name) in enumerate(members):
        at = len(body) if places is None else places[i]
        body += local
        directory += entry + struct.pack("<I", at) + name
    count = len(members) if count is None else count
    return body + directory + b"PK\5\6" + struct.pack(
        "<HHHHIIH", 0, 0, count, count, len(directory), len(body),
        len(tail)) + tail


GOOD = member("good.csv", b"a,b\n1,2\n")


def test_the_archives_made_here_are_read_by_others():
    data = archive(GOOD, member("d/e.csv", b"x" * 999), tail=b"comment")
    made = zipfile.ZipFile(io.BytesIO(data))
    assert made.testzip() is None and made.read("d/e.csv") == b"x" * 999


@pytest.mark.parametrize("name, says", [
    ("/etc/passwd", "absolute"), ("../up.csv", "out of the folder"),
    ("a/../../up.csv", "out of the folder"), ("..", "out of the folder"),
    ("a\\..\\..\\up.csv", "out of the folder"),
    (b"nul\0.csv", "NUL byte"), (b"\0/../up.csv", "NUL byte"),
    (b"a/\0", "NUL byte"), (b"\xff\xfe.csv", None), ("n" * 300, None),
    ("n" * 300 + "/a.csv", None), ("n/" * 2500 + "a.csv", None),
    ("C:\\windows.csv", None), ("a//b.csv", None), ("./a.csv", None),
])
def test_names_stay_inside(me, server, name, says):
    add_archive(server, "ann/hostile", archive(GOOD, member(name, b"evil\n")))
    inside = me.home / "deep" / "out"
    for target in f"{inside}/", "s3://bucket/in/":
        with me.start(f"\\kaggle get ann/hostile {target}") as process:
            out, said = process.communicate(timeout=60)
        text = (out + said).decode(errors="replace")
        assert "Sanitizer" not in text and process.returncode >= 0
        if says is not None:
            assert process.returncode != 0 and says in text
    assert (inside / "good.csv").read_bytes() == b"a,b\n1,2\n"
    assert stored(server, "in/")["good.csv"] == b"a,b\n1,2\n"
    for path in me.home.rglob("*"):
        assert path.is_dir() or inside in path.parents or \
            ".local" in path.parts or ".cache" in path.parts
    assert all(key.startswith("in/") and "evil" not in key
               for key in stored(server))


BOMB = b"\0" * (40 * MIB)


@pytest.mark.parametrize("bad, says", [
    (member("bad.csv", BOMB, size=100), "longer than it should"),
    (member("bad.csv", b"x" * 50, size=49), "longer than it should"),
    (member("bad.csv", b"x" * 50, size=51), "not as long"),
    (member("bad.csv", b"x" * 50, crc=1), "checksum"),
    (member("bad.csv", b"x" * 50, flags=1), "encrypted"),
    (member("bad.csv", b"x" * 50, flags=1 << 6 | 1, method=99), "encrypted"),
    (member("bad.csv", b"x" * 50, method=12), "method 12"),
    (member("bad.csv", b"x" * 50, bytes=b"\xff" * 9, packed=9), "damaged"),
    (member("bad.csv", b"x" * 50, method=0, size=2), "longer than it should"),
    (member("bad.csv", b"x", size=(1 << 32) - 2), "bomb"),
    (member("bad.csv", b"x", method=0, size=(1 << 32) - 1, extra=struct.pack(
        "<HHQ", 1, 8, (1 << 63) - 1)), "bomb"),
])
def test_one_bad_file_is_told_and_the_others_come(me, server, bad, says):
    add_archive(server, "ann/hostile",
                archive(GOOD, bad, member("last.csv", b"last\n")))
    said = me.wrong(r"\kaggle get ann/hostile ./out/")
    assert "bad.csv" in said and says in said
    assert me.files("out") == {"good.csv": b"a,b\n1,2\n",
                               "last.csv": b"last\n"}
    said = me.wrong(r"\kaggle get ann/hostile s3://bucket/in/")
    assert "bad.csv" in said and says in said
    assert sorted(stored(server, "in/")) == ["good.csv", "last.csv"]
    assert not uploads(server)


WHOLE = archive(GOOD, member("b.csv", b"y" * 5000))


@pytest.mark.parametrize("data, says", [
    (b"", "zip"), (b"PK", "zip"), (b"no archive at all " * 9, "zip"),
    (WHOLE[:-1], ""), (WHOLE[:-30], ""), (WHOLE[:60], ""), (WHOLE[9:], ""),
    (WHOLE[:40] + WHOLE[60:], ""),
    (archive(GOOD, GOOD, places=[0, 0]), "one over the other"),
    (archive(GOOD, GOOD, places=[0, 20]), "damaged"),
    (archive(GOOD, places=[1 << 31]), ""), (archive(GOOD, places=[3]), ""),
    (archive(member("a.csv", b"x", packed=1 << 30)), ""),
    (archive(*[member("a.csv", b"x" * 9)] * 2), "another file"),
    (archive(member("a.csv", b"x", packed=0xffffffff, size=0xffffffff)), ""),
    (archive(member("a.csv", b"x", extra=b"\1\0\xff\xff")), ""),
], ids=range(16))
def test_archives_that_are_wrong_are_refused(me, server, data, says):
    add_archive(server, "ann/wrong", data)
    for target in "./out/", "s3://bucket/in/":
        said = me.wrong(f"\\kaggle get ann/wrong {target}")
        assert says in said and "kaggle" in said.lower() + "kaggle"
    assert not uploads(server)
    for path in me.home.rglob("*.part-*"):
        raise AssertionError(path)


def test_a_file_cannot_be_a_folder_too(me, server):
    add_archive(server, "ann/both",
                archive(member("a", b"x"), member("a/b", b"y"), GOOD))
    assert "a/b" in me.wrong(r"\kaggle get ann/both ./out/")
    same(me.files("out"), {"a": b"x", "good.csv": b"a,b\n1,2\n"})
    me.run(r"\kaggle get ann/both s3://bucket/in/")
    assert sorted(stored(server, "in/")) == ["a", "a/b", "good.csv"]


def test_a_link_in_an_archive_is_no_link_here(me, server):
    add_archive(server, "ann/linked", archive(
        member("l", b"/etc", mode=0o120777), GOOD))
    me.run(r"\kaggle get ann/linked ./out/")
    assert not (me.home / "out/l").is_symlink()
    assert me.files("out")["l"] == b"/etc"


def test_data_descriptors_and_stored_files(me, server):
    out = io.BytesIO()

    class Pipe:
        """What cannot be sought: sizes come behind the data."""
        write = out.write
        flush = out.flush

    files = {"a.csv": b"a\n" * 5000, "b.csv": b"", "c.bin": os.urandom(70000)}
    with zipfile.ZipFile(Pipe(), "w") as made:
        for i, (name, data) in enumerate(files.items()):
            made.writestr(name, data, (0, 8)[i % 2])
    add_archive(server, "ann/piped", out.getvalue())
    me.run(r"\kaggle get ann/piped ./out/")
    same(me.files("out"), files)
