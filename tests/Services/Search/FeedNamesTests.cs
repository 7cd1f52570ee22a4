using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Search.Feed;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.Search.SearchService;

namespace EnterprisePortal.Tests.Search;

public class FeedNamesTests(SearchService search) : IClassFixture<SearchService>
{
    [Fact]
    public async Task The_feed_has_every_name_of_every_account_in_reach_exactly_and_always_the_same_columns()
    {
        await Named("bluedolphin-boston", new("level", "Penguin", 3), new("program", "=Swim, \"Team\"", 1));
        await Named("bluedolphin-austin", new("level", "Penguin", 5), new("level", "Pengiun", 1));
        await Named("tumbletime-omaha", new AccountName("level", "Level 1", 9));

        var rows = (await search.SignedInAs(Demo.RootUser)
            .GetFromJsonAsync<List<FeedNames.Row>>("/api/feed/names.json", TestContext.Current.CancellationToken))!;
        var east = (await search.SignedInAs(Demo.EastUser)
            .GetFromJsonAsync<List<FeedNames.Row>>("/api/feed/names.json?kind=level", TestContext.Current.CancellationToken))!;
        var csv = (await search.SignedInAs(Demo.RootUser).GetStringAsync("/api/feed/names.csv", TestContext.Current.CancellationToken))
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal([("bluedolphin-austin", "Pengiun", 1, 1), ("bluedolphin-austin", "Penguin", 5, 2),
            ("bluedolphin-boston", "Penguin", 3, 2), ("bluedolphin-boston", "=Swim, \"Team\"", 1, 1)],
            rows.Select(row => (row.Account, row.Name, row.Uses, row.AccountsWithName)));
        Assert.Equal([("bluedolphin-boston", "Penguin", 1)], east.Select(row => (row.Account, row.Name, row.AccountsWithName)));
        Assert.Equal("account,accountName,kind,name,uses,accountsWithName,asOf", csv[0]);
        Assert.Contains(csv, line =>
            line.StartsWith("bluedolphin-boston,bluedolphin-boston,program,\"'=Swim, \"\"Team\"\"\",1,1,2", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest,
            (await search.SignedInAs(Demo.RootUser).GetAsync("/api/feed/names.json?kind=staff", TestContext.Current.CancellationToken))
                .StatusCode);
    }

    [Fact]
    public async Task A_personal_token_for_names_opens_the_feed_and_nothing_else()
    {
        using var program = search.Bearing(TokenFor("feed:names"));
        using var other = search.Bearing(TokenFor("feed:reports"));

        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/feed/names.csv", TestContext.Current.CancellationToken)).StatusCode);
        foreach (var address in new[] { "/api/validation/levels", "/api/search/families?name=smith", "/api/search/phone/5125550101" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync(address, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/api/feed/names.csv", TestContext.Current.CancellationToken))
            .StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await search.Anonymous().GetAsync("/api/feed/names.csv", TestContext.Current.CancellationToken)).StatusCode);
    }

    async Task Named(string account, params AccountName[] names) =>
        await (search.Reading(account, Family("1", "Some Body")) with { Names = names }).Applied();

    static string TokenFor(string scope) => TestIdentity.Token(
    [
        new("sub", $"{Demo.RootUser.Id}"), new("name", Demo.RootUser.Name), new("email", Demo.RootUser.Email), new("level", Person.User),
        new("group", $"{Demo.RootUser.GroupId}"),
        new Claim("sid", $"{Guid.CreateVersion7()}"), new("scope", scope)
    ], audiences: ["search"]);
}
