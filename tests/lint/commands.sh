#!/bin/sh
# Prints the commands of src/cmd that no test types. A command counts as
# tested when a file under tests/ holds a backslash and its name.
set -u
find src/cmd -name '*.c' -exec sed -n \
	's/^[ \t]*\.name = "\([^"]*\)",.*/\1/p' {} + | sort -u |
	while read -r name; do
		grep -rqF -- "\\$name" tests/cli tests/screen tests/cases \
			tests/peer tests/unit share/demo ||
			echo "no test types \\$name"
	done
