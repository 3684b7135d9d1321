using System.Text.Json;
using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.Throughput;

/// <summary>The results as JSON: machine, versions, and every round of every row.</summary>
internal sealed record ContestReport
{
    public required MachineFacts Machine { get; init; }

    /// <summary>Versions by name.</summary>
    public required IReadOnlyDictionary<string, string> Peers { get; init; }

    public required IReadOnlyList<ContestRow> Rows { get; init; }

    public static ContestReport Of(
        MachineFacts machine, IEnumerable<Peer> peers, IEnumerable<RowResult> results) => new()
        {
            Machine = machine,
            Peers = peers.ToDictionary(peer => peer.Name, peer => peer.Version),
            Rows = [.. results.Select(result => new ContestRow(
            result.Row.Name, result.Row.Title, result.Peers.ToDictionary(peer => peer, result.Rounds)))],
        };

    public void Write(string path) =>
        File.WriteAllText(path, JsonSerializer.Serialize(this, ContestJson.Default.ContestReport) + "\n");
}
