namespace FnLb.Host.Demo;

/// <summary>A function that sample nodes can run.</summary>
/// <param name="Path">The URL path that calls it, such as <c>/r/app/f</c>.</param>
internal sealed record SampleFunction(string Path)
{
    /// <summary>Mean time from the decision to start a container until it can take a call.</summary>
    public TimeSpan ColdStart { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Mean time that a call runs in its container.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a container without a call is kept.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
