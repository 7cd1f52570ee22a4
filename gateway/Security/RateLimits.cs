using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace EnterprisePortal.Gateway.Security;

/// <summary>
/// Requests a minute, in a bucket per policy and person; without a session, per client address. Off in Development, where one machine plays
/// every person. Configuration: <c>RateLimits:{policy}</c> sets a limit, 0 lifts it.
/// </summary>
public static class RateLimits
{
    public const string Pages = "pages", Api = "api", Telephony = "telephony", SignIn = "sign-in";

    // Telephony: a whole call center may call through one account of its software. Sign-in: an office shares one address.
    static readonly (string Policy, int PerMinute)[] Limits = [(Pages, 300), (Api, 600), (Telephony, 3000), (SignIn, 1200)];

    public static WebApplicationBuilder AddRateLimits(this WebApplicationBuilder builder)
    {
        var limits = Limits.Select(limit => (limit.Policy, PerMinute: Of(builder, limit.Policy, limit.PerMinute))).ToArray();
        builder.Services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.OnRejected = (context, _) =>
            {
                if (context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                    context.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds))
                        .ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
            foreach (var (policy, limit) in limits)
                options.AddPolicy(policy, http => limit == 0
                    ? RateLimitPartition.GetNoLimiter("")
                    : RateLimitPartition.GetTokenBucketLimiter(Who(http), _ => new()
                    {
                        TokenLimit = limit,
                        TokensPerPeriod = Math.Max(1, limit / 12),
                        ReplenishmentPeriod = TimeSpan.FromSeconds(5),
                        QueueLimit = 0
                    }));
        });
        return builder;
    }

    static int Of(WebApplicationBuilder builder, string policy, int perMinute)
    {
        var limit = builder.Configuration.GetValue($"RateLimits:{policy}", builder.Environment.IsDevelopment() ? 0 : perMinute);
        return limit >= 0 ? limit
            : throw new InvalidOperationException($"RateLimits:{policy} cannot be used: {limit} is below 0, which lifts the limit.");
    }

    /// <summary><see cref="Pages"/>, except for pages that name another policy (<c>@attribute [EnableRateLimiting(…)]</c>).</summary>
    public static void LimitPages(this IEndpointConventionBuilder pages) => pages.Add(page =>
    {
        if (!page.Metadata.OfType<EnableRateLimitingAttribute>().Any())
            page.Metadata.Add(new EnableRateLimitingAttribute(Pages));
    });

    /// <summary>A bearer token is not verified here, so it cannot choose a bucket: its callers are counted by address.</summary>
    static string Who(HttpContext http) => http.User.FindFirst("sub")?.Value ?? http.Connection.RemoteIpAddress?.ToString() ?? "";
}
