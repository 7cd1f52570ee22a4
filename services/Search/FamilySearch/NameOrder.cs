using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.People;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>
/// Families found by name: first those that have the very words, then those whose words begin with them, then those where a word typed is
/// only a part of a hyphenated name (<c>Smith, Smithers, Smith-García</c>). The index knows no hyphens, its order stays within each.
/// </summary>
static class NameOrder
{
    internal static List<FoundFamily> Sorted(List<FoundFamily> families, List<string> words, int most) =>
        [.. families.OrderBy(family => words.Count == 0 ? 0 : family.Guardians.Min(guardian => RankOf(guardian.Name, words))).Take(most)];

    /// <summary>The name without its hyphenated words: <c>Ana Smith-García</c> is <c>Ana</c>.</summary>
    internal static string Unhyphenated(string name) =>
        IsHyphenated(name) ? string.Join(' ', name.Split(' ').Where(word => !IsHyphenated(word))) : name;

    static bool IsHyphenated(string word) => word.AsSpan().ContainsAny('-', '\u2010', '\u2011');

    static int RankOf(string name, List<string> words)
    {
        var whole = NameTokens.ToFind(Unhyphenated(name));
        return words.TrueForAll(whole.Contains) ? 0
            : words.TrueForAll(word => whole.Exists(other => other.StartsWith(word, StringComparison.Ordinal))) ? 1 : 2;
    }
}

/// <summary>How near a name is to one typed, and why.</summary>
/// <param name="InHyphens">Only as a part of a hyphenated name: of two names as near, that one comes second.</param>
sealed record Nearness(int Cost, bool InHyphens, string Why)
{
    public static Nearness? Of(string name, NearNames names) =>
        names.Of(NameTokens.ToFind(name)) is var (cost, why) ? new(cost, CostOfWhole(name, names) != cost, why) : null;

    static int? CostOfWhole(string name, NearNames names) => names.Of(NameTokens.ToFind(NameOrder.Unhyphenated(name)))?.Cost;

    public (int, bool) Order => (Cost, InHyphens);
}
