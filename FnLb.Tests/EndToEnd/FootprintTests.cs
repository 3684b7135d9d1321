using System.Diagnostics;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>What one executable costs before it works.</summary>
public sealed class FootprintTests : EndToEndTest
{
    private const long ResidentBytesMax = 25L * 1024 * 1024;
    private const int Starts = 7;
    private static readonly TimeSpan FirstAnswerMax = TimeSpan.FromMilliseconds(150);

    [Test]
    public async Task At_rest_it_holds_at_most_25_MB()
    {
        FnlbProcess fnlb = await StartFnlbAsync([StartNode(), StartNode()]);
        RawClient client = await ConnectAsync(fnlb);

        await client.GetAsync("/r/app/f");

        await Eventually.HoldsAsync(
            () => fnlb.ResidentBytes <= ResidentBytesMax,
            "at most 25 MB are resident");
    }

    [Test]
    public async Task The_first_answer_comes_within_150_ms_of_the_start()
    {
        ScriptedNode node = StartNode();
        List<TimeSpan> times = [];
        for (int i = 0; i < Starts; i++)
        {
            times.Add(await TimeToFirstAnswerAsync(node));
        }

        // The fastest: what else runs on the machine makes a start longer, never shorter.
        Assert.That(times.Min(), Is.LessThan(FirstAnswerMax), string.Join(", ", times));
    }

    [Test]
    public void It_is_a_single_file()
    {
        FileInfo executable = new(FnlbExecutable.Path);
        FileInfo[] beside = executable.Directory!.GetFiles();
        FileInfo[] parts = [.. beside.Where(file => file.Name.StartsWith("fnlb.") || file.Extension == ".so")];

        Assert.That(parts, Is.Empty);
    }

    [Test]
    public void It_is_position_independent()
    {
        using FileStream executable = File.OpenRead(FnlbExecutable.Path);
        byte[] header = new byte[20];
        executable.ReadExactly(header);

        // The type in the ELF header: a program with addresses of its own would be 2.
        Assert.That(header[16], Is.EqualTo(3));
    }

    private static async Task<TimeSpan> TimeToFirstAnswerAsync(ScriptedNode node)
    {
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        long started = Stopwatch.GetTimestamp();
        using FnlbProcess fnlb = FnlbProcess.Launch(
            port,
            adminPort,
            [$"-listen=127.0.0.1:{port}", $"-mgmt-listen=127.0.0.1:{adminPort}", $"-nodes={node.Address}"]);
        await Eventually.HoldsAsync(async () => await StatusAsync(port) == 200, "the first answer");
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task<int> StatusAsync(int port)
    {
        try
        {
            using RawClient client = await RawClient.ConnectAsync(port);
            return (await client.GetAsync("/r/app/f")).Status;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return 0;
        }
    }
}
