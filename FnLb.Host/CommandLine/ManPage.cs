using System.Text;
using FnLb.Host.Lifecycle;

namespace FnLb.Host.CommandLine;

/// <summary>fnlb(8) in the macros of man(7), made from the option table.</summary>
internal static class ManPage
{
    private const string Commands = """
        .PP
        .B check
        says whether a start with these flags would succeed.
        .B nodes
        shows or changes the nodes of a running balancer;
        .B remove
        waits with
        .BI \-drain " DURATION"
        until their calls have ended.
        .B top
        shows what it does, anew each second, or with
        .B \-once
        for one second.
        .B health
        exits with 0 when it is ready.
        .PP
        These three find the balancer by
        .BR \-mgmt\-listen ,
        and show it the token of
        .BR \-token\-file .
        .B \-tls
        speaks TLS with it,
        .BI \-ca " PATH"
        trusts only the roots in a PEM file, and
        .BI \-cert " PATH"
        with
        .BI \-key " PATH"
        is the certificate that it is shown. What is not given is taken from the variables and the file of
        .B \-config
        that the balancer itself reads.
        """;

    private const string Closing = """
        .SH SIGNALS
        .TP
        .B SIGTERM, SIGINT, SIGQUIT
        Finish what runs and end; a second one cuts it.
        .TP
        .B SIGHUP
        Look at tokens and certificates, open the access log anew and read the options again; what cannot change is
        named in the log.
        .TP
        .B SIGUSR2
        Hand over to a new process of the executable that is installed now, without a refused or lost call.
        .SH EXIT STATUS
        0 after a signal, 1 when the start failed, 2 when the options are wrong.
        .SH FILES
        .I /etc/default/fnlb
        sets the environment of the service,
        .I /var/lib/fnlb/nodes.db
        holds its nodes,
        .I /var/lib/fnlb/state.json
        what was learned of functions and nodes.
        .SH SEE ALSO
        .IR /usr/share/doc/fnlb/operations.md ,
        .BR systemd.service (5)

        """;

    public static string Text()
    {
        StringBuilder text = new($"""
            .TH FNLB 8 "" "fnlb {Escape(ProductVersion.Text.Split('+')[0])}" "System administration"
            .SH NAME
            fnlb \- load balancer for Fn function servers
            .SH SYNOPSIS
            .B fnlb
            .RI [ flags ]
            .br
            .B fnlb check
            .RI [ flags ]
            .br
            .B fnlb nodes
            .RB [ list " | " add | remove | drain | activate
            .IR node ...]
            .br
            .B fnlb top
            .RB [ \-once ]
            .br
            .B fnlb health
            .br
            .B fnlb demo
            .br
            .B fnlb version
            .SH DESCRIPTION
            Takes HTTP/1.1 calls, reads the function from the path and sends each call to the node where that function
            is hot, or to the next one when that node is busy or gone.
            {Commands}
            .SH OPTIONS
            One dash or two, the value after a space or an equals sign. The command line wins over the environment, and
            that over the file of
            .BR \-config .
            A duration is 500ms, 3s or 1m30s; a plain number is seconds.

            """);
        foreach (Option option in OptionTable.All)
        {
            text.Append($".TP\n.B \\-{Escape(option.Name)}");
            text.Append(option.IsSwitch ? "\n" : $" \\fI{Escape(option.Metavar)}\\fR\n");
            text.Append($"{Escape(Usage.Describe(option))}\n.br\n{Escape(Usage.Origin(option))}\n");
        }

        return text.Append(Closing).ToString();
    }

    // A dash would become a hyphen; a line that begins with a dot or a quote would be a request.
    private static string Escape(string text)
    {
        string escaped = text.Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal);
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? "\\&" + escaped : escaped;
    }
}
