using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PhoneNumbers;

namespace EnterprisePortal.Search.PhoneSearch;

/// <summary>Reads a caller's number as telephony software sends it: <c>tel:+1-512-555-0142;ext=7</c>, <c>"Mary" &lt;sip:5125550142@pbx&gt;</c>, <c>%2B1 (512) 555‑0142</c>.</summary>
public static partial class ReadCaller
{
    const int Longest = 250;
    static readonly PhoneNumberUtil numbers = PhoneNumberUtil.GetInstance();

    // "Mary" <sip:5125550142@pbx>;tag=1 → sip:5125550142@pbx
    [GeneratedRegex("^[^<]*<([^<>]*)>.*$", RegexOptions.Singleline)]
    private static partial Regex Bracketed();

    // "SMITH MARY" 5125550142 → 5125550142
    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    // sip:5125550142@pbx;user=phone → 5125550142
    [GeneratedRegex(@"^(?:(?:tel|sips?|callto|phone|fax):(?://)?)?([^@]*)(?:@.*)?$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    // 5125550142;phone-context=+1 and 5125550142 ext. 7 → 5125550142
    [GeneratedRegex(@"\s*(?:;.*|,+\s*\d+|(?:e?xtn?|extension|x|#)[\s.:=]*\d{1,7}#?)\s*$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Extension();

    /// <returns>The dialled characters with everything around them gone; null where there is no number.</returns>
    public static string? Cleaned(string? phone)
    {
        if (string.IsNullOrWhiteSpace(phone) || phone.Length > Longest)
            return null;
        var text = Uri.UnescapeDataString(phone).Trim().TrimEnd('/');
        text = Bracketed().Replace(text, "$1");
        text = Quoted().Replace(text, "").Trim();
        text = Address().Replace(text, "$1").Trim();
        text = Extension().Replace(text, "").Trim();
        // A word is no number, not even where its letters are on the keys: "anonymous", "unknown", "restricted".
        return text.Any(char.IsLetter) || Plain(text) is not { Length: > 0 } plain || plain.LastIndexOf('+') > 0 ? null : plain;
    }

    /// <param name="cleaned">From <see cref="Cleaned"/>.</param>
    /// <param name="country">ISO 3166 alpha-2, of the account that is asked: what <c>0301 2345</c> means depends on it.</param>
    /// <returns>E.164, or null where it is no number there: too short, too long, or without its area code.</returns>
    public static string? E164(string cleaned, string country) =>
        Parse(cleaned, country) ?? (cleaned.StartsWith("00", StringComparison.Ordinal) ? Parse("+" + cleaned.TrimStart('0'), country) : null);

    /// <returns>As one says it in that country: <c>(512) 555-0142</c>, and <c>+44 20 7946 0958</c> for numbers from elsewhere.</returns>
    public static string ReadOut(string e164, string country)
    {
        var number = numbers.Parse(e164, country);
        return numbers.Format(number, number.CountryCode == numbers.GetCountryCodeForRegion(country) ? PhoneNumberFormat.NATIONAL : PhoneNumberFormat.INTERNATIONAL);
    }

    static string? Parse(string text, string country)
    {
        try
        {
            var number = numbers.Parse(text, country);
            return numbers.IsPossibleNumberWithReason(number) == PhoneNumberUtil.ValidationResult.IS_POSSIBLE ? numbers.Format(number, PhoneNumberFormat.E164) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
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
