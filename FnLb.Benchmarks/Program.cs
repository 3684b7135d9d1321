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
    return command switch
    {
        "drive" => await DriveCommand.RunAsync(rest, Console.Out, Console.Error),
        "compare" or "throughput" => await ThroughputCommand.RunAsync(rest),
        "tune" => await TuneCommand.RunAsync(rest),
        "scale" => await ScaleCommand.RunAsync(rest),
        "allocations" => await AllocationsCommand.RunAsync(rest),
        "watching" => await WatchingCommand.RunAsync(rest),
        "routing" => await RoutingCommand.RunAsync(rest),
        "paths" => await DistinctPathsCommand.RunAsync(rest),
        "advice" => await AdviceCommand.RunAsync(rest),
        "simulate" => SimulateCommand.Run(rest),
        "micro" => MicroCommand.Run(rest),
        _ => ShowUsage(),
    };
}
catch (InvalidOperationException e)
{
    // What stands in the way of a run, in words for whoever started it.
    await Console.Error.WriteLineAsync($"fnlb-bench: {e.Message}");
    return 1;
}

static int ShowUsage()
{
    Console.Error.WriteLine(usage);
    return 2;
}
