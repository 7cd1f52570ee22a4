using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;

namespace EnterprisePortal.Permissions;

public static class ListCatalogue
{
    static readonly Catalogue catalogue = new(
    [
        .. PermissionCatalogue.Sections.Select(section => new CatalogueSection(section.Name,
        [
            .. section.Permissions.Select(permission => PermissionCatalogue.IsRemovable(permission.Id)
                ? new CataloguePermission(permission.Id, permission.Name, permission.Allows, true, null)
                : new CataloguePermission(permission.Id, permission.Name, permission.Allows, false, Refusals.ApplicationAccess))
        ]))
    ]);

    public static void Map(RouteGroupBuilder permissions) =>
        permissions.MapGet("/catalogue", () => TypedResults.Ok(catalogue)).WithName(nameof(ListCatalogue));
}
