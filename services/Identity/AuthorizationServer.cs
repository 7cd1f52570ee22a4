using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Identity.Sessions;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore.Models;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace EnterprisePortal.Identity;

/// <summary>OpenIddict: the OpenID Connect provider of the portal and of the accounts.</summary>
public static class AuthorizationServer
{
    public static WebApplicationBuilder AddAuthorizationServer(this WebApplicationBuilder builder)
    {
        var portal = new Uri(builder.Configuration.PortalUrl());
        // OpenIddict's log lines include the whole request, and thus query strings.
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
        builder.Services.AddSingleton<ServerKeys>();
        builder.Services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(services => services.GetRequiredService<ServerKeys>());
        builder.Services.AddHostedService(services => services.GetRequiredService<ServerKeys>());
        builder.Services.AddOpenIddict()
            .AddCore(core => core.ReplaceApplicationManager<OpenIddictEntityFrameworkCoreApplication, ExactRedirects>()
                .UseEntityFrameworkCore().UseDbContext<IdentityDb>())
            .AddServer(server =>
            {
                server.SetIssuer(portal)
                    .SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token")
                    .SetEndSessionEndpointUris("connect/endsession")
                    .AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange().AllowRefreshTokenFlow().AllowClientCredentialsFlow()
                    .AllowCustomFlow(PersonalTokenGrant.Type)
                    .RegisterScopes(Scopes.OpenId, Scopes.Profile, Scopes.Email, Scopes.OfflineAccess, RegisterClients.AccountScope,
                        AccountScopes.Api, Policies.RunsStart, Policies.FeedNames, Policies.FeedReports)
                    .SetAuthorizationCodeLifetime(TimeSpan.FromSeconds(30))
                    .SetAccessTokenLifetime(TimeSpan.FromMinutes(5))
                    .SetIdentityTokenLifetime(TimeSpan.FromMinutes(5))
                    .SetRefreshTokenLifetime(PortalSessions.Life)
                    // Two tabs, or two replicas of the gateway, may refresh at the same moment.
                    .SetRefreshTokenReuseLeeway(TimeSpan.FromSeconds(10))
                    // Services read access tokens themselves.
                    .DisableAccessTokenEncryption()
                    // Accounts come and go: IssueToken checks the directory instead.
                    .DisableResourceValidation().IgnoreResourcePermissions();
                server.Configure(options => options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain));
                server.AddEventHandler<ValidateTokenContext>(
                    handler => handler.UseScopedHandler<EndReplayed>().SetOrder(EndReplayed.Order));
                server.AddEventHandler<HandleConfigurationRequestContext>(handler => handler.UseInlineHandler(context =>
                {
                    context.Metadata["backchannel_logout_supported"] = true;
                    context.Metadata["backchannel_logout_session_supported"] = true;
                    return default;
                }));
                var web = server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough()
                    .EnableEndSessionEndpointPassthrough();
                if (portal.Scheme == Uri.UriSchemeHttp)
                    web.DisableTransportSecurityRequirement();
            });
        // Identity's own API gets the keys directly, without calling itself over HTTP.
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).PostConfigure<ServerKeys>((options, keys) =>
        {
            options.ConfigurationManager = null;
            options.TokenValidationParameters.IssuerSigningKey = keys.Signing;
        });
        return builder;
    }

    /// <summary>
    /// Identity is known by the portal's address only, to services inside as to browsers behind the gateway. Metadata, redirects and
    /// audience checks never depend on a Host header.
    /// </summary>
    public static void UsePortalAddress(this WebApplication app)
    {
        var portal = new Uri(app.Configuration.PortalUrl());
        var host = HostString.FromUriComponent(portal);
        app.Use((http, next) =>
        {
            (http.Request.Scheme, http.Request.Host) = (portal.Scheme, host);
            return next(http);
        });
    }
}

public static class OAuth
{
    /// <summary>An error for the client, in words that its user may read.</summary>
    public static ForbidHttpResult Refuse(string error, string words) => TypedResults.Forbid(new(new Dictionary<string, string?>
    {
        [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
        [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = words
    }), [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
