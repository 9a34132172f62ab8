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

@test "README shows what the program draws" {
	[ "$(grep -c '^<!-- picture ' "$top/README.md")" -ge 3 ]
	diff -u "$top/README.md" "$tmp/README.md"
}

@test "both man pages are well formed" {
	mandoc -T lint -W error "$top/man/redsh.1" "$top/man/redsh-sandbox.1"
}

@test "bash, zsh and fish take their completions" {
	bash -n "$top/completions/redsh.bash"
	zsh -n "$top/completions/_redsh"
	fish -n "$top/completions/redsh.fish"
}

# What bash offers for the words given, the last of them being typed.
bash_offers() {
	HOME=$tmp bash -c 'source "$1"; shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_redsh
		echo "${COMPREPLY[@]}"' bash "$top/completions/redsh.bash" "$@"
}

@test "bash completes a long option" {
	[ "$(bash_offers redsh --off)" = --offline ]
}

@test "bash completes the values of options" {
	mkdir -p "$tmp/.aws"
	printf '[default]\n[profile blue team]\n[profile ops]\n' \
		>"$tmp/.aws/config"
	printf '[default]\n[other]\n' >"$tmp/.aws/credentials"
	[ "$(bash_offers redsh --region eu-n)" = eu-north-1 ]
	[ "$(bash_offers redsh --pset forma)" = format= ]
	[ "$(bash_offers redsh -P = forma)" = format= ]
	[ "$(bash_offers redsh -v ON_ERROR_S)" = ON_ERROR_STOP= ]
	[ "$(bash_offers redsh --help = com)" = commands ]
	[ -z "$(bash_offers redsh --help com)" ]
	[ "$(bash_offers redsh --profile o)" = "ops other" ] ||
		[ "$(bash_offers redsh --profile o)" = "other ops" ]
	touch "$tmp/script.sql"
	[ "$(bash_offers redsh -f "$tmp/scr")" = "$tmp/script.sql" ]
}

@test "zsh reads the names of AWS profiles" {
	mkdir -p "$tmp/.aws"
	printf '[default]\n[profile ops]\n' >"$tmp/.aws/config"
	run env HOME="$tmp" zsh -fc '_arguments() { print -l -- "$@" }
		source "$1" | grep -A1 -- --profile' zsh "$top/completions/_redsh"
	[ "$output" = "--profile=[AWS profile]:NAME:(default
ops)" ]
}

@test "fish completes the values of options" {
	offers() {
		HOME=$tmp fish -c "complete -e -c redsh
			source '$top/completions/redsh.fish'
			complete -C 'redsh $1'" | cut -f1
	}
	[ "$(offers '--region eu-n')" = eu-north-1 ]
	[ "$(offers '--pset forma')" = format= ]
	mkdir -p "$tmp/.aws"
	printf '[profile ops]\n' >"$tmp/.aws/config"
	[ "$(offers '--profile o')" = ops ]
	[ "$(offers '--off')" = --offline ]
}
