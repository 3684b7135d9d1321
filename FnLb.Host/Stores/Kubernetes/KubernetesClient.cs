using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using FnLb.Core.Nodes;

namespace FnLb.Host.Stores.Kubernetes;

/// <summary>The two calls of the Kubernetes API that a follower of a list needs: list and watch.</summary>
internal sealed class KubernetesClient : IDisposable
{
    private const int PageItemsMax = 500;
    private const int WatchSeconds = 290;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    private readonly KubernetesAccess _access;
    private readonly KubernetesResource _resource;
    private readonly HttpClient _http;

    public KubernetesClient(KubernetesAccess access, KubernetesResource resource)
    {
        _access = access;
        _resource = resource;
        _http = new HttpClient(CreateHandler(access)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>All objects, page by page; each page is an object with items and metadata.</summary>
    /// <exception cref="NodeStoreException">The API refused.</exception>
    public async IAsyncEnumerable<JsonElement> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        string next = "";
        do
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(AnswerMax);
            using HttpResponseMessage answer = await SendAsync(
                "list", $"limit={PageItemsMax}&continue={Uri.EscapeDataString(next)}", limit.Token);
            using JsonDocument page = await JsonDocument.ParseAsync(
                await answer.Content.ReadAsStreamAsync(limit.Token), default, limit.Token);
            next = KubernetesResource.Text(
                KubernetesResource.Member(KubernetesResource.Member(page.RootElement, "metadata"), "continue"));
            yield return page.RootElement.Clone();
        }
        while (next.Length > 0);
    }

    /// <summary>Events after a version, until the API server ends the stream, which it does now and then.</summary>
    /// <param name="accepted">Called when the API server has begun to answer.</param>
    /// <exception cref="NodeStoreException">The API refused.</exception>
    public async IAsyncEnumerable<JsonElement> WatchAsync(
        string version, Action accepted, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerMax);
        using HttpResponseMessage answer = await SendAsync(
            "watch",
            $"watch=true&allowWatchBookmarks=true&timeoutSeconds={WatchSeconds}&resourceVersion="
                + Uri.EscapeDataString(version),
            limit.Token);
        limit.CancelAfter(TimeSpan.FromSeconds(WatchSeconds) + AnswerMax);
        accepted();
        using StreamReader lines = new(await answer.Content.ReadAsStreamAsync(limit.Token));
        while (await lines.ReadLineAsync(limit.Token) is string line)
        {
            if (line.Length > 0)
            {
                using JsonDocument document = JsonDocument.Parse(line);
                yield return document.RootElement.Clone();
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler CreateHandler(KubernetesAccess access)
    {
        SslClientAuthenticationOptions tls = new();
        if (access.TlsServerName.Length > 0)
        {
            tls.TargetHost = access.TlsServerName;
        }

        if (access.ClientCertificate is not null)
        {
            tls.ClientCertificates = [access.ClientCertificate];
        }

        if (access.SkipsVerification)
        {
#pragma warning disable CA5359 // The operator asked for it, in the words of the kubeconfig.
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (access.Authorities is not null)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(access.Authorities);
        }

        return new SocketsHttpHandler
        {
            SslOptions = tls,
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectCallback = ConnectAsync,
        };
    }

    // A watch can be silent for long: only the kernel's probes tell that the API server's machine is gone.
    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 10);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string verb, string query, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(
            HttpMethod.Get, new Uri(_access.Server, $"{_resource.Path}?{_resource.Query}{query}"));

        // The token in the file is replaced before it expires.
        string token = _access.TokenPath.Length > 0
            ? (await File.ReadAllTextAsync(_access.TokenPath, cancellation)).Trim()
            : _access.Token;
        if (token.Any(c => c is <= ' ' or > '~'))
        {
            throw new NodeStoreException("cannot be asked: the token must be one line without blanks");
        }

        request.Headers.Authorization = token.Length > 0 ? new AuthenticationHeaderValue("Bearer", token) : null;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        HttpResponseMessage answer = await _http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw await RefusalAsync(verb, answer, cancellation);
        }
    }

    private async Task<KubernetesRefusal> RefusalAsync(
        string verb, HttpResponseMessage answer, CancellationToken cancellation)
    {
        string message;
        try
        {
            using JsonDocument status = await JsonDocument.ParseAsync(
                await answer.Content.ReadAsStreamAsync(cancellation), default, cancellation);
            message = KubernetesResource.MessageOf(status.RootElement);
        }
        catch (JsonException)
        {
            message = "";
        }

        string advice = answer.StatusCode switch
        {
            HttpStatusCode.Forbidden => $"; a role must allow it to list and watch {_resource.Kind} there",
            HttpStatusCode.Unauthorized => "; its token or certificate is not accepted",
            _ => "",
        };
        return new KubernetesRefusal(
            answer.StatusCode,
            $"{(int)answer.StatusCode} to {verb} {_resource.Kind} in the namespace {_resource.Namespace}"
                + $"{(message.Length > 0 ? $" ({message})" : "")}{advice}");
    }
}
