using System.Net;
using FnLb.Tests.Harness;
using FnLb.Tests.HouseRules;
using NUnit.Framework;

namespace FnLb.Tests.Kubernetes;

/// <summary>The executable beside the API server that it will meet: <c>./build.sh test-kubernetes</c>.</summary>
[Category("Kubernetes")]
[Explicit("The API server is compiled first, which takes minutes.")]
public sealed class RealKubernetesTests : EndToEndTest
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static KubernetesApi? _shared;

    private readonly string _space = $"fn-{Guid.NewGuid():N}";
    private readonly int _targetPort = FreePort.Next();

    private static KubernetesApi Api => _shared!;

    private string[] Flags =>
    [
        "-db=k8s", $"--kubeconfig={Folder.In("config")}", "-label-selector=app=fn",
        $"-target-port={_targetPort}", "-hc-interval=200ms", "-slow-start=0",
    ];

    [OneTimeSetUp]
    public static async Task StartTheApi()
    {
        _shared = new KubernetesApi();
        await _shared.StartAsync();
    }

    [OneTimeTearDown]
    public static void EndTheApi() => _shared?.Dispose();

    [SetUp]
    public async Task CreateTheAccount()
    {
        await Api.CreateNamespaceAsync(_space);
        await File.WriteAllTextAsync(Folder.In("token"), await Api.TokenAsync(_space));
        await File.WriteAllTextAsync(Folder.In("config"), $"""
            current-context: pod
            contexts:
            - name: pod
              context:
                cluster: real
                user: account
                namespace: {_space}
            clusters:
            - name: real
              cluster:
                server: {Api.Url}
                certificate-authority: {Api.CertificatePath}
            users:
            - name: account
              user:
                tokenFile: token
            """);
    }

    [Test]
    public async Task Pods_get_calls_when_they_are_ready_and_leave_without_a_failed_call()
    {
        await AllowAsync();
        ScriptedNode first = StartPod("127.0.0.1");
        ScriptedNode second = StartPod("127.0.0.2");
        await Api.StartPodAsync(_space, "a", "127.0.0.1");
        await Api.StartPodAsync(_space, "b", "127.0.0.2");
        await Api.SetReadyAsync(_space, "a", true);
        FnlbProcess fnlb = await StartFnlbAsync([], Flags);
        await fnlb.Admin.WaitForStateAsync(first.Address, "online");
        await using SteadyLoad load = SteadyLoad.Start(fnlb.Port, clients: 8);
        await load.WaitForMoreAsync(200);
        Assert.That(second.Calls, Is.Empty, "it is not ready");

        await Api.SetReadyAsync(_space, "b", true);
        await fnlb.Admin.WaitForStateAsync(second.Address, "online");
        RawClient client = await ConnectAsync(fnlb);
        int functions = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                // Functions that are warm stay where they are.
                await client.GetAsync($"/r/app/new{functions++}");
                return second.Calls.Count > 20;
            },
            "the new pod is home to functions");
        await Api.DeletePodAsync(_space, "a");
        await Eventually.HoldsAsync(
            async () => (await VerboseAsync(fnlb)).Contains("\"draining\"", StringComparison.Ordinal), "it drains");
        await load.WaitForMoreAsync(200);
        int callsBefore = first.Calls.Count;
        await load.WaitForMoreAsync(200);
        Assert.That(first.Calls, Has.Count.EqualTo(callsBefore), "a terminating pod gets no new calls");
        await Api.EndPodAsync(_space, "a");
        await Eventually.HoldsAsync(async () => (await fnlb.Admin.NodesAsync()).Count == 1, "it is gone");
        first.Kill();
        await load.WaitForMoreAsync(200);

        await load.StopAsync();
        Assert.That(load.Failures, Is.Empty);
        TestContext.Out.WriteLine(load);
    }

    [Test]
    public async Task While_the_API_server_is_killed_calls_go_on_and_its_news_are_found_when_it_is_back()
    {
        await AllowAsync();
        ScriptedNode first = StartPod("127.0.0.1");
        ScriptedNode second = StartPod("127.0.0.2");
        await Api.StartPodAsync(_space, "a", "127.0.0.1");
        await Api.SetReadyAsync(_space, "a", true);
        FnlbProcess fnlb = await StartFnlbAsync([], Flags);
        await fnlb.Admin.WaitForStateAsync(first.Address, "online");
        await using SteadyLoad load = SteadyLoad.Start(fnlb.Port, clients: 8);

        Api.KillServer();
        try
        {
            await Eventually.HoldsAsync(
                async () => (await fnlb.Admin.SendAsync(HttpMethod.Get, "/readyz")).Body.Contains("cannot be reached"),
                "it is told");
            await load.WaitForMoreAsync(500);
            Assert.That((await fnlb.Admin.NodesAsync()).Keys, Is.EqualTo((string[])[first.Address]));
        }
        finally
        {
            await Api.StartServerAsync();
        }

        await Api.StartPodAsync(_space, "b", "127.0.0.2");
        await Api.SetReadyAsync(_space, "b", true);
        await fnlb.Admin.WaitForStateAsync(second.Address, "online", Long);
        await Api.DeletePodAsync(_space, "a");
        await Api.EndPodAsync(_space, "a");
        await Eventually.HoldsAsync(async () => (await fnlb.Admin.NodesAsync()).Count == 1, "the first is gone");
        await load.WaitForMoreAsync(200);

        await load.StopAsync();
        Assert.That(load.Failures, Is.Empty);
        Assert.That(fnlb.Error, Does.Contain("The last known list of 1 nodes serves on"));
        TestContext.Out.WriteLine(load);
    }

    [Test]
    public async Task Endpoints_of_a_service_get_calls_drain_and_leave_without_a_failed_call()
    {
        await AllowAsync();
        ScriptedNode first = StartPod("127.0.0.1");
        ScriptedNode second = StartPod("127.0.0.2");
        string path = $"/apis/discovery.k8s.io/v1beta1/namespaces/{_space}/endpointslices";
        const string ready = "\"ready\":true,\"serving\":true,\"terminating\":false";
        const string terminating = "\"ready\":false,\"serving\":true,\"terminating\":true";
        await Api.PostAsync(path, Slice(("127.0.0.1", ready)));
        FnlbProcess fnlb = await StartFnlbAsync([], [.. Flags, "--k8s-service=fn"]);
        await fnlb.Admin.WaitForStateAsync(first.Address, "online");
        await using SteadyLoad load = SteadyLoad.Start(fnlb.Port, clients: 8);
        await load.WaitForMoreAsync(100);

        await Api.PutAsync($"{path}/fn-1", Slice(("127.0.0.1", ready), ("127.0.0.2", ready)));
        await fnlb.Admin.WaitForStateAsync(second.Address, "online");
        await Api.PutAsync($"{path}/fn-1", Slice(("127.0.0.1", terminating), ("127.0.0.2", ready)));
        await Eventually.HoldsAsync(
            async () => (await VerboseAsync(fnlb)).Contains("\"draining\"", StringComparison.Ordinal), "it drains");
        await load.WaitForMoreAsync(200);
        await Api.PutAsync($"{path}/fn-1", Slice(("127.0.0.2", ready)));
        await Eventually.HoldsAsync(async () => (await fnlb.Admin.NodesAsync()).Count == 1, "the first is gone");
        first.Kill();
        await load.WaitForMoreAsync(200);

        await load.StopAsync();
        Assert.That(load.Failures, Is.Empty);
        Assert.That(second.Calls, Has.Count.GreaterThan(200));
        TestContext.Out.WriteLine(load);
    }

    [TestCase("pods")]
    [TestCase("endpointslices", "--k8s-service=fn")]
    public async Task A_missing_right_is_named_and_the_role_in_packaging_is_all_that_is_needed(
        string kind, params string[] flags)
    {
        string[] all = ["-listen=127.0.0.1:0", "-mgmt-listen=127.0.0.1:0", .. Flags, .. flags, "-store-wait=1"];

        ProcessExit exit = await FnlbProcess.RunAsync(all);
        await AllowAsync();
        FnlbProcess fnlb = await StartFnlbAsync([], [.. Flags, .. flags]);

        Assert.That(exit.Code, Is.EqualTo(1), exit.ToString());
        Assert.That(exit.ErrorLines.Last(), Does.Contain($"answered 403 to list {kind} in the namespace {_space}")
            .And.Contain($"User 'system:serviceaccount:{_space}:fnlb' cannot list resource '{kind}'")
            .And.Contain($"a role must allow it to list and watch {kind}"));
        Assert.That((await fnlb.Admin.SendAsync(HttpMethod.Get, "/livez")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Manifests_in_packaging_are_accepted()
    {
        // The server is of 1.20 and knows a budget for disruptions only by its older name.
        (string File, string Kind, string Path)[] manifests =
        [
            ("fnlb.yaml", "Deployment", "apis/apps/v1/namespaces/SPACE/deployments"),
            ("fnlb.yaml", "Service", "api/v1/namespaces/SPACE/services"),
            ("policy.yaml", "NetworkPolicy", "apis/networking.k8s.io/v1/namespaces/SPACE/networkpolicies"),
        ];
        foreach ((string file, string kind, string path) in manifests)
        {
            string answer = await Api.PostAsync(
                $"/{path.Replace("SPACE", _space, StringComparison.Ordinal)}?dryRun=All", Manifest(file, kind),
                "application/yaml");
            Assert.That(answer, Does.Contain("kind").And.Contain(kind));
        }
    }

    private static string Manifest(string file, string kind) =>
        File.ReadAllText(Path.Combine(SourceTree.Root, "packaging", "kubernetes", file)).Split("\n---\n")
            .Single(document => document.Contains($"\nkind: {kind}\n", StringComparison.Ordinal));

    private static async Task<string> VerboseAsync(FnlbProcess fnlb) =>
        (await fnlb.Admin.SendAsync(HttpMethod.Get, "/1/lb/nodes?verbose=1")).Body;

    private string Slice(params (string Address, string Conditions)[] endpoints)
    {
        string list = string.Join(',', endpoints.Select(endpoint =>
            $$$"""{"addresses":["{{{endpoint.Address}}}"],"conditions":{{{{endpoint.Conditions}}}}}"""));
        return $$$"""
            {"apiVersion":"discovery.k8s.io/v1beta1","kind":"EndpointSlice","addressType":"IPv4",
            "metadata":{"name":"fn-1","labels":{"kubernetes.io/service-name":"fn"}},
            "ports":[{"name":"http","protocol":"TCP","port":{{{_targetPort}}}}],"endpoints":[{{{list}}}]}
            """;
    }

    // What rbac.yaml grants, word for word.
    private async Task AllowAsync()
    {
        string roles = $"/apis/rbac.authorization.k8s.io/v1/namespaces/{_space}/";
        await Api.PostAsync($"{roles}roles", Manifest("rbac.yaml", "Role"), "application/yaml");
        await Api.PostAsync($"{roles}rolebindings", Manifest("rbac.yaml", "RoleBinding"), "application/yaml");
    }

    // All pods listen on the same port, each at an address of its own.
    private ScriptedNode StartPod(string ip) => StartNode(SteadyLoad.EchoAsync, _targetPort, IPAddress.Parse(ip));
}
