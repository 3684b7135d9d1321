using System.Net.Http.Headers;
using System.Text;

namespace FnLb.Host.Tracing;

/// <summary>Where a collector is, and as whom it is spoken to.</summary>
/// <param name="Url">Without user information.</param>
/// <param name="Authorization">Made of the user information of the URL that was given; null where it had none.</param>
internal sealed record CollectorAddress(Uri Url, AuthenticationHeaderValue? Authorization)
{
    /// <summary>For messages: neither a password nor a key in the query may end up in a log.</summary>
    public string Name => Url.GetLeftPart(UriPartial.Path);

    /// <param name="url">May have user information, percent-encoded: <c>http://user:password@host</c>.</param>
    /// <param name="defaultPath">Takes the place of no path, and of <paramref name="oldPath"/>.</param>
    public static CollectorAddress Of(string url, string defaultPath, string oldPath = "/")
    {
        UriBuilder address = new(url);
        string user = Uri.UnescapeDataString(new Uri(url).UserInfo);
        (address.UserName, address.Password) = ("", "");
        if (address.Path == "/" || address.Path == oldPath)
        {
            address.Path = defaultPath;
        }

        return new CollectorAddress(address.Uri, user.Length == 0 ? null : Basic(user));
    }

    // RFC 7617: the colon is there without a password as well.
    private static AuthenticationHeaderValue Basic(string user) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user.Contains(':') ? user : user + ':')));
}
