"""A few texts of the splitter's fuzzer in each run of the tests, the same ones
each time; tests/fuzz/run goes on for as long as wanted."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import split_fuzz  # noqa: E402

COUNT = 120
TOGETHER = 40


def test_both_shells_send_the_same():
    pair = split_fuzz.Pair(os.path.abspath(os.environ["REDSH"]))
    maker = split_fuzz.Maker(7)
    found = []
    try:
        for _ in range(COUNT // TOGETHER):
            split_fuzz.run(pair, maker, TOGETHER, TOGETHER, found.append)
    finally:
        pair.stop()
    assert not found, "\n".join(map(str, found))
