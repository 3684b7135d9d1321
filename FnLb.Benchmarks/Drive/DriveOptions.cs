using System.Globalization;
using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.Drive;

/// <summary>What <c>fnlb-bench drive</c> was asked for.</summary>
internal sealed record DriveOptions
{
    public const string Usage = """
        usage: fnlb-bench drive [ARGUMENT]... URL...

        Sends HTTP/1.1 calls and tells how long they took. Without --rate each connection sends its next call as the
        last one ends (closed loop). With --rate calls are due at fixed times, and a latency counts from then, also when
        no connection was free: a server that stands still shows in every call it kept waiting (open loop).

          -c, --connections LIST  connections, 1 to 100000 (default 64); several are steps, one after the other
          -R, --rate LIST         calls a second, over all connections; several are steps: 1000,2000,5000
              --arrivals KIND     constant gaps (default), or poisson: as independent users call
          -d, --duration TIME     of each step (default 10s)
              --warm-up TIME      load before each step that is not counted (default 1s)
          -t, --threads N         of the generator (default 1)
          -m, --method METHOD     default GET
          -H, --header LINE       a further field, "Name: value"; may be given again
              --body-size BYTES   of each request, as 1024, 4k or 1m (default 0)
              --body FILE         what to send instead
              --path PATH         in place of the URL's path; {n} stands for the number of the route
              --routes N          routes 1 to N, each call to one of them (default 1)
              --zipf EXPONENT     route k is called in proportion to 1/k^EXPONENT (default 0: all alike)
              --pipeline N        requests in one write, in a closed loop (default 1)
              --no-keepalive      a connection for each call
              --timeout TIME      for one call (default 10s)
              --seed N            of what is drawn (default 1)
              --json FILE         write every figure there
              --html FILE         write a page with charts there, which needs no other file
              --busy              never sleep between calls: no timer can be late, one processor a thread is full
              --quiet             no progress bar

        Several URLs take turns over the connections; there must be as many. A signal ends the run, with a report of
        what was measured so far. Exit code: 0; 1 when a call had no answer, another status than 2xx, or was never sent;
        2 for wrong arguments; 128 and the number of the signal.
        """;

    public static readonly string[] Switches = ["h", "help", "no-keepalive", "busy", "quiet"];

    private const int BodyBytesMax = 64 * 1024 * 1024;
    private const int PipelinedMax = 64;
    private static readonly TimeSpan TimeMax = TimeSpan.FromHours(24);

    public IReadOnlyList<Uri> Urls { get; init; } = [];

    public IReadOnlyList<int> Connections { get; init; } = [64];

    /// <summary>Empty for a closed loop.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [];

    public ArrivalKind Arrivals { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public int Threads { get; init; } = 1;

    public string Method { get; init; } = "GET";

    public IReadOnlyList<string> Fields { get; init; } = [];

    public int BodyBytes { get; init; }

    public string? BodyPath { get; init; }

    public string? Path { get; init; }

    public int Routes { get; init; } = 1;

    public double ZipfExponent { get; init; }

    public int Pipelined { get; init; } = 1;

    public bool KeepsAlive { get; init; } = true;

    public int Seed { get; init; } = 1;

    public string? JsonPath { get; init; }

    public string? HtmlPath { get; init; }

    public bool IsBusy { get; init; }

    public bool IsQuiet { get; init; }

    public bool ShowsHelp { get; init; }

    /// <summary>Each number of connections with each rate.</summary>
    public IEnumerable<DriveStep> Steps => Connections.SelectMany(connections => Rates.Count == 0
        ? [new DriveStep(connections, null)]
        : Rates.Select(rate => new DriveStep(connections, rate)));

    /// <summary>What does not go together; null when all does.</summary>
    public string? Conflict => this switch
    {
        { Urls.Count: 0 } => "a URL is needed: http://HOST[:PORT][/PATH]",
        _ when Urls.Any(url => url.Scheme != "http") => "URLs are http:// ones: there is no TLS here",
        { Routes: > 1 } when !Urls.All(HasRoutePlace) => "--routes: the path has no {n} for the number of the route",
        { Pipelined: > 1, Rates.Count: > 0 } => "--pipeline is for a closed loop, --rate for an open one",
        { Pipelined: > 1, BodyBytes: > 1024 } => "--pipeline takes bodies of at most 1024 bytes",
        { Pipelined: > 1, BodyPath: not null } => "--pipeline takes --body-size, not --body",
        _ when Connections.Any(connections => connections < Threads) => "--connections is below --threads",
        _ when Connections.Any(connections => connections < Urls.Count) => "--connections is below the number of URLs",
        { Duration.Ticks: 0 } => "--duration must be above 0",
        _ => null,
    };

    public DriveOptions? With(string name, string value) => name switch
    {
        "h" or "help" => this with { ShowsHelp = true },
        "no-keepalive" => this with { KeepsAlive = false },
        "busy" => this with { IsBusy = true },
        "quiet" => this with { IsQuiet = true },
        "c" or "connections" when Numbers(value, 1, 100_000) is double[] list && list.All(double.IsInteger) =>
            this with { Connections = [.. list.Select(number => (int)number)] },
        "R" or "rate" when Numbers(value, 0.01, 10_000_000) is double[] list => this with { Rates = list },
        "arrivals" when value is "constant" or "poisson" =>
            this with { Arrivals = value == "poisson" ? ArrivalKind.Poisson : ArrivalKind.Constant },
        "d" or "duration" when ArgumentReader.IsDuration(value, TimeMax, out TimeSpan time) =>
            this with { Duration = time },
        "warm-up" when ArgumentReader.IsDuration(value, TimeMax, out TimeSpan time) => this with { WarmUp = time },
        "timeout" when ArgumentReader.IsDuration(value, TimeMax, out TimeSpan time) && time > TimeSpan.Zero =>
            this with { Timeout = time },
        "t" or "threads" when ArgumentReader.IsWithin(value, 1, 1024, out int number) =>
            this with { Threads = number },
        "m" or "method" when value.Length > 0 && value.All(char.IsAsciiLetter) => this with { Method = value },
        "H" or "header" when value.IndexOf(':') > 0 && !value.Any(IsControl) =>
            this with { Fields = [.. Fields, value] },
        "body-size" when ArgumentReader.IsBytes(value, BodyBytesMax, out int bytes) => this with { BodyBytes = bytes },
        "body" when File.Exists(value) => this with { BodyPath = value },
        "path" when value.StartsWith('/') && value.All(letter => letter is > ' ' and <= '~') =>
            this with { Path = value },
        "routes" when ArgumentReader.IsWithin(value, 1, 10_000_000, out int number) => this with { Routes = number },
        "zipf" when Numbers(value, 0, 10) is [double exponent] => this with { ZipfExponent = exponent },
        "pipeline" when ArgumentReader.IsWithin(value, 1, PipelinedMax, out int number) =>
            this with { Pipelined = number },
        "seed" when ArgumentReader.IsWithin(value, 0, int.MaxValue - 1024, out int number) =>
            this with { Seed = number },
        "json" when value.Length > 0 => this with { JsonPath = value },
        "html" when value.Length > 0 => this with { HtmlPath = value },
        _ => null,
    };

    /// <summary>The path and query of calls to a URL, with the place of the route number as it was written.</summary>
    public string PathOf(Uri url) => Path
        ?? url.PathAndQuery.Replace("%7Bn%7D", RequestTemplate.RoutePlace, StringComparison.OrdinalIgnoreCase);

    // Of these only a tab may be within a field (RFC 9110 section 5.5).
    private static bool IsControl(char letter) => char.IsControl(letter) && letter != '\t';

    private bool HasRoutePlace(Uri url) => PathOf(url).Contains(RequestTemplate.RoutePlace, StringComparison.Ordinal);

    private static double[]? Numbers(string list, double min, double max)
    {
        List<double> numbers = [];
        foreach (string part in list.Split(','))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                || !(number >= min && number <= max))
            {
                return null;
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }
}
