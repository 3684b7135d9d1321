using FnLb.Host.CommandLine;
using FnLb.Host.Operator;
using NUnit.Framework;

namespace FnLb.Tests.Host.CommandLine;

public sealed class GeneratedPagesTests
{
    [Test]
    public void The_man_page_has_every_flag_and_no_stray_request()
    {
        string page = ManPage.Text();
        string[] requests = [".TH", ".SH", ".B", ".BR", ".RI", ".RB", ".IR", ".I", ".BI", ".br", ".PP", ".TP"];

        foreach (Option option in OptionTable.All)
        {
            string name = option.Name.Replace("-", "\\-", StringComparison.Ordinal);
            Assert.That(page, Does.Contain($"\n.B \\-{name}"));
        }

        foreach (string flag in AdminFlags.All)
        {
            Assert.That(page, Does.Contain("\\-" + flag.Replace("-", "\\-", StringComparison.Ordinal)));
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

        foreach (string flag in AdminFlags.All)
        {
            Assert.That(script, Does.Match($@"-once [^']*-{flag}\b"), "of the commands that call a balancer");
        }

        Assert.That(script, Does.Match(@"-config\|.*\) COMPREPLY=\(\$\(compgen -f"));
    }
}
