using System.Globalization;
using FnLb.Core.Nodes;

namespace FnLb.Host.CommandLine;

/// <summary>
/// The parts of <c>USER:PASSWORD@HOST:PORT/DATABASE?NAME=VALUE</c>, percent-decoded where they are URLs.
/// </summary>
internal static class DatabaseUrl
{
    /// <summary>The most that both drivers take for the time of an attempt to connect.</summary>
    public const int ConnectSecondsMax = 1024;

    /// <summary>Splits the settings off and takes the rest apart.</summary>
    /// <param name="rest">What follows the scheme.</param>
    /// <param name="template">Gives the kind, the port to assume, and what else no URL says.</param>
    /// <param name="settings">Names as they were written; the last of equal ones.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static string? Split(
        string rest, DatabaseLocation template, out DatabaseLocation location, out Dictionary<string, string> settings)
    {
        int query = rest.IndexOf('?');
        settings = Settings(query < 0 ? "" : rest[(query + 1)..]);
        string beforeQuery = query < 0 ? rest : rest[..query];
        int slash = beforeQuery.IndexOf('/');
        string authority = slash < 0 ? beforeQuery : beforeQuery[..slash];
        string database = slash < 0 ? "" : Uri.UnescapeDataString(beforeQuery[(slash + 1)..]);
        int at = authority.LastIndexOf('@');
        string credentials = at < 0 ? "" : authority[..at];
        location = WithCredentials(template, credentials, Uri.UnescapeDataString) with { Database = database };
        return Stray(beforeQuery[authority.Length..], settings) ?? SetHost(authority[(at + 1)..], ref location);
    }

    /// <summary>
    /// Finds an @ behind the host: it is the true end of a password that holds a slash or a question mark, of which the
    /// rest would be taken, and shown, for something else.
    /// </summary>
    /// <param name="database">As it was written.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static string? Stray(string database, Dictionary<string, string> settings) =>
        database.Contains('@') || settings.Keys.Any(name => name.Contains('@'))
            ? "must have no @ behind the host: in a user or a password, a character that has a meaning in URLs is "
                + "written as %XX"
            : null;

    /// <summary>How a setting that is not known is called in an error.</summary>
    /// <returns>Nothing where a value holds an @: the name may be part of a password then.</returns>
    public static string Called(string name, Dictionary<string, string> settings) =>
        settings.Values.Any(value => value.Contains('@')) ? "that is there" : $"\"{Shown.Text(name)}\"";

    /// <param name="decode">How the parts are written.</param>
    public static DatabaseLocation WithCredentials(
        DatabaseLocation location, string credentials, Func<string, string> decode)
    {
        int colon = credentials.IndexOf(':');
        return location with
        {
            User = decode(colon < 0 ? credentials : credentials[..colon]),
            Password = colon < 0 ? "" : decode(credentials[(colon + 1)..]),
        };
    }

    /// <param name="text"><c>host</c>, <c>host:port</c>, <c>[v6]:port</c>; empty leaves what is assumed.</param>
    /// <returns>Null, or what is wrong; the text is not repeated, it may be a password without its host.</returns>
    public static string? SetHost(string text, ref DatabaseLocation location)
    {
        bool isV6 = text.StartsWith('[');
        int end = isV6 ? text.IndexOf(']') + 1 : text.IndexOf(':');
        string host = end <= 0 ? text : text[..end];
        string afterHost = text[host.Length..];
        if (isV6 && end > 0)
        {
            host = host[1..^1];
        }

        bool isHost = Uri.CheckHostName(host) != UriHostNameType.Unknown || host.Length == 0;
        int port = location.Port;
        bool isPort = afterHost.Length == 0
            || (afterHost[0] == ':' && TryPort(afterHost[1..], out port));
        if (!isHost || !isPort)
        {
            return "must have a host, or host:port with a port from 1 to 65535, after the user and the password; "
                + "a character of these that has a meaning in URLs is written as %XX";
        }

        location = location with { Host = host.Length == 0 ? location.Host : host, Port = port };
        return null;
    }

    public static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535;

    public static Dictionary<string, string> Settings(string query)
    {
        Dictionary<string, string> settings = [];
        foreach (string setting in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = setting.IndexOf('=');
            string name = equals < 0 ? setting : setting[..equals];
            settings[Uri.UnescapeDataString(name)] = equals < 0 ? "" : Uri.UnescapeDataString(setting[(equals + 1)..]);
        }

        return settings;
    }
}
