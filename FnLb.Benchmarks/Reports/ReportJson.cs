using System.Text.Json.Serialization;
using FnLb.Benchmarks.Drive;

namespace FnLb.Benchmarks.Reports;

/// <summary>
/// How results are written as JSON, and charts into pages: without reflection, which native code lacks.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<ReportChart>))]
[JsonSerializable(typeof(DriveReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
