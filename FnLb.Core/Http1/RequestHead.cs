namespace FnLb.Core.Http1;

/// <summary>What a request's head says. A reusable table, one per event loop: valid until the next parse into it, and
/// its slices only together with the bytes it was parsed from.</summary>
internal sealed class RequestHead(HeadLimits limits)
{
    /// <summary>Bytes of input the head took, empty lines before it included.</summary>
    public int Length { get; internal set; }

    public RequestMethod Method { get; internal set; }

    public Slice MethodText { get; internal set; }

    /// <summary>The request line, CRLF included, when this hop would write it the same; else empty.</summary>
    public Slice VerbatimLine { get; internal set; }

    /// <summary>Path and query as they came, byte for byte, never a fragment. Starts with "/"; after an absolute-form
    /// target without a path it is empty or starts with "?", and the writer puts "/" before it. Empty when
    /// <see cref="IsAsterisk"/>.</summary>
    public Slice PathAndQuery { get; internal set; }

    /// <summary>The routing key: <see cref="PathAndQuery"/> up to the query. Empty means "/", or "*" when
    /// <see cref="IsAsterisk"/>.</summary>
    public Slice Path { get; internal set; }

    /// <summary>OPTIONS * or OPTIONS with an absolute-form target without path and query (RFC 9112 section
    /// 3.2.4).</summary>
    public bool IsAsterisk { get; internal set; }

    /// <summary>Host and optional port: of an absolute-form target, else of Host. Empty only in an HTTP/1.0 request
    /// without Host.</summary>
    public Slice Authority { get; internal set; }

    public bool IsHttp10 { get; internal set; }

    /// <summary>None, Length or Chunked.</summary>
    public BodyFraming Framing { get; internal set; }

    /// <summary>Bytes of body when <see cref="Framing"/> is Length, else 0.</summary>
    public long ContentLength { get; internal set; }

    /// <summary>Whether the client's connection may persist after this exchange.</summary>
    public bool KeepAlive { get; internal set; }

    /// <summary>The client waits for 100 (Continue) before it sends the body; HTTP/1.1 only (RFC 9110 section
    /// 10.1.1).</summary>
    public bool ExpectsContinue { get; internal set; }

    /// <summary>Upgrade, nominated by Connection, in HTTP/1.1, offering nothing that would be refused on principle
    /// (h2c).</summary>
    public bool OffersUpgrade { get; internal set; }

    /// <summary>Of TRACE and OPTIONS: how many more hops the client allows; 0 means answer here. -1 when absent,
    /// malformed or of another method.</summary>
    public int MaxForwards { get; internal set; }

    /// <summary>How often this program's pseudonym stands in Via: hops through balancers of this kind, or turns of a
    /// loop.</summary>
    public int OwnViaCount { get; internal set; }

    /// <summary>Names that Connection nominated, for the trailers.</summary>
    public NameFilter NominatedNames { get; internal set; }

    public FieldTable Fields { get; } = new(limits);
}
