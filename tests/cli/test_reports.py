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


def in_browser(made, script, *options):
    """What a script that runs on the page writes into #told."""
    page = made / "clicked.html"
    page.write_text((made / "sales.html").read_text().replace(
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
        table.querySelectorAll('th span')[0].dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Enter'}));
        say(column());
        const other = document.querySelectorAll('table')[1];
        other.querySelectorAll('th span')[1].click();
        other.querySelectorAll('th span')[1].click();
        say([...other.tBodies[0].rows].map(row => row.cells[1].textContent));
        """)
    assert told == ["9 80 700", "700 80 9", "descending", "700 9 80",
                    "10,2,null"]


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
    path = fake_browser(tmp_path / "bin", 'echo printed > "$out"\n')
    code, _, told = redsh(server, rf"\report {tmp_path}/a.sql "
                          rf"--pdf {tmp_path}/a.pdf", path=path)
    assert code == 0, told
    assert (tmp_path / "a.pdf").read_text() == "printed\n"
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
    ("select 1 \\g /tmp/x", "line 1: \\g writes no files in a report"),
    ("select 1;\n\\set a-b 1\n", "line 2: the command failed"),
    ("select 1;\n\\i other.sql\n", "line 2: \\i is no command of a report"),
    ("-- \\chart --pie\nselect 1;", "no option \"--pie\""),
    ("-- \\chart --top x\nselect 1;", "--top must be 1 to 1000"),
    ("-- \\chart bar nosuch\nselect 1 as a;", 'no column "nosuch"'),
    ("-- \\nosuch\nselect 1;", "line 1: a comment's only command is"),
    ("\\echo hello\n", "line 1: \\echo is no command of a report"),
    ("\\! touch x\nselect 1;", "line 1: \\! is no command of a report"),
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
