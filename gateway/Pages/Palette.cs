using EnterprisePortal.Gateway.Pages.Parts;
using EnterprisePortal.Gateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>Where a person may go from the palette, as HTML. palette.js asks when it is first opened on a page, and filters it.</summary>
public static class Palette
{
    public static void MapPalette(this WebApplication app) =>
        app.MapGet("/palette", () => new RazorComponentResult<PaletteOptions>())
            .RequireAuthorization(Access.SignedIn).RequireRateLimiting(RateLimits.Pages).WithName(nameof(Palette));
}
