namespace EnterprisePortal.Search.FamilySearch;

/// <summary>
/// The words that a person may have meant by this one. They are generated from the word and looked up in the index of the exact search, so
/// near names need no index of their own: nothing more to write at night, nothing that outlives an erased family.
/// </summary>
sealed class NearWords
{
    const int ShortestToEdit = 4, ShortestToSound = 3, LongestToEdit = 16, LongEnoughForTwo = 6;
    const string Latin = "abcdefghijklmnopqrstuvwxyz", Vowels = "aeiouy";

    /// <summary>Two spellings of the same sound.</summary>
    static readonly (string, string)[] sounds =
    [
        ("ph", "f"), ("ck", "k"), ("c", "k"), ("ch", "k"), ("q", "k"), ("qu", "kw"), ("x", "ks"), ("x", "cks"), ("cks", "ks"), ("s", "z"),
        ("c", "s"), ("sch", "sh"), ("sh", "ch"), ("tz", "z"), ("ts", "z"),
        ("th", "t"), ("dt", "tt"), ("gh", "g"), ("gh", ""), ("rh", "r"), ("wh", "w"), ("v", "w"), ("v", "f"), ("j", "g"), ("j", "y"),
        ("kn", "n"), ("wr", "r"), ("mc", "mac"), ("ie", "ei"), ("ie", "y"), ("ey", "y"), ("i", "y"),
        ("ee", "ea"), ("ee", "i"), ("ai", "ay"), ("ei", "ay"), ("ou", "u"), ("oo", "u"), ("au", "o"), ("ae", "a"), ("oe", "o"), ("ue", "u"),
        ("sen", "son"), ("nn", "n"), ("e", "")
    ];

    readonly Dictionary<string, (int Cost, string Why)> words = [];

    /// <param name="far">Also words with two mistakes. There are many more of them, so they are tried only if the nearer ones found
    /// nobody.</param>
    public NearWords(string typed, bool far)
    {
        foreach (var (name, why) in Nicknames.Of(typed))
            Add(name, 2, why);
        if (typed.Length < ShortestToSound || typed.Length > LongestToEdit
            || typed.Any(letter => char.IsDigit(letter) || char.IsSurrogate(letter)))
            return;
        var similar = $"similar to “{NearNames.Upper([typed])}”";
        var alike = Alike(typed).ToHashSet();
        foreach (var word in alike)
            Add(word, 4, similar);
        if (typed.Length >= ShortestToEdit)
            foreach (var word in Edited(typed))
                Add(word, word[0] == typed[0] ? 6 : 8, similar);
        if (far && typed.Length >= LongEnoughForTwo)
            foreach (var word in alike.SelectMany(Alike))
                Add(word, 10, similar);
        words.Remove(typed);
    }

    public IReadOnlyDictionary<string, (int Cost, string Why)> Words => words;

    void Add(string word, int cost, string why)
    {
        if (word.Length > 1)
            words.TryAdd(word, (cost, why));
    }

    /// <summary>Words that ears and quick fingers confuse: sounds, vowels, double letters, transposed letters.</summary>
    static IEnumerable<string> Alike(string word)
    {
        foreach (var (one, other) in sounds)
        {
            foreach (var changed in Replaced(word, one, other))
                yield return changed;
            if (other.Length > 0)
                foreach (var changed in Replaced(word, other, one))
                    yield return changed;
        }
        yield return word + "e";
        for (var at = 0; at < word.Length; at++)
        {
            if (at > 0 && word[at] != word[at - 1])
                yield return word[..(at - 1)] + word[at] + word[at - 1] + word[(at + 1)..];
            yield return at > 0 && word[at] == word[at - 1] ? word.Remove(at, 1) : word.Insert(at, word[at].ToString());
            if (word[at] == 'h')
                yield return word.Remove(at, 1);
            else
                yield return word.Insert(at + 1, "h");
            if (Vowels.Contains(word[at], StringComparison.Ordinal))
                foreach (var vowel in Vowels)
                    yield return word[..at] + vowel + word[(at + 1)..];
        }
    }

    static IEnumerable<string> Replaced(string word, string one, string other)
    {
        for (var at = word.IndexOf(one, StringComparison.Ordinal); at >= 0; at = word.IndexOf(one, at + 1, StringComparison.Ordinal))
            yield return word[..at] + other + word[(at + one.Length)..];
    }

    /// <summary>One letter missing, added or replaced.</summary>
    static IEnumerable<string> Edited(string word)
    {
        var letters = Latin.Contains(word[0], StringComparison.Ordinal) ? Latin : string.Concat(word.Distinct());
        for (var at = 0; at <= word.Length; at++)
        {
            if (at < word.Length)
                yield return word.Remove(at, 1);
            foreach (var letter in letters)
            {
                yield return word.Insert(at, letter.ToString());
                if (at < word.Length)
                    yield return word[..at] + letter + word[(at + 1)..];
            }
        }
    }
}
