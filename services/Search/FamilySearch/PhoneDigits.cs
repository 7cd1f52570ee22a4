using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>The digits of a number however it is written, for a search by its ending: <c>(512) 555-0142 x7</c> is <c>5125550142</c>.</summary>
public static partial class PhoneDigits
{
    const int LongEnoughForATrunkZero = 7;

    [GeneratedRegex(@"\(\s*0\s*\)|(?:;?\s*ext|[x#;]).*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NotDialled();

    public static string Of(string? phone)
    {
        if (string.IsNullOrEmpty(phone))
            return "";
        var digits = new StringBuilder(phone.Length);
        foreach (var letter in NotDialled().Replace(phone, ""))
            if (char.IsDigit(letter))
                digits.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(letter)));
        return digits.ToString();
    }

    public static string Reversed(string digits) => string.Create(digits.Length, digits, static (reversed, forward) =>
    {
        forward.CopyTo(reversed);
        reversed.Reverse();
    });

    /// <summary>What a stored number may end in, reversed. A leading 0 may be dialled at home only (<c>030 901820</c>) or belong to the number (Italy).</summary>
    public static string[] Endings(string digits)
    {
        var dialled = digits.TrimStart('0');
        return digits.Length >= LongEnoughForATrunkZero && dialled.Length < digits.Length && dialled.Length > 0
            ? [Reversed(digits), Reversed(dialled)] : [Reversed(digits)];
    }
}
