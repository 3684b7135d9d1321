using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>The vectorised searches say of every byte, wherever it stands, what the grammar says of it.</summary>
public sealed class ByteScanTests
{
    private const string Tchars = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private const string TargetCharacters =
        "-._~:/?@!$&'()*+,;=%[]^`{|}0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Test]
    public void A_token_ends_at_the_first_byte_that_is_no_tchar() =>
        AssertEnds(ByteScan.EndOfToken, value => Tchars.Contains((char)value), 'a');

    [Test]
    public void A_target_ends_at_the_first_byte_that_may_not_stand_in_one() =>
        AssertEnds(ByteScan.EndOfTarget, value => TargetCharacters.Contains((char)value), '/');

    [Test]
    public void A_value_ends_at_the_first_control_but_HTAB() =>
        AssertEnds(ByteScan.EndOfValue, value => value is (>= 0x20 and not 0x7F) or '\t', 'a');

    [Test]
    public void The_first_byte_of_a_value_within_a_range_is_found_and_none_behind_it()
    {
        for (int length = 0; length <= 40; length++)
        {
            for (int at = 0; at <= length; at++)
            {
                byte[] input = [.. Enumerable.Range(0, length).Select(i => (byte)(i == at ? '?' : 'a'))];
                for (int start = 0; start <= length; start++)
                {
                    for (int end = start; end <= length; end++)
                    {
                        int found = input.AsSpan(start..end).IndexOf((byte)'?');
                        int expected = found < 0 ? end : start + found;
                        int index = ByteScan.IndexOf(input, start, end, (byte)'?');
                        Assert.That(index, Is.EqualTo(expected), $"{start}..{end} of {length}, at {at}");
                    }
                }
            }
        }
    }

    private static void AssertEnds(Search search, Func<int, bool> belongs, char filling)
    {
        for (int length = 1; length <= 40; length++)
        {
            for (int at = 0; at < length; at++)
            {
                byte[] input = [.. Enumerable.Repeat((byte)filling, length)];
                Assert.That(search(input, at), Is.EqualTo(length), "All of it belongs.");
                for (int value = 0; value < 256; value++)
                {
                    input[at] = (byte)value;
                    int end = search(input, at / 2);
                    Assert.That(end, Is.EqualTo(belongs(value) ? length : at), $"{value:X2} at {at} of {length}");
                }
            }
        }
    }

    private delegate int Search(ReadOnlySpan<byte> input, int start);
}
