namespace FnLb.Host.Admin;

/// <summary>Body of <c>/readyz</c> when calls may come.</summary>
/// <param name="Msg">ready</param>
/// <param name="NodeListAge">Seconds since the node list was last known to be that of its store.</param>
/// <param name="StoreFailure">Why it cannot be read now; null while it can.</param>
internal sealed record ReadinessAnswer(string Msg, double NodeListAge, string? StoreFailure);
