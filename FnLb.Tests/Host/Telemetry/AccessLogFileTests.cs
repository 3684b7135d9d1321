using System.Text;
using FnLb.Core.Telemetry;
using FnLb.Host.Telemetry;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Telemetry;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AccessLogFileTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly RecordedLog _log = new();

    private string LogPath => _folder.In("access.log");

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Two_writers_of_one_file_overwrite_nothing_of_each_other()
    {
        AccessLogChannel[] queues = [new(AccessLogFormat.Json, loops: 1), new(AccessLogFormat.Json, loops: 1)];
        await using (Start(queues[0]))
        await using (Start(queues[1]))
        {
            for (int line = 0; line < 20; line++)
            {
                await WriteAsync(queues[line % 2], $"{line}\n");
            }
        }

        string[] expected = [.. Enumerable.Range(0, 20).Select(line => $"{line}")];
        Assert.That(await File.ReadAllLinesAsync(LogPath), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_file_that_is_truncated_under_the_writer_gets_no_hole()
    {
        AccessLogChannel queue = new(AccessLogFormat.Json, loops: 1);
        await using (Start(queue))
        {
            await WriteAsync(queue, "before\n");
            await using (FileStream truncated = new(LogPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                truncated.SetLength(0);
            }

            await WriteAsync(queue, "after\n");
        }

        Assert.That(await File.ReadAllTextAsync(LogPath), Is.EqualTo("after\n"));
    }

    [Test]
    public async Task A_reader_that_is_stuck_costs_lines_at_the_end_and_does_not_hold_it_up()
    {
        await Shell.RunAsync("mkfifo", LogPath);
        await using FileStream reader = new(LogPath, FileMode.Open, FileAccess.ReadWrite);
        AccessLogChannel queue = new(AccessLogFormat.Json, loops: 1);
        AccessLogFile file = Start(queue);
        for (int chunk = 0; chunk < 5; chunk++)
        {
            queue.Hand(new AccessLogChunk(queue.TryRent()!, AccessLogChannel.ChunkBytes, Lines: 100));
        }

        await Eventually.HoldsAsync(() => queue is { Written: 100, Waiting: 3 }, "one is in the pipe, one under way");

        await Task.Run(async () => await file.DisposeAsync()).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That((queue.Written, queue.Dropped), Is.EqualTo((100, 400)));
        Assert.That(_log.Lines, Is.EqualTo((string[])
            [$"Error 6005 Access log {LogPath} took no more lines at the end; lost: 400"]));
        await reader.ReadExactlyAsync(new byte[2 * AccessLogChannel.ChunkBytes]);
        Assert.That((queue.Written, queue.Dropped), Is.EqualTo((100, 400)), "each is counted once");
    }

    private AccessLogFile Start(AccessLogChannel queue) => AccessLogFile.Start(LogPath, queue, _log);

    private static async Task WriteAsync(AccessLogChannel queue, string line)
    {
        long written = queue.Written;
        byte[] chunk = queue.TryRent()!;
        queue.Hand(new AccessLogChunk(chunk, Encoding.ASCII.GetBytes(line, chunk), Lines: 1));
        await Eventually.HoldsAsync(() => queue.Written > written, "the line is in the file");
    }
}
