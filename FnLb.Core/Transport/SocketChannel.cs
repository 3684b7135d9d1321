using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace FnLb.Core.Transport;

/// <summary>
/// A non-blocking socket with the bytes that came in and were not used yet, and those that could not be sent yet.
/// </summary>
/// <remarks>
/// Lives and dies on its loop's thread. Each direction has memory only while it holds bytes: an idle connection holds
/// none. Readiness is edge-triggered: the flags stay set until a system call says that there is no more.
/// </remarks>
internal abstract class SocketChannel(EventLoop loop, NativeSocket socket, ByteMeter meter) : ReadinessHandler
{
    protected const Readiness EdgeTriggered =
        Readiness.Readable | Readiness.Writable | Readiness.PeerFinished | Readiness.EdgeTriggered;

    private ReceiveBuffer _received;
    private Pipe? _outbound;
    private MemoryBlock? _heldBack;
    private int _heldBackBytes;
    private bool _peerFinished;
    private bool _isCut;

    public EventLoop Loop { get; } = loop;

    /// <summary>A receive may give bytes, the end, or an error.</summary>
    public bool IsReadable { get; protected set; }

    public bool IsWritable { get; protected set; }

    /// <summary>The peer has finished sending and all it sent has been received.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>A system call failed: nothing more can be received or sent.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The peer has cut the connection: nothing sent arrives there; what it sent before may still be
    /// here.</summary>
    public bool IsReset { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>Nothing has arrived that was not received, and the connection stands.</summary>
    public bool IsSilent => !(IsReadable | HasEnded | IsBroken | IsReset);

    /// <summary>Bytes received and not consumed.</summary>
    public long BufferedBytes => _received.Bytes;

    /// <summary>Bytes that wait for the peer to read.</summary>
    public long PendingBytes { get; private set; }

    /// <summary>Bytes that the socket took, over its life.</summary>
    public long SentBytes { get; private set; }

    /// <summary>The same with those that are still here.</summary>
    public long WrittenBytes => SentBytes + PendingBytes + _heldBackBytes;

    /// <summary>Bytes wait for others to go with.</summary>
    public bool IsHoldingBack => _heldBack is not null;

    /// <summary>The loop's turn in which bytes were last held back.</summary>
    public long HeldBackTurn { get; private set; }

    /// <summary>The loop has it among those that hold bytes back.</summary>
    public bool IsListedHoldingBack { get; set; }

    /// <summary>When bytes last moved in either direction, in the loop's milliseconds.</summary>
    public long LastProgressMilliseconds { get; private set; } = loop.NowMilliseconds;

    protected NativeSocket Socket { get; } = socket;

    public override void Mark(Readiness readiness)
    {
        if ((readiness & (Readiness.Readable | Readiness.PeerFinished | Readiness.HungUp | Readiness.Error)) != 0)
        {
            IsReadable = !HasEnded;
        }

        if ((readiness & (Readiness.Writable | Readiness.HungUp | Readiness.Error)) != 0)
        {
            IsWritable = true;
        }

        IsReset |= (readiness & Readiness.Error) != 0;
        _peerFinished |= (readiness & Readiness.PeerFinished) != 0;
    }

    /// <summary>What was received and not consumed; valid until bytes are consumed.</summary>
    public ReadOnlySequence<byte> Buffered => _received.Content;

    /// <summary>The same in one piece, where it is in one.</summary>
    public bool TryGetBuffered(out ReadOnlySpan<byte> bytes) => _received.TryGetSpan(out bytes);

    /// <summary>Receives once, at most <paramref name="bytesMax"/> bytes.</summary>
    public ReceiveResult Receive(int bytesMax)
    {
        Debug.Assert(!IsClosed, "A closed channel receives nothing.");
        Span<byte> free = _received.Free(Loop.Memory, bytesMax);
        int received = Socket.Receive(free);
        _received.Advance(Math.Max(received, 0));
        if (received <= 0)
        {
            return NoteNothingReceived(received);
        }

        meter.AddReceived(received);
        LastProgressMilliseconds = Loop.NowMilliseconds;

        // Less than asked for means that the socket is drained; the next bytes raise an event. Not so for the end
        // of the stream, which was announced already.
        IsReadable = received == free.Length || _peerFinished;
        return ReceiveResult.Data;
    }

    /// <summary>Gives up the first bytes of what is buffered.</summary>
    public void Consume(long bytes) => _received.Consume(bytes);

    /// <summary>Stages bytes; <see cref="Flush"/> sends them.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Loop.Staging.Free);
        Loop.Staging.Advance(bytes.Length);
    }

    /// <summary>
    /// Keeps what is staged, for the next flush or a few turns of the loop: when more is about to follow, one system
    /// call sends both.
    /// </summary>
    /// <returns>Whether something was staged and there was room for it.</returns>
    public bool TryHoldBack()
    {
        if (Loop.Staging.IsEmpty || !TryAddHeldBack())
        {
            return false;
        }

        HeldBackTurn = Loop.Turn;
        Loop.FlushLater(this);
        return true;
    }

    /// <summary>Sends what is held back, pending and staged, as far as the peer takes it; the rest is kept
    /// pending.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Flush()
    {
        if (_heldBack is not null || PendingBytes > 0 || !Loop.Staging.IsEmpty)
        {
            FlushAll();
        }
    }

    /// <summary>Sends what is staged and then bytes that are not, in one call; only while nothing is pending.</summary>
    /// <returns>How many of <paramref name="bytes"/> the peer took; what it did not take of the staged is kept
    /// pending.</returns>
    public int SendStagedAnd(ReadOnlySpan<byte> bytes)
    {
        SendHeldBack();
        if (PendingBytes > 0)
        {
            return 0;
        }

        StagingBuffer staging = Loop.Staging;
        ReadOnlySpan<byte> staged = staging.Written;
        int sent = SendNow(staged, bytes);
        if (sent < staged.Length)
        {
            Append(staged[sent..]);
        }

        int taken = Math.Max(0, sent - staged.Length);
        staging.Clear();
        return taken;
    }

    /// <summary>Receives into an empty pipe; only while nothing is buffered.</summary>
    public ReceiveResult ReceiveInto(SplicePipe pipe, long bytesMax)
    {
        Debug.Assert(BufferedBytes == 0 && pipe.Bytes == 0, "What came first goes first.");
        int received = pipe.Fill(Socket, (int)Math.Min(bytesMax, SplicePipe.BytesMax));
        if (received > 0)
        {
            meter.AddReceived(received);
            LastProgressMilliseconds = Loop.NowMilliseconds;
            return ReceiveResult.Data;
        }

        return NoteNothingReceived(received);
    }

    /// <summary>Sends what a pipe holds, as far as the peer takes it; only while nothing is pending.</summary>
    public void SendFrom(SplicePipe pipe)
    {
        Debug.Assert(PendingBytes == 0, "What is pending goes first.");
        SendHeldBack();
        while (pipe.Bytes > 0 && PendingBytes == 0 && IsWritable && !IsBroken)
        {
            // A part may be taken for other reasons than a full socket: only a refusal brings an event later.
            NoteSent(pipe.Drain(Socket), isAll: true);
        }
    }

    /// <summary>Tells the peer that no more will be sent.</summary>
    public void FinishSending() => IsBroken |= !Socket.FinishSending();

    /// <summary>Closes the socket and gives the buffers back. What is pending is lost.</summary>
    /// <param name="reset">Tell the peer by a reset that the stream is cut, not ended.</param>
    public void CloseSocket(bool reset)
    {
        if (IsClosed)
        {
            return;
        }

        // What was held back is complete, whatever happened to what came after it.
        SendHeldBack();
        IsClosed = true;
        Loop.Forget(this);
        _received.Clear();
        ReleaseOutbound();
        Socket.Close(reset);
    }

    private void FlushAll()
    {
        if (_heldBack is not null)
        {
            _ = TryAddHeldBack();
            SendHeldBack();
        }

        StagingBuffer staging = Loop.Staging;
        if (PendingBytes > 0)
        {
            Append(staging.Written);
            staging.Clear();
            SendPending();
            return;
        }

        ReadOnlySpan<byte> staged = staging.Written;
        if (!staged.IsEmpty)
        {
            int sent = SendNow(staged, default);
            if (sent < staged.Length)
            {
                Append(staged[sent..]);
            }

            staging.Clear();
        }
    }

    private int SendNow(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Debug.Assert(PendingBytes == 0, "What is pending goes first.");
        if (!IsWritable || IsBroken)
        {
            return 0;
        }

        int sent = second.IsEmpty ? Socket.Send(first)
            : first.IsEmpty ? Socket.Send(second)
            : Socket.Send(first, second);
        NoteSent(sent, isAll: sent == first.Length + second.Length);
        return Math.Max(sent, 0);
    }

    private static void Commit(PipeWriter writer)
    {
        ValueTask<FlushResult> flush = writer.FlushAsync();
        Debug.Assert(flush.IsCompleted, "A pipe without thresholds never pauses its writer.");
        _ = flush.GetAwaiter().GetResult();
    }

    private ReceiveResult NoteNothingReceived(int result)
    {
        IsReadable = false;
        NoteFailure(result);
        HasEnded = result == 0 && !_isCut;
        return HasEnded ? ReceiveResult.Ended : IsBroken ? ReceiveResult.Failed : ReceiveResult.WouldBlock;
    }

    private void NoteSent(int result, bool isAll)
    {
        IsWritable = result >= 0 && isAll;
        if (result >= 0)
        {
            SentBytes += result;
            meter.AddSent(result);
            LastProgressMilliseconds = Loop.NowMilliseconds;
        }
        else
        {
            NoteFailure(result);
        }
    }

    // The kernel tells one call that the peer cut the connection; to those after it the stream looks as if it had ended
    // where it was cut. Whichever call is told, what the peer sent has no end then.
    private void NoteFailure(int result)
    {
        _isCut |= result == NativeSocket.Broken;
        IsBroken |= result <= NativeSocket.Broken;
    }

    /// <returns>False when what is staged has no room beside what is held back, and stays staged.</returns>
    private bool TryAddHeldBack()
    {
        ReadOnlySpan<byte> staged = Loop.Staging.Written;
        if (PendingBytes > 0 || _heldBackBytes + staged.Length > LoopMemoryPool.SmallBlockBytes)
        {
            return false;
        }

        _heldBack ??= Loop.Memory.Take(LoopMemoryPool.SmallBlockBytes);
        staged.CopyTo(_heldBack.Bytes.AsSpan(_heldBackBytes));
        _heldBackBytes += staged.Length;
        Loop.Staging.Clear();
        return true;
    }

    private void SendHeldBack()
    {
        if (_heldBack is { } block)
        {
            ReadOnlySpan<byte> held = block.Bytes.AsSpan(0, _heldBackBytes);
            _heldBack = null;
            _heldBackBytes = 0;
            Append(held[SendNow(held, default)..]);
            block.Dispose();
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || IsBroken)
        {
            return;
        }

        _outbound ??= Loop.Pipes.Get();
        _outbound.Writer.Write(bytes);
        Commit(_outbound.Writer);
        PendingBytes += bytes.Length;
    }

    private void SendPending()
    {
        while (PendingBytes > 0 && IsWritable && !IsBroken && _outbound!.Reader.TryRead(out ReadResult result))
        {
            ReadOnlySpan<byte> first = result.Buffer.FirstSpan;
            long pending = PendingBytes;
            PendingBytes = 0;
            int sent = SendNow(first, default);
            PendingBytes = pending - sent;
            _outbound.Reader.AdvanceTo(result.Buffer.GetPosition(sent));
        }

        if (PendingBytes == 0 || IsBroken)
        {
            ReleaseOutbound();
        }
    }

    private void ReleaseOutbound()
    {
        PendingBytes = 0;
        if (_outbound is { } pipe)
        {
            _outbound = null;
            Loop.Pipes.Return(pipe);
        }
    }
}
