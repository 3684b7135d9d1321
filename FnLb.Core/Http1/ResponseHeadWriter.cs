using System.Diagnostics;

namespace FnLb.Core.Http1;

/// <summary>Writes the head of a relayed response as HTTP/1.1: the end-to-end fields in their order, then what this hop
/// adds.</summary>
/// <remarks>
/// Not copied: Connection and what it nominates, Keep-Alive, Proxy-Connection, Proxy-Authenticate, TE,
/// Transfer-Encoding, XXX-FXLB-WAIT, Trailer when no trailers can follow, and Upgrade except where it means something
/// to the client: 101, and 426, which must have it. Via is optional in responses and not added.
/// </remarks>
internal static class ResponseHeadWriter
{
    // All names, separators and numbers that are written from constants; the test of the bound keeps it true.
    private const int ConstantBytesMax = 160;

    /// <summary>An upper bound on what <see cref="Write"/> writes.</summary>
    public static int MaxBytes(ResponseHead head) =>
        head.Length + head.Fields.Count * FieldCopy.GrowthPerFieldMax + ConstantBytesMax;

    /// <param name="input">The bytes <paramref name="head"/> was parsed from.</param>
    /// <param name="destination">At least <see cref="MaxBytes"/> long.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> input, ResponseHead head, in ResponseHop hop, Span<byte> destination)
    {
        Debug.Assert(hop.Framing != BodyFraming.UntilClose || hop.Close);
        Debug.Assert(hop.Framing != BodyFraming.Chunked || !hop.ClientIsHttp10);
        SpanWriter writer = new(destination);
        FieldCopy copy = new(input);
        WriteStatusLine(ref writer, ref copy, input, head);

        bool passesUpgrade = head.Status is 101 or 426 && !hop.ClientIsHttp10;
        bool hasUpgrade = false;
        foreach (ref readonly Field field in head.Fields.Span)
        {
            if (field.Kind == FieldKind.Upgrade && passesUpgrade)
            {
                hasUpgrade = true;
            }
            else if (field.IsNominated || (field.Kind != FieldKind.Other && !Passes(field.Kind, hop.Framing)))
            {
                continue;
            }

            copy.Add(ref writer, field);
        }

        copy.Flush(ref writer);
        if (!head.HasDate && head.Status >= 200)
        {
            writer.WriteField("Date"u8, hop.Date);
        }

        WriteFraming(ref writer, head, hop.Framing);
        WriteConnection(ref writer, head, hop, hasUpgrade);
        writer.Write("\r\n"u8);
        Debug.Assert(writer.Length <= MaxBytes(head));
        return writer.Length;
    }

    private static void WriteStatusLine(
        ref SpanWriter writer, ref FieldCopy copy, ReadOnlySpan<byte> input, ResponseHead head)
    {
        if (!head.VerbatimLine.IsEmpty)
        {
            copy.AddLine(ref writer, head.VerbatimLine);
            return;
        }

        writer.Write("HTTP/1.1 "u8);
        writer.WriteDecimal(head.Status);
        writer.Write((byte)' ');
        writer.Write(head.Reason.Of(input));
        writer.Write("\r\n"u8);
    }

    private static bool Passes(FieldKind kind, BodyFraming framing) => kind switch
    {
        FieldKind.ContentLength or FieldKind.TransferEncoding => false,
        FieldKind.Connection or FieldKind.KeepAlive or FieldKind.ProxyConnection or FieldKind.Te => false,
        FieldKind.ProxyAuthenticate or FieldKind.Upgrade or FieldKind.FxlbWait => false,
        FieldKind.Trailer => framing == BodyFraming.Chunked,
        _ => true,
    };

    // HEAD and 304 pass on what a body would have had; 1xx and 204 must not speak of one (RFC 9110 section 8.6).
    private static void WriteFraming(ref SpanWriter writer, ResponseHead head, BodyFraming framing)
    {
        if (framing == BodyFraming.Chunked)
        {
            writer.Write("Transfer-Encoding: chunked\r\n"u8);
        }
        else if (framing != BodyFraming.UntilClose && head.ContentLength >= 0 && head.Status is >= 200 and not 204)
        {
            writer.Write("Content-Length: "u8);
            writer.WriteDecimal(head.ContentLength);
            writer.Write("\r\n"u8);
        }
    }

    // An interim response says nothing about the connection: the final one does.
    private static void WriteConnection(ref SpanWriter writer, ResponseHead head, in ResponseHop hop, bool hasUpgrade)
    {
        bool isFinal = head.Status >= 200;
        ReadOnlySpan<byte> line = (hasUpgrade, isFinal && hop.Close) switch
        {
            (true, true) => "Connection: close, Upgrade\r\n"u8,
            (true, false) => "Connection: Upgrade\r\n"u8,
            (false, true) => "Connection: close\r\n"u8,
            (false, false) => isFinal && hop.ClientIsHttp10 ? "Connection: keep-alive\r\n"u8 : default,
        };
        writer.Write(line);
    }
}
