using System.Net;
using FnLb.Host.Admin;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Host.Admin;

public sealed class FailureLimitTests
{
    [TestCase("2001:db8::1", "2001:db8::ffff:1", ExpectedResult = true)]
    [TestCase("2001:db8::1", "2001:db8:0:1::1", ExpectedResult = false)]
    [TestCase("192.0.2.1", "::ffff:192.0.2.1", ExpectedResult = true)]
    [TestCase("192.0.2.1", "192.0.2.2", ExpectedResult = false)]
    public bool A_machine_is_known_by_its_IPv4_address_or_its_network_of_IPv6(string failed, string asked)
    {
        FailureLimit limit = new(new FakeTimeProvider());
        for (int failure = 0; failure < FailureLimit.FailuresMax; failure++)
        {
            limit.Count(IPAddress.Parse(failed));
        }

        return limit.IsExceeded(IPAddress.Parse(asked));
    }
}
