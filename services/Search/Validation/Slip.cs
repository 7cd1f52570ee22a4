using System.Globalization;
using System.Text;

namespace EnterprisePortal.Search.Validation;

/// <summary>Whether and how one name is a miswritten form of another: by its words, else by the characters around them.</summary>
/// <param name="IsOneName">Whatever the number of accounts: the names differ only in spaces, case, plural or spelling.</param>
sealed record Slip(int Cost, string Why, bool IsOneName)
{
    /// <summary>A slip differs in no more letters than this.</summary>
    internal const int MostLetters = 3;

    const int MostWords = 2;

    /// <returns>null if they are two names, or identical.</returns>
    public static Slip? Between(WrittenName name, WrittenName right)
    {
        if (name.Text == right.Text || name.Mark != right.Mark || !name.MayBeNear(right, MostLetters) || name.Words.Count == 0)
            return null;
        if (name.Letters == right.Letters && IsTheSame(name.Words, right.Words))
            return new(0, Sentence(Form(name, right).Concat(Edges(name.Text, right.Text))), true);
        return Align(name.Words, 0, right.Words, 0, MostWords) is { Cost: > 0 } found
            ? new(found.Cost, Sentence(found.Whys.Concat(Edges(name.Text, right.Text))), found.IsOneName) : null;
    }

    // The same letters in the same order, however they are split into words; but a number must end where it ends.
    static bool IsTheSame(List<string> one, List<string> other) =>
        one.Contains("and") == other.Contains("and") && one.Count(IsNumber) == other.Count(IsNumber);

    static bool IsNumber(string word) => char.IsDigit(word[0]);

    sealed record Aligned(int Cost, string[] Whys, bool IsOneName);

    /// <summary>Aligns word by word from here on; some words may be wrong, two may be joined, or the “and” may be missing.</summary>
    static Aligned? Align(List<string> name, int i, List<string> right, int j, int mayDiffer)
    {
        if (i == name.Count && j == right.Count)
            return new(0, [], true);
        if (i < name.Count && j < right.Count && name[i] == right[j])
            return Align(name, i + 1, right, j + 1, mayDiffer);
        if (mayDiffer == 0)
            return null;
        Aligned? best = null;
        if (i < name.Count && name[i] == "and")
            Try(1, "“and” too many", i + 1, j);
        if (j < right.Count && right[j] == "and")
            Try(1, "“and” is missing", i, j + 1);
        if (i < name.Count && j < right.Count)
        {
            if (i + 1 < name.Count && name[i] + name[i + 1] == right[j])
                Try(1, $"“{name[i]} {name[i + 1]}” is one word", i + 2, j + 1);
            if (j + 1 < right.Count && right[j] + right[j + 1] == name[i])
                Try(1, $"“{name[i]}” is two words", i + 1, j + 2);
            if (!IsNumber(name[i]) && !IsNumber(right[j]) && WordSlip.Between(name[i], right[j]) is { } word)
                Try(word.Cost, word.Why, i + 1, j + 1, word.IsOneWord);
        }
        return best;

        void Try(int cost, string why, int nextInName, int nextInRight, bool isOneName = true)
        {
            if (Align(name, nextInName, right, nextInRight, mayDiffer - 1) is { } rest && (best is null || cost + rest.Cost < best.Cost))
                best = new(cost + rest.Cost, [why, .. rest.Whys], isOneName && rest.IsOneName);
        }
    }

    /// <summary>How two names with the same letters differ.</summary>
    static IEnumerable<string> Form(WrittenName name, WrittenName right)
    {
        var (one, other) = (And(name.Text), And(right.Text));
        if (Sign(name.Text) is var sign && Sign(right.Text) is var meant && sign != meant)
            yield return sign is null ? $"not written with “{meant}”" : $"“{sign}” for “{meant ?? "and"}”";
        else if (Only(Punctuation, one) != Only(Punctuation, other))
            yield return "other punctuation";
        else if (name.Words.Count != right.Words.Count)
            yield return name.Words.Count > right.Words.Count
                ? $"{InWords(name.Words.Count - right.Words.Count + 1)} words for one"
                : "one word for two";
        else if (Only(Space, one.Trim()) != Only(Space, other.Trim()))
            yield return Spaces(one.Trim(), other.Trim());
        if (Plain(one) != Plain(other))
            yield return Bare(one) == Bare(other) ? "other accents"
                : Bare(Lookalikes.Fold(one)) == Bare(Lookalikes.Fold(other)) ? "a letter of another alphabet that looks the same"
                : "letters or digits that only look the same";
        if (Cased(one) is var cased && Cased(other) is var otherwise && cased != otherwise
            && string.Equals(cased, otherwise, StringComparison.OrdinalIgnoreCase))
            yield return "other capital letters";
    }

    static string Spaces(string one, string other) =>
        (one + other).Any(IsInvisible) ? "an invisible character"
        : (one + other).Any(IsOddSpace) ? "a space of another kind"
        : one.Length > other.Length ? "a space too many" : "a space is missing";

    /// <summary>Invisible characters, so they are named in any case.</summary>
    static IEnumerable<string> Edges(string one, string other)
    {
        if (Edge(one[..^one.TrimStart().Length], other[..^other.TrimStart().Length], "beginning") is { } beginning)
            yield return beginning;
        if (Edge(one[one.TrimEnd().Length..], other[other.TrimEnd().Length..], "end") is { } end)
            yield return end;
    }

    static string? Edge(string spaces, string right, string place) =>
        spaces == right ? null
        : right.Length == 0 ? $"{(spaces.Length == 1 ? "a space" : "spaces")} at the {place}"
        : spaces.Length == 0 ? $"without the {(right.Length == 1 ? "space" : "spaces")} at the {place}"
        : $"other spaces at the {place}";

    static string Sentence(IEnumerable<string> whys) =>
        string.Join("; ", whys) is { Length: > 0 } all ? $"{char.ToUpperInvariant(all[0])}{all[1..]}." : "Written differently.";

    static string InWords(int number) => number == 2 ? "two" : "several";
    static string? Sign(string text) =>
        text.Contains('&', StringComparison.Ordinal) ? "&" : text.Contains('+', StringComparison.Ordinal) ? "+" : null;
    static string And(string text) => text.Replace("&", " and ", StringComparison.Ordinal).Replace("+", " and ", StringComparison.Ordinal);
    static string Only(Func<char, bool> kind, string text) => string.Concat(text.Where(kind));
    static bool Space(char letter) => char.IsWhiteSpace(letter) || IsInvisible(letter);
    static bool IsInvisible(char letter) =>
        char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.Control && !char.IsWhiteSpace(letter);
    static bool IsOddSpace(char letter) => char.IsWhiteSpace(letter) && letter != ' ';
    static bool Punctuation(char letter) => char.IsPunctuation(letter) || char.IsSymbol(letter);
    static string Plain(string text) => Only(char.IsLetterOrDigit, text.Normalize(NormalizationForm.FormKC)).ToUpperInvariant();
    static string Bare(string text) => Only(char.IsLetterOrDigit, text.Normalize(NormalizationForm.FormKD)).ToUpperInvariant();
    static string Cased(string text) => Only(char.IsLetter, Lookalikes.Fold(text.Normalize(NormalizationForm.FormKD)));
}
