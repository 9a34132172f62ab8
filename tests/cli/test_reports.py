"""\\report: the page as a browser has it, and its PDF."""

import html.parser
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import pytest

from private_postgres import Server

REDSH = os.environ["REDSH"]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium: install chromium to test reports")

REPORT = r"""-- # Sales & "more" <i>
-- What happened.
-- ## Regions
-- The first
-- paragraph.
--
-- The <b>second</b>.
-- \chart hbar region revenue --title 'By region'
-- \chart bar
select * from (values ('North', 9), ('South', 80), ('East', 700))
-- stays with the query
t (region, revenue);

create temp table hidden as select 1 as n;

-- Made.
create temp table made as select 2 as n;

-- ## Hostile
select * from (values
    ('<script>document.title = "owned"</script>', 2),
    (E'\033]0;owned\007 " onclick="x', 10), (null, null)) t ("<img src=x>", n);

select :'given' as given from hidden;

-- ## The end
-- Nothing more.
"""


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


def redsh(server, line, *options, path=os.environ["PATH"]):
    environment = {**os.environ, "PGHOST": str(server.dir), "PATH": path,
                   "PGUSER": "tester", "PGDATABASE": "postgres",
                   "LC_ALL": "C.UTF-8", "HOME": str(server.dir)}
    done = subprocess.run([REDSH, "-X", *options, "-c", line],
                          env=environment, capture_output=True, check=False,
                          timeout=180)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture(scope="module")
def made(server, tmp_path_factory):
    """The report's folder."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "sales.sql").write_text(REPORT)
    code, out, told = redsh(server, rf"\report {folder}/sales.sql",
                            "-v", "given=it's")
    assert code == 0, told
    assert "sales.html: 6 sections, 2 charts" in out + told
    assert "SELECT" not in out
    return folder


class Page(html.parser.HTMLParser):
    """Tags, attributes and texts of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.texts.append(data)


def test_a_report_is_written(made):
    page = Page((made / "sales.html").read_text())
    texts = page.texts
    assert 'Sales & "more" <i>' in texts
    assert "What happened." in texts
    assert "The first paragraph." in texts
    assert "The <b>second</b>." in texts
    assert page.tags.count("svg") == 2 and page.tags.count("table") == 3
    assert "East: 700" in texts
    assert any("-- stays with the query" in text for text in texts)
    assert any(re.match(r"3 rows, 0\.\d", text) for text in texts)
    assert "it's" in texts and "Nothing more." in texts
    links = [value for name, value in page.attributes if name == "href"]
    assert not [text for text in texts if text.startswith("0 rows")]
    assert links == ["#s2", "#s5", "#s7"]
    identifiers = [value for name, value in page.attributes if name == "id"]
    assert set(link[1:] for link in links) <= set(identifiers)


def test_data_stay_text(made):
    text = (made / "sales.html").read_text()
    page = Page(text)
    # One script: the page's own. Nothing is fetched.
    assert page.tags.count("script") == 1 and "img" not in page.tags
    assert not [name for name, _ in page.attributes
                if name.startswith("on") or name == "src"]
    assert "\x1b" not in text and r"\x1B]0;owned" in text
    assert "default-src 'none'" in text
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)


def in_browser(made, script, *options, name="sales.html"):
    """What a script that runs on the page writes into #told."""
    page = made / "clicked.html"
    # The page's policy would not let this script run.
    text = re.sub("script-src '[^']*'", "script-src 'unsafe-inline'",
                  (made / name).read_text())
    page.write_text(text.replace(
        "</body>", "<pre id=told></pre><script>const say = text => "
        "document.getElementById('told').textContent += text + '\\n';\n"
        f"{script}</script></body>"))
    profile = made / "profile"
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu",
         f"--user-data-dir={profile}", "--window-size=1000,2000", *options,
         "--dump-dom", page.as_uri()], capture_output=True, check=True,
        timeout=120)
    told = done.stdout.decode().split('<pre id="told">')[1].split("</pre>")[0]
    return told.splitlines()


@browser
def test_tables_sort_when_clicked(made):
    told = in_browser(made, """
        const table = document.querySelectorAll('table')[0];
        const column = () => [...table.tBodies[0].rows].map(
            row => row.cells[1].textContent).join(' ');
        const button = table.querySelectorAll('th span')[1];
        button.click(); say(column());
        button.click(); say(column());
        say(button.parentNode.getAttribute('aria-sort'));
        button.click(); say(column());
        say(button.parentNode.getAttribute('aria-sort'));
        table.querySelectorAll('th span')[0].dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Enter'}));
        say(column());
        const other = document.querySelectorAll('table')[1];
        other.querySelectorAll('th span')[1].click();
        other.querySelectorAll('th span')[1].click();
        say([...other.tBodies[0].rows].map(row => row.cells[1].textContent));
        """)
    # The third time they stand as the query had them.
    assert told == ["9 80 700", "700 80 9", "descending", "9 80 700", "null",
                    "700 9 80", "10,2,null"]


@browser
def test_what_is_hard_to_sort(server, made):
    (made / "hard.sql").write_text("""
        select * from (values
            (9007199254740993, 'a10', 'NaN'::float8, '$1,000.00'),
            (9007199254740992, 'a9', 'Infinity', '$9.50'),
            (-9007199254740993, 'B1', 1, '-$2.00'),
            (-9007199254740992, null, -1e300, null)) t (i, t, f, m);
        select m::money from (values (1000), (9.5), (-2)) t (m)""")
    code, _, told = redsh(server, rf"\report {made}/hard.sql")
    assert code == 0, told
    told = in_browser(made, """
        document.querySelectorAll('th span').forEach(head => {
            head.click();
            const at = head.parentNode.cellIndex;
            say([...head.closest('table').tBodies[0].rows].map(
                row => row.cells[at].textContent).join(' '))})""",
                      name="hard.html")
    assert told[:3] == ["-9007199254740993 -9007199254740992 "
                        "9007199254740992 9007199254740993", "a9 a10 B1 null",
                        "-1e+300 1 Infinity NaN"]
    assert told[4] == "-$2.00 $9.50 $1,000.00"


@browser
def test_the_policy_lets_no_other_script_run(made):
    """Should data ever become markup."""
    page = made / "owned.html"
    page.write_text((made / "sales.html").read_text().replace(
        "</h1>", "</h1><script>document.title = 'owned'</script>"
        "<img src=x onerror=\"document.title = 'owned'\">"))
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu",
         f"--user-data-dir={made}/profile", "--dump-dom", page.as_uri()],
        capture_output=True, check=True, timeout=120)
    assert b"<title>Sales &amp;" in done.stdout
    # ... but the page's own has: heads are listened to.
    assert "aria-sort" in (made / "sales.html").read_text()


@browser
def test_on_a_telephone(made):
    told = in_browser(made, """
        say(document.documentElement.scrollWidth <= innerWidth);
        const figure = document.querySelector('figure');
        say(figure.querySelector('svg').getBoundingClientRect().width);
        say(figure.scrollWidth > figure.clientWidth);
        const head = document.querySelector('th');
        say(getComputedStyle(head).position);
        """, "--window-size=500,900")
    # Smaller charts could not be read: they are scrolled.
    assert told == ["true", "640", "true", "sticky"]


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [part / 12.92 if part <= 0.04045 else
             ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(map(lambda x, y: x * y, parts, (0.2126, 0.7152, 0.0722)))


def contrast(one, other):
    """WCAG 2.2, contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def colours(rule):
    """Names of colours, as #rrggbb."""
    return {name: colour if len(colour) == 7 else
            "#" + "".join(c * 2 for c in colour[1:])
            for name, colour in re.findall(r"--(\w+):(#[0-9a-f]+)", rule)}


def test_all_can_be_read(server, tmp_path):
    (tmp_path / "a.sql").write_text("select 1 as a, 2 as b \\chart bar\n")
    code, _, told = redsh(server, rf"\report {tmp_path}/a.sql")
    assert code == 0, told
    text = (tmp_path / "a.html").read_text()
    rules = [colours(rule) for rule in re.findall(r"\{(--[^}]*)\}", text)]
    rules += [colours(rule) for rule in
              re.findall(r":root\{(?:color-scheme:light dark;)?([^}]*)\}",
                         text)]
    page = [rule for rule in rules if "bg" in rule]
    chart = [rule for rule in rules if "ground" in rule]
    assert len(page) >= 2 and len(chart) == 2
    for rule in page:
        for name in ("fg", "dim", "mark", "bad"):
            assert contrast(rule[name], rule["bg"]) >= 4.5, name
            assert contrast(rule[name], rule["head"]) >= 4.5, name
    for rule in chart:
        for name in ("text", "dim"):
            assert contrast(rule[name], rule["ground"]) >= 4.5
        for ground, count in (("h", 8), ("d", 7)):
            for at in range(count):
                assert contrast(rule[f"t{ground}{at}"],
                                rule[f"{ground}{at}"]) >= 4.5, at


@browser
def test_large_numbers_keep_apart(server, made):
    (made / "numbers.sql").write_text("""
        select 1284503.25 as revenue, 8123 as orders, 158.13 as average,
            0.034 as "a name for which there is no room here" \\chart number
        select 1 as a, 22222222222222 as b, 3.14159 as c, -5 as d, 7 as e,
            8 as f \\chart number
        select 5 as n, 'alone' as k \\chart bar k n""")
    code, _, told = redsh(server, rf"\report {made}/numbers.sql")
    assert code == 0, told
    told = in_browser(made, """
        for (const svg of document.querySelectorAll('svg')) {
            const boxes = [...svg.querySelectorAll('text.k, text.n')].map(
                text => text.getBBox());
            say(boxes.filter((a, at) => boxes.slice(at + 1).some(b =>
                a.x < b.x + b.width && b.x < a.x + a.width &&
                a.y < b.y + b.height && b.y < a.y + a.height)).length);
        }
        say(document.querySelector('text.k title').textContent);
        say(document.querySelector('rect.s0').width.baseVal.value <= 120);
        """, name="numbers.html")
    assert told == ["0", "0", "0", "revenue: 1,284,503.25", "true"]


def test_notes_of_charts_are_told_once(server, tmp_path):
    (tmp_path / "a.sql").write_text(
        "select 'k' || i as k, i as n from generate_series(1, 9) i "
        "\\chart bar --top 3\n")
    code, _, told = redsh(server, rf"\report {tmp_path}/a.sql")
    assert code == 0, told
    texts = Page((tmp_path / "a.html").read_text()).texts
    assert len([text for text in texts if "greatest 3 of 9" in text]) == 1


def test_page_for_screen_readers(made):
    text = (made / "sales.html").read_text()
    page = Page(text)
    assert ("lang", "en") in page.attributes
    assert [tag for tag in page.tags if re.fullmatch("h[1-6]", tag)] == [
        "h1", "h2", "h2", "h2"]
    heads = re.findall(r"<th [^>]*>", text)
    assert heads and all('scope="col"' in head for head in heads)
    assert text.count('role="region" tabindex="0" aria-label=') == 3
    assert '<nav aria-label="Contents">' in text
    assert all("<title>" in svg.split("<style>")[0]
               for svg in text.split("<svg ")[1:])


@browser
def test_links_and_tooltips(made):
    told = in_browser(made, """
        document.querySelectorAll('nav a')[1].click();
        say(location.hash);
        say(document.querySelector(location.hash + ' h2').textContent);
        const bar = document.querySelectorAll('svg')[0]
            .querySelectorAll('rect[class=s0]')[2];
        bar.scrollIntoView();
        const box = bar.getBoundingClientRect();
        const hit = document.elementFromPoint(box.x + box.width / 2,
                                              box.y + box.height / 2);
        say(hit.querySelector('title').textContent);
        say(document.title);
        """)
    assert told == ["#s5", "Hostile", "East: 700",
                    'Sales &amp; "more" &lt;i&gt;']


@browser
@pytest.mark.parametrize("scheme, ground, bar", [
    ("1", "rgb(255, 255, 255)", "rgb(0, 114, 178)"),
    ("0", "rgb(22, 25, 29)", "rgb(86, 168, 224)")])
def test_light_and_dark(made, scheme, ground, bar):
    told = in_browser(made, "say(getComputedStyle(document.body)"
                      ".backgroundColor); say(getComputedStyle("
                      "document.querySelector('svg rect.s0')).fill)",
                      f"--blink-settings=preferredColorScheme={scheme}")
    assert told == [ground, bar]


@browser
def test_a_pdf_has_its_pages(server, made):
    (made / "long.sql").write_text(
        "-- # Long\nselect i from generate_series(1, 200) i;\n")
    code, _, told = redsh(server, rf"\report {made}/long.sql "
                          rf"--pdf {made}/long.pdf")
    assert code == 0, told
    printed = (made / "long.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert 4 <= pages <= 12
    assert not (made / "long.pdf.part").exists()
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-layout", made / "long.pdf",
                               "-"], capture_output=True,
                              check=True).stdout.decode()
        for page in range(1, pages + 1):
            assert re.search(rf"\b{page} ?/ ?{pages}\n", text)
        # The header on each page, beside the title on the first.
        assert text.count("Long") >= pages
        # The head of a table is on each of its pages.
        assert len(re.findall(r"^ +i$", text, re.M)) >= pages - 1
        # The query is folded on the screen, not on paper.
        assert "generate_series" in text


@browser
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext")
def test_no_column_is_cut_off_on_paper(server, made):
    wide = ", ".join(f"'cell {i}' as column_{i}" for i in range(60))
    (made / "wide.sql").write_text(
        f"-- ## Small\nselect 1 as one;\n-- ## Wide\nselect {wide};\n"
        "-- ## Long\nselect repeat('x', 500) || 'end' as long, 2 as two;")
    code, _, told = redsh(server, rf"\report {made}/wide.sql "
                          rf"--pdf {made}/wide.pdf")
    assert code == 0, told
    text = subprocess.run(["pdftotext", "-layout", made / "wide.pdf", "-"],
                          capture_output=True, check=True).stdout.decode()
    for i in range(60):
        assert re.search(rf"\bcell {i}\b", text) and f"column_{i}" in text
    assert "xend" in text and re.search(r"\btwo\b", text)
    # Only the wide one has wide paper.
    sizes = re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)",
                       (made / "wide.pdf").read_bytes())
    assert (b"594", b"841") in sizes
    assert any(int(wide) > 1600 for wide, _ in sizes)
    assert b"/Outlines" in (made / "wide.pdf").read_bytes()


def test_a_pdf_without_a_browser_is_refused_first(server, made, tmp_path):
    (tmp_path / "a.sql").write_text("select 1;")
    code, _, told = redsh(server, rf"\report {tmp_path}/a.sql "
                          rf"--pdf {tmp_path}/a.pdf", path=str(tmp_path))
    assert code == 1
    assert "neither chromium nor google-chrome is installed" in told
    assert not (tmp_path / "a.html").exists()


def fake_browser(folder, script):
    """A chromium that does what the test wants, first on the path."""
    folder.mkdir()
    program = folder / "chromium"
    program.write_text("#!/bin/sh\nfor word; do case $word in "
                       "--print-to-pdf=*) out=${word#*=};; esac; done\n" +
                       script)
    program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_ctrl_c_ends_the_printing(server, tmp_path):
    (tmp_path / "a.sql").write_text("select 1;")
    path = fake_browser(tmp_path / "bin",
                        f"echo > {tmp_path}/begun; exec sleep 100\n")
    environment = {**os.environ, "PGHOST": str(server.dir), "PATH": path,
                   "PGUSER": "tester", "PGDATABASE": "postgres",
                   "HOME": str(server.dir)}
    with subprocess.Popen(
            [REDSH, "-X", "-c", rf"\report {tmp_path}/a.sql "
             rf"--pdf {tmp_path}/a.pdf"], env=environment, text=True,
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while not (tmp_path / "begun").exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        # Its own end is a minute and more away.
        told = process.communicate(timeout=60)[1]
    assert process.returncode != 0 and "cancelled" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.html", "a.sql", "begun", "bin"]


def test_a_pdf_is_made_over_nobodys_file(server, tmp_path):
    (tmp_path / "a.sql").write_text("select 1;")
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "a.pdf.part").symlink_to(tmp_path / "mine")
    path = fake_browser(tmp_path / "bin",
                        'printf "%%PDF-1.4\\n%%%%EOF\\n" > "$out"\n')
    code, _, told = redsh(server, rf"\report {tmp_path}/a.sql "
                          rf"--pdf {tmp_path}/a.pdf", path=path)
    assert code == 0, told
    assert (tmp_path / "a.pdf").read_text() == "%PDF-1.4\n%%EOF\n"
    assert not (tmp_path / "a.pdf").is_symlink()
    assert (tmp_path / "mine").read_text() == "mine"
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "a.pdf").stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.parametrize("script, told", [
    ("select 1;\nselect nosuch;\n", "line 2; nothing was written"),
    ("select 1; select nosuch;\n", "line 1; nothing was written"),
    ("-- \\chart bar\n", "a chart has no statement behind it"),
    ("\\chart bar\n", "line 1: a chart has no statement before it"),
    ("select 1;\n-- Text\n\\chart\n", "line 3: a chart has no statement"),
    ("select 1 \\chart --svg a", 'line 1: a chart line has no option "--svg"'),
    ("select 1 \\chart bar --by a", "HINT:  by COLUMN, --top N"),
    ("select 1 \\g /tmp/x", "line 1: \\g writes no files in a report"),
    ("select 1;\n\\set a-b 1\n", "line 2: the command failed"),
    ("select 1;\n\\i other.sql\n", "line 2: \\i is no command of a report"),
    ("-- \\chart --pie\nselect 1;", "no option \"--pie\""),
    ("-- \\chart --top x\nselect 1;", "--top must be 1 to 1000"),
    ("-- \\chart bar nosuch\nselect 1 as a;", 'no column "nosuch"'),
    ("-- \\nosuch\nselect 1;", "line 1: a comment's only command is"),
    ("\\echo hello\n", "line 1: \\echo is no command of a report"),
    ("\\! touch x\nselect 1;", "line 1: \\! is no command of a report"),
    ("select 1;\ncopy t (a) from stdin;\n", "line 2: COPY from or to the"),
    ("copy (select 1) to\nstdout csv\n", "line 1: COPY from or to the shell"),
    ("", "there is nothing in it"),
    ("select 1;\nselect \0;", "line 2: a byte of value 0: this is no text"),
])
def test_what_is_refused(server, tmp_path, script, told):
    (tmp_path / "a.sql").write_text(script)
    code, _, complaints = redsh(server, rf"\report {tmp_path}/a.sql")
    assert code == 1 and told in complaints
    assert not (tmp_path / "a.html").exists()


def test_names_of_files(server, tmp_path):
    (tmp_path / "a.sql").write_text("select 1")
    code, _, told = redsh(server, rf"\report {tmp_path}/nosuch.sql")
    assert code == 1 and "nosuch.sql" in told
    code, _, told = redsh(
        server, rf"\report {tmp_path}/a.sql {tmp_path}/a.sql")
    assert code == 1 and "written over itself" in told
    (tmp_path / "link.html").symlink_to("a.sql")
    for names in ("./a.sql", "link.html", "a.html --pdf ./a.sql"):
        code, _, told = redsh(
            server, rf"\report {tmp_path}/a.sql {tmp_path}/" +
            names.replace("--pdf ", f"--pdf {tmp_path}/"))
        assert code == 1 and "written over itself" in told
    assert (tmp_path / "a.sql").read_text() == "select 1"
    code, _, told = redsh(
        server, rf"\report {tmp_path}/a.sql {tmp_path}/no/a.html")
    assert code == 1 and "no/a.html" in told
    code, _, _ = redsh(
        server, rf"\report {tmp_path}/a.sql '{tmp_path}/it is.html'")
    assert code == 0 and (tmp_path / "it is.html").exists()


def test_of_many_rows_the_table_holds_a_thousand(server, tmp_path):
    (tmp_path / "a.sql").write_text(
        "-- \\chart hist i\nselect i from generate_series(1, 5000) i")
    code, _, told = redsh(server, rf"\report {tmp_path}/a.sql")
    assert code == 0, told
    page = pathlib.Path(tmp_path / "a.html").read_text()
    assert page.count("<tr>") == 1001
    assert "5,000 rows" in page
    assert "<strong>the first 1,000 are in the table</strong>" in page


COMMANDS = r"""\set region South
\pset null -
\timing on
-- ## Behind
select * from (values ('North', 9), ('South', 80)) t (region, revenue)
where region = :'region' or true \chart bar region revenue --title 'Behind it'
-- ## After
select 2 as two, 3 as three;
\chart number
\chart hbar
-- ## Ended by \g
select :'region' as chosen \g
\unset region
select ':region' as kept, :{?region} as known
\gx
\q
This is not read: \nosuch
"""


def test_commands_of_a_report(server, tmp_path):
    (tmp_path / "a.sql").write_text(COMMANDS)
    code, out, told = redsh(server, rf"\report {tmp_path}/a.sql")
    assert code == 0, told
    assert "4 sections, 3 charts" in out + told
    assert (r"Passed over, for a page has a look of its own: \pset (line 2), "
            r"\timing (line 3).") in out + told
    page = Page((tmp_path / "a.html").read_text())
    assert "Behind it" in page.texts
    assert "South: 80" in page.texts and "South" in page.texts
    assert ":region" in page.texts and "FALSE" not in page.texts
    assert page.tags.count("svg") == 3 and page.tags.count("table") == 4
    assert not any("nosuch" in text for text in page.texts)


def test_times_are_told_by_the_page_alone(server, tmp_path):
    (tmp_path / "two.sql").write_text("select 1;\nselect 2;\n")
    code, out, told = redsh(server, rf"\report {tmp_path}/two.sql", "-c",
                            r"\timing on")
    assert code == 0 and "2 sections" in out + told
    assert "Time:" not in out + told


def test_variables_in_titles_and_texts(server, tmp_path):
    (tmp_path / "a.sql").write_text(
        "-- # Sales of :quarter\n-- ## :quarter, not ::quarter or 10:30\n"
        "-- it's :'quarter' and :nosuch, \":quarter\"\n"
        "-- \\chart bar :x --title 'By :quarter'\n"
        "select 'a' as \"my k\", 1 as n;\n"
        "\\set quarter Q4\n-- ## Now :quarter\n")
    code, _, told = redsh(server, rf"\report {tmp_path}/a.sql",
                          "-v", "quarter=<Q3> ' --log", "-v", "x=my k")
    assert code == 0, told
    texts = Page((tmp_path / "a.html").read_text()).texts
    assert "Sales of <Q3> ' --log" in texts
    assert "<Q3> ' --log, not ::quarter or 10:30" in texts
    assert "it's :'quarter' and :nosuch, \"<Q3> ' --log\"" in texts
    assert "By <Q3> ' --log" in texts and "a: 1" in texts
    assert "Now Q4" in texts


def test_a_file_of_windows(server, tmp_path):
    (tmp_path / "a.sql").write_bytes(
        b"\xef\xbb\xbf-- # Title\r\n-- Text\r\n--\r\n-- More\r\n\r\n"
        b"-- \\chart bar\r\nselect 'a' as k,\r\n2 as n;\r\n")
    code, _, told = redsh(server, rf"\report {tmp_path}/a.sql")
    assert code == 0, told
    page = Page((tmp_path / "a.html").read_bytes().decode())
    assert {"Title", "Text", "More", "a: 2"} <= set(page.texts)


def test_the_same_file_is_a_script(server, tmp_path):
    # A script keeps no results: charts stand behind their statements.
    (tmp_path / "a.sql").write_text(re.sub(r"(?m)^\\chart.*\n", "", COMMANDS))
    code, out, told = redsh(server, rf"\i {tmp_path}/a.sql")
    assert code == 0, told
    assert told == ""
    assert "Behind it" in out and "kept  | :region" in out


def test_nothing_to_draw_is_told_in_the_page(server, tmp_path):
    (tmp_path / "a.sql").write_text(
        "select 1 as a, 2 as b where false \\chart bar a b\n"
        "select null::text as k, null::int as n \\chart\n"
        "select 1 as one \\chart number\n")
    code, _, told = redsh(server, rf"\report {tmp_path}/a.sql")
    assert code == 0, told
    page = Page((tmp_path / "a.html").read_text())
    text = "".join(page.texts)
    assert "No chart: the result has no rows: there is nothing to draw." in text
    assert "No chart: every value is null" in text
    assert page.tags.count("svg") == 1


def test_rows_of_several_results_are_added_up(server, tmp_path):
    (tmp_path / "a.sql").write_text(
        "select i from generate_series(1, 3) i\\; select 'second';\n")
    code, _, told = redsh(server, rf"\report {tmp_path}/a.sql --rows 2")
    assert code == 0, told
    page = (tmp_path / "a.html").read_text()
    assert ">4 rows, " in page and "second" in page
    assert "the first 2 are in the table" in page
    code, _, told = redsh(server, rf"\report {tmp_path}/a.sql --rows 3")
    assert "in the table" not in (tmp_path / "a.html").read_text()


def test_rows_of_tables(server, tmp_path):
    (tmp_path / "a.sql").write_text(
        "select i from generate_series(1, 1500) i \\chart hist i\n")
    counts = {}
    for rows in ("0", "1", "1500", "100000"):
        code, _, told = redsh(
            server, rf"\report {tmp_path}/a.sql --rows {rows}")
        assert code == 0, told
        page = (tmp_path / "a.html").read_text()
        counts[rows] = page.count("<tr>")
        assert ("in the table" in page) == (rows == "1")
        assert "1,500 rows" in page
    assert counts == {"0": 0, "1": 2, "1500": 1501, "100000": 1501}
    for rows in ("-1", "100001", "all"):
        code, _, told = redsh(
            server, rf"\report {tmp_path}/a.sql --rows {rows}")
        assert code == 1 and "--rows must be" in told
