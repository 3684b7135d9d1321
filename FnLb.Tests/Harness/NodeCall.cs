using System.Globalization;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>One request that reached a scripted node: its head was read, its body waits in the connection.</summary>
internal sealed class NodeCall(WireHead head, NodeConnection connection, int number)
{
    private byte[]? _body;

    public WireHead Head => head;

    public string Method => head.First;

    public string Target => head.Second;

    public NodeConnection Connection => connection;

    /// <summary>Position in the order of arrival at this node, from 0; health checks are not counted.</summary>
    public int Number => number;

    /// <summary>Set once the body was read.</summary>
    public IReadOnlyList<WireField> Trailers { get; private set; } = [];

    /// <summary>The body, read strictly by its framing; read once, then remembered.</summary>
    public async Task<byte[]> ReadBodyAsync()
    {
        if (_body is null)
        {
            WireBodyKind kind = StrictMessageChecker.BodyOfRequest(head);
            (_body, Trailers) = await WireBody.ReadAsync(connection.Reader, head, kind);
        }

        return _body;
    }

    /// <summary>Answers with exactly these bytes.</summary>
    public Task SendAsync(string latin1) => connection.SendAsync(latin1);

    /// <summary>Reads the body, then answers 200 with a body by Content-Length.</summary>
    /// <param name="fields">Further field lines, each with its CRLF.</param>
    public Task AnswerAsync(string body, string fields = "") => AnswerAsync(Encoding.Latin1.GetBytes(body), fields);

    /// <inheritdoc cref="AnswerAsync(string, string)"/>
    public async Task AnswerAsync(byte[] body, string fields = "")
    {
        await ReadBodyAsync();
        string length = body.Length.ToString(CultureInfo.InvariantCulture);
        byte[] head = Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\n{fields}Content-Length: {length}\r\n\r\n");

        // In one piece: a node that is killed while it answers has sent all of it or nothing.
        await connection.SendAsync((byte[])[.. head, .. body]);
    }
}
