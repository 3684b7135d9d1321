using FnLb.Core.Telemetry;
using NUnit.Framework;

namespace FnLb.Tests.Telemetry;

public sealed class AccessLogChannelTests
{
    [Test]
    public void A_writer_that_stands_still_costs_lines_that_are_counted_and_no_more_memory()
    {
        AccessLogChannel queue = new(AccessLogFormat.Json, loops: 1);
        LoopAccessLog log = new(queue);
        const int lines = 200_000;
        long before = GC.GetTotalMemory(forceFullCollection: true);

        int kept = Write(log, lines);

        Assert.That(queue.Dropped, Is.EqualTo(lines - kept).And.Positive);
        Assert.That(kept, Is.GreaterThan(30_000), "four megabytes hold that");
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(6_000_000));
    }

    [Test]
    public void Any_number_of_busy_loops_has_room_for_its_lines_while_the_writer_is_idle([Values(1, 64, 200)] int loops)
    {
        AccessLogChannel queue = new(AccessLogFormat.Json, loops);
        LoopAccessLog[] logs = [.. Enumerable.Range(0, loops).Select(_ => new LoopAccessLog(queue))];

        foreach (LoopAccessLog log in logs)
        {
            Assert.That(Add(log, 1, nowNanoseconds: 0), Is.True, "each holds lines of its own");
        }

        foreach (LoopAccessLog log in logs)
        {
            log.Flush();
            Assert.That(Add(log, 2, nowNanoseconds: 0), Is.True, "and goes on while those wait for the writer");
        }

        Assert.That((queue.Dropped, queue.Waiting), Is.EqualTo((0, loops)));
    }

    [Test]
    public void Every_line_that_was_not_dropped_reaches_the_writer_whole_and_in_order()
    {
        AccessLogChannel queue = new(AccessLogFormat.Json, loops: 1);
        LoopAccessLog log = new(queue);
        int kept = Write(log, 1500);
        log.Flush();
        queue.Complete();

        List<byte> bytes = [];
        int lines = 0;
        while (queue.Take(out AccessLogChunk chunk))
        {
            bytes.AddRange(chunk.Bytes[..chunk.Length]);
            lines += chunk.Lines;
            queue.Return(chunk.Bytes);
        }

        Assert.That((kept, lines, bytes.Count), Is.EqualTo((1500, 1500, 150_000)));
        IEnumerable<byte> firsts = bytes.Where((_, index) => index % 100 == 0);
        Assert.That(firsts, Is.EqualTo(Enumerable.Range(0, 1500).Select(i => (byte)i)));
    }

    [Test]
    public void A_line_waits_a_tenth_of_a_second_at_most_while_others_come()
    {
        AccessLogChannel queue = new(AccessLogFormat.Json, loops: 1);
        LoopAccessLog log = new(queue);
        Add(log, 1, nowNanoseconds: 0);
        Add(log, 2, nowNanoseconds: 99_000_000);
        Assert.That(queue.Waiting, Is.Zero);

        Add(log, 3, nowNanoseconds: 100_000_000);

        Assert.That(queue.Take(out AccessLogChunk chunk), Is.True);
        Assert.That(chunk.Lines, Is.EqualTo(3));
    }

    [Test]
    public async Task A_writer_that_waits_is_woken_by_the_next_chunk_and_by_the_end()
    {
        AccessLogChannel queue = new(AccessLogFormat.Json, loops: 1);
        LoopAccessLog log = new(queue);
        Task<bool> first = Task.Run(() => queue.Take(out _));
        Add(log, 1, nowNanoseconds: 0);
        log.Flush();
        bool hasChunk = await first.WaitAsync(TimeSpan.FromSeconds(10));
        Task<bool> second = Task.Run(() => queue.Take(out _));

        queue.Complete();

        Assert.That((hasChunk, await second.WaitAsync(TimeSpan.FromSeconds(10))), Is.EqualTo((true, false)));
        Add(log, 2, nowNanoseconds: 0);
        log.Flush();
        Assert.That(queue.Dropped, Is.EqualTo(1), "what comes after the end is counted");
    }

    // Lines of 100 bytes, each of its own number.
    private static int Write(LoopAccessLog log, int lines)
    {
        int kept = 0;
        for (int line = 0; line < lines; line++)
        {
            kept += Add(log, (byte)line, nowNanoseconds: 0) ? 1 : 0;
        }

        return kept;
    }

    private static bool Add(LoopAccessLog log, byte number, long nowNanoseconds)
    {
        if (!log.TryReserve(200, nowNanoseconds, out Span<byte> room))
        {
            return false;
        }

        room[..100].Fill(number);
        log.Commit(100, nowNanoseconds);
        return true;
    }
}
