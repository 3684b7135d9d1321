using System.Net;

namespace FnLb.Host.Admin;

/// <summary>How often an address may come with a wrong token: twenty times a minute.</summary>
internal sealed class FailureLimit(TimeProvider time)
{
    public const int FailuresMax = 20;

    // Whoever has more addresses than that pushes out those that were heard of longest ago.
    private const int AddressesMax = 4096;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _counting = new();
    private readonly Dictionary<IPAddress, (long Since, int Count)> _failures = [];

    /// <summary>Any thread.</summary>
    public bool IsExceeded(IPAddress address)
    {
        lock (_counting)
        {
            return _failures.TryGetValue(address, out (long Since, int Count) seen)
                && time.GetElapsedTime(seen.Since) < Window && seen.Count >= FailuresMax;
        }
    }

    /// <summary>Any thread.</summary>
    public void Count(IPAddress address)
    {
        lock (_counting)
        {
            if (_failures.Count >= AddressesMax && !_failures.ContainsKey(address))
            {
                _ = _failures.Remove(_failures.MinBy(entry => entry.Value.Since).Key);
            }

            bool isKnown = _failures.TryGetValue(address, out (long Since, int Count) seen)
                && time.GetElapsedTime(seen.Since) < Window;
            _failures[address] = isKnown ? (seen.Since, seen.Count + 1) : (time.GetTimestamp(), 1);
        }
    }
}
