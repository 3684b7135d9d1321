using System.Globalization;
using System.Net;
using FnLb.Tests.Harness;
using NUnit.Framework;
using static System.FormattableString;

namespace FnLb.Tests.Faults;

/// <summary>The machine has no more of something: disk, descriptors, memory, a steady clock.</summary>
public sealed class ScarcityTests : FaultTest
{
    [Test]
    public async Task A_full_disk_costs_no_call_and_a_change_of_nodes_says_why_it_failed()
    {
        Assume.That(Environment.IsPrivilegedProcess, "mounting a file system is for root alone");
        SmallDisk disk = Own(SmallDisk.Mount());
        EchoNode[] nodes = [Own(EchoNode.Start())];
        FnlbProcess fnlb = await StartFnlbAsync(nodes, $"-db=sqlite3://{disk.Folder}/nodes.db",
            $"-access-log={disk.Folder}/access.log", $"-state-file={disk.Folder}/state");

        await MeasureAsync("disk of the store and the access log full", fnlb, Promise.NoCallFails, async () =>
        {
            disk.Fill();
            (HttpStatusCode status, string told) = await AddMuchAsync(fnlb);
            Assert.That(told, Does.Contain("full"));
            Assert.That((int)status, Is.GreaterThanOrEqualTo(500), told);
            await LastAsync();
            disk.Free();
            File.Delete($"{disk.Folder}/access.log");
        });
        Assert.That((await fnlb.Admin.AddAsync("127.0.0.1:1")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Without_a_free_descriptor_those_who_are_connected_are_served()
    {
        EchoNode[] nodes = [Own(EchoNode.Start()), Own(EchoNode.Start())];
        FnlbProcess fnlb = await StartFnlbAsync(nodes, "-max-connections=1000");

        await MeasureAsync("no descriptor left: 300 more clients, room for 60", fnlb, Promise.NoCallFails, async () =>
        {
            Shell.Run("prlimit", Invariant($"--pid={fnlb.Id}"), Invariant($"--nofile={HighestDescriptor(fnlb) + 60}:"));
            List<RawClient> crowd = [];
            for (int i = 0; i < 300; i++)
            {
                crowd.Add(Own(await RawClient.ConnectAsync(fnlb.Port)));
            }

            await LastAsync();
            crowd.ForEach(client => client.Dispose());
            Shell.Run("prlimit", Invariant($"--pid={fnlb.Id}"), "--nofile=4096:");
        });
    }

    [Test]
    public async Task A_limit_on_memory_is_kept_under_load()
    {
        Assume.That(Environment.IsPrivilegedProcess, "control groups are for root alone");
        MemoryLimit limit = Own(MemoryLimit.Of(64 * 1024 * 1024));
        EchoNode[] nodes = [Own(EchoNode.Start()), Own(EchoNode.Start())];
        FnlbProcess fnlb = await LaunchAsync(limit.Enter, nodes, "-node-idle-timeout=2s");
        string body = new('x', 100_000);

        await MeasureAsync("64 MB of memory, beside it 200 clients with bodies of 100 KB", fnlb, Promise.NoCallFails,
            async () =>
            {
                string part = $"POST /r/app/big HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n{body}";
                List<RawClient> crowd = [];
                for (int i = 0; i < 200; i++)
                {
                    crowd.Add(Own(await RawClient.ConnectAsync(fnlb.Port)));
                    await crowd[i].SendAsync(part);
                }

                await LastAsync();
                crowd.ForEach(client => client.Dispose());
            });
    }

    [Test]
    public async Task A_wall_clock_that_jumps_costs_no_call()
    {
        string? clock = Directory.GetDirectories("/usr/lib", "*-linux-gnu")
            .Select(folder => Path.Combine(folder, "faketime/libfaketime.so.1")).FirstOrDefault(File.Exists);
        Assume.That(clock, Is.Not.Null, "libfaketime is not installed");
        string file = Folder.In("clock");
        await File.WriteAllTextAsync(file, "+0");
        EchoNode[] nodes = [Own(EchoNode.Start()), Own(EchoNode.Start())];
        FnlbProcess fnlb = await LaunchAsync(
            $"export LD_PRELOAD={clock} FAKETIME_TIMESTAMP_FILE={file} FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1; "
                + "exec \"$@\"",
            nodes, "-node-idle-timeout=2s");

        await MeasureAsync("wall clock jumps by hours, both ways", fnlb, Promise.NoCallFails, async () =>
        {
            foreach ((string offset, double hours) in ((string, double)[])
                [("+3h", 3), ("-30h", -30), ("+400d", 400 * 24), ("+0", 0)])
            {
                await File.WriteAllTextAsync(file, offset);
                await Eventually.HoldsAsync(
                    async () => Math.Abs((await ClockAsync(fnlb) - DateTimeOffset.UtcNow).TotalHours - hours) < 0.1,
                    $"its clock is at {offset}");
                await LastAsync(Duration / 4);
            }
        });
    }

    [Test]
    public async Task A_process_that_was_stopped_itself_costs_no_call()
    {
        FnlbProcess fnlb = await StartFnlbAsync([Own(EchoNode.Start()), Own(EchoNode.Start())]);

        await MeasureAsync("the balancer stopped for a second, as by a paused machine", fnlb, Promise.NoCallFails,
            async () =>
            {
                for (int stops = 0; stops < Duration.TotalSeconds / 2; stops++)
                {
                    fnlb.Signal(Signals.Stop);
                    await LastAsync(TimeSpan.FromSeconds(1));
                    fnlb.Signal(Signals.Continue);
                    await LastAsync(TimeSpan.FromSeconds(1));
                }
            });
    }

    // Its own date in an answer.
    private static async Task<DateTimeOffset> ClockAsync(FnlbProcess fnlb)
    {
        using RawClient client = await RawClient.ConnectAsync(fnlb.Port);
        WireResponse answer = await client.CallAsync("GET /r/app/f HTTP/1.1\r\n\r\n");
        return DateTimeOffset.Parse(answer.Head.Value("Date")!, CultureInfo.InvariantCulture);
    }

    private static int HighestDescriptor(FnlbProcess fnlb) => Directory.GetFiles($"/proc/{fnlb.Id}/fd")
        .Max(descriptor => int.Parse(Path.GetFileName(descriptor), CultureInfo.InvariantCulture));

    // A list so long that it takes a new page of the database.
    private static async Task<(HttpStatusCode Status, string Told)> AddMuchAsync(FnlbProcess fnlb)
    {
        for (int i = 0; ; i++)
        {
            (HttpStatusCode status, string told) = await fnlb.Admin.AddAsync($"{new string('n', 60)}{i}.invalid:1");
            if (status != HttpStatusCode.OK || i == 200)
            {
                return (status, told);
            }
        }
    }

    /// <param name="script">For a shell that becomes the executable, the command in its arguments.</param>
    private async Task<FnlbProcess> LaunchAsync(string script, EchoNode[] nodes, params string[] flags)
    {
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        string[] all = [$"-listen=127.0.0.1:{port}", $"-mgmt-listen=127.0.0.1:{adminPort}", "-hc-interval=500ms",
            $"-nodes={string.Join(',', nodes.Select(node => node.Address))}", .. flags];
        FnlbProcess fnlb = Own(FnlbProcess.LaunchBy(
            "/bin/bash", ["-c", script, "bash", FnlbExecutable.Path, .. all], port, adminPort, environment: null));
        await fnlb.WaitUntilListeningAsync();
        foreach (EchoNode node in nodes)
        {
            await fnlb.Admin.WaitForStateAsync(node.Address, "online");
        }

        return fnlb;
    }
}
