namespace FnLb.Tests.Conformance;

/// <summary>Valid messages that the fuzzers start from; bodies hold what would be a message of its own
/// elsewhere.</summary>
internal static class FuzzSeeds
{
    private const string Inner = "GET /marker HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string InnerAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nmarker";
    private const string InnerChunked = "5\r\nhello\r\n22\r\n" + Inner + "\r\n0\r\n\r\n";

    public static readonly string[] Requests =
    [
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /2?a=b&c[]=%20 HTTP/1.1\r\nHost: fn.example:8080\r\nAccept: */*\r\nX-Y: \u00e4 b\t\r\nCookie: a=b; "
            + "c=d\r\n\r\n",
        "HEAD /3 HTTP/1.1\r\nHost: [::1]:80\r\nConnection: keep-alive, x\r\nX: 1\r\n\r\n",
        "GET http://fn.example/4?x HTTP/1.1\r\nHost: other\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /5 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "GET /6 HTTP/1.0\r\n\r\n",
        "DELETE /7 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "POST /8 HTTP/1.1\r\nHost: a\r\nContent-Length: 34\r\n\r\n" + Inner,
        "POST /9 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "PUT /10 HTTP/1.1\r\nContent-Length: 44\r\nHost: a\r\nExpect: 100-continue\r\n\r\n" + Inner + "and so on.",
        "POST /11 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + InnerChunked,
        "POST /12 HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\nHost: a\r\n\r\n"
            + "00022;a=b;c=\"d\\\"e\"\r\n" + Inner + "\r\n0;x\r\nX: y\r\nContent-Length: 5\r\n\r\n",
        "GET /13 HTTP/1.1\r\nHost: a\r\nContent-Length: 34\r\n\r\n" + Inner,
        "GET /14 HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    ];

    public static readonly string[] Answers =
    [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 44\r\nX: y\r\nX: \u00e4\r\nKeep-Alive: timeout=5\r\n\r\n" + InnerAnswer,
        "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n2c\r\n" + InnerAnswer
            + "\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTrailer: X\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n0\r\nX: y\r\n"
            + "Host: z\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 500 \r\nConnection: close\r\n\r\nuntil the end: " + InnerAnswer,
        "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nConnection: X\r\nX: y\r\n\r\n",
    ];
}
