"""\\copyfrom and \\copyto from what is typed to the exact statement, and what
is refused with the reason: without a server, without AWS."""

import csv
import os
import pathlib
import subprocess

import pytest

REDSH = os.environ["REDSH"]
CASES = pathlib.Path(__file__).resolve().parent.parent / "cases"
SET = ("\\set src 's3://lake/from var'\n\\set tab staging.orders\n"
       "\\set na 'it''s'\n")


def read(name):
    """(line, statement) of a case file."""
    text = (CASES / "copy_lines" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    cases = "".join(line + "\n" for line in lines).split("\n--\n")
    return [tuple(case.split("\n", 1)) for case in cases if case.strip()]


def answers(command, lines):
    """What each line prints and says, of one run."""
    script = SET + "".join(
        f"\\echo @@{i}\n\\warn @@{i}\n{command} {line}\n"
        for i, line in enumerate(lines)) + "\\echo @@end\n\\warn @@end\n"
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("AWS_", "PG"))}
    done = subprocess.run([REDSH, "-X", "--offline"], input=script, text=True,
                          capture_output=True, check=False, env=env)
    return list(zip(parts(done.stdout, len(lines)),
                    parts(done.stderr, len(lines)), strict=True))


def parts(text, count):
    found = []
    for i in range(count):
        begin = text.index(f"@@{i}\n") + len(f"@@{i}\n")
        end = "@@end\n" if i == count - 1 else f"@@{i + 1}\n"
        found.append(text[begin:text.index(end, begin)])
    return found


@pytest.mark.parametrize("name, command", [
    ("copyfrom.txt", "\\copyfrom --print --no-sniff"),
    ("copyto.txt", "\\copyto --print")])
def test_from_intent_to_text(name, command):
    cases = read(name)
    wrong = [(line, wanted, printed, said)
             for (line, wanted), (printed, said)
             in zip(cases, answers(command, [line for line, _ in cases]),
                    strict=True)
             if (printed, said) != (wanted + "\n", "")]
    assert not wrong


def test_a_pattern_that_cannot_be_looked_at_is_a_manifest(tmp_path):
    """COPY would take its * as it is."""
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("AWS_", "PG"))}
    done = subprocess.run(
        [REDSH, "-X", "-c", "\\copyfrom --print --stage s3://lake/st/ t "
         "s3://lake/2024-*/x?.csv.gz csv gzip"], text=True,
        capture_output=True, check=False,
        env=env | {"HOME": str(tmp_path),
                   "AWS_EC2_METADATA_DISABLED": "true"})
    assert done.returncode == 0
    assert done.stdout == (
        "copy t\nfrom 's3://lake/st/redsh-stage/ID/files.manifest'\n"
        "iam_role default\nmanifest csv gzip;\n")
    assert "no AWS credentials" in done.stderr


# --- refusals ---

def table(name):
    with open(CASES / "redshift" / name, encoding="utf-8",
              newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t",
                               quoting=csv.QUOTE_NONE))


def refusals(name):
    with open(CASES / "copy_lines" / name, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file
                if not line.startswith("#") and line.strip()]


@pytest.mark.parametrize("name, command", [
    ("copyfrom_refused.tsv", "\\copyfrom --print --no-sniff"),
    ("copyto_refused.tsv", "\\copyto --print")])
def test_refusals_say_why(name, command):
    cases = refusals(name)
    wrong = [(line, wanted, printed, said)
             for (line, wanted), (printed, said)
             in zip(cases, answers(command, [case[0] for case in cases]),
                    strict=True)
             if printed != "" or wanted not in said]
    assert not wrong


def test_a_refusal_ends_a_command_with_one():
    done = subprocess.run([REDSH, "-X", "--offline", "-c",
                           "\\copyfrom --print t s3://lake/k csv parquet"],
                          capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert "PARQUET" in done.stderr
