using System.Globalization;
using System.Text;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>
/// The words of a name as they are compared: <c>"O'Brien-Núñez, María"</c> is <c>o brien nunez maria</c>. Letters and digits of any script
/// stay, so a word never needs escaping in a LIKE pattern.
/// </summary>
public static class NameTokens
{
    /// <summary>Keeps a hostile name from filling the index: n words make n² keys.</summary>
    const int MostWords = 8, LongestWord = 40;

    public static List<string> Of(string? name)
    {
        var words = new List<string>();
        if (string.IsNullOrEmpty(name))
            return words;
        var word = new StringBuilder();
        foreach (var letter in Decompose(name).EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(letter);
            if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
                continue;
            if (Rune.IsLetterOrDigit(letter) || category == UnicodeCategory.SpacingCombiningMark)
                Fold(letter, word);
            else
                End();
        }
        End();
        return words;

        void End()
        {
            if (word.Length > 0 && words.Count < MostWords)
                words.Add(Shorten(word));
            word.Clear();
        }
    }

    /// <summary>The words a person typed, the longest first. One that only begins another says nothing more: <c>mar mary</c> is <c>mary</c>.</summary>
    public static List<string> OfSearch(string? name)
    {
        var words = Of(name).Distinct().ToList();
        words.RemoveAll(word => words.Exists(longer => longer.Length > word.Length && longer.StartsWith(word, StringComparison.Ordinal)));
        words.Sort((a, b) => a.Length != b.Length ? b.Length - a.Length : string.CompareOrdinal(a, b));
        return words;
    }

    /// <summary>Its first two letters: <c>mary</c> is <c>ma</c>.</summary>
    public static string Start(string word)
    {
        var runes = word.EnumerateRunes();
        var length = 0;
        for (var taken = 0; taken < 2 && runes.MoveNext(); taken++)
            length += runes.Current.Utf16SequenceLength;
        return word[..length];
    }

    static string Decompose(string name)
    {
        try
        {
            return name.Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair: whoever sent it, it is no letter.
            return string.Concat(name.EnumerateRunes().Select(rune => rune.ToString())).Normalize(NormalizationForm.FormKD);
        }
    }

    /// <summary>Letters that Unicode does not take apart, but that people type without their mark.</summary>
    internal static void Fold(Rune letter, StringBuilder word)
    {
        var lower = Rune.ToLowerInvariant(letter);
        _ = lower.Value switch
        {
            'ß' => word.Append("ss"),
            'æ' => word.Append("ae"),
            'œ' => word.Append("oe"),
            'þ' => word.Append("th"),
            'ø' => word.Append('o'),
            'ł' => word.Append('l'),
            'đ' or 'ð' => word.Append('d'),
            'ħ' => word.Append('h'),
            'ı' => word.Append('i'),
            'ς' => word.Append('σ'),
            _ => word.Append(lower.ToString())
        };
    }

    static string Shorten(StringBuilder word) =>
        word.Length <= LongestWord ? word.ToString() : word.ToString(0, char.IsHighSurrogate(word[LongestWord - 1]) ? LongestWord - 1 : LongestWord);
}
