using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>A number's digits, however it is written, for a search by its ending: <c>(512) 555-0142 x7</c> is <c>5125550142</c>.</summary>
public static partial class PhoneDigits
{
    const int LongEnoughForATrunkZero = 7;

    /// <summary>
    /// Minimum length of a number dialed from abroad: prefix, country code and number. In a shorter one, 011 is an area code (Buenos
    /// Aires).
    /// </summary>
    const int LongEnoughForAbroad = 12;

    /// <summary>International dialing prefixes besides 00: North America, Australia, Japan.</summary>
    static readonly string[] toAbroad = ["011", "0011", "010"];

    [GeneratedRegex(@"\(\s*0\s*\)|(?:;?\s*ext|[x#;]).*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NotDialed();

    public static string Of(string? phone)
    {
        if (string.IsNullOrEmpty(phone))
            return "";
        var digits = new StringBuilder(phone.Length);
        foreach (var letter in NotDialed().Replace(phone, ""))
            if (char.IsDigit(letter))
                digits.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(letter)));
        return digits.ToString();
    }

    public static string Reversed(string digits) => string.Create(digits.Length, digits, static (reversed, forward) =>
    {
        forward.CopyTo(reversed);
        reversed.Reverse();
    });

    /// <summary>
    /// The possible endings of the stored number, reversed. A leading 0 may be dialed at home only (<c>030 901820</c>), be part of an
    /// international prefix (<c>0044 20 …</c>, <c>011 44 20 …</c>), or belong to the number (Italy).
    /// </summary>
    public static string[] Endings(string digits)
    {
        var endings = new List<string> { digits };
        if (digits.Length >= LongEnoughForATrunkZero)
            endings.Add(digits.TrimStart('0'));
        if (digits.Length >= LongEnoughForAbroad)
            endings.AddRange(toAbroad.Where(prefix => digits.StartsWith(prefix, StringComparison.Ordinal))
                .Select(prefix => digits[prefix.Length..]));
        return [.. endings.Where(ending => ending.Length > 0).Distinct().Select(Reversed)];
    }
}
