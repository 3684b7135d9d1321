using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace FnLb.Host.Operator;

/// <summary>Calls the node API of a running balancer.</summary>
internal sealed class AdminCaller : IDisposable
{
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;

    public AdminCaller(AdminOptions options)
    {
        SocketsHttpHandler handler = new() { UseProxy = false, ConnectTimeout = ConnectMax };
        if (options.Tls is { } tls)
        {
            handler.SslOptions = tls;
        }

        if (options.Address.Path is { } path)
        {
            handler.ConnectCallback = async (_, cancellation) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        // An address to listen on everywhere is reached on this machine.
        string host = options.Address.Host is "" or "0.0.0.0" or "::" ? "localhost" : options.Address.Host;
        string shown = host.Contains(':') ? $"[{host}]" : host;
        string port = options.Address.Path is null
            ? string.Create(CultureInfo.InvariantCulture, $":{options.Address.Port}")
            : "";
        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri($"{(options.Tls is not null ? "https" : "http")}://{shown}{port}"),
            Timeout = TimeSpan.FromHours(1),
        };
        if (options.Token.Length > 0)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
        }
    }

    /// <param name="body">Null for none.</param>
    /// <exception cref="HttpRequestException">Nobody answers.</exception>
    public async Task<(int Status, byte[] Body)> CallAsync(
        HttpMethod method, string path, byte[]? body, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(method, path);
        request.Content = body is null ? null : new ByteArrayContent(body);
        using HttpResponseMessage answer = await _http.SendAsync(request, cancellation);
        return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellation));
    }

    /// <returns>The body of the answer, as it comes; owned by the caller.</returns>
    /// <exception cref="HttpRequestException">Nobody answers, or not with 200.</exception>
    public async Task<Stream> OpenAsync(string path, CancellationToken cancellation)
    {
        HttpResponseMessage answer = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellation);
    }

    public void Dispose() => _http.Dispose();
}
