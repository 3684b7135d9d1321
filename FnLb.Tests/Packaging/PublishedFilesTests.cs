using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using FnLb.Tests.Harness;
using FnLb.Tests.HouseRules;
using NUnit.Framework;

namespace FnLb.Tests.Packaging;

/// <summary>What <c>./build.sh publish</c> leaves: the executable, its bill of materials and the checksums.</summary>
public sealed class PublishedFilesTests
{
    private const int TypeOffset = 16;
    private const int TypeDynamic = 3;

    // For another kind of processor, when they were made as well.
    private static readonly string[] CrossCompiled = ["fnlb-linux-arm64", "sbom-linux-arm64.cdx.json"];

    private static string Folder => Path.GetDirectoryName(FnlbExecutable.Path)!;

    [Test]
    public void The_executable_can_be_placed_at_any_address()
    {
        byte[] head = new byte[TypeOffset + 2];
        using FileStream file = File.OpenRead(FnlbExecutable.Path);
        file.ReadExactly(head);

        Assert.That(head.AsSpan(0, 4).SequenceEqual("\u007fELF"u8), Is.True);
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(TypeOffset)), Is.EqualTo(TypeDynamic));
    }

    [Test]
    public void The_checksums_are_those_of_every_file_that_is_delivered()
    {
        Dictionary<string, string> sums = File.ReadLines(Path.Combine(Folder, "SHA256SUMS"))
            .Select(line => line.Split("  ")).ToDictionary(pair => pair[1], pair => pair[0]);

        string[] more = [.. CrossCompiled.Where(name => File.Exists(Path.Combine(Folder, name)))];
        Assert.That(sums.Keys, Is.EquivalentTo((string[])["fnlb", "fnlb-bench", "sbom.cdx.json", .. more]));
        foreach ((string name, string sum) in sums)
        {
            byte[] hash = SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, name)));
            Assert.That(sum, Is.EqualTo(Convert.ToHexStringLower(hash)), name);
        }
    }

    [Test]
    public void The_bill_of_materials_has_each_part_with_its_version_and_licence_and_no_tool()
    {
        using var bill = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "sbom.cdx.json")));
        JsonElement[] parts = [.. bill.RootElement.GetProperty("components").EnumerateArray()];
        string[] names = [.. parts.Select(part => part.GetProperty("name").GetString()!)];

        Assert.That(names, Is.SupersetOf(new[]
        {
            "Microsoft.Data.Sqlite.Core", "MySqlConnector", "Npgsql", "Spectre.Console", "SQLitePCLRaw.core", "sqlite3",
            "uplot", "zlib-ng",
        }));
        Assert.That(names, Has.None.Contains("ILCompiler").And.None.Contains("ILLink").And.None.EqualTo("SQLite"));
        foreach (JsonElement part in parts)
        {
            JsonElement license = part.GetProperty("licenses")[0].GetProperty("license").GetProperty("id");
            string url = part.GetProperty("purl").GetString()!;
            Assert.That(license.GetString(), Is.Not.Empty, url);
            Assert.That(part.GetProperty("version").GetString(), Does.Match(@"^\d+\."), url);
            bool isPackage = url.StartsWith("pkg:nuget/", StringComparison.Ordinal);
            Assert.That(part.TryGetProperty("hashes", out _), Is.EqualTo(isPackage), url);
        }
    }

    [TestCase("MySqlConnector")]
    [TestCase("Npgsql")]
    [TestCase("Spectre.Console")]
    [TestCase("SQLitePCLRaw")]
    [TestCase("SQLite:")]
    [TestCase("uPlot")]
    [TestCase("zlib-ng")]
    public void The_copyright_of_the_package_names_whose_code_is_in_it(string part)
    {
        string text = File.ReadAllText(Path.Combine(SourceTree.Root, "packaging", "deb", "copyright"));
        Assert.That(text, Does.Contain($"\n {part}"));
    }
}
