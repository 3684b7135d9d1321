using System.Net;
using FnLb.Tests.Harness;

namespace FnLb.Tests;

/// <summary>
/// Makes the assembly of the tests a program: a node in a process of its own, that tests can stop, kill and cut off.
/// </summary>
internal static class Program
{
    /// <param name="arguments">The address to listen on.</param>
    public static async Task Main(string[] arguments)
    {
        using EchoNode node = EchoNode.Start(IPEndPoint.Parse(arguments.Single()));
        Console.WriteLine(node.Address);

        // The end of the input is the end of the test.
        while (await Console.In.ReadLineAsync() is not null)
        {
        }
    }
}
