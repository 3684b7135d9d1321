using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Host.Admin;
using FnLb.Host.Stores;
using FnLb.Tests.Harness;
using FnLb.Tests.Host.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FnLb.Tests.Host.Admin;

/// <summary>The admin listener on a real socket, in front of a store that a test decides about.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AdminApiTests
{
    private const string Nodes = "/1/lb/nodes";
    private const string NodeA = "{\"node\":\"a:1\"}";

    private readonly ScriptedStore _store = new();
    private readonly NodeDirectory _directory = new();
    private readonly RecordedLog _log = new();
    private readonly Membership _membership;
    private readonly HealthMonitor _health;
    private readonly Readiness _readiness;
    private AdminServer? _server;
    private HttpClient _http = new();

    public AdminApiTests()
    {
        _membership = new Membership(_store, _directory, TimeProvider.System, _log);
        _health = new HealthMonitor(_directory, new HealthOptions(), TimeProvider.System, _log);
        _readiness = new Readiness(_directory, _health);
    }

    [SetUp]
    public async Task Start()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Uri address = new($"http://{socket.LocalEndPoint}");
        AdminApi api = new(_membership, _directory, _readiness, _log);
        _server = await AdminServer.StartAsync(socket, api.HandleAsync, NullLoggerFactory.Instance);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    }

    [TearDown]
    public async Task Stop()
    {
        _http.Dispose();
        await _server!.DisposeAsync();
        await _health.DisposeAsync();
        _membership.Dispose();
    }

    [Test]
    public async Task The_list_is_in_the_original_s_order_and_words()
    {
        string[] nodes = ["b:1", "[::1]:80", "10.0.0.2:80", "10.0.0.10:80"];
        _directory.Apply([.. nodes.Select(Entries.Of)]);
        _directory.Nodes.Single(node => node.Address.Host == "b").Operational = OperationalState.Online;

        (HttpStatusCode status, string body) = await SendAsync(HttpMethod.Get, Nodes);

        const string rows =
            """ "10.0.0.10:80":"offline","10.0.0.2:80":"offline","[::1]:80":"offline","b:1":"online" """;
        Assert.That((status, body), Is.EqualTo((HttpStatusCode.OK, $"{{\"nodes\":{{{rows.Trim()}}}}}\n")));
    }

    [Test]
    public async Task Without_nodes_the_list_is_empty()
    {
        Assert.That(await SendAsync(HttpMethod.Get, Nodes), Is.EqualTo((HttpStatusCode.OK, "{\"nodes\":{}}\n")));
    }

    [Test]
    public async Task Adding_and_deleting_answer_as_the_original_did_each_time()
    {
        (HttpStatusCode, string)[] answers =
        [
            await SendAsync(HttpMethod.Put, Nodes, NodeA), await SendAsync(HttpMethod.Put, Nodes, NodeA),
            await SendAsync(HttpMethod.Delete, Nodes, NodeA), await SendAsync(HttpMethod.Delete, Nodes, NodeA),
        ];

        Assert.That(answers, Is.EqualTo(((HttpStatusCode, string)[])
        [
            (HttpStatusCode.OK, "{\"msg\":\"node added\"}\n"), (HttpStatusCode.OK, "{\"msg\":\"node added\"}\n"),
            (HttpStatusCode.OK, "{\"msg\":\"node deleted\"}\n"), (HttpStatusCode.OK, "{\"msg\":\"node deleted\"}\n"),
        ]));
    }

    [TestCase("application/x-www-form-urlencoded", "{\"node\":\"a:1\"}")]
    [TestCase("text/plain", "{\"Node\":\"a:1\",\"more\":[]}\n")]
    [TestCase(null, " {\"node\" : \"a:1\"}")]
    public async Task The_content_type_is_not_looked_at(string? contentType, string body)
    {
        Assert.That((await SendAsync(HttpMethod.Put, Nodes, body, contentType)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(_directory.Nodes.Single().Address.Text, Is.EqualTo("a:1"));
    }

    [TestCase("{\"node\":\"\"}", "the node is empty")]
    [TestCase("{}", "the node is empty")]
    [TestCase("null", "the node is empty")]
    [TestCase("{\"node\":\"a b:80\"}", "the node \\\"a b:80\\\" has a host")]
    [TestCase("{\"node\":\"a\"}", "has no port")]
    [TestCase("not json", "the body is not JSON")]
    [TestCase("", "the body is not JSON")]
    [TestCase("{\"node\":5}", "the body is not JSON")]
    [TestCase("{\"node\":\"a:1\"", "the body is not JSON")]
    [TestCase("[\"a:1\"]", "the body is not JSON")]
    public async Task Mended_a_body_without_a_valid_node_is_refused_with_the_reason(string body, string reason)
    {
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete])
        {
            (HttpStatusCode status, string answer) = await SendAsync(method, Nodes, body);

            Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(answer, Does.StartWith("{\"msg\":\"").And.Contain(reason).And.EndWith("\"}\n"));
        }

        Assert.That(_directory.Nodes, Is.Empty);
    }

    [TestCase("POST", Nodes, "GET, PUT, DELETE")]
    [TestCase("PATCH", Nodes, "GET, PUT, DELETE")]
    [TestCase("OPTIONS", Nodes, "GET, PUT, DELETE")]
    [TestCase("POST", "/livez", "GET, HEAD")]
    [TestCase("PUT", "/readyz", "GET, HEAD")]
    public async Task Mended_another_method_is_no_empty_200(string method, string path, string allowed)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        using HttpResponseMessage answer = await _http.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(string.Join(", ", answer.Content.Headers.Allow), Is.EqualTo(allowed));
    }

    [TestCase("/")]
    [TestCase("/1/lb/stats")]
    [TestCase("/1/lb/nodes/")]
    [TestCase("/r/app/f")]
    public async Task Any_other_path_is_an_unknown_command(string path)
    {
        (HttpStatusCode, string) answer = await SendAsync(HttpMethod.Get, path);

        Assert.That(answer, Is.EqualTo((HttpStatusCode.NotFound, "{\"msg\":\"unknown command\"}\n")));
    }

    [Test]
    public async Task A_store_that_fails_is_a_500_with_its_reason_and_the_list_is_still_read()
    {
        _store.Failure = "it is down";

        (HttpStatusCode, string) add = await SendAsync(HttpMethod.Put, Nodes, NodeA);
        (HttpStatusCode, string) delete = await SendAsync(HttpMethod.Delete, Nodes, NodeA);

        Assert.That((add, delete), Is.EqualTo((
            (HttpStatusCode.InternalServerError, "{\"msg\":\"it is down\"}\n"),
            (HttpStatusCode.InternalServerError, "{\"msg\":\"it is down\"}\n"))));
        Assert.That((await SendAsync(HttpMethod.Get, Nodes)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(AdminServer.BodyBytesMax, HttpStatusCode.OK)]
    [TestCase(AdminServer.BodyBytesMax + 1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_beyond_64_KB_is_refused(int bytes, HttpStatusCode expected)
    {
        (HttpStatusCode status, string answer) = await SendAsync(HttpMethod.Put, Nodes, NodeA.PadRight(bytes));

        Assert.That(status, Is.EqualTo(expected), answer);
        Assert.That(answer, Does.StartWith("{\"msg\":\""));
    }

    [Test]
    public async Task It_is_ready_after_the_first_round_of_checks_and_until_it_drains()
    {
        using ScriptedNode node = ScriptedNode.Start();
        TaskCompletionSource mayAnswer = new();
        string good = node.CheckAnswer!;
        node.CheckAnswer = null;
        node.Script = async call =>
        {
            await mayAnswer.Task;
            await call.SendAsync(good);
        };
        _directory.Apply([Entries.Of(node.Address)]);
        _health.Start();

        (HttpStatusCode Status, string Body) early = await SendAsync(HttpMethod.Get, "/readyz");
        mayAnswer.SetResult();
        await _health.FirstRound;
        (HttpStatusCode, string) ready = await SendAsync(HttpMethod.Get, "/readyz");
        _readiness.BeginDrain();
        (HttpStatusCode, string) late = await SendAsync(HttpMethod.Get, "/readyz");

        Assert.That(early.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(early.Body, Is.EqualTo("{\"msg\":\"the first health checks have not ended yet\"}\n"));
        Assert.That(ready, Is.EqualTo((HttpStatusCode.OK, "{\"msg\":\"ready\"}\n")));
        Assert.That(late, Is.EqualTo((HttpStatusCode.ServiceUnavailable, "{\"msg\":\"draining\"}\n")));
        (HttpStatusCode, string) alive = await SendAsync(HttpMethod.Get, "/livez");
        Assert.That(alive, Is.EqualTo((HttpStatusCode.OK, "{\"msg\":\"running\"}\n")));
    }

    [Test]
    public async Task An_answer_is_JSON_and_does_not_name_the_server()
    {
        using HttpResponseMessage answer = await _http.GetAsync(Nodes);

        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/json"));
        Assert.That(answer.Headers.Contains("Server"), Is.False);
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpMethod method, string path, string? body = null, string? contentType = "application/x-www-form-urlencoded")
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);
        }

        using HttpResponseMessage answer = await _http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
