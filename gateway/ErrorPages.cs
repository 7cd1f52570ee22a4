using System.Net.Mime;
using EnterprisePortal.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Diagnostics;

namespace EnterprisePortal.Gateway;

/// <summary>A browser gets a page where a program gets problem details, whether the gateway refused or a service behind it.</summary>
public static class ErrorPages
{
    /// <summary>In <see cref="HttpContext.Items"/>: the refusing service's sentence for staff.</summary>
    public const string Words = "error-words";

    public static bool WantsPage(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api")
            && request.Headers.Accept.ToString().Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase);

    public static void UseErrorPages(this WebApplication app) => app.UseWhen(http => WantsPage(http.Request), pages =>
    {
        pages.UseExceptionHandler(Failures.Handler("/error/500"));
        pages.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true);
        // The error page for a refused form is still rendered by a POST: Blazor must not look for a form of that page.
        pages.Use((http, next) =>
        {
            if (IsErrorPage(http))
                http.Request.Method = HttpMethods.Get;
            return next(http);
        });
    });

    static bool IsErrorPage(HttpContext http) =>
        http.Features.Get<IExceptionHandlerFeature>() is not null || http.Features.Get<IStatusCodeReExecuteFeature>() is not null;

    /// <summary>
    /// A page's form without its token, or for no page, is refused before Blazor answers with a message for developers. Buttons that are
    /// not Blazor's check the token themselves (<see cref="Security.Csrf"/>).
    /// </summary>
    public static void UseFormRefusals(this WebApplication app) => app.Use((http, next) =>
    {
        if (IsErrorPage(http) || http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false }
            || http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null)
            return next(http);
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    });
}
