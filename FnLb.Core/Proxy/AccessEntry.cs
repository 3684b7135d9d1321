using System.Buffers;
using System.Text;
using FnLb.Core.Http1;
using FnLb.Core.Telemetry;

namespace FnLb.Core.Proxy;

/// <summary>One call's line in the access log: what the request says is kept from its start, the rest comes at its
/// end.</summary>
/// <remarks>
/// One for each exchange object, and of these thousands are kept: what a long request needs is borrowed for the call,
/// only what most need stays.
/// </remarks>
internal sealed class AccessEntry(LoopAccessLog log)
{
    // A longer target or field is cut: the log is not the place for it.
    private const int TextBytesMax = 1024;
    private const int ConstantBytesMax = 512;
    private const int KeptBytesMax = 4096;

    private byte[] _kept = [];
    private byte[] _request = [];
    private int _line;
    private int _fields;

    /// <param name="client">Text of its address.</param>
    /// <param name="head">As it was just parsed.</param>
    /// <param name="requestId">For a request that came without one.</param>
    public void Begin(
        ReadOnlySpan<byte> client, RequestHead head, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> requestId)
    {
        ReadOnlySpan<byte> agent = default;
        ReadOnlySpan<byte> referer = default;
        foreach (ref readonly Field field in head.Fields.Span)
        {
            ReadOnlySpan<byte> name = field.Name.Of(bytes);
            if (field.Kind == FieldKind.XRequestId && !field.Value.Of(bytes).IsEmpty)
            {
                requestId = field.Value.Of(bytes);
            }
            else if (name.Length == 10 && Ascii.EqualsIgnoreCase(name, "user-agent"u8))
            {
                agent = field.Value.Of(bytes);
            }
            else if (name.Length == 7 && Ascii.EqualsIgnoreCase(name, "referer"u8))
            {
                referer = field.Value.Of(bytes);
            }
        }

        ReadOnlySpan<byte> method = head.MethodText.Of(bytes);
        ReadOnlySpan<byte> host = head.Authority.Of(bytes);
        ReadOnlySpan<byte> target = head.IsAsterisk ? "*"u8 : head.PathAndQuery.Of(bytes);
        int texts = Cut(method).Length + Cut(target).Length + Cut(host).Length + Cut(referer).Length
            + Cut(agent).Length + Cut(requestId).Length;
        Reserve((texts * LogText.GrowthMax) + ConstantBytesMax);
        SpanWriter writer = new(_request);
        WriteRequest(ref writer, client, method, target, head.IsHttp10);
        _line = writer.Length;
        WriteFields(ref writer, host, referer, agent, requestId);
        _fields = writer.Length - _line;
    }

    /// <summary>A request that was refused before it could be understood.</summary>
    public void BeginRefused(ReadOnlySpan<byte> client)
    {
        Reserve(ConstantBytesMax);
        SpanWriter writer = new(_request);
        WriteRequest(ref writer, client, "-"u8, "-"u8, isHttp10: false);
        _line = writer.Length;
        WriteFields(ref writer, default, default, default, default);
        _fields = writer.Length - _line;
    }

    /// <summary>Writes the line.</summary>
    /// <param name="nowNanoseconds">By the loop's clock, which also tells the time of day.</param>
    public void End(in AccessOutcome outcome, long nowNanoseconds)
    {
        if (log.TryReserve(_line + _fields + ConstantBytesMax, nowNanoseconds, out Span<byte> room))
        {
            SpanWriter writer = new(room);
            ReadOnlySpan<byte> time = log.Clock.TextAt(nowNanoseconds);
            if (log.Format == AccessLogFormat.Json)
            {
                WriteJson(ref writer, outcome, time);
            }
            else
            {
                WriteText(ref writer, outcome, time);
            }

            log.Commit(writer.Length, nowNanoseconds);
        }

        Release();
    }

    private void Reserve(int bytes)
    {
        Release();
        if (bytes > KeptBytesMax)
        {
            _request = ArrayPool<byte>.Shared.Rent(bytes);
            return;
        }

        if (_kept.Length < bytes)
        {
            _kept = new byte[bytes];
        }

        _request = _kept;
    }

    private void Release()
    {
        if (_request != _kept)
        {
            ArrayPool<byte>.Shared.Return(_request);
            _request = _kept;
        }
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text) => text[..int.Min(text.Length, TextBytesMax)];

    private void WriteRequest(
        ref SpanWriter writer,
        ReadOnlySpan<byte> client,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> target,
        bool isHttp10)
    {
        if (log.Format == AccessLogFormat.Json)
        {
            writer.Write("\",\"client\":\""u8);
            writer.Write(client);
            writer.Write("\",\"method\":\""u8);
            LogText.WriteJson(ref writer, Cut(method));
            writer.Write("\",\"target\":\""u8);
            LogText.WriteJson(ref writer, Cut(target));
            return;
        }

        // Quoted as one, so it is put together first.
        Span<byte> line = stackalloc byte[(2 * TextBytesMax) + 16];
        SpanWriter joined = new(line);
        joined.Write(Cut(method));
        joined.Write((byte)' ');
        joined.Write(Cut(target));
        joined.Write(isHttp10 ? " HTTP/1.0"u8 : " HTTP/1.1"u8);
        LogText.WriteQuoted(ref writer, line[..joined.Length]);
    }

    private void WriteFields(
        ref SpanWriter writer,
        ReadOnlySpan<byte> host,
        ReadOnlySpan<byte> referer,
        ReadOnlySpan<byte> agent,
        ReadOnlySpan<byte> requestId)
    {
        if (log.Format == AccessLogFormat.Json)
        {
            writer.Write("\",\"host\":\""u8);
            LogText.WriteJson(ref writer, Cut(host));
            writer.Write("\",\"referer\":\""u8);
            LogText.WriteJson(ref writer, Cut(referer));
            writer.Write("\",\"userAgent\":\""u8);
            LogText.WriteJson(ref writer, Cut(agent));
            writer.Write("\",\"requestId\":\""u8);
            LogText.WriteJson(ref writer, Cut(requestId));
            return;
        }

        LogText.WriteQuoted(ref writer, referer.IsEmpty ? "-"u8 : Cut(referer));
        writer.Write((byte)' ');
        LogText.WriteQuoted(ref writer, agent.IsEmpty ? "-"u8 : Cut(agent));
        writer.Write(" host="u8);
        LogText.WriteQuoted(ref writer, Cut(host));
        writer.Write(" id="u8);
        LogText.WriteQuoted(ref writer, Cut(requestId));
    }

    private void WriteJson(ref SpanWriter writer, in AccessOutcome outcome, ReadOnlySpan<byte> time)
    {
        writer.Write("{\"time\":\""u8);
        writer.Write(time);
        writer.Write(_request.AsSpan(0, _line + _fields));
        WriteNumber(ref writer, "\",\"status\":"u8, outcome.Status);
        WriteNumber(ref writer, ",\"bytes\":"u8, outcome.Bytes);
        WriteNumber(ref writer, ",\"durationMicros\":"u8, outcome.DurationNanoseconds / 1000);
        WriteNumber(ref writer, ",\"addedMicros\":"u8, outcome.AddedNanoseconds / 1000);
        if (outcome.WaitNanoseconds >= 0)
        {
            WriteNumber(ref writer, ",\"waitMicros\":"u8, outcome.WaitNanoseconds / 1000);
        }

        writer.Write(",\"node\":\""u8);
        writer.Write(outcome.Node);
        writer.Write("\",\"placement\":\""u8);
        writer.Write(outcome.Placement);
        WriteNumber(ref writer, "\",\"retries\":"u8, outcome.Retries);
        writer.Write(",\"close\":\""u8);
        writer.Write(outcome.Close);
        writer.Write("\"}\n"u8);
    }

    private void WriteText(ref SpanWriter writer, in AccessOutcome outcome, ReadOnlySpan<byte> time)
    {
        writer.Write(outcome.Client);
        writer.Write(" - - ["u8);
        writer.Write(time);
        writer.Write(" +0000] "u8);
        writer.Write(_request.AsSpan(0, _line));
        WriteNumber(ref writer, " "u8, outcome.Status);
        WriteNumber(ref writer, " "u8, outcome.Bytes);
        writer.Write((byte)' ');
        writer.Write(_request.AsSpan(_line, _fields));
        writer.Write(" node="u8);
        writer.Write(outcome.Node.IsEmpty ? "-"u8 : outcome.Node);
        writer.Write(" placement="u8);
        writer.Write(outcome.Placement);
        WriteNumber(ref writer, " duration_us="u8, outcome.DurationNanoseconds / 1000);
        WriteNumber(ref writer, " added_us="u8, outcome.AddedNanoseconds / 1000);
        if (outcome.WaitNanoseconds >= 0)
        {
            WriteNumber(ref writer, " wait_us="u8, outcome.WaitNanoseconds / 1000);
        }

        WriteNumber(ref writer, " retries="u8, outcome.Retries);
        writer.Write(" close="u8);
        writer.Write(outcome.Close);
        writer.Write((byte)'\n');
    }

    private static void WriteNumber(ref SpanWriter writer, ReadOnlySpan<byte> before, long number)
    {
        writer.Write(before);
        writer.WriteDecimal(number);
    }
}
