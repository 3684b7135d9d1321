using System.Text;

namespace FnLb.Core.Http1;

/// <summary>Draws from the fields of a response what this hop must know, once all are in the table.</summary>
internal static class ResponseFields
{
    /// <summary>
    /// Fills everything of <paramref name="head"/> that depends on fields; the status line is there already.
    /// </summary>
    public static Rejection Interpret(ReadOnlySpan<byte> input, RequestMethod method, ResponseHead head)
    {
        FramingFields framing = new();
        ConnectionOptions connection = default;
        bool hasUpgrade = false;
        head.KeepAliveTimeoutSeconds = -1;
        head.Wait = default;
        head.RetryAfter = default;
        head.HasDate = false;
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
                case FieldKind.ContentLength:
                    rejection = framing.AddContentLength(value);
                    break;
                case FieldKind.TransferEncoding:
                    rejection = framing.AddTransferEncoding(value);
                    break;
                case FieldKind.Connection:
                    rejection = connection.Add(value, input, head.Fields);
                    break;
                case FieldKind.KeepAlive:
                    head.KeepAliveTimeoutSeconds = ReadTimeout(value);
                    break;
                case FieldKind.Upgrade:
                    hasUpgrade |= !value.IsEmpty;
                    break;
                case FieldKind.Date:
                    head.HasDate = true;
                    break;
                case FieldKind.RetryAfter:
                    head.RetryAfter = field.Value;
                    break;
                case FieldKind.FxlbWait:
                    head.Wait = field.Value;
                    break;
            }

            if (rejection != Rejection.None)
            {
                return rejection;
            }
        }

        head.NominatedNames = connection.NominatedNames;
        head.AcceptsUpgrade = head.Status == 101 && hasUpgrade && connection.Upgrade && !head.IsHttp10;
        SetFraming(framing, method, head);
        head.KeepAlive = connection.Persists(head.IsHttp10)
            && head.Framing != BodyFraming.UntilClose
            && !MayHaveHiddenBody(framing, head.Status);
        return framing.Check(head.IsHttp10);
    }

    /// <summary>RFC 9112 section 6.3, rules 1, 2 and 4 to 8.</summary>
    private static void SetFraming(FramingFields framing, RequestMethod method, ResponseHead head)
    {
        head.ContentLength = framing.ContentLength;
        if (method == RequestMethod.Head || head.Status is < 200 or 204 or 304)
        {
            head.Framing = BodyFraming.None;
        }
        else if (head.Status == 205)
        {
            head.Framing = BodyFraming.Length;
            head.ContentLength = 0;
        }
        else
        {
            head.Framing = framing.IsChunked ? BodyFraming.Chunked
                : framing.ContentLength >= 0 ? BodyFraming.Length
                : BodyFraming.UntilClose;
        }
    }

    // These statuses have no body. A node that announces one all the same may well send it: what follows on its
    // connection is in doubt.
    private static bool MayHaveHiddenBody(FramingFields framing, int status) => status switch
    {
        < 200 or 204 => framing.IsChunked || framing.ContentLength > 0,
        205 => framing.IsChunked || framing.ContentLength != 0,
        _ => false,
    };

    /// <returns>-1 when there is no timeout parameter, or a malformed one.</returns>
    private static int ReadTimeout(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> name = "timeout="u8;
        ListReader list = new(value);
        while (list.TryNext(out ReadOnlySpan<byte> parameter))
        {
            if (parameter.Length > name.Length && Ascii.EqualsIgnoreCase(parameter[..name.Length], name))
            {
                return Digits.ParseSaturated(parameter[name.Length..]);
            }
        }

        return -1;
    }
}
