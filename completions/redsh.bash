# bash completion for redsh; made by redsh --print=bash
_redsh()
{
	local cur=${COMP_WORDS[COMP_CWORD]}
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	case $prev in
	-f | --file | -o | --output | -L | --log-file | --debug-log)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W '--command --dbname --file --list --set --version --no-psqlrc --single-transaction --help --echo-all --echo-errors --echo-queries --echo-hidden --log-file --no-readline --output --quiet --single-step --single-line --no-align --csv --json --markdown --field-separator --html --plain --pset --record-separator --tuples-only --table-attr --expanded --field-separator-zero --record-separator-zero --host --port --username --no-password --password --sandbox --iam --cluster --profile --region --endpoint-url --offline --no-cache --cache --complete --cursor --debug-log' -- "$cur"))
	fi
}
complete -F _redsh redsh
