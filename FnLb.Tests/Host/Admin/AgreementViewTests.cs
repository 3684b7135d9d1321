using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Host.Admin;
using FnLb.Host.Stores;
using FnLb.Tests.Harness;
using FnLb.Tests.Host.Stores;
using NUnit.Framework;

namespace FnLb.Tests.Host.Admin;

public sealed class AgreementViewTests
{
    [Test]
    public async Task Where_nobody_shares_the_store_there_is_this_balancer_with_the_digests_of_the_moment()
    {
        NodeDirectory directory = new();
        RecordedLog log = new();
        await using HealthMonitor health = new(directory, new HealthOptions(), TimeProvider.System, log);
        using Membership membership = new(new ScriptedStore(), directory, TimeProvider.System, log);
        ClusterView view = new(directory, health, membership);
        BalancerRow self = new("one", "h:1", "", "", TimeSpan.Zero);
        AgreementView agreement = new(view, self, others: null);

        Agreement empty = await agreement.ReadAsync(default);
        directory.Apply([Entries.Of("a:1")]);
        Agreement one = await agreement.ReadAsync(default);

        Assert.That((empty.Ring, one.Ring), Is.EqualTo(("cbf29ce484222325", NodeDigest.OfRing(directory.Nodes))));
        Assert.That(one.Ring, Is.Not.EqualTo(empty.Ring));
        Assert.That((one.RingAgrees, one.HealthAgrees, one.StoreFailure), Is.EqualTo((true, true, (string?)null)));
        Assert.That(one.Balancers.Keys, Is.EqualTo((string[])["one"]));
        Assert.That(one.Balancers["one"].Ring, Is.EqualTo(one.Ring));
    }

    [Test]
    public async Task Whether_balancers_agree_is_unknown_while_the_store_does_not_tell()
    {
        NodeDirectory directory = new();
        RecordedLog log = new();
        await using HealthMonitor health = new(directory, new HealthOptions(), TimeProvider.System, log);
        using Membership membership = new(new ScriptedStore(), directory, TimeProvider.System, log);
        ClusterView view = new(directory, health, membership);
        BalancerRow self = new("one", "h:1", "", "", TimeSpan.Zero);
        await using SqlDatabase database = new(new FailingDialect(), "shared");
        KnownBalancers others = new(new BalancerTable(database), TimeProvider.System);

        Agreement unknown = await new AgreementView(view, self, others).ReadAsync(default);

        Assert.That((unknown.RingAgrees, unknown.HealthAgrees), Is.EqualTo(((bool?)null, (bool?)null)));
        Assert.That(unknown.StoreFailure, Is.EqualTo("the node store shared failed: it is away"));
    }
}
