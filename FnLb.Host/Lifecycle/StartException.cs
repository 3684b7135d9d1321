namespace FnLb.Host.Lifecycle;

/// <summary>The balancer cannot start; the message is the one line that the operator reads.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
