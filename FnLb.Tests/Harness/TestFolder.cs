namespace FnLb.Tests.Harness;

/// <summary>A new folder for the files of a test.</summary>
public sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fnlb-test-").FullName;

    /// <returns>The path of a file in it.</returns>
    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Deletes it and what is in it. What writes there must have ended.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
