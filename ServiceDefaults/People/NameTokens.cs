using System.Globalization;
using System.Text;

namespace EnterprisePortal.ServiceDefaults.People;

/// <summary>
/// The words of a name in the form in which they are compared: <c>"O'Brien-Núñez, María"</c> is <c>obrien nunez maria</c>. Letters and
/// digits of any script are kept, so a word never needs escaping in a LIKE pattern. The family index, the marks on its page and the Office
/// Portal's own search share it.
/// </summary>
public static class NameTokens
{
    /// <summary>Raise it when the rules for words change: the index then rebuilds the keys of the names it holds.</summary>
    public const short Rule = 2;

    /// <summary>Keep a hostile name from filling the index: n words make n² keys.</summary>
    const int MostWords = 8, LongestWord = 40;

    /// <summary>The most letters of an East Asian family name or first name.</summary>
    const int LongestFamilyName = 4;

    /// <summary>
    /// Part of a word but not a letter, whatever Unicode says: apostrophes, primes and half rings, which keyboards and lists use
    /// interchangeably (<c>O'Hara, OʼHara, Kaʻiulani, Baháʾí</c>), and the Catalan dot (<c>Gal·la</c>).
    /// </summary>
    static bool IsApostrophe(int letter) => letter is '\'' or '`' or '´' or '·' or 0x2018 or 0x2019 or 0x201B or 0x2032 or 0x2035 or 0xFF07
        or >= 0x02B9 and <= 0x02C1 or 0x02C8 or 0x02CA or 0x02CB or 0x055A or 0x05F3 or 0xA78B or 0xA78C;

    /// <summary>
    /// Invisible, so nobody types it: soft hyphens, zero-width spaces, direction marks; the Arabic line that stretches a word; Hangul
    /// fillers.
    /// </summary>
    static bool IsUnseen(int letter, UnicodeCategory category) =>
        category == UnicodeCategory.Format || letter is 0x0640 or 0x115F or 0x1160 or 0x3164 or 0xFFA0;

    /// <summary>Part of a word, though not necessarily a letter.</summary>
    public static bool IsInWord(char letter) => char.IsLetterOrDigit(letter) || IsApostrophe(letter) || char.GetUnicodeCategory(letter) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Format;

    public static bool StartsPart(string text, int at) => at == 0 || IsApostrophe(text[at - 1]);

    /// <summary>The words as written.</summary>
    public static List<string> Of(string? name) => Read(name, []);

    /// <summary>
    /// All words by which a stored name can be found: also the part after an apostrophe (<c>O'Brien: obrien brien</c>), <c>O Brien</c> as
    /// one word, and names written without a space, family name first or last (<c>小明 王: 王小明 小明王</c>).
    /// </summary>
    public static List<string> ToFind(string? name)
    {
        var endings = new List<string>();
        var words = Read(name, endings);
        for (var at = 0; at + 1 < words.Count; at++)
            if (words[at] == "o")
                endings.Add(Shorten("o" + words[at + 1]));
        return [.. words.Concat(endings).Concat(Unspaced(words)).Distinct().Take(MostWords)];
    }

    /// <summary>The words typed, longest first. A word that only begins another adds nothing: <c>mar mary</c> is <c>mary</c>.</summary>
    public static List<string> OfSearch(string? name)
    {
        var words = Of(name).Distinct().ToList();
        words.RemoveAll(word => words.Exists(longer => longer.Length > word.Length && longer.StartsWith(word, StringComparison.Ordinal)));
        words.Sort((a, b) => a.Length != b.Length ? b.Length - a.Length : string.CompareOrdinal(a, b));
        return words;
    }

    /// <summary>
    /// Two letters identify somebody, or one in scripts where a family name is often a single letter: <c>王</c>, <c>이</c>.
    /// </summary>
    public static bool AreEnough(List<string> words) => words.Sum(word => word.Length) > 1 || words.Exists(IsEastern);

    /// <summary>Consists of Han, Hangul and Kana letters only.</summary>
    public static bool IsEastern(string word) => word.EnumerateRunes().All(letter => letter.Value is
        >= 0x1100 and <= 0x11FF or >= 0x2E80 and <= 0x2FDF or 0x3005 or 0x3007 or >= 0x3041 and <= 0x318F or >= 0x31F0 and <= 0x31FF
        or >= 0x3400 and <= 0x9FFF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x3FFFF);

    /// <summary>Its first two letters: <c>mary</c> is <c>ma</c>.</summary>
    public static string Start(string word)
    {
        var runes = word.EnumerateRunes();
        var length = 0;
        for (var taken = 0; taken < 2 && runes.MoveNext(); taken++)
            length += runes.Current.Utf16SequenceLength;
        return word[..length];
    }

    /// <param name="endings">Receives the part after each apostrophe inside a word.</param>
    static List<string> Read(string? name, List<string> endings)
    {
        var words = new List<string>();
        if (string.IsNullOrEmpty(name))
            return words;
        var (word, parts) = (new StringBuilder(), new List<int>());
        foreach (var letter in Decompose(name).EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(letter);
            if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark || IsUnseen(letter.Value, category))
                continue;
            if (IsApostrophe(letter.Value))
                parts.Add(word.Length);
            else if (Rune.IsLetterOrDigit(letter) || category == UnicodeCategory.SpacingCombiningMark)
                Fold(letter, word);
            else
                End();
        }
        End();
        return words;

        void End()
        {
            if (word.Length > 0 && words.Count < MostWords)
            {
                words.Add(Shorten(word.ToString()));
                endings.AddRange(parts.Where(at => at > 0 && at < word.Length).Select(at => Shorten(word.ToString(at, word.Length - at))));
            }
            word.Clear();
            parts.Clear();
        }
    }

    /// <summary>
    /// The name as one word, beginning with each of its words; if it is one word already, also with each letter at which the first name may
    /// begin.
    /// </summary>
    static IEnumerable<string> Unspaced(List<string> words)
    {
        var parts = words.FindAll(IsEastern);
        if (parts is [var whole])
        {
            var starts = StringInfo.ParseCombiningCharacters(whole);
            parts = [.. starts.Zip([.. starts[1..], whole.Length], (from, to) => whole[from..to])];
        }
        return parts.Count < 2 ? [] : Enumerable.Range(0, Math.Min(parts.Count, LongestFamilyName + 1))
            .Select(first => Shorten(string.Concat(parts.Skip(first).Concat(parts.Take(first)))));
    }

    static string Decompose(string name)
    {
        // Unicode decomposes this apostrophe into a space with an accent.
        var text = name.Replace('´', '\'');
        try
        {
            return text.Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair is no letter, wherever it came from.
            return string.Concat(text.EnumerateRunes().Select(rune => rune.ToString())).Normalize(NormalizationForm.FormKD);
        }
    }

    /// <summary>Letters that Unicode does not decompose, but that people type without their mark, or on another keyboard.</summary>
    public static void Fold(Rune letter, StringBuilder word)
    {
        var lower = Rune.ToLowerInvariant(letter);
        _ = lower.Value switch
        {
            'ß' => word.Append("ss"),
            'æ' => word.Append("ae"),
            'œ' => word.Append("oe"),
            'þ' => word.Append("th"),
            'ŋ' => word.Append('n'),
            'ø' or 'ɔ' => word.Append('o'),
            'ł' => word.Append('l'),
            'đ' or 'ð' or 'ɗ' or 'ɖ' => word.Append('d'),
            'ħ' => word.Append('h'),
            'ı' => word.Append('i'),
            'ŧ' => word.Append('t'),
            'ɓ' => word.Append('b'),
            'ƙ' or 'ĸ' => word.Append('k'),
            'ƴ' => word.Append('y'),
            // As in passports (ICAO 9303): Əliyev is Eliyev.
            'ə' or 'ǝ' or 'ɛ' => word.Append('e'),
            'ς' => word.Append('σ'),
            // Persian and Arabic keyboards have a different letter for the same sound.
            'ی' or 'ى' => word.Append('ي'),
            'ک' => word.Append('ك'),
            _ => word.Append(lower.ToString())
        };
    }

    static string Shorten(string word) =>
        word.Length <= LongestWord ? word : word[..(char.IsHighSurrogate(word[LongestWord - 1]) ? LongestWord - 1 : LongestWord)];
}
