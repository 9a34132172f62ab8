"""Texts for the splitter: pieces of scripts cut, mutated and put together, in
an order that the seed decides. Bytes that are no UTF-8 are surrogates here;
encoded() gives the bytes."""

import os
import pathlib
import random
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "cli"))
from private_postgres import psql_minor   # noqa: E402

# psql before 15.19 cuts them otherwise where \\; or parentheses are inside.
BODY = re.compile(r"create.*(function|procedure)", re.I | re.S)
SEEDS = ("tests/cases/psql/**/*.sql", "tests/cases/dialect/*.sql",
         "share/demo/*.sql")
# PostgreSQL's own scripts, where they are installed; FUZZ_SEEDS names more.
MORE_SEEDS = ("/usr/share/postgresql/15", os.environ.get("FUZZ_SEEDS"))
LONGEST = 700

QUOTES = ("'", "''", '"', '""', "$$", "$a$", "$é$", "$_1$", "$", "$1", "E'",
          "e'", "U&'", "u&'", 'U&"', 'u&"', "B'", "x'", "N'", "n'", "\\'",
          "uescape '!'", "'\n'", "' '", "'--\n'", "`")
COMMENTS = ("/*", "*/", "--", "/*/", "*/*", "--/*\n", "/*--*/")
BLANKS = ("\n", "\r\n", "\n\n", "\r", "\t", " ", "\v", "\f", "\u00a0")
SIGNS = (";", "\\;", "\\:", "(", ")", ":", "::", "}", "\\", "\\\\", "&", "@",
         "~", "?", "!", "%", "^", ".", "*", "/", "-", "+", "<", "|", "[", "]",
         ";;", "\\;\\;")
VARIABLES = (":x", ":'x'", ':"x"', ":{?x}", ":semi", ":quote", ":{?", ":é",
             ":1", ":_", "::'x'", ":x:'x':\"x\"", ":open", ":'back'",
             "\\set x ", "\\set y :x :x\n", "\\set x ':y'\n",
             "\\set open '/* '\n", "\\set quote ''''\n",
             "\\set back 'a\\\\b'\n", "\\unset x\n", "\\gset\n",
             "\\gset p_\n")
WORDS = ("create ", " function ", " procedure ", " or replace ", " begin ",
         " end ", " case ", " atomic ", "BEGIN ATOMIC ", "END;", " return ",
         "language sql ", "as $$ ", "declare ", "1", "e", "1.", "0x", "1_0",
         "é", "漢")
COMMANDS = ("\\g ", "\\r ", "\\p ", "\\q\n", "\\if true\n", "\\if false\n",
            "\\else\n", "\\elif 1\n", "\\endif\n", "\\if :x\n",
            "\\if :{?x}\n", "\\if", "\\endif", "\\else", "\\elif", "\\echo ",
            "\\zz ", "\\.\n", "\\gexec\n", "\\gx ", "\\crosstabview\n",
            "\\p \\r ", "\\a\n", "\\t\n", "\\x\n", "\\errverbose\n")
BYTES = ("\udcff", "\udcc3", "\udce6\udcbc", "\udced\udca0\udc80", "\x01",
         "\x1b", "\x7f", "\u202e", "\u0301", "🙂", "\ufeff")
INSERTED = (QUOTES, QUOTES, COMMENTS, BLANKS, SIGNS, SIGNS, VARIABLES, WORDS,
            COMMANDS, BYTES)

COPY_WORDS = ("t", "from", "to", "copy", "stdin", "a.b", '"x"', "(x, y)",
              "/* c */", "1", "(select 1 from t)", "'f'", "\n", "only", ".",
              "-- c\n", "é")
COPY_ENDS = (";\n", "\\; a;\n", "\\;\na\\g\n", " with csv;\n", "\\g\n", ";b;\n")
COPY_DATA = ("", "1\t2\n\\.\n", "x;\n\\.\n", "\\.\n", "y;\r\n\\.\r\n",
             " \\.\nz;\n\\.\n")

# Commands that touch neither files nor catalogs and are the same in both;
# one letter alone is also what an escape in a literal looks like. (Not \warn:
# psql writes its words before it has read the last of them.)
HARMLESS = {"g", "gx", "r", "p", "q", "if", "elif", "else", "endif", "echo",
            "qecho", "set", "unset", "gset", "gexec", "zz", "x", "t", "n",
            "reset", "quit", "print", "a", "C", "crosstabview", "errverbose"}
COMMAND = re.compile(r"\\([A-Za-z_!?]+)")
WRITES = re.compile(r"(?<=\\g)[^\n]*")
STANDARD = re.compile("std(in|out)", re.I)
RENAMED = {
    "`": "'", "\0": " ",
    # Each program has a server of its own.
    "HOST": "HAST",
    # psql 15 declares cursors for it, redsh does not.
    "FETCH_COUNT": "FETCH_SOME",
    # What begins a block is not what psql thinks, but what Redshift does.
    "AUTOCOMMIT": "AUTO_COMMIT",
    # It would leave the texts behind this one unread.
    "ON_ERROR_STOP": "ON_ERROR_STAY",
}


def harmless(text):
    """The text without commands that would do something to this machine, and
    without what is known to differ."""
    for old, new in RENAMED.items():
        text = text.replace(old, new)
    # Where a statement without words follows COPY FROM STDIN, psql 15.20
    # takes it for another COPY and passes over the script to its end. What
    # COPY does is compared with Maker.copies.
    text = STANDARD.sub("stdx", text)
    text = COMMAND.sub(
        lambda m: m[0] if m[1] in HARMLESS else "\\zz" + m[1][1:], text)
    # \g writes to a file or a command.
    return WRITES.sub(lambda m: re.sub(r"[/|!~.]", "_", m[0]), text)


def encoded(text):
    return text.encode(errors="surrogateescape")


def hard_pieces():
    """Texts that once differed or came near: each is compared as it is."""
    hard = (TESTS / "fuzz/hard.txt").read_bytes()
    texts = hard.decode(errors="surrogateescape").split("%%\n")
    return [text for text in texts
            if psql_minor() >= 19 or not BODY.search(text)]


def pieces():
    """What texts are made of, in an order that stays."""
    found = hard_pieces() * 3
    for pattern in SEEDS:
        for path in sorted(TESTS.parent.glob(pattern)):
            found.append(path.read_bytes().decode(errors="surrogateescape"))
    for folder in filter(None, MORE_SEEDS):
        for path in sorted(pathlib.Path(folder).glob("**/*.sql")):
            script = path.read_bytes().decode(errors="surrogateescape")
            found += re.split(r"\n\s*\n", script)
    return found


class Maker:
    """Texts in an order that the seed decides."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.pieces = pieces()

    def cut(self, text, longest):
        size = self.random.randint(1, longest)
        at = self.random.randrange(max(1, len(text) - size + 1))
        return text[at:at + size]

    def piece(self):
        text = self.random.choice(self.pieces)
        if len(text) > 300 or self.random.random() < 0.3:
            text = self.cut(text, 120)
        return text

    def inserted(self):
        return self.random.choice(self.random.choice(INSERTED))

    def mutate(self, text):
        choose = self.random
        at = choose.randrange(len(text) + 1)
        to = min(len(text), at + choose.randint(1, 12))
        match choose.randrange(6):
            case 0:
                return text[:at] + text[to:]
            case 1 | 2:
                return text[:at] + self.inserted() + text[at:]
            case 3:
                return text[:at] + self.inserted() + text[to:]
            case 4:
                return text[:at] + text[at:to] * 2 + text[to:]
            case _:
                return text[:at] + self.cut(self.piece(), 10) + text[at:]

    def soup(self):
        """Nothing but what means something."""
        return "".join(self.inserted()
                       for _ in range(self.random.randint(2, 25)))

    def text(self):
        choose = self.random
        if choose.random() < 0.2:
            return harmless(self.soup())
        parts = []
        for _ in range(choose.randint(1, 4)):
            parts.append(self.piece())
            parts.append(self.inserted() if choose.random() < 0.3
                         else choose.choice(("", "\n", " ")))
        text = "".join(parts)
        for _ in range(choose.randrange(9)):
            text = self.mutate(text)
        if choose.random() < 0.1:
            text = text.replace("\n", "\r\n")
        if choose.random() < 0.05:
            return self.copies()
        return harmless(text[:LONGEST])

    def copies(self):
        """COPY with data behind it, some of which the server never asks for.
        Each statement has a word, so that psql forgets the COPY before."""
        choose = self.random
        out = []
        for _ in range(choose.randint(1, 4)):
            words = ["copy" if choose.random() < 0.9 else "a"]
            for _ in range(choose.randint(0, 4)):
                words.append(choose.choice(COPY_WORDS))
            if choose.random() < 0.8:
                words += ["from", choose.choice(("stdin", "STDOUT"))]
            out.append(" ".join(words))
            out.append(choose.choice(COPY_ENDS))
            out.append(choose.choice(COPY_DATA))
            out.append("c;\n")
        return "".join(out)
