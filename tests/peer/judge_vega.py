"""The JSON schema of Vega-Lite as judge of \\chart --vega: each picture of
tests/cases/charts, and each kind that a result can be drawn as."""

import json
import os
import pathlib
import subprocess

import pytest

from judging import HERE, loud_skip

PYTHON = os.environ.get("PEER_PYTHON", "python3")
SHOW = pathlib.Path(os.environ.get("REDSH", "./redsh")).parent / \
    "tests/peer/chart_show"
CASES = sorted((HERE.parent / "cases/charts").glob("*.txt"))

# A line for each specification on standard input: what is wrong with it, or
# nothing. Altair carries the schema that Vega-Lite publishes.
JUDGE = """
import json, pathlib, sys
import altair, jsonschema
schema = json.loads((pathlib.Path(altair.__file__).parent /
    'vegalite/v5/schema/vega-lite-schema.json').read_text())
judge = jsonschema.validators.validator_for(schema)(schema)
print('ready', flush=True)
for line in sys.stdin:
    wrong = jsonschema.exceptions.best_match(
        judge.iter_errors(json.loads(line)))
    print(str(wrong.message)[:2000].replace(chr(10), ' ') if wrong else '',
          flush=True)
"""

if subprocess.run([PYTHON, "-c", "import altair, jsonschema"],
                  capture_output=True, check=False).returncode:
    loud_skip("altair is not installed: \\chart --vega is NOT judged by "
              "Vega-Lite's schema")

MONTHS = "month:date|region:text|revenue:decimal|cost:float\n" + "".join(
    f"2024-{month:02}-01|{region}|{month * weight}|{month / 3}\n"
    for month in range(1, 13)
    for region, weight in (("North", 3), ("South", -2), ("\\N", 1)))

SHAPES = [
    f"{kind} {words}" for kind, words in [
        ("bar", "region revenue"), ("bar", "region revenue cost --stack"),
        ("bar", "month revenue by region"), ("hbar", "region revenue"),
        ("hbar", "region revenue cost"), ("line", "month revenue by region"),
        ("line", "month revenue cost"), ("area", "month revenue by region"),
        ("area", "month revenue by region --stack"),
        ("scatter", "revenue cost"), ("scatter", "revenue cost by region"),
        ("scatter", "month revenue"), ("hist", "revenue"), ("hist", "month"),
        ("hist", "revenue --log"), ("line", "month cost --log"),
        ("heat", "month revenue by region"), ("spark", "month revenue"),
        ("spark", "month revenue by region"), ("number", "revenue cost"),
        ("bar", "region revenue --title 'A \"title\" </script>' --sort"),
    ]]


@pytest.fixture(scope="module")
def judge():
    with subprocess.Popen([PYTHON, "-c", JUDGE], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"

        def ask(spec):
            process.stdin.write(json.dumps(spec) + "\n")
            process.stdin.flush()
            return process.stdout.readline().rstrip("\n")
        yield ask
        process.stdin.close()


def draw(arguments, table):
    words = subprocess.run(
        ["sh", "-c", f'exec "$0" --vega {arguments}', SHOW],
        input=table, capture_output=True, check=False, encoding="utf-8",
        errors="surrogateescape")
    assert words.stderr == ""
    return words.stdout


def test_the_judge_sees_what_is_wrong(judge):
    spec = json.loads(draw("bar region revenue", MONTHS))
    assert judge(spec) == ""
    assert judge({**spec, "mark": {"type": "pie"}})
    assert judge({**spec, "encoding": {"x": {"field": 3}}})
    assert judge({name: spec[name] for name in spec if name != "data"})
    assert judge({**spec, "nosuch": 1})


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_picture(judge, path):
    text = path.read_text(encoding="utf-8", errors="surrogateescape")
    head, drawn = text.split("\n---\n", 1)
    arguments, table = head.split("\n", 1)
    if drawn.startswith("error:"):
        return
    assert judge(json.loads(draw(arguments, table + "\n"))) == ""


@pytest.mark.parametrize("arguments", SHAPES)
def test_a_kind(judge, arguments):
    assert judge(json.loads(draw(arguments, MONTHS))) == ""
