using System.Text;

namespace FnLb.Host.CommandLine;

/// <summary>The option table as text: for a terminal and for the README.</summary>
internal static class Usage
{
    public static string ForTerminal()
    {
        StringBuilder text = new("""
            Usage: fnlb [flags]      balance calls over Fn nodes
                   fnlb check [flags]
                                     say whether a start with these flags would succeed
                   fnlb nodes [list | add NODE... | remove NODE... | drain NODE... | activate NODE...]
                                     show or change the nodes of a running balancer
                   fnlb top          show what a running balancer does, anew each second
                   fnlb health       exit with 0 when a running balancer is ready
                   fnlb demo         try it with sample nodes on this machine
                   fnlb version      print the version

            One dash or two, "-flag value" or "-flag=value". Each flag has an environment variable; the command
            line wins. A DURATION is 500ms, 3s or 1m30s; a plain number is seconds.


            """);
        foreach (Option option in OptionTable.All)
        {
            text.Append($"  {Flag(option)}\n        {Describe(option)}\n        {Origin(option)}\n");
        }

        return text.ToString();
    }

    /// <summary>A Markdown table, with a line feed after each row.</summary>
    public static string ForReadme()
    {
        StringBuilder text = new("| flag | default | environment | meaning |\n| --- | --- | --- | --- |\n");
        foreach (Option option in OptionTable.All)
        {
            string byDefault = option.DefaultShown ?? Code(option.Default);
            text.Append($"| `{Flag(option)}` | {byDefault} | {Code(option.Variable ?? "")} | {Describe(option)} |\n");
        }

        return text.ToString();
    }

    private static string Flag(Option option) =>
        option.IsSwitch ? $"-{option.Name}" : $"-{option.Name} {option.Metavar}";

    /// <summary>The meaning with the rule.</summary>
    public static string Describe(Option option) =>
        option.Rule.Length == 0 ? option.Meaning : $"{option.Meaning} ({option.Rule})";

    /// <summary>The default and the variable.</summary>
    public static string Origin(Option option)
    {
        string value = option.DefaultShown ?? option.Default;
        string byDefault = value.Length == 0 ? "empty by default" : $"default {value}";
        return option.Variable is null ? byDefault : $"{byDefault}; {option.Variable}";
    }

    private static string Code(string text) => text.Length == 0 ? "" : $"`{text}`";
}
