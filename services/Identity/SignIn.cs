using System.Security.Claims;
using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Authentication;

namespace EnterprisePortal.Identity;

/// <summary>
/// A provider has identified the person: a portal user gets a session (<see cref="BeginSession"/>) and Identity's own cookie, a person of
/// several enterprises a page to choose one (<see cref="ChooseEnterprise"/>), anybody else a page with the reason.
/// </summary>
public static class SignIn
{
    /// <summary>Holds only the <c>sid</c>; everything else is read from the database at every request.</summary>
    public const string Cookie = "portal.identity";

    public static string RefusedPage(string portal, string reason) => $"{portal}sign-in/refused?reason={reason}";

    public static async Task Complete(TicketReceivedContext context)
    {
        var (http, cancel) = (context.HttpContext, context.HttpContext.RequestAborted);
        var identity = ProviderIdentity.From(context.Scheme.Name, context.Principal!);
        var asked = context.Properties?.GetString(ChooseEnterprise.Parameter);
        var outcome = await http.RequestServices.GetRequiredService<BeginSession>().For(identity, asked, http, context.Properties, cancel);
        if (outcome is { Session: null, Refusal: null })
        {
            context.HandleResponse();
            await ChooseEnterprise.Ask(http, identity, context.ReturnUri!);
            return;
        }
        // A choice that the previous person in this browser left open is not for the next one to make.
        await http.SignOutAsync(ChooseEnterprise.Cookie);
        if (outcome.Session is { } session)
        {
            context.Principal = PrincipalOf(session);
            context.Properties = PropertiesOf(session);
            context.Properties.RedirectUri = context.ReturnUri;
            return;
        }
        context.HandleResponse();
        context.Response.Redirect(RefusedPage(http.RequestServices.GetRequiredService<IConfiguration>().PortalUrl(), outcome.Refusal!));
    }

    public static ClaimsPrincipal PrincipalOf(Session session) => new(new ClaimsIdentity([new("sid", session.Id.ToString())], Cookie));

    public static AuthenticationProperties PropertiesOf(Session session) => new() { ExpiresUtc = session.StartedAt + PortalSessions.Life };
}
