namespace EnterprisePortal.Search.Validation;

/// <param name="Accounts">Accounts that have exactly this name.</param>
/// <param name="Uses">Total over these accounts.</param>
sealed record UsedName(string Text, int Accounts, long Uses)
{
    /// <summary>Of the accounts that have it.</summary>
    public int[] Numbers { get; init; } = [];
}

/// <summary>
/// Likely slips, each with the name that it should be: of two names that are one, the name in more accounts, then the one with more uses. A
/// slip belongs to the nearest correct name, never to another slip. Only names with the same numbers, nearly the same length and nearly the
/// same letters are compared word by word, so thousands of names take milliseconds.
/// </summary>
static class GroupSlips
{
    /// <summary>A name in several accounts is no slip, unless the other is in many times more: then the slip was copied.</summary>
    const int Several = 2, ManyTimes = 10;

    public sealed record Group(UsedName Right, List<(UsedName Name, Slip Slip)> Slips);

    /// <param name="areTwo">Somebody has dismissed the pair: these are two names.</param>
    public static List<Group> Of(IEnumerable<UsedName> names, Func<string, string, bool> areTwo)
    {
        var groups = new List<Group>();
        var near = new Dictionary<(string Mark, int Letters), List<(int Group, WrittenName Name)>>();
        foreach (var name in names.OrderByDescending(name => name.Accounts).ThenByDescending(name => name.Uses)
            .ThenBy(name => name.Text, StringComparer.Ordinal))
        {
            var readings = WrittenName.Readings(name.Text).ToArray();
            if (Nearest(name, readings) is var (group, slip))
            {
                groups[group].Slips.Add((name, slip));
                continue;
            }
            groups.Add(new(name, []));
            foreach (var reading in readings)
            {
                var key = (reading.Mark, reading.Letters.Length);
                if (!near.TryGetValue(key, out var list))
                    near.Add(key, list = []);
                list.Add((groups.Count - 1, reading));
            }
        }
        groups.RemoveAll(group => group.Slips.Count == 0);
        return groups;

        static bool AreBothMeant(UsedName name, UsedName right) => name.Accounts >= Several && right.Accounts < name.Accounts * ManyTimes;

        (int Group, Slip Slip)? Nearest(UsedName name, WrittenName[] readings)
        {
            (int Group, Slip Slip)? nearest = null;
            foreach (var reading in readings)
                for (var length = reading.Letters.Length - Slip.MostLetters; length <= reading.Letters.Length + Slip.MostLetters; length++)
                    if (near.TryGetValue((reading.Mark, length), out var list))
                        foreach (var (group, right) in list)
                            if (right.MayBeNear(reading, Slip.MostLetters) && Slip.Between(reading, right) is { } slip
                                && (slip.IsOneName || !AreBothMeant(name, groups[group].Right)) && !areTwo(name.Text, right.Text)
                                && (nearest is not { } best || (slip.Cost, group).CompareTo((best.Slip.Cost, best.Group)) < 0))
                                nearest = (group, slip);
            return nearest;
        }
    }
}
