using System.Net;
using System.Net.Sockets;

namespace FnLb.Host.Admin;

/// <summary>How often an address may come with a wrong token: twenty times a minute.</summary>
/// <remarks>
/// A machine has a whole /64 of IPv6, so that counts as one address. It guards the log and the processor; what guards
/// the tokens is their length.
/// </remarks>
internal sealed class FailureLimit(TimeProvider time)
{
    public const int FailuresMax = 20;

    // Whoever has more addresses than that pushes out those that were heard of longest ago.
    private const int AddressesMax = 4096;

    private const int NetworkBytes = 8;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _counting = new();
    private readonly Dictionary<IPAddress, (long Since, int Count)> _failures = [];

    /// <summary>Any thread.</summary>
    public bool IsExceeded(IPAddress address)
    {
        IPAddress key = KeyOf(address);
        lock (_counting)
        {
            return _failures.TryGetValue(key, out (long Since, int Count) seen)
                && time.GetElapsedTime(seen.Since) < Window && seen.Count >= FailuresMax;
        }
    }

    /// <summary>Any thread.</summary>
    public void Count(IPAddress address)
    {
        IPAddress key = KeyOf(address);
        lock (_counting)
        {
            if (_failures.Count >= AddressesMax && !_failures.ContainsKey(key))
            {
                _ = _failures.Remove(_failures.MinBy(entry => entry.Value.Since).Key);
            }

            bool isKnown = _failures.TryGetValue(key, out (long Since, int Count) seen)
                && time.GetElapsedTime(seen.Since) < Window;
            _failures[key] = isKnown ? (seen.Since, seen.Count + 1) : (time.GetTimestamp(), 1);
        }
    }

    private static IPAddress KeyOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }
}
