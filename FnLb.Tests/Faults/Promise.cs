namespace FnLb.Tests.Faults;

/// <summary>What callers are promised while something is broken.</summary>
internal enum Promise
{
    /// <summary>Every call is answered, those too that must not run twice.</summary>
    NoCallFails,

    /// <summary>Every call that may run twice is answered; others fail at most where they were under way.</summary>
    NoRepeatableCallFails,

    /// <summary>A call whose answer has begun cannot be saved, but is seen to be cut.</summary>
    NoAnswerLooksComplete,
}
