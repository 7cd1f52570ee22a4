using System.Globalization;
using System.Text;
using PhoneNumbers;

namespace EnterprisePortal.OfficePortal.Families;

/// <summary>
/// What somebody typed into the FAMILIES search, made comparable: words without accents and case, each the beginning of a name;
/// an e-mail from its start; a phone number by its last digits, however it was written.
/// </summary>
public sealed record FamilyTerms(string[]? Words, string? Email, string? Phone)
{
    public bool Any => Words is not null || Email is not null || Phone is not null;

    /// <returns>The terms, or what is wrong with them in words.</returns>
    public static (FamilyTerms Terms, string? Problem) Read(string? name, string? email, string? phone, string country)
    {
        var words = string.IsNullOrWhiteSpace(name) ? null : Fold(name).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var digits = string.IsNullOrWhiteSpace(phone) ? null : Digits(phone, country);
        email = string.IsNullOrWhiteSpace(email) ? null : email.Trim().ToLowerInvariant();
        var problem = words is not null && words.Sum(word => word.Length) < 2 ? "Type at least two letters of the name."
            : email is { Length: < 3 } ? "Type at least three characters of the e-mail."
            : digits is { Length: < 4 } ? "Type at least four digits of the phone number." : null;
        return (new(words, email, digits), problem);
    }

    /// <summary><c>Núñez-O'Brien</c> becomes <c>nunez o brien</c>; <see cref="FindFamilies"/> does the same in SQL.</summary>
    static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text.Normalize(NormalizationForm.FormD))
            if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
                folded.Append(char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' ');
        return folded.ToString();
    }

    /// <summary><c>0044 20 7946 0958</c> and <c>tel:+442079460958</c> alike end in <c>442079460958</c>; a few digits stay what they are.</summary>
    static string Digits(string phone, string country)
    {
        try
        {
            var number = PhoneNumberUtil.GetInstance().Parse(phone, country);
            if (PhoneNumberUtil.GetInstance().IsValidNumber(number))
                return PhoneNumberUtil.GetInstance().Format(number, PhoneNumberFormat.E164)[1..];
        }
        catch (NumberParseException)
        {
            // Part of a number: its digits are compared.
        }
        return string.Concat(phone.Where(char.IsAsciiDigit));
    }
}
