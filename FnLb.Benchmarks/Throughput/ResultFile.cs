using System.Text.Json;
using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.Throughput;

/// <summary>The results as JSON: machine, versions, and every round of every row.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(string path, MachineFacts machine, IEnumerable<Peer> peers, IEnumerable<RowResult> rows)
    {
        object document = new
        {
            machine,
            peers = peers.ToDictionary(peer => peer.Name, peer => peer.Version),
            rows = rows.Select(result => new
            {
                result.Row.Name,
                result.Row.Title,
                rounds = result.Peers.ToDictionary(peer => peer, result.Rounds),
            }),
        };
        File.WriteAllText(path, JsonSerializer.Serialize(document, Indented));
    }
}
