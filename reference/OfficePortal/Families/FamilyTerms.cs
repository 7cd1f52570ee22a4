using EnterprisePortal.ServiceDefaults.People;

namespace EnterprisePortal.OfficePortal.Families;

/// <summary>
/// The terms typed into the FAMILIES search, made comparable: words, each the beginning of a name, by the rule of the portal's Family
/// Search (<see cref="NameTokens"/>), which opens this page; the beginning of an e-mail; the last digits of a phone number, however it was
/// written.
/// </summary>
public sealed record FamilyTerms(List<string>? Words, string? Email, string? Phone)
{
    public bool Any => Words is not null || Email is not null || Phone is not null;

    /// <returns>The terms, or the problem with them in words.</returns>
    public static (FamilyTerms Terms, string? Problem) Read(string? name, string? email, string? phone, string country)
    {
        var words = string.IsNullOrWhiteSpace(name) ? null : NameTokens.OfSearch(name);
        var digits = string.IsNullOrWhiteSpace(phone) ? null : Digits(phone, country);
        email = string.IsNullOrWhiteSpace(email) ? null : email.Trim().ToLowerInvariant();
        var problem = words is not null && !NameTokens.AreEnough(words) ? "Type at least two letters of the name."
            : email is { Length: < 3 } ? "Type at least three characters of the e-mail."
            : digits is { Length: < 4 } ? "Type at least four digits of the phone number." : null;
        return (new(words, email, digits), problem);
    }

    /// <summary>Whether every word begins a name of this guardian.</summary>
    public bool Name(string guardian)
    {
        var names = NameTokens.ToFind(guardian);
        return Words!.TrueForAll(word => names.Exists(name => name.StartsWith(word, StringComparison.Ordinal)));
    }

    /// <summary>
    /// <c>0044 20 7946 0958</c> and <c>tel:+442079460958</c> both become <c>442079460958</c>; a few digits stay as they are.
    /// </summary>
    static string Digits(string phone, string country) =>
        PhoneReading.Valid(phone, country)?[1..] ?? string.Concat(phone.Where(char.IsAsciiDigit));
}
