# clients/man/saikne.bash: completion for bash; saikne itself knows what may come next.
_saikne()
{
	local cur words=() desk=() i line
	COMPREPLY=()
	cur=${COMP_WORDS[COMP_CWORD]}
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--desk)
			desk=(--desk "${COMP_WORDS[i + 1]}")
			((i++))
			;;
		--color | --lang) ((i++)) ;;
		--json) ;;
		*) words+=("${COMP_WORDS[i]}") ;;
		esac
	done
	case ${COMP_WORDS[COMP_CWORD - 1]} in
	--color)
		mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
		return
		;;
	--lang)
		mapfile -t COMPREPLY < <(compgen -W 'lv en' -- "$cur")
		return
		;;
	--desk | --from | --out | --file | --attach)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	esac
	while IFS= read -r line; do
		COMPREPLY+=("$line")
	done < <("${COMP_WORDS[0]}" "${desk[@]}" complete -- "${words[@]}" "$cur" 2>/dev/null)
}
complete -F _saikne saikne
