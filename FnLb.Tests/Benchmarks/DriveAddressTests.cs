using System.Net;
using FnLb.Benchmarks.Drive;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>Which address of several calls go to.</summary>
public sealed class DriveAddressTests
{
    private static readonly IPAddress[] Addresses = [IPAddress.Parse("127.0.0.6"), IPAddress.Parse("127.0.0.7")];

    [Test]
    public async Task The_first_that_accepts_a_connection_is_taken([Values(0, 1)] int listening)
    {
        using ScriptedNode node = ScriptedNode.Start(address: Addresses[listening]);
        IPAddress chosen = await DriveAddress.ChooseAsync(Addresses, node.Port, CancellationToken.None);
        Assert.That(chosen, Is.EqualTo(Addresses[listening]));
    }

    [Test]
    public async Task Where_none_accepts_the_first_is_taken_and_calls_tell()
    {
        IPAddress chosen = await DriveAddress.ChooseAsync(Addresses, FreePort.Next(), CancellationToken.None);
        Assert.That(chosen, Is.EqualTo(Addresses[0]));
    }
}
