using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Reports;

/// <summary>The accounts' side of reports, as small as the contract: one task per run, a file with two rows of money.</summary>
public sealed class Offices
{
    public ConcurrentDictionary<(string Account, Guid Run), int> Started { get; } = new();
    public ConcurrentDictionary<string, string> Trouble { get; } = new();
    public ConcurrentDictionary<string, bool> NotPermitted { get; } = new();
    public ConcurrentDictionary<string, bool> Closed { get; } = new();

    /// <summary>Names that were asked for and that the account does not have.</summary>
    public ConcurrentDictionary<string, (string Filter, string Name)[]> Unknown { get; } = new();
    public int LooksAt(string account, Guid run) => looks.GetValueOrDefault($"{account}background-tasks/{run:N}");
    readonly ConcurrentDictionary<string, int> looks = new();

    public Offices(Outbound outbound) => outbound.Answer("office.example", async (request, cancel) =>
    {
        var path = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (account, call) = (path[0], string.Join('/', path[4..]));
        switch (Trouble.GetValueOrDefault(account))
        {
            case "down": throw new HttpRequestException("connection refused");
            case "hang": await Task.Delay(Timeout.Infinite, cancel); break;
            case "rubbish": return new(HttpStatusCode.OK) { Content = new StringContent("<html>", Encoding.UTF8, "text/html") };
        }
        if (request.Method == HttpMethod.Post)
        {
            var asked = (await request.Content!.ReadFromJsonAsync<ReportRequest>(cancel))!;
            if (NotPermitted.ContainsKey(account))
                return new(HttpStatusCode.UnprocessableEntity);
            Started.AddOrUpdate((account, asked.RunId), 1, (_, times) => times + 1);
            var ready = Trouble.GetValueOrDefault(account) == "holds its answer" && request.Headers.TryGetValues("Prefer", out var prefer)
                && prefer.Single() == "wait=1";
            var task = ready ? new ReportTask($"{asked.RunId:N}", "ready", null, File(account))
                : new ReportTask($"{asked.RunId:N}", "queued", null, null);
            return Json(Told(account, task), HttpStatusCode.Accepted);
        }
        if (call.EndsWith("/file", StringComparison.Ordinal))
            return new(HttpStatusCode.OK)
                { Content = new StringContent(Csv(account, Trouble.GetValueOrDefault(account)), Encoding.UTF8, "text/csv") };
        if (call.StartsWith("staff/", StringComparison.Ordinal))
            return call.Contains("/permissions/", StringComparison.Ordinal)
                ? Json(new LocalPermission(NotPermitted.ContainsKey(account) ? [] : ["user group Managers"], false))
                : Json(new StaffUser("portal-user@bluedolphin.example", "Portal", Active: true, LockedOut: false, FullPermissions: true,
                    PortalEntry: !Closed.ContainsKey(account)));
        // Ready at the second look.
        var first = looks.AddOrUpdate(account + call, 1, (_, times) => times + 1) == 1;
        return Json(Told(account, first ? new ReportTask(path[^1], "running", null, null) : new(path[^1], "ready", null, File(account))));
    });

    JsonNode Told(string account, ReportTask task)
    {
        var told = JsonSerializer.SerializeToNode(task, JsonSerializerOptions.Web)!;
        if (Unknown.TryGetValue(account, out var unknown) && told["file"] is JsonObject file)
            file["unknown"] = new JsonArray([.. unknown.Select(one => new JsonObject { ["filter"] = one.Filter, ["name"] = one.Name })]);
        return told;
    }

    ReportFile File(string account)
    {
        var trouble = Trouble.GetValueOrDefault(account);
        return new(trouble == "a character that no database keeps" ? "FIN\0.csv" : "FIN-2.csv", 3, trouble switch
            { "other columns" => [.. Columns[..3], new("Paid", "money"), Columns[4]], "twice the same column" =>
                [.. Columns[..4], Columns[3]], _ => Columns },
            trouble == "no totals" ? new Dictionary<string, decimal>() : new()
                { [trouble == "other columns" ? "Paid" : "Amount"] = trouble == "wrong total" ? 1 : Total(account) },
                    ["Deleted and failed"]);
    }

    public static decimal Total(string account) => account.Length * 1.01m - 0.02m;

    static readonly ReportColumn[] Columns =
        [new("Section", "text"), new("Family", "text", Personal: true), new("Date", "date"), new("Amount", "money"),
            new("Family Id", "text")];

    static string Csv(string account, string? trouble) => string.Create(CultureInfo.InvariantCulture,
        $"Section,Family,Date,{(trouble == "other columns" ? "Paid" : "Amount")},Family Id\r\n"
        + $"Deposits,{First(trouble)},2026-10-01,{account.Length * 1.01m},1\r\n"
        + $"Deposits,\"O'Brien, Zoë\",2026-10-02,{(trouble == "no number" ? "=1+1" : "-0.02")},2\r\n"
        + $"Deleted and failed,Smith,2026-10-03,999.99{(trouble == "ragged" ? "" : ",3")}\r\n");

    static string First(string? trouble) => trouble switch
    {
        "phone" => "+15125550101",
        "plus formula" => "+1+1",
        _ => "\"=HYPERLINK(\"\"x\"\")\""
    };

    static HttpResponseMessage Json<T>(T body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = JsonContent.Create(body) };
}
