using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;

namespace EnterprisePortal.Tests.Accounts;

public class GroupTests(AccountsService accounts) : IClassFixture<AccountsService>
{
    [Fact]
    public async Task A_subgroup_is_inactive_at_first_and_takes_only_accounts_of_the_group_above()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);

        var north = await Create(admin, "North", accounts.East);

        Assert.False(north.Active);
        Assert.Equal(HttpStatusCode.NoContent, await Assign(admin, north.Id, "bluedolphin-boston"));
        Assert.Equal(HttpStatusCode.NoContent, await Assign(admin, north.Id, "bluedolphin-boston"));
        Assert.Equal(HttpStatusCode.Conflict, await Assign(admin, north.Id, "bluedolphin-austin"));
        var directory = await accounts.Published<DirectoryChanged>(
            it => it.Groups.Any(group => group.Id == north.Id && group.Accounts.Contains("bluedolphin-boston")));
        Assert.False(directory.Groups.Single(group => group.Id == north.Id).Active);
        Assert.Equal("Rosa Admin", (await accounts.Published<ActivityRecorded>(it => it.Action == "group.created" && it.Subject == "North"))
            .Person.Name);
    }

    [Fact]
    public async Task An_account_taken_from_a_parent_leaves_the_groups_below()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);
        var top = await Create(admin, "Coast", accounts.BlueDolphin.Id);
        var below = await Create(admin, "Beach", top.Id);
        foreach (var group in new[] { top.Id, below.Id })
            await Assign(admin, group, "bluedolphin-tampa");

        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/api/groups/{top.Id}/accounts/bluedolphin-tampa")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/api/groups/{top.Id}/accounts/bluedolphin-tampa")).StatusCode);

        Assert.Empty((await Groups(admin)).Single(group => group.Id == below.Id).Accounts);
        Assert.Contains("bluedolphin-tampa", (await Groups(admin)).Single(group => group.Id == accounts.East).Accounts);
    }

    [Fact]
    public async Task A_preview_names_every_group_that_a_change_affects_and_changes_nothing()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);
        var delta = await Create(admin, "Delta", accounts.BlueDolphin.Id);
        var creek = await Create(admin, "Creek", delta.Id);
        foreach (var group in new[] { delta.Id, creek.Id })
        {
            await Assign(admin, group, "bluedolphin-austin");
            await admin.PatchAsJsonAsync($"/api/groups/{group}", new { active = true });
        }
        await Assign(admin, delta.Id, "bluedolphin-denver");

        var told = await Preview(admin, delta.Id,
            new { accounts = new[] { "bluedolphin-denver", "bluedolphin-fresno" }, userEmail = "Delta@BlueDolphin.example" });

        Assert.Equal([("Delta", "bluedolphin-austin", "bluedolphin-fresno", ""), ("Creek", "bluedolphin-austin", "", "bluedolphin-austin")],
            told.Groups.Select(
                effect => (effect.Name, string.Join(' ', effect.Lost), string.Join(' ', effect.Gained), string.Join(' ', effect.Leaves))));
        Assert.All(told.Groups, effect => Assert.Equal("delta@bluedolphin.example", effect.UserEmail?.After));
        Assert.Equal([false, false], (await Preview(admin, delta.Id, new { active = false })).Groups.Select(effect => effect.LetIn));
        Assert.Empty((await Preview(admin, delta.Id, new { })).Groups);
        Assert.Equal(["bluedolphin-austin", "bluedolphin-denver"], (await Groups(admin)).Single(group => group.Id == delta.Id).Accounts);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsJsonAsync($"/api/groups/{delta.Id}/preview", new { parentId = creek.Id }))
            .StatusCode);
        Assert.Equal(HttpStatusCode.NotFound,
            (await accounts.SignedInAs(accounts.EastAdmin).PostAsJsonAsync($"/api/groups/{delta.Id}/preview", new { active = false }))
                .StatusCode);
    }

    [Fact]
    public async Task A_subgroup_admin_reaches_neither_above_nor_beside()
    {
        var admin = accounts.SignedInAs(accounts.EastAdmin);

        Assert.DoesNotContain(await Groups(admin), group => group.Id == accounts.West || group.Id == accounts.BlueDolphin.Id);
        foreach (var group in new[] { accounts.West, accounts.BlueDolphin.Id, accounts.TumbleAdmin.GroupId, Guid.CreateVersion7() })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await admin.PatchAsJsonAsync($"/api/groups/{group}", new { name = "Mine" })).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await admin.PostAsJsonAsync("/api/groups", new { name = "Mine", parentId = group }))
                .StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, await Assign(admin, group, "bluedolphin-boston"));
            Assert.Equal(HttpStatusCode.NotFound, (await admin.DeleteAsync($"/api/groups/{group}/accounts/bluedolphin-boston")).StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, await Assign(admin, accounts.East, "bluedolphin-austin"));
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PatchAsJsonAsync($"/api/groups/{accounts.East}", new { active = false }))
            .StatusCode);
    }

    [Fact]
    public async Task A_user_changes_no_group_and_nobody_without_a_token_sees_one()
    {
        var user = accounts.SignedInAs(accounts.RootUser);

        Assert.Equal(HttpStatusCode.Forbidden, (await user.PostAsJsonAsync("/api/groups", new { name = "Mine" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await user.PatchAsJsonAsync($"/api/groups/{accounts.East}", new { name = "Mine" }))
            .StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await Assign(user, accounts.East, "bluedolphin-austin"));
        Assert.Equal(HttpStatusCode.Forbidden, (await user.PatchAsJsonAsync("/api/accounts/bluedolphin-austin", new { name = "Mine" }))
            .StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await accounts.Anonymous().GetAsync("/api/groups")).StatusCode);
    }

    [Fact]
    public async Task A_group_moves_only_where_all_its_accounts_are_and_never_below_itself()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);
        var lakes = await Create(admin, "Lakes", accounts.BlueDolphin.Id);
        var ponds = await Create(admin, "Ponds", lakes.Id);
        foreach (var group in new[] { lakes.Id, ponds.Id })
            await Assign(admin, group, "bluedolphin-denver");

        Assert.Equal(HttpStatusCode.Conflict, (await admin.PatchAsJsonAsync($"/api/groups/{lakes.Id}", new { parentId = ponds.Id }))
            .StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PatchAsJsonAsync($"/api/groups/{lakes.Id}", new { parentId = accounts.East }))
            .StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.PatchAsJsonAsync($"/api/groups/{lakes.Id}", new { parentId = accounts.West }))
            .StatusCode);
        await admin.DeleteAsync($"/api/groups/{accounts.West}/accounts/bluedolphin-denver");
        Assert.Empty((await Groups(admin)).Single(group => group.Id == ponds.Id).Accounts);
    }

    [Fact]
    public async Task Of_many_simultaneous_edits_each_counts_and_has_a_version_of_its_own()
    {
        var admin = accounts.SignedInAs(accounts.RootAdmin);
        var group = await Create(admin, "Rapids", accounts.BlueDolphin.Id);
        var codes = new[] { "austin", "denver", "boston", "albany", "charlotte" }.Select(city => $"bluedolphin-{city}").ToArray();

        await Task.WhenAll([.. codes.Select(code => Assign(admin, group.Id, code)),
            admin.PatchAsJsonAsync($"/api/groups/{group.Id}", new { name = "Rapids 2" }),
            admin.PatchAsJsonAsync($"/api/groups/{group.Id}", new { active = true }),
            admin.PatchAsJsonAsync($"/api/groups/{group.Id}", new { userEmail = "Rapids@BlueDolphin.example" })]);

        var now = (await Groups(admin)).Single(it => it.Id == group.Id);
        Assert.Equal(("Rapids 2", true, "rapids@bluedolphin.example"), (now.Name, now.Active, now.UserEmail));
        Assert.Equal(codes.Order(), now.Accounts);
        await accounts.Published<DirectoryChanged>(it =>
            it.Groups.Any(one => one.Id == group.Id && one is { Name: "Rapids 2", Active: true, Accounts.Count: 5, UserEmail: not null }));
        var changes = accounts.Bus.Heard<DirectoryChanged>().Where(it => it.EnterpriseId == accounts.BlueDolphin.Id).ToList();
        Assert.All(changes.GroupBy(change => change.Version), same =>
            Assert.Single(same.Select(change => System.Text.Json.JsonSerializer.Serialize(change)).Distinct()));
    }

    [Fact]
    public async Task A_service_that_has_just_started_hears_the_whole_directory()
    {
        await accounts.AnotherInstance();

        var resent = await accounts.Published<DirectoryResent>(
            it => it.Versions.ContainsKey(accounts.BlueDolphin.Id) && it.Versions.ContainsKey(accounts.TumbleAdmin.GroupId));
        await accounts.Published<DirectoryChanged>(
            it => it.EnterpriseId == accounts.BlueDolphin.Id && it.Version == resent.Versions[it.EnterpriseId]);
    }

    static async Task<GroupItem> Create(HttpClient admin, string name, Guid parentId)
    {
        var answer = await admin.PostAsJsonAsync("/api/groups", new { name, parentId });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsJsonAsync("/api/groups", new { name, parentId })).StatusCode);
        return (await answer.Content.ReadFromJsonAsync<GroupItem>())!;
    }

    static async Task<HttpStatusCode> Assign(HttpClient admin, Guid group, string code) =>
        (await admin.PutAsync($"/api/groups/{group}/accounts/{code}", null)).StatusCode;

    static async Task<GroupChangeEffects> Preview(HttpClient admin, Guid group, object change) =>
        (await (await admin.PostAsJsonAsync($"/api/groups/{group}/preview", change)).Content.ReadFromJsonAsync<GroupChangeEffects>())!;

    static async Task<IReadOnlyList<GroupItem>> Groups(HttpClient person) =>
        (await person.GetFromJsonAsync<Page<GroupItem>>("/api/groups?limit=200"))!.Items;
}
