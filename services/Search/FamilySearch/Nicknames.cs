using System.Collections.Frozen;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>First names that stand for one another (<c>nicknames.txt</c>): Bob for Robert and Robert for Bob, and Bob for Rob, since both
/// are.</summary>
static class Nicknames
{
    static readonly FrozenDictionary<string, FrozenDictionary<string, string>> whys = Read();

    /// <summary>The names that this one may stand for, each with the reason: <c>Bob is short for Robert</c>.</summary>
    public static IReadOnlyDictionary<string, string> Of(string word) =>
        whys.GetValueOrDefault(word, FrozenDictionary<string, string>.Empty);

    static FrozenDictionary<string, FrozenDictionary<string, string>> Read()
    {
        using var file = new StreamReader(
            typeof(Nicknames).Assembly.GetManifestResourceStream("EnterprisePortal.Search.FamilySearch.nicknames.txt")!);
        var read = new Dictionary<string, Dictionary<string, string>>();
        var spellings = new List<(string Name, string Other)>();
        foreach (var line in file.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var isSpelling = line.Contains('=', StringComparison.Ordinal);
            var parts = line.Split((char[])[':', '='], StringSplitOptions.TrimEntries);
            var others = parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (var other in others)
            {
                if (isSpelling)
                    spellings.Add((parts[0], other));
                Both(other, parts[0], isSpelling ? $"{Upper(other)} and {Upper(parts[0])} are the same name"
                    : $"{Upper(other)} is short for {Upper(parts[0])}");
                foreach (var another in others.Where(another => another != other))
                    Both(other, another, isSpelling ? $"{Upper(other)} and {Upper(another)} are the same name"
                        : $"{Upper(other)} and {Upper(another)} are both short for {Upper(parts[0])}");
            }
        }
        foreach (var (name, other) in spellings)
            foreach (var (meant, why) in read[name].ToArray())
                if (meant != other)
                    Both(meant, other, $"{why}, also written {Upper(other)}");
        return read.ToFrozenDictionary(name => name.Key, name => name.Value.ToFrozenDictionary());

        void Both(string one, string other, string why)
        {
            foreach (var (name, meant) in ((string, string)[])[(one, other), (other, one)])
                (read.TryGetValue(name, out var known) ? known : read[name] = []).TryAdd(meant, why);
        }

        static string Upper(string name) => char.ToUpperInvariant(name[0]) + name[1..];
    }
}
