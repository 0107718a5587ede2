# Completion of cannedd(8) for bash.
_cannedd() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    case $previous in
    --config)
        mapfile -t COMPREPLY < <(compgen -f -X '!*.yaml' -- "$current"; compgen -d -- "$current")
        compopt -o filenames 2>/dev/null
        return
        ;;
    --drain-wait) return ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$(cannedd --help 2>/dev/null | grep -oE -- '--[a-z-]+' | sort -u)" -- "$current")
}
complete -F _cannedd cannedd
