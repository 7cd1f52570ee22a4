using EnterprisePortal.ServiceDefaults.People;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>What a person looks for, ready to compare. Several criteria: only families that match all of them.</summary>
/// <param name="Words">Of one guardian, in any order, each a beginning; the longest first.</param>
/// <param name="Email">A beginning, in lower case; empty for none.</param>
/// <param name="Phones">Endings, reversed; more than one where the number can be read in two ways.</param>
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
        return errors.Count > 0 ? null : new(words, start, digits.Length > 0 ? PhoneDigits.Endings(digits) : []);
    }
}
