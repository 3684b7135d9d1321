using System.Collections.Concurrent;
using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>
/// Base of the rows of the two checklists, which their tests carry in their names: A for inputs, B for duties. One load
/// balancer and one node serve all tests of a fixture, one after the other.
/// </summary>
/// <remarks>
/// The balancer runs one event loop, so that every client shares the connections to the node: what one request leaves
/// behind on a connection, the next one meets. After each refusal another request looks for such remains.
/// </remarks>
public abstract class ConformanceTest
{
    private protected const string ErrorBody = "^\\{\"error\":\\{\"message\":\".+\"\\}\\}\\s*$";
    private protected const string Host = "Host: a\r\n";
    private protected const string Get = "GET / HTTP/1.1\r\n" + Host;
    private protected const string Post = "POST / HTTP/1.1\r\n" + Host;

    /// <summary>The target of requests whose body is refused.</summary>
    private protected const string Bad = "/bad";

    private protected const string HttpDate =
        "^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3][0-9] [A-Z][a-z]{2} 20[0-9]{2} [0-2][0-9]:[0-5][0-9]:[0-5][0-9] GMT$";

    private readonly List<RawClient> _clients = [];
    private readonly ConcurrentQueue<NodeCall> _completed = new();
    private ScriptedNode? _node;
    private FnlbProcess? _fnlb;
    private int _cutHeadsBefore;
    private int _fences;

    /// <summary>Flags of the balancer, beside those that every fixture has.</summary>
    private protected virtual string[] Flags => [];

    private protected ScriptedNode Node => _node!;

    private protected FnlbProcess Fnlb => _fnlb!;

    /// <summary>Calls of which the node may see everything; those for <see cref="Bad"/> may come late, cut, or never.</summary>
    private protected IEnumerable<NodeCall> Calls => Node.Calls.Where(call => call.Target != Bad);

    /// <summary>Calls that the usual script has read to their end in this test.</summary>
    private protected ConcurrentQueue<NodeCall> Completed => _completed;

    [OneTimeSetUp]
    public async Task StartBalancerAndNode()
    {
        _node = ScriptedNode.Start(EchoAsync);
        _fnlb = await FnlbProcess.StartAsync([_node.Address], ["--threads=1", .. Flags]);
    }

    [SetUp]
    public void AnswerAsUsual()
    {
        Node.Script = EchoAsync;
        _completed.Clear();
        _cutHeadsBefore = Node.CutHeads;
    }

    [TearDown]
    public void NodeSawNothingButRequests()
    {
        _clients.ForEach(client => client.Dispose());
        _clients.Clear();
        Assert.That(Node.Faults, Is.Empty, "requests that the node could not accept");
        Assert.That(_completed.Select(call => call.Target), Does.Not.Contain(Bad), "refused bodies that had an end");
        Assert.That(Node.CutHeads, Is.EqualTo(_cutHeadsBefore), "heads of which the node got a part");
        Assert.That(Fnlb.HasExited, Is.False, Fnlb.Error);
        Assert.That(Fnlb.Error, Does.Not.Contain("Exception"), "what the balancer logged");
    }

    [OneTimeTearDown]
    public void EndBalancerAndNode()
    {
        _fnlb?.Dispose();
        _node?.Dispose();
    }

    /// <summary>The node's usual answer: the target and the body of the call.</summary>
    private protected async Task EchoAsync(NodeCall call)
    {
        byte[] body = [.. Encoding.Latin1.GetBytes(call.Target + "\n"), .. await call.ReadBodyAsync()];
        _completed.Enqueue(call);
        await call.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n");
        await call.Connection.SendAsync(call.Method == "HEAD" ? [] : body);
    }

    private protected async Task<RawClient> ConnectAsync()
    {
        RawClient client = await RawClient.ConnectAsync(Fnlb.Port);
        _clients.Add(client);
        return client;
    }

    /// <summary>Sends a whole request on a connection of its own, which must be answered 200 by the node.</summary>
    /// <returns>What the node saw of it; its form was checked there.</returns>
    private protected async Task<NodeCall> ServedAsync(string request)
    {
        int callsBefore = Calls.Count();
        WireResponse answer = await (await ConnectAsync()).CallAsync(request);
        Assert.That(answer.Status, Is.EqualTo(200), $"{request}\n{answer}");
        Assert.That(Calls.Count(), Is.EqualTo(callsBefore + 1));
        return Calls.Last();
    }

    /// <summary>Sends a request that must be refused with a close, without a call or a part of one at the node.</summary>
    private protected async Task<WireResponse> RefusedAsync(string request, int status = 400)
    {
        int callsBefore = Calls.Count();
        RawClient client = await ConnectAsync();
        await client.SendAsync(request);
        WireResponse refusal = await ReadRefusalAsync(client, status, request);
        await FenceAsync();
        Assert.That(Calls.Count(), Is.EqualTo(callsBefore + 1), $"the node saw what was refused: {request}");
        return refusal;
    }

    /// <summary>Refuses one request and serves its twin, which differs in the offending bytes only.</summary>
    /// <returns>The twin as the node saw it.</returns>
    private protected async Task<NodeCall> RefusedUnlikeAsync(string twin, string request, int status = 400)
    {
        await RefusedAsync(request, status);
        return await ServedAsync(twin);
    }

    /// <summary>
    /// Refuses a body after a good head, which may be at the node by then: it never sees the end of such a request.
    /// </summary>
    /// <param name="body">Of a request for <see cref="Bad"/>, chunked.</param>
    /// <param name="isHeadFirst">Send the body only when the head is at the node.</param>
    private protected async Task ChunksRefusedAsync(string body, bool isHeadFirst, int status = 400)
    {
        const string Head = $"POST {Bad} HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n";
        int badBefore = Node.Calls.Count - Calls.Count();
        RawClient client = await ConnectAsync();
        await client.SendAsync(isHeadFirst ? Head : Head + body);
        if (isHeadFirst)
        {
            await Eventually.HoldsAsync(() => Node.Calls.Count - Calls.Count() > badBefore, "the head is at the node");
            await client.SendAsync(body);
        }

        await ReadRefusalAsync(client, status, body);
        await FenceAsync();
        foreach (NodeCall call in Node.Calls.Where(call => call.Target == Bad))
        {
            await Eventually.HoldsAsync(() => call.Connection.IsClosed, "the node connection was aborted");
        }
    }

    /// <summary>A request that finds what another one may have left on the connection to the node.</summary>
    private protected async Task FenceAsync()
    {
        string target = $"/fence/{++_fences}";
        WireResponse answer = await (await ConnectAsync()).GetAsync(target);
        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, target + "\n")));
        Assert.That(Calls.Last().Target, Is.EqualTo(target));
    }

    private protected static async Task<WireResponse> ReadRefusalAsync(RawClient client, int status, string request)
    {
        WireResponse refusal = await client.ReadAnswerAsync();
        Assert.That(refusal.Status, Is.EqualTo(status), $"{request}\n{refusal}");
        Assert.That(refusal.Head.Value("Connection"), Is.EqualTo("close"), request);
        Assert.That(refusal.Head.Value("Date"), Does.Match(HttpDate), request);
        Assert.That(refusal.Text, Does.Match(ErrorBody), request);
        await client.ReadCloseAsync();
        return refusal;
    }
}
