"""\\kaggle against a scripted Kaggle: what Python's zipfile wrote arrives byte
for byte in S3 or in a folder, whatever the network does; what is wrong with an
archive, a key or a licence is said."""

import io
import json
import os
import random
import re
import signal
import struct
import subprocess
import threading
import time
import urllib.parse
import zipfile
import zlib

import pytest

from kaggle_server import KEY, LOGIN, TOKEN, USER, Kaggle, replies, stalls
from raw_aws import Endpoint
from s3_server import S3Server

MIB = 1 << 20
RANDOM = random.Random(8)


@pytest.fixture(scope="module", name="server")
def make_server():
    running = S3Server()
    assert Endpoint(running).call("PUT", "/bucket").status == 200
    yield running
    running.stop()


@pytest.fixture(scope="module", name="site")
def make_site():
    running = Kaggle()
    yield running
    running.stop()


class Person:
    """redsh in a folder of its own, with a key for Kaggle."""

    def __init__(self, server, site, home):
        self.server, self.site, self.home = server, site, home
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("AWS_", "XDG_", "KAGGLE_"))}
        self.env |= server.env | {
            "HOME": str(home), "KAGGLE_API_ENDPOINT": site.url,
            "KAGGLE_USERNAME": USER, "KAGGLE_KEY": KEY}

    def start(self, *commands, **more):
        words = [os.path.abspath(os.environ["REDSH"]), "-X", "--offline",
                 "-v", "ON_ERROR_STOP=1"]
        for command in commands:
            words += ["-c", command]
        env = {name: value for name, value in (self.env | more).items()
               if value is not None}
        return subprocess.Popen(
            words, cwd=self.home, env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *commands, fails=False, **more):
        with self.start(*commands, **more) as process:
            out, said = process.communicate(timeout=120)
        assert process.returncode >= 0, said
        assert (process.returncode != 0) == fails, (out, said)
        assert "Sanitizer" not in said
        assert KEY not in out + said and TOKEN not in out + said
        return " ".join((out + said).split())

    def wrong(self, *commands, **more):
        return self.run(*commands, fails=True, **more)

    def files(self, folder="."):
        """Names and bytes of all below a folder, our own aside."""
        top = self.home / folder
        return {str(path.relative_to(top)): path.read_bytes()
                for path in top.rglob("*")
                if path.is_file() and not {".local", ".cache", ".kaggle"}
                & set(path.parts)}


@pytest.fixture(name="me")
def make_me(server, site, tmp_path):
    site.reset()
    server.fault("clear")
    yield Person(server, site, tmp_path)
    server.fault("clear")
    for key in keys(server):
        s3(server, "DELETE", "/bucket/" + urllib.parse.quote(key))
    for key, upload in re.findall(
            r"<Upload><Key>([^<]*)</Key><UploadId>([^<]*)",
            s3(server, "GET", "/bucket?uploads").body.decode()):
        s3(server, "DELETE", f"/bucket/{key}?uploadId={upload}")


def s3(server, method, target):
    return Endpoint(server).call(method, target)


def stored(server, key):
    return s3(server, "GET", "/bucket/" + key).body


def keys(server):
    text = s3(server, "GET", "/bucket").body.decode()
    return [part.split("</Key>")[0] for part in text.split("<Key>")[1:]]


def uploads(server):
    return s3(server, "GET", "/bucket?uploads").body.count(b"<Upload>")


def packed(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


class Forward(io.BytesIO):
    """What cannot be sought: zipfile writes sizes behind the data."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise io.UnsupportedOperation

    def tell(self):
        raise io.UnsupportedOperation


def text(size):
    """Bytes that pack to some half."""
    return bytes(RANDOM.choices(b"0123456789,\n", k=size))


SALES = {"sales.csv": text(300_000), "venue.csv": b"venueid,name\n1,Hall\n",
         "more/date.csv": text(5000), "empty.csv": b""}


# --- names, rows, keys ---

def test_search_shows_rows_in_any_format(me, site):
    site.found = [{"ref": f"owner/set-{at}", "title": f"Set {at}",
                   "totalBytes": at, "lastUpdated": "2024-01-02T03:04:05Z",
                   "downloadCount": 7, "voteCount": 3,
                   "licenseName": "CC0"} for at in range(30)]
    said = me.run(r"\pset format csv", r"\kaggle search ticket sales")
    assert "owner/set-19,Set 19,19,2024-01-02 03:04:05,7,3,CC0" in said
    assert "owner/set-20," not in said
    assert "search=ticket%20sales&page=1" in site.asked[-1][0]
    said = me.run(r"\pset format csv", r"\kaggle search x --limit 25")
    assert "owner/set-24," in said and "owner/set-25," not in said
    site.found = []
    assert "Did not find any data set" in me.run(r"\kaggle search nothing")


def test_ls_reads_all_pages(me, site):
    site.archives["demo/sales"] = site.archives["demo/sales/3"] = b""
    said = me.run(r"\pset format csv", r"\kaggle ls demo/sales")
    for at in range(5):
        assert f"file {at}.csv,{1000 + at},2024-05-01 10:11:12" in said
    assert len(site.asked) == 3
    me.run(r"\kaggle ls https://www.kaggle.com/datasets/demo/sales/versions/3")
    assert "datasetVersionNumber=3" in site.asked[-1][0]


@pytest.mark.parametrize("name, says", [
    ("nothing", "is no name of a data set"),
    ("a/b/c.csv", "files stand apart: a/b c.csv"),
    ("../etc", "is no name"),
    ("https://example.com/datasets/a/b", "is no name"),
    ("a/b/versions/x", "is no name"),
])
def test_a_name_that_is_none_is_refused(me, site, name, says):
    assert says in me.wrong(rf"\kaggle ls {name}")
    assert not site.asked


def test_verbs_need_their_words(me):
    assert "does not know" in me.wrong(r"\kaggle fetch a/b")
    assert "which data set?" in me.wrong(r"\kaggle get")
    assert r"\? kaggle" in me.wrong(r"\kaggle")
    assert "for what?" in me.wrong(r"\kaggle search")


def credentials(me, site, **more):
    me.run(r"\kaggle ls demo/sales", KAGGLE_USERNAME=None, KAGGLE_KEY=None,
           **more)
    return site.asked[-1][1]["Authorization"]


def test_keys_are_found_in_the_order_of_kaggles_own_client(me, site):
    site.archives["demo/sales"] = b""
    none = {"KAGGLE_USERNAME": None, "KAGGLE_KEY": None}
    assert "no key for Kaggle" in me.wrong(r"\kaggle ls demo/sales", **none)
    config = me.home / ".config/kaggle"
    config.mkdir(parents=True)
    file = config / "kaggle.json"
    file.write_text(json.dumps({"username": USER, "key": KEY}))
    file.chmod(0o644)
    said = me.run(r"\kaggle ls demo/sales", **none)
    assert f"chmod 600 {file}" in said
    file.chmod(0o600)
    assert "chmod" not in me.run(r"\kaggle ls demo/sales", **none)
    assert credentials(me, site).startswith("Basic")
    (me.home / ".kaggle").mkdir()
    said = me.wrong(r"\kaggle ls demo/sales", **none)
    assert ".kaggle/kaggle.json" in said
    assert credentials(me, site, KAGGLE_CONFIG_DIR=str(config))
    token = me.home / ".kaggle/access_token"
    token.write_text(TOKEN + "\n")
    token.chmod(0o600)
    assert credentials(me, site) == f"Bearer {TOKEN}"
    token.rename(me.home / "elsewhere")
    assert credentials(me, site, KAGGLE_API_TOKEN=TOKEN).startswith("Bearer")
    assert credentials(me, site, KAGGLE_API_TOKEN=str(
        me.home / "elsewhere")) == f"Bearer {TOKEN}"


def test_a_log_in_of_kaggles_own_client_is_taken_until_it_ends(me, site):
    site.archives["demo/sales"] = packed(SALES)
    none = {"KAGGLE_USERNAME": None, "KAGGLE_KEY": None}
    (me.home / ".kaggle").mkdir()
    file = me.home / ".kaggle/credentials.json"

    def log_in(until):
        file.write_text(json.dumps({
            "refresh_token": KEY, "access_token": TOKEN,
            "access_token_expiration": until, "username": USER,
            "scopes": ["resources.admin:*"]}, indent=2))
    log_in("2999-01-02T03:04:05.678901+00:00")
    file.chmod(0o640)
    assert f"chmod 600 {file}" in me.run(r"\kaggle ls demo/sales", **none)
    file.chmod(0o600)
    assert credentials(me, site) == f"Bearer {TOKEN}"
    log_in("2021-01-02T03:04:05.678901+00:00")
    site.asked.clear()
    said = me.wrong(r"\kaggle ls demo/sales", **none)
    assert "has run out: it was good until 2021-01-0" in said
    assert r"\setenv KAGGLE_API_TOKEN `kaggle auth print-access-token`" in said
    assert not site.asked


def test_what_is_public_comes_without_a_key(me, site, server):
    site.archives["demo/sales"] = packed(SALES)
    site.public = True
    none = {"KAGGLE_USERNAME": None, "KAGGLE_KEY": None}
    me.run(r"\kaggle ls demo/sales", **none)
    me.run(r"\kaggle get demo/sales venue.csv s3://bucket/", **none)
    assert stored(server, "venue.csv") == SALES["venue.csv"]
    assert not any("Authorization" in headers for _, headers in site.asked)
    said = me.wrong(r"\kaggle search sales", **none)
    assert "which a search needs" in said and "access_token" in said
    said = me.wrong(r"\kaggle get demo/none .", **none)
    assert "is it private? then it wants a key" in said
    site.public = False
    said = me.wrong(r"\kaggle get demo/sales .", **none)
    assert "which demo/sales needs" in said


def test_a_key_that_is_refused_is_told_by_its_place(me, site):
    site.archives["demo/sales"] = b""
    said = me.wrong(r"\kaggle ls demo/sales", KAGGLE_KEY="other")
    assert "Kaggle refuses the key" in said
    assert "it is of KAGGLE_USERNAME and KAGGLE_KEY" in said


def test_a_broken_key_file_is_told_without_its_key(me):
    (me.home / ".kaggle").mkdir()
    file = me.home / ".kaggle/kaggle.json"
    file.write_text('{"username": "ann", "key": "' + KEY)
    file.chmod(0o600)
    said = me.wrong(r"\kaggle ls demo/sales", KAGGLE_USERNAME=None)
    assert "is not of the form" in said


def test_a_key_goes_to_no_plain_address(me):
    said = me.wrong(r"\kaggle ls a/b",
                    KAGGLE_API_ENDPOINT="http://kaggle.example")
    assert "without TLS" in said


# --- whole archives ---

def test_a_data_set_comes_to_s3_and_no_key_to_the_storage(me, site, server):
    site.archives["demo/sales"] = packed(SALES)
    said = me.run(r"\kaggle get demo/sales s3://bucket/sales/")
    assert "kaggle: 4 files, " in said and ", in s3://bucket/sales/, " in said
    assert r"\s3ls s3://bucket/sales/ shows what is there" in said
    assert r"\copyfrom --create sales s3://bucket/sales/sales.csv" in said
    assert sorted(keys(server)) == sorted("sales/" + name for name in SALES)
    for name, body in SALES.items():
        assert stored(server, "sales/" + name) == body
    assert all("Authorization" in headers for _, headers in site.asked)
    assert site.fetched
    assert not any("Authorization" in headers for _, headers in site.fetched)
    assert me.files() == {}
    assert not list(me.home.rglob("*.json"))


def test_a_redirect_on_the_same_host_keeps_the_key(me, site, server):
    site.archives["demo/sales"] = packed(SALES)
    site.same_host = True
    me.run(r"\kaggle get demo/sales s3://bucket/")
    assert stored(server, "venue.csv") == SALES["venue.csv"]
    assert all("Authorization" in headers for _, headers in site.asked)


def test_a_data_set_comes_into_a_folder(me, site):
    site.archives["demo/sales/2"] = packed(SALES)
    said = me.run(r"\kaggle get demo/sales/versions/2 data/")
    assert me.files("data") == SALES
    assert ", in data/, " in said and r"\s3ls" not in said
    assert r"\copyfrom --create sales data/sales.csv loads a file" in said
    said = me.run(r"\kaggle get demo/sales/versions/2 more/date.csv")
    assert "1 file, " in said and ", in the current folder, " in said
    assert r"\copyfrom --create date ./more/date.csv" in said
    assert me.files()["more/date.csv"] == SALES["more/date.csv"]


def test_what_is_told_to_type_next_can_be_typed(me, site, server):
    site.archives["demo/odd"] = packed(
        {"it's 1 order.CSV.gz": b"x" * 9, "photo.jpg": b"y" * 5000,
         "2.csv": b"a,b\n"})
    said = me.run(r"\kaggle get demo/odd s3://bucket/o/")
    assert (r"\copyfrom --create it_s_1_order "
            r"'s3://bucket/o/it''s 1 order.CSV.gz' loads a file") in said
    assert r"\s3ls s3://bucket/o/ shows what is there \copyfrom" in said
    said = me.run(r"\kaggle get demo/odd 2.csv s3://bucket/o/")
    assert r"\copyfrom --create mytable s3://bucket/o/2.csv" in said
    said = me.run(r"\kaggle get demo/odd photo.jpg ./o/")
    assert "copyfrom" not in said and "in ./o/" in said
    said = me.run(r"\kaggle get -n demo/odd photo.jpg ./o/")
    assert "0 files, 0 B, 1 left as they are, in ./o/" in said


def test_files_are_chosen_by_name_base_name_or_glob(me, site):
    site.archives["demo/sales"] = packed(SALES | {"x/venue.csv": b"other"})
    me.run(r"\kaggle get demo/sales date.csv a/")
    assert list(me.files("a")) == ["more/date.csv"]
    me.run(r"\kaggle get demo/sales '*.csv' b/")
    assert sorted(me.files("b")) == ["empty.csv", "sales.csv", "venue.csv"]
    said = me.wrong(r"\kaggle get demo/sales sale.csv c/")
    assert "no file sale.csv in the data set" in said
    assert "did you mean sales.csv?" in said
    said = me.wrong(r"\kaggle get demo/sales photo.jpg c/")
    assert "there is: sales.csv, venue.csv" in said
    assert not (me.home / "c").exists()
    said = me.wrong(r'\kaggle get demo/sales "*.csv" c/')
    assert "single ones here" in said


def test_one_file_takes_the_name_of_an_object(me, site, server):
    site.archives["demo/sales"] = packed(SALES)
    me.run(r"\kaggle get demo/sales venue.csv s3://bucket/v.csv")
    assert stored(server, "v.csv") == SALES["venue.csv"]
    said = me.wrong(r"\kaggle get demo/sales s3://bucket/v.csv")
    assert "is no folder" in said and "s3://bucket/v.csv/" in said


def test_only_what_is_wanted_is_downloaded(me, site):
    files = {f"{at}.bin": RANDOM.randbytes(MIB) for at in range(8)}
    site.archives["demo/big"] = packed(files)
    me.run(r"\kaggle get demo/big 3.bin out/")
    assert me.files("out") == {"3.bin": files["3.bin"]}
    spans = [span[6:].split("-") for span, _ in site.fetched]
    assert sum(int(last) - int(first) + 1 for first, last in spans) < 2 * MIB


def test_what_is_there_stays_where_that_is_wanted(me, site, server):
    site.archives["demo/sales"] = packed(SALES)
    (me.home / "d").mkdir()
    (me.home / "d/venue.csv").write_bytes(b"mine")
    said = me.run(r"\kaggle get -n demo/sales d")
    assert "1 left as they are" in said
    assert me.files("d") == SALES | {"venue.csv": b"mine"}
    me.run(r"\kaggle get demo/sales d")
    assert me.files("d") == SALES
    me.run(r"\kaggle get demo/sales venue.csv s3://bucket/",
           r"\kaggle get -n demo/sales s3://bucket/")
    assert len(keys(server)) == 4


def test_what_may_be_there_is_not_overwritten(me, site, server):
    site.archives["demo/sales"] = packed(SALES)
    s3(server, "PUT", "/bucket/venue.csv")
    server.fault("add", "--op", "HeadObject", "--count", "all", "status=403")
    said = me.wrong(r"\kaggle get -n demo/sales venue.csv s3://bucket/")
    assert "is s3://bucket/venue.csv there already?" in said
    server.fault("clear")
    assert stored(server, "venue.csv") == b""
    said = me.run(r"\kaggle get -n demo/sales venue.csv s3://bucket/")
    assert "1 left as they are" in said


def test_what_is_overwritten_keeps_its_mode(me, site):
    site.archives["demo/sales"] = packed(SALES)
    (me.home / "venue.csv").write_bytes(b"mine")
    (me.home / "venue.csv").chmod(0o600)
    me.run(r"\kaggle get demo/sales venue.csv .")
    assert (me.home / "venue.csv").stat().st_mode & 0o777 == 0o600
    assert me.files() == {"venue.csv": SALES["venue.csv"]}


def test_dry_run_says_what_would_come(me, site, server):
    site.archives["demo/sales"] = packed(SALES)
    said = me.run(r"\kaggle get --dry-run demo/sales *.csv s3://bucket/x/")
    assert "would get s3://bucket/x/venue.csv (20 B)" in said
    assert "would get 3 files, " in said and ", to s3://bucket/x/" in said
    assert "HINT" not in said
    assert not keys(server)


def test_large_files_go_in_parts(me, site, server):
    files = {"a.bin": RANDOM.randbytes(12 * MIB + 7), "b.csv": text(6 * MIB),
             "five.bin": RANDOM.randbytes(5 * MIB)}
    site.archives["demo/big"] = packed(files)
    me.run(r"\kaggle get demo/big s3://bucket/big/")
    for name, body in files.items():
        assert stored(server, "big/" + name) == body
    assert uploads(server) == 0
    head = s3(server, "HEAD", "/bucket/big/five.bin").headers
    assert "-" not in head["etag"]


def test_two_thousand_files_come(me, site, server):
    files = {f"part {at:04}.csv": b"%d\n" % at * (at % 50)
             for at in range(2000)}
    site.archives["demo/many"] = packed(files)
    s3(server, "PUT", "/many")
    said = me.run(r"\kaggle get demo/many s3://many/")
    assert "2,000 files" in said
    said = me.run(r"\kaggle get demo/many many/")
    assert me.files("many") == files
    assert len(site.fetched) < 20
    for at in (0, 1, 999, 1999):
        name = f"part {at:04}.csv"
        assert s3(server, "GET", "/many/" + name.replace(" ", "%20")).body \
            == files[name]


# --- kinds of archives ---

def zip64(files):
    """Every size in 64 bits, as archives beyond 4 GiB have them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(body)
    body = bytearray(out.getvalue())
    end = body.rindex(b"PK\5\6")
    count, size, place = struct.unpack_from("<HLL", body, end + 10)
    wide = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count,
                       count, size, place)
    body[end:end] = wide + struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
    end += len(wide) + 20
    struct.pack_into("<HHLL", body, end + 8, 0xffff, 0xffff, 0xffffffff,
                     0xffffffff)
    return bytes(body)


def test_zip64_and_stored_files_are_read(me, site):
    body = zip64(SALES)
    with zipfile.ZipFile(io.BytesIO(body)) as judge:
        assert judge.read("sales.csv") == SALES["sales.csv"]
    site.archives["demo/wide"] = body
    me.run(r"\kaggle get demo/wide wide/")
    assert me.files("wide") == SALES
    site.archives["demo/stored"] = packed(SALES, zipfile.ZIP_STORED)
    me.run(r"\kaggle get demo/stored stored/")
    assert me.files("stored") == SALES


@pytest.mark.parametrize("chunked", [False, True])
def test_a_server_without_ranges_gives_one_stream(me, site, server, chunked):
    site.ranges, site.chunked = False, chunked
    site.archives["demo/sales"] = packed(SALES)
    said = me.run(r"\kaggle get demo/sales s3://bucket/f/")
    assert "the server knows no ranges" in said
    for name, body in SALES.items():
        assert stored(server, "f/" + name) == body
    assert len(site.fetched) == 1
    out = Forward()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in SALES.items():
            archive.writestr(name, body)
    site.archives["demo/forward"] = out.getvalue()
    me.run(r"\kaggle get demo/forward sales.csv date.csv g/")
    assert me.files("g") == {name: SALES[name]
                             for name in ("sales.csv", "more/date.csv")}
    said = me.wrong(r"\kaggle get demo/sales nothing.csv h/")
    assert "no file nothing.csv" in said


AWKWARD = ["a b'c\"d.csv", "Ümläut/данные.csv", "semi;colon$x`y`.csv",
           "line\nend.csv", "tab\tname.csv", "%41%2f.csv", "-n", "#hash?q=1",
           "back\\slash.csv", "é" * 100 + ".csv", ":colon", "a//b.csv"]


def test_awkward_names_arrive_as_they_are(me, site):
    files = {name: name.encode() for name in AWKWARD}
    site.archives["demo/names"] = packed(files)
    me.run(r"\kaggle get demo/names n/")
    assert me.files("n") == {name.replace("//", "/"): body
                             for name, body in files.items()}


@pytest.mark.parametrize("name, says", [
    ("/etc/passwd", "its name is absolute"),
    ("../up.csv", "leads out of the folder"),
    ("a/../../up.csv", "leads out of the folder"),
    ("a\\..\\..\\up.csv", "leads out of the folder"),
])
def test_names_that_lead_out_are_refused(me, site, server, name, says):
    site.archives["demo/evil"] = packed({name: b"x", "good.csv": b"y"})
    assert says in me.wrong(r"\kaggle get demo/evil deep/er/")
    assert me.files() == {"deep/er/good.csv": b"y"}
    assert says in me.wrong(r"\kaggle get demo/evil s3://bucket/a/b/")
    assert keys(server) == ["a/b/good.csv"]


@pytest.mark.parametrize("name", [".", "a/.", "a/b/./."])
def test_a_name_that_is_a_folder_is_of_that_file_only(me, site, name):
    site.archives["demo/dots"] = packed({name: b"x", "good.csv": b"y"})
    said = me.wrong(r"\kaggle get demo/dots out/")
    assert f"{name}: its name is that of a folder" in said
    assert me.files("out") == {"good.csv": b"y"}


def test_several_bad_files_are_counted(me, site):
    site.archives["demo/evil"] = packed(
        {"/a": b"x", "/b": b"x", "good.csv": b"y"})
    said = me.wrong(r"\kaggle get demo/evil out/")
    assert "/a: its name is absolute" in said
    assert "/b: its name is absolute" in said
    assert "2 of 3 files failed" in said
    assert me.files("out") == {"good.csv": b"y"}


def test_two_files_of_one_name_are_told(me, site):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", b"first")
        with pytest.warns(UserWarning):
            archive.writestr("a.csv", b"second")
    site.archives["demo/same"] = packed({"a/b": b"1", "a//./b": b"2"})
    assert "another file of this name" in me.wrong(
        r"\kaggle get demo/same same/")
    assert me.files("same") == {"a/b": b"1"}
    site.archives["demo/twice"] = out.getvalue()
    assert "another file of this name" in me.wrong(
        r"\kaggle get demo/twice out/")
    assert me.files("out") == {"a.csv": b"first"}


def patched(files, signature, offset, value):
    """Bytes changed in the first record of a kind, in zipfile's work."""
    body = bytearray(packed(files))
    at = body.index(signature) + offset
    body[at:at + len(value)] = value
    return bytes(body)


def second_header_gone(files):
    body = bytearray(packed({"first": b"1"} | files))
    at = body.index(b"PK\3\4", 4)
    body[at:at + 2] = b"XX"
    return bytes(body)


BAD = [
    ("encrypted", b"PK\1\2", 8, b"\1\0", "is encrypted"),
    ("method", b"PK\1\2", 10, b"\x0e\0", "packed by method 14"),
    ("checksum", b"PK\1\2", 16, b"\0\0\0\0", "checksum of a member is wrong"),
    ("longer", b"PK\1\2", 24, struct.pack("<L", 100), "longer than it should"),
    ("shorter", b"PK\1\2", 24, struct.pack("<L", 300_001), "not as long"),
    ("bomb", b"PK\1\2", 24, struct.pack("<L", 0xfffffff0), "bomb"),
    ("elsewhere", b"PK\1\2", 42, struct.pack("<L", 7),
     "not where the directory says"),
    ("no header", b"PK\3\4", 0, b"XX", "not where the directory says"),
    ("damaged", b"PK\3\4", 60, b"\xff" * 30, "damaged"),
]


@pytest.mark.parametrize("name, signature, offset, value, says", BAD,
                         ids=[row[0] for row in BAD])
def test_what_is_wrong_with_a_file_is_said(me, site, server, name, signature,
                                           offset, value, says):
    files = {"sales.csv": SALES["sales.csv"], "zz.csv": b"good\n"}
    site.archives["demo/bad"] = patched(files, signature, offset, value)
    if name == "no header":     # the first bytes tell an archive
        site.archives["demo/bad"] = second_header_gone(files)
    said = me.wrong(r"\kaggle get demo/bad s3://bucket/bad/")
    assert says in said
    assert "bad/sales.csv" not in keys(server)
    assert uploads(server) == 0
    assert stored(server, "bad/zz.csv") == b"good\n"
    said = me.wrong(r"\kaggle get demo/bad sales.csv out/")
    assert says in said
    assert me.files() == {}


def test_files_that_share_their_bytes_are_refused(me, site):
    body = bytearray(packed({"a.csv": text(10_000), "b.csv": b"small"}))
    first = body.index(b"PK\1\2")
    second = body.index(b"PK\1\2", first + 4)
    struct.pack_into("<L", body, second + 42, 10)
    site.archives["demo/bomb"] = bytes(body)
    said = me.wrong(r"\kaggle get demo/bomb out/")
    assert "one over the other" in said
    assert me.files() == {}


def test_a_bomb_ends_at_the_size_that_was_told(me, site, server):
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = b"\0" * MIB
    bomb = b"".join(squeezed.compress(zeros) for _ in range(64))
    bomb += squeezed.flush()
    body = bytearray(packed({"bomb.csv": b"x" * 10}))
    with zipfile.ZipFile(io.BytesIO(bytes(body))) as archive:
        info = archive.getinfo("bomb.csv")
    start = 30 + len("bomb.csv")
    moved = len(bomb) - info.compress_size
    body[start:start + info.compress_size] = bomb
    at = body.index(b"PK\1\2")
    struct.pack_into("<LL", body, at + 20, len(bomb), 11 * MIB)
    struct.pack_into("<L", body, body.index(b"PK\5\6") + 16, at)
    assert moved > 0
    site.archives["demo/bomb"] = bytes(body)
    said = me.wrong(r"\kaggle get demo/bomb s3://bucket/")
    assert "longer than it should be" in said
    assert not keys(server) and uploads(server) == 0


@pytest.mark.parametrize("body, says", [
    (b"", "no zip archive"),
    (b"venueid,name\n1,Hall\n" * 50, "no zip archive"),
    (packed(SALES)[:-30], "no directory at its end"),
    (packed(SALES)[:5000], "no directory at its end"),
], ids=["nothing", "text", "end cut off", "cut short"])
def test_what_is_no_archive_is_said(me, site, body, says):
    site.archives["demo/none"] = body
    assert says in me.wrong(r"\kaggle get demo/none out/")
    assert me.files() == {}


def test_an_archive_without_files_brings_none(me, site):
    site.archives["demo/empty"] = packed({})
    assert "0 files" in me.run(r"\kaggle get demo/empty out/")


# --- the network and the site ---

def test_a_download_that_breaks_goes_on_by_a_new_question(me, site, server):
    files = {"a.bin": RANDOM.randbytes(3 * MIB), "b.csv": text(2 * MIB)}
    site.archives["demo/big"] = packed(files)
    site.cuts = [None, None, MIB, 0, 100_000, MIB]
    said = me.run(r"\kaggle get demo/big s3://bucket/big/")
    assert "the connection broke; going on after" in said
    for name, body in files.items():
        assert stored(server, "big/" + name) == body
    downloads = [path for path, _ in site.asked if "/download/" in path]
    assert len(downloads) == len(site.fetched) == 7
    starts = [int(span[6:].split("-")[0]) for span, _ in site.fetched[2:]]
    assert starts == sorted(starts) and starts[1] == starts[0] + MIB


def test_a_first_piece_may_be_one_byte(me, site):
    """The rest comes when that byte has been read, or with it."""
    def drip(request):
        body = site.archives["demo/sales"]
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body[:1])
        request.wfile.flush()
        time.sleep(0.5)
        request.wfile.write(body[1:])
    site.archives["demo/sales"] = packed(SALES)
    site.first = [drip]
    me.run(r"\kaggle get demo/sales out/")
    assert me.files("out") == SALES


def test_a_break_within_the_first_bytes_is_no_broken_archive(me, site):
    def cut(request):
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.write(b"PK")
        request.close_connection = True
    site.first = [cut]
    said = me.wrong(r"\kaggle get demo/sales out/")
    assert "the reply was cut short" in said
    assert "no zip archive" not in said


def test_an_archive_that_changes_meanwhile_is_told(me, site, server):
    files = {"a.bin": RANDOM.randbytes(3 * MIB)}
    site.archives["demo/big"] = packed(files)
    site.after = [lambda: None, lambda: None, lambda: site.archives.update(
        {"demo/big": packed({"a.bin": RANDOM.randbytes(3 * MIB)})})]
    site.cuts = [None, None, MIB]
    said = me.wrong(r"\kaggle get demo/big s3://bucket/")
    assert "changed while it was read" in said
    assert not keys(server)


def test_a_stream_without_ranges_cannot_go_on(me, site):
    site.ranges = False
    site.archives["demo/big"] = packed({"a.bin": RANDOM.randbytes(MIB)})
    site.cuts = [MIB // 2]
    said = me.wrong(r"\kaggle get demo/big out/")
    assert "broke off after" in said and "knows no ranges" in said
    assert me.files() == {}


def test_a_busy_kaggle_is_asked_again_when_it_says(me, site):
    site.archives["demo/sales"] = packed(SALES)
    site.first = [replies(429, b'{"message":"Too many requests"}',
                          Retry_After="1"),
                  replies(503, b"sorry")]
    said = me.run(r"\kaggle get demo/sales venue.csv out/")
    assert "Too many requests; asking again in 1 s" in said
    assert me.files("out") == {"venue.csv": SALES["venue.csv"]}


def test_a_kaggle_out_of_order_is_given_up(me, site):
    site.first = [replies(500, b"")] * 6
    said = me.wrong(r"\kaggle ls demo/sales")
    assert "out of order (HTTP status 500)" in said
    assert len(site.asked) == 6


def test_a_list_that_leads_in_a_circle_is_told(me, site):
    page = json.dumps({"datasetFiles": [{"name": "a.csv"}],
                       "nextPageToken": "again"}).encode()
    site.first = [replies(200, page)] * 5
    assert "the list does not end" in me.wrong(r"\kaggle ls demo/sales")
    assert len(site.asked) == 2


@pytest.mark.parametrize("reply, says", [
    (replies(200, LOGIN, Content_Type="text/html; charset=utf-8"),
     "log-in page"),
    (replies(200, LOGIN), "log-in page"),
    (replies(302, Location="/account/login?returnUrl=%2Fdatasets"),
     "log-in page"),
    (replies(403, b'{"code":403,"message":"You must accept the license of '
             b'this dataset"}'), "its licence is not accepted yet"),
    (replies(403, b'{"code":403,"message":"Permission denied"}'),
     "Kaggle does not let you read it: Permission denied"),
    (replies(401, b'{"code":401,"message":"Unauthorized"}'),
     "Kaggle refuses the key"),
    (replies(404, b'{"code":404}'), "Kaggle has no such data set"),
    (replies(302, Location="ftp://example.com/"), "none of https"),
], ids=["page by type", "page by its text", "sent to the log-in", "licence",
        "private", "bad key", "missing", "sent to ftp"])
def test_what_the_site_says_instead_is_told(me, site, reply, says):
    site.archives["demo/sales"] = packed(SALES)
    site.first = [reply]
    said = me.wrong(r"\kaggle get demo/sales out/")
    assert says in said
    if "log-in" in says or "licence" in says:
        assert "https://www.kaggle.com/datasets/demo/sales" in said
    assert me.files() == {}


def test_redirects_without_end_are_given_up(me, site):
    site.archives["demo/sales"] = packed(SALES)
    site.first = [replies(302, Location="/api/v1/again")] * 20
    assert "redirects without end" in me.wrong(r"\kaggle ls demo/sales")


def test_s3_that_refuses_ends_it(me, site, server):
    site.archives["demo/sales"] = packed(SALES)
    server.fault("add", "--op", "PutObject", "--count", "all", "status=403")
    said = me.wrong(r"\kaggle get demo/sales s3://bucket/x/")
    assert "s3:PutObject" in said
    server.fault("clear")
    assert "no-such-bucket" in me.wrong(
        r"\kaggle get demo/sales s3://no-such-bucket/x/")


def test_s3_that_stumbles_gets_it_again(me, site, server):
    files = {"a.bin": RANDOM.randbytes(12 * MIB)}
    site.archives["demo/big"] = packed(files)
    server.fault("add", "--op", "UploadPart", "--count", "4", "status=503")
    me.run(r"\kaggle get demo/big s3://bucket/")
    assert stored(server, "a.bin") == files["a.bin"]


# --- ends and beginnings ---

def is_recorded(me):
    """Does the record tell of a file that is done?"""
    return any(len(record.read_text().splitlines()) > 1 for record in
               me.home.glob(".local/state/redsh/downloads/*.json"))


def interrupted(me, site, command, blocks, ready):
    """Ctrl-C when the storage stalls behind so many blocks and what came is
    where it should be."""
    sent, reached = [], threading.Event()
    go = threading.Event()

    def pause():
        sent.append(1)
        if len(sent) >= blocks:
            reached.set()
            go.wait(60)
    site.pause = pause
    with me.start(command) as process:
        came = reached.wait(60)
        for _ in range(600):
            if came and ready():
                break
            time.sleep(0.05)
        else:
            process.kill()
            raise AssertionError("what came has not arrived")
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=60)
    go.set()
    site.pause = None
    assert process.returncode != 0 and "Sanitizer" not in said
    return " ".join((out + said).split())


def test_an_upload_goes_on_after_ctrl_c(me, site, server):
    files = {"a.csv": text(100_000), "b.bin": RANDOM.randbytes(16 * MIB),
             "c.csv": text(100_000)}
    site.archives["demo/big"] = packed(files)
    said = interrupted(me, site, r"\kaggle get demo/big s3://bucket/", 215,
                       lambda: uploads(server) == 1 and is_recorded(me))
    assert "the same command goes on" in said
    assert keys(server) == ["a.csv"] and uploads(server) == 1
    site.fetched.clear()
    said = me.run(r"\kaggle get demo/big s3://bucket/")
    assert re.search("parts? (are|is) there from an earlier try", said)
    assert "1 there from an earlier try" in said
    for name, body in files.items():
        assert stored(server, name) == body
    assert uploads(server) == 0
    assert not list(me.home.rglob("*.json"))


def test_a_killed_one_leaves_nothing_when_it_is_done_again(me, site):
    site.archives["demo/big"] = packed({"b.bin": RANDOM.randbytes(2 * MIB)})
    go, reached = threading.Event(), threading.Event()
    sent = []

    def pause():
        sent.append(1)
        if len(sent) == 18:
            reached.set()
            go.wait(60)
    site.pause = pause
    with me.start(r"\kaggle get demo/big out/") as process:
        assert reached.wait(60)
        while not list(me.home.rglob("*.part-*")):
            time.sleep(0.05)
        process.kill()
        process.communicate(timeout=60)
    go.set()
    site.pause = None
    me.run(r"\kaggle get demo/big out/")
    assert sorted(me.files("out")) == ["b.bin"]


def test_another_archive_does_not_go_on_with_the_old_parts(me, site, server):
    files = {"b.bin": RANDOM.randbytes(16 * MIB)}
    site.archives["demo/big"] = packed(files)
    interrupted(me, site, r"\kaggle get demo/big s3://bucket/", 200,
                lambda: uploads(server) == 1)
    assert uploads(server) == 1
    files = {"b.bin": RANDOM.randbytes(16 * MIB)}
    site.archives["demo/big"] = packed(files)
    said = me.run(r"\kaggle get demo/big s3://bucket/")
    assert "earlier try" not in said
    assert stored(server, "b.bin") == files["b.bin"]
    assert uploads(server) == 0


def test_a_folder_keeps_what_is_whole_after_ctrl_c(me, site):
    files = {"a.csv": text(100_000), "b.bin": RANDOM.randbytes(2 * MIB)}
    site.archives["demo/big"] = packed(files)
    said = interrupted(me, site, r"\kaggle get demo/big out/", 18,
                       lambda: is_recorded(me))
    assert "1 file is there whole" in said
    assert me.files("out") == {"a.csv": files["a.csv"]}
    said = me.run(r"\kaggle get demo/big out/")
    assert "1 there from an earlier try" in said
    assert me.files("out") == files


def test_ctrl_c_ends_every_wait(me, site):
    reached = threading.Event()
    stalled = stalls()

    def reply(request):
        reached.set()
        stalled(request)
    site.first = [reply]
    with me.start(r"\kaggle ls demo/sales") as process:
        came = reached.wait(60)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert came and process.returncode != 0 and "cancelled" in said
