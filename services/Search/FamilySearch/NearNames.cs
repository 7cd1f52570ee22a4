using EnterprisePortal.ServiceDefaults.People;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>
/// Possible meanings of a name that nobody has exactly. Its readings are the words as typed, each also replaced by a near word, and the
/// words joined (<c>Mary Ann: Maryann</c>) or split (<c>Delacruz: De la Cruz</c>), otherwise as typed.
/// </summary>
sealed class NearNames
{
    const int MostWords = 5, ShortestPart = 2;

    /// <summary>Small words that begin surnames: the rest of the name may begin with another one.</summary>
    static readonly string[] particles =
        ["de", "del", "dela", "della", "la", "las", "los", "da", "di", "do", "du", "van", "von", "der", "den", "ten", "el", "al", "bin",
            "mc", "mac", "st", "san", "santa", "o"];

    readonly List<Reading> readings = [];

    public NearNames(string name, bool far)
    {
        var words = NameTokens.Of(name);
        if (words.Count > MostWords)
            return;
        readings.Add(new([.. words.Select(word => new Term(word, new NearWords(word, far).Words))], 0, null));
        if (far)
            return;
        for (var at = 0; at < words.Count; at++)
        {
            for (var count = 2; at + count <= words.Count; count++)
                Add(words, at, count, [string.Concat(words.Skip(at).Take(count))], $"“{Upper(words.Skip(at).Take(count))}” in one word");
            foreach (var parts in Parts(words[at]))
                Add(words, at, 1, parts, $"“{Upper([words[at]])}” in {(parts.Count == 2 ? "two" : "three")} words");
        }
    }

    /// <param name="Why">How the reading differs from what was typed, apart from near words.</param>
    public sealed record Reading(List<Term> Terms, int Cost, string? Why);

    /// <param name="Near">Replacements, each with its cost and reason. A typed word may be the beginning of a word; these are whole
    /// words.</param>
    public sealed record Term(string Typed, IReadOnlyDictionary<string, (int Cost, string Why)> Near)
    {
        public (int Cost, string? Why)? As(string word) =>
            word == Typed ? (0, null) : word.StartsWith(Typed, StringComparison.Ordinal) ? (1, null) : Near.TryGetValue(word, out var near)
                ? near : null;
    }

    public IReadOnlyList<Reading> Readings => readings;

    /// <summary>Why this guardian matches; null if they do not.</summary>
    public (int Cost, string Why)? Of(List<string> guardian)
    {
        (int Cost, string Why)? best = null;
        foreach (var reading in readings)
            if (Assign(reading.Terms, 0, guardian, []) is var (cost, whys) && Sentence(whys.Prepend(reading.Why)) is { Length: > 0 } why
                && (best is null || cost + reading.Cost < best.Value.Cost))
                best = (cost + reading.Cost, why);
        return best;
    }

    /// <summary>Matches every search word with a different word of the guardian.</summary>
    static (int Cost, string?[] Whys)? Assign(List<Term> terms, int at, List<string> guardian, HashSet<int> taken)
    {
        if (at == terms.Count)
            return (0, []);
        (int Cost, string?[] Whys)? best = null;
        for (var word = 0; word < guardian.Count; word++)
            if (terms[at].As(guardian[word]) is var (cost, why) && taken.Add(word))
            {
                if (Assign(terms, at + 1, guardian, taken) is var (rest, whys) && (best is null || cost + rest < best.Value.Cost))
                    best = (cost + rest, [why, .. whys]);
                taken.Remove(word);
            }
        return best;
    }

    void Add(List<string> words, int at, int count, List<string> instead, string why) =>
        readings.Add(
            new([.. words.Take(at).Concat(instead).Concat(words.Skip(at + count))
                .Select(word => new Term(word, System.Collections.Frozen.FrozenDictionary<string, (int, string)>.Empty))], 2, why));

    static IEnumerable<List<string>> Parts(string word)
    {
        for (var cut = 1; cut < word.Length; cut++)
        {
            if (char.IsLowSurrogate(word[cut]))
                continue;
            var (first, rest) = (word[..cut], word[cut..]);
            if (rest.Length < ShortestPart || first.Length < ShortestPart && !particles.Contains(first))
                continue;
            yield return [first, rest];
            if (particles.Contains(first))
                foreach (var second in particles)
                    if (rest.Length >= second.Length + ShortestPart && rest.StartsWith(second, StringComparison.Ordinal))
                        yield return [first, second, rest[second.Length..]];
        }
    }

    static string Sentence(IEnumerable<string?> whys) =>
        string.Join("; ", whys.OfType<string>().Distinct()) is { Length: > 0 } all ? $"{char.ToUpperInvariant(all[0])}{all[1..]}." : "";

    internal static string Upper(IEnumerable<string> words) =>
        string.Join(' ', words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
