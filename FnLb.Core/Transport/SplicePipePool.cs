using System.Diagnostics.CodeAnalysis;

namespace FnLb.Core.Transport;

/// <summary>The splice pipes of one loop: as many as large bodies move at once, and a few kept for the next.</summary>
internal sealed class SplicePipePool
{
    private const int KeptMax = 32;

    private readonly LoopStack<SplicePipe> _idle = new(KeptMax);

    /// <returns>False when the process has no descriptor left; bodies are then copied.</returns>
    public bool TryGet([NotNullWhen(true)] out SplicePipe? pipe)
    {
        if (!_idle.TryPop(out pipe))
        {
            pipe = SplicePipe.TryOpen();
        }

        return pipe is not null;
    }

    /// <summary>Takes a pipe back; one that still holds bytes is closed, since they belong to nobody else.</summary>
    public void Return(SplicePipe pipe)
    {
        if (pipe.Bytes > 0 || !_idle.TryPush(pipe))
        {
            pipe.Close();
        }
    }

    /// <summary>Closes what is kept.</summary>
    public void Clear()
    {
        while (_idle.TryPop(out SplicePipe? pipe))
        {
            pipe.Close();
        }
    }
}
