using System.IO.Pipelines;
using Microsoft.Extensions.ObjectPool;

namespace FnLb.Core.Transport;

/// <summary>
/// Makes and resets the pipes of one loop. They are used synchronously: no threshold pauses the writer, the channel
/// counts what it holds.
/// </summary>
internal sealed class PipePolicy(LoopMemoryPool memory) : IPooledObjectPolicy<Pipe>
{
    private readonly PipeOptions _options = new(
        memory,
        PipeScheduler.Inline,
        PipeScheduler.Inline,
        pauseWriterThreshold: 0,
        resumeWriterThreshold: 0,
        LoopMemoryPool.SmallBlockBytes,
        useSynchronizationContext: false);

    public Pipe Create() => new(_options);

    public bool Return(Pipe pipe)
    {
        pipe.Reader.Complete();
        pipe.Writer.Complete();
        pipe.Reset();
        return true;
    }
}
