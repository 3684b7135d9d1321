using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FnLb.Tests.Harness;

/// <summary>A logger that keeps its lines for a test to read.</summary>
internal sealed class RecordedLog : ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>Level, id and message of each line so far: <c>Warning 4000 A row …</c>.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)}");
}
