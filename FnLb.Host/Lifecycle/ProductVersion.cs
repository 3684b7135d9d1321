using System.Reflection;

namespace FnLb.Host.Lifecycle;

/// <summary>The version of this executable; after a plus sign the commit, where the build knew it.</summary>
internal static class ProductVersion
{
    private const int CommitCharsShown = 8;

    public static string Text { get; } = Shorten(typeof(ProductVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    private static string Shorten(string version)
    {
        int plus = version.IndexOf('+');
        return plus < 0 ? version : version[..Math.Min(version.Length, plus + 1 + CommitCharsShown)];
    }
}
