using System.Runtime.InteropServices;
using FnLb.Core.Telemetry;
using FnLb.Host.Lifecycle;
using Microsoft.Win32.SafeHandles;

namespace FnLb.Host.Telemetry;

/// <summary>Writes the access log on a thread of its own; SIGHUP has it open the file anew, so that it can be
/// rotated.</summary>
internal sealed class AccessLogFile : IAsyncDisposable
{
    private const string StandardOutput = "-";

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(3);

    private readonly string _path;
    private readonly AccessLogChannel _queue;
    private readonly ILogger _logger;
    private readonly PosixSignalRegistration _reopening;
    private readonly Thread _writer;
    private SafeFileHandle _file;
    private volatile bool _isReopenDue;

    // Lines of the chunk that is being written; whoever takes the number counts them.
    private int _linesUnderWay;
    private bool _isFailing;
    private bool _isReopenFailing;

    private AccessLogFile(string path, AccessLogChannel queue, ILogger logger)
    {
        _path = path;
        _queue = queue;
        _logger = logger;
        _file = Open(path);
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
        catch (IOException e)
        {
            throw new StartException($"-access-log \"{path}\": {e.Message}", e);
        }
    }

    /// <summary>Writes what was handed over, as far as that goes within seconds; no more may be.</summary>
    /// <remarks>Whoever reads a pipe, and a disk that is not there, may hold up a write for ever: that thread is left
    /// behind then, with its file.</remarks>
    public ValueTask DisposeAsync()
    {
        _reopening.Dispose();
        _queue.Complete();
        if (!_writer.Join(EndLimit))
        {
            int underWay = Interlocked.Exchange(ref _linesUnderWay, 0);
            _queue.CountDropped(underWay);
            TelemetryLog.AccessLogStuck(_logger, _path, underWay + _queue.Abandon());
        }

        // By the writer if it has ended, else once its write has: nothing here waits for that.
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SafeFileHandle Open(string path) =>
        path == StandardOutput ? AppendedFile.StandardOutput() : AppendedFile.Open(path);

    private void WriteAll()
    {
        while (_queue.Take(out AccessLogChunk chunk))
        {
            Write(chunk);
            _queue.Return(chunk.Bytes);
        }

        // Here as well: a file system may write only now, and take its time.
        _file.Dispose();
    }

    private void Write(in AccessLogChunk chunk)
    {
        Volatile.Write(ref _linesUnderWay, chunk.Lines);
        if (_isReopenDue)
        {
            Reopen();
        }

        try
        {
            AppendedFile.Write(_file, chunk.Bytes.AsSpan(0, chunk.Length));
            _queue.CountWritten(Interlocked.Exchange(ref _linesUnderWay, 0));
            _isFailing = false;
        }
        catch (IOException e)
        {
            _queue.CountDropped(Interlocked.Exchange(ref _linesUnderWay, 0));
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
            SafeFileHandle before = _file;
            _file = Open(_path);
            before.Dispose();
            _isReopenFailing = false;
        }
        catch (IOException e)
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
