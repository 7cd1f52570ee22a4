using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.AccountApi;

namespace EnterprisePortal.Reports.Generation;

/// <summary>The report calls of the Account API, each with a deadline of its own. The account is asked to hold its answer until the report is over: most need no second look.</summary>
sealed class AccountReports(AccountApiClient accounts)
{
    static readonly TimeSpan CallWithin = TimeSpan.FromSeconds(10), DownloadWithin = TimeSpan.FromMinutes(2);

    const string Held = "wait=1"; // RFC 7240, in seconds

    /// <returns>null where the account does not permit it to the staff user.</returns>
    public Task<ReportTask?> Start(AccountState account, AccountWork work, ReportRequester requester, CancellationToken cancel) => Within<ReportTask?>(CallWithin, async deadline =>
    {
        var parameters = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(work.Run.Parameters)!;
        var body = new ReportRequest(work.RunId, work.Run.Report, parameters, requester);
        using var request = new HttpRequestMessage(HttpMethod.Post, account.BaseUrl + AccountApiClient.Path + "reports") { Content = JsonContent.Create(body), Headers = { { "Prefer", Held } } };
        using var answer = await accounts.Send(account, request, deadline);
        return answer.StatusCode == HttpStatusCode.UnprocessableEntity ? null : Sound(await AccountApiClient.Read<ReportTask>(answer, deadline));
    }, cancel);

    public Task<ReportTask> Look(AccountState account, string taskId, CancellationToken cancel) => Within(CallWithin, async deadline =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, account.BaseUrl + AccountApiClient.Path + $"background-tasks/{Uri.EscapeDataString(taskId)}") { Headers = { { "Prefer", Held } } };
        using var answer = await accounts.Send(account, request, deadline);
        return answer.StatusCode == HttpStatusCode.NotFound ? throw new AccountUnavailable("The account no longer knows the report.") : Sound(await AccountApiClient.Read<ReportTask>(answer, deadline));
    }, cancel);

    /// <summary>Hands the file over piece by piece and holds it against what the account said of it.</summary>
    /// <returns>What it is, as it was counted here.</returns>
    public Task<ReportFile> Download(
        AccountState account, string taskId, ReportFile file, Func<ReadOnlyMemory<byte>, Task> part, CancellationToken cancel) =>
        Within(DownloadWithin, async deadline =>
    {
        using var answer = await accounts.Send(account, new(HttpMethod.Get, account.BaseUrl + AccountApiClient.Path + $"background-tasks/{Uri.EscapeDataString(taskId)}/file"), deadline);
        if (!answer.IsSuccessStatusCode)
            throw new AccountUnavailable($"The account answered with an error ({(int)answer.StatusCode}).");
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
            throw new AccountUnavailable("The report broke off on its way.", e);
        }
    }, cancel);

    static ReportTask Sound(ReportTask task) => string.IsNullOrEmpty(task.Id) || task.File is not null && !ReconcileFile.IsSound(task.File)
        ? throw new AccountUnavailable("The account sent something that is not an answer.")
        // An account's own words are shown, and kept: short, and without what PostgreSQL does not keep.
        : task with { Problem = task.Problem is { } said ? string.Concat(said.Where(letter => !char.IsControl(letter)).Take(500)) : null };

    static async Task<T> Within<T>(TimeSpan time, Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(time);
        try
        {
            return await call(deadline.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new AccountUnavailable("The account did not answer in time.", e);
        }
    }
}
