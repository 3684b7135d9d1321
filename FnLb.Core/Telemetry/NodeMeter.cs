namespace FnLb.Core.Telemetry;

/// <summary>What one event loop measured of the calls that one node answered; lives as long as the node does.</summary>
/// <remarks>Written by the loop alone, read by any thread.</remarks>
/// <param name="name">The node's address.</param>
public sealed class NodeMeter(string name)
{
    private long _serverErrors;
    private long _failures;

    public string Name { get; } = name;

    /// <summary>From the request's arrival to the end of its answer.</summary>
    public LatencyHistogram Total { get; } = new();

    /// <summary>How long calls waited at the node, of those where it says.</summary>
    public LatencyHistogram Wait { get; } = new();

    /// <summary>Answers of 5xx.</summary>
    public long ServerErrors => Volatile.Read(ref _serverErrors);

    /// <summary>Calls it did not answer: no connection, a lost one, no answer in time or a malformed one.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>On the loop's thread.</summary>
    public void NoteFailure() => _failures++;

    /// <param name="totalPlace">Where the whole duration is counted.</param>
    internal void Record(in CallRecord call, int totalPlace)
    {
        Total.Record(call.TotalNanoseconds, totalPlace);
        if (call.WaitNanoseconds >= 0)
        {
            Wait.Record(call.WaitNanoseconds);
        }

        if (call.Status >= 500)
        {
            _serverErrors++;
        }
    }
}
