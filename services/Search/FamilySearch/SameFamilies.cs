using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.People;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>
/// Families that are customers of several accounts: they share a phone or e-mail, and the names of one guardian fit. A contact alone would
/// join families that gave the front desk's number, a name alone everybody called Maria Garcia. They are found within one answer.
/// </summary>
static class SameFamilies
{
    internal static List<FoundFamily> Mark(List<FoundFamily> families)
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
                        if (families[at].SameAs is null && families[first].Account != families[at].Account
                            && HaveFittingNames(families[first], families[at]))
                            families[at] = families[at] with
                                { SameAs = families[first].SameAs ?? $"{families[first].Account}/{families[first].FamilyId}" };
                    before.Add(at);
                }
            }
        return families;
    }

    static bool HaveFittingNames(FoundFamily one, FoundFamily other) =>
        Array.Exists(one.Guardians, guardian =>
            Array.Exists(other.Guardians, another => Fit(guardian.Name, another.Name) || Fit(another.Name, guardian.Name)));

    /// <summary>
    /// Every word of one name, at least two, matches a different word of the other: <c>Bob Smith</c> and <c>Robert J. Smith</c>.
    /// </summary>
    static bool Fit(string name, string other)
    {
        var (words, left) = (NameTokens.Of(name), NameTokens.ToFind(other));
        return words.Count > 1 && words.TrueForAll(Take);

        bool Take(string word)
        {
            var at = left.FindIndex(another => IsSameWord(word, another));
            if (at >= 0)
                left.RemoveAt(at);
            return at >= 0;
        }
    }

    static bool IsSameWord(string word, string other)
    {
        var isInitial = (word.Length == 1 || other.Length == 1) && word[0] == other[0];
        var isShort = Nicknames.Of(word).ContainsKey(other);
        var isLongEnoughForASlip = word.Length > 3;
        return word == other || isInitial || isShort || isLongEnoughForASlip && IsOneLetterAway(word, other);
    }

    static bool IsOneLetterAway(string one, string other)
    {
        var (shorter, longer) = one.Length <= other.Length ? (one, other) : (other, one);
        var same = shorter.AsSpan().CommonPrefixLength(longer);
        return (longer.Length - shorter.Length) switch
        {
            0 => IsAnotherLetter() || AreSwapped(),
            1 => shorter[same..] == longer[(same + 1)..],
            _ => false
        };

        bool IsAnotherLetter() => shorter[(same + 1)..] == longer[(same + 1)..];

        bool AreSwapped() => same + 1 < shorter.Length && shorter[same] == longer[same + 1] && shorter[same + 1] == longer[same]
            && shorter[(same + 2)..] == longer[(same + 2)..];
    }
}
