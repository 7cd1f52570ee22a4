using System.ComponentModel.DataAnnotations;

namespace EnterprisePortal.Contracts.Http;

/// <summary>
/// Text as people type it: without control characters, and without characters that reverse the text after them. A name with U+202E rewrites
/// the rest of its line on every page that shows it. Marks that scripts need (U+200C–200F) stay.
/// </summary>
public static class PlainText
{
    public static bool IsPlain(string text) => !text.Any(IsOdd);

    /// <returns>The text without such characters.</returns>
    public static string Of(string text) => IsPlain(text) ? text : string.Concat(text.Where(letter => !IsOdd(letter)));

    static bool IsOdd(char letter) => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')
        || letter is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}

/// <summary>A name in a body with such characters is refused, since silently dropping them would store another name.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PlainTextAttribute() : ValidationAttribute(Words)
{
    public const string Words = "Control characters, and characters that turn the direction of the text, cannot be part of this.";

    public override bool IsValid(object? value) =>
        value is not string text || PlainText.IsPlain(text) && !text.AsSpan().ContainsAny('\n', '\r', '\t');
}
