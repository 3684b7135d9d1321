using System.Globalization;

namespace FnLb.Tests.Harness;

/// <summary>A control group with so much memory: a process in it that takes more is killed.</summary>
internal sealed class MemoryLimit : IDisposable
{
    private const string Version1 = "/sys/fs/cgroup/memory";
    private const string Version2 = "/sys/fs/cgroup";

    private readonly string _group;

    private MemoryLimit(long bytes)
    {
        bool isFirst = Directory.Exists(Version1);
        _group = Path.Combine(isFirst ? Version1 : Version2, $"fnlb-test-{Environment.ProcessId}");
        Directory.CreateDirectory(_group);
        string limit = bytes.ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(Path.Combine(_group, isFirst ? "memory.limit_in_bytes" : "memory.max"), limit);
    }

    public static MemoryLimit Of(long bytes) => new(bytes);

    /// <summary>A shell script that puts its process in and becomes the command in its arguments.</summary>
    public string Enter => $"echo $$ > {_group}/cgroup.procs; exec \"$@\"";

    public void Dispose() => Directory.Delete(_group);
}
