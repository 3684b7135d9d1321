using System.Text;

namespace FnLb.Host.Admin;

/// <summary>The token that a request brings.</summary>
internal static class AdminCredentials
{
    private const string Challenge = "Bearer realm=\"fnlb\"";
    private const string PasswordChallenge = Challenge + ", Basic realm=\"fnlb\", charset=\"UTF-8\"";

    /// <summary>For the field WWW-Authenticate.</summary>
    /// <remarks>The dashboard asks for the token itself: its browser is not to ask for a password too.</remarks>
    public static string ChallengeFor(HttpRequest request) =>
        request.Headers.XRequestedWith == "XMLHttpRequest" ? Challenge : PasswordChallenge;

    /// <summary>A browser asks its user for a name and a password: the password is the token.</summary>
    /// <param name="authorization">The field Authorization; empty when there is none.</param>
    /// <returns>Null for none.</returns>
    public static string? TokenOf(string authorization)
    {
        const string bearer = "Bearer ";
        const string basic = "Basic ";
        if (authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase))
        {
            return authorization[bearer.Length..].Trim();
        }

        if (!authorization.StartsWith(basic, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        byte[] decoded = new byte[authorization.Length];
        bool isPair = Convert.TryFromBase64String(authorization[basic.Length..], decoded, out int bytes);
        string pair = Encoding.UTF8.GetString(decoded, 0, bytes);
        return isPair ? pair[(pair.IndexOf(':') + 1)..] : null;
    }
}
