using System.ComponentModel;
using System.Net.Sockets;
using FnLb.Benchmarks;
using FnLb.Benchmarks.Allocations;
using FnLb.Benchmarks.Drive;
using FnLb.Benchmarks.FunctionCluster;
using FnLb.Benchmarks.Micro;
using FnLb.Benchmarks.Routing;
using FnLb.Benchmarks.Scale;
using FnLb.Benchmarks.Simulation;
using FnLb.Benchmarks.Throughput;
using FnLb.Benchmarks.Tune;
using FnLb.Core.Transport;

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

    The first INT, TERM, HUP or QUIT ends a run and what it started, with exit code 128 + its number; the second one
    ends it at once.
    """;

string command = args.Length == 0 ? "compare" : args[0];
string[] rest = args.Length == 0 ? [] : args[1..];
if (command is "help" or "-h" or "--help")
{
    Console.WriteLine(usage);
    return 0;
}

if (command.StartsWith('-'))
{
    command = "compare";
    rest = args;
}

// Thousands of clients: here, in the proxies and in the load, which inherit it.
_ = DescriptorLimit.Raise();

// Those that start nothing and write no files end as they always did.
using Interruption? interruption = command is "simulate" or "micro" ? null : new Interruption();
CancellationToken stop = interruption?.Token ?? CancellationToken.None;
try
{
    int exitCode = command switch
    {
        "drive" => await DriveCommand.RunAsync(rest, Console.Out, Console.Error, stop),
        "compare" or "throughput" => await ThroughputCommand.RunAsync(rest, stop),
        "tune" => await TuneCommand.RunAsync(rest, stop),
        "scale" => await ScaleCommand.RunAsync(rest, stop),
        "allocations" => await AllocationsCommand.RunAsync(rest, stop),
        "watching" => await WatchingCommand.RunAsync(rest, stop),
        "routing" => await RoutingCommand.RunAsync(rest, stop),
        "paths" => await DistinctPathsCommand.RunAsync(rest, stop),
        "advice" => await AdviceCommand.RunAsync(rest, stop),
        "simulate" => SimulateCommand.Run(rest),
        "micro" => MicroCommand.Run(rest),
        _ => RefuseCommand(),
    };
    return interruption?.ExitCode ?? exitCode;
}
catch (Exception e) when (interruption?.ExitCode is not null || IsExpected(e))
{
    // What stands in the way of a run, in words for whoever started it. What fails after a signal fails by it.
    string message = interruption?.ExitCode is null ? e.Message : "interrupted";
    await Console.Error.WriteLineAsync($"fnlb-bench: {message}");
    return interruption?.ExitCode ?? 1;
}

int RefuseCommand()
{
    Console.Error.WriteLine($"fnlb-bench: there is no command \"{command}\"\n\n{usage}");
    return 2;
}

static bool IsExpected(Exception e) => e is InvalidOperationException or SocketException or HttpRequestException
    or IOException or UnauthorizedAccessException or Win32Exception or OperationCanceledException;
