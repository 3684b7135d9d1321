using System.Runtime.InteropServices;
using FnLb.Core.Telemetry;
using FnLb.Host.Lifecycle;

namespace FnLb.Host.Telemetry;

/// <summary>Writes the access log on a thread of its own; SIGHUP has it open the file anew, so that it can be
/// rotated.</summary>
internal sealed class AccessLogFile : IAsyncDisposable
{
    private const string StandardOutput = "-";

    private readonly string _path;
    private readonly AccessLogChannel _queue;
    private readonly ILogger _logger;
    private readonly PosixSignalRegistration _reopening;
    private readonly Thread _writer;
    private Stream _stream;
    private volatile bool _isReopenDue;
    private bool _isFailing;
    private bool _isReopenFailing;

    private AccessLogFile(string path, AccessLogChannel queue, ILogger logger)
    {
        _path = path;
        _queue = queue;
        _logger = logger;
        _stream = Open(path);
        _writer = new Thread(WriteAll, maxStackSize: 256 * 1024) { Name = "access log", IsBackground = true };
        _reopening = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _isReopenDue = true;
        });
    }

    /// <param name="path">A file that lines are added to, or "-" for standard output.</param>
    /// <exception cref="StartException">It cannot be opened.</exception>
    public static AccessLogFile Start(string path, AccessLogChannel queue, ILogger logger)
    {
        try
        {
            AccessLogFile file = new(path, queue, logger);
            file._writer.Start();
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"-access-log \"{path}\": {e.Message}", e);
        }
    }

    /// <summary>Writes what was handed over; no more may be.</summary>
    public async ValueTask DisposeAsync()
    {
        _reopening.Dispose();
        _queue.Complete();
        _writer.Join();
        await _stream.DisposeAsync();
    }

    private static Stream Open(string path) =>
        path == StandardOutput ? Console.OpenStandardOutput() : AppendedFile.Open(path);

    private void WriteAll()
    {
        while (_queue.Take(out AccessLogChunk chunk))
        {
            Write(chunk);
            _queue.Return(chunk.Bytes);
        }
    }

    private void Write(in AccessLogChunk chunk)
    {
        if (_isReopenDue)
        {
            Reopen();
        }

        try
        {
            _stream.Write(chunk.Bytes.AsSpan(0, chunk.Length));
            _queue.CountWritten(chunk.Lines);
            _isFailing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _queue.CountDropped(chunk.Lines);
            if (!_isFailing)
            {
                _isFailing = true;
                TelemetryLog.AccessLogFailed(_logger, _path, e.Message);
            }
        }
    }

    // Where that fails lines go on to the file that is open, and the next chunk tries again.
    private void Reopen()
    {
        // Before it is done: another signal may come meanwhile.
        _isReopenDue = false;
        try
        {
            Stream before = _stream;
            _stream = Open(_path);
            before.Dispose();
            _isReopenFailing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _isReopenDue = true;
            if (!_isReopenFailing)
            {
                _isReopenFailing = true;
                TelemetryLog.AccessLogNotReopened(_logger, _path, e.Message);
            }
        }
    }
}
