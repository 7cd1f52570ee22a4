using System.Diagnostics;
using System.Security.Claims;
using EnterprisePortal.Contracts;
using EnterprisePortal.Gateway.Security;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Requests;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace EnterprisePortal.Gateway.Session;

/// <summary>
/// A browser's session: the cookie holds a random key, the ticket with the tokens stays in the gateway's database (<see
/// cref="TicketStore"/>), so that the session can be ended here whatever the browser keeps, and any replica knows it.
/// </summary>
public static class PortalSession
{
    public const string Scheme = "session", CookiePrefix = "portal.gateway.", AccessToken = "access_token";

    static readonly object IdentityIsSilent = new();

    public static WebApplicationBuilder AddPortalSession(this WebApplicationBuilder builder)
    {
        builder.Services.AddMemoryCache();
        builder.Services.AddSingleton<TicketStore>();
        builder.Services.AddSingleton<EntryTrace>();
        builder.Services.AddSingleton<DistributedContextPropagator>(services => services.GetRequiredService<EntryTrace>());
        builder.Services.AddSingleton<RefreshTokens>();
        builder.Services.AddSingleton<ExchangePersonalTokens>();
        builder.Services.AddSingleton<CallersNumber>();
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie.Protect(CookiePrefix + "form", builder.Environment);
            options.SuppressXFrameOptionsHeader = true;
        });

        builder.Services.AddAuthentication(Scheme).AddCookie(Scheme, options =>
        {
            options.Cookie.Protect(CookiePrefix + "session", builder.Environment);
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.ExpireTimeSpan = PortalSessions.Life;
            options.SlidingExpiration = false;
            options.Events = new()
            {
                OnValidatePrincipal = Validate,
                OnRedirectToLogin = AskToSignIn,
                OnRedirectToAccessDenied = context =>
                {
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                }
            };
        }).AddPortalSignIn(builder);
        builder.Services.AddOptions<CookieAuthenticationOptions>(Scheme)
            .Configure<TicketStore>((options, store) => options.SessionStore = store);
        return builder;
    }

    /// <returns>Whose session it is, and its id; null: neither a portal user's nor an operator's.</returns>
    internal static (Guid Id, string Session)? Of(ClaimsPrincipal principal) =>
        Person.From(principal) is { } person ? (person.Id, person.Session)
        : Operator.From(principal) is { } runs ? (runs.Id, runs.Session)
        : null;

    /// <summary>Runs on every request with a session: a request that passes has an access token that is good for a while.</summary>
    static async Task Validate(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        if (Of(context.Principal!) is not { } theirs || services.GetRequiredService<RevokedSessions>().Contains(theirs.Session))
        {
            context.RejectPrincipal();
            return;
        }
        var (outcome, ticket) = await services.GetRequiredService<RefreshTokens>()
            .Refresh(new(context.Principal!, context.Properties, Scheme));
        if (outcome == RefreshTokens.Outcome.Good)
        {
            context.ReplacePrincipal(ticket.Principal);
            context.Properties.StoreTokens([.. ticket.Properties.GetTokens()]);
            return;
        }
        if (outcome == RefreshTokens.Outcome.Unanswered)
            context.HttpContext.Items[IdentityIsSilent] = true;
        context.RejectPrincipal();
    }

    static Task AskToSignIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        if (context.HttpContext.Items.ContainsKey(IdentityIsSilent))
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        else if (Feeds.IsOne(request))
        {
            Feeds.AskForToken(context.Response);
            return Feeds.Refusal.ExecuteAsync(context.HttpContext);
        }
        else if (request.Path.StartsWithSegments("/api"))
            return Refusal.Of("not-signed-in", "Sign in, or send a bearer token.", StatusCodes.Status401Unauthorized)
                .ExecuteAsync(context.HttpContext);
        else
        {
            var returnUrl = Csrf.IsSafe(request) ? request.Path + request.QueryString : LocalAddress.Home;
            if (CallersNumber.IsIn(request))
                returnUrl = context.HttpContext.RequestServices.GetRequiredService<CallersNumber>().Hide(returnUrl);
            var asked = QueryString.Create("returnUrl", returnUrl);
            context.Response.Redirect("/sign-in" + (IsForOperators(request)
                ? asked.Add(SignInWithIdentity.Enterprise, $"{OperatorRole.Log}") : asked));
        }
        return Task.CompletedTask;
    }

    internal static bool IsForOperators(HttpRequest request) => request.Path.StartsWithSegments("/operate");
}
