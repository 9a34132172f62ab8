"""Computed DECIMAL values: precision and scale by the rules of the guide
(r_numeric_computations201), written once more here, of random expressions;
and where the types of columns show."""

import os
import random
import subprocess
from fractions import Fraction

import pytest

from sandbox_server import Sandbox

COLUMNS = {  # name: precision, scale, value
    "price": (8, 2, "100.00"), "fee": (8, 2, "3.07"), "rate": (5, 4, "0.0725"),
    "big": (30, 3, "123456789.125"), "small": (5, 0, "7"),
    "count": (10, 0, "12"), "large": (19, 0, "1234567"),
}
INTEGERS = {"small": "smallint", "count": "int", "large": "bigint"}


@pytest.fixture(scope="module")
def sandbox():
    running = Sandbox()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def cursor(sandbox):
    connection = sandbox.connect()
    made = connection.cursor()
    columns = ", ".join(
        f'"{name}" {INTEGERS.get(name, f"decimal({p},{s})")}'
        for name, (p, s, _) in COLUMNS.items())
    made.execute(f"create table sale ({columns})")
    made.execute("insert into sale values ("
                 + ", ".join(value for _, _, value in COLUMNS.values()) + ")")
    yield made
    connection.close()


def cut(value, scale):
    whole = abs(value) * 10 ** scale
    number = whole.numerator // whole.denominator
    return Fraction(number if value >= 0 else -number, 10 ** scale)


def computed(sign, a, b):
    """Type and value of two operands (precision, scale, value)."""
    (p1, s1, x), (p2, s2, y) = a, b
    if sign in "+-":
        scale = max(s1, s2)
        precision = max(p1 - s1, p2 - s2) + 1 + scale
        value = x + y if sign == "+" else x - y
    elif sign == "*":
        scale, precision, value = s1 + s2, p1 + p2 + 1, x * y
    else:
        scale = max(4, s1 + p2 - s2 + 1)
        precision = p1 - s1 + s2 + scale
        if precision > 38:
            scale = max(4, scale - (precision - 38))
        value = cut(x / y, scale)
    return min(precision, 38), min(scale, 38), value


def expression(chance, depth):
    """SQL and its operand; no integer arithmetic, no zero divisor."""
    if depth == 0 or chance.random() < 0.2:
        if chance.random() < 0.25:
            text = f"{chance.randint(1, 99)}.{chance.randint(10, 99)}"
            return text, (len(text) - 1, 2, Fraction(text))
        name = chance.choice(sorted(COLUMNS))
        p, s, value = COLUMNS[name]
        return f'"{name}"', (p, s, Fraction(value))
    while True:
        left, a = expression(chance, depth - 1)
        right, b = expression(chance, depth - 1)
        sign = chance.choice("+-*//")
        if {left.strip('"'), right.strip('"')} <= set(INTEGERS) or \
                (sign == "/" and b[2] == 0):
            continue
        result = computed(sign, a, b)
        # what does not fit would overflow
        if abs(result[2]) < 10 ** (result[0] - result[1]) and \
                result[1] < 30:
            return f"({left} {sign} {right})", result


@pytest.mark.parametrize("seed", range(60))
def test_expression(cursor, seed):
    text, (precision, scale, value) = expression(random.Random(seed), 3)
    cursor.execute(f"select {text} from sale")
    (got,) = cursor.fetchone()
    if text.strip('"') in INTEGERS:
        return
    told = cursor.description[0]
    assert (told.precision, told.scale) == (precision, scale), text
    assert Fraction(got) == value, text
    assert -got.as_tuple().exponent == scale, text


CASES = [  # expression, precision, scale, value
    ("price / fee", 17, 9, "32.573289902"),
    ("2.0 / 3", 13, 12, "0.666666666666"),
    ("-price / fee", 17, 9, "-32.573289902"),
    ("price / small", 14, 8, "14.28571428"),
    ("cast(1 as decimal(19,0)) / cast(3 as decimal(19,0))", 38, 19,
     "0.3333333333333333333"),
    ("cast(1 as decimal(19,2)) / (cast(1 as decimal(19,0)) /"
     " cast(3 as decimal(19,0)))", 38, 4, "3.0000"),
    ("avg(price)", 38, 2, "100.00"),
    ("avg(fee) over (partition by small)", 38, 2, "3.07"),
    ("sum(fee)", 38, 2, "3.07"),
    ("sum(price) / sum(count)", 38, 4, "8.3333"),
    ("max(price) / 3", 19, 13, "33.3333333333333"),
    ("(select price / 3 from sale)", 19, 13, "33.3333333333333"),
    ("case when small > 0 then price end / 3", 19, 13, "33.3333333333333"),
    ("coalesce(price, rate) / 3", 21, 15, "33.333333333333333"),
    ("nullif(fee, 0) / small", 14, 8, "0.43857142"),
    ("round(price, 1) / small", 13, 7, "14.2857142"),
]


@pytest.mark.parametrize("text, precision, scale, value", CASES,
                         ids=lambda value: str(value))
def test_case(cursor, text, precision, scale, value):
    cursor.execute(f"select {text} from sale" if "avg(fee)" in text or not
                   any(word in text for word in ("sum(", "avg(", "max("))
                   else f"select {text} from sale group by small")
    told = cursor.description[0]
    assert (told.precision, told.scale) == (precision, scale)
    assert str(cursor.fetchone()[0]) == value


QUERIES = [
    ("select q.x / 2 from (select price / fee as x from sale) q",
     "16.28664495100000000000"),
    ("with q as (select price / fee as x from sale) select x from q",
     "32.573289902"),
    ("select x from (select price / fee x from sale group by price / fee) q",
     "32.573289902"),
    ("select price / fee as q from sale group by price / fee order by q",
     "32.573289902"),
    ("select distinct price / fee from sale order by price / fee",
     "32.573289902"),
    ("select price / fee from sale union all select 1.0 / 3 order by 1 desc"
     " limit 1", "32.573289902"),
    ("select a.price / b.fee from sale a join sale b using (small)",
     "32.573289902"),
    ("select price / fee from sale where price / fee > 32.5732899",
     "32.573289902"),
]


@pytest.mark.parametrize("sql, value", QUERIES)
def test_query(cursor, sql, value):
    cursor.execute(sql)
    assert str(cursor.fetchone()[0]) == value
    assert cursor.description[0].precision is not None


def test_integers_and_floats_are_as_before(cursor):
    cursor.execute("select 7 / 2, 7 / 2::float, small / count, avg(small)"
                   " from sale group by small, count")
    assert cursor.fetchone() == (3, 3.5, 0, 7)


@pytest.mark.parametrize("sql", [
    "create table made as select price / fee as q, avg(price) over () as a,"
    " small from sale",
    "select price / fee as q, avg(price) over () as a, small into made"
    " from sale",
    "create view made as select price / fee as q, avg(price) over () as a,"
    " small from sale",
])
def test_columns_that_queries_make_have_types(cursor, sql):
    cursor.execute(sql)
    try:
        cursor.execute("select numeric_precision, numeric_scale from"
                       " information_schema.columns where table_name = 'made'"
                       " and column_name <> 'small' order by column_name")
        assert cursor.fetchall() == [(38, 2), (17, 9)]
        cursor.execute("select q, a from made")
        assert [str(value) for value in cursor.fetchone()] == \
            ["32.573289902", "100.00"]
        assert [told.scale for told in cursor.description] == [9, 2]
    finally:
        cursor.execute("drop view made" if "view" in sql
                       else "drop table made")


def test_errors_stand_where_they_are(cursor):
    for sql, column in (("select price / fee, nope / 2 from sale", "nope"),
                        ("select price / fee / nope from sale", "nope")):
        with pytest.raises(Exception) as caught:
            cursor.execute(sql)
        assert int(caught.value.diag.statement_position) == \
            sql.index(column) + 1
    with pytest.raises(Exception, match="[Dd]ivi(sion|de) by zero"):
        cursor.execute("select price / 0 from sale")


def test_a_transaction_goes_on(sandbox):
    connection = sandbox.connect()
    connection.autocommit = False
    cursor = connection.cursor()
    cursor.execute("create temp table tmp (a decimal(4,1))")
    cursor.execute("insert into tmp values (%s)", (5,))
    cursor.execute("select a / 3 from tmp where a > %s", (1,))
    assert str(cursor.fetchone()[0]) == "1.6666666666666"[:14]
    cursor.execute("select count(*) from tmp")
    assert cursor.fetchone() == (1,)
    connection.rollback()
    connection.close()


PIPELINE = r"""
create table piped (a decimal(8,2), b int);
insert into piped values (100, 3);
select a / 3, b from piped where b > $1 \bind 1 \g
\startpipeline
insert into piped values ($1, 7) \bind 5 \sendpipeline
select a / b from piped where b > $1 \bind 1 \sendpipeline
select 1.0 / nope from piped \bind \sendpipeline
\endpipeline
select count(*) from piped;
\startpipeline
insert into piped values ($1, 7) \bind 5 \sendpipeline
select a / b from piped where b > $1 order by 1 \bind 1 \sendpipeline
\endpipeline
select count(*) from piped;
show client_min_messages;
drop table piped;
"""


def test_the_extended_protocol(sandbox):
    """What is asked on the way ends neither a pipeline nor its statements."""
    done = subprocess.run(
        [os.environ["REDSH"], "-X", "--plain", "-q", "-A", "-t"],
        input=PIPELINE, capture_output=True, text=True, check=False,
        env={**os.environ, **sandbox.env})
    assert done.stdout.split() == [
        "33.3333333333333|3", "33.3333333333333", "0.7142857142857",
        "1", "0.7142857142857", "33.3333333333333", "2", "notice"]
    assert 'column "nope" does not exist' in done.stderr
