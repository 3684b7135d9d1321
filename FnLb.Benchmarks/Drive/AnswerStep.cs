namespace FnLb.Benchmarks.Drive;

/// <summary>What <see cref="AnswerReader.Read"/> came to.</summary>
internal enum AnswerStep : byte
{
    /// <summary>Within the reader only: there is more to do with what is at hand.</summary>
    Continues,

    /// <summary>All input was taken, and the answer is not complete.</summary>
    NeedsMore,

    /// <summary>An answer is complete; input may be left, of the next one.</summary>
    Ended,

    /// <summary>The bytes are no answer.</summary>
    Invalid,
}
