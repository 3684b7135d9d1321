using System.Net;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace FnLb.Tests.Harness;

/// <summary>
/// Base of tests on the published executable: it owns what a test starts, ends it, and fails a test whose node got a
/// request that was not valid HTTP/1.1 or whose load balancer died.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class EndToEndTest
{
    /// <summary>The body of answers that the load balancer makes itself.</summary>
    private protected const string ErrorBody = "^\\{\"error\":\\{\"message\":\".+\"\\}\\}\\s*$";

    private readonly List<IDisposable> _owned = [];
    private readonly List<ScriptedNode> _nodes = [];
    private readonly List<FnlbProcess> _processes = [];
    private TestFolder? _folder;

    /// <summary>Deleted once everything that the test started has ended.</summary>
    private protected TestFolder Folder => _folder ??= new TestFolder();

    [TearDown]
    public void EndWhatTheTestStarted()
    {
        string[] died = [.. _processes.Where(fnlb => fnlb.HasExited).Select(fnlb => fnlb.Error)];
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            foreach (FnlbProcess fnlb in _processes)
            {
                TestContext.Out.WriteLine($"stderr of fnlb {fnlb.Id}:\n{fnlb.Error}");
            }
        }

        foreach (IDisposable item in Enumerable.Reverse(_owned))
        {
            item.Dispose();
        }

        _folder?.Dispose();

        Exception[] faults = [.. _nodes.SelectMany(node => node.Faults)];
        Assert.That(faults, Is.Empty, "requests that nodes could not accept");
        Assert.That(died, Is.Empty, "load balancers that ended before the test did");
    }

    /// <inheritdoc cref="ScriptedNode.Start"/>
    private protected ScriptedNode StartNode(
        Func<NodeCall, Task>? script = null, int port = 0, IPAddress? address = null)
    {
        ScriptedNode node = Own(ScriptedNode.Start(script, port, address));
        _nodes.Add(node);
        return node;
    }

    /// <summary>Starts the load balancer in front of nodes that are all online when this returns.</summary>
    private protected Task<FnlbProcess> StartFnlbAsync(ScriptedNode node, params string[] flags) =>
        StartFnlbAsync([node], flags);

    /// <inheritdoc cref="StartFnlbAsync(ScriptedNode, string[])"/>
    private protected Task<FnlbProcess> StartFnlbAsync(ScriptedNode[] nodes, params string[] flags) =>
        StartBeforeAsync(nodes.Select(node => node.Address), flags);

    /// <inheritdoc cref="StartFnlbAsync(ScriptedNode, string[])"/>
    private protected async Task<FnlbProcess> StartBeforeAsync(IEnumerable<string> nodes, params string[] flags)
    {
        FnlbProcess fnlb = Own(await FnlbProcess.StartAsync(nodes, flags));
        _processes.Add(fnlb);
        return fnlb;
    }

    private protected async Task<RawClient> ConnectAsync(FnlbProcess fnlb) =>
        Own(await RawClient.ConnectAsync(fnlb.Port));

    /// <summary>Ends the item with the test.</summary>
    private protected T Own<T>(T item)
        where T : IDisposable
    {
        lock (_owned)
        {
            _owned.Add(item);
        }

        return item;
    }

    /// <summary>For tests that end the process themselves.</summary>
    private protected void ExpectExit(FnlbProcess fnlb) => _processes.Remove(fnlb);
}
