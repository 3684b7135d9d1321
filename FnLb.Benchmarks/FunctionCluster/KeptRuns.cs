using System.Text.Json;
using FnLb.Benchmarks.Simulation;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>What each run came to, a line of JSON for each in a file: a long comparison may stop and go on.</summary>
/// <param name="path">Null to keep nothing.</param>
internal sealed class KeptRuns(string? path)
{
    private readonly Dictionary<string, RunSummary> _runs = Read(path);

    /// <summary>The run of that name, made if it was not kept.</summary>
    public async Task<RunSummary> GetAsync(string name, Func<Task<RunSummary>> make)
    {
        if (_runs.TryGetValue(name, out RunSummary? known))
        {
            return known;
        }

        RunSummary run = await make();
        _runs.Add(name, run);
        if (path is not null)
        {
            string line = JsonSerializer.Serialize(new KeptRun(name, run), KeptRunJson.Default.KeptRun);
            await File.AppendAllTextAsync(path, line + "\n");
        }

        return run;
    }

    public bool Has(string name) => _runs.ContainsKey(name);

    private static Dictionary<string, RunSummary> Read(string? path) => path is null || !File.Exists(path)
        ? []
        : File.ReadLines(path)
            .Select(line => JsonSerializer.Deserialize(line, KeptRunJson.Default.KeptRun)!)
            .ToDictionary(run => run.Name, run => run.Run);
}
