using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace FnLb.Tests.HouseRules;

/// <summary>The unit file, as systemd reads it; left out, and said so, where systemd is not installed.</summary>
public sealed partial class ServiceUnitTests
{
    private const double ExposureMax = 2.0;
    private string _unit = "";

    [SetUp]
    public void Copy_the_unit_with_a_program_that_exists()
    {
        string folder = Directory.CreateTempSubdirectory("fnlb-unit-").FullName;
        _unit = Path.Combine(folder, "fnlb.service");
        string text = File.ReadAllText(Path.Combine(SourceTree.Root, "packaging", "fnlb.service"));
        Assert.That(text, Does.Contain("ExecStart=/usr/bin/fnlb"));
        File.WriteAllText(_unit, text.Replace("/usr/bin/fnlb", "/bin/true", StringComparison.Ordinal));
    }

    [TearDown]
    public void Remove_the_copy() => Directory.Delete(Path.GetDirectoryName(_unit)!, recursive: true);

    [Test]
    public void Systemd_has_nothing_to_say_about_the_unit() =>
        Assert.That(Analyze("verify", "--man=no", _unit), Is.Empty);

    [TestCase("fnlb.socket")]
    [TestCase("fnlb-admin.socket")]
    public void Systemd_has_nothing_to_say_about_the_sockets(string name)
    {
        string socket = Path.Combine(Path.GetDirectoryName(_unit)!, name);
        File.Copy(Path.Combine(SourceTree.Root, "packaging", name), socket);
        Assert.That(Analyze("verify", "--man=no", socket, _unit), Is.Empty);
    }

    [Test]
    public void Systemd_has_nothing_to_say_about_the_drop_ins_of_the_documentation()
    {
        string page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "operations.md"));
        string[] dropIns = [.. DropIn().Matches(page).Select(match => match.Groups["text"].Value)];

        foreach (string dropIn in dropIns)
        {
            File.AppendAllText(_unit, dropIn);
        }

        Assert.That(dropIns, Has.Length.EqualTo(2));
        Assert.That(Analyze("verify", "--man=no", _unit), Is.Empty);
    }

    [Test]
    public void The_unit_has_the_folder_of_the_socket_that_the_documentation_names()
    {
        Assert.That(File.ReadLines(_unit), Has.Some.EqualTo("RuntimeDirectory=fnlb"));
        Assert.That(File.ReadLines(_unit), Has.Some.EqualTo("RuntimeDirectoryMode=0750"));
    }

    [Test]
    public void A_mistake_in_a_unit_is_reported()
    {
        File.AppendAllText(_unit, "NoSuchSetting=yes\n");
        Assert.That(Analyze("verify", "--man=no", _unit), Does.Contain("NoSuchSetting"));
    }

    [Test]
    public void The_unit_is_hardened()
    {
        string report = Analyze("security", "--offline=yes", "--no-pager", _unit);
        Match exposure = Exposure().Match(report);
        Assert.That(exposure.Success, report);
        double level = double.Parse(exposure.Groups["level"].Value, CultureInfo.InvariantCulture);
        Assert.That(level, Is.AtMost(ExposureMax), report);
    }

    [Test]
    public void The_unit_leaves_the_runtime_the_calls_it_starts_with() =>
        Assert.That(File.ReadLines(_unit), Has.None.Matches("^SystemCallFilter=~.*@resources"));

    [Test]
    public void The_unit_restarts_however_often_it_must() =>
        Assert.That(File.ReadLines(_unit), Has.Some.EqualTo("StartLimitIntervalSec=0"));

    // verify ends with 0 whatever it finds, so what counts is what it says.
    private static string Analyze(params string[] arguments)
    {
        ProcessStartInfo start = new("systemd-analyze", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd() + errors.Result;
            process.WaitForExit();
            return output.Trim();
        }
        catch (Win32Exception)
        {
            Assert.Ignore("systemd-analyze is not installed");
            throw;
        }
    }

    [GeneratedRegex("```ini\n(?<text>\\[Service\\]\n[^`]*)```")]
    private static partial Regex DropIn();

    [GeneratedRegex(@"Overall exposure level for fnlb\.service: (?<level>[\d.]+)")]
    private static partial Regex Exposure();
}
