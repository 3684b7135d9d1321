using System.Diagnostics;
using FnLb.Core.Http1;
using FnLb.Core.Transport;

namespace FnLb.Benchmarks.Drive;

/// <summary>A place for one batch of calls at a time: one call, or as many as are pipelined in one write.</summary>
/// <remarks>
/// It is opened by its first call and again by the next after it was closed, so that a call's latency includes the
/// connection it needed. All methods run on the thread of its worker.
/// </remarks>
internal sealed class DriveConnection(DriveWorker worker, DriveTarget target, int index, ResponseHead head)
{
    private readonly AnswerReader _reader = new(head, worker.Plan.RequestMethod);
    private NativeSocket _socket;
    private bool _isOpen;
    private bool _isConnected;
    private bool _hasPeerEnded;
    private int _generation;
    private long _due;
    private long _begun;

    // Calls whose answers have not come.
    private int _awaited;

    // What a full socket did not take: heads and small bodies, then the rest of a large body.
    private byte[] _unsent = [];
    private int _unsentAt;
    private int _bodyAt;

    /// <summary>Since when no call is under way, in nanoseconds.</summary>
    public long FreeSince { get; private set; }

    /// <summary>Tells events of this opening from those of earlier ones.</summary>
    public ulong EventData => ((ulong)(uint)_generation << 32) | (uint)index;

    public bool IsBusy => _awaited > 0;

    private bool HasUnsent => _unsentAt < _unsent.Length || _bodyAt < target.Request.Body.Length;

    /// <summary>Sends a batch that was due at a time, now.</summary>
    public void Begin(long due, long now)
    {
        Debug.Assert(!IsBusy);
        _due = due;
        _begun = now;
        _awaited = worker.Plan.Pipelined;
        _bodyAt = target.Request.Body.Length;
        if (!_isOpen && !TryOpen())
        {
            Fail(CallError.Connect, now);
            return;
        }

        if (_isConnected)
        {
            SendBatch(now);
        }
    }

    public void Handle(Readiness readiness, long now)
    {
        if (!_isConnected)
        {
            if (!_socket.IsConnected())
            {
                Fail(CallError.Connect, now);
                return;
            }

            _isConnected = true;
            SendBatch(now);
        }
        else if (readiness.HasFlag(Readiness.Writable))
        {
            SendRest(now);
        }

        const Readiness toRead =
            Readiness.Readable | Readiness.PeerFinished | Readiness.HungUp | Readiness.Error;
        if (_isOpen && (readiness & toRead) != 0)
        {
            _hasPeerEnded |= (readiness & ~(Readiness.Readable | Readiness.Writable)) != 0;
            Receive();
        }
    }

    /// <summary>Gives up a call that has taken too long.</summary>
    public void CheckTime(long now, long timeoutNanoseconds)
    {
        if (IsBusy && now - _begun > timeoutNanoseconds)
        {
            GiveUp(now);
        }
    }

    /// <summary>Gives up what is under way.</summary>
    public void GiveUp(long now)
    {
        if (IsBusy)
        {
            Fail(CallError.Timeout, now);
        }
    }

    public void Close()
    {
        if (_isOpen)
        {
            // A reset: thousands of closed connections must not hold the ports that the next ones need.
            _socket.Close(reset: true);
            _isOpen = false;
            _isConnected = false;
            _hasPeerEnded = false;
            _generation++;
            _unsentAt = _unsent.Length;
            _reader.Reset();
        }
    }

    private bool TryOpen()
    {
        if (NativeSocket.Connect(target.EndPoint, out _socket) != ConnectResult.Started)
        {
            return false;
        }

        _isOpen = true;
        worker.Watch(_socket.Descriptor, EventData);
        return true;
    }

    private void SendBatch(long now)
    {
        ReadOnlySpan<byte> bytes = worker.Compose(target.Request, out bool isBodyApart);
        _bodyAt = isBodyApart ? 0 : target.Request.Body.Length;
        int sent = _socket.Send(bytes);
        if (sent <= NativeSocket.Broken)
        {
            Fail(CallError.Lost, now);
            return;
        }

        sent = int.Max(sent, 0);
        if (sent < bytes.Length)
        {
            _unsent = bytes[sent..].ToArray();
            _unsentAt = 0;
        }
        else
        {
            SendRest(now);
        }
    }

    private void SendRest(long now)
    {
        byte[] body = target.Request.Body;
        while (HasUnsent)
        {
            bool isHead = _unsentAt < _unsent.Length;
            int sent = _socket.Send(isHead ? _unsent.AsSpan(_unsentAt) : body.AsSpan(_bodyAt));
            if (sent <= NativeSocket.Broken)
            {
                Fail(CallError.Lost, now);
                return;
            }

            if (sent == NativeSocket.WouldBlock)
            {
                return;
            }

            _unsentAt += isHead ? sent : 0;
            _bodyAt += isHead ? 0 : sent;
        }
    }

    private void Receive()
    {
        byte[] buffer = worker.ReceiveBuffer;
        while (_isOpen)
        {
            int received = _socket.Receive(buffer);
            if (received == NativeSocket.WouldBlock)
            {
                return;
            }

            long now = EventLoop.ReadNanoseconds();
            if (received <= 0)
            {
                End(received == 0, now);
                return;
            }

            worker.Tally.CountBytes(now, received);
            bool goesOn = Take(buffer.AsSpan(0, received), now);

            // What a short read left behind can only be the end, and that is announced.
            if (!goesOn || (received < buffer.Length && !_hasPeerEnded))
            {
                return;
            }
        }
    }

    /// <returns>False once the batch has ended: the next one is under way already, or the connection closed.</returns>
    private bool Take(ReadOnlySpan<byte> input, long now)
    {
        while (!input.IsEmpty)
        {
            if (!IsBusy)
            {
                // Bytes that answer nothing: such a connection carries no further call.
                Close();
                return false;
            }

            AnswerStep step = _reader.Read(input, out int consumed);
            if (step == AnswerStep.Invalid)
            {
                Fail(CallError.Invalid, now);
                return false;
            }

            input = input[consumed..];
            if (step == AnswerStep.Ended && EndAnswer(now))
            {
                return false;
            }
        }

        return true;
    }

    /// <returns>Whether it was the last of the batch.</returns>
    private bool EndAnswer(long now)
    {
        worker.Tally.CountAnswer(_due, now, _reader.Status);
        _awaited--;
        if (!_reader.KeepsAlive || !worker.Plan.KeepsAlive)
        {
            LoseOthers(now);
            Close();
        }

        if (_awaited > 0)
        {
            return false;
        }

        // The rest of a body would be taken for the next call, and a peer that has ended its side answers none.
        if (_hasPeerEnded || HasUnsent)
        {
            Close();
        }

        FreeSince = now;
        worker.TakeBack(this, now);
        return true;
    }

    private void End(bool isOrderly, long now)
    {
        if (!IsBusy)
        {
            Close();
        }
        else if (isOrderly && _reader.EndsWithConnection)
        {
            Close();
            _ = EndAnswer(now);
        }
        else
        {
            Fail(CallError.Lost, now);
        }
    }

    private void Fail(CallError error, long now)
    {
        Close();
        for (; _awaited > 0; _awaited--)
        {
            worker.Tally.CountError(_due, now, error);
        }

        FreeSince = now;
        worker.Rest(this);
    }

    // Calls that were pipelined behind an answer that announced the end.
    private void LoseOthers(long now)
    {
        for (; _awaited > 0; _awaited--)
        {
            worker.Tally.CountError(_due, now, CallError.Lost);
        }
    }
}
