using System.Net;
using System.Net.Sockets;
using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Health;

/// <summary>Checks over real sockets; the clock stands still unless a test moves it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HealthMonitorTests
{
    private const string Refusal = "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n";

    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MoreThanInterval = TimeSpan.FromSeconds(3.5);

    // The tests move the clock faster than checks run.
    private static readonly HealthOptions Patient = new() { Timeout = TimeSpan.FromHours(1) };

    private readonly FakeTimeProvider _time = new();
    private readonly NodeDirectory _directory = new();
    private readonly RecordedLog _log = new();
    private readonly List<IAsyncDisposable> _monitors = [];
    private readonly ScriptedNode _node = ScriptedNode.Start();

    private Node Member => _directory.Nodes[0];

    [TearDown]
    public async Task EndTheMonitor()
    {
        foreach (IAsyncDisposable monitor in _monitors)
        {
            await monitor.DisposeAsync();
        }

        _node.Dispose();
    }

    [Test]
    public async Task A_new_node_is_checked_at_once()
    {
        HealthMonitor monitor = Watch(_node.Address);
        await monitor.FirstRound;
        Assert.That(Member.IsPlaceable, Is.True);

        using ScriptedNode later = ScriptedNode.Start();
        _directory.Apply([Entries.Of(_node.Address), Entries.Of(later.Address)]);

        Node added = _directory.Nodes.First(node => node.Address.Text == later.Address);
        await Eventually.HoldsAsync(() => added.IsPlaceable, "the added node is online");
    }

    [Test]
    public async Task Regular_checks_come_once_an_interval()
    {
        await Watch(_node.Address).FirstRound;

        for (int checks = 2; checks < 6; checks++)
        {
            await AdvanceUntilAsync(() => _node.Checks == checks, $"check {checks}", most: MoreThanInterval);
        }
    }

    [TestCase("HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n", "answered 302")]
    [TestCase("HTTP/1.1 500 Oops\r\nContent-Length: 21\r\n\r\n{\"version\":\"0.3.268\"}", "answered 500")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "is not JSON")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "is not JSON")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "is not JSON with a \"version\"")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"version\":1}", "is not JSON with a \"version\"")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"version\":\"new\"}", "\"new\" is not semantic")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{\"version\":\"0.0.234\"}", "0.0.234 is below")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n{\"version\":\"0.0.235-beta\"}", "is below")]
    [TestCase("junk\r\n\r\n", "GET /version failed")]
    public async Task A_check_that_fails_says_why(string answer, string reason)
    {
        _node.CheckAnswer = answer;

        await Watch(_node.Address).FirstRound;

        Assert.That(Member.Operational, Is.EqualTo(OperationalState.Offline));
        Assert.That(Member.LastFailure!.Reason, Does.Contain(reason));
        Assert.That(Member.LastFailure.At, Is.EqualTo(_time.GetUtcNow()));
        Assert.That(_log.Lines.Single(line => line.Contains("3000", StringComparison.Ordinal)),
            Does.StartWith("Information 3000").And.Contain(_node.Address).And.Contain("offline").And.Contain(reason));
    }

    [TestCase("{\"version\":\"0.0.235\"}")]
    [TestCase("{\"Version\":\"v1.0.0\",\"more\":[1]}")]
    public async Task A_version_that_is_high_enough_passes(string body)
    {
        _node.CheckAnswer = $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}";

        await Watch(_node.Address).FirstRound;

        Assert.That(Member.IsPlaceable, Is.True);
        Assert.That(Member.LastFailure, Is.Null);
    }

    [Test]
    public async Task Without_a_minimum_any_2xx_passes()
    {
        _node.CheckAnswer = "HTTP/1.1 204 No Content\r\n\r\n";

        await Watch(_node.Address, Patient with { VersionMin = null }).FirstRound;

        Assert.That(Member.IsPlaceable, Is.True);
    }

    [Test]
    public async Task An_answer_without_end_is_cut_at_64_KB()
    {
        _node.CheckAnswer = $"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{new string(' ', 100_000)}";

        await Watch(_node.Address).FirstRound;

        Assert.That(Member.LastFailure!.Reason, Does.Contain("longer than 64 KB"));
    }

    [Test]
    public async Task A_node_that_does_not_answer_fails_after_the_timeout()
    {
        TaskCompletionSource arrived = new();
        _node.CheckAnswer = null;
        _node.Script = call =>
        {
            arrived.TrySetResult();
            return call.Connection.ReadCloseAsync(TimeSpan.FromSeconds(10));
        };
        HealthMonitor monitor = Watch(_node.Address, new HealthOptions());
        await arrived.Task;
        Assert.That(monitor.FirstRound.IsCompleted, Is.False);

        _time.Advance(TimeSpan.FromSeconds(5));
        await monitor.FirstRound;

        Assert.That(Member.LastFailure!.Reason, Is.EqualTo("no answer to GET /version within 5 s"));
    }

    [Test]
    public async Task A_refused_connection_is_a_failure()
    {
        _node.Kill();

        await Watch(_node.Address).FirstRound;

        Assert.That(Member.LastFailure!.Reason, Does.StartWith("could not connect"));
    }

    [Test]
    public async Task Mended_checks_of_one_node_never_overlap_whatever_asks_for_them()
    {
        int running = 0;
        int runningMax = 0;
        int checks = 0;
        TaskCompletionSource mayAnswer = new();
        _node.CheckAnswer = null;
        _node.Script = async call =>
        {
            runningMax = Math.Max(runningMax, Interlocked.Increment(ref running));
            Interlocked.Increment(ref checks);
            await mayAnswer.Task;
            Interlocked.Decrement(ref running);
            await call.SendAsync(Refusal);
        };
        Watch(_node.Address);
        await Eventually.HoldsAsync(() => Volatile.Read(ref checks) == 1, "the first check");

        for (int i = 0; i < 4; i++)
        {
            _directory.ReportConnectFailure(Member);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(Volatile.Read(ref checks), Is.EqualTo(1));
        mayAnswer.SetResult();
        await AdvanceUntilAsync(() => Volatile.Read(ref checks) == 2, "a second check", most: Gap);
        Assert.That(runningMax, Is.EqualTo(1));
    }

    [Test]
    public async Task A_call_that_could_not_connect_asks_for_a_check_now([Values(1, 2)] int successesToOnline)
    {
        HealthOptions options = Patient with { SuccessesToOnline = successesToOnline };
        using ScriptedNode other = ScriptedNode.Start();
        await Watch(_node.Address, options).FirstRound;
        Node member = Member;
        _directory.Apply([Entries.Of(_node.Address), Entries.Of(other.Address)]);
        await Eventually.HoldsAsync(() => _directory.Nodes.All(node => node.IsPlaceable), "the other is there too");
        _time.Advance(Gap);

        _directory.ReportConnectFailure(member);
        await Eventually.HoldsAsync(() => _node.Checks == 2, "the check");

        if (successesToOnline == 1)
        {
            // Where the regular check was under way, the call asks for another after it.
            await AdvanceUntilAsync(() => member.IsPlaceable, "online after the check", most: Gap);
        }
        else
        {
            await AdvanceUntilAsync(() => _node.Checks == 3, "the regular check", most: MoreThanInterval);
            await Eventually.HoldsAsync(() => member.IsPlaceable, "online after the second check");
        }

        Assert.That(_log.Lines, Has.Some.Contains("is offline (was online): a call could not connect"));
    }

    [Test]
    public async Task The_only_node_is_used_though_a_call_could_not_connect_until_one_check_fails_too()
    {
        TaskCompletionSource mayAnswer = new();
        HealthMonitor monitor = Watch(_node.Address);
        await monitor.FirstRound;
        _node.Script = async call =>
        {
            await mayAnswer.Task;
            await call.SendAsync(Refusal);
        };
        _node.CheckAnswer = null;
        _time.Advance(Gap);

        _directory.ReportConnectFailure(Member);
        await Eventually.HoldsAsync(() => monitor.IsPanicking, "it says that more nodes would be out");
        bool isUsed = Member.IsPlaceable;
        mayAnswer.SetResult();

        await Eventually.HoldsAsync(() => Member.Operational == OperationalState.Offline, "one failed check is enough");
        await Eventually.HoldsAsync(() => !monitor.IsPanicking, "the check decides");
        Assert.That(isUsed, Is.True);
    }

    [Test]
    public async Task A_check_that_began_before_a_call_failed_proves_nothing()
    {
        TaskCompletionSource mayAnswer = new();
        string good = _node.CheckAnswer!;
        await Watch(_node.Address).FirstRound;
        int arrived = 0;
        _node.Script = async call =>
        {
            Interlocked.Increment(ref arrived);
            await mayAnswer.Task;
            await call.SendAsync(good);
        };
        _node.CheckAnswer = null;
        await AdvanceUntilAsync(() => Volatile.Read(ref arrived) == 1, "a check under way", most: MoreThanInterval);

        _directory.ReportConnectFailure(Member);
        _node.CheckAnswer = Refusal;
        mayAnswer.SetResult();

        await AdvanceUntilAsync(() => _node.Checks == 2, "the check that the call asked for", most: Gap);
        await Eventually.HoldsAsync(() => Member.LastFailure!.Reason == "answered 500 to GET /version", "it failed");
        Assert.That(_log.Lines.Count(line => line.Contains("is online", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_node_that_left_is_not_checked_any_more()
    {
        await Watch(_node.Address).FirstRound;

        _directory.Apply([]);

        for (int i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await Eventually.StaysTrueAsync(() => _node.Checks == 1, TimeSpan.FromMilliseconds(100), "no further check");
    }

    [Test]
    public async Task A_name_is_resolved_and_its_address_stays_when_the_lookup_fails()
    {
        bool isFailing = false;
        int lookups = 0;
        Watch($"node.test:{_node.Port}", lookup: (host, _) =>
        {
            Interlocked.Increment(ref lookups);
            return isFailing
                ? throw new SocketException((int)SocketError.TryAgain)
                : Task.FromResult((IPAddress[])[IPAddress.Loopback]);
        });
        await Eventually.HoldsAsync(() => Member.IsPlaceable, "online");

        isFailing = true;
        TimeSpan freshAndMore = TimeSpan.FromSeconds(35);
        await AdvanceUntilAsync(() => Volatile.Read(ref lookups) == 2, "the second lookup", freshAndMore);
        int checks = _node.Checks;
        await AdvanceUntilAsync(() => _node.Checks > checks, "a check after that lookup", most: MoreThanInterval);

        Assert.That(Member.IsPlaceable, Is.True);
        Assert.That(Member.EndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, _node.Port)));
        Assert.That(checks, Is.GreaterThanOrEqualTo(5), "an address that works is looked up each 30 s only");
        Assert.That(_log.Lines.Count(line => line.StartsWith("Warning 3002", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_name_without_an_address_is_a_failure_that_ends_with_the_first_good_lookup()
    {
        bool isFailing = true;
        HealthMonitor monitor = Watch($"node.test:{_node.Port}", lookup: (_, _) => isFailing
            ? throw new SocketException((int)SocketError.HostNotFound)
            : Task.FromResult((IPAddress[])[IPAddress.Loopback]));
        await monitor.FirstRound;
        Assert.That(Member.LastFailure!.Reason, Does.StartWith("its name could not be resolved"));

        isFailing = false;

        await AdvanceUntilAsync(() => Member.IsPlaceable, "online", most: MoreThanInterval);
    }

    [Test]
    public async Task All_addresses_of_a_name_are_tried_in_one_check_and_the_one_that_passes_takes_the_calls()
    {
        IPAddress[] dead = [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3")];
        HealthMonitor monitor = Watch(
            $"node.test:{_node.Port}", lookup: (_, _) => Task.FromResult((IPAddress[])[.. dead, IPAddress.Loopback]));

        await monitor.FirstRound;

        Assert.That(Member.IsPlaceable, Is.True);
        Assert.That(Member.EndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, _node.Port)));
    }

    [Test]
    public async Task After_a_call_that_failed_at_one_address_the_name_is_looked_up_and_the_one_that_works_is_first()
    {
        IPAddress v6 = IPAddress.IPv6Loopback;
        using ScriptedNode other = ScriptedNode.Start(port: _node.Port, address: v6);
        int lookups = 0;
        HealthMonitor monitor = Watch($"node.test:{_node.Port}", lookup: (_, _) =>
        {
            // As resolvers do, in another order each time.
            bool isFirst = Interlocked.Increment(ref lookups) % 2 == 1;
            return Task.FromResult((IPAddress[])(isFirst ? [IPAddress.Loopback, v6] : [v6, IPAddress.Loopback]));
        });
        await monitor.FirstRound;
        IPEndPoint[] atFirst = [.. Member.EndPoints.Cast<IPEndPoint>()];

        _node.Kill();
        _directory.ReportAddressFailure(Member);
        await AdvanceUntilAsync(() => Equals(Member.EndPoint, other.EndPoint), "it is first", MoreThanInterval);

        Assert.That(atFirst, Is.EqualTo((IPEndPoint[])[_node.EndPoint, other.EndPoint]));
        Assert.That(Member.EndPoints, Is.EqualTo((IPEndPoint[])[other.EndPoint, _node.EndPoint]));
        Assert.That(Volatile.Read(ref lookups), Is.EqualTo(2));
        Assert.That(Member.IsPlaceable, Is.True);
    }

    [Test]
    public async Task A_name_that_moved_is_looked_up_when_a_check_fails_and_followed()
    {
        bool hasMoved = false;
        IPAddress elsewhere = IPAddress.Parse("127.0.0.2");
        Watch($"node.test:{_node.Port}", lookup: (_, _) => Task.FromResult(
            (IPAddress[])[Volatile.Read(ref hasMoved) ? IPAddress.Loopback : elsewhere]));
        await Eventually.HoldsAsync(() => Member.LastFailure is not null, "its address refuses");

        Volatile.Write(ref hasMoved, true);

        await AdvanceUntilAsync(() => Member.IsPlaceable, "online where it is now", most: MoreThanInterval);
        Assert.That(Member.EndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, _node.Port)));
    }

    private HealthMonitor Watch(string node, HealthOptions? options = null, NameLookup? lookup = null)
    {
        _directory.Apply([Entries.Of(node)]);
        HealthMonitor monitor = new(_directory, options ?? Patient, _time, _log, lookup);
        _monitors.Add(monitor);
        monitor.Start();
        return monitor;
    }

    private Task AdvanceUntilAsync(Func<bool> condition, string what, TimeSpan most) =>
        _time.AdvanceUntilAsync(condition, what, most, steps: 70);
}
