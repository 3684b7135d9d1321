using System.Globalization;
using FnLb.Tests.Harness;

namespace FnLb.Tests.Packaging;

/// <summary>The package under test.</summary>
internal static class DebianPackage
{
    private const string Variable = "FNLB_PACKAGE";

    public static bool IsThere => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>The file that FNLB_PACKAGE names.</summary>
    public static string File => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path
        ? path
        : throw new InvalidOperationException($"{Variable} is not set: run ./build.sh test-systemd");

    public static async Task<string> VersionAsync() =>
        (await Shell.RunAsync("dpkg-deb", "--field", File, "Version")).Trim();

    /// <summary>The same package under a higher version.</summary>
    /// <param name="folder">Where it is made.</param>
    public static async Task<string> NewerAsync(string folder)
    {
        string content = Path.Combine(folder, "content");
        string control = Path.Combine(content, "DEBIAN", "control");
        string version = await VersionAsync();
        await Shell.RunAsync("dpkg-deb", "--raw-extract", File, content);
        string text = await System.IO.File.ReadAllTextAsync(control);
        await System.IO.File.WriteAllTextAsync(control, text.Replace(
            string.Create(CultureInfo.InvariantCulture, $"Version: {version}"),
            string.Create(CultureInfo.InvariantCulture, $"Version: {version}.1"), StringComparison.Ordinal));
        string package = Path.Combine(folder, "fnlb.deb");
        await Shell.RunAsync("dpkg-deb", "--root-owner-group", "-Znone", "--build", content, package);
        return package;
    }
}
