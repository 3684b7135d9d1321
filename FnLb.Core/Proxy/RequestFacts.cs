using System.Text;
using FnLb.Core.Http1;
using FnLb.Core.Routing;

namespace FnLb.Core.Proxy;

/// <summary>
/// What an exchange needs to know of its request after the head has been parsed and its table used for another.
/// </summary>
internal readonly record struct RequestFacts
{
    public required RouteKey Route { get; init; }

    /// <summary>Bytes the head takes at the start of what the client's channel has buffered.</summary>
    public required int HeadBytes { get; init; }

    public required RequestMethod Method { get; init; }

    public required BodyFraming Framing { get; init; }

    public required long ContentLength { get; init; }

    public required NameFilter NominatedNames { get; init; }

    /// <summary>The client's connection may persist after the exchange, as far as the client is concerned.</summary>
    public required bool KeepAlive { get; init; }

    public required bool IsHttp10 { get; init; }

    public required bool OffersUpgrade { get; init; }

    /// <summary>A call of the admin API that came among the traffic.</summary>
    public required bool IsForAdmin { get; init; }

    public bool IsIdempotent => Method.IsIdempotent();

    public static RequestFacts Of(
        RequestHead head, ReadOnlySpan<byte> bytes, RouteKeyRule keyRule, bool isForAdmin) => new()
        {
            Route = keyRule.Of(head.Path.Of(bytes), ValueOf(keyRule.HeaderName, head, bytes)),
            HeadBytes = head.Length,
            Method = head.Method,
            Framing = head.Framing,
            ContentLength = head.ContentLength,
            NominatedNames = head.NominatedNames,
            KeepAlive = head.KeepAlive,
            IsHttp10 = head.IsHttp10,
            OffersUpgrade = head.OffersUpgrade,
            IsForAdmin = isForAdmin,
        };

    /// <summary>What <see cref="Route"/> was made of.</summary>
    public static ReadOnlySpan<byte> NameOf(RequestHead head, ReadOnlySpan<byte> bytes, RouteKeyRule keyRule) =>
        keyRule.NameOf(head.Path.Of(bytes), ValueOf(keyRule.HeaderName, head, bytes));

    // Of several lines the first counts: to join them would need a copy.
    private static ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> name, RequestHead head, ReadOnlySpan<byte> bytes)
    {
        if (!name.IsEmpty)
        {
            foreach (ref readonly Field field in head.Fields.Span)
            {
                if (Ascii.EqualsIgnoreCase(field.Name.Of(bytes), name))
                {
                    return field.Value.Of(bytes);
                }
            }
        }

        return default;
    }
}
