using FnLb.Host.Lifecycle;
using NUnit.Framework;

namespace FnLb.Tests.Host.Lifecycle;

/// <summary>Only pages that can be read again from their file may be given back.</summary>
public sealed class StartUpPagesTests
{
    private const string Code = "70001000-70003000 r-xp 00036000 fe:00 12   /usr/sbin/fnlb";

    [Test]
    public void Code_and_constants_as_they_are_in_the_file_are_given_back()
    {
        string[] smaps =
        [
            Code, "Rss:  8 kB", "Anonymous:             0 kB", "VmFlags: rd ex mr",
            "70004000-70005000 r--p 00000000 fe:00 12   /usr/sbin/fnlb", "Rss:  4 kB", "Anonymous:       0 kB",
        ];

        Assert.That(
            StartUpPages.Unchanged(smaps),
            Is.EqualTo(new (nuint, nuint)[] { (0x70001000, 0x2000), (0x70004000, 0x1000) }));
    }

    [Test]
    public void What_was_relocated_and_then_made_read_only_stays() =>
        AssertNothing("7f0000004000-7f0000005000 r--p 0 fe:00 12   /usr/sbin/fnlb", "Anonymous:       4 kB");

    [Test]
    public void What_can_be_written_to_stays() =>
        AssertNothing("7f0000004000-7f0000005000 rw-p 0 fe:00 12   /usr/sbin/fnlb", "Anonymous:       0 kB");

    [Test]
    public void Memory_without_a_file_stays() => AssertNothing(
        "7f0000004000-7f0000005000 r--p 0 00:00 0", "Anonymous:       0 kB",
        "7f0000006000-7f0000007000 r-xp 0 00:00 0   [vdso]", "Anonymous:       0 kB");

    [Test]
    public void It_gives_back_in_this_process_too_and_all_goes_on() => Assert.DoesNotThrow(StartUpPages.GiveBack);

    private static void AssertNothing(params string[] smaps) => Assert.That(StartUpPages.Unchanged(smaps), Is.Empty);
}
