using System.Collections.Frozen;

namespace EnterprisePortal.Search.Validation;

/// <summary>
/// The trade's words (<c>words.txt</c>), common words (<c>common-words.txt</c>), and their plurals. Two different known words are never
/// slips of each other.
/// </summary>
static class KnownWords
{
    static readonly (string One, string Many)[] irregular =
        [("child", "children"), ("man", "men"), ("woman", "women"), ("gentleman", "gentlemen"), ("foot", "feet"), ("mouse", "mice"),
            ("goose", "geese"), ("person", "people")];

    static readonly FrozenDictionary<string, string> bases = Read();

    public static bool Contains(string word) => bases.ContainsKey(word);

    /// <summary>Both words are known, and are not forms of one word.</summary>
    public static bool Differ(string one, string other) =>
        bases.TryGetValue(one, out var a) && bases.TryGetValue(other, out var b) && a != b;

    /// <summary><c>guppies</c>, and <c>guppys</c>, as people write it when they are not sure.</summary>
    public static bool AreForms(string one, string other) =>
        bases.TryGetValue(one, out var a) && bases.TryGetValue(other, out var b) && a == b;

    public static bool IsManyOf(string many, string one) =>
        many.Length > one.Length && one.Length > 1 && many.StartsWith(one[..^1], StringComparison.Ordinal)
        && (many == one + "s" && one[^1] != 's' || Plurals(one).Contains(many)) || irregular.Contains((one, many));

    static IEnumerable<string> Plurals(string one) => one[^1] switch
    {
        'y' => [one[..^1] + "ies"],
        'f' => [one[..^1] + "ves"],
        's' or 'x' or 'z' or 'h' or 'o' => [one + "es"],
        _ => []
    };

    static FrozenDictionary<string, string> Read()
    {
        var known = new Dictionary<string, string>();
        var trade = new List<string>();
        foreach (var entry in Entries("words"))
        {
            // theater=theatre: one word with two spellings.
            var spellings = entry.Split('=');
            foreach (var spelling in spellings)
                known[spelling] = spellings[0];
            trade.AddRange(spellings);
        }
        var common = Entries("common-words").Where(word => known.TryAdd(word, word)).ToList();
        // For the trade's words, also the plural as people write it when they are not sure.
        foreach (var word in trade)
            foreach (var many in word[^1] == 's' ? Plurals(word) : Plurals(word).Append(word + "s"))
                known[many] = known[word];
        foreach (var word in common)
            // A word in the list takes precedence over the plural of another: princess, princes.
            foreach (var many in Plurals(word).DefaultIfEmpty(word + "s"))
                known.TryAdd(many, word);
        foreach (var (one, many) in irregular)
            known[many] = one;
        return known.ToFrozenDictionary();
    }

    static IEnumerable<string> Entries(string list)
    {
        var resource = typeof(KnownWords).Assembly.GetManifestResourceStream($"EnterprisePortal.Search.Validation.{list}.txt")!;
        using var file = new StreamReader(resource);
        return file.ReadToEnd().Split('\n').Where(line => !line.StartsWith('#'))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet();
    }
}
