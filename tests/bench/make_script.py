#!/usr/bin/python3
"""Writes a script of long statements full of quotes and comments, as dumps
and hand-written loads have them, to see what cutting it costs.

usage: make_script.py MEGABYTES > script.sql
"""
import sys

STATEMENT = 84_000    # bytes
LINES = (
    "  ({n}, 'North; ''Sea'' coast', 1234.50, '2024-01-{d:02}', null),\n",
    "  ({n}, 'Hamburg', {d}.25, '2024-02-{d:02}', 'returned'), -- see note {n}\n",
    "  ({n} + 1, 'x' || 'y', (7 * ({d} - 2) + 3) / 4.5 - (1 - 0.19) * 12, "
    "'2024-03-{d:02}', ''),\n",
    "  /* block {n}: prices are net;\n     'tax' is added later */\n",
    "  ({n}, 'a longer description of an article in the catalogue, with -- "
    "dashes', 17, '2024-04-{d:02}', 'open'),\n",
    "  (2 * {n}, $$it's plain$$, case when {d} > 7 and {n} <> 3 then -7e3 "
    "else 2 * {d} end, '2024-05-{d:02}', 'a' || 'b'),\n",
    "  -- the next rows come from the branch in the south; see \"orders\"\n",
    "  (({n} - 3) * 2, upper('kiel'), abs(-{d}) + 2.5 * (3 + 4), "
    "'2024-06-{d:02}', coalesce(null, 'new')),\n",
)


def statement(number):
    parts = ["select count(*) from (values\n"]
    size = 0
    while size < STATEMENT:
        line = LINES[number % len(LINES)].format(n=number, d=number % 28 + 1)
        parts.append(line)
        size += len(line)
        number += 1
    parts.append("  (0, '', 0, '', '')) as orders(id, city, amount, day, state)\n"
                 "where orders.id > 17 and amount between 1 and 1e6;\n\n")
    return "".join(parts), number


def main():
    wanted = int(sys.argv[1]) * 1_000_000
    written = number = 0
    while written < wanted:
        text, number = statement(number)
        sys.stdout.write(text)
        written += len(text)


main()
