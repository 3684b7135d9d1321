using System.Globalization;

namespace FnLb.Host.CommandLine;

/// <summary>Options by the kind of their value; each kind states its rule in one way.</summary>
internal static class OptionKinds
{
    /// <param name="min">The least duration, as <see cref="DurationText"/> takes it; both ends are allowed.</param>
    public static Option Duration(
        string name, string defaultText, string min, string max, string meaning,
        Func<FnlbOptions, TimeSpan, FnlbOptions> with)
    {
        if (!DurationText.TryParse(min, out TimeSpan least) || !DurationText.TryParse(max, out TimeSpan most))
        {
            throw new ArgumentException($"{min} to {max}");
        }

        return Named(name, "DURATION", defaultText, meaning, $"{min} to {max}", (ref options, value) =>
        {
            if (!DurationText.TryParse(value, out TimeSpan duration) || duration < least || duration > most)
            {
                return $"must be a duration from {min} to {max}, such as 500ms, 3s or 1m30s; a plain number is seconds";
            }

            options = with(options, duration);
            return null;
        });
    }

    public static Option Number(
        string name, string defaultText, long min, long max, string meaning,
        Func<FnlbOptions, long, FnlbOptions> with)
    {
        string upTo = max == long.MaxValue ? $"{min} or more" : $"{min} to {max}";
        return Named(name, "NUMBER", defaultText, meaning, upTo, (ref options, value) =>
        {
            if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                || number < min || number > max)
            {
                return $"must be a number: {upTo}";
            }

            options = with(options, number);
            return null;
        });
    }

    /// <param name="rule">Ends the sentence "the value must be".</param>
    public static Option Text(
        string name, string metavar, string defaultText, string meaning, string rule,
        Func<FnlbOptions, string, FnlbOptions?> with)
    {
        return Named(name, metavar, defaultText, meaning, rule, (ref options, value) =>
        {
            if (with(options, value) is not FnlbOptions next)
            {
                return $"must be {rule}";
            }

            options = next;
            return null;
        });
    }

    public static Option Switch(string name, string meaning, Func<FnlbOptions, bool, FnlbOptions> with)
    {
        return Named(name, "", "false", meaning, "", (ref options, value) =>
        {
            // The spellings of Go's flag package.
            switch (value)
            {
                case "1" or "t" or "T" or "true" or "TRUE" or "True":
                    options = with(options, true);
                    return null;
                case "0" or "f" or "F" or "false" or "FALSE" or "False":
                    options = with(options, false);
                    return null;
                default:
                    return "must be true or false";
            }
        });
    }

    public static Option Named(
        string name, string metavar, string defaultText, string meaning, string rule, OptionSetter set) => new()
        {
            Name = name,
            Metavar = metavar,
            Default = defaultText,
            Meaning = meaning,
            Rule = rule,
            Set = set,
            Variable = "FNLB_" + name.Replace('-', '_').ToUpperInvariant(),
        };
}
