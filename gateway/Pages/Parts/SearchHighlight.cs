using EnterprisePortal.ServiceDefaults.People;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>Where the search terms occur in the shown text: by the rules of the search itself, for display only.</summary>
public static class SearchHighlight
{
    /// <summary>
    /// <c>muller an</c> marks <c>Müller</c> and the first letters of <c>Anna</c>; <c>brien</c> the end of <c>O'Brien</c>.
    /// </summary>
    public static IEnumerable<Range> InName(string text, string? searched)
    {
        var words = NameTokens.Of(searched);
        foreach (var word in Words(text))
        {
            var (start, end) = (word.Start.Value, word.End.Value);
            if (IsPartOfUnspaced(Fold(text[word]), words))
                yield return word;
            else if (Enumerable.Range(start, end - start).Where(at => at == start || NameTokens.StartsPart(text, at))
                .Select(at => Beginning(text, at, end, words)).FirstOrDefault(range => range is not null) is { } found)
                yield return found;
        }
    }

    static Range? Beginning(string text, int start, int end, List<string> words)
    {
        var folded = Fold(text[start..end]);
        var longest = words.Where(wanted => folded.StartsWith(wanted, StringComparison.Ordinal)).Max(wanted => (int?)wanted.Length) ?? 0;
        if (longest == 0)
            return null;
        // One letter may fold into two (ß), and an accent into none.
        var to = start;
        while (to < end && Fold(text[start..to]).Length < longest)
            to++;
        return start..to;
    }

    /// <summary><c>王小明</c> marks both <c>小明</c> and <c>王</c>.</summary>
    static bool IsPartOfUnspaced(string word, List<string> words) => word.Length > 0 && NameTokens.IsEastern(word)
        && words.Exists(wanted => wanted != word && (wanted.StartsWith(word, StringComparison.Ordinal)
            || wanted.EndsWith(word, StringComparison.Ordinal)));

    public static IEnumerable<Range> InEmail(string text, string? searched) =>
        searched?.Trim() is { Length: > 0 } start && text.StartsWith(start, StringComparison.OrdinalIgnoreCase)
            ? [new(0, start.Length)] : [];

    /// <summary>The last digits, whatever separates them: <c>5550101</c> marks <c>+1 512-<b>555-0101</b></c>.</summary>
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
            while (at < text.Length && NameTokens.IsInWord(text[at]))
                at++;
            if (at > start)
                yield return start..at;
        }
    }

    static string Fold(string text) => string.Concat(NameTokens.Of(text));
}
