using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Permissions;

public static class ListCatalogue
{
    public record Response(IReadOnlyList<Section> Sections);

    public record Section(string Name, IReadOnlyList<Item> Permissions);

    /// <param name="Allows">What it lets one do, in a sentence.</param>
    /// <param name="Why">Why it cannot be removed; null where it can.</param>
    public record Item(string Id, string Name, string Allows, bool Removable, string? Why);

    static readonly Response Catalogue = new(
    [
        .. PermissionCatalogue.Sections.Select(section => new Section(section.Name,
        [
            .. section.Permissions.Select(permission => PermissionCatalogue.IsRemovable(permission.Id)
                ? new Item(permission.Id, permission.Name, permission.Allows, true, null)
                : new Item(permission.Id, permission.Name, permission.Allows, false, Refusals.ApplicationAccess))
        ]))
    ]);

    public static void Map(RouteGroupBuilder permissions) =>
        permissions.MapGet("/catalogue", () => TypedResults.Ok(Catalogue)).WithName(nameof(ListCatalogue));
}
