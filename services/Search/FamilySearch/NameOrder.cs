using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.People;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>
/// The index has the very word before longer ones (<c>Smith, Smithers</c>) but knows no hyphens: a family where a word typed is only a part
/// of a hyphenated name comes after those (<c>Smith-García</c>).
/// </summary>
static class NameOrder
{
    // Tokenizing is most of the cost, and few names have a hyphen.
    internal static bool IsOnlyInHyphens(FoundFamily family, List<string> words) =>
        words.Count > 0 && Array.Exists(family.Guardians, guardian => IsHyphenated(guardian.Name))
        && !Array.Exists(family.Guardians, guardian => Has(Unhyphenated(guardian.Name), words));

    internal static bool IsHyphenated(string word) => word.AsSpan().ContainsAny('-', '\u2010', '\u2011');

    /// <summary>The name without its hyphenated words: <c>Ana Smith-García</c> is <c>Ana</c>.</summary>
    internal static string Unhyphenated(string name) =>
        IsHyphenated(name) ? string.Join(' ', name.Split(' ').Where(word => !IsHyphenated(word))) : name;

    static bool Has(string name, List<string> words)
    {
        var whole = NameTokens.ToFind(name);
        return words.TrueForAll(word => whole.Exists(other => other.StartsWith(word, StringComparison.Ordinal)));
    }
}

/// <summary>How near a name is to one typed, and why.</summary>
/// <param name="InHyphens">Only as a part of a hyphenated name: of two names as near, that one comes second.</param>
sealed record Nearness(int Cost, bool InHyphens, string Why)
{
    public static Nearness? Of(string name, NearNames names) =>
        names.Of(NameTokens.ToFind(name)) is var (cost, why)
            ? new(cost, NameOrder.IsHyphenated(name) && CostOfWhole(name, names) != cost, why)
            : null;

    static int? CostOfWhole(string name, NearNames names) => names.Of(NameTokens.ToFind(NameOrder.Unhyphenated(name)))?.Cost;

    public (int, bool) Order => (Cost, InHyphens);
}
