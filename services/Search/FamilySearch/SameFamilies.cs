namespace EnterprisePortal.Search.FamilySearch;

/// <summary>
/// Families that are customers of several accounts: one phone or e-mail in common, and one guardian whose name fits. The one alone would join
/// those who share the front desk's number, the other all who are called Maria Garcia. They are found among the families of one answer.
/// </summary>
static class SameFamilies
{
    internal static List<SearchFamilies.Family> Mark(List<SearchFamilies.Family> families)
    {
        Dictionary<string, List<int>>? byContact = null;
        for (var at = 0; at < families.Count; at++)
            foreach (var contact in families[at].Phones.Concat(families[at].Emails))
            {
                byContact ??= new(StringComparer.OrdinalIgnoreCase);
                if (!byContact.TryGetValue(contact, out var before))
                    byContact.Add(contact, [at]);
                else if (before[^1] != at)
                {
                    foreach (var first in before)
                        if (families[at].SameAs is null && families[first].Account != families[at].Account && HaveFittingNames(families[first], families[at]))
                            families[at] = families[at] with { SameAs = families[first].SameAs ?? $"{families[first].Account}/{families[first].FamilyId}" };
                    before.Add(at);
                }
            }
        return families;
    }

    static bool HaveFittingNames(SearchFamilies.Family one, SearchFamilies.Family other)
    {
        var names = other.Guardians.Select(guardian => NameTokens.Of(guardian.Name)).ToArray();
        return one.Guardians.Select(guardian => NameTokens.Of(guardian.Name)).Any(name => Array.Exists(names, another => Fit(name, another) || Fit(another, name)));
    }

    /// <summary>Every word of the one, two at least, is another word of the other: <c>Bob Smith</c> and <c>Robert J. Smith</c>.</summary>
    static bool Fit(List<string> name, List<string> other)
    {
        var left = other.ToList();
        return name.Count > 1 && name.TrueForAll(word => left.FindIndex(another => Fit(word, another)) is >= 0 and var at && Take(at));

        bool Take(int at)
        {
            left.RemoveAt(at);
            return true;
        }
    }

    static bool Fit(string word, string other) =>
        word == other || word.Length == 1 && other[0] == word[0] || other.Length == 1 && word[0] == other[0] || Nicknames.Of(word).ContainsKey(other) || word.Length > 3 && IsOneLetterAway(word, other);

    static bool IsOneLetterAway(string one, string other)
    {
        var (shorter, longer) = one.Length <= other.Length ? (one, other) : (other, one);
        var same = shorter.AsSpan().CommonPrefixLength(longer);
        return (longer.Length - shorter.Length) switch
        {
            0 => shorter[(same + 1)..] == longer[(same + 1)..] || same + 1 < shorter.Length && shorter[same] == longer[same + 1] && shorter[same + 1] == longer[same] && shorter[(same + 2)..] == longer[(same + 2)..],
            1 => shorter[same..] == longer[(same + 1)..],
            _ => false
        };
    }
}
