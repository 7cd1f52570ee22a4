using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Benchmarks;

/// <summary>Families by number, the same in every run, and questions about them.</summary>
static class Families
{
    static readonly string[] syllables =
        ["ma", "ri", "lo", "ben", "da", "son", "ki", "wer", "tan", "ol", "vi", "gar", "mc", "hu", "ster", "field", "ro", "an"];

    /// <param name="changed">Every hundredth has another phone since.</param>
    public static AccountFamily Of(int number, bool changed = false)
    {
        var (first, last) = NameOf(number);
        return new($"{number}", [new(first, last), new(NameOf(number * 31 + 7).First, last)], [$"{first}.{last}{number % 97}@example.com"],
            [PhoneOf(number), PhoneOf(number + (changed && number % 100 == 0 ? 600_000_000 : 500_000_000))], number % 3 > 0);
    }

    public static IEnumerable<int> NumbersOf(int account, int families) =>
        Enumerable.Range(account * (families / World.Accounts), families / World.Accounts);

    /// <summary>324 first and 5,832 last names, some of them far more frequent than others.</summary>
    public static (string First, string Last) NameOf(int number)
    {
        var dice = new Random(number);
        string Syllable() => syllables[(int)(Math.Pow(dice.NextDouble(), 1.5) * syllables.Length)];
        return (Syllable() + Syllable(), Syllable() + Syllable() + Syllable());
    }

    public static string PhoneOf(int number) => $"+1{2_000_000_000L + number * 7919L % 7_999_999_999L}";
}

sealed record Question(string Name, string Email, string Phone)
{
    /// <summary>As staff ask: of somebody who is there.</summary>
    public static Question About(Random random, int number)
    {
        var (first, last) = Families.NameOf(number);
        return random.Next(6) switch
        {
            0 => new(last, "", ""),
            1 => new($"{first} {last}", "", ""),
            2 => new($"{last} {first[..2]}", "", ""),
            3 => new("", $"{first}.{last}", ""),
            4 => new("", "", Families.PhoneOf(number)[^7..]),
            _ => new(last, "", Families.PhoneOf(number))
        };
    }

    /// <summary>With a letter wrong in the last name, as somebody hears it on the phone.</summary>
    public static Question Misspelled(Random random, int number)
    {
        var (first, last) = Families.NameOf(number);
        var at = random.Next(1, last.Length - 1);
        return new($"{first} {last[..at]}{(last[at] == 'x' ? 'q' : 'x')}{last[(at + 1)..]}", "", "");
    }
}
