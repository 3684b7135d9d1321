using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Host.Admin;
using FnLb.Host.Dashboard;
using FnLb.Host.Stores;
using FnLb.Host.Telemetry;
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
    private readonly Router _router;
    private readonly SlowStart _slowStart;
    private AdminServer? _server;
    private HttpClient _http = new();

    public AdminApiTests()
    {
        _membership = new Membership(_store, _directory, TimeProvider.System, _log);
        _health = new HealthMonitor(_directory, new HealthOptions(), TimeProvider.System, _log);
        _router = new Router(_directory);
        _readiness = new Readiness(_directory, _health, _membership);
        _slowStart = new SlowStart(_directory, TimeSpan.FromSeconds(30), () => true, TimeProvider.System);
    }

    [SetUp]
    public async Task Start()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Uri address = new($"http://{socket.LocalEndPoint}");
        ClusterView view = new(_directory, _health, _membership);
        DrainedRemoval removal = new(
            _membership, _directory, othersLearn: TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
        RouteView routes = new(_router, view, () => new Dictionary<ulong, string>());
        NodesApi nodes = new(_membership, view, routes, removal);
        TrafficView traffic = new()
        {
            Read = counter => (int)counter,
            Clients = () => 7,
            RetryBudgetLeft = () => 0,
            Bytes = () => default,
            Meters = [],
        };
        TrafficWatch watch = new(view, traffic, _router, scaleTarget: 0.7, topMax: 50);
        AgreementView agreement = new(view, new BalancerRow("one", "h:1", "", "", TimeSpan.Zero), others: null);
        WatchApi watchApi = new(watch, agreement);
        AdminApi api = new(nodes, routes, watchApi, new DashboardPage(), _readiness, _log);
        _server = await AdminServer.StartAsync(socket, api.HandleAsync, NullLoggerFactory.Instance);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    }

    [TearDown]
    public async Task Stop()
    {
        _http.Dispose();
        await _server!.DisposeAsync();
        await _health.DisposeAsync();
        _slowStart.Dispose();
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
    [TestCase("text/plain", "{\"Node\":\"a:1\"}\n")]
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

    [TestCase("{\"node\":\"a:1\",\"status\":\"draining\"}",
        "the field \\\"status\\\" is unknown: node, state, weight and note are allowed")]
    [TestCase("{\"node\":\"a:1\",\"state\":\"drain\"}", "the state \\\"drain\\\" must be active or draining")]
    [TestCase("{\"node\":\"a:1\",\"state\":null}", "must be active or draining")]
    [TestCase("{\"node\":\"a:1\",\"weight\":0}", "the weight 0 must be a number from 0.001 to 1000")]
    [TestCase("{\"node\":\"a:1\",\"weight\":-1}", "the weight -1 must be a number")]
    [TestCase("{\"node\":\"a:1\",\"weight\":1e999}", "must be a number from")]
    [TestCase("{\"node\":\"a:1\",\"weight\":\"2\"}", "must be a number from")]
    public async Task What_a_change_may_say_is_told_to_who_says_something_else(string body, string reason)
    {
        (HttpStatusCode status, string answer) = await SendAsync(HttpMethod.Put, Nodes, body);

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer, Does.StartWith("{\"msg\":\"").And.Contain(reason).And.EndWith("\"}\n"));
        Assert.That(_directory.Nodes, Is.Empty);
    }

    [Test]
    public async Task State_and_weight_are_changed_alone_or_together_and_an_addition_changes_nothing()
    {
        string first = (await SendAsync(HttpMethod.Put, Nodes, "{\"node\":\"a:1\",\"weight\":2.5}")).Body;
        string second = (await SendAsync(HttpMethod.Put, Nodes, "{\"node\":\"a:1\",\"state\":\"draining\"}")).Body;
        await SendAsync(HttpMethod.Put, Nodes, NodeA);
        Node node = _directory.Nodes.Single();

        Assert.That((first, second), Is.EqualTo(("{\"msg\":\"node added\"}\n", "{\"msg\":\"node changed\"}\n")));
        Assert.That((node.Weight, node.Administrative), Is.EqualTo((2.5, AdministrativeState.Draining)));
        Assert.That(_log.Lines, Has.Some.EqualTo("Information 4006 Node a:1 is draining, its weight is 2.5"));

        await SendAsync(HttpMethod.Put, Nodes, "{\"node\":\"A:1\",\"state\":\"active\",\"weight\":1}");

        Assert.That(_directory.Nodes.Single(), Is.SameAs(node));
        Assert.That((node.Weight, node.Administrative), Is.EqualTo((1.0, AdministrativeState.Active)));
    }

    [Test]
    public async Task The_verbose_list_tells_states_weight_load_and_why()
    {
        _directory.Apply([
            Entries.Of("a:1"), Entries.Of("b:1") with { State = AdministrativeState.Draining, Weight = 2 },
            Entries.Of("c:1")]);
        _directory.Nodes[0].Operational = OperationalState.Offline;
        _directory.Nodes[0].LastFailure = new NodeFailure("answered 500", DateTimeOffset.UnixEpoch);
        _directory.Nodes[1].Operational = OperationalState.Online;
        _directory.Nodes[1].Enter();

        string body = (await SendAsync(HttpMethod.Get, $"{Nodes}?verbose=true")).Body;

        string[] nodes =
        [
            "\"a:1\":{\"state\":\"offline\",\"administrative\":\"active\",\"weight\":1,\"rankWeight\":1,\"inFlight\":0,"
                + "\"why\":\"answered 500\",\"note\":\"\",\"lastFailure\":{\"reason\":\"answered 500\","
                + "\"at\":\"1970-01-01T00:00:00+00:00\"}}",
            "\"b:1\":{\"state\":\"online\",\"administrative\":\"draining\",\"weight\":2,\"rankWeight\":2,"
                + "\"inFlight\":1,\"why\":\"draining: no new calls\",\"note\":\"\",\"lastFailure\":null}",
            "\"c:1\":{\"state\":\"unknown\",\"administrative\":\"active\",\"weight\":1,\"rankWeight\":1,\"inFlight\":0,"
                + "\"why\":\"not checked yet\",\"note\":\"\",\"lastFailure\":null}",
        ];
        Assert.That(body, Is.EqualTo($"{{\"nodes\":{{{string.Join(',', nodes)}}},\"panic\":false}}\n"));
    }

    [Test]
    public async Task A_route_and_a_dry_run_are_answered_as_JSON()
    {
        _directory.Apply([Entries.Of("a:1")]);

        string route = (await SendAsync(HttpMethod.Get, "/1/lb/route?path=/r/app/f?x=1")).Body;
        string removal = (await SendAsync(HttpMethod.Delete, $"{Nodes}?dry-run=true", NodeA)).Body;
        (HttpStatusCode, string) unknown = await SendAsync(
            HttpMethod.Delete, $"{Nodes}?dry-run=true", "{\"node\":\"b:1\"}");
        (HttpStatusCode Status, string) without = await SendAsync(HttpMethod.Get, "/1/lb/route");
        string hash = route.Split("\"route\":\"")[1][..16];
        string byHash = (await SendAsync(HttpMethod.Get, $"/1/lb/route?route={hash}")).Body;
        (HttpStatusCode Status, string) noHash = await SendAsync(HttpMethod.Get, "/1/lb/route?route=12xyz");

        Assert.That(
            route, Does.StartWith("{\"path\":\"/r/app/f\",\"route\":\"").And.Contain("\"node\":\"a:1\",\"rank\":0,"));
        Assert.That(byHash, Is.EqualTo(route.Replace("\"/r/app/f\"", "null", StringComparison.Ordinal)));
        Assert.That(noHash.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(removal, Does.StartWith("{\"node\":\"a:1\",\"functionsKnown\":0,\"functionsMoved\":0,"));
        Assert.That(unknown, Is.EqualTo((HttpStatusCode.NotFound, "{\"msg\":\"there is no such node\"}\n")));
        Assert.That((without.Status, _directory.Nodes.Count), Is.EqualTo((HttpStatusCode.BadRequest, 1)));
    }

    [TestCase("?dry-run=perhaps", "dry-run must be true or false", "DELETE")]
    [TestCase("?verbose=yes", "verbose must be true or false", "GET")]
    [TestCase("?drain=soon", "drain \\\"soon\\\" must be a duration", "DELETE")]
    [TestCase("?drian=30s", "the parameter \\\"drian\\\" is unknown", "DELETE")]
    public async Task A_parameter_that_cannot_be_right_is_refused(string query, string reason, string method)
    {
        _directory.Apply([Entries.Of("a:1")]);

        (HttpStatusCode status, string body) = await SendAsync(new HttpMethod(method), Nodes + query, NodeA);

        Assert.That((status, body), Is.EqualTo((HttpStatusCode.BadRequest, body)));
        Assert.That(body, Does.Contain(reason));
        Assert.That(_directory.Nodes, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_deletion_after_a_drain_waits_for_the_calls_of_the_node()
    {
        await SendAsync(HttpMethod.Put, Nodes, NodeA);
        Node node = _directory.Nodes.Single();
        node.Enter();

        Task<(HttpStatusCode, string)> deletion = SendAsync(HttpMethod.Delete, $"{Nodes}?drain=60s", NodeA);
        await Eventually.HoldsAsync(() => node.Administrative == AdministrativeState.Draining, "it drains");
        bool wasEarly = deletion.IsCompleted;
        node.Leave();

        Assert.That(await deletion, Is.EqualTo((HttpStatusCode.OK, "{\"msg\":\"node deleted\"}\n")));
        Assert.That((wasEarly, _directory.Nodes.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public async Task A_deletion_after_a_drain_comes_when_its_time_is_over()
    {
        await SendAsync(HttpMethod.Put, Nodes, NodeA);
        _directory.Nodes.Single().Enter();

        (HttpStatusCode status, _) = await SendAsync(HttpMethod.Delete, $"{Nodes}?drain=200ms", NodeA);

        Assert.That((status, _directory.Nodes.Count), Is.EqualTo((HttpStatusCode.OK, 0)));
    }

    [Test]
    public async Task A_node_that_was_made_active_while_it_drained_stays()
    {
        await SendAsync(HttpMethod.Put, Nodes, NodeA);
        Node node = _directory.Nodes.Single();
        node.Enter();
        Task<(HttpStatusCode Status, string)> deletion = SendAsync(HttpMethod.Delete, $"{Nodes}?drain=60s", NodeA);
        await Eventually.HoldsAsync(() => node.Administrative == AdministrativeState.Draining, "it drains");

        await SendAsync(HttpMethod.Put, Nodes, "{\"node\":\"a:1\",\"state\":\"active\"}");

        Assert.That((await deletion).Status, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(_directory.Nodes, Is.EqualTo((Node[])[node]));
    }

    [TestCase("POST", Nodes, "GET, PUT, DELETE")]
    [TestCase("PATCH", Nodes, "GET, PUT, DELETE")]
    [TestCase("OPTIONS", Nodes, "GET, PUT, DELETE")]
    [TestCase("POST", "/livez", "GET, HEAD")]
    [TestCase("PUT", "/1/lb/route", "GET")]
    [TestCase("POST", "/metrics", "GET, HEAD")]
    [TestCase("PUT", "/readyz", "GET, HEAD")]
    [TestCase("PUT", "/1/lb/cluster", "GET")]
    public async Task Mended_another_method_is_no_empty_200(string method, string path, string allowed)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        using HttpResponseMessage answer = await _http.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(string.Join(", ", answer.Content.Headers.Allow), Is.EqualTo(allowed));
    }

    [TestCase("/")]
    [TestCase("/1/lb/nodes/")]
    [TestCase("/r/app/f")]
    public async Task Any_other_path_is_an_unknown_command(string path)
    {
        (HttpStatusCode, string) answer = await SendAsync(HttpMethod.Get, path);

        Assert.That(answer, Is.EqualTo((HttpStatusCode.NotFound, "{\"msg\":\"unknown command\"}\n")));
    }

    [Test]
    public async Task A_store_that_fails_is_a_503_with_its_reason_and_the_list_is_still_read()
    {
        _store.Failure = "it is down";

        (HttpStatusCode, string) add = await SendAsync(HttpMethod.Put, Nodes, NodeA);
        (HttpStatusCode, string) delete = await SendAsync(HttpMethod.Delete, Nodes, NodeA);

        Assert.That((add, delete), Is.EqualTo((
            (HttpStatusCode.ServiceUnavailable, "{\"msg\":\"it is down\"}\n"),
            (HttpStatusCode.ServiceUnavailable, "{\"msg\":\"it is down\"}\n"))));
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
        await _membership.LoadAsync([], default);
        (HttpStatusCode, string) ready = await SendAsync(HttpMethod.Get, "/readyz");
        _readiness.BeginDrain();
        (HttpStatusCode, string) late = await SendAsync(HttpMethod.Get, "/readyz");

        Assert.That(early.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(early.Body, Is.EqualTo("{\"msg\":\"the first health checks have not ended yet\"}\n"));
        Assert.That(ready, Is.EqualTo(
            (HttpStatusCode.OK, "{\"msg\":\"ready\",\"nodeListAge\":0,\"storeFailure\":null}\n")));
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
