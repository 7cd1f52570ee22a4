using System.Security.Claims;
using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.Settings;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace EnterprisePortal.ServiceDefaults.SignIn;

public static class Policies
{
    /// <summary>A portal Admin. Without it: any signed-in portal user, which is the default and the fallback.</summary>
    public const string Admin = "admin";

    /// <summary>
    /// Any portal user, also with a token that an account obtained for them: scope and policy share this name. Such a token opens no other
    /// address.
    /// </summary>
    public const string RunsStart = "runs:start";

    /// <summary>
    /// Any portal user, also by a personal token exchanged for one of these scopes: names that should agree, and generated reports, for
    /// other programs.
    /// </summary>
    public const string FeedNames = "feed:names", FeedReports = "feed:reports";

    /// <summary>A person who runs the portal. Portal users are refused here, and operators everywhere else.</summary>
    public const string Operator = OperatorRole.Level;

    internal static readonly string[] Purposes = [RunsStart, FeedNames, FeedReports];
}

public static class SignInChecks
{
    /// <summary>Every route needs a portal user's token for <paramref name="audience"/> unless it says otherwise.</summary>
    public static WebApplicationBuilder AddSignInChecks(this WebApplicationBuilder builder, string audience)
    {
        builder.AddSettings<PortalOptions>("Portal");
        builder.Services.AddHttpClient(IdentityKeys.Client, http => http.BaseAddress = new("https+http://identity"));
        builder.Services.AddSingleton<IdentityKeys>();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IdentityKeys, RevokedSessions>((options, keys, revoked) =>
        {
            options.MapInboundClaims = false;
            options.ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(IdentityKeys.Path, keys, keys);
            options.TokenValidationParameters = new()
            {
                ValidIssuer = builder.Configuration.PortalUrl(),
                ValidAudience = audience,
                ValidTypes = ["at+jwt"],
                NameClaimType = "name",
                RoleClaimType = "level",
                ClockSkew = TimeSpan.FromSeconds(5)
            };
            options.Events = new()
            {
                OnTokenValidated = context =>
                {
                    if (context.Principal?.FindFirstValue("sid") is { } session && revoked.Contains(session))
                        context.Fail("This session has ended.");
                    // A token for one purpose opens nothing else; checked in the pipeline, so that no policy can forget it.
                    if (context.Principal?.FindFirstValue("scope") is { } scopes
                        && scopes.Split(' ').Intersect(Policies.Purposes).ToArray() is { Length: > 0 } purposes
                        && context.HttpContext.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>()
                        .Any(asked => purposes.Contains(asked.Policy)) != true)
                        context.Fail("This token is for another purpose.");
                    return Task.CompletedTask;
                }
            };
        });

        var person = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireClaim("level", Person.Admin, Person.User).Build();
        builder.Services.AddAuthorizationBuilder()
            .SetDefaultPolicy(person).SetFallbackPolicy(person)
            .AddPolicy(Policies.RunsStart, person).AddPolicy(Policies.FeedNames, person).AddPolicy(Policies.FeedReports, person)
            .AddPolicy(Policies.Operator, policy => policy.RequireAuthenticatedUser().RequireClaim("level", OperatorRole.Level))
            .AddPolicy(Policies.Admin, policy => policy.RequireAuthenticatedUser().RequireClaim("level", Person.Admin));
        return builder;
    }

    /// <summary>The address by which staff know the portal, and Identity's issuer: <c>http://localhost:8080/</c>.</summary>
    public static string PortalUrl(this IConfiguration configuration) =>
        configuration["Portal:Url"] is { Length: > 0 } url
            ? url.TrimEnd('/') + "/"
            : throw new InvalidOperationException("Portal:Url is not set.");
}
