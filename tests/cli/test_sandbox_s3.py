"""The sandbox's S3 in its particulars: hosts, regions, versions, checksums,
encryption, classes, payers, policies. By our own hands where Debian's boto3 is
older than what S3 has."""

import base64
import hashlib
import pathlib
import re
import zlib

import pytest

from raw_aws import Endpoint, head, sha256
from s3_server import S3Server

MIB = 1 << 20


@pytest.fixture(scope="module", name="server")
def make_server():
    server = S3Server()
    yield server
    server.stop()


@pytest.fixture(scope="module", name="s3")
def make_endpoint(server):
    s3 = Endpoint(server)
    assert s3.call("PUT", "/bucket").status == 200
    assert s3.call("PUT", "/bucket/key", b"text").status == 200
    return s3


def find(answer, element):
    """The texts of all elements of that name."""
    return re.findall(f"<{element}>(.*?)</{element}>", answer.body.decode())


def one(answer, element):
    assert len(find(answer, element)) == 1, answer.body
    return find(answer, element)[0]


def unsigned(s3, method, target, **headers):
    return s3.raw(head(method, target, {"host": "127.0.0.1", **headers}))


def xml(text):
    return ('<?xml version="1.0"?>' + text).encode()


# --- hosts ---

@pytest.mark.parametrize("host", [
    "bucket.s3.us-east-1.amazonaws.com", "bucket.s3.amazonaws.com",
    "bucket.s3.dualstack.us-east-1.amazonaws.com",
    "bucket.s3-fips.us-east-1.amazonaws.com", "bucket.localhost",
    "bucket.localhost:5480", "bucket.s3.localhost",
    "bucket.s3.us-east-1.localhost", "BUCKET.localhost",
    "bucket.127.0.0.1.nip.io",
    "bucket-123456789012.s3-accesspoint.us-east-1.amazonaws.com",
])
def test_a_bucket_in_the_host(s3, host):
    assert s3.call("GET", "/key", host=host).body == b"text"
    listing = s3.call("GET", "/?list-type=2", host=host)
    assert one(listing, "Name") == "bucket"


@pytest.mark.parametrize("host", [
    "s3.us-east-1.amazonaws.com", "s3.amazonaws.com", "localhost:80",
    "s3.localhost", "127.0.0.1:5480", "example.com", "s3.us-east-1.localhost",
])
def test_a_host_without_a_bucket(s3, host):
    assert s3.call("GET", "/bucket/key", host=host).body == b"text"


def test_a_host_of_another_account_or_bucket(s3):
    other = "bucket-999999999999.s3-accesspoint.us-east-1.amazonaws.com"
    for host in (other, "missing.localhost"):
        assert s3.call("GET", "/key", host=host).code == "NoSuchBucket"


def test_a_host_of_another_region_than_the_signature(s3):
    answer = s3.call("GET", "/key", host="bucket.s3.eu-west-1.amazonaws.com")
    assert answer.code == "AuthorizationHeaderMalformed"
    assert one(answer, "Region") == "eu-west-1"


# --- regions ---

def location(region):
    return xml(f"<CreateBucketConfiguration><LocationConstraint>{region}"
               "</LocationConstraint></CreateBucketConfiguration>")


@pytest.fixture(scope="module", name="abroad")
def make_abroad(s3):
    signer = s3.signer(region="eu-west-1")
    assert s3.call("PUT", "/abroad", location("eu-west-1"),
                   signer=signer).status == 200
    assert s3.call("PUT", "/abroad/key", b"text", signer=signer).status == 200
    return signer


@pytest.mark.parametrize("region, body, code", [
    ("us-east-1", location("us-east-1"), "InvalidLocationConstraint"),
    ("us-east-1", location("nowhere"), "InvalidLocationConstraint"),
    ("eu-west-1", b"", "IllegalLocationConstraintException"),
    ("eu-west-1", location("us-west-2"), "IllegalLocationConstraintException"),
    ("us-east-1", xml("<Other/>"), "MalformedXML"),
])
def test_a_location_that_is_refused(s3, region, body, code):
    signer = s3.signer(region=region)
    assert s3.call("PUT", "/refused", body, signer=signer).code == code


def test_a_bucket_is_served_in_its_region(s3, abroad):
    assert s3.call("GET", "/abroad/key", signer=abroad).body == b"text"
    answer = s3.call("GET", "/abroad/key")
    assert (answer.status, answer.code) == (301, "PermanentRedirect")
    assert answer.headers["x-amz-bucket-region"] == "eu-west-1"
    assert one(answer, "Endpoint") == "s3.eu-west-1.amazonaws.com"
    answer = s3.call("HEAD", "/abroad")
    assert (answer.status, answer.headers["x-amz-bucket-region"]) \
        == (301, "eu-west-1")
    answer = s3.call("GET", "/key", host="abroad.localhost")
    assert (answer.status, answer.code) == (400,
                                            "AuthorizationHeaderMalformed")
    assert one(answer, "Region") == "eu-west-1"
    assert answer.headers["x-amz-bucket-region"] == "eu-west-1"


def test_where_a_bucket_is(s3, abroad):
    answer = s3.call("GET", "/abroad?location")
    assert b">eu-west-1</LocationConstraint>" in answer.body
    assert b'/"></LocationConstraint>' in s3.call("GET",
                                                  "/bucket?location").body
    answer = s3.call("HEAD", "/abroad", signer=abroad)
    assert answer.headers["x-amz-bucket-region"] == "eu-west-1"
    answer = unsigned(s3, "HEAD", "/abroad")
    assert (answer.status, answer.headers["x-amz-bucket-region"]) \
        == (403, "eu-west-1")
    assert s3.call("PUT", "/abroad", location("eu-west-1"),
                   signer=abroad).code == "BucketAlreadyOwnedByYou"
    assert s3.call("PUT", "/bucket").status == 200


def test_buckets_page_by_page(s3, abroad):
    del abroad
    for name in ("page-a", "page-b", "page-c"):
        s3.call("PUT", "/" + name)
    answer = s3.call("GET", "/?max-buckets=2&prefix=page-")
    assert find(answer, "Name") == ["page-a", "page-b"]
    token = one(answer, "ContinuationToken").replace("=", "%3D")
    answer = s3.call("GET", "/?continuation-token=" + token +
                     "&max-buckets=2&prefix=page-")
    assert find(answer, "Name") == ["page-c"]
    assert not find(answer, "ContinuationToken")
    answer = s3.call("GET", "/?bucket-region=eu-west-1")
    assert find(answer, "Name") == ["abroad"]
    assert find(answer, "BucketRegion") == ["eu-west-1"]
    assert s3.call("GET", "/?max-buckets=0").code == "InvalidArgument"


# --- versions ---

def set_versioning(s3, bucket, status):
    return s3.call("PUT", f"/{bucket}?versioning", xml(
        f"<VersioningConfiguration><Status>{status}</Status>"
        "</VersioningConfiguration>"))


def versions(s3, bucket, query=""):
    answer = s3.call("GET", f"/{bucket}?versions{query}")
    assert answer.status == 200, answer.body
    return [(kind, key, version, latest) for kind, key, version, latest in
            re.findall("<(Version|DeleteMarker)><Key>(.*?)</Key><VersionId>"
                       "(.*?)</VersionId><IsLatest>(.*?)</IsLatest>",
                       answer.body.decode())]


def test_versions_come_and_go(s3):
    s3.call("PUT", "/versioned")
    s3.call("PUT", "/versioned/k", b"null")
    assert set_versioning(s3, "versioned", "Off").code \
        == "IllegalVersioningConfigurationException"
    assert set_versioning(s3, "versioned", "Enabled").status == 200
    assert one(s3.call("GET", "/versioned?versioning"), "Status") == "Enabled"
    first = s3.call("PUT", "/versioned/k",
                    b"one").headers["x-amz-version-id"]
    second = s3.call("PUT", "/versioned/k",
                     b"two").headers["x-amz-version-id"]
    assert len({first, second, "null"}) == 3
    assert s3.call("GET", "/versioned/k").body == b"two"
    assert s3.call("GET", f"/versioned/k?versionId={first}").body == b"one"
    assert s3.call("GET", "/versioned/k?versionId=null").body == b"null"
    assert s3.call("GET", "/versioned/k?versionId=none").code \
        == "NoSuchVersion"
    gone = s3.call("DELETE", "/versioned/k")
    marker = gone.headers["x-amz-version-id"]
    assert gone.headers["x-amz-delete-marker"] == "true"
    answer = s3.call("GET", "/versioned/k")
    assert (answer.status, answer.code) == (404, "NoSuchKey")
    assert answer.headers["x-amz-delete-marker"] == "true"
    answer = s3.call("GET", f"/versioned/k?versionId={marker}")
    assert (answer.status, answer.code) == (405, "MethodNotAllowed")
    assert find(s3.call("GET", "/versioned?list-type=2"), "Key") == []
    assert versions(s3, "versioned") == [
        ("DeleteMarker", "k", marker, "true"),
        ("Version", "k", second, "false"), ("Version", "k", first, "false"),
        ("Version", "k", "null", "false")]
    s3.call("DELETE", f"/versioned/k?versionId={marker}")
    assert s3.call("GET", "/versioned/k").body == b"two"
    s3.call("DELETE", f"/versioned/k?versionId={second}")
    assert s3.call("GET", "/versioned/k").body == b"one"
    assert s3.call("DELETE", "/versioned").code == "BucketNotEmpty"
    for version in (first, "null"):
        s3.call("DELETE", f"/versioned/k?versionId={version}")
    assert versions(s3, "versioned") == []
    assert s3.call("DELETE", "/versioned").status == 204


def test_suspended_there_is_one_null_version(s3):
    s3.call("PUT", "/suspended")
    set_versioning(s3, "suspended", "Enabled")
    kept = s3.call("PUT", "/suspended/k", b"kept").headers["x-amz-version-id"]
    set_versioning(s3, "suspended", "Suspended")
    for body in (b"a", b"b"):
        answer = s3.call("PUT", "/suspended/k", body)
        assert answer.headers["x-amz-version-id"] == "null"
    assert versions(s3, "suspended") == [("Version", "k", "null", "true"),
                                         ("Version", "k", kept, "false")]
    s3.call("DELETE", "/suspended/k")
    assert versions(s3, "suspended") == [
        ("DeleteMarker", "k", "null", "true"), ("Version", "k", kept, "false")]
    assert s3.call("GET", f"/suspended/k?versionId={kept}").body == b"kept"


def test_versions_page_by_page_and_folded(s3):
    s3.call("PUT", "/paged")
    set_versioning(s3, "paged", "Enabled")
    for key in ("a", "d/x", "d/y", "z"):
        for _ in range(3):
            s3.call("PUT", f"/paged/{key}", b"")
    everything = versions(s3, "paged")
    assert len(everything) == 12
    seen, query = [], ""
    while True:
        answer = s3.call("GET", f"/paged?versions=&max-keys=5{query}")
        seen += find(answer, "VersionId")
        if one(answer, "IsTruncated") == "false":
            break
        key = one(answer, "NextKeyMarker").replace("/", "%2F")
        query = (f"&key-marker={key}&version-id-marker=" +
                 one(answer, "NextVersionIdMarker"))
    assert seen == [version for _, _, version, _ in everything]
    answer = s3.call("GET", "/paged?versions=&delimiter=%2F")
    assert re.findall("<CommonPrefixes><Prefix>(.*?)<",
                      answer.body.decode()) == ["d/"]
    assert len(find(answer, "VersionId")) == 6
    body = "".join(f"<Object><Key>{key}</Key><VersionId>{version}</VersionId>"
                   "</Object>" for _, key, version, _ in everything)
    body = xml(f"<Delete>{body}<Object><Key>a</Key></Object></Delete>")
    answer = s3.call("POST", "/paged?delete", body, content_md5=md5(body))
    assert len(find(answer, "Deleted")) == 13
    assert find(answer, "DeleteMarker") == ["true"]


def md5(data):
    return base64.b64encode(hashlib.md5(data).digest()).decode()


# --- checksums ---

def crc(data, bits, polynomial):
    value = (1 << bits) - 1
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (polynomial if value & 1 else 0)
    value ^= (1 << bits) - 1
    return base64.b64encode(value.to_bytes(bits // 8, "big")).decode()


def crc32(data):
    return base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()


SUMS = {
    "crc32": crc32,
    "crc32c": lambda data: crc(data, 32, 0x82f63b78),
    "crc64nvme": lambda data: crc(data, 64, 0x9a6c9329ac4bc9b5),
    "sha1": lambda data: base64.b64encode(hashlib.sha1(data).digest()).decode(),
    "sha256": lambda data: base64.b64encode(
        hashlib.sha256(data).digest()).decode(),
}


@pytest.mark.parametrize("name", SUMS)
def test_a_checksum_is_verified_kept_and_told(s3, name):
    data = b"123456789" * 11
    header = "x_amz_checksum_" + name
    shown = f"x-amz-checksum-{name}"
    answer = s3.call("PUT", "/bucket/sum", data,
                     **{header: SUMS[name](data)})
    assert answer.headers[shown] == SUMS[name](data)
    assert answer.headers["x-amz-checksum-type"] == "FULL_OBJECT"
    assert shown not in s3.call("GET", "/bucket/sum").headers
    answer = s3.call("HEAD", "/bucket/sum", x_amz_checksum_mode="ENABLED")
    assert answer.headers[shown] == SUMS[name](data)
    ranged = s3.call("GET", "/bucket/sum", x_amz_checksum_mode="ENABLED",
                     range="bytes=1-3")
    assert ranged.status == 206 and shown not in ranged.headers
    answer = s3.call("PUT", "/bucket/sum", data + b"!",
                     **{header: SUMS[name](data)})
    assert (answer.status, answer.code) == (400, "BadDigest")
    assert f"The {name.upper()} you" in answer.body.decode()
    for wrong in ("", "AAA", "not base64!"):
        answer = s3.call("PUT", "/bucket/sum", data, **{header: wrong})
        assert answer.code == "InvalidRequest"
    attributes = s3.call("GET", "/bucket/sum?attributes",
                         x_amz_object_attributes="Checksum,ObjectSize,ETag")
    assert one(attributes, "Checksum" + name.upper()) == SUMS[name](data)
    assert one(attributes, "ObjectSize") == str(len(data))
    assert one(attributes, "ETag") == hashlib.md5(data).hexdigest()
    listed = s3.call("GET", "/bucket?list-type=2&prefix=sum")
    assert one(listed, "ChecksumAlgorithm") == name.upper()


def test_s3_counts_its_own_checksum(s3):
    s3.call("PUT", "/bucket/own", b"own")
    answer = s3.call("GET", "/bucket/own", x_amz_checksum_mode="ENABLED")
    assert answer.headers["x-amz-checksum-crc64nvme"] == \
        SUMS["crc64nvme"](b"own")


@pytest.mark.parametrize("headers", [
    {"x_amz_sdk_checksum_algorithm": "CRC32"},
    {"x_amz_sdk_checksum_algorithm": "SHA1",
     "x_amz_checksum_crc32": crc32(b"data")},
    {"x_amz_checksum_crc32": crc32(b"data"),
     "x_amz_checksum_sha1": SUMS["sha1"](b"data")},
    {"x_amz_trailer": "x-amz-checksum-crc32"},
])
def test_promises_that_do_not_fit(s3, headers):
    answer = s3.call("PUT", "/bucket/promise", b"data", **headers)
    assert answer.code == "InvalidRequest"


@pytest.mark.parametrize("value, code", [
    (crc32(b"chunked"), None), (crc32(b"other"), "BadDigest")])
def test_a_checksum_in_the_trailer(s3, value, code):
    literal = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    headers = s3.signer().headers(
        "PUT", "/bucket/trailer", payload=literal,
        x_amz_decoded_content_length="7", content_encoding="aws-chunked",
        x_amz_trailer="x-amz-checksum-crc32",
        x_amz_sdk_checksum_algorithm="CRC32")
    body = (b"7\r\nchunked\r\n0\r\nx-amz-checksum-crc32:" + value.encode() +
            b"\r\n\r\n")
    headers["content-length"] = str(len(body))
    assert s3.raw(head("PUT", "/bucket/trailer", headers), body).code == code
    if code is None:
        answer = s3.call("GET", "/bucket/trailer",
                         x_amz_checksum_mode="ENABLED")
        assert answer.headers["x-amz-checksum-crc32"] == value
        assert "content-encoding" not in answer.headers


# --- multipart ---

def create(s3, key, **headers):
    answer = s3.call("POST", f"/bucket/{key}?uploads", **headers)
    assert answer.status == 200, answer.body
    return answer, one(answer, "UploadId")


def put_part(s3, key, upload, number, data, **headers):
    return s3.call("PUT", f"/bucket/{key}?partNumber={number}&uploadId="
                   f"{upload}", data, **headers)


def complete(s3, key, upload, parts, **headers):
    body = "".join(f"<Part><PartNumber>{number}</PartNumber>{text}</Part>"
                   for number, text in parts)
    return s3.call("POST", f"/bucket/{key}?uploadId={upload}",
                   xml(f"<CompleteMultipartUpload>{body}"
                       "</CompleteMultipartUpload>"), **headers)


def etag_of(answer):
    return f"<ETag>{answer.headers['etag']}</ETag>"


PARTS = [bytes([65 + i]) * (5 * MIB) for i in range(2)] + [b"end"]
WHOLE = b"".join(PARTS)


@pytest.mark.parametrize("algorithm, composite", [
    (None, False), ("CRC64NVME", False), ("CRC32", False), ("CRC32", True),
    ("SHA256", True)])
def test_the_checksum_of_an_upload(s3, algorithm, composite):
    name = (algorithm or "CRC64NVME").lower()
    key = f"multi-{name}-{composite}"
    more = {} if algorithm is None else {
        "x_amz_checksum_algorithm": algorithm,
        "x_amz_checksum_type": "COMPOSITE" if composite else "FULL_OBJECT"}
    answer, upload = create(s3, key, **more)
    assert answer.headers.get("x-amz-checksum-algorithm") == algorithm
    sums = [fast_sum(name, part) for part in PARTS]
    done = []
    for number, part in enumerate(PARTS, 1):
        given = {f"x_amz_checksum_{name}": sums[number - 1]} \
            if algorithm else {}
        answer = put_part(s3, key, upload, number, part, **given)
        assert answer.headers[f"x-amz-checksum-{name}"] == sums[number - 1]
        done.append((number, etag_of(answer) +
                     f"<Checksum{name.upper()}>{sums[number - 1]}"
                     f"</Checksum{name.upper()}>"))
    listed = s3.call("GET", f"/bucket/{key}?uploadId={upload}")
    assert find(listed, "Checksum" + name.upper()) == sums
    if composite:
        hasher = hashlib.sha256 if name == "sha256" else None
        joined = b"".join(base64.b64decode(text) for text in sums)
        expected = (base64.b64encode(hasher(joined).digest()).decode()
                    if hasher else crc32(joined)) + "-3"
    else:
        expected = fast_sum(name, WHOLE)
    more = {f"x_amz_checksum_{name}": expected,
            "x_amz_mp_object_size": str(len(WHOLE))}
    wrong = dict(more, **{f"x_amz_checksum_{name}": fast_sum(name, b"x")})
    assert complete(s3, key, upload, done, **wrong).code == "BadDigest"
    for _ in range(2):  # the second time too
        answer = complete(s3, key, upload, done, **more)
        assert answer.status == 200, answer.body
        assert one(answer, "Checksum" + name.upper()) == expected
    answer = s3.call("HEAD", f"/bucket/{key}", x_amz_checksum_mode="ENABLED")
    assert answer.headers[f"x-amz-checksum-{name}"] == expected
    assert answer.headers["etag"].endswith('-3"')
    part = s3.call("GET", f"/bucket/{key}?partNumber=2")
    assert (part.status, part.headers["x-amz-mp-parts-count"]) == (206, "3")
    assert part.body == PARTS[1]
    assert s3.call("GET", f"/bucket/{key}?partNumber=4").code \
        == "InvalidPartNumber"


def fast_sum(name, data):
    """CRCs of many equal bytes are known; counting them here would last."""
    if name in ("crc32", "sha1", "sha256"):
        return SUMS[name](data)
    return base64.b64encode(crc64(data).to_bytes(8, "big")).decode()


def crc64(data):
    """By the table, in steps of what repeats."""
    value = (1 << 64) - 1
    for byte in data:
        value = TABLE[(value ^ byte) & 0xff] ^ (value >> 8)
    return value ^ ((1 << 64) - 1)


def make_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x9a6c9329ac4bc9b5 if byte & 1 else 0)
        table.append(byte)
    return table


TABLE = make_table()


@pytest.mark.parametrize("headers", [
    {"x_amz_checksum_algorithm": "MD4"},
    {"x_amz_checksum_type": "COMPOSITE"},
    {"x_amz_checksum_algorithm": "SHA1", "x_amz_checksum_type": "FULL_OBJECT"},
    {"x_amz_checksum_algorithm": "CRC64NVME",
     "x_amz_checksum_type": "COMPOSITE"},
])
def test_an_upload_that_cannot_be_checked(s3, headers):
    answer = s3.call("POST", "/bucket/unchecked?uploads", **headers)
    assert answer.code == "InvalidRequest"


def test_parts_have_the_checksum_of_their_upload(s3):
    _, upload = create(s3, "mixed", x_amz_checksum_algorithm="SHA256")
    assert put_part(s3, "mixed", upload, 1, b"data",
                    x_amz_checksum_crc32=crc32(b"data")).code \
        == "InvalidRequest"
    assert put_part(s3, "mixed", upload, 1, b"data").code == "InvalidRequest"
    answer = put_part(s3, "mixed", upload, 1, b"data",
                      x_amz_checksum_sha256=SUMS["sha256"](b"data"))
    assert complete(s3, "mixed", upload, [(1, etag_of(answer))]).code \
        == "InvalidRequest"
    wrong = f"<ChecksumSHA256>{SUMS['sha256'](b'x')}</ChecksumSHA256>"
    assert complete(s3, "mixed", upload,
                    [(1, etag_of(answer) + wrong)]).code == "InvalidPart"


def test_the_rules_of_multipart(s3):
    _, upload = create(s3, "rules")
    small = etag_of(put_part(s3, "rules", upload, 1, b"small"))
    last = etag_of(put_part(s3, "rules", upload, 2, b"last"))
    assert complete(s3, "rules", upload, [(1, small), (2, last)]).code \
        == "EntityTooSmall"
    assert complete(s3, "rules", upload, [(2, last), (1, small)]).code \
        == "InvalidPartOrder"
    assert complete(s3, "rules", upload, [(3, last)]).code == "InvalidPart"
    assert complete(s3, "rules", upload, [(2, small)]).code == "InvalidPart"
    assert complete(s3, "rules", upload, []).code == "MalformedXML"
    assert complete(s3, "rules", upload, [(1, small)],
                    x_amz_mp_object_size="4").code == "InvalidRequest"
    assert put_part(s3, "rules", upload, 10001, b"x").code == "InvalidArgument"
    assert put_part(s3, "rules", "nothing", 1, b"x").code == "NoSuchUpload"
    assert complete(s3, "rules", upload, [(1, small)],
                    if_match='"0"').code == "NoSuchKey"
    assert complete(s3, "rules", upload, [(1, small)],
                    if_none_match="*").status == 200
    assert s3.call("DELETE", f"/bucket/rules?uploadId={upload}").code \
        == "NoSuchUpload"


@pytest.mark.parametrize("target", ["/bucket/long", "/bucket/parts?"])
def test_the_length_of_an_upload(s3, target):
    if target.endswith("?"):
        _, upload = create(s3, "parts")
        target += f"partNumber=1&uploadId={upload}"
    for length, code in ((str((5 << 30) + 1), "EntityTooLarge"),
                         (None, "MissingContentLength")):
        headers = s3.signer().headers("PUT", target,
                                      payload="UNSIGNED-PAYLOAD")
        headers["expect"] = "100-continue"
        if length:
            headers["content-length"] = length
        else:
            headers["transfer-encoding"] = "chunked"
        assert s3.raw(head("PUT", target, headers)).code == code


# --- conditions ---

def test_conditional_writes(s3):
    create_only = {"if_none_match": "*"}
    assert s3.call("PUT", "/bucket/cond", b"1", **create_only).status == 200
    answer = s3.call("PUT", "/bucket/cond", b"2", **create_only)
    assert (answer.status, answer.code) == (412, "PreconditionFailed")
    etag = s3.call("HEAD", "/bucket/cond").headers["etag"]
    for method, body in (("PUT", b"2"), ("DELETE", b"")):
        assert s3.call(method, "/bucket/cond", body,
                       if_match='"0"').code == "PreconditionFailed"
        answer = s3.call(method, "/bucket/cond", body, if_match=etag)
        assert answer.status in (200, 204)
        etag = answer.headers.get("etag")
    assert s3.call("PUT", "/bucket/cond", b"3", if_match='"0"').code \
        == "NoSuchKey"
    assert s3.call("PUT", "/bucket/cond", b"3", if_none_match='"0"').code \
        == "NotImplemented"
    copy = {"x_amz_copy_source": "bucket/key"}
    assert s3.call("PUT", "/bucket/copied", **copy, **create_only).status \
        == 200
    assert s3.call("PUT", "/bucket/copied", **copy, **create_only).code \
        == "PreconditionFailed"
    assert s3.call("PUT", "/bucket/copied", **copy,
                   x_amz_copy_source_if_none_match="*").code \
        == "PreconditionFailed"


# --- encryption, classes ---

KEY = ("arn:aws:kms:us-east-1:123456789012:key/"
       "1234abcd-12ab-34cd-56ef-1234567890ab")
SSE = "x-amz-server-side-encryption"


@pytest.mark.parametrize("key_id", [
    KEY, KEY.rpartition("/")[2], "alias/redsh-sandbox",
    "arn:aws:kms:us-east-1:123456789012:alias/redsh-sandbox"])
def test_kms(s3, key_id):
    more = {SSE.replace("-", "_"): "aws:kms",
            (SSE + "-aws-kms-key-id").replace("-", "_"): key_id}
    answer = s3.call("PUT", "/bucket/kms", b"text", **more)
    assert answer.headers["etag"] != f'"{hashlib.md5(b"text").hexdigest()}"'
    for method in ("GET", "HEAD"):
        headers = s3.call(method, "/bucket/kms").headers
        assert headers[SSE] == "aws:kms"
        assert headers[SSE + "-aws-kms-key-id"] == KEY


@pytest.mark.parametrize("headers, code", [
    ({"": "aws:kms", "-aws-kms-key-id": "alias/none"},
     "KMS.NotFoundException"),
    ({"": "aws:kms", "-aws-kms-key-id": "alias/redsh-disabled"},
     "KMS.DisabledException"),
    ({"": "rot13"}, "InvalidArgument"),
    ({"-aws-kms-key-id": KEY}, "InvalidArgument"),
    ({"-customer-algorithm": "AES256", "-customer-key": "AA=="},
     "InvalidRequest"),
])
def test_encryption_that_is_refused(s3, headers, code):
    more = {(SSE + name).replace("-", "_"): value
            for name, value in headers.items()}
    answer = s3.call("PUT", "/bucket/refused", b"text", **more)
    assert (answer.status // 100, answer.code or code.rpartition(".")[2]) \
        == (4, code.partition(".")[0] if "." in code else code) \
        or code.encode() in answer.body


def test_a_bucket_encrypts_by_default(s3):
    s3.call("PUT", "/encrypted")
    body = xml("<ServerSideEncryptionConfiguration><Rule>"
               "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms"
               f"</SSEAlgorithm><KMSMasterKeyID>{KEY}</KMSMasterKeyID>"
               "</ApplyServerSideEncryptionByDefault></Rule>"
               "</ServerSideEncryptionConfiguration>")
    assert s3.call("PUT", "/encrypted?encryption", body).status == 200
    assert s3.call("PUT", "/encrypted/k", b"text").headers[SSE] == "aws:kms"
    assert one(s3.call("GET", "/encrypted?encryption"),
               "KMSMasterKeyID") == KEY
    assert s3.call("DELETE", "/encrypted?encryption").status == 204
    assert s3.call("PUT", "/encrypted/k", b"text").headers[SSE] == "AES256"


def test_storage_classes(s3):
    cold = {"x_amz_storage_class": "GLACIER"}
    assert s3.call("PUT", "/bucket/cold", b"ice", **cold).status == 200
    assert s3.call("PUT", "/bucket/cold2", b"ice",
                   x_amz_storage_class="FROZEN").code == "InvalidStorageClass"
    assert one(s3.call("GET", "/bucket?list-type=2&prefix=cold"),
               "StorageClass") == "GLACIER"
    assert s3.call("HEAD", "/bucket/cold").headers["x-amz-storage-class"] \
        == "GLACIER"
    answer = s3.call("GET", "/bucket/cold")
    assert (answer.status, answer.code) == (403, "InvalidObjectState")
    copy = {"x_amz_copy_source": "bucket/cold"}
    assert s3.call("PUT", "/bucket/warm", **copy).code == "InvalidObjectState"
    body = xml("<RestoreRequest><Days>1</Days></RestoreRequest>")
    assert s3.call("POST", "/bucket/cold?restore", body).status == 202
    assert s3.call("POST", "/bucket/cold?restore", body).status == 200
    assert s3.call("POST", "/bucket/key?restore", body).code \
        == "InvalidObjectState"
    answer = s3.call("GET", "/bucket/cold")
    assert answer.body == b"ice"
    assert 'ongoing-request="false"' in answer.headers["x-amz-restore"]
    assert s3.call("PUT", "/bucket/warm", **copy).status == 200


# --- who may ---

def test_requester_pays(s3):
    s3.call("PUT", "/paid")
    body = xml("<RequestPaymentConfiguration><Payer>Requester</Payer>"
               "</RequestPaymentConfiguration>")
    assert s3.call("PUT", "/paid?requestPayment", body).status == 200
    payer = {"x_amz_request_payer": "requester"}
    for method, target in (("PUT", "/paid/k"), ("GET", "/paid/k"),
                           ("GET", "/paid?list-type=2"),
                           ("DELETE", "/paid/k")):
        assert s3.call(method, target).code == "AccessDenied"
        answer = s3.call(method, target, **payer)
        assert answer.status in (200, 204)
        assert answer.headers["x-amz-request-charged"] == "requester"
    s3.call("PUT", "/paid/k", b"text", **payer)
    assert s3.call("GET", "/paid/k?x-amz-request-payer=requester").body \
        == b"text"
    assert s3.call("GET", "/paid/k?x-amz-request-payer=me").code \
        == "InvalidArgument"
    assert s3.call("GET", "/paid/k?x-amz-made-up=1").code == "NotImplemented"


POLICY = """{"Version": "2012-10-17", "Statement": [
 {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject"],
  "Resource": "arn:aws:s3:::public/open/*"},
 {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:List*",
  "Resource": "arn:aws:s3:::public"},
 {"Effect": "Deny", "Principal": "*", "Action": "s3:*",
  "Resource": "arn:aws:s3:::public/open/secret"}]}"""


def test_a_public_bucket(s3):
    s3.call("PUT", "/public")
    for key in ("open/a", "open/secret", "shut"):
        s3.call("PUT", f"/public/{key}", b"text")
    assert unsigned(s3, "GET", "/public/open/a").code == "AccessDenied"
    assert s3.call("GET", "/public?policy").code == "NoSuchBucketPolicy"
    assert s3.call("PUT", "/public?policy", POLICY.encode()).status == 204
    assert s3.call("GET", "/public?policy").body.decode() == POLICY
    assert one(s3.call("GET", "/public?policyStatus"), "IsPublic") == "true"
    for host, prefix in (("127.0.0.1", "/public"), ("public.localhost", "")):
        more = {"host": host}
        assert unsigned(s3, "GET", f"{prefix}/open/a", **more).body == b"text"
        assert unsigned(s3, "HEAD", f"{prefix}/open/a", **more).status == 200
        listed = unsigned(s3, "GET", f"{prefix}/?list-type=2", **more)
        assert find(listed, "Key") == ["open/a", "open/secret", "shut"]
        for target in ("open/secret", "shut"):
            assert unsigned(s3, "GET", f"{prefix}/{target}", **more).code \
                == "AccessDenied"
    assert unsigned(s3, "PUT", "/public/open/a",
                    **{"content-length": "0"}).code == "AccessDenied"
    assert unsigned(s3, "GET", "/").code == "AccessDenied"
    assert unsigned(s3, "GET", "/public/open/a?response-expires=x").code \
        == "InvalidRequest"
    assert s3.call("GET", "/public/open/secret").body == b"text"
    assert s3.call("DELETE", "/public?policy").status == 204
    assert unsigned(s3, "GET", "/public/open/a").code == "AccessDenied"


@pytest.mark.parametrize("policy, code", [
    ("hello", "MalformedPolicy"), ("[]", "MalformedPolicy"),
    (POLICY.replace("Allow", "Perhaps"), "MalformedPolicy"),
    (POLICY.replace("public", "other"), "MalformedPolicy"),
    (POLICY.replace('"Effect": "Deny"', '"Condition": {}, "Effect": "Deny"'),
     "NotImplemented"),
])
def test_a_policy_that_is_refused(s3, policy, code):
    s3.call("PUT", "/public")
    assert s3.call("PUT", "/public?policy", policy.encode()).code == code


def test_denied_actions(server, s3):
    denied = pathlib.Path(server.dir, "denied.tsv")
    rows = (("s3:GetObject", "arn:aws:s3:::bucket/key"),
            ("s3:PutObject", "arn:aws:s3:::bucket/denied/*"),
            ("s3:DeleteObject", "arn:aws:s3:::bucket/denied"),
            ("s3:ListBucket", "arn:aws:s3:::bucket"))
    denied.write_text("action\tresource\n" + "".join(
        "\t".join(row) + "\n" for row in rows))
    try:
        for method, target in (("GET", "/bucket/key"),
                               ("PUT", "/bucket/denied/x"),
                               ("POST", "/bucket/denied/x?uploads"),
                               ("DELETE", "/bucket/denied"),
                               ("GET", "/bucket?list-type=2"),
                               ("GET", "/bucket/not-there")):
            answer = s3.call(method, target)
            assert (answer.status, answer.code) == (403, "AccessDenied")
        assert s3.call("HEAD", "/bucket/not-there").status == 403
        assert s3.call("PUT", "/bucket/copy",
                       x_amz_copy_source="bucket/key").code == "AccessDenied"
        body = xml("<Delete><Object><Key>denied</Key></Object><Object>"
                   "<Key>allowed</Key></Object></Delete>")
        answer = s3.call("POST", "/bucket?delete", body, content_md5=md5(body))
        assert find(answer, "Code") == ["AccessDenied"]
        assert find(answer, "Key") == ["denied", "allowed"]
    finally:
        denied.unlink()
    assert s3.call("GET", "/bucket/key").body == b"text"


# --- the rest ---

@pytest.mark.parametrize("headers, code", [
    ({"x_amz_expected_bucket_owner": "999999999999"}, "AccessDenied"),
    ({"x_amz_acl": "public-read"}, "AccessControlListNotSupported"),
    ({"x_amz_tagging": "a=b"}, "NotImplemented"),
    ({"x_amz_meta_long": "m" * 2048}, "MetadataTooLarge"),
])
def test_headers_that_are_refused(s3, headers, code):
    assert s3.call("PUT", "/bucket/refused", b"x", **headers).code == code


def test_keys_have_1024_bytes(s3):
    assert s3.call("PUT", "/bucket/" + "k" * 1024, b"x").status == 200
    assert s3.call("PUT", "/bucket/" + "k" * 1025, b"x").code \
        == "KeyTooLongError"


def test_copies(s3):
    s3.call("PUT", "/bucket/from", b"text", content_type="a/b",
            x_amz_meta_m="kept", x_amz_storage_class="STANDARD_IA")
    for more, kind, meta, name in (
            ({}, "a/b", "kept", None),
            ({"x_amz_metadata_directive": "REPLACE", "content_type": "c/d"},
             "c/d", None, None),
            ({"x_amz_storage_class": "ONEZONE_IA"}, "a/b", "kept",
             "ONEZONE_IA")):
        answer = s3.call("PUT", "/bucket/to", **more,
                         x_amz_copy_source="/bucket/from")
        assert one(answer, "ETag")
        headers = s3.call("HEAD", "/bucket/to").headers
        assert (headers["content-type"], headers.get("x-amz-meta-m"),
                headers.get("x-amz-storage-class")) == (kind, meta, name)
    again = {"x_amz_copy_source": "bucket/from"}
    for more in ({}, {"x_amz_metadata_directive": "COPY"}):
        assert s3.call("PUT", "/bucket/from", **again, **more).code \
            == "InvalidRequest"
    assert s3.call("PUT", "/bucket/from", **again,
                   x_amz_metadata_directive="REPLACE").status == 200
    point = ("arn:aws:s3:us-east-1:123456789012:accesspoint/bucket/object/"
             "from").replace(":", "%3A")
    assert s3.call("PUT", "/bucket/to", x_amz_copy_source=point).status == 200
    assert s3.call("PUT", "/bucket/to", x_amz_copy_source="bucket").code \
        == "InvalidArgument"


def test_a_version_is_copied(s3):
    s3.call("PUT", "/history")
    set_versioning(s3, "history", "Enabled")
    old = s3.call("PUT", "/history/k", b"old").headers["x-amz-version-id"]
    s3.call("PUT", "/history/k", b"new")
    answer = s3.call("PUT", "/history/k",
                     x_amz_copy_source=f"history/k?versionId={old}")
    assert answer.headers["x-amz-copy-source-version-id"] == old
    assert answer.headers["x-amz-version-id"] != old
    assert s3.call("GET", "/history/k").body == b"old"


def test_a_week_is_the_longest_link(s3):
    for seconds, status in (("604800", 200), ("604801", 400)):
        target = s3.signer().presign("/bucket/key", seconds)
        assert s3.raw(head("GET", target, {"host": "127.0.0.1"})).status \
            == status


def test_payloads_need_not_be_signed(s3):
    answer = s3.call("PUT", "/bucket/unsigned", b"text",
                     payload="UNSIGNED-PAYLOAD")
    assert answer.status == 200
    assert s3.call("PUT", "/bucket/unsigned", b"text",
                   payload=sha256(b"other")).code \
        == "XAmzContentSHA256Mismatch"
