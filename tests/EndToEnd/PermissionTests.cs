using System.Text.Json;
using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>Alone: what is removed here is missing everywhere until it is allowed again.</summary>
[Collection(nameof(Alone))]
public sealed class PermissionTests(Portal portal)
{
    const string Fin2 = "reports.fin-2";

    [Fact]
    public async Task What_the_root_removes_nobody_opens_in_any_account_but_a_portal_Admin_and_the_profile_says_why()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        await using var owner = await portal.Visitor();
        var austin = await owner.Page.SignInDirectly(portal.World.Office, "bluedolphin-austin");
        var files = await GenerateFin2(austin);
        using var api = await portal.Caller("root-admin@bluedolphin.example");
        var root = (await api.Json("/api/me")).GetProperty("group").GetProperty("id").GetString()!;

        await Remove(rosa.Page, "FIN-2", "Head office banks for everybody");
        try
        {
            await Expect(rosa.Page.GetByText("Every account has what is set here.")).ToBeVisibleAsync();

            // The owner, bound like everybody: the page, its address and a file made before.
            await austin.Tab.GotoAsync(Office("bluedolphin-austin/reports/fin-2"));
            await Expect(austin.Tab.Locator("main"))
                .ToContainTextAsync("Blue Dolphin Swim Schools removed it: Head office banks for everybody");
            foreach (var file in files)
                Assert.Equal((file, 403), (file, (await austin.Tab.APIRequest.GetAsync(file)).Status));
            await austin.Tab.GotoAsync(Office("bluedolphin-austin/staff/manager@bluedolphin-austin.example"));
            await austin.Tab.GetByRole(AriaRole.Button, new() { Name = "Removed: Bank Deposit" }).FocusAsync();
            await Expect(austin.Tab.GetByRole(AriaRole.Tooltip).Filter(new() { HasText = "Head office banks for everybody" }))
                .ToBeVisibleAsync();

            // A portal User in any account, and their reports from the portal; a portal Admin is exempt.
            await using var ruben = await portal.SignedIn("root-user@bluedolphin.example");
            var boston = await new AccountsPage(ruben.Page).Enter("Blue Dolphin Boston");
            Assert.Equal(403, (await boston.Tab.GotoAsync(Office("bluedolphin-boston/reports/fin-2")))!.Status);
            using var user = await portal.Caller("root-user@bluedolphin.example");
            Assert.All(await Run(user), account => Assert.Equal(("failed", "not permitted"), account));
            var admin = await (await AccountsPage.Open(rosa.Page)).Enter("Blue Dolphin Boston");
            Assert.Equal(200, (await admin.Tab.GotoAsync(Office("bluedolphin-boston/reports/fin-2")))!.Status);

            // What the parent removed a child cannot give back.
            using var edith = await portal.Caller("east-admin@bluedolphin.example", "microsoft");
            var east = (await edith.Json("/api/me")).GetProperty("group").GetProperty("id").GetString()!;
            using var lift = await edith.Delete($"/api/permissions/groups/{east}/removed/{Fin2}");
            Assert.Equal(409, (int)lift.StatusCode);
        }
        finally
        {
            using var allowed = await api.Delete($"/api/permissions/groups/{root}/removed/{Fin2}");
        }
        await Wait.Eventually(async () => (await austin.Tab.APIRequest.GetAsync(files[0])).Status == 200, "It was not allowed again.");
    }

    [Fact]
    public async Task An_account_that_is_down_is_named_and_gets_its_restrictions_by_itself_when_it_is_back()
    {
        const string Permission = "reports.cla-9";
        using var rosa = await portal.Caller("root-admin@bluedolphin.example");
        var root = (await rosa.Json("/api/me")).GetProperty("group").GetProperty("id").GetString()!;
        var fresno = await portal.Fault("bluedolphin-fresno", "down");

        using var removed = await rosa.Put($"/api/permissions/groups/{root}/removed/{Permission}", new { reason = "While Fresno sleeps" });

        Assert.Equal(204, (int)removed.StatusCode);
        await Wait.Eventually(async () => (await States()).Count(state => state.State == "applied") == 7, "The others did not get it.");
        await Wait.Eventually(async () => (await States()).Single(state => state.State != "applied") is ("bluedolphin-fresno", "failing"),
            "Fresno was not named.");
        await fresno.DisposeAsync();
        await Wait.Eventually(async () =>
            (await States()).All(state => state.State == "applied"), "Fresno did not get it when it was back.", TimeSpan.FromMinutes(2));
        using var allowed = await rosa.Delete($"/api/permissions/groups/{root}/removed/{Permission}");

        async Task<IReadOnlyList<(string Account, string State)>> States() =>
            [.. (await rosa.Json($"/api/permissions/groups/{root}")).GetProperty("accounts").EnumerateArray()
            .Select(account => (account.GetProperty("account").GetString()!, account.GetProperty("state").GetString()!))];
    }

    /// <returns>The addresses of its files.</returns>
    async Task<string[]> GenerateFin2(OfficePage office)
    {
        await office.Tab.GotoAsync(Office("bluedolphin-austin/reports/fin-2"));
        await office.Tab.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await office.Tab.WaitForURLAsync("**/background-tasks/*");
        string[] files = [$"{office.Tab.Url}/report.csv", $"{office.Tab.Url}/report.xlsx"];
        await Wait.Eventually(async () => (await office.Tab.APIRequest.GetAsync(files[0])).Status == 200, "The report was not made.");
        return files;
    }

    static async Task Remove(IPage page, string permission, string reason)
    {
        await page.GotoAsync($"/permissions?q={permission}");
        await page.GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove what is ticked" }).ClickAsync();
        await Expect(page.GetByText("staff in 8 accounts")).ToBeVisibleAsync();
        await page.GetByLabel("Reason").FillAsync(reason);
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Permissions", Level = 1 }).WaitForAsync();
    }

    static async Task<IReadOnlyList<(string? State, string? Problem)>> Run(Caller person)
    {
        using var started = await person.Post(
            "/api/reports/runs", new { report = "FIN-2", parameters = new { from = "2026-01-01", to = "2026-01-31" } });
        JsonElement run = default;
        await Wait.Eventually(async () => (run = await person.Json(started.Headers.Location!.ToString())).GetProperty("state")
            .GetString() == "finished", "The run did not finish.");
        return [.. run.GetProperty("accounts").EnumerateArray()
            .Select(account => (account.GetProperty("state").GetString(), account.GetProperty("problem").GetString()))];
    }

    string Office(string path) => new Uri(portal.World.Office, path).ToString();
}
