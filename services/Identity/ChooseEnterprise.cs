using System.Security.Claims;
using System.Text.Json;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Identity;

/// <summary>
/// A person of several enterprises chooses one for the session: by <c>enterprise</c> at the start of the sign-in, or on the gateway's page,
/// whose links return to the waiting request with that parameter. Until then nobody is signed in; a cookie of a few minutes holds the
/// provider's answer.
/// </summary>
public static class ChooseEnterprise
{
    /// <summary>A parameter of the authorization request: an enterprise's id or name.</summary>
    public const string Parameter = "enterprise";

    /// <summary>Both the cookie and the scheme that reads it.</summary>
    public const string Cookie = "portal.identity.choice";

    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    // The cookie is the proof. It reveals only the person's own enterprises.
    public static void Map(WebApplication app) =>
        app.MapGet("/connect/enterprises", Handle).WithName(nameof(ChooseEnterprise)).AllowAnonymous();

    static async Task<Results<Ok<EnterpriseChoice>, NotFound>> Handle(
        HttpContext http, IdentityDb db, DirectoryReplica directory, CancellationToken cancel)
    {
        if (await http.AuthenticateAsync(Cookie) is not { Principal: { } waiting, Properties.RedirectUri: { } back })
            return TypedResults.NotFound();
        var identity = IdentityIn(waiting);
        return TypedResults.Ok(
            new EnterpriseChoice(back, await db.EnterprisesOf(identity.Issuer, identity.Subject, null, directory, cancel)));
    }

    /// <param name="back">The waiting request.</param>
    public static async Task Ask(HttpContext http, ProviderIdentity identity, string back)
    {
        var waiting = new ClaimsIdentity([new("identity", JsonSerializer.Serialize(identity))], Cookie);
        await http.SignInAsync(Cookie, new(waiting), new() { RedirectUri = back });
        http.Response.Redirect(Page(http));
    }

    /// <returns>null: no choice is pending.</returns>
    public static async Task<BeginSession.Outcome?> Answered(HttpContext http, string asked, BeginSession begin, CancellationToken cancel)
    {
        if ((await http.AuthenticateAsync(Cookie)).Principal is not { } waiting)
            return null;
        var outcome = await begin.For(IdentityIn(waiting), asked, http, null, cancel);
        if (outcome.Session is { } session)
        {
            await http.SignOutAsync(Cookie);
            await http.SignInAsync(SignIn.Cookie, SignIn.PrincipalOf(session), SignIn.PropertiesOf(session));
        }
        return outcome;
    }

    public static string Page(HttpContext http) =>
        http.RequestServices.GetRequiredService<IConfiguration>().PortalUrl() + "connect/enterprise";

    static ProviderIdentity IdentityIn(ClaimsPrincipal waiting) =>
        JsonSerializer.Deserialize<ProviderIdentity>(waiting.FindFirstValue("identity")!)!;
}
