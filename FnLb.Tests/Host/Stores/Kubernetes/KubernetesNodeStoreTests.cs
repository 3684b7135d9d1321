using System.Security.Cryptography.X509Certificates;
using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using FnLb.Host.Stores.Kubernetes;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Stores.Kubernetes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KubernetesNodeStoreTests
{
    private readonly KubernetesTestServer _server = new();
    private readonly string _tokenPath = Path.GetTempFileName();
    private KubernetesNodeStore? _store;

    [SetUp]
    public async Task Start()
    {
        await File.WriteAllTextAsync(_tokenPath, "token-1\n");
        await _server.StartAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        await (_store?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _server.DisposeAsync();
        File.Delete(_tokenPath);
    }

    [Test]
    public async Task Mended_a_pod_is_a_node_while_it_runs_and_is_ready()
    {
        _server.Put("a", Pods.Pod("a", "10.0.0.1"));
        _server.Put("b", Pods.Pod("b", "10.0.0.2", isReady: false));
        _server.Put("c", Pods.Pod("c", "", "Pending"));
        _server.Put("d", Pods.Pod("d", "10.0.0.4", "Succeeded"));
        _server.Put("e", Pods.Pod("e", "fd00::1"));
        Open();
        string[] atFirst = await NodesAsync();

        _server.Put("b", Pods.Pod("b", "10.0.0.2"));
        await BecomesAsync("10.0.0.1:8080", "10.0.0.2:8080", "[fd00::1]:8080");
        _server.Put("a", Pods.Pod("a", "10.0.0.1", isReady: false));
        await BecomesAsync("10.0.0.2:8080", "[fd00::1]:8080");

        Assert.That(atFirst, Is.EqualTo((string[])["10.0.0.1:8080", "[fd00::1]:8080"]));
        Assert.That(_server.Lists, Is.EqualTo(1));
    }

    [Test]
    public async Task Mended_a_pod_that_terminates_drains_until_it_is_gone()
    {
        _server.Put("a", Pods.Pod("a", "10.0.0.1"));
        Open();
        await BecomesAsync("10.0.0.1:8080");

        _server.Put("a", Pods.Pod("a", "10.0.0.1", isReady: false, isTerminating: true));
        await BecomesAsync("10.0.0.1:8080 draining");
        _server.Delete("a");

        await BecomesAsync();
    }

    [Test]
    public async Task A_pod_that_got_the_address_of_a_terminating_one_takes_calls()
    {
        _server.Put("a", Pods.Pod("a", "10.0.0.1", isTerminating: true));
        _server.Put("b", Pods.Pod("b", "10.0.0.1"));
        Open();

        NodeDirectory directory = new();
        directory.Apply([.. await _store!.ListAsync(default)]);

        Assert.That(directory.Nodes.Single().Administrative, Is.EqualTo(AdministrativeState.Active));
    }

    [Test]
    public async Task Namespace_and_selector_are_asked_for_and_pages_are_put_together()
    {
        _server.PageItems = 2;
        string[] names = ["a", "b", "c", "d", "e"];
        for (int i = 0; i < names.Length; i++)
        {
            _server.Put(names[i], Pods.Pod(names[i], $"10.0.0.{i}"));
        }

        Open(new KubernetesOptions { Namespace = "fn", LabelSelector = "app=fn,tier in (a,b)", TargetPort = 80 });

        Assert.That(await NodesAsync(), Has.Length.EqualTo(5).And.Contain("10.0.0.4:80"));
        Assert.That(
            _server.Requests.First(), Does.StartWith("/api/v1/namespaces/fn/pods?labelSelector=app=fn,tier in (a,b)&"));
    }

    [Test]
    public async Task A_watch_that_the_server_ends_is_taken_up_where_it_ended()
    {
        Open();
        await WatchingAsync();
        _server.Bookmark();
        _server.Compact();
        await TakenAsync();
        _server.CloseStreams();
        await WatchingAsync();

        _server.Put("a", Pods.Pod("a", "10.0.0.1"));

        await BecomesAsync("10.0.0.1:8080");
        Assert.That(_server.Lists, Is.EqualTo(1), "the bookmark's version was new enough");
    }

    [Test]
    public async Task Mended_a_version_that_is_too_old_leads_to_a_new_list()
    {
        _server.Put("a", Pods.Pod("a", "10.0.0.1"));
        Open();
        await WatchingAsync();
        await _server.StopAsync();
        _server.Delete("a");
        _server.Put("b", Pods.Pod("b", "10.0.0.2"));
        _server.Compact();

        await _server.StartAsync();

        await BecomesAsync("10.0.0.2:8080");
        Assert.That(_server.Lists, Is.GreaterThan(1));
    }

    [Test]
    public async Task Mended_a_server_that_closes_each_watch_at_once_is_not_asked_in_a_loop()
    {
        _server.ClosesWatches = true;
        Open();
        await Eventually.HoldsAsync(() => _server.Watches >= 3, "watched three times");

        // Pauses of 0.1 to 0.2 s, 0.2 to 0.4 s, … follow each.
        int before = _server.Watches;
        await Eventually.StaysTrueAsync(
            () => _server.Watches - before <= 3, TimeSpan.FromSeconds(1), "few watches in a second");
    }

    [Test]
    public async Task What_an_account_may_not_do_is_told_with_what_it_needs()
    {
        string user = new('u', 200);
        _server.Refusal = (403, $"pods is forbidden: User \\\"{user}\\\" cannot list resource pods");
        Open();

        string failure = await FailureAsync();

        Assert.That(failure, Does.Contain($"127.0.0.1:{_server.Port} answered 403 to list pods in the namespace own"));
        Assert.That(failure, Does.Contain($"User '{user}' cannot list"));
        Assert.That(failure, Does.Contain("a role must allow it to list and watch"));
        _server.Refusal = null;
        await BecomesAsync();
    }

    [Test]
    public async Task The_token_is_read_anew_for_each_request_and_never_told()
    {
        Open();
        await WatchingAsync();
        _server.Token = "token-2";
        _server.CloseStreams();
        await Eventually.HoldsAsync(async () => (await FailureAsync()).Contains("401"), "the old one is refused");
        string failure = await FailureAsync();

        await File.WriteAllTextAsync(_tokenPath, "token-2");

        await BecomesAsync();
        Assert.That(failure, Does.Contain("its token or certificate is not accepted").And.Not.Contain("token-"));
    }

    [Test]
    public async Task While_the_server_is_away_the_reason_is_told_and_it_is_followed_again_when_it_is_back()
    {
        _server.Put("a", Pods.Pod("a", "10.0.0.1"));
        Open();
        await WatchingAsync();

        await _server.StopAsync();
        await Eventually.HoldsAsync(
            async () => (await FailureAsync()).Contains("cannot be reached: Connection refused"), "it is told");
        await _server.StartAsync();
        await BecomesAsync("10.0.0.1:8080");
        _server.Put("b", Pods.Pod("b", "10.0.0.2"));

        await BecomesAsync("10.0.0.1:8080", "10.0.0.2:8080");
    }

    [Test]
    public async Task A_server_whose_certificate_nobody_trusts_gets_no_token()
    {
        Open(access: Access() with { Authorities = [] });

        Assert.That(await FailureAsync(), Does.Contain("cannot be reached").And.Contain("certificate"));
        Assert.That(_server.Requests, Is.Empty);
    }

    [Test]
    public async Task Who_may_list_and_not_watch_is_told_so_once_and_not_each_time_it_lists()
    {
        _server.ForbidsWatches = true;
        Open();
        HashSet<string> failures = [await FailureAsync()];

        await Eventually.HoldsAsync(
            async () =>
            {
                failures.Add(await FailureAsync());
                return _server.Lists >= 4;
            },
            "it was listed again");
        _server.ForbidsWatches = false;

        await BecomesAsync();
        Assert.That(failures.Single(), Does.Contain("answered 403 to watch pods in the namespace own (no watch)"));
    }

    [TestCase("{}", "answered with what cannot be read: it is no list")]
    [TestCase("<html>", "answered with what cannot be read: ")]
    public async Task An_answer_that_is_no_list_is_a_failure_that_may_end(string body, string told)
    {
        _server.Put("a", Pods.Pod("a", "10.0.0.1"));
        _server.ListBody = body;
        Open();
        string failure = await FailureAsync();

        _server.ListBody = null;

        await BecomesAsync("10.0.0.1:8080");
        Assert.That(failure, Does.Contain(told));
    }

    [Test]
    public async Task A_token_of_two_lines_is_a_failure_that_ends_with_a_good_one_and_is_never_told()
    {
        await File.WriteAllTextAsync(_tokenPath, "token-1\ntoken-2\n");
        Open();
        string failure = await FailureAsync();

        await File.WriteAllTextAsync(_tokenPath, "token-1\n");

        await BecomesAsync();
        Assert.That(failure, Does.Contain("the token must be one line").And.Not.Contain("token-"));
    }

    [Test]
    public async Task The_list_is_as_old_as_what_was_heard_last()
    {
        Open();
        await WatchingAsync();
        await Eventually.HoldsAsync(
            () => _store!.ListAge > TimeSpan.FromMilliseconds(500), "it ages while all is quiet");

        _server.Bookmark();

        await Eventually.HoldsAsync(
            () => _store!.ListAge < TimeSpan.FromMilliseconds(500), "a bookmark makes it young");
    }

    [Test]
    public async Task Endpoints_of_a_service_are_nodes_by_their_conditions()
    {
        _server.Put("s1", Pods.Slice("s1", [9000], "10.0.0.1 \"ready\":true", "10.0.0.2 \"ready\":false", "10.0.0.3 "));
        _server.Put("s2", Pods.Slice(
            "s2", [1, 8080], "10.0.1.1 \"ready\":false,\"serving\":true,\"terminating\":true",
            "10.0.1.2 \"ready\":false,\"serving\":false,\"terminating\":true"));
        Open(new KubernetesOptions { Service = "fn" });

        await BecomesAsync("10.0.0.1:9000", "10.0.0.3:9000", "10.0.1.1:8080 draining");
        Assert.That(_server.Requests.First(), Does.StartWith(
            "/apis/discovery.k8s.io/v1/namespaces/own/endpointslices?labelSelector=kubernetes.io/service-name=fn&"));
        _server.Delete("s1");
        await BecomesAsync("10.0.1.1:8080 draining");
    }

    [Test]
    public async Task A_server_before_1_21_is_asked_for_slices_by_their_older_name()
    {
        _server.MissingPath = "/discovery.k8s.io/v1/";
        _server.Put("s1", Pods.Slice("s1", [9000], "10.0.0.1 \"ready\":true"));
        Open(new KubernetesOptions { Service = "fn" });
        await BecomesAsync("10.0.0.1:9000");

        await _server.StopAsync();
        _server.MissingPath = "/discovery.k8s.io/v1beta1/";
        await _server.StartAsync();
        _server.Put("s1", Pods.Slice("s1", [9000], "10.0.0.2 \"ready\":true"));

        await BecomesAsync("10.0.0.2:9000");
    }

    [Test]
    public async Task A_server_without_slices_is_told_as_a_failure()
    {
        _server.MissingPath = "/discovery.k8s.io/";
        Open(new KubernetesOptions { Service = "fn" });

        Assert.That(await FailureAsync(), Does.Contain("answered 404 to list endpointslices"));
    }

    [Test]
    public void Changes_are_refused_in_the_words_of_the_original()
    {
        Open();

        Assert.That(
            () => _store!.AddAsync(Entries.Of("a:1"), default),
            Throws.TypeOf<NodeStoreException>().With.Property(nameof(NodeStoreException.IsRefusal)).True
                .And.Message.EqualTo("kubernetes driver does not support manual addition of targets"));
        Assert.That(
            () => _store!.RemoveAsync("a:1", default),
            Throws.TypeOf<NodeStoreException>().With.Message.EqualTo(
                "kubernetes driver does not support manual deletion of targets"));
    }

    private KubernetesAccess Access() => new()
    {
        Server = new Uri($"https://127.0.0.1:{_server.Port}"),
        Namespace = "own",
        Authorities = [X509Certificate2.CreateFromPem(_server.CertificatePem)],
        TokenPath = _tokenPath,
    };

    private void Open(KubernetesOptions? options = null, KubernetesAccess? access = null)
    {
        KubernetesAccess given = access ?? Access();
        KubernetesResource resource = new(options ?? new KubernetesOptions(), given.Namespace);
        _store = new KubernetesNodeStore(given, resource);
    }

    private async Task<string[]> NodesAsync() =>
        [.. (await _store!.ListAsync(default)).Select(Word).Order(StringComparer.Ordinal)];

    private static string Word(NodeEntry node) =>
        node.State == AdministrativeState.Draining ? $"{node.Address} draining" : $"{node.Address}";

    private Task BecomesAsync(params string[] nodes) => Eventually.HoldsAsync(
        async () =>
        {
            try
            {
                return (await NodesAsync()).SequenceEqual(nodes);
            }
            catch (NodeStoreException)
            {
                return false;
            }
        },
        $"the nodes are {string.Join(", ", nodes)}");

    private async Task<string> FailureAsync()
    {
        try
        {
            await _store!.ListAsync(default);
            return "";
        }
        catch (NodeStoreException e)
        {
            return e.Message;
        }
    }

    private Task WatchingAsync() => Eventually.HoldsAsync(() => _server.OpenWatches == 1, "it watches");

    // An event that comes after another shows that the other was taken.
    private async Task TakenAsync()
    {
        _server.Put("marker", Pods.Pod("marker", "10.9.9.9"));
        await BecomesAsync("10.9.9.9:8080");
        _server.Delete("marker");
        await BecomesAsync();
    }
}
