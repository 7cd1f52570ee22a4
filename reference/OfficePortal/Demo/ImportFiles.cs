using System.Text.Json;

namespace EnterprisePortal.OfficePortal.Demo;

/// <summary>
/// The file that an enterprise hands to the portal's importer: its groups, first people, and its accounts with their one-time pairing
/// codes.
/// </summary>
static class ImportFiles
{
    static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task Write(string folder, IReadOnlyList<DemoAccount> accounts, string officeUrl, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        foreach (var enterprise in new[] { DemoEnterprise.BlueDolphin, DemoEnterprise.TumbleTime })
        {
            var own = accounts.Where(account => account.Enterprise == enterprise).ToList();
            var file = Path.Combine(folder, enterprise.Code + ".json");
            // All or nothing: the importer may be reading.
            await File.WriteAllTextAsync(file + ".new",
                JsonSerializer.Serialize(Of(enterprise, own, officeUrl.TrimEnd('/')), Readable), cancel);
            File.Move(file + ".new", file, overwrite: true);
        }
    }

    static object Of(DemoEnterprise enterprise, List<DemoAccount> accounts, string officeUrl)
    {
        string root = enterprise.Name, domain = enterprise.Code + ".example";
        var parted = enterprise == DemoEnterprise.BlueDolphin;
        object Group(string name, string? parent, IEnumerable<DemoAccount> of) => new
        {
            name, parent,
            userEmail = parent is null ? "portal-user@" + domain : null,
            adminEmail = parent is null ? "portal-admin@" + domain : null,
            accounts = of.Select(account => account.Code)
        };
        object Person(string email, string name, string level, string group, string provider = "google", string status = "invited") =>
            new { email = $"{email}@{domain}", name, level, group, provider, status };
        // Works for both enterprises.
        var consultant = new
            { email = "consultant@partners.example", name = "Cora Consultant", level = "user", group = root, provider = "google",
                status = "invited" };

        return new
        {
            name = root,
            microsoftTenants = parted ? new[] { "7c1d5f0e-5b1a-4c7e-9a55-0d5a5e3b1c01" } : [],
            groups = parted
                ? new[]
                {
                    Group(root, null, accounts), Group("East", root, accounts.Where(account => account.City.InTheEast)),
                    Group("West", root, accounts.Where(account => !account.City.InTheEast))
                }
                : [Group(root, null, accounts)],
            accounts = accounts.Select(account => new
                { baseUrl = $"{officeUrl}/{account.Code}", pairingCode = MakeAccount.PairingCode(account) }),
            users = parted
                ? new[]
                {
                    Person("root-admin", "Rosa Admin", "admin", root), Person("root-user", "Ruben User", "user", root),
                    Person("east-admin", "Edith Admin", "admin", "East", "microsoft"), Person("east-user", "Emil User", "user", "East"),
                    Person("west-user", "Wanda User", "user", "West"),
                    Person("suspended", "Sven Suspended", "user", root, status: "suspended"), consultant
                }
                : [Person("root-admin", "Tara Admin", "admin", root), Person("root-user", "Theo User", "user", root), consultant]
        };
    }
}
