using FnLb.Host.Operator;

namespace FnLb.Host.CommandLine;

/// <summary>A completion for bash, made from the option table.</summary>
internal static class BashCompletion
{
    public static string Text()
    {
        string flags = string.Join(' ', OptionTable.All.Select(option => "-" + option.Name));
        string callerFlags = string.Join(' ', AdminFlags.All.Select(flag => "-" + flag));
        string files = string.Join('|', OptionTable.All.Where(option => option.Metavar == "PATH")
            .Select(option => option.Name).Concat(AdminFlags.Files).Distinct().Select(name => "-" + name));
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
                    case "${COMP_WORDS[1]}" in
                        nodes | health) COMPREPLY=($(compgen -W '{{callerFlags}}' -- "$word")) ;;
                        top) COMPREPLY=($(compgen -W '-once {{callerFlags}}' -- "$word")) ;;
                        *) COMPREPLY=($(compgen -W '{{flags}}' -- "$word")) ;;
                    esac
                fi
            }
            complete -F _fnlb fnlb

            """;
    }
}
