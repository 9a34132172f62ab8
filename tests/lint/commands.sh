#!/bin/sh
# Prints the commands that no test types, and those of our own that have no
# long help. A command counts as tested when a file under tests/ or the story
# holds a backslash and its name.
set -u
"${REDSH:-./redsh}" --print=commands | cut -f1 | while read -r name; do
	grep -rqF -- "\\$name" tests/cli tests/screen tests/cases tests/peer \
		tests/unit share/demo ||
		printf 'no test types \\%s\n' "$name"
	case $name in
	s3* | copyfrom | copyto | loaderrors)
		[ -s "share/help/$name.txt" ] ||
			printf 'share/help/%s.txt is missing\n' "$name"
		;;
	esac
done
