namespace EnterprisePortal.OfficePortal.Demo;

/// <summary>The two enterprises of the demo world: what their accounts sell, and the slips that some of them made in the names.</summary>
/// <param name="Code">The first part of its accounts' codes, and of its people's e-mail addresses.</param>
/// <param name="Slips">By city: the name as this account wrote it, by the name that all others use.</param>
sealed record DemoEnterprise(string Code, string Name, string ShortName, string[] Programs, string[] Levels, string[] Categories,
    IReadOnlyDictionary<string, (string Right, string Typed)[]> Slips)
{
    public static readonly DemoEnterprise BlueDolphin = new("bluedolphin", "Blue Dolphin Swim Schools", "Blue Dolphin",
        ["Swim Lessons", "Swim Team", "Adaptive Swim", "Parent & Me", "Adult Swim", "Summer Camp"],
        ["Starfish", "Penguin", "Shrimp", "Seahorse", "Turtle", "Clownfish", "Stingray", "Dolphin", "Shark 1", "Shark 2", "Adult Beginner",
            "Adult Advanced"],
        ["Registration Fee", "Swim Tuition", "Private Lesson", "Late Fee", "Retail", "Camp Fee", "Meet Fee"],
        new Dictionary<string, (string, string)[]>
        {
            ["fresno"] = [("Penguin", "Pengiun"), ("Swim Team", "Swim team")],
            ["albany"] = [("Shrimp", "Shrimps"), ("Registration Fee", "Regristration Fee")],
            ["tucson"] = [("Starfish", "Star Fish"), ("Parent & Me", "Parent and Me")],
            ["tampa"] = [("Clownfish", "Clown fish"), ("Private Lesson", "Private Lessons")],
            ["denver"] = [("Adaptive Swim", "Adaptive  Swim")]
        });

    public static readonly DemoEnterprise TumbleTime = new("tumbletime", "Tumble Time Gymnastics", "Tumble Time",
        ["Recreational Gymnastics", "Team", "Ninja", "Tots", "Cheer & Tumbling", "Summer Camp"],
        ["Tiny Tumblers", "Tots", "Tots 2", "Beginner", "Level 1", "Level 2", "Level 3", "Level 4", "Boys Beginner", "Boys Intermediate",
            "Ninja White", "Ninja Black"],
        ["Registration Fee", "Gym Tuition", "Private Lesson", "Late Fee", "Pro Shop", "Camp Fee", "Meet Fee"],
        new Dictionary<string, (string, string)[]>
        {
            ["tulsa"] = [("Beginner", "Begginer"), ("Tiny Tumblers", "Tiny Tumbler's")],
            ["wichita"] = [("Recreational Gymnastics", "Recreational Gymnastic"), ("Pro Shop", "ProShop")]
        });
}

/// <param name="Number">1, or more if an enterprise has several accounts in one city.</param>
sealed record DemoAccount(DemoEnterprise Enterprise, DemoCity City, int Number)
{
    public string Code => $"{Enterprise.Code}-{City.Slug}{(Number > 1 ? $"-{Number}" : "")}";
    public string Name => $"{Enterprise.ShortName} {City.Name}{(Number > 1 ? $" {Number}" : "")}";

    /// <summary>An account has the same seed in every world, however many accounts and families the world has.</summary>
    public int Seed => Code.Aggregate(17, (hash, letter) => unchecked(hash * 31 + letter));

    public string[] Spelled(string[] names) => Number == 1 && Enterprise.Slips.TryGetValue(City.Slug, out var slips)
        ? [.. names.Select(name => slips.Where(slip => slip.Right == name).Select(slip => slip.Typed).FirstOrDefault(name))]
        : names;

    /// <summary>The twelve that the documentation names come first, then two of Blue Dolphin to one of Tumble Time.</summary>
    public static IReadOnlyList<DemoAccount> First(int count)
    {
        var accounts = new List<DemoAccount>();
        foreach (var city in new[] { "austin", "denver", "boston", "albany", "tampa", "charlotte", "tucson", "fresno" })
            accounts.Add(new(DemoEnterprise.BlueDolphin, DemoCity.Named(city), 1));
        foreach (var city in new[] { "omaha", "tulsa", "wichita", "lincoln" })
            accounts.Add(new(DemoEnterprise.TumbleTime, DemoCity.Named(city), 1));
        var named = accounts.ToHashSet();
        var dolphins = Everywhere(DemoEnterprise.BlueDolphin).Where(account => !named.Contains(account)).GetEnumerator();
        var tumblers = Everywhere(DemoEnterprise.TumbleTime).Where(account => !named.Contains(account)).GetEnumerator();
        while (accounts.Count < count)
        {
            var next = accounts.Count % 3 == 2 ? tumblers : dolphins;
            next.MoveNext();
            accounts.Add(next.Current);
        }
        return accounts[..count];
    }

    /// <returns>null for a code of no demo account.</returns>
    public static DemoAccount? Of(string code) =>
        (from enterprise in new[]
            { DemoEnterprise.BlueDolphin, DemoEnterprise.TumbleTime } from city in DemoCity.All from number in Enumerable.Range(
                1, 9) select new DemoAccount(enterprise, city, number))
        .FirstOrDefault(account => account.Code == code);

    static IEnumerable<DemoAccount> Everywhere(DemoEnterprise enterprise)
    {
        for (var number = 1; ; number++)
            foreach (var city in DemoCity.All)
                yield return new(enterprise, city, number);
    }
}
