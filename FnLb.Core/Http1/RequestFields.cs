using System.Text;

namespace FnLb.Core.Http1;

/// <summary>Draws from the fields of a request what this hop must know, once all are in the table.</summary>
internal static class RequestFields
{
    /// <summary>
    /// Fills everything of <paramref name="head"/> that depends on fields; line and target are there already.
    /// </summary>
    public static Rejection Interpret(ReadOnlySpan<byte> input, RequestHead head)
    {
        FramingFields framing = new();
        ConnectionOptions connection = default;
        HostField host = default;
        UpgradeFields upgrade = default;
        Slice maxForwards = default;
        int maxForwardsCount = 0;
        head.ExpectsContinue = false;
        head.OwnViaCount = 0;
        foreach (ref readonly Field field in head.Fields.Span)
        {
            if (field.Kind == FieldKind.Other)
            {
                continue;
            }

            ReadOnlySpan<byte> value = field.Value.Of(input);
            Rejection rejection = Rejection.None;
            switch (field.Kind)
            {
                case FieldKind.Host:
                    rejection = host.Add(field.Value, value);
                    break;
                case FieldKind.ContentLength:
                    rejection = framing.AddContentLength(value);
                    break;
                case FieldKind.TransferEncoding:
                    rejection = framing.AddTransferEncoding(value);
                    break;
                case FieldKind.Connection:
                    rejection = connection.Add(value, input, head.Fields);
                    break;
                case FieldKind.Expect when !head.IsHttp10:
                    rejection = ReadExpect(value, head);
                    break;
                case FieldKind.Upgrade:
                    upgrade.Add(value);
                    break;
                case FieldKind.Via:
                    head.OwnViaCount += ViaList.CountOwn(value);
                    break;
                case FieldKind.MaxForwards:
                    maxForwards = field.Value;
                    maxForwardsCount++;
                    break;
            }

            if (rejection != Rejection.None)
            {
                return rejection;
            }
        }

        head.KeepAlive = connection.Persists(head.IsHttp10);
        head.NominatedNames = connection.NominatedNames;
        head.OffersUpgrade = connection.Upgrade && upgrade.AreAcceptable && !head.IsHttp10;
        bool countsHops = maxForwardsCount == 1 && head.Method is RequestMethod.Trace or RequestMethod.Options;
        head.MaxForwards = countsHops ? Digits.ParseSaturated(maxForwards.Of(input)) : -1;
        Rejection fault = host.Check(head);
        return fault != Rejection.None ? fault : SetFraming(framing, head);
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

    // Without either field a request has no body, whatever its method (RFC 9112 section 6.3).
    private static Rejection SetFraming(FramingFields framing, RequestHead head)
    {
        head.Framing = framing.IsChunked ? BodyFraming.Chunked
            : framing.ContentLength >= 0 ? BodyFraming.Length
            : BodyFraming.None;
        head.ContentLength = long.Max(framing.ContentLength, 0);
        return framing.Check(head.IsHttp10);
    }

    /// <summary>One Host and a valid one; none is an error from HTTP/1.1 on (RFC 9112 section 3.2).</summary>
    private struct HostField
    {
        private Slice _value;
        private bool _isSeen;

        public Rejection Add(Slice slice, ReadOnlySpan<byte> value)
        {
            if (_isSeen)
            {
                return Rejection.DuplicateHost;
            }

            _isSeen = true;
            _value = slice;
            return Authority.IsValid(value) ? Rejection.None : Rejection.InvalidHost;
        }

        /// <summary>The authority of an absolute-form target goes before Host (RFC 9112 section 3.2.2).</summary>
        public readonly Rejection Check(RequestHead head)
        {
            head.Authority = head.Authority.IsEmpty ? _value : head.Authority;
            return _isSeen || head.IsHttp10 ? Rejection.None : Rejection.MissingHost;
        }
    }

    private struct UpgradeFields
    {
        private bool _isSeen;
        private bool _isRefused;

        public readonly bool AreAcceptable => _isSeen && !_isRefused;

        public void Add(ReadOnlySpan<byte> value)
        {
            _isSeen = true;
            _isRefused |= !UpgradeList.IsAcceptable(value);
        }
    }
}
