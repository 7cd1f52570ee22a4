using System.Net.Mime;

namespace EnterprisePortal.Gateway;

/// <summary>A browser gets a page where a program gets problem details, whoever refused: the gateway or a service behind it.</summary>
public static class ErrorPages
{
    /// <summary>In <see cref="HttpContext.Items"/>: the refusing service's sentence for staff.</summary>
    public const string Words = "error-words";

    public static bool WantsPage(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api") && request.Headers.Accept.ToString().Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase);

    public static void UseErrorPages(this WebApplication app) => app.UseWhen(http => WantsPage(http.Request), pages =>
    {
        pages.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/error/500", CreateScopeForErrors = true });
        pages.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true);
    });
}
