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

    private FunctionMeter? _function;
    private long _begunNanoseconds;
    private long _sentNanoseconds;
    private int _status;
    private bool _isOwnAnswer;

    /// <param name="head">As it was just parsed.</param>
    public void Begin(in RequestFacts request, RequestHead head, ReadOnlySpan<byte> bytes)
    {
        _begunNanoseconds = proxy.Loop.NowNanoseconds;
        _sentNanoseconds = 0;
        _status = 0;
        _isOwnAnswer = false;
        _function = null;
        if (!request.IsForAdmin && !proxy.Meter.TryFind(request.Route.Hash, out _function))
        {
            _function = proxy.Meter.Admit(
                request.Route.Hash, RequestFacts.NameOf(head, bytes, proxy.Router.KeyRule));
        }
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
    public void TakeBack() => _sentNanoseconds = 0;

    /// <summary>The head of an answer goes to the client.</summary>
    public void Answer(int status, bool isOwn)
    {
        _status = status;
        _isOwnAnswer = isOwn;
    }

    /// <summary>The exchange is over.</summary>
    /// <param name="node">Which has answered it completely; null when none has.</param>
    /// <param name="placement">Of the node, after the router has learned from the call.</param>
    public void End(NodeMeter? node, in Placement placement, long waitNanoseconds)
    {
        if (_function is null || _status is 0 or UpgradedStatus || (node is null && !_isOwnAnswer))
        {
            return;
        }

        long now = EventLoop.ReadNanoseconds();
        long total = now - _begunNanoseconds;
        long arrival = proxy.Loop.NowNanoseconds;
        bool isNodes = node is not null && _sentNanoseconds > 0;
        long atNode = isNodes ? long.Max(arrival - _sentNanoseconds, 0) : 0;
        bool isCold = isNodes && waitNanoseconds >= 0 && placement.IsColdStart(waitNanoseconds);
        if (isNodes && waitNanoseconds >= 0)
        {
            proxy.Counters.Add(Counter.CallsWithWait);
            proxy.Counters.Add(Counter.ColdStarts, isCold ? 1 : 0);
        }

        CallRecord call = new()
        {
            Function = _function,
            Node = isNodes ? node : null,
            Status = _status,
            TotalNanoseconds = total,
            AddedNanoseconds = total - atNode,
            WaitNanoseconds = isNodes ? waitNanoseconds : -1,
            IsCold = isCold,
            IsSpilled = placement.IsSpilled,
        };
        proxy.Meter.Record(call, now);
    }
}
