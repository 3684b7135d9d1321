using FnLb.Tests.Harness;
using NUnit.Framework;
using static System.FormattableString;

namespace FnLb.Tests.Faults;

/// <summary>Thousands of clients that only hold their connections, beside those that call.</summary>
public sealed class CrowdTests : FaultTest
{
    private const int ConnectedAtOnce = 200;

    // What the client side of a connection takes comes out of the same limit as that of other tests' sockets.
    private const int SpareDescriptors = 1_500;

    [Test]
    public async Task Thousands_of_idle_clients_cost_no_call_and_leave_nothing_behind()
    {
        FnlbProcess fnlb = await StartFnlbAsync([Own(EchoNode.Start())], $"-max-connections={CrowdMax() + 100}");
        int crowd = Math.Min(CrowdMax(), Duration > TimeSpan.FromSeconds(5) ? 20_000 : 5_000);

        await MeasureAsync($"{crowd:N0} idle clients", fnlb, Promise.NoCallFails, async () =>
        {
            List<RawClient> clients = await ConnectAsync(fnlb, crowd, sent: "");
            await LastAsync();
            clients.ForEach(client => client.Dispose());
        });
    }

    [Test]
    public async Task Clients_that_never_finish_a_head_cost_no_call()
    {
        FnlbProcess fnlb = await StartFnlbAsync([Own(EchoNode.Start())], "-head-timeout=1s");

        await MeasureAsync("1,000 clients that never finish a head, again and again", fnlb, Promise.NoCallFails,
            async () =>
            {
                for (int round = 0; round < Duration.TotalSeconds; round++)
                {
                    List<RawClient> slow = await ConnectAsync(fnlb, 1_000, "GET /slow HTTP/1.1\r\nHost: a\r\nX: ");
                    WireResponse[] answers = await Task.WhenAll(slow.Select(client => client.ReadAnswerAsync()));
                    slow.ForEach(client => client.Dispose());
                    Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(408));
                }
            });
    }

    private static int CrowdMax()
    {
        // Programs that are started get the limit of this one. Where it may not be raised, there are fewer clients.
        _ = Shell.TryAsync("prlimit", Invariant($"--pid={Environment.ProcessId}"), "--nofile=30000:30000")
            .GetAwaiter().GetResult();
        string limit = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", default));
        string soft = limit.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return int.TryParse(soft, out int descriptors) ? Math.Min(descriptors - SpareDescriptors, 20_000) : 20_000;
    }

    private static async Task<List<RawClient>> ConnectAsync(FnlbProcess fnlb, int count, string sent)
    {
        List<RawClient> clients = new(count);
        while (clients.Count < count)
        {
            int next = Math.Min(ConnectedAtOnce, count - clients.Count);
            clients.AddRange(await Task.WhenAll(
                Enumerable.Range(0, next).Select(_ => RawClient.ConnectAsync(fnlb.Port))));
        }

        foreach (RawClient client in clients)
        {
            await client.SendAsync(sent);
        }

        return clients;
    }
}
