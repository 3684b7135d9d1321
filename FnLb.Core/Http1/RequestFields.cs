using System.Text;

namespace FnLb.Core.Http1;

/// <summary>Draws from the fields of a request what this hop must know, once all are in the table.</summary>
internal struct RequestFields()
{
    private FramingFields _framing = new();
    private ConnectionOptions _connection;
    private Slice _host;
    private int _hostCount;
    private bool _hasUpgrade;
    private bool _refusesUpgrade;
    private Slice _maxForwards;
    private int _maxForwardsCount;

    /// <summary>Fills what depends on fields in <paramref name="head"/>; the rest is there already.</summary>
    /// <param name="input">The bytes <paramref name="head"/> was parsed from.</param>
    public static Rejection Interpret(ReadOnlySpan<byte> input, RequestHead head)
    {
        RequestFields fields = new();
        head.ExpectsContinue = false;
        head.OwnViaCount = 0;
        foreach (ref readonly Field field in head.Fields.Span)
        {
            if (field.Kind == FieldKind.Other)
            {
                continue;
            }

            Rejection rejection = fields.Read(field, input, head);
            if (rejection != Rejection.None)
            {
                return rejection;
            }
        }

        return fields.Conclude(input, head);
    }

    private Rejection Read(in Field field, ReadOnlySpan<byte> input, RequestHead head)
    {
        ReadOnlySpan<byte> value = field.Value.Of(input);
        switch (field.Kind)
        {
            case FieldKind.Host:
                _host = field.Value;
                return ++_hostCount > 1 ? Rejection.DuplicateHost
                    : Authority.IsValid(value) ? Rejection.None
                    : Rejection.InvalidHost;
            case FieldKind.ContentLength:
                return _framing.AddContentLength(value);
            case FieldKind.TransferEncoding:
                return _framing.AddTransferEncoding(value);
            case FieldKind.Connection:
                return _connection.Add(value, input, head.Fields);
            case FieldKind.Expect when !head.IsHttp10:
                return ReadExpect(value, head);
            case FieldKind.Upgrade:
                _hasUpgrade = true;
                _refusesUpgrade |= !UpgradeList.IsAcceptable(value);
                return Rejection.None;
            case FieldKind.Via:
                head.OwnViaCount += ViaList.CountOwn(value);
                return Rejection.None;
            case FieldKind.MaxForwards:
                _maxForwards = field.Value;
                _maxForwardsCount++;
                return Rejection.None;
            default:
                return Rejection.None;
        }
    }

    private static Rejection ReadExpect(ReadOnlySpan<byte> value, RequestHead head)
    {
        ListReader list = new(value);
        while (list.TryNext(out ReadOnlySpan<byte> expectation))
        {
            if (!Ascii.EqualsIgnoreCase(expectation, "100-continue"u8))
            {
                return Rejection.ExpectationFailed;
            }

            head.ExpectsContinue = true;
        }

        return Rejection.None;
    }

    private readonly Rejection Conclude(ReadOnlySpan<byte> input, RequestHead head)
    {
        head.KeepAlive = _connection.Persists(head.IsHttp10);
        head.NominatedNames = _connection.NominatedNames;
        head.OffersUpgrade = _connection.Upgrade && _hasUpgrade && !_refusesUpgrade && !head.IsHttp10;
        bool countsHops = _maxForwardsCount == 1 && head.Method is RequestMethod.Trace or RequestMethod.Options;
        head.MaxForwards = countsHops ? Digits.ParseSaturated(_maxForwards.Of(input)) : -1;

        // The authority of an absolute-form target goes before Host (RFC 9112 section 3.2.2).
        head.Authority = head.Authority.IsEmpty ? _host : head.Authority;
        if (_hostCount == 0 && !head.IsHttp10)
        {
            return Rejection.MissingHost;
        }

        // Without either field a request has no body, whatever its method (RFC 9112 section 6.3).
        head.Framing = _framing.IsChunked ? BodyFraming.Chunked
            : _framing.ContentLength >= 0 ? BodyFraming.Length
            : BodyFraming.None;
        head.ContentLength = long.Max(_framing.ContentLength, 0);
        return _framing.Check(head.IsHttp10);
    }
}
