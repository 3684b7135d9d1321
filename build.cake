// The targets behind ./build.sh, which installs what they need. Everything is compiled in Release.
#nullable enable
#load build/bill-of-materials.cake
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

string target = Argument<string>("target");
// What follows "--" on the command line belongs to dotnet test, the demo or the benchmark.
string[] rest = [.. System.Environment.GetCommandLineArgs().SkipWhile(argument => argument != "--").Skip(1)];

string root = Context.Environment.WorkingDirectory.FullPath;
string artifacts = $"{root}/artifacts";
string executable = $"{artifacts}/fnlb";
string testResults = $"{artifacts}/test-results";
bool isArm = RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64;
string runtimeIdentifier = isArm ? "linux-arm64" : "linux-x64";
string debianArchitecture = isArm ? "arm64" : "amd64";

Task("restore").Does(() =>
{
    // In CI the packages are those of the lock files or none; elsewhere a new reference may still enter them.
    string[] lockedMode = EnvironmentVariable("CI", false) ? ["--locked-mode"] : [];
    Run("dotnet", ["restore", "FnLb.slnx", "--nologo", "--verbosity", "quiet", .. lockedMode]);
});

Task("build").IsDependentOn("restore").Does(() =>
    Run("dotnet", "build", "FnLb.slnx", "--configuration", "Release", "--no-restore", "--nologo",
        "--verbosity", "quiet", "-warnaserror"));

Task("format-check").Does(() =>
{
    // The build enforces the style rules (EnforceCodeStyleInBuild); layout is what it leaves out.
    Run("dotnet", "format", "whitespace", ".", "--folder", "--verify-no-changes", "--exclude", "artifacts");
});

Task("publish").IsDependentOn("restore").Does(() =>
{
    // Another kind of processor than this one's, with the cross compiler: the executable alone.
    if (target == "publish" && rest is [string other] && other != runtimeIdentifier)
    {
        PublishForArm64(other);
        return;
    }

    PublishNatively("FnLb.Host", "fnlb", runtimeIdentifier);
    PublishNatively("FnLb.Benchmarks", "fnlb-bench", runtimeIdentifier);
    WriteBillOfMaterials(executable, runtimeIdentifier, InstalledSqliteVersion(), $"{artifacts}/sbom.cdx.json");
    WriteSumsOfPublished();
    Information($"{executable}: {new System.IO.FileInfo(executable).Length / 1e6:F1} MB");
});

void PublishForArm64(string identifier)
{
    if (identifier != "linux-arm64")
    {
        throw new CakeException($"publish {identifier}: only linux-arm64 can be made on a machine of another kind");
    }

    Run($"{root}/build/sqlite-arm64.sh", $"{artifacts}/arm64");
    string made = $"fnlb-{identifier}";
    PublishNatively("FnLb.Host", "fnlb", identifier, made,
        $"-p:SqliteArchive={artifacts}/arm64/usr/lib/aarch64-linux-gnu/libsqlite3.a");
    // The archive that is linked came out of this package; the one that is installed here may be another version.
    string package = GetFiles($"{artifacts}/arm64/libsqlite3-dev_*_arm64.deb").Single().FullPath;
    string sqlite = RunAndRead("dpkg-deb", "--field", package, "Version").Trim();
    WriteBillOfMaterials($"{artifacts}/{made}", identifier, sqlite, $"{artifacts}/sbom-{identifier}.cdx.json");
    WriteSumsOfPublished();
    Information($"{artifacts}/{made}: {new System.IO.FileInfo($"{artifacts}/{made}").Length / 1e6:F1} MB");
}

// Whichever of the two publications was last, both are in it when they are there.
void WriteSumsOfPublished() => WriteSums(artifacts, [.. new[]
{
    "fnlb", "fnlb-bench", "sbom.cdx.json", "fnlb-linux-arm64", "sbom-linux-arm64.cdx.json",
}.Where(file => System.IO.File.Exists($"{artifacts}/{file}"))]);

void PublishNatively(string project, string name, string identifier, string? made = null, params string[] more)
{
    string published = $"{artifacts}/publish";
    CleanDirectory(published);
    string output = RunAndRead("dotnet", ["publish", project, "--configuration", "Release", "--no-restore",
        "--nologo", "--runtime", identifier, "--output", published, "-warnaserror", .. more]);
    // The linker and the native compiler have warnings that the build does not count as such.
    if (Regex.IsMatch(output, @"\bwarning\b", RegexOptions.IgnoreCase))
    {
        throw new CakeException($"publish: there were warnings in {project}, and there may be none.");
    }

    string[] files = [.. GetFiles($"{published}/**/*").Select(file => file.GetFilename().ToString())];
    if (files.Length != 1 || files[0] != name)
    {
        throw new CakeException($"publish: only {name} is wanted, but these were made: {string.Join(", ", files)}");
    }

    // Renamed into place: one that runs goes on with the file it has, and can hand over to the new one.
    string delivered = $"{artifacts}/{made ?? name}";
    CopyFile($"{published}/{name}", $"{delivered}.new");
    System.IO.File.Move($"{delivered}.new", delivered, overwrite: true);
}

Task("test").IsDependentOn("build").IsDependentOn("publish").Does(() =>
{
    CleanDirectory(testResults);
    int exitCode = Start("dotnet", ["test", "FnLb.Tests/FnLb.Tests.csproj", "--configuration", "Release", "--no-build",
        "--nologo", "--logger", "trx", "--logger", "console;verbosity=minimal", "--results-directory", testResults,
        .. rest]);

    List<XElement> counters = [.. GetFiles($"{testResults}/**/*.trx").SelectMany(file =>
        XDocument.Load(file.FullPath).Descendants().Where(element => element.Name.LocalName == "Counters"))];
    int passed = counters.Sum(counter => (int)counter.Attribute("passed")!);
    int failed = counters.Sum(counter => (int)counter.Attribute("failed")!);
    // A run that broke off does not list what it left out: it counts as one failure, so that the sum never looks clean.
    if (failed == 0 && (exitCode != 0 || passed == 0))
    {
        Error(exitCode != 0 ? $"test: the run broke off with exit code {exitCode}" : "test: no test ran");
        failed = 1;
    }

    // What a test left out is not in the counter that is named after it.
    int skipped = counters.Sum(counter => (int)counter.Attribute("total")! - (int)counter.Attribute("executed")!);
    string left = skipped > 0 ? $", {skipped} skipped" : "";
    System.IO.File.WriteAllText($"{testResults}/summary.txt", $"{passed} passed, {failed} failed{left}\n");
    if (failed > 0)
    {
        throw new CakeException("test: failed");
    }
});

// Beside a real API server, which is compiled once and kept outside of the repository.
Task("test-kubernetes").IsDependentOn("build").IsDependentOn("publish").Does(() =>
{
    string caches = EnvironmentVariable("XDG_CACHE_HOME") ?? $"{EnvironmentVariable("HOME")}/.cache";
    string folder = EnvironmentVariable("FNLB_KUBERNETES") ?? $"{caches}/fnlb/kubernetes";
    Run($"{root}/build/kube-apiserver.sh", folder);
    System.Environment.SetEnvironmentVariable("FNLB_KUBERNETES", folder);
    Run("dotnet", "test", "FnLb.Tests/FnLb.Tests.csproj", "--configuration", "Release", "--no-build", "--nologo",
        "--filter", "TestCategory=Kubernetes");
});

// The faults of the tests for longer, then the soak; what the calls saw of it is printed as a table.
Task("soak").IsDependentOn("build").IsDependentOn("publish").Does(() =>
{
    CleanDirectory(testResults);
    string table = $"{testResults}/faults.md";
    System.IO.File.WriteAllText(table,
        "| fault | calls | GET failed | POST failed | worst latency | test |\n| --- | --- | --- | --- | --- | --- |\n");
    System.Environment.SetEnvironmentVariable("FNLB_FAULT_TABLE", table);
    System.Environment.SetEnvironmentVariable("FNLB_FAULT_SECONDS", EnvironmentVariable("FNLB_FAULT_SECONDS") ?? "20");
    System.Environment.SetEnvironmentVariable("FNLB_SOAK_MINUTES", rest.FirstOrDefault() ?? "30");
    int exitCode = Start("dotnet", ["test", "FnLb.Tests/FnLb.Tests.csproj", "--configuration", "Release", "--no-build",
        "--nologo", "--filter", "TestCategory=Fault", "--logger", "console;verbosity=normal"]);
    Console.WriteLine(System.IO.File.ReadAllText(table));
    Require(exitCode == 0, "dotnet", ["test"], exitCode);
});

Task("demo").IsDependentOn("publish").Does(() =>
{
    // Ctrl-C reaches the demo as well, which ends in good order; this waits for it.
    Console.CancelKeyPress += (_, pressed) => pressed.Cancel = true;
    Run(executable, ["demo", .. rest]);
});

Task("bench").IsDependentOn("build").IsDependentOn("publish").Does(() =>
{
    // The micro-benchmarks compile programs as they run, which the published executable cannot.
    string[] command = rest is ["micro", ..]
        ? ["dotnet", "FnLb.Benchmarks/bin/Release/net10.0/fnlb-bench.dll"]
        : [$"{artifacts}/fnlb-bench"];
    Run(command[0], [.. command[1..], .. rest]);
});

Task("image").IsDependentOn("publish").Does(() =>
{
    string image = $"{artifacts}/image";
    CleanDirectory(image);
    Install(executable, $"{image}/fnlb", "755");
    // Nothing else is in the image, so the C library and its loader go with the executable, to where it looks for them.
    foreach (Match library in Regex.Matches(RunAndRead("ldd", executable), @"(?<path>/\S+) \(0x"))
    {
        Install(library.Groups["path"].Value, image + library.Groups["path"].Value, "755");
    }

    // Loaded by name once TLS is asked for: a store, a collector or the node API over it.
    foreach (FilePath library in GetFiles("/usr/lib/*/libssl.so.3") + GetFiles("/usr/lib/*/libcrypto.so.3"))
    {
        Install(library.FullPath, image + library.FullPath, "755");
    }

    const string Authorities = "/etc/ssl/certs/ca-certificates.crt";
    Install(Authorities, image + Authorities, "644");
    string tag = $"fnlb:{Version()}";
    if (Succeeds("buildah", "--version"))
    {
        // Of the two formats of images the newer one knows no health check.
        Run("buildah", "bud", "--format", "docker", "--isolation", "chroot", "--tag", tag, ".");
    }
    else if (Succeeds("docker", "info"))
    {
        Run("docker", "build", "--network", "none", "--tag", tag, ".");
    }
    else
    {
        throw new CakeException("image: there is neither buildah (apt-get install buildah) nor a running docker");
    }
});

Task("test-image").IsDependentOn("build").IsDependentOn("image").Does(() =>
{
    System.Environment.SetEnvironmentVariable("FNLB_IMAGE", $"fnlb:{Version()}");
    TestPackaging("test-image", "ImageTests");
});

Task("deb").IsDependentOn("publish").Does(() =>
{
    string package = $"{artifacts}/deb";
    CleanDirectory(package);
    Install(executable, $"{package}/usr/bin/fnlb", "755");
    InstallInto($"{package}/lib/systemd/system",
        "packaging/fnlb.service", "packaging/fnlb.socket", "packaging/fnlb-admin.socket");
    Install("packaging/fnlb.default", $"{package}/etc/default/fnlb", "644");
    Install("packaging/fnlb.logrotate", $"{package}/etc/logrotate.d/fnlb", "644");
    InstallInto($"{package}/usr/share/doc/fnlb", "README.md", "packaging/deb/copyright", "docs/operations.md");
    InstallText(RunAndRead(executable, "generate", "bash-completion") + "\n",
        $"{package}/usr/share/bash-completion/completions/fnlb");
    InstallText(RunAndRead(executable, "generate", "man") + "\n", $"{package}/usr/share/man/man8/fnlb.8");
    InstallText($"fnlb ({Version()}) stable; urgency=medium\n\n  * See the history of the repository.\n\n"
        + $" -- {Maintainer()}  {RunAndRead("git", "log", "-1", "--format=%aD").Trim()}\n",
        $"{package}/usr/share/doc/fnlb/changelog");
    foreach (string compressed in new[] { "man/man8/fnlb.8", "doc/fnlb/changelog" })
    {
        Run("gzip", "-9n", $"{package}/usr/share/{compressed}");
    }

    Install("packaging/deb/lintian-overrides", $"{package}/usr/share/lintian/overrides/fnlb", "644");
    Install("packaging/deb/conffiles", $"{package}/DEBIAN/conffiles", "644");
    foreach (string script in new[] { "postinst", "prerm", "postrm" })
    {
        Install($"packaging/deb/{script}", $"{package}/DEBIAN/{script}", "755");
    }

    string control = System.IO.File.ReadAllText("packaging/deb/control")
        .Replace("@VERSION@", Version())
        .Replace("@ARCHITECTURE@", debianArchitecture)
        .Replace("@MAINTAINER@", Maintainer())
        .Replace("@INSTALLED_SIZE@", $"{new System.IO.FileInfo(executable).Length / 1024 + 20}");
    InstallText(control, $"{package}/DEBIAN/control");
    InstallText(Sums(package), $"{package}/DEBIAN/md5sums");

    // The same executable and commit give the same package, byte for byte. Two compilations of one commit differ in
    // their ids: the generator of log messages writes the classes of a project in any order.
    System.Environment.SetEnvironmentVariable("SOURCE_DATE_EPOCH",
        EnvironmentVariable("SOURCE_DATE_EPOCH") ?? RunAndRead("git", "log", "-1", "--format=%ct").Trim());
    EnsureDirectoryExists($"{artifacts}/packages");
    Run("dpkg-deb", "--root-owner-group", "--build", package, PackageFile());
    WriteSums($"{artifacts}/packages", System.IO.Path.GetFileName(PackageFile()));
});

Task("test-systemd").IsDependentOn("build").IsDependentOn("deb").Does(() =>
{
    string machine = $"{artifacts}/machine";
    if (!System.IO.File.Exists($"{machine}/usr/sbin/logrotate"))
    {
        CleanDirectory(machine);
        Run("mmdebstrap", "--quiet", "--variant=minbase",
            "--include=systemd,systemd-sysv,dbus,procps,logrotate", "bookworm", machine);
        // A machine without an id asks for one at its first boot.
        System.IO.File.WriteAllText($"{machine}/etc/machine-id", $"{Guid.NewGuid():N}\n");
    }

    System.Environment.SetEnvironmentVariable("FNLB_MACHINE", machine);
    System.Environment.SetEnvironmentVariable("FNLB_PACKAGE", PackageFile());
    TestPackaging("test-systemd", "PackageFileTests", "PackageTests", "ServiceTests", "SocketTests");
});

// On a network of its own: the service has its default ports there, whatever else listens here, and nothing outside.
void TestPackaging(string target, params string[] fixtures)
{
    if (System.Environment.UserName != "root")
    {
        throw new CakeException($"{target}: starts containers, which only root may");
    }

    string filter = string.Join(
        '|', fixtures.Select(fixture => $"FullyQualifiedName~FnLb.Tests.Packaging.{fixture}"));
    Run("unshare", ["--net", "--", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh",
        "dotnet", "test", "FnLb.Tests/FnLb.Tests.csproj", "--configuration", "Release", "--no-build", "--nologo",
        "--filter", filter, "--logger", "console;verbosity=normal", .. rest]);
}

void InstallText(string text, string to)
{
    EnsureDirectoryExists(System.IO.Path.GetDirectoryName(to)!);
    System.IO.File.WriteAllText(to, text);
    Run("chmod", "644", to);
}

// For dpkg --verify. Paths are from the root, without the slash; what is below DEBIAN is not installed.
string Sums(string package) => string.Concat(GetFiles($"{package}/**/*")
    .Select(file => System.IO.Path.GetRelativePath(package, file.FullPath))
    .Where(path => !path.StartsWith("DEBIAN/"))
    .Order(StringComparer.Ordinal)
    .Select(path => Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(
        System.IO.File.ReadAllBytes($"{package}/{path}"))) + $"  {path}\n"));

// Whoever builds the package answers for it, and says so in Debian's variables.
string Maintainer()
{
    string name = EnvironmentVariable("DEBFULLNAME") ?? "The FnLb authors";
    return $"{name} <{EnvironmentVariable("DEBEMAIL") ?? "fnlb@example.org"}>";
}

string PackageFile() => $"{artifacts}/packages/fnlb_{Version()}_{debianArchitecture}.deb";

string Version() => XDocument.Load("Directory.Build.props").Descendants("Version").Single().Value;

void Install(string from, string to, string mode) => Run("install", "-D", "-m", mode, from, to);
void InstallInto(string folder, params string[] files) => Run("install", ["-D", "-m644", "-t", folder, .. files]);

// For sha256sum --check in the folder of the file; paths are relative to it.
void WriteSums(string folder, params string[] files) => System.IO.File.WriteAllText(
    $"{folder}/SHA256SUMS", string.Concat(files.Select(file =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
            System.IO.File.ReadAllBytes($"{folder}/{file}"))) + $"  {file}\n")));

bool Succeeds(string program, params string[] arguments)
{
    try
    {
        return Start(program, arguments, _ => { }) == 0;
    }
    catch (System.ComponentModel.Win32Exception)
    {
        return false;
    }
}

string RunAndRead(string program, params string[] arguments)
{
    List<string> lines = [];
    int exitCode = Start(program, arguments, line =>
    {
        Console.WriteLine(line);
        lines.Add(line);
    });
    Require(exitCode == 0, program, arguments, exitCode);
    return string.Join('\n', lines);
}

void Run(string program, params string[] arguments)
{
    int exitCode = Start(program, arguments);
    Require(exitCode == 0, program, arguments, exitCode);
}

void Require(bool succeeded, string program, string[] arguments, int exitCode)
{
    if (!succeeded)
    {
        throw new CakeException(exitCode, $"{program} {string.Join(' ', arguments)}: exit code {exitCode}");
    }
}

// With a reader both outputs of the program go to it line by line instead of to the terminal.
int Start(string program, string[] arguments, Action<string>? readLine = null)
{
    ProcessStartInfo start = new(program, arguments)
    {
        WorkingDirectory = root,
        RedirectStandardOutput = readLine is not null,
        RedirectStandardError = readLine is not null,
    };
    start.Environment["FNLB_EXECUTABLE"] = executable;
    using Process process = Process.Start(start)!;
    if (readLine is not null)
    {
        object reading = new();
        DataReceivedEventHandler receive = (_, received) =>
        {
            if (received.Data is not null)
            {
                lock (reading)
                {
                    readLine(received.Data);
                }
            }
        };
        process.OutputDataReceived += receive;
        process.ErrorDataReceived += receive;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    process.WaitForExit();
    return process.ExitCode;
}

RunTarget(target);
