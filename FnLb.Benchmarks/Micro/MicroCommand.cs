using System.Runtime.CompilerServices;
using BenchmarkDotNet.Running;

namespace FnLb.Benchmarks.Micro;

/// <summary><c>fnlb-bench micro</c>: the micro-benchmarks of this project.</summary>
internal static class MicroCommand
{
    /// <returns>0; 2 in the published executable.</returns>
    public static int Run(string[] args)
    {
        // The library writes a program for each benchmark and compiles it: native code cannot load such a thing.
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            Console.Error.WriteLine(
                "fnlb-bench: micro-benchmarks need the sources and the SDK: ./build.sh bench micro --filter '*'");
            return 2;
        }

        _ = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(args);
        return 0;
    }
}
