namespace FnLb.Host.Admin;

/// <summary>Tells when one of some files has been written to; looks at most once a second.</summary>
/// <remarks>Not for several threads at once: who asks holds a lock for what was read from the files.</remarks>
internal sealed class FileLook
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IEnumerable<string> _paths;
    private readonly TimeProvider _time;
    private DateTime _writtenAt;
    private long _lookedAt;

    public FileLook(IEnumerable<string> paths, TimeProvider time)
    {
        _paths = paths;
        _time = time;
        _writtenAt = WrittenAt();
        _lookedAt = time.GetTimestamp();
    }

    /// <returns>Whether the files have changed since the last time this was so.</returns>
    public bool FindsChange()
    {
        if (_time.GetElapsedTime(_lookedAt) < Interval)
        {
            return false;
        }

        _lookedAt = _time.GetTimestamp();
        DateTime before = _writtenAt;
        _writtenAt = WrittenAt();
        return _writtenAt != before;
    }

    private DateTime WrittenAt() => _paths.Max(File.GetLastWriteTimeUtc);
}
