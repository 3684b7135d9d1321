using System.Diagnostics;

namespace FnLb.Core.Http1;

/// <summary>Writes the head of a forwarded request as HTTP/1.1: Host first, the end-to-end fields in their order, then
/// what this hop adds.</summary>
/// <remarks>
/// Not copied: Connection and what it nominates, Keep-Alive, Proxy-Connection, Proxy-Authorization (meant for a proxy
/// that asked for it, and none did), TE, Transfer-Encoding, Upgrade unless it is offered on, and Expect of HTTP/1.0.
/// X-Forwarded-For and Via become one line each with our member last; X-Forwarded-Proto, X-Forwarded-Host and
/// X-Request-Id are added where the client sent none, or an empty one.
/// </remarks>
internal static class RequestHeadWriter
{
    // All names, separators and numbers that are written from constants; the test of the bound keeps it true.
    private const int ConstantBytesMax = 320;

    /// <summary>An upper bound on what <see cref="Write"/> writes.</summary>
    public static int MaxBytes(RequestHead head, in RequestHop hop) =>
        head.Length + head.Fields.Count * FieldCopy.GrowthPerFieldMax + head.Authority.Length * 2 + ConstantBytesMax
        + hop.ClientAddress.Length + hop.RequestId.Length + hop.NodeAuthority.Length + hop.TraceFields.Length;

    /// <param name="input">The bytes <paramref name="head"/> was parsed from.</param>
    /// <param name="destination">At least <see cref="MaxBytes"/> long.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> input, RequestHead head, in RequestHop hop, Span<byte> destination)
    {
        Debug.Assert(head.MaxForwards != 0, "A request that may not be forwarded is answered here.");
        SpanWriter writer = new(destination);
        FieldCopy copy = new(input);
        WriteRequestLine(ref writer, ref copy, input, head);
        WriteHost(ref writer, ref copy, input, head, hop.NodeAuthority);
        OwnFields own = CopyFields(ref writer, ref copy, head, passesTrace: hop.TraceFields.IsEmpty);
        copy.Flush(ref writer);
        if (IsFirstHop(head, own) && !hop.RequestId.IsEmpty)
        {
            WriteFirstHop(ref writer, head.Authority.Of(input), hop);
        }
        else
        {
            WriteHop(ref writer, copy, input, head, hop, own);
        }

        writer.Write(hop.TraceFields);
        WriteFraming(ref writer, head);
        writer.Write("\r\n"u8);
        Debug.Assert(writer.Length <= MaxBytes(head, hop));
        return writer.Length;
    }

    /// <summary>The client says nothing of hops before this one, and has no id for the request.</summary>
    private static bool IsFirstHop(RequestHead head, in OwnFields own) =>
        !own.HasForwardedProto
        && !own.HasForwardedHost
        && !own.HasRequestId
        && !head.Fields.Has(FieldKind.XForwardedFor)
        && !head.Fields.Has(FieldKind.Via)
        && !head.IsHttp10
        && !head.Authority.IsEmpty;

    // Most requests are of that kind. What WriteHop writes for them in twenty pieces is seven here, and the same: a
    // property test compares the two. Without an id (a test's) the long way is taken.
    private static void WriteFirstHop(ref SpanWriter writer, ReadOnlySpan<byte> authority, in RequestHop hop)
    {
        writer.Write("X-Forwarded-For: "u8);
        writer.Write(hop.ClientAddress);
        writer.Write("\r\nVia: 1.1 fnlb\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: "u8);
        writer.Write(authority);
        writer.Write("\r\nX-Request-Id: "u8);
        writer.Write(hop.RequestId);
        writer.Write("\r\n"u8);
    }

    private static void WriteHop(
        ref SpanWriter writer,
        in FieldCopy copy,
        ReadOnlySpan<byte> input,
        RequestHead head,
        in RequestHop hop,
        in OwnFields own)
    {
        copy.WriteAppended(
            ref writer, head.Fields, FieldKind.XForwardedFor, "X-Forwarded-For: "u8, hop.ClientAddress);
        ReadOnlySpan<byte> via = head.IsHttp10 ? "1.0 fnlb"u8 : "1.1 fnlb"u8;
        copy.WriteAppended(ref writer, head.Fields, FieldKind.Via, "Via: "u8, via);
        if (!own.HasForwardedProto)
        {
            writer.Write("X-Forwarded-Proto: http\r\n"u8);
        }

        if (!own.HasForwardedHost && !head.Authority.IsEmpty)
        {
            writer.WriteField("X-Forwarded-Host"u8, head.Authority.Of(input));
        }

        if (!own.HasRequestId && !hop.RequestId.IsEmpty)
        {
            writer.WriteField("X-Request-Id"u8, hop.RequestId);
        }
    }

    private static void WriteRequestLine(
        ref SpanWriter writer, ref FieldCopy copy, ReadOnlySpan<byte> input, RequestHead head)
    {
        if (!head.VerbatimLine.IsEmpty)
        {
            copy.AddLine(ref writer, head.VerbatimLine);
            return;
        }

        writer.Write(head.MethodText.Of(input));
        writer.Write((byte)' ');
        if (head.Path.IsEmpty)
        {
            writer.Write(head.IsAsterisk ? (byte)'*' : (byte)'/');
        }

        writer.Write(head.PathAndQuery.Of(input));
        writer.Write(" HTTP/1.1\r\n"u8);
    }

    private static void WriteHost(
        ref SpanWriter writer,
        ref FieldCopy copy,
        ReadOnlySpan<byte> input,
        RequestHead head,
        ReadOnlySpan<byte> nodeAuthority)
    {
        if (head.Fields.Span is [{ Kind: FieldKind.Host, IsVerbatim: true } first, ..]
            && first.Value.Start == head.Authority.Start
            && first.Name.Of(input).SequenceEqual("Host"u8))
        {
            copy.AddLine(ref writer, first.Line);
            return;
        }

        copy.Flush(ref writer);
        writer.WriteField("Host"u8, head.Authority.IsEmpty ? nodeAuthority : head.Authority.Of(input));
    }

    private static OwnFields CopyFields(
        ref SpanWriter writer, ref FieldCopy copy, RequestHead head, bool passesTrace)
    {
        OwnFields own = new() { PassesTrace = passesTrace };
        foreach (ref readonly Field field in head.Fields.Span)
        {
            if (field.IsNominated || (field.Kind != FieldKind.Other && !Passes(field, head, ref own)))
            {
                continue;
            }

            if (field.Kind == FieldKind.MaxForwards && head.MaxForwards > 0)
            {
                copy.Flush(ref writer);
                writer.Write("Max-Forwards: "u8);
                writer.WriteDecimal(head.MaxForwards - 1);
                writer.Write("\r\n"u8);
                continue;
            }

            copy.Add(ref writer, field);
        }

        return own;
    }

    private static bool Passes(in Field field, RequestHead head, ref OwnFields own)
    {
        switch (field.Kind)
        {
            case FieldKind.Host or FieldKind.ContentLength or FieldKind.TransferEncoding:
            case FieldKind.Connection or FieldKind.KeepAlive or FieldKind.ProxyConnection or FieldKind.Te:
            case FieldKind.ProxyAuthorization:
            case FieldKind.XForwardedFor or FieldKind.Via:
                return false;
            case FieldKind.TraceContext:
                return own.PassesTrace;
            case FieldKind.Upgrade:
                return head.OffersUpgrade;
            case FieldKind.Expect:
                return !head.IsHttp10;
            case FieldKind.XForwardedProto:
                own.HasForwardedProto |= !field.Value.IsEmpty;
                return !field.Value.IsEmpty;
            case FieldKind.XForwardedHost:
                own.HasForwardedHost |= !field.Value.IsEmpty;
                return !field.Value.IsEmpty;
            case FieldKind.XRequestId:
                own.HasRequestId |= !field.Value.IsEmpty;
                return !field.Value.IsEmpty;
            default:
                return true;
        }
    }

    private static void WriteFraming(ref SpanWriter writer, RequestHead head)
    {
        if (head.Framing == BodyFraming.Chunked)
        {
            writer.Write("Transfer-Encoding: chunked\r\n"u8);
        }
        else if (head.Framing == BodyFraming.Length)
        {
            writer.Write("Content-Length: "u8);
            writer.WriteDecimal(head.ContentLength);
            writer.Write("\r\n"u8);
        }

        if (head.OffersUpgrade)
        {
            writer.Write("Connection: Upgrade\r\n"u8);
        }
    }

    private struct OwnFields
    {
        public bool HasForwardedProto;
        public bool HasForwardedHost;
        public bool HasRequestId;
        public bool PassesTrace;
    }
}
