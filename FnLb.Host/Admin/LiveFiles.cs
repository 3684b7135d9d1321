using System.Security.Cryptography;
using System.Text;
using FnLb.Host.Lifecycle;

namespace FnLb.Host.Admin;

/// <summary>
/// What is made of the text of some small files, as of a second ago at most. Files that are broken leave what was
/// before.
/// </summary>
/// <remarks>
/// The text is compared, not the times of the files: a secret that Kubernetes mounts changes by the target of a link,
/// and a copy may bring a time that is older than that of the file before. What is parsed is the text that was
/// compared, so a file that could not be read, or was read half written, is tried again as soon as it reads otherwise.
/// </remarks>
internal sealed class LiveFiles<T>
    where T : class
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string[] _paths;
    private readonly Func<IReadOnlyDictionary<string, string>, T> _parse;
    private readonly TimeProvider _time;
    private readonly Lock _looking = new();
    private byte[] _seen;
    private long _lookedAt;
    private T _value;

    /// <param name="parse">Takes the texts by their paths; throws when they are no good.</param>
    /// <exception cref="StartException">The files cannot be used; the message says why.</exception>
    public LiveFiles(
        IEnumerable<string> paths, Func<IReadOnlyDictionary<string, string>, T> parse, TimeProvider time)
    {
        _paths = [.. paths];
        _parse = parse;
        _time = time;
        _lookedAt = time.GetTimestamp();
        (_seen, T? value, string? error) = Look(unlessSeen: []);
        _value = value ?? throw new StartException(error!);
    }

    /// <summary>Told of what holds from here on. Within the lock: must not ask for it again.</summary>
    public Action<T> Taken { get; init; } = _ => { };

    /// <summary>Told why files that have changed are not taken.</summary>
    public Action<string> Refused { get; init; } = _ => { };

    /// <summary>Any thread.</summary>
    public T Current()
    {
        lock (_looking)
        {
            if (_time.GetElapsedTime(_lookedAt) >= Interval)
            {
                TakeChange();
            }

            return _value;
        }
    }

    /// <summary>Looks at once, however long ago the last look was. Any thread.</summary>
    public void LookNow()
    {
        lock (_looking)
        {
            TakeChange();
        }
    }

    private void TakeChange()
    {
        _lookedAt = _time.GetTimestamp();
        (_seen, T? value, string? error) = Look(_seen);
        if (value is not null)
        {
            _value = value;
            Taken(value);
        }
        else if (error is not null)
        {
            Refused(error);
        }
    }

    // Editors put the mark of UTF-8 before the text; it would be part of the first token.
    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(
        bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);

    // Neither value nor error when the files read as before.
    private (byte[] Seen, T? Value, string? Error) Look(byte[] unlessSeen)
    {
        byte[] seen = [];
        try
        {
            Dictionary<string, string> texts = [];
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (string path in _paths)
            {
                byte[] bytes = File.ReadAllBytes(path);
                texts[path] = Text(bytes);
                hash.AppendData(SHA256.HashData(bytes));
            }

            seen = hash.GetHashAndReset();
            return seen.AsSpan().SequenceEqual(unlessSeen) ? (seen, null, null) : (seen, _parse(texts), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException
            or CryptographicException)
        {
            // A failure is told once, not each second.
            seen = seen.Length > 0 ? seen : Encoding.UTF8.GetBytes(e.Message);
            return (seen, null, seen.AsSpan().SequenceEqual(unlessSeen) ? null : e.Message);
        }
    }
}
