"""Command lines that psql and redsh must answer alike: arguments and what
stands on standard input. The test is test_psql_compare.py.
"""

A = ("a.sql", b"select 'a' as file;\nselect 1/0;\nselect 'after' as a;\n")
B = ("b.sql", b"select 'b' as file;\n")
ARGS = {
    "one select": (["-c", "select 1"], b""),
    "two commands in order": (["-c", "select 1", "-c", "select 2"], b""),
    "file between commands": (
        ["-c", "select 1", "-f", "b.sql", "-c", "select 3"], b""),
    "backslash command": (["-c", r"\echo hello there"], b""),
    "backslash then backslash": (["-c", r"\echo a \\ \echo b"], b""),
    "several statements in one string": (
        ["-c", "select 1; select 2 as b; select 'x' as c"], b""),
    "error in the middle of a string": (
        ["-c", "select 1; select 1/0; select 2"], b""),
    "failing command then another": (
        ["-c", "select 1/0", "-c", "select 2"], b""),
    "stop at the failing command": (
        ["-v", "ON_ERROR_STOP=1", "-c", "select 1/0", "-c", "select 2"], b""),
    "stop in a file": (["-v", "ON_ERROR_STOP=1", "-f", "a.sql"], b""),
    "stop in a file then another": (
        ["-v", "ON_ERROR_STOP=1", "-f", "a.sql", "-f", "b.sql"], b""),
    "errors in a file": (["-f", "a.sql", "-f", "b.sql"], b""),
    "missing file": (["-f", "nosuch.sql"], b""),
    "missing file then command": (
        ["-f", "nosuch.sql", "-c", "select 1"], b""),
    "single transaction": (
        ["-1", "-c", "create table t (a int)", "-c",
         "insert into t values (1)", "-c", "select * from t"], b""),
    "single transaction that fails": (
        ["-1", "-c", "create table t (a int)", "-c", "select 1/0", "-c",
         "select 2"], b""),
    "single transaction that stops": (
        ["-1", "-v", "ON_ERROR_STOP=1", "-c", "create table t (a int)", "-c",
         "select 1/0", "-c", "select 2"], b""),
    "single transaction over a file": (["-1", "-f", "a.sql"], b""),
    "quiet": (["-q", "-c", "create table t (a int)"], b""),
    "tag": (["-c", "create table t (a int)"], b""),
    "insert tag": (
        ["-c", "create table t (a int); insert into t values (1), (2)"], b""),
    "insert returning": (
        ["-c", "create table t (a int)", "-c",
         "insert into t values (1), (2) returning a"], b""),
    "unaligned": (["-A", "-c", "select 1 as a, 'x' as b"], b""),
    "unaligned with separator": (
        ["-A", "-F", ";", "-c", "select 1 as a, 'x' as b"], b""),
    "record separator": (
        ["-A", "-R", "#", "-c", "select 1 as a union all select 2"], b""),
    "zero bytes": (
        ["-A", "-z", "-0", "-c", "select 1 as a, 2 as b"], b""),
    "tuples only": (["-t", "-c", "select 1 as a, 'x' as b"], b""),
    "tuples only unaligned": (["-At", "-c", "select 1, null, 'x'"], b""),
    "expanded": (["-x", "-c", "select 1 as a, 'x' as bcd"], b""),
    "csv": (["--csv", "-c", "select 1 as a, 'x,\"y\"' as b, null as c"], b""),
    "html": (["-H", "-c", "select '<b>' as a"], b""),
    "html attributes": (
        ["-H", "-T", "border=9", "-c", "select 1 as a"], b""),
    "html tag": (["-H", "-c", "create table t (a int)"], b""),
    "pset by option": (
        ["-P", "null=NIL", "-P", "border=2", "-c", "select null as a"], b""),
    "unknown pset": (["-P", "nosuch=1", "-c", "select 1"], b""),
    "bad pset value": (["-P", "expanded=maybe", "-c", "select 1"], b""),
    "variable": (
        ["-v", "x=it's", "-f", "-"],
        b"select :'x' as a, :\"x\" as \"b\";\\echo :x :nosuch ::int\n"),
    "variable unset": (["-v", "x=1", "-v", "x", "-f", "-"], b"\\echo :x\n"),
    "variable is not replaced in -c": (
        ["-v", "x=1", "-c", "select :x"], b""),
    "bad variable name": (["-v", "a-b=1", "-c", "select 1"], b""),
    "bad hooked variable": (["-v", "AUTOCOMMIT=maybe", "-c", "select 1"],
                            b""),
    "echo all": (["-a", "-f", "b.sql"], b""),
    "echo all on stdin": (["-a"], b"select 1;\n\n-- comment\nselect 2;\n"),
    "echo queries": (["-e", "-f", "b.sql"], b""),
    "echo errors": (["-b", "-f", "a.sql"], b""),
    "echo all with -c": (["-a", "-c", "select 1"], b""),
    "output file": (["-o", "out.txt", "-c", "select 1 as a"], b""),
    "output pipe": (["-o", "|cat >piped.txt", "-c", "select 1 as a"], b""),
    "output nowhere": (["-o", "no/such/folder", "-c", "select 1 as a"], b""),
    "log file": (
        ["-L", "log.txt", "-c", "select 1 as a", "-c",
         "create table t (a int)"], b""),
    "log file with another format": (
        ["-L", "log.txt", "--csv", "-c", "select 1 as a"], b""),
    "single line": (["-S"], b"select 1\nselect 2\n"),
    "single step": (["-s", "-f", "b.sql"], b"\n"),
    "single step refused": (["-s", "-f", "b.sql"], b"x\n"),
    "stdin": ([], b"select 1;\nselect 2;\n"),
    "stdin without last semicolon": ([], b"select 1;\nselect 2"),
    "stdin with errors": ([], b"select 1/0;\n\\nosuch\nselect 3;\n"),
    "stdin with stop": (["-v", "ON_ERROR_STOP=on"],
                        b"select 1/0;\nselect 3;\n"),
    "stdin as a file": (["-f", "-"], b"select 1/0;\n\\nosuch\nselect 3;\n"),
    "empty stdin": ([], b""),
    "dbname and user": (["-c", r"\echo :DBNAME :USER", "postgres", "tester"],
                        b""),
    "extra argument": (["-c", "select 1", "postgres", "tester", "more"],
                       b""),
    "conninfo as database": (
        ["-c", r"\echo :DBNAME", "dbname=template1"], b""),
    "uri as database": (
        ["-d", "postgresql:///template1", "-c", r"\echo :DBNAME"], b""),
    "no such database": (["-d", "nosuch", "-c", "select 1"], b""),
    "no such user": (["-U", "nosuch", "-c", "select 1"], b""),
    "no such host": (["-h", "/nonexistent", "-c", "select 1"], b""),
    "port closed": (["-h", "127.0.0.1", "-p", "1", "-c", "select 1"], b""),
    "bad conninfo": (["-d", "host=x nosuch=1", "-c", "select 1"], b""),
    "wrong option": (["--nosuch"], b""),
    "wrong letter": (["-y"], b""),
    "caret": (["-c", "select 1 from nosuch"], b""),
    "caret on a later line": (["-c", "select 1,\n  2\n from nosuch"], b""),
    "caret in wide text": (["-c", "select 'ä漢', nosuch"], b""),
    "verbose": (["-v", "VERBOSITY=verbose", "-c", "select nosuch"], b""),
    "terse": (["-v", "VERBOSITY=terse", "-c", "select nosuch"], b""),
    "sqlstate": (["-v", "VERBOSITY=sqlstate", "-c", "select nosuch"], b""),
    "empty command": (["-c", ""], b""),
    "only a comment": (["-c", "-- nothing"], b""),
    "only a semicolon": (["-c", ";"], b""),
    "meta command that fails": (["-c", r"\nosuch"], b""),
    "quit": (["-c", r"\q"], b""),
    "if is not closed": (["-f", "-"], b"\\if true\nselect 1;\n"),
    "if is not closed and stop": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\if true\nselect 1;\n"),
    "copy from stdin": (
        [], b"create table t (a int, b text);\ncopy t from stdin;\n1\tx\n"
        b"2\ty\n\\.\nselect * from t;\n"),
    "copy from a script": (
        ["-f", "-"], b"create table t (a int);\ncopy t from stdin;\nx\n"
        b"\\.\nselect 1;\n"),
    "copy to stdout": ([], b"copy (select 1, 'a' union all select 2, null) "
                       b"to stdout;\n"),
    "long output": (["-At", "-c", "select generate_series(1, 20000)"], b""),
    "late error": (
        ["-At", "-c", "select 1/(500 - x) from generate_series(1, 1000) x"],
        b""),
    "late error aligned": (
        ["-c", "select 1/(500 - x) from generate_series(1, 1000) x"], b""),
    "lost connection": (
        ["-f", "-"],
        b"select 1;\nselect pg_terminate_backend(pg_backend_pid());\n"
        b"select 2;\n"),
    "lost connection by -c": (
        ["-c", "select pg_terminate_backend(pg_backend_pid())",
         "-c", "select 2"], b""),
    "notice": (["-c", "do $$ begin raise notice 'hi'; raise info 'inf'; "
                "raise warning 'w'; end $$"], b""),
    "context": (["-v", "SHOW_CONTEXT=always", "-c",
                 "do $$ begin raise notice 'hi'; perform 1/0; end $$"], b""),
    "no context": (["-v", "SHOW_CONTEXT=never", "-c",
                    "do $$ begin perform 1/0; end $$"], b""),
    "windows line ends": ([], b"select 1;\r\nselect 2\r\n;\r\n\\echo hi\r\n"),
    "byte order mark": (["-f", "bom.sql"], b""),
    "no columns": (["-c", "select"], b""),
    "no rows": (["-c", "select 1 as a where false"], b""),
}
FILES = (A, B, ("bom.sql", b"\xef\xbb\xbfselect 1;\n"))
