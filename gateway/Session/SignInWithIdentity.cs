using System.Security.Claims;
using EnterprisePortal.Gateway.Pages;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Settings;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace EnterprisePortal.Gateway.Session;

/// <summary>The gateway as OpenID Connect client of Identity: code + PKCE, the browser going to <c>/connect/authorize</c> through the
/// gateway itself.</summary>
public static class SignInWithIdentity
{
    public const string Scheme = "identity", Provider = "provider", LoginHint = "login_hint", Enterprise = "enterprise";

    internal static AuthenticationBuilder AddPortalSignIn(this AuthenticationBuilder authentication, WebApplicationBuilder builder)
    {
        builder.AddIdentityBackchannel();
        builder.AddSettings<PortalOptions>("Portal");
        builder.AddSettings<PortalClientOptions>("Portal");
        builder.Services.AddOptions<OpenIdConnectOptions>(Scheme).Configure<IHttpClientFactory, IOptions<PortalClientOptions>>(
            (options, clients, portal) => (options.Backchannel, options.ClientId, options.ClientSecret) =
                (clients.CreateClient(IdentityBackchannel.Client), portal.Value.Client, portal.Value.ClientSecret));
        return authentication.AddOpenIdConnect(Scheme, options =>
        {
            options.Authority = builder.Configuration.PortalUrl();
            options.RequireHttpsMetadata = !builder.Environment.IsDevelopment();
            options.ResponseType = OpenIdConnectResponseType.Code;
            // Not form_post: browsers do not send SameSite=Lax cookies with a POST from another site.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.PushedAuthorizationBehavior = PushedAuthorizationBehavior.Disable;
            options.Scope.Clear();
            options.Scope.Add(OpenIdConnectScope.OpenId);
            options.Scope.Add(OpenIdConnectScope.OfflineAccess);
            options.SaveTokens = true;
            options.MapInboundClaims = false;
            options.DisableTelemetry = true;
            foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
            {
                cookie.Protect(PortalSession.CookiePrefix + cookie.Name!.TrimStart('.'), builder.Environment);
                cookie.SameSite = SameSiteMode.Lax;
            }
            options.Events = new()
            {
                OnRedirectToIdentityProvider = PassHints,
                OnTokenValidated = TakePerson,
                OnTicketReceived = StartAfresh,
                OnRemoteFailure = context =>
                {
                    context.Response.Redirect("/sign-in/refused?reason=interrupted");
                    context.HandleResponse();
                    return Task.CompletedTask;
                },
                OnRedirectToIdentityProviderForSignOut = context =>
                {
                    // Set here, the address comes back unchanged: the handler would add a state that nobody reads.
                    context.ProtocolMessage.PostLogoutRedirectUri = builder.Configuration.PortalUrl() + "signed-out";
                    context.Response.Redirect(context.ProtocolMessage.CreateLogoutRequestUrl());
                    context.HandleResponse();
                    return Task.CompletedTask;
                }
            };
        });
    }

    static Task PassHints(RedirectContext context)
    {
        context.ProtocolMessage.LoginHint = context.Properties.GetParameter<string>(LoginHint);
        foreach (var hint in (string[])[Provider, Enterprise])
            context.ProtocolMessage.SetParameter(hint, context.Properties.GetParameter<string>(hint));
        return Task.CompletedTask;
    }

    static Task TakePerson(TokenValidatedContext context)
    {
        context.Principal = PersonOf(context.TokenEndpointResponse!.AccessToken);
        return Task.CompletedTask;
    }

    /// <summary>
    /// A sign-in always gets a new key. The cookie handler would keep the key that came with the request, and an attacker who planted that
    /// key in the browser would be signed in as this person (session fixation).
    /// </summary>
    static Task StartAfresh(TicketReceivedContext context)
    {
        context.Request.Headers.Remove("Cookie");
        Branding.Remember(context.HttpContext, context.Principal!);
        return Task.CompletedTask;
    }

    /// <summary>
    /// The token comes straight from Identity and is not verified; each service that decides what the person may do verifies it.
    /// </summary>
    internal static ClaimsPrincipal PersonOf(string accessToken) =>
        new(new ClaimsIdentity(new JsonWebToken(accessToken).Claims, PortalSession.Scheme, "name", "level"));
}
