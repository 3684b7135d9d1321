using System.Runtime.CompilerServices;
using System.Text.Json;
using FnLb.Host.Telemetry;

namespace FnLb.Host.Operator;

/// <summary>The snapshots of <c>GET /1/lb/events</c>, one a second.</summary>
internal static class SnapshotStream
{
    private const string SnapshotEvent = "event: snapshot";
    private const string Data = "data: ";

    /// <summary>Ends when the balancer ends the stream.</summary>
    /// <exception cref="HttpRequestException">Nobody answers, or with something else than the stream.</exception>
    /// <exception cref="IOException">The connection was lost.</exception>
    /// <exception cref="JsonException">The balancer is of another version.</exception>
    public static async IAsyncEnumerable<LiveSnapshot> ReadAsync(
        AdminCaller caller, int functions, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using Stream stream = await caller.OpenAsync($"/1/lb/events?functions={functions}", cancellation);
        using StreamReader reader = new(stream);
        bool isSnapshot = false;
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (isSnapshot && line.StartsWith(Data, StringComparison.Ordinal))
            {
                yield return JsonSerializer.Deserialize(line[Data.Length..], TelemetryJson.Bodies.LiveSnapshot)
                    ?? throw new JsonException("a snapshot that is null");
            }

            isSnapshot = line == SnapshotEvent;
        }
    }
}
