using System.Net;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.AccountApi;

namespace EnterprisePortal.Reports.Generation;

/// <summary>
/// The report calls of the Account API, each with its own deadline. The account is asked to hold its answer until the report is done: most
/// reports need no second call.
/// </summary>
sealed class AccountReports(AccountApiClient accounts)
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10), DownloadDeadline = TimeSpan.FromMinutes(2);

    const string PreferWait = "wait=1"; // RFC 7240, in seconds

    /// <returns>null if the account does not permit it to the staff user.</returns>
    public Task<ReportTask?> Start(AccountState account, AccountWork work, ReportRequester requester, CancellationToken cancel)
    {
        var parameters = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(work.Run.Parameters)!;
        var body = new ReportRequest(work.RunId, work.Run.Report, parameters, requester);
        return accounts.Within<ReportTask?>(Deadline, async deadline =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "reports")
            {
                Content = JsonContent.Create(body), Headers = { { "Prefer", PreferWait } }
            };
            using var answer = await accounts.Send(account, request, deadline);
            return answer.StatusCode == HttpStatusCode.UnprocessableEntity ? null
                : Checked(await AccountApiClient.Read<ReportTask>(answer, deadline));
        }, cancel);
    }

    public Task<ReportTask> Ask(AccountState account, string taskId, CancellationToken cancel) =>
        accounts.Within(Deadline, async deadline =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, PathOf(taskId)) { Headers = { { "Prefer", PreferWait } } };
        using var answer = await accounts.Send(account, request, deadline);
        return answer.StatusCode == HttpStatusCode.NotFound ? throw new AccountUnavailable("The account no longer knows the report.")
            : Checked(await AccountApiClient.Read<ReportTask>(answer, deadline));
    }, cancel);

    /// <summary>Passes the file on piece by piece and compares it with the account's description.</summary>
    /// <returns>The description, with the values counted here.</returns>
    public Task<ReportFile> Download(
        AccountState account, string taskId, ReportFile file, Func<ReadOnlyMemory<byte>, Task> part, CancellationToken cancel) =>
        accounts.Within(DownloadDeadline, async deadline =>
    {
        using var answer = AccountApiClient.Good(await accounts.Send(account, new(HttpMethod.Get, $"{PathOf(taskId)}/file"), deadline));
        try
        {
            await using var content = await answer.Content.ReadAsStreamAsync(deadline);
            var check = new ReconcileFile(file);
            await foreach (var piece in check.Read(content, deadline))
                await part(piece);
            return check.Counted;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            throw new AccountUnavailable("The download of the report broke off.", e);
        }
    }, cancel);

    static string PathOf(string taskId) => $"background-tasks/{Uri.EscapeDataString(taskId)}";

    static ReportTask Checked(ReportTask task) =>
        string.IsNullOrEmpty(task.Id) || task.File is not null && !ReconcileFile.IsUsable(task.File)
        ? throw new AccountUnavailable("The account sent something that is not an answer.")
        // The account's own words are shown and stored: keep them short, without characters that PostgreSQL cannot store.
        : task with { Problem = task.Problem is { } said ? string.Concat(said.Where(letter => !char.IsControl(letter)).Take(500)) : null };
}
