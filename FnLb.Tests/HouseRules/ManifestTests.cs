using System.Text.RegularExpressions;
using FnLb.Host.CommandLine;
using NUnit.Framework;

namespace FnLb.Tests.HouseRules;

/// <summary>The manifests for Kubernetes, as far as they can be held against the program without a cluster.</summary>
public sealed partial class ManifestTests
{
    private static readonly string[] CurrentVersions =
    [
        "v1", "apps/v1", "policy/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1",
    ];

    private static string All => string.Join('\n', Directory.GetFiles(
        Path.Combine(SourceTree.Root, "packaging", "kubernetes"), "*.yaml").Select(File.ReadAllText));

    [Test]
    public void The_settings_are_options_of_the_program_with_values_that_it_takes()
    {
        Dictionary<string, string> settings = Setting().Matches(All)
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);

        ParsedOptions parsed = OptionParser.Parse([], settings.GetValueOrDefault);

        Assert.That(parsed.Errors, Is.Empty);
        Assert.That(settings.Keys, Is.SubsetOf(OptionTable.All.Select(option => option.Variable)));
        Assert.That(parsed.Options.Store, Is.TypeOf<KubernetesLocation>());
        Assert.That(parsed.Options.DrainDelay.TotalSeconds, Is.GreaterThanOrEqualTo(10), "endpoints change slowly");
        Assert.That(
            (parsed.Options.DrainDelay + parsed.Options.ShutdownTimeout).TotalSeconds,
            Is.LessThan(Seconds("terminationGracePeriodSeconds")));
    }

    [Test]
    public void Versions_of_the_API_are_current_and_probes_ask_what_the_program_answers()
    {
        Assert.That(Values("apiVersion").Distinct(), Is.Not.Empty.And.SubsetOf(CurrentVersions));
        Assert.That(Values("path"), Is.EquivalentTo((string[])["/livez", "/livez", "/readyz"]));
        Assert.That(Values("image").Single(), Does.StartWith("fnlb:"));
    }

    private static string[] Values(string key) =>
        [.. Regex.Matches(All, $@"^\s*{key}: (?<value>\S+)$", RegexOptions.Multiline)
            .Select(match => match.Groups["value"].Value)];

    private static double Seconds(string key) => double.Parse(
        Values(key).Single(), System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("""- name: (?<name>FNLB_\w+)\n\s+value: "?(?<value>[^"\n]+)"?""")]
    private static partial Regex Setting();
}
