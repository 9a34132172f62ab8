#!/usr/bin/env bats
# What is made from the program's tables is what the tree holds.

setup() {
	top=$TESTS_DIR/..
	tmp=$(mktemp -d)
	"$top/tools/generate" "$REDSH" "$top" "$tmp"
}

teardown() {
	rm -rf "$tmp"
}

@test "the man page tells the options, commands and variables there are" {
	diff -u "$top/man/redsh.1" "$tmp/man/redsh.1"
}

@test "shell completions are those of the program's tables" {
	for name in redsh.bash _redsh redsh.fish; do
		diff -u "$top/completions/$name" "$tmp/completions/$name"
	done
}

@test "src/README is the map of the source" {
	diff -u "$top/src/README" "$tmp/src/README"
}

@test "both man pages are well formed" {
	mandoc -T lint -W error "$top/man/redsh.1" "$top/man/redsh-sandbox.1"
}

@test "bash, zsh and fish take their completions" {
	bash -n "$top/completions/redsh.bash"
	zsh -n "$top/completions/_redsh"
	fish -n "$top/completions/redsh.fish"
}

@test "bash completes a long option" {
	run bash -c "source '$top/completions/redsh.bash'
		COMP_WORDS=(redsh --off) COMP_CWORD=1
		_redsh
		echo \"\${COMPREPLY[@]}\""
	[ "$output" = --offline ]
}
