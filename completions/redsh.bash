# bash completion for redsh; made by redsh --print=bash
_redsh()
{
	local cur=${COMP_WORDS[COMP_CWORD]}
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if [[ $2 == @* ]]; then
		local names=$(sed -n 's/^\[\([^]]*\)\].*/@\1/p' ${XDG_CONFIG_HOME:-$HOME/.config}/redsh/connections.conf 2>/dev/null)
		COMPREPLY=($(compgen -W "$names" -- "$2"))
		return
	fi
	case $prev in
	-c | --command)
		return
		;;
	-d | --dbname)
		return
		;;
	-f | --file)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	-v | --set | --variable)
		COMPREPLY=($(compgen -W 'ALLOW_DESTRUCTIVE= ALLOW_HTTP_ENDPOINT= AUTOCOMMIT= CELL_WIDTH= COMP_KEYWORD_CASE= CATALOG_AGE= ECHO= ECHO_HIDDEN= FETCH_COUNT= HISTCONTROL= HISTSIZE= IGNOREEOF= INSERT_TABLE= LOAD_PROGRESS= ON_ERROR_ROLLBACK= ON_ERROR_STOP= PROMPT1= PROMPT2= PROMPT3= QUIET= S3_DIR= SHOW_ALL_RESULTS= SHOW_CONTEXT= SINGLELINE= SINGLESTEP= STAGING= STYLE= THEME= VERBOSITY= WATCH_INTERVAL=' -- "$cur"))
		compopt -o nospace 2>/dev/null
		return
		;;
	-L | --log-file)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	-o | --output)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	-F | --field-separator)
		return
		;;
	-P | --pset)
		COMPREPLY=($(compgen -W 'border= columns= csv_fieldsep= expanded= fieldsep= fieldsep_zero= footer= format= linestyle= null= numericlocale= pager= pager_min_lines= recordsep= recordsep_zero= tableattr= title= tuples_only= unicode_border_linestyle= unicode_column_linestyle= unicode_header_linestyle= xheader_width=' -- "$cur"))
		compopt -o nospace 2>/dev/null
		return
		;;
	-R | --record-separator)
		return
		;;
	-T | --table-attr)
		return
		;;
	-h | --host)
		COMPREPLY=($(compgen -A hostname -- "$cur"))
		return
		;;
	-p | --port)
		return
		;;
	-U | --username)
		COMPREPLY=($(compgen -u -- "$cur"))
		return
		;;
	--cluster)
		return
		;;
	--workgroup)
		return
		;;
	--secret)
		return
		;;
	--ssh)
		return
		;;
	--profile)
		COMPREPLY=($(compgen -W "$(sed -n 's/^\[\(profile  *\)\{0,1\}\([^]]*\)\].*/\2/p' ~/.aws/config ~/.aws/credentials 2>/dev/null | sort -u)" -- "$cur"))
		return
		;;
	--region)
		COMPREPLY=($(compgen -W 'af-south-1 ap-east-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ca-central-1 ca-west-1 cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 sa-east-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-west-1 us-west-2' -- "$cur"))
		return
		;;
	--endpoint-url)
		return
		;;
	--cache)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	--complete)
		return
		;;
	--cursor)
		return
		;;
	--debug-log)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	esac
	if [[ ${COMP_WORDS[COMP_CWORD]} == = || ${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then
		case $prev in
	--help)
		COMPREPLY=($(compgen -W 'options commands variables' -- "$cur"))
		return
		;;
	--sandbox)
		COMPREPLY=($(compgen -d -- "$cur"))
		return
		;;
	--warehouses | --clusters)
		return
		;;
		esac
	fi
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W '--command --dbname --file --list --set --version --no-psqlrc --single-transaction --help --echo-all --echo-errors --echo-queries --echo-hidden --log-file --no-readline --output --quiet --single-step --single-line --no-align --csv --json --markdown --field-separator --html --plain --pset --record-separator --tuples-only --table-attr --expanded --field-separator-zero --record-separator-zero --host --port --username --no-password --password --sandbox --iam --cluster --workgroup --secret --ssh --warehouses --profile --region --endpoint-url --yes --offline --no-cache --cache --complete --cursor --debug-log' -- "$cur"))
	fi
}
complete -F _redsh redsh
