namespace FnLb.Host.Demo;

/// <summary>How a call came to its container.</summary>
internal enum AdmissionKind
{
    /// <summary>An idle container of its function took it at once.</summary>
    Warm,

    /// <summary>It waited for a container to start.</summary>
    Cold,

    /// <summary>It waited until another call of its function left a container.</summary>
    Queued,

    /// <summary>It found no container in time and was not run.</summary>
    Busy,
}
