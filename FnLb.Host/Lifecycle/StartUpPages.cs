using System.Globalization;
using System.Runtime.InteropServices;

namespace FnLb.Host.Lifecycle;

/// <summary>
/// What of the executable and its libraries is resident because the start ran through it: most of it is never touched
/// again, and all of it stays in the kernel's page cache.
/// </summary>
internal static partial class StartUpPages
{
    private const int DontNeed = 4;

    /// <summary>
    /// Takes those pages out of the resident memory; the ones that serving needs come back at a touch, 64 KB each time.
    /// Does nothing where /proc is not to be had.
    /// </summary>
    public static void GiveBack()
    {
        List<(nuint Start, nuint Bytes)> mappings;
        try
        {
            mappings = Unchanged(File.ReadLines("/proc/self/smaps"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }

        foreach ((nuint start, nuint bytes) in mappings)
        {
            // Refused or not, nothing but memory depends on it.
            _ = Advise(start, bytes, DontNeed);
        }
    }

    /// <summary>The mappings that hold nothing but what is in their file, and cannot be written to.</summary>
    /// <param name="smaps">Lines as proc(5) has them in /proc/PID/smaps.</param>
    /// <remarks>
    /// A mapping that was relocated and then made read-only has anonymous pages: given back, they would be lost.
    /// </remarks>
    internal static List<(nuint Start, nuint Bytes)> Unchanged(IEnumerable<string> smaps)
    {
        List<(nuint, nuint)> found = [];
        (nuint Start, nuint Bytes)? candidate = null;
        foreach (string line in smaps)
        {
            if (char.IsAsciiHexDigitLower(line[0]))
            {
                candidate = ReadOnlyFile(line);
            }
            else if (candidate is { } mapping && line.StartsWith("Anonymous:", StringComparison.Ordinal))
            {
                if (line.AsSpan("Anonymous:".Length).Trim() is "0 kB")
                {
                    found.Add(mapping);
                }

                candidate = null;
            }
        }

        return found;
    }

    // "560c1d2b6000-560c1e097000 r-xp 00036000 fe:00 1234   /usr/sbin/fnlb"
    private static (nuint Start, nuint Bytes)? ReadOnlyFile(string line)
    {
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 6 || fields[1] is not ("r-xp" or "r--p") || fields[5][0] != '/')
        {
            return null;
        }

        int dash = fields[0].IndexOf('-', StringComparison.Ordinal);
        nuint start = nuint.Parse(fields[0].AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        nuint end = nuint.Parse(fields[0].AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (start, end - start);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint start, nuint bytes, int advice);
}
