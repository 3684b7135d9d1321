using FnLb.Core.Nodes;
using FnLb.Host.Admin;
using FnLb.Host.CommandLine;
using FnLb.Host.Lifecycle;
using FnLb.Host.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace FnLb.Host.Operator;

/// <summary>
/// <c>fnlb check</c>: whether a start with these options would succeed, without listening and without writing.
/// </summary>
internal static class CheckCommand
{
    /// <returns>0; 1 when a file or the store cannot be used; 2 when an option is wrong.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ParsedOptions parsed = OptionParser.Parse(arguments, Environment.GetEnvironmentVariable);
        if (parsed.Errors.Count > 0)
        {
            await TellAsync(parsed.Errors);
            return 2;
        }

        FnlbOptions options = parsed.Options;
        List<string> faults = [.. WrittenFiles.Faults(options)];
        string store = "";
        try
        {
            _ = AdminAccess.Open(options, NullLogger.Instance);
        }
        catch (StartException e)
        {
            faults.Add(e.Message);
        }

        try
        {
            store = await StoreCheck.DescribeAsync(options);
        }
        catch (NodeStoreException e)
        {
            faults.Add($"-db: {e.Message}");
        }

        if (faults.Count == 0)
        {
            await Console.Out.WriteLineAsync($"The options are valid. {options.Store} {store}.");
        }

        await TellAsync(faults);
        return faults.Count == 0 ? 0 : 1;
    }

    private static async Task TellAsync(IEnumerable<string> errors)
    {
        foreach (string error in errors)
        {
            await Console.Error.WriteLineAsync($"fnlb: {error}");
        }
    }
}
