namespace FnLb.Tests.Harness;

/// <summary>A file system of two megabytes that a test can fill.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int BlockBytes = 4096;

    private SmallDisk()
    {
        Folder = Directory.CreateTempSubdirectory("fnlb-disk-").FullName;
        Shell.Run("mount", "-t", "tmpfs", "-o", "size=2m", "fnlb-test", Folder);
    }

    public string Folder { get; }

    private string Filling => Path.Combine(Folder, "filling");

    public static SmallDisk Mount() => new();

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        using FileStream filling = new(Filling, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] block = new byte[BlockBytes];
        try
        {
            while (true)
            {
                filling.Write(block);
            }
        }
        catch (IOException)
        {
            // No space left on device: as wanted.
        }
    }

    public void Free() => File.Delete(Filling);

    public void Dispose()
    {
        Shell.Run("umount", "--lazy", Folder);
        Directory.Delete(Folder);
    }
}
