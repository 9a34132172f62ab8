"""The describe family against the sandbox."""

import pytest

TABLES = """
create table sales (
    sale_id bigint identity(1, 1),
    store_id int not null encode az64,
    amount numeric(8,2) default 0,
    sold date,
    primary key (sale_id)
) diststyle key distkey (store_id) compound sortkey (sold, store_id);
create table everywhere (a int) diststyle all;
create view sales_by_day as select sold, sum(amount) as total from sales
    group by sold;
create schema attic;
create table attic.dusty (grime int);
comment on table sales is 'what was sold';
"""


@pytest.fixture(scope="module")
def described(sandbox):
    sandbox.redsh("-q", "-f", "-", text=TABLES)

    def run(*commands):
        arguments = []
        for command in commands:
            arguments += ["-c", command]
        return sandbox.redsh(*arguments)

    return run


def test_d_shows_distribution_and_sort_keys(described):
    text = described("\\d sales")
    lines = text.splitlines()
    assert 'Table "public.sales"' in lines[0]
    assert [part.strip() for part in lines[1].split("|")] == [
        "Column", "Type", "Nullable", "Default", "Encoding", "DistKey",
        "SortKey"]
    rows = {line.split("|")[0].strip(): [part.strip() for part in
                                         line.split("|")]
            for line in lines if line.count("|") == 6}
    assert rows["store_id"][1:3] == ["integer", "not null"]
    assert rows["store_id"][4:] == ["az64", "yes", "2"]
    assert rows["sold"][5:] == ["", "1"]
    assert rows["amount"][1] == "numeric(8,2)"
    assert "0" in rows["amount"][3]
    assert "Distribution style: KEY (store_id)" in text
    assert "Sort key: (sold, store_id)" in text


def test_d_shows_diststyle_all(described):
    assert "Distribution style: ALL" in described("\\d everywhere")


def test_d_of_a_view_shows_its_definition_with_plus(described):
    text = described("\\d+ sales_by_day")
    assert 'View "public.sales_by_day"' in text
    assert "View definition:" in text
    assert "sum" in text.lower()


def test_d_alone_lists_tables_and_views(described):
    text = described("\\d")
    assert "List of relations" in text
    assert "sales_by_day" in text
    assert "everywhere" in text
    assert "dusty" not in text


def test_dt_lists_tables_only(described):
    text = described("\\dt")
    assert "everywhere" in text
    assert "sales_by_day" not in text


def test_dv_lists_views_only(described):
    text = described("\\dv")
    assert "everywhere" not in text
    assert "sales_by_day" in text


def test_patterns_choose(described):
    text = described("\\dt sa*")
    assert "sales" in text
    assert "everywhere" not in text
    assert "dusty" in described("\\dt attic.*")
    assert "grime" in described("\\d attic.dusty")
    assert "dusty" in described("\\dt *.du?ty")


def test_plus_shows_distribution_and_comment(described):
    text = described("\\dt+ sales")
    assert "KEY" in text
    assert "what was sold" in text


def test_system_views_need_s(described):
    assert "pg_class" not in described("\\d")
    assert "pg_class" in described("\\dtS")


def test_schemas_users_databases_and_rights_are_listed(described):
    text = described("\\dn", "\\dn+", "\\du", "\\dg", "\\l", "\\dp sales", "\\df",
                     "\\dm", "\\dE")
    assert "attic" in text
    assert "awsuser" in text
    assert "Superuser" in text
    assert "dev" in text
    assert "Access privileges" in text
    assert "pg_catalog" not in text


def test_a_missing_relation_is_named(sandbox, described):
    with sandbox.terminal("-X") as term:
        term.wait_for_line("dev=#")
        term.line("\\d nothing_here")
        term.wait_for('Did not find any relation named "nothing_here".')
        term.line("\\di")
        term.wait_for("Redshift has no indexes")


def test_the_listings_take_every_output_format(sandbox, described):
    text = sandbox.redsh("--csv", "-c", "\\dt sales")
    assert text.splitlines()[1].startswith("public,sales,table,")
