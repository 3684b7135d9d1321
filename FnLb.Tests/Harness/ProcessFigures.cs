using System.Globalization;

namespace FnLb.Tests.Harness;

/// <summary>What a process takes of the machine, as proc(5) has it.</summary>
internal readonly record struct ProcessFigures(int Id)
{
    /// <summary>Resident memory in bytes (VmRSS).</summary>
    public long ResidentBytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{Id}/status")
                .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            string[] parts = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            return long.Parse(parts[1], CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>Open descriptors, without the assemblies of a build that compiles as it runs.</summary>
    public int Descriptors => Directory.GetFiles($"/proc/{Id}/fd").Count(IsNoAssembly);

    public int Threads => Directory.GetDirectories($"/proc/{Id}/task").Length;

    private static bool IsNoAssembly(string descriptor) =>
        Path.GetExtension(new FileInfo(descriptor).LinkTarget) is not (".dll" or ".pdb");
}
