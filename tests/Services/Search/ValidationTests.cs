using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Search;

public class ValidationTests(ValidationTests.SlipsInTheEast search) : IClassFixture<ValidationTests.SlipsInTheEast>
{
    /// <summary>Boston writes Penguin wrongly, Albany Shrimp and Starfish; Austin, in the West, is right.</summary>
    public sealed class SlipsInTheEast(Servers servers) : IAsyncLifetime
    {
        public SearchService Service { get; } = new(servers);

        public async ValueTask InitializeAsync()
        {
            await Service.InitializeAsync();
            await Names("bluedolphin-austin", "level", "Penguin", "Shrimp", "Starfish");
            await Names("bluedolphin-denver", "level", "Penguin", "Shrimp", "Starfish");
            await Names("bluedolphin-boston", "level", "Pengiun", "Shrimp", "Starfish");
            await Names("bluedolphin-albany", "level", "Penguin", "Shrimps", "Star Fish");
            await Names("tumbletime-omaha", "level", "Penguins", "Tots");
        }

        public async Task Names(string account, string kind, params string[] names) => await (Service.Reading(account) with
        {
            Families = [SearchService.Family("1", "Some Body")],
            Names = [.. names.Select(name => new AccountName(kind, name, 3)), new("charge-category", "2025 June Rec Tuition", 9),
                new("charge-category", "2025 July Rec Tuition", 8)]
        }).Applied();

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slips_are_grouped_with_the_name_they_should_be_and_months_are_not()
    {
        var levels = await Of(Demo.RootUser, "levels");
        var categories = await Of(Demo.RootUser, "charge-categories");

        Assert.Equal([("Penguin", 3, "Pengiun"), ("Shrimp", 3, "Shrimps"), ("Starfish", 3, "Star Fish")],
            levels.Groups.Select(group => (group.Probably, group.Accounts, Assert.Single(group.Names).Text)).Order());
        Assert.Equal([("Pengiun", "Penguin"), ("Shrimps", "Shrimp"), ("Star Fish", "Starfish")],
            levels.Names.Where(name => name.Probably is not null).Select(name => (name.Text, name.Probably!)));
        Assert.Equal((2, 0), (categories.Names.Count, categories.Groups.Count));
    }

    [Fact]
    public async Task Which_accounts_have_a_name_is_said_of_those_in_reach_alone()
    {
        var (all, east) = (await Of(Demo.RootUser, "levels"), await Of(Demo.EastUser, "levels"));

        Assert.Superset(new HashSet<string> { "bluedolphin-albany", "bluedolphin-austin", "bluedolphin-boston", "bluedolphin-denver" },
            all.Accounts.Select(account => account.Account).ToHashSet());
        Assert.Equal(["bluedolphin-albany", "bluedolphin-austin", "bluedolphin-denver"], Having(all, "Penguin"));
        Assert.Equal(["bluedolphin-boston"], Having(all, "Pengiun"));
        Assert.Subset(new HashSet<string> { "bluedolphin-albany", "bluedolphin-boston", "bluedolphin-charlotte", "bluedolphin-tampa" },
            east.Accounts.Select(account => account.Account).ToHashSet());
        Assert.Equal(["bluedolphin-albany"], Having(east, "Penguin"));

        static IEnumerable<string> Having(NamesInReach names, string name) =>
            Codes(names, names.Names.Single(one => one.Text == name).Has!);

        static IEnumerable<string> Codes(NamesInReach names, IEnumerable<int> places) =>
            places.Select(place => names.Accounts[place].Account);
    }

    [Fact]
    public async Task What_is_right_is_said_by_the_accounts_in_reach_alone()
    {
        var east = await Of(Demo.EastUser, "levels");
        var west = await Of(Demo.WestUser, "levels");
        var tumbling = await Of(Demo.TumbleUser, "levels");

        Assert.Equal(["Pengiun", "Penguin", "Shrimp", "Shrimps", "Star Fish", "Starfish"], east.Names.Select(name => name.Text));
        Assert.Empty(west.Groups);
        Assert.Empty(tumbling.Groups);
    }

    [Fact]
    public async Task A_group_that_an_Admin_dismisses_is_gone_for_everybody_below_and_comes_back_when_it_is_taken_back()
    {
        await search.Names("bluedolphin-tampa", "program", "Seal Pups");
        await search.Names("bluedolphin-charlotte", "program", "Seal Pup");
        var dismissal = await Dismissed(Demo.EastAdmin, new("Seal Pup", ["Seal Pups"], null));

        Assert.DoesNotContain((await Of(Demo.EastUser, "programs")).Groups, IsPups);
        Assert.Contains((await Of(Demo.RootAdmin, "programs")).Groups, IsPups);
        var seen = Assert.Single((await Of(Demo.EastUser, "programs")).Dismissed, item => item.Id == dismissal.Id);
        Assert.Equal(("group", "East", "Edith Admin", false), (seen.For, seen.GroupName, seen.By, seen.MayUndo));
        Assert.Equal(HttpStatusCode.Forbidden, (await Undo(Demo.EastUser, dismissal.Id)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Undo(Demo.TumbleAdmin, dismissal.Id)).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await Undo(Demo.EastAdmin, dismissal.Id)).StatusCode);
        Assert.Contains((await Of(Demo.EastUser, "programs")).Groups, IsPups);
        foreach (var action in new[] { "slip.dismissed", "slip.restored" })
            Assert.Equal("Seal Pups (Seal Pup)",
                (await search.Service.Published<ActivityRecorded>(it => it.Action == action && it.Person.Name == "Edith Admin")).Subject);

        static bool IsPups(SlipGroup group) => group.Probably is "Seal Pup" or "Seal Pups";
    }

    [Fact]
    public async Task A_User_dismisses_for_themselves_alone_and_twice_is_once()
    {
        await search.Names("bluedolphin-tucson", "program", "Manta Ray", "Mantaray");

        var first = await Dismissed(Demo.WestUser, new("Manta Ray", ["Mantaray"], null));
        var second = await Dismissed(Demo.WestUser, new("Manta Ray", ["Mantaray"], "me"));

        Assert.Equal((first.Id, "me", true), (second.Id, second.For, second.MayUndo));
        Assert.DoesNotContain((await Of(Demo.WestUser, "programs")).Groups, group =>
            group.Probably.StartsWith("Manta", StringComparison.Ordinal));
        Assert.Contains((await Of(Demo.RootUser, "programs")).Groups, group =>
            group.Probably.StartsWith("Manta", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, (await Dismiss(Demo.WestUser, new("Manta Ray", ["Mantaray"], "group"))).StatusCode);
    }

    [Fact]
    public async Task What_is_dismissed_are_two_names_whichever_is_in_more_accounts_later()
    {
        await search.Names("tumbletime-tulsa", "program", "Flip Kid", "Flip Kids");
        await Dismissed(Demo.TumbleUser, new("Flip Kid", ["Flip Kids"], null));

        await search.Names("tumbletime-wichita", "program", "Flip Kids");

        Assert.Empty((await Of(Demo.TumbleUser, "programs")).Groups);
    }

    [Theory]
    [InlineData("Penguin", "Not a name", HttpStatusCode.NotFound)]
    [InlineData("Penguin", "Penguins", HttpStatusCode.NotFound)]
    [InlineData("Penguin", "Penguin", HttpStatusCode.NotFound)]
    [InlineData(null, "Pengiun", HttpStatusCode.BadRequest)]
    [InlineData("Penguin", null, HttpStatusCode.BadRequest)]
    public async Task Only_names_in_reach_can_be_dismissed(string? probably, string? name, HttpStatusCode status)
    {
        Assert.Equal(status, (await Dismiss(Demo.RootAdmin, new(probably, name is null ? [] : [name], null), "levels")).StatusCode);
    }

    [Theory]
    [InlineData("/api/validation/colours")]
    [InlineData("/api/validation/colours/accounts?name=Red")]
    public async Task There_are_three_kinds_of_names(string address)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await search.Service.SignedInAs(Demo.RootAdmin).GetAsync(address, Cancel)).StatusCode);
    }

    async Task<NamesInReach> Of(Person person, string kind) =>
        (await search.Service.SignedInAs(person).GetFromJsonAsync<NamesInReach>($"/api/validation/{kind}", Cancel))!;

    Task<HttpResponseMessage> Dismiss(Person person, NewDismissal body, string kind = "programs") =>
        search.Service.SignedInAs(person).PostAsJsonAsync($"/api/validation/{kind}/dismissals", body, Cancel);

    async Task<SlipDismissal> Dismissed(Person person, NewDismissal body)
    {
        var answer = await Dismiss(person, body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<SlipDismissal>(Cancel))!;
    }

    Task<HttpResponseMessage> Undo(Person person, Guid id) =>
        search.Service.SignedInAs(person).DeleteAsync($"/api/validation/programs/dismissals/{id}", Cancel);
}
