using System.Net;
using System.Net.Http.Json;
using System.Text;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Reports;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.Tests.Reports;

/// <summary>Reports on a database and a virtual host of its own. More words for its tests: <c>Start</c>, <c>Get</c>, <c>Finished</c>,
/// <c>Combined</c>.</summary>
public sealed class ReportsService(Servers servers) : Service<ReportsDb>(servers)
{
    public override ValueTask InitializeAsync()
    {
        return base.InitializeAsync();
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Both enterprises, and their accounts as they behave by default.</summary>
    public async Task<Offices> WithOffices()
    {
        await Given(Demo.BlueDolphin, Demo.TumbleTime);
        return new(Outbound);
    }

    public async Task<Guid> Start(Person person, string report = "FIN-2", object? parameters = null, Guid? group = null)
    {
        var answer = await SignedInAs(person)
            .PostAsJsonAsync("/api/reports/runs",
                new { report, parameters = parameters ?? new { from = "2026-10-01", to = "2026-10-31" }, group }, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<RunItem>(Cancel))!.Id;
    }

    /// <returns>How many rows it concerned.</returns>
    public async Task<int> Execute(string sql)
    {
        await using var command = Instance.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(Cancel);
    }

    public async Task<List<string>> Texts(string sql)
    {
        await using var command = Instance.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync(Cancel);
        var texts = new List<string>();
        while (await row.ReadAsync(Cancel))
            texts.Add(row.GetString(0));
        return texts;
    }

    public async Task<string> InClear(Guid run, string account)
    {
        var protector = Instance.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("report-files");
        await using var command = Instance.Services.GetRequiredService<NpgsqlDataSource>()
            .CreateCommand("select data from report_file_part where run_id = $1 and account = $2 order by number");
        command.Parameters.AddWithValue(run);
        command.Parameters.AddWithValue(account);
        await using var part = await command.ExecuteReaderAsync(Cancel);
        var text = new StringBuilder();
        while (await part.ReadAsync(Cancel))
            text.Append(Encoding.UTF8.GetString(protector.Unprotect(part.GetFieldValue<byte[]>(0))));
        return text.ToString();
    }

    public async Task<RunItem> Get(Person person, Guid run) =>
        (await SignedInAs(person).GetFromJsonAsync<RunItem>($"/api/reports/runs/{run}", Cancel))!;

    public async Task<RunAccountItem> Get(Person person, Guid run, string account) =>
        (await Get(person, run)).Accounts.Single(one => one.Account == account);

    public async Task<IReadOnlyList<RunItem>> Runs(Person person, string query = "") =>
        (await SignedInAs(person).GetFromJsonAsync<Page<RunItem>>($"/api/reports/runs?limit=200&{query}", Cancel))!.Items;

    public async Task<RunItem> Finished(Person person, Guid run)
    {
        await Wait.Eventually(async () => (await Get(person, run)).State == "finished");
        return await Get(person, run);
    }

    public async Task<string[]> Combined(Person person, Guid run) =>
        (await SignedInAs(person).GetStringAsync($"/api/reports/runs/{run}/combined.csv", Cancel))
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
}
