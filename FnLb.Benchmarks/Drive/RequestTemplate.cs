using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace FnLb.Benchmarks.Drive;

/// <summary>The bytes of a request, but for the number of its route.</summary>
internal sealed class RequestTemplate
{
    /// <summary>What a path holds where the number of the route goes.</summary>
    public const string RoutePlace = "{n}";

    private const int DigitsMax = 10;

    private readonly byte[] _beforeRoute;
    private readonly byte[] _afterRoute;
    private readonly bool _hasRoute;

    /// <param name="fields">Further field lines, without their ends.</param>
    public RequestTemplate(
        string method, string path, string authority, IEnumerable<string> fields, byte[] body, bool keepsAlive)
    {
        Body = body;
        int place = path.IndexOf(RoutePlace, StringComparison.Ordinal);
        _hasRoute = place >= 0;
        string before = _hasRoute ? path[..place] : path;
        string after = _hasRoute ? path[(place + RoutePlace.Length)..] : "";
        string[] lines = [.. fields];
        StringBuilder head = new($"{after} HTTP/1.1\r\n");
        AppendUnlessGiven(head, lines, "Host", authority);
        AppendUnlessGiven(head, lines, "User-Agent", "fnlb-bench");
        if (!keepsAlive)
        {
            AppendUnlessGiven(head, lines, "Connection", "close");
        }

        if (body.Length > 0 || method is "POST" or "PUT" or "PATCH")
        {
            AppendUnlessGiven(head, lines, "Content-Length", body.Length.ToString(CultureInfo.InvariantCulture));
        }

        head.AppendJoin("", lines.Select(line => $"{line}\r\n")).Append("\r\n");
        _beforeRoute = Encoding.Latin1.GetBytes($"{method} {before}");
        _afterRoute = Encoding.Latin1.GetBytes(head.ToString());
    }

    public byte[] Body { get; }

    /// <summary>Room that <see cref="WriteHead"/> needs, in bytes.</summary>
    public int HeadBytesMax => _beforeRoute.Length + DigitsMax + _afterRoute.Length;

    /// <returns>Bytes written.</returns>
    public int WriteHead(int route, Span<byte> target)
    {
        _beforeRoute.CopyTo(target);
        int length = _beforeRoute.Length;
        if (_hasRoute)
        {
            _ = Utf8Formatter.TryFormat(route, target[length..], out int digits);
            length += digits;
        }

        _afterRoute.CopyTo(target[length..]);
        return length + _afterRoute.Length;
    }

    private static void AppendUnlessGiven(StringBuilder head, string[] lines, string name, string value)
    {
        if (!lines.Any(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)))
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }
    }
}
