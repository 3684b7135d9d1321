using FnLb.Core.Nodes;
using FnLb.Host.Admin;
using FnLb.Host.CommandLine;
using FnLb.Host.Lifecycle;
using FnLb.Host.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace FnLb.Host.Operator;

/// <summary><c>fnlb check</c>: whether a start with these options would succeed, without listening.</summary>
internal static class CheckCommand
{
    /// <returns>0; 1 when a file or the store cannot be used; 2 when an option is wrong.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ParsedOptions parsed = OptionParser.Parse(arguments, Environment.GetEnvironmentVariable);
        foreach (string error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync($"fnlb: {error}");
        }

        if (parsed.Errors.Count > 0)
        {
            return 2;
        }

        try
        {
            _ = AdminAccess.Open(parsed.Options, NullLogger.Instance);
            await using INodeStore store = NodeStores.Create(parsed.Options, NullLogger.Instance);
            IReadOnlyList<NodeEntry> nodes = await store.ListAsync(CancellationToken.None);
            await Console.Out.WriteLineAsync(
                $"The options are valid. {parsed.Options.Store} can be read: {nodes.Count} nodes.");
            return 0;
        }
        catch (StartException e)
        {
            await Console.Error.WriteLineAsync($"fnlb: {e.Message}");
        }
        catch (NodeStoreException e)
        {
            await Console.Error.WriteLineAsync($"fnlb: -db: {e.Message}");
        }

        return 1;
    }
}
