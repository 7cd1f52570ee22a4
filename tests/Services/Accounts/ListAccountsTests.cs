using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Contracts.Search;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Accounts;

public class ListAccountsTests(AccountsService accounts) : IClassFixture<AccountsService>
{
    [Fact]
    public async Task People_see_the_accounts_of_their_group_and_no_group_above()
    {
        Assert.Equal(8, (await List(accounts.RootAdmin)).Count);
        Assert.Equal(4, (await List(accounts.TumbleAdmin)).Count);
        var east = await List(accounts.EastUser);
        Assert.Equal(["bluedolphin-albany", "bluedolphin-boston", "bluedolphin-charlotte", "bluedolphin-tampa"],
            east.Select(account => account.Code));
        Assert.All(east, account => Assert.Equal(["East"], account.Groups.Select(group => group.Name)));
        Assert.All(east, account => Assert.Equal("portal-user@bluedolphin.example", account.Entry.As));
    }

    [Fact]
    public async Task The_group_filter_is_a_union_and_does_not_look_beyond_the_persons_own_groups()
    {
        Assert.Equal(4, (await List(accounts.RootUser, $"group={accounts.East}")).Count);
        Assert.Equal(8, (await List(accounts.RootUser, $"group={accounts.East}&group={accounts.West}")).Count);
        Assert.Empty(await List(accounts.EastUser, $"group={accounts.West}"));
        Assert.Empty(await List(accounts.EastUser, $"group={accounts.BlueDolphin.Id}"));
    }

    [Theory]
    [InlineData("q=AUSTIN", 1)]
    [InlineData("q=zoe west", 4)]
    [InlineData("q=TX owner@bluedolphin-denver", 1)]
    [InlineData("q=100%25", 0)]
    [InlineData("q=city austin denver", 0)]
    public async Task The_find_box_looks_for_every_word_in_any_field(string query, int found) =>
        Assert.Equal(found, (await List(accounts.RootUser, query)).Count);

    [Fact]
    public async Task Pages_follow_each_other_and_limits_are_kept()
    {
        var client = accounts.SignedInAs(accounts.RootUser);
        var codes = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = (await client.GetFromJsonAsync<Page<AccountItem>>($"/api/accounts?limit=3{(next == "" ? "" : $"&cursor={next}")}"))!;
            codes.AddRange(page.Items.Select(account => account.Code));
            next = page.Next;
        }

        Assert.Equal(8, codes.Distinct().Count());
        Assert.Equal(8, codes.Count);
        foreach (var query in new[] { "limit=0", "limit=201", "limit=x", "cursor=tumbletime-omaha", "group=x" })
            Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"/api/accounts?{query}")).StatusCode);
    }

    [Fact]
    public async Task The_key_says_before_the_click_what_is_wrong_with_the_staff_user_and_remembers_it_while_the_account_is_down()
    {
        Assert.Equal("missing", (await Until(accounts.TumbleUser, "tumbletime-lincoln", account => account.Entry.Problem is not null))
            .Entry.Problem);
        var omaha = await Until(accounts.TumbleUser, "tumbletime-omaha", account => account.Entry.Ok);
        Assert.Equal(new("portal-user@tumbletime.example", true, null), omaha.Entry);
    }

    [Fact]
    public async Task Last_sync_is_the_newest_snapshot_in_the_index()
    {
        var newest = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

        await accounts.Bus.Publish(new SnapshotApplied(Guid.CreateVersion7(), "bluedolphin-austin", newest, 1, 1, 0, 0));
        await accounts.Bus.Publish(new SnapshotApplied(Guid.CreateVersion7(), "bluedolphin-austin", newest.AddDays(-1), 1, 1, 0, 0));
        await accounts.Bus.Publish(new SnapshotApplied(Guid.CreateVersion7(), "bluedolphin-denver", newest, 1, 1, 0, 0));

        await Until(accounts.RootUser, "bluedolphin-denver", account => account.LastSync == newest);
        Assert.Equal(newest, (await Until(accounts.RootUser, "bluedolphin-austin", account => account.LastSync is not null)).LastSync);
    }

    async Task<IReadOnlyList<AccountItem>> List(Person person, string query = "") =>
        (await accounts.SignedInAs(person).GetFromJsonAsync<Page<AccountItem>>($"/api/accounts?{query}"))!.Items;

    async Task<AccountItem> Until(Person person, string code, Func<AccountItem, bool> so)
    {
        using var deadline = new CancellationTokenSource(Wait.Limit);
        while (true)
        {
            var account = (await accounts.SignedInAs(person).GetFromJsonAsync<AccountItem>($"/api/accounts/{code}", deadline.Token))!;
            if (so(account))
                return account;
            await Task.Delay(50, deadline.Token);
        }
    }
}
