using FnLb.Host.CommandLine;
using NUnit.Framework;

namespace FnLb.Tests.Host.CommandLine;

public sealed class UsageTests
{
    private const string Begin = "<!-- flags:begin -->\n";
    private const string End = "<!-- flags:end -->";

    [Test]
    public void The_table_of_the_README_is_that_of_the_options()
    {
        string readme = File.ReadAllText(Path.Combine(RepositoryRoot(), "README.md"));

        string table = readme.Split(Begin)[1].Split(End)[0];

        string expected = Usage.ForReadme().Trim();
        Assert.That(table.Trim(), Is.EqualTo(expected), $"between the marks of README.md belongs:\n{expected}\n");
    }

    [Test]
    public void The_usage_names_every_flag_with_its_default_and_its_variable()
    {
        string usage = Usage.ForTerminal();

        foreach (Option option in OptionTable.All)
        {
            Assert.That(usage, Does.Contain($"\n  -{option.Name}"));
            Assert.That(usage, Does.Contain(option.Variable ?? option.Name));
        }

        Assert.That(usage, Does.Contain("default :8081; FNLB_LISTEN\n"));
    }

    [Test]
    public void No_two_flags_share_a_name_or_a_variable()
    {
        Assert.That(OptionTable.All.Select(option => option.Name), Is.Unique);
        Assert.That(OptionTable.All.Select(option => option.Variable).OfType<string>(), Is.Unique);
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FnLb.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("the folder of FnLb.slnx");
    }
}
