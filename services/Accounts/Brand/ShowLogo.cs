using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Accounts.Brand;

/// <summary>
/// For anyone who knows its id: the sign-in page shows it to people who are not signed in. The bytes are those of an image (<see
/// cref="ChangeBrand"/>), and the policy lets a browser make nothing else of them.
/// </summary>
public static class ShowLogo
{
    public static void Map(WebApplication app) => app.MapGet("/logos/{id:guid}", Handle).WithName(nameof(ShowLogo)).AllowAnonymous();

    static async Task<Results<FileContentHttpResult, NotFound>> Handle(
        Guid id, AccountsDb db, HttpContext http, CancellationToken cancel)
    {
        if (await db.Brands.AsNoTracking().SingleOrDefaultAsync(row => row.LogoId == id, cancel) is not { Logo: { } image } brand)
            return TypedResults.NotFound();
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return TypedResults.Bytes(image, brand.LogoType);
    }
}
