using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Audit;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace EnterprisePortal.Tests.Audit;

public sealed class PullAccountActivityTests(PullAccountActivityTests.WithAccounts audit)
    : IClassFixture<PullAccountActivityTests.WithAccounts>
{
    const string Austin = "bluedolphin-austin", Denver = "bluedolphin-denver", Boston = "bluedolphin-boston";

    /// <summary>Each account's own log, two entries a page.</summary>
    public sealed class WithAccounts(Servers servers) : Service<RecordActivity>(servers)
    {
        public ConcurrentDictionary<string, List<AccountActivity>> Inside { get; } = new();
        public ConcurrentDictionary<string, int> Asked { get; } = new();
        public ConcurrentDictionary<string, bool> Down { get; } = new();

        public override ValueTask InitializeAsync()
        {
            Outbound.Answer("office.example", request =>
            {
                var account = request.RequestUri!.AbsolutePath.Split('/')[1];
                Asked.AddOrUpdate(account, 1, (_, times) => times + 1);
                if (Down.ContainsKey(account))
                    throw new HttpRequestException("connection refused");
                var after = int.Parse(QueryHelpers.ParseQuery(request.RequestUri.Query).TryGetValue("after", out var cursor)
                    ? cursor.ToString() : "0", CultureInfo.InvariantCulture);
                var all = Inside.GetValueOrDefault(account) ?? [];
                lock (all)
                    return new(HttpStatusCode.OK)
                    {
                        Content = JsonContent.Create(
                            new AccountActivities([.. all.Skip(after).Take(2)], $"{Math.Min(after + 2, all.Count)}",
                                all.Count > after + 2))
                    };
            });
            return base.InitializeAsync();
        }
    }

    [Fact]
    public async Task What_somebody_does_inside_an_account_joins_what_they_do_in_the_portal()
    {
        await audit.Given(Demo.BlueDolphin);
        var began = audit.Clock.GetUtcNow().AddMinutes(-5);
        audit.Inside[Austin] =
            [.. Enumerable.Range(1, 5).Select(number => Did(number, Demo.WestUser, $"Viewed family", began.AddSeconds(10 + number)))];
        await Happened(Demo.WestUser, "signed-in", null, began);
        await Happened(Demo.WestUser, "account.entered", Austin, began.AddSeconds(5));
        await Happened(Demo.WestUser, "signed-out", null, began.AddSeconds(30));

        await Eventually(async () => (await Read(Demo.RootAdmin, $"?person={Demo.WestUser.Id}&account={Austin}")).Count == 6);

        var all = (await Read(Demo.RootAdmin, $"?person={Demo.WestUser.Id}")).Reverse().ToList();
        Assert.Equal(["signed-in", "account.entered", .. Enumerable.Repeat("inside.viewed-family", 5), "signed-out"],
            all.Select(entry => entry.Action));
        var seen = all[2];
        Assert.Equal((Austin, Austin, "Family 1", "Wanda User", "West", "user"),
            (seen.Account, seen.Source, seen.Subject, seen.Person, seen.Group, seen.Level));
        Assert.Equal("portal-user@bluedolphin.example", seen.Details!.Value.GetProperty("as").GetString());
        Assert.Equal(5, (await Read(Demo.WestUser, "?action=inside")).Count);
        Assert.Empty(await Read(Demo.EastAdmin, "?action=inside"));

        // Later activity follows, what was there is not asked for again.
        lock (audit.Inside[Austin])
            audit.Inside[Austin].Add(Did(6, Demo.WestUser, "Signed out", began.AddSeconds(40)));
        await Eventually(async () => (await Read(Demo.RootAdmin, $"?account={Austin}")).Count == 7);
        Assert.True((await audit.SignedInAs(Demo.RootAdmin)
            .GetFromJsonAsync<LogVerdict>("/api/audit/verify", TestContext.Current.CancellationToken))!.Ok);
    }

    [Fact]
    public async Task An_account_that_is_down_is_read_later_and_holds_up_no_other()
    {
        await audit.Given(Demo.BlueDolphin);
        var now = audit.Clock.GetUtcNow();
        audit.Inside[Denver] = [Did(1, Demo.RootUser, "Viewed family", now)];
        audit.Inside[Boston] = [Did(1, Demo.RootUser, "Viewed family", now)];
        audit.Down[Denver] = true;
        await Happened(Demo.RootUser, "account.entered", Denver, now.AddSeconds(-9));
        await Happened(Demo.RootUser, "account.entered", Boston, now.AddSeconds(-9));

        await Eventually(async () => (await Read(Demo.RootAdmin, $"?account={Boston}&action=inside")).Count == 1);
        Assert.InRange(audit.Asked[Denver], 1, 2);
        audit.Down.TryRemove(Denver, out _);
        await Eventually(async () => (await Read(Demo.RootAdmin, $"?account={Denver}&action=inside")).Count == 1);
    }

    [Fact]
    public async Task An_account_that_comes_back_with_another_log_is_read_from_its_beginning()
    {
        const string fresno = "bluedolphin-fresno";
        await audit.Given(Demo.BlueDolphin);
        var now = audit.Clock.GetUtcNow();
        audit.Inside[fresno] = [.. Enumerable.Range(1, 3).Select(number => Did(number, Demo.RootUser, "Viewed family", now))];
        await Happened(Demo.RootUser, "account.entered", fresno, now.AddSeconds(-9));
        await Eventually(async () => (await Read(Demo.RootAdmin, $"?account={fresno}&action=inside")).Count == 3);

        audit.Inside[fresno] = [Did(1, Demo.RootUser, "Viewed family", now) with { Id = "of the new host, 1" }];
        await audit.Bus.Publish(new AccountRemoved(Demo.BlueDolphinId, fresno, now));

        await Eventually(async () => (await Read(Demo.RootAdmin, $"?account={fresno}&action=inside")).Count == 4);
    }

    [Fact]
    public async Task Nobody_of_another_enterprise_can_be_made_to_appear_in_their_own_log()
    {
        await audit.Given(Demo.BlueDolphin, Demo.TumbleTime);
        var now = audit.Clock.GetUtcNow();
        audit.Inside["tumbletime-omaha"] = [Did(1, Demo.EastUser, "Deleted everything", now)];
        await audit.Bus.Publish(Entry(Demo.TumbleUser, "account.entered", "tumbletime-omaha", now.AddSeconds(-9), Demo.TumbleTimeId));

        await Eventually(async () => (await Read(Demo.TumbleAdmin, "?action=inside")).Count == 1);

        Assert.Equal("Tumble Time Gymnastics", (await Read(Demo.TumbleAdmin, "?action=inside"))[0].Group);
        Assert.Empty(await Read(Demo.EastUser, "?account=tumbletime-omaha"));
        Assert.Empty(await Read(Demo.RootAdmin, "?account=tumbletime-omaha"));
    }

    static AccountActivity Did(int number, Person person, string action, DateTimeOffset at) =>
        new($"{number}", at, person.Id, person.Name, "portal-user@bluedolphin.example", "Enterprise Portal", "203.0.113.9", action,
            $"Family {number}");

    Task Happened(Person person, string action, string? account, DateTimeOffset at) =>
        audit.Bus.Publish(Entry(person, action, account, at, Demo.BlueDolphinId));

    static ActivityRecorded Entry(Person person, string action, string? account, DateTimeOffset at, Guid enterprise) =>
        new(Guid.CreateVersion7(), at, enterprise,
        new(person.Id, person.Name, person.Email, person.Level, person.GroupId), action, "", account, "Identity", null, null);

    async Task<IReadOnlyList<AuditEntry>> Read(Person person, string query) =>
        (await audit.SignedInAs(person).GetFromJsonAsync<Page<AuditEntry>>($"/api/audit{query}",
            TestContext.Current.CancellationToken))!.Items;
}
