using System.Text;

namespace FnLb.Core.Http1;

/// <summary>Collects the Connection fields of a head and marks what they nominate (RFC 9110 section 7.6.1).</summary>
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
        // A single keep-alive, close or upgrade is all that most senders have to say.
        if (_count < CountMax && TryNote(value))
        {
            _count++;
            return Rejection.None;
        }

        ListReader list = new(value);
        while (list.TryNext(out ReadOnlySpan<byte> option))
        {
            if (++_count > CountMax)
            {
                return Rejection.TooManyConnectionOptions;
            }

            if (TryNote(option))
            {
                continue;
            }

            if (option.ContainsAnyExcept(ByteSets.Token))
            {
                return Rejection.InvalidConnection;
            }

            Nominate(option, input, fields);
        }

        return Rejection.None;
    }

    /// <summary>Whether the sender's connection persists (RFC 9112 section 9.3).</summary>
    public readonly bool Persists(bool isHttp10) => !Close && (!isHttp10 || KeepAlive);

    /// <returns>Whether it is an option that says something to this hop.</returns>
    private bool TryNote(ReadOnlySpan<byte> option)
    {
        if (KnownName.Is(option, "keep-alive"u8))
        {
            KeepAlive = true;
            return true;
        }

        if (KnownName.Is(option, "close"u8))
        {
            Close = true;
            return true;
        }

        bool isUpgrade = KnownName.Is(option, "upgrade"u8);
        Upgrade |= isUpgrade;
        return isUpgrade;
    }

    private void Nominate(ReadOnlySpan<byte> option, ReadOnlySpan<byte> input, FieldTable fields)
    {
        NominatedNames = NominatedNames.With(option);
        for (int index = 0; index < fields.Count; index++)
        {
            ref readonly Field field = ref fields[index];
            bool isNamed = field.Name.Length == option.Length && Ascii.EqualsIgnoreCase(field.Name.Of(input), option);
            if (isNamed && !IsProtected(field.Kind))
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
