"""The sandbox's Kaggle, seen from HTTP: data sets, keys, links, faults."""

import hashlib
import io
import os
import pathlib
import random
import subprocess
import urllib.parse
import zipfile

import pytest

from sandbox_kaggle import KaggleServer

AWKWARD = ["plain.csv", "with blank.csv", "a+b&c=d%41#?.csv", "übergroß.csv",
           "deep/er/file.csv", "back\\slash.csv", "tab\there.csv",
           "quote\"'.csv", "\x1b[31mred.csv"]


@pytest.fixture(scope="module", name="server")
def make_server(tmp_path_factory):
    server = KaggleServer()
    root = tmp_path_factory.mktemp("files")
    server.root = root
    server.files = {}
    noise = random.Random(7)
    for i, name in enumerate(AWKWARD):
        server.files[name] = f"a,b\n{i},{noise.random()}\n".encode() * (i * 9)
    server.files["big.csv"] = b"".join(
        b"%d,%d\n" % (i, i * i) for i in range(120000))
    server.files["noise.csv.gz"] = b"\x1f\x8b\x08\0" + noise.randbytes(1 << 21)
    for name, data in server.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert server.kaggle("add", "ann/awkward", str(root), "--title",
                         "Awkward Names") == "ann/awkward: version 1\n"
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def clear_faults(server):
    server.fault("clear")
    yield
    server.fault("clear")


def all_files(server, path, size):
    """The names of all pages, and how many pages."""
    names, pages, token = [], 0, ""
    while True:
        answer = server.api(f"{path}?pageSize={size}&pageToken={token}")
        assert answer.status == 200, answer.body
        names += [file["name"] for file in answer.json["datasetFiles"]]
        assert len(answer.json["datasetFiles"]) <= size
        pages += 1
        token = answer.json["nextPageToken"]
        if not token:
            return names, pages


def test_the_demo_is_there(server, tmp_path):
    subprocess.run(["/bin/sh", os.path.join(os.environ["REDSH_SHARE"],
                                            "demo/generate"), tmp_path],
                   check=True)
    made = {str(path.relative_to(tmp_path)): path.read_bytes()
            for path in tmp_path.rglob("*") if path.is_file()}
    names, pages = all_files(server, "list/redsh/sales", 4)
    assert names == sorted(made) and pages == 3
    archive = zipfile.ZipFile(io.BytesIO(server.download("redsh/sales").body))
    assert {name: archive.read(name) for name in archive.namelist()} == made


def test_every_name_is_listed_and_downloaded(server):
    answer = server.api("list/ann/awkward?pageSize=200")
    found = {file["name"]: file["totalBytes"]
             for file in answer.json["datasetFiles"]}
    assert found == {name: len(data) for name, data in server.files.items()}
    for name in AWKWARD:
        for safe in "", "/":
            file = server.download("ann/awkward/" +
                                   urllib.parse.quote(name, safe=safe))
            assert file.status == 200 and file.body == server.files[name]


def test_a_long_file_comes_zipped_and_a_packed_one_does_not(server):
    link = server.link("ann/awkward/big.csv")
    assert urllib.parse.urlsplit(link).path.endswith("/big.csv.zip")
    answer = server.ask(link, {})
    assert answer.headers["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.body))
    assert archive.namelist() == ["big.csv"]
    assert archive.read("big.csv") == server.files["big.csv"]
    packed = server.download("ann/awkward/noise.csv.gz")
    assert packed.body == server.files["noise.csv.gz"]


@pytest.mark.parametrize("options", [[], ["--zip64"]])
def test_archives_please_zipfile_and_unzip(server, tmp_path, options):
    server.kaggle("add", "ann/judged", str(server.root), *options)
    data = server.download("ann/judged").body
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert {i.filename: archive.read(i) for i in archive.infolist()} == \
        server.files
    kinds = {i.filename: i.compress_type for i in archive.infolist()}
    assert kinds["noise.csv.gz"] == zipfile.ZIP_STORED
    assert kinds["big.csv"] == zipfile.ZIP_DEFLATED
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    done = subprocess.run(["unzip", "-tq", path], capture_output=True,
                          check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (b"PK\x06\x06" in data[-200:]) == bool(options)


def test_nothing_without_the_right_key(server):
    for headers, text in (({}, "no API key"),
                          (server.keys(key="0" * 32), "not the keys"),
                          (server.keys(user="other"), "not the keys"),
                          (server.keys(token="KGAT_0"), "not the keys")):
        for path in "list?search=x", "list/redsh/sales", \
                    "download/redsh/sales", "status/no/body":
            answer = server.api(path, headers)
            assert answer.status == 401 and answer.json["code"] == 401
            assert text in answer.json["message"]
    token = server.keys(token=server.env["KAGGLE_API_TOKEN"])
    assert server.api("status/redsh/sales", token).json["status"] == "READY"


def test_what_is_not_there(server):
    for path in "list/no/body", "list/ann/awkward?datasetVersionNumber=99", \
                "download/ann/awkward/none.csv", "list/ann", "download/..%2f/x", \
                "list/../..", "nonsense", "download/ann/awkward/":
        answer = server.api(path)
        assert answer.status == 404 and answer.json["code"] == 404, path
    for query in "pageSize=0", "pageSize=201", "pageSize=x", "pageToken=!", \
                 "pageToken=ZnJvbTo5OTk", "datasetVersionNumber=-1":
        answer = server.api("list/ann/awkward?" + query)
        assert answer.status == 400, query
    answer = server.ask("/api/v1/datasets/list", method="DELETE")
    assert answer.status == 405 and answer.json["code"] == 405


def test_a_search_looks_into_names_and_titles(server):
    def found(query):
        return [item["ref"] for item in server.api("list?" + query).json]

    assert found("search=awkward+names") == ["ann/awkward"]
    assert found("search=awkward%20NAMES") == ["ann/awkward"]
    assert found("search=demo") == ["redsh/sales"]
    assert found("search=zebra") == []
    assert found("pageSize=1&page=2") != found("pageSize=1&page=1")
    assert found("page=99") == []


def test_versions(server, tmp_path):
    path = tmp_path / "v.csv"
    for version in 1, 2:
        path.write_text(f"version\n{version}\n")
        assert f"version {version}" in server.kaggle("add", "ann/versions",
                                                     str(path))
    for query, body in (("", b"version\n2\n"),
                        ("?datasetVersionNumber=1", b"version\n1\n"),
                        ("?datasetVersionNumber=2", b"version\n2\n")):
        assert server.download("ann/versions/v.csv" + query).body == body


@pytest.mark.parametrize("why, listing", [("terms", 200), ("login", 200),
                                          ("private", 403)])
def test_refusals(server, why, listing):
    server.kaggle("add", "ann/" + why, str(server.root / "plain.csv"),
                  "--refuse", why)
    assert server.api("list/ann/" + why).status == listing
    answer = server.api("download/ann/" + why)
    if why == "login":
        assert answer.status == 302
        page = server.ask(answer.headers["Location"], {})
        assert page.status == 200 and b"Sign in" in page.body
        assert "text/html" in page.headers["Content-Type"]
    else:
        assert answer.status == answer.json["code"] == 403
        assert ("terms" in answer.json["message"]) == (why == "terms")


# --- links ---

def test_a_link_is_elsewhere_and_takes_no_key(server):
    link = server.link("redsh/sales")
    assert urllib.parse.urlsplit(link).hostname == "localhost"
    assert server.ask(link, {}).status == 200
    refused = server.ask(link)
    assert refused.status == 400 and b"Authorization" in refused.body
    there = server.ask(f"http://localhost:{server.port}"
                       "/api/v1/datasets/download/redsh/sales")
    assert urllib.parse.urlsplit(there.headers["Location"]).hostname == \
        "127.0.0.1"


def test_curl_does_not_give_its_key_away(server, tmp_path):
    out = tmp_path / "a.zip"
    user = f"{server.env['KAGGLE_USERNAME']}:{server.env['KAGGLE_KEY']}"
    for options, status in ([], "200"), (["--location-trusted"], "400"):
        done = subprocess.run(
            ["curl", "-sL", *options, "-o", out, "-w", "%{http_code}", "-u",
             user, server.base + "/api/v1/datasets/download/redsh/sales"],
            capture_output=True, check=True, text=True)
        assert done.stdout == status


def test_a_link_is_for_one_file_and_for_three_days(server):
    link = server.link("ann/awkward/plain.csv")
    for wrong in (link[:-1] + ("0" if link[-1] != "0" else "1"),
                  link.replace("plain.csv", "big.csv"),
                  link.replace("Expires=259200", "Expires=604800")):
        assert server.ask(wrong, {}).status == 403
    for life in ("604801", "0", "-1", "9223372036854775807", "9" * 40, "x"):
        wrong = link.replace("Expires=259200", f"Expires={life}")
        assert server.ask(wrong, {}).status == 400
    assert server.ask(link.partition("?")[0], {}).status == 403
    server.fault("add", "--op", "KaggleStorage", "--count", "1",
                 f"skew={3 * 86400 - 60}")
    assert server.ask(link, {}).status == 200
    server.fault("add", "--op", "KaggleStorage", "--count", "1",
                 f"skew={3 * 86400 + 60}")
    late = server.ask(link, {})
    assert late.status == 400 and b"ExpiredToken" in late.body


def test_no_answer_looks_like_s3s(server):
    link = server.link("ann/awkward/plain.csv")
    for answer in (server.api("list/ann/awkward"), server.api("list/no/such"),
                   server.api("download/ann/awkward"), server.ask(link, {}),
                   server.ask(link, {"Range": "bytes=1-2"}),
                   server.ask(link + "0", {}), server.ask("/account/login"),
                   server.api("list/ann/awkward", {})):
        assert answer.headers["Server"] == "redsh-sandbox"
        assert not [name for name in answer.headers
                    if name.lower().startswith("x-amz")]


def test_ranges_and_what_a_file_is_known_by(server):
    data = server.files["noise.csv.gz"]
    link = server.link("ann/awkward/noise.csv.gz")
    whole = server.ask(link, {})
    etag = f'"{hashlib.md5(data).hexdigest()}"'
    assert whole.headers["ETag"] == etag
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Last-Modified"]
    assert int(whole.headers["Content-Length"]) == len(data)
    for text, first, end in (("0-0", 0, 1), ("100-", 100, len(data)),
                             ("-7", len(data) - 7, len(data)),
                             ("5-999999999", 5, len(data))):
        part = server.ask(link, {"Range": "bytes=" + text})
        assert part.status == 206 and part.body == data[first:end]
        assert part.headers["Content-Range"] == \
            f"bytes {first}-{end - 1}/{len(data)}"
    past = server.ask(link, {"Range": f"bytes={len(data)}-"})
    assert past.status == 416
    assert past.headers["Content-Range"] == f"bytes */{len(data)}"
    same = {"Range": "bytes=1-", "If-Range": etag}
    other = {"Range": "bytes=1-", "If-Range": '"0"'}
    assert server.ask(link, same).status == 206
    assert server.ask(link, other).body == data
    assert server.ask(link, {"If-Match": '"0"'}).status == 412
    head = server.ask(link, {}, method="HEAD")
    assert head.status == 200 and head.body == b""
    assert int(head.headers["Content-Length"]) == len(data)


# --- faults ---

def test_faults_are_told_in_kaggles_way(server):
    server.fault("add", "--op", "KaggleDownload", "status=429",
                 "retry-after=7")
    assert server.api("list/redsh/sales").status == 200
    answer = server.api("download/redsh/sales")
    assert answer.status == answer.json["code"] == 429
    assert answer.headers["Retry-After"] == "7"
    server.fault("add", "--op", "Kaggle*", "status=500", "--count", "2")
    assert server.api("list/redsh/sales").json["code"] == 500
    assert server.api("list?search=a").json["code"] == 500
    link = server.link("redsh/sales")
    server.fault("add", "--op", "KaggleStorage", "expire-credentials")
    assert b"ExpiredToken" in server.ask(link, {}).body
    assert server.ask(link, {}).status == 200


# --- the command ---

def test_bad_additions(server, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a\n")
    odd = tmp_path / "odd"
    odd.mkdir()
    (pathlib.Path(os.fsdecode(os.fsencode(odd) + b"/\xff.csv"))).write_text("")
    for words, text in (
            (["add"], "OWNER/SLUG"), (["add", "a"], "not the name"),
            (["add", "a/../b", str(path)], "not the name"),
            (["add", "../b", str(path)], "not the name"),
            (["add", "a/b"], "no files"),
            (["add", "a/b", "/nonexistent"], "no file"),
            (["add", "a/b", str(path), str(path)], "twice"),
            (["add", "a/b", str(odd)], "UTF-8"),
            (["add", "a/b", str(path), "--refuse", "x"], "terms"),
            (["remove", "a/b"], "no data set"), (["rename"], "no such"),
            ([], "missing")):
        assert text in server.kaggle(*words, fails=True)
    assert "a/b" not in server.kaggle("list")
    server.kaggle("add", "a/b", str(path))
    assert "a/b: version 1, files 1, bytes 2: b\n" in server.kaggle("list")
    server.kaggle("remove", "a/b")
    assert server.api("list/a/b").status == 404
