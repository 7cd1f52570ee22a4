using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Identity;

public sealed class PortalWithOperators : IdentityService
{
    public PortalWithOperators(Servers servers) : base(servers) =>
        (Settings["Operators:0"], Settings["Operators:1"], Settings["Operators:2"], Settings["Operators:3"]) =
            ("olga@portal.example", Demo.RootAdmin.Email, "msft@portal.example", "otto@portal.example");
}

public class OperatorTests(PortalWithOperators identity) : IClassFixture<PortalWithOperators>
{
    static readonly string Asked = $"{OperatorRole.Log}";

    [Fact]
    public async Task An_operator_of_the_configuration_gets_a_session_that_is_of_no_enterprise_and_enters_no_account()
    {
        var browser = identity.NewBrowser();

        var (tokens, _) = await browser.SignIn("olga@portal.example", enterprise: Asked);

        Assert.Equal("operator", tokens!.Access.GetClaim("level").Value);
        Assert.DoesNotContain(tokens.Access.Claims, claim => claim.Type is "group" or "staff_email");
        Assert.Equal("operator", (await browser.Refresh(tokens)).Tokens!.Access.GetClaim("level").Value);
        Assert.Null((await browser.Enter("bluedolphin-austin")).Tokens);
        var entry = await identity.Published<ActivityRecorded>(it => it.Action == "signed-in" && it.Person.Email == "olga@portal.example");
        Assert.Equal((OperatorRole.Log, "operator"), (entry.EnterpriseId, entry.Person.Level));
    }

    [Fact]
    public async Task Nobody_else_becomes_an_operator_not_even_an_Admin_who_asks_or_an_address_that_nobody_vouches_for()
    {
        Assert.Equal("unknown", (await identity.NewBrowser().SignIn(Demo.EastUser.Email, enterprise: Asked)).Refusal);
        Assert.Equal("unknown", (await identity.NewBrowser().SignIn("somebody@portal.example", enterprise: Asked)).Refusal);
        // Any tenant can say so.
        Assert.Equal("unknown", (await identity.NewBrowser().SignIn("msft@portal.example", "microsoft", Asked)).Refusal);
        await identity.AtProvider("msft@portal.example", new { emailVerified = false });
        Assert.Equal("unknown", (await identity.NewBrowser().SignIn("msft@portal.example", enterprise: Asked)).Refusal);
    }

    [Fact]
    public async Task An_Admin_who_is_an_operator_too_has_two_sessions_and_never_both_levels_in_one()
    {
        var (operates, _) = await identity.NewBrowser().SignIn(Demo.RootAdmin.Email, enterprise: Asked);
        var (administers, _) = await identity.NewBrowser().SignIn(Demo.RootAdmin.Email);

        Assert.Equal(("operator", "admin"),
            (operates!.Access.GetClaim("level").Value, administers!.Access.GetClaim("level").Value));
        Assert.NotEqual(operates.Access.Subject, administers.Access.Subject);
        Assert.DoesNotContain(administers.Access.Claims, claim => claim.Type == "elsewhere");
    }

    [Fact]
    public async Task Another_owner_of_the_address_is_not_the_operator()
    {
        Assert.NotNull((await identity.NewBrowser().SignIn("otto@portal.example", enterprise: Asked)).Tokens);

        await identity.AtProvider("otto@portal.example", new { generation = 1 });

        Assert.Equal("unknown", (await identity.NewBrowser().SignIn("otto@portal.example", enterprise: Asked)).Refusal);
    }
}
