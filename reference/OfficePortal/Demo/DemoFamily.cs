using System.Globalization;
using System.Text;
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.OfficePortal.Demo;

/// <summary>The people of a family; <see cref="DemoLife"/> decides what they do in an account.</summary>
sealed record DemoFamily(IReadOnlyList<Guardian> Guardians, IReadOnlyList<string> Emails, IReadOnlyList<string> Phones,
    IReadOnlyList<string> Children, string ChildrensLastName)
{
    public static DemoFamily Make(Random random, Func<string> phone)
    {
        var last = random.Of(DemoNames.Last);
        var guardians = new List<Guardian> { new(random.Of(DemoNames.Parents), last) };
        if (random.Chance(0.7))
            guardians.Add(new(random.Of(DemoNames.Parents), random.Chance(0.75) ? last : random.Of(DemoNames.Last)));
        if (random.Chance(0.06)) // a grandparent who brings them
            guardians.Add(new(random.Of(DemoNames.Parents), random.Of(DemoNames.Last)));

        var emails = guardians.Where((_, position) => position == 0 || random.Chance(0.6)).Select(guardian => Email(random, guardian))
            .Distinct().ToList();
        if (random.Chance(0.04))
            emails.Clear();
        var phones = Enumerable.Range(0, random.Next(1, 3) + (random.Chance(0.15) ? 1 : 0)).Select(_ => phone()).Distinct().ToList();

        var childrensLast = guardians.Count > 1 && guardians[1].LastName != last && !last.Contains('-') && random.Chance(0.4)
            ? $"{last}-{guardians[1].LastName}" : last;
        var children = Enumerable.Range(0, random.NextDouble() switch { < 0.5 => 1, < 0.86 => 2, < 0.97 => 3, _ => 4 })
            .Select(_ => random.Of(DemoNames.Children)).Distinct().ToList();
        return new(guardians, emails, phones, children, childrensLast);
    }

    /// <summary>Under <c>.example</c>, which nobody can own (RFC 2606).</summary>
    static string Email(Random random, Guardian guardian)
    {
        string first = Ascii(guardian.FirstName), last = Ascii(guardian.LastName);
        var name = random.Next(5) switch
        {
            0 => $"{first[0]}{last}",
            1 => $"{first}{last}",
            2 => $"{last}.family",
            3 => $"{first}_{random.Next(60, 99)}",
            _ => $"{first}.{last}"
        };
        return $"{name}{(random.Chance(0.4) ? random.Next(1, 999).ToString(CultureInfo.InvariantCulture) : "")}@{random.Of(Mail)}";
    }

    static readonly string[] Mail = ["mail.example", "inbox.example", "home.example", "post.example", "school.example", "Work.example"];

    /// <summary>Étienne becomes etienne, O'Brien obrien, Łukasz lukasz.</summary>
    static string Ascii(string name) =>
        string.Concat(name.Replace("ß", "ss").Replace('ø', 'o').Replace('Ø', 'O').Replace('ł', 'l').Replace('Ł', 'L')
        .Normalize(NormalizationForm.FormD).Where(char.IsAsciiLetter)).ToLowerInvariant();
}

/// <summary>
/// Phone numbers of one area code, each used once unless families share it. Starts with exchange 555, which is unassigned; 0100 to 0199 are
/// reserved for the documented telephony tests.
/// </summary>
sealed class DemoPhones(string areaCode, int offset)
{
    int used = offset;

    public string Next()
    {
        while (true)
        {
            var number = used++;
            // 3,571 shares no factor with 10,000: every line of an exchange appears once, in no visible order.
            var line = number % 10_000 * 3_571 % 10_000;
            if (line is < 100 or > 199)
                return string.Create(CultureInfo.InvariantCulture, $"+1{areaCode}{555 + number / 10_000:000}{line:0000}");
        }
    }
}
