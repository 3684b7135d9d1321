using FnLb.Benchmarks.Allocations;
using FnLb.Benchmarks.Drive;
using FnLb.Benchmarks.FunctionCluster;
using FnLb.Benchmarks.Micro;
using FnLb.Benchmarks.Routing;
using FnLb.Benchmarks.Scale;
using FnLb.Benchmarks.Simulation;
using FnLb.Benchmarks.Throughput;
using FnLb.Benchmarks.Tune;

const string usage = """
    usage: fnlb-bench [COMMAND] [ARGUMENTS]

      drive         load on any HTTP/1.1 server: closed or open loop, tables, JSON, a page with charts (--help)
      compare       fnlb beside the proxies that are installed, CPU per request and more (the default; --help)
      throughput    the same
      tune          settings of fnlb on this machine: which pay (--help)
      scale         what grows with nodes, functions, connections and loops, and how (--help)
      allocations   bytes allocated per request in the steady state
      watching      CPU per request with access log and traces on, beside off (--help for arguments)
      routing       fnlb beside HAProxy on a cluster of sample nodes over HTTP (--help for arguments)
      paths         resident memory while ten million paths are called once each
      advice        the advice on scaling while the load changes (--help for arguments)
      simulate      routing policies on a simulated cluster, in seconds (--help for arguments)
      micro         micro-benchmarks; the arguments are those of BenchmarkDotNet
    """;

string command = args.Length == 0 || args[0].StartsWith('-') ? "throughput" : args[0];
string[] rest = args.Length > 0 && args[0] == command ? args[1..] : args;
try
{
    return await RunAsync(command, rest);
}
catch (InvalidOperationException e)
{
    // What stands in the way of a run, in words for whoever started it.
    await Console.Error.WriteLineAsync($"fnlb-bench: {e.Message}");
    return 1;
}

static async Task<int> RunAsync(string command, string[] rest)
{
    switch (command)
    {
        case "drive":
            return await DriveCommand.RunAsync(rest, Console.Out, Console.Error);
        case "compare" or "throughput":
            return await ThroughputCommand.RunAsync(rest);
        case "tune":
            return await TuneCommand.RunAsync(rest);
        case "scale":
            return await ScaleCommand.RunAsync(rest);
        case "allocations":
            return await AllocationsCommand.RunAsync(rest);
        case "watching":
            return await WatchingCommand.RunAsync(rest);
        case "routing":
            return await RoutingCommand.RunAsync(rest);
        case "paths":
            return await DistinctPathsCommand.RunAsync(rest);
        case "advice":
            return await AdviceCommand.RunAsync(rest);
        case "simulate":
            return SimulateCommand.Run(rest);
        case "micro":
            return MicroCommand.Run(rest);
        default:
            Console.Error.WriteLine(usage);
            return 2;
    }
}
