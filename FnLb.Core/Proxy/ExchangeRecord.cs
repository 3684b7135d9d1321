using System.Text;
using FnLb.Core.Http1;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>What an exchange leaves behind for those who look: when it did what, and how it was answered.</summary>
/// <remarks>
/// Two reads of the clock a call. Its arrival, and that of the node's last bytes, are taken as of the loop's wake-up:
/// what the loop did before it came to them is time the call spent here.
/// </remarks>
internal sealed class ExchangeRecord(ProxyLoop proxy)
{
    private const int UpgradedStatus = 101;

    private readonly AccessEntry? _access = proxy.AccessLog is { } log ? new AccessEntry(log) : null;
    private ClientConnection _client = null!;
    private FunctionMeter? _function;
    private long _begunNanoseconds;
    private long _placedNanoseconds;
    private long _sentNanoseconds;
    private long _lostNanoseconds;
    private long _clientBytesBefore;
    private int _status;
    private int _retries;
    private bool _isOwnAnswer;
    private FaultKind? _fault;
    private CallTrace? _trace;
    private bool _isUntraced;

    /// <param name="head">As it was just parsed.</param>
    /// <param name="requestNumber">Names the request if it came without an id.</param>
    public void Begin(
        ClientConnection client,
        in RequestFacts request,
        RequestHead head,
        ReadOnlySpan<byte> bytes,
        ulong requestNumber)
    {
        _client = client;
        _begunNanoseconds = proxy.Loop.NowNanoseconds;
        _placedNanoseconds = 0;
        _sentNanoseconds = 0;
        _lostNanoseconds = 0;
        _status = 0;
        _retries = 0;
        _isOwnAnswer = false;
        _fault = null;
        _function = null;
        if (!request.IsForAdmin && !proxy.Meter.TryFind(request.Route.Hash, out _function))
        {
            _function = proxy.Meter.Admit(
                request.Route.Hash, RequestFacts.NameOf(head, bytes, proxy.Router.KeyRule));
        }

        _isUntraced = false;
        if (proxy.Tracer is { } tracer && !request.IsForAdmin)
        {
            _trace = tracer.TryBegin(head, bytes, _begunNanoseconds, out bool isDecided);
            _isUntraced = _trace is null && !isDecided;
        }

        if (_access is not null)
        {
            _clientBytesBefore = client.WrittenBytes;
            _access.Begin(client.Peer.Text, head, bytes, proxy.RequestIds.TextOf(requestNumber));
        }
    }

    /// <summary>A node was chosen.</summary>
    /// <returns>What the request tells it of the trace; empty to pass on what the client said.</returns>
    public ReadOnlySpan<byte> Place(in Placement placement)
    {
        _placedNanoseconds = proxy.Loop.NowNanoseconds;
        return _trace is not null ? _trace.Place(placement) : _isUntraced ? proxy.Tracer!.Decline() : default;
    }

    /// <summary>A node has the call now: what follows is its time, until its answer is here.</summary>
    public void Send()
    {
        if (_sentNanoseconds == 0)
        {
            _sentNanoseconds = EventLoop.ReadNanoseconds();
        }
    }

    /// <summary>The node did not take the call; another will.</summary>
    public void TakeBack()
    {
        _lostNanoseconds += SinceItWasPlaced();
        _placedNanoseconds = 0;
        _sentNanoseconds = 0;
        _retries++;
        _trace?.TakeBack(_fault is { } fault ? Encoding.ASCII.GetString(LogWords.Of(fault)) : "");
    }

    /// <summary>The head of an answer goes to the client.</summary>
    public void Answer(int status, bool isOwn)
    {
        _status = status;
        _isOwnAnswer = isOwn;
    }

    /// <summary>Something went wrong; what matters is the last of it.</summary>
    public void Fail(FaultKind fault) => _fault = fault;

    /// <summary>The exchange is over.</summary>
    /// <param name="node">Which has answered it completely; null when none has.</param>
    /// <param name="placement">Of the node, after the router has learned from the call.</param>
    public void End(NodeMeter? node, in Placement placement, long waitNanoseconds)
    {
        bool isAnswered = _status is not (0 or UpgradedStatus) && (node is not null || _isOwnAnswer);
        if (_access is null && _trace is null && (!isAnswered || _function is null))
        {
            return;
        }

        long now = EventLoop.ReadNanoseconds();
        bool isNodes = node is not null && _sentNanoseconds > 0;
        long atLast = SinceItWasPlaced();
        long wait = isNodes ? waitNanoseconds : -1;
        CallRecord call = new()
        {
            Function = _function,
            Node = isNodes ? node : null,
            Status = _status,
            TotalNanoseconds = now - _begunNanoseconds,
            AtNodeNanoseconds = isNodes ? atLast : 0,
            AddedNanoseconds = now - _begunNanoseconds - _lostNanoseconds - atLast,
            WaitNanoseconds = wait,
            IsCold = wait >= 0 && placement.IsColdStart(wait),
            IsSpilled = placement.IsSpilled,
        };
        if (isAnswered && _function is not null)
        {
            Measure(call, now);
        }

        if (_trace is { } trace)
        {
            _trace = null;
            bool isFault = node is null && _fault is not null;
            trace.End(_status, isFault ? Encoding.ASCII.GetString(LogWords.Of(_fault!.Value)) : "", now);
        }

        if (_access is not null)
        {
            Log(_access, call, placement, isComplete: node is not null, now);
        }
    }

    // With the node that has the call, or had it last: from sending it, or where it never got there from being placed.
    private long SinceItWasPlaced()
    {
        long since = _sentNanoseconds > 0 ? _sentNanoseconds : _placedNanoseconds;
        return since > 0 ? long.Max(proxy.Loop.NowNanoseconds - since, 0) : 0;
    }

    private void Measure(in CallRecord call, long now)
    {
        if (call.WaitNanoseconds >= 0)
        {
            proxy.Counters.Add(Counter.CallsWithWait);
            proxy.Counters.Add(Counter.ColdStarts, call.IsCold ? 1 : 0);
        }

        proxy.Meter.Record(call, now);
    }

    private void Log(AccessEntry access, in CallRecord call, in Placement placement, bool isComplete, long now)
    {
        AccessOutcome outcome = new()
        {
            Client = _client.Peer.Text,
            Status = _status,
            Bytes = _client.WrittenBytes - _clientBytesBefore,
            DurationNanoseconds = call.TotalNanoseconds,
            AddedNanoseconds = call.AddedNanoseconds,
            WaitNanoseconds = call.WaitNanoseconds,
            Node = placement.Node is { } node ? node.AuthorityText : default,
            Placement = LogWords.Of(placement.Reason),
            Retries = _retries,
            Close = isComplete ? "complete"u8 : _fault is { } fault ? LogWords.Of(fault) : "cut"u8,
        };
        access.End(outcome, now);
    }
}
