using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Pages;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Accounts.Brand;

/// <summary>
/// The name, color and logo that everybody of the enterprise sees. They travel with the directory to every service. Repeating it changes
/// nothing more.
/// </summary>
public static class ChangeBrand
{
    sealed record Facts(string? Name, string? Accent, Guid? Logo);

    public static void Map(RouteGroupBuilder brand) =>
        brand.MapPatch("/", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(ChangeBrand));

    static async Task<Results<Ok<BrandItem>, ValidationProblem, ProblemHttpResult>> Handle(
        BrandChange body,
        AccountsDb db,
        DirectoryChange change,
        DirectoryReplica directory,
        Person person,
        ActivityRecorder activities,
        CancellationToken cancel)
    {
        if (!directory.IsRootAdmin(person))
            return Refusal.Of("root-admin-only", "The portal's name, color and logo are set by an Admin of the whole enterprise.",
                StatusCodes.Status403Forbidden);
        if (body.Accent is { Length: > 0 } text && Problem(text) is { } words)
            return Refusal.Invalid("accent", words);
        var type = body.Logo is { Length: > 0 } image ? Images.TypeOf(image) : null;
        if (body.Logo is { Length: > Images.Largest })
            return Refusal.Invalid("logo", "A logo has 100 KB at most.");
        if (body.Logo is { Length: > 0 } && type is null)
            return Refusal.Invalid("logo", "This is not a PNG, JPEG or WebP image.");

        var enterprise = (await change.Begin(directory.EnterpriseOf(person.GroupId), cancel))!;
        if (await db.Brands.FindAsync([enterprise.Id], cancel) is not { } brand)
            db.Add(brand = new() { EnterpriseId = enterprise.Id });
        var before = Of(brand);
        brand.Name = body.Name is null ? brand.Name : body.Name.Trim() is { Length: > 0 } name ? name : null;
        brand.Accent = body.Accent is null ? brand.Accent : body.Accent is { Length: > 0 } accent ? accent.ToLowerInvariant() : null;
        if (body.Logo is { } logo && !logo.AsSpan().SequenceEqual(brand.Logo))
            (brand.LogoId, brand.LogoType, brand.Logo) = (type is null ? null : Guid.CreateVersion7(), type, type is null ? null : logo);
        if (Of(brand) is var after && after != before)
        {
            db.Publish(activities.Of(person, AuditActions.BrandChanged, brand.Name ?? enterprise.Name, details: new { before, after }));
            await change.Commit(cancel);
        }
        return TypedResults.Ok(new BrandItem(enterprise.Name, brand.Name, brand.Accent, brand.LogoId));
    }

    static string? Problem(string color) => Accent.Read(color) switch
    {
        null => "A color is a # and six of 0–9 and a–f, such as #2b57c9.",
        { IsReadable: true } => null,
        var pale => FormattableString.Invariant($"Text cannot be read with this color: its contrast is {pale.Contrast:0.0}, and ")
            + FormattableString.Invariant($"{Accent.Least:0.0} is the least. Choose a darker one.")
    };

    static Facts Of(BrandRow row) => new(row.Name, row.Accent, row.LogoId);
}

static class Images
{
    public const int Largest = 100 * 1024;

    /// <summary>By its first bytes, whatever its name says. Never SVG, which can hold scripts.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> image) =>
        image.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : image.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : image.StartsWith("RIFF"u8) && image.Length > 12 && image[8..].StartsWith("WEBP"u8) ? "image/webp"
        : null;
}
