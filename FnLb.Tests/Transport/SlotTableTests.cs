using FnLb.Core.Transport;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

[TestFixture]
internal sealed class SlotTableTests
{
    [Test]
    public void An_event_for_a_closed_connection_does_not_reach_the_one_that_took_its_slot()
    {
        SlotTable<string> table = new();
        int slot = table.Add("closed", out ulong oldData);
        table.Remove(slot);
        int reused = table.Add("new", out ulong newData);

        Assert.That(reused, Is.EqualTo(slot));
        Assert.That(table.TryGet(oldData, out _), Is.False);
        Assert.That(table.TryGet(newData, out string? item) ? item : null, Is.EqualTo("new"));
    }

    [Test]
    public void The_table_grows_and_finds_everything()
    {
        SlotTable<string> table = new();
        Dictionary<ulong, string> added = [];
        for (int number = 0; number < 1_000; number++)
        {
            _ = table.Add($"item {number}", out ulong data);
            added.Add(data, $"item {number}");
        }

        Assert.That(added.All(pair => table.TryGet(pair.Key, out string? item) && item == pair.Value));
    }
}
