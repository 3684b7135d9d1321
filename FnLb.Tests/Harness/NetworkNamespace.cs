using System.Globalization;

namespace FnLb.Tests.Harness;

/// <summary>A network of its own at the end of a cable that a test can pull.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    private static int _count;

    private readonly string _name;
    private readonly string _outside;

    private NetworkNamespace()
    {
        // 198.18.0.0/15 is set aside for tests of networks (RFC 2544).
        int number = Interlocked.Increment(ref _count);
        int block = ((Environment.ProcessId % 4096) * 8) + (number % 8);
        string prefix = string.Create(CultureInfo.InvariantCulture, $"198.18.{block / 64 % 256}.");
        int start = block % 64 * 4;
        _name = string.Create(CultureInfo.InvariantCulture, $"fnlb{Environment.ProcessId}n{number}");
        _outside = string.Create(CultureInfo.InvariantCulture, $"f{Environment.ProcessId % 1_000_000}n{number}");
        InsideAddress = prefix + (start + 2).ToString(CultureInfo.InvariantCulture);
        string outsideAddress = prefix + (start + 1).ToString(CultureInfo.InvariantCulture);
        Shell.Run("ip", "netns", "add", _name);
        Shell.Run("ip", "link", "add", _outside, "type", "veth", "peer", "name", "eth0", "netns", _name);
        Shell.Run("ip", "address", "add", $"{outsideAddress}/30", "dev", _outside);
        Shell.Run("ip", "link", "set", _outside, "up");
        Shell.Run("ip", "-n", _name, "address", "add", $"{InsideAddress}/30", "dev", "eth0");
        Shell.Run("ip", "-n", _name, "link", "set", "eth0", "up");
    }

    /// <summary>Where a server in it is reached.</summary>
    public string InsideAddress { get; }

    /// <summary>What goes before a command that is to run in it.</summary>
    public string[] Enter => ["ip", "netns", "exec", _name];

    public static NetworkNamespace Create() => new();

    /// <summary>Packets get lost in both directions, and nobody is told.</summary>
    /// <param name="share">Of all, up to 1.</param>
    public void Lose(double share)
    {
        string probability = share.ToString(CultureInfo.InvariantCulture);
        foreach (string chain in (string[])["INPUT", "OUTPUT"])
        {
            Shell.Run([.. Enter, "iptables", "-A", chain, "-m", "statistic", "--mode", "random",
                "--probability", probability, "-j", "DROP"]);
        }
    }

    /// <summary>Whatever is sent into it is lost, while connections are made and end as before.</summary>
    public void LoseRequests() =>
        Shell.Run([.. Enter, "iptables", "-A", "INPUT", "-p", "tcp", "--tcp-flags", "PSH", "PSH", "-j", "DROP"]);

    /// <returns>How many packets were lost.</returns>
    public async Task<long> MendAsync()
    {
        string[] list = [.. Enter, "iptables", "-nvxL"];
        string rules = await Shell.RunAsync(list[0], list[1..]);
        Shell.Run([.. Enter, "iptables", "-F"]);
        return rules.Split('\n').Select(rule => rule.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields is [_, _, "DROP", ..])
            .Sum(fields => long.Parse(fields[0], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        Shell.Run("ip", "link", "del", _outside);
        Shell.Run("ip", "netns", "del", _name);
    }
}
