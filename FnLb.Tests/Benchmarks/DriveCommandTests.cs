using System.Diagnostics;
using FnLb.Benchmarks.Drive;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>The load generator against real nodes.</summary>
public sealed class DriveCommandTests : EndToEndTest
{
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ServiceTime = TimeSpan.FromMilliseconds(20);

    private string JsonPath => Folder.In("report.json");

    [Test]
    public async Task Calls_through_the_balancer_are_answered_and_reported_in_every_form()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        string html = Folder.In("report.html");

        (int exitCode, string output) = await DriveAsync(
            $"http://127.0.0.1:{fnlb.Port}/r/app/f{{n}}", "-c", "4", "-d", "300ms", "--warm-up", "50ms", "-m", "POST",
            "--body-size", "100k", "--routes", "5", "--zipf", "1", "--html", html);

        DriveReport report = DriveReport.Read(JsonPath);
        StepResult step = report.Steps.Single();
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(step.Answers, Is.Positive);
        Assert.That(step.Statuses, Is.EqualTo(new Dictionary<string, long> { ["200"] = step.Answers }));
        Assert.That(step.Errors, Is.Empty);
        Assert.That(step.CurveMilliseconds, Is.Ordered.And.All.Positive);
        Assert.That(output, Does.Contain("closed, 4 connections").And.Contain("p99"));
        Assert.That(await File.ReadAllTextAsync(html), Does.Contain("Latency by percentile"));
        Assert.That(node.Calls.Select(call => call.Target).Distinct(), Is.SubsetOf(
            Enumerable.Range(1, 5).Select(route => $"/r/app/f{route}")).And.Contains("/r/app/f1"));
        Assert.That((await node.Calls.First().ReadBodyAsync()).Length, Is.EqualTo(100 * 1024));
    }

    [TestCase]
    [TestCase("--busy")]
    public async Task Calls_that_were_due_while_the_node_stood_still_are_as_late_as_a_caller_would_have_seen(
        params string[] how)
    {
        // The first call takes 300 ms, the others nothing. Of the 30 that were due meanwhile the one connection
        // could carry none: sent one by one after their predecessors they would all look fast. Timers may be early.
        TimeSpan stall = default;
        ScriptedNode node = StartNode(async call =>
        {
            if (call.Number == 0)
            {
                long arrived = Stopwatch.GetTimestamp();
                await Task.Delay(Stall);
                stall = Stopwatch.GetElapsedTime(arrived);
            }

            await call.AnswerAsync("ok");
        });

        (int exitCode, string output) = await DriveAsync(
            [$"http://{node.Address}/", "-c", "1", "-R", "100", "-d", "400ms", "--warm-up", "0", .. how]);

        StepResult step = DriveReport.Read(JsonPath).Steps.Single();
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(step.Answers, Is.EqualTo(40));
        Assert.That(step.MaxMilliseconds, Is.GreaterThanOrEqualTo(stall.TotalMilliseconds));
        Assert.That(step.Quantile(50), Is.InRange(80, 300), "20 of 40 calls were due in the first 200 of 300 ms");
    }

    [Test]
    public async Task Calls_that_no_connection_was_free_for_until_the_end_are_reported_as_not_sent()
    {
        TaskCompletionSource ended = new();
        ScriptedNode node = StartNode(async call =>
        {
            await ended.Task;
            await call.AnswerAsync("ok");
        });

        (int exitCode, string output) = await DriveAsync(
            $"http://{node.Address}/", "-c", "2", "-R", "100", "-d", "200ms", "--warm-up", "0", "--timeout", "100ms");
        ended.SetResult();

        StepResult step = DriveReport.Read(JsonPath).Steps.Single();
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(step.Errors.Keys, Is.EqualTo((string[])["timeout"]));
        Assert.That(step.Unsent + step.Errors["timeout"], Is.EqualTo(20));
        Assert.That(output, Does.Contain("never sent"));
    }

    [Test]
    public async Task Calls_that_were_given_up_are_in_the_percentiles_with_what_they_waited()
    {
        TaskCompletionSource ended = new();
        ScriptedNode node = StartNode(async call =>
        {
            await (call.Number % 2 == 0 ? Task.CompletedTask : ended.Task);
            await call.AnswerAsync("ok");
        });

        (_, string output) = await DriveAsync(
            $"http://{node.Address}/", "-c", "20", "-R", "100", "-d", "200ms", "--warm-up", "0", "--timeout", "400ms");
        ended.SetResult();

        StepResult step = DriveReport.Read(JsonPath).Steps.Single();
        Assert.That(step.Answers + step.Errors["timeout"], Is.EqualTo(20), output);
        Assert.That(step.Errors["timeout"], Is.GreaterThanOrEqualTo(10));
        Assert.That(step.Quantile(99), Is.InRange(396, 5000), "half of the calls waited for 400 ms, in vain");
    }

    [Test]
    public async Task Answers_a_second_are_those_that_came_and_not_those_that_were_asked_for()
    {
        // One connection and 20 ms for a call: at most 50 answers a second, and 20 in the window of 400 ms.
        ScriptedNode node = StartNode(async call =>
        {
            await Task.Delay(ServiceTime);
            await call.AnswerAsync("ok");
        });

        (int exitCode, string output) = await DriveAsync(
            $"http://{node.Address}/", "-c", "1", "-R", "200", "-d", "400ms", "--warm-up", "0");

        StepResult step = DriveReport.Read(JsonPath).Steps.Single();
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(step.Answers, Is.EqualTo(80));
        Assert.That(step.AnswersPerSecond, Is.InRange(1, 52));
        Assert.That(step.Intervals.Average(interval => interval.AnswersPerSecond), Is.InRange(1, 52));
        Assert.That(step.AnswersAfterEnd, Is.InRange(59, 80));
        Assert.That(step.MaxMilliseconds, Is.GreaterThan(1100), "the last call was due at 395 ms, answered at 1600");
        Assert.That(output, Does.Contain("answers came after the end"));
    }

    [Test]
    public async Task Several_URLs_share_the_calls_of_an_open_loop_and_all_connections_are_used()
    {
        ScriptedNode first = StartNode();
        ScriptedNode second = StartNode();

        (int exitCode, string output) = await DriveAsync(
            $"http://{first.Address}/", $"http://{second.Address}/", "-c", "8", "-R", "200", "-d", "400ms",
            "--warm-up", "0");

        Assert.That(exitCode, Is.Zero, output);
        Assert.That((first.ConnectionsAccepted, second.ConnectionsAccepted), Is.EqualTo((4, 4)));
        Assert.That(first.Calls, Has.Count.InRange(25, 55));
        Assert.That(second.Calls, Has.Count.InRange(25, 55));
    }

    [Test]
    public async Task A_connection_for_each_call_and_pipelining_do_as_they_say()
    {
        ScriptedNode node = StartNode();
        await DriveAsync($"http://{node.Address}/", "-c", "2", "-d", "200ms", "--warm-up", "0", "--no-keepalive");
        StepResult apart = DriveReport.Read(JsonPath).Steps.Single();
        Assert.That(apart.Failures, Is.Zero);
        Assert.That(node.ConnectionsAccepted, Is.EqualTo(apart.Answers));
        Assert.That(node.Calls.All(call => call.Head.Fields.Any(field => field.Name == "Connection")), Is.True);

        ScriptedNode other = StartNode();
        await DriveAsync($"http://{other.Address}/", "-c", "2", "-d", "200ms", "--warm-up", "0", "--pipeline", "8");
        StepResult batched = DriveReport.Read(JsonPath).Steps.Single();
        Assert.That(batched.Failures, Is.Zero);
        Assert.That(batched.Answers % 8, Is.Zero);
        Assert.That(other.ConnectionsAccepted, Is.EqualTo(2));
    }

    [Test]
    public async Task A_port_that_nobody_listens_on_is_an_error_and_not_a_busy_loop()
    {
        (int exitCode, string output) = await DriveAsync(
            $"http://127.0.0.1:{FreePort.Next()}/", "-c", "1", "-d", "200ms", "--warm-up", "0");

        StepResult step = DriveReport.Read(JsonPath).Steps.Single();
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(step.Errors["connect"], Is.InRange(1, 40));
        Assert.That(step.CurveMilliseconds, Is.All.Null);
        Assert.That(output, Does.Contain("| closed, 1 connections | 0 | - | - |"), "no latency is no latency of 0");
    }

    [Test]
    public async Task An_answer_before_the_body_was_sent_ends_the_connection_and_no_other_call_goes_into_the_body()
    {
        using RawServer server = new(RawServer.AnswerHeads);

        (int exitCode, string output) = await DriveAsync(
            $"http://{server.Address}/", "-c", "1", "-d", "200ms", "--warm-up", "0", "-m", "POST", "--body-size", "16m",
            "--timeout", "2s");

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(server.Connections, Is.EqualTo(DriveReport.Read(JsonPath).Steps.Single().Answers));
    }

    [Test]
    public async Task A_connection_that_ends_with_its_answer_is_not_used_for_another_call()
    {
        using RawServer server = new(RawServer.AnswerAndEndAtOnce);

        (int exitCode, string output) = await DriveAsync(
            $"http://{server.Address}/", "-c", "1", "-d", "200ms", "--warm-up", "0");

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(server.Connections, Is.EqualTo(DriveReport.Read(JsonPath).Steps.Single().Answers));
    }

    private async Task<(int ExitCode, string Output)> DriveAsync(params string[] args)
    {
        using StringWriter output = new();
        int exitCode = await DriveCommand.RunAsync(["--quiet", "--json", JsonPath, .. args], output, output);
        return (exitCode, output.ToString());
    }
}
