namespace EnterprisePortal.Search.Validation;

/// <summary>
/// Whether and how a word is a miswritten form of another. Our own code instead of a library's distance: it matters which letters differ,
/// where, and whether either is a word that people know, and the page says so in words.
/// </summary>
/// <param name="Cost">Serves to choose the nearest of several.</param>
/// <param name="Why">In words: <c>“q” for “g”</c>.</param>
/// <param name="IsOneWord">Whatever the number of uses: its plural, its other spelling, or a word that sounds the same.</param>
sealed record WordSlip(int Cost, string Why, bool IsOneWord)
{
    const int LongWord = 8, VeryLongWord = 10, StrangeWord = 6, LongEnoughToSound = 5;

    /// <summary>Adjacent keys, row by row.</summary>
    static readonly string[] keys = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

    /// <param name="word">The possibly miswritten word.</param>
    /// <returns>null if they are two words.</returns>
    public static WordSlip? Between(string word, string right)
    {
        if (KnownWords.IsManyOf(word, right))
            return new(1, $"“{word}” is the plural of “{right}”", true);
        if (KnownWords.IsManyOf(right, word))
            return new(1, $"“{word}” is the singular of “{right}”", true);
        if (KnownWords.AreForms(word, right))
            return new(1, $"“{word}” is written “{right}”", true);
        var shortest = Math.Min(word.Length, right.Length);
        var areTwoWords = KnownWords.Differ(word, right) || IsEndingOf(word, right) || IsEndingOf(right, word);
        if (areTwoWords || shortest < 3 || WrittenName.IsRoman(word) || WrittenName.IsRoman(right))
            return null;

        var known = KnownWords.Contains(word) || KnownWords.Contains(right);
        var soundAlike = known && shortest >= LongEnoughToSound && EnglishSound.Of(word) == EnglishSound.Of(right);
        if (Edits(word, right) is { } edits && IsLikely(shortest, known, edits))
            return new(2 * edits.Count, string.Join(", ", edits.Select(edit => edit.InWords)), soundAlike);
        return soundAlike ? new(5, $"“{word}” sounds like “{right}”", true) : null;
    }

    static bool IsLikely(int shortest, bool known, List<Edit> edits)
    {
        if (edits.Exists(edit => edit.HasDigit && !edit.IsLookalike))
            return false;
        if (edits.TrueForAll(edit => edit.IsLookalike))
            return true;
        return edits is [var only] ? IsLikelyAlone(shortest, known, only) : AreLikelyTogether(shortest, known, edits);
    }

    static bool IsLikelyAlone(int shortest, bool known, Edit only)
    {
        var isShort = shortest == 3;
        var isInFewWords = only.Kind is Kind.Swapped or Kind.Doubled;
        if (only.At > 0)
            return known ? !isShort || isInFewWords : shortest >= StrangeWord;
        // People rarely get the first letter wrong, but many words differ in nothing else: boys, toys.
        if (!known || isShort)
            return false;
        return only.Kind != Kind.Other || shortest >= StrangeWord && AreNeighbors(only.Letters[0], only.Instead[0]);
    }

    static bool AreLikelyTogether(int shortest, bool known, List<Edit> edits)
    {
        var areTelling = known && edits.Exists(edit => edit.Kind != Kind.Other);
        return edits.TrueForAll(edit => edit.At > 0) && shortest >= (areTelling ? LongWord : VeryLongWord);
    }

    /// <summary>Another word derived from the same one: <c>tumble, tumbler</c>.</summary>
    static bool IsEndingOf(string longer, string shorter) =>
        longer.StartsWith(shorter, StringComparison.Ordinal) && KnownWords.Contains(shorter)
        && longer[shorter.Length..] is "r" or "er" or "or" or "y" or "ed" or "al" or "ly";

    static bool AreNeighbors(char one, char other) =>
        Array.Exists(keys, row => row.IndexOf(one) is >= 0 and var at && row.IndexOf(other) is >= 0 and var beside
            && Math.Abs(at - beside) == 1);

    enum Kind { Swapped, Missing, Extra, Doubled, Other }

    /// <param name="At">Position in the right word.</param>
    /// <param name="Letters">As written; <paramref name="Instead"/> is what they should be.</param>
    sealed record Edit(Kind Kind, int At, string Letters, string Instead)
    {
        public bool HasDigit => (Letters + Instead).Any(char.IsDigit);
        public bool IsLookalike => Kind == Kind.Other && Lookalikes.Pair(Letters[0], Instead[0]);

        public string InWords => Kind switch
        {
            Kind.Swapped => $"“{Letters}” for “{Instead}”, two letters changed places",
            Kind.Missing => $"“{Instead}” is missing",
            Kind.Extra => $"“{Letters}” too many",
            Kind.Doubled => Letters.Length > 0 ? $"a double “{Letters}”" : $"a single “{Instead}” for a double one",
            _ => IsLookalike ? $"“{Letters}” for “{Instead}”, which looks like it" : $"“{Letters}” for “{Instead}”"
        };
    }

    /// <summary>The fewest edits that turn one into the other (Damerau and Levenshtein); null if there are more than two.</summary>
    static List<Edit>? Edits(string word, string right)
    {
        if (Math.Abs(word.Length - right.Length) > 2)
            return null;
        var costs = new int[word.Length + 1, right.Length + 1];
        for (var i = 0; i <= word.Length; i++)
            for (var j = 0; j <= right.Length; j++)
                costs[i, j] = Cost(i, j);
        if (costs[word.Length, right.Length] > 2)
            return null;

        var edits = new List<Edit>();
        for (var (i, j) = (word.Length, right.Length); i > 0 || j > 0;)
            if (i > 0 && j > 0 && word[i - 1] == right[j - 1] && costs[i, j] == costs[i - 1, j - 1])
                (i, j) = (i - 1, j - 1);
            else if (AreSwapped(i, j) && costs[i, j] == costs[i - 2, j - 2] + 1)
            {
                edits.Insert(0, new(Kind.Swapped, j - 2, word[(i - 2)..i], right[(j - 2)..j]));
                (i, j) = (i - 2, j - 2);
            }
            else if (i > 0 && costs[i, j] == costs[i - 1, j] + 1)
            {
                edits.Insert(0, new(IsDouble(word, i - 1) ? Kind.Doubled : Kind.Extra, j, word[(i - 1)..i], ""));
                i--;
            }
            else if (j > 0 && costs[i, j] == costs[i, j - 1] + 1)
            {
                edits.Insert(0, new(IsDouble(right, j - 1) ? Kind.Doubled : Kind.Missing, j - 1, "", right[(j - 1)..j]));
                j--;
            }
            else
            {
                edits.Insert(0, new(Kind.Other, j - 1, word[(i - 1)..i], right[(j - 1)..j]));
                (i, j) = (i - 1, j - 1);
            }
        return edits;

        int Cost(int i, int j)
        {
            if (i == 0 || j == 0)
                return i + j;
            var moved = Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1;
            var changed = costs[i - 1, j - 1] + (word[i - 1] == right[j - 1] ? 0 : 1);
            var swapped = AreSwapped(i, j) ? costs[i - 2, j - 2] + 1 : int.MaxValue;
            return Math.Min(moved, Math.Min(changed, swapped));
        }

        bool AreSwapped(int i, int j) =>
            i > 1 && j > 1 && word[i - 1] == right[j - 2] && word[i - 2] == right[j - 1] && word[i - 1] != word[i - 2];

        // From the end, the second of two equal letters is the one that is right.
        static bool IsDouble(string word, int at) => at + 1 < word.Length && word[at + 1] == word[at];
    }
}
