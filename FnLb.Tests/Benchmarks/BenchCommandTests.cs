using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FnLb.Benchmarks.Drive;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>The harness as a process of its own, as it is built: what it refuses, and what it leaves behind.</summary>
public sealed class BenchCommandTests : EndToEndTest
{
    [Test]
    public async Task Help_lists_the_commands([Values("--help", "-h", "help")] string argument)
    {
        CommandResult result = await BenchProcess.RunAsync(argument);
        Assert.That(result.Code, Is.Zero, result.Output);
        Assert.That(result.Output, Does.Contain("usage: fnlb-bench [COMMAND]").And.Contain("  scale  "));
    }

    [TestCase("nonsense", "there is no command \"nonsense\"")]
    [TestCase("compare --fnlb /no/such", "--fnlb \"/no/such\": no such file")]
    [TestCase("--rows get-64 --fnlb /no/such", "--fnlb \"/no/such\": no such file")]
    [TestCase("tune --fnlb /no/such", "--fnlb \"/no/such\": no such file")]
    [TestCase("scale --fnlb /no/such", "--fnlb \"/no/such\": no such file")]
    [TestCase("watching --fnlb /no/such", "--fnlb \"/no/such\": no such file")]
    [TestCase("compare --peers fnlb,apache", "--peers: there is no \"apache\"; there are fnlb, haproxy, nginx, envoy")]
    [TestCase("compare --rows get-64,get-65", "--rows: there is no \"get-65\"; there are all, get-64, get-1,")]
    [TestCase("routing --peers apache", "--peers \"apache\" is in none of: fnlb; 2 x fnlb;")]
    [TestCase("watching --peers fnlb", "watching takes none of --json, --html, --peers and --before")]
    [TestCase("compare --json /no/such/file", "\"/no/such/file\" cannot be written")]
    [TestCase("tune --html /no/such/file", "\"/no/such/file\" cannot be written")]
    [TestCase("drive --json /no/such/file http://127.0.0.1:9/", "\"/no/such/file\" cannot be written")]
    public async Task What_cannot_be_meant_or_kept_is_refused_before_anything_runs(string arguments, string reason)
    {
        CommandResult result = await BenchProcess.RunAsync(arguments.Split(' '));
        Assert.That(result.Output, Does.Contain($"fnlb-bench: {reason}"));
        Assert.That(result.Code, Is.EqualTo(2));
    }

    [Test]
    public async Task A_port_that_another_process_has_is_named_and_what_answers_there_is_not_measured()
    {
        using TcpListener other = new(IPAddress.Loopback, FreePort.Next());
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        CommandResult result = await BenchProcess.RunAsync(
            "advice", "--port", $"{port}", "--fnlb", FnlbExecutable.Path);

        Assert.That(result.Output, Does.Contain($"fnlb cannot listen on 127.0.0.1:{port}"));
        Assert.That(result.Code, Is.EqualTo(1));
    }

    [Test]
    public async Task What_a_balancer_said_before_it_ended_is_in_the_message()
    {
        string script = Script("echo the disk is on fire; exit 3");
        CommandResult result = await BenchProcess.RunAsync("advice", "--port", $"{FreePort.Next()}", "--fnlb", script);
        Assert.That(result.Output, Does.Contain("the disk is on fire"));
        Assert.That(result.Code, Is.EqualTo(1));
    }

    [TestCase(Signals.Terminate, 143)]
    [TestCase(Signals.Interrupt, 130)]
    [TestCase(Signals.HangUp, 129)]
    [TestCase(Signals.Quit, 131)]
    public async Task A_signal_ends_what_a_run_started_and_deletes_its_folder(int signal, int code)
    {
        using BenchProcess bench = BenchProcess.Start(
            Folder.Path, "advice", "--port", $"{FreePort.Next()}", "--fnlb", FnlbExecutable.Path);
        int child = await bench.ChildAsync();

        Signals.Send(bench.Id, signal);
        _ = await bench.EndAsync();

        Assert.That(bench.ExitCode, Is.EqualTo(code));
        Assert.That(Directory.Exists($"/proc/{child}"), Is.False, "the balancer has ended");
        Assert.That(Directory.GetDirectories(Folder.Path), Is.Empty);
    }

    [Test]
    public async Task A_second_signal_ends_it_at_once()
    {
        // It does not end by itself, and the first signal would wait for it for seconds.
        string script = Script("trap '' TERM; while :; do sleep 0.1; done");
        using BenchProcess bench = BenchProcess.Start(
            Folder.Path, "advice", "--port", $"{FreePort.Next()}", "--fnlb", script);
        int child = await bench.ChildAsync();
        try
        {
            await Eventually.HoldsAsync(
                () => File.ReadLines($"/proc/{child}/status").Any(IgnoresTermination), "the trap is set");
            long sent = Stopwatch.GetTimestamp();
            await bench.EndByAsync(Signals.Terminate);
            Assert.That(Stopwatch.GetElapsedTime(sent).TotalSeconds, Is.LessThan(2.5));
            Assert.That(bench.ExitCode, Is.EqualTo(143));
        }
        finally
        {
            Signals.Send(child, Signals.Kill);
        }
    }

    [Test]
    public async Task A_signal_has_drive_tell_what_it_has_measured_so_far()
    {
        ScriptedNode node = StartNode();
        string json = Folder.In("drive.json");
        using BenchProcess bench = BenchProcess.Start(
            Folder.Path, "drive", $"http://{node.Address}/", "-c", "2", "-R", "100", "-d", "60s", "--warm-up", "0",
            "--json", json);
        await Eventually.HoldsAsync(() => node.Calls.Count >= 20, "calls arrive");

        Signals.Send(bench.Id, Signals.Interrupt);
        string output = await bench.EndAsync();

        Assert.That(bench.ExitCode, Is.EqualTo(130));
        Assert.That(output, Does.Contain("100/s on 2 connections").And.Contain("Interrupted"));
        DriveReport report = DriveReport.Read(json);
        StepResult step = report.Steps.Single();
        Assert.That(report.IsInterrupted, Is.True);
        Assert.That(step.Answers, Is.InRange(18, node.Calls.Count));
        Assert.That(step.AnswersPerSecond, Is.EqualTo(step.Answers / step.Seconds).Within(0.01));
        Assert.That(step.Errors, Is.Empty);
        Assert.That(step.Unsent, Is.LessThan(100), "calls that are due after the signal are none of the run's");
    }

    // SigIgn is a mask in which signal 1 is the lowest bit.
    private static bool IgnoresTermination(string line) =>
        line.StartsWith("SigIgn:", StringComparison.Ordinal)
        && (Convert.ToInt64(line["SigIgn:".Length..].Trim(), 16) & (1 << (Signals.Terminate - 1))) != 0;

    private string Script(string text)
    {
        string path = Folder.In("fnlb.sh");
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        Shell.Run("chmod", "700", path);
        return path;
    }
}
