using FnLb.Tests.Harness;

namespace FnLb.Tests.Packaging;

/// <summary>The image in a container, on the network of the tests.</summary>
internal sealed class Container : IDisposable
{
    private const string Variable = "FNLB_IMAGE";

    private readonly string _id;

    private Container(string id) => _id = id;

    /// <summary>Null where there is none to test.</summary>
    public static string? Image => Environment.GetEnvironmentVariable(Variable);

    /// <summary>Starts it with these flags; it can write nowhere, and may do nothing that root may.</summary>
    public static async Task<Container> StartAsync(params string[] flags)
    {
        string output = await PodmanAsync(
            [.. Run("--detach", "--read-only", "--cap-drop=all", "--log-driver=k8s-file"), Image!, .. flags]);
        return new Container(output.Trim());
    }

    /// <summary>Runs one command of the executable to its end.</summary>
    /// <param name="folder">Is /mounted there.</param>
    public static Task<CommandResult> CommandAsync(string folder, params string[] arguments) =>
        TryPodmanAsync([.. Run("--rm", $"--volume={folder}:/mounted:ro"), Image!, .. arguments]);

    /// <param name="format">As podman's inspect takes it.</param>
    public static async Task<string> InspectImageAsync(string format) =>
        (await PodmanAsync("image", "inspect", $"--format={format}", Image!)).Trim();

    public async Task<string> InspectAsync(string format) =>
        (await PodmanAsync("inspect", $"--format={format}", _id)).Trim();

    public Task<string> LogAsync() => PodmanAsync("logs", _id);

    public Task SignalAsync(string name) => PodmanAsync("kill", $"--signal={name}", _id);

    /// <summary>Whether the health check of the image passes.</summary>
    public async Task<bool> IsHealthyAsync() => (await TryPodmanAsync("healthcheck", "run", _id)).Code == 0;

    public void Dispose() => PodmanAsync("rm", "--force", "--time=0", _id).Wait();

    // The limits podman sets by itself are above what an ordinary root may ask for.
    private static string[] Run(params string[] options) =>
        ["run", "--network=host", "--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096", .. options];

    private static Task<string> PodmanAsync(params string[] arguments) => Shell.RunAsync("podman", All(arguments));

    private static Task<CommandResult> TryPodmanAsync(params string[] arguments) =>
        Shell.TryAsync("podman", All(arguments));

    // Without systemd around it; that nobody repeats the health check then is of no concern.
    private static string[] All(string[] arguments) =>
        ["--cgroup-manager=cgroupfs", "--runtime=runc", "--log-level=fatal", .. arguments];
}
