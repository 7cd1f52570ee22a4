using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Authorization;

namespace EnterprisePortal.Gateway.Security;

/// <summary>Who may use an address. Without a policy: <see cref="SignedIn"/>.</summary>
public static class Access
{
    /// <summary>YARP's own name for it. The service behind it decides.</summary>
    public const string Anyone = "anonymous";
    /// <summary>A browser with a session.</summary>
    public const string SignedIn = "signed-in";
    /// <summary>A session, or a bearer token, which passes through: every service checks it itself.</summary>
    public const string Caller = "caller";
    /// <summary>The same, or a personal token, which is exchanged for one.</summary>
    public const string Feed = "feed";
    public const string Admin = Policies.Admin;
    /// <summary>A browser with the session of a person who runs the portal, which opens nothing else.</summary>
    public const string Operator = Policies.Operator;
    /// <summary>A session of either kind: to leave it.</summary>
    public const string AnySession = "any-session";

    public static WebApplicationBuilder AddAccess(this WebApplicationBuilder builder)
    {
        var signedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireClaim("level", Person.Admin, Person.User).Build();
        builder.Services.AddAuthorizationBuilder()
            .SetDefaultPolicy(signedIn).SetFallbackPolicy(signedIn)
            .AddPolicy(SignedIn, signedIn)
            .AddPolicy(Operator, policy => policy.RequireAuthenticatedUser().RequireClaim("level", OperatorRole.Level))
            .AddPolicy(AnySession, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Admin, policy => policy.RequireAuthenticatedUser().RequireClaim("level", Person.Admin))
            .AddPolicy(Feed, policy => policy.RequireAssertion(context =>
                Person.From(context.User) is not null
                || context.Resource is HttpContext { Request: var request } && (request.HasBearer() || request.HasBasic())))
            .AddPolicy(Caller, policy => policy.RequireAssertion(context =>
                Person.From(context.User) is not null
                || context.Resource is HttpContext { Request: var request } && request.HasBearer()));
        return builder;
    }

    /// <summary>Pages are for portal users; only one that names <see cref="Operator"/> is for operators instead.</summary>
    public static void RequireAccess(this IEndpointConventionBuilder pages) => pages.Add(page =>
    {
        if (!page.Metadata.OfType<IAuthorizeData>().Any(asked => asked.Policy == Operator))
            page.Metadata.Add(new AuthorizeAttribute(SignedIn));
    });

    public static bool HasBearer(this HttpRequest request) => request.Has("Bearer ");

    public static bool HasBasic(this HttpRequest request) => request.Has("Basic ");

    static bool Has(this HttpRequest request, string scheme) =>
        request.Headers.Authorization.ToString().StartsWith(scheme, StringComparison.OrdinalIgnoreCase);
}
