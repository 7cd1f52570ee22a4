using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Contracts.Permissions;
using EnterprisePortal.Permissions;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static EnterprisePortal.Tests.Support.Demo;

namespace EnterprisePortal.Tests.Permissions;

public class RestrictionTests : IClassFixture<Service<PermissionsDb>>, IAsyncLifetime
{
    readonly Service<PermissionsDb> service;
    readonly Offices offices;

    public RestrictionTests(Service<PermissionsDb> service) => (this.service, offices) = (service, new(service.Outbound));

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await service.Given(BlueDolphin, TumbleTime);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task What_the_root_removes_reaches_every_account_and_what_a_subgroup_removes_only_its_own()
    {
        await Remove(RootAdmin, BlueDolphinId, "reports.cla-9");
        await Remove(EastAdmin, EastId, "ledger.delete-payments");

        await Eventually(() => BlueDolphin.Accounts.All(account => offices.Removes(account.Code, "reports.cla-9"))
            && BlueDolphin.Groups.Single(group => group.Id == EastId)
            .Accounts.All(code => offices.Removes(code, "ledger.delete-payments")));
        Assert.All(BlueDolphin.Groups.Single(group => group.Id == WestId).Accounts, code =>
            Assert.False(offices.Removes(code, "ledger.delete-payments")));
        Assert.DoesNotContain(offices.Sets.Keys, code => code.StartsWith("tumbletime", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_account_in_onboarding_gets_its_set_at_once_even_if_empty_and_again_when_it_is_paired_again()
    {
        const string code = "acme-newcomer";
        var id = Guid.CreateVersion7();
        DirectoryChanged With(string? keys) =>
            new(id, "Acme", 0, [new(id, "Acme", null, true, null, null, keys is null ? ["acme-old"] : ["acme-old", code])],
            [Acme("acme-old", AccountState.Active, "old"), .. keys is null ? Array.Empty<AccountState>()
                : [Acme(code, AccountState.Onboarding, keys)]]);
        static AccountState Acme(string code, string status, string keys) =>
            TumbleTime.Accounts[0] with { Code = code, BaseUrl = $"http://office.example/{code}", Status = status, ClientKeys = keys };

        await service.Given(With("first"));
        var first = await service.Published<RestrictionsTaken>(it => it.Account == code);
        await service.Given(With("second"));
        var second = await service.Published<RestrictionsTaken>(it => it.Account == code && it.Version > first.Version);

        Assert.Empty(offices.Sets[code].Restrictions);
        Assert.DoesNotContain("acme-old", offices.Puts);
        // Removed and registered again: what it has now is newer than what it had.
        await service.Given(With(null));
        await Eventually(async () => await Sets(code) == 0);
        offices.Sets[code] = new(second.Version, []);
        await service.Given(With("third"));
        var third = await service.Published<RestrictionsTaken>(it => it.Account == code && it.Version > second.Version);
        Assert.Equal(third.Version, offices.Sets[code].Version);
    }

    async Task<long> Sets(string account)
    {
        await using var command = service.Instance.Services.GetRequiredService<NpgsqlDataSource>()
            .CreateCommand("select count(*) from account_set where account = $1");
        command.Parameters.AddWithValue(account);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    [Fact]
    public async Task A_subgroup_admin_cannot_lift_the_parents_restriction()
    {
        await Remove(RootAdmin, BlueDolphinId, "reports.fin-2");

        var lift = await service.SignedInAs(EastAdmin).DeleteAsync($"/api/permissions/groups/{EastId}/removed/reports.fin-2", Cancel);
        var above = await service.SignedInAs(EastAdmin)
            .DeleteAsync($"/api/permissions/groups/{BlueDolphinId}/removed/reports.fin-2", Cancel);

        Assert.Equal(HttpStatusCode.Conflict, lift.StatusCode);
        Assert.Contains("Blue Dolphin Swim Schools", await lift.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.NotFound, above.StatusCode);
        Assert.Equal("inherited", (await StateOf(EastAdmin, EastId, "reports.fin-2")).State);
    }

    [Fact]
    public async Task Nobody_can_be_locked_out_of_an_account()
    {
        var answer = await Put(RootAdmin, BlueDolphinId, "access.office-portal");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("Inactive", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Users_are_refused_and_other_enterprises_see_nothing()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await Put(RootUser, BlueDolphinId, "reports.fin-1")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Put(TumbleAdmin, BlueDolphinId, "reports.fin-1")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await service.SignedInAs(TumbleAdmin).GetAsync($"/api/permissions/groups/{EastId}", Cancel))
            .StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Anonymous().GetAsync("/api/permissions/catalogue", Cancel)).StatusCode);
    }

    [Fact]
    public async Task An_account_that_is_down_is_named_and_gets_its_set_when_it_is_back()
    {
        offices.Stopped["tumbletime-omaha"] = true;
        await Remove(TumbleAdmin, TumbleTimeId, "reports.fin-6");

        await Eventually(() => offices.Removes("tumbletime-tulsa", "reports.fin-6"));
        await Eventually(async () => (await Deliveries(TumbleAdmin, TumbleTimeId))
            .Single(delivery => delivery.Account == "tumbletime-omaha") is { State: "failing", Problem.Length: > 0 });
        Assert.False(offices.Sets.ContainsKey("tumbletime-omaha"));

        offices.Stopped.Clear();
        await Eventually(() => offices.Removes("tumbletime-omaha", "reports.fin-6"));
        await Eventually(async () => (await Deliveries(TumbleAdmin, TumbleTimeId)).All(delivery => delivery.State == "applied"));
    }

    [Fact]
    public async Task A_repeated_message_sends_nothing_again()
    {
        await Remove(RootAdmin, WestId, "pos.sell");
        await Eventually(() => offices.Removes("bluedolphin-austin", "pos.sell"));
        await Eventually(async () => (await Deliveries(RootAdmin, WestId)).All(delivery => delivery.State == "applied"));
        var before = offices.Puts.Count(account => account == "bluedolphin-austin");

        await service.Bus.Publish(new PushRestrictions("bluedolphin-austin"));
        await service.Bus.Publish(new PushRestrictions("bluedolphin-austin"));
        await Remove(RootAdmin, EastId, "policies.view");
        await Eventually(() => offices.Removes("bluedolphin-boston", "policies.view"));

        Assert.Equal(before, offices.Puts.Count(account => account == "bluedolphin-austin"));
    }

    [Fact]
    public async Task A_restriction_ends_with_its_last_day_in_the_accounts_zone()
    {
        var tomorrow = DateOnly.FromDateTime(service.Clock.GetUtcNow().UtcDateTime).AddDays(1);
        await Remove(RootAdmin, WestId, "families.erase", tomorrow);
        await Eventually(() => offices.Removes("bluedolphin-denver", "families.erase"));

        service.Clock.Advance(TimeSpan.FromDays(3));
        // Anything that changes the tree has the sets looked at; the calendar alone would within a minute.
        await service.Given(BlueDolphin);

        await Eventually(() => !offices.Removes("bluedolphin-denver", "families.erase"));
        service.Clock.Advance(TimeSpan.FromDays(-3));
    }

    [Fact]
    public async Task The_preview_counts_affected_staff_except_those_only_Admins_enter_as_and_names_accounts_that_did_not_answer()
    {
        offices.Stopped["bluedolphin-tampa"] = true;

        var impact = await (await service.SignedInAs(EastAdmin).PostAsJsonAsync($"/api/permissions/groups/{EastId}/preview",
                new RemovalPreview(["reports.fin-4"]), Cancel))
            .Content.ReadFromJsonAsync<RemovalImpact>(Cancel);

        Assert.Equal((6, 3), (impact!.Staff, impact.Accounts));
        Assert.All(impact.Items, item =>
            Assert.Equal(["frontdesk@example.com", "portal-user@bluedolphin.example"], item.Staff.Select(staff => staff.Email)));
        Assert.Equal("bluedolphin-tampa", Assert.Single(impact.Unanswered).Account);
        offices.Stopped.Clear();
    }

    [Fact]
    public async Task Why_names_the_grant_and_who_removed_it()
    {
        await Remove(RootAdmin, BlueDolphinId, "communications.contact-list");

        var why = await service.SignedInAs(EastAdmin).GetFromJsonAsync<PermissionExplanation>(
            "/api/permissions/explain?account=bluedolphin-boston&staff=frontdesk@example.com&permission=communications.contact-list",
            Cancel);

        Assert.False(why!.Allowed);
        Assert.Equal("Contact list is granted by user group Front Desk, but removed by Blue Dolphin Swim Schools: because", why.InWords);
    }

    async Task Remove(ServiceDefaults.SignIn.Person person, Guid group, string permission, DateOnly? until = null) =>
        Assert.Equal(HttpStatusCode.NoContent, (await Put(person, group, permission, until)).StatusCode);

    Task<HttpResponseMessage> Put(ServiceDefaults.SignIn.Person person, Guid group, string permission, DateOnly? until = null) =>
        service.SignedInAs(person).PutAsJsonAsync(
            $"/api/permissions/groups/{group}/removed/{permission}", new { reason = "because", until }, Cancel);

    async Task<PermissionState> StateOf(ServiceDefaults.SignIn.Person person, Guid group, string permission) =>
        (await Get(person, group)).Permissions.Single(item => item.Id == permission);

    async Task<IReadOnlyList<RestrictionDelivery>> Deliveries(ServiceDefaults.SignIn.Person person, Guid group) =>
        (await Get(person, group)).Accounts;

    async Task<GroupRestrictions> Get(ServiceDefaults.SignIn.Person person, Guid group) =>
        (await service.SignedInAs(person).GetFromJsonAsync<GroupRestrictions>($"/api/permissions/groups/{group}", Cancel))!;
}
