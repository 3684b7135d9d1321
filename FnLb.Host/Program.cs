using FnLb.Host.CommandLine;
using FnLb.Host.Demo;
using FnLb.Host.Lifecycle;
using FnLb.Host.Operator;

namespace FnLb.Host;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        switch (args.FirstOrDefault())
        {
            case "version":
                await Console.Out.WriteLineAsync($"fnlb {ProductVersion.Text}");
                return 0;
            case "demo":
                return await DemoCommand.RunAsync(args[1..]);
            case "check":
                return await CheckCommand.RunAsync(args[1..]);
            case "health":
                return await HealthCommand.RunAsync(args[1..]);
            case "nodes":
                return await NodesCommand.RunAsync(args[1..]);
            case "top":
                return await TopCommand.RunAsync(args[1..]);
            case "generate" when args is [_, "man"]:
                await Console.Out.WriteAsync(ManPage.Text());
                return 0;
            case "generate" when args is [_, "bash-completion"]:
                await Console.Out.WriteAsync(BashCompletion.Text());
                return 0;
            case "help":
                await Console.Out.WriteAsync(Usage.ForTerminal());
                return 0;
            default:
                return await RunCommand.RunAsync(args);
        }
    }
}
