using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FnLb.Core.Nodes;

namespace FnLb.Core.Health;

/// <summary>Checks a node over HTTP, on a connection of its own, so that a node that accepts no more fails.</summary>
internal sealed class HealthProbe : IDisposable
{
    private const int AnswerBytesMax = 64 * 1024;

    private static readonly HttpRequestOptionsKey<EndPoint> Target = new("fnlb.endpoint");
    private static readonly HttpRequestOptionsKey<CancellationToken> Limit = new("fnlb.limit");

    private readonly HealthOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public HealthProbe(HealthOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = ConnectAsync,
        };
        _client = new HttpClient(handler)
        {
            MaxResponseContentBufferSize = AnswerBytesMax,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Asks the node.</summary>
    /// <param name="timeout">Bounds connect, head and body together.</param>
    /// <returns>Null when the check passed; else why it failed, as in <see cref="NodeFailure.Reason"/>.</returns>
    /// <exception cref="CheckImpossibleException">This machine is short of descriptors or buffers.</exception>
    /// <exception cref="OperationCanceledException">Only when <paramref name="stop"/> is cancelled.</exception>
    public async Task<string?> CheckAsync(
        NodeAddress address, EndPoint endPoint, TimeSpan timeout, CancellationToken stop)
    {
        using CancellationTokenSource limit = new(timeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, $"http://{address.Text}{_options.Path}");
            request.Headers.ConnectionClose = true;
            request.Options.Set(Target, endPoint);
            request.Options.Set(Limit, either.Token);
            using HttpResponseMessage answer = await _client.SendAsync(request, either.Token).ConfigureAwait(false);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
            return Judge(answer.StatusCode, body);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            string seconds = timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
            return $"no answer to GET {_options.Path} within {seconds} s";
        }
        catch (HttpRequestException e) when (IsShortage(e.InnerException, endPoint))
        {
            throw new CheckImpossibleException(e.InnerException!.Message, e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever stops a check, the node did not prove that it works, and its next check comes all the same.
            return Describe(e);
        }
    }

    public void Dispose() => _client.Dispose();

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        HttpRequestOptions options = context.InitialRequestMessage.Options;
        options.TryGetValue(Target, out EndPoint? endPoint);
        options.TryGetValue(Limit, out CancellationToken limit);

        // The client connects on behalf of all its requests and goes on when this one is over: the attempts of many
        // checks would add up, and those that succeed late would stay open.
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit);
        Socket socket = new(endPoint!.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, either.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsShortage(Exception? failure, EndPoint endPoint) =>
        failure is SocketException { SocketErrorCode: SocketError code }
        && (code is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable
            || (code == SocketError.AddressNotAvailable && HasAddressFor(endPoint)));

    // Without an address of the family the kernel says the same as without a free port. Datagrams need such an address
    // too, and have ports of their own.
    private static bool HasAddressFor(EndPoint endPoint)
    {
        try
        {
            using Socket probe = new(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string? Judge(HttpStatusCode status, byte[] body)
    {
        if ((int)status is < 200 or > 299)
        {
            return $"answered {(int)status} to GET {_options.Path}";
        }

        if (_options.VersionMin is null)
        {
            return null;
        }

        if (!VersionAnswer.TryRead(body, out string? text))
        {
            return $"the answer to GET {_options.Path} is not JSON with a \"version\"";
        }

        if (!SemanticVersion.TryParse(text, out SemanticVersion? version))
        {
            return $"the version \"{Shown.Text(text)}\" is not semantic (1.2.3)";
        }

        return version.IsBelow(_options.VersionMin)
            ? $"the version {Shown.Text(version.ToString())} is below the minimum {_options.VersionMin}"
            : null;
    }

    private string Describe(Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            $"the answer to GET {_options.Path} is longer than {AnswerBytesMax / 1024} KB",
        HttpRequestException { InnerException: SocketException refused } =>
            $"could not connect: {refused.Message}",
        _ => $"GET {_options.Path} failed: {(failure.InnerException ?? failure).Message}",
    };
}
