using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Audit;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Audit;

public sealed class ReadLogTests(ReadLogTests.Log log) : IClassFixture<ReadLogTests.Log>
{
    internal static readonly DateTimeOffset Noon = new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Everybody signed in once and entered accounts, a minute apart.</summary>
    public sealed class Log(Servers servers) : Service<RecordActivity>(servers)
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await Given(Demo.BlueDolphin, Demo.TumbleTime);
            var minute = 0;
            foreach (var person in new[] { Demo.RootAdmin, Demo.RootUser, Demo.EastAdmin, Demo.EastUser, Demo.WestUser, Demo.TumbleAdmin })
            {
                await Happened(person, "signed-in", "Google", null, Noon.AddMinutes(minute++));
                await Happened(person, "account.entered", "an account",
                    person == Demo.WestUser ? "bluedolphin-austin" : "bluedolphin-tampa", Noon.AddMinutes(minute++));
            }
            await Eventually(async () => (await Read(Demo.RootAdmin, "")).Items.Count == 10
                && (await Read(Demo.TumbleAdmin, "")).Items.Count == 2);
        }

        public Task Happened(
            Person person,
            string action,
            string subject,
            string? account,
            DateTimeOffset at,
            Guid? id = null,
            string? details = """{ "to": "/families" }""") =>
            Bus.Publish(new ActivityRecorded(
                id ?? Guid.CreateVersion7(), at, person.GroupId == Demo.TumbleTimeId ? Demo.TumbleTimeId : Demo.BlueDolphinId,
                new(person.Id, person.Name, person.Email, person.Level, person.GroupId), action, subject, account, "Accounts",
                "203.0.113.7", details));

        public async Task<Page<AuditEntry>> Read(Person person, string query) =>
            (await SignedInAs(person).GetFromJsonAsync<Page<AuditEntry>>($"/api/audit{query}"))!;
    }

    [Fact]
    public async Task An_Admin_reads_their_group_and_below_a_User_their_own_and_nobody_another_enterprise()
    {
        async Task<string[]> Seen(Person person) =>
            [.. (await log.Read(person, "")).Items.Select(entry => entry.PersonEmail.Split('@')[0]).Distinct().Order()];

        Assert.Equal(["east-admin", "east-user", "root-admin", "root-user", "west-user"], await Seen(Demo.RootAdmin));
        Assert.Equal(["east-admin", "east-user"], await Seen(Demo.EastAdmin));
        Assert.Equal(["root-user"], await Seen(Demo.RootUser));
        Assert.Equal(["west-user"], await Seen(Demo.WestUser));
        Assert.All((await log.Read(Demo.TumbleAdmin, "")).Items, entry =>
            Assert.EndsWith("@tumbletime.example", entry.PersonEmail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_entry_says_who_did_what_where_and_when()
    {
        using var json = JsonDocument.Parse(
            await log.SignedInAs(Demo.WestUser).GetStringAsync("/api/audit?action=account", TestContext.Current.CancellationToken));
        var entry = Assert.Single(json.RootElement.GetProperty("items").EnumerateArray());

        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("next").ValueKind);
        string? Text(string name) => entry.GetProperty(name).GetString();
        Assert.Equal(("Wanda User", "west-user@bluedolphin.example", "user", "West"),
            (Text("person"), Text("personEmail"), Text("level"), Text("group")));
        Assert.Equal(("account.entered", "an account", "bluedolphin-austin"), (Text("action"), Text("subject"), Text("account")));
        Assert.Equal(("Accounts", "203.0.113.7"), (Text("source"), Text("ip")));
        Assert.Equal("/families", entry.GetProperty("details").GetProperty("to").GetString());
        Assert.Equal(Noon.AddMinutes(9), entry.GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Pages_go_from_the_newest_to_the_oldest_without_a_gap_or_a_repetition()
    {
        var (all, cursor) = (new List<AuditEntry>(), (string?)"");
        while (cursor is not null)
        {
            var page = await log.Read(Demo.RootAdmin, $"?limit=3&cursor={cursor}");
            all.AddRange(page.Items);
            cursor = page.Next;
        }

        Assert.Equal(10, all.DistinctBy(entry => entry.Id).Count());
        Assert.Equal(10, all.Count);
        Assert.Equal(all.OrderByDescending(entry => entry.At), all);
    }

    [Theory]
    [InlineData("?action=signed-in", 5)]
    [InlineData("?action=account", 5)]
    [InlineData("?action=acc", 0)]
    [InlineData("?action=signed-in,account", 10)]
    [InlineData("?action=account.entered,signed-in", 10)]
    [InlineData("?action=account.entered,account.edited", 5)]
    [InlineData("?account=bluedolphin-austin", 1)]
    [InlineData("?account=tumbletime-omaha", 0)]
    [InlineData("?person=east", 0)]
    [InlineData("?person=emil", 2)]
    [InlineData("?person=user", 6)]
    [InlineData("?q=families", 10)]
    [InlineData("?q=FAMILIES+wanda", 2)]
    [InlineData("?q=goo+tampa", 0)]
    [InlineData("?q=100%25", 0)]
    [InlineData("?person=EAST-user@bluedolphin.example", 2)]
    [InlineData("?person=root-admin@tumbletime.example", 0)]
    [InlineData("?from=2026-11-02&to=2026-11-02", 10)]
    [InlineData("?to=2026-11-01", 0)]
    [InlineData("?from=2026-11-02T12:08:00Z", 2)]
    [InlineData("?from=2026-11-02T12:00:00Z&to=2026-11-02T12:01:00Z&action=signed-in", 1)]
    public async Task Filters_narrow_what_an_Admin_sees(string query, int entries) =>
        Assert.Equal(entries, (await log.Read(Demo.RootAdmin, query)).Items.Count);

    [Theory]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?to=2026-13-01", "to")]
    [InlineData("?from=2026-11-02&to=2026-11-01", "from")]
    [InlineData("?cursor=rubbish", "cursor")]
    [InlineData("?limit=201", "Limit")]
    [InlineData("?q=ab", "q")]
    public async Task A_filter_that_makes_no_sense_is_named(string query, string field)
    {
        var answer = await log.SignedInAs(Demo.RootAdmin).GetAsync($"/api/audit{query}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Contains(problem.GetProperty("errors").EnumerateObject(), error =>
            error.Name.Equals(field, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Days_are_counted_as_the_log_is_read_and_only_of_the_newest_months()
    {
        async Task<string> Days(Person person, string query) => string.Join(' ',
            (await log.SignedInAs(person).GetFromJsonAsync<Page<LogDay>>($"/api/audit/days{query}"))!.Items
                .Select(day => $"{day.Day:MM-dd}:{day.Entries}"));
        const string day = "?from=2026-11-01&to=2026-11-03&limit=200";
        var people = new[] { Demo.RootAdmin, Demo.EastAdmin, Demo.WestUser, Demo.TumbleAdmin };
        var filters = new[] { "", "&action=account", "&account=bluedolphin-austin", "&person=emil" };

        foreach (var (person, filter) in people.SelectMany(person => filters.Select(filter => (person, filter))))
        {
            var days = (await log.Read(person, day + filter)).Items.GroupBy(entry => entry.At.UtcDateTime.Date).OrderBy(one => one.Key);
            Assert.Equal(string.Join(' ', days.Select(one => $"{one.Key:MM-dd}:{one.Count()}")), await Days(person, day + filter));
        }
        Assert.Equal("11-02:2", await Days(Demo.WestUser, day));
        // Ninety-two days before the end, however early the beginning.
        Assert.Contains("11-02:", await Days(Demo.RootAdmin, "?from=2020-01-01&to=2027-02-01"), StringComparison.Ordinal);
        Assert.DoesNotContain("11-02:", await Days(Demo.RootAdmin, "?from=2020-01-01&to=2027-02-02"), StringComparison.Ordinal);
        Assert.Equal("", await Days(Demo.RootAdmin, "?to=0001-01-01"));
    }

    [Fact]
    public async Task An_activity_that_is_told_twice_is_in_the_log_once()
    {
        var (twice, later) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => log.Happened(Demo.TumbleUser, "signed-in", "Google", null, Noon, twice)));
        await log.Happened(Demo.TumbleUser, "signed-out", "", null, Noon.AddYears(-1), later, details: null);

        await Eventually(async () => (await log.Read(Demo.TumbleUser, "")).Items.Any(entry => entry.Id == later));

        Assert.Equal([twice, later], (await log.Read(Demo.TumbleUser, "")).Items.Select(entry => entry.Id));
    }
}
