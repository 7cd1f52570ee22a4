using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Permissions;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static EnterprisePortal.Tests.Support.Demo;

namespace EnterprisePortal.Tests.Permissions;

/// <summary>An override's last day passes: nobody may believe that it still holds.</summary>
public class EndedRestrictionTests : IClassFixture<Service<PermissionsDb>>, IAsyncLifetime
{
    readonly Service<PermissionsDb> service;

    public EndedRestrictionTests(Service<PermissionsDb> service)
    {
        this.service = service;
        _ = new Offices(service.Outbound);
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    DateOnly Today => DateOnly.FromDateTime(service.Clock.GetUtcNow().UtcDateTime);

    public async ValueTask InitializeAsync() => await service.Given(BlueDolphin);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task An_override_that_is_over_is_ended_for_its_group_allowed_below_and_ended_in_History()
    {
        var over = await Ended("reports.fin-2", daysAgo: 2);

        var here = await StateOf(RootAdmin, BlueDolphinId, "reports.fin-2");
        Assert.Equal("ended", here.GetProperty("state").GetString());
        Assert.Equal($"{over:yyyy-MM-dd}", here.GetProperty("ended").GetProperty("until").GetString());
        Assert.Equal(0, here.GetProperty("removedBy").GetArrayLength());
        Assert.Equal("allowed", (await StateOf(EastAdmin, EastId, "reports.fin-2")).GetProperty("state").GetString());
        Assert.Equal(["ended", "removed"], await History("reports.fin-2", events: 2));
    }

    [Fact]
    public async Task What_a_parent_no_longer_removes_a_child_may_allow_and_remove_as_it_likes()
    {
        await Ended("reports.fin-1", daysAgo: 2);

        Assert.Equal(HttpStatusCode.NoContent, (await Allow(EastAdmin, EastId, "reports.fin-1")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Put(EastAdmin, EastId, "reports.fin-1", null)).StatusCode);

        Assert.Equal("removed", (await StateOf(EastAdmin, EastId, "reports.fin-1")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Thirty_days_later_the_row_leaves_and_History_stays()
    {
        await Ended("reports.fin-4", daysAgo: 30);
        await Ended("reports.fin-6", daysAgo: 32);

        await Eventually(async () => (await StateOf(RootAdmin, BlueDolphinId, "reports.fin-6")).GetProperty("state")
            .GetString() == "allowed");
        Assert.Equal("ended", (await StateOf(RootAdmin, BlueDolphinId, "reports.fin-4")).GetProperty("state").GetString());
        Assert.Equal(["ended", "removed"], await History("reports.fin-6", events: 2));
    }

    [Fact]
    public async Task An_ended_override_removed_again_binds_again_and_taken_away_was_not_allowed_by_anybody()
    {
        await Ended("families.edit", daysAgo: 2);
        await Ended("families.erase", daysAgo: 2);
        await History("families.erase", events: 2);

        Assert.Equal(HttpStatusCode.NoContent, (await Put(RootAdmin, BlueDolphinId, "families.edit", Today.AddDays(9))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Allow(RootAdmin, BlueDolphinId, "families.erase")).StatusCode);

        Assert.Equal("removed", (await StateOf(RootAdmin, BlueDolphinId, "families.edit")).GetProperty("state").GetString());
        Assert.Equal(["removed", "ended", "removed"], await History("families.edit", events: 3));
        Assert.Equal("allowed", (await StateOf(RootAdmin, BlueDolphinId, "families.erase")).GetProperty("state").GetString());
        Assert.Equal(["ended", "removed"], await History("families.erase", events: 2));
    }

    [Fact]
    public async Task A_last_day_that_is_over_in_every_account_of_the_group_is_refused()
    {
        var (ocean, east) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var admin = RootAdmin with { Id = Guid.CreateVersion7(), GroupId = ocean };
        await service.Given(new DirectoryChanged(ocean, "Ocean", 0,
            [
                new(ocean, "Ocean", null, true, null, null, ["ocean-kiritimati", "ocean-pago-pago"]),
                new(east, "East", ocean, true, null, null, ["ocean-kiritimati"])
            ],
            [At("ocean-kiritimati", "Pacific/Kiritimati"), At("ocean-pago-pago", "Pacific/Pago_Pago")]));
        // Kiritimati is 25 hours ahead of Pago Pago: it is never the same day there.
        var inPagoPago = DateOnly.FromDateTime(service.Clock.GetUtcNow().AddHours(-11).UtcDateTime);

        Assert.Equal(HttpStatusCode.NoContent, (await Put(admin, ocean, "reports.fin-2", inPagoPago)).StatusCode);
        foreach (var (group, day) in new[] { (ocean, inPagoPago.AddDays(-1)), (east, inPagoPago) })
        {
            using var refused = await Put(admin, group, "reports.fin-2", day);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            var errors = (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors");
            Assert.NotEmpty(errors.GetProperty("until").EnumerateArray());
        }

        static AccountState At(string code, string zone) =>
            BlueDolphin.Accounts[0] with { Code = code, TimeZone = zone, BaseUrl = $"http://office.example/{code}" };
    }

    /// <summary>Removed for the root with a last day ahead, which by now is <paramref name="daysAgo"/>.</summary>
    async Task<DateOnly> Ended(string permission, int daysAgo)
    {
        Assert.Equal(HttpStatusCode.NoContent, (await Put(RootAdmin, BlueDolphinId, permission, Today.AddDays(1))).StatusCode);
        await using var command = service.Instance.Services.GetRequiredService<NpgsqlDataSource>()
            .CreateCommand("update restriction set until = $2 where permission = $1");
        command.Parameters.AddWithValue(permission);
        command.Parameters.AddWithValue(Today.AddDays(-daysAgo));
        await command.ExecuteNonQueryAsync(Cancel);
        // The calendar is looked at once a minute, and whenever the tree changes.
        await service.Given(BlueDolphin);
        return Today.AddDays(-daysAgo);
    }

    Task<HttpResponseMessage> Put(Person person, Guid group, string permission, DateOnly? until) =>
        service.SignedInAs(person).PutAsJsonAsync(
            $"/api/permissions/groups/{group}/removed/{permission}", new { reason = "because", until }, Cancel);

    Task<HttpResponseMessage> Allow(Person person, Guid group, string permission) =>
        service.SignedInAs(person).DeleteAsync($"/api/permissions/groups/{group}/removed/{permission}", Cancel);

    async Task<JsonElement> StateOf(Person person, Guid group, string permission) =>
        (await service.SignedInAs(person).GetFromJsonAsync<JsonElement>($"/api/permissions/groups/{group}", Cancel))
            .GetProperty("permissions").EnumerateArray()
            .Single(item => item.GetProperty("id").GetString() == permission);

    /// <returns>What happened to the permission in the root, newest first.</returns>
    async Task<IReadOnlyList<string?>> History(string permission, int events)
    {
        List<string?> known = [];
        await Eventually(async () =>
        {
            var history = await service.SignedInAs(RootAdmin).GetFromJsonAsync<List<RestrictionEvent>>(
                $"/api/permissions/groups/{BlueDolphinId}/history", Cancel);
            known = [.. history!.Where(change => change.Permission == permission).Select(change => change.Action)];
            return known.Count >= events;
        });
        return known;
    }
}
