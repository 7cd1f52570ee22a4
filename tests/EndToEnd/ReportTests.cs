using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using MiniExcelLibs;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

public sealed class ReportTests(Portal portal)
{
    static readonly string[] Six = ["cla-5", "cla-9", "fin-1", "fin-2", "fin-4", "fin-6"];
    // Reports are made while other tests keep the machine busy.
    static readonly LocatorAssertionsToHaveTextOptions Ready = new() { Timeout = 120_000 };

    [Fact]
    public async Task A_report_for_all_accounts_is_started_in_one_followed_live_opened_in_another_and_adds_up()
    {
        await using var ruben = await portal.SignedIn("root-user@bluedolphin.example");
        var austin = await new AccountsPage(ruben.Page).Enter("Blue Dolphin Austin");
        // Tampa answers only when told to, so that the run is still going on however slowly this machine draws its page.
        await using var tampa = await portal.Fault("bluedolphin-tampa", "hang");
        var run = await GenerateForAllAccounts(austin, "Bank Deposit");
        await Expect(run.Accounts).ToHaveCountAsync(8);
        await Expect(run.Progress).ToBeVisibleAsync();
        // Whatever changes from here on, changes in this very document.
        await run.Tab.EvaluateAsync("() => document.notReloaded = true");
        await Expect(run.Accounts.Filter(new() { HasText = "Ready" })).ToHaveCountAsync(7, new() { Timeout = Ready.Timeout });
        await tampa.DisposeAsync();
        await Expect(run.Outcome).ToHaveTextAsync("8 of 8 ready", Ready);
        Assert.True(await run.Tab.EvaluateAsync<bool>("() => document.notReloaded"));
        await Expect(run.Progress).ToHaveCountAsync(0);
        var page = new RunPage(austin.Tab);

        var denver = await page.Download("Blue Dolphin Denver");
        await Expect(denver.RedBar).ToContainTextAsync("Ruben User (acting as portal-user@bluedolphin.example)");
        await Expect(denver.Tab.GetByRole(AriaRole.Heading, new() { Name = "Bank Deposit (FIN-2)" })).ToBeVisibleAsync();
        await denver.GoTo("Background Tasks");
        await Expect(denver.Rows.First).ToContainTextAsync("Ruben User, for all accounts");

        using (var zip = new ZipArchive(await page.File("Download all (ZIP)")))
            Assert.Equal(8, zip.Entries.Select(entry => entry.FullName).Distinct().Count(name =>
                name.StartsWith("bluedolphin-", StringComparison.Ordinal) && name.Contains(" FIN-2 ", StringComparison.Ordinal)
                    && name.EndsWith(".csv", StringComparison.Ordinal)));
        var inWorkbook = await TotalOfTheWorkbook(page);
        await Expect(page.Total).ToHaveTextAsync(inWorkbook.ToString("$#,##0.00", CultureInfo.InvariantCulture));
        Assert.Equal(await SumOfTheAccountsPages(ruben, page.Tab.Url), inWorkbook);
        await LookAtTheTable(page, inWorkbook);
        Assert.Equal("", string.Join('\n', await page.Tab.Faults()));
    }

    [Fact]
    public async Task A_run_opens_in_the_list_too_and_goes_on_there_without_reloading()
    {
        await using var wanda = await portal.SignedIn("west-user@bluedolphin.example");
        await using var fresno = await portal.Fault("bluedolphin-fresno", "hang");
        await wanda.Page.GotoAsync("/generated-reports/new?report=CLA-9");
        await wanda.Page.GetByRole(AriaRole.Button, new() { Name = "Run CLA-9" }).ClickAsync();
        await Expect(new RunPage(wanda.Page).Accounts).ToHaveCountAsync(4);
        await wanda.Page.GetByRole(AriaRole.Link, new() { Name = "All generated reports" }).ClickAsync();
        var row = wanda.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "New Enrollments List" }).First;
        await row.Locator("a[aria-expanded]").ClickAsync();
        await Expect(row.Locator("a[aria-expanded]")).ToHaveAttributeAsync("aria-expanded", "true");
        await wanda.Page.EvaluateAsync("() => document.notReloaded = true");
        await fresno.DisposeAsync();
        await Expect(row.Locator("a[aria-expanded]")).ToHaveTextAsync("4 of 4 ready", Ready);
        await Expect(row).ToContainTextAsync("Finished");
        Assert.True(await wanda.Page.EvaluateAsync<bool>("() => document.notReloaded"));
        var accounts = wanda.Page.GetByRole(AriaRole.List, new() { Name = "Accounts of New Enrollments List" })
            .GetByRole(AriaRole.Listitem);
        await Expect(accounts).ToHaveCountAsync(4);
        await Expect(accounts.GetByRole(AriaRole.Link, new() { Name = "Download from Blue Dolphin Fresno" })).ToBeVisibleAsync();
        Assert.Equal("", string.Join('\n', await wanda.Page.Faults()));
    }

    [Fact]
    public async Task Runs_are_seen_by_who_may_see_them()
    {
        using var rosa = await portal.Caller("root-admin@bluedolphin.example");
        using var ruben = await portal.Caller("root-user@bluedolphin.example");
        using var edith = await Caller.SignedIn(portal.World, "east-admin@bluedolphin.example", "microsoft");
        using var emil = await portal.Caller("east-user@bluedolphin.example");

        var (ofRuben, ofRosa, ofEmil) = (await Start(ruben), await Start(rosa), await Start(emil));

        Assert.Equal([("bluedolphin-albany"), "bluedolphin-boston", "bluedolphin-charlotte", "bluedolphin-tampa"],
            Accounts(await emil.Json($"/api/reports/runs/{ofEmil}")));
        await Sees(emil, ofEmil);
        await Sees(edith, ofEmil);
        await Sees(rosa, ofRuben, ofRosa, ofEmil);
        await Sees(ruben, ofRuben);

        async Task Sees(Caller person, params string[] runs)
        {
            var list = (await person.Json("/api/reports/runs?limit=200")).GetProperty("items").EnumerateArray()
                .Select(item => item.GetProperty("id").GetString()!).ToList();
            foreach (var run in new[] { ofRuben, ofRosa, ofEmil })
            {
                using var page = await person.Get($"/generated-reports/{run}");
                Assert.Equal((runs.Contains(run), runs.Contains(run) ? 200 : 404), (list.Contains(run), (int)page.StatusCode));
            }
        }
    }

    [Fact]
    public async Task Only_who_came_via_the_portal_sees_the_option()
    {
        await using var owner = await portal.Visitor();
        await owner.Page.SignInDirectly(portal.World.Office, "bluedolphin-charlotte");
        await using var edith = await portal.SignedIn("root-admin@bluedolphin.example");
        var entered = await new AccountsPage(edith.Page).Enter("Blue Dolphin Charlotte");

        foreach (var report in Six)
            foreach (var (tab, option) in new[] { (owner.Page, 0), (entered.Tab, 1) })
            {
                await tab.GotoAsync($"{portal.World.Office}bluedolphin-charlotte/reports/{report}");
                await Expect(tab.GetByRole(AriaRole.Button, new() { Name = "Generate" })).ToBeVisibleAsync();
                await Expect(tab.GetByLabel("Generate for All Accounts")).ToHaveCountAsync(option);
            }
    }

    [Fact]
    public async Task A_schedule_is_made_runs_tells_its_owner_by_mail_and_is_put_away()
    {
        await using var emil = await portal.SignedIn("east-user@bluedolphin.example");
        await emil.Page.GotoAsync("/generated-reports/schedules/new?report=FIN-1");
        await emil.Page.GetByLabel("When").SelectOptionAsync("week-5");
        await emil.Page.GetByLabel("Dates of the report").SelectOptionAsync("run-day");
        await emil.Page.GetByLabel("Only past due").CheckAsync();
        await emil.Page.GetByRole(AriaRole.Button, new() { Name = "Schedule FIN-1" }).ClickAsync();

        var row = emil.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Aged Accounts" });
        await Expect(row).ToContainTextAsync("Each Friday at 6:00");
        await Expect(row).ToContainTextAsync("Only past due");
        await row.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();
        await Expect(emil.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("It is running now");

        var mail = await Mail("east-user@bluedolphin.example", "Aged Accounts is ready");
        Assert.Contains("for 4 of 4 accounts", mail, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Disposition: attachment", mail, StringComparison.Ordinal);
        var address = mail.Split('\n').Select(line => line.Trim())
            .Single(line => line.StartsWith($"{portal.World.Portal}generated-reports/0", StringComparison.Ordinal));
        await emil.Page.GotoAsync(address);
        await Expect(new RunPage(emil.Page).Outcome).ToHaveTextAsync("4 of 4 ready", Ready);

        await emil.Page.GotoAsync("/generated-reports/schedules");
        await row.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(row).ToContainTextAsync("Paused");
        await emil.Page.Locator("#toasts").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(row).Not.ToContainTextAsync("Paused");
        await row.GetByRole(AriaRole.Button, new() { Name = "Delete …" }).ClickAsync();
        Assert.Equal("", string.Join('\n', await emil.Page.Faults()));
        await emil.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(emil.Page.GetByRole(AriaRole.Heading, new() { Name = "No schedules yet" })).ToBeVisibleAsync();
    }

    /// <summary>Before any download: all rows, the largest amount first.</summary>
    static async Task LookAtTheTable(RunPage page, decimal total)
    {
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Look at the table" }).ClickAsync();
        for (var click = 0; click < 2; click++)
            await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Amount", Exact = true }).ClickAsync();
        await Expect(page.Tab.Locator("th[aria-sort=descending]")).ToHaveTextAsync("Amount");
        var amounts = (await page.Tab.Locator("td[data-label=Amount]").AllInnerTextsAsync())
            .Select(text => decimal.Parse(text.Replace('−', '-'), CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(amounts.OrderDescending(), amounts);
        Assert.Equal(50, amounts.Count);
        Assert.InRange(amounts[0], 0.01m, total);
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        await Expect(page.Tab.GetByRole(AriaRole.Status).Filter(new() { HasText = "Rows 51 to 100" })).ToBeVisibleAsync();
    }

    async Task<RunPage> GenerateForAllAccounts(OfficePage account, string report)
    {
        await account.GoTo("Reports");
        await account.Tab.GetByRole(AriaRole.Link, new() { Name = report }).ClickAsync();
        await account.Tab.GetByLabel("Generate for All Accounts").CheckAsync();
        await account.Tab.GetByRole(AriaRole.Button, new() { Name = "Generate", Exact = true }).ClickAsync();
        await account.Tab.GetByRole(AriaRole.Link, new() { Name = "Generated Reports" }).ClickAsync();
        await account.Tab.WaitForURLAsync(url => url.StartsWith($"{portal.World.Portal}generated-reports/", StringComparison.Ordinal));
        return new(account.Tab);
    }

    /// <summary>As each account's own page shows it, under its own red bar.</summary>
    static async Task<decimal> SumOfTheAccountsPages(Visitor person, string runPage)
    {
        var run = await person.Page.APIRequest.GetAsync($"/api/reports/runs/{runPage.Split('/')[^1]}");
        var sum = 0m;
        foreach (var account in (await run.JsonAsync())!.Value.GetProperty("accounts").EnumerateArray())
        {
            await person.Page.GotoAsync(account.GetProperty("openUrl").GetString()!);
            await Expect(new OfficePage(person.Page).RedBar).ToContainTextAsync("Ruben User");
            sum += decimal.Parse((await person.Page.Locator(".total td[data-label=Amount]").InnerTextAsync()).Replace('−', '-'),
                CultureInfo.InvariantCulture);
        }
        Assert.NotEqual(0, sum);
        return sum;
    }

    static async Task<decimal> TotalOfTheWorkbook(RunPage page)
    {
        using var workbook = await page.File("Download workbook");
        var totals = workbook.Query(useHeaderRow: true, sheetName: "Totals").Cast<IDictionary<string, object>>().ToList();
        Assert.Equal(9, totals.Count);
        return Convert.ToDecimal(totals.Single(row => (string)row["Account"] == "All accounts")["Amount"], CultureInfo.InvariantCulture);
    }

    async Task<string> Mail(string to, string subject)
    {
        var mail = "";
        await Wait.Eventually(() =>
        {
            var folder = Path.Combine(portal.World.Folder, "mail");
            mail = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.eml").Select(File.ReadAllText)
                .FirstOrDefault(text => text.Contains($"To: {to}") && text.Contains($"Subject: {subject}")) ?? "" : "";
            return mail.Length > 0;
        }, "No mail came.", TimeSpan.FromMinutes(2));
        return mail;
    }

    static string[] Accounts(JsonElement run) =>
        [.. run.GetProperty("accounts").EnumerateArray().Select(account => account.GetProperty("account").GetString()!)];

    static async Task<string> Start(Caller person)
    {
        using var started = await person.Post(
            "/api/reports/runs", new { report = "FIN-6", parameters = new { from = "2026-10-01", to = "2026-10-31" } });
        Assert.Equal(202, (int)started.StatusCode);
        return JsonDocument.Parse(await started.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .RootElement.GetProperty("id").GetString()!;
    }
}
