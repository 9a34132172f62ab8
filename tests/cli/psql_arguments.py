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
    # Which failures of a meta-command stop a script.
    "stop at an unknown command": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\nosuch\n\\echo on\n"),
    "stop at a bad pset": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\pset nosuch\n\\echo on\n"),
    "stop at a bad pset value": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"],
        b"\\pset linestyle x\n\\echo on\n"),
    "stop at a bad switch": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\x maybe\n\\echo on\n"),
    "stop at bad timing": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\timing x\n\\echo on\n"),
    "stop at a bad set": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\set 1-2 x\n\\echo on\n"),
    "stop at a refused set": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"],
        b"\\set VERBOSITY x\n\\echo on\n"),
    "stop at a missing folder": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\cd /no/such\n\\echo on\n"),
    "stop at a missing include": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\i nosuch\n\\echo on\n"),
    "stop at an output that cannot be": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\o /no/such\n\\echo on\n"),
    "stop at a gset without rows": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"],
        b"select 1 where false \\gset\n\\echo on\n"),
    "stop at a bad g option": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"],
        b"select 1 \\g (nosuch=1)\n\\echo on\n"),
    "stop at a g file that cannot be": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"],
        b"select 1 \\g /no/such/x\n\\echo on\n"),
    "stop at a write that cannot be": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"],
        b"select 1 \\w /no/such/x\n;\n\\echo on\n"),
    "stop at an encoding": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"],
        b"\\encoding nosuch\n\\echo on\n"),
    "stop at an open quote": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\echo 'x\n\\echo on\n"),
    "stop at a bad if": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"],
        b"\\if maybe\n\\endif\n\\echo on\n"),
    "stop at an endif too many": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\endif\n\\echo on\n"),
    "stop at a gdesc": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"],
        b"select nosuch \\gdesc\n\\echo on\n"),
    "stop at a failing backtick": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"],
        b"\\echo `exit 3`\n\\echo on\n"),
    "stop at an unset name": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\unset\n\\echo on\n"),
    "stop at a setenv": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\setenv A=B x\n\\echo on\n"),
    "stop at an unknown database": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"], b"\\c nosuch\n\\echo on\n"),
    "stop at a copy error": (
        ["-v", "ON_ERROR_STOP=1", "-f", "-"],
        b"create table t (a int);\ncopy t from stdin;\nx\n\\.\n\\echo on\n"),
    "stop with stdin and quit": (
        ["-v", "ON_ERROR_STOP=1"], b"select 1;\n\\q\nselect 1/0;\n"),
    # -c in all its forms.
    "empty backslash command": (["-c", "\\"], b""),
    "command with two words of options": (
        ["-c", r"\pset border 2", "-c", "select 1 as a"], b""),
    "set then use": (
        ["-c", r"\set x 5", "-c", r"\echo :x", "-c", "select :x"], b""),
    "commands joined": (
        ["-c", r"\echo a \\ \echo b \\ select 1;"], b""),
    "meta after sql in one string": (["-c", r"select 1 \g"], b""),
    "sql after meta in one string": (["-c", "\\echo a\nselect 1"], b""),
    "several lines": (["-c", "select 1\n as a;\n\nselect 2 as b"], b""),
    "string with comment": (["-c", "select 1 /* x; */ as a -- y"], b""),
    "string with a quote open": (["-c", "select 'x"], b""),
    "copy in by -c": (
        ["-c", "create table t (a int)", "-c", "copy t from stdin",
         "-c", "select * from t"], b"1\n2\n"),
    "copy in by -c with its end": (
        ["-c", "create table t (a int)", "-c", "copy t from stdin",
         "-c", "select * from t"], b"1\n\\.\n2\n"),
    "copy out by -c": (["-c", "copy (select 1, 'x') to stdout"], b""),
    "transaction by -c strings": (
        ["-c", "begin", "-c", "create table t (a int)", "-c", "rollback",
         "-c", "select * from t"], b""),
    "implicit transaction in one string": (
        ["-c", "create table t (a int); select 1/0", "-c",
         "select * from t"], b""),
    "vacuum in a string": (["-c", "vacuum; select 1"], b""),
    "include by -c": (["-c", r"\i b.sql"], b""),
    "include of an error by -c": (["-c", r"\i a.sql", "-c", "select 9"], b""),
    "missing include by -c": (["-c", r"\i nosuch", "-c", "select 9"], b""),
    "if by -c": (["-c", r"\if true", "-c", "select 1"], b""),
    "else by -c": (["-c", r"\else"], b""),
    "gset by -c": (["-c", r"\gset"], b""),
    "quit between": (["-c", r"\q", "-c", "select 2"], b""),
    "quit in a file between": (["-f", "-", "-c", "select 2 as b"],
                               b"select 1 as a;\n\\q\nselect 3;\n"),
    "connect by -c": (["-c", r"\c template1", "-c",
                       "select current_database()"], b""),
    "failing connect by -c": (["-c", r"\c nosuch", "-c", "select 1"], b""),
    "echo errors by -c": (["-b", "-c", "select 1/0", "-c", "select nosuch"],
                          b""),
    "echo queries by -c": (["-e", "-c", "select 1 as a; select 2 as b"], b""),
    "single step by -c": (["-s", "-c", "select 1", "-c", "select 2"],
                          b"\nx\n"),
    "notices by -c": (["-c", "drop table if exists nosuch"], b""),
    "terse error in -c": (["-v", "VERBOSITY=terse", "-c", "select 1/0"],
                          b""),
    # Options among each other.
    "letters together": (["-XAtc", "select 1, 2"], b""),
    "value glued to its letter": (["-F:", "-Ac", "select 1, 2"], b""),
    "long options": (
        ["--no-align", "--field-separator=:", "--tuples-only",
         "--command=select 1, 2"], b""),
    "long options cut short": (["--tuples", "--comm=select 1"], b""),
    "ambiguous long option": (["--no", "-c", "select 1"], b""),
    "long option without value": (["--command"], b""),
    "letter without value": (["-c"], b""),
    "value for a flag": (["--tuples-only=yes", "-c", "select 1"], b""),
    "double dash": (["-c", "select 1", "--", "postgres"], b""),
    "operands before options": (["postgres", "-c", "select 1"], b""),
    "user by option and operand": (
        ["-U", "tester", "-c", r"\echo :USER", "postgres", "nosuch"], b""),
    "host option wins": (["-h", "/no/such", "-c", "select 1"], b""),
    "port option": (["-p", "5433", "-c", "select 1"], b""),
    "bad port": (["-p", "x", "-c", "select 1"], b""),
    "no password": (["-w", "-c", "select 1"], b""),
    "no readline": (["-n", "-f", "b.sql"], b""),
    "pset without value": (["-P", "tuples_only", "-c", "select 1"], b""),
    "pset twice": (["-P", "border=2", "-P", "border=0", "-c", "select 1"],
                   b""),
    "pset that speaks": (["-P", "format", "-c", "select 1"], b""),
    "csv and expanded": (["--csv", "-x", "-c", "select 1 as a, 'x' as b"],
                         b""),
    "html and expanded": (["-H", "-x", "-t", "-c", "select 1 as a"], b""),
    "last format wins": (["-A", "-H", "--csv", "-c", "select 1 as a"], b""),
    "set without a name": (["-v", "=x", "-c", "select 1"], b""),
    "set with equals in the value": (["-v", "x=a=b", "-c", r"\echo :x"],
                                     b""),
    "set a special": (["-v", "QUIET=on", "-c", "create table t (a int)"],
                      b""),
    "unset a special": (["-v", "AUTOCOMMIT", "-c", r"\echo :AUTOCOMMIT"],
                        b""),
    "autocommit off by option": (
        ["-v", "AUTOCOMMIT=off", "-c", "create table t (a int)", "-c",
         "select * from t"], b""),
    "log file that cannot be": (["-L", "/no/such/x", "-c", "select 1"], b""),
    "log file twice": (["-L", "log.txt", "-c", "select 1", "-c",
                        "select 1/0"], b""),
    "output to a pipe that fails": (
        ["-o", "|cat >/dev/null; exit 3", "-c", "select 1"], b""),
    "output and log": (["-o", "out.txt", "-L", "log.txt", "-c",
                        "select 1 as a"], b""),
    "single transaction without steps": (["-1"], b"select 1;\n"),
    "single transaction with a missing file": (
        ["-1", "-f", "nosuch.sql", "-c", "create table t (a int)"], b""),
    "single transaction of a meta error": (
        ["-1", "-c", "create table t (a int)", "-c", r"\nosuch"], b""),
    "single transaction with commit inside": (
        ["-1", "-c", "create table t (a int); commit", "-c", "select 1"],
        b""),
    "conninfo with options": (
        ["-d", "dbname=postgres options='-c work_mem=2MB'", "-c",
         "show work_mem"], b""),
    "uri with parameters": (
        ["postgresql:///postgres?application_name=uri", "-c",
         "show application_name"], b""),
    "uri that is wrong": (["postgresql:///postgres?nosuch=1", "-c",
                           "select 1"], b""),
    "conninfo that is wrong": (["dbname", "extra=", "-c", "select 1"], b""),
    "service that is missing": (["service=nosuch", "-c", "select 1"], b""),
    "sslmode refused by a socket": (["sslmode=require", "-c", "select 1"],
                                    b""),
    "sslmode unknown": (["sslmode=nosuch", "-c", "select 1"], b""),
    # Passwords.
    "password asked for and wanted": (
        ["-U", "locked", "-c", r"\echo :USER"], b"sesame\n"),
    "password asked for and wrong": (
        ["-U", "locked", "-c", r"\echo :USER"], b"guess\n"),
    "password asked for and nobody there": (
        ["-U", "locked", "-c", r"\echo :USER"], b""),
    "password never asked for": (
        ["-U", "locked", "-w", "-c", r"\echo :USER"], b"sesame\n"),
    "password asked for first": (
        ["-U", "locked", "-W", "-c", r"\echo :USER"], b"sesame\n"),
    "password asked for first without need": (
        ["-W", "-c", r"\echo :USER"], b"any\n"),
    "password in the connection string": (
        ["user=locked password=sesame dbname=postgres", "-c",
         r"\echo :USER"], b""),
    "password in the uri": (
        ["postgresql://locked:sesame@/postgres", "-c", r"\echo :USER"],
        b""),
    # Standard input.
    "stdin with NUL separated output": (["-At0"], b"select 1;\nselect 2;\n"),
    "stdin quiet": (["-q"], b"create table t (a int);\n\\x\nselect 1;\n"),
    "stdin with a folder as file": (["-f", "."], b""),
    "stdin of blank lines": ([], b"\n\n   \n\t\n"),
    "stdin of comments": ([], b"-- a\n/* b */\n"),
    "stdin with an open quote": ([], b"select 'abc\ndef"),
    "stdin with an open dollar quote": ([], b"select $$abc\ndef"),
    "stdin with an open comment": ([], b"select 1; /* abc\nselect 2;"),
    "stdin with an open bracket": ([], b"select (1;\nselect 2;"),
    "stdin after quit": ([], b"select 1;\n\\q\nselect 2;\n"),
    "stdin with a last command": ([], b"select 1 as a\n\\g"),
    "stdin with carriage returns": ([], b"select 1 as a;\r\n\\echo x\r\n"),
    "stdin and -c": (["-c", "select 1 as a"], b"select 2 as b;\n"),
    "stdin twice as a file": (["-f", "-", "-f", "-"], b"select 1 as a;\n"),
    "help words in a script": ([], b"help\n;\nquit\n;\nexit\n;\n"),
}
FILES = (A, B, ("bom.sql", b"\xef\xbb\xbfselect 1;\n"))
