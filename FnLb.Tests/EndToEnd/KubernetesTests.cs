using System.Net;
using System.Text;
using FnLb.Tests.Harness;
using FnLb.Tests.Host.Stores.Kubernetes;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>The executable follows pods and endpoints of a Kubernetes API that the tests play.</summary>
public sealed class KubernetesTests : EndToEndTest
{
    private readonly KubernetesTestServer _api = new();

    private string Kubeconfig => Folder.In("kubeconfig");

    private string[] Flags => ["-db=k8s", $"--kubeconfig={Kubeconfig}", "-hc-interval=200ms", "-slow-start=0"];

    [SetUp]
    public async Task StartTheApi()
    {
        string authority = Convert.ToBase64String(Encoding.ASCII.GetBytes(_api.CertificatePem));
        await File.WriteAllTextAsync(Kubeconfig, $"""
            current-context: test
            contexts:
            - name: test
              context:
                cluster: test
                user: test
                namespace: fn
            clusters:
            - name: test
              cluster:
                server: https://127.0.0.1:{_api.Port}
                certificate-authority-data: {authority}
            users:
            - name: test
              user:
                token: {_api.Token}
            """);
        await _api.StartAsync();
    }

    [TearDown]
    public async Task StopTheApi()
    {
        await _api.DisposeAsync();
    }

    [Test]
    public async Task A_pod_gets_calls_when_it_is_ready_drains_while_it_terminates_and_is_gone_then()
    {
        TaskCompletionSource mayAnswer = new();
        ScriptedNode pod = StartNode(async call =>
        {
            await mayAnswer.Task;
            await call.AnswerAsync("finished");
        });
        _api.Put("a", Pods.Pod("a", "127.0.0.1", isReady: false));
        FnlbProcess fnlb = await StartFnlbAsync([], [.. Flags, $"-target-port={pod.Port}"]);
        WireResponse before = await (await ConnectAsync(fnlb)).GetAsync("/r/app/f");

        _api.Put("a", Pods.Pod("a", "127.0.0.1"));
        await fnlb.Admin.WaitForStateAsync(pod.Address, "online");
        Task<WireResponse> running = (await ConnectAsync(fnlb)).GetAsync("/r/app/f");
        await Eventually.HoldsAsync(() => pod.Calls.Count == 1, "the call is at the pod");
        _api.Put("a", Pods.Pod("a", "127.0.0.1", isReady: false, isTerminating: true));
        await Eventually.HoldsAsync(() => IsDrainingAsync(fnlb), "the pod drains");
        WireResponse meanwhile = await (await ConnectAsync(fnlb)).GetAsync("/r/app/f");
        mayAnswer.SetResult();
        WireResponse finished = await running;
        _api.Delete("a");
        await Eventually.HoldsAsync(async () => (await fnlb.Admin.NodesAsync()).Count == 0, "the pod is gone");

        Assert.That((before.Status, meanwhile.Status), Is.EqualTo((503, 503)));
        Assert.That((finished.Status, finished.Text), Is.EqualTo((200, "finished")));
    }

    [Test]
    public async Task Calls_go_on_while_the_API_server_is_away_and_changes_meanwhile_are_found_when_it_is_back()
    {
        ScriptedNode first = StartNode();
        ScriptedNode second = StartNode();
        _api.Put("s1", Pods.Slice("s1", [first.Port], "127.0.0.1 \"ready\":true"));
        FnlbProcess fnlb = await StartFnlbAsync([], [.. Flags, "--k8s-service=fn"]);
        await fnlb.Admin.WaitForStateAsync(first.Address, "online");
        RawClient client = await ConnectAsync(fnlb);

        await _api.StopAsync();
        await Eventually.HoldsAsync(
            async () => (await fnlb.Admin.SendAsync(HttpMethod.Get, "/readyz")).Body.Contains("cannot be reached"),
            "it is told");
        Assert.That((await client.GetAsync("/r/app/f")).Text, Is.EqualTo(first.Address));
        _api.Delete("s1");
        _api.Put("s2", Pods.Slice("s2", [second.Port], "127.0.0.1 \"ready\":true"));
        await _api.StartAsync();

        await fnlb.Admin.WaitForStateAsync(second.Address, "online", TimeSpan.FromSeconds(30));
        Assert.That((await fnlb.Admin.NodesAsync()).Keys, Is.EqualTo((string[])[second.Address]));
        Assert.That((await client.GetAsync("/r/app/f")).Text, Is.EqualTo(second.Address));
    }

    [Test]
    public async Task The_list_cannot_be_changed_by_hand_in_the_words_of_the_original()
    {
        FnlbProcess fnlb = await StartFnlbAsync([], Flags);

        (HttpStatusCode, string)[] answers =
            [await fnlb.Admin.AddAsync("10.0.0.1:8080"), await fnlb.Admin.RemoveAsync("10.0.0.1:8080")];

        Assert.That(answers, Is.EqualTo(((HttpStatusCode, string)[])
        [
            (HttpStatusCode.InternalServerError,
                "{\"msg\":\"kubernetes driver does not support manual addition of targets\"}\n"),
            (HttpStatusCode.InternalServerError,
                "{\"msg\":\"kubernetes driver does not support manual deletion of targets\"}\n"),
        ]));
    }

    [Test]
    public async Task A_missing_right_ends_the_start_with_what_is_needed()
    {
        _api.Refusal = (403, "pods is forbidden");

        ProcessExit exit = await FnlbProcess.RunAsync(
            ["-listen=127.0.0.1:0", "-mgmt-listen=127.0.0.1:0", .. Flags, "-store-wait=1"]);

        Assert.That(exit.Code, Is.EqualTo(1));
        Assert.That(exit.ErrorLines.Last(), Does.StartWith("fnlb: -db: the Kubernetes API at 127.0.0.1:").And.EndsWith(
            "answered 403 to list pods in the namespace fn (pods is forbidden); a role must allow it to list and watch "
                + "pods there"));
        Assert.That(exit.Error, Does.Not.Contain(_api.Token));
    }

    private static async Task<bool> IsDrainingAsync(FnlbProcess fnlb) =>
        (await fnlb.Admin.SendAsync(HttpMethod.Get, "/1/lb/nodes?verbose=1")).Body.Contains(
            "\"administrative\":\"draining\"", StringComparison.Ordinal);
}
