using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using static EnterprisePortal.Tests.Support.Demo;

namespace EnterprisePortal.Tests.Reports;

/// <summary>A filter that means nothing is refused before any account is asked; a name that no account knows is a warning.</summary>
public class ParameterTests(ReportsService service) : IClassFixture<ReportsService>, IAsyncLifetime
{
    const string October = "\"from\":\"2026-10-01\",\"to\":\"2026-10-31\"";
    Offices offices = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => offices = await service.WithOffices();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    public static TheoryData<string, string, string> Meaningless => new()
    {
        { "FIN-1", """{"asOf":"2026-09-30","enrollmentStatus":"enrolled"}""", "enrollmentStatus" },
        { "FIN-1", """{"asOf":"2026-10-31","enrollmentStatus":"bogus"}""", "enrollmentStatus" },
        { "FIN-1", $$"""{ {{October}} }""", "from to" },
        { "FIN-1", """{"asOf":"last Friday","split":"yes"}""", "asOf split" },
        { "CLA-9", $$"""{{{October}},"mode":"bogus"}""", "mode" },
        { "CLA-9", $$"""{{{October}},"type":"bogus"}""", "type" },
        { "CLA-9", $$"""{{{October}},"type":7,"program":["Swim"],"level":{ } }""", "level program type" },
        { "FIN-2", $$"""{{{October}},"paymentMethod":"bogus"}""", "paymentMethod" },
        { "FIN-2", $$"""{{{October}},"paymentMethod":"credit card"}""", "paymentMethod" },
        { "FIN-2", $$"""{{{October}},"bogus":1}""", "bogus" },
        { "FIN-2", $$"""{{{October}},"category":"Tuition","asOf":"2026-10-31"}""", "asOf category" },
        { "FIN-2", """{"from":20261001,"to":"2026-31-10"}""", "from to" },
        { "FIN-2", """{"from":"2026-10-31","to":"2026-10-01","program":""}""", "to" },
        { "FIN-2", "{}", "from to" },
        { "FIN-4", $$"""{{{October}},"creditTypes":5}""", "creditTypes" },
        { "FIN-6", $$"""{{{October}},"allCollected":"true","family":"a\u0000b"}""", "allCollected family" }
    };

    [Theory, MemberData(nameof(Meaningless))]
    public async Task A_filter_that_means_nothing_to_the_report_is_refused_by_its_name(string report, string parameters, string fields)
    {
        using var answer = await Post("runs", $$"""{ "report": "{{report}}", "parameters": {{parameters}} }""");

        Assert.Equal(fields, await Refused(answer));
    }

    [Theory]
    [InlineData("CLA-9", """{"mode":"bogus","type":"trial"}""", "mode")]
    [InlineData("FIN-1", """{"onlyPastDue":1,"category":3,"bogus":null}""", "bogus category onlyPastDue")]
    [InlineData("FIN-2", """{"dropReason":"Moved away"}""", "dropReason")]
    public async Task A_schedule_is_refused_the_same_way(string report, string parameters, string fields)
    {
        using var answer = await Post("schedules", $$"""{ "report": "{{report}}", "every": "month", "parameters": {{parameters}} }""");

        Assert.Equal(fields, await Refused(answer));
    }

    [Fact]
    public async Task A_schedule_from_before_a_filter_was_refused_is_skipped_and_says_why()
    {
        using var made = await Post("schedules", """{ "report": "FIN-1", "every": "month" }""");
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("id").GetGuid();
        await service.Execute($$"""update report_schedule set parameters = '{"enrollmentStatus":"enrolled"}' where id = '{{id}}'""");

        using var now = await service.SignedInAs(RootUser).PostAsync($"/api/reports/schedules/{id}/run", null, Cancel);

        Assert.Equal(HttpStatusCode.Conflict, now.StatusCode);
        Assert.Contains("enrollmentStatus: Choose one of active, inactive.", await now.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("/api/feed/reports.json?report=FIN-99", "report")]
    [InlineData("/api/feed/reports.csv?program=Swim", "program")]
    [InlineData("/api/feed/reports/FIN-2.json?from=2026-10-01&paymentMethod=cash", "from paymentMethod")]
    [InlineData("/api/feed/reports/FIN-2.csv?run2=x", "run2")]
    public async Task A_feed_does_not_pretend_to_filter(string address, string fields)
    {
        using var answer = await service.Bearing(Support.TestIdentity.TokenOf(RootUser)).GetAsync(address, Cancel);

        Assert.Equal(fields, await Refused(answer));
    }

    [Fact]
    public async Task What_a_page_shows_means_the_same_as_its_code_and_empty_fields_mean_everything()
    {
        using var answer = await Post("runs", $$"""
            { "report": "CLA-9", "parameters":
              {{{October}},"type":"Make Up","mode":"STARTING","program":"","asOf":null,"paymentMethod":null,"level":" Star  Fish"} }
            """);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var asked = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("parameters");
        string[] names = ["type", "mode", "level"];
        Assert.Equal(["make-up", "starting", " Star  Fish"], names.Select(name => asked.GetProperty(name).GetString()));
        Assert.Equal(JsonValueKind.Null, asked.GetProperty("program").ValueKind);
    }

    [Fact]
    public async Task A_name_that_no_account_of_the_run_knows_is_a_warning_and_a_name_that_some_know_is_not()
    {
        foreach (var account in TumbleTime.Accounts)
            offices.Unknown[account.Code] = [("program", "Gymnastiks"), ("staff", "Ana")];
        offices.Unknown["tumbletime-omaha"] = [("program", "Gymnastiks")];
        var asked = new { from = "2026-10-01", to = "2026-10-31", program = "Gymnastiks", staff = "Ana" };
        var run = await service.Start(TumbleUser, "FIN-2", asked);
        await service.Finished(TumbleUser, run);
        offices.Unknown.Clear();

        var item = await service.SignedInAs(TumbleUser).GetFromJsonAsync<JsonElement>($"/api/reports/runs/{run}", Cancel);
        var warning = Assert.Single(item.GetProperty("warnings").EnumerateArray());
        Assert.Equal("program", warning.GetProperty("field").GetString());
        Assert.Equal("No account of this run has the program “Gymnastiks”.", warning.GetProperty("words").GetString());
    }

    [Fact]
    public async Task As_long_as_accounts_are_open_nobody_is_warned()
    {
        offices.Unknown["tumbletime-omaha"] = [("program", "Gymnastics")];
        offices.Trouble["tumbletime-tulsa"] = "down";
        var run = await service.Start(TumbleUser, "FIN-2", new { from = "2026-10-01", to = "2026-10-31", program = "Gymnastics" });
        await Eventually(async () => (await service.Get(TumbleUser, run)).Accounts.Count(account => account.State == "ready") == 3);

        var item = await service.SignedInAs(TumbleUser).GetFromJsonAsync<JsonElement>($"/api/reports/runs/{run}", Cancel);
        offices.Unknown.Clear();
        offices.Trouble.Clear();

        Assert.Empty(item.GetProperty("warnings").EnumerateArray());
    }

    Task<HttpResponseMessage> Post(string what, string body) =>
        service.SignedInAs(RootUser).PostAsync($"/api/reports/{what}", new StringContent(body, Encoding.UTF8, "application/json"), Cancel);

    /// <returns>The fields that are named, in order.</returns>
    static async Task<string> Refused(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return problem.TryGetProperty("errors", out var errors)
            ? string.Join(' ', errors.EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal))
            : "no field is named";
    }
}
