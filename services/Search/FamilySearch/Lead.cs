using EnterprisePortal.ServiceDefaults.People;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>
/// Where in the index families with a near name may be: the keys from <paramref name="Low"/> to <paramref name="High"/> that are like
/// <paramref name="Other"/>, or under <paramref name="Pair"/> if the beginnings of two words are known.
/// </summary>
readonly record struct Lead(string Low, string High, string Other, string Pair, int Cost)
{
    /// <summary>The most near words tried per word.</summary>
    const int MostWords = 40;

    /// <summary>The longest word leads, as typed or near; the second longest narrows the result.</summary>
    internal static IEnumerable<Lead> Of(NearNames.Reading reading, HashSet<string> existing)
    {
        // There are many readings with words joined or split, and most contain words that do not exist.
        var isAsTyped = reading.Cost == 0;
        if (!isAsTyped && !reading.Terms.SkipLast(1).All(term => existing.Contains(term.Typed)))
            return [];
        return reading.Terms.OrderByDescending(term => term.Typed.Length).ToArray() switch
        {
            [] => [],
            [var only] => Choices(only, existing).Select(OfOne),
            // The exact search has already tried all words as typed; of three words the third may be near.
            [var first, var second, .. var rest] => Choices(first, existing).SelectMany(_ => Choices(second, existing), OfTwo)
                .Where(lead => !isAsTyped || lead.Cost > 0 || rest.Length > 0)
        };
    }

    /// <summary>A word as typed, which may be the beginning of a word, or a near word, which is whole.</summary>
    readonly record struct WordChoice(string Word, int Cost, bool IsWhole)
    {
        // Words consist of letters and digits, and '!' sorts after the space that ends a whole one.
        public string End => Word + (IsWhole ? "!" : "\U0010FFFF");
    }

    static IEnumerable<WordChoice> Choices(NearNames.Term term, HashSet<string> existing) => term.Near
        .Where(near => existing.Contains(near.Key)).Select(near => new WordChoice(near.Key, near.Value.Cost, IsWhole: true))
        .Prepend(new(term.Typed, 0, IsWhole: false)).OrderBy(choice => choice.Cost).Take(MostWords);

    static Lead OfOne(WordChoice choice) => new(choice.Word, choice.End, "%", "", choice.Cost);

    static Lead OfTwo(WordChoice first, WordChoice second)
    {
        var pair = second.Word.Length > 1 ? $"{NameTokens.Start(first.Word)} {NameTokens.Start(second.Word)}" : "";
        return new(first.Word, first.End, $"% {second.Word}%", pair, first.Cost + second.Cost);
    }
}
