"""The sales story (share/demo/sales.sql), as tools/demo runs it: a data set of
Kaggle, a platform, loads, charts, a dashboard and its report, and nothing left
behind; twice, so that the first left nothing in the way of the second."""

import os
import pathlib
import re
import subprocess

import pytest

REDSH = os.environ["REDSH"]
SANDBOX = os.environ["REDSH_SANDBOX"]
STORY = pathlib.Path(os.environ["REDSH_SHARE"]) / "demo/sales.sql"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("story")
    (folder / "home").mkdir()
    subprocess.run([SANDBOX, "start", "--dir", folder / "sb"], check=True,
                   capture_output=True, timeout=120)
    yield folder
    subprocess.run([SANDBOX, "stop", "--dir", folder / "sb"], check=False,
                   capture_output=True, timeout=120)


def redsh(place, *options):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("AWS_", "KAGGLE_", "PG", "XDG_"))}
    environment |= {"HOME": str(place / "home"), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [REDSH, "-X", f"--sandbox={place / 'sb'}", *options], check=False,
        env=environment, cwd=place, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    return done.returncode, done.stdout.decode()


def tell(place, name, *options):
    code, out = redsh(place, "-v", f"folder={place / name}", *options,
                      "-f", str(STORY))
    assert code == 0, out
    return out


STEPS = [
    # The platform, and Kaggle's files in its bucket.
    r"(?m)^ added +\| Workgroup +\| AWS::RedshiftServerless::Workgroup",
    r"role arn:aws:iam::\d+:role/sales-story-CopyRole-\w+",
    r'You are now connected to database "sales" as user "IAM:sandbox"',
    r"(?m)^kaggle: 11 files, 1\.4 MiB",
    # Loads under the platform's role.
    r" order_date  \| TIMESTAMP",
    r"checked: role sales-story-CopyRole-\w+ is attached and may list, read",
    r"from 's3://sales-story-databucket-\w+/raw/customers\.csv'\n"
    r"iam_role 'arn:aws:iam::\d+:role/sales-story-CopyRole-\w+'\n"
    r"csv ignoreheader 1 encoding iso88591 dateformat 'MM/DD/YYYY';",
    r" Zoë Bélanger \| Lyon ",
    r"csv gzip ignoreheader 1 timeformat 'MM/DD/YYYY HH:MI';",
    r"28,359 rows from 4 files",
    r"orders_2024_3\.csv, line 1664\n",
    r"117997,1,7/31/2024 10:14,257,P0041,two,66\.75,0\.15,store,",
    r"20,266 rows from 4 files",
    r" 2024-01-01 \| 20267 \|   9221",
    # Answers as charts.
    r"revenue by month and region\n██ America  ▒▒ Europe",
    r"(?m)^2 Mon [·░▒▓█]+ 225k [·░▒▓█]+ 215k",
    r"Chart written to \S+/revenue\.svg",
    r"108 rows, 2\.4 KiB in \S+/revenue\.csv",
    r"\n2022-01,phone,11695\.39\n",
    # The dashboard, and what is left.
    r'Dashboard "Sales" published',
    r"\nHome,1766760\.64\nKitchen,1246131\.79\nOffice,2642117\.01\n"
    r"Outdoor,729510\.98\nThe dashboard and the query say the same\.\n",
    r"(?m)^table +\| orders_raw\nstatus +\| completed\nrows +\| 28359$",
    r'Deleted: dashboard "Sales", its analysis, 1 data set',
    r"(?m)^ DataBucket +\| AWS::S3::Bucket .* goes, with all its objects",
    r"\nThat was the story\.\n$",
]


@pytest.mark.parametrize("time", ["first", "second"])
def test_the_story_runs_to_its_end(place, time):
    out = tell(place, time)
    at = 0
    for step in STEPS:
        found = re.compile(step).search(out, at)
        assert found, f"no {step!r} in\n{out[at:]}"
        at = found.end()
    assert "warning:" not in re.sub(r"warning: 1 line did not load.*", "", out)
    assert (place / time / "dashboard.pdf").read_bytes().startswith(b"%PDF")
    assert (place / time / "revenue.svg").read_text().startswith("<svg")
    code, left = redsh(place, "-A", "-t", "-c", r"\s3ls",
                       "-c", r"\quicksight dashboards",
                       "-c", r"\quicksight datasources")
    assert code == 0
    assert "sales-story" not in left and "Sales" not in left
    saved = place / "home/.config/redsh/connections.conf"
    assert "[sales-story]" not in saved.read_text()


def test_what_was_made_can_be_kept(place):
    out = tell(place, "kept", "-v", "keep=1")
    assert "Kept: the dashboard Sales" in out
    code, out = redsh(place, "-A", "-t", "-c", r"\c @sales-story",
                      "-c", "select count(*) from sales")
    assert code == 0 and "48626" in out
