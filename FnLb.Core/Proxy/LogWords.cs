using System.Diagnostics;
using FnLb.Core.Routing;

namespace FnLb.Core.Proxy;

/// <summary>The words of the access log; those of placements are those of the metrics.</summary>
internal static class LogWords
{
    public static ReadOnlySpan<byte> Of(PlacementReason reason) => reason switch
    {
        PlacementReason.None => "none"u8,
        PlacementReason.Home => "home"u8,
        PlacementReason.NextInRank => "next_in_rank"u8,
        PlacementReason.Warm => "warm"u8,
        PlacementReason.Queued => "queued"u8,
        PlacementReason.Grown => "grown"u8,
        PlacementReason.Saturated => "saturated"u8,
        PlacementReason.Bounded => "bounded"u8,
        PlacementReason.AllOut => "all_out"u8,
        PlacementReason.Retried => "retried"u8,
        PlacementReason.Pinned => "admin"u8,
        _ => throw new UnreachableException($"No word for {reason}."),
    };

    public static ReadOnlySpan<byte> Of(FaultKind fault) => fault switch
    {
        FaultKind.NoNode => "no_node"u8,
        FaultKind.Busy => "busy"u8,
        FaultKind.AllBusy => "all_busy"u8,
        FaultKind.ConnectFailed => "connect_failed"u8,
        FaultKind.NoAnswer => "no_answer"u8,
        FaultKind.AnswerTimeout => "answer_timeout"u8,
        FaultKind.MalformedAnswer => "malformed_answer"u8,
        FaultKind.CutAnswer => "cut_answer"u8,
        FaultKind.StalledAnswer => "stalled_answer"u8,
        FaultKind.MalformedRequest => "malformed_request"u8,
        FaultKind.RequestTooLarge => "request_too_large"u8,
        FaultKind.StalledRequest => "stalled_request"u8,
        FaultKind.ClientLeft => "client_left"u8,
        _ => throw new UnreachableException($"No word for {fault}."),
    };
}
