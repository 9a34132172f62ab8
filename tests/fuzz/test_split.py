"""redsh and packaged psql agree on the statements they send for some hundred
texts made of cut and mutated scripts, in both string modes; tests/fuzz/run
does so for as long as wanted. FUZZ_SEED and FUZZ_COUNT change which."""

import os

import pytest

import split_fuzz
from texts import Maker, hard_pieces, harmless

SEED = int(os.environ.get("FUZZ_SEED", "1"))
COUNT = int(os.environ.get("FUZZ_COUNT", "400"))
TOGETHER = 50


@pytest.fixture(name="pair", scope="module")
def fixture_pair():
    if not os.access(split_fuzz.PSQL, os.X_OK):
        pytest.skip("no psql")
    pair = split_fuzz.Pair(os.environ["REDSH"])
    yield pair
    pair.stop()


def test_the_recorder_sees_what_is_sent(pair):
    asked = pair.compare(["select 1; select 'a\\';"], "on")
    assert asked == ([], asked[1], asked[1])
    assert asked[1][0] == [b"Qselect 1;\0", b"Qselect 'a\\';\0",
                           b"Qtext 0 ended\0"]


def test_the_string_modes_are_told_apart(pair):
    found = pair.compare(["select 'a\\'; select 2;"], "off")
    assert found[0] == []
    assert found[2][0] == [b"Qselect 'a\\'; select 2;\0", b"Qtext 0 ended\0"]


def test_variables_that_cannot_be_are_told_alike(pair):
    text = ("\\set x a\udcc3\nselect :'x', :\"x\";\n\\echo :'x'\n"
            "\\set y :x/\nselect :'y';\n"
            "\\set a ':a'\nselect :a;\n")
    for mode in ("on", "off"):
        found = pair.compare([text], mode)
        assert found[0] == [] and found[1][4] == found[2][4]
        assert found[2][4].count(b"multibyte character") == 4
        assert found[2][4].count(b"recursive expansion") == 1


def test_each_hard_piece_is_sent_alike(pair):
    texts = [harmless(text) for text in hard_pieces()]
    told = []
    for mode in ("on", "off"):
        for text in texts:
            found = pair.compare([text], mode)
            if found[0]:
                split_fuzz.tell(text, mode, *found, told.append)
    assert not told, "\n".join(told)


def test_mutated_scripts_are_sent_alike(pair):
    print("seed", SEED)
    told = []
    split_fuzz.run(pair, Maker(SEED), COUNT, TOGETHER, told.append)
    assert not told, "\n".join(told)
