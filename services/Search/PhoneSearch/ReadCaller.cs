using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EnterprisePortal.Search.PhoneSearch;

/// <summary>Reads a caller's number as telephony software sends it: <c>tel:+1-512-555-0142;ext=7</c>, <c>"Mary"
/// &lt;sip:5125550142@pbx&gt;</c>, <c>%2B1 (512) 555‑0142</c>.</summary>
public static partial class ReadCaller
{
    const int Longest = 250;

    // "Mary" <sip:5125550142@pbx>;tag=1 → sip:5125550142@pbx
    [GeneratedRegex("^[^<]*<([^<>]*)>.*$", RegexOptions.Singleline)]
    private static partial Regex Bracketed();

    // "SMITH MARY" 5125550142 → 5125550142
    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    // sip:5125550142@pbx;user=phone → 5125550142
    [GeneratedRegex(@"^(?:(?:tel|sips?|callto|phone|fax):(?://)?)?([^@]*)(?:@.*)?$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    // 5125550142;phone-context=+1 and 5125550142 ext. 7 → 5125550142
    [GeneratedRegex(@"\s*(?:;.*|,+\s*\d+|(?:e?xtn?|extension|x|#)[\s.:=]*\d{1,7}#?)\s*$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Extension();

    // What phone exchanges send for a withheld number: 0000000000, +1 999 999 9999.
    [GeneratedRegex(@"^\+?1?([0-9])\1*$")]
    private static partial Regex OneDigit();

    /// <returns>The dialed characters without everything around them; null if there is no number.</returns>
    public static string? Cleaned(string? phone)
    {
        if (string.IsNullOrWhiteSpace(phone) || phone.Length > Longest)
            return null;
        var text = Uri.UnescapeDataString(phone).Trim().TrimEnd('/');
        text = Bracketed().Replace(text, "$1");
        text = Quoted().Replace(text, "").Trim();
        text = Address().Replace(text, "$1").Trim();
        text = Extension().Replace(text, "").Trim();
        // A word is no number, even if phone keys could spell it: "anonymous", "unknown", "restricted".
        if (text.Any(char.IsLetter))
            return null;
        var plain = Plain(text);
        return plain.Length == 0 || plain.LastIndexOf('+') > 0 || OneDigit().IsMatch(plain) ? null : plain;
    }

    /// <summary>Digits of any script as ASCII, and plus signs.</summary>
    static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text)
            if (char.IsDigit(letter))
                plain.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(letter)));
            else if (letter is '+' or '＋')
                plain.Append('+');
        return plain.ToString();
    }
}
