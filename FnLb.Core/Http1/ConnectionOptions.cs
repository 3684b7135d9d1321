using System.Text;

namespace FnLb.Core.Http1;

/// <summary>
/// Collects the Connection fields of a head and marks the fields they nominate (RFC 9110 section 7.6.1).
/// </summary>
internal struct ConnectionOptions
{
    // Each option is looked for among all fields; without a bound a large head could make that work quadratic.
    private const int CountMax = 64;

    private int _count;

    public bool Close { get; private set; }

    public bool KeepAlive { get; private set; }

    public bool Upgrade { get; private set; }

    public NameFilter NominatedNames { get; private set; }

    /// <param name="value">Of one Connection field.</param>
    /// <param name="input">The bytes <paramref name="fields"/> was parsed from.</param>
    public Rejection Add(ReadOnlySpan<byte> value, ReadOnlySpan<byte> input, FieldTable fields)
    {
        ListReader list = new(value);
        while (list.TryNext(out ReadOnlySpan<byte> option))
        {
            if (++_count > CountMax)
            {
                return Rejection.TooManyConnectionOptions;
            }

            if (Ascii.EqualsIgnoreCase(option, "keep-alive"u8))
            {
                KeepAlive = true;
            }
            else if (Ascii.EqualsIgnoreCase(option, "close"u8))
            {
                Close = true;
            }
            else if (Ascii.EqualsIgnoreCase(option, "upgrade"u8))
            {
                Upgrade = true;
            }
            else if (option.ContainsAnyExcept(ByteSets.Token))
            {
                return Rejection.InvalidConnection;
            }
            else
            {
                Nominate(option, input, fields);
            }
        }

        return Rejection.None;
    }

    /// <summary>Whether the sender's connection persists (RFC 9112 section 9.3).</summary>
    public readonly bool Persists(bool isHttp10) => !Close && (!isHttp10 || KeepAlive);

    private void Nominate(ReadOnlySpan<byte> option, ReadOnlySpan<byte> input, FieldTable fields)
    {
        NominatedNames = NominatedNames.With(option);
        for (int index = 0; index < fields.Count; index++)
        {
            ref readonly Field field = ref fields[index];
            if (field.Name.Length == option.Length
                && !IsProtected(field.Kind)
                && Ascii.EqualsIgnoreCase(field.Name.Of(input), option))
            {
                fields.Nominate(index);
            }
        }
    }

    // A sender must not be able to strip framing, the host, or what tells a node who called.
    private static bool IsProtected(FieldKind kind) => kind
        is FieldKind.Host or FieldKind.ContentLength or FieldKind.TransferEncoding
        or FieldKind.Expect or FieldKind.MaxForwards or FieldKind.Date or FieldKind.Via
        or FieldKind.XForwardedFor or FieldKind.XForwardedProto or FieldKind.XForwardedHost or FieldKind.XRequestId;
}
