using FnLb.Core.Nodes;

namespace FnLb.Core.Health;

/// <summary>A streak of faults that is long enough for its node to be judged.</summary>
internal readonly record struct Suspicion(Node Node, TrafficFault Fault, int InARow)
{
    public string Reason => Fault == TrafficFault.ServerError
        ? $"answers of 5xx in a row: {InARow}"
        : $"calls in a row that could not connect or got no answer: {InARow}";
}
