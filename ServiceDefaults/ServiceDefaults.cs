using System.Text.Json;
using System.Text.Json.Serialization;
using EnterprisePortal.ServiceDefaults.Calls;
using EnterprisePortal.ServiceDefaults.Observability;
using EnterprisePortal.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;

namespace EnterprisePortal.ServiceDefaults;

/// <summary>
/// What every service and the gateway have. Other features are added by name: AddDatabase, AddSignInChecks, AddMessaging, AddAccountApi.
/// </summary>
public static class ServiceDefaultsExtensions
{
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        builder.RequireHttps("Portal:Url");
        builder.AddTelemetry();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddProblemDetails(
            options => options.CustomizeProblemDetails = problem => NameFields(problem.HttpContext, problem.ProblemDetails));
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
        builder.AddDraining();
        builder.Services.AddServiceDiscovery();
        builder.Services.AddSingleton<Replicas>();
        builder.Services.AddTransient<TryNextReplica>();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.ConfigurePrimaryHttpMessageHandler(ReplicaSockets.Handler);
            http.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods());
            http.AddHttpMessageHandler<TryNextReplica>();
            http.AddServiceDiscovery();
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower));
        });
        // In Development as in Production: 400, not an exception.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        builder.Services.AddOpenApi();
        builder.DescribeApiAt("Portal:Url");
        // Services are reached only through the gateway, so its word on the client's address is good.
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
        });
        return builder;
    }

    /// <summary>
    /// Call first: everything after it sees the real client and a readable request, and every failure leaves as problem details.
    /// </summary>
    /// <param name="answers">Adds an application's own pages and headers to refusals and failures.</param>
    public static WebApplication UseServiceDefaults(this WebApplication app, Action? answers = null)
    {
        app.UseDraining();
        app.UseForwardedHeaders();
        app.UseExceptionHandler(Failures.Handler());
        app.UseStatusCodePages();
        answers?.Invoke();
        app.UseReadableRequests();
        app.MapHealthChecks("/health", Release.InHealth).AllowAnonymous();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") }).AllowAnonymous();
        // They describe the whole API: outside Development only signed-in people may read them, and without a sign-in scheme nobody may.
        if (app.Environment.IsDevelopment())
            app.MapOpenApi().AllowAnonymous();
        else if (app.Services.GetService<IAuthenticationSchemeProvider>() is not null)
            app.MapOpenApi().RequireAuthorization();
        return app;
    }

    /// <summary>.NET's validation names a field as C# does (<c>Name</c>); a caller that sent <c>name</c> looks for that.</summary>
    static void NameFields(HttpContext http, ProblemDetails problem)
    {
        if (problem is HttpValidationProblemDetails invalid)
            invalid.Errors = invalid.Errors.DistinctBy(error => JsonNamingPolicy.CamelCase.ConvertName(error.Key))
                .ToDictionary(error => JsonNamingPolicy.CamelCase.ConvertName(error.Key), error => error.Value);
        else if (ReadableRequests.Unreadable(http) is { } fields)
            problem.Extensions["errors"] = fields;
    }
}
