using System.Text;
using FnLb.Core.Http1;
using FnLb.Core.Proxy;
using FnLb.Core.Telemetry;
using NUnit.Framework;

namespace FnLb.Tests.Proxy;

public sealed class AccessEntryTests
{
    [Test]
    public void What_a_long_request_needed_does_not_stay_with_every_entry()
    {
        const int entries = 1000;
        AccessLogChannel queue = new(AccessLogFormat.Json, loops: 1);
        LoopAccessLog log = new(queue);
        AccessEntry[] pooled = [.. Enumerable.Range(0, entries).Select(_ => new AccessEntry(log))];
        WriteLongest(pooled[0], queue);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        Array.ForEach(pooled, entry => WriteLongest(entry, queue));

        long perEntry = (GC.GetTotalMemory(forceFullCollection: true) - before) / entries;
        Assert.That(perEntry, Is.LessThan(5000));
        Assert.That(queue.Dropped, Is.Zero);
        GC.KeepAlive(pooled);
    }

    private static void WriteLongest(AccessEntry entry, AccessLogChannel queue)
    {
        string text = new('"', 1024);
        byte[] bytes = Encoding.ASCII.GetBytes(
            $"GET /{new string('x', 1023)} HTTP/1.1\r\nHost: a\r\nUser-Agent: {text}\r\nReferer: {text}\r\n"
            + $"X-Request-Id: {text}\r\n\r\n");
        HeadLimits limits = new();
        RequestHead head = new(limits);
        Assert.That(RequestHeadParser.TryParse(bytes, limits, head, out _), Is.EqualTo(ParseStatus.Complete));

        entry.Begin("127.0.0.1"u8, head, bytes, default);
        AccessOutcome outcome = new()
        {
            Client = "127.0.0.1"u8,
            Status = 200,
            WaitNanoseconds = -1,
            Placement = "home"u8,
            Close = "complete"u8,
        };
        entry.End(outcome, nowNanoseconds: 0);

        while (queue.Waiting > 0 && queue.Take(out AccessLogChunk chunk))
        {
            queue.Return(chunk.Bytes);
        }
    }
}
