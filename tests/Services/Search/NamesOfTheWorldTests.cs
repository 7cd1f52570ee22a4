using System.Text.RegularExpressions;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Search;

public class NamesOfTheWorldTests(NamesOfTheWorldTests.World search) : IClassFixture<NamesOfTheWorldTests.World>
{
    const string Account = "bluedolphin-austin";

    /// <param name="Id">Of the family: its place in names.txt.</param>
    public sealed record Named(string Culture, string Id, string Name, string[] Searches)
    {
        public bool IsLatin => Name.All(letter =>
            letter is < '\u0370' or >= '\u1E00' and < '\u2100' or >= '\uFB00' and < '\uFB10' or >= '\uFEFF' and < '\uFF60');
    }

    public sealed class World(Servers servers) : IAsyncLifetime
    {
        public SearchService Service { get; } = new(servers);

        public async ValueTask InitializeAsync()
        {
            await Service.InitializeAsync();
            await Service.Indexed(Account, [.. Names.Select(named => SearchService.Family(named.Id, named.Name))]);
            await Service.Indexed("bluedolphin-boston", [.. Apostrophes.Select(letter => Written(letter, $"Scarlett O{letter}Harawell"))]);
            await Service.Indexed("bluedolphin-denver", [.. Unseen.Select(unseen => Written(unseen, $"Ida Pic{unseen}ardo"))]);

            static AccountFamily Written(char with, string name) => SearchService.Family($"{(int)with}", name);
        }

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }

    static readonly Named[] Names = [.. Read()];

    /// <summary>On one keyboard or another, or from a word processor, an apostrophe.</summary>
    static readonly char[] Apostrophes =
    [
        '\'', '`', '´', '‘', '’', '‛', '′', '\uFF07', '\u02B9', '\u02BA', '\u02BB', '\u02BC', '\u02BD', '\u02BE', '\u02BF',
        '\u02C8', '\uA78C'
    ];

    /// <summary>Soft hyphen, no width in many ways, and a mark of direction.</summary>
    static readonly char[] Unseen = ['\u00AD', '\u200B', '\u200C', '\u200D', '\u2060', '\uFEFF', '\u200E'];

    public static TheoryData<string> Cultures => [.. Names.Select(named => named.Culture).Distinct()];

    [Theory]
    [MemberData(nameof(Cultures))]
    public async Task A_guardian_is_found_however_staff_type_the_name(string culture)
    {
        foreach (var named in Names.Where(named => named.Culture == culture))
            foreach (var typed in named.Searches)
                Assert.True((await Finds(typed, Account)).Contains(named.Id), $"“{typed}” does not find {named.Name}.");
    }

    [Fact]
    public void The_table_has_names_of_twenty_cultures_and_a_US_keyboard_can_type_every_Latin_one()
    {
        Assert.True(Cultures.Count >= 20 && Names.Sum(named => named.Searches.Length) >= 150, "names.txt has lost its names.");
        Assert.All(Names.Where(named => named.IsLatin), named => Assert.Contains(named.Searches, typed => typed.All(char.IsAscii)));
        Assert.True(Names.Count(named => named.IsLatin) >= 40, "Latin names are not taken for such.");
    }

    [Theory]
    [InlineData("OHarawell"), InlineData("Harawell"), InlineData("o harawell"), InlineData("scarlett o'harawell")]
    public async Task An_apostrophe_of_any_keyboard_is_one_and_may_be_left_out(string typed)
    {
        Assert.Equal(Apostrophes.Length, (await Finds(typed, "bluedolphin-boston")).Length);
    }

    [Fact]
    public async Task An_apostrophe_of_any_keyboard_may_be_typed()
    {
        foreach (var apostrophe in Apostrophes)
            Assert.Equal(Apostrophes.Length, (await Finds($"O{apostrophe}Harawell", "bluedolphin-boston")).Length);
    }

    [Theory]
    [InlineData("picardo"), InlineData("ida pic\u200Bardo"), InlineData("pic\u00ADardo")]
    public async Task What_nobody_sees_in_a_name_is_not_there(string typed)
    {
        Assert.Equal(Unseen.Length, (await Finds(typed, "bluedolphin-denver")).Length);
    }

    /// <summary>Of more accounts than are asked one by one, the index answers by pairs of first letters.</summary>
    [Theory]
    [InlineData("王 明"), InlineData("明 王"), InlineData("w m")]
    public async Task Two_single_letters_find_a_guardian_whose_names_begin_with_them_in_an_enterprise_of_many_accounts(string typed)
    {
        var template = Demo.TumbleTime.Accounts[0];
        AccountState[] accounts = [.. Enumerable.Range(1, 40).Select(number => template with { Code = $"wide-{number}" })];
        var group = Demo.TumbleTime.Groups[0] with { Accounts = [.. accounts.Select(account => account.Code)] };
        await search.Service.Given(Demo.TumbleTime with { Groups = [group], Accounts = accounts });
        await search.Service.Indexed("wide-7", SearchService.Family("wide", ["明華 王小", "Mina Walsh"], [], []));

        Assert.Equal(["wide"], await search.Service.Finds(Demo.TumbleUser, $"name={Uri.EscapeDataString(typed)}"));
    }

    async Task<string[]> Finds(string name, string account) =>
        await search.Service.Finds(Demo.RootUser, $"name={Uri.EscapeDataString(name)}&account={account}&limit=200");

    static IEnumerable<Named> Read()
    {
        var (culture, number) = ("", 0);
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "names.txt"));
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
            if (line.Split('|', StringSplitOptions.TrimEntries) is [var name, var searches])
                yield return new(culture, $"{number++}", Regex.Unescape(name), [.. searches.Split("; ").Select(Regex.Unescape)]);
            else
                culture = line;
    }
}
