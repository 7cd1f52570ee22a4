using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Identity.Sessions;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.Identity;

/// <summary>Google and Microsoft as OpenID Connect providers: <c>SignIn:Google:{Authority,ClientId,ClientSecret}</c>,
/// <c>SignIn:Microsoft:…</c>.</summary>
public static class Providers
{
    public const string Google = SignInProvider.Google, Microsoft = SignInProvider.Microsoft;
    public const string LoginHint = "login_hint", Prompt = "prompt";

    public static string NameOf(string provider) => provider == Microsoft ? "Microsoft" : "Google";

    public static WebApplicationBuilder AddProviders(this WebApplicationBuilder builder)
    {
        var authentication = builder.Services.AddAuthentication();
        foreach (var (name, life) in new[] { (SignIn.Cookie, PortalSessions.Life), (ChooseEnterprise.Cookie, ChooseEnterprise.Life) })
            authentication.AddCookie(name, cookie =>
            {
                // The gateway passes it on to Identity's own pages only, whatever the path.
                cookie.Cookie.Path = "/connect";
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.Cookie.Protect(name, builder.Environment);
                cookie.ExpireTimeSpan = life;
                cookie.SlidingExpiration = false;
            });
        foreach (var provider in new[] { Google, Microsoft })
            if (builder.Configuration.GetSection($"SignIn:{provider}") is var settings && settings["Authority"] is { Length: > 0 })
            {
                builder.RequireHttps($"SignIn:{NameOf(provider)}:Authority");
                authentication.AddOpenIdConnect(
                    provider, options => Configure(options, provider, settings, builder.Environment, builder.Configuration.PortalUrl()));
            }
        return builder;
    }

    static void Configure(
        OpenIdConnectOptions options,
        string provider,
        IConfigurationSection settings,
        IHostEnvironment environment,
        string portal)
    {
        options.Authority = settings["Authority"];
        options.ClientId = settings["ClientId"];
        options.ClientSecret = settings["ClientSecret"];
        options.RequireHttpsMetadata = !environment.IsDevelopment();
        options.CallbackPath = $"/connect/callback/{provider}";
        options.SignInScheme = SignIn.Cookie;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // The answer is a top-level GET, so that the browser sends the request's Lax cookies with it.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.Protect(SignIn.Cookie + cookie.Name, environment);
            cookie.SameSite = SameSiteMode.Lax;
        }
        options.Scope.Add("email");
        // To get the refresh token, with which the session is confirmed again, Microsoft wants a scope, Google a parameter.
        options.SaveTokens = true;
        if (provider == Microsoft)
            options.Scope.Add("offline_access");
        options.MapInboundClaims = false;
        // The handler would drop iss, acr and amr; the first pins the person, the others belong in the audit entry.
        options.ClaimActions.Clear();
        if (provider == Microsoft)
            options.TokenValidationParameters.IssuerValidatorUsingConfiguration = IssuerOfTenant;
        options.Events = new()
        {
            OnRedirectToIdentityProvider = context =>
            {
                context.ProtocolMessage.LoginHint = context.Properties.GetParameter<string>(LoginHint);
                // On a shared front-desk computer, never quietly sign in with somebody else's Google session.
                context.ProtocolMessage.Prompt = context.Properties.GetParameter<string>(Prompt)
                    ?? (context.ProtocolMessage.LoginHint is null ? "select_account" : null);
                if (provider == Google)
                    context.ProtocolMessage.SetParameter("access_type", "offline");
                return Task.CompletedTask;
            },
            OnTicketReceived = SignIn.Complete,
            OnRemoteFailure = async context =>
            {
                if (await ConfirmSilently.Refused(context))
                    return;
                context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Providers))
                    .LogWarning("Sign-in with {Provider} failed: {Problem}", provider, context.Failure?.Message);
                context.HandleResponse();
                context.Response.Redirect(SignIn.RefusedPage(portal, LinkIdentity.Provider));
            }
        };
    }

    /// <summary>
    /// The metadata for all organizations names the issuer <c>https://login.microsoftonline.com/{tenantid}/v2.0</c>; a token names that of
    /// its own tenant. <see cref="LinkIdentity"/> decides which tenants are welcome.
    /// </summary>
    static string IssuerOfTenant(string issuer, SecurityToken token, TokenValidationParameters parameters,
        BaseConfiguration configuration) =>
        token is JsonWebToken jwt && jwt.TryGetPayloadValue<string>("tid", out var tenant) && Guid.TryParseExact(tenant, "D", out _)
            && issuer == configuration.Issuer.Replace("{tenantid}", tenant, StringComparison.Ordinal)
            ? issuer
            : throw new SecurityTokenInvalidIssuerException($"The issuer {issuer} is not the token's own tenant's.");
}
