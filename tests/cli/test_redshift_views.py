"""Catalog relations and system views against the documentation: each has its
columns, in their order, of their types, and no others."""

import psycopg2
import pytest

from redshift_facts import left_out, relations, rows, type_of
from sandbox_server import Sandbox

VIEWS = relations("system-views.tsv", "view")
CATALOG = relations("pg8-catalog.tsv", "relation")
ABSENT = rows("pg8-absent.tsv")
LEFT_OUT = left_out()


@pytest.fixture(scope="module")
def sandbox():
    running = Sandbox()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def cursor(sandbox):
    connection = sandbox.connect()
    yield connection.cursor()
    connection.close()


@pytest.fixture(scope="module")
def busy(cursor, plain):
    """Something has happened that the views can tell of."""
    for sql in WORK:
        try:
            cursor.execute(sql)
        except psycopg2.Error:
            assert sql == "select nothing"


WORK = [
    "create schema work",
    "create table work.a (id int primary key distkey sortkey,"
    " name varchar(20) encode zstd, d date)",
    "create table work.b (id int references work.a (id), v numeric(10,2),"
    " unique (id, v)) diststyle even interleaved sortkey (id, v)",
    "create table work.c (k bigint) diststyle all",
    "insert into work.a values (1, 'a', '2020-01-01'), (2, 'b', null),"
    " (3, 'it''s', '2021-01-01')",
    "insert into work.b values (1, 2.5), (2, 3.5), (3, 4.5)",
    "analyze work.a",
    "set query_group to 'lately'",
    "select count(*) from work.a join work.b on a.id = b.id where v > 3",
    "reset query_group",
    "select * from work.a x, work.a y where x.id < y.id",
    "update work.a set name = 'z' where id = 1",
    "vacuum", "vacuum delete only work.b",
    "create view work.v as select * from work.a",
    "create materialized view work.m as select id from work.a",
    "create materialized view work.m2 as select id from work.m",
    "refresh materialized view work.m",
    "begin", "declare c cursor for select * from work.a", "fetch forward 2 from c",
    "rollback", "select nothing",
    "create user ann password 'Abcdef12' createdb",
    "alter user ann rename to anna", "drop user anna",
    "grant select on work.a to plain",
    "alter default privileges in schema work grant select on tables to plain",
    "create procedure work.p() as $$ begin raise info 'hello'; end $$"
    " language plpgsql",
    "call work.p()",
]


@pytest.fixture(scope="module")
def plain(sandbox, cursor):
    """A user who is no superuser."""
    cursor.execute("create user plain password 'Abcdef12'")
    connection = sandbox.connect("plain", "Abcdef12")
    yield connection.cursor()
    connection.close()


def modifier(column):
    """What RowDescription said, from what psycopg2 made of it."""
    if column.type_code == 1042 or column.type_code == 1043:
        return column.internal_size + 4 if column.internal_size > 0 else -1
    if column.type_code == 1700 and column.precision is not None \
            and column.precision < 65535:
        return (column.precision << 16 | column.scale) + 4
    return -1


def described(cursor, relation):
    cursor.execute(f"select * from {relation} limit 0")
    return [(c.name, c.type_code, modifier(c)) for c in cursor.description]


def documented(columns):
    return [(c["column"].lower(), *type_of(c["type"])) for c in columns]


@pytest.mark.parametrize("relation", CATALOG)
def test_catalog_has_the_columns_of_8(cursor, relation):
    assert described(cursor, relation) == documented(CATALOG[relation])


@pytest.mark.parametrize(
    "relation", [r for r in CATALOG if "." not in r])
def test_catalog_is_the_same_with_its_schema(cursor, relation):
    assert described(cursor, "pg_catalog." + relation) == \
        documented(CATALOG[relation])


# The rows of these views are the columns beyond those of pg_catalog's table
# of that name; pg8-catalog.tsv has them whole.
BEYOND = {"pg_attribute_info", "pg_class_info", "pg_database_info",
          "pg_proc_info"}


@pytest.mark.parametrize("view", [v for v in VIEWS if v not in BEYOND])
def test_system_views_have_the_documented_columns(cursor, view):
    if view in LEFT_OUT:
        assert complaint(cursor, f"select * from {view}")[1] == \
            f"the sandbox has no {view}"
        return
    # one type is not told: "?"
    wanted = [(c["column"].lower(), *type_of(c["type"].replace("?", "int")))
              for c in VIEWS[view]]
    assert described(cursor, view) == wanted


@pytest.mark.parametrize("view", sorted(BEYOND))
def test_columns_beyond_those_of_pg_catalog(cursor, view):
    names = [name for name, _, _ in described(cursor, view)]
    assert set(c["column"] for c in VIEWS[view]) <= set(names)


@pytest.mark.parametrize("view", [v for v in VIEWS if v not in LEFT_OUT])
def test_system_views_can_be_read_whole(cursor, busy, view):
    cursor.execute(f"select * from {view}")
    cursor.fetchall()


SUPERUSERS = [v for v, columns in VIEWS.items()
              if columns[0]["visible_to"].startswith("superuser only")]


@pytest.mark.parametrize("view", [v for v in VIEWS if v not in LEFT_OUT])
def test_users_are_refused_what_superusers_see_only(plain, view):
    sql = f"select count(*) from {view}"
    if view in SUPERUSERS:
        assert complaint(plain, sql) == \
            ("42501", f"permission denied for relation {view}")
    else:
        plain.execute(sql)


def complaint(cursor, sql):
    with pytest.raises(psycopg2.Error) as caught:
        cursor.execute(sql)
    return caught.value.pgcode, caught.value.diag.message_primary


@pytest.mark.parametrize(
    "row", ABSENT, ids=lambda r: f"{r['relation']}.{r['column']}")
def test_what_came_after_8_is_absent(cursor, row):
    relation, column = row["relation"], row["column"]
    name = relation.split(".")[-1]
    if column == "*":
        assert complaint(cursor, f"select 1 from {relation}") == \
            ("42P01", f'relation "{relation}" does not exist')
        return
    assert complaint(cursor, f"select {column} from {relation}") == \
        ("42703", f'column "{column}" does not exist')
    assert complaint(cursor, f"select r.{column} from {relation} r") == \
        ("42703", f"column r.{column} does not exist")
    assert name


@pytest.mark.parametrize("star", [
    "select * from pg_namespace",
    "select n.* from pg_namespace n",
    "select n.* from pg_catalog.pg_namespace as n where n.oid > 0",
    "select pg_namespace.* from pg_namespace",
    "select distinct * from pg_namespace order by nspname",
    "select x.* from (select * from pg_namespace) x",
    "select * from (select * from pg_namespace)",
    "select * from pg_namespace union all select * from pg_namespace",
    "with n as (select * from pg_namespace) select * from n",
])
def test_a_star_shows_no_hidden_oid(cursor, star):
    cursor.execute(star)
    assert [c.name for c in cursor.description] == \
        ["nspname", "nspowner", "nspacl"]


def test_a_star_over_joins_shows_each_in_its_place(cursor):
    cursor.execute("select n.oid, *, 1 as last from pg_class c join"
                   " pg_namespace n on n.oid = c.relnamespace, (select 2 as"
                   " two) t where relname = 'pg_class'")
    names = [c.name for c in cursor.description]
    assert names == ["oid"] + [c["column"] for c in CATALOG["pg_class"]] + \
        ["nspname", "nspowner", "nspacl", "two", "last"]


def test_attributes_of_the_catalog_are_those_of_its_columns(cursor):
    cursor.execute("select attname, attnum from pg_attribute where attrelid ="
                   " 'pg_class'::regclass order by attnum")
    assert cursor.fetchall() == [("oid", -2)] + \
        [(c["column"], int(c["order"])) for c in CATALOG["pg_class"]]
    cursor.execute("select column_name from svv_columns where table_schema ="
                   " 'pg_catalog' and table_name = 'pg_namespace' and"
                   " ordinal_position > 0 order by ordinal_position")
    assert cursor.fetchall() == [("nspname",), ("nspowner",), ("nspacl",)]


@pytest.mark.parametrize("name", ["redshift_sandbox", "REDSHIFT_SANDBOX",
                                  '"redshift_sandbox"',
                                  "redshift_sandbox_info"])
def test_the_sandbox_own_schemas_are_not_there(cursor, name):
    plain = name.strip('"').lower()
    assert complaint(cursor, f"select * from {name}.query_log") == \
        ("3F000", f'schema "{plain}" does not exist')


def one(cursor, sql):
    cursor.execute(sql)
    rows_ = cursor.fetchall()
    assert len(rows_) == 1, rows_
    return rows_[0]


def test_users_see_their_own_rows(cursor, plain, busy):
    plain.execute("select 'of plain'")
    for view, column in (("stl_query", "querytxt"), ("svl_qlog", "substring"),
                         ("sys_query_history", "query_text"),
                         ("stl_querytext", "text"), ("sys_query_text", "text"),
                         ("stv_recents", "query")):
        plain.execute(f"select trim({column}) from {view}")
        texts = [row[0] for row in plain.fetchall()]
        assert "select 'of plain'" in texts, view
        assert not any("work.a" in text for text in texts), view
        cursor.execute(f"select trim({column}) from {view}")
        texts = [row[0] for row in cursor.fetchall()]
        assert "select 'of plain'" in texts, view
        assert any("work." in text for text in texts), view


def test_a_statement_in_the_views(cursor, busy):
    query, label, rows_, kind, status = one(
        cursor, "select query_id, trim(query_label), returned_rows,"
        " trim(query_type), trim(status) from sys_query_history where"
        " query_text like 'select count(*) from work.a join%'")
    assert (label, rows_, kind, status) == ("lately", 1, "SELECT", "success")
    assert one(cursor, "select trim(label), aborted from stl_query where"
               f" query = {query}") == ("lately", 0)
    cursor.execute("select rtrim(label), rows, rows_pre_filter from"
                   f" svl_query_summary where query = {query} order by step")
    steps = cursor.fetchall()
    scans = {label.split("name=")[1]: counts for label, *counts in steps
             if label.startswith("scan")}
    assert scans == {"a": [3, 3], "b": [2, 3]}
    assert steps[-1] == ("return", 1, 1)
    assert any(label.startswith(("hjoin", "mjoin", "nloop")) and rows_ == 2
               for label, rows_, _ in steps)
    cursor.execute("select nodeid, parentid, plannode from stl_explain where"
                   f" query = {query} order by nodeid")
    nodes = cursor.fetchall()
    assert nodes[0][1] == 0 and nodes[0][2].startswith("XN Aggregate  (cost=")
    assert all(0 < parent < node for node, parent, _ in nodes[1:])


def test_a_failed_statement_in_the_views(cursor, busy):
    assert one(cursor, "select trim(status), trim(error_message) from"
               " sys_query_history where query_text = 'select nothing'") == \
        ("failed", 'column "nothing" does not exist')
    assert one(cursor, "select aborted from stl_query where querytxt ="
               " 'select nothing'") == (1,)


@pytest.mark.parametrize("text,kind", [
    ("create schema work", "DDL"), ("begin", "UTILITY"),
    ("set query_group to 'lately'", "UTILITY"), ("vacuum", "UTILITY"),
    ("create view work.v as select * from work.a", "DDL"),
    ("update work.a set name = 'z' where id = 1", "QUERY"),
    ("create user ann password '***' createdb", "UTILITY"),
])
def test_kinds_of_statements(cursor, busy, text, kind):
    cursor.execute("select trim(type) from svl_statementtext where text = %s",
                   (text,))
    assert cursor.fetchall() == [(kind,)]
    view = {"DDL": "stl_ddltext", "UTILITY": "stl_utilitytext",
            "QUERY": "stl_querytext"}[kind]
    cursor.execute(f"select count(*) from {view} where text = %s", (text,))
    assert cursor.fetchall() == [(1,)]


def test_long_texts_come_in_pieces(cursor):
    text = "select '" + "x" * 9000 + "'\n as long_text"
    cursor.execute(text)
    for view, size in (("stl_querytext", 200), ("sys_query_text", 4000)):
        number = "query" if view.startswith("stl") else "query_id"
        cursor.execute(f"select sequence, text from {view} where {number} in"
                       f" (select {number} from {view} where sequence = 40 /"
                       f" {size // 200} and text like '%xxx%' and text not"
                       " like '%sequence%') order by sequence")
        pieces = cursor.fetchall()
        assert [p[0] for p in pieces] == list(range(len(pieces)))
        assert "".join(p[1] for p in pieces).rstrip() == \
            text.replace("\n", "\\n")


def test_locks_and_transactions_are_seen(sandbox, cursor):
    other = sandbox.connect()
    pid = other.get_backend_pid()
    with other.cursor() as held:
        held.execute("create table held (a int)")
        held.execute("begin")
        held.execute("lock held")
    cursor.execute("select lock_owner_pid, trim(lock_status) from stv_locks"
                   " where table_id = 'held'::regclass::oid")
    assert cursor.fetchall() == [(pid, "Holding write lock")]
    cursor.execute("select txn_owner, lock_mode, granted from svv_transactions"
                   " where relation = 'held'::regclass::oid")
    assert cursor.fetchall() == [("awsuser", "AccessExclusiveLock", True)]
    cursor.execute("select xid from svv_transactions where pid = %s limit 1",
                   (pid,))
    assert cursor.fetchone() == one(
        cursor, "select xid from stl_utilitytext where text = 'lock held'")
    other.close()


def test_the_query_itself_runs(cursor):
    assert one(cursor, "select count(*) from stv_inflight where text like"
               " '%unmistakable%'") == (2,)
    assert one(cursor, "select trim(status) from sys_query_history where"
               " query_text like '%very same%'") == ("running",)


def test_tables_on_slices(cursor, busy):
    cursor.execute('select "table", diststyle, sortkey1, sortkey_num,'
                   " sortkey1_enc, encoded, tbl_rows, skew_rows, max_varchar"
                   " from svv_table_info where schema = 'work' order by 1")
    rows_ = [tuple(str(v).strip() for v in row) for row in cursor.fetchall()]
    assert rows_[0][:7] == ("a", "KEY(id)", "id", "1", "none", "Y", "3")
    assert rows_[0][8] == "20"
    assert rows_[1] == ("b", "EVEN", "id", "2", "none", "Y, AUTO(ENCODE)",
                        "3", "2.00", "0")
    assert len(rows_) == 2
    cursor.execute("select slice, rows from stv_tbl_perm where name = 'b'"
                   " order by 1")
    assert cursor.fetchall() == [(0, 2), (1, 1)]
    assert one(cursor, "select sum(rows) from stv_tbl_perm where"
               " name = 'a'") == (3,)
    assert one(cursor, "select sum(num_values), min(minvalue), max(maxvalue)"
               " from stv_blocklist where col = 0 and tbl in (select id from"
               " stv_tbl_perm where name = 'a')") == (3, 1, 3)


def test_statistics_are_off_by_what_changed(cursor):
    cursor.execute("create table stale (a int)")
    cursor.execute("insert into stale values (1), (2), (3), (4)")
    info = 'select stats_off from svv_table_info where "table" = \'stale\''
    assert float(one(cursor, info)[0]) == 100
    cursor.execute("analyze stale")
    assert float(one(cursor, info)[0]) == 0
    cursor.execute("insert into stale values (5)")
    assert float(one(cursor, info)[0]) == 20


def test_upkeep(cursor, busy):
    cursor.execute("select trim(table_name), trim(status), rows from"
                   " stl_analyze where is_auto = 'f' and table_name = 'a'")
    assert cursor.fetchall() == [("a", "Full", 3.0)]
    cursor.execute("select table_name, vacuum_type from sys_vacuum_history"
                   " where schema_name = 'work' order by 1, start_time")
    assert cursor.fetchall() == [("a", "F"), ("b", "F"), ("b", "D"),
                                 ("c", "F")]
    assert one(cursor, "select trim(mv_name), trim(schema_name), status from"
               " sys_mv_refresh_history") == \
        ("m", "work", "Refresh successfully recomputed MV from scratch")
    assert one(cursor, "select trim(name), trim(dependent_name) from"
               " svv_mv_dependency") == ("m", "m2")


def test_users_in_the_log(cursor, busy):
    cursor.execute("select trim(action), trim(user_name),"
                   " trim(original_user_name), has_create_db_privs from"
                   " sys_userlog where user_name like 'ann%'"
                   " order by record_time")
    assert cursor.fetchall() == [("create", "ann", "", 1),
                                 ("rename", "anna", "ann", 1),
                                 ("drop", "anna", "", 0)]


def test_connections_in_the_log(sandbox, cursor):
    with pytest.raises(psycopg2.OperationalError):
        sandbox.connect("nobody_here", "wrong")
    other = sandbox.connect()
    pid = other.get_backend_pid()
    other.close()
    while one(cursor, "select count(*) from stv_sessions where process ="
              f" {pid}") != (0,):
        pass
    cursor.execute("select trim(event), trim(username), trim(remotehost)"
                   f" from stl_connection_log where pid = {pid}")
    assert set(cursor.fetchall()) == {
        (event, "awsuser", "127.0.0.1") for event in
        ("authenticated", "initiating session", "disconnecting session")}
    assert one(cursor, "select trim(user_name) from sys_connection_log where"
               " event = 'authentication failure'") == ("nobody_here",)
    assert one(cursor, "select trim(status), end_time is null from"
               f" sys_session_history where session_id = {pid}") == \
        ("c", False)


def test_transactions_and_cursors(cursor):
    cursor.execute("begin")
    cursor.execute("declare cur cursor for select 1 union all select 2"
                   " union all select 3")
    cursor.execute("fetch forward 2 from cur")
    assert one(cursor, "select trim(name), fetched_rows from"
               " stv_active_cursors") == ("cur", 2)
    assert one(cursor, "select current_cursor_count from"
               " stv_cursor_configuration") == (1,)
    cursor.execute("rollback")
    cursor.execute("select count(*) from stv_active_cursors")
    assert cursor.fetchall() == [(0,)]
    assert one(cursor, "select h.status from sys_transaction_history h,"
               " stl_utilitytext t where h.transaction_id = t.xid and"
               " t.text = 'rollback' order by h.transaction_start_time desc"
               " limit 1") == ("rolledback",)


def test_alerts(cursor, busy):
    cursor.execute("select trim(a.event) from stl_alert_event_log a join"
                   " stl_query q using (query) where q.querytxt ="
                   " 'select * from work.a x, work.a y where x.id < y.id'")
    assert ("Nested Loop Join in the query plan",) in cursor.fetchall()


def test_privileges(cursor, busy):
    assert one(cursor, "select relation_name, privilege_type, identity_type"
               " from svv_relation_privileges where namespace_name = 'work'"
               " and identity_name = 'plain'") == ("a", "SELECT", "user")
    assert one(cursor, "select schema_name, object_type, privilege_type,"
               " grantee_type from svv_default_privileges") == \
        ("work", "RELATION", "SELECT", "user")
    cursor.execute("select function_name, argument_types, identity_type from"
                   " svv_function_privileges where namespace_name = 'work'")
    assert ("p", "", "public") in cursor.fetchall()


def test_what_procedures_say_is_kept(cursor):
    cursor.execute("create procedure say(a int) as $$\nbegin\n"
                   "raise info 'told %', a;\nraise warning 'careful';\n"
                   "if a > 1 then raise exception 'too large'; end if;\n"
                   "end $$ language plpgsql")
    cursor.execute("call say(1)")
    with pytest.raises(psycopg2.Error):
        cursor.execute("call say(2)")
    cursor.execute("set stored_proc_log_min_messages to warning")
    cursor.execute("call say(0)")
    cursor.execute("select trim(log_level), trim(message), line_number from"
                   " sys_procedure_messages m where query_id in (select"
                   " query_id from sys_query_history where query_text like"
                   " 'call say%') order by record_time")
    assert cursor.fetchall() == [
        ("INFO", "told 1", 3), ("WARNING", "careful", 4),
        ("INFO", "told 2", 3), ("WARNING", "careful", 4),
        ("EXCEPTION", "too large", 5), ("WARNING", "careful", 4)]
    cursor.execute("reset stored_proc_log_min_messages")


def test_the_last_query_is_one_that_has_ended(cursor):
    cursor.execute("select 'the last'")
    cursor.execute("set query_group to 'x'")
    last, user = one(cursor, "select pg_last_query_id(),"
                     " last_user_query_id()")
    assert last == user
    assert one(cursor, "select trim(querytxt) from stl_query where query ="
               f" {last}") == ("select 'the last'",)
    cursor.execute("reset query_group")


def test_keys_are_known(cursor, busy):
    cursor.execute("select constraint_name, constraint_type, table_name from"
                   " information_schema.table_constraints where table_schema ="
                   " 'work' order by 3, 2")
    assert cursor.fetchall() == [
        ("a_pkey", "PRIMARY KEY", "a"), ("b_id_fkey", "FOREIGN KEY", "b"),
        ("b_id_v_key", "UNIQUE", "b")]
    cursor.execute("select conname, pg_get_constraintdef(oid), conkey, confkey"
                   " from pg_constraint where conrelid = 'work.b'::regclass"
                   " order by 1")
    assert cursor.fetchall() == [
        ("b_id_fkey", "FOREIGN KEY (id) REFERENCES work.a(id)", [1], [1]),
        ("b_id_v_key", "UNIQUE (id, v)", [1, 2], None)]
    assert one(cursor, "select relhaspkey, relrefs from pg_class where oid ="
               " 'work.a'::regclass") == (True, 1)
