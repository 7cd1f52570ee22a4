using System.Globalization;
using System.Text;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>Where the searched terms are in what is shown: the same rules as the search itself, for the eye only.</summary>
static class Match
{
    /// <summary><c>muller an</c> marks <c>Müller</c> and the first letters of <c>Anna</c>.</summary>
    public static IEnumerable<Range> InName(string text, string? searched)
    {
        var words = Words(searched ?? "").Select(word => Fold((searched ?? "")[word])).ToList();
        foreach (var word in Words(text))
        {
            var (start, end) = (word.Start.Value, word.End.Value);
            var longest = words.Where(wanted => Fold(text[word]).StartsWith(wanted, StringComparison.Ordinal)).Select(wanted => wanted.Length).DefaultIfEmpty().Max();
            if (longest == 0)
                continue;
            // A letter may fold into two (ß) and an accent into none.
            var to = start;
            while (to < end && Fold(text[start..to]).Length < longest)
                to++;
            yield return start..to;
        }
    }

    public static IEnumerable<Range> InEmail(string text, string? searched) =>
        searched?.Trim() is { Length: > 0 } start && text.StartsWith(start, StringComparison.OrdinalIgnoreCase) ? [new(0, start.Length)] : [];

    /// <summary>The last digits, whatever stands between them: <c>5550101</c> marks <c>+1 512-<b>555-0101</b></c>.</summary>
    public static IEnumerable<Range> InPhone(string text, string? searched)
    {
        var wanted = (searched ?? "").Where(char.IsAsciiDigit).Reverse().ToArray();
        var at = text.Length;
        foreach (var digit in wanted)
        {
            do
                at--;
            while (at >= 0 && !char.IsAsciiDigit(text[at]));
            if (at < 0 || text[at] != digit)
                return [];
        }
        return wanted.Length > 0 ? [new(at, text.Length)] : [];
    }

    public static IEnumerable<(string Part, bool Matches)> Parts(string text, IEnumerable<Range> ranges)
    {
        var at = 0;
        foreach (var range in ranges)
        {
            var (from, length) = range.GetOffsetAndLength(text.Length);
            if (from > at)
                yield return (text[at..from], false);
            yield return (text.Substring(from, length), true);
            at = from + length;
        }
        if (at < text.Length)
            yield return (text[at..], false);
    }

    static IEnumerable<Range> Words(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var start = at;
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || char.GetUnicodeCategory(text[at]) == UnicodeCategory.NonSpacingMark))
                at++;
            if (at > start)
                yield return start..at;
        }
    }

    static string Fold(string text) =>
        string.Concat(text.Normalize(NormalizationForm.FormKD).Where(letter => char.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)).ToLowerInvariant();
}
