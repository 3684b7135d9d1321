using System.Net;

namespace FnLb.Benchmarks.Drive;

/// <summary>Where calls go, and what they are.</summary>
internal sealed record DriveTarget(EndPoint EndPoint, RequestTemplate Request);
