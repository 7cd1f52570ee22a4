using PhoneNumbers;

namespace EnterprisePortal.ServiceDefaults.People;

/// <summary>
/// A phone number as people and exchanges write it, as E.164. It may be read in several ways; one that is a number somebody can have
/// (valid) comes before one that only has as many digits as there may be (possible): in Australia <c>0061412345678</c> is
/// <c>+61412345678</c>, never <c>+61061412345678</c>.
/// </summary>
public static class PhoneReading
{
    static readonly PhoneNumberUtil numbers = PhoneNumberUtil.GetInstance();

    /// <param name="country">ISO 3166 alpha-2: what <c>0301 2345</c> means depends on it.</param>
    /// <returns>null where it is no number there: too short, too long, or without its area code.</returns>
    public static string? E164(string written, string country) =>
        Valid(written, country) ?? Format(Readings(written, country).FirstOrDefault(IsPossible));

    /// <returns>null where nobody can have such a number.</returns>
    public static string? Valid(string written, string country) => Format(Readings(written, country).FirstOrDefault(numbers.IsValidNumber));

    /// <returns>As one says it in that country: <c>(512) 555-0142</c>, and <c>+44 20 7946 0958</c> for numbers from elsewhere.</returns>
    public static string ReadOut(string e164, string country)
    {
        var number = numbers.Parse(e164, country);
        var isFromThere = number.CountryCode == numbers.GetCountryCodeForRegion(country);
        return numbers.Format(number, isFromThere ? PhoneNumberFormat.NATIONAL : PhoneNumberFormat.INTERNATIONAL);
    }

    /// <summary>
    /// In full, only without its plus; as dialled in that country; to abroad with 00, also where one dials something else. Where people dial
    /// a 0 before an area code, digits without it that begin with the country's own code are in full; elsewhere they are as dialled first.
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
