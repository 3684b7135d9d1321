namespace FnLb.Core.Http1;

/// <summary>What a refused request is answered with.</summary>
public static class RejectionExtensions
{
    /// <summary>The status code of the answer; 502 for reasons that only an answer of a node can have.</summary>
    public static int StatusCode(this Rejection rejection) => throw new NotImplementedException();

    /// <summary>What was wrong and what to send instead, in a sentence or two of ASCII.</summary>
    public static string Message(this Rejection rejection) => throw new NotImplementedException();
}
