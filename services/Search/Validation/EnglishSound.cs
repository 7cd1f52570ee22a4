namespace EnterprisePortal.Search.Validation;

/// <summary>
/// The sound of an English word, in letters: a person who has only heard <c>ballet</c> or <c>dolphin</c> writes <c>balett</c>,
/// <c>dolfin</c>. Coarser keys (Double Metaphone) drop the vowels, and with them the difference between many words.
/// </summary>
static class EnglishSound
{
    /// <summary>Applied in this order; capitals are sounds without a letter of their own.</summary>
    static readonly (string Written, string Said)[] sounds =
    [
        ("sch", "sk"), ("tch", "C"), ("ch", "C"), ("sh", "S"), ("th", "T"), ("ph", "f"), ("ck", "k"), ("qu", "kw"), ("q", "k"), ("x", "ks"),
        ("wh", "w"), ("wr", "r"), ("kn", "n"), ("rh", "r"), ("dge", "j"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"), ("z", "s"),
        ("ie", "i"), ("ei", "i"), ("ee", "i"), ("ea", "i"), ("ey", "i"), ("y", "i"), ("ou", "u"), ("oo", "u"), ("ay", "A"), ("ai", "A")
    ];

    public static string Of(string word)
    {
        foreach (var (written, said) in sounds)
            word = word.Replace(written, said, StringComparison.Ordinal);
        // A double letter sounds like a single one, and a final e is silent.
        var once = string.Concat(word.Where((letter, at) => at == 0 || letter != word[at - 1]));
        return once.Length > 1 && once[^1] == 'e' ? once[..^1] : once;
    }
}
