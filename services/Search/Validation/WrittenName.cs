using System.Globalization;
using System.Numerics;
using System.Text;
using EnterprisePortal.ServiceDefaults.People;

namespace EnterprisePortal.Search.Validation;

/// <summary>
/// A name in the form in which it is compared: <c>"Parent &amp; Tot  2A"</c> has the words <c>parent and tot 2 a</c>. Its numbers are its
/// <see cref="Mark"/>: names with different numbers are never compared.
/// </summary>
sealed class WrittenName
{
    const int MostWords = 24;

    WrittenName(string text, List<string> words)
    {
        Text = text;
        Words = words;
        Mark = string.Join(' ', words.Where(IsMark));
        Letters = string.Concat(words.Where(word => word != "and"));
        foreach (var letter in Letters)
        {
            // Two bits for each of 32 letters: none, one, more. Two names differ in at most twice as many bits as letters.
            var at = letter % 32 * 2;
            sketch |= (sketch >> at & 1) == 0 ? 1UL << at : 2UL << at;
        }
    }

    readonly ulong sketch;

    public string Text { get; }
    public List<string> Words { get; }
    public string Mark { get; }
    public string Letters { get; }

    /// <summary>One reading; two if a small L may stand for 1 or for I.</summary>
    public static IEnumerable<WrittenName> Readings(string text)
    {
        var words = Split(text);
        if (!words.Exists(IsSmallLs))
            return [new(text, words)];
        return [new(text, words.ConvertAll(word => IsSmallLs(word) ? Ones(word) : word)),
            new(text, words.ConvertAll(word => IsSmallLs(word) ? Ones(word).Replace('1', 'i') : word))];

        static string Ones(string ls) => new('1', ls.Length);
    }

    public bool MayBeNear(WrittenName other, int letters) => BitOperations.PopCount(sketch ^ other.sketch) <= 2 * letters;

    static bool IsMark(string word) => !char.IsLetter(word[0]) || IsRoman(word);

    internal static bool IsRoman(string word) =>
        word is "ii" or "iii" or "iv" or "vi" or "vii" or "viii" or "ix" or "xi" or "xii" or "xiii" or "xiv" or "xv" or "xvi" or "xx";

    // Split keeps these in upper case, and everything else in lower.
    static bool IsSmallLs(string word) => word is "L" or "LL" or "LLL";

    static List<string> Split(string text)
    {
        var words = new List<string>();
        var runes = Lookalikes.Fold(Decomposed(text)).EnumerateRunes()
            .Where(rune => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)).ToArray();
        var run = new StringBuilder();
        for (var at = 0; at < runes.Length && words.Count < MostWords; at++)
            if (Rune.IsLetterOrDigit(runes[at]))
                run.Append(runes[at].ToString());
            else if (!IsPartOfWord(at))
            {
                End();
                if (runes[at].Value == '&' || runes[at].Value == '+' && JoinsWords(at))
                    words.Add("and");
                else if (runes[at].Value is '+' or '%' or '<' or '>' or '≤' or '≥')
                    words.Add(runes[at].ToString());
            }
        End();
        return words;

        void End()
        {
            foreach (var word in Parts(Lookalikes.Digits(run.ToString())))
                words.Add(word);
            run.Clear();
        }

        // Tumbler's, N.S.F.
        bool IsPartOfWord(int at) => runes[at].Value is '\'' or '’' or '‘' or '`'
            || runes[at].Value == '.' && at > 0 && at + 1 < runes.Length && Rune.IsLetter(runes[at - 1]) && Rune.IsLetter(runes[at + 1]);

        // Level 1+ is a level of its own, Parent + Me is Parent & Me.
        bool JoinsWords(int at) => Array.Exists(runes[..at], Rune.IsLetter) && Array.Exists(runes[(at + 1)..], Rune.IsLetter);
    }

    /// <summary><c>Shark2</c> is <c>shark 2</c> and <c>CampAM</c> is <c>camp am</c>; a digit that looks like a letter belongs to the word
    /// it is in: <c>dolph1n</c>.</summary>
    static IEnumerable<string> Parts(string run)
    {
        if (run is "l" or "ll" or "lll")
        {
            yield return run.ToUpperInvariant();
            yield break;
        }
        for (int start = 0, at = 1; at <= run.Length; at++)
            if (at == run.Length || char.IsLower(run[at - 1]) && char.IsUpper(run[at])
                || char.IsDigit(run[at]) != char.IsDigit(run[at - 1]) && !IsInside(run, at) && !IsInside(run, at - 1))
            {
                var word = new StringBuilder();
                foreach (var letter in run[start..at].EnumerateRunes())
                    NameTokens.Fold(letter, word);
                yield return word.ToString();
                start = at;
            }
    }

    static bool IsInside(string run, int at) => at > 0 && at + 1 < run.Length && (run[at] is '0' or '1' or '5')
        && char.IsLetter(run[at - 1]) && char.IsLetter(run[at + 1]) && char.IsUpper(run[at - 1]) == char.IsUpper(run[at + 1]);

    static string Decomposed(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            return string.Concat(text.Where(letter => !char.IsSurrogate(letter))).Normalize(NormalizationForm.FormKD);
        }
    }
}
