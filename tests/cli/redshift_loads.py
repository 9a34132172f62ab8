"""A sandbox with objects in its S3, and statements of COPY and UNLOAD run
against it: what test_redshift_copy.py and test_redshift_unload.py share."""

import bz2
import csv
import gzip
import os
import pathlib
import shlex
import subprocess
import tempfile

import boto3
import psycopg2
from botocore.client import Config

CASES = pathlib.Path(__file__).resolve().parent.parent / "cases" / "redshift"
REGION = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/"


def rows(name):
    """The rows of a table of cases as dictionaries; # begins a comment."""
    with open(CASES / name, encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t",
                               quoting=csv.QUOTE_NONE))


def refused_here(table):
    """The section of share/sandbox/README that lists a table's rows which do
    not work."""
    readme = pathlib.Path(os.environ["REDSH_SHARE"]) / "sandbox" / "README"
    text = readme.read_text(encoding="utf-8")
    return text.split(f"\n{table}\n{'-' * len(table)}\n")[1] \
        .split("What the documentation leaves open")[0]


def lzop(body, *options):
    """Packed by Debian's lzop."""
    return subprocess.run(["lzop", "-c", *options], input=body, check=True,
                          stdout=subprocess.PIPE).stdout


class Loads:
    """A sandbox of our own until stop(); one session as its first user."""

    def __init__(self, roles=""):
        self.program = os.path.abspath(os.environ["REDSH_SANDBOX"])
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="rsl", dir="/tmp"))
        if roles:
            (self.dir / "roles.tsv").write_text(roles)
        self.call("start")
        self.env = {}
        for line in self.call("env").splitlines():
            for word in shlex.split(line)[1:]:
                name, value = word.split("=", 1)
                self.env[name] = value
        self.s3 = boto3.client(
            "s3", endpoint_url=self.env["AWS_ENDPOINT_URL"],
            aws_access_key_id=self.env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.env["AWS_SECRET_ACCESS_KEY"],
            region_name=REGION,
            config=Config(s3={"addressing_style": "path"}))
        self.s3.create_bucket(Bucket="lake")
        self.s3.create_bucket(Bucket="lake-eu", CreateBucketConfiguration={
            "LocationConstraint": "eu-west-1"})
        self.s3.create_bucket(Bucket="other")
        self.db = self.connect()

    def call(self, verb):
        done = subprocess.run([self.program, verb, "--dir", self.dir],
                              capture_output=True, check=False,
                              stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def stop(self):
        self.db.close()
        self.call("stop")
        subprocess.run(["rm", "-rf", self.dir], check=True)

    def connect(self, user=None, password=None):
        db = psycopg2.connect(
            host=self.env["PGHOST"], port=self.env["PGPORT"],
            user=user or self.env["PGUSER"], sslmode="verify-full",
            password=password or self.env["PGPASSWORD"],
            dbname=self.env["PGDATABASE"],
            sslrootcert=self.env["PGSSLROOTCERT"])
        db.autocommit = True
        return db

    # --- objects ---

    def put(self, key, body, bucket="lake"):
        if isinstance(body, str):
            body = body.encode()
        self.s3.put_object(Bucket=bucket, Key=key, Body=body)
        return f"s3://{bucket}/{key}"

    def put_all(self):
        """The objects of objects.tsv."""
        packers = {"gz": gzip.compress, "bz2": bz2.compress, "lzo": lzop}
        for row in rows("objects.tsv"):
            bucket, key = row["uri"][len("s3://"):].split("/", 1)
            pack = packers.get(key.rpartition("/")[2], bytes)
            self.put(key, pack(plain(row["body"])), bucket)

    def get(self, key, bucket="lake"):
        return self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    def keys(self, prefix, bucket="lake"):
        page = self.s3.list_objects_v2(Bucket=bucket, Prefix=prefix)
        return [entry["Key"] for entry in page.get("Contents", [])]

    def drop(self, prefix, bucket="lake"):
        for key in self.keys(prefix, bucket):
            self.s3.delete_object(Bucket=bucket, Key=key)

    # --- statements ---

    def run(self, sql, db=None):
        with (db or self.db).cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else \
                cursor.statusmessage

    def notices(self):
        said = "".join(self.db.notices)
        del self.db.notices[:]
        return said

    def reset(self):
        """No block, no table but those a case makes itself."""
        self.run("rollback")
        for (name,) in self.run("select tablename from pg_tables"
                                " where schemaname = 'public'"):
            self.run(f'drop table "{name}"')
        self.run("reset all")
        self.notices()

    def answer(self, script, db=None):
        """What the last of some statements answers: rows, their fields parted
        by | and ~ for null, rows by " / "; a tag; or !SQLSTATE message with
        the DETAIL behind it."""
        answer = ""
        script = script.replace("$key", self.env["AWS_ACCESS_KEY_ID"])
        script = script.replace("$secret", self.env["AWS_SECRET_ACCESS_KEY"])
        for sql in statements(script):
            try:
                answer = self.run(sql, db)
            except psycopg2.Error as error:
                diag = error.diag
                return (f"!{error.pgcode} {diag.message_primary}"
                        f" {diag.message_detail or ''}").strip()
        if isinstance(answer, str):
            return answer
        return " / ".join("|".join(field(cell) for cell in row)
                          for row in answer)


def plain(text):
    """Bytes written with Python's escapes: \\n, \\xff."""
    return text.encode().decode("unicode_escape").encode("latin-1")


def field(cell):
    if cell is None:
        return "~"
    if isinstance(cell, bool):
        return "t" if cell else "f"
    return str(cell)


def statements(script):
    """Parts at semicolons outside quotes."""
    parts = [""]
    quoted = False
    for char in script:
        quoted ^= char == "'"
        if char == ";" and not quoted:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]


def fits(answer, expected):
    """An error need only begin so: SQLSTATE, and words of the message."""
    if not expected.startswith("!"):
        return answer == expected
    state, _, words = expected.partition(" ")
    return answer.startswith(state + " ") and words in answer
