namespace FnLb.Host.CommandLine;

/// <summary>A completion for bash, made from the option table.</summary>
internal static class BashCompletion
{
    public static string Text()
    {
        string flags = string.Join(' ', OptionTable.All.Select(option => "-" + option.Name));
        string files = string.Join('|', OptionTable.All.Where(option => option.Metavar == "PATH")
            .Select(option => "-" + option.Name));
        return $$"""
            # bash completion for fnlb(8)
            _fnlb() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
                case "$before" in
                    {{files}}) COMPREPLY=($(compgen -f -- "$word")); return ;;
                    nodes) COMPREPLY=($(compgen -W 'list add remove drain activate' -- "$word")); return ;;
                esac
                if [[ $COMP_CWORD -eq 1 && $word != -* ]]; then
                    COMPREPLY=($(compgen -W 'check nodes top health demo version help' -- "$word"))
                else
                    COMPREPLY=($(compgen -W '{{flags}}' -- "$word"))
                fi
            }
            complete -F _fnlb fnlb

            """;
    }
}
