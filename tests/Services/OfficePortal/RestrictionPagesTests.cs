using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.SignIn;
using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.OfficePortal.WebOffice;

namespace EnterprisePortal.Tests.OfficePortal;

/// <summary>What the permissions guard: staff users, the Staff Portal, and the pages of the daily work.</summary>
public class RestrictionPagesTests(WebOffice office) : IClassFixture<WebOffice>
{
    [Fact]
    public void Every_permission_of_the_catalogue_guards_a_page_or_an_action()
    {
        var guarding = office.Endpoints.SelectMany(endpoint => endpoint.Metadata.OfType<Need>()).Select(need => need.Permission)
            .ToHashSet();

        Assert.Empty(guarding.Except(PermissionCatalogue.ById.Keys));
        // It guards a part of the family's page: the next test.
        Assert.Equal(["ledger.view"], PermissionCatalogue.ById.Keys.Except(guarding));
    }

    [Fact]
    public async Task Staff_who_may_not_view_the_ledger_see_none_of_it_on_a_familys_page()
    {
        var (page, frontDesk) = ($"/{Denver}/families/1002", await office.SignedIn(Denver, "frontdesk"));
        Assert.Contains("Ledger</h2>", await frontDesk.GetStringAsync(page));

        await office.Sql($$"""insert into restriction_set values ('{{Denver}}', 1, '[{"permission":"ledger.view","groups":[{"name":"West","reason":"Audit","until":null}]}]', now())""");

        Assert.DoesNotContain("Ledger</h2>", await frontDesk.GetStringAsync(page));
    }

    [Fact]
    public async Task A_staff_user_set_inactive_is_out_at_once_and_the_change_is_in_the_Audit_Log()
    {
        var (manager, frontDesk) = (await office.SignedIn(Austin, "manager"), await office.SignedIn(Austin, "frontdesk"));
        Assert.Equal(HttpStatusCode.OK, (await frontDesk.GetAsync($"/{Austin}/families")).StatusCode);

        var saved = await Save(manager, "frontdesk", new() { ["group"] = "Front Desk", ["permission"] = "reports.fin-2" });

        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await frontDesk.GetAsync($"/{Austin}/families")).StatusCode);
        Assert.InRange(
            await office.Ask<long>(
                $"select count(*) from audit_entry where account = '{Austin}' and action = 'Session ended' and username = "
                + $"'frontdesk@{Austin}.example'"), 1, 9);
        Assert.Equal($"Staff user frontdesk@{Austin}.example: set inactive", await Last("Changed staff user"));

        await Save(manager, "frontdesk", new() { ["active"] = "true", ["group"] = "Front Desk", ["permission"] = "audit-log.view" });
        Assert.Contains("permission View the Audit Log added, permission Bank Deposit (FIN-2) taken away",
            await Last("Changed staff user"));
        Assert.Equal(HttpStatusCode.OK, (await (await office.SignedIn(Austin, "frontdesk")).GetAsync($"/{Austin}/audit-log")).StatusCode);
    }

    [Fact]
    public async Task Nobody_shuts_out_the_last_owner_or_themselves_or_grants_what_they_do_not_have()
    {
        await office.Sql(
            $"insert into staff_permission values ('{Denver}', 'frontdesk@{Denver}.example', 'staff.edit'), ('{Denver}', "
            + $"'frontdesk@{Denver}.example', 'staff.view')");
        var (owner, manager, frontDesk) =
            (await office.SignedIn(Denver, "owner"), await office.SignedIn(Denver, "manager"), await office.SignedIn(Denver, "frontdesk"));

        Assert.Contains("set yourself inactive", await Refused(owner, "owner", []));
        Assert.Contains("Only somebody with full permissions", await Refused(manager, "owner", []));
        Assert.Contains("you do not have", await Refused(frontDesk, "instructor", new() { ["active"] = "true", ["group"] = "Managers" }));
        Assert.Contains("you do not have",
            await Refused(frontDesk, "frontdesk", new() { ["active"] = "true", ["permission"] = "reports.fin-6" }));

        async Task<string> Refused(HttpClient browser, string who, Dictionary<string, string> fields)
        {
            var answer = await Save(browser, who, fields, Denver);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task The_profile_says_why_from_the_local_grant_down_to_the_result()
    {
        await office.Sql($$"""
            insert into restriction_set
              values ('{{Austin}}', 1, '[{"permission":"ledger.pay","groups":[{"name":"Blue Dolphin","reason":"Audit","until":null},{"name":"West","reason":"One till","until":null}]}]', now())
            """);

        var profile = await (await office.SignedIn(Austin, "owner")).GetStringAsync($"/{Austin}/staff/frontdesk%40{Austin}.example");

        var why = profile[profile.IndexOf("id=\"why-ledger-pay\"", StringComparison.Ordinal)..];
        string[] chain = ["granted by user group Front Desk", "Blue Dolphin removes it: Audit", "West removes it: One till",
            "Result: not allowed."];
        Assert.Equal(chain, chain.OrderBy(link => why.IndexOf(link, StringComparison.Ordinal)));
        Assert.All(chain, link => Assert.Contains(link, why));
        Assert.Contains("aria-label=\"Removed: Take payments\" aria-describedby=\"why-ledger-pay\"", profile);
    }

    [Fact]
    public async Task An_instructor_arrives_in_the_Staff_Portal_takes_attendance_and_may_not_enter_the_Office_Portal()
    {
        var instructor = await office.SignedIn(Denver, "instructor");
        Assert.Equal($"/{Denver}/staff-portal", (await instructor.GetAsync($"/{Denver}")).Headers.Location?.OriginalString);
        Assert.Contains("access.office-portal", await (await instructor.GetAsync($"/{Denver}/families")).Content.ReadAsStringAsync());
        var enrollment =
            await office.Ask<long>(
                $"select enrollment.id from enrollment join class on class.account = enrollment.account and class.id = class where "
                + $"enrollment.account = '{Denver}' and instructor = 'instructor@{Denver}.example' and type = 'active' and start_date < "
                + "now() - interval '20 days' limit 1");
        var @class = await office.Ask<long>($"select class from enrollment where account = '{Denver}' and id = {enrollment}");
        var day = await office.Ask<DateOnly>(
            $"select (start_date + ((weekday - extract(dow from start_date)::int + 7) % 7)) from enrollment join class on class.account "
            + $"= enrollment.account and class.id = class where enrollment.account = '{Denver}' and enrollment.id = {enrollment}");

        var page = $"/{Denver}/staff-portal?day={day:yyyy-MM-dd}";
        await Submit(instructor, page, $"/{Denver}/staff-portal/classes/{@class}/attendance", new()
            { ["day"] = $"{day:yyyy-MM-dd}", ["present"] = $"{enrollment}" });

        Assert.True(await office.Ask<bool>(
            $"select present from attendance where account = '{Denver}' and enrollment = {enrollment} and date = '{day:yyyy-MM-dd}'"));
        Assert.Equal("Staff Portal",
            await office.Ask<string>($"select source from audit_entry where account = '{Denver}' and action = 'Took attendance'"));

        var ruben = office.Browser();
        await office.Enter(ruben, Denver, WebPerson.Ruben());
        Assert.Contains("entered-bar", await ruben.GetStringAsync(page));
        Assert.Equal(HttpStatusCode.Forbidden, (await (await office.SignedIn(Denver, "frontdesk")).GetAsync($"/{Denver}/staff-portal"))
            .StatusCode);
    }

    [Fact]
    public async Task An_erased_family_is_named_nowhere_and_the_change_feed_says_so()
    {
        var owner = await office.SignedIn(Austin, "owner");
        var created = await Submit(owner, $"/{Austin}/families/new", $"/{Austin}/families/new", new()
            { ["first"] = "Zita", ["last"] = "Quickly", ["emails"] = "zita@mail.example", ["phones"] = "(512) 555-0177" });
        var family = long.Parse(created.Headers.Location!.OriginalString.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("+15125550177", await office.Ask<string>($"select phone from phone where account = '{Austin}' and family = {family}"));
        Assert.Contains("Quickly, Zita", await owner.GetStringAsync($"/{Austin}/families?name=quickly"));
        await Submit(owner, $"/{Austin}/families/{family}", $"/{Austin}/point-of-sale", new()
            { ["family"] = $"{family}", ["item"] = "Goggles", ["amount"] = "14.50", ["category"] = "1" });

        var report = await Reported();
        Assert.Contains("Quickly", report.File);

        await Submit(owner, $"/{Austin}/families/{family}/erase", $"/{Austin}/families/{family}/erase", []);

        // A report from before keeps what it added up to, and forgets whose it was.
        var kept = await office.Api(Austin).GetStringAsync($"background-tasks/{report.Task}/file");
        Assert.DoesNotContain("Quickly", kept);
        Assert.Equal(report.File.Split('\n').Length, kept.Split('\n').Length);
        Assert.Contains("14.50", kept);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.GetAsync($"/{Austin}/families/{family}")).StatusCode);
        Assert.DoesNotContain("Quickly", await owner.GetStringAsync($"/{Austin}/families?name=quickly"));
        Assert.Contains($"\"erased\":[\"{family}\"]", (await office.Api(Austin).GetStringAsync("changes?after=0.20000101"))
            .Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(14.50m, await office.Ask<decimal>($"select sum(amount) from charge where account = '{Austin}' and family = {family}"));
    }

    async Task<(string Task, string File)> Reported()
    {
        var api = office.Api(Austin);
        var today = await office.Ask<DateOnly>("select current_date");
        using var asked =
            await api.PostAsJsonAsync("reports",
                new ReportRequest(Guid.CreateVersion7(), "FIN-1", ReportOffice.Given(new(AsOf: today.AddDays(1))),
                    new(Guid.CreateVersion7(), "Rosa Admin", "admin", Guid.Empty, "portal-admin@bluedolphin.example")));
        var task = (await asked.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<ReportTask>())!;
        await Wait.Eventually(async () => (await api.GetFromJsonAsync<ReportTask>($"background-tasks/{task.Id}"))!.State == "ready");
        return (task.Id, await api.GetStringAsync($"background-tasks/{task.Id}/file"));
    }

    [Fact]
    public async Task A_name_is_changed_exactly_as_written_and_only_by_who_may()
    {
        var (manager, frontDesk) = (await office.SignedIn(Austin, "manager"), await office.SignedIn(Austin, "frontdesk"));
        var path = $"/{Austin}/settings/levels/1";

        await Submit(manager, $"/{Austin}/settings/levels", path, new() { ["name"] = "Star  Fish " });
        var denied = await Submit(frontDesk, $"/{Austin}/families", path, new() { ["name"] = "Mine" });
        var taken = await Submit(manager, $"/{Austin}/settings/levels", $"/{Austin}/settings/levels/2", new() { ["name"] = "Star  Fish " });

        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.UnprocessableEntity], [denied.StatusCode, taken.StatusCode]);
        Assert.Equal("Star  Fish ", await office.Ask<string>($"select name from level where account = '{Austin}' and id = 1"));
    }

    [Theory]
    [InlineData("students")]
    [InlineData("classes")]
    [InlineData("classes?id=1")]
    [InlineData("contact-list")]
    [InlineData("contact-list.csv?active=true")]
    [InlineData("policies")]
    [InlineData("kiosk")]
    [InlineData("time-clock")]
    [InlineData("mobile")]
    [InlineData("point-of-sale")]
    [InlineData("families/1001/edit")]
    public async Task Each_page_of_the_daily_work_opens_for_the_manager(string page) =>
        Assert.Equal(HttpStatusCode.OK, (await (await office.SignedIn(Denver, "manager")).GetAsync($"/{Denver}/{page}")).StatusCode);

    static Task<HttpResponseMessage> Save(HttpClient browser, string who, Dictionary<string, string> fields, string account = Austin) =>
        Submit(browser, $"/{account}/families", $"/{account}/staff/{who}%40{account}.example", fields);

    Task<string> Last(string action) =>
        office.Ask<string>(
            $"select affected_records from audit_entry where account = '{Austin}' and action = '{action}' order by id desc limit 1");
}
