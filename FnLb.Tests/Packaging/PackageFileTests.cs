using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Packaging;

/// <summary>The package as a file.</summary>
public sealed class PackageFileTests
{
    [Test]
    public async Task Lintian_has_neither_an_error_nor_a_warning()
    {
        if (!DebianPackage.IsThere)
        {
            Assert.Ignore("needs the package: ./build.sh test-systemd");
        }

        CommandResult result = await Shell.TryAsync("lintian", "--allow-root", "--no-cfg", DebianPackage.File);

        Assert.That(result.Output, Is.Empty);
    }
}
