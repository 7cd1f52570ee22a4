using PhoneNumbers;

namespace EnterprisePortal.ServiceDefaults.People;

/// <summary>
/// Reads a phone number, as people and phone exchanges write it, as E.164. It may have several readings; a number that can be assigned
/// (valid) is preferred to one that only has a possible number of digits (possible): in Australia <c>0061412345678</c> is
/// <c>+61412345678</c>, never <c>+61061412345678</c>.
/// </summary>
public static class PhoneReading
{
    static readonly PhoneNumberUtil numbers = PhoneNumberUtil.GetInstance();

    /// <param name="country">ISO 3166 alpha-2: what <c>0301 2345</c> means depends on it.</param>
    /// <returns>null if it is no phone number there: too short, too long, or without its area code.</returns>
    public static string? E164(string written, string country) =>
        Valid(written, country) ?? Format(Readings(written, country).FirstOrDefault(IsPossible));

    /// <returns>null if it cannot be an assigned number.</returns>
    public static string? Valid(string written, string country) => Format(Readings(written, country).FirstOrDefault(numbers.IsValidNumber));

    /// <returns>The number as that country writes it: <c>(512) 555-0142</c>, and <c>+44 20 7946 0958</c> for numbers from
    /// elsewhere.</returns>
    public static string ReadOut(string e164, string country)
    {
        var number = numbers.Parse(e164, country);
        var isFromThere = number.CountryCode == numbers.GetCountryCodeForRegion(country);
        return numbers.Format(number, isFromThere ? PhoneNumberFormat.NATIONAL : PhoneNumberFormat.INTERNATIONAL);
    }

    /// <summary>
    /// In full without its plus; as dialed inside that country; with the international prefix 00, even where another is used. Where people
    /// dial a 0 before an area code, digits without that 0 that begin with the country's own code are read in full first; elsewhere they
    /// are read as dialed first.
    /// </summary>
    static IEnumerable<PhoneNumber> Readings(string written, string country)
    {
        var text = written.Trim();
        var isInFull = text.StartsWith($"{numbers.GetCountryCodeForRegion(country)}", StringComparison.Ordinal);
        string?[] readings =
        [
            isInFull && numbers.GetNddPrefixForRegion(country, true) == "0" ? "+" + text : null,
            text,
            text.StartsWith("00", StringComparison.Ordinal) ? "+" + text.TrimStart('0') : null,
            isInFull ? "+" + text : null
        ];
        return readings.OfType<string>().Select(reading => Parse(reading, country)).OfType<PhoneNumber>();
    }

    static PhoneNumber? Parse(string text, string country)
    {
        try
        {
            return numbers.Parse(text, country);
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    static bool IsPossible(PhoneNumber number) =>
        numbers.IsPossibleNumberWithReason(number) == PhoneNumberUtil.ValidationResult.IS_POSSIBLE;

    static string? Format(PhoneNumber? number) => number is null ? null : numbers.Format(number, PhoneNumberFormat.E164);
}
