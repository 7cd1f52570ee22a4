using System.Text.RegularExpressions;
using EnterprisePortal.Search.Validation;

namespace EnterprisePortal.Tests.Search;

public partial class SlipTests(ITestOutputHelper output)
{
    const double Precision = 0.95, Recall = 0.9;

    /// <summary>The pairs of slips.txt: the rules were tuned on the one part only, so the other says more about names that nobody has seen yet.</summary>
    [Fact]
    public void Of_names_that_a_person_has_looked_at_slips_are_found_and_other_names_left_alone()
    {
        var parts = Pairs().GroupBy(pair => pair.Part).ToDictionary(part => part.Key, part => part.Select(pair => (Pair: pair, Found: AreGrouped(pair.One, pair.Other))).ToList());
        parts.Add("together", [.. parts.Values.SelectMany(pairs => pairs)]);
        Assert.True(parts["together"].Count >= 300, "The list has lost its pairs.");

        foreach (var (part, pairs) in parts)
        {
            double right = pairs.Count(it => it.Found && it.Pair.IsSlip), found = pairs.Count(it => it.Found), slips = pairs.Count(it => it.Pair.IsSlip);
            output.WriteLine($"{part}: {pairs.Count} pairs, {slips} slips; precision {right / found:0.000}, recall {right / slips:0.000}");
            foreach (var (pair, _) in pairs.Where(it => it.Found != it.Pair.IsSlip && part != "together"))
                output.WriteLine($"  {(pair.IsSlip ? "missed" : "wrong")}: “{pair.One}”, “{pair.Other}”");
        }

        Assert.All(parts, part =>
        {
            Assert.True(part.Value.Count(it => it.Found && it.Pair.IsSlip) >= Precision * part.Value.Count(it => it.Found), $"Precision, {part.Key}");
            Assert.True(part.Value.Count(it => it.Found && it.Pair.IsSlip) >= Recall * part.Value.Count(it => it.Pair.IsSlip), $"Recall, {part.Key}");
        });
    }

    [Fact]
    public void The_name_in_most_accounts_is_the_one_that_the_others_should_be_and_of_two_in_as_many_the_more_used()
    {
        var groups = GroupSlips.Of([new("Pengiun", 1, 900), new("Penguin", 3, 4), new("penguin", 2, 1), new("Star Fish", 2, 10), new("Starfish", 2, 9), new("Shrimp", 5, 5)], NobodySaysTwo);

        Assert.Equal([("Penguin", "penguin,Pengiun"), ("Star Fish", "Starfish")], groups.Select(group => (group.Right.Text, string.Join(',', group.Slips.Select(slip => slip.Name.Text)))));
    }

    [Fact]
    public void A_slip_of_a_slip_goes_to_the_name_itself_or_to_none()
    {
        var groups = GroupSlips.Of([new("Tots", 5, 5), new("Tot", 2, 2), new("Tot's", 1, 1), new("Tots 2", 4, 4), new("Tot 2", 1, 1)], NobodySaysTwo);

        Assert.Equal([("Tots", "Tot,Tot's"), ("Tots 2", "Tot 2")], groups.Select(group => (group.Right.Text, string.Join(',', group.Slips.Select(slip => slip.Name.Text)))));
    }

    [Theory]
    [InlineData("Pengiun", "Penguin", "“iu” for “ui”, two letters changed places.")]
    [InlineData("Shrimps", "Shrimp", "“shrimps” is the plural of “shrimp”.")]
    [InlineData("Star Fish", "Starfish", "Two words for one; other capital letters.")]
    [InlineData("penguin", "Penguin", "Other capital letters.")]
    [InlineData("Penguin ", "Penguin", "A space at the end.")]
    [InlineData("Swim\u00A0Team", "Swim Team", "A space of another kind.")]
    [InlineData("Swim  Team", "Swim Team", "A space too many.")]
    [InlineData("Piñata", "Pinata", "Other accents.")]
    [InlineData("P\u0435nguin", "Penguin", "A letter of another alphabet that looks the same.")]
    [InlineData("Pengu1n", "Penguin", "“1” for “i”, which looks like it.")]
    [InlineData("Parent and Me", "Parent & Me", "Not written with “&”.")]
    [InlineData("Hip-Hop", "Hip Hop", "Other punctuation.")]
    [InlineData("Begginer Clas", "Beginner Class", "A double “g”, a single “n” for a double one; a single “s” for a double one.")]
    public void Why_it_is_a_likely_slip_is_said_in_words(string slip, string right, string why)
    {
        Assert.Equal(why, Assert.Single(Assert.Single(GroupSlips.Of([new(slip, 1, 1), new(right, 2, 1)], NobodySaysTwo)).Slips).Slip.Why);
    }

    [Theory]
    [InlineData("\uD800", "\uDC00")]
    [InlineData("", " ")]
    [InlineData("&", "+")]
    [InlineData("👍", "👎")]
    [InlineData("---", "--")]
    public void Names_without_a_letter_are_compared_without_harm(string one, string other)
    {
        GroupSlips.Of([new(one, 1, 1), new(other, 2, 1), new(new string('a', 5000), 1, 1), new(string.Join(' ', Enumerable.Repeat("and a", 500)), 1, 1)], NobodySaysTwo);
    }

    static bool AreGrouped(string one, string other) => GroupSlips.Of([new(one, 1, 1), new(other, 2, 1)], NobodySaysTwo).Count > 0;

    static bool NobodySaysTwo(string one, string other) => false;

    static IEnumerable<(string Part, bool IsSlip, string One, string Other)> Pairs()
    {
        var part = "";
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "slips.txt")))
            if (line.StartsWith("## ", StringComparison.Ordinal))
                part = line[3..];
            else if (line.Length > 0 && line[0] != '#')
            {
                var pair = Pair().Match(line);
                Assert.True(pair.Success, line);
                yield return (part, pair.Groups["is"].Value == "slip", Regex.Unescape(pair.Groups["one"].Value), Regex.Unescape(pair.Groups["other"].Value));
            }
    }

    [GeneratedRegex("^(?<is>slip|other) \"(?<one>.*?)\" \"(?<other>.*?)\"$")]
    private static partial Regex Pair();
}
