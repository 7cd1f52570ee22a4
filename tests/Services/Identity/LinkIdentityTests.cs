using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Identity;
using EnterprisePortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Tests.Identity;

public class LinkIdentityTests(IdentityService identity) : IClassFixture<IdentityService>
{
    [Fact]
    public async Task The_first_sign_in_makes_an_invited_person_active_and_is_recorded()
    {
        var (tokens, _) = await identity.NewBrowser().SignIn(Demo.RootUser.Email);

        Assert.Equal("user", tokens!.Access.GetClaim("level").Value);
        Assert.Equal(Demo.BlueDolphinId.ToString(), tokens.Access.GetClaim("group").Value);
        Assert.Equal(PortalUser.Active,
            (await identity.Published<UserChanged>(user => user.Email == Demo.RootUser.Email && user.Version == 2)).Status);
        var entry = await identity.Published<ActivityRecorded>(it => it.Action == "signed-in" && it.Person.Email == Demo.RootUser.Email);
        Assert.Contains("\"amr\":[\"pwd\",\"mfa\"]", entry.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_comes_for_the_first_time_in_several_tabs_at_once_gets_into_all_of_them()
    {
        var person = await identity.Somebody("first-day");

        var tabs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => identity.NewBrowser().SignIn(person.Email)));

        Assert.All(tabs, tab => Assert.Null(tab.Refusal));
    }

    [Fact]
    public async Task A_later_owner_of_the_address_does_not_inherit_the_person()
    {
        var first = await identity.NewBrowser().SignIn(Demo.WestUser.Email);
        await identity.AtProvider(Demo.WestUser.Email, new { generation = 1 });

        var second = await identity.NewBrowser().SignIn(Demo.WestUser.Email);

        Assert.NotNull(first.Tokens);
        Assert.Equal("unknown", second.Refusal);
        await identity.AtProvider(Demo.WestUser.Email, new { generation = 0 });
        Assert.NotNull((await identity.NewBrowser().SignIn(Demo.WestUser.Email)).Tokens);
    }

    [Fact]
    public async Task Google_must_have_verified_the_address()
    {
        await identity.AtProvider(Demo.EastUser.Email, new { emailVerified = false });

        Assert.Equal("unverified", (await identity.NewBrowser().SignIn(Demo.EastUser.Email)).Refusal);

        await identity.AtProvider(Demo.EastUser.Email, new { emailVerified = true });
        Assert.NotNull((await identity.NewBrowser().SignIn(Demo.EastUser.Email)).Tokens);
    }

    [Fact]
    public async Task Anybody_can_write_an_address_into_a_Microsoft_tenant_of_their_own()
    {
        await identity.AtProvider(Demo.EastAdmin.Email, new { tenant = "00000000-0000-4000-8000-00000000000e" });
        Assert.Equal("tenant", (await identity.NewBrowser().SignIn(Demo.EastAdmin.Email, "microsoft")).Refusal);

        await identity.AtProvider(Demo.EastAdmin.Email, new { tenant = IdentityService.Tenant });
        Assert.NotNull((await identity.NewBrowser().SignIn(Demo.EastAdmin.Email, "microsoft")).Tokens);
    }

    [Fact]
    public async Task An_invitation_for_Google_is_not_taken_up_with_Microsoft() =>
        Assert.Equal("unknown", (await identity.NewBrowser().SignIn(Demo.RootAdmin.Email, "microsoft")).Refusal);

    [Fact]
    public async Task A_stranger_is_refused() =>
        Assert.Equal("unknown", (await identity.NewBrowser().SignIn("stranger@example.com")).Refusal);

    [Fact]
    public async Task A_suspended_person_is_refused_and_the_attempt_is_recorded()
    {
        var suspended = Demo.EastUser with { Email = "once-here@bluedolphin.example" };
        await identity.Invited(Demo.BlueDolphinId, suspended);
        await identity.Change(db => db.Users.Where(user => user.Email == suspended.Email)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.Status, PortalUser.Suspended)));

        Assert.Equal("suspended", (await identity.NewBrowser().SignIn(suspended.Email)).Refusal);

        var entry = await identity.Published<ActivityRecorded>(it => it.Action == "sign-in.refused" && it.Person.Email == suspended.Email);
        Assert.Equal(Demo.BlueDolphinId, entry.EnterpriseId);
    }
}
