using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Packaging;

/// <summary>The service on sockets that systemd holds.</summary>
public sealed class SocketTests : MachineTest
{
    private const int Restarts = 4;

    [Test]
    public async Task The_first_client_starts_the_service_and_is_answered()
    {
        ScriptedNode node = await AddNodeAsync();
        await Machine.RunAsync("systemctl", "stop", "fnlb.service");
        await Machine.RunAsync("systemctl", "start", "fnlb.socket", "fnlb-admin.socket");
        string before = await StateAsync();

        using RawClient client = await RawClient.ConnectAsync(Port);
        WireResponse answer = await client.GetAsync("/r/app/f");

        Assert.That(before, Is.EqualTo("inactive"));
        Assert.That((answer.Status, node.Calls.Count), Is.EqualTo((200, 1)));
    }

    [Test]
    public async Task Nobody_is_refused_while_the_service_restarts()
    {
        await AddNodeAsync();
        await HoldSocketsAsync();
        int serving = await MainProcessAsync();
        await using SteadyLoad load = SteadyLoad.Start(Port, clients: 8);
        for (int restart = 0; restart < Restarts; restart++)
        {
            await load.WaitForMoreAsync(500);
            await Machine.RunAsync("systemctl", "restart", "fnlb.service");
            serving = await WaitForAnotherProcessAsync(serving);
        }

        await load.WaitForMoreAsync(500);
        await load.StopAsync();

        await TestContext.Out.WriteLineAsync($"{Restarts} restarts: {load}");
        Assert.That(load.Failures, Is.Empty, load.ToString());
    }

    [Test]
    public async Task A_reload_hands_over_the_sockets_of_systemd_as_well()
    {
        await AddNodeAsync();
        await HoldSocketsAsync();
        await using SteadyLoad load = SteadyLoad.Start(Port, clients: 8);
        await load.WaitForMoreAsync(500);
        int before = await MainProcessAsync();

        await Machine.RunAsync("systemctl", "reload", "fnlb.service");
        int after = await WaitForAnotherProcessAsync(before);
        await load.WaitForMoreAsync(500);
        await Machine.RunAsync("systemctl", "restart", "fnlb.service");
        await WaitForAnotherProcessAsync(after);
        await load.WaitForMoreAsync(500);
        await load.StopAsync();

        Assert.That(load.Failures, Is.Empty, load.ToString());
    }

    private async Task HoldSocketsAsync()
    {
        await Machine.RunAsync("systemctl", "stop", "fnlb.service");
        await Machine.RunAsync("systemctl", "enable", "--now", "fnlb.socket", "fnlb-admin.socket");
        await Machine.RunAsync("systemctl", "start", "fnlb.service");
    }
}
