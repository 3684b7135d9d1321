using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace FnLb.Tests.Harness;

/// <summary>A network with nothing in it but loopback, whose settings a test may change.</summary>
internal static partial class OwnNetwork
{
    private const int NewNetwork = 0x40000000;

    /// <summary>
    /// Runs a test on a thread with a network of its own, which sockets and threads that it creates are in too.
    /// </summary>
    public static void Run(Action test)
    {
        Assume.That(Environment.IsPrivilegedProcess, "networks are for root alone");
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Assert.That(Unshare(NewNetwork), Is.Zero, "a network of its own");
                Shell.Run("ip", "link", "set", "lo", "up");
                test();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>From here on a connection to one place can have one of so many ports.</summary>
    public static void LimitPorts(int count) =>
        File.WriteAllText("/proc/sys/net/ipv4/ip_local_port_range", $"50000 {50000 + count - 1}");

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);
}
