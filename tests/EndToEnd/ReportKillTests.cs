using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Tests.EndToEnd.Support;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>A report for forty accounts, half of which are slow, while a part of the system is killed without warning.</summary>
[Collection(nameof(Alone))]
public sealed class ReportKillTests(FortyAccounts portal) : IClassFixture<FortyAccounts>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("reports")]
    [InlineData("messaging")]
    [InlineData("officeportal")]
    [InlineData("postgres")]
    public async Task A_run_completes_although_a_part_is_killed_in_its_middle_and_no_account_works_twice(string part)
    {
        using var rosa = await Caller.SignedIn(portal.World, "root-admin@bluedolphin.example");
        var before = await portal.Running.Processes();
        var tasks = await portal.Office("select count(*) from background_task");
        var generated = await portal.Office("select count(*) from audit_entry where action = 'Generated report'");
        var accounts = (await rosa.Json("/api/accounts?limit=200")).GetProperty("items").EnumerateArray()
            .Select(account => account.GetProperty("code").GetString()!).Order().ToList();
        Assert.Equal(FortyAccounts.Count, accounts.Count);
        await Behave(accounts[20..], "slow");

        var run = await Start(rosa);
        await Wait.Eventually(async () => await States(rosa, run) is var states && states.Count(state => state == "ready") >= 5
            && states.Count(IsOpen) >= 15, "The run has no middle.");
        var killed = await portal.Running.Kill(part);

        await portal.Running.Restarted(part, killed);
        await Wait.Eventually(async () => await States(rosa, run) is [_, ..] states && !states.Any(IsOpen), "The run did not complete.",
            TimeSpan.FromMinutes(4));
        Assert.Equal((string?[])[.. Enumerable.Repeat("ready", FortyAccounts.Count)], await States(rosa, run));
        await Behave(accounts[20..], "none");
        // Each account is asked live whether it releases its file; one that has only just come back may answer late.
        await Wait.Eventually(async () => await Files(rosa, run) == FortyAccounts.Count, "Files are missing.");
        Assert.Equal(FortyAccounts.Count, await portal.Office($"select count(*) from background_task where run_id = '{run}'"));
        Assert.Equal(tasks + FortyAccounts.Count, await portal.Office("select count(*) from background_task"));
        Assert.Equal(generated + FortyAccounts.Count,
            await portal.Office("select count(*) from audit_entry where action = 'Generated report'"));
        // Nobody else went down with it.
        Assert.Equal(before.Where(process => process.Key != part),
            (await portal.Running.Processes()).Where(process => process.Key != part));
    }

    static bool IsOpen(string? state) => state is "queued" or "running";

    async Task Behave(IEnumerable<string> accounts, string mode)
    {
        using var http = new HttpClient { BaseAddress = portal.World.Office };
        foreach (var account in accounts)
            (await http.PutAsJsonAsync($"_faults/{account}", new { mode }, Cancel)).EnsureSuccessStatusCode();
    }

    static async Task<string> Start(Caller person)
    {
        using var started = await person.Post(
            "/api/reports/runs", new { report = "FIN-2", parameters = new { from = "2020-01-01", to = "2100-12-31" } });
        Assert.Equal(202, (int)started.StatusCode);
        return JsonDocument.Parse(await started.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("id").GetString()!;
    }

    /// <returns>None where the portal cannot say it at the moment.</returns>
    static async Task<string?[]> States(Caller person, string run)
    {
        using var answer = await person.Get($"/api/reports/runs/{run}");
        if (!answer.IsSuccessStatusCode)
            return [];
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("accounts").EnumerateArray()
            .Select(account => account.GetProperty("state").GetString())];
    }

    static async Task<int> Files(Caller person, string run)
    {
        using var answer = await person.Get($"/api/reports/runs/{run}/files.zip");
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(Cancel));
        return zip.Entries.Select(entry => entry.FullName).Distinct()
            .Count(name => name.Contains(" FIN-2 ", StringComparison.Ordinal) && name.EndsWith(".csv", StringComparison.Ordinal));
    }
}
