using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.Search.SearchService;

namespace EnterprisePortal.Tests.Search;

public class FindCallerTests : IClassFixture<SearchService>
{
    const string Number = "+15125550101";
    readonly SearchService search;
    readonly ConcurrentDictionary<string, Func<CancellationToken, Task<HttpResponseMessage>>> accounts = new();
    readonly ConcurrentQueue<string> asked = new();

    public FindCallerTests(SearchService search)
    {
        this.search = search;
        search.Outbound.Answer("office.example", async (request, cancel) =>
        {
            var path = request.RequestUri!.AbsolutePath.Split('/');
            asked.Enqueue(request.RequestUri.PathAndQuery);
            return accounts.TryGetValue(path[1], out var answer) && !path[^1].Equals("enrollment", StringComparison.Ordinal)
                ? await answer(cancel)
                : path[^1] == "enrollment" ? Json(new LiveEnrollment(path[^2].Contains("active", StringComparison.Ordinal)))
                : Json(new LiveFamilies([]));
        });
    }

    [Fact]
    public async Task Every_account_is_asked_live_and_its_families_are_checked()
    {
        Answers("bluedolphin-austin", new LiveFamily("a active", "Smith, Mary"));
        Answers("bluedolphin-denver", new LiveFamily("d-dropped", "Smith, Mary"), new LiveFamily("d-active", "Jones, Al"));

        var found = await Find(Demo.RootUser, "(512) 555-0101");

        Assert.Equal("(512) 555-0101", found.Phone);
        Assert.Equal([("bluedolphin-austin", Number, "live"), ("bluedolphin-denver", Number, "live")],
            found.Matches.Select(match => (match.Account, match.E164, match.Source)));
        Assert.Equal([("a active", true), ("d-dropped", false), ("d-active", true)],
            found.Matches.SelectMany(match => match.Families).Select(family => (family.FamilyId, family.Active!.Value)));
        Assert.Empty(found.Unanswered);
        Assert.Equal(8, asked.Count(path => path.EndsWith("families?phone=%2B15125550101", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Several_families_are_told_apart_by_what_the_last_sync_knew_of_them()
    {
        await search.Indexed("bluedolphin-austin",
            Family("told-a", ["Grace Holloway", "Tom Holloway"], ["grace.holloway@home.example"], [Number]));
        Answers("bluedolphin-austin", new LiveFamily("told-a", "Holloway, Grace"));
        Answers("bluedolphin-denver", new LiveFamily("told-d", "Holloway, Grace"));

        var families = (await Find(Demo.RootUser, Number)).Matches.Select(match => match.Families.Single()).ToList();

        Assert.Equal(["Grace Holloway", "Tom Holloway"], families[0].Guardians!);
        Assert.Equal(("…oway@home.example", true), (families[0].EmailEnding, families[0].WasActive));
        Assert.Null(families[1].Guardians);
        // One alone needs no telling apart.
        Answers("bluedolphin-denver");
        Assert.Null((await Find(Demo.RootUser, Number)).Matches.Single().Families.Single().Guardians);
    }

    [Fact]
    public async Task A_person_hears_only_of_their_reach()
    {
        Answers("bluedolphin-austin", new LiveFamily("a", "Smith, Mary"));

        Assert.Empty((await Find(Demo.EastUser, Number)).Matches);
        Assert.Equal(4, asked.Count);
    }

    [Fact]
    public async Task Accounts_that_hang_or_are_down_are_named_answered_from_the_index_and_cost_nothing_the_next_time()
    {
        await search.Indexed("tumbletime-omaha", Family("omaha", "Mary Omaha", Number));
        await search.Indexed("tumbletime-tulsa", Family("tulsa", "Mary Tulsa", "+19185550000"));
        Answers("tumbletime-wichita", new LiveFamily("w-active", "Wichita, Mary"));
        accounts["tumbletime-omaha"] = async cancel => { await Task.Delay(Timeout.Infinite, cancel); return null!; };
        accounts["tumbletime-tulsa"] = _ => throw new HttpRequestException("Connection refused");

        var (first, firstTook) = await Timed();
        var (second, secondTook) = await Timed();

        foreach (var found in (Caller[])[first, second])
        {
            Assert.Equal(["tumbletime-omaha", "tumbletime-tulsa"], found.Unanswered);
            Assert.Equal([("tumbletime-omaha", "index"), ("tumbletime-wichita", "live")],
                found.Matches.Select(match => (match.Account, match.Source)));
            Assert.Equal("Mary Omaha", found.Matches[0].Families[0].Name);
        }
        // Once for as long as the deadline; the next time not even that.
        Assert.InRange(firstTook.TotalSeconds, 1.4, 10);
        Assert.InRange(secondTook.TotalSeconds, 0, 1.4);

        Answers("tumbletime-omaha", new LiveFamily("omaha", "Omaha, Mary"));
        Answers("tumbletime-tulsa");
        for (var tries = 0; (await Find(Demo.TumbleUser, Number)).Unanswered.Count > 0; tries++)
        {
            Assert.True(tries < 80, "The accounts are back, but are not asked again.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    async Task<(Caller, TimeSpan)> Timed()
    {
        var started = Stopwatch.GetTimestamp();
        return (await Find(Demo.TumbleUser, Number), Stopwatch.GetElapsedTime(started));
    }

    [Theory]
    [InlineData("anonymous")]
    [InlineData("0000000000")]
    [InlineData("0101")]
    [InlineData("%20")]
    public async Task What_is_no_number_is_refused_and_no_account_is_asked(string phone)
    {
        var answer = await search.SignedInAs(Demo.RootUser).GetAsync($"/api/search/phone/{phone}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(asked);
    }

    [Fact]
    public async Task The_lookup_is_remembered_and_audited_without_the_number()
    {
        Answers("bluedolphin-austin", new LiveFamily("a", "Smith, Mary"));
        await Find(Demo.WestUser, "512/555/0177");

        var lookups = await search.SignedInAs(Demo.WestUser).GetFromJsonAsync<Page<PhoneLookup>>("/api/search/phone-lookups",
            TestContext.Current.CancellationToken);
        var audited = await search.Published<ActivityRecorded>(it => it.Subject == "•••0177");

        // The newest comes first.
        Assert.Equal(("•••0177", "One account"), (lookups!.Items[0].Phone, lookups.Items[0].Outcome));
        Assert.Equal(("phone.looked-up", Demo.WestUser.Id, "bluedolphin-austin"),
            (audited.Action, audited.Person.Id!.Value, audited.Account));
        Assert.DoesNotContain("5550177", audited.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lookups_are_counted_by_the_hour_a_Users_own_and_for_an_Admin_those_below()
    {
        async Task<int> Counted(EnterprisePortal.ServiceDefaults.SignIn.Person person)
        {
            var hours = (await search.SignedInAs(person).GetFromJsonAsync<Page<LookupHour>>("/api/search/phone-lookups/hours",
                TestContext.Current.CancellationToken))!.Items;
            Assert.All(hours, hour => Assert.True(hour is { Hour: { Minute: 0, Second: 0 } } && hour.Slowest >= hour.Milliseconds));
            return hours.Sum(hour => hour.Lookups);
        }
        var people = new[] { Demo.EastUser, Demo.EastAdmin, Demo.RootAdmin, Demo.WestUser, Demo.TumbleAdmin };
        var before = new List<int>();
        foreach (var person in people)
            before.Add(await Counted(person));

        await Find(Demo.EastUser, "512/555/0178");
        await Find(Demo.EastUser, "512/555/0179");

        for (var at = 0; at < people.Length; at++)
            Assert.Equal(before[at] + (at < 3 ? 2 : 0), await Counted(people[at]));
    }

    [Fact]
    public async Task The_number_is_in_no_trace()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add
        };
        ActivitySource.AddActivityListener(listener);
        Answers("bluedolphin-austin", new LiveFamily("a", "Smith, Mary"));

        await Find(Demo.WestUser, "+15125550166");

        // The server's span ends after its answer has been sent.
        await Eventually(() => spans.Any(
            span => span.GetTagItem("http.route") is string route && route.Contains("/api/search/phone/", StringComparison.Ordinal)));
        Assert.DoesNotContain(spans, span =>
            $"{span.DisplayName} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.SelectMany(it => it.Tags))}".Contains(
                "5550166", StringComparison.Ordinal));
    }

    Task<Caller> Find(EnterprisePortal.ServiceDefaults.SignIn.Person person, string phone) =>
        search.SignedInAs(person).GetFromJsonAsync<Caller>($"/api/search/phone/{phone}", TestContext.Current.CancellationToken)!;

    void Answers(string account, params LiveFamily[] families) => accounts[account] = _ =>
        Task.FromResult(Json(new LiveFamilies(families)));

    static HttpResponseMessage Json<T>(T answer) => new(HttpStatusCode.OK) { Content = JsonContent.Create(answer) };
}
