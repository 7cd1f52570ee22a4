using EnterprisePortal.ServiceDefaults.People;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>A person's search criteria, ready to compare. A family must match all of them.</summary>
/// <param name="Words">Words of one guardian, in any order, each the beginning of a word; longest first.</param>
/// <param name="Email">The beginning of an e-mail, in lower case; empty: none.</param>
/// <param name="Phones">Endings, reversed; several if the number can be read in more than one way.</param>
sealed record Criteria(List<string> Words, string Email, string[] Phones)
{
    const int FewestCharacters = 3, FewestDigits = 4, LongestEmail = 254, LongestPhone = 20;

    /// <returns>null with <paramref name="errors"/> by field, in words for staff.</returns>
    internal static Criteria? Read(string? name, string? email, string? phone, Dictionary<string, string[]> errors)
    {
        var words = NameTokens.OfSearch(name);
        if (!string.IsNullOrWhiteSpace(name) && !NameTokens.AreEnough(words))
            errors["name"] = ["Enter at least 2 letters of the name."];

        var start = email?.Trim().ToLowerInvariant() ?? "";
        if (start.Length is > 0 and < FewestCharacters)
            errors["email"] = [$"Enter at least {FewestCharacters} characters of the e-mail."];
        else if (start.Length > LongestEmail || start.Any(char.IsControl))
            errors["email"] = ["This is not an e-mail."];

        var digits = PhoneDigits.Of(phone);
        if (!string.IsNullOrWhiteSpace(phone) && digits.Length < FewestDigits)
            errors["phone"] = [$"Enter at least {FewestDigits} digits of the phone number."];
        else if (digits.Length > LongestPhone)
            errors["phone"] = ["This is not a phone number."];

        if (errors.Count == 0 && words.Count == 0 && start.Length == 0 && digits.Length == 0)
            errors["name"] = ["Enter a name, an e-mail or a phone number."];
        return errors.Count > 0 ? null : new(words, start, PhoneDigits.Endings(digits));
    }
}
