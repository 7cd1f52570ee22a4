using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using static EnterprisePortal.Tests.OfficePortal.WebOffice;

namespace EnterprisePortal.Tests.OfficePortal;

/// <summary>What the enterprise removes in an account binds everybody in it but portal Admins.</summary>
public class RestrictionTests(WebOffice office) : IClassFixture<WebOffice>
{
    static readonly RestrictingGroup Root = new("Blue Dolphin Swim Schools", "The auditors asked for it.", null),
    East = new("East", "One till only.", new(2030, 11, 30));
    long version = TimeProvider.System.GetUtcNow().Ticks;

    [Theory]
    [InlineData("owner", true)]
    [InlineData("manager", true)]
    [InlineData("frontdesk", false)]
    public async Task A_removed_permission_is_gone_for_owner_and_manager_alike_at_the_very_next_page(string who, bool had)
    {
        await Remove(Austin);
        var browser = await office.SignedIn(Austin, who);
        Assert.Equal(had ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await browser.GetAsync($"/{Austin}/audit-log")).StatusCode);

        await Remove(Austin, new Restriction("audit-log.view", [Root, East]));

        var denied = await browser.GetAsync($"/{Austin}/audit-log");
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        var words = await denied.Content.ReadAsStringAsync();
        Assert.Contains("View the Audit Log” (audit-log.view)", words);
        Assert.Contains("<strong>Blue Dolphin Swim Schools</strong> removed it: The auditors asked for it.", words);
        Assert.Contains("<strong>East</strong> removed it: One till only. Until 30 Nov 2030.", words);
        Assert.Equal(had, !words.Contains("can grant it under Staff", StringComparison.Ordinal));
        Assert.DoesNotContain($"href=\"/{Austin}/audit-log\"", await browser.GetStringAsync($"/{Austin}/families"));
    }

    [Fact]
    public async Task A_portal_User_is_bound_and_a_portal_Admin_is_not_whatever_staff_user_they_enter_as()
    {
        await Remove(Austin, new Restriction("families.view", [Root]));
        var (user, admin, userAsOwner) = (office.Browser(), office.Browser(), office.Browser());
        await office.Enter(user, Austin, WebPerson.Ruben());
        await office.Enter(admin, Austin, WebPerson.Rosa());
        await office.Enter(userAsOwner, Austin, WebPerson.Ruben() with { LoginAs = "portal-admin@bluedolphin.example" });

        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden],
            [(await user.GetAsync($"/{Austin}/families")).StatusCode, (await admin.GetAsync($"/{Austin}/families")).StatusCode,
                (await userAsOwner.GetAsync($"/{Austin}/families")).StatusCode]);
    }

    [Fact]
    public async Task Application_Access_is_never_taken_away_and_an_id_nobody_knows_does_no_harm()
    {
        await Remove(Austin, new Restriction("access.office-portal", [Root]), new Restriction("lessons.of-the-future", [Root]),
            new Restriction("staff.view", [Root]));

        var owner = await office.SignedIn(Austin, "owner");

        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync($"/{Austin}/families")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await owner.GetAsync($"/{Austin}/staff")).StatusCode);
        Assert.False((await Explain(Austin, $"owner@{Austin}.example", "access.office-portal"))!.Removed);
    }

    [Fact]
    public async Task An_older_set_that_comes_late_or_the_same_one_twice_changes_nothing()
    {
        await Remove(Denver, new Restriction("ledger.refund", [Root]));
        var entries = await Entries();

        foreach (var late in new[] { version - 1, version })
            Assert.Equal(HttpStatusCode.NoContent, (await Put(Denver, new(late, [new("staff.view", [East])]))).StatusCode);

        var set = (await office.Api(Denver).GetFromJsonAsync<RestrictionSet>("restrictions"))!;
        Assert.Equal(version, set.Version);
        Assert.Equal(("ledger.refund", Root), (set.Restrictions.Single().Permission, set.Restrictions[0].Groups.Single()));
        Assert.Equal(entries, await Entries());

        await Remove(Denver, new Restriction("staff.view", [Root, East]));
        Assert.Equal(
            "Enterprise Portal: removed View staff (Blue Dolphin Swim Schools: The auditors asked for it., East: One till only.); "
            + "allowed again Refund payments", await office.Ask<string>(
            $"select source || ': ' || affected_records from audit_entry where account = '{Denver}' and action = 'Enterprise "
            + "restrictions changed' order by id desc limit 1"));

        Task<long> Entries() =>
            office.Ask<long>($"select count(*) from audit_entry where account = '{Denver}' and action = 'Enterprise restrictions changed'");
    }

    [Fact]
    public async Task Of_sets_that_arrive_at_once_the_newest_stays()
    {
        var first = version += 20;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Put(Denver, new(first + n * 7 % 20, []))));

        Assert.Equal(first + 19, (await office.Api(Denver).GetFromJsonAsync<RestrictionSet>("restrictions"))!.Version);
    }

    [Fact]
    public async Task A_preview_names_the_active_staff_who_would_lose_something_and_changes_nothing()
    {
        await Remove(Austin);
        await office.Sql($"update staff set active = false where account = '{Austin}' and email = 'manager@{Austin}.example'");
        try
        {
            var loses = (await Preview()).ToDictionary(staff => staff.Email, staff => staff.Permissions);
            Assert.Equal(["reports.fin-2", "staff.edit"], loses[$"owner@{Austin}.example"]);
            Assert.Equal(["reports.fin-2"], loses[$"frontdesk@{Austin}.example"]);
            Assert.DoesNotContain($"manager@{Austin}.example", loses.Keys);
            Assert.DoesNotContain($"instructor@{Austin}.example", loses.Keys);

            await Remove(Austin, new Restriction("reports.fin-2", [Root]));
            Assert.All(await Preview(), staff => Assert.Equal(["staff.edit"], staff.Permissions));
        }
        finally
        {
            await office.Sql($"update staff set active = true where account = '{Austin}' and email = 'manager@{Austin}.example'");
        }

        async Task<IReadOnlyList<AffectedStaff>> Preview() =>
            (await (await office.Api(Austin)
                .PostAsJsonAsync("restrictions/preview", new RestrictionPreview(["reports.fin-2", "staff.edit", "access.time-clock"])))
                    .Content.ReadFromJsonAsync<RestrictionImpact>())!.Staff;
    }

    [Fact]
    public async Task Who_can_be_used_by_nobody_loses_nothing_and_the_preview_says_who_signs_in_directly()
    {
        await Remove(Austin);
        await office.Sql($"update staff set portal_entry = false where account = '{Austin}' and email = 'portal-user@bluedolphin.example'");
        try
        {
            using var answer = await office.Api(Austin).PostAsJsonAsync("restrictions/preview", new RestrictionPreview(["reports.fin-2"]));
            var staff = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("staff").EnumerateArray()
                .ToDictionary(one => one.GetProperty("email").GetString()!, one => one.GetProperty("direct").GetBoolean());

            Assert.True(staff[$"owner@{Austin}.example"]);
            Assert.False(staff["portal-admin@bluedolphin.example"]);
            Assert.DoesNotContain("portal-user@bluedolphin.example", staff.Keys);
        }
        finally
        {
            await office.Sql(
                $"update staff set portal_entry = true where account = '{Austin}' and email = 'portal-user@bluedolphin.example'");
        }
    }

    [Fact]
    public async Task A_removal_ends_with_its_last_day_also_while_the_portal_is_silent_and_the_profile_says_so()
    {
        var owner = await office.SignedIn(Austin, "owner");
        var over = East with { Until = new(2026, 1, 31) };

        await Remove(Austin, new Restriction("audit-log.view", [over]), new Restriction("pos.sell", [Root, over]));

        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync($"/{Austin}/audit-log")).StatusCode);
        Assert.False((await Explain(Austin, $"owner@{Austin}.example", "audit-log.view"))!.Removed);
        Assert.True((await Explain(Austin, $"owner@{Austin}.example", "pos.sell"))!.Removed);
        var profile = await owner.GetStringAsync($"/{Austin}/staff/manager%40{Austin}.example");
        Assert.Contains("East removed it: One till only. (ended 31 Jan 2026)", profile);
        Assert.Contains("aria-label=\"Yes: View the Audit Log\"", profile);
        Assert.Contains("aria-label=\"Removed: Sell items\"", profile);
        var denied = await (await owner.GetAsync($"/{Austin}/point-of-sale")).Content.ReadAsStringAsync();
        Assert.Contains("<strong>Blue Dolphin Swim Schools</strong> removed it", denied);
        Assert.DoesNotContain("<strong>East</strong> removed it", denied);
    }

    [Fact]
    public async Task A_local_permission_is_explained_by_every_grant_and_the_enterprises_removal()
    {
        await Remove(Austin, new Restriction("reports.fin-2", [Root]));

        Assert.Equal(["full permissions"], (await Explain(Austin, $"owner@{Austin}.example", "families.view"))!.GrantedBy);
        var frontDesk = (await Explain(Austin, $"FrontDesk@{Austin}.example", "reports.fin-2"))!;
        Assert.Equal(["own permission"], frontDesk.GrantedBy);
        Assert.True(frontDesk.Removed);
        Assert.Equal(["user group Front Desk"], (await Explain(Austin, $"frontdesk@{Austin}.example", "families.view"))!.GrantedBy);
        Assert.Empty((await Explain(Austin, $"instructor@{Austin}.example", "staff.edit"))!.GrantedBy);
        Assert.Null(await Explain(Austin, "nobody@nowhere.example", "staff.edit"));
    }

    async Task<LocalPermission?> Explain(string account, string staff, string permission)
    {
        using var answer = await office.Api(account).GetAsync($"staff/{Uri.EscapeDataString(staff)}/permissions/{permission}");
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await answer.Content.ReadFromJsonAsync<LocalPermission>();
    }

    async Task Remove(string account, params Restriction[] restrictions) =>
        Assert.Equal(HttpStatusCode.NoContent, (await Put(account, new(++version, restrictions))).StatusCode);

    Task<HttpResponseMessage> Put(string account, RestrictionSet set) => office.Api(account).PutAsJsonAsync("restrictions", set);
}
