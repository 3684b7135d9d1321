using FnLb.Host.CommandLine;
using FnLb.Host.Demo;
using FnLb.Host.Lifecycle;

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
            case "help":
                await Console.Out.WriteAsync(Usage.ForTerminal());
                return 0;
            default:
                return await RunCommand.RunAsync(args);
        }
    }
}
