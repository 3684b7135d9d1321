using FnLb.Host.CommandLine;
using NUnit.Framework;

namespace FnLb.Tests.Host.CommandLine;

public sealed class GeneratedPagesTests
{
    [Test]
    public void The_man_page_has_every_flag_and_no_stray_request()
    {
        string page = ManPage.Text();
        string[] requests = [".TH", ".SH", ".B", ".BR", ".RI", ".RB", ".IR", ".I", ".br", ".PP", ".TP"];

        foreach (Option option in OptionTable.All)
        {
            string name = option.Name.Replace("-", "\\-", StringComparison.Ordinal);
            Assert.That(page, Does.Contain($"\n.B \\-{name}"));
        }

        Assert.That(
            page.Split('\n').Where(line => line.StartsWith('.')).Select(line => line.Split(' ')[0]).Distinct(),
            Is.SubsetOf(requests));
    }

    [Test]
    public void The_completion_has_every_flag_and_files_where_a_file_is_asked_for()
    {
        string script = BashCompletion.Text();

        foreach (Option option in OptionTable.All)
        {
            Assert.That(script, Does.Match($@"[ '|]-{option.Name}[ ')|]"));
        }

        Assert.That(script, Does.Match(@"-config\|.*\) COMPREPLY=\(\$\(compgen -f"));
    }
}
