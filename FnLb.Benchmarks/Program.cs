using FnLb.Benchmarks.Allocations;
using FnLb.Benchmarks.Drive;
using FnLb.Benchmarks.FunctionCluster;
using FnLb.Benchmarks.Routing;
using FnLb.Benchmarks.Simulation;
using FnLb.Benchmarks.Throughput;

const string usage = """
    usage: fnlb-bench [COMMAND] [ARGUMENTS]

      drive         load on any HTTP/1.1 server: closed or open loop, tables, JSON, a page with charts (--help)
      throughput    fnlb beside HAProxy and nginx, CPU per request and more (the default; --help for arguments)
      allocations   bytes allocated per request in the steady state
      watching      CPU per request with access log and traces on, beside off (--help for arguments)
      routing       fnlb beside HAProxy on a cluster of sample nodes over HTTP (--help for arguments)
      paths         resident memory while ten million paths are called once each
      scale         the advice on scaling while the load changes (--help for arguments)
      simulate      routing policies on a simulated cluster, in seconds (--help for arguments)
      micro         micro-benchmarks; the arguments are those of BenchmarkDotNet
    """;

string command = args.Length == 0 || args[0].StartsWith('-') ? "throughput" : args[0];
string[] rest = args.Length > 0 && args[0] == command ? args[1..] : args;
switch (command)
{
    case "drive":
        return await DriveCommand.RunAsync(rest, Console.Out, Console.Error);
    case "throughput":
        return await ThroughputCommand.RunAsync(rest);
    case "allocations":
        return await AllocationsCommand.RunAsync(rest);
    case "watching":
        return await WatchingCommand.RunAsync(rest);
    case "routing":
        return await RoutingCommand.RunAsync(rest);
    case "paths":
        return await DistinctPathsCommand.RunAsync(rest);
    case "scale":
        return await ScaleCommand.RunAsync(rest);
    case "simulate":
        return SimulateCommand.Run(rest);
    case "micro":
        BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(ThroughputCommand).Assembly).Run(rest);
        return 0;
    default:
        Console.Error.WriteLine(usage);
        return 2;
}
