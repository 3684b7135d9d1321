namespace FnLb.Core.Transport;

/// <summary>How many files and sockets this process may have open.</summary>
public static unsafe class DescriptorLimit
{
    private const int ResourceOpenFiles = 7;

    /// <summary>Raises the soft limit as far as the hard one allows.</summary>
    /// <returns>The limit that holds now; at most <see cref="int.MaxValue"/>.</returns>
    public static int Raise()
    {
        ulong* limit = stackalloc ulong[2];
        if (LibC.GetResourceLimit(ResourceOpenFiles, limit) < 0)
        {
            return 1024;
        }

        ulong before = limit[0];
        limit[0] = limit[1];
        bool isRaised = LibC.SetResourceLimit(ResourceOpenFiles, limit) == 0;
        return (int)Math.Min(isRaised ? limit[1] : before, int.MaxValue);
    }
}
