using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using FnLb.Tests.Harness;

namespace FnLb.Tests.Kubernetes;

/// <summary>A real API server of Kubernetes with its etcd, on loopback, with roles enforced.</summary>
/// <remarks>
/// There is no controller and no kubelet: a test plays what they would write. A pod whose deletion was asked for stays
/// until its time is over or <see cref="EndPodAsync"/> plays the kubelet that has ended it.
/// </remarks>
internal sealed class KubernetesApi : IDisposable
{
    /// <summary>Names the folder that kube-apiserver was made in.</summary>
    public const string FolderVariable = "FNLB_KUBERNETES";

    private const string AdminToken = "token-of-the-administrator";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly TestFolder _folder = new();
    private readonly int _etcdPort = FreePort.Next();
    private readonly LoopbackCertificate _certificate = new();
    private readonly HttpClient _http;
    private Process? _etcd;
    private Process? _server;

    public KubernetesApi()
    {
        File.WriteAllText(In("tokens.csv"), $"{AdminToken},admin,admin,system:masters\n");
        File.WriteAllText(In("key.pem"), _certificate.KeyPem);
        File.WriteAllText(CertificatePath, _certificate.Pem);
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new()
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { _certificate.Certificate },
                },
            },
        })
        {
            BaseAddress = new Uri(Url),
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
    }

    public int Port { get; } = FreePort.Next();

    public string Url => $"https://127.0.0.1:{Port}";

    public string CertificatePath => In("certificate.pem");

    public async Task StartAsync()
    {
        string etcdUrl = $"http://127.0.0.1:{_etcdPort}";
        string peerUrl = $"http://127.0.0.1:{FreePort.Next()}";
        _etcd = Launch(
            "etcd", $"--data-dir={In("etcd")}", $"--listen-client-urls={etcdUrl}", $"--advertise-client-urls={etcdUrl}",
            $"--listen-peer-urls={peerUrl}", $"--initial-advertise-peer-urls={peerUrl}",
            $"--initial-cluster=default={peerUrl}");
        await StartServerAsync();
    }

    public async Task StartServerAsync()
    {
        string program = Path.Combine(Environment.GetEnvironmentVariable(FolderVariable)!, "kube-apiserver");
        _server = Launch(
            program, $"--etcd-servers=http://127.0.0.1:{_etcdPort}", "--bind-address=127.0.0.1",
            $"--secure-port={Port.ToString(CultureInfo.InvariantCulture)}", "--advertise-address=127.0.0.1",
            $"--tls-cert-file={CertificatePath}", $"--tls-private-key-file={In("key.pem")}",
            $"--token-auth-file={In("tokens.csv")}", "--authorization-mode=RBAC",
            $"--service-account-key-file={In("key.pem")}", $"--service-account-signing-key-file={In("key.pem")}",
            "--service-account-issuer=https://kubernetes.default.svc", "--disable-admission-plugins=ServiceAccount",
            "--service-cluster-ip-range=10.96.0.0/16", "--endpoint-reconciler-type=none",
            "--feature-gates=EndpointSliceTerminatingCondition=true");
        await Eventually.HoldsAsync(IsReadyAsync, "the API server is ready", StartMax);
    }

    /// <summary>As when its machine loses power. What it stored is in etcd.</summary>
    public void KillServer() => End(ref _server);

    /// <summary>A namespace with the account of packaging/kubernetes/rbac.yaml, which may do nothing yet.</summary>
    public async Task CreateNamespaceAsync(string name)
    {
        await PostAsync("/api/v1/namespaces", Named("Namespace", name));
        await PostAsync($"/api/v1/namespaces/{name}/serviceaccounts", Named("ServiceAccount", "fnlb"));
    }

    /// <summary>A token of that account, as a pod would find it in its folder.</summary>
    public async Task<string> TokenAsync(string space)
    {
        string answer = await PostAsync(
            $"/api/v1/namespaces/{space}/serviceaccounts/fnlb/token",
            """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":3600}}""");
        using JsonDocument document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("status").GetProperty("token").GetString()!;
    }

    /// <summary>A pod that runs somewhere, and is not ready.</summary>
    public async Task StartPodAsync(string space, string name, string ip)
    {
        await PostAsync($"/api/v1/namespaces/{space}/pods", $$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}","labels":{"app":"fn"}},
            "spec":{"nodeName":"machine","containers":[{"name":"fn","image":"fn"}]}}
            """);
        await SetStatusAsync(space, name, $$"""{"phase":"Running","podIP":"{{ip}}","podIPs":[{"ip":"{{ip}}"}]}""");
    }

    public Task SetReadyAsync(string space, string name, bool isReady) => SetStatusAsync(
        space, name, $$"""{"conditions":[{"type":"Ready","status":"{{isReady}}"}]}""");

    /// <summary>What kubectl delete pod does: it terminates from now on.</summary>
    public Task DeletePodAsync(string space, string name) => DeleteAsync(PodPath(space, name), graceSeconds: 300);

    /// <summary>Its containers have ended: it is gone.</summary>
    public Task EndPodAsync(string space, string name) => DeleteAsync(PodPath(space, name), graceSeconds: 0);

    /// <returns>The answer.</returns>
    /// <exception cref="InvalidOperationException">The API refused; the message says why.</exception>
    public Task<string> PostAsync(string path, string body, string contentType = "application/json") =>
        SendAsync(HttpMethod.Post, path, body, contentType);

    public Task<string> PutAsync(string path, string body) =>
        SendAsync(HttpMethod.Put, path, body, "application/json");

    public void Dispose()
    {
        End(ref _server);
        End(ref _etcd);
        _http.Dispose();
        _certificate.Dispose();
        _folder.Dispose();
    }

    private static string PodPath(string space, string name) => $"/api/v1/namespaces/{space}/pods/{name}";

    private static string Named(string kind, string name) =>
        $$$"""{"apiVersion":"v1","kind":"{{{kind}}}","metadata":{"name":"{{{name}}}"}}""";

    private static void End(ref Process? process)
    {
        process?.Kill();
        process?.WaitForExit();
        process?.Dispose();
        process = null;
    }

    // Its output is read and thrown away, or it would wait for a reader.
    private static Process Launch(string program, params string[] arguments)
    {
        Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private string In(string file) => _folder.In(file);

    private Task<string> SetStatusAsync(string space, string name, string status) => SendAsync(
        HttpMethod.Patch, $"{PodPath(space, name)}/status", $$"""{"status":{{status}}}""",
        "application/strategic-merge-patch+json");

    private Task<string> DeleteAsync(string path, int graceSeconds) => SendAsync(
        HttpMethod.Delete, path,
        $$"""{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":{{graceSeconds}}}""", "application/json");

    private async Task<string> SendAsync(HttpMethod method, string path, string body, string contentType)
    {
        using HttpRequestMessage request = new(method, path)
        {
            Content = new StringContent(body, new MediaTypeHeaderValue(contentType)),
        };
        using HttpResponseMessage answer = await _http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? text
            : throw new InvalidOperationException($"{method} {path} was answered {(int)answer.StatusCode}: {text}");
    }

    private async Task<bool> IsReadyAsync()
    {
        if (_server!.HasExited || _etcd!.HasExited)
        {
            throw new InvalidOperationException("the API server or its etcd ended");
        }

        try
        {
            using HttpResponseMessage answer = await _http.GetAsync("/readyz");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
