"""\\chart: pictures compared character by character.

tests/cases/charts/NAME.txt is a line of arguments, the table (see
tests/unit/chart/table.h), a line "---" and the picture. After a change that is
meant, LOOK at what has become of each and then write them anew with
CHARTS_WRITE=1."""

import json
import os
import pathlib
import re
import shlex
import subprocess
import unicodedata
import xml.etree.ElementTree as ElementTree

import pytest

from private_postgres import Server

REDSH = os.environ["REDSH"]
SHOW = os.path.join(os.path.dirname(REDSH), "tests/peer/chart_show")
CASES = sorted((pathlib.Path(os.environ["TESTS_DIR"]) /
                "cases/charts").glob("*.txt"))
WRITE = os.environ.get("CHARTS_WRITE")


def show(arguments, table):
    done = subprocess.run([SHOW, *shlex.split(arguments)], input=table,
                          capture_output=True, check=False,
                          encoding="utf-8", errors="surrogateescape")
    assert done.stderr == ""
    return done.stdout


def read(path):
    text = path.read_text(encoding="utf-8", errors="surrogateescape")
    head, expected = text.split("\n---\n", 1)
    arguments, table = head.split("\n", 1)
    return arguments, table + "\n", expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_shape(path):
    arguments, table, expected = read(path)
    drawn = show(arguments, table)
    if WRITE and drawn != expected:
        path.write_text(f"{arguments}\n{table}---\n{drawn}",
                        encoding="utf-8", errors="surrogateescape")
        return
    assert drawn == expected


def test_there_are_many_shapes():
    assert len(CASES) >= 40


EIGHTHS = {chr(0x2588): 8, **{chr(0x2590 - n): n for n in range(1, 8)}}


def test_lengths_of_bars_are_true_to_an_eighth():
    values = [1, 7, 10, 33, 50, 66.6, 80, 99, 100, 12.5]
    table = "name:text|v:float\n" + "".join(
        f"n{at}|{value}\n" for at, value in enumerate(values))
    lines = show("hbar --width 78", table).splitlines()[1:]
    lengths = [sum(EIGHTHS.get(c, 0) for c in line) for line in lines]
    unit = max(lengths) / max(values)
    for value, length in zip(values, lengths):
        assert abs(length - value * unit) <= 0.5, (value, length)


def test_heights_of_bars_are_true_to_an_eighth():
    values = [1, 7, 10, 33, 50, 66.6, 80, 99, 100, 12.5]
    table = "name:text|v:float\n" + "".join(
        f"n{at}|{value}\n" for at, value in enumerate(values))
    up = {chr(0x2580 + n): n for n in range(1, 9)}
    lines = show("bar --width 78 --height 20", table).splitlines()[1:-2]
    plot = [line.split("│")[-1].split("┤")[-1].ljust(78) for line in lines]
    columns = [sum(up.get(line[at], 0) for line in plot) for at in range(70)]
    heights = [height for at, height in enumerate(columns)
               if height and (at == 0 or not columns[at - 1])]
    # Ticks tell the unit: the row of a label is the height of its value.
    tick = next(at for at, line in enumerate(lines) if "┤" in line)
    value = float(lines[tick].split("┤")[0])
    unit = (len(lines) - tick) * 8 / value
    for value, height in zip(values, heights, strict=True):
        assert abs(height - value * unit) <= 0.5, (value, height)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_svg_is_xml_and_tells_all(path):
    arguments, table, expected = read(path)
    text = show(arguments + " --svg", table)
    if expected.startswith("error:"):
        return
    tree = ElementTree.fromstring(text)
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    # Nothing is fetched, nothing runs.
    assert not re.search(r"url\(|@import|xlink|<script", text)
    for element in tree.iter():
        tag = element.tag.split("}")[1]
        assert tag in ("svg", "style", "title", "rect", "text", "line",
                       "path", "circle")
        for name, value in element.attrib.items():
            assert not name.startswith("on") and "href" not in name
            if name in ("x", "y", "width", "height", "cx", "cy"):
                if value != "100%":
                    assert -1 <= float(value) <= 2000, (name, value)
    assert "prefers-color-scheme" in text


MARKS = {"bar", "line", "area", "point", "rect", "text"}
TYPES = {"quantitative", "temporal", "nominal"}
CHANNELS = {"x", "y", "x2", "xOffset", "yOffset", "color", "text", "tooltip",
            "row", "y2", "order"}


def check_channel(name, channel, fields):
    assert name in CHANNELS
    for one in channel if isinstance(channel, list) else [channel]:
        assert "datum" in one or one["field"] in fields
        if name in ("x2", "y2"):
            assert set(one) in ({"field"}, {"datum"})
            continue
        assert one["type"] in TYPES
        assert set(one) <= {"field", "type", "title", "sort", "scale", "bin",
                            "axis", "stack", "header",
                            "format"}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_specification_holds_to_its_rules(path):
    arguments, table, expected = read(path)
    text = show(arguments + " --vega", table)
    if expected.startswith("error:"):
        return
    spec = json.loads(text)
    assert set(spec) <= {"$schema", "title", "width", "height", "data",
                         "mark", "encoding", "resolve"}
    assert spec["$schema"].endswith("/vega-lite/v5.json")
    assert spec["mark"]["type"] in MARKS
    values = spec["data"]["values"]
    assert values
    fields = {name for value in values for name in value}
    for name, channel in spec["encoding"].items():
        check_channel(name, channel, fields)
    # What is temporal can be read as a time.
    if spec["encoding"].get("x", {}).get("type") == "temporal":
        for value in values:
            assert re.fullmatch(r"(\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}",
                                value["x"])


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_words_hold_no_drawing(path):
    arguments, table, expected = read(path)
    text = show(arguments + " --plain", table)
    assert not re.search("[\u2500-\u259f\u2800-\u28ff\x1b]", text)
    if not expected.startswith("error:"):
        assert len(text.splitlines()) < 40


# ---- the command ----

@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


SALES = ("select * from (values ('North', 1200), ('South', 800), "
         "('East', 2400)) t (region, revenue)")
BARS = ["revenue by region",
        "North │" + 33 * "█" + "▌ 1,200",
        "South │" + 22 * "█" + "▍ 800",
        "East  │" + 67 * "█" + " 2,400"]


def redsh(server, script, *options, code=0, **env):
    environment = {**os.environ, "PGHOST": str(server.dir),
                   "PGUSER": "tester", "PGDATABASE": "postgres",
                   "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", **env}
    environment.pop("COLUMNS", None)
    done = subprocess.run([REDSH, "-X", *options], env=environment,
                          input=script.encode(), capture_output=True,
                          check=False, timeout=60)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode(), done.stderr.decode()


def drawn(server, script, **more):
    out, complaints = redsh(server, script, **more)
    assert complaints == ""
    return out.splitlines()


def test_a_query_is_drawn(server):
    assert drawn(server, SALES + r" \chart") == BARS
    assert drawn(server, rf"\chart ({SALES})") == BARS
    assert drawn(server, rf"\chart hbar region revenue ({SALES});") == BARS
    assert drawn(server, rf"{SALES} \chart bar --height 8")[-1].split() == [
        "North", "South", "East"]


def test_a_chart_goes_where_results_go(server, tmp_path):
    out = drawn(server, f"\\o {tmp_path}/out\n{SALES} \\chart\n\\o\n"
                f"\\o |tr a-z A-Z\n{SALES} \\chart\n")
    assert (tmp_path / "out").read_text().splitlines() == BARS
    assert out == [line.upper() for line in BARS]


def test_files_are_written(server, tmp_path):
    out, _ = redsh(server, f"{SALES} \\chart --svg {tmp_path}/a.svg\n"
                   f"{SALES} \\chart --vega={tmp_path}/a.json\n"
                   f"{SALES} \\chart --svg {tmp_path}/no/such.svg\n")
    assert f"written to {tmp_path}/a.svg" in out + _
    tree = ElementTree.parse(tmp_path / "a.svg")
    titles = [element.text for element in tree.iter()
              if element.tag.endswith("}title")]
    assert "East: 2,400" in titles
    spec = json.loads((tmp_path / "a.json").read_text())
    assert spec["data"]["values"][2] == {"x": "East", "y": 2400}
    assert "no/such.svg" in _
    out, _ = redsh(server, f"{SALES} \\chart --vega\n")
    assert json.loads(out) == spec


def test_words_where_nobody_sees(server):
    told = drawn(server, SALES + r" \chart --plain")
    assert told[0] == "Bar chart: revenue by region, 3 rows."
    assert told[1] == "3 values, greatest East: 2,400, least South: 800."
    assert told[2:] == ["North: 1,200", "South: 800", "East: 2,400"]
    assert drawn(server, SALES + r" \chart", ACCESSIBLE="1") == told
    ascii_only = drawn(server, SALES + r" \chart --ascii")
    assert all(ord(c) < 127 for line in ascii_only for c in line)
    assert drawn(server, SALES + r" \chart", LC_ALL="C") == ascii_only


def test_a_file_is_not_told_in_words_for_its_terminal(server):
    assert drawn(server, SALES + r" \chart", TERM="dumb") == BARS


@pytest.mark.parametrize("line, told", [
    (r"\chart", "there is no result yet"),
    (r"select 1 \chart bar nosuch", 'no column "nosuch"'),
    (r"select 1 as a \chart --top x", "--top must be a number"),
    (r"select 1 as a \chart --top 0", "--top must be 1 to 1000"),
    (r"select 1 as a \chart --width 5", "--width must be 20 to 500"),
    (r"select 1 as a \chart --log --stack", "leave --log out"),
    (r"select 1 as a \chart --svg a --vega", "give one"),
    (r"\chart bar (select 1", "must end in a parenthesis"),
    (r"\chart --nosuch", 'no switch "--nosuch"'),
    (r"select 1 as a where false \chart", "no rows"),
    (r"\chart (select nosuch)", "nosuch"),
])
def test_what_is_refused(server, line, told):
    # What is left in the buffer is not run after it.
    _, complaints = redsh(server, line + "\n\\r\n")
    assert told in complaints


def test_a_failure_stops_a_script(server):
    redsh(server, "select 1 as a where false \\chart\n\\echo on\n",
          "-v", "ON_ERROR_STOP=1", code=3)


def test_types_of_the_server(server):
    table = drawn(server, "select d::date as day, extract(day from d) as n "
                  "from generate_series('2024-01-01'::timestamp, "
                  "'2024-01-31', '1 day') d \\chart --height 8")
    assert table[0] == "n by day"
    assert table[-1].split()[:3] == ["1", "Jan", "2024"]
    times = drawn(server, "select t, n from (values "
                  "('10:00'::time, 1), ('12:00', 3)) v (t, n) \\chart")
    assert "10:00" in times[-1] and "1970" not in times[-1]
    spans = drawn(server, "select '1 day'::interval as took, 3 as n \\chart")
    assert spans[1].startswith("1 day │█")


def test_a_million_rows(server):
    picture = drawn(server, "select i as x, (i * 7919) % 1000 as y from "
                    "generate_series(1, 1000000::bigint) i \\chart scatter x y\n")
    assert "y against x" in picture[0]
    assert "one is drawn" in picture[-1]
    bars = drawn(server, "select (i % 4)::text as k, 1 as n from "
                 "generate_series(1, 1000000) i \\chart\n")
    assert [line.split()[-1] for line in bars[1:5]] == ["250,000"] * 4


def test_of_many_points_every_cloud_keeps_its_own():
    """Measures of unlike sizes: none takes the places of another."""
    table = "x:int|a:int|b:int\n" + "".join(
        f"{at}|{at % 10}|{at * 37 % 1000003}\n" for at in range(200000))
    values = json.loads(show("scatter x a b --vega", table))["data"]["values"]
    assert len(values) < 200000
    late = [value for value in values if max(
        v for v in value.values() if isinstance(v, (int, float))) > 190000]
    names = {v for value in late for v in value.values() if v in ("a", "b")}
    assert names == {"a", "b"}


def spec(arguments, table):
    return json.loads(show(arguments + " --vega", table))["data"]["values"]


def test_points_of_other_clouds_are_not_added_up():
    table = "x:float|y:float|city:text\n" + "".join(
        f"{at % 7}|{at}|c{at % 20}\n" for at in range(400))
    values = spec("scatter x y by city", table)
    assert {value["series"] for value in values} > {"other"}
    assert sorted(value["y"] for value in values) == list(range(400))


def test_of_many_points_the_rest_of_lines_is_added_up_along_them():
    """Twelve lines whose highs lie at other places, all of them near 100."""
    table = "x:int|y:float|s:text\n" + "".join(
        f"{x}|{100 + (x * 31 + s * 17) % 7 / 10}|s{s:02}\n"
        for x in range(6000) for s in range(12))
    for way in "line", "area --stack":
        values = spec(f"{way} x y by s", table)
        found = [v["y"] for v in values if v["series"] == "other"]
        assert len(found) > 1000
        assert min(found) >= 500 and max(found) <= 504, way
    # Of a stack each is told without what it lies upon.
    sums = {}
    for value in values:
        sums.setdefault(value["x"], []).append(value["y"])
    assert {len(ys) for ys in sums.values()} == {8}
    assert all(1200 <= sum(ys) <= 1209 for ys in sums.values())


def test_of_stacked_areas_each_is_told_by_itself():
    table = "m:int|r:text|v:int\n1|a|3\n2|a|4\n1|b|10\n2|b|20\n"
    assert [value["y"] for value in spec("area m v by r --stack", table)] == [
        3, 4, 10, 20]
    told = show("area m v by r --stack --plain", table)
    assert "b: 2 values, first 1: 10, last 2: 20" in told
    # Paths: the sum first, so that the lower one lies before it.
    paths = re.findall(r'<path class="a(\d)" d="([^"]*)"',
                       show("area m v by r --stack --svg", table))
    assert [series for series, _ in paths] == ["1", "0"]
    tops = [[float(place.split()[1]) for place in re.findall(
        r"[ML]([\d.]+ [\d.]+)", path)[:2]] for _, path in paths]
    zero = float(paths[0][1].rstrip("Z").split()[-1])
    unit = (zero - tops[0][1]) / 24
    assert tops[1][1] == pytest.approx(zero - 4 * unit, abs=0.1)
    assert tops[0][0] == pytest.approx(zero - 13 * unit, abs=0.1)


# ---- pages ----

SVG = "{http://www.w3.org/2000/svg}"


def page(arguments, table):
    return ElementTree.fromstring(show(arguments + " --svg", table))


def columns_of(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else
               0 if unicodedata.combining(c) else 1 for c in text)


def extent(text):
    """Left and right edge of a text that lies, of letters 6 pixels wide."""
    wide = columns_of(text.text or "") * {"t": 8, "k": 24}.get(
        text.get("class"), 6)
    share = {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor")]
    left = float(text.get("x")) - share * wide
    return left, left + wide


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_no_text_leaves_the_page_or_lies_on_another(path):
    arguments, table, expected = read(path)
    if expected.startswith("error:"):
        return
    tree = page(arguments, table)
    width = float(tree.get("width"))
    rows = {}
    for text in tree.iter(SVG + "text"):
        if text.get("transform"):
            continue
        left, right = extent(text)
        assert left >= 0 and right <= width, text.text
        rows.setdefault(text.get("y"), []).append((left, right, text.text))
    for row in rows.values():
        row.sort()
        for before, after in zip(row, row[1:]):
            assert before[1] <= after[0], (before, after)


def test_a_page_tells_what_is_left_out():
    table = "k:text|v:int\n" + "".join(f"n{at}|{at}\n" for at in range(200))
    notes = [text.text for text in page("hbar", table + "x|\\N\n").iter(
        SVG + "text") if text.get("class") == "z"]
    assert notes == [
        'The greatest 39 of 201 are shown, the rest is added up as "other".',
        "1 row without a value (null) left out."]


def test_a_legend_goes_on_below_itself():
    table = "x:int|s:text|v:int\n" + "".join(
        f"{x}|a rather long name, number {s}|{x * s}\n"
        for x in range(3) for s in range(8))
    keys = [text for text in page("line x v by s", table).iter(SVG + "text")
            if (text.text or "").startswith("a rather")]
    assert len(keys) == 8
    assert len({text.get("y") for text in keys}) > 1


def test_a_line_is_torn_where_nothing_is_known():
    values = [0, 1, 2, "\\N", "\\N", 5, 6, 7, 8]
    table = "x:int|v:int\n" + "".join(
        f"{x}|{value}\n" for x, value in enumerate(values))
    line = next(page("line x v", table).iter(SVG + "path")).get("d")
    assert line.count("M") == 2
    area = next(page("area x v", table).iter(SVG + "path")).get("d")
    assert area.count("M") == area.count("Z") == 2
    assert [value["y"] for value in spec("line x v", table)][2:6] == [
        2, None, None, 5]


def test_values_beside_bars_are_those_of_the_terminal():
    table = "k:text|v:decimal\na|12.50\nb|-7.25\nc|3\n"
    texts = [text.text for text in page("hbar", table).iter(SVG + "text")
             if text.get("class") == "v"]
    assert texts == ["12.50", "-7.25", "3.00"]
    table = "k:text|s:text|v:int\na|x|1\na|y|2\nb|x|5\nb|y|-7\n"
    texts = [text.text for text in page("hbar k v by s --stack", table).iter(
        SVG + "text") if text.get("class") == "v"]
    assert texts == ["3", "-2"]


def test_long_names_below_bars_rise():
    table = "country:text|v:int\n" + "".join(
        f"Country of number {at}|{at}\n" for at in range(20))
    names = [text for text in page("bar", table).iter(SVG + "text")
             if text.get("transform")]
    assert len(names) == 20
    # Years have an order: of every second or third.
    table = "year:int|v:int\n" + "".join(f"{at}|{at}\n"
                                         for at in range(1990, 2015))
    tree = page("bar", table)
    assert not [text for text in tree.iter(SVG + "text")
                if text.get("transform")]


def test_of_stacked_areas_each_place_has_a_tooltip():
    table = "m:int|r:text|v:int\n1|a|3\n2|a|4\n1|b|10\n2|b|20\n"
    tips = [circle.find(SVG + "title").text for circle in page(
        "area m v by r --stack", table).iter(SVG + "circle")]
    assert sorted(tips) == ["1, a: 3", "1, b: 10", "2, a: 4", "2, b: 20"]


def full_spec(arguments, table):
    return json.loads(show(arguments + " --vega", table))


def test_a_specification_tells_what_is_left_out():
    table = "k:text|v:int\na|1\nb|\\N\na|2\n"
    title = full_spec("hbar", table)["title"]
    assert title["text"] == "v by k"
    assert title["subtitle"] == ["1 row without a value (null) left out.",
                                 "Rows of the same k are added up."][::-1]


def test_scales_of_a_specification_are_those_of_the_terminal():
    table = "x:int|v:int\n1|1000\n2|1010\n3|1005\n"
    assert full_spec("line x v", table)["encoding"]["y"]["scale"] == {
        "zero": False}
    assert full_spec("bar x v", table)["encoding"]["y"]["scale"] == {
        "zero": True}
    sparks = full_spec("spark x v by k",
                       "x:int|k:text|v:int\n1|a|1\n2|a|2\n1|b|900\n2|b|90\n")
    assert sparks["encoding"]["row"]["field"] == "series"
    assert sparks["resolve"] == {"scale": {"y": "independent"}}
    assert sparks["encoding"]["row"]["sort"] == ["a", "b"]
    heat = full_spec("heat a v by b", "a:text|b:text|v:int\nx|y|-3\nz|y|5\n")
    assert heat["encoding"]["color"]["scale"]["domainMid"] == 0


def test_bars_of_a_logarithm_stand_on_a_power():
    """On 0 Vega-Lite draws none."""
    table = "k:text|v:int\na|1\nb|500\n"
    encoding = full_spec("bar --log", table)["encoding"]
    assert encoding["y2"] == {"datum": 0.1}
    assert encoding["y"]["scale"] == {"type": "log", "domainMin": 0.1}
    encoding = full_spec("hbar --log", table.replace("|1", "|20"))["encoding"]
    assert encoding["x2"] == {"datum": 10}


def test_a_stack_of_a_specification_is_in_the_terminals_order():
    """Vega-Lite goes by the names."""
    table = "m:int|k:text|v:int\n1|b|3\n1|a|4\n2|b|1\n2|a|2\n"
    for kind in "bar", "hbar", "area":
        stack = full_spec(f"{kind} m v by k --stack", table)
        assert stack["encoding"]["order"]["field"] == "order"
        assert [(value["series"], value["order"])
                for value in stack["data"]["values"]] == [
                    ("b", 0), ("b", 0), ("a", 1), ("a", 1)], kind


def test_times_of_a_day_have_no_date():
    table = "t:time|n:int\n08:00:00|3\n09:30:15|5\n"
    told = show("line t n --plain", table)
    assert "first 08:00: 3, last 09:30:15: 5" in told
    assert "1970" not in told + show("line t n --svg", table)
    encoding = full_spec("line t n", table)["encoding"]
    assert encoding["x"]["axis"]["format"] == "%H:%M"
    assert encoding["tooltip"][0]["format"] == "%H:%M:%S"
    days = "d:date|n:int\n2024-01-01|3\n2024-01-02|5\n"
    assert full_spec("line d n", days)["encoding"]["tooltip"][0][
        "format"] == "%Y-%m-%d"
