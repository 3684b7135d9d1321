using System.Text;

namespace FnLb.Benchmarks.Http1;

/// <summary>Heads as they are seen in front of function servers.</summary>
internal static class SampleHeads
{
    private static readonly string[] Fields =
    [
        "Host: functions.example.com",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Accept: application/json, text/plain, */*",
        "Accept-Language: en-US,en;q=0.5",
        "Accept-Encoding: gzip, deflate, br",
        "Content-Type: application/json",
        "Content-Length: 117",
        "Connection: keep-alive",
        "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
        "Cookie: session=5d41402abc4b2a76b9719d911017c592; theme=dark",
    ];

    /// <summary>A call of a function; from the eleventh field on they are short unknown ones.</summary>
    public static byte[] Request(int fieldCount)
    {
        IEnumerable<string> unknown = Enumerable.Range(0, 100).Select(index => $"X-Field-{index}: value-{index}");
        IEnumerable<string> lines = Fields.Concat(unknown).Take(fieldCount);
        return Encoding.ASCII.GetBytes(
            $"POST /r/shop/checkout HTTP/1.1\r\n{string.Join("\r\n", lines)}\r\n\r\n");
    }

    public static byte[] Response() => Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nFn-Call-Id: 01HZX3V8Q1NG8G00RZJ0000001\r\n"
        + "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 1256\r\nXXX-FXLB-WAIT: 502.0941ms\r\n"
        + "Server: fn\r\n\r\n");
}
