using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>A client that sends exactly the bytes it is given and reads answers strictly.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private RawClient() => Reader = new WireReader(_socket);

    public WireReader Reader { get; }

    public Socket Socket => _socket;

    public string LocalAddress => ((IPEndPoint)_socket.LocalEndPoint!).Address.MapToIPv4().ToString();

    public static Task<RawClient> ConnectAsync(int port) => ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));

    /// <param name="receiveBufferBytes">Set before connecting, so that it bounds the window from the start; null for
    /// the default.</param>
    public static async Task<RawClient> ConnectAsync(EndPoint endPoint, int? receiveBufferBytes = null)
    {
        RawClient client = new();
        if (receiveBufferBytes is int bytes)
        {
            client._socket.ReceiveBufferSize = bytes;
        }

        await client._socket.ConnectAsync(endPoint);
        return client;
    }

    public Task SendAsync(string latin1) => SendAsync(Encoding.Latin1.GetBytes(latin1));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    /// <summary>Reads one answer, interim (1xx) or final, up to the last byte of its body.</summary>
    /// <param name="method">The method it answers: an answer to HEAD has no body.</param>
    public async Task<WireResponse> ReadAnswerAsync(string method = "GET")
    {
        WireHead head = await ReadHeadAsync();
        WireBodyKind kind = StrictMessageChecker.BodyOfResponse(head, method);
        (byte[] body, IReadOnlyList<WireField> trailers) = await WireBody.ReadAsync(Reader, head, kind);
        return new WireResponse(head, body, trailers);
    }

    /// <summary>Reads the head of an answer and leaves its body in the stream.</summary>
    public async Task<WireHead> ReadHeadAsync()
    {
        byte[] bytes = await Reader.ReadThroughAsync(HeadEnd)
            ?? throw new EndOfStreamException("the connection was closed instead of an answer");
        return StrictMessageChecker.CheckResponseHead(bytes);
    }

    /// <summary>Sends a request and reads its final answer.</summary>
    public async Task<WireResponse> CallAsync(string request)
    {
        await SendAsync(request);
        return await ReadAnswerAsync(request[..request.IndexOf(' ', StringComparison.Ordinal)]);
    }

    /// <summary>GET of a path on a connection that persists.</summary>
    public Task<WireResponse> GetAsync(string path) => CallAsync($"GET {path} HTTP/1.1\r\nHost: fn.test\r\n\r\n");

    /// <summary>POST of a body by Content-Length on a connection that persists.</summary>
    public Task<WireResponse> PostAsync(string path, string body) => CallAsync("POST", path, body);

    /// <summary>Any method, with a body by Content-Length, on a connection that persists.</summary>
    public Task<WireResponse> CallAsync(string method, string path, string body) =>
        CallAsync($"{method} {path} HTTP/1.1\r\nHost: fn.test\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    /// <summary>Waits until the other side closes; whatever it still sends counts as an error.</summary>
    /// <returns>How it closed.</returns>
    public async Task<ConnectionEnd> ReadCloseAsync(TimeSpan? deadline = null)
    {
        try
        {
            return await Reader.FillAsync(deadline)
                ? throw new WireFormatException($"after the last answer: {Encoding.Latin1.GetString(Reader.Buffered)}")
                : ConnectionEnd.Closed;
        }
        catch (SocketException)
        {
            return ConnectionEnd.Reset;
        }
    }

    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();
}
