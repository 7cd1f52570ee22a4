using System.Threading.RateLimiting;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Entry;
using EnterprisePortal.OfficePortal.Pairing;
using EnterprisePortal.OfficePortal.SignIn;
using EnterprisePortal.ServiceDefaults;

namespace EnterprisePortal.OfficePortal.Layout;

static class Pages
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, ProblemsAsPages>());
        builder.Services.AddRazorComponents();
        builder.Services.AddCascadingValue(
            services => services.GetRequiredService<IHttpContextAccessor>().HttpContext?.Features.Get<Visit>());
        builder.Services.AddAntiforgery(options => options.Cookie.Protect("office.csrf", builder.Environment));
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.AddPolicy(SignInDirectly.RateLimit, http => PerMinute($"{http.GetRouteValue("account")} {ClientAddress.Of(http)}", 30));
            limiter.AddPolicy(Pair.RateLimit, http => PerMinute($"{http.GetRouteValue("account")} {ClientAddress.Of(http)}", 10));
            // A call center behind one address enters an account with every call.
            limiter.AddPolicy(StartEntry.RateLimit, http => PerMinute(ClientAddress.Of(http), 300));
        });
    }

    public static void UsePages(this WebApplication app)
    {
        app.MapStaticAssets();
        app.UseMiddleware<FindAccount>();
        app.UseRateLimiter();
        app.UseAntiforgery();
        app.MapFallback("/{account}/{**rest}", () => TypedResults.NotFound());
    }

    internal static RateLimitPartition<string> PerMinute(string who, int permits) =>
        RateLimitPartition.GetFixedWindowLimiter(who, _ => new() { PermitLimit = permits, Window = TimeSpan.FromMinutes(1) });
}
