using System.Collections.Frozen;

namespace EnterprisePortal.Search.Validation;

/// <summary>The words of <c>words.txt</c> and their plurals. Two different ones never are a slip of each other.</summary>
static class KnownWords
{
    static readonly (string One, string Many)[] irregular =
        [("child", "children"), ("man", "men"), ("woman", "women"), ("gentleman", "gentlemen"), ("foot", "feet"), ("mouse", "mice"), ("goose", "geese"), ("person", "people")];

    static readonly FrozenDictionary<string, string> bases = Read();

    public static bool Contains(string word) => bases.ContainsKey(word);

    /// <summary>Both are known, and not as forms of one word.</summary>
    public static bool Differ(string one, string other) => bases.TryGetValue(one, out var a) && bases.TryGetValue(other, out var b) && a != b;

    /// <summary><c>guppies</c>, and <c>guppys</c> as people write it who are not sure.</summary>
    public static bool AreForms(string one, string other) => bases.TryGetValue(one, out var a) && bases.TryGetValue(other, out var b) && a == b;

    public static bool IsManyOf(string many, string one) => many.Length > one.Length && one.Length > 1 && many.StartsWith(one[..^1], StringComparison.Ordinal)
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
        using var file = new StreamReader(typeof(KnownWords).Assembly.GetManifestResourceStream("EnterprisePortal.Search.Validation.words.txt")!);
        var words = file.ReadToEnd().Split('\n').Where(line => !line.StartsWith('#')).SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet();
        var known = words.ToDictionary(word => word);
        foreach (var word in words)
            foreach (var many in Plurals(word).Append(word + "s"))
                known[many] = known[word];
        foreach (var (one, many) in irregular)
            known[many] = one;
        return known.ToFrozenDictionary();
    }
}
