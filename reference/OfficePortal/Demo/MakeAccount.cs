using System.Security.Cryptography;
using System.Text;
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.OfficePortal.Demo;

static class MakeAccount
{
    /// <param name="all">The whole world: some families belong to two accounts of an enterprise.</param>
    public static DemoRows Rows(DemoAccount account, IReadOnlyList<DemoAccount> all, int families, DateTimeOffset now, string passwordHash)
    {
        var rows = new DemoRows();
        var random = new Random(account.Seed);
        var today = DateOnly.FromDateTime(
            TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(account.City.TimeZone)).DateTime);
        var office = new DemoOffice(account, rows, random, today, families, passwordHash,
            SHA256.HashData(Encoding.UTF8.GetBytes(PairingCode(account))), now.AddDays(30));
        var life = new DemoLife(office, rows, random, today, now);

        var telephony = account.Number == 1 && account.Enterprise == DemoEnterprise.BlueDolphin ? Telephony(account.City.Slug) : [];
        foreach (var (family, enrolled) in telephony)
            life.Add(family, enrolled);
        var shared = InTwoAccounts(account, all, families);
        foreach (var family in shared)
            life.Add(family);

        var phones = new DemoPhones(account.City.AreaCode, account.Number * 20_000 % 300_000 - 20_000);
        string? theirs = null;
        for (var n = telephony.Length + shared.Count; n < families; n++)
        {
            // A grandmother's number is in the records of both her daughters' families.
            var family = DemoFamily.Make(random, () => theirs is { } same && random.Chance(0.02) ? same : theirs = phones.Next());
            life.Add(family);
        }
        return rows;
    }

    /// <summary>
    /// One-time, like any other, but known beforehand: the import files contain it. Development only, like the whole demo.
    /// </summary>
    public static string PairingCode(DemoAccount account) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("demo pairing " + account.Code)))[..16];

    /// <summary>
    /// +1 512-555-0100 belongs to nobody, 0101 to one family in Austin, 0102 to families in Austin, Denver (dropped) and Boston.
    /// </summary>
    static (DemoFamily Family, bool Enrolled)[] Telephony(string city) => city switch
    {
        "austin" => [(Caller("Wendy", "Caldwell", "+15125550101", "Rose"), true),
            (Caller("Grace", "Holloway", "+15125550102", "Theo"), true)],
        "denver" => [(Caller("Grace", "Holloway", "+15125550102", "Theo"), false)],
        "boston" => [(Caller("Graciela", "Holloway", "+15125550102", "Otis"), true)],
        _ => []
    };

    static DemoFamily Caller(string first, string last, string phone, string child) =>
        new([new Guardian(first, last)], [$"{first}.{last}@mail.example".ToLowerInvariant()], [phone], [child], last);

    /// <summary>About one family in thirty also goes to the next account of its enterprise: the same people with the same
    /// numbers.</summary>
    static List<DemoFamily> InTwoAccounts(DemoAccount account, IReadOnlyList<DemoAccount> all, int families)
    {
        var enterprise = all.Where(other => other.Enterprise == account.Enterprise).ToList();
        var before = enterprise[(enterprise.IndexOf(account) + enterprise.Count - 1) % enterprise.Count];
        return enterprise.Count < 2 ? [] : [.. Between(before).Concat(Between(account))];

        IEnumerable<DemoFamily> Between(DemoAccount first)
        {
            var random = new Random(first.Seed ^ 0x5A5A5A5A);
            var phones = new DemoPhones(first.City.AreaCode, first.Number * 20_000 % 300_000 - 2_000);
            return Enumerable.Range(0, families / 60).Select(_ => DemoFamily.Make(random, phones.Next)).ToList();
        }
    }
}
