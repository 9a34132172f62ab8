"""What redsh must do right on any S3 that checks what it is sent: the tests
of judge_radosgw.py, judge_minio.py and judge_minio_tls.py, which make the
fixture `judge` and leave out what cannot be with theirs."""

import hashlib
import os
import re
import shutil
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError
from judging import HERE, PART, SECONDS, word
from relay import Relay

KEYS = [
    "plain.csv", "a b", " lead and end ", "back`tick`", "quo'te", 'dou"ble',
    "back\\slash", "co:lon", "pi|pe", "pl+us", "per%25cent", "per%cent",
    "q?mark", "ha#sh", "semi;colon", "amp&er", "eq=al", "com,ma", "at@",
    "<xml>", "&amp;", "dollar$1", "ünï", "日本", "\U0001f600", "e\u0301",
    "(){}[]", "star*", "excl!", "~", "^", "-rf", "--yes", "a/b/c",
    "new\nline", "tab\there", "x" * 200 + "/" + "y" * 200,
]
# Keys that some file systems cannot hold: MinIO refuses them.
KEYS_OF_S3_ALONE = ["a//b", "/lead", "../up", "dot/../x", "./x", "x" * 1024]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# --- objects ---

def there_and_back(judge, key):
    data = os.urandom(1000)
    bucket = judge.bucket()
    name, uri = judge.file(data), word(f"s3://{bucket}/{key}")
    judge.good(f"\\s3put {name} {uri}")
    assert judge.keys(bucket) == [key]
    assert judge.got(bucket, key) == data
    judge.good(f"\\s3cp {uri} s3://{bucket}/copy", f"\\s3get {uri} back")
    assert (judge.folder / "back").read_bytes() == data
    assert judge.got(bucket, "copy") == data
    shown = judge.good(f"\\s3stat {uri}")
    assert "size,1000\n" in shown
    judge.good(f"\\s3rm --yes {uri}", f"\\s3rm --yes s3://{bucket}/copy",
               f"\\s3rb --yes s3://{bucket}")


@pytest.mark.parametrize("key", KEYS, ids=ascii)
def test_any_key_goes_there_and_back(judge, key):
    there_and_back(judge, key)


@pytest.mark.parametrize("key", KEYS_OF_S3_ALONE, ids=ascii)
def test_keys_that_are_no_names_of_files(judge, key):
    there_and_back(judge, key)


def test_an_empty_object(judge):
    bucket = judge.bucket()
    judge.file(b"", "nothing")
    judge.good(f"\\s3put nothing s3://{bucket}/nothing",
               f"\\s3get s3://{bucket}/nothing back")
    assert judge.got(bucket, "nothing") == b""
    assert (judge.folder / "back").read_bytes() == b""


def test_what_another_client_wrote_is_read(judge):
    bucket = judge.bucket()
    judge.boto().put_object(
        Bucket=bucket, Key="x/y.txt", Body=b"words\n" * 300,
        ContentType="text/plain", Metadata={"who": "boto3"})
    assert judge.good(f"\\s3cat s3://{bucket}/x/y.txt") == "words\n" * 300
    assert judge.good(f"\\s3head s3://{bucket}/x/y.txt 2") == "words\n" * 2
    shown = judge.good(f"\\s3stat s3://{bucket}/x/y.txt")
    assert "content type,text/plain\n" in shown
    assert "boto3" in shown
    assert "x/y.txt,1800," in judge.good(f"\\s3ls -R s3://{bucket}")


def test_errors_are_the_servers(judge):
    bucket = judge.bucket()
    assert "no such object" in judge.bad(f"\\s3get s3://{bucket}/none x")
    assert not (judge.folder / "x").exists()
    assert "no such bucket" in judge.bad("\\s3ls s3://never-made-by-us")
    judge.boto().put_object(Bucket=bucket, Key="k", Body=b"x")
    assert "not empty" in judge.bad(f"\\s3rb --yes s3://{bucket}")


# --- listings ---

def test_pages_and_folders(judge):
    """2,300 keys are three pages; boto3 lists them beside."""
    bucket = judge.bucket()
    (judge.folder / "many").mkdir()
    for at in range(2300):
        (judge.folder / "many" / f"k{at:04}").write_bytes(b"")
    judge.good(f"\\s3put many/k0* s3://{bucket}/a/",
               f"\\s3put many/k1* s3://{bucket}/b/",
               f"\\s3put many/k2* s3://{bucket}/")
    rows = judge.good(f"\\s3ls -R s3://{bucket}/").splitlines()
    assert [row.split(",")[0] for row in rows] == judge.keys(bucket)
    assert len(rows) == 2300
    rows = judge.good(f"\\s3ls s3://{bucket}/").splitlines()
    assert [row.split(",")[0] for row in rows[:2]] == ["a/", "b/"]
    assert len(rows) == 302
    rows = judge.good(f"\\s3ls s3://{bucket}/*/k?99?").splitlines()
    assert sorted(row.split(",")[0] for row in rows) == [
        f"{folder}/k{n}" for folder, begin in (("a", "09"), ("b", "19"))
        for n in (f"{begin[0]}99{last}" for last in range(10))]
    counted = judge.good(f"\\s3du s3://{bucket}/")
    assert f"s3://{bucket}/,2300,0," in counted
    judge.good(f"\\s3rm -r --yes s3://{bucket}", f"\\s3rb --yes s3://{bucket}")
    shutil.rmtree(judge.folder / "many")


# --- parts ---

def test_an_upload_in_parts(judge):
    data = os.urandom(5 * PART + 12345)
    bucket = judge.bucket()
    judge.file(data, "large")
    judge.good(f"\\s3put large s3://{bucket}/large",
               f"\\s3get s3://{bucket}/large back")
    assert sha256(judge.got(bucket, "large")) == sha256(data)
    assert sha256((judge.folder / "back").read_bytes()) == sha256(data)
    head = judge.boto().head_object(Bucket=bucket, Key="large")
    digests = b"".join(hashlib.md5(data[at:at + PART]).digest()
                       for at in range(0, len(data), PART))
    assert head["ETag"] in ('"%s-6"' % hashlib.md5(digests).hexdigest(), '')
    judge.good(f"\\s3cp s3://{bucket}/large s3://{bucket}/copy")
    assert sha256(judge.got(bucket, "copy")) == sha256(data)
    uploads = judge.boto().list_multipart_uploads(Bucket=bucket)
    assert uploads.get("Uploads", []) == []


@pytest.fixture
def relay(judge):
    with Relay(judge.url) as relay:
        yield relay


def killed_half_way(judge, relay, line, passed):
    """redsh through a slow relay, killed hard when `passed` says so."""
    relay.rate = 30 << 20
    child = judge.start(line, AWS_ENDPOINT_URL=relay.url)
    end = time.monotonic() + SECONDS
    while not passed():
        assert child.poll() is None, child.stderr.read()
        assert time.monotonic() < end
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    relay.rate = None
    relay.sent = relay.received = 0


def test_an_upload_killed_half_way_goes_on(judge, relay):
    part = 5 << 20
    data = os.urandom(24 * part)
    bucket = judge.bucket()
    judge.file(data, "large")
    line = f"\\s3put --part-size 5MiB large s3://{bucket}/large"
    killed_half_way(judge, relay, line,
                    lambda: relay.statuses.count(200) > 8)
    assert not judge.has(bucket, "large")
    judge.good(line, AWS_ENDPOINT_URL=relay.url)
    assert relay.sent < 22 * part               # not all of it again
    assert sha256(judge.got(bucket, "large")) == sha256(data)
    uploads = judge.boto().list_multipart_uploads(Bucket=bucket)
    assert uploads.get("Uploads", []) == []


def test_a_download_killed_half_way_is_nothing_half(judge, relay):
    data = os.urandom(24 * PART)
    bucket = judge.bucket()
    judge.boto().put_object(Bucket=bucket, Key="large", Body=data)
    line = f"\\s3get s3://{bucket}/large back-large"
    killed_half_way(judge, relay, line,
                    lambda: relay.received > 16 * PART)
    assert not (judge.folder / "back-large").exists()
    judge.good(line, AWS_ENDPOINT_URL=relay.url)
    assert sha256((judge.folder / "back-large").read_bytes()) == sha256(data)


# --- signatures ---

def test_another_secret_is_refused(judge):
    bucket = judge.bucket()
    judge.file(b"x", "x")
    err = judge.bad(f"\\s3put x s3://{bucket}/x",
                    AWS_SECRET_ACCESS_KEY="not/the/secret/that/it/is")
    assert "signature" in err or "secret" in err, err
    assert not judge.has(bucket, "x")


def test_another_key_is_refused(judge):
    err = judge.bad("\\s3ls", AWS_ACCESS_KEY_ID="AKIANOBODYHASTHISKEY")
    assert "AKIANOBODYHASTHISKEY" in err or "access key" in err, err


@pytest.mark.parametrize("what, change", [
    ("body", lambda data: data.replace(b"honest words", b"hidden worlds"[:12])),
    ("key", lambda data: data.replace(b"/honest ", b"/hidden ")),
    ("query", lambda data: data.replace(b"uploads=", b"uploadz=")),
    ("header", lambda data: re.sub(
        rb"(?i)(x-amz-date: \d{8}T\d{4})(\d)", lambda one: one[1] +
        (b"0" if one[2] != b"0" else b"1"), data)),
])
def test_a_request_changed_on_the_way_is_refused(judge, relay, what, change):
    """What the signature is for: a relay changes the body, the key, the
    query or a header."""
    bucket = judge.bucket()
    judge.file(b"honest words" if what != "query" else bytes(2 * PART + 1),
               "x")
    relay.change = change
    judge.bad(f"\\s3put x s3://{bucket}/honest", AWS_ENDPOINT_URL=relay.url)
    assert max(relay.statuses) in (400, 403), relay.statuses
    assert judge.keys(bucket) == []


@pytest.fixture(scope="module")
def shifted(tmp_path_factory):
    """The environment of a program whose clock is so many seconds off."""
    library = tmp_path_factory.mktemp("shift") / "shift_clock.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library,
                    HERE / "shift_clock.c", "-ldl"], check=True)
    options = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    return lambda seconds: {"LD_PRELOAD": library, "SHIFT_SECONDS": seconds,
                            "ASAN_OPTIONS": options}


@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_a_clock_an_hour_off_is_noticed_and_set_right(judge, relay, shifted,
                                                      seconds):
    bucket = judge.bucket()
    judge.file(b"in time", "x")
    judge.good(f"\\s3put x s3://{bucket}/x", f"\\s3ls s3://{bucket}",
               f"\\s3get s3://{bucket}/x back",
               AWS_ENDPOINT_URL=relay.url, **shifted(seconds))
    assert relay.statuses[0] == 403             # the judge minds
    assert set(relay.statuses[1:]) <= {100, 200, 206}, relay.statuses
    assert judge.got(bucket, "x") == b"in time"
    assert (judge.folder / "back").read_bytes() == b"in time"


def presigned(judge, *args, **env):
    return judge.good("\\s3presign " + " ".join(args), **env).strip()


def status_of(judge, url):
    context = None
    if judge.ca:
        context = ssl.create_default_context(cafile=str(judge.ca))
    try:
        with urllib.request.urlopen(url, timeout=30, context=context) as got:
            return got.status, got.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


PRESIGNED_KEYS = ["plain", "a b/é+%25&='\"`x`", "日本?#;,@!$()*~"]


@pytest.mark.parametrize("key", PRESIGNED_KEYS, ids=ascii)
def test_a_link_is_good_and_good_for_nothing_else(judge, key):
    bucket = judge.bucket()
    judge.boto().put_object(Bucket=bucket, Key=key, Body=b"linked")
    judge.boto().put_object(Bucket=bucket, Key="other", Body=b"private")
    url = presigned(judge, word(f"s3://{bucket}/{key}"))
    assert status_of(judge, url) == (200, b"linked")
    path, query = url.split("?", 1)
    last = re.sub(r"(X-Amz-Signature=[0-9a-f]{63})(.)", lambda one:
                  one[1] + ("0" if one[2] != "0" else "1"), url)
    for spoiled in (last,
                    path.rsplit(f"/{bucket}/", 1)[0] + f"/{bucket}/other?" +
                    query,
                    re.sub(r"X-Amz-Expires=\d+", "X-Amz-Expires=604800", url),
                    re.sub(r"X-Amz-Date=\d{8}T\d{6}Z",
                           "X-Amz-Date=20300101T000000Z", url)):
        assert spoiled != url
        status, body = status_of(judge, spoiled)
        assert status == 403 and b"private" not in body, spoiled


def test_a_link_ends(judge):
    bucket = judge.bucket()
    judge.boto().put_object(Bucket=bucket, Key="k", Body=b"linked")
    url = presigned(judge, "--expires 1s", f"s3://{bucket}/k")
    end = time.monotonic() + SECONDS
    while (answer := status_of(judge, url))[0] == 200:
        assert time.monotonic() < end
        time.sleep(0.2)
    assert answer[0] == 403 and b"linked" not in answer[1]


@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_a_link_made_by_a_wrong_clock_is_good(judge, shifted, seconds):
    """Asking for the bucket's region has set it right."""
    bucket = judge.bucket()
    judge.boto().put_object(Bucket=bucket, Key="k", Body=b"linked")
    url = presigned(judge, "--expires 30m", f"s3://{bucket}/k",
                    **shifted(seconds))
    assert status_of(judge, url) == (200, b"linked")


def test_a_link_to_send(judge):
    bucket = judge.bucket()
    url = presigned(judge, "--put", word(f"s3://{bucket}/s e+n%t"))
    context = (ssl.create_default_context(cafile=str(judge.ca))
               if judge.ca else None)
    request = urllib.request.Request(url, b"sent", method="PUT")
    request.add_header("Content-Type", "")
    with urllib.request.urlopen(request, timeout=30, context=context) as got:
        assert got.status == 200
    assert judge.got(bucket, "s e+n%t") == b"sent"


# --- conditions, moves, folders ---

def test_nothing_is_overwritten_that_should_stay(judge):
    bucket = judge.bucket()
    judge.boto().put_object(Bucket=bucket, Key="k", Body=b"first")
    judge.file(b"second", "x")
    err = judge.bad(f"\\s3put --no-clobber x s3://{bucket}/k")
    assert "k" in err
    assert judge.got(bucket, "k") == b"first"
    judge.good(f"\\s3put --no-clobber x s3://{bucket}/new")
    assert judge.got(bucket, "new") == b"second"


def test_objects_move(judge):
    bucket = judge.bucket()
    for key in ("a b", "folder/1+1", "folder/2%"):
        judge.boto().put_object(Bucket=bucket, Key=key, Body=key.encode())
    judge.good(f"\\s3mv {word(f's3://{bucket}/a b')} s3://{bucket}/moved",
               f"\\s3mv -r s3://{bucket}/folder/ s3://{bucket}/else/")
    assert judge.keys(bucket) == ["else/1+1", "else/2%", "moved"]
    assert judge.got(bucket, "else/2%") == b"folder/2%"


def test_folders_are_made_alike(judge):
    bucket = judge.bucket()
    tree = judge.folder / "tree"
    (tree / "in").mkdir(parents=True)
    for name in ("one", "in/two +%", "in/drei ü"):
        (tree / name).write_bytes(name.encode())
    judge.good(f"\\s3sync tree/ s3://{bucket}/t/")
    assert judge.keys(bucket) == sorted(
        ["t/one", "t/in/two +%", "t/in/drei ü"])
    judge.boto().delete_object(Bucket=bucket, Key="t/one")
    judge.boto().put_object(Bucket=bucket, Key="t/extra", Body=b"x")
    judge.good(f"\\s3sync --delete --yes s3://{bucket}/t/ tree/")
    assert sorted(str(path.relative_to(tree)) for path in tree.rglob("*")
                  if path.is_file()) == ["extra", "in/drei ü", "in/two +%"]
    shutil.rmtree(tree)
