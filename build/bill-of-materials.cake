// What the executable is made of, in CycloneDX 1.6: an entry for each part that ends up in the file, with the licence
// and, where it came as a package, the digest of that. Tools that only took part in the build are not in it.
#nullable enable
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

void WriteBillOfMaterials(string executable, string runtimeIdentifier, string sqlite, string file)
{
    using JsonDocument assets = JsonDocument.Parse(System.IO.File.ReadAllText("FnLb.Host/obj/project.assets.json"));
    string packageFolder = assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
    string packVersion = XDocument.Load("Directory.Packages.props").Descendants("DotnetPackVersion").Single().Value;
    IEnumerable<string> compiled = assets.RootElement.GetProperty("targets")
        .GetProperty($"net10.0/{runtimeIdentifier}").EnumerateObject()
        .Where(library => library.Value.GetProperty("type").GetString() == "package" && HasCode(library.Value))
        .Select(library => library.Name)
        .Append($"Microsoft.NETCore.App.Runtime.NativeAOT.{runtimeIdentifier}/{packVersion}")
        .Append($"Microsoft.AspNetCore.App.Runtime.{runtimeIdentifier}/{packVersion}");
    JsonArray components =
        [.. compiled.Order(StringComparer.Ordinal).Select(package => NuGetComponent(packageFolder, package))];

    components.Add(Component("sqlite3", sqlite, "blessing", $"pkg:deb/debian/libsqlite3-dev@{sqlite}"));
    // The runtime brings it as an archive, which tells the version; whether the linker took it shows in the file only.
    if (Text(executable).Contains(" inflate 1."))
    {
        string archive = $"{packageFolder}/microsoft.netcore.app.runtime.nativeaot.{runtimeIdentifier}/{packVersion}"
            + $"/runtimes/{runtimeIdentifier}/native/libz.a";
        string zlib = Regex.Match(Text(archive), @"zlib-ng (?<version>\d[\d.]*)").Groups["version"].Value;
        components.Add(Component("zlib-ng", zlib, "Zlib", $"pkg:github/zlib-ng/zlib-ng@{zlib}"));
    }

    string chart = Regex.Match(
        Text("FnLb.Host/Dashboard/assets/vendor/uPlot.iife.min.js"),
        @"uPlot \(v(?<version>[\d.]+)\)").Groups["version"].Value;
    components.Add(Component("uplot", chart, "MIT", $"pkg:npm/uplot@{chart}"));

    JsonObject made = Component("fnlb", Version(), "Apache-2.0", $"pkg:generic/fnlb@{Version()}");
    made["type"] = "application";
    made["hashes"] = Hashes("SHA-256", System.Security.Cryptography.SHA256.HashData(
        System.IO.File.ReadAllBytes(executable)));
    JsonObject document = new()
    {
        ["bomFormat"] = "CycloneDX",
        ["specVersion"] = "1.6",
        ["version"] = 1,
        ["metadata"] = new JsonObject { ["component"] = made },
        ["components"] = components,
    };
    JsonSerializerOptions readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    System.IO.File.WriteAllText(file, document.ToJsonString(readable) + "\n");
}

string InstalledSqliteVersion() =>
    RunAndRead("dpkg-query", "--show", "--showformat=${Version}\n", "libsqlite3-dev").Split('\n')[0];

string Text(string file) => System.IO.File.ReadAllText(file, System.Text.Encoding.Latin1);

// A package without an assembly only leads to others; a file named _._ stands for none.
bool HasCode(JsonElement library) => library.TryGetProperty("runtime", out JsonElement runtime)
    && runtime.EnumerateObject().Any(assembly => !assembly.Name.EndsWith("/_._"));

JsonObject NuGetComponent(string packageFolder, string package)
{
    string[] pair = package.Split('/');
    string lower = pair[0].ToLowerInvariant();
    string folder = $"{packageFolder}/{lower}/{pair[1]}";
    string license = XDocument.Load($"{folder}/{lower}.nuspec").Descendants()
        .Single(element => element.Name.LocalName == "license").Value;
    JsonObject component = Component(pair[0], pair[1], license, $"pkg:nuget/{pair[0]}@{pair[1]}");
    component["hashes"] = Hashes(
        "SHA-512", Convert.FromBase64String(System.IO.File.ReadAllText($"{folder}/{lower}.{pair[1]}.nupkg.sha512")));
    return component;
}

JsonObject Component(string name, string version, string license, string url) => new()
{
    ["type"] = "library",
    ["name"] = name,
    ["version"] = version,
    ["licenses"] = new JsonArray(new JsonObject { ["license"] = new JsonObject { ["id"] = license } }),
    ["purl"] = url,
};

JsonArray Hashes(string algorithm, byte[] hash) =>
    [new JsonObject { ["alg"] = algorithm, ["content"] = Convert.ToHexStringLower(hash) }];
