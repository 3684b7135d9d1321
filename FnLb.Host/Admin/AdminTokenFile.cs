namespace FnLb.Host.Admin;

/// <summary>The file with the tokens, read again when it has changed; one that is broken leaves those before.</summary>
internal sealed class AdminTokenFile
{
    private readonly string _path;
    private readonly FileLook _look;
    private readonly ILogger _logger;
    private readonly Lock _looking = new();
    private AdminTokens _tokens;

    private AdminTokenFile(string path, AdminTokens tokens, TimeProvider time, ILogger logger)
    {
        _path = path;
        _tokens = tokens;
        _look = new FileLook([path], time);
        _logger = logger;
    }

    /// <returns>Null, and what is wrong, when the file cannot be used.</returns>
    public static AdminTokenFile? Open(string path, TimeProvider time, ILogger logger, out string? error)
    {
        AdminTokens? tokens = Read(path, out error);
        return tokens is null ? null : new AdminTokenFile(path, tokens, time, logger);
    }

    /// <summary>The tokens as of a second ago at most. Any thread.</summary>
    public AdminTokens Current()
    {
        lock (_looking)
        {
            if (_look.FindsChange())
            {
                ReadAgain();
            }

            return _tokens;
        }
    }

    /// <summary>Reads at once what is in force from here on. Any thread.</summary>
    public void ReadNow()
    {
        lock (_looking)
        {
            ReadAgain();
        }
    }

    private void ReadAgain()
    {
        if (Read(_path, out string? error) is { } tokens)
        {
            _tokens = tokens;
            AdminLog.TokensRead(_logger, _path);
        }
        else
        {
            AdminLog.TokensUnreadable(_logger, _path, error!);
        }
    }

    private static AdminTokens? Read(string path, out string? error)
    {
        try
        {
            AdminTokens tokens = AdminTokens.Parse(File.ReadAllText(path), out error);
            return error is null ? tokens : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = e.Message;
            return null;
        }
    }
}
