"""Logins as Redshift has them: md5 and sha256 passwords, tokens of identity
providers, temporary passwords, and who is kept out.

Speaks the protocol itself: no packaged client answers codes 13 and 14.
"""

import hashlib
import os
import re
import subprocess

import pytest

from redshift_client import Client, Refused, Sandbox, text

FAILED = 'password authentication failed for user "%s"'
SALT = "c721bff5d9042cf541ff7b9d48fa8a6e545c19a763e3710151f9513038b0f6c6"


@pytest.fixture(scope="module")
def sandbox():
    sandbox = Sandbox()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def admin(sandbox):
    with sandbox.connect() as client:
        yield client


def run(client, sql):
    result = client.query(sql)
    assert result.error is None, result.error
    return result.text()


def refused(call, sqlstate, message):
    with pytest.raises(Refused) as caught:
        call()
    assert (caught.value.sqlstate, caught.value.message) == (sqlstate, message)


def make(admin, name, clauses):
    run(admin, f'drop user if exists "{name}"')
    run(admin, f'create user "{name}" password {clauses}')


# ---- passwords of CREATE USER

def test_clear_text_is_asked_for_as_md5(sandbox, admin):
    make(admin, "clear", "'abcD1234'")
    with sandbox.connect("clear", "abcD1234") as client:
        assert client.asked == [5, 0]
        assert run(client, "select current_user") == "clear"
    refused(lambda: sandbox.connect("clear", "abcD1235"), "28000",
            FAILED % "clear")


def test_an_md5_hash_is_kept_as_given(sandbox, admin):
    digits = hashlib.md5(b"ezuser1").hexdigest()
    assert digits == "153c434b4b77c89e6b94f12c5393af5b"     # of the page
    make(admin, "user1", f"'md5{digits}'")
    with sandbox.connect("user1", "ez") as client:
        assert client.asked == [5, 0]


def test_a_sha256_password_is_asked_for_by_code_13(sandbox, admin):
    make(admin, "hashed", "'sha256|Mypassword1'")
    with sandbox.connect("hashed", "Mypassword1") as client:
        assert client.asked == [13, 0]
        assert run(client, "select current_user") == "hashed"
    refused(lambda: sandbox.connect("hashed", "Mypassword2"), "28000",
            FAILED % "hashed")


def test_a_digest_and_its_salt_may_be_given(sandbox, admin):
    digest = hashlib.sha256(b"Mypassword1" + bytes.fromhex(SALT)).hexdigest()
    make(admin, "given", f"'sha256|{digest}|{SALT}'")
    with sandbox.connect("given", "Mypassword1") as client:
        assert client.asked == [13, 0]


def test_every_login_has_nonces_of_its_own(sandbox, admin):
    make(admin, "nonces", "'sha256|Mypassword1'")
    seen = []

    class Listening(Client):
        def digest(self, body):
            seen.append(body)
            return super().digest(body)

    for _ in range(2):
        Listening(sandbox.port, "nonces", "Mypassword1").close()
    assert seen[0] != seen[1]
    assert seen[0][:40] == seen[1][:40]     # algorithm, length, salt


@pytest.mark.parametrize("answer", [
    b"", b"\0\0\0\x20", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff" + b"a" * 40,
    b"\0\0\0\x20" + b"a" * 32 + b"\x7f\xff\xff\xff",
])
def test_a_malformed_digest_is_refused(sandbox, admin, answer):
    make(admin, "hostile", "'sha256|Mypassword1'")

    class Hostile(Client):
        def digest(self, body):
            return answer

    refused(lambda: Hostile(sandbox.port, "hostile", "x"), "08P01",
            "malformed digest response")


def test_psql_says_what_it_says_on_redshift(sandbox, admin):
    make(admin, "stock", "'sha256|Mypassword1'")
    done = subprocess.run(
        ["psql", "-XAtc", "select 1"], capture_output=True, text=True,
        env={**os.environ, **sandbox.env, "PGUSER": "stock",
             "PGPASSWORD": "Mypassword1"})
    assert done.returncode == 2
    assert "authentication method 13 not supported" in done.stderr


@pytest.mark.parametrize("password", [
    "short1A", "alllowercase1", "ALLUPPERCASE1", "NoNumbersHere",
    "With blank 1", "sha256|weak", "sha256|12|34", "x" * 60 + "A1234",
])
def test_weak_passwords_are_refused(admin, password):
    result = admin.query(f"create user weak password '{password}'")
    assert result.error["C"] == "22023"
    assert run(admin, "select count(*) from pg_user where usename = 'weak'"
               ) == "0"


def test_create_user_needs_a_password(admin):
    assert admin.query("create user nopassword").error["C"] == "42601"
    assert admin.query("create user nopassword createdb").error["C"] == "42601"


def test_disable_leaves_only_temporary_passwords(sandbox, admin):
    make(admin, "locked", "disable")
    refused(lambda: sandbox.connect("locked", ""), "28000", FAILED % "locked")
    run(admin, "alter user locked password 'abcD1234'")
    sandbox.connect("locked", "abcD1234").close()
    run(admin, "alter user locked password disable")
    refused(lambda: sandbox.connect("locked", "abcD1234"), "28000",
            FAILED % "locked")


def test_a_superusers_password_cannot_be_disabled(admin):
    make(admin, "super", "'abcD1234' createuser")
    assert admin.query("alter user super password disable").error["C"] \
        == "0A000"


def test_users_change_their_own_password_unless_it_is_disabled(sandbox, admin):
    make(admin, "own", "'abcD1234'")
    make(admin, "others", "'abcD1234'")
    with sandbox.connect("own", "abcD1234") as client:
        run(client, "alter user own password 'efgH5678'")
        assert client.query("alter user others password 'efgH5678'"
                            ).error["C"] == "42501"
        assert client.query("alter user own password disable"
                            ).error["C"] == "42501"
        run(admin, "alter user own password disable")
        assert client.query("alter user own password 'abcD1234'"
                            ).error["C"] == "42501"
    refused(lambda: sandbox.connect("own", "efgH5678"), "28000",
            FAILED % "own")
    sandbox.connect("others", "abcD1234").close()


def test_a_password_rolls_back_with_its_block(sandbox, admin):
    make(admin, "rolled", "'abcD1234'")
    run(admin, "begin")
    run(admin, "alter user rolled password 'sha256|Mypassword1'")
    run(admin, "rollback")
    with sandbox.connect("rolled", "abcD1234") as client:
        assert client.asked == [5, 0]


def test_valid_until_ends_the_password(sandbox, admin):
    make(admin, "ended", "'abcD1234' valid until '2017-06-10'")
    refused(lambda: sandbox.connect("ended", "abcD1234"), "28000",
            FAILED % "ended")
    run(admin, "alter user ended password 'abcD1234' valid until '2117-06-10'")
    sandbox.connect("ended", "abcD1234").close()
    run(admin, "alter user ended valid until 'infinity'")
    sandbox.connect("ended", "abcD1234").close()


def test_connection_limit(sandbox, admin):
    make(admin, "two", "'abcD1234' connection limit 2")
    one = sandbox.connect("two", "abcD1234")
    other = sandbox.connect("two", "abcD1234")
    refused(lambda: sandbox.connect("two", "abcD1234"), "53300",
            'too many connections for user "two"')
    run(admin, "alter user two connection limit unlimited")
    sandbox.connect("two", "abcD1234").close()
    one.close()
    other.close()


def test_session_timeout_has_its_range(sandbox, admin):
    for limit in ("59", "1728001", "1.5"):
        result = admin.query("create user late password 'abcD1234' "
                             "session timeout " + limit)
        assert result.error["C"] == "22023", limit
    make(admin, "late", "'abcD1234' session timeout 120")
    with sandbox.connect("late", "abcD1234") as client:
        assert run(client, "select 1") == "1"
    run(admin, "alter user late reset session timeout")


def test_settings_of_a_user_begin_with_the_session(sandbox, admin):
    make(admin, "zoned", "'abcD1234'")
    run(admin, "alter user zoned set timezone to 'America/New_York'")
    run(admin, "alter user zoned set query_group to 'night'")
    run(admin, "alter user zoned set search_path to public, pg_catalog")
    run(admin, "alter user zoned set enable_case_sensitive_identifier to true")
    assert admin.query("alter user zoned set nonsense to 1").error["C"] \
        == "42704"
    assert admin.query("alter user zoned set extra_float_digits to 3"
                       ).error["C"] == "22023"
    assert admin.query("alter user zoned set auto_mv to false").error["C"] \
        == "55P02"
    with sandbox.connect("zoned", "abcD1234") as client:
        assert run(client, "show timezone") == "America/New_York"
        assert run(client, "show query_group") == "night"
        assert run(client, "show search_path") == "public, pg_catalog"
        run(client, 'create table "Kept" (a int)')
        run(client, 'drop table "Kept"')
        assert client.query('create temp table "Kept" (a int); '
                            'select * from "kept"').error["C"] == "42P01"
    run(admin, "alter user zoned reset timezone")
    with sandbox.connect("zoned", "abcD1234") as client:
        assert run(client, "show timezone") == "UTC"


def test_names_in_quotes_keep_their_case(sandbox, admin):
    run(admin, 'create user "Mixed" password \'abcD1234\'')
    with sandbox.connect("Mixed", "abcD1234") as client:
        assert run(client, "select current_user") == "Mixed"
    refused(lambda: sandbox.connect("mixed", "abcD1234"), "28000",
            FAILED % "mixed")
    run(admin, 'drop user "Mixed"')
    assert admin.query('drop user "Mixed"').error["C"] == "42704"


def test_an_unknown_user_is_asked_all_the_same(sandbox):
    refused(lambda: sandbox.connect("nobody_here", "x"), "28000",
            FAILED % "nobody_here")
    refused(lambda: sandbox.connect("rdsdb", ""), "28000", FAILED % "rdsdb")


# ---- TLS

def test_without_tls_nobody_is_let_in(sandbox):
    refused(lambda: sandbox.connect(tls=False), "28000",
            'no pg_hba.conf entry for host "127.0.0.1", user "awsuser", '
            'database "dev", SSL off')


def test_require_ssl_can_be_switched_off():
    sandbox = Sandbox("--parameter", "require_ssl=false",
                      "--parameter", "query_group=batch")
    try:
        with sandbox.connect(tls=False) as client:
            assert run(client, "show require_ssl") == "false"
            assert run(client, "show query_group") == "batch"
            run(client, "set query_group to x")
            run(client, "reset query_group")
            assert run(client, "show query_group") == "batch"
    finally:
        sandbox.stop()


@pytest.mark.parametrize("parameter, why", [
    ("nonsense=1", 'unrecognized configuration parameter "nonsense"'),
    ("require_ssl", 'no value in "require_ssl"'),
    ("require_ssl=perhaps", 'parameter "require_ssl" requires a Boolean'),
    ("auto_mv=false", 'the sandbox has no use for parameter "auto_mv"'),
])
def test_a_wrong_parameter_stops_the_start(tmp_path, parameter, why):
    done = subprocess.run(
        [os.environ["REDSH_SANDBOX"], "start", "--dir", str(tmp_path / "s"),
         "--parameter", parameter], capture_output=True, text=True)
    assert done.returncode == 1
    assert why in done.stderr


# ---- temporary passwords

def credentials(sandbox, verb="get-cluster-credentials", *options):
    done = subprocess.run(
        ["/usr/bin/aws", "--endpoint-url", sandbox.env["AWS_ENDPOINT_URL"],
         "--output", "text", "redshift", verb,
         "--cluster-identifier", "redsh-sandbox", *options, "--query",
         "[DbUser, DbPassword]"],
        capture_output=True, text=True, env={**os.environ, **sandbox.env})
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done.stdout.strip().split("\t")


def test_iam_logs_in_as_the_user_that_is_there(sandbox, admin):
    make(admin, "report", "disable")
    user, password = credentials(sandbox, "get-cluster-credentials",
                                 "--db-user", "report")
    assert user == "IAM:report"
    with sandbox.connect(user, password) as client:
        assert client.asked == [5, 0]
        assert run(client, "select current_user") == "report"
    refused(lambda: sandbox.connect("report", password), "28000",
            FAILED % "report")
    refused(lambda: sandbox.connect("IAMA:report", password), "28000",
            FAILED % "IAMA:report")


def test_iam_without_auto_create_fails_at_the_login(sandbox):
    user, password = credentials(sandbox, "get-cluster-credentials",
                                 "--db-user", "ghost")
    refused(lambda: sandbox.connect(user, password), "28000",
            'user "IAM:ghost" does not exist')


def test_iama_makes_the_user(sandbox, admin):
    run(admin, "drop user if exists fresh")
    user, password = credentials(sandbox, "get-cluster-credentials",
                                 "--db-user", "fresh", "--auto-create")
    assert user == "IAMA:fresh"
    with sandbox.connect(user, password) as client:
        assert run(client, "select current_user") == "fresh"
    refused(lambda: sandbox.connect("fresh", password), "28000",
            FAILED % "fresh")


def test_a_database_name_binds_the_password(sandbox, admin):
    make(admin, "bound", "disable")
    run(admin, "create database elsewhere")
    user, password = credentials(sandbox, "get-cluster-credentials",
                                 "--db-user", "bound", "--db-name", "dev")
    sandbox.connect(user, password, database="dev").close()
    refused(lambda: sandbox.connect(user, password, database="elsewhere"),
            "28000", FAILED % "IAM:bound")
    run(admin, "drop database elsewhere")


MEMBERS = ("select count(*) from pg_group g, pg_user u where "
           "g.groname = 'example_group' and u.usename = 'temp_creds_user' "
           "and u.usesysid = any (g.grolist)")


def wait_for(client, sql, value):
    """A session's end reaches the server by another thread."""
    for _ in range(2000):
        if run(client, sql) == value:
            return
    raise AssertionError(run(client, sql))


def test_db_groups_are_joined_for_the_session(sandbox, admin):
    run(admin, "create group example_group")
    run(admin, "create table for_group (a int)")
    run(admin, "grant select on for_group to group example_group")
    user, password = credentials(
        sandbox, "get-cluster-credentials", "--db-user", "temp_creds_user",
        "--auto-create", "--db-name", "dev", "--db-groups", "example_group",
        "--duration-seconds", "3600")
    assert user == "IAMA:temp_creds_user:example_group"     # of the page
    one = sandbox.connect(user, password)
    other = sandbox.connect(user, password)
    assert run(one, "select * from for_group") == ""
    one.close()
    assert run(other, "select * from for_group") == ""
    other.close()
    plain, word = credentials(sandbox, "get-cluster-credentials",
                              "--db-user", "temp_creds_user")
    with sandbox.connect(plain, word) as client:
        for _ in range(2000):
            error = client.query("select * from for_group").error
            if error:
                break
        assert error and error["C"] == "42501"
    run(admin, "drop table for_group")


def test_a_group_that_is_not_there_fails_the_login(sandbox):
    user, password = credentials(
        sandbox, "get-cluster-credentials", "--db-user", "lost",
        "--auto-create", "--db-groups", "no_such_group")
    refused(lambda: sandbox.connect(user, password), "42704",
            'group "no_such_group" does not exist')


@pytest.mark.parametrize("options, why", [
    (["--db-user", "a", "--duration-seconds", "899"], "900 and 3600"),
    (["--db-user", "a", "--duration-seconds", "3601"], "900 and 3600"),
    (["--db-user", "a:b"], "DbUser"),
    (["--db-user", "1a"], "DbUser"),
    (["--db-user", "public"], "DbUser"),
    (["--db-user", "a" * 65], "DbUser"),
    (["--db-user", "a", "--db-name", "x/y"], "DbName"),
    (["--db-user", "a", "--db-groups", "Upper"], "DbGroups"),
])
def test_parameters_of_the_call_are_checked(sandbox, options, why):
    with pytest.raises(AssertionError, match=why):
        credentials(sandbox, "get-cluster-credentials", *options)


def test_with_iam_the_user_is_the_caller(sandbox):
    user, password = credentials(sandbox, "get-cluster-credentials-with-iam",
                                 "--db-name", "dev")
    assert user == "IAM:sandbox"
    with sandbox.connect(user, password) as client:
        assert run(client, "select current_user") == "sandbox"


# ---- tokens

IDP = {"idp_type": "AwsIdc", "token_type": "ACCESS_TOKEN"}


def token(sandbox, *options):
    return sandbox.call("token", *options).strip()


def by_token(sandbox, word, **settings):
    return Client(sandbox.port, None, token=word, settings={**IDP, **settings})


def test_a_token_is_asked_for_by_code_14(sandbox):
    word = token(sandbox, "--user", "alice@example.com", "--namespace",
                 "AWSIDC")
    with by_token(sandbox, word) as client:
        assert client.asked == [14, 0]
        assert run(client, "select current_user") == \
            "AWSIDC:alice@example.com"
    with by_token(sandbox, word, identity_namespace="AWSIDC") as client:
        assert client.asked == [14, 0]
    refused(lambda: by_token(sandbox, word, identity_namespace="other"),
            "28000", "the identity provider's token is for another namespace")


def test_groups_of_a_token_are_roles_of_the_session(sandbox, admin):
    run(admin, 'create group "aad:staff"')
    run(admin, "create table for_staff (a int)")
    run(admin, 'grant select on for_staff to group "aad:staff"')
    word = token(sandbox, "--user", "bob", "--namespace", "aad", "--group",
                 "staff", "--group", "unknown")
    with by_token(sandbox, word) as client:
        assert run(client, "select * from for_staff") == ""
    word = token(sandbox, "--user", "bob", "--namespace", "aad")
    with by_token(sandbox, word) as client:
        for _ in range(2000):
            error = client.query("select * from for_staff").error
            if error:
                break
        assert error and error["C"] == "42501"
    run(admin, "drop table for_staff")


def test_a_false_token_is_refused(sandbox):
    word = token(sandbox, "--user", "mallory")
    head, body, signature = word.split(".")
    other = token(sandbox, "--user", "alice").split(".")[1]
    prefix = "the identity provider's token "
    for bad, why in [
            ("", "is malformed"), ("a.b", "is malformed"),
            (word + ".x", "is malformed"), ("x" * 20000, "is malformed"),
            (".".join((head, other, signature)), "has a wrong signature"),
            (".".join((head, body, "")), "has a wrong signature"),
            (".".join(("eyJhbGciOiJub25lIn0", body, "")),
             "is not signed by HS256")]:
        refused(lambda: by_token(sandbox, bad), "28000", prefix + why)


def test_psql_says_what_it_says_for_tokens(sandbox):
    """libpq cannot send idp_type, so a server of its own kind is asked."""
    head = text("database", "dev", "idp_type", "AwsIdc")

    class Plain(Client):
        def answer(self, body):
            self.asked.append(body)
            self.send(b"p", b"x\0")

    refused(lambda: Plain(sandbox.port, None, settings=IDP), "08P01",
            "expected password response")
    assert head


def test_no_user_and_no_token_is_no_login(sandbox):
    refused(lambda: Client(sandbox.port, None), "28000",
            "no PostgreSQL user name specified in startup packet")


# ---- start-up parameters

@pytest.mark.parametrize("settings, sqlstate, message", [
    ({"extra_float_digits": "3"}, "22023",
     '3 is outside the valid range for parameter "extra_float_digits" '
     "(-15 .. 2)"),
    ({"IntervalStyle": "iso_8601"}, "42704",
     'unrecognized configuration parameter "IntervalStyle"'),
    ({"standard_conforming_strings": "on"}, "42704",
     'unrecognized configuration parameter "standard_conforming_strings"'),
    ({"replication": "database"}, "42704",
     'unrecognized configuration parameter "replication"'),
    ({"options": "-c lc_monetary=C"}, "42501",
     'permission denied to set parameter "lc_monetary"'),
    ({"options": "-c require_ssl=off"}, "55P02",
     'parameter "require_ssl" cannot be changed'),
])
def test_refused_at_the_start(sandbox, settings, sqlstate, message):
    refused(lambda: sandbox.connect(settings=settings), sqlstate, message)


def test_taken_at_the_start(sandbox):
    settings = {"client_encoding": "UTF8", "DateStyle": "ISO",
                "extra_float_digits": "2", "application_name": "x",
                "driver_version": "y", "_pq_.compression": "zstd",
                "options": "-c enable_case_sensitive_identifier=on "
                           "-c query_group=night"}
    with sandbox.connect(settings=settings) as client:
        assert client.parameters["server_version"] == "8.0.2"
        assert client.parameters["client_encoding"] == "UNICODE"
        assert "standard_conforming_strings" not in client.parameters
        assert run(client, "show extra_float_digits") == "2"
        assert run(client, "show query_group") == "night"
        assert run(client, "show enable_case_sensitive_identifier") == "true"
        run(client, 'create temp table "Mine" (a int)')
        assert client.query('select * from "mine"').error["C"] == "42P01"


def test_the_help_names_the_token(sandbox):
    done = subprocess.run([os.environ["REDSH_SANDBOX"], "token"],
                          capture_output=True, text=True)
    assert done.returncode == 2
    assert re.search("--user NAME", done.stderr)
